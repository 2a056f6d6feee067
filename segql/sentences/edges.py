"""What is said of the first or last of an event alone: `last order wasn't over $100`, `.. had a coupon and was ..`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..formatter import format_name
from ..plain import dataclass
from ..words import word
from .people import People
from .said import Said
from .telling import in_where, test_denied
from .tokens import Token
from .verbs import Verbs

_SAYS = frozenset({"was", "had", "has", "used", "is", "included", "contained", "were", "with", "have"})
_NOT = frozenset({"not", "no", "without", "wasn't", "weren't", "isn't", "hadn't", "didn't", "except", "excluding"})
_GOES_ON = frozenset({"it", "over", "under", "above", "below", "no", "without", "wasn't", "hadn't"})
_AFTER_NOT = frozenset({"a", "an", "any", "have", "use", "include", "contain", "been", "for", "made"})


@dataclass(frozen=True, slots=True)
class OfEdge:
    """A test of that one, or when it was; whether that is denied."""

    test: str
    window: str
    denied: bool
    sure: bool


class Edges:
    """The gaps of what is said of one event."""

    def __init__(self, verbs: Verbs) -> None:
        self.verbs, self.tokens = verbs, verbs.tokens

    def told_of(self, at: int, stop: int, found: Mapping[str, Any]) -> Iterator[tuple[int, OfEdge]]:
        """One thing that is said of the event, up to the end or to what joins another to it."""
        start = at
        while start < stop and self.tokens[start].folded in _SAYS:
            start += 1
        if denied := start < stop and self.tokens[start].folded in _NOT:
            start += 1
            while start + 1 < stop and self.tokens[start].folded in _AFTER_NOT:
                start += 1
        for end in range(start + 1, stop + 1):
            if end == stop or self.tokens[end].folded in ("and", "but", ","):
                for test, window, sure in self._tests(found["a"], start, end):
                    yield end, OfEdge(test, window, denied, sure)

    def _tests(self, event: str, at: int, stop: int) -> Iterator[tuple[str, str, bool]]:
        for end, name in self.verbs.held(at, stop):
            if end == stop and any(one == (stop, name) for one in self.verbs.lexicon.of_event(event, stop - 1, stop)):
                yield f"{format_name(name)} {word('IS_SET', 'set')}", "", True
        for around in self.verbs.around(event, at, stop):
            alone = bool(around.tests) != bool(around.window)
            if alone and not (around.times or around.each or around.either):
                yield in_where(around.tests) if around.tests else "", around.window, around.sure


def _head(found: Mapping[str, Any], window: str) -> str:
    edge = word("EDGE", "first" if found["edge"] == "first" else "last")
    return f"{edge} {format_name(found['a'])} {window}".rstrip()


def goes_on(tokens: Sequence[Token], at: int, stop: int) -> bool:
    """Whether what is joined to a condition about the first or last has no subject of its own: `and was over $60`."""
    at += at + 1 < stop and tokens[at].folded in ("the", "their", "whose")
    links = [i for i in range(at + 1, stop - 1) if tokens[i].folded in ("and", "but")]
    if tokens[at].folded not in ("first", "last", "latest") or len(links) != 1:
        return False
    begins = tokens[links[0] + 1].folded
    return begins in _SAYS | _GOES_ON or (links[0] + 2 == stop and begins.endswith("ed"))  # `and refunded`


def not_so(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`last order wasn't over $100`: they have one, and it was not so."""
    one: OfEdge = found["x"]
    if not one.denied or verbs.is_past(found["from"]):
        return
    if one.window:
        name = format_name(found["a"])
        yield Said(f"{name} {word('AND')} {word('NOT')} {_head(found, one.window)}", "AND", one.sure)
    else:
        yield Said(f"{_head(found, '')} {word('HAS', 'one')} {_denied(one)}", "", one.sure)


def both_so(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`last order had no coupon and was over $100`: both of that one."""
    several: tuple[OfEdge, OfEdge] = (found["x"], found["y"])
    windows = [one.window for one in several if one.window]
    if len(windows) > 1 or any(one.window and one.denied for one in several) or verbs.is_past(found["from"]):
        return
    tests = tuple(_denied(one) for one in several if one.test)
    sure = all(one.sure for one in several)
    yield Said(f"{_head(found, ''.join(windows))} {word('HAS', 'one')} {in_where(tests)}", "", sure)


def _denied(one: OfEdge) -> str:
    return test_denied(one.test) if one.denied else one.test


__all__ = ["Edges", "both_so", "goes_on", "not_so"]
