"""What somebody did more often than something else: `opened more emails than clicked`, `more orders than refunds`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ..binder.advice.things import amounts, thing_called
from ..formatter import format_name
from ..words import say, word
from .lexicon import is_article
from .people import People
from .said import Said
from .telling import Around, in_where
from .verbs import Verbs

_FILLERS = frozenset({"they", "did", "have", "has", "it", "number", "of", "the"})


def other(verbs: Verbs, first: str, start: int, stop: int) -> Iterator[tuple[int, str]]:
    """Behind `than`: an event by its whole name, by another verb or another noun than the first, or by a noun alone."""
    lexicon, tokens = verbs.lexicon, verbs.tokens
    while start < stop and (tokens[start].folded in _FILLERS or is_article(tokens[start].folded)):
        start += 1
    verb, _, rest = first.partition(" ")
    for end, said in lexicon.spans(start, stop):
        named = (f"{verb} {said}", said, f"{said} {rest}")
        called = (lexicon.events_called(one) for one in named)
        found = next((events for events in called if events and events != (first,)), ())
        nouns = dict.fromkeys(name for last, name in lexicon.nouns(start, end) if last == end) if not found else ()
        for event in found or (tuple(nouns) if len(nouns) == 1 else ()):
            if event != first:
                yield end, event


def more_of_one(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """The numbers of two events, in the window of both; of things that differ, those as well."""
    first, sign = found["s"] if "s" in found else (found["e"], found["y"])
    other_ = found["o"]
    window = f" {found['w']}" if "w" in found else ""
    kind = _kind(verbs, first)

    def compared(measure: str) -> str:
        return f" {sign} ".join(f"{measure} {format_name(one)}{window}" for one in (first, other_))

    for measure, note in _measures(kind):
        yield Said(compared(measure), "", not kind, note)


def more_than_then(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`viewed more products this month than last month`: the same number of two times."""
    event, sign = found["s"]
    kind = _kind(verbs, event)
    for measure, note in _measures(kind):
        one = f"{measure} {format_name(event)}"
        yield Said(f"{one} {found['w']} {sign} {one} {found['v']}", "", not kind, note)


def _kind(verbs: Verbs, event: str) -> str:
    """What tells the things of an event apart, where a word of the sentence counts them: `product`."""
    declared = verbs.lexicon.catalog.events[event]
    return next((kind for token in verbs.tokens if (kind := thing_called(declared, token.folded))), "")


def _measures(kind: str) -> Iterator[tuple[str, str]]:
    """How often, or how many that differ."""
    yield word("MEASURE_OF", "number"), "so often" if kind else ""
    if kind:
        yield f"{word('AGGREGATE_OF', 'distinct')} {format_name(kind)} {word('OF')}", "different ones"


def each_of(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`clicked email, sms or push`: what the verb is said of, one after another."""
    names, join = found["o"]
    window = f" {found['w']}" if "w" in found else ""
    texts = [format_name(one) + window for one in (found["a"], *names)]
    if "no" not in found and len(names) == 1:
        return  # two are read by the binder, and their window as well
    if "no" not in found:
        yield Said(f" {word(join)} ".join(texts), join)
        return
    yield Said(f" {word('AND')} ".join(say("NEVER {}", one) for one in texts), "AND")


def more_of_these(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`ordered beans more often than grinders`; without `often` the pieces may be meant."""
    event, sign, first, other = found["a"], found["y"], found["x"], found["z"]
    window = first.window or other.window
    alone = [(one, Around(tests=one.tests, window=one.window, sure=one.sure)) for one in (first, other)]
    if any(one != bare for one, bare in alone):
        return
    often = any(token.folded in ("often", "frequently", "times") for token in verbs.tokens[:stop])
    measures = [(f"{word('MEASURE_OF', 'number')} {format_name(event)}", "" if often else "so often", False)]
    if not often and verbs.lexicon.catalog.find_item_property(event, "quantity"):
        measures += [(f"{word('AGGREGATE_OF', 'sum')} quantity {word('OF')} {format_name(event)}", "pieces", True)]
    for measure, note, is_items in measures:
        tests = [tuple(bare_test(test) if is_items else test for test in one.tests) for one in (first, other)]
        if is_items and any(bare_test(test) == test for one in (first, other) for test in one.tests):
            continue
        sides = (f"{measure} {window} {word('WHERE')} {in_where(one)}".replace("  ", " ") for one in tests)
        yield Said(f" {sign} ".join(sides), "", often and first.sure and other.sure, note)


def more_paid_for(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`spent more on beans than on grinders`: by prices, or by all that was paid for orders with some."""
    (event, first), (_, other), window = found["t"], found["u"], found.get("w", "")
    declared = verbs.lexicon.catalog.events[verbs.lexicon.catalog.leaf_events(event)[0]]
    items = declared.items.properties if declared.items else {}
    summed: list[tuple[str, Callable[[str], str], str]]
    summed = [(one, bare_test, f"the {one} of each") for one, part in items.items() if part.type == "money"]
    summed += [(one, str, "all of the orders that have some") for one in amounts(declared)]
    for one, as_test, note in summed:
        sum_ = f"{word('AGGREGATE_OF', 'sum')} {format_name(one)} {word('OF')} {format_name(event)} {window}".rstrip()
        sides = (f"{sum_} {word('WHERE')} {in_where((as_test(test),))}" for test in (first, other))
        yield Said(f" {found['y']} ".join(sides), "", False, note)


def bare_test(test: str) -> str:
    """A test of some item as one of the items that are counted."""
    any_item = f"{word('ANY_ITEM', 'any')} ("
    return test.removeprefix(any_item).removesuffix(")") if test.startswith(any_item) else test


def others(verbs: Verbs, first: str, at: int, stop: int) -> Iterator[tuple[int, tuple[tuple[str, ...], str]]]:
    """`, sms or push` behind `clicked email`: further events of the verb."""
    lexicon, tokens = verbs.lexicon, verbs.tokens
    verb, names, link, end = first.split(" ", maxsplit=1)[0], list[str](), "", at
    while end + 1 < stop and not link:
        start = end
        if tokens[start].folded == ",":
            start += 1
        if tokens[start].folded in ("and", "or"):
            link, start = tokens[start].folded.upper(), start + 1
        if start == end:
            return
        start += start < stop and is_article(tokens[start].folded)
        one = next(
            ((last, found[0]) for last, said in lexicon.spans(start, min(stop, start + 3))
             if (found := lexicon.events_called(f"{verb} {said}"))), None,
        )  # fmt: skip
        if one is None:
            return
        end, name = one
        names.append(name)
    if link:
        yield end, (tuple(names), link)


__all__ = ["each_of", "more_of_one", "more_of_these", "more_paid_for", "more_than_then", "other", "others"]
