"""Random rules: texts that the tests' catalog (catalog.yaml) understands, over every form that has a meaning today.

Names, values and lengths come from the pools that the random shops (shops.py) use, so that rules are often just true or
just false. Texts are drawn in any legal spelling; the canonical one is the formatter's business.

`WAYS` is a small grammar: the ways to say a thing, in which `<thing>` stands for one way of another.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from hypothesis import strategies as st

from .shops import EVENTS, ITEMS, LENGTHS, PROFILE

Draw = st.DrawFn

DEFINITIONS = """\
let a while = 30d
let a lot = €100

segment "Buyers" (n = 2, length = 30d) = placed order at least n times in length

# A segment of a segment, with an argument of its own.
segment "Dutch buyers" (land = "NL") = country is land and in segment "Buyers" (n = 1)

segment "Spenders" (amount = €50, start = 2025-10-26) =
  total spent since start > amount or never placed order in a while

segment "Reachable" = can receive sms or (can receive email and not in list Staff)
"""
"""The file of definitions that random rules refer to."""

UNITS = {"s": "seconds", "min": "minutes", "h": "hours", "d": "days", "w": "weeks", "mo": "months", "y": "years"}

WAYS: dict[str, Sequence[str]] = {
    # values
    "text": ['"NL"', "'BE'", '""', '"Straße"', '"İstanbul"', '"ΟΔΟΣ"', '"é"', '"say ""hi"""', "'it''s'", '"100%_x\\"'],
    "number": ["1", "2", "0", "-1", "3", "50.5", "100", "18", "33.3", "0.01"],
    "money": ["100", "€100", "0", "50.5 EUR", "€33.33", "-5", "€99.99", "1k", "high", "100.01", "€0.01", "a lot"],
    "pattern": ['"NL"', "'s'", '"STRASSE"', '"straße"', '"İ"', '"i"', '"ς"', '"Σ"', '"é"', '"e\u0301"', '"b?c"', '""',
                '"🎁"', '"%"', '"_"', '"\\"', "'\"'", '"\'"'],
    "glob": ['"*"', '"n?"', '"*s*"', '"*\\*"', '"?"', '""', '"🎁*"', '"*%_*"', '"i*"', '"ΟΔΟ?"', '"*\'*"', '"*?*"'],
    # lengths and moments
    "length": [f"{n}{unit}" for n, unit in LENGTHS]
    + [f"{n} {UNITS[unit][: None if n > 1 else -1]}" for n, unit in LENGTHS],
    "days": ["3 days", "1d", "2 weeks", "1 month", "13mo", "1y", "30d"],
    "date": ["2025-10-26", "2025-10-31", "2025-03-30", "2026-03-29", "2024-02-29", "2025-09-30", "1990-01-01"],
    "day": ["<date>", "<date>", "launch", "today", "yesterday", "the day <days> ago"],
    "time": ["2025-10-26T02:30", "2025-10-26T02:30+01:00", "2026-03-29T02:30", "2025-10-31T12:30", "2024-02-29T23:59:59Z"],
    # windows: of events and joins, of date-only properties, of time-stamped properties
    "window": [
        "in <length>", "in <length>", "in <length>", "in the last <length>", "over the last <length>",
        "less than <length> ago", "more than <length> ago", "between <length> and <length> ago",
        "in 13mo", "in 4mo", "more than 1d ago",
        "between 1 and 4 months ago", "between 13 and 4 mo ago", "between 3 and 30 days ago", "today", "yesterday",
        "this week", "last week", "this month", "last month", "this quarter", "last quarter", "this year", "last year",
        "before <time>", "after <time>", "since <time>", "before <day>", "after <day>", "since <day>",
        "before <length> ago", "since <length> ago", "on <date>", "on the day <days> ago", "on yesterday",
        "between 2025-03-30 and 2025-10-26", "between 2023-02-28 and 2025-10-31",
        "between 2025-10-26T00:30Z and 2025-10-31T12:30", "between 30d ago and 2d ago", "ever", "over all time",
        "in recently", "in a while",
    ],
    "days window": [
        "in the last <days>", "in the next <days>", "more than <days> ago", "less than <days> ago",
        "between 3 and 30 days ago", "before <day>", "after <day>", "since <day>", "on <date>", "today", "tomorrow",
        "this week", "last month", "next month", "this year", "next week", "between 2025-03-30 and 2025-10-26",
    ],
    "time window": [
        "in the last <length>", "in the next <length>", "more than <length> ago", "less than <length> ago",
        "before <time>", "after <day>", "since <length> ago", "on <date>", "today", "tomorrow", "this month",
        "last week", "between 2025-03-30 and 2025-10-26", "between <length> and 1d ago",
    ],
    # comparisons
    "op": ["=", "!=", "<", "<=", ">", ">=", "at least", "at most", "more than", "less than", "fewer than", "exactly"],
    "is op": ["<op>", "is", "is not", "is at least", "is more than", "is >"],
    "range": ["between 0 and 2", "between 1 and 100", "between -5 and 50.5", "between 2 and 2"],
    "few": ["0", "1", "1", "2", "2", "3", "5", "30", "50.5", "100"],
    "compares": ["<is op> <few>", "<is op> <few>", "<is op> <number>", "<range>", "> 0", ">= 1"],
    # a test of the property <it>; <other> is one of the same type
    "test of text": [
        "<it> is <text>", "<it> is not <text>", "<it> = <text>", "<it> != <text>", "<it> in (<text>, <text>)",
        "<it> not in (<text>, <text>)", "<it> contains <pattern>", "<it> does not contain <pattern>",
        "<it> starts with <pattern>", "<it> ends with <pattern>", "<it> matches <glob>", "<it> is set", "<it> is not set",
        "<it> is empty", "<it> is not empty", "<it> in benelux", "<it> not in benelux", "<it> is in EU", "<it> is home",
        "<it> is <other>", "<it> != <other>",
    ],
    "test of number": [
        "<it> <is op> <number>", "<it> <is op> <number>", "<it> <range>", "<it> in (<number>, <number>)",
        "<it> not in (<number>, <number>)", "<it> is set", "<it> is not set", "<it> <op> <other>",
    ],
    "test of money": [
        "<it> <is op> <money>", "<it> <is op> <money>", "<it> <range>", "<it> in (<number>, <number>)", "<it> is not set",
        "<it> <op> <other>",
    ],
    "test of boolean": ["<it>", "<it> is true", "<it> is no", "<it> = yes", "<it> is not true", "<it> is set", "<it> != no"],
    "test of date": ["<it> <days window>", "<it> <days window>", "<it> <days window>", "<it> is set", "<it> is not set"],
    "test of time": ["<it> <time window>", "<it> <time window>", "<it> <time window>", "<it> is set", "<it> is empty"],
    "test of list of text": [
        '<it> includes "vip"', "<it> includes 'nl'", '<it> includes ""', '<it> does not include "nl"',
        '<it> include any of ("nl", "é")', '<it> include all of ("vip", "nl")', '<it> include none of ("vip", "nl")',
        "<it> is empty", "<it> is not empty", "<it> is set",
    ],
    "test of list of number": [
        "<it> includes 7", "<it> does not include 13", "<it> include all of (7, 13)", "<it> include none of (7, -1)",
        "<it> is empty",
    ],
    "test of built in": [
        "number = 1", "number > 1", "number is 2", "number between 1 and 2", "number != 1", "days since previous > 1",
        "days since previous = 0", "days since previous <= 30", "days since previous is set",
        "days since previous is not set", "hour < 12", "hour between 0 and 2", "hour = 23", 'weekday is "Sunday"',
        'weekday is not "Friday"', 'weekday in ("Saturday", "Sunday")', "day = 31", "day >= 26", "month = 10",
        "month in (2, 3)", "month != 10", 'weekday contains "un"',
    ],
    # how many times
    "quantity": [
        "at least once", "never", "exactly once", "once", "twice", "at least twice", "2 times", "at least 2 times",
        ">= 2", "> 1 times", "fewer than 2 times", "less than 3 times", "at most once", "at most 1 times",
        "more than once", "more than 2 times", "between 1 and 2 times", "zero times", "= 0", "!= 1", "is not 2",
        "<= 2", "exactly 2 times", "between 0 and 1 times", "< 1",
    ],
    "bare count": ["0", "1", "2"],
    # conditions without events
    "consent": [
        "<can receive> <channel>", "<can receive> sms <window>", "<can receive> post <window>",
        "<can receive> email because <reason>", "<can receive> push because <reason>",
        "<can receive> sms because <reason>", "<can receive> sms because <reason> <window>",
    ],
    "can receive": ["can receive", "cannot receive"],
    "channel": ["sms", "email", "e-mail", "push", "post"],
    "reason": ['"form"', '"import"'],
    "lists": ["in list Newsletter", "in list Staff", 'in list "news"', "joined list Newsletter <window>",
              "joined list Newsletter <window>"],
    "segment": [
        'in segment "Buyers"', 'in segment "Buyers" (n = 1)', 'in segment "Buyers" (length = 72h, n = 1)',
        'in segment "Dutch buyers"', 'in segment "Dutch buyers" (land = "BE")', 'in segment "Spenders"',
        'in segment "Spenders" (amount = €0, start = 2023-01-01)', "in segment Reachable", "total spent > a lot",
        "placed order in a while", "clicked sms at least twice in a while",
    ],
    # measures
    "metric": ["total spent", "order count", "average order value", "dearest order", "middle order", "pieces", "brands",
               "click rate", "spent per order", "days between orders"],
    "timeless metric": ["days since last order", "days since first order"],
    "statistic": ["sum", "average", "min", "max", "median"],
    "edge": ["first", "last"],
    "factor": ["", "", "0.5 x ", "2 x ", "1.25 x "],
    # the spellings of events
    "placed order": ["placed order", "placed order", "ordered", "Placed  Order", "заказ оформлен", '"placed order"'],
    "clicked email": ["clicked email", "CLICKED EMAIL"],
    "clicked sms": ["clicked sms", "in-app purchase"],
    "visited store": ["visited store", '"checked in at store"'],
    "attended class": ["attended class", "joined the club"],
    "logged in": ["logged in", "viewed last call banner"],
    "several": ["any of (opened email, clicked email)", "any of (clicked sms, opened email, clicked email)",
                "any of (clicked email, clicked email)", "any of (engaged with email, clicked sms)"],
}  # fmt: skip

UNION = {"campaign": "text"}
"""What the parts of the union, and of `several`, have in common."""

TIMED = [
    *(e for e in EVENTS if e != "answered survey"),
    "engaged with email",
    "placed order",
    "placed order",
    "several",
]
ANY = [*TIMED, "answered survey", "got invoice"]


def pick(draw: Draw, choices: Sequence[str]) -> str:
    return draw(st.sampled_from(choices))


def say(draw: Draw, text: str, **bound: str) -> str:
    """The text with a way for each `<thing>` in it."""

    def one(match: re.Match[str]) -> str:
        thing = match[1]
        return bound[thing] if thing in bound else say(draw, pick(draw, WAYS[thing]), **bound)

    return re.sub("<([a-z][a-z ]*)>", one, text)


def test(draw: Draw, properties: dict[str, str], type_: str | None = None) -> str:
    """A test of one of the properties."""
    name = pick(draw, [n for n, t in properties.items() if type_ in (None, t)])
    type_ = properties[name]
    other = pick(draw, [n for n, t in properties.items() if t == type_])
    return say(draw, f"<test of {type_}>", it=name, other=other)


# --- where ----------------------------------------------------------------------------------------------------------


def together(draw: Draw, part: Callable[[], str]) -> str:
    """Up to three parts under one `and` or `or`."""
    parts = [pick(draw, ("", "", "", "not ")) + part() for _ in range(draw(st.sampled_from((1, 1, 2, 3))))]
    return pick(draw, (" and ", " or ")).join(parts)


def predicate(draw: Draw, event: str) -> str:
    properties = EVENTS.get(event, UNION)
    kinds = ["property"] * 4 if properties else []
    kinds += ["built in"] * 2 if event != "answered survey" else []
    kinds += ["items"] * 3 if event in ITEMS else []
    match pick(draw, kinds):
        case "property":
            return test(draw, properties)
        case "built in":
            return say(draw, "<test of built in>")
        case _:
            how = pick(draw, ("any", "any", "every", "no"))
            return f"{how} item ({together(draw, lambda: test(draw, ITEMS[event]))})"


def where(draw: Draw, event: str) -> str:
    return f"where ({together(draw, lambda: predicate(draw, event))})"


# --- events ---------------------------------------------------------------------------------------------------------


def spelled(draw: Draw, event: str) -> str:
    return say(draw, f"<{event}>") if event in WAYS else event


def parts(draw: Draw, event: str, first: str = "") -> str:
    """A window and a `where`, none or both, in any order."""
    found = [first] if first else []
    if event != "answered survey" and pick(draw, "yyynn") == "y":
        found.append(say(draw, "<window>"))
    if pick(draw, "nny") == "y":
        found.append(where(draw, event))
    return " ".join(draw(st.permutations(found)))


def occurrence(draw: Draw) -> str:
    event = pick(draw, ANY)
    name = spelled(draw, event)
    match pick(draw, ("quantity", "plain", "quantity", "never", "bare", "quantity")):
        case "plain":
            return f"{name} {parts(draw, event)}"
        case "never":
            return f"never {name} {parts(draw, event)}"
        case "bare":
            return say(draw, f"{name} <bare count> {parts(draw, event)}")
        case _:
            return f"{name} {parts(draw, event, say(draw, '<quantity>'))}"


def edge(draw: Draw) -> str:
    event = pick(draw, TIMED)
    text = say(draw, f"<edge> {spelled(draw, event)}")
    if pick(draw, "nny") == "y":
        text += f" {where(draw, event)}"
    if pick(draw, "yn") == "y":
        return say(draw, f"{text} <window>")
    window = say(draw, " <window>") if pick(draw, "nny") == "y" else ""
    return f"{text}{window} has ({predicate(draw, event)})"


# --- measures -------------------------------------------------------------------------------------------------------


def measure(draw: Draw) -> str:
    """A measure with its window and `where`."""
    event = pick(draw, TIMED)
    properties = EVENTS.get(event, UNION)
    match pick(
        draw, ("metric", "aggregate", "number", "items", "distinct", "since", "between", "property", "timeless")
    ):
        case "metric":
            return say(draw, f"<metric> {pick(draw, ('<window>', ''))}")
        case "timeless":
            return say(draw, "<timeless metric>")
        case "property":
            return pick(draw, [n for n, t in PROFILE.items() if t in ("number", "money")])
        case "since":
            tail = where(draw, event) if pick(draw, "nny") == "y" else ""
            return say(draw, f"days since <edge> {spelled(draw, event)} {tail}")
        case "between":
            return f"days between {spelled(draw, event)} {parts(draw, event)}"
        case "items":
            event = pick(draw, list(ITEMS))
            items = [n for n, t in ITEMS[event].items() if t in ("number", "money")]
            tail = f"where ({test(draw, ITEMS[event])})" if pick(draw, "nny") == "y" else parts(draw, event)
            return say(draw, f"<statistic> of {pick(draw, items)} of {spelled(draw, event)} {tail}")
        case "aggregate" if numbers := [n for n, t in properties.items() if t in ("number", "money") and "of" not in n]:
            return say(draw, f"<statistic> of {pick(draw, numbers)} of {spelled(draw, event)} {parts(draw, event)}")
        case "distinct" if plain := [n for n, t in properties.items() if "list" not in t and "of" not in n]:
            return f"number of distinct {pick(draw, plain)} of {spelled(draw, event)} {parts(draw, event)}"
        case _:
            return f"number of {spelled(draw, event)} {parts(draw, event)}"


def measured(draw: Draw) -> str:
    left = measure(draw)
    if pick(draw, "nny") == "n":
        return say(draw, f"{left} <compares>")
    return say(draw, f"{left} <op> <factor>{measure(draw)}")


# --- rules ----------------------------------------------------------------------------------------------------------

LEAVES: tuple[Callable[[Draw], str], ...] = (
    occurrence, occurrence, occurrence, occurrence, measured, measured, measured, edge,
    lambda draw: test(draw, PROFILE),
    lambda draw: test(draw, PROFILE),
    lambda draw: say(draw, "<consent>"),
    lambda draw: say(draw, "<lists>"),
    lambda draw: say(draw, "<segment>"),
)  # fmt: skip

SHAPES = ("leaf", "leaf", "leaf", "and", "or", "not", "leaf", "leaf", "and", "or", *("leaf",) * 6, "everyone")


@st.composite
def rules(draw: Draw, depth: int = 2) -> str:
    """The text of a rule."""
    return _rule(draw, depth)


def _rule(draw: Draw, depth: int) -> str:
    match draw(st.sampled_from(SHAPES)) if depth else "leaf":
        case "leaf":
            text = " ".join(draw(st.sampled_from(LEAVES))(draw).split())
            # Before a number or a period this `in` would begin a window.
            return re.sub(r"\blogged in (?=\d|this |last )", '"logged in" ', text)
        case "everyone":
            return pick(draw, ("everyone", "no one"))
        case "not":
            return f"not ({_rule(draw, depth - 1)})"
        case word:
            found = [_rule(draw, depth - 1) for _ in range(draw(st.sampled_from((2, 2, 3))))]
            word = pick(draw, (f" {word} ", f" {word.upper()} ", f"\n{word} "))
            return word.join(f"({part})" if depth > 1 else part for part in found)


TOKENS: tuple[str, ...] = (
    "and", "or", "not", "(", ")", "placed", "order", "placed order", "in", "the", "last", "first", "72h", "3", "times",
    "at", "least", "most", "of", "any", "every", "no", "item", "where", "has", "have", "is", "set", "empty", '"NL"', "'",
    '"', "country", "total", "sum of", "number of", "distinct", "days since", "between", "ago", "never", "once", "twice",
    "can receive", "sms", "because", "list", "joined", "segment", "then", "followed by", "within", "top", "10%", "by",
    "random", "€100", "$5", "2025-10-26", "2025-02-30", "today", "now", "month", "x", "0.5", ">=", "<", "=", "!=", ",",
    "1,000", "everyone", "no one", "--", "#", "\n", "let", "sample", "seed", "\u00a0", "“", "é", "🎁", "%", "m", "3m", "*",
    "includes", "contains", "matches", "the average", "more than", "next week", "this", "with the same", "on", "-5", "/",
    "days between", "anniversary of", "birthday", "ever", "before", "after", "since", "different days", "of the last",
)  # fmt: skip


def soups() -> st.SearchStrategy[str]:
    """Texts that are nearly rules, or nothing like them."""
    tokens = st.lists(st.sampled_from(TOKENS), max_size=12).map(" ".join)
    glued = st.lists(st.sampled_from(TOKENS), max_size=6).map("".join)
    return st.one_of(tokens, glued, st.text(max_size=40), spoiled())


@st.composite
def spoiled(draw: Draw) -> str:
    """A good rule with a word dropped, doubled, moved or replaced."""
    words = draw(rules()).split(" ")
    at = draw(st.integers(0, len(words) - 1))
    match draw(st.integers(0, 3)):
        case 0:
            del words[at]
        case 1:
            words.insert(at, words[at])
        case 2:
            words.insert(draw(st.integers(0, len(words) - 1)), words.pop(at))
        case _:
            words[at] = draw(st.sampled_from(TOKENS))
    return " ".join(words)
