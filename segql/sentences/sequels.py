"""What came after, again or not, and what the first and the last of it had."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..formatter import format_name
from ..words import say, word
from .people import People, never
from .said import Said
from .verbs import Verbs, in_where, told


def soon_again(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`bought again within 30 days of the first order`."""
    first = f"{word('EDGE', 'first')} {format_name(found['a'])}"
    yield Said(say("{} THEN {} WITHIN {}", first, format_name(found["b"]), found["d"]), "", False)


def again_within(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`bought again within 30 days`: of some time before, or of the first."""
    event = format_name(found["b"])
    yield Said(say("{} THEN {} WITHIN {}", event, event, found["d"]), "", False, "of any time before")
    first = f"{word('EDGE', 'first')} {event}"
    yield Said(say("{} THEN {} WITHIN {}", first, event, found["d"]), "", False, "of the first time")


def again(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`bought again`: more than once."""
    yield Said(say("{} AT_LEAST TWICE", format_name(found["e"])), "", False)


def again_in(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`bought again in 2025`: more than once then, or then and before."""
    event, window = format_name(found["e"]), found["w"]
    yield Said(f"{say('{} AT_LEAST TWICE', event)} {window}", "", False, "more than once then")
    yield Said(f"{event} {window} {word('WHERE')} number >= 2", "", False, "then, and some time before")


def of_edge(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`last order used coupon WELCOME10`: what is said of that one."""
    around = found["x"]
    if around.tests and not (around.times or around.each or around.either):
        edge_ = word("EDGE", "first" if found["edge"] == "first" else "last")
        head = f"{edge_} {format_name(found['a'])} {around.window}".rstrip()
        yield Said(f"{head} {word('HAS', 'one')} {in_where(around.tests)}", "", around.sure)


def of_number(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`second order was over $100`: among all of them the second one."""
    around = found["x"]
    if not (around.times or around.each or around.either):
        tests = (f"number = {found['n']}", *around.tests)
        yield Said(f"{format_name(found['a'])} {around.window} {word('WHERE')} {in_where(tests)}", "", False)


def held_by_edge(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`has a coupon on the last order`."""
    edge_ = word("EDGE", "first" if found["edge"] == "first" else "last")
    is_there = f"{format_name(found['h'])} {word('IS_SET', found.get('is', 'set'))}"
    yield Said(f"{edge_} {format_name(found['e'])} {word('HAS', 'one')} {is_there}")


def not_held_by_edge(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`last order had no coupon`."""
    return held_by_edge(people, verbs, {**found, "is": "not set"}, stop)


def not_for_longer(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`haven't ordered for more than 60 days`: those who never did as well, or not."""
    yield Said(f"{never(found['e'])} {word('IN_THE_LAST')} {found['d']}", "", False, "or never")
    last = f"{word('EDGE', 'last')} {format_name(found['e'])}"
    yield Said(f"{last} more than {found['d']} ago", "", False, "but once did")


def not_completed(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`started checkout and did not complete it`: nothing was bought afterwards, or at no time."""
    around = found["x"]
    for event in people.standing.purchases()[:1]:
        for one in told(found["a"], around) if not around.times else ():
            yield Said(f"{one.text} {word('NOT_FOLLOWED_BY')} {format_name(event)}", "", False, "not afterwards")
            never_ = f"{never(event)} {around.window}".rstrip()
            yield Said(f"{one.text} {word('AND')} {never_}", "AND", False, "at no time")


__all__ = ["again", "again_within", "held_by_edge", "not_completed", "not_for_longer", "not_held_by_edge", "soon_again"]
