"""One condition of a sentence, or people of a kind who fulfil it: every reading of a stretch between two joints."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import islice, product
from typing import Any

from ..catalog import Catalog
from ..plain import dataclass
from ..segments import Segments
from . import amounts, denials, ranks, shared, table
from .belonging import Belonging
from .deeds import Deeds
from .edges import Edges
from .forms import Edge, Slot, edges, matches, possible
from .gaps import Gaps
from .kind_table import KINDS
from .lexicon import Lexicon
from .people import People, never
from .said import Said, joined
from .shares import Shares
from .slots import Slots, is_end
from .unknown import Unknown
from .verbs import Verbs

MOST = 12
"""Readings that are looked at."""
WHO = frozenset({"who", "that", "which", "whose"})
_BESIDE = frozenset({"in", "from", "with", "without", "who", "aged", "over", "under", "living", "outside", "whose"})
_BY_NOW = frozenset({"still", "currently", "already", "presently"})
"""Words before how somebody stands that say nothing."""
_STANDING = frozenset({"subscribed", "opted", "reachable", "contactable", "unsubscribed", "in", "on", "a", "part"})

IS_NOT = ("isn't", "aren't", "isnot", "arenot")

_LEFT_OUT = frozenset({"except", "excluding"})

OF_LISTS = frozenset({"subscribers", "members", "readers"})
"""Words that go with the one before them: `newsletter subscribers`."""

Takes = Callable[[str], bool]
"""Whether a text is a rule, with the catalog at hand."""


@dataclass(frozen=True)
class Known:
    """What a sentence is read with: names, saved segments, what tells whether a text is a rule, the local day."""

    catalog: Catalog
    segments: Segments
    takes: Takes
    today: date


_OF_OTHERS = frozenset({
    "around", "rest", "next", "one", "bare", "other", "others", "paid_for", "kinded", "valued", "about", "less",
    "than_this", "told_of", "of_these",
})  # fmt: skip
"""Gaps that depend on what stands in the gaps before them."""


def _once(slot: Slot) -> Slot:
    """The gap looked at once at each place, whatever patterns have it."""
    kept: dict[tuple[int, int], tuple[tuple[int, Any], ...]] = {}

    def found(at: int, stop: int, _: Mapping[str, Any] | None = None) -> Iterator[tuple[int, Any]]:
        if (at, stop) not in kept:
            kept[at, stop] = tuple(slot(at, stop, {}))
        return iter(kept[at, stop])

    return found


def _further(gaps: object, *names: str) -> dict[str, Slot]:
    """These gaps of an object, by their names."""
    return {name: getattr(gaps, name) for name in names}


def _kept(read: Callable[[int, int], Iterator[Said]]) -> Callable[[int, int], tuple[Said, ...]]:
    """The first readings of each stretch, read once."""
    return lru_cache(None)(lambda at, stop: tuple(dict.fromkeys(islice(read(at, stop), MOST))))


class Clauses(Gaps):
    """What reads a stretch as one condition, or as people of a kind who fulfil one."""

    def __init__(self, text: str, lexicon: Lexicon, known: Known, loose: bool, together: int = 0) -> None:
        self.text, self.lexicon, self.tokens, self.today = text, lexicon, lexicon.tokens, known.today
        self.together = together
        slots = Slots(self.tokens)
        self.unknown = Unknown(lexicon, slots) if loose else None
        self.verbs, self.people = (
            Verbs(lexicon, slots, self.unknown),
            People(lexicon, slots, known.segments, known.today),
        )
        verbs, people = self.verbs, self.people
        self.slots: Mapping[str, Slot] = {
            "number": slots.number, "percent": slots.percent, "compared": slots.compared, "strictly": slots.strictly,
            "times": slots.times, "overall": slots.overall, "valued": people.valued, "kinded": verbs.kinded,
            "crowded": self._crowded, "held": verbs.held,
            "way": self._way, "than": slots.than, "consent": self._consent, "labels": self._labels,
            "reason": self._reason, "split": self._split, "ordinal": self._ordinal,
            "window": slots.window, "duration": slots.duration,
            "event": verbs.event, "did": verbs.did, "noun": verbs.noun, "denial": verbs.denial, "around": self._around,
            "people": people.people, "property": people.property, "truth": people.truth, "measure": people.measure,
            "channel": people.channel, "messaged": people.messaged, "channels": people.channels, "list": people.listed,
            "segment": people.segment, "place": people.place, "where": people.where,
            "language": people.language, "sex": people.sex, "nation": people.nation, "nations": people.nations,
            "native": people.native,
            "value": people.value, "free": people.free,
            "edge": self._one_of("first", "last"), "edge_first": self._one_of("first"),
            "top": self._one_of(*ranks.HIGHEST, *ranks.LOWEST),
            "first_kind": self._first_kind, "with_it": self._with_it, "put": self._put,
            "so_many": self._so_many, "as_many": self._as_many, "done": self._done,
            "bare": self._bare, "average": slots.average,
            "near": self._one_of("of", "after", "before"), "same": self._same, "put_many": self._put_many,
            "differing": self._one_of("different", "distinct", "separate"),
            "here": self._here, "object": self._few, "label": self._few, "code": self._code,
            "yearly": self._yearly, "year": self._year, "stretch": self._stretch, "month": self._month,
            "unit": self._one_of("day", "week", "month"), "any": self._one_of("any"),
            "factor": lambda at, stop, _: slots.factor(at, stop),
            "period": self._one_of("hour", "day", "week", "month", "quarter", "year"), "then": self._then,
            "share": self._share, "kind": self._kind, "rest": self._rest, "one": self._one, "next": self._next,
            "deed": Deeds(verbs).deed, "having": self._having, "something": verbs.something,
            "began": people.standing.began, "member": people.standing.member, "activity": people.standing.activity,
            "site": people.standing.site, "around_place": self._around_place, "abandoned": self._abandoned,
            "crowd": self._crowd, "agent": self._agent, "tagging": self._tagging,
            "other": self._other, "others": self._others, "paid_for": self._paid_for,
            **_further(Shares(verbs), "quota", "usual", "about", "was", "used", "some_of", "less", "than_this",
                       "factored", "of_these"),
            "kind_only": self._kind_only, "message": self._message,
            "aggregate": lambda at, stop, _: amounts.aggregate(verbs, at, stop),
            "told_of": Edges(verbs).told_of,
            **_further(Belonging(verbs, people.standing.purchases()), "thing_of", "labels_said", "lead",
                       "outside", "any_channel", "held_texts"),
        }  # fmt: skip

        self.slots = {name: one if name in _OF_OTHERS else _once(one) for name, one in self.slots.items()}
        said = frozenset(token.folded for token in self.tokens)
        self.conditions = [(*one, *edges(one[0])) for one in possible(table.CONDITIONS, said)]
        self.kinds_of = [(*one, *edges(one[0])) for one in possible(KINDS, said)]

        self.clause, self.rule, self.behind = _kept(self._clause), _kept(self._rule), _kept(self._behind)
        self.kinds = _kept(self._kinds)
        self.taken = lru_cache(None)(known.takes)

    def _rule(self, at: int, stop: int) -> Iterator[Said]:
        """Conditions, each joined to those before it."""
        raise NotImplementedError

    def _holds(self, one: Said) -> bool:
        return self.taken(one.text)

    def _clause(self, at: int, stop: int) -> Iterator[Said]:
        """One condition, or people of a kind who fulfil one."""
        if at < self.together < stop and (denied := tuple(denials.none_of(self.verbs, at, stop, self.together))):
            yield from denied
            return
        said = self.text[self.tokens[at].start : self.tokens[stop - 1].end]
        is_us = self.tokens[stop - 1].text == "us"  # `an email from us`: no country
        if not is_us and not any(is_end(token.folded) for token in self.tokens[at:stop]) and self.taken(said):
            yield Said(said)
            return
        yield from self._single(at, stop)
        yield from self._without(at, stop)
        yield from self._by_now(at, stop)
        yield from self._is_not(at, stop)
        if at + 1 < stop and self.tokens[at].folded == "whose":
            yield from self.clause(at + 1, stop)
        if self.tokens[at].folded == "neither":
            for nor in range(at + 2, stop - 1):
                if self.tokens[nor].folded == "nor":
                    for one, other in product(self.clause(at + 1, nor), tuple(self.clause(nor + 1, stop))):
                        none = joined((one.denied(), other.denied()), "AND")
                        for both in shared.of_both_times(one, other):
                            yield joined((both.denied(), other.denied()), "AND")
                            none = none.unsure("of the second alone")
                        yield none
        for end in range(at + 1, stop):
            start = end + (self.tokens[end].folded in WHO)
            if start >= stop or (start == end and self.tokens[end].folded in OF_LISTS):
                continue
            for _ in islice(self.people.people(at, end), 1):
                if next(self.people.people(at, end))[0] == end:
                    yield from self.behind(start, stop)
            for kind in self._several_kinds(at, end):
                others = self.behind(start, stop)
                beside = tuple(self._kind_beside(start, stop, kind)) if start > end and others else ()
                yield from beside
                for other in others:
                    yield joined((kind, other), "AND").unsure() if beside else joined((kind, other), "AND")

    def _kind_beside(self, at: int, stop: int, kind: Said) -> Iterator[Said]:
        """`repeat buyers who clicked an sms or Germans`: people of another kind behind what is said of the first."""
        for link in range(at + 1, stop - 1):
            if self.tokens[link].folded == "or":
                for first, other in product(self.clause(at, link), tuple(self.kinds(link + 1, stop))):
                    yield joined((joined((kind, first), "AND"), other), "OR").unsure()

    def _by_now(self, at: int, stop: int) -> Iterator[Said]:
        """`still subscribed to sms`, `currently vip`: how somebody stands is how they stand now."""
        start = at + (self.tokens[at].folded in ("is", "are"))
        if start + 1 < stop and self.tokens[start].folded in _BY_NOW:
            said = self.tokens[start + 1].folded in _STANDING
            yield from (one for one in self.clause(start + 1, stop) if said or self.people.standing.is_now(one.text))

    def _is_not(self, at: int, stop: int) -> Iterator[Said]:
        """`isn't a newsletter subscriber`, `not Dutch`: people of a kind, who are not."""
        at += self.tokens[at].folded in ("is", "are")
        if at + 1 < stop and self.tokens[at].folded in ("not", *IS_NOT):
            at += 1 + (at + 2 < stop and self.tokens[at + 1].folded in ("a", "an"))
            yield from (one.denied() for one in self.kinds(at, stop) if not one.join)

    def _without(self, at: int, stop: int) -> Iterator[Said]:
        """`vip customers except Dutch ones`: those of the first who are not the second."""
        for mid in range(at + 1, stop - 1):
            if self.tokens[mid].folded in ("except", "excluding"):
                start = mid + 1 + (self.tokens[mid + 1].folded in ("for", "those"))
                if start >= stop:
                    continue
                happened = (Said(never(event), "", False) for end, event in self.verbs.noun(start, stop) if end == stop)
                for no in happened:
                    yield from (joined((first, no), "AND") for first in self.rule(at, mid))
                for kind in (*self.kinds(start, stop), *self.behind(start, stop)):
                    for first in self.rule(at, mid) if not kind.join else ():
                        yield joined((first, kind.denied()), "AND")

    def _behind(self, at: int, stop: int) -> Iterator[Said]:
        """What is said of people, behind the word for them: one thing, or several side by side."""
        if at + 1 < stop and self.tokens[at].folded in WHO - {"whose"}:
            yield from self.behind(at + 1, stop)
            return
        if at + 1 < stop and self.tokens[at].folded == "whose":
            yield from self.rule(at + 1, stop)
        yield from self.rule(at, stop)
        yield from self._aged(at, stop)
        for mid in range(at + 1, stop):
            if self.tokens[mid].folded in _BESIDE and not self.leaves_out(at, mid):
                for first in (*self.clause(at, mid), *self._aged(at, mid)):
                    for other in self.behind(mid, stop):
                        yield joined((first, other), "AND")

    def leaves_out(self, at: int, stop: int) -> bool:
        """Whether a stretch ends with people who are left out: what follows is said of those."""
        said = [one.folded for one in self.tokens[at:stop]]
        nots = (i for i, one in enumerate(said) if one == "not" and (not i or said[i - 1] in ("but", "and")))
        return bool(_LEFT_OUT & {*said}) or any(any(self.people.people(at + i + 1, stop)) for i in nots)

    def _aged(self, at: int, stop: int) -> Iterator[Said]:
        """`women under 25`: a number of two digits behind a word for people is how old they are."""
        if self.tokens[at].folded not in ("over", "under", "above", "below"):
            return
        before = self.tokens[at - 1].folded if at else ""
        people = at > 0 and (any(self.people.people(at - 1, at)) or any(self.people.sex(at - 1, at)))
        for found in matches("{c:strictly}", self.tokens, at, stop, self.slots):
            for said in self.people.aged(found["c"]) if re.fullmatch("[1-9][0-9]", found["c"][1]) else ():
                yield said if people or before in WHO else said.unsure()

    def _single(self, at: int, stop: int) -> Iterator[Said]:
        yield from self._filled(self.conditions, at, stop)
        yield from self.verbs.done(at, stop)
        yield from self.kinds(at, stop)
        if self.unknown and stop - at < len(self.tokens) and not (at and self.tokens[at - 1].folded in WHO):
            yield from self.unknown.of_people(at, stop)

    def _several_kinds(self, at: int, stop: int) -> Iterator[Said]:
        """People of a kind, or of one of several: `men or women`."""
        yield from self.kinds(at, stop)
        for link in range(at + 1, stop - 1):
            if self.tokens[link].folded == "or":
                for first in self.kinds(at, link):
                    for other in self._several_kinds(link + 1, stop):
                        yield joined((first, other), "OR").unsure()

    def _kinds(self, at: int, stop: int) -> Iterator[Said]:
        if self.unknown and stop - at > 1 and any(self.people.people(stop - 1, stop)):
            yield from self.unknown.of_people(at, stop - 1)
        yield from self._filled(self.kinds_of, at, stop)

    def _filled(self, forms: Sequence[tuple[str, Any, Edge, Edge]], at: int, stop: int) -> Iterator[Said]:
        """What the patterns say that a stretch fills."""
        first, last = self.tokens[at].folded, self.tokens[stop - 1].folded
        for form, says, begins, ends in forms:
            if (begins is None or first in begins) and (ends is None or last in ends):
                for found in matches(form, self.tokens, at, stop, self.slots):
                    yield from says(self.people, self.verbs, found, stop)
