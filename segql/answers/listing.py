"""Lists of members: for people a table with what tells profiles apart, as the catalog says; for machines their keys."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TextIO

from ..exact import rounded
from ..plain import dataclass
from . import markdown as md
from .columns import beside, cut
from .explained import problems_data, said
from .style import counted
from .ties import ranks, tied

if TYPE_CHECKING:
    from ..catalog import Catalog
    from ..compiler import Compiled
    from ..conditions import Field, Type
    from ..describer.values import WallClock
    from ..errors import Problem
    from ..warehouse import Warehouse
    from ..warehouse.connection import Lines

FEW = 20
"""How many members a table shows, unless somebody says it."""

WIDEST = 40
"""Columns of a terminal for one value."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


_CSV = re.compile(r'[",\r\n]')
_json = json.JSONEncoder(ensure_ascii=False, default=str).encode


def lines_of(format_: str, done: Compiled, key: str) -> Lines:
    """How a list of keys is written: `csv` a column with its name above, `jsonl` an object a line, `json` one object,
    with the rule's meaning and its problems.
    """
    from ..warehouse.connection import Lines

    if format_ == "csv":
        return Lines("csv", f"{_csv(key)}\n", "\n", "\n", f"{_csv(key)}\n")
    if format_ == "jsonl":
        named = f"{{{_json(key)}: "
        return Lines("json", named, f"}}\n{named}", "}\n", "")
    head = {**said(done.meaning), "key": key, **problems_data(done.problems), "members": []}
    begun = json.dumps(head, ensure_ascii=False, indent=2, default=str).removesuffix("]\n}")
    return Lines("json", f"{begun}\n    ", ",\n    ", "\n  ]\n}\n", f"{begun}]\n}}\n")


def write_list(out: TextIO, lines: Lines, keys: Iterable[Any]) -> None:
    """The keys, written as they come."""
    values = map(_csv if lines.quotes == "csv" else _json, keys)
    first = next(values, None)
    if first is None:
        out.write(lines.empty)
        return
    out.write(lines.before + first)
    out.writelines(lines.between + value for value in values)
    out.write(lines.after)


def _csv(value: Any) -> str:
    text = "" if value is None else str(value)
    return '"' + text.replace('"', '""') + '"' if not text or _CSV.search(text) else text


# --- a table ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Listing:
    """The first members as a table, how many they are, and how many there are."""

    table: str
    shown: int
    total: int
    problems: tuple[Problem, ...] = ()
    """What is known of a rank by now."""

    @property
    def showing(self) -> str:
        """`showing 20 of 1,310`, or `20 members`."""
        return f"showing {self.shown:,} of {self.total:,}" if self.shown < self.total else counted(self.total, "member")


def listed(
    warehouse: Warehouse, done: Compiled, catalog: Catalog, limit: int, everyone: str, *, markdown: bool = False
) -> Listing:
    """The first members of a rule, for a terminal or in Markdown. `everyone` is the SQL of all profiles, which are
    counted in the same statement as the members, and only for a rule with a rank. Raises WarehouseError.
    """
    key, found = warehouse.members(done.sql, limit + 1)
    keys = list(found)
    total, problems = len(keys), tuple["Problem", ...]()
    if total > limit:
        ranked = any(ranks(done.meaning.bound))
        total, *profiles = warehouse.counts(done.sql, *([everyone] if ranked else []))
        problems = tied(done.meaning, total, profiles[0]) if ranked else ()
    keys = keys[:limit]
    fields = _fields(catalog)
    values = _values(warehouse, catalog, fields, keys, done.meaning.now) if keys and fields else {}
    heads = [key, *(field.name for field in fields)]
    rows = [[str(one), *values.get(one, [""] * len(fields))] for one in keys]
    right = [0] if all(isinstance(one, int) for one in keys) else []
    text = md.table(heads, rows) if markdown else table_of(heads, rows, right)
    return Listing(text, len(keys), total, problems)


def _fields(catalog: Catalog) -> list[Field]:
    from ..conditions import Field, Type

    properties = catalog.profiles.properties
    names = [name for given in catalog.profiles.shown if (name := catalog.find_property(given)) is not None]
    return [Field("profile", name, Type(properties[name].type)) for name in names]


def _values(
    warehouse: Warehouse, catalog: Catalog, fields: Sequence[Field], keys: Sequence[Any], now: datetime
) -> Mapping[Any, list[str]]:
    """What the profiles of these keys show, by the key."""
    from ..calendar import zone_of
    from ..describer.values import WallClock
    from ..emitter import profile_rows as own
    from ..emitter import sql_text

    tree = own.profile_rows(fields, keys, own.target_of(catalog, warehouse.dialect, now))
    clock = WallClock(zone_of(catalog.timezone), now, catalog.currency)
    found = warehouse.rows(sql_text(tree, catalog, warehouse.dialect))
    return {key: [_text(field, rest, clock) for field in fields] for key, *row in found if (rest := iter(row))}


def _text(field: Field, rest: Iterator[Any], clock: WallClock) -> str:
    """One value, in a few letters: the next of the row, of a position the next two."""
    from ..conditions import Type

    value = next(rest)
    if field.type is Type.POSITION:
        value = (value, next(rest))
        return "" if None in value else shown(value, field.type, clock)
    if field.type is Type.TIME and value is not None:
        value = _EPOCH + timedelta(microseconds=int(value))
    return shown(str(value)[5:10] if field.type is Type.MONTH_DAY and value else value, field.type, clock)


def shown(value: Any, type_: Type, clock: WallClock) -> str:
    """A value of a column in a few letters, empty where it is missing: of type_, a time aware."""
    from ..conditions import Type
    from ..describer.values import money, number

    if value is None:
        return ""
    match type_:
        case Type.POSITION:
            return ", ".join(f"{float(one):.4f}" for one in value)
        case Type.MONEY:
            return money(short(value), clock.currency, cents=True)
        case Type.NUMBER:
            return number(short(value))
        case Type.BOOLEAN:
            return "yes" if value else "no"
        case Type.TIME:
            return f"{value.astimezone(clock.zone):%Y-%m-%d %H:%M}"
        case Type.TEXTS | Type.NUMBERS:
            return ", ".join(map(str, value))
        case _:
            return str(value)


def short(value: Any, *, places: int = 2, always: bool = False) -> Any:
    """A number with so many decimals at most (or `always`), halves away from zero."""
    cut_ = rounded(value, places) or rounded(Decimal(0), places) if isinstance(value, Decimal) else value  # no -0
    return cut_ if always or cut_ != value else value


def table_of(heads: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int]) -> str:
    """The rows under their heads, as wide as the terminal; the columns of the places `right` hold numbers."""
    key, *others = zip(heads, *rows, strict=True)
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else sys.maxsize
    columns = [key, *([cut(cell, WIDEST) for cell in column] for column in others)]
    return beside(columns, width, right=right, ruled=True)
