"""How much: beside the average of everybody, of how many kinds, worth what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..binder.advice.things import amounts
from ..formatter import format_name
from ..words import word
from .people import People
from .said import Said
from .slots import test_
from .verbs import Verbs


def _window(found: Mapping[str, Any]) -> str:
    return f" {found['w']}" if "w" in found else ""


def overall(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`aov above average`, `spent twice the average`: at least, or more than that."""
    sign, of = found["o"] if "o" in found else (found["y"], found["of"])
    name = f"{format_name(found['m'])}{_window(found)}"
    if sign != "*":
        yield Said(f"{name} {sign} {of}", "", True)
        return
    yield Said(f"{name} >= {of}", "", False, "or more")
    yield Said(f"{name} > {of}", "", False, "more than that")


def off_average(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`above-average points`."""
    said = [token.folded for token in verbs.tokens]
    of = "median" if "median" in said else "average"
    for word_, sign in (("above", ">"), ("below", "<")):
        if any(one.startswith(word_) for one in said):
            yield Said(f"{format_name(found['m'])} {sign} {word('STATISTIC', of)}", "", False)


def number_overall(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`ordered more often than average`: the number of times."""
    event, sign = found["s"] if "s" in found else (found["e"], found["y"])
    yield Said(f"{word('MEASURE_OF', 'number')} {format_name(event)} {sign} {found['of']}", "", False)


def measured_none(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`spent nothing this year`."""
    yield Said(f"{format_name(found['m'])}{_window(found)} = 0")


def kinds_of(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`bought from at least 2 different brands`: so many of them; a number alone may be the least."""
    event, name, (sign, *numbers) = format_name(found["e"]), format_name(found["k"]), found["c"]
    if not all(one.isdigit() for one in numbers):
        return
    number = f"{word('AGGREGATE_OF', 'distinct')} {name} {word('OF')} {event}" + _window(found)
    for said in (f">= {numbers[0]}", f"= {numbers[0]}") if sign == "=" else (test_((sign, *numbers)),):
        yield Said(f"{number} {said}", "", sign != "=")


def item_worth(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`bought items worth more than $100`: all that was paid, or one item."""
    catalog = people.lexicon.catalog
    event, test = catalog.events[catalog.leaf_events(found["e"])[0]], test_(found["c"])
    head = f"{format_name(found['e'])}{_window(found)} {word('WHERE')}"
    for name in amounts(event):
        yield Said(f"{head} {format_name(name)} {test}", "", False, "all of it")
    for name, part in event.items.properties.items() if event.items else ():
        if part.type == "money":
            yield Said(f"{head} {word('ANY_ITEM', 'any')} ({format_name(name)} {test})", "", False, "one of them")


def paid(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`paid more than $250 for an order`."""
    catalog = people.lexicon.catalog
    for name in amounts(catalog.events[catalog.leaf_events(found["e"])[0]]):
        head = f"{format_name(found['e'])}{_window(found)} {word('WHERE')}"
        yield Said(f"{head} {format_name(name)} {test_(found['c'])}", "", False)


def agent_off_average(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`above average spenders`: by the metric of what they do."""
    for one in people.ranked("top", "1", (found["who"],), None):
        yield from off_average(people, verbs, {"m": one.text.split(f" {word('BY')} ")[-1]}, stop)


def items_at_once(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`bought more than 2 items in one order`; a number alone may be the least."""
    sign, *numbers = found["c"]
    often = {">": "more than {}", ">=": "at least {}", "<": "fewer than {}", "<=": "at most {}"}
    for one in (often[sign],) if sign in often else ("exactly {}", "at least {}") if sign == "=" else ():
        text = f"{format_name(found['e'])}{_window(found)} {word('WHERE')} {one.format(numbers[0])} items"
        yield Said(text, "", sign in often)


__all__ = ["item_worth", "items_at_once", "kinds_of", "measured_none", "number_overall", "off_average", "overall"]
