"""What the patterns of `table` say, of what stands in their gaps."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, TypeAlias

from ..formatter import format_name
from ..words import say, word
from . import deeds
from .lexicon import quoted
from .people import People, never
from .said import Said, joined
from .slots import test_
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


def outside(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`lives outside Germany`."""
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


def had(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`with 500 points this year`."""
    yield people.measured(found["m"], found["c"], found.get("w", ""), bare=False)


def buyers(often: str) -> Says:
    """`repeat buyers`: so often."""

    def says(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
        for event in people.bought_by(found["who"].lower()):
            yield Said(f"{format_name(event)} {often}".strip())

    return says


def returning(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`returning customers in 2026`: so often then, or then and at some time before."""
    for event in map(format_name, people.standing.purchases()[:1]):
        yield Said(say("{} AT_LEAST TWICE", event) + _window(found), "", False, "so often then" * ("w" in found))
        if "w" in found:
            yield Said(f"{event}{_window(found)} {word('WHERE')} number >= 2", "", False, "then, and some time before")


def exactly(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`only bought once`: no more often."""
    if found["t"].startswith("exactly"):
        yield Said(f"{format_name(found['e'])} {found['t']}")


def tagged(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`tagged club or gift`."""
    name = found["l"]
    if people.lexicon.profile[name].type == "list of text":
        several = re.split(r" (and|or) ", found["v"], flags=re.IGNORECASE)
        joins = {one.upper() for one in several[1::2]}
        part = people.lexicon.profile[name]
        spoken_of = [one.strip(" .").casefold() for one in re.split("[,:;]", part.description or "")]
        tests = [
            Said(
                f"{format_name(name)} {word('INCLUDES', 'any')} {quoted(one)}",
                "",
                one.strip('"') in part.values or one.casefold() in spoken_of,
            )
            for one in several[::2]
        ]
        if len(joins) < 2:
            yield joined(tests, next(iter(joins), "AND"))


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


def of_nations(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`French or Belgian customers`: of either, by where they live, or by what they speak."""
    first, other = found["n"], found["m"]
    if first.text.split(" ")[0] == other.text.split(" ")[0]:
        yield joined((first, other), "OR")


def both(name: str) -> Says:
    """`Dutch vips`: what stands in the gap, and what kind of people they are."""

    def says(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
        yield joined((found[name], found["k"]), "AND")

    return says


def put(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`added Molen to the cart this week`."""
    event, around = found["d"]
    if around.tests or around.each or around.either:
        yield from told(event, replace(around, window=found.get("w", around.window)))


def labelled(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`at least two tags`."""
    yield Said(f"{word('MEASURE_OF', 'number')} {format_name(found['l'])} {test_(found['c'])}")


def neither_language(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`speaks neither Dutch nor German`."""
    yield joined((found["k"].denied(), found["l"].denied()), "AND")


def lacking(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`without a birthday`."""
    return people.lacking(found["p"])


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


def since(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`joined in 2025`."""
    return people.standing.since(found["j"], found["w"])


def began(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`signed up and never ordered`: at some time."""
    yield from people.standing.since(found["j"], word("IS_SET", "set"))


def named(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`named Anna`: a text of the profile that is called a name."""
    for name, part in people.lexicon.profile.items():
        if part.type == "text" and name.casefold().split()[-1] in ("name", "firstname"):
            yield Said(f"{format_name(name)} {word('IS')} {quoted(found['v'])}", "", False)


def since_there(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`registered this year from the Netherlands`: who lives there."""
    yield from (joined((one, found["p"]), "AND") for one in since(people, verbs, found, stop))


def been(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`been a customer for 2 years`."""
    sign, *numbers = found["c"]
    if sign in (">", ">="):
        length = f"{numbers[0]} {verbs.tokens[stop - 1].folded}"
        yield from (one.unsure() for one in people.standing.since(found["j"], f"more than {length} ago"))


def member_since(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`customers since 2023`: who came then, or from then on."""
    since, _, rest = found["w"].partition(" ")
    for window in (found["w"], f"{word('IN')} {rest}") if since.lower() == "since" else ():
        yield from (one.unsure() for one in people.standing.since(found["j"], window))


def new(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`new customers this month`."""
    for one in people.standing.new(found.get("w") or f"{word('IN_THE_LAST')} 30d"):
        yield one if "w" in found else one.unsure(f"{one.note}, for example")


def standing(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`inactive for 90 days`."""
    return _stands(people, found, found["s"])


def not_standing(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`not active for 90 days`."""
    return _stands(people, found, not found["s"])


def _stands(people: People, found: Mapping[str, Any], is_active: bool) -> Iterator[Said]:
    window = found.get("w") or f"{word('IN_THE_LAST')} {found['d']}"
    return people.standing.busy(window) if is_active else people.standing.idle(window)


def idle_kind(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`lapsed customers`."""
    return people.standing.kind(found["s"])


def near(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`near the store`."""
    return people.standing.near(found["p"])


def outside_of(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`country is not Germany or Austria`."""
    yield found["v"].denied()


def not_speaking(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`language is not German`."""
    yield found["l"].denied()


def not_tagged(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`tags are not club`; `neither` of several."""
    if not any(one in found["v"].lower().split() for one in ("and", "or")):
        yield from (one.denied() for one in tagged(people, verbs, found, stop))


def tagged_without(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`tagged club but not gift`."""
    for first in tagged(people, verbs, found, stop):
        for other in tagged(people, verbs, {**found, "v": found["x"]}, stop):
            yield joined((first, other.denied()), "AND")


def each_year(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`birthday between December 1 and December 15`: the day that comes back."""
    if people.lexicon.comes_back(found["p"]):
        yield Said(f"{word('ANNIVERSARY_OF')} {format_name(found['p'])} {found['y']}", "", True, "in every year")


def in_month(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`birthday in March`: in that month of any year."""
    if people.lexicon.comes_back(found["p"]):
        yield Said(f"{word('DATE_PART_OF', 'month')} {format_name(found['p'])} = {found['m']}")


def not_kind(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`everyone excluding newsletter subscribers`."""
    yield found["k"].denied()


def neither_kind(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`everyone except vips and beta testers`: none of the two, or not who is both, or the second alone."""
    first, other = found["k"], found["l"]
    for join, note in (("OR", "neither of them"), ("AND", "not who is both")):
        yield joined((first, other), join).denied().unsure(note)
    join = "OR" if people.lexicon.tokens[found["at"] - 1].folded == "or" else "AND"
    yield joined((first.denied(), other), join).unsure("the first alone is left out")


def frequent(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`frequent buyers`."""
    for one in buyers("at least 3 times")(people, _, found, stop):
        yield one.unsure("for example")
