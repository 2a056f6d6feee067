"""The driver of a plan: what every member has lately, so that passes over more can leave out whoever lacks it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import assert_never

from .. import conditions as c
from ..ast import All, Tree
from ..catalog.model import Catalog
from .costs import Costs
from .passes import hull, union
from .shapes import (
    ConsentRecords,
    Exists,
    Grouped,
    Keys,
    Net,
    Pass,
    Test,
    depends_on_place,
    edge_need,
    needs_of,
    share_needs,
    summed,
)


def driver(rule: Tree[Test], catalog: Catalog, costs: Costs) -> Exists | None:
    """What every member has in the shortest of short windows, if there is such a thing."""
    demanded = [part for part in _demands(rule) if isinstance(part, Exists) and not part.none]
    short = [
        (length, index)
        for index, test in enumerate(demanded)
        if (length := _length(_window(test))) is not None
        and length <= costs.driver
        # Such windows do not make these cheap.
        and not any(depends_on_place(one.where) for one in test.of)
        and not any(catalog.events[event].group_by for event in test.events)
    ]
    return demanded[min(short)[1]] if short else None


def driven(one: Pass, only: Keys, costs: Costs) -> Pass:
    """The pass, driven where it reads much more than the driver does."""
    assert isinstance(only.of, Exists)
    length = _length(_window(only.of))
    match one:
        case Grouped(windows=windows):
            reads = _length(c.Interval(windows[0].start, windows[-1].end))
        case Net(of=of):
            reads = _length(hull(union(part.of.window for part in summed(of))))
        case Keys(of=c.Regular(of=of) | c.OnDifferent(of=of) | c.Repeats(of=of) | c.MostCommon(of=of)):
            reads = _length(of.window)
        case Keys(of=c.InCommon(of=(of, *_))):
            reads = _length(of.window)
        case Keys(of=c.Near() | c.Nearest() | Exists()):
            return one
        case ConsentRecords() | Keys():
            reads = None
        case _:
            assert_never(one)
    much = length is not None and (reads is None or reads >= length * costs.wider)
    return replace(one, only=only.name) if much else one


def without(rule: Tree[Test], only: Keys, passes: Sequence[Pass]) -> Tree[Test]:
    """The tests, without that of the driver where another cannot hold for anybody whom a driven pass leaves out."""
    rows: set[object] = set()
    for one in passes:
        if one.only == only.name:
            columns = [column for _, column in one.columns] if isinstance(one, Grouped | ConsentRecords) else [one.of]
            rows.update(columns)
    parts = _demands(rule)
    if not any(not rows.isdisjoint(_rows_of(part)) for part in parts):
        return rule
    return All(tuple([part for part in parts if part != only.of]))


def _rows_of(test: Tree[Test]) -> Sequence[object]:
    """What the test cannot hold without: for whom a pass has no row, it holds in no way."""
    match test:
        case c.Occurs(of=of, at_least=low) if low >= 1:
            return needs_of(c.Count(of))
        case c.MeasureComparison(left=c.Aggregate(kind="average" | "min" | "max" | "median") as of, right=Decimal()):
            return needs_of(of)
        case c.MeasureComparison(left=c.DaysSince() | c.DaysBetween() as of, right=Decimal()):
            return needs_of(of)
        case c.EdgeOccurrence():
            return [edge_need(test)]
        case c.Share():
            return share_needs(test)
        case c.Consent() | c.Regular() | c.OnDifferent() | c.Repeats() | c.MostCommon() | c.InCommon():
            return [test]
        case c.InSequence():
            return [test]
        case _:
            return []


def _demands(rule: Tree[Test]) -> tuple[Tree[Test], ...]:
    """What must hold of every member."""
    return rule.parts if isinstance(rule, All) else (rule,)


def _window(test: Exists) -> c.Interval:
    return hull(union(one.window for one in test.of))


def _length(window: c.Interval) -> timedelta | None:
    return None if window.start is None or window.end is None else window.end - window.start
