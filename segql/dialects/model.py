"""What the emitter asks of a dialect: named questions with portable answers."""

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
