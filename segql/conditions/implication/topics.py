"""What a part of a rule speaks about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from ... import conditions as c
from ..memory import remembered
from ..walk import Node, leaves


@remembered
def topics(node: Node) -> set[object]:
    """What a part speaks about. Two parts that share no topic never decide about each other."""
    about: set[object] = set()
    for leaf in leaves(node):
        match leaf:
            case c.FieldComparison(field, _, right):
                about.add(field)
                if isinstance(right, c.Field):
                    about.add(right)
            case (
                c.FieldIn(field)
                | c.FieldLike(field)
                | c.FieldIncludes(field)
                | c.FieldIncludesLike(field)
                | c.FieldSet(field)
                | c.FieldEmpty(field)
                | c.FieldWithin(field)
                | c.FieldAnniversary(field)
                | c.CloseTo(field)
            ):
                about.add(field)
            case (
                c.Occurs(of)
                | c.EdgeOccurrence(_, of)
                | c.Share(of)
                | c.Regular(of)
                | c.OnDifferent(of)
                | c.Repeats(of)
                | c.MostCommon(of)
            ):
                about.update(of.events)
            case c.MeasureComparison(left, _, right):
                about = about.union(*map(_spoken, (left, *measures(right))))
            case c.InCommon(each):
                about.update(event for of in each for event in of.events)
            case c.InSequence(steps):
                about.update(event for step in steps for event in step.of.events)
            case c.Rank(_, by):
                about |= _spoken(by)
            case c.Near(field, place):
                about.add((field, place))
            case c.Nearest(field):
                about.add((field, "nearest"))
            case c.Random(seed):
                about.add(("random", seed))
            case c.AnyItem() | c.ItemCount():
                about.add("items")
            case c.OfEvent():
                about.add("event")
            case c.Consent(channel):
                about.add(("channel", channel))
            case c.InList(name):
                about.add(("list", name))
            case c.InSegment(_, rule, _, sample):
                about |= topics(rule) if sample is None else {("sample", sample)}
            case _:
                assert_never(leaf)
    return about


def _spoken(measure: c.Measure) -> set[object]:
    return {measure, *(event for of in occurrences(measure) for event in of.events)}


def measures(right: c.Value | c.Measure | c.Population) -> tuple[c.Measure, ...]:
    """The measures on the right of a comparison."""
    if isinstance(right, c.Population):
        return (right.of,)
    return () if isinstance(right, c.Value) else (right,)


def occurrences(measure: c.Measure) -> Iterator[c.Occurrences]:
    """What a measure is over."""
    match measure:
        case c.Field():
            return
        case c.Count(of) | c.Aggregate(_, _, of) | c.DaysSince(_, of) | c.DaysBetween(of):
            yield of
        case c.Ratio(top, bottom):
            yield from occurrences(top)
            yield from occurrences(bottom)
        case c.Terms():
            for one in measure.parts:
                yield from occurrences(one)
        case _:
            assert_never(measure)
