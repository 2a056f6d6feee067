"""Sequences in words: `they have an opened email, ever, that was followed at most 3 days (72 hours) later by ..`."""

from __future__ import annotations

from datetime import timedelta

from .. import conditions as c
from .measures import events, narrowed
from .values import WallClock, window

_DAY, _HOUR, _MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def in_sequence(leaf: c.InSequence, clock: WallClock, holds: bool) -> str:
    """Steps that follow one another, each said with the time that it may take after the one before."""
    first, *rest = leaf.steps
    taken, said = set(first.of.events), ""
    for place, step in enumerate(rest):
        link = " that was" if place == 0 else ", which was"
        said += f"{link} followed{_when(step)} by {_follower(step, taken, clock)}"
        taken.update(step.of.events)
    return _with_first(leaf, first.of, said, clock, holds)


def not_followed(leaf: c.NotFollowed, clock: WallClock, holds: bool) -> str:
    """A step after which another does not come, once the time for that is over."""
    follower = _follower(leaf.then, set(leaf.first.events), clock)
    over = ""
    if leaf.then.within is not None:
        over = ", and the time for that is over"
    said = f" that was not followed{_when(leaf.then)} by {follower}{over}"
    return _with_first(leaf, leaf.first, said, clock, holds)


def _with_first(leaf: c.InSequence | c.NotFollowed, of: c.Occurrences, said: str, clock: WallClock, holds: bool) -> str:
    """What the sequence begins with, before the rest of it."""
    if leaf.edge is None or leaf.window is None:
        name = events(of, "or")
        one = f"{_article(name)} {name}" if holds else f"no {name}"
        which = narrowed(of, clock)
        return f"they have {one}{which}{',' if ',' in which else ''}{said}"
    which = f"{leaf.edge} {events(of, 'or')}{_where(of, clock)}"
    if leaf.window == of.window:
        when = ""
    else:
        when = f" {window(leaf.window, clock)}"
    said = said.removeprefix(" that was").removeprefix(" was")
    if holds:
        both = f"was{when} and was{said}" if when else f"was{said}"
        return f"their {which} {both}"
    return f"it is not so that their {which} was{when}{' and was' if when else ''}{said} (or they have none)"


def _follower(step: c.Step, taken: set[str], clock: WallClock) -> str:
    """The step that follows; another one where it could be the same event as one before."""
    another = "another " if taken.intersection(step.of.events) else ""
    same = ""
    if step.same is not None:
        before, own = step.same
        same = f" with the same {own.name}"
        if own.name != before.name:
            same += f" (as the {before.name} before)"
        scopes = {before.scope, own.scope}
        same += " of some item" if scopes == {"item"} else " (of some item)" if "item" in scopes else ""
    return f"{another}{events(step.of, 'or')}{same}{_where(step.of, clock)}"


def _where(of: c.Occurrences, clock: WallClock) -> str:
    return narrowed(c.Occurrences(of.events, c.Interval(None, None), of.where), clock) if of.where != c.All(()) else ""


def _when(step: c.Step) -> str:
    if step.within is None:
        return " at the same time or later"
    return f" at most {_length(step.within)} later" if step.within else " at the same instant"


def _length(length: timedelta) -> str:
    """`3 days (72 hours)`: a day has 24 hours here."""
    for unit, name in ((_DAY, "day"), (_HOUR, "hour"), (_MINUTE, "minute")):
        if length >= unit and length % unit == timedelta():
            hours = f" ({length // _HOUR:,} hours)" if unit == _DAY else ""
            return f"{_count(length // unit, name)}{hours}"
    return _count(length // timedelta(seconds=1), "second")


def _count(count: int, unit: str) -> str:
    return f"{count:,} {unit}{'' if count == 1 else 's'}"


def _article(name: str) -> str:
    return "an" if name[:1].lower() in "aeiou" else "a"
