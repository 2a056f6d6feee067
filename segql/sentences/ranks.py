"""Ranks and shares of people, as the patterns of `table` say them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ..formatter import format_name
from ..words import word
from .people import People
from .said import Said, joined
from .verbs import Verbs

HIGHEST = ("top", "best", "highest", "biggest", "largest", "greatest")
LOWEST = ("bottom", "worst", "lowest", "smallest", "weakest")
"""Words for the two ends of a rank."""


def _window(found: Mapping[str, Any]) -> str:
    return f" {found['w']}" if "w" in found else ""


def ranked(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`the top 10% of buyers by total spent`."""
    who = tuple(str(found.get("who", "")).lower().split())
    edge = "top" if found["edge"] in HIGHEST else "bottom"
    for one in people.ranked(edge, found["n"], who, found.get("m")):
        yield replace(one, text=one.text + _window(found))


def ranked_in(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`top 2 by total spent per country`."""
    each = format_name(found["p"])
    for one in ranked(people, verbs, found, stop):
        yield Said(f"{one.text} {word('WITHIN_EACH')} {each}", "", one.sure)


def ranked_where(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`top 10 spenders in Germany`: of those who live there, or of all."""
    name, link, _ = found["p"].text.partition(f" {word('IN')} ")
    for one in ranked(people, verbs, found, stop) if not found["p"].join else ():
        each = replace(one, text=f"{one.text} {word('WITHIN_EACH')} {name}")
        if link:
            yield joined((each, found["p"]), "AND").unsure(f"within each {name}")
        yield joined((one, found["p"]), "AND").unsure("of all people")


def with_most(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`the 25% with the most points`."""
    is_top = any(token.folded in ("most", "highest") for token in verbs.tokens[:stop])
    of = found.get("m") and format_name(found["m"])
    of = of or f"{word('MEASURE_OF', 'number')} {format_name(found['e'])}"
    yield Said(f"{word('TOP', 'top' if is_top else 'bottom')} {found['n']} {word('BY')} {of}")


def share(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`a random 10%`."""
    yield Said(f"{word('RANDOM')} {found['n']}")


def share_of(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`10% of women`."""
    yield joined((found["k"], Said(f"{word('RANDOM')} {found['n']}")), "AND")


def vague(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`big spenders`."""
    for one in people.ranked("top", "10%", tuple(found["who"].lower().split()), None):
        yield one.unsure("for example")


def vague_customers(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`high value customers`: by one number or another."""
    for one in people.ranked("top", "10%", ("customers",), None):
        yield one.unsure("for example")


__all__ = [
    "ranked",
    "ranked_in",
    "ranked_where",
    "share",
    "share_of",
    "vague",
    "vague_customers",
    "with_most",
]
