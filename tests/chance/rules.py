"""Random rules: texts that the tests' catalog (catalog.yaml) understands, over every form that has a meaning today.

Names, values and lengths come from the pools that the random shops (shops.py) use, so that rules are often just true or
just false. Texts are drawn in any legal spelling; the canonical one is the formatter's business.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from ..worlds.shops import EVENTS, ITEMS, PROFILE
from .ways import WAYS

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Draw:
    """Draws at random; knows which events the shop at hand has, and what values a measure has there."""

    random: Random
    events: tuple[str, ...] = tuple(EVENTS)
    values: Callable[[str], Sequence[str]] = lambda measure: ()


DEFINITIONS = """\
let a while = 30d
let a lot = €100

segment "Buyers" (n = 2, length = 30d) = placed order at least n times in length

# A segment of a segment, with an argument of its own.
segment "Dutch buyers" (land = "NL") = country is land and in segment "Buyers" (n = 1)

segment "Spenders" (amount = €50, start = 2025-10-26) =
  total spent since start > amount or never placed order in a while

segment "Reachable" = can receive sms or (can receive email and not in list Staff)

segment "Active" =
  days since last placed order < 30 or last opened email in 30d or in list Staff or "last seen" in the last 30d

segment "Everybody" = everyone

segment "Some buyers" = placed order sample 50%

segment "Few" = in segment "Everybody" sample 12.5% or at least 2 seed "é\'"

segment "Best" = top 50% by total spent sample 66.6667% seed ""
"""
"""The file of definitions that random rules refer to."""

UNION = {"campaign": "text"}
"""What the parts of the union, and of `several`, have in common."""

MAILS = ("opened email", "clicked email", "clicked sms")
"""Events of which the union and `several` are made."""


def pick(draw: Draw, choices: Sequence[T]) -> T:
    return draw.random.choice(choices)


def say(draw: Draw, text: str, **bound: str) -> str:
    """The text with a way for each `<thing>` in it."""

    def one(match: re.Match[str]) -> str:
        thing = match[1]
        return bound[thing] if thing in bound else say(draw, pick(draw, WAYS[thing]), **bound)

    return re.sub("<([a-z][a-z ]*)>", one, text)


def tested(draw: Draw, properties: dict[str, str]) -> str:
    """A test of one of the properties."""
    name = pick(draw, list(properties))
    type_ = properties[name]
    alike = [n for n, t in PROFILE.items() if t == type_ and "list" not in t and t != "month-day"]
    if properties is not PROFILE and alike and pick(draw, "nnnnny") == "y":
        op = "<op>" if type_ in ("number", "money", "date", "time") else pick(draw, ("is", "is not", "=", "!="))
        return say(draw, f"{name} {op} their {pick(draw, alike)}")
    other = pick(draw, [n for n, t in properties.items() if t == type_])
    if type_ in ("date", "time") and pick(draw, "nny") == "y":
        other = pick(draw, [n for n, t in properties.items() if t in ("date", "time")])
        return say(draw, f"days from {name} to {other} <days apart>")
    test = say(draw, f"<test of {type_.replace('-', ' ')}>", it=name, other=other)
    # Nobody is born next week, and this week and the last days have two readings: these are errors.
    return re.sub(
        "^birthday (?=(?:in|over|during|less than) |today|tomorrow|(?:this|last|next) )", "renewal date ", test
    )


# --- where ----------------------------------------------------------------------------------------------------------


def together(draw: Draw, part: Callable[[], str]) -> str:
    """Up to three parts under one `and` or `or`."""
    parts = [pick(draw, ("", "", "", "not ")) + part() for _ in range(pick(draw, (1, 1, 2, 3)))]
    return pick(draw, (" and ", " or ")).join(parts)


def predicate(draw: Draw, event: str) -> str:
    properties = EVENTS.get(event, UNION)
    kinds = ["property"] * 4 if properties else []
    kinds += ["built in"] * 2 if event != "answered survey" else []
    kinds += ["items"] * 4 + ["number of items"] if event in ITEMS else []
    match pick(draw, kinds):
        case "property":
            return tested(draw, properties)
        case "built in":
            return say(draw, "<test of built in>")
        case "number of items":
            return say(draw, "<so many> items")
        case _:
            how = pick(draw, ("any item", "any item", "every item", "no item", "<so many> items"))
            return say(draw, f"{how} ({together(draw, lambda: tested(draw, ITEMS[event]))})")


def where(draw: Draw, event: str) -> str:
    return f"where ({together(draw, lambda: predicate(draw, event))})"


# --- events ---------------------------------------------------------------------------------------------------------


def event(draw: Draw, timed: bool = False) -> str:
    """An event that the shop at hand has; now and then any."""
    known = draw.events if pick(draw, "yyyyyyyyyn") == "y" else tuple(EVENTS)
    unions = ("engaged with email", "several") if set(MAILS) & set(known) else ()
    fitting: list[str] = [e for e in (*known, *unions) if not timed or e != "answered survey"]
    return pick(draw, fitting or ["placed order"])


def branches(draw: Draw) -> str:
    """Events in parentheses, each with a `where` at times, about what it is like in itself."""
    found = []
    for one in (pick(draw, MAILS) for _ in range(pick(draw, (1, 2, 2, 3)))):
        test = tested(draw, EVENTS[one]) if pick(draw, "yyn") == "y" else say(draw, "<test of instant>")
        found.append(
            f"{spelled(draw, one)} where {pick(draw, ('', 'not '))}({test})" if pick(draw, "yyn") == "y" else one
        )
    return f"({', '.join(found)})"


def spelled(draw: Draw, event: str) -> str:
    if event == "several" and pick(draw, "yn") == "y":
        return f"any of {branches(draw)}"
    return say(draw, f"<{event}>") if event in WAYS else event


def parts(draw: Draw, event: str, first: str = "") -> str:
    """A window and a `where`, none or both, in any order."""
    found = [first] if first else []
    if event != "answered survey" and pick(draw, "yyynn") == "y":
        found.append(say(draw, "<window>"))
    if event != "answered survey" and pick(draw, "nnnnny") == "y":
        found.append(say(draw, "<close to>"))
    if pick(draw, "nny") == "y":
        found.append(where(draw, event))
    return " ".join(draw.random.sample(found, len(found)))


def occurrence(draw: Draw) -> str:
    of = event(draw)
    name = spelled(draw, of)
    match pick(draw, ("quantity", "plain", "quantity", "never", "bare", "quantity")):
        case "plain":
            return f"{name} {parts(draw, of)}"
        case "never":
            return f"never {name} {parts(draw, of)}"
        case "bare":
            return say(draw, f"{name} <bare count> {parts(draw, of)}")
        case _:
            return f"{name} {parts(draw, of, say(draw, '<quantity>'))}"


def edge(draw: Draw) -> str:
    of = event(draw, timed=True)
    text = say(draw, f"<edge> {spelled(draw, of)}")
    if pick(draw, "nny") == "y":
        text += f" {where(draw, of)}"
    if pick(draw, "yn") == "y":
        return say(draw, f"{text} {pick(draw, ('<window>', '<window>', '<window> <close to>', '<close to>'))}")
    window = say(draw, " <window>") if pick(draw, "nny") == "y" else ""
    return f"{text}{window} has ({predicate(draw, of)})"


def sequence(draw: Draw) -> str:
    """Steps in order, often of the same events."""
    links = pick(draw, LINKS)
    text, before, run, happened, later = "", "", list[str](), 0, False
    same = pick(draw, ("never", "never", "at times", "always"))
    one = event(draw, timed=True)
    for place in range(len(links) + 1):
        link = links[place - 1] if place else ""
        absent = link in {"then no", "not followed by"}
        found = [say(draw, "<window>")] if place == 0 and pick(draw, "nny") == "y" else []
        found += [where(draw, one)] if pick(draw, "nny") == "y" else []
        if place and link != "then no" and pick(draw, "yyn") == "y":
            found.append(say(draw, "within <gap>"))
        elif place and not absent and pick(draw, "nny") == "y":
            least, most = pick(draw, BOTH_BOUNDS)
            found += [f"at least {least} later"] + ([f"within {most}"] if pick(draw, "ny") == "y" else [])
            later = True
        if place and (same == "always" or (same == "at times" and pick(draw, "ny") == "y")):
            shared = _shared(before, one)
            if not set(run) <= set(shared) or not run or pick(draw, "yyyn") == "n":
                run = draw.random.sample(shared, min(len(shared), pick(draw, (1, 1, 1, 2))))
            run = draw.random.sample(run, len(run))
            found += [f"with the same {' and the same '.join(run)}"] if run else []
        edge = say(draw, "<edge> ") if place == 0 and pick(draw, "nnnny") == "y" else ""
        found += [say(draw, "<close to>")] if not edge and pick(draw, "nnnnnny") == "y" else []
        text += f" {link} {edge}{spelled(draw, one)} {' '.join(draw.random.sample(found, len(found)))}"
        if not absent:
            before, happened = one, happened + 1
        if happened > 1 and links[place:] in ([], ["not followed by"]) and not absent and pick(draw, "nny") == "y":
            # Steps that come later than all may take could never be: an error.
            text += f" all within {pick(draw, ('20w', '400d'))}" if later else say(draw, " all within <gap>")
        one = before if pick(draw, "yn") == "y" else event(draw, timed=True)
    return text


BOTH_BOUNDS = (
    ("0s", "0s"), ("1s", "45s"), ("90min", "90min"), ("1 hour", "1d"), ("1d", "3 days"), ("3 days", "2 weeks"),
    ("30d", "20w"),
)  # fmt: skip
"""How much later a step comes at least, and at most."""
LINKS = (
    *(["then"], ["then"], ["then"] * 2, ["then"] * 3, ["followed by"], ["not followed by"], ["not followed by"]),
    *(["then no", "then"], ["then", "then no", "then"], ["then no", "then no", "then"], ["then no", "then", "then"]),
    *(["then", "not followed by"], ["then", "then", "not followed by"], ["then no", "then", "not followed by"]),
)


def _shared(before: str, after: str) -> list[str]:
    """The names of properties that two events, or their items, both have, with values of one type."""
    one, other = (
        EVENTS.get(of, UNION) | ITEMS.get(of, {}) | {"hour": "number", "weekday": "text", "number": "number"}
        for of in (before, after)
    )
    plain = [name for name, type_ in one.items() if "list" not in type_ and "of" not in name]
    return [name for name in plain if other.get(name) == one[name]]


def together_with(draw: Draw, event: str) -> tuple[str, str]:
    """A property with plain values, of the event or of its items, and its type."""
    properties = EVENTS.get(event, UNION) | (ITEMS.get(event, {}) if pick(draw, "yn") == "y" else {})
    built_in = {} if event == "answered survey" else {"hour": "number", "weekday": "text"}
    plain = {n: t for n, t in properties.items() if "list" not in t and "of" not in n} or built_in
    if built_in and pick(draw, "nnnny") == "y":
        plain = built_in
    return pick(draw, list(plain.items()))


def among(draw: Draw) -> str:
    """A condition over all of a profile's occurrences together."""
    of = event(draw)
    timed = event(draw, timed=True)
    match pick(draw, ("together", "each", "each", "share", "share", "regular", "different", "repeats", "mode", "mode")):
        case "together":
            every = list(dict.fromkeys(event(draw) for _ in range(pick(draw, (2, 3, 4)))))
            if unions := [one for one in every if one not in EVENTS]:  # the same twice is an error
                every = [unions[0], *(one for one in every if one in EVENTS and one not in MAILS)]
            if len(every) == 1:
                return occurrence(draw)
            dated = "answered survey" in every
            shared = [
                name
                for name in _shared(every[0], every[1])
                if all(name in _shared(every[0], one) for one in every[2:])
                and not (dated and name in ("hour", "weekday", "number"))
            ]
            if not shared:
                return occurrence(draw)
            named = draw.random.sample(shared, min(len(shared), pick(draw, (1, 1, 2))))
            said = (f"{spelled(draw, one)} {where(draw, one) if pick(draw, 'nny') == 'y' else ''}" for one in every)
            window = say(draw, "<window>") if "answered survey" not in every and pick(draw, "nny") == "y" else ""
            return f"all of ({', '.join(said)}) {window} with the same {' and the same '.join(named)}"
        case "each":
            word = pick(draw, ("every", "every", "no"))
            return f"{word} {spelled(draw, of)} {parts(draw, of)} has ({predicate(draw, of)})"
        case "share":
            return say(draw, f"<part of all> of {spelled(draw, of)} {parts(draw, of)} have ({predicate(draw, of)})")
        case "regular":
            quantity = say(draw, "<quantity>") if pick(draw, "nny") == "y" else ""
            tail = where(draw, timed) if pick(draw, "nny") == "y" else ""
            return say(draw, f"{spelled(draw, timed)} {quantity} <regularity> {tail}")
        case "different":
            return say(draw, f"{spelled(draw, timed)} {parts(draw, timed)} <different>")
        case "repeats":
            names = dict.fromkeys(together_with(draw, of)[0] for _ in range(pick(draw, (1, 1, 2))))
            same = " and the same ".join(f'"{name}"' for name in names)
            return say(draw, f"{spelled(draw, of)} <repeats> with the same {same} {parts(draw, of)}")
        case _:
            name, type_ = together_with(draw, of)
            tail = parts(draw, of) if name not in ITEMS.get(of, {}) else ""
            it = f"most common {name} of {spelled(draw, of)} {tail}"
            if type_ in ("date", "time"):  # their windows would be those of the events
                return say(draw, f"{it} <is it there>")
            if name in ("hour", "weekday"):
                return say(draw, f"{it} <is {name}>")
            other = {"text": '"NL"', "boolean": "yes"}.get(type_, "2")
            return say(draw, f"<test of {type_}>", it=it, other=other)


# --- measures -------------------------------------------------------------------------------------------------------


def measure(draw: Draw) -> str:
    """A measure with its window and `where`."""
    of = event(draw, timed=True)
    properties = EVENTS.get(of, UNION)
    kinds = ("aggregate", "items", "metric") * 3 + ("number", "distinct", "since", "between", "property", "timeless")
    kinds = (*kinds, "edge", "edge", "added", "added")  # type: ignore[assignment]
    match pick(draw, kinds):
        case "metric" if set(draw.events) & {"placed order", "opened email"}:
            return say(draw, f"<metric> {pick(draw, ('<window>', '<window>', '', '', '<close to>'))}")
        case "edge" if text := edge_value(draw, ("number", "money")):
            return text
        case "added":
            return added(draw)
        case "timeless" if "placed order" in draw.events:
            return say(draw, "<timeless metric>")
        case "property":
            return pick(draw, [n for n, t in PROFILE.items() if t in ("number", "money")])
        case "since":
            tail = where(draw, of) if pick(draw, "nny") == "y" else ""
            return say(draw, f"days since <edge> {spelled(draw, of)} {tail}")
        case "between":
            return f"days between {spelled(draw, of)} {parts(draw, of)}"
        case "items":
            of = pick(draw, [e for e in ITEMS if e in draw.events] or list(ITEMS))
            items = [n for n, t in ITEMS[of].items() if t in ("number", "money")]
            tail = f"where ({tested(draw, ITEMS[of])})" if pick(draw, "nny") == "y" else parts(draw, of)
            return say(draw, f"<statistic> of {pick(draw, items)} of {spelled(draw, of)} {tail}")
        case "aggregate" if numbers := [n for n, t in properties.items() if t in ("number", "money") and "of" not in n]:
            return say(draw, f"<statistic> of {pick(draw, numbers)} of {spelled(draw, of)} {parts(draw, of)}")
        case "distinct" if plain := [n for n, t in properties.items() if "list" not in t and "of" not in n]:
            return f"number of distinct {pick(draw, plain)} of {spelled(draw, of)} {parts(draw, of)}"
        case _:
            return f"number of {spelled(draw, of)} {parts(draw, of)}"


def edge_value(draw: Draw, kinds: Sequence[str]) -> str:
    """`total of last placed order`, of a property of one of these types; empty where no event has one."""
    of = event(draw, timed=True)
    found = [n for n, t in EVENTS.get(of, UNION).items() if t in kinds]
    tail = parts(draw, of)
    return say(draw, f"{pick(draw, found)} of <edge> {spelled(draw, of)} {tail}") if found else ""


def of_one_event(draw: Draw) -> str:
    """What a property is in the first or the last event, with the tests that it takes."""
    of = event(draw, timed=True)
    properties = EVENTS.get(of, UNION) | {"weekday": "text", "hour": "number", "number": "number"}
    name = pick(draw, [n for n, t in properties.items() if t not in ("date", "time")])
    if name in ("weekday", "hour"):
        return say(draw, f"{name} of <edge> {spelled(draw, of)} {parts(draw, of)} <is {name}>")
    it = say(draw, f"{name} of <edge> {spelled(draw, of)}{pick(draw, ('', ' in 30d', ' before 2025-10-26'))}")
    type_ = properties[name]
    alike = [n for n, t in PROFILE.items() if t == type_]
    other = pick(draw, alike) if type_ in ("text", "number", "money", "boolean") and alike else "2"
    return say(draw, f"<test of {type_}>", it=it, other=other)


WINDOWLESS = ("balance", "credit", "last order value", "age", "score", "x", "days since last order")


def added(draw: Draw) -> str:
    """Two or three measures that are added, in one window or in none, or each with what it has of its own."""
    kind = pick(draw, ("money term", "number term"))
    terms = tuple(say(draw, f"<{kind}>") for _ in range(pick(draw, (2, 2, 2, 3))))
    window = say(draw, "<window>") if pick(draw, "nny") == "y" else ""
    own = [one if one in WINDOWLESS else f"{one} {window}" for one in terms]
    if pick(draw, "nny") == "y" and "placed order" in draw.events:
        of = "total" if kind == "money term" else "discount"
        own.append(f"sum of {of} of placed order {window} {where(draw, 'placed order')}")
    text = own[0]
    for one in own[1:]:
        text += f" {pick(draw, '+-')} {one}"
    return text


def measured(draw: Draw) -> str:
    if set(draw.events) & {"placed order", "got invoice"} and pick(draw, "nnnnnny") == "y":
        return say(draw, "<related>")
    left = measure(draw)
    if (values := draw.values(left)) and pick(draw, "yyyyn") == "y":
        # A value that somebody has: just true or just false.
        return f"{left} {pick(draw, ('=', '<', '<=', '>', '>=', '!='))} {pick(draw, values)}"
    if pick(draw, "nny") == "n":
        return say(draw, f"{left} <compares>")
    if pick(draw, "nnnnny") == "y":
        return say(draw, f"{left} <op> {pick(draw, ('day of birthday', 'month of renewal date', 'year of last seen'))}")
    right = measure(draw)
    return say(draw, f"{left} <op> {right}" if is_sum(right) else f"{left} <op> <factor>{right}")


def is_sum(text: str) -> bool:
    """Whether measures are added: no factor goes with these."""
    return " + " in text or " - " in text


def population(draw: Draw) -> str:
    """A measure beside what others have."""
    left, right = measure(draw), pick(draw, ("", "", "of"))
    among = say(draw, " of <members>") if pick(draw, "nny") == "y" else ""
    if pick(draw, "nnnny") == "y":
        of = pick(draw, ("placed order", "got invoice"))
        total = {"placed order": "total", "got invoice": "amount"}[of]
        kind = pick(draw, ("average", "average", "max"))
        pooled = f"{kind} of {total} of {of} {parts(draw, of)}"
        return say(draw, f"{left} <op> <factor>the overall average of {pooled}{among}{within_each(draw)}")
    other = f" of {measure(draw)}" if right else ""
    return say(draw, f"{left} <op> <factor><share>{other}{among}{within_each(draw)}")


def rank(draw: Draw) -> str:
    among = say(draw, " among <members>") if pick(draw, "nny") == "y" else ""
    return say(draw, f"{pick(draw, ('top', 'bottom'))} <size> by {measure(draw)}{among}{within_each(draw)}")


def within_each(draw: Draw) -> str:
    parted = [n for n, t in PROFILE.items() if t in ("text", "boolean", "number", "money", "date")]
    return f" within each {pick(draw, parted)}" if pick(draw, "nny") == "y" else ""


# --- rules ----------------------------------------------------------------------------------------------------------

LEAVES: tuple[Callable[[Draw], str], ...] = (
    occurrence, occurrence, occurrence, occurrence, measured, measured, measured, measured, measured, edge, edge,
    of_one_event, among, among, among, sequence, sequence, sequence,
    lambda draw: tested(draw, PROFILE),
    lambda draw: tested(draw, PROFILE),
    lambda draw: say(draw, "<consent>"),
    lambda draw: say(draw, "<lists>"),
    lambda draw: say(draw, "<segment>"),
    lambda draw: say(draw, "<segment at>"),
    rank, population, population,
    lambda draw: say(draw, "<near>"),
    lambda draw: say(draw, "<chance>"),
)  # fmt: skip

SHAPES = ("leaf", "leaf", "leaf", "and", "or", "not", "leaf", "leaf", "and", "or", *("leaf",) * 6, "everyone")


def random_rule(draw: Draw, depth: int = 2) -> str:
    """The text of a rule, mostly on the events at hand."""
    match pick(draw, SHAPES) if depth else "leaf":
        case "leaf":
            text = " ".join(pick(draw, LEAVES)(draw).split())
            # This `in` would begin a window before a number, and the language finds it unclear with `last week`.
            unclear = (
                r"\blogged in\b" if re.search(r"\blast (week|month|quarter|year)", text) else r"\blogged in(?= \d)"
            )
            return re.sub(unclear, '"logged in"', text, flags=re.IGNORECASE)
        case "everyone":
            return pick(draw, ("everyone", "no one"))
        case "not":
            return f"not ({random_rule(draw, depth - 1)})"
        case word:
            found = [random_rule(draw, depth - 1) for _ in range(pick(draw, (2, 2, 3)))]
            word = pick(draw, (f" {word} ", f" {word.upper()} ", f"\n{word} "))
            return word.join(f"({part})" if depth > 1 else part for part in found)
