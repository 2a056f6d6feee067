"""Names that are whole phrases: what a person said around an event, a property, a list or a segment."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from ... import ast
from ...catalog import Catalog, fold
from ...catalog.forms import bases
from ...errors import Fix, SegQLError
from ...formatter import format_name
from ...parser import parse_rule
from ...parser.engine.lexer import in_digits
from ...source import Span
from ...words import pattern, say, word
from ..scope import Scope
from .names import alike
from .pauses import FIRST_TIME, after_a_pause
from .things import BEHIND, apart, of_event, of_people, thing_called

_MOST_SPACES = 12


def phrased(scope: Scope, name: ast.Name) -> list[Fix]:
    """What says the same in words of SegQL: `opened no emails`, `ordered for the first time`, `order total`."""
    if name.quoted is not None or name.words.count(" ") > _MOST_SPACES:
        return []
    if fold(" ".join(name.span.text.split())) != fold(name.words):
        return []  # a number stands among its words, and would be lost
    if (pauses := after_a_pause(scope.catalog, name)) is not None:
        return pauses
    if (again := _windowed(_AGAIN, name)) and (then := list(_buyers_then(scope, *again))):
        return then
    for form, says, sure in _FORMS:
        if (one := re.fullmatch(form, name.words, re.IGNORECASE)) and (said := dict.fromkeys(says(scope, one))):
            return [Fix(name.span, text, sure=sure and len(said) == 1) for text in said]
    windowed = [(meant, found) for form, meant in _WITH_WINDOW if (found := _windowed(form, name))]
    return [fix for meant, found in windowed for fix in meant(scope, *found)]


def _windowed(form: str, name: ast.Name) -> tuple[re.Match[str], str, Span] | None:
    """A name of some form, what stands behind it in its condition, and where both stand."""
    found = re.fullmatch(form, name.words, re.IGNORECASE)
    behind = _BEHIND.match(name.span.source.text, name.span.end)
    return (found, behind[0], replace(name.span, end=behind.end())) if found and behind else None


def _never(scope: Scope, found: re.Match[str]) -> Iterable[str]:
    events = _events(scope.catalog, f"{found['verb']} {found['what']}".strip())
    for event in events:
        yield say("NEVER {}", format_name(event))
    if not found["what"]:
        yield from (say("NEVER {}", one) for one in ([] if events else _anything(scope, found)))
        return
    for event in () if events else _events(scope.catalog, found["verb"]):
        for test in of_event(scope.catalog, scope.catalog.events[event], found["what"]):
            yield say("NEVER {} WHERE {}", format_name(event), test)


def _counted(scope: Scope, found: re.Match[str]) -> Iterable[str]:
    if (number := in_digits(found["count"])) != found["count"]:
        for event in _events(scope.catalog, f"{found['verb']} {found['what']}"):
            # Without `exactly`: behind a denial it has two readings, as `has not ordered twice` has.
            yield f"{format_name(event)} {number} {word('TIMES')}"
            if kind := thing_called(scope.catalog.events[event], fold(found["what"])):
                several = f"{word('AGGREGATE_OF', 'distinct')} {format_name(kind)} {word('OF')} {format_name(event)}"
                yield f"{several} = {number}"


def _anything(scope: Scope, found: re.Match[str]) -> Iterable[str]:
    """`bought anything`; `clicked anything` is any of what was clicked, but what narrows one of them."""
    if events := _events(scope.catalog, found["verb"]):
        yield from map(format_name, events)
    elif several := begun(scope.catalog, found["verb"]):
        several = [one for one in several if not any(one.startswith(f"{other} ") for other in several)]
        yield say("ANY_OF ({})", ", ".join(map(format_name, several)))


def _put(scope: Scope, found: re.Match[str]) -> Iterable[str]:
    """`added Molen to the cart`: to an event without the thing."""
    for event in _events(scope.catalog, f"{found['verb']} {found['rest']}"):
        for test in of_event(scope.catalog, scope.catalog.events[event], found["thing"]):
            yield say("{} WHERE {}", format_name(event), test)


def _of_property(scope: Scope, found: re.Match[str]) -> Iterable[str]:
    """`shipped to Germany`: a property of an event by its own name, and a value or a set of them."""
    words = found[0].split()
    for size in range(1, len(words)):
        for event, declared in scope.catalog.events.items():
            given = scope.catalog.find_event_property(event, " ".join(words[:size]))
            if given in declared.properties:
                only = declared.model_copy(
                    update={"things": (), "items": None, "properties": {given: declared.properties[given]}}
                )
                for test in of_event(scope.catalog, only, " ".join(words[size:])):
                    yield say("{} WHERE {}", format_name(event), test)


def _thing(scope: Scope, found: re.Match[str]) -> Iterable[str]:
    """`viewed Espresso`: of all that is viewed, what has such a thing."""
    for event in begun(scope.catalog, found["verb"]):
        for test in of_event(scope.catalog, scope.catalog.events[event], found["thing"]):
            yield say("{} WHERE {}", format_name(event), test)


def begun(catalog: Catalog, verb: str) -> list[str]:
    """Events that begin with a verb, in whatever form, and are no union of others."""
    forms = set(bases(fold(verb)))
    return [
        name for name, event in catalog.events.items()
        if not event.any_of and not forms.isdisjoint(bases(fold(name).split()[0]))
    ]  # fmt: skip


def _first(scope: Scope, found: re.Match[str]) -> Iterable[str]:
    for event in _events(scope.catalog, found["event"]):
        yield f"{word('EDGE', 'first')} {format_name(event)}"


def _own_edge(scope: Scope, found: re.Match[str]) -> Iterable[str]:
    """`placed their first order`; of `cancelled their first order` it may be the first order that was cancelled."""
    events, alone = _events(scope.catalog, f"{found['verb']} {found['what']}"), _events(scope.catalog, found["what"])
    for event in events if not alone or set(alone) & set(events) else ():
        yield f"{word('EDGE', found['edge'].lower())} {format_name(event)}"


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


def _joined(scope: Scope, found: re.Match[str]) -> Iterable[str]:
    if name := scope.catalog.find_list(found["name"]):
        yield say("JOINED_LIST {}", format_name(name))


def _buyers(scope: Scope, found: re.Match[str]) -> Iterable[str]:
    """`one-time buyers`, `repeat customers`, `non-buyers`: who did what the word says, so often."""
    often = {"one": 1, "single": 1, "first": 0, "two": 2, "three": 3}.get(fold(found["often"] or ""))
    if found["often"] and often is None:
        return
    verb = re.sub(r"(?:er|or)s?$", "", who := fold(found["who"]))
    for event in _events(scope.catalog, verb) if verb != who else ():
        name = format_name(event)
        if found["non"]:
            yield say("NEVER {}", name)
        elif often == 0:  # for the first time, and not only once
            yield f"{word('EDGE', 'first')} {name}"
        elif found["again"]:
            yield say("{} AT_LEAST TWICE", name)
        else:
            yield f"{name} {word('EXACTLY')} {often} {word('TIMES')}" if often != 1 else say("{} EXACTLY ONCE", name)


def _buyers_then(scope: Scope, found: re.Match[str], behind: str, whole: Span) -> Iterable[Fix]:
    """`repeat buyers in 2025`: so often then, or then and at some time before; `one-time buyers in 2025`."""
    verb = re.sub(r"(?:er|or)s?$", "", who := fold(found["who"]))
    for event in _events(scope.catalog, verb) if _is_window(behind) and verb != who else ():
        name = format_name(event)
        if found["again"]:
            yield Fix(whole, f"{say('{} AT_LEAST TWICE', name)}{behind}", "so often then")
            yield Fix(whole, f"{name}{behind} {word('WHERE')} number >= 2", "then, and at some time before")
        else:
            yield Fix(whole, f"{say('{} EXACTLY ONCE', name)}{behind}", "once then")
            both = say("{} AND {} EXACTLY ONCE", name + behind, name)
            yield Fix(whole, apart(whole, both), "then, and at no other time")


def _is_window(behind: str) -> bool:
    try:
        rule = parse_rule(f"zz{behind}")
    except SegQLError:
        return False
    return (
        isinstance(rule, ast.Subject) and rule.window is not None and rule == ast.Subject(rule.head, window=rule.window)
    )


def _something(scope: Scope, found: re.Match[str]) -> Iterable[str]:
    """`added something to their cart`: what it was is left open."""
    rest = " ".join(one for one in found["rest"].split() if one.lower() not in ("their", "his", "her"))
    for event in _events(scope.catalog, f"{found[0].split()[0]} {rest}"):
        yield format_name(event)


def _reached(scope: Scope, found: re.Match[str]) -> Iterable[str]:
    """`can be emailed`, `may be reached by sms`, `may receive sms`: a channel, or what is done through it."""
    if (name := channel_of(scope.catalog, found["by"])) is not None:
        yield say("CANNOT_RECEIVE {}" if found["no"] else "CAN_RECEIVE {}", format_name(name))


def channel_of(catalog: Catalog, said: str) -> str | None:
    """The channel of this name, or of this verb: `texted`."""
    forms = set(bases(fold(said)))
    for name, channel in catalog.channels.items():
        if any(not forms.isdisjoint(bases(fold(one))) for one in (name, *channel.also)):
            return name
    return None


def _got(scope: Scope, found: re.Match[str]) -> Iterable[str]:
    """`got an email`: it was received."""
    yield from map(format_name, _events(scope.catalog, f"received {found['what']}"))


def _lacking(scope: Scope, found: re.Match[str]) -> Iterable[str]:
    """`no points`: it is not known, or there are none."""
    if (name := scope.catalog.find_property(found["name"])) is None:
        return
    kind, said = scope.catalog.profiles.properties[name].type, format_name(name)
    if kind == "boolean":
        yield f"{word('NOT')} {said}"
        return
    yield f"{said} {word('IS_SET', 'not set')}"
    if kind in ("number", "money"):
        yield f"{said} = 0"
    elif kind.startswith("list"):
        yield f"{said} {word('IS_SET', 'empty')}"


def _not(scope: Scope, found: re.Match[str]) -> Iterable[str]:
    name = scope.catalog.find_property(found["name"])
    if name is not None and scope.catalog.profiles.properties[name].type == "boolean":
        yield f"{word('NOT')} {format_name(name)}"


def _the_same(scope: Scope, found: re.Match[str]) -> Iterable[str]:
    """`viewed the same product`: so often, with one value of it."""
    verb, what = found["verb"], found["what"]
    for event in _events(scope.catalog, f"{verb} {what}") or _events(scope.catalog, verb) or begun(scope.catalog, verb):
        if given := scope.catalog.find_event_property(event, what) or scope.catalog.find_item_property(event, what):
            yield say("{} WITH_THE_SAME {}", format_name(event), format_name(given))


def _followed(scope: Scope, found: re.Match[str], behind: str, whole: Span) -> Iterable[Fix]:
    """`started checkout without ordering`: not after it, or not at all; the window behind is that of both."""
    for event in _events(scope.catalog, found["event"]):
        names = [one for key, known in scope.catalog.events.items() for one in (key, *known.also)]
        for other in _events(scope.catalog, found["other"]) or alike(found["other"], names, 1):
            first, second = f"{format_name(event)}{behind}", format_name(other)
            yield Fix(whole, say("{} NOT_FOLLOWED_BY {}", first, second))
            yield Fix(whole, say("{} AND NEVER {}", first, second) + behind)


def _some_with(scope: Scope, found: re.Match[str], behind: str, whole: Span) -> Iterable[Fix]:
    """`vips with no orders`: what a word for them says, and what they have."""
    kind = of_people(scope.catalog, ast.Name(found["kind"], None, replace(whole, end=whole.start + len(found["kind"]))))
    if len(kind) == 1 and kind[0].sure:
        yield Fix(whole, apart(whole, f"{kind[0].text} {word('AND')} {found['rest']}{behind}"))


def _in_each(scope: Scope, found: re.Match[str], behind: str, whole: Span) -> Iterable[Fix]:
    """`ordered every month in the last 6 months`, `ordered every month this year`."""
    events, unit = _events(scope.catalog, found["event"]), found["unit"].lower()
    if len(events) != 1:
        return
    event = format_name(events[0])
    last = pattern(rf"\s*(?:<SPAN>|<IN>)?\s*(?:<THE>\s+)?<PAST>\s+(?P<count>\w+)\s+{unit}s?")
    if periods := re.fullmatch(last, behind, re.IGNORECASE):
        count = in_digits(periods["count"])
        yield Fix(whole, say("{} IN AT_LEAST {} OF_THE_LAST {} {}s", event, count, count, unit), sure=True)
    elif unit == "month" and fold(behind.strip()) == word("PERIOD", "this year"):
        often = say("{} ON AT_LEAST {}", event, str(scope.today.month))
        yield Fix(whole, f"{often} {word('DIFFERENT', 'months')}{behind}", "so far")


def _subscribers(scope: Scope, found: re.Match[str]) -> Iterable[str]:
    """`email subscribers`, `newsletter subscribers`; `subscribers` alone may be of any channel."""
    catalog, by = scope.catalog, found["by"]
    if by and (name := catalog.find_list(by)):
        yield say("IN_LIST {}", format_name(name))
    for channel in catalog.channels if not by else filter(None, [channel_of(catalog, by)]):
        yield say("CAN_RECEIVE {}", format_name(channel))


_MAY = r"(?P<no>cannot|can't|can not|may not|must not)?(?:can|may|could|(?:is |are )?allowed to)?"

_FORMS: tuple[tuple[str, Callable[[Scope, re.Match[str]], Iterable[str]], bool], ...] = (
    (rf"{_MAY} be (?:(?:reached|contacted|messaged|notified) (?:by|via|on|through|with) (?:an? )?)?(?P<by>\w+)",
     _reached, True),
    (r"(?:got|get|gets|was sent|were sent|been sent) (?P<what>.+)", _got, True),
    (rf"{_MAY} (?:receive|get|be sent) (?:an? |the )?(?P<by>\w+)", _reached, True),
    (r"(?:(?P<by>.+) )?subscribers?", _subscribers, True),
    (r"(?:no|without|zero|lacks?|lacking) (?:an? |any )?(?P<name>.+)", _lacking, True),
    (rf"(?P<event>.+) {FIRST_TIME}(?: ever)?", _first, True),
    (r"(?P<verb>\w+) (?:their|his|her|the) (?P<edge>first|last) (?P<what>.+)", _own_edge, True),
    (r"(?P<edge>(?:first|last) )?(?P<name>.+) (?:was|were|are)", _bare, True),
    (r"non[ -](?P<name>.+)", _not, True),
    (r"(?:(?:is |are )?(?:an? )?members? (?:of|in)|belongs? to|on|in) (?:the )?(?P<name>.+?)(?: (?:list|segment))?",
     _member, True),
    (r"(?:the )?(?P<name>.+?) (?:list|segment)", _member, True),
    (r"(?:joined|subscribed to|signed up (?:for|to)) (?:the )?(?P<name>.+?)(?: list)?", _joined, True),
    (r"(?:(?P<often>\w+)-time|(?P<again>repeat|returning)|(?P<non>non))[ -](?P<who>\w+)s?", _buyers, True),
    (r"(?:added|put) (?:something|(?:an? )?(?:item|product|thing)s?)(?P<rest> (?:to|in) .+)", _something, True),
    (r"(?P<verb>added|put) (?P<thing>.+?) (?P<rest>(?:to|in) .+)", _put, True),
    (r"(?P<verb>.+?)(?: (?:anything|something|at all|yet|from us|with us))+", _anything, True),
    (r"(?P<verb>\w+) nothing(?: at all)?(?P<what>)", _never, True),
    (r"(?P<verb>\w+) (?:no|zero) (?P<what>.+)", _never, True),
    (r"(?P<verb>\w+) (?P<count>\w+) (?P<what>.+)", _counted, True),
    (r"(?P<verb>\w+) the same (?P<what>.+)", _the_same, True),
    (r"(?P<verb>\w+) (?P<thing>.+)", _thing, True),
    (r".+ .+", _of_property, True),
)  # fmt: skip
"""The first form that says something is it; whether one that says one thing has no other reading."""

_AGAIN = r"(?:(?P<again>repeat|returning)|one-time|single)[ -](?P<who>\w+)s?"

_WITH_WINDOW = (
    (r"(?P<kind>.+?) with (?P<rest>.+)", _some_with),
    (r"(?P<event>.+?) without (?P<other>.+)", _followed),
    (r"(?P<event>.+?) (?:every(?: single)?|each) (?P<unit>day|week|month)", _in_each),
)
_BEHIND = re.compile(BEHIND, re.IGNORECASE)


def _events(catalog: Catalog, said: str) -> tuple[str, ...]:
    return (found,) if (found := catalog.find_event(said)) else catalog.events_meant(said)
