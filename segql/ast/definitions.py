"""Definitions: `let`s and segments of a file, and the text of a catalog's metric."""

from __future__ import annotations

from typing import TypeAlias

from ..plain import dataclass
from ..source import Span
from .phrases import Rule, Subject
from .trees import All, comments_, span_
from .values import Date, Literal_, Name, Percent, Text, Time


@dataclass(frozen=True, slots=True)
class MetricText:
    """A catalog metric: MEASURE, or MEASURE / MEASURE."""

    top: Subject
    bottom: Subject | None = None
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class Let:
    name: Name
    value: Literal_
    span: Span = span_()
    comments: tuple[str, ...] = comments_()


@dataclass(frozen=True, slots=True)
class Sample:
    """`sample P% [or at least N] [seed TEXT]`."""

    percent: Percent
    at_least: int | None = None
    seed: Text | None = None
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class Segment:
    """A named rule. The comments directly above it are its description."""

    name: Name
    rule: Rule
    parameters: tuple[tuple[Name, Literal_], ...] = ()
    sample: Sample | None = None
    span: Span = span_()
    comments: tuple[str, ...] = comments_()


@dataclass(frozen=True, slots=True)
class Test:
    """`test "NAME" [now: TIME] [given: FACTS] expect: RULE`: of whom this is known, that must hold.

    Facts are a rule, too: conditions that must hold together, each of which says what a row has.
    """

    name: Text
    expect: Rule
    given: Rule = All(())
    now: Date | Time | None = None
    span: Span = span_()
    comments: tuple[str, ...] = comments_()


@dataclass(frozen=True, slots=True)
class Invariant:
    """`test "VIP" inside "Buyers"`: what must hold of the members of segments, as it is written but for white space."""

    text: str
    span: Span = span_()
    comments: tuple[str, ...] = comments_()


Definition: TypeAlias = Let | Segment | Test | Invariant


@dataclass(frozen=True, slots=True)
class Definitions:
    """A `.segql` file, its definitions in order. `comments` are those after the last one."""

    parts: tuple[Definition, ...]
    span: Span = span_()
    comments: tuple[str, ...] = comments_()
