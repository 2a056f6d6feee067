"""What some, most or all of it had: `more than half of their orders had a coupon`, `used a coupon on every order`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from ..catalog import fold
from ..formatter import format_name
from ..words import say, word
from .lexicon import is_article, quoted
from .people import People
from .said import Said
from .telling import Around, any_of, in_where, shared_by, told
from .verbs import Verbs

_ALL, _NONE, _THIRD = "all", "none", "33.3333%"
_HALVES = {
    "most": ("more than 50%",), "the majority": ("more than 50%",), "a majority": ("more than 50%",),
    "the bulk": ("more than 50%",), "half or more": ("at least 50%",), "half": ("exactly 50%", "at least 50%"),
    "a minority": ("less than 50%",),
}  # fmt: skip
_SIGNED = {">": "more than", ">=": "at least", "<": "less than", "<=": "at most"}
_USUALLY = {"always": (_ALL,), "consistently": (_ALL,), "each time": (_ALL,), "every time": (_ALL,),
            "all the time": (_ALL,), "most of the time": ("more than 50%",),
            "half of the time": _HALVES["half"], "half the time": _HALVES["half"],
            "usually": ("more than 50% of", ""), "mostly": ("more than 50% of", ""), "mainly": ("more than 50% of", ""),
            "generally": ("more than 50% of", ""), "typically": ("more than 50% of", ""),
            "normally": ("more than 50% of", ""), "primarily": ("more than 50% of", "")}  # fmt: skip
_HAVING = ("had", "has", "have", "used", "contain", "contained", "contains", "include", "included")
HAD = frozenset({"was", "were", "is", "are", "came", *_HAVING})
"""Words between what was done and what is said of it."""
_CODES = frozenset({"coupon", "code", "voucher", "discount", "promotion"})
_USING = frozenset({
    "use", "uses", "used", "using", "redeem", "redeems", "redeemed", "redeeming", "apply", "applies", "applied",
    "applying", "enter", "entered",
})  # fmt: skip


class Shares:
    """The gaps that say of how many, by the words of one sentence; and what is used with an event."""

    def __init__(self, verbs: Verbs) -> None:
        self.verbs, self.slots, self.tokens = verbs, verbs.slots, verbs.tokens

    def quota(self, at: int, stop: int, _: Mapping[str, Any] | None = None) -> Iterator[tuple[int, tuple[str, ...]]]:
        """`every`, `most of their`, `at least 80% of the`: each way to say how many."""
        if at >= stop:
            return
        if self.tokens[at].folded in ("every", "each", "all"):
            yield self._of(at + 1, stop), (_ALL,)
        if self._said(at, at + 2) in ("none of", "not one"):
            yield self._of(at + 1, stop), (_NONE,)
        for size in (3, 2, 1):
            if (of := _HALVES.get(self._said(at, at + size))) and at + size < stop:
                yield self._of(at + size, stop), of
        for end, sign in ((at, ""), *self.slots.signs(at, stop)):
            start = end + (self._said(end, end + 1) == "a")
            for last, share in self.slots.percent(start, stop):
                if sign in _SIGNED:
                    yield self._of(last, stop), (f"{_SIGNED[sign]} {share}",)
                elif self._said(last, last + 2) in ("or more", "or over", "or above"):
                    yield self._of(last + 2, stop), (f"at least {share}",)
                elif not sign and self.tokens[start].folded != "half":
                    yield self._of(last, stop), (f"exactly {share}", f"at least {share}")

    def usual(self, at: int, stop: int, _: Mapping[str, Any] | None = None) -> Iterator[tuple[int, tuple[str, ...]]]:
        """`always`, `most of the time`."""
        for size in (4, 3, 2, 1):
            if at + size <= stop and (of := _USUALLY.get(self._said(at, at + size))):
                yield at + size, of

    def factored(self, at: int, stop: int, _: Mapping[str, Any] | None = None) -> Iterator[tuple[int, tuple[str, str]]]:
        """`at least twice`, before `as often as`: a sign or `*` where none is said, and how many times."""
        for start, sign in ((at, "*"), *self.slots.signs(at, stop)):
            yield from ((end, (sign, factor)) for end, factor in self.slots.factor(start, stop))

    def was(self, at: int, stop: int, _: Mapping[str, Any] | None = None) -> Iterator[tuple[int, str]]:
        """`were`, `had`, between what was done and what is said of it: the second may say with what."""
        said = self.tokens[at].folded if at + 1 < stop else ""
        if said in HAD:
            yield at + 1, said
            if at + 2 < stop and self.tokens[at + 1].folded in ("placed", "made", "done", "ordered", "bought"):
                yield at + 2, said
        if said in _HAVING:
            yield at, said

    def about(self, at: int, stop: int, found: Mapping[str, Any]) -> Iterator[tuple[int, Around]]:
        """What stands behind an event, up to each word that may say how much of it is so, or that goes on."""
        for end in range(at + 1, stop):
            if self.tokens[end].folded in _ENDING:
                yield from ((end, around) for around in self.verbs.around(found["a"], at, end))

    def of_these(self, at: int, stop: int, found: Mapping[str, Any]) -> Iterator[tuple[int, Around]]:
        """What stands behind a noun and says which of them, up to the verb: `over $50 had`."""
        for end in range(at + 1, stop):
            if self.tokens[end].folded in HAD:
                for one in self.verbs.around(found["a"], at, end):
                    if one.tests and not (one.times or one.each or one.either):
                        yield end, one

    def less(self, at: int, stop: int, found: Mapping[str, Any]) -> Iterator[tuple[int, Around]]:
        """What stands behind an event, up to `than`."""
        for end in range(at + 1, stop):
            if self.tokens[end].folded in ("than", "more", "less"):
                yield from ((end, around) for around in self.verbs.around(found["a"], at, end) if around.tests)

    def than_this(self, at: int, stop: int, found: Mapping[str, Any]) -> Iterator[tuple[int, Around]]:
        """`than grinders`: the same event with something else, to the end."""
        if at + 1 < stop and self.tokens[at].folded == "than":
            start = at + 1 + (self.tokens[at + 1].folded in ("from", "on", "in"))
            for begin in dict.fromkeys((at + 1, start)):
                yield from ((stop, one) for one in self.verbs.around(found["a"], begin, stop) if one.tests)

    def used(self, at: int, stop: int, _: Mapping[str, Any] | None = None) -> Iterator[tuple[int, tuple[str, str]]]:
        """`used the WELCOME10 coupon`: what an event may have, and which, where that is said."""
        if at >= stop or self.tokens[at].folded not in _USING:
            return
        at += 1
        start = at + (at < stop and is_article(self.tokens[at].folded))
        for last, name in self.verbs.held(start, stop):
            end = last + (last < stop and self.tokens[last].folded == "code")
            yield end, (name, "")
            if end < stop and self._is_value(end):
                yield end + 1, (name, self.tokens[end].text)
        if start < stop and self._is_value(start) and self.tokens[start].text.isupper():
            yield from ((start + 1, (name, self.tokens[start].text)) for name in self._codes())
        if start + 1 < stop and self._is_value(start):
            for end, name in self.verbs.held(start + 1, stop):
                yield end + (end < stop and self.tokens[end].folded == "code"), (name, self.tokens[start].text)

    def _codes(self) -> list[str]:
        """Texts of events that hold codes, by what they are called: `coupon code`."""
        events = self.verbs.lexicon.catalog.events.values()
        return [
            name for name, part in {key: one for event in events for key, one in event.properties.items()}.items()
            if part.type == "text" and any(one in _CODES for said in (name, *part.also) for one in fold(said).split())
        ]  # fmt: skip

    def some_of(
        self, at: int, stop: int, _: Mapping[str, Any] | None = None
    ) -> Iterator[tuple[int, tuple[str, str, tuple[str, ...]]]]:
        """`opened over half of the emails`: the event, what it is a part of, and how much of that."""
        lexicon = self.verbs.lexicon
        for mid, of in self.quota(at + 1, stop) if at < stop and lexicon.begun(self.tokens[at].folded) else ():
            for end in range(mid + 1, min(stop, mid + 2) + 1):
                noun = lexicon.words(mid, end)
                for event in lexicon.split(at, end, at + 1, mid):
                    yield from ((end, (event, whole, of)) for whole in lexicon.events_called(f"received {noun}"))

    def _is_value(self, at: int) -> bool:
        said = self.tokens[at].text
        return said[0] == '"' or (said[0].isalpha() and any(one.isdigit() or one.isupper() for one in said))

    def _of(self, at: int, stop: int) -> int:
        """Behind `of their`."""
        at += at < stop and self.tokens[at].folded == "of"
        return at + (at < stop and self.tokens[at].folded in ("the", "their", "his", "her", "all", "my", "our"))

    def _said(self, at: int, stop: int) -> str:
        return " ".join(token.folded for token in self.tokens[at:stop])


_ENDING = frozenset({
    "and", "but", ",", "only", "exclusively", "always", "every", "each", "most", "all", "half", "on", "in", "with",
    "than", "more", "less", "usually", "mostly", "mainly", "generally",
})  # fmt: skip


def of_all(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`most of their orders had a coupon`, `always orders with a coupon`."""
    around = found["x"]
    if around.times or around.each or not (around.tests or around.either):
        return
    either, tests = shared_by(around.either, around.tests)
    if either:
        tests = (*tests, any_of(either))
    window, any_item = around.window or found.get("w", ""), word("ANY_ITEM", "any")
    of_these = found.get("y", Around())
    if of_these.tests:
        window = f"{of_these.window or window} {word('WHERE')} {in_where(of_these.tests)}".strip()
    wholly = len(tests) == 1 and tests[0].startswith(any_item) and _is_said(verbs, "were", "was", "are", "is")
    for one in _so(found["a"], in_where(tests), window, found["q"], around.sure and of_these.sure and not wholly):
        yield replace(one, note=one.note or "some of it") if wholly else one
    if wholly:  # `all of their orders were from Molen`
        every = word("ANY_ITEM", "every") + tests[0].removeprefix(any_item)
        yield from (
            replace(one, note=one.note or "all of it") for one in _so(found["a"], every, window, found["q"], False)
        )


def _is_said(verbs: Verbs, *words: str) -> bool:
    return any(token.folded in words for token in verbs.tokens)


def using_on(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`used a coupon on every order`, `has a coupon on most orders`."""
    name, value = found["u"] if "u" in found else (found["h"], found.get("v", ""))
    events = [found["a"]] if "a" in found else people.standing.purchases()[:1]
    for event in events:
        part = verbs.lexicon.catalog.events[verbs.lexicon.catalog.leaf_events(event)[0]].properties.get(name)
        if part is not None:
            yield from _so(event, _held(name, value), found.get("w", ""), found["q"], "a" in found)


def using_on_edge(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`used the WELCOME10 coupon on their first order`."""
    edge = word("EDGE", "first" if found["edge"] == "first" else "last")
    yield Said(f"{edge} {format_name(found['e'])} {word('HAS', 'one')} {_held(*found['u'])}")


def _held(name: str, value: str) -> str:
    test = f"{word('IS')} {quoted(value)}" if value else word("IS_SET", "set")
    return f"{format_name(name)} {test}"


def _so(event: str, test: str, window: str, quota: tuple[str, ...], sure: bool) -> Iterator[Said]:
    name = f"{format_name(event)} {window}".rstrip()
    for of in (one for one in quota if one):
        if of in (_ALL, _NONE):
            edge = word("EDGE", "every" if of == _ALL else "no")
            yield Said(f"{edge} {name} {word('HAS', 'one')} {test}", "", sure)
        else:
            note = "" if len(quota) == 1 else "for example" if "" in quota else ""
            is_exact = sure and len(quota) == 1 and _THIRD not in of
            yield Said(f"{of.removesuffix(' of')} of {name} have {test}", "", is_exact, note)


def used(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`used the WELCOME10 coupon twice`; or never."""
    name, value = found["u"]
    for event, bare in deeds_using(verbs, name, value):
        around = replace(bare, times=found.get("t", ""), window=found.get("w", ""))
        yield from (one.unsure() for one in told(event, around, denied="no" in found))


def deeds_using(verbs: Verbs, name: str, value: str) -> Iterator[tuple[str, Around]]:
    """The events that may have had it."""
    for event, declared in verbs.lexicon.catalog.events.items():
        part = declared.properties.get(name)
        if part is not None and (not value or part.type == "text"):
            yield event, Around(tests=(_held(name, value),), sure=False)


def part_of(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`opened over half of the emails they received`: as numbers of both."""
    event, whole, quota = found["s"]
    signs = {"more than": ">", "at least": ">=", "less than": "<", "at most": "<=", "exactly": "="}
    for of in quota if event != whole else ():
        words, _, share = of.rpartition(" ")
        if sign := signs.get(words):
            numbers = [f"{word('MEASURE_OF', 'number')} {format_name(one)}{window(found)}" for one in (event, whole)]
            yield Said(f"{numbers[0]} {sign} {Decimal(share[:-1]) / 100} x {numbers[1]}", "", False, "by their numbers")


def window(found: Mapping[str, Any]) -> str:
    """The window of what was found, behind a space."""
    return f" {found['w']}" if "w" in found else ""


def but_these(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`bought anything except beans`: something else, or something, and none of it."""
    around, name = found["x"], format_name(found["a"])
    if len(around.tests) == 1 and around.tests[0].startswith(word("ANY_ITEM", "any")):
        head, (test,) = f"{name} {around.window}".rstrip(), around.tests
        other = other_than(test)
        yield Said(f"{head} {word('WHERE')} {other}", "", False, "something else as well")
        yield Said(f"{head} {word('AND')} {say('NEVER {} WHERE {}', head, test)}", "AND", False, "and none of it")


def with_others(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`orders other than beans`: one with something else, or one without any."""
    around, name = found["x"], format_name(found["a"])
    any_item = f"{word('ANY_ITEM', 'any')} "
    if len(around.tests) == 1 and (test := around.tests[0]).startswith(any_item):
        head = f"{name} {around.window}".rstrip()
        other = other_than(test)
        yield Said(f"{head} {word('WHERE')} {other}", "", False, "with something else")
        none = f"{word('ANY_ITEM', 'no')} {test.removeprefix(any_item)}"
        yield Said(f"{head} {word('WHERE')} {none}", "", False, "without any of it")


def other_than(test: str) -> str:
    """Any item that is not so; of two tests, one that does not fulfil both."""
    is_, any_item = f" {word('IS')} ", f"{word('ANY_ITEM', 'any')} ("
    if test.count(is_) == 1:
        return test.replace(is_, f" {word('IS_NOT')} ")
    return f"{any_item}{word('NOT')} ({test.removeprefix(any_item)})"


def only_of(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`never bought anything but beans`: nothing else, by who bought some; or by whoever did not."""
    from .deeds import nothing_else

    around = found["x"]
    for one in nothing_else(people, verbs, found, stop):
        yield one.unsure("and some of it")
    if len(around.tests) == 1 and around.tests[0].startswith(word("ANY_ITEM", "any")):
        other = other_than(around.tests[0])
        never = say("NEVER {} WHERE {}", f"{format_name(found['a'])} {around.window}".rstrip(), other)
        yield Said(never, "", False, "or nothing at all")


__all__ = ["Shares", "but_these", "of_all", "only_of", "part_of", "used", "using_on", "window"]
