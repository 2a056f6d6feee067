"""Conditions of a sentence from those of its stretches: people, what joins, what is left out, what came after what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from ...catalog import fold
from ...words import word
from ..clauses import OF_LISTS
from ..reading import Reader
from ..said import Said, joined
from .closed import BESIDE, EXCEPTED, IS_NOT, LEADING, NOW, OF_IT, OF_MANY, TRAILING, WHO
from .crowd import Crowd
from .deeds import Deeds
from .joints import Joints
from .pairs import Piece, both, denied, joined_as
from .states import States
from .steps import Steps

_MOST, _LINKS, _KIND = 8, 8, 7
"""Readings of one stretch, joints of a sentence that is read, and words for a kind of people."""

_JOINS = {
    "and": "AND",
    "but": "AND",
    "or": "OR",
    "nor": "NOR",
    ",": ",",
    "except": "NOT",
    "excluding": "NOT",
    "yet": "AND",
    "while": "AND",
    "then": "THEN",
}
_IN_A_TIME = re.compile(r" (?:once|twice|times?) in (?:a|an|any|one) (?:single )?(?:day|week|month|quarter|year) ")
_READS, _STEPS = 150, 6_000
"""Stretches of a sentence that are read, and phrases that are tried in them."""


class TooLong(Exception):
    """A sentence has more readings than are looked at."""


class Body:
    """The conditions of one sentence."""

    def __init__(self, reader: Reader, deeds: Deeds, states: States) -> None:
        self.reader, self.deeds, self.tokens = reader, deeds, reader.tokens
        self.kept: dict[tuple[int, int, tuple[str, ...]], tuple[Piece, ...]] = {}
        self.leaves: dict[tuple[int, int], tuple[Said, ...]] = {}
        self.crowd = Crowd(reader)
        self.states, self.reads, self.joints = states, 0, Joints(reader, self.crowd, deeds.whens)
        self.is_cut = False
        self.links = sum(one.folded in _JOINS for one in self.tokens)
        self.story = Steps(reader, deeds)

    def read(self, at: int, stop: int, before: tuple[str, ...] = ()) -> tuple[Piece, ...]:
        """What a stretch says, behind deeds of these events."""
        key = (at, stop, before)
        if key not in self.kept:
            self.reads += 1
            if self.reads > _READS or self.deeds.spent > _STEPS:
                raise TooLong
            self.kept[key] = ()  # a stretch within itself says nothing
            found = tuple(dict.fromkeys(self._read(at, stop, before)))
            self.is_cut = self.is_cut or len(found) > _MOST
            self.kept[key] = found[:_MOST]
        return self.kept[key]

    @property
    def cut(self) -> bool:
        """Whether readings were left out because there were many."""
        return self.is_cut or self.deeds.cut

    def sentence(self) -> Iterator[Said]:
        """What the whole sentence says."""
        stop = len(self.tokens)
        said = [one.folded for one in self.tokens]
        if any(one in EXCEPTED and said[i + 1 : i + 2] == ["but"] for i, one in enumerate(said)):
            return
        if sum(one in _JOINS for one in said) > _LINKS or sum(one in WHO for one in said) > _LINKS // 2:
            return
        again = (i for i in range(1, len(said) - 1) if said[i] == "not" and said[i - 1] in ("but", "and"))
        if self.links > 1 and any(self.deeds.whens.at(i + 1) for i in again):
            return  # which of several is denied in that time, nobody says
        whole = f" {' '.join(said)} "
        if any(f" {fold(name)} " in whole for name in self.deeds.constants):  # `within 7 days of launch`, a moment
            return
        if _IN_A_TIME.search(whole) and any(any(self.deeds.verbs.denial(i, i + 3)) for i in range(stop)):
            return  # `never twice in a month`: in any, and not in the last alone
        yield from (one.said for one in self.people(0, stop))

    def people(self, at: int, stop: int, before: tuple[str, ...] = ()) -> Iterator[Piece]:
        """What is said of people, behind words for them and kinds of them."""
        yield from self.read(at, stop, before)
        for end in range(at + 1, min(stop, at + _KIND + 4)):
            if self.tokens[end].folded in OF_LISTS or any(self.reader.people.people(end, end + 1)):
                continue  # `vip customers`: the word for people goes with the one before
            for kind in self.crowd.people(at, end):
                for one in self._behind(end, stop) if not self._of_many(kind) else ():
                    yield Piece(joined((kind, one.said), "AND"), one.deed) if kind.text else one

    def _of_many(self, said: Said) -> bool:
        """Whether a condition compares people with each other: others beside it may say with whom."""
        return said.text.startswith((f"{word('TOP', 'top')} ", f"{word('TOP', 'bottom')} ", f"{word('RANDOM')} "))

    def _behind(self, at: int, stop: int) -> Iterator[Piece]:
        if self.tokens[at].folded in ("and", "or", "nor"):
            return
        start = at + (self.tokens[at].folded in WHO and at + 1 < stop)
        yield from self.read(start, stop)

    def _read(self, at: int, stop: int, before: tuple[str, ...]) -> Iterator[Piece]:
        if at >= stop:
            return
        at += self.tokens[at].folded == "who" and at + 1 < stop
        while 0 < at < stop - 1 and (
            self.tokens[at].folded == "," or self.tokens[at].folded in ("but", "and", "also", "who")
        ):
            at += 1
        while stop - 1 > at and self.tokens[stop - 1].folded == ",":
            stop -= 1
        whole = False
        for said in self._leaf(at, stop):
            whole = True
            yield Piece(said)
        if not self._has_link(at, stop) or not whole:
            for deed in self.deeds.read(at, stop, before):
                for said in deed.said():
                    whole = True
                    yield Piece(said, deed, alone=True)
        for said in self.states.read(at, stop):
            whole = True
            yield Piece(said)
        yield from self._neither(at, stop)
        told = [*islice(self.story.said(at, stop), _MOST)]
        yield from (Piece(one) for one in told)
        for link in range(at + 1, stop - 1):
            if join := _JOINS.get(self.tokens[link].folded):
                yield from self._linked(at, link, stop, join, before)
        if not whole:
            for mid in range(at + 1, stop):
                if self.tokens[mid].folded in BESIDE and self.tokens[mid - 1].folded not in _JOINS:
                    yield from self._beside(at, mid, stop)

    def _has_link(self, at: int, stop: int) -> bool:
        return any(one.folded in _JOINS for one in self.tokens[at:stop])

    def _beside(self, at: int, mid: int, stop: int) -> Iterator[Piece]:
        """`bought beans living in Germany`: two conditions side by side."""
        if self.tokens[mid].folded in ("in", "from", "of") and self.deeds.is_thing(mid + 1, stop):
            return
        if any(one.folded in OF_MANY for one in self.tokens[at:mid]) or self.deeds.whens.at(mid):
            return
        if self.reader.leaves_out(at, mid):
            return  # `vips except people in Germany`: it is said of those
        for first in self.read(at, mid):
            if self._of_many(first.said):
                continue
            start = mid + (self.tokens[mid].folded in WHO and mid + 1 < stop)
            before = (first.deed.event,) if first.deed and self.tokens[mid].folded in OF_IT else ()
            several = self.read(start, stop, before) if not first.said.join else ()
            for other in several if first.deed else (one for one in several if not (one.deed and one.deed.same)):
                said, is_who = joined((first.said, other.said), "AND"), self.tokens[mid].folded in ("who", "whose")
                yield Piece(said if is_who and not self.joints.denies(at, mid) else said.unsure(), other.deed)

    def _leaf(self, at: int, stop: int) -> tuple[Said, ...]:
        """What the patterns read, without words that say how somebody stands now."""
        if (at, stop) not in self.leaves:
            self.leaves[at, stop] = tuple(islice(dict.fromkeys(self._patterns(at, stop)), 4))
        return self.leaves[at, stop]

    def _patterns(self, at: int, stop: int) -> Iterator[Said]:
        starts, ends, people = [at], [stop], self.reader.people
        if self.tokens[at].folded in ("in", "from", "of") and self.deeds.is_thing(at + 1, stop):
            return
        while starts[-1] + 1 < stop and self.tokens[starts[-1]].folded in LEADING:
            starts.append(starts[-1] + 1)
        for form in TRAILING:
            if stop - len(form) > at and tuple(t.folded for t in self.tokens[stop - len(form) : stop]) == form:
                ends.append(stop - len(form))
        if at and self.tokens[stop - 1].folded in ("it", "them"):
            return  # no pattern knows what that is
        yield from self._is_not(at, stop)
        for start in starts:
            for end in ends:
                if end > start and self.tokens[end - 1].text != "us":  # `from us` is from nowhere
                    found = [one for one in islice(self.reader.clause(start, end), 4) if self.reader.taken(one.text)]
                    if any(self.tokens[i].folded in NOW for i in range(at, start)):
                        found = [one for one in found if people.standing.is_now(one.text)]
                    yield from found
                    if found:
                        return

    def _is_not(self, at: int, stop: int) -> Iterator[Said]:
        """`isn't tagged wholesale`: how somebody does not stand."""
        at += self.tokens[at].folded in ("is", "are") and at + 1 < stop
        if self.tokens[at].folded in IS_NOT and at + 1 < stop:
            for one in self.reader.clause(at + 1, stop):
                if not one.join and self.reader.people.standing.is_now(one.text) and self.reader.taken(one.text):
                    yield one.denied()

    def _neither(self, at: int, stop: int) -> Iterator[Piece]:
        if self.tokens[at].folded != "neither":
            return
        for nor in range(at + 2, stop - 1):
            if self.tokens[nor].folded == "nor":
                for one in self.read(at + 1, nor):
                    for other in self.read(nor + 1, stop, (one.deed.event,) if one.deed else ()):
                        note, deed, last = "neither of them", one.deed, other.deed
                        if deed and last and last.around.window and not deed.around.window:
                            shared = replace(deed, around=replace(deed.around, window=last.around.window))
                            none = joined((denied(Piece(one.said, shared)), denied(other)), "AND")
                            yield Piece(none.unsure("both in that time"))
                            note = "of the second alone"
                        yield Piece(joined((denied(one), denied(other)), "AND").unsure(note))

    def _linked(self, at: int, link: int, stop: int, join: str, before: tuple[str, ...]) -> Iterator[Piece]:
        start = link + 1
        is_not = self.tokens[link].folded == "but" and self.tokens[start].folded == "not" and start + 1 < stop
        if is_not and any(self.reader.people.people(start + 1, start + 2)):
            join, start = "NOT", start + 1  # `but not customers in Germany`: except those
        if join == "THEN" or (join == "," and self.tokens[start].folded in _JOINS):
            return
        for i in range(at + 1, link):
            if (
                _JOINS.get(self.tokens[i].folded) == "NOT"
                and self._is_listed(i + 1, stop)
                and self._none_of(i + 1, stop)
            ):
                return  # the whole list is left out
        if join == "NOT":
            none = self._none_of(start, stop)
            for first in self.read(at, link) if none else ():
                is_all = first.said.text == word("EVERYONE")
                yield Piece(none if is_all else joined((first.said, none), "AND")) if none else first
            if none and self._is_listed(start, stop):
                return
            for first in self.read(at, link):
                for kind in (*self.crowd.people(start, stop), *(one.said for one in self.people(start, stop))):
                    if kind.text:
                        left_out = joined((first.said, kind.denied()), "AND")
                        is_one = first.said.join != "OR" and kind.join != "AND"
                        yield Piece(left_out if is_one else left_out.unsure())
            return
        is_who = self.tokens[start].folded in ("whose", "who", "that")
        if join == "OR" and not is_who and self._is_of_people(at, link) and not self._begins_people(start, stop):
            return  # `vips who ordered or clicked`: the vips do both
        for first in self.read(at, link, before):
            deed = first.deed
            events = (deed.event,) if deed else ()
            if is_who:
                others = tuple(self.people(start + 1, stop))
            else:
                others = self.read(start, stop, events)
            for other in others:
                if deed is None and other.deed and other.deed.same:
                    continue  # nobody said what it is
                is_again = other.deed and other.deed.borrowed and other.deed.denied
                if is_again and (self.links > 1 or (deed and deed.denied)):
                    continue  # which of them is denied again, nobody says
                if other.again and (deed is None or deed.around.window):
                    continue
                sure = self.joints.is_sure(first.said, other.said, at, link, (deed, other.deed))
                yield from self._in_front(first, other, join, at)
                yield from both(first, other, join, sure, not is_who and self._is_open(link, stop))

    def _is_open(self, link: int, stop: int) -> bool:
        """Whether a denial before a word that joins may reach on: behind a comma, where `or` ends the list."""
        ends = (one.folded for one in self.tokens[link + 1 : stop] if one.folded in ("and", "but", "or", "nor"))
        return self.tokens[link].text != "," or next(ends, "") in ("or", "nor")

    def _is_of_people(self, at: int, stop: int) -> bool:
        """Whether a stretch says of people what they do: `vips who ordered`."""
        return any(one.folded == "who" for one in self.tokens[at + 1 : stop])

    def _begins_people(self, at: int, stop: int) -> bool:
        """Whether others begin there: `Germans who ordered`."""
        return any(any(self.crowd.people(at, end)) for end in range(at + 1, min(stop, at + _KIND) + 1))

    def _in_front(self, first: Piece, other: Piece, join: str, at: int) -> Iterator[Piece]:
        """`in 2025 ordered and clicked an sms`: a time in front of both may be that of both."""
        one, two = first.deed, other.deed
        if one and two and other.alone and one.around.window and not two.around.window and self.joints.is_in_front(at):
            for said in replace(two, around=replace(two.around, window=one.around.window)).said():
                yield Piece(joined_as(first.said, said, join, first, other).unsure("both in that time"), two)

    def _is_listed(self, at: int, stop: int) -> bool:
        return any(one.text == "," for one in self.tokens[at:stop])

    def _none_of(self, at: int, stop: int) -> Said | None:
        """`vips, beta testers and Germans`: kinds of people, none of whom is meant."""
        ends = [i for i in range(at, stop) if self.tokens[i].folded in ("and", "or", ",")]
        kinds: list[Said] = []
        for begin, end in zip([at, *(i + 1 for i in ends)], [*ends, stop], strict=True):
            found = (*self.reader.kinds(begin, end), *self.crowd.kinds(begin, end)) if begin < end else ()
            if begin < end and not found:
                return None
            kinds += found[:1]
        return joined((one.denied() for one in kinds), "AND").unsure("none of them") if len(kinds) > 1 else None


__all__ = ["Body", "Piece", "TooLong"]
