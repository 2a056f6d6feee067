"""The English of single conditions: one pattern a line, and what it says. `forms` reads the patterns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeAlias

from ..formatter import format_name
from ..words import say, word
from .people import People, never
from .said import Said, joined
from .slots import often_
from .verbs import Verbs, told

Says: TypeAlias = Callable[[People, Verbs, Mapping[str, Any], int], Iterator[Said]]
"""What a pattern says, of what stands in its gaps; the last argument is where the stretch ends."""


def _one(text: str, sure: bool = True) -> Iterator[Said]:
    yield Said(text, "", sure)


def _times(_: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`at least 3 orders`: the noun of an event, so often."""
    yield Said(f"{format_name(found['e'])} {often_(found['c'])}" + _window(found))


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
        text = found["v"].strip('"').replace('"', '""')
        known = people.lexicon.profile[name].values
        yield Said(f'{format_name(name)} {word("INCLUDES", "any")} "{text}"', "", text in known)


def _sequence(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    yield Said(f"{format_name(found['a'])} {word('THEN')} {format_name(found['b'])} {word('WITHIN')} {found['d']}")


def _same_thing(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`viewed Molen but never bought it`: that thing at no time, or not afterwards."""
    first, second = found["a"], found["b"]
    around = found["x"]
    tests = verbs.also_said_of(second, around.tests)
    if around.each or around.either or around.times or not tests:
        return
    one = f"{format_name(first)} {word('WHERE')} {_all(around.tests)}" + f" {around.window}".rstrip()
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
    (f"{_HAS} {{m:measure}} {_IS} [of] {{c:strictly}} {{w:window}}", _had),
    (f"{_HAS} {{m:measure}} {{w:window}} {_IS} [of] {{c:strictly}}", _had),
    (f"{_HAS} no|zero {{p:property}}", _lacking),
    ("without|lack|lacks|lacking [a|an|any] {p:property}", _lacking),
    ("[has|have|had|having|with] [a|the] {l:tagging} {v:free}", _tagged),
    ("[is|are|was|were] {l:tagging} [as|with|a] {v:free}", _tagged),
    # what they did, by its noun
    ("[has|have|had|having|with|made|placed|did] {c:compared} {e:noun}", _times),
    ("[has|have|had|having|with|made|placed|did] {c:compared} {e:noun} {w:window}", _times),
    ("[has|have|had|having|with|made|placed] no|zero {e:noun}", _never),
    ("[has|have|had|having|with|made|placed] no|zero {e:noun} {w:window}", _never),
    ("without [a|an|any] {e:noun}", _never),
    ("without [a|an|any] {e:noun} {w:window}", _never),
    ("[whose|their|the] {edge:edge} {e:noun} was|is|were {w:window}", _edge),
    # never again
    ("{e:event} {w:window} [,] [and|but|then] never|not again", _never_again),
    ("{edge:edge} {e:event} {w:window} [,] [and|but|then] never|not again", _never_again),
    ("{e:event} [only|just|exactly] once [,] [and|but|then] [and|but|then] never|not again", _never_again),
    ("{e:event} [only|just|exactly] once [,] [and|but|then] never came|bought|ordered|returned|come [back|again]",
     _never_again),
    ("[has|have|had] only|just {e:event} {t:times}", _exactly),
    # one after another
    ("{b:event} within {d:duration} of|after {a:event}", _sequence),
    ("{a:did} {x:around} [,] but|and {no:denial} {b:did} it|them|one|any", _same_thing),
    ("{a:event} {x:around} [,] but|and {no:denial} {b:event} within {d:duration} [of_it|of_that|afterwards]", _in_time),
    ("{a:event} {x:around} [,] but|and no {y:rest}", _but_no),
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
    ("[all|the|our] {c:channel} subscribers", _say("CAN_RECEIVE {}", "c")),
    ("[all|the|our] repeat|returning {who:agent}", _buyers("at least twice")),
    ("[all|the|our] one-time|onetime|single {who:agent}", _buyers("exactly once")),
    ("[all|the|our] {who:agent}", _buyers("")),
)  # fmt: skip
"""Kinds of people: what may stand before `who ..`, `in ..`, `with ..`."""

__all__ = ["CONDITIONS", "KINDS", "joined"]
