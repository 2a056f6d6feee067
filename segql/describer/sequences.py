"""Sequences in words: `they have an opened email, ever, that was followed at most 3 days (72 hours) later by ..`."""

from __future__ import annotations

from datetime import timedelta

from .. import conditions as c
from .measures import events, narrowed
from .values import WallClock, length, window


def in_sequence(leaf: c.InSequence, clock: WallClock, holds: bool) -> str:
    """Steps that follow one another, each said with the time that it may take after the one before."""
    first, *rest = leaf.steps
    taken, said, link = set(first.of.events), "", " that was"
    between: list[str] = []
    within = f", all of it within {length(leaf.within)}" if leaf.within else ""
    within = ", all of it at the same instant" if leaf.within == timedelta() else within
    for step in rest:
        follower = _follower(step, taken, clock)
        if step.absent and step is not leaf.never:
            between.append(f"no {_follower(step, taken, clock, 'other')}")
            continue
        if step.absent:
            over = ", and the time for that is over" if step.within is not None else ""
            said += f"{within}{link} not followed{_when(step)} by {follower}{over}"
            break
        never = f", with {' and '.join(between)} in between (both instants included)," if between else ""
        said += f"{link} followed{never}{_when(step)} by {follower}"
        taken.update(step.of.events)
        link, between = ", which was", []
    return _with_first(leaf, first.of, said if leaf.never else said + within, clock, holds)


def _with_first(leaf: c.InSequence, of: c.Occurrences, said: str, clock: WallClock, holds: bool) -> str:
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


def _follower(step: c.Step, taken: set[str], clock: WallClock, one: str = "another") -> str:
    """The step that follows; another one where it could be the same event as one before."""
    another = f"{one} " if taken.intersection(step.of.events) else ""
    same = ""
    for before, own in step.same:
        same += f"{' and' if same else ' with'} the same {own.name}"
        if own.name != before.name:
            same += f" (as the {before.name} before)"
        scopes = {before.scope, own.scope}
        same += " of some item" if scopes == {"item"} else " (of some item)" if "item" in scopes else ""
    return f"{another}{events(step.of, 'or')}{same}{_where(step.of, clock)}"


def _where(of: c.Occurrences, clock: WallClock) -> str:
    return narrowed(c.Occurrences(of.events, c.Interval(None, None), of.where), clock) if of.where != c.All(()) else ""


def _when(step: c.Step) -> str:
    least = f" at least {length(step.later)}" if step.later else ""
    if step.within is None:
        return f"{least} later" if least else " at the same time or later"
    if not step.within:
        return " at the same instant"
    return f"{least}{' and' if least else ''} at most {length(step.within)} later"


def _article(name: str) -> str:
    return "an" if name[:1].lower() in "aeiou" else "a"
