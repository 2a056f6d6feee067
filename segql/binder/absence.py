"""Rules about absence that look back to before their events were recorded: nobody was seen doing it then."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from ..calendar import midnight
from ..conditions import All, AnyOf, Condition, InSegment, Not, Occurs, Tree
from ..errors import Problem
from ..formatter import format_name
from .scope import Scope, listed


def unseen(scope: Scope, rule: Tree[Condition]) -> Iterator[Problem]:
    """A warning for each condition that demands few or no events from before their `visible since`."""
    days = {name: date.fromisoformat(e.visible_since) for name, e in scope.catalog.events.items() if e.visible_since}
    if not days:
        return
    starts = {name: midnight(day, scope.zone) for name, day in days.items()}
    for condition in _absences(rule, negated=False):
        start = condition.of.window.start
        early = [
            e
            for e in condition.of.events
            if e in starts and (start is None or start < starts[e]) and not _empty(condition)
        ]
        if early:
            day = max(days[event] for event in early)
            yield Problem(
                "not-yet-visible",
                f"{listed(early)} can be seen since {day}: who did it before that looks like somebody who never did.",
                condition.span,
                f"look no further back: `{format_name(early[0])} .. since {day}`",
                "warning",
            )


def _empty(condition: Occurs) -> bool:
    start, end = condition.of.window.start, condition.of.window.end
    return isinstance(start, datetime) and isinstance(end, datetime) and start >= end


def _absences(tree: Tree[Condition], negated: bool) -> Iterator[Occurs]:
    match tree:
        case All(parts=parts) | AnyOf(parts=parts):
            for part in parts:
                yield from _absences(part, negated)
        case Not(part=part):
            yield from _absences(part, not negated)
        case InSegment(rule=rule):
            yield from _absences(rule, negated)
        case Occurs(at_most=most) if negated or most is not None:
            yield tree
        case _:
            return
