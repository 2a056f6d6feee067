"""What the emitter asks of a dialect: named questions with portable answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Literal, TypeAlias

from sqlglot import exp

from ..plain import dataclass

NodeRewrite: TypeAlias = Callable[[exp.Expr], exp.Expr]


Proof: TypeAlias = Literal["executed", "emulated", "parsed", "text"]
"""`executed` by the engine itself, `emulated` by another one that stands in, `parsed` by the engine's grammar, or only
printed and read back: `text`.
"""


class NotInDialect(Exception):
    """The engine lacks what a rule needs: `what`, in the plural."""

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(what)


@dataclass(frozen=True, slots=True)
class Elements:
    """The elements of a list as rows beside the row that has it."""

    element: exp.Expr
    """One of them, in the SELECT list; with no `source` it makes the rows itself."""
    source: exp.Expr | None = None
    """What the row is joined with."""
    holds: exp.Expr | None = None
    """What has to hold of such a row."""


InJSON: TypeAlias = Callable[[exp.Expr, Sequence[str]], Elements]
"""Of the list that these keys lead to in a document."""
InArray: TypeAlias = Callable[[exp.Expr], Elements]
"""Of an array of structs."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one engine's SQL differs from what sqlglot's neutral nodes say already."""

    name: str
    """As sqlglot names it."""
    proof: Proof = "text"
    """How the tests judge its SQL."""
    repeated_hour: Literal["earlier", "later", "either"] = "earlier"
    """Which instant `wall AT TIME ZONE zone` takes of a wall-clock time that occurs twice; `either` if nobody says."""
    skipped_hour: Literal["forward", "backward"] = "forward"
    """Which way `FromTimeZone` moves a wall-clock time that clocks skip."""
    known_offsets: bool = False
    """Whether to add what clocks are known to be ahead of UTC is quicker than to ask for the time in their zone."""
    slow_clocks: bool = False
    """Whether to ask for the time in a zone takes many times what it takes to subtract two instants."""
    like_escape: bool = True
    """Whether LIKE takes an ESCAPE clause; without it backslash is the escape character."""
    translates: bool = True
    """Whether it has TRANSLATE; without it letters are replaced one by one."""
    binds: bool = True
    """Whether values keep their meaning as bind parameters: SQLite has no types for times and decimals."""
    wide_integers: bool = False
    """Whether whole division is exact on 128-bit integers; else it is on decimals of 38 digits."""
    keeps_numbers: bool = False
    """Whether stored decimals and integers need no cast: they compare exactly with every number of a rule, and sums of
    decimals have as many digits as the widest."""
    whole_products: bool = False
    """Whether products and their comparisons are exact for whole numbers alone: of others, decimals are rounded off."""
    infinite_times: bool = False
    """Whether a time or a date can be infinite, which ISFINITE tells."""
    value_frames: bool = True
    """Whether a window frame can end a value before the row's own: RANGE .. 1 PRECEDING."""
    short_frames: bool = False
    """Whether that value has 32 bits: an hour in microseconds is too long."""
    asof: bool = False
    """Whether ASOF JOIN finds the latest of the rows that are no later."""
    range_joins: bool = True
    """Whether an outer join may compare by order, beside columns that are equal."""
    ordered_first: bool = False
    """Whether FIRST takes an ORDER BY, and missing values too; else the edge of a group is found beside its rows."""
    latest_by_join: bool = False
    """Whether to hold records against the latest of those few that speak against them is quicker than to group all."""
    engine: Literal["columns", "rows", "shuffles"] = "shuffles"
    """Which costs shapes have there: those of columns in one process, of rows and indexes, or of many machines."""
    materialized: bool = False
    """Whether a named query can be kept: WITH .. AS MATERIALIZED."""
    less_of_percentiles: Decimal | None = None
    """What to take off a fraction of three decimals, so that PERCENTILE_DISC gives the value at the place
    ceil(number * fraction), whatever floats do to that product; none: it is not trusted with it."""
    lambdas: bool = False
    """Whether an element of an array is found by LIST_FILTER and LIST_EXTRACT; else by a subquery over UNNEST."""
    elements_by_regex: bool = False
    """Whether a regular expression finds a text in any case sooner than folded letters do, in the elements of lists."""
    list_count: str | None = None
    """The function that counts the elements of a list that are there; none: the list's length."""
    text_end: str | None = "$"
    """What the end of a text is in a regular expression; none: the engine has no such expressions as others have."""
    binary_collation: str | None = None
    """The collation by which text compares by code point, where that is not how it compares anyway."""
    collated: bool = False
    """Whether texts are equal by code point only where they are told that collation."""
    named_parameter: str = ":"
    """What stands before the name of a bind parameter."""
    substituted: str | None = None
    """What begins a place where the engine puts other text before it reads a statement, in texts and comments too."""
    folds_quoted: bool = True
    """Whether a quoted name finds a column whatever the case of its letters."""
    alias_hidden_by: Literal["columns", "structs", "nothing"] = "columns"
    """What of a table is taken for an alias of the rows around it, where it is called the same."""
    all_but: Literal["EXCEPT", "EXCLUDE"] = "EXCEPT"
    """How `SELECT *` leaves a column out."""
    replaces_columns: bool = False
    """Whether `SELECT * REPLACE (..)` puts another value in the place of a column."""
    alters_collation: str = ""
    """The statement that makes a `{column}` compare by code point, where it need not; empty: none."""
    wide_pass: bool = False
    """Whether one scan of a table that tells all its events is quicker than one for each event."""
    named_values: bool = True
    """Whether a query WITH a name and named columns can be VALUES; else each row of values is a SELECT."""
    bit_or: bool = True
    """Whether it has an aggregate BIT_OR."""
    bit_count: bool = False
    """Whether it has BIT_COUNT too, which tells how many bits of a number are set."""
    numbers_first: bool = False
    """Whether to number the texts of a small table, and to group by these numbers, is much quicker than by texts."""
    last_value: bool = False
    """Whether LAST_VALUE .. IGNORE NULLS finds the latest in a frame of values sooner than MAX does."""
    arrays: bool = True
    """Whether values of several rows can be put into an array."""
    unnested: bool = False
    """Whether an array in the SELECT list gives a row for each of its values, quicker than a join does."""
    enums: bool = False
    """Whether a text can be CAST to one of a set that is told there."""
    json_elements: InJSON | None = None
    """How objects in a list in JSON become rows; none: it cannot."""
    array_elements: InArray | None = None
    """How structs in an array become rows; none: it has no such arrays."""
    rewrite: NodeRewrite | None = None
    """Says a node in the dialect's own way, where sqlglot's printer would say it wrongly; see `rewriting.py`."""
    rewrites: frozenset[type[exp.Expr]] | None = None
    """The nodes that `rewrite` may change; None: any."""
