"""What people did: an event by its verb or its noun, and what stands around it, in any order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ..catalog.forms import bases, irregular
from ..catalog.parts import Property
from ..formatter import format_name
from ..words import say, spellings, word
from .lexicon import Lexicon, is_article, quoted
from .qualities import Qualities
from .said import Said
from .slots import Slots
from .telling import Around, all_tests, one_item, told
from .unknown import Unknown

_FILLERS = frozenset({"yet", "ever", "already", "anything", "something", "us", "also", "altogether", "overall"})
_FILLED = (("at", "all"), ("from", "us"), ("with", "us"), ("in", "total"))
_HELPING = frozenset(
    {"have", "has", "had", "having", "did", "do", "was", "were", "been", "be", "already", "also", "are", "is"}
)
_OF = frozenset({"of", "from", "by", "in", "with", "for", "on"})
_WITH = frozenset({"with", "using", "used", "has", "having", "had", "contains"})
_THROUGH = frozenset({"in", "via", "through", "on", "by", "using", "to", "from", "with", "over"})
_NOUNS = frozenset({"product", "products", "item", "items", "thing", "things", "stuff", "one", "ones"})
_NO_NAME = _THROUGH | _WITH | {"and", "or", "but", "never", "not", "then", "who", "that", ",", "at", "it", "only", "as",
                               "except", "excluding", "without",
                               "no", "for", "of", "more", "less", "least", "most", "worth"}  # fmt: skip
_CALENDAR = frozenset(spellings("MONTH"))
_DOES_NOT = (("don't",), ("doesn't",), ("do", "not"), ("does", "not"), ("not",), ("without",))


_NOTHING = Around()
_FEW = 4
"""Events that a verb alone may be."""


class Verbs(Qualities):
    """Conditions on what happened, from the words of one sentence."""

    def __init__(self, lexicon: Lexicon, slots: Slots, unknown: Unknown | None = None) -> None:
        self.lexicon, self.slots, self.unknown, self.tokens = lexicon, slots, unknown, lexicon.tokens

    def denial(self, at: int, stop: int, _: Mapping[str, Any] | None = None) -> Iterator[tuple[int, str]]:
        """`never`, `didn't`, `has not`: that it did not happen."""
        for end in range(min(stop, at + 4), at, -1):
            said = tuple(token.folded for token in self.tokens[at:end])
            if " ".join(said) in (*spellings("DENIED"), *spellings("NEVER")) or said in _DOES_NOT:
                yield end, " ".join(said)

    def event(self, at: int, stop: int, _: Mapping[str, Any] | None = None) -> Iterator[tuple[int, str]]:
        """An event by its verb, behind `have`, `did`, `was`."""
        while at < stop and self.tokens[at].folded in _HELPING:
            at += 1
        yield from self.lexicon.events(at, stop)
        begun = self.lexicon.begun(self.tokens[at].folded) if at < stop else []
        if begun:
            yield from self.lexicon.parted(at, stop)
        if len(begun) == 1 and self.is_past(at) and not any(self.lexicon.events(at, stop)):
            yield at + 1, begun[0]

    def did(self, at: int, stop: int, _: Mapping[str, Any] | None = None) -> Iterator[tuple[int, str]]:
        """An event by its verb alone, or with what is done: `bought`, `viewed`."""
        yield from self.event(at, stop)
        while at < stop and self.tokens[at].folded in _HELPING:
            at += 1
        if at < stop and not self.lexicon.events_called(self.tokens[at].text):
            yield from ((at + 1, event) for event in self.lexicon.begun(self.tokens[at].folded))

    def something(self, at: int, stop: int, _: Mapping[str, Any] | None = None) -> Iterator[tuple[int, str]]:
        """An event by its verb, with nothing said of what: `returned something`."""
        for end, event in self.did(at, stop) if at < stop else ():
            if end < stop and self.tokens[end].folded in ("something", "anything"):
                yield end + 1, event

    def noun(self, at: int, stop: int, _: Mapping[str, Any] | None = None) -> Iterator[tuple[int, str]]:
        """An event by its noun."""
        if at < stop and is_article(self.tokens[at].folded):
            at += 1
        yield from self.lexicon.nouns(at, stop)

    def kinded(self, at: int, stop: int, found: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
        """What kinds of things an event is about, by the name of a property: `brands`."""
        own, items = self.lexicon.things(found["e"])
        yield from self.lexicon.named({**own, **items}, at, stop)

    def held(self, at: int, stop: int, _: Mapping[str, Any] | None = None) -> Iterator[tuple[int, str]]:
        """A property that an event may have: `coupon`."""
        at += at < stop and is_article(self.tokens[at].folded)
        catalog = self.lexicon.catalog
        if at < stop and self.lexicon.is_verb(self.tokens[at].folded):  # `refunds` happen
            return
        parts = {name: part for event in catalog.events.values() for name, part in event.properties.items()}
        yield from self.lexicon.named(parts, at, stop)

    def is_past(self, at: int) -> bool:
        """Whether a word is a verb of what was: `bought`, where `order` is none."""
        return self.tokens[at].folded.endswith("ed") or self.tokens[at].folded in irregular()

    def done(self, at: int, stop: int) -> Iterator[Said]:
        """A whole stretch about one event: what was done, or was not."""
        starts = [(at, False), *((end, True) for end, _ in self.denial(at, stop))]
        for start, denied in starts:
            for end, event in self.event(start, stop):
                for around in self.around(event, end, stop):
                    yield from told(event, around, denied)
            for end, event, test in (*self.titled(start, stop), *self.linked(start, stop)):
                for around in self.around(event, end, stop, Around(tests=(test,), sure=False)):
                    yield from told(event, around, denied)
            yield from self._by_verb(start, stop, denied)

    def _by_verb(self, at: int, stop: int, denied: bool) -> Iterator[Said]:
        """`viewed Espresso`: of all that is viewed, what has such a thing."""
        while at < stop and self.tokens[at].folded in _HELPING:
            at += 1
        if at >= stop or self.lexicon.events_called(self.tokens[at].text):
            return
        found = self.lexicon.begun(self.tokens[at].folded)
        spoken = {base for token in self.tokens[:at] for base in bases(token.folded)}
        alike = [event for event in found if event.casefold().split()[-1] in spoken]  # `got a text but did not click`
        for event in alike if at + 1 == stop and alike else found:
            for around in self.around(event, at + 1, stop):
                if around.tests or around.each or around.either:
                    yield from told(event, around, denied)
                elif self.unknown and len(found) <= _FEW:
                    yield from (one.unsure() for one in told(event, around, denied))

    def around(self, event: str, at: int, stop: int, found: Around = _NOTHING) -> Iterator[Around]:
        """Every way to read what stands behind an event."""
        if at == stop:
            yield found
            return
        for end, more in self._part(event, at, stop, found):
            if end <= stop:
                yield from self.around(event, end, stop, more)

    def _part(self, event: str, at: int, stop: int, found: Around) -> Iterator[tuple[int, Around]]:
        if self.tokens[at].folded in _FILLERS:
            yield at + 1, found
        if at + 1 == stop and self.tokens[at].folded in ("each", "apiece") and found.tests:
            yield stop, found  # `two orders of at least $100 each`
        if at + 1 == stop and self.tokens[at].folded == "instead":
            yield stop, replace(found, sure=False)
        filled = tuple(token.folded for token in self.tokens[at : at + 2])
        if filled in _FILLED and not found.tests and not (found.window and filled == ("so", "far")):
            yield at + 2, found
        if not found.window:
            for end, window in self.slots.window(at, stop):
                yield end, replace(found, window=window)
        if not found.times:
            for end, times in self.slots.times(at, stop):
                yield end, replace(found, times=times)
        for end, tests, each, either, certain in self._things(event, at, stop):
            others = tuple(self._otherwise(tests, at, found))
            yield from ((end, one) for one in others)
            sure = certain and not others
            if tests and found.tests and (one := one_item(found.tests[-1], tests[0])) and len(tests) == 1:
                yield end, replace(found, tests=(*found.tests[:-1], one), sure=found.sure and sure)
                continue
            told_of = {one.split(" ")[0] for one in found.tests} - {word("ANY_ITEM", "any").split(" ")[0]}
            if not sure and any(one.split(" ")[0] in told_of for one in (*tests, *each, *either)):
                continue  # one text is not two
            if not ((each or either) and (found.each or found.either)):
                yield (
                    end,
                    replace(
                        found,
                        tests=(*found.tests, *tests),
                        each=found.each or each,
                        either=found.either or either,
                        sure=found.sure and sure and not found.tests,
                    ),
                )
        for end, test in (*self._hours(at, stop), *self._weekdays(at, stop)):
            yield end, replace(found, tests=(*found.tests, test))
        for end, test in self._item_amount(event, at, stop) if found.tests else ():
            if one := one_item(found.tests[-1], test):  # `a Molen product over $50`
                yield end, replace(found, tests=(*found.tests[:-1], one), sure=False)
        for end, test, sure in self._properties(event, at, stop):
            # `$50 of beans`: whether the beans are all that is paid for, nobody says.
            paid = any(test.startswith(f"{format_name(one)} ") for one in self.amounts(event))
            of_items = paid and any(one.startswith(word("ANY_ITEM", "any")) for one in found.tests)
            yield end, replace(found, tests=(*found.tests, test), sure=found.sure and sure and not of_items)
        for end, test in self.unknown.of_event(event, at, stop, aside=True) if self.unknown and not found.tests else ():
            yield end, replace(found, tests=(*found.tests, test), sure=False)

    def _otherwise(self, tests: tuple[str, ...], at: int, found: Around) -> Iterator[Around]:
        """`beans or grinders from Molen`: the last alone of them; `bought one grinder`: no more than one."""
        said, several = self.tokens[at].folded, found.either or found.each
        if len(tests) == 1 and several and said in _OF:
            parts = (*several[:-1], one_item(several[-1], tests[0]) or all_tests((several[-1], *tests)))
            yield replace(found, either=parts, sure=False) if found.either else replace(found, each=parts, sure=False)
        if tests and said in ("one", "1") and not (found.times or found.tests):
            yield replace(found, tests=tests, times="exactly once", sure=False)

    # --- things -----------------------------------------------------------------------------------------------------

    def thing(self, event: str, at: int, stop: int) -> Iterator[tuple[int, tuple[str, ...], bool]]:
        """One thing, behind words that narrow nothing."""
        yield from self._thing(event, self._over(at, stop), stop)

    def _things(
        self, event: str, at: int, stop: int
    ) -> Iterator[tuple[int, tuple[str, ...], tuple[str, ...], tuple[str, ...], bool]]:
        """One thing, one of several, or one and another."""
        is_both = at < stop and self.tokens[at].folded == "both"
        start = self._over(at + is_both, stop)
        for end, tests, sure in self._thing(event, start, stop):
            if not is_both:
                yield end, tests, (), (), sure
            several, link, last, all_sure = [all_tests(tests)], "", end, sure
            while last < stop and (behind := self._linked(last, stop)):
                after, said = behind
                more = next(iter(self._thing(event, self._over(after, stop), stop)), None)
                if more is None or (link and said and said != link):
                    break
                several.append(all_tests(more[1]))
                last, link, all_sure = more[0], said or link, all_sure and more[2]
                if link == "or":
                    yield last, (), (), tuple(several), all_sure
                elif link == "and":
                    yield last, (), tuple(several), (), all_sure

    def _over(self, at: int, stop: int) -> int:
        """The place behind words before a thing that narrow nothing: `products from`, `some`."""
        if at < stop and (is_article(self.tokens[at].folded) or self.tokens[at].folded in ("something", "anything")):
            at += 1
        if at < stop and self.tokens[at].folded in _NOUNS:
            at += 1
        if at < stop and self.tokens[at].folded in _OF:
            at += 1
        return at + 1 if at < stop and is_article(self.tokens[at].folded) else at

    def _linked(self, at: int, stop: int) -> tuple[int, str] | None:
        """Behind a comma, `or`, `and`: what joins two things, where it is said there."""
        said = self.tokens[at].folded
        if said == "," and at + 1 < stop:
            return self._linked(at + 1, stop) if self.tokens[at + 1].folded in ("or", "and") else (at + 1, "")
        return (at + 1, said) if said in ("or", "and") else None

    def _thing(self, event: str, at: int, stop: int) -> Iterator[tuple[int, tuple[str, ...], bool]]:
        """Tests that one thing fulfils: a value, or two of two properties, `Molen grinders`."""
        own, items = self.lexicon.things(event)
        for parts, of_items in ((items, True), (own, False)):
            for end, tests in self._values(parts, at, stop):
                text = all_tests(tests)
                yield end, (f"{word('ANY_ITEM', 'any')} ({text})",) if of_items else tests, True
        known = bool(list(self._values({**items, **own}, at, stop)))
        for end in self._names(event, at, stop):
            text = quoted(self.lexicon.words(at, end))
            if known and any(stop_ == end for stop_, _ in self._values({**items, **own}, at, stop)):
                continue
            for parts, of_items in ((items, True), (own, False)):
                for name, part in parts.items():
                    if part.type == "text" and not part.values:
                        test = f"{format_name(name)} {word('IS')} {text}"
                        yield end, (f"{word('ANY_ITEM', 'any')} ({test})" if of_items else test,), False

        # At last a text; of what no other word of the condition is said.
        for end, test in self.unknown.of_event(event, at, stop) if self.unknown else ():
            yield end, (test,), False

    def _values(self, parts: Mapping[str, Property], at: int, stop: int) -> Iterator[tuple[int, tuple[str, ...]]]:
        for name in parts:  # `brand Molen`
            words = name.split()
            if [token.folded for token in self.tokens[at : at + len(words)]] == [one.lower() for one in words]:
                for end, _, test in self.lexicon.value({name: parts[name]}, at + len(words), stop):
                    yield end, (f"{format_name(name)} {test}",)
        for end, name, test in self.lexicon.value(parts, at, stop):
            one = f"{format_name(name)} {test}"
            after = end + 1 if end < stop and self.tokens[end].folded in (*_NOUNS, *(n.lower() for n in parts)) else end
            yield after, (one,)
            others = {key: part for key, part in parts.items() if key != name}
            for last, other, second in self.lexicon.value(others, end, stop):
                yield last, (one, f"{format_name(other)} {second}")

    def _names(self, event: str, at: int, stop: int) -> Iterator[int]:
        """Where a name may end that stands directly behind a verb: at a word that goes on in another way."""
        if not self._is_name(at, stop) or self.tokens[at - 1].folded in _OF or self._is_known(at, stop):
            return
        if any(end == at for start in range(max(0, at - 2), at) for end, _ in self.lexicon.of_event(event, start, at)):
            return
        verb = at - 1 - (at > 1 and (is_article(self._at(at - 1)) or self._at(at - 1) == "the"))
        if any(self.titled(verb, stop)) or any(self.lexicon.of_event(event, at + 1, stop)):
            return
        end = at + 1
        while end < stop and self.tokens[end].folded not in _NO_NAME:
            if any(self.slots.window(end, stop)) or any(self.slots.times(end, stop)):
                break
            end += 1
        if end == stop or self.tokens[end].folded in _THROUGH | _WITH or self._may_follow(end, stop):
            yield end

    def _is_known(self, at: int, stop: int) -> bool:
        """Whether the first word means something else: a month, a day, a place."""
        catalog, said = self.lexicon.catalog, self.tokens[at].folded
        if said in _CALENDAR or re.fullmatch(r"(?:q[1-9]|fy|h[12]).*|.*days?", said):
            return True
        spans = [one for _, one in self.lexicon.spans(at, stop)]
        return any(catalog.find_set(one) or catalog.find_place(one) or catalog.find_channel(one) for one in spans)

    def _may_follow(self, at: int, stop: int) -> bool:
        """Whether something begins that is no part of a name."""
        folded = self.tokens[at].folded
        return (
            folded in _THROUGH or folded in _WITH or any(self.slots.window(at, stop)) or any(self.slots.times(at, stop))
        )

    def with_the_same(self, first: str, other: str) -> str:
        """` with the same product`, where both events are about such a thing; not for an email and its click."""
        things = [{**own, **items} for own, items in map(self.lexicon.things, (first, other))]
        is_alike = first.rsplit(maxsplit=1)[-1] == other.rsplit(maxsplit=1)[-1]
        both = [name for name in things[0] if name in things[1] and not is_alike]
        return f" {say('WITH_THE_SAME {}', format_name(both[0]))}" if both else ""

    def also_said_of(self, event: str, tests: tuple[str, ...]) -> tuple[str, ...]:
        """The same things of another event, where it has them: as one thing; nothing where it lacks one."""
        own, items = self.lexicon.things(event)
        any_item = f"{word('ANY_ITEM', 'any')} ("
        bare = [one.removeprefix(any_item).removesuffix(")" * one.startswith(any_item)) for one in tests]
        said = [part for one in bare for part in one.split(f" {word('AND')} ")]

        def knows(parts: Mapping[str, Property]) -> bool:
            return all(any(one.startswith(f"{format_name(name)} ") for name in parts) for one in said)

        if said and knows(items):
            return (f"{any_item}{all_tests(tuple(said))})",)
        return tuple(said) if said and knows(own) else ()
