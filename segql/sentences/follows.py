"""What followed what was done, or did not: of other things, of so many, near a sign-up, in every part of a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ..formatter import format_name
from ..words import say, word
from .people import People, never
from .said import Said, joined
from .sequels import same_put
from .slots import often_
from .telling import Around, told
from .verbs import Verbs


def _window(found: Mapping[str, Any]) -> str:
    return f" {found['w']}" if "w" in found else ""


def one_after(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`bought beans after viewing grinders`: one thing, and another that follows it, or does not."""
    bare = (found.get("b"), Around())
    (event, around), (first, before) = found.get("p", bare), found.get("q", bare)
    if around.times or before.times or around.each or before.each or (event == first and around == before):
        return
    link = "NOT_FOLLOWED_BY" if "no" in found else "THEN"
    within = f" {word('WITHIN')} {found['d']}" if "d" in found else ""
    for one in told(first, before):
        for other in told(event, around):
            yield Said(f"{one.text} {word(link)} {other.text}{within}", "", one.sure and other.sure)


def but_not_after(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`ordered but not after opening an email`: after none of them, or not after the latest."""
    event, first = format_name(found["b"]), format_name(found["a"])
    if event != first:
        yield Said(f"{event} {word('AND')} {word('NOT')} ({first} {word('THEN')} {event})", "AND", False,
                   "after none of them")  # fmt: skip
        yield Said(f"{event} {word('AND')} {first} {word('NOT_FOLLOWED_BY')} {event}", "AND", False,
                   "not after the latest of them")  # fmt: skip


def but_not_before(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`opened an email but not before ordering`: before none of the orders, or not before the first."""
    event, then = format_name(found["b"]), format_name(found["a"])
    which = ((then, "before none of them"), (say("{} WHERE {}", then, "number = 1"), "not before the first"))
    for one, note in which if event != then else ():
        yield Said(f"{event} {word('AND')} {word('NOT')} ({event} {word('THEN')} {one})", "AND", False, note)


def not_at(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`ordered not before June`: at another time, or never at that."""
    event, window = format_name(found["e"]), found["w"]
    begins, _, rest = window.partition(" ")
    if begins.casefold() == "before":
        yield Said(f"{event} since {rest}", "", False, "from then on")
    elif window.casefold().startswith("more than ") and window.casefold().endswith(" ago"):
        yield Said(f"{event} {say('IN_THE_LAST {}', window[10:-4])}", "", False, "since then")
    else:
        yield Said(f"{event} {word('AND')} {never(event)} {window}", "AND", False, "at another time")
    yield Said(f"{never(event)} {window}", "", False, "at no time of that")


def none_after(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`viewed a product without ordering afterwards`."""
    return one_after(people, _, {**found, "no": ""}, stop)


def so_often_then(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`bought twice this month and at least once last month`."""
    around = found["x"]
    if around.times and around.window:
        for one in told(found["a"], around):
            for other in told(found["a"], replace(around, times=found["t"], window=found["w"])):
                yield joined((one, other), "AND")


def then_as_well(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`bought this year and last year`: in each of them."""
    around = found["x"]
    for one in told(found["a"], around) if around.window and not around.times else ():
        yield from (joined((one, then), "AND") for then in told(found["a"], replace(around, window=found["w"])))


def so_often_without(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`started checkout twice without ordering`: just so often or at least; nothing of the other, ever or then."""
    around = found["x"]
    is_bare = not any(one.folded in ("exactly", "only", "just") for one in verbs.tokens[:stop])
    least = around.times.replace("exactly", "at least") if is_bare else around.times
    for times in dict.fromkeys((around.times, least)) if around.times else ():
        for one in told(found["a"], replace(around, times=times)):
            for window in dict.fromkeys((around.window, "")):
                both = joined((one, Said(f"{never(found['b'])} {window}".rstrip())), "AND")
                yield both.unsure("in that time" if window else "ever" * bool(around.window))


def not_bare(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`opened an email but did not click`: the same kind of thing, not afterwards or at no time."""
    for first in told(found["a"], found["x"]) if not found["x"].tests else ():
        yield Said(f"{first.text} {word('NOT_FOLLOWED_BY')} {format_name(found['b'])}", "", False, "not afterwards")
        yield joined((first, Said(f"{never(found['b'])} {found['x'].window}".rstrip())), "AND").unsure("at no time")


def never_so(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`ordered but never with a coupon`, `bought beans but never espresso`: nothing of it was ever so."""
    first, other = found["x"], found["y"]
    if other != Around(tests=other.tests, sure=other.sure) or not other.tests or first.each or first.either:
        return
    if verbs.tokens[stop - 1].folded == "not" or (first.times and first.tests):
        return
    windows = dict.fromkeys((first.window, ""))
    is_never = any(one.folded == "never" for one in verbs.tokens[:stop])  # else of the same one: `but_no`
    for one in told(found["a"], first):
        for window in windows:
            for denied in told(found["a"], replace(other, window=window), denied=True):
                both = joined((one, denied), "AND")
                yield both if len(windows) == 1 and is_never else both.unsure("in that time" if window else "ever")


def so_many_of_them(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`received more than 20 emails but clicked fewer than 2`; a time behind one of them may be that of both."""
    (event, compared), (other, of) = found["q"], (found["b"], found["c"])
    if event == other or other.split()[-1].casefold() != event.split()[-1].casefold():
        return
    first, last = f"{format_name(event)} {often_(compared)}", f"{format_name(other)} {often_(of)}"
    sure, one, two = "=" not in (compared[0], of[0]), _window(found), f" {found.get('v', '')}".rstrip()
    ways = {f"{first}{one} {word('AND')} {last}{two}": f"the {'second' if two else 'first'} alone in that time"}
    if bool(one) != bool(two):
        ways = {f"{first}{one or two} {word('AND')} {last}{one or two}": "both in that time", **ways}
    for text, note in ways.items():
        yield Said(text, "AND", sure and len(ways) == 1, note if len(ways) > 1 else "")


def first_near_joining(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`made their first purchase within 14 days of signing up`."""
    for name in people.standing.dates():
        first = f"{word('EDGE', 'first')} {format_name(found['e'])}"
        yield Said(f"{first} {word('WITHIN')} {found['d']} {found['k']} {format_name(name)}")


def once_then(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`bought only once and that was in 2025`: so often in all, and all of them then."""
    event, around = found["p"]
    if around.times.startswith("exactly") and not (around.window or around.each or around.either):
        then = replace(around, window=found["w"], times="" if around.times == "exactly once" else around.times)
        for one in told(event, around):
            yield from (joined((one, other), "AND") for other in told(event, then))


def near_joining(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`ordered within a week of signing up`; `signed up and ordered within a week`, which is after it."""
    for name in people.standing.dates():
        side = found.get("k", "after")
        one = f"{format_name(found['e'])} {word('WITHIN')} {found['d']} {side} {format_name(name)}"
        # Less than 3 days after a day is not the third day after it.
        sure = "k" in found and not ("less" in found and people.lexicon.profile[name].type == "date")
        yield Said(say("NEVER {}", one) if "no" in found else one, "", sure)


def since_joining(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`never visited the site after signing up`: from a date of the profile on, which is no step of a sequence."""
    event, around = found["p"]
    if around.times or around.each or around.either:
        return
    for name in people.standing.dates():
        for one in told(event, around):
            text = f"{one.text} {word('WITHIN')} {_FOR_LONG} after {format_name(name)}"
            then = Said(say("NEVER {}", text) if "no" in found else text)
            began = [Said(f"{format_name(name)}{_window(found)}")] if "w" in found else []
            yield joined((*began, then), "AND").unsure("in the ten years after it")


_FOR_LONG = "3650d"


def in_every_part(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`opened the app every day last week`: on so many days as it has; of a time that goes on, so far."""
    around, unit, window = found["x"], found["u"], found["w"].casefold()
    which, _, whole = window.removeprefix("in ").removeprefix("during ").partition(" ")
    if around.times or around.window:
        return
    today, count, is_over = people.today, 0, which == "last" or which.isdigit()
    if (unit, whole) == ("day", "week"):
        count = 7 if is_over else today.weekday() + 1
    elif (unit, whole or "year") == ("month", "year") and (not which.isdigit() or int(which) < today.year):
        count = 12 if is_over else today.month
    for one in told(found["a"], around) if (count and which in ("last", "this")) or (which.isdigit() and count) else ():
        text = f"{one.text} on at least {count} different {unit}s {found['w']}"
        yield replace(one, text=text, sure=one.sure and is_over, note="" if is_over else "so far")


def none_of_so_many(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`received 5 emails without opening any`: just so many, or so many at least; none of them is never, then."""
    event, compared = found["q"]
    denied = any(one.folded == "without" for one in verbs.tokens[:stop]) or "no" in found
    if not denied and not any(one.folded in ("none", "nothing") for one in verbs.tokens[:stop]):
        return
    if found["b"].split()[-1].casefold() != event.split()[-1].casefold() or found["b"] == event:
        return
    window = _window(found)
    signs = (compared[0], ">=") if compared[0] == "=" else (compared[0],)
    for sign in signs:
        first = f"{format_name(event)} {often_((sign, *compared[1:]))}{window}"
        yield Said(f"{first} {word('AND')} {never(found['b'])}{window}", "AND", len(signs) == 1)


def same_message(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`received the spring email but did not open it`: that one, at no time or not afterwards."""
    (event, around), other = found["q"], found["b"]
    is_alike = event.split()[-1].casefold() == other.split()[-1].casefold() and event != other
    if is_alike and around.tests and not (around.times or around.each or around.either):
        yield from same_put(people, verbs, {**found, "p": (event, around)}, stop)


__all__ = [
    "first_near_joining",
    "in_every_part",
    "near_joining",
    "never_so",
    "none_after",
    "none_of_so_many",
    "not_bare",
    "once_then",
    "one_after",
    "same_message",
    "since_joining",
    "so_many_of_them",
    "so_often_then",
    "so_often_without",
    "then_as_well",
]
