"""What people did, said by a noun: `app orders`, `2 orders with a coupon`, `their last order was over $100`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ..binder.advice.things import amounts
from ..catalog.parts import Property
from ..formatter import format_name
from ..words import say, word
from .lexicon import is_article, quoted
from .people import People
from .said import Said, joined
from .slots import often_, test_
from .telling import Around, told
from .verbs import Verbs

_MOST_VALUES = 8
"""Values of which each is said."""
_MOST = 2
"""Words before a noun that say more of it."""


class Deeds:
    """Conditions on what happened, by its noun and what stands before and behind it."""

    def __init__(self, verbs: Verbs) -> None:
        self.verbs, self.lexicon, self.tokens = verbs, verbs.lexicon, verbs.tokens

    def deed(self, at: int, stop: int, _: Mapping[str, Any] | None = None) -> Iterator[tuple[int, tuple[str, Around]]]:
        """An event by its noun, with what is said of it, to the end."""
        if at < stop and is_article(self.tokens[at].folded):
            at += 1
        for start in range(at, min(stop, at + _MOST + 1)):
            for end, event in self.lexicon.nouns(start, stop):
                for test, sure in self._kinds(event, at, start) if start > at else (("", True),):
                    before = Around(tests=(test,) if test else (), sure=sure)
                    for around in self.verbs.around(event, end, stop, before):
                        yield stop, (event, around)

    def _kinds(self, event: str, at: int, stop: int) -> Iterator[tuple[str, bool]]:
        """What stands before a noun: a value, what is or is not so, what it has."""
        leaf = self.lexicon.catalog.events[self.lexicon.catalog.leaf_events(event)[0]]
        own, items = leaf.properties, leaf.items.properties if leaf.items else {}
        found = list(self._valued(own, at, stop, "{}"))
        if not found:
            found = list(self._valued(items, at, stop, f"{word('ANY_ITEM', 'any')} ({{}})"))
        yield from ((test, len(found) == 1) for test in found)
        said = self.lexicon.words(at, stop)
        if items and (name := self.lexicon.catalog.find_item_property(event, said)) and items[name].type == "boolean":
            yield f"{word('ANY_ITEM', 'any')} ({format_name(name)})", True
        for end, name in self.lexicon.of_event(event, at, stop):
            if end == stop and own[name].type == "boolean":
                yield f"({format_name(name)})", True
            elif end == stop and own[name].type == "text":
                yield f"{format_name(name)} {word('IS_SET', 'set')}", False

    def _valued(self, parts: Mapping[str, Property], at: int, stop: int, form: str) -> Iterator[str]:
        for end, name, test in self.lexicon.value(parts, at, stop):
            if end == stop:
                yield form.format(f"{format_name(name)} {test}")
        for name, value in self.verbs.described(parts, at) if stop == at + 1 else ():
            yield form.format(f"{format_name(name)} {word('IS')} {value}")


def counted(deed: tuple[str, Around], compared: tuple[str, ...]) -> Iterator[Said]:
    """So many of them."""
    event, around = deed
    if not around.times:
        yield from told(event, replace(around, times=often_(compared)))


def denied(deed: tuple[str, Around]) -> Iterator[Said]:
    """None of them."""
    event, around = deed
    if not around.times:
        yield from told(event, around, denied=True)


def done(deed: tuple[str, Around], bare: bool) -> Iterator[Said]:
    """That there was one; a noun alone says nothing."""
    event, around = deed
    if bare or around.tests or around.each or around.either:
        yield from told(event, around)


def edged(verbs: Verbs, edge: str, event: str, compared: tuple[str, ...]) -> Iterator[Said]:
    """`their last order was over $100`: its amount."""
    for name in amounts(verbs.lexicon.catalog.events[verbs.lexicon.catalog.leaf_events(event)[0]]):
        yield Said(f"{format_name(name)} {word('OF')} {word('EDGE', edge)} {format_name(event)} {test_(compared)}")


def nothing(event: str, window: str) -> Iterator[Said]:
    """`bought nothing`, `bought none`."""
    yield Said(f"{say('NEVER {}', format_name(event))} {window}".rstrip())


def with_held(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`used a coupon`, `coupon WELCOME10`: that it is there, or which it is; or that none had it."""
    test = f"{word('IS')} {quoted(found['v'])}" if "v" in found else word("IS_SET", "set")
    for event, declared in verbs.lexicon.catalog.events.items():
        part = declared.properties.get(name := found["h"])
        if part and not ("v" in found and part.type != "text"):
            where = say("{} WHERE {}", format_name(event), f"{format_name(name)} {test}")
            often = f" {found['t']}" if "t" in found else ""
            said = say("NEVER {}", where) if "no" in found else where
            yield Said(said + often + _window(found), "", False)


def the_same(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`opened the same email twice`: of one text that tells them apart, just so often or at least."""
    event, often = found["s"], found["t"]
    name = format_name(event)
    texts = [one for one, part in verbs.lexicon.catalog.events[event].properties.items() if part.type == "text"]
    for of in texts[:_MOST]:
        for times in dict.fromkeys((often, often.replace("exactly", "at least"))):
            yield Said(
                f"{name} {times}{_window(found)} {word('WITH_THE_SAME')} {format_name(of)}", "", False,
                f"by their {of}",
            )  # fmt: skip


def nothing_else(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`ordered only beans`: nothing else was among it; `only ordered on weekends`: every one was so."""
    around, name = found["x"], format_name(found["a"])
    if (
        verbs.unknown
        or len(around.tests) != 1
        or around != Around(tests=around.tests, window=around.window, sure=around.sure)
    ):
        return
    (test,), window = around.tests, f" {around.window}".rstrip()
    said = [one.folded for one in people.tokens[:stop]]
    if any(one in ("only", "just") and "one" in said[i + 1 : i + 3] for i, one in enumerate(said)):
        yield from _a_single(verbs, found["a"], test, window)
    elif not test.startswith(word("ANY_ITEM", "any")):
        every = f"{word('EDGE', 'every')} {name}{window} {word('HAS', 'one')} {test}"
        yield Said(every, "", around.sure)
    elif none := none_but(f"{name}{window}", test):
        is_first = bool(window) and any(one == "only" and verbs.is_past(i + 1) for i, one in enumerate(said[:-1]))
        none = none if around.sure else none.unsure()
        yield none.unsure("nothing else then") if is_first else none
        if is_first:  # `only bought beans before 2026`
            where = f"{word('WHERE')} {test}{window}"
            then = (Said(f"{word('EDGE', edge)} {name} {where}") for edge in ("first", "last"))
            yield joined(then, "AND").unsure("at no other time")


_BOUGHT = re.compile(rf"(?P<deed>[\w ]+) {word('WHERE')} (?P<test>{word('ANY_ITEM', 'any')} \(.+\))")


def kind_alone(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`only VIPs`; `only bean buyers` are those alone, or who bought nothing else."""
    kind: Said = found["k"]
    bought = _BOUGHT.fullmatch(kind.text)
    if bought and (none := none_but(bought["deed"], bought["test"])):
        yield kind.unsure("whatever else")
        yield none.unsure("and nothing else")
    else:
        yield kind


def none_but(deed: str, test: str) -> Said | None:
    """That it was done, and never with another thing; nothing where the test of items is not of one property."""
    is_, no = f" {word('IS')} ", f" {word('IS_NOT')} "
    if test.count(is_) != 1:
        return None
    never = say("NEVER {} WHERE {}", deed, test.replace(is_, no))
    return Said(f"{deed} {word('AND')} {never}", "AND")


def _a_single(verbs: Verbs, event: str, test: str, window: str) -> Iterator[Said]:
    """`bought only one grinder`: in one order, or one piece."""
    where = f"{word('WHERE')} {test}{window}"
    yield Said(f"{format_name(event)} {often_(('=', '1'))} {where}", "", False)
    if test.startswith(word("ANY_ITEM", "any")) and verbs.lexicon.catalog.find_item_property(event, "quantity"):
        yield Said(f"{word('AGGREGATE_OF', 'sum')} quantity {word('OF')} {format_name(event)} = 1 {where}", "", False,
                   "pieces")  # fmt: skip


def not_others(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`only clicked sms`: it, and nothing else that was clicked."""
    name, window = found["a"], _window(found)
    others = [one for one in verbs.lexicon.begun(name.split()[0].casefold()) if one != name]
    if others:
        texts = [f"{format_name(name)}{window}", *(say("NEVER {}", format_name(one)) + window for one in others)]
        yield Said(f" {word('AND')} ".join(texts), "AND", False)


def _window(found: Mapping[str, Any]) -> str:
    return f" {found['w']}" if "w" in found else ""


def every_kind(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`bought from every brand except Molen`: of each that the catalog lists, and not of that one."""
    event, name, left_out = found["e"], found["k"], found.get("x", Around())
    own, items = verbs.lexicon.things(event)
    values = {**own, **items}[name].values
    form = f"{word('ANY_ITEM', 'any')} ({{}})" if name in items else "{}"
    tests = {value: form.format(f"{format_name(name)} {word('IS')} {quoted(value)}") for value in values}
    if not 1 < len(values) <= _MOST_VALUES or not set(left_out.tests) <= set(tests.values()):
        return
    parts = [one for test in tests.values() if test not in left_out.tests
             for one in told(event, Around(tests=(test,), window=found.get("w", "")))]  # fmt: skip
    if left_out.tests:
        parts += told(event, left_out, denied=True)
    yield joined(parts, "AND").unsure("of those that the catalog lists")


__all__ = [
    "Deeds",
    "counted",
    "denied",
    "done",
    "edged",
    "kind_alone",
    "none_but",
    "not_others",
    "nothing",
    "nothing_else",
    "with_held",
]
