"""What the patterns of `table` say, of what stands in their gaps."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, TypeAlias

from ..formatter import format_name
from ..words import say, word
from . import deeds
from .people import People, never
from .said import Said, joined
from .telling import told
from .verbs import Verbs

Says: TypeAlias = Callable[[People, Verbs, Mapping[str, Any], int], Iterator[Said]]
"""What a pattern says, of what stands in its gaps; the last argument is where the stretch ends."""


def _one(text: str, sure: bool = True) -> Iterator[Said]:
    yield Said(text, "", sure)


def _window(found: Mapping[str, Any]) -> str:
    return f" {found['w']}" if "w" in found else ""


def living(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`lives in Utrecht`."""
    yield found["p"]


def outside(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`lives outside Germany`; what nobody knows is a place only behind words that say so."""
    if found["p"].sure or any(one.folded in ("in", "from", "outside", "living") for one in verbs.tokens[:stop]):
        yield found["p"].denied()


def aged(sign: str | None) -> Says:
    """`older than 40`, with the sign that the pattern has."""

    def says(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
        return people.aged((sign, found["n"]) if sign else found["c"])

    return says


def dated(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`was born in 1990`."""
    yield Said(f"{format_name(found['p'])} {found['w']}")


def turning(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`turning 30 this year`."""
    return people.born(found["y"] - int(found["n"])) if found["n"].isdigit() else iter(())


def turned(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`turned 18 this year`: already, or at any day of it."""
    year, today = found["y"], people.today
    if not found["n"].isdigit() or year > today.year:
        return
    born = year - int(found["n"])
    for said in people.born(born):
        if year < today.year:
            yield said
            return
        so_far = date(born, today.month, min(today.day, 28) if today.month == 2 else today.day)
        yield replace(said, text=said.text.replace(f"{born}-12-31", str(so_far))).unsure("already")
        yield said.unsure("on any day of it")


def turning_in(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`turns 30 next month`: born in those days, so many years before."""
    (first, last), today = found["s"], people.today
    is_over = any(token.folded == "turned" for token in verbs.tokens[:stop])
    if not found["n"].isdigit() or (is_over and first > today):
        return
    if is_over and last > today:
        yield from (one.unsure("already") for one in people.born_in(first, today, int(found["n"])))
    for one in people.born_in(first, last, int(found["n"])):
        yield one.unsure("on any day of it") if is_over and last > today else one


def had(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`with 500 points this year`."""
    yield people.measured(found["m"], found["c"], found.get("w", ""), bare=False)


def exactly(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`only bought once`: no more often."""
    if found["t"].startswith("exactly"):
        yield Said(f"{format_name(found['e'])} {found['t']}")


def written(form: str, *names: str, sure: bool = True) -> Says:
    """The form, with what stands in these gaps."""

    def says(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
        texts = [format_name(found[name]) for name in names]
        yield Said(say(form, *texts), "", sure)

    return says


def kept(name: str) -> Says:
    """What stands in the gap."""

    def says(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
        yield found[name]

    return says


def put(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`added Molen to the cart this week`."""
    event, around = found["d"]
    if around.tests or around.each or around.either:
        yield from told(event, replace(around, window=found.get("w", around.window)))


def neither_language(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`speaks neither Dutch nor German`."""
    yield joined((found["k"].denied(), found["l"].denied()), "AND")


def lacking(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`without a birthday`."""
    return people.lacking(found["p"])


def lacking_two(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`without a name or a city`: neither of them, or not both."""
    for first in people.lacking(found["p"]):
        for other in people.lacking(found["q"]):
            yield joined((first, other), "AND").unsure("neither")
            yield joined((first, other), "OR").unsure("one of them missing")


def denied(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`didn't buy anything`."""
    yield Said(never(found["e"]) + _window(found))


def edge(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`whose first order was last week`."""
    edge = "first" if found["edge"] == "first" else "last"
    yield Said(f"{word('EDGE', edge)} {format_name(found['e'])} {found['w']}")


def counted(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`more than 3 orders`; `one order over $500` is one at least, or just one."""
    if found["c"] == ("=", "1") and any(token.folded == "one" for token in _.tokens[:stop]):
        return single(people, _, found, stop)
    return deeds.counted(found["d"], found["c"])


def no_deed(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`no refunds`."""
    return deeds.denied(found["d"])


def deed(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`app orders`."""
    return deeds.done(found["d"], "h" in found)


def single(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`a single order over $300`: one that is so, or no more than one."""
    yield from (one.unsure("at least one") for one in deed(people, verbs, found, stop))
    yield from (one.unsure("and no more") for one in deeds.counted(found["d"], ("=", "1")))


def only_so_many(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`made only one order`: just so many."""
    return deeds.counted(found["d"], ("=", found["n"])) if found["n"].isdigit() else iter(())


def edge_amount(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`whose last order was over $100`."""
    return deeds.edged(verbs, found["edge"], found["e"], found["c"])


def nothing(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`bought nothing`."""
    return deeds.nothing(found["e"], found.get("w", ""))


def some(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`returned something`."""
    yield Said(format_name(found["e"]) + _window(found))


def not_for(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`has not ordered for 60 days`."""
    yield Said(f"{never(found['e'])} {word('IN_THE_LAST')} {found['d']}")


def outside_of(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`country is not Germany or Austria`."""
    yield found["v"].denied()


def not_speaking(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`language is not German`."""
    yield found["l"].denied()


def each_year(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`birthday between December 1 and December 15`: the day that comes back."""
    if people.lexicon.comes_back(found["p"]):
        yield Said(f"{word('ANNIVERSARY_OF')} {format_name(found['p'])} {found['y']}", "", True, "in every year")


def soon(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`birthday in less than a week`."""
    if people.lexicon.comes_back(found["p"]):
        yield Said(f"{word('ANNIVERSARY_OF')} {format_name(found['p'])} {word('IN_THE_NEXT')} {found['d']}")


def in_month(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`birthday in March`: in that month of any year."""
    if people.lexicon.comes_back(found["p"]):
        yield Said(f"{word('DATE_PART_OF', 'month')} {format_name(found['p'])} = {found['m']}")


def empty(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`empty city`: of a text, or a list, nothing in it as well."""
    if people.lexicon.profile[found["p"]].type in ("text", "list of text"):
        yield Said(f"{format_name(found['p'])} {word('IS_SET', 'empty')}")
    else:
        yield from people.lacking(found["p"])


def having(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`city is known`, `with points`: there, and of numbers more than none."""
    name, kind = format_name(found["p"]), people.lexicon.profile[found["p"]].type
    if kind == "boolean":
        return
    empty = kind in ("text", "list of text")
    zero = kind in ("number", "money")
    yield Said(f"{name} {word('IS_SET', 'not empty' if empty else 'set')}", "", not zero)
    if zero:
        yield Said(f"{name} > 0", "", False, "more than none")
