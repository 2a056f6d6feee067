"""The events of a catalog by what is done and to what: verbs and nouns in any form, and others that say the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache, cached_property

from ...catalog import fold
from ...catalog.parts import Property
from ...plain import dataclass
from ..lexicon import Lexicon, is_article, stems
from ..vocabulary import several

_LONGEST = 4
"""Words of a verb or of a noun."""

_LITTLE = frozenset({"to", "on", "in", "with", "by", "of", "for"})
_BUYING = "buy"
_LIGHT = frozenset({"do", "make", "have", "take", "get", "place", "complete", "be"})


@dataclass(frozen=True, slots=True)
class Act:
    """An event: the verbs of its names, and what they are done to, each as a base form or as a kind (`=buy`)."""

    event: str
    verbs: frozenset[str]
    objects: frozenset[str]
    more: frozenset[str] = frozenset()
    """Words of its name that tell it from others: `machine`, of `opened email by machine`."""


class Acts:
    """The verbs and nouns of one sentence."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon, self.tokens = lexicon, lexicon.tokens
        self.kept: dict[tuple[str, int], tuple[tuple[int, frozenset[str]], ...]] = {}

    @cached_property
    def all(self) -> tuple[Act, ...]:
        """Each event that is no union of others."""
        events = self.lexicon.catalog.events
        return tuple(_act(name, (name, *one.also)) for name, one in events.items() if not one.any_of)

    @cached_property
    def purchases(self) -> frozenset[str]:
        """The events of buying."""
        return frozenset(one.event for one in self.all if f"={_BUYING}" in one.verbs and not one.verbs & {"cancel"})

    def verbs(self, at: int) -> tuple[tuple[int, frozenset[str]], ...]:
        """Verbs that may stand at a place: where each ends, and the events that it may be."""
        return self._found("ACT", at)

    def objects(self, at: int) -> tuple[tuple[int, frozenset[str]], ...]:
        """Nouns: where each ends, and the events that are about such a thing."""
        return self._found("OBJECT", at)

    def is_light(self, at: int) -> bool:
        """Whether a verb says nothing by itself: `made`, of a purchase."""
        return not stems(self.tokens[at].folded).isdisjoint(_LIGHT)

    def plain(self, events: list[str]) -> list[str]:
        """These events without those whose name says more, of which no word was said: `opened email by machine`."""
        said = frozenset(form for token in self.tokens for form in stems(token.folded))
        of = {one.event: one for one in self.all if one.event in events}

        return [name for name in events if name not in of or not of[name].more or of[name].more & said]

    def kinds(self, at: int, end: int) -> frozenset[str]:
        """The kinds of the noun that a stretch is."""
        several_ = (said for last, said in self._said("OBJECT", at) if last == end)
        return frozenset(one for said in several_ for one in (*said, *_kinds("OBJECT", said)) if one[0] == "=")

    def properties(self, named: Mapping[str, Property], at: int) -> Iterator[tuple[int, str]]:
        """Properties of an event by a noun of their kind: `voucher`, of `coupon`."""
        for end, said in self._said("OBJECT", at):
            forms = said | {one for one in _kinds("OBJECT", (f for f in said if f[0] != "=")) if one[0] == "="}
            for name, part in named.items():
                of = _kinds("OBJECT", (fold(one) for one in (name, *part.also) if " " not in one))
                if forms & of:
                    yield end, name

    def _found(self, kind: str, at: int) -> tuple[tuple[int, frozenset[str]], ...]:
        if (kind, at) not in self.kept:
            found: dict[int, set[str]] = {}
            for end, said in self._said(kind, at):
                of = (one.event for one in self.all if said & (one.verbs if kind == "ACT" else one.objects))
                found.setdefault(end, set()).update(of)
            if kind == "ACT":
                for end, event in self.lexicon.events(at, len(self.tokens)):
                    found.setdefault(end, set()).add(event)
            self.kept[kind, at] = tuple((end, frozenset(of)) for end, of in sorted(found.items(), reverse=True) if of)
        return self.kept[kind, at]

    def _said(self, kind: str, at: int) -> Iterator[tuple[int, frozenset[str]]]:
        """What stands at a place, as base forms and as kinds."""
        words = [token.folded for token in self.tokens[at : at + _LONGEST]]
        if not words or not words[0][0].isalpha():
            return
        forms = stems(words[0])
        if kind == "ACT" and (agent := agent_of(words[0])):  # `buyers of beans`
            forms |= {agent, f"{agent}e"}
        if not is_article(words[0]):
            yield at + 1, forms
        for first in forms:
            for rest, sense in _by_first(kind).get(first, ()):
                if tuple(words[1 : 1 + len(rest)]) == rest:
                    yield at + 1 + len(rest), frozenset({f"={sense}"})


def agent_of(folded: str) -> str:
    """The verb of a word for who does it: `buyers`."""
    left = folded.removesuffix("s")
    return left[:-2] if left.endswith("er") and len(left) > 4 and left != "order" else ""


@cache
def _by_first(kind: str) -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """By the first word: the words behind it, and the kind that they are of."""
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for sense, said in several(kind):
        first, *rest = said.split()
        found.setdefault(first, []).append((tuple(rest), sense))
    return found


def _kinds(kind: str, words: Iterable[str]) -> frozenset[str]:
    """Base forms, and the kinds that they are of."""
    forms = {form for one in words for form in stems(one)}
    of = {f"={sense}" for form in forms for rest, sense in _by_first(kind).get(form, ()) if not rest}
    return frozenset(forms | of)


def _act(event: str, names: Iterable[str]) -> Act:
    verbs, objects, more = set[str](), set[str](), set[str]()
    for name in names:
        said, _, by = fold(name).partition(" by ")
        more |= set(by.split())
        first, *rest = (one for one in said.split() if not is_article(one))
        nouns = [one for one in rest if one not in _LITTLE]
        is_noun = any(one[0] == "=" for one in _kinds("OBJECT", [first])) and not first.endswith("ed")
        if nouns and is_noun:  # `email open`
            first, nouns = nouns[-1], [first, *nouns[:-1]]
        verbs |= _kinds("ACT", [first])
        objects |= _kinds("OBJECT", nouns)
    return Act(event, frozenset(verbs), frozenset(objects), frozenset(more))


__all__ = ["Act", "Acts"]
