"""Rules about absence that look back to before their events were recorded: nobody was seen doing it then."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import assert_never

from ... import conditions as c
from ...calendar import midnight
from ...errors import Problem
from ...formatter import format_name
from ...source import Span
from ..scope import Scope, listed


def unseen(scope: Scope, rule: c.Tree[c.Condition]) -> Iterator[Problem]:
    """A warning for each condition that demands few or no events from before their `visible since`."""
    days = {name: date.fromisoformat(e.visible_since) for name, e in scope.catalog.events.items() if e.visible_since}
    if not days:
        return
    starts = {name: midnight(day, scope.zone) for name, day in days.items()}
    for of, span in _absences(rule, negated=False):
        start = of.window.start
        early = [e for e in of.events if e in starts and (start is None or start < starts[e]) and not _empty(of)]
        if early:
            day = max(days[event] for event in early)
            yield Problem(
                "not-yet-visible",
                f"{listed(early)} can be seen since {day}: who did it before that looks like somebody who never did.",
                span,
                f"look no further back: `{format_name(early[0])} .. since {day}`",
                "warning",
            )


def _empty(of: c.Occurrences) -> bool:
    start, end = of.window.start, of.window.end
    return isinstance(start, datetime) and isinstance(end, datetime) and start >= end


def _absences(tree: c.Tree[c.Condition], negated: bool) -> Iterator[tuple[c.Occurrences, Span]]:
    """The occurrences that somebody is to lack, wholly or in part."""
    match tree:
        case c.All(parts=parts) | c.AnyOf(parts=parts):
            for part in parts:
                yield from _absences(part, negated)
        case c.Not(part=part):
            yield from _absences(part, not negated)
        case c.InSegment(rule=rule):
            yield from _absences(rule, negated)
        case c.Occurs(of=of, at_most=most) if negated or most is not None:
            yield of, tree.span
        case c.InSequence(steps=steps):
            for step in steps:
                if step.absent != negated:
                    yield replace(step.of, window=tree.window or steps[0].of.window), tree.span
        case c.Occurs() | c.EdgeOccurrence() | c.MeasureComparison() | c.Rank():
            return
        case c.Share() | c.Regular() | c.OnDifferent() | c.Repeats() | c.MostCommon() | c.InCommon():
            return
        case c.Near() | c.Nearest() | c.Random() | c.Consent() | c.InList():
            return
        case _ if isinstance(tree, c.FieldCondition):
            return
        case _:
            assert_never(tree)
