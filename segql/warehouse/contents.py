"""What stands in the rows of a source: missing values, numbers with other decimals, keys that are there twice, texts
that the engine takes for equal.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from sqlglot import exp

from ..dialects import DIALECTS
from ..emitter import documents
from ..emitter import nodes as n
from ..emitter.documents import DIGITS
from ..emitter.target import Target
from ..errors import Code, Severity
from .connection import Row, Warehouse
from .surveyed import Path, Surveyed


class Survey(Protocol):
    """What asks a warehouse, and gathers what is wrong; `survey.Survey` is one."""

    @property
    def warehouse(self) -> Warehouse:
        """What is asked."""

    @property
    def target(self) -> Target:
        """What SQL is written for."""

    def rows(self, tree: exp.Expr) -> list[Row]:
        """All rows of a query."""

    def wrong(self, code: Code, path: Path, message: str, hint: str = "", severity: Severity = "error") -> None:
        """Gather a problem at a path of the catalog."""


def any_of(survey: Survey, source: Surveyed, *conditions: exp.Expr) -> bool:
    """Whether some row of a source fulfils conditions."""
    found = source.select([_one()], *conditions)
    found.set("limit", exp.Limit(expression=_one()))
    return bool(survey.rows(found))


def has_nulls(survey: Survey, column: str, source: Surveyed) -> bool:
    """Whether a row of the source lacks the column's value."""
    return any_of(survey, source, n.is_null(n.column("t", column)))


def differs(survey: Survey, column: str, scale: int, source: Surveyed) -> bool:
    """Whether a number of the column is none, or another one, with so many decimals."""
    value = n.column("t", column)
    cast = n.try_cast(value.copy(), n.decimal(DIGITS, scale))
    same = n.compare(cast, "=", value.copy())
    return any_of(survey, source, n.is_set(value), exp.Not(this=n.coalesce(same, n.false())))


def no_digits(survey: Survey, column: str, source: Surveyed) -> bool:
    """Whether a text of the column is not the four digits of a month and a day."""
    value = n.column("t", column)
    target = survey.target
    plain = n.compare(documents.digits(value.copy(), target), "=", value.copy())
    fits = n.both([plain, n.is_set(documents.month_day(value.copy(), target))])
    return any_of(survey, source, n.is_set(value), exp.Not(this=n.coalesce(fits, n.false())))


def repeated(survey: Survey, columns: Sequence[str], source: Surveyed) -> tuple[int, str] | None:
    """How many values of these columns stand in several rows, and one of them."""
    names = [n.column("t", name) for name in columns]
    doubles = source.select([name.copy() for name in names], *map(n.is_set, names))
    doubles.set("group", exp.Group(expressions=[name.copy() for name in names]))
    doubles.set("having", exp.Having(this=n.compare(exp.Count(this=exp.Star()), ">", _one())))
    shown: exp.Expr | None = None
    for name in columns:
        value = n.cast(n.column("doubles", name), exp.DType.TEXT)
        comma = exp.Literal.string(", ")
        shown = value if shown is None else _joined(_joined(shown, comma), value)
    assert shown is not None
    among = n.aliased(exp.Subquery(this=doubles), "doubles")
    found = survey.rows(n.select([exp.Count(this=exp.Star()), exp.Min(this=shown)], among))
    return (found[0][0], found[0][1]) if found and found[0][0] else None


def compares_exactly(survey: Survey, column: str, source: Surveyed, path: Path) -> None:
    """A problem where a text column takes different texts for equal."""
    value = n.column("t", column)
    probe = source.select([n.named(n.case(n.is_null(value), value.copy(), exp.Literal.string("a")), "probe")])
    probe.set("limit", exp.Limit(expression=_one()))
    equal = [n.compare(n.column("one", "probe"), "=", exp.Literal.string(other)) for other in ("A", "á", "a ")]
    if survey.rows(n.select([_one()], n.aliased(exp.Subquery(this=probe), "one"), where=n.either(equal))):
        message = f"`{column}` of {source.said} has a collation by which different texts are equal."
        dialect = DIALECTS[survey.warehouse.dialect]
        if dialect.collated:
            hint = f"ALTER TABLE .. MODIFY {column} VARCHAR(..) COLLATE {dialect.binary_collation}"
        elif dialect.alters_collation:
            hint = f"compare byte by byte: {dialect.alters_collation.format(column=column)}"
        else:
            hint = "give the column a collation that compares byte by byte, or cast it in a `query: SELECT ..`"
        survey.wrong("collation", path, message, hint)


def _one() -> exp.Expr:
    return exp.Literal.number(1)


def _joined(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    return exp.DPipe(this=left, expression=right, safe=True)
