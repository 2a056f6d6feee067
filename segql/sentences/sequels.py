"""What came after, again or not, and what the first and the last of it had."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ..formatter import format_name
from ..words import say, word
from .lexicon import quoted
from .people import People, never
from .said import Said, joined
from .shares import HAD
from .telling import Around, in_where, test_denied, told, with_the_noun
from .verbs import Verbs


def _window(found: Mapping[str, Any]) -> str:
    return f" {found['w']}" if "w" in found else ""


def soon_again(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`bought again within 30 days of the first order`."""
    first = f"{word('EDGE', 'first')} {format_name(found.get('a', found['b']))}"
    yield Said(say("{} THEN {} WITHIN {}", first, format_name(found["b"]), found["d"]))


def afterwards(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`ordered after clicking an sms`; `ordered before opening any email` may be before the first of them."""
    text = say("{} THEN {}", format_name(found["a"]), format_name(found["b"]))
    said = [one.folded for one in people.tokens[:stop]]
    if "before" in said and "any" in said[said.index("before") :]:
        yield Said(text, "", False, "before one of them")
        yield Said(say("{} WHERE {}", text, "number = 1"), "", False, "before the first")
        return
    yield Said(text)


def but_not(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`clicked sms but not email in the last month`: the window is that of both, or of what did not happen alone."""
    around, window = found["x"], found.get("w", "")
    said = verbs.tokens[found["from"]].folded
    for other in verbs.lexicon.events_called(f"{said} {found['o']}"):
        if around.window or around.times or around.tests or around.each or around.either:
            return
        denied = f"{never(other)} {window}".rstrip()
        for first in dict.fromkeys((f"{format_name(found['a'])} {window}".rstrip(), format_name(found["a"]))):
            yield Said(f"{first} {word('AND')} {denied}", "AND", not window)


def again_within(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`bought again within 30 days`: of some time before, or of the first."""
    event = format_name(found["b"])
    yield Said(say("{} THEN {} WITHIN {}", event, event, found["d"]), "", False, "of any time before")
    first = f"{word('EDGE', 'first')} {event}"
    yield Said(say("{} THEN {} WITHIN {}", first, event, found["d"]), "", False, "of the first time")


def again(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`bought again`: more than once."""
    yield Said(say("{} AT_LEAST TWICE", format_name(found["e"])))


def again_in(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`bought again in 2025`: more than once then, or then and before."""
    event, window = format_name(found["e"]), found["w"]
    yield Said(f"{say('{} AT_LEAST TWICE', event)} {window}", "", False, "more than once then")
    yield Said(f"{event} {window} {word('WHERE')} number >= 2", "", False, "then, and some time before")


def of_edge(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`last order used coupon WELCOME10`: what is said of that one; `last bought beans`: the last of such."""
    around = found["x"]
    if around.tests and not (around.times or around.each or around.either):
        edge_ = word("EDGE", "first" if found["edge"] == "first" else "last")
        if verbs.is_past(found["from"]):
            where = f"{word('WHERE')} {in_where(around.tests)} {around.window}".rstrip()
            yield Said(f"{edge_} {format_name(found['a'])} {where}", "", around.sure and bool(around.window))
            return
        head = f"{edge_} {format_name(found['a'])} {around.window}".rstrip()
        has = Said(f"{head} {word('HAS', 'one')} {in_where(around.tests)}", "", around.sure)
        if (around.window or len(around.tests) > 1) and not any(
            one.folded in HAD for one in verbs.tokens[found["from"] : stop]
        ):  # `first order with a coupon this year`: nothing says where what they tell of it begins
            *of, last = around.tests
            those = f"{edge_} {format_name(found['a'])} {around.window}".rstrip() + f" {word('WHERE')} "
            said = f"{in_where(tuple(of))} {word('HAS', 'one')} {last}" if of else last
            yield Said(those + said, "", False, "of those alone")
            has = has.unsure("of all")
        yield has


def only_then(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`ordered only in 2025`: the first and the last of it then."""
    name, window = format_name(found["e"]), found["w"]
    first, last = (f"{word('EDGE', edge)} {name} {window}" for edge in ("first", "last"))
    yield Said(f"{first} {word('AND')} {last}", "AND")


def every_one(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`every order over $50`, `all their orders had a coupon`."""
    around = found["x"]
    if "from" in found and any(one.folded in HAD for one in verbs.tokens[found["from"] + 1 : stop]):
        return  # what stands before it says which of them: `every order over $50 had a coupon`
    if around.tests and around.sure and not (around.times or around.each or around.either):
        head = f"{word('EDGE', 'every')} {format_name(found['a'])} {around.window}".rstrip()
        yield Said(f"{head} {word('HAS', 'one')} {in_where(around.tests)}")


def of_number(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`second order was over $100`: among all of them the second one."""
    around = found["x"]
    if not (around.times or around.each or around.either):
        tests = (f"number = {found['n']}", *around.tests)
        yield Said(f"{format_name(found['a'])} {around.window} {word('WHERE')} {in_where(tests)}")


def held_by_edge(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`has a coupon on the last order`."""
    edge_ = word("EDGE", "first" if found["edge"] == "first" else "last")
    test = f"{word('IS')} {quoted(found['v'])}" if "v" in found else word("IS_SET", found.get("is", "set"))
    yield Said(f"{edge_} {format_name(found['e'])} {word('HAS', 'one')} {format_name(found['h'])} {test}")


def not_held_by_edge(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`last order had no coupon`."""
    return held_by_edge(people, verbs, {**found, "is": "not set"}, stop)


def not_for_longer(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`haven't ordered for more than 60 days`: those who never did as well, or not."""
    yield Said(f"{never(found['e'])} {word('IN_THE_LAST')} {found['d']}", "", False, "or never")
    last = f"{word('EDGE', 'last')} {format_name(found['e'])}"
    yield Said(f"{last} more than {found['d']} ago", "", False, "but once did")


def not_completed(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`started checkout and did not complete it`: nothing was bought afterwards, or at no time."""
    around = found["x"]
    for event in people.standing.purchases()[:1]:
        for one in told(found["a"], around) if not around.times else ():
            if "d" in found:
                yield from in_time(people, verbs, {**found, "b": event}, stop)
                return
            yield Said(f"{one.text} {word('NOT_FOLLOWED_BY')} {format_name(event)}", "", False, "not afterwards")
            never_ = f"{never(event)} {around.window}".rstrip()
            yield Said(f"{one.text} {word('AND')} {never_}", "AND", False, "at no time")


def never_again(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`ordered last year and never again`."""
    event, window = format_name(found["e"]), found.get("w", "")
    if found.get("edge") == "first":
        yield Said(f"{word('EDGE', 'first')} {event} {window} {word('AND')} {event} exactly once", "AND")
    elif window:
        yield Said(say("{} NOT_FOLLOWED_BY {}", f"{event} {window}", event))
    else:
        yield Said(f"{event} exactly once")


def not_then(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`bought grinders last year but not this year`: the same is denied of another time."""
    around = found["x"]
    if around.times and not around.each and not around.either:
        for first in told(found["a"], around):
            none = next(told(found["a"], Around(around.tests, window=found["w"]), denied=True))
            yield joined((first, none), "AND").unsure("then not at all")
            for often in told(found["a"], replace(around, window=found["w"]), denied=True):
                yield joined((first, often), "AND").unsure("then not so often")
    elif not around.window and not around.each and not around.either:  # `has bought but not this month`
        for first in told(found["a"], around):
            yield joined((first, *told(found["a"], replace(around, window=found["w"]), denied=True)), "AND")
    elif around.tests and around.window and not around.times and not around.each:
        denied = list(told(found["a"], replace(around, window=found["w"]), denied=True))
        for first in told(found["a"], around) if len(denied) == 1 else ():
            yield joined((first, denied[0]), "AND").unsure()


def then_too(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`cancelled an order last month but ordered again since`."""
    for first in told(found["a"], found["x"]):
        yield Said(f"{first.text} {word('THEN')} {format_name(found['b'])}")


def then_this(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`bought grinders and later beans`."""
    for first in told(found["a"], found["x"]):
        for then in told(found["a"], found["y"]) if found["y"].tests and not found["y"].times else ():
            yield Said(f"{first.text} {word('THEN')} {then.text}")


def not_this_after(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`bought a grinder but no beans afterwards`."""
    for first in told(found["a"], found["x"]):
        for then in told(found["a"], found["y"]) if found["y"].tests and not found["y"].times else ():
            yield Said(f"{first.text} {word('NOT_FOLLOWED_BY')} {then.text}")


def none_of_it(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`opened at least 5 emails in 30d but clicked none`: none of them, which is never, then."""
    around = found["x"]
    noun = found["a"].split()[-1].casefold()
    if around.tests and (tests := verbs.also_said_of(found["b"], around.tests)):
        denied = Around(tests=tests, window=around.window)
        for first in told(found["a"], around):
            yield from (joined((first, one), "AND").unsure() for one in told(found["b"], denied, denied=True))
        return
    if around.each or around.either or around.tests or found["b"].split()[-1].casefold() != noun:
        return
    for first in told(found["a"], around):
        yield joined((first, Said(f"{never(found['b'])} {around.window}".rstrip())), "AND").unsure()


def not_after(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`returned an order and never bought again`."""
    for first in told(found["a"], found["x"]):
        yield Said(f"{first.text} {word('NOT_FOLLOWED_BY')} {format_name(found['b'])}")


def in_each(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`ordered beans every month for 6 months`."""
    unit, count = verbs.tokens[stop - 1].folded, found["n"]
    around = found["x"]
    if not (around.times or around.window) and unit.startswith(found["u"]):
        for one in told(found["a"], around):
            yield Said(say("{} IN AT_LEAST {} OF_THE_LAST {} {}", one.text, count, count, unit))


def stopped(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`stopped ordering`."""
    event = format_name(found["e"])
    yield Said(f"{word('EDGE', 'last')} {event} more than 90d ago", "", False, "for example")


def sequence(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`bought within 3 days of opening`."""
    yield Said(f"{format_name(found['a'])} {word('THEN')} {format_name(found['b'])} {word('WITHIN')} {found['d']}")


def same_thing(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`viewed Molen but never bought it`: that thing at no time, or not afterwards."""
    first, second = found["a"], found["b"]
    around = found["x"]
    tests = verbs.also_said_of(second, around.tests)
    if around.each or around.either or not tests:
        return
    one = next(told(first, around)).text
    other = f"{format_name(second)} {word('WHERE')} {_all(tests)}"
    yield Said(f"{one} {word('AND')} {say('NEVER {}', other)}", "AND", False, "at no time")
    if around.window:
        yield Said(f"{one} {word('AND')} {say('NEVER {}', other)} {around.window}", "AND", False, "not in that time")
    yield Said(f"{one} {word('NOT_FOLLOWED_BY')} {other}", "", False, "not afterwards")
    is_one = any(token.folded in ("a", "an") for token in verbs.tokens[:stop])  # `a Molen product`: that very one
    if is_one and (same := verbs.with_the_same(first, second)):
        then = f"{word('NOT_FOLLOWED_BY')} {format_name(second)}{same}"
        yield Said(f"{one} {then}", "", False, "not that very one afterwards")


def same_put(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`added Molen to the cart but did not buy it`."""
    event, around = found["p"]
    around = replace(around, window=found.get("w", around.window))
    yield from same_thing(people, verbs, {**found, "a": event, "x": around}, stop)


def not_with_it(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`viewed a product but did not add it to the cart`: not afterwards, or at no time."""
    around, other = found["x"], format_name(found["b"])
    tests = verbs.also_said_of(found["b"], around.tests)
    if around.each or around.either or (around.tests and not tests):
        return
    other += f" {word('WHERE')} {_all(tests)}" if tests else ""
    one = next(told(found["a"], around)).text
    yield Said(f"{one} {word('NOT_FOLLOWED_BY')} {other}", "", False, "not afterwards")
    yield Said(f"{one} {word('AND')} {say('NEVER {}', other)}", "AND", False, "at no time")


def in_time(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
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


def but_no(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`bought beans but no grinders`: never any, or none at once."""
    event, first, other = format_name(found["a"]), found["x"], found["y"]
    if first.each and not first.times:  # `bought beans and espresso but no grinders`
        denied = told(found["a"], replace(other, window=first.window), denied=True)
        nos = [one for one in denied if other.tests and not (other.each or other.either or other.times or other.window)]
        for one in told(found["a"], first) if len(nos) == 1 else ():
            yield joined((one, *nos), "AND").unsure(one.note)
        return
    if first.each or first.either or first.times or other != replace(other, times="", window="", each=(), either=()):
        return
    if len(other.tests) != 1:
        return
    denied = told(found["a"], replace(other, window=first.window), denied=True)
    for one, never_ in zip(told(found["a"], first), denied, strict=True):
        yield joined((one, never_), "AND").unsure("never")
    tests = (*first.tests, test_denied(other.tests[0]))
    yield Said(f"{event} {word('WHERE')} {_all(tests)} {first.window}".rstrip(), "", False, "not at once")


def neither(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`bought neither beans nor grinders`: none of the two; of `neither Molen nor Øst beans` both may be beans."""
    two: tuple[Around, Around] = (found["x"], found["y"])
    shared = list(dict.fromkeys((two, with_the_noun(*two))))
    for pair in shared:
        none = joined((one for part in pair for one in told(found["e"], part, denied=True)), "AND")
        yield none if len(shared) == 1 else none.unsure(none.note)


def no_more(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
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


def abandoned(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`abandoned checkout`: what was bought not after it, or not at all."""
    first = format_name(found["e"]) + _window(found)
    for event in people.standing.purchases()[:1]:
        other = format_name(event)
        yield Said(f"{first} {word('NOT_FOLLOWED_BY')} {other}", "", False, "not afterwards")
        yield Said(f"{first} {word('AND')} {say('NEVER {}', other)}{_window(found)}", "AND", False, "at no time")
