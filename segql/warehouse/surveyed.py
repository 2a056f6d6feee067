"""What a survey looks at: rows with their columns, and how messages say it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from typing import TypeAlias

from sqlglot import exp

from ..emitter import nodes as n
from ..plain import dataclass
from .types import ColumnType

Path: TypeAlias = tuple[str | int, ...]
ColumnTypes: TypeAlias = Mapping[str, tuple[str, ColumnType]]
"""Name and type of a query's columns, by the name as it is looked up."""


@dataclass(frozen=True, slots=True)
class Surveyed:
    """Rows: a table or a subquery, what messages call it, its columns, and a condition that its rows fit.

    `joins` are tables joined to it, by the names that its properties use; `group`: its properties are aggregates of
    rows that are alike in these columns.
    """

    relation: exp.Expr
    said: str
    columns: ColumnTypes
    where: exp.Expr = field(default_factory=n.true)
    joins: Mapping[str, Surveyed | None] = field(default_factory=dict)
    group: tuple[str, ...] = ()

    def select(self, values: Sequence[exp.Expr], *conditions: exp.Expr) -> exp.Select:
        """A SELECT over its rows, which are called `t`."""
        where = n.both([self.where.copy(), *conditions])
        return n.select(values, n.aliased(self.relation.copy(), "t"), where=where)

    def place(self, column: str) -> tuple[Surveyed | None, str]:
        """The table that a column stands in, and its name there; None where that is missing, which is said already."""
        head, _, rest = column.partition(".")
        return (self.joins[head], rest) if rest and head in self.joins else (self, column)

    def among(self, condition: exp.Expr) -> Surveyed:
        """Only those rows that fit a condition too."""
        return replace(self, where=n.both([self.where.copy(), condition]))


def many(count: int, noun: str, of: str = "") -> str:
    """`1 key stands`, `1,310 values of `x` stand`."""
    return f"1 {noun}{of} stands" if count == 1 else f"{count:,} {noun}s{of} stand"


def stored_as(kind: str, column: str) -> str:
    """How the catalog says that a column holds times as another type, `column` its name."""
    match kind:
        case "timestamp" | "timestamp with zone":
            return f"{{column: {column}, stored: timestamp}}"
        case "date":
            return f"{{column: {column}, stored: date}}"
        case "integer":
            return f"{{column: {column}, stored: seconds}} (or .. microseconds)"
        case _:
            return "cast it in a `query: SELECT ..`"


def listed(names: Sequence[str], most: int = 12) -> str:
    """Names for a message: the first ones, and how many more there are."""
    shown = ", ".join(f"`{name}`" for name in names[:most])
    return shown + (f" and {len(names) - most} more" if len(names) > most else "")


def start(words: str) -> str:
    """The words as the start of a sentence."""
    return words[:1].upper() + words[1:]


FOREIGN_TYPES = {
    word: type_
    for type_, words in {
        "text": "string str varchar char character uuid enum",
        "number": "int integer bigint smallint float double decimal numeric real int64 float64",
        "boolean": "bool", "time": "timestamp datetime timestamptz instant", "list of text": "array list",
    }.items()
    for word in words.split()
}  # fmt: skip
"""What other languages call the types of a catalog: a lone word that is no type is a column."""
