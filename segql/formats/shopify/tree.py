"""The tree of a segment query, as written: clauses in the boolean nodes of `ast`. Spans stand outside equality."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, TypeAlias

from ... import ast
from ...plain import dataclass
from ...source import NOWHERE, Span
from ..core.trees import all_of, any_of

Unit = Literal["d", "w", "m", "y"]


@dataclass(frozen=True, slots=True)
class Offset:
    """`-7d`, `+1m`: the whole day so far from today. `count` has the sign."""

    count: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Word:
    """`today`, `yesterday`, `true`, `false`: a value that is a bare word."""

    text: str


Value: TypeAlias = str | Decimal | date | datetime | Offset | Word
"""A `datetime` is naive: the shop's wall clock."""


@dataclass(frozen=True, slots=True)
class Compare:
    """`>= 100`, `= 'SUBSCRIBED'`, `!= today`."""

    op: ast.Op
    value: Value


@dataclass(frozen=True, slots=True)
class Between:
    """`BETWEEN a AND b`, both ends in."""

    low: Value
    high: Value


@dataclass(frozen=True, slots=True)
class In:
    """`IN (..)`, `NOT IN (..)`; of parameters only."""

    values: tuple[Value, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    """`(37.77, -122.42)`, the coordinates of `customer_within_distance`."""

    latitude: Decimal
    longitude: Decimal


@dataclass(frozen=True, slots=True)
class Null:
    """`IS NULL`; `IS NOT NULL` is negated."""

    negated: bool = False


@dataclass(frozen=True, slots=True)
class Contains:
    """`CONTAINS 'vip'`, of a list."""

    value: Value
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Parameter:
    """`count >= 2` between the parentheses of MATCHES."""

    name: str
    test: Compare | Between | In | Point
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Matches:
    """`MATCHES (..)`. The older `f(..) = true` is the same, `= false` negated."""

    parameters: tuple[Parameter, ...] = ()
    negated: bool = False


Test: TypeAlias = Compare | Between | Null | Contains | Matches


@dataclass(frozen=True, slots=True)
class Clause:
    """`last_order_date > -7d`: what is asked, and what of it. `date` is what stands in `anniversary('..')`."""

    name: str
    test: Test
    date: str | None = None
    span: Span = field(default=NOWHERE, compare=False, repr=False)


Query: TypeAlias = ast.Tree[Clause]


def every(parts: Iterable[Query]) -> Query:
    """All of them, without groups of AND inside; one is itself."""
    found: Query = all_of(parts)  # type: ignore[arg-type]  # typed for rules, and the same for clauses
    return found


def some(parts: Iterable[Query]) -> Query:
    """Any of them, without groups of OR inside; one is itself."""
    found: Query = any_of(parts)  # type: ignore[arg-type]  # typed for rules, and the same for clauses
    return found
