"""The gaps of the patterns that need the catalog, or the whole sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from ..parser.builders.literals import month_and_day
from ..words import say, word, words
from . import beside, denials
from .changes import now_and_then
from .days import stretch
from .forms import Slot
from .lexicon import Lexicon, is_article, stems
from .people import People
from .said import Said
from .shares import deeds_using
from .slots import is_end
from .telling import Around
from .tokens import Token
from .verbs import Verbs
from .vocabulary import all_of, is_small, meanings

_FEW = 4
"""Words of a name or a value that nobody has to know."""


class Gaps:
    """What stands in them, by the words of one sentence: each way to read it, and where it ends."""

    text: str
    tokens: tuple[Token, ...]
    lexicon: Lexicon
    verbs: Verbs
    people: People
    slots: Mapping[str, Slot]
    kinds: Callable[[int, int], tuple[Said, ...]]
    taken: Callable[[str], bool]
    today: date

    def _around(self, at: int, stop: int, found: Mapping[str, Any]) -> Iterator[tuple[int, Any]]:
        """What stands behind an event, up to what joins it to another."""
        for end in range(at, stop):
            if is_end(self.tokens[end].folded) or self.tokens[end].folded in ("without", "every", "each", "then"):
                for around in self.verbs.around(found["a"], at, end):
                    yield end, around

    def _rest(self, at: int, stop: int, found: Mapping[str, Any]) -> Iterator[tuple[int, Any]]:
        """What stands behind an event that was spoken of before, to the end."""
        for around in self.verbs.around(found["a"], at, stop) if at < stop else ():
            yield stop, around

    def _next(self, at: int, stop: int, found: Mapping[str, Any]) -> Iterator[tuple[int, Any]]:
        """The same of another thing, up to a word that says when."""
        for end in range(at + 1, stop):
            if self.tokens[end].folded in ("afterwards", "after", "since", "later"):
                yield from ((end, around) for around in self.verbs.around(found["a"], at, end))

    def _one(self, at: int, stop: int, found: Mapping[str, Any]) -> Iterator[tuple[int, Any]]:
        """One thing that an event was about."""
        for end in range(at + 1, stop + 1):
            if end == stop or self.tokens[end].folded == "nor":
                for around in self.verbs.around(found["e"], at, end):
                    if around == Around(tests=around.tests, sure=around.sure) and around.tests:
                        yield end, around

    def _kind(self, at: int, stop: int, _: Mapping[str, Any]) -> Iterator[tuple[int, Said]]:
        """People of a kind, to the end."""
        for said in self.kinds(at, stop) if at < stop else ():
            yield stop, said

    def _kind_only(self, at: int, stop: int, _: Mapping[str, Any]) -> Iterator[tuple[int, Said]]:
        """People of a kind, before `only` at the end."""
        if stop - at > 1 and self.tokens[stop - 1].folded == "only":
            yield from ((stop - 1, said) for said in self.kinds(at, stop - 1))

    def _first_kind(self, at: int, stop: int, _: Mapping[str, Any]) -> Iterator[tuple[int, Said]]:
        """People of a kind, before another one."""
        for end in range(at + 1, stop - 1):
            if self.tokens[end].folded in ("and", "or"):
                yield from ((end, said) for said in self.kinds(at, end))

    def _with_it(self, at: int, stop: int, _: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
        """`add it to the cart`: an event around what was spoken of before, to the end."""
        if at + 2 < stop and self.tokens[at + 1].folded in ("it", "them", "one"):
            rest = [one.text for one in self.tokens[at + 2 : stop] if not is_article(one.folded)]
            yield from ((stop, name) for name in self.lexicon.events_called(" ".join((self.tokens[at].text, *rest))))

    def _put(self, at: int, stop: int, _: Mapping[str, Any]) -> Iterator[tuple[int, tuple[str, Around]]]:
        """`added Molen to the cart`: an event around the thing that it was about."""
        for mid in range(at + 2, min(stop - 1, at + _FEW + 2)):
            if self.tokens[mid].folded not in ("to", "in", "into"):
                continue
            for end in range(min(stop, mid + _FEW), mid + 1, -1):
                rest = [one.text for one in self.tokens[mid:end] if not is_article(one.folded)]
                for event in self.lexicon.events_called(" ".join((self.tokens[at].text, *rest))):
                    yield from ((end, (event, around)) for around in self.verbs.around(event, at + 1, mid))

    def _so_many(self, at: int, stop: int, _: Mapping[str, Any]) -> Iterator[tuple[int, tuple[str, tuple[str, ...]]]]:
        """`received 5 emails`: an event around a number, of what is no thing of its own, and the number."""
        for mid, compared in self.slots["compared"](at + 1, stop, {}) if at < stop else ():
            for end in range(mid + 1, min(stop, mid + 3) + 1):
                for event in self.lexicon.split(at, end, at + 1, mid):
                    if compared[1].isdigit() and not self.lexicon.counted(event, self.tokens[end - 1].folded):
                        yield end, (event, compared)

    def _as_many(self, at: int, stop: int, _: Mapping[str, Any]) -> Iterator[tuple[int, tuple[str, str, str]]]:
        """`opened more than twice as many emails`: the event, a sign or `*` where none is said, and how many times."""
        starts = [(at + 1, "*"), *self.verbs.slots.signs(at + 1, stop)] if at < stop else []
        for start, sign in starts:
            for mid, factor in self.verbs.slots.factor(start, stop):
                if tuple(one.folded for one in self.tokens[mid : mid + 2]) == ("as", "many"):
                    for end in range(mid + 3, min(stop, mid + 4) + 1):
                        for event in self.lexicon.split(at, end, at + 1, mid + 2):
                            yield end, (event, sign, factor)

    def _done(self, at: int, stop: int, _: Mapping[str, Any]) -> Iterator[tuple[int, tuple[str, Around]]]:
        """What was done, with all that is said of it: each way to end."""
        for end in range(at + 1, stop + 1):
            yield from ((end, deed) for deed in denials.deeds(self.verbs, at, end))
        for end, (name, value) in self.slots["used"](at, stop, {}):
            yield from ((end, deed) for deed in deeds_using(self.verbs, name, value))

    def _message(self, at: int, stop: int, _: Mapping[str, Any]) -> Iterator[tuple[int, tuple[str, Around]]]:
        """`opened the spring email`: a message by its title, with what is said of it: each way to end."""
        for mid, event, test in (*self.verbs.titled(at, stop), *self.verbs.linked(at, stop)):
            bare = Around(tests=(test,), sure=False)
            for end in range(mid, stop):
                if is_end(self.tokens[end].folded) or self.tokens[end].folded == "without":
                    yield from ((end, (event, one)) for one in self.verbs.around(event, mid, end, bare))

    def _bare(self, at: int, stop: int, found: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
        """`click`, behind `opened an email`: what the verb is said of was said before."""
        noun = found["a"].partition(" ")[2]
        for event in self.lexicon.begun(self.tokens[at].folded) if at < stop and noun else ():
            if event.partition(" ")[2] == noun and event != found["a"]:
                yield at + 1, event

    def _same(self, at: int, stop: int, _: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
        """`opened the same email`: an event around `the same`, of what is no thing of its own."""
        if tuple(one.folded for one in self.tokens[at + 1 : at + 3]) == ("the", "same"):
            for end in range(at + 4, min(stop, at + 5) + 1):
                for event in self.lexicon.split(at, end, at + 1, at + 3):
                    if not self.lexicon.counted(event, self.tokens[end - 1].folded):
                        yield end, event

    def _put_many(self, at: int, stop: int, _: Mapping[str, Any]) -> Iterator[tuple[int, Any]]:
        """`added 3 products to the cart`: an event around so many of its things: the thing, the number, whether they
        are said to differ.
        """
        for mid, compared in self.slots["compared"](at + 1, stop, {}) if at < stop else ():
            differ = mid < stop and self.tokens[mid].folded in ("different", "distinct", "separate")
            start = next((i for i in range(mid, stop) if self.tokens[i].folded in ("to", "in", "into")), stop)
            if start >= stop or not compared[1].isdigit():
                continue
            for end in range(min(stop, start + _FEW), start + 1, -1):
                rest = [one.text for one in self.tokens[start:end] if not is_article(one.folded)]
                for event in self.lexicon.events_called(" ".join((self.tokens[at].text, *rest))):
                    thing = self.lexicon.counted(event, self.tokens[start - 1].folded)
                    valued = [tests for last, tests, _ in self.verbs.thing(event, mid + differ, start) if last == start]
                    if thing and (start == mid + differ + 1 or valued):
                        yield end, (event, thing, compared, differ, valued[0] if valued else ())

    def _one_of(self, *words: str) -> Slot:
        def slot(at: int, stop: int, _: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
            if at < stop and self.tokens[at].folded in words:
                yield at + 1, self.tokens[at].folded

        return slot

    def _here(self, at: int, stop: int, _: Mapping[str, Any]) -> Iterator[tuple[int, int]]:
        yield at, at

    def _few(self, at: int, stop: int, _: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
        """A few words, none of which joins conditions, and the first says something by itself."""
        if at < stop and (is_small(self.tokens[at].folded) or is_article(self.tokens[at].folded)):
            return
        for end in range(at + 1, min(stop, at + _FEW) + 1):
            if is_end(self.tokens[end - 1].folded) or self.tokens[end - 1].folded == "not":
                return
            yield end, self.lexicon.words(at, end)

    def _code(self, at: int, stop: int, _: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
        """One word that may be a text: none that joins conditions, begins a window or is small in any sentence."""
        said = self.tokens[at].folded if at < stop else ""
        is_small = is_end(said) or said in all_of("NO_TEXT")
        if said[:1].isalnum() and not is_small and not any(self.slots["window"](at, stop, {})):
            yield at + 1, self.tokens[at].text

    def _yearly(self, at: int, stop: int, _: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
        """Days without a year, to the end: `March 3`, `between March 1 and March 5`; of this year, as of any."""
        said = self.lexicon.words(at, stop).casefold()
        both = re.fullmatch(r"(?:between|from) (.+?) (?:and|to|until|till|through) (.+)", said)
        found = [month_and_day(one) for one in (both.groups() if both else (said,))]
        try:
            days = [date(self.today.year, *one) for one in found if one]
        except ValueError:
            return
        if len(days) == len(found):
            first, *last = days
            yield stop, say("BETWEEN {} AND {}", str(first), str(last[0])) if last else say("ON {}", str(first))

    def _month(self, at: int, stop: int, _: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
        """A month by its name, as its number."""
        if at < stop and (number := words().senses["MONTH"].get(self.tokens[at].folded)):
            yield at + 1, number

    def _year(self, at: int, stop: int, _: Mapping[str, Any]) -> Iterator[tuple[int, int]]:
        """A year: `this year`, `in 2027`."""
        said = self.lexicon.words(at, min(stop, at + 2)).casefold().split()
        if said[:2] in (["this", "year"], ["last", "year"], ["next", "year"]):
            yield at + 2, self.today.year + {"last": -1, "this": 0, "next": 1}[said[0]]
        elif len(said) == 2 and said[0] == "in" and re.fullmatch(r"20\d\d", said[1]):
            yield at + 2, int(said[1])

    def _stretch(self, at: int, stop: int, _: Mapping[str, Any]) -> Iterator[tuple[int, tuple[date, date]]]:
        """`next month`, to the end: its first and last day."""
        if found := stretch(self.lexicon.words(at, stop).casefold(), self.today):
            yield stop, found

    def _having(self, at: int, stop: int, _: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
        yield from self._one_of("has", "have", "had", "having", "with", "made", "placed")(at, stop, {})

    def _around_place(self, at: int, stop: int, _: Mapping[str, Any]) -> Iterator[tuple[int, Said]]:
        """A condition on places as SegQL has it: `within 10 km of ..`."""
        if at < stop and self.tokens[at].folded in ("within", "near"):
            said = self.text[self.tokens[at].start : self.tokens[stop - 1].end]
            if self.taken(said):
                yield stop, Said(said)

    def _abandoned(self, at: int, stop: int, _: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
        """What was begun: `checkout`, `cart`."""
        for name in self.lexicon.catalog.events if at < stop else ():
            through = {name.casefold() for name in self.lexicon.catalog.channels}
            if self.tokens[at].folded == (said := name.casefold().split()[-1]) and said not in through:
                yield at + 1, name

    def _crowded(self, at: int, stop: int, _: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
        """`people from ..`, before what is left out."""
        yield at, ""
        if at + 1 < stop and self.tokens[at].folded == "those":
            yield at + 1 + (self.tokens[at + 1].folded in ("from", "in", "living")), "those"
        for end, said in self.people.people(at, stop):
            yield end, said
            yield end + (end < stop and self.tokens[end].folded in ("from", "in", "living", "who")), said
        if at < stop and self.tokens[at].folded in ("from", "in", "living", "for"):
            yield at + 1, self.tokens[at].folded

    def _way(self, at: int, stop: int, _: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
        """`more`, `fewer`: the sign of a comparison."""
        for sign in (">", "<") if at < stop else ():
            if self.tokens[at].folded in all_of("WAY", sign):
                yield at + 1, sign

    def _consent(self, at: int, stop: int, _: Mapping[str, Any]) -> Iterator[tuple[int, bool]]:
        """Words for having said yes, or not."""
        for end in range(min(stop, at + 4), at, -1):
            said = " ".join(token.folded for token in self.tokens[at:end])
            for sense in ("yes", "no"):
                if said in all_of("CONSENT", sense):
                    yield end, sense == "yes"

    def _split(self, at: int, stop: int, _: Mapping[str, Any]) -> Iterator[tuple[int, tuple[str, str]]]:
        """`opens more emails`: an event around a comparison, and its sign."""
        for mid in range(at + 1, min(stop, at + 3)):
            for start, sign in self._way(mid, stop, {}):
                for end in range(start + 1, min(stop, start + 3) + 1):
                    for event in self.lexicon.split(at, end, mid, start):
                        yield end, (event, sign)

    def _other(self, at: int, stop: int, found: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
        """`than clicked`, behind `opened more emails`."""
        first = found["s"][0] if "s" in found else found["e"]
        if at < stop and self.tokens[at].folded == "than":
            yield from beside.other(self.verbs, first, at + 1, stop)

    def _others(self, at: int, stop: int, found: Mapping[str, Any]) -> Iterator[tuple[int, Any]]:
        """`, sms or push`, behind `clicked email`."""
        yield from beside.others(self.verbs, found["a"], at, stop)

    def _paid_for(self, at: int, stop: int, found: Mapping[str, Any]) -> Iterator[tuple[int, tuple[str, str]]]:
        """`on beans`, behind `spent over $50`: the event that the measure is of, and what is tested of its items."""
        metric = self.lexicon.catalog.metrics.get(found["m"])
        if metric is None or at + 1 >= stop or self.tokens[at].folded not in ("on", "for", "buying"):
            return
        of = metric.value.rsplit(f" {word('OF')} ", 1)[-1]
        for event in self.lexicon.events_called(of):
            for end, tests, _ in self.verbs.thing(event, at + 1, stop):
                yield from ((end, (event, one)) for one in tests[:1] if len(tests) == 1)

    def _ordinal(self, at: int, stop: int, _: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
        if at < stop and (number := meanings("ORDINAL").get(self.tokens[at].folded)):
            yield at + 1, number

    def _then(self, at: int, stop: int, _: Mapping[str, Any]) -> Iterator[tuple[int, tuple[str, str, bool]]]:
        """`last year`, `3 months ago`, behind `than`: the time that is compared with it, and it."""
        if at < stop and (both := now_and_then(self.lexicon.words(at, stop).casefold())):
            yield stop, both

    def _reason(self, at: int, stop: int, _: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
        if at < stop and self.tokens[at].folded in all_of("REASON"):
            yield at + 1, self.tokens[at].folded

    def _labels(self, at: int, stop: int, _: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
        """A list of labels by its name: `tags`."""
        for end, name in self.people.property(at, stop):
            if self.lexicon.profile[name].type == "list of text":
                yield end, name

    def _share(self, at: int, stop: int, _: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
        yield from self.slots["percent"](at, stop, {})
        yield from self.slots["number"](at, stop, {})

    def _crowd(self, at: int, stop: int, _: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
        """Whom a rank is of: people, or who does something."""
        yield from self.people.people(at, stop)
        yield from self._agent(at, stop, {})

    def _agent(self, at: int, stop: int, _: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
        if at < stop and self.people.does(self.tokens[at].folded):
            yield at + 1, self.tokens[at].folded

    def _tagging(self, at: int, stop: int, _: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
        """`tagged`: a list by what is done with it."""
        for name, part in self.lexicon.profile.items() if at < stop else ():
            named = {stem for one in (name, *part.also) for stem in stems(one.casefold())}
            plural = self.tokens[at].folded in {name.casefold(), *(f"{one}s" for one in named)}
            if part.type == "list of text" and not plural and not named.isdisjoint(stems(self.tokens[at].folded)):
                yield at + 1, name
