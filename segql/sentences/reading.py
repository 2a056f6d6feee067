"""Sentences that are no rule of SegQL, read as English over a catalog: every reading that uses each of their words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from ..words import word
from . import denials, shared
from .clauses import IS_NOT, MOST, WHO, Clauses
from .edges import goes_on
from .said import Said, joined
from .slots import is_end
from .vocabulary import nation

_MOST_LINKS = 5
"""Joints of a sentence that is read."""
_LEADS = frozenset({"find", "show", "get", "select", "give", "me", "us", "please"})

_PAIRED = {"either": "or", "both": "and"}
"""Words before two conditions that say nothing but what joins them."""

_EXCEPTED = frozenset(
    re.findall(r"[\w:]+", "anything nothing everything all none something nobody everybody everyone anybody anyone")
)
"""Words after which `but` leaves something out."""


class Reader(Clauses):
    """What reads a whole sentence: conditions, and what joins them."""

    def said(self) -> Iterator[Said]:
        """The first readings of the whole sentence."""
        return islice(self._sentence(0, len(self.tokens)), MOST)

    def _sentence(self, at: int, stop: int) -> Iterator[Said]:
        """A whole sentence, behind words that ask for it: `find all ..`."""
        if self.tokens[stop - 1].text in ".?!":
            stop -= 1
        yield from self.rule(at, stop)
        yield from self._aged(at, stop)
        if stop - at > 2 and self.tokens[at].folded in ("only", "just") and any(self.people.people(at + 1, at + 2)):
            yield from self.rule(at + 1, stop)
        start = at
        while start < stop and self.tokens[start].folded in _LEADS:
            start += 1
        if start > at:
            yield from self.rule(start, stop)

    def _rule(self, at: int, stop: int) -> Iterator[Said]:
        """Conditions, each joined to those before it."""
        if at >= stop:
            return
        yield from (whole := self.clause(at, stop))
        said = self.tokens[at].folded
        if whole and (said in ("cannot", "can't", "no", "has") or goes_on(self.tokens, at, stop)):
            return  # `or texted` is denied as well
        if whole and all(one.folded in ("or", "and") or nation(one.folded) for one in self.tokens[at:stop]):
            return  # `Dutch or Belgian` is of both by where they live, or of both by what they speak
        if (pair := _PAIRED.get(self.tokens[at].folded)) and any(one.folded == pair for one in self.tokens[at:stop]):
            for both in self.rule(at + 1, stop):
                yield from shared.bracketed(both)
        if none := tuple(denials.none_of(self.verbs, at, stop)):
            yield from none
            return
        links = [i for i in range(at + 1, stop - 1) if is_end(self.tokens[i].folded)]
        if len(links) > _MOST_LINKS:
            return
        for link in reversed(links):
            said = self.tokens[link].folded
            end = link - (self.tokens[link - 1].text == "," and said != ",")
            start = link + 1 + (self.tokens[link + 1].folded in ("also",))
            if self.tokens[link - 1].folded in _EXCEPTED and said not in ("or", ","):
                continue
            if link == self.together or (said == "," and self.tokens[start].folded in ("and", "or", "but")):
                continue
            join = "OR" if said == "or" else "AND"
            if said == "or" and self._is_of_people(at, link) and not self._begins_people(start, stop):
                continue  # `vips who ordered or clicked`: the vips do both
            if said == "or" and any(token.text == "," for token in self.tokens[at:end]):
                for last in self.clause(start, stop):
                    yield from self._listed(at, end, last)
                continue
            alone = self.clause(start, stop)
            of_two = len(links) == 2 and said != "," and stop - at == len(self.tokens)
            several = self.rule(start, stop) if join == "OR" or of_two else ()  # `a or b and c`, `a and b or c`
            other_join = "AND" if join == "OR" else "OR"
            for last in (*alone, *(one for one in several if one.join == other_join and one not in alone)):
                for before in self.rule(at, end):
                    if before.join and last not in alone:
                        continue  # of several the error shows what they may be
                    both = joined((before, last), join)
                    apart = Said(
                        f"({before.text}) {word(join)} {last.within(join)}", join, False, "the first alone is denied"
                    )
                    if said == "but" and self._are_all_of_a_kind(at, end) and any(self.kinds(start, stop)):
                        yield joined((before, last.denied()), "AND")
                        continue  # `all vips but Germans`
                    doubted = self._is_doubted(said, (at, end, start, stop), (before, both, apart))
                    if doubted and not self._denied(start, stop, last):
                        yield joined((before, last.denied()), "AND").unsure("neither of them")
                        yield apart
                        by_word = any(one.folded in ("not", *IS_NOT) for one in self.tokens[at:end])
                        if join == "AND" and by_word and not before.join:
                            yield joined((before.denied(), last), join).denied().unsure("not both of them")
                        continue
                    for other in filter(self._holds, shared.of_both(before, last, self.tokens[start:stop])):
                        yield joined((other, last), join)
                        both = both.unsure("of the second alone")
                    for first in filter(self._holds, shared.known_then(before, last, self.tokens[at:end])):
                        yield joined((first, last), join)
                        both = both.unsure("the second alone in that time")
                    if said == "," and (ordered := shared.in_order(before, last)) and self._holds(ordered):
                        yield ordered
                        both = both.unsure("the last two in this order")
                    if said == "or" and not (before.join or last.join):
                        for other in filter(self._holds, shared.of_both_times(before, last)):
                            yield joined((other, last), join)
                            both = both.unsure("of the second alone")
                    if goes_on(self.tokens, at, stop):
                        yield both.unsure("any of them")
                    elif (before.join and before.join != join) or (last.join and last.join != join):
                        yield both.unsure(both.note)
                    else:
                        yield both

    def _is_of_people(self, at: int, stop: int) -> bool:
        """Whether a stretch says of people what they do: `vips who ordered`."""
        return any(one.folded == "who" for one in self.tokens[at + 1 : stop])

    def _begins_people(self, at: int, stop: int) -> bool:
        """Whether others begin there: `Germans who ordered`."""
        if self.tokens[at].folded in WHO:
            return True
        ends = range(at + 1, min(stop, at + 6) + 1)
        return any(any(self.people.people(at, end)) or any(self.kinds(at, end)) for end in ends)

    def _denied(self, at: int, stop: int, said: Said) -> bool:
        """Whether a stretch says that something is not so."""
        first = "".join(token.folded for token in self.tokens[at : min(at + 2, stop)])
        return any(self.verbs.denial(at, stop)) or first.startswith(IS_NOT) or said.denies()

    def _is_doubted(self, link: str, place: tuple[int, int, int, int], said: tuple[Said, Said, Said]) -> bool:
        """Whether a denial may be of what follows as well: behind `and`, of what stands there by its name alone."""
        (at, end, start, stop), (before, both, apart) = place, said
        if link == "and":
            by_verb = any(self.verbs.denial(at, end)) and not before.denies(by_not=True)
            if by_verb or not before.denies():  # its verb says what it denies
                return False
            by_name = any(self.kinds(start, stop)) and not self.taken(
                self.text[self.tokens[start].start : self.tokens[stop - 1].end]
            )
            return self._holds(apart) and (by_name or not self._holds(both))
        return link == "or" and self._denied(at, end, before)

    def _are_all_of_a_kind(self, at: int, stop: int) -> bool:
        """Whether a stretch is all people of a kind."""
        return self.tokens[at].folded in ("all", "every", "any") and any(self.kinds(at, stop))

    def _listed(self, at: int, stop: int, last: Said) -> Iterator[Said]:
        """What commas part before `or` and a last condition: one of several, or the first and one of the others."""
        if any(self.verbs.denial(at, stop)):
            return
        for comma in range(at + 1, stop - 1):
            if self.tokens[comma].text == "," and self.tokens[comma + 1].folded not in WHO:
                others = [joined((one, last), "OR") for one in self.clause(comma + 1, stop)]
                others += [one for one in self._listed(comma + 1, stop, last) if one.join == "OR"]
                for first in self.clause(at, comma):
                    for rest in others:
                        yield joined((first, rest), "OR").unsure("one of these")
                        yield joined((first, rest), "AND").unsure("the first, and one of the others")
