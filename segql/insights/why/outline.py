"""The rule as it is written beside what it means: each phrase with the bound conditions that the binder made of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Literal, TypeAlias

from ... import ast
from ... import conditions as c
from ...catalog import fold
from ...formatter.layout import flat
from ...plain import dataclass
from ...segments import Segments


@dataclass(frozen=True, slots=True)
class Line:
    """A phrase; one that says of a segment's sample that it keeps the profile has none, and is `InSegment`."""

    phrase: ast.Phrase | None
    text: str
    bound: c.Tree[c.Condition]
    at: datetime | None = None
    """The instant as of which it is meant, where that is not now."""


@dataclass(frozen=True, slots=True)
class Group:
    """`all`, `any`, `not` of its parts; a `segment` holds where all of them do."""

    kind: Literal["all", "any", "not", "segment"]
    text: str
    parts: tuple[Outline, ...]


Outline: TypeAlias = Line | Group


def beside(phrase: ast.Rule, bound: c.Tree[c.Condition], segments: Segments, at: datetime | None = None) -> Outline:
    """The nodes of a rule. The binder keeps its `and`, `or` and `not` as they are written."""

    def each(phrases: tuple[ast.Rule, ...], parts: tuple[c.Tree[c.Condition], ...]) -> tuple[Outline, ...]:
        return tuple(beside(one, part, segments, at) for one, part in zip(phrases, parts, strict=True))

    def membership(phrase: ast.InSegment, bound: c.Tree[c.Condition]) -> Outline:
        """One half of `entered`, `left`: in the segment now, or then; or not."""
        if isinstance(bound, c.Not):
            return Group("not", "not", (membership(phrase, bound.part),))
        assert isinstance(bound, c.InSegment)
        said = flat(replace(phrase, word="in", window=None))
        if bound.at is not None:
            match phrase.window:
                case ast.InLast(length=ast.Duration() as length):
                    said = flat(replace(phrase, word="was in", length=length, window=None))
                case _:
                    said = f"{said}, as of {bound.at:%Y-%m-%dT%H:%MZ}"
        return Group("segment", said, (_segment(phrase, bound, segments, at),))

    if isinstance(phrase, ast.InSegment):
        phrase = _with_defaults(phrase, segments)
    match phrase, bound:
        case ast.All(parts=phrases), c.All(parts=parts) if phrases:
            return Group("all", "all of", each(phrases, parts))
        case ast.AnyOf(parts=phrases), c.AnyOf(parts=parts) if phrases:
            return Group("any", "any of", each(phrases, parts))
        case ast.Not(part=inner), c.Not(part=part):
            return Group("not", "not", (beside(inner, part, segments, at),))
        case ast.InSegment(word="in" | "was in"), c.InSegment():
            return Group("segment", flat(phrase), (_segment(phrase, bound, segments, at),))
        case ast.InSegment(), c.All((one, other)):
            return Group("segment", flat(phrase), (membership(phrase, one), membership(phrase, other)))
        case _:
            leaf = None if isinstance(phrase, ast.All | ast.AnyOf | ast.Not) else phrase
            return Line(leaf, flat(phrase), bound, at)


def sampled(node: Outline, rule: c.Tree[c.Condition], label: str, sample: c.Sample | None) -> Outline:
    """The nodes of a segment's rule, and that its sample keeps the profile."""
    if sample is None:
        return node
    percent = f"{sample.percent.normalize():f}%"
    least = "" if not sample.at_least else f" or at least {sample.at_least}"
    drawn = Line(None, f"sample {percent}{least} of {label}", c.InSegment(label, rule, sample=sample))
    return Group("all", "all of", (node, drawn))


Truth: TypeAlias = Mapping[c.Tree[c.Condition], bool]
"""What holds, of the leaves' conditions."""


def holds(node: Outline, truth: Truth) -> bool:
    """Whether it holds where its conditions are true as said."""
    match node:
        case Line(bound=bound):
            return truth[bound]
        case Group(kind="not", parts=(part,)):
            return not holds(part, truth)
        case Group(kind="any", parts=parts):
            return any(holds(part, truth) for part in parts)
        case Group(parts=parts):
            return all(holds(part, truth) for part in parts)


def leaves(node: Outline) -> Iterator[Line]:
    """Its conditions, from the first to the last."""
    match node:
        case Line():
            yield node
        case Group(parts=parts):
            for part in parts:
                yield from leaves(part)


def _with_defaults(phrase: ast.InSegment, segments: Segments) -> ast.InSegment:
    """The phrase with every value that its segment has; its conditions speak of them by name."""
    given = {fold(name.text) for name, _ in phrase.segment.arguments}
    saved = segments.segments[fold(phrase.segment.name.text)]
    rest = tuple((name, value) for name, value in saved.parameters if fold(name.text) not in given)
    return replace(phrase, segment=replace(phrase.segment, arguments=(*phrase.segment.arguments, *rest)))


def _segment(phrase: ast.InSegment, bound: c.InSegment, segments: Segments, at: datetime | None) -> Outline:
    """What a saved segment says."""
    rule = segments.segments[fold(phrase.segment.name.text)].rule
    inner = beside(rule, bound.rule, segments, bound.at or at)
    return sampled(inner, bound.rule, bound.label, bound.sample)
