"""Profiles as a table: `compile_columns(rule, columns, catalog)` is SQL for a rule's members and what is asked of each.

A column is a text: a property of the profile, a metric or another measure, `last EVENT`, or a rule, which holds or not.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

from .arguments import Given, Parameter, context
from .catalog import Catalog
from .catalog.tenants import tenant_of
from .compiler import header_of, meaning
from .errors import Problem, SegQLError, expect
from .exact import rounded, shifted
from .meanings import Meaning
from .plain import dataclass
from .segments import NONE, Segments

if TYPE_CHECKING:
    from . import conditions as c
    from .emitter.columns import Kept
    from .evaluator import Key, Shop

Value: TypeAlias = Any
"""int, Decimal, str, bool, date, an aware datetime (UTC), a tuple of a list's values or of latitude and longitude, a
month and day as `05-17`; None where it is missing."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DEGREES = (90, 180)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, as it was asked for, what it is, and the type of its values."""

    name: str
    of: c.Column
    type: c.Type


@dataclass(frozen=True, slots=True)
class CompiledColumns:
    """The members of a rule as a table. `sql` selects the key and, in forms that each engine has, the columns' values:
    `read` makes these of a row.
    """

    sql: str
    dialect: str
    tables: tuple[str, ...]
    meaning: Meaning
    columns: tuple[Column, ...]
    names: tuple[str, ...]
    """What the SQL calls its columns."""
    _kept: tuple[Kept, ...] = field(repr=False)

    def read(self, row: Sequence[Any]) -> tuple[Value, ...]:
        """The key and the columns' values of a row of the SQL."""
        found, place = [row[0]], 1
        for column, kept in zip(self.columns, self._kept, strict=True):
            found.append(value(row[place : place + kept.width], column.type, kept))
            place += kept.width
        return tuple(found)


_PARTS = re.compile(r"""[,]|[()]|"[^"]*"|'[^']*'""")


def parts_of(text: str) -> list[str]:
    """The columns of one text, which commas part: those in quotes and in parentheses are the columns' own."""
    found, start, depth = list[str](), 0, 0
    for part in _PARTS.finditer(text):
        depth += {"(": 1, ")": -1}.get(part[0], 0)
        if part[0] == "," and depth <= 0:
            found.append(text[start : part.start()])
            start = part.end()
    return [one for one in (*found, text[start:]) if one.strip()]


def _each(texts: str | Iterable[str]) -> Iterator[str]:
    if isinstance(texts, str):
        yield from parts_of(texts)
        return
    for text in texts:
        expect("columns", "a text, or some texts", text, str)
        yield text


def columns_of(
    texts: str | Iterable[str],
    catalog: Catalog,
    now: datetime,
    *,
    segments: Segments = NONE,
    parameters: Mapping[str, Parameter] | None = None,
) -> tuple[Column, ...]:
    """What texts ask of each profile at `now` (aware), each text once; one text has them with commas.

    Raises SegQLError with all that is wrong.
    """
    from .binder.columns import column

    values = context(catalog, segments, parameters)
    found: list[Column] = []
    problems: list[Problem] = []
    expect("columns", "a text, or some texts", texts, Iterable)
    for text in dict.fromkeys(" ".join(one.split()) for one in _each(texts)):
        try:
            of, type_ = column(text, catalog, now, lets=segments.values, segments=segments.segments, parameters=values)
        except SegQLError as error:
            problems += error.problems
        else:
            found.append(Column(text, of, type_))
    if problems:
        raise SegQLError(problems)
    return tuple(found)


def compile_columns(
    rule: Given,
    columns: str | Iterable[str],
    catalog: Catalog,
    *,
    dialect: str = "duckdb",
    now: datetime | None = None,
    segments: Segments = NONE,
    parameters: Mapping[str, Parameter] | None = None,
) -> CompiledColumns:
    """The members of a rule with these columns: texts, or one text with commas between them.

    Arguments and errors as `segql.compile`: all that is wrong with the rule and any of the columns.
    """
    expect("columns", "texts, one a column", columns, Iterable)
    problems: list[Problem] = []
    meant, found = None, tuple[Column, ...]()
    try:
        meant = meaning(rule, catalog, now=now, segments=segments, parameters=parameters)
    except SegQLError as error:
        problems += error.problems
    try:
        at = meant.now if meant is not None else now or datetime.now(UTC)
        found = columns_of(columns, catalog, at, segments=segments, parameters=parameters)
    except SegQLError as error:
        problems += error.problems
    if problems or meant is None:
        raise SegQLError(dict.fromkeys(problems))
    return written_columns(meant, found, catalog, dialect)


def written_columns(meant: Meaning, columns: Sequence[Column], catalog: Catalog, dialect: str) -> CompiledColumns:
    """The statement of a meaning and of columns that are bound at its instant. Raises as `compile_columns`."""
    from . import conditions as c
    from . import emitter
    from .dialects import NotInDialect
    from .dialects import dialect as dialect_of
    from .emitter.columns import emit_columns
    from .emitter.lacking import lacking
    from .planner.columns import plan_columns

    tenant_of(catalog)
    dialect = dialect_of(dialect).name
    members = c.Truth(meant.optimized, meant.sample)
    plan = plan_columns([members, *(one.of for one in columns)], catalog, meant.now)
    try:
        asked = [(one.name, one.of, one.type) for one in columns]
        tree, kept = emit_columns(plan, asked, members, catalog, dialect)
        tables, names = emitter.tables(tree), tuple(tree.named_selects)
        sql = emitter.sql_text(tree, catalog, dialect, header_of(meant, catalog))
    except (NotInDialect, SegQLError) as error:
        raise SegQLError(lacking(meant.bound, catalog, meant.now, dialect, error)) from None
    return CompiledColumns(sql, dialect, tables, meant, tuple(columns), names, kept)


def evaluate_columns(
    rule: Given,
    columns: str | Iterable[str],
    catalog: Catalog,
    shop: Shop,
    *,
    now: datetime | None = None,
    segments: Segments = NONE,
    parameters: Mapping[str, Parameter] | None = None,
) -> dict[Key, tuple[Any, ...]]:
    """What the columns say of the members among plain rows, by the key; in pure Python. Raises as `compile_columns`."""
    from .evaluator import Shop, members
    from .evaluator.columns import table

    expect("shop", "a Shop", shop, Shop)
    meant = meaning(rule, catalog, now=now, segments=segments, parameters=parameters)
    found = columns_of(columns, catalog, meant.now, segments=segments, parameters=parameters)
    inside = members(meant.bound, shop, catalog, meant.now, meant.sample)
    told = table([(one.of, one.type) for one in found], shop, catalog, meant.now)
    return {key: row for key, row in told.items() if key in inside}


def value(given: Sequence[Any], type_: c.Type, kept: Kept) -> Value:
    """A column's value, of what a driver gave for it."""
    from .conditions import Type

    first = given[0]
    if first is None:
        return None
    match type_:
        case Type.NUMBER | Type.MONEY:
            return number(first, kept)
        case Type.BOOLEAN:
            return bool(int(first))
        case Type.TIME:
            return _EPOCH + timedelta(microseconds=int(first))
        case Type.DATE:
            return first if isinstance(first, date) else date.fromisoformat(str(first)[:10])
        case Type.MONTH_DAY:
            return str(first)[5:10]
        case Type.POSITION:
            degrees = tuple(None if one is None else Decimal(str(one)) for one in given)
            known = all(one is not None and abs(one) <= most for one, most in zip(degrees, _DEGREES, strict=True))
            return degrees if known else None
        case Type.TEXTS | Type.NUMBERS:
            elements = json.loads(first, parse_float=Decimal) if isinstance(first, str) else list(first)
            there = [one for one in elements if one is not None]
            return tuple(there if type_ is Type.TEXTS else map(_decimal, there))
        case _:
            return str(first)


def number(given: Any, kept: Kept) -> int | Decimal:
    """A number in its units as one: whole ones are int, others have the decimals that their units say."""
    digits = kept.decimals + len(str(kept.units)) - 1
    found = _decimal(given)
    if not digits:
        return int(found)
    return rounded(shifted(found, kept.decimals - digits), digits)


def _decimal(given: Any) -> Decimal:
    return given if isinstance(given, Decimal) else Decimal(str(given))
