"""Names that are whole phrases: what a person said around an event, a property, a list or a segment."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from ... import ast
from ...catalog import Catalog, fold
from ...formatter import format_name
from ...parser.engine.lexer import in_digits
from ...words import say, word
from ..scope import Scope
from .names import alike

_MOST_SPACES = 12


def phrased(scope: Scope, name: ast.Name) -> list[str]:
    """What says the same in words of SegQL: `opened no emails`, `ordered for the first time`, `order total`."""
    if name.quoted is not None or name.words.count(" ") > _MOST_SPACES:
        return []
    for form, meant in _FORMS:
        if (found := re.fullmatch(form, name.words, re.IGNORECASE)) and (said := list(meant(scope, found))):
            return list(dict.fromkeys(said))
    return []


def _never(scope: Scope, found: re.Match[str]) -> Iterable[str]:
    for event in _events(scope.catalog, f"{found['verb']} {found['what']}"):
        yield say("NEVER {}", format_name(event))


def _counted(scope: Scope, found: re.Match[str]) -> Iterable[str]:
    if (number := in_digits(found["count"])) != found["count"]:
        for event in _events(scope.catalog, f"{found['verb']} {found['what']}"):
            yield f"{format_name(event)} {word('EXACTLY')} {number} {word('TIMES')}"


def _anything(scope: Scope, found: re.Match[str]) -> Iterable[str]:
    return map(format_name, _events(scope.catalog, found["verb"]))


def _first(scope: Scope, found: re.Match[str]) -> Iterable[str]:
    for event in _events(scope.catalog, found["event"]):
        yield f"{word('EDGE', 'first')} {format_name(event)}"


def _bare(scope: Scope, found: re.Match[str]) -> Iterable[str]:
    """`last order was`: the window says when."""
    edge, name = found["edge"] or "", found["name"]
    if _events(scope.catalog, name) or (not edge and scope.catalog.find_property(name)):
        yield edge + format_name(name)


def _member(scope: Scope, found: re.Match[str]) -> Iterable[str]:
    if name := scope.catalog.find_list(found["name"]):
        yield say("IN_LIST {}", format_name(name))
    if fold(found["name"]) in scope.segments:
        yield say("IN_SEGMENT {}", format_name(found["name"]))


def _not(scope: Scope, found: re.Match[str]) -> Iterable[str]:
    name = scope.catalog.find_property(found["name"])
    if name is not None and scope.catalog.profiles.properties[name].type == "boolean":
        yield f"{word('NOT')} {format_name(name)}"


def _with_value(scope: Scope, found: re.Match[str]) -> Iterable[str]:
    """`ordered with coupon WELCOME10`, `used coupon WELCOME10`: a text property and its value."""
    words, said = found["rest"].split(), found.groupdict().get("event")
    for event in scope.catalog.events if said is None else _events(scope.catalog, said):
        for size in range(len(words) - 1, 0, -1):
            if given := _text(scope.catalog, event, " ".join(words[:size])):
                value = " ".join(words[size:])
                yield say('{} WHERE {} IS "{}"', format_name(event), format_name(given), value)


def _the_same(scope: Scope, found: re.Match[str]) -> Iterable[str]:
    """`viewed the same product`: so often, with one value of it."""
    verb, what = found["verb"], found["what"]
    for event in _events(scope.catalog, f"{verb} {what}") or _events(scope.catalog, verb):
        if given := scope.catalog.find_event_property(event, what) or scope.catalog.find_item_property(event, what):
            yield say("{} WITH_THE_SAME {}", format_name(event), format_name(given))


def _followed(scope: Scope, found: re.Match[str]) -> Iterable[str]:
    """`started checkout without ordering`: not after it, or not at all."""
    for event in _events(scope.catalog, found["event"]):
        names = [one for key, known in scope.catalog.events.items() for one in (key, *known.also)]
        for other in _events(scope.catalog, found["other"]) or alike(found["other"], names, 1):
            for form in ("{} NOT_FOLLOWED_BY {}", "{} AND NEVER {}"):
                yield say(form, format_name(event), format_name(other))


def _element(scope: Scope, found: re.Match[str]) -> Iterable[str]:
    name = scope.catalog.find_property(found["name"])
    if name is not None and scope.catalog.profiles.properties[name].type == "list of text":
        yield f'{format_name(name)} {word("INCLUDES", "any")} "{found["value"]}"'


def _property(scope: Scope, found: re.Match[str]) -> Iterable[str]:
    """`order total`: a property and the event that has it; the comparison that follows is the property's."""
    words = found[0].split()
    for size in range(1, len(words)):
        for event in _events(scope.catalog, " ".join(words[:size])):
            if given := scope.catalog.find_event_property(event, " ".join(words[size:])):
                yield say("{} WHERE {}", format_name(event), format_name(given))


def _held(scope: Scope, found: re.Match[str]) -> Iterable[str]:
    """`a coupon`, `use a coupon`: what some events have. Of the two that are tried one goes with what follows."""
    catalog = scope.catalog
    for event in catalog.events:
        if given := catalog.find_event_property(event, found["name"]):
            said = say("{} WHERE {}", format_name(event), format_name(given))
            yield from (said, f"{said} {word('IS_SET', 'set')}")


_FORMS: tuple[tuple[str, Callable[[Scope, re.Match[str]], Iterable[str]]], ...] = (
    (r"(?P<event>.+) for the (?:first|1st) time(?: ever)?", _first),
    (r"(?P<edge>(?:first|last) )?(?P<name>.+) (?:was|were|are)", _bare),
    (r"non[ -](?P<name>.+)", _not),
    (r"(?:(?:is |are )?(?:an? )?members? (?:of|in)|belongs? to|on|in) (?:the )?(?P<name>.+?)(?: (?:list|segment))?",
     _member),
    (r"(?P<verb>\w+) (?:anything|something|at all)", _anything),
    (r"(?P<verb>\w+) (?:no|zero) (?P<what>.+)", _never),
    (r"(?P<verb>\w+) (?P<count>\w+) (?P<what>.+)", _counted),
    (r"(?P<event>.+?) (?:with|using) (?:an? |the )?(?P<rest>\w+ .+)", _with_value),
    (r"(?P<verb>\w+) the same (?P<what>.+)", _the_same),
    (r"(?P<event>.+?) without (?P<other>.+)", _followed),
    (r"(?P<name>.+?) (?:contain|has|have|with) (?P<value>.+)", _element),
    (r".+ .+", _property),
    (r"(?:use|used|using|with|having|had|has) (?:an? |the )?(?P<rest>\w+ .+)", _with_value),
    (r"(?:(?:use|used|using|with|have|had|has|having) )?(?:an? |the |any )?(?P<name>.+)", _held),
)  # fmt: skip
"""The first form that says something is it."""


def _events(catalog: Catalog, said: str) -> tuple[str, ...]:
    return (found,) if (found := catalog.find_event(said)) else catalog.events_meant(said)


def _text(catalog: Catalog, event: str, said: str) -> str | None:
    given = catalog.find_event_property(event, said)
    leaf = catalog.leaf_events(event)[0]
    part = given and catalog.events[leaf].properties.get(given)
    return given if part and part.type == "text" else None
