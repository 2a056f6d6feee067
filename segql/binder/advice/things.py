"""What somebody means who names a value alone, or an amount: conditions through the properties that hold it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TypeAlias

from ...ast import Name, Text
from ...catalog import Catalog, fold
from ...catalog.declared import Event
from ...catalog.forms import bases
from ...catalog.parts import Property
from ...errors import Fix
from ...formatter import format as format_
from ...formatter import format_name
from ...source import Span
from ...words import pattern, say, spellings, word
from .names import DENIALS

MOST_TEXTS = 6
"""Conditions that are offered for one text."""
_SHORTEST, _LONGEST = 3, 200
"""Letters of a value that is found in other letters than its own, and of what is said of it."""
_BEFORE = {"from", "in", "of", "with", "for"}
"""Words before a value that say nothing but that one follows: `from Germany`."""


def through(catalog: Catalog, said: str) -> list[str]:
    """Conditions about a value that a property is known to have, or about a named set of such: `Beans`, `Germany`."""
    first, _, rest = said.partition(" ")
    value = rest if rest and fold(first) in _BEFORE else said
    found = [format_name(name) + test for name, test in tests(catalog, catalog.profiles.properties, value)]
    for name, event in catalog.events.items():
        found += [say("{} WHERE {}", format_name(name), one) for one in of_event(catalog, event, value)]
    return found[:MOST_TEXTS]


_WHO = r"(?:(?!without\b)(?:<WHO>)\s+)?"
"""`without` is one of these words, and denies what follows."""
_FROM = (
    rf"(?:(?:<PEOPLE>)\s+)?{_WHO}(?P<lives>(?:lives?|living|based|located|resides?)\s+)?"
    r"(?:(?P<not>not\s+)?(?:from|in|of)|(?P<no>outside)(?:\s+of)?)\s+(?:<THE>\s+)?(?P<value>\w[\w-]*)"
)
_SOME = (
    rf"(?P<kind>\w[\w -]{{0,80}}?)(?:\s+(?:<PEOPLE>))?\s+{_WHO}"
    r"(?=(?:not\s+)?(?:from|in|of|outside|lives?|living|based|located)\s)"
)
_OF_A_KIND = r"(?P<kind>\w[\w -]*?)(?:\s+(?:<PEOPLE>))?\Z"


BEHIND = r"(?:\s+(?!(?:and|or|but|where|except|then)\b)[^\s()]+)*"
"""What follows a name in its condition, where that is a window, or how often."""


_PLACE = re.compile("city|town|country|county|region|state|province|place|location|district")
"""Names of where somebody lives."""
_PLURAL = re.compile(r"(?<=\w)s\Z", re.IGNORECASE)
_MEMBERS = (
    rf"(?:<PEOPLE>)\s+{_WHO}(?:in|on)\s+(?:<THE>\s+)?(?P<name>\w[\w ]*?)(?:\s+list)?"
    r"(?=\s+(?:<AND>|<OR>|<BUT>|<EXCEPT>)\b|\s*\)|\s*\Z)"
)


def of_people(catalog: Catalog, name: Name) -> list[Fix]:
    """`customers in Germany`, `vip customers`: what the people are, as conditions."""
    said, text = name.span.text, name.span.source.text
    if (found := _matches(_MEMBERS, text[name.span.start :])) and (of := catalog.find_list(found["name"])):
        whole = replace(name.span, end=name.span.start + found.end())
        return [Fix(whole, say("IN_LIST {}", format_name(of)), sure=True)]
    if found := _matches(_FROM, text[name.span.start :]):
        return _living(catalog, found, name.span)
    if (found := _matches(_SOME, text[name.span.start :])) and (kind := _is_of(catalog, found["kind"])):
        place = replace(name.span, start=name.span.start + found.end())
        if where := _matches(_FROM, text[place.start :]):
            return [_some(kind, fix, name.span) for fix in _living(catalog, where, place)]
    if found := _matches(_OF_A_KIND, said):
        told = _is_of(catalog, found["kind"])
        if told is None:
            return []
        where = _matches(rf"\s+{_FROM}", text[name.span.end :])
        if where is None:
            return [Fix(name.span, told, sure=True)]
        fixes = _living(catalog, where, replace(name.span, start=name.span.end))
        return [_some(told, fix, name.span) for fix in fixes]
    return []


def _some(kind: str, fix: Fix, name: Span) -> Fix:
    """Those of the people whom a fix says that are of a kind."""
    whole = replace(name, end=fix.span.end)
    return replace(fix, span=whole, text=apart(whole, f"{kind} {word('AND')} {fix.text}"))


def _is_of(catalog: Catalog, kind: str) -> str | None:
    """What is or is not so of people, by a word for them: `vip`, `vips`."""
    found = catalog.find_property(kind) or catalog.find_property(_PLURAL.sub("", kind))
    return format_name(found) if found and catalog.profiles.properties[found].type == "boolean" else None


def apart(span: Span, text: str) -> str:
    """Two conditions in the place of one."""
    return text if span.text.strip() == span.source.text.strip() else f"({text})"


def _living(catalog: Catalog, found: re.Match[str], span: Span) -> list[Fix]:
    """Where people live, through the property that has such values; or through any text, where nobody knows them.

    `span` begins where `found` does. What stands behind the place in a name says more: nobody knows what.
    """
    named, span = span.end, replace(span, end=span.start + found.end())
    properties = catalog.profiles.properties
    living = list(tests(catalog, properties, found["value"]))
    if not living and found["lives"]:
        value = found["value"].replace('"', '""')
        free = [name for name, part in properties.items() if _is_free(part)]
        free = [name for name in free if _PLACE.search(fold(name))] or free
        living = [(name, f' {word("IS")} "{value}"') for name in free]
    no = f"{word('NOT')} " if found["no"] or found["not"] else ""
    if named > span.end:
        return []
    fixes = [Fix(span, f"{no}{format_name(one)}{test}") for one, test in living]
    return [replace(fix, sure=len(fixes) == 1) for fix in fixes[:MOST_TEXTS]]


def _is_free(part: Property) -> bool:
    """Whether it is a text of which nobody knows the values."""
    return part.type == "text" and not part.values


def _matches(form: str, text: str) -> re.Match[str] | None:
    return re.compile(pattern(form), re.IGNORECASE).match(text)


def of_event(catalog: Catalog, event: Event, said: str) -> list[str]:
    """Predicates of an event for a value that one of its properties, or of its items, is known to have.

    Two values of two properties are one thing that has both: `Molen grinders`.
    """
    own, items = things_of(event)
    any_item = word("ANY_ITEM", "any")
    of_items = [f"{any_item} ({one})" for one in _joined(tests(catalog, items, said))]
    return [*of_items, *(f"({one})" if _BOTH in one else one for one in _joined(tests(catalog, own, said)))]


_BOTH = f'" {word("AND")} '


def _joined(tests: Iterator[tuple[str, str]]) -> list[str]:
    told = [(format_name(name) + test, set(re.findall(r"\w+", fold(test)))) for name, test in tests]
    if len(told) == 2 and not (told[0][1] & told[1][1]) - {word("IS")} and all(one.endswith('"') for one, _ in told):
        return [f"{told[0][0]} {word('AND')} {told[1][0]}"]
    return [one for one, _ in told]


Holder: TypeAlias = tuple[str, tuple[str, ...], tuple[str, ...]]
"""A condition with a gap for a text, the path of the property in the catalog, its values."""


def holders(catalog: Catalog) -> Iterator[Holder]:
    """Where a text may be said of: the profile, and what the catalog names as the things of an event."""
    profile = catalog.profiles.properties
    for name, part in profile.items():
        if part.type == "text":
            yield f'{format_name(name)} {word("IS")} "{{}}"', (name,), part.values
    for event, declared in catalog.events.items():
        if declared.things:
            yield from _of_rows(event, *things_of(declared))


def other_holders(catalog: Catalog) -> Iterator[Holder]:
    """The other properties of events that hold texts."""
    known = {path for _, path, _ in holders(catalog)}
    for event, declared in catalog.events.items():
        items = declared.items.properties if declared.items else {}
        for one in _of_rows(event, declared.properties, items):
            if one[1] not in known:
                yield one


def _of_rows(event: str, own: Mapping[str, Property], items: Mapping[str, Property]) -> Iterator[Holder]:
    where = say("{} WHERE ", format_name(event))
    for name, part in items.items():
        if part.type == "text":
            test = f'{word("ANY_ITEM", "any")} ({format_name(name)} {word("IS")} "{{}}")'
            yield where + test, (event, "items", name), part.values
    for name, part in own.items():
        if part.type == "text":
            yield f'{where}{format_name(name)} {word("IS")} "{{}}"', (event, name), part.values


def texts(event: Event, value: str) -> list[str]:
    """Predicates that say of an event that something of it is this text: of its things, where the catalog names them.

    Where one of them is known to have the text, of that one; those that have it in other capitals come first.
    """
    own, items = things_of(event)
    known = [(format_name(name), part, True) for name, part in items.items()]
    known += [(format_name(name), part, False) for name, part in own.items()]

    def test(name: str, of_items: bool, text: str) -> str:
        said = f"{name} {word('IS')} {format_(Text(text))}"
        return f"{word('ANY_ITEM', 'any')} ({said})" if of_items else said

    sure = [test(name, of_items, value) for name, part, of_items in known if value in part.values]
    near = [
        test(name, of_items, one) for name, part, of_items in known for one in part.values if fold(one) == fold(value)
    ]
    free = [
        test(name, of_items, value)
        for name, part, of_items in known
        if part.type == "text" and not (near and part.values)
    ]
    return (sure or [*near, *free])[:MOST_TEXTS]


def amounts(event: Event) -> list[str]:
    """The property that says how much, or those that may."""
    if event.amount is not None:
        return [event.amount]
    return [name for name, part in event.properties.items() if part.type == "money"]


def things_of(event: Event) -> tuple[dict[str, Property], dict[str, Property]]:
    """Its own properties and those of its items: of its things, where the catalog names some."""
    own, items = event.properties, event.items.properties if event.items else {}
    if not event.things:
        return dict(own), dict(items)
    things = [fold(thing) for thing in event.things]

    def among(properties: dict[str, Property]) -> dict[str, Property]:
        names = {fold(one): name for name, part in properties.items() for one in (name, *part.also)}
        return {names[thing]: properties[names[thing]] for thing in things if thing in names}

    return among(dict(own)), among(dict(items))


def thing_called(event: Event, noun: str) -> str | None:
    """The property that tells which of an event's things a noun counts: `products`; None where all are alike."""
    own, items = things_of(event)
    forms = set(bases(noun))
    return next((name for name in (*own, *items) if not forms.isdisjoint(bases(fold(name)))), None)


def tests(catalog: Catalog, properties: dict[str, Property], said: str) -> Iterator[tuple[str, str]]:
    """A property, and the test that it takes for what was said."""
    members = set(catalog.set_values(said) or ())
    for name, part in properties.items():
        if members.intersection(part.values):
            yield name, say(" IN {}", format_name(said))
        elif value := _value(part.values, said):
            text = f'"{value.replace(chr(34), chr(34) * 2)}"'
            yield name, f" {word('INCLUDES', 'any') if part.type == 'list of text' else word('IS')} {text}"


def _value(values: tuple[str, ...], said: str) -> str | None:
    """The value that was said: all of it, or the longest whose words all were: `coffee beans` are `Beans`.

    A code of two letters may be a word, `IT`, `NO`, and is meant only as it is written. What is denied is not offered.
    """
    if said in values:
        return said
    if not values or len(said) > _LONGEST:
        return None
    words = set(fold(said).split()).difference(spellings("ARTICLE"))
    if not DENIALS.isdisjoint(words):
        return None
    known = {base for one in words for base in bases(one)}
    fitting = [
        value
        for value in values
        if len(value) >= _SHORTEST and all(not known.isdisjoint(bases(one)) for one in fold(value).split())
    ]
    return max(fitting, key=len, default=None)
