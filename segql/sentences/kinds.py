"""What kinds of people there are, by what they did, since when, with which labels: what the patterns of `table` say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..formatter import format_name
from ..words import say, word
from .lexicon import is_article, quoted
from .people import People
from .said import Said, joined
from .sayings import Says
from .slots import test_
from .verbs import Verbs


def _window(found: Mapping[str, Any]) -> str:
    return f" {found['w']}" if "w" in found else ""


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


def tagged(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`tagged club or gift`."""
    name = found["l"]
    if people.lexicon.profile[name].type == "list of text" and not is_article(found["v"].casefold()):
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


def of_nations(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`French or Belgian customers`: of either, by where they live, or by what they speak."""
    first, other = found["n"], found["m"]
    if first.text.split(" ")[0] == other.text.split(" ")[0]:
        yield joined((first, other), "OR")


def of_a_nation(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`vip Germans`."""
    yield joined((Said(format_name(found["t"])), found["n"]), "AND")


def both(name: str) -> Says:
    """`Dutch vips`: what stands in the gap, and what kind of people they are."""

    def says(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
        yield joined((found[name], found["k"]), "AND")

    return says


def labelled(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`at least two tags`."""
    yield Said(f"{word('MEASURE_OF', 'number')} {format_name(found['l'])} {test_(found['c'])}")


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


def not_tagged(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`tags are not club`; `neither` of several."""
    for one in tagged(people, verbs, found, stop):
        if not one.join:
            yield one.denied()
            continue
        yield Said(one.text.replace(f" {word('AND')} ", f" {word('OR')} "), "OR").denied().unsure("none of them")
        if one.join == "AND":
            yield one.denied().unsure("not all of them")


def tagged_without(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`tagged club but not gift`."""
    for first in tagged(people, verbs, found, stop):
        for other in tagged(people, verbs, {**found, "v": found["x"]}, stop):
            yield joined((first, other.denied()), "AND")


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


def customers_of(often: str) -> Says:
    """`one-time customers`: of what is bought."""

    def says(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
        for event in people.standing.purchases()[:1]:
            yield Said(f"{format_name(event)} {often}", "", False)

    return says


def labels_said(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`gift buyers`: a label that the catalog speaks of."""
    name, label = found["g"]
    yield Said(f"{format_name(name)} {word('INCLUDES', 'any')} {quoted(label)}", "", False)


def frequent_customers(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`loyal customers`."""
    for event in people.standing.purchases()[:1]:
        yield Said(f"{format_name(event)} at least 3 times", "", False, "for example")


def not_yet(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`aren't customers yet`: who never bought."""
    for event in people.standing.purchases()[:1]:
        yield Said(say("NEVER {}", format_name(event)), "", False)


def frequent(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`frequent buyers`."""
    for one in buyers("at least 3 times")(people, _, found, stop):
        yield one.unsure("for example")
