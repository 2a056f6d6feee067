"""SQL dialects: one row each, a few named questions with portable answers. Nothing outside this module asks which
dialect it writes.

`executed` dialects are run by the tests on a real engine; of the others only the text is checked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one engine's SQL differs from what sqlglot's neutral nodes say already."""

    name: str
    """As sqlglot names it."""
    executed: bool = False
    repeated_hour: Literal["earlier", "later"] = "earlier"
    """Which instant `wall AT TIME ZONE zone` takes of a wall-clock time that occurs twice."""
    like_escape: bool = True
    """Whether LIKE takes an ESCAPE clause; without it backslash is the escape character."""
    wide_integers: bool = False
    """Whether whole division is exact on 128-bit integers; else it is on decimals of 38 digits."""
    lambdas: bool = False
    """Whether an element of an array is found with LIST_FILTER and a lambda; else with a subquery over UNNEST."""
    list_count: str | None = None
    """The function that counts the elements of a list that are there; none: the list's length."""


DIALECTS: dict[str, Dialect] = {
    dialect.name: dialect
    for dialect in (
        Dialect(
            "duckdb",
            executed=True,
            repeated_hour="later",
            wide_integers=True,
            lambdas=True,
            list_count="LIST_COUNT",
        ),
        Dialect("postgres", repeated_hour="later"),
        Dialect("bigquery", like_escape=False),
    )
}


def dialect(name: str) -> Dialect:
    """The dialect of a name. Raises ValueError for an unknown one."""
    if name not in DIALECTS:
        raise ValueError(f"unknown dialect {name!r}; known are {', '.join(sorted(DIALECTS))}")
    return DIALECTS[name]


RESERVED = frozenset(
    """
    all analyse analyze and anti any array as asc asof asymmetric at authorization between binary both by case
    cast check collate collation column columns concurrently constraint create cross cube current current_date
    current_time current_timestamp current_user default deferrable define desc describe distinct do else end
    enum escape except exclude exists extract false fetch following for foreign freeze from full function
    generated glob grant group grouping groups having if ignore ilike in initially inner intersect interval into
    is isnull join lambda lateral leading left like limit localtime localtimestamp lookup map merge natural new
    no not notnull nulls of off offset old on only or order outer over overlaps partition pivot pivot_longer
    pivot_wider placing positional preceding primary proto qualify range recursive references respect returning
    right rollup rows select semi session_user set show similar some struct summarize symmetric table
    tablesample then to trailing treat true try_cast tuple unbounded union unique unnest unpack unpivot user
    using values variadic verbose when where window with within
    """.split()  # noqa: SIM905
)
"""Words that some engine does not take as a bare name of a column, a table or an alias; they are quoted."""
