"""What stands after a head, as the grammar hands it over: nodes of the tree where finished, marks where not."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from ...ast import Comparison, Date, Duration, Items, Length, Name, Quantity, SegmentRef, Subject, Text, Tree, Window
from ...source import Span
from ...words import spellings
from ..engine.lexer import Token, folded


class Never(NamedTuple):
    """`never`, `did not` before an event, and where these words stand."""

    of: Any
    word: Span
    span: Span

    @property
    def denied(self) -> bool:
        """Whether it denies what stands behind it, a number of times as well, as `never` does not."""
        return folded(self.word.text).lower() in spellings("DENIED")


class Counted(NamedTuple):
    """A number of times before an event."""

    of: Any
    quantity: Quantity
    span: Span


class Calendar(NamedTuple):
    """A year, or a part of one, by its first and its last day."""

    first: Date
    last: Date
    span: Span


class Things(NamedTuple):
    """What a verb is followed by, and how many."""

    words: str
    quantity: Quantity
    span: Span


class PredicateParts(NamedTuple):
    """After `where` or `has`: a whole tree in parentheses, or a head whose parts follow in the text.

    `inner` is where the predicate itself stands, from its first `not` on; `span` takes in the word before it.
    """

    word: Literal["where", "has"]
    tree: Tree[Subject | Items] | None
    head: Any
    nots: int
    inner: Span
    span: Span


class Negated(NamedTuple):
    """`is not` before a part that has no negative form of its own."""

    part: Comparison | Window
    span: Span


class BareCount(NamedTuple):
    quantity: Quantity
    span: Span


class Within(NamedTuple):
    duration: Length
    span: Span


class AllWithin(NamedTuple):
    """Behind the last step that happens; it is the sequence's."""

    duration: Length
    span: Span


class Later(NamedTuple):
    duration: Duration
    span: Span


class WithTheSame(NamedTuple):
    properties: tuple[Name, ...]
    span: Span


class Because(NamedTuple):
    reason: Text | Name
    span: Span


class Among(NamedTuple):
    segment: SegmentRef
    span: Span


class Term(NamedTuple):
    """A measure that is added or subtracted; the parts behind it are its own."""

    sign: Literal["+", "-"]
    of: Any
    span: Span


class OfSegment(NamedTuple):
    segment: SegmentRef
    span: Span


class WithinEach(NamedTuple):
    property: Name
    span: Span


class Link(NamedTuple):
    """The word before a step (the first has none), and the step: a head and its parts."""

    word: Token | None
    step: list[Any]
    span: Span
