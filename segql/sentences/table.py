"""The English of single conditions: one pattern a line, and what it says. `forms` reads the patterns."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeAlias

from ..formatter import format_name
from ..words import say, word
from . import deeds
from .lexicon import quoted
from .people import People, never
from .said import Said, joined
from .verbs import Verbs, told

Says: TypeAlias = Callable[[People, Verbs, Mapping[str, Any], int], Iterator[Said]]
"""What a pattern says, of what stands in its gaps; the last argument is where the stretch ends."""


def _one(text: str, sure: bool = True) -> Iterator[Said]:
    yield Said(text, "", sure)


def _window(found: Mapping[str, Any]) -> str:
    return f" {found['w']}" if "w" in found else ""


def _living(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    yield found["p"]


def _outside(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    yield found["p"].denied()


def _aged(sign: str | None) -> Says:
    def says(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
        return people.aged((sign, found["n"]) if sign else found["c"])

    return says


def _ranked(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    who = tuple(str(found.get("who", "")).lower().split())
    return people.ranked("top" if found["edge"] in ("top", "best") else "bottom", found["n"], who, found.get("m"))


def _had(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    yield people.measured(found["m"], found["c"], found.get("w", ""), bare=False)


def _buyers(often: str) -> Says:
    def says(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
        for event in people.bought_by(found["who"].lower()):
            yield Said(f"{format_name(event)} {often}".strip())

    return says


def _never_again(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    event, window = format_name(found["e"]), found.get("w", "")
    if found.get("edge") == "first":
        yield Said(f"{word('EDGE', 'first')} {event} {window} {word('AND')} {event} exactly once", "AND")
    elif window:
        yield Said(say("{} NOT_FOLLOWED_BY {}", f"{event} {window}", event))
    else:
        yield Said(f"{event} exactly once")


def _exactly(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`only bought once`: no more often."""
    if found["t"].startswith("exactly"):
        yield Said(f"{format_name(found['e'])} {found['t']}")


def _tagged(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    name = found["l"]
    if people.lexicon.profile[name].type == "list of text":
        several = re.split(r" (and|or) ", found["v"], flags=re.IGNORECASE)
        joins = {one.upper() for one in several[1::2]}
        known = people.lexicon.profile[name].values
        tests = [
            Said(f"{format_name(name)} {word('INCLUDES', 'any')} {quoted(one)}", "", one.strip('"') in known)
            for one in several[::2]
        ]
        if len(joins) < 2:
            yield joined(tests, next(iter(joins), "AND"))


def _not_then(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`bought grinders last year but not this year`: the same is denied of another time."""
    around = found["x"]
    if around.tests and around.window and not around.times and not around.each:
        denied = list(told(found["a"], replace(around, window=found["w"]), denied=True))
        for first in told(found["a"], around) if len(denied) == 1 else ():
            yield joined((first, denied[0]), "AND").unsure()


def _not_after(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`returned an order and never bought again`."""
    for first in told(found["a"], found["x"]):
        yield Said(f"{first.text} {word('NOT_FOLLOWED_BY')} {format_name(found['b'])}", "", False)


def _in_each(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`ordered beans every month for 6 months`."""
    unit, count = verbs.tokens[stop - 1].folded, found["n"]
    around = found["x"]
    if not (around.times or around.window) and unit.startswith(found["u"]):
        for one in told(found["a"], around):
            yield Said(say("{} IN AT_LEAST {} OF_THE_LAST {} {}", one.text, count, count, unit), "", False)


def _stopped(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    event = format_name(found["e"])
    yield Said(f"{word('EDGE', 'last')} {event} more than 90d ago", "", False, "for example")


def _subscribers(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    for channel in people.lexicon.catalog.channels:
        yield Said(say("CAN_RECEIVE {}", format_name(channel)), "", False)


def _sequence(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    yield Said(f"{format_name(found['a'])} {word('THEN')} {format_name(found['b'])} {word('WITHIN')} {found['d']}")


def _same_thing(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`viewed Molen but never bought it`: that thing at no time, or not afterwards."""
    first, second = found["a"], found["b"]
    around = found["x"]
    tests = verbs.also_said_of(second, around.tests)
    if around.each or around.either or not tests:
        return
    one = next(told(first, around)).text
    other = f"{format_name(second)} {word('WHERE')} {_all(tests)}"
    yield Said(f"{one} {word('AND')} {say('NEVER {}', other)}", "AND", False, "at no time")
    yield Said(f"{one} {word('NOT_FOLLOWED_BY')} {other}", "", False, "not afterwards")


def _in_time(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`clicked an email but did not buy within 3 days`: from the click on, or until now."""
    second, length = format_name(found["b"]), found["d"]
    for one in told(found["a"], found["x"]):
        yield Said(say("{} NOT_FOLLOWED_BY {} WITHIN {}", one.text, second, length), "", False, "from then on")
        if tuple(token.folded for token in verbs.tokens[stop - 2 : stop - 1]) != ("of",):
            never_ = f"{say('NEVER {}', second)} {word('IN_THE_LAST')} {length}"
            yield Said(f"{one.text} {word('AND')} {never_}", "AND", False, "until now")


def _all(tests: tuple[str, ...]) -> str:
    return (
        tests[0]
        if len(tests) == 1 and f" {word('AND')} " not in tests[0]
        else "(" + f" {word('AND')} ".join(tests) + ")"
    )


def _say(form: str, *names: str, sure: bool = True) -> Says:
    def says(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
        texts = [format_name(found[name]) for name in names]
        yield Said(say(form, *texts), "", sure)

    return says


def _kept(name: str) -> Says:
    def says(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
        yield found[name]

    return says


def _share(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    yield Said(f"{word('RANDOM')} {found['n']}")


def _share_of(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    yield joined((found["k"], Said(f"{word('RANDOM')} {found['n']}")), "AND")


def _but_no(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`bought beans but no grinders`: never any, or none at once."""
    event, first, other = format_name(found["a"]), found["x"], found["y"]
    if first.each or first.either or first.times or other != replace(other, times="", window="", each=(), either=()):
        return
    any_, no = word("ANY_ITEM", "any"), word("ANY_ITEM", "no")
    if not first.tests or len(other.tests) != 1:
        return
    denied = told(found["a"], replace(other, window=first.window), denied=True)
    for one, never_ in zip(told(found["a"], first), denied, strict=True):
        yield joined((one, never_), "AND").unsure("never")
    if other.tests[0].startswith(f"{any_} ("):
        tests = (*first.tests, no + other.tests[0].removeprefix(any_))
        yield Said(f"{event} {word('WHERE')} {_all(tests)} {first.window}".rstrip(), "", False, "not at once")


def _neither(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`bought neither beans nor grinders`: none of the two."""
    yield joined((one for part in ("x", "y") for one in told(found["e"], found[part], denied=True)), "AND")


def _lacking(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    return people.lacking(found["p"])


def _never(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    yield Said(never(found["e"]) + _window(found))


def _edge(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    edge = "first" if found["edge"] == "first" else "last"
    yield Said(f"{word('EDGE', edge)} {format_name(found['e'])} {found['w']}")


def _deeds(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    return deeds.counted(found["d"], found["c"])


def _no_deed(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    return deeds.denied(found["d"])


def _deed(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    return deeds.done(found["d"], "h" in found)


def _edge_amount(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    return deeds.edged(verbs, found["edge"], found["e"], found["c"])


def _nothing(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    return deeds.nothing(found["e"], found.get("w", ""))


def _some(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    yield Said(format_name(found["e"]) + _window(found))


def _not_for(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    yield Said(f"{never(found['e'])} {word('IN_THE_LAST')} {found['d']}")


def _since(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    return people.standing.since(found["j"], found["w"])


def _been(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    sign, *numbers = found["c"]
    if sign in (">", ">="):
        length = f"{numbers[0]} {verbs.tokens[stop - 1].folded}"
        yield from (one.unsure() for one in people.standing.since(found["j"], f"more than {length} ago"))


def _member_since(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`customers since 2023`: who came then, or from then on."""
    since, _, rest = found["w"].partition(" ")
    for window in (found["w"], f"{word('IN')} {rest}") if since.lower() == "since" else ():
        yield from (one.unsure() for one in people.standing.since(found["j"], window))


def _new(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    for one in people.standing.new(found.get("w") or f"{word('IN_THE_LAST')} 30d"):
        yield one if "w" in found else one.unsure(f"{one.note}, for example")


def _standing(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    return _stands(people, found, found["s"])


def _not_standing(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    return _stands(people, found, not found["s"])


def _stands(people: People, found: Mapping[str, Any], is_active: bool) -> Iterator[Said]:
    window = found.get("w") or f"{word('IN_THE_LAST')} {found['d']}"
    return people.standing.busy(window) if is_active else people.standing.idle(window)


def _idle_kind(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    return people.standing.kind(found["s"])


def _near(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    return people.standing.near(found["p"])


def _no_more(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`ordered twice in 2025 and never again`: no more after it, or so often in all."""
    event, often, window = format_name(found["e"]), found["t"], found.get("w", "")
    if not often.startswith("exactly"):
        return
    if not window:
        yield Said(f"{event} {often}")
        return
    yield Said(
        f"{event} {often} {window} {word('AND')} {word('EDGE', 'last')} {event} {window}", "AND", False, "none after"
    )
    yield Said(f"{event} {often} {window} {word('AND')} {event} {often}", "AND", False, "none before, either")


def _abandoned(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`abandoned checkout`: what was bought not after it, or not at all."""
    first = format_name(found["e"]) + _window(found)
    for event in people.standing.purchases()[:1]:
        other = format_name(event)
        yield Said(f"{first} {word('NOT_FOLLOWED_BY')} {other}", "", False, "not afterwards")
        yield Said(f"{first} {word('AND')} {say('NEVER {}', other)}{_window(found)}", "AND", False, "at no time")


def _reached(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`opted in to email and sms`."""
    names, join = found["c"] if "c" in found else found["n"]
    form = "CAN_RECEIVE {}" if "c" in found else "CANNOT_RECEIVE {}"
    one = joined((Said(say(form, format_name(name))) for name in names), join)
    yield one if join == "AND" else one.unsure()


def _vague(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    for one in people.ranked("top", "10%", tuple(found["who"].lower().split()), None):
        yield one.unsure("for example")


def _frequent(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    for one in _buyers("at least 3 times")(people, _, found, stop):
        yield one.unsure("for example")


_IS = "[is|are|was|were|be|being]"
_HAS = "[has|have|had|having|with]"

CONDITIONS: tuple[tuple[str, Says], ...] = (
    # how old
    (f"{_IS} older than {{n:number}} [years_old|years]", _aged(">")),
    (f"{_IS} younger than {{n:number}} [years_old|years]", _aged("<")),
    (f"{_IS} [aged] {{c:compared}} years old", _aged(None)),
    (f"{_IS} [aged] {{c:compared}} years of age", _aged(None)),
    (f"{_IS} aged {{c:compared}}", _aged(None)),
    # where, and what they speak
    ("[live|lives|living|based|located|residing|is|are|only] [only] in|from {p:where} [only]", _living),
    ("[live|lives|living|based|located|is|are] outside [of] {p:where}", _outside),
    ("[live|lives|living|based|located|is|are] not in|from {p:where}", _outside),
    ("speak|speaks|speaking|spoke {l:language}", _kept("l")),
    # what they have
    (f"{_HAS} {{c:compared}} {{m:measure}}", _had),
    (f"{_HAS} {{m:measure}} {_IS} [of] {{c:strictly}}", _had),
    (f"{_HAS} {{m:measure}} {_IS} [of] {{c:strictly}} in_total|altogether|overall|so_far|to_date|ever", _had),
    (f"{_HAS} {{m:measure}} {_IS} [of] {{c:strictly}} {{w:window}}", _had),
    (f"{_HAS} {{m:measure}} {{w:window}} {_IS} [of] {{c:strictly}}", _had),
    (f"{_HAS} no|zero {{p:property}}", _lacking),
    ("without|lack|lacks|lacking [a|an|any] {p:property}", _lacking),
    ("[has|have|had|having|with] [a|the] {l:tagging} {v:free}", _tagged),
    ("[is|are|was|were] {l:tagging} [as|with|a] {v:free}", _tagged),
    # what they did, by its noun
    ("[has|have|had|having|with|made|placed|did] {c:compared} {d:deed}", _deeds),
    ("[has|have|had|having|with|made|placed] no|zero {d:deed}", _no_deed),
    ("without [a|an|any] {d:deed}", _no_deed),
    ("{h:having} {d:deed}", _deed),
    ("{d:deed}", _deed),
    ("[whose|their|the] {edge:edge} {e:noun} was|is|were [of|for|worth] {c:strictly}", _edge_amount),
    ("{e:event} nothing|none [at_all|ever|yet|so_far]", _nothing),
    ("{e:event} nothing|none [at_all|ever|yet] {w:window}", _nothing),
    ("{e:something}", _some),
    ("{e:something} {w:window}", _some),
    ("{no:denial} {e:something}", _never),
    ("{no:denial} {e:something} {w:window}", _never),
    ("{no:denial} {e:event} for {d:duration}", _not_for),
    # how they stand
    ("{j:began} {w:window}", _since),
    ("[been|is|are] [a] {j:member} for {c:strictly} years|months|weeks|days", _been),
    ("[been|is|are] [a] {j:member} {w:window}", _member_since),
    ("new {who:people} {w:window}", _new),
    ("new {who:people}", _new),
    ("[is|are|was|were|been] {s:activity} for|since {d:duration}", _standing),
    ("[is|are|was|were|been] {s:activity} {w:window}", _standing),
    ("{no:denial} [been] {s:activity} for {d:duration}", _not_standing),
    ("{no:denial} [been] {s:activity} {w:window}", _not_standing),
    ("[live|lives|living|based|located|is|are|is|are] near|nearby|around|close_to|near_to [to] {p:site}", _near),
    ("live|lives|living|based|located {r:around_place}", _kept("r")),
    # what may reach them
    ("[has|have] opted in to|for {c:channels}", _reached),
    ("[has|have] opted out of {n:channels}", _reached),
    ("accept|accepts|allow|allows|want|wants {c:channels}", _reached),
    ("[has|have|is|are] subscribed|signed_up to|for {l:list} [list]", _say("IN_LIST {}", "l")),
    ("[has|have] subscribed|signed_up to|for {l:list} [list] {w:window}", _say("JOINED_LIST {} {}", "l", "w")),
    ("[whose|their|the] {edge:edge} {e:noun} was|is|were {w:window}", _edge),
    # never again
    ("{e:event} {w:window} [,] [and|but|then] never|not again", _never_again),
    ("{e:event} {t:times} [,] [and|but|then] never|not again", _no_more),
    ("{e:event} {t:times} {w:window} [,] [and|but|then] never|not again", _no_more),
    ("{e:event} {w:window} {t:times} [,] [and|but|then] never|not again", _no_more),
    ("abandoned|left [a|the|their] {e:abandoned}", _abandoned),
    ("abandoned|left [a|the|their] {e:abandoned} {w:window}", _abandoned),
    ("{edge:edge} {e:event} {w:window} [,] [and|but|then] never|not again", _never_again),
    ("{e:event} [only|just|exactly] once [,] [and|but|then] [and|but|then] never|not again", _never_again),
    ("{e:event} [only|just|exactly] once [,] [and|but|then] never came|bought|ordered|returned|come [back|again]",
     _never_again),
    ("[has|have|had] only|just {e:event} {t:times}", _exactly),
    # one after another
    ("{b:event} within {d:duration} of|after {a:event}", _sequence),
    ("{a:did} {x:around} [,] but|and {no:denial} {b:did} it|them|one|any", _same_thing),
    ("{a:event} {x:around} [,] but|and {no:denial} {b:event} within {d:duration} [of_it|of_that|afterwards]", _in_time),
    ("{a:event} {x:around} [,] but|and not {w:window}", _not_then),
    ("{a:event} {x:around} [,] but|and {no:denial} {b:did} again|since|afterwards", _not_after),
    ("{a:event} {x:around} every|each {u:unit} for|in|over [the] [last|past] {n:number} days|weeks|months", _in_each),
    ("stopped|quit {e:event}", _stopped),
    ("[with|has|have] {c:channel} enabled|allowed|consent|turned_on", _say("CAN_RECEIVE {}", "c", sure=False)),
    ("{a:did} {x:around} without {b:did} it|them|one|any", _same_thing),
    ("{a:event} {x:around} [,] but|and no|not {y:rest}", _but_no),
    ("{e:event} neither {x:one} nor {y:one}", _neither),
    # ranks and shares
    ("[the] {edge:top} {n:share} [of] [the|our|all] {who:crowd}", _ranked),
    ("[the] {edge:top} {n:share} by {m:measure}", _ranked),
    ("[the] {edge:top} {n:share} [of] [the|our|all] {who:crowd} by {m:measure}", _ranked),
    ("[a] [random] {n:percent} [random] [sample] of [the|our|all] {who:people}", _share),
    ("[a] [random] {n:percent} random|sample [sample]", _share),
    ("[a] random {n:percent}", _share),
    ("[a] [random] {n:percent} [random] [sample] of {k:kind}", _share_of),
)  # fmt: skip

KINDS: tuple[tuple[str, Says], ...] = (
    ("[a|an|the|all|our] {s:sex}", _kept("s")),
    ("[a|an|the|all|our] {t:truth} [people|customers|users|members|shoppers|customer|clients|profiles|contacts]",
     _say("{}", "t")),
    ("[all|the|our] {n:nation} people|customers|users|members|shoppers|clients", _kept("n")),
    ("[all|the|our] {v:value} people|customers|users|members|shoppers|clients", _kept("v")),
    ("[all|the|our] {l:list} [list] [members|subscribers|people|readers|customers]", _say("IN_LIST {}", "l")),
    ("[all|the|our] [people|customers|those|members|everyone] in|on {l:list} [list]", _say("IN_LIST {}", "l")),
    ("[all|the|our] {g:segment} [segment]", _say("IN_SEGMENT {}", "g")),
    ("[all|the|our] subscribers", _subscribers),
    ("[all|the|our] {c:channel} subscribers|opt-ins|opt-in", _say("CAN_RECEIVE {}", "c")),
    ("[all|the|our] {c:channel} opt-outs|opt-out|unsubscribers", _say("CANNOT_RECEIVE {}", "c")),
    ("{l:language} speaking|speakers|speaker [people|customers|users|members|shoppers|clients]", _kept("l")),
    ("[all|the|our] {s:activity} [people|customers|users|members|shoppers|clients|buyers]", _idle_kind),
    ("[all|the|our] big|high|heavy|top|best {who:agent}", _vague),
    ("[all|the|our] frequent|regular|loyal {who:agent}", _frequent),
    ("[all|the|our] repeat|returning {who:agent}", _buyers("at least twice")),
    ("[all|the|our] one-time|onetime|single {who:agent}", _buyers("exactly once")),
    ("[all|the|our] {who:agent}", _buyers("")),
)  # fmt: skip
"""Kinds of people: what may stand before `who ..`, `in ..`, `with ..`."""

__all__ = ["CONDITIONS", "KINDS", "joined"]
