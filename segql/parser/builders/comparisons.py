"""What is compared, and how many times."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from ... import ast
from ...errors import Fix
from ...source import Span
from ...words import say
from ...words import words as table
from ..checks import ascending, at, count_token, count_value, fail
from ..engine.lexer import Token
from .literals import decimal, literal
from .parts import BareCount, Because, Negated
from .sequences import hours, later
from .values import Values, duration, sense
from .windows import UNITLESS, calendar_or_rolling

OPS: dict[str, ast.Op] = {
    "EQ": "=", "NE": "!=", "LT": "<", "LE": "<=", "GT": ">", "GE": ">=", "IS": "=", "IS_NOT": "!=", "EXACTLY": "=",
    "ONLY": "=", "AT_LEAST": ">=", "AT_MOST": "<=", "MORE_THAN": ">", "LESS_THAN": "<", "FEWER_THAN": "<",
    "IS_OVER": ">", "IS_UNDER": "<",
}  # fmt: skip
_MORE = ("OR_MORE", "NUMBER_PLUS")
_COUNTS = {"ONCE": 1, "TWICE": 2, "NEVER": 0, "ZERO_TIMES": 0}


class Amount(NamedTuple):
    """What stands after a comparison sign: a value, a number of times, a length of time `ago` or `later`."""

    of: Literal["value", "times", "ago", "later"]
    right: Any


def amount(v: Values, span: Span) -> Amount:
    """`18`, `$100`, `the average`: a value after a sign."""
    return Amount("value", v[0])


def amount_ago(v: Values, span: Span) -> Amount:
    """`90 days ago` after `more than`."""
    return Amount("ago", v[0])


def amount_later(v: Values, span: Span) -> Amount:
    """`at least 30d later`."""
    return Amount("later", hours(duration(v[0], span), "later"))


def amount_times(v: Values, span: Span) -> Amount:
    """`3 times`, `few times`."""
    found = times_of(v[0], span) if isinstance(v[0], Token) else count_value(v[0], "at least 3 times")
    return Amount("times", found)


def amount_word(v: Values, span: Span) -> Amount:
    """`once`, `twice`: a number of times in one word."""
    return Amount("times", times_of(v[0], span))


def times_of(token: Token, span: Span) -> ast.Number:
    """`3`, `2x`, `3+`, `twice`, `never`."""
    if (number := _COUNTS.get(token.type)) is not None:
        return ast.Number(Decimal(number), at(token, span))
    return count_token(token, span)


def compare(v: Values, span: Span) -> Any:
    """A comparison, a quantity, a window, or how long after the step before: the word after the right side decides."""
    op, (of, right) = OPS[v[0].type], v[1]
    if of == "times":
        return ast.Quantity(op, right, None, span)
    if of == "value":
        return ast.Compare(op, right, span)
    if of == "later":
        return later(op, right, span)
    if not isinstance(right, ast.Duration | ast.Name):
        fail(
            "bad-duration",
            f"{right.span.text} is no duration, and before `ago` stands one.",
            right.span,
            UNITLESS,
        )
    if v[0].type == "MORE_THAN":
        return ast.MoreThanAgo(right, span)
    if v[0].type == "LESS_THAN":
        return ast.InLast(right, True, span)
    longer, shorter = "MORE_THAN {} AGO", "LESS_THAN {} AGO"
    form = {">": longer, ">=": longer, "<": shorter, "<=": shorter, "=": "ON THE_DAY {} AGO"}.get(op)
    fail(
        "bad-window", "Before a length of time `ago` only `more than` and `less than` go.", span,
        *(("Write", say(form, right.span.text)) if form else ()),
    )  # fmt: skip


def compared(v: Values, span: Span) -> ast.Quantity | ast.Compare:
    """`above 100`, `at most 5 times`: of what stands before `and`."""
    if len(v) > 2 or v[1].type in _COUNTS:
        return ast.Quantity(OPS[v[0].type], times_of(v[1], span), None, span)
    return ast.Compare(OPS[v[0].type], literal(v[1].type, v[1].text, at(v[1], span)), span)


def compare_is(v: Values, span: Span) -> Any:
    """`is at least 18`, `is not at least 18`."""
    part = compare(v[1:], span)
    return part if v[0].type == "IS" else _negated(part, span)


def compare_more(v: Values, span: Span) -> ast.Compare:
    """`100 or more`, `$100 or less`, `100+`."""
    token = v[0]._replace(text=v[0].text.removesuffix("+"))
    kind = "NUMBER" if token.type == "NUMBER_PLUS" else token.type
    return ast.Compare(or_more(v), literal(kind, token.text, at(token, span)), span)


def compare_is_more(v: Values, span: Span) -> ast.Compare:
    """`is 100 or more`, `is $100 or less`."""
    return ast.Compare(or_more(v[2:]), v[1], span)


def or_more(said: Values) -> ast.Op:
    """What `or more`, `or less` and `3+` make of a number; without them it is exactly that."""
    found = [sense(token) if token.type == "OR_MORE" else "more" for token in said if token.type in _MORE]
    return "=" if not found else "<=" if found[0] == "less" else ">="


def is_part(v: Values, span: Span) -> Any:
    """`is between 18 and 30`, `is in EU`, `is before 2025-01-01`: as without `is`."""
    return v[1]


def is_not_part(v: Values, span: Span) -> Any:
    """`is not between 18 and 30`, `is not in EU`, `is not in the last 30 days`."""
    match v[1]:
        case ast.In(values):
            return ast.In(values, True, span)
        case ast.InName(called):
            return ast.InName(called, True, span)
        case part:
            return _negated(part, span)


def _negated(part: Any, span: Span) -> Negated:
    if isinstance(part, ast.Quantity):
        fail("syntax", "`is not` does not go with a number of times.", span, "Put `not` before the whole condition.")
    return Negated(part, span)


def in_name(v: Values, span: Span) -> ast.InName:
    """`in EU`, `not in EU`: a named set of the catalog."""
    return ast.InName(_named_set(v[1], span), v[0].type == "NOT_IN", span)


def _named_set(name: ast.Name, span: Span) -> ast.Name:
    """Not what only looks like one: `in last month`, `in list "EU"`."""
    said = name.words.lower().split(" ")
    period = table().senses["PERIOD"].get(name.words.lower(), "this") if name.quoted is None else "this"
    if not period.startswith("this"):
        which, unit = period.split()
        calendar_or_rolling(which, unit, span)
    if said[0] == "list" and (name.quoted is not None or len(said) > 1):
        rest = name.quoted if name.quoted is not None else " ".join(name.words.split(" ")[1:])
        bare = rest if rest.isalnum() else f'"{rest}"'
        fail(
            "syntax", "After a property `in` takes a named set or values; `in list` is a condition of its own.", span,
            *_list_meant(span, bare),
        )  # fmt: skip
    return name


_DENIES = re.compile(r"\b(?:excluding|without|minus|not|no|neither|nor|never)\b")


def _list_meant(span: Span, bare: str) -> tuple[str, *tuple[Fix, ...]]:
    """Where words such as `excluding` stand before it, people in the list are left out."""
    before = re.compile(r"\b(?:excluding|without|minus)\s+$", re.IGNORECASE).search(span.source.text, 0, span.start)
    if before:
        return "Write", Fix(Span(span.source, before.start(), span.end), say("AND NOT IN_LIST {}", bare))
    if _DENIES.search(re.split(r"[()]|\b(?:and|or)\b", span.source.text[: span.start].lower())[-1]):
        return ("",)
    return "Write", Fix(span, say("IN {}", bare)), Fix(span, say("AND IN_LIST {}", bare))


def in_values(v: Values, span: Span) -> ast.In:
    """`in ("NL", "BE")`, `not in ("NL", "BE")`."""
    return ast.In(tuple(v[2]), v[0].type == "NOT_IN", span)


def like(v: Values, span: Span) -> ast.Like:
    """`contains "gift"`, `does not start with "a"`, `matches "*@example.com"`."""
    how = sense(v[0])
    return ast.Like(how.removeprefix("not "), _pattern(v), how.startswith("not "), span)


def _pattern(v: Values) -> ast.Text | ast.Name:
    """What stands behind `contains` and the like."""
    if not isinstance(v[1], ast.Text | ast.Name):
        said = v[0].text.lower()
        fail("syntax", f"After `{said}` stands a text in quotes.", v[1].span, "Write", f'"{v[1].span.text}"')
    return v[1]


def includes(v: Values, span: Span) -> ast.Includes:
    """`includes "vip"`, `does not include "vip"`."""
    return ast.Includes("any", (v[1],), sense(v[0]) == "none", span)


def includes_of(v: Values, span: Span) -> ast.Includes:
    """`include any of ("vip", "new")`, `include none of ("vip", "new")`."""
    which = sense(v[0]).split()[-1]
    return ast.Includes("all" if which == "all" else "any", tuple(v[2]), which == "none", span)


def includes_like(v: Values, span: Span) -> ast.IncludesLike:
    """`include any containing "x"`, `include none starting with "x"`."""
    which, _, how = sense(v[0]).partition(" ")
    pattern = _pattern(v)
    return ast.IncludesLike("all" if which == "all" else "any", how, pattern, which == "none", span)


def is_set(v: Values, span: Span) -> ast.Is:
    """`is set`, `is not empty`."""
    what = sense(v[0])
    return ast.Is(what.removeprefix("not "), what.startswith("not "), span)


# --- the right side -------------------------------------------------------------------------------------------------


def scaled(v: Values, span: Span) -> Any:
    """`0.5 x total spent`; an aggregate alone. `1 x` says nothing: the name alone is left."""
    factor = decimal(v[0].text) if len(v) > 1 else Decimal(1)
    return ast.Scaled(factor, ast.Subject(v[-1], span=v[-1].span), span)


def population(v: Values, span: Span) -> ast.Population:
    """`the average`, `the 90th percentile of total spent`."""
    measure = ast.Subject(v[2], span=v[2].span) if len(v) > 1 else None
    number = "".join(filter(str.isdigit, v[0].text))
    if not number:
        bare = table().senses["BARE_STATISTIC"].get(v[0].text.lower())
        which: Any = bare or sense(v[0])
        return ast.Population(which, None, Decimal(1), measure, span=span)
    if len(number) > 3 or not 1 <= int(number) <= 100:
        fail("bad-number", "Percentiles are whole numbers from 1 to 100.", span, "Its form is: the 90th percentile")
    return ast.Population("percentile", int(number), Decimal(1), measure, span=span)


def population_scaled(v: Values, span: Span) -> ast.Population:
    """`2 x the average`."""
    return _times(v[1], v[0], span)


def statistic(v: Values, span: Span) -> ast.Population:
    """At an end of a `between`: without a measure of its own."""
    found = population(v[-1:], span)
    return _times(found, v[0], span) if len(v) > 1 else found


def _times(found: ast.Population, factor: Token, span: Span) -> ast.Population:
    return replace(found, factor=decimal(factor.text), span=span)


# --- how many times -------------------------------------------------------------------------------------------------


def count(v: Values, span: Span) -> BareCount:
    """`placed order 0`: a number alone, which not every place takes."""
    return BareCount(ast.Quantity("=", count_token(v[0], span), None, span), span)


def count_times(v: Values, span: Span) -> ast.Quantity:
    """`2 times`."""
    return ast.Quantity("=", times_of(v[0], span), None, span)


def count_word(v: Values, span: Span) -> ast.Quantity:
    """`once`, `twice`, `never`, `zero times`."""
    return ast.Quantity("=", times_of(v[0], span), None, span)


def count_more(v: Values, span: Span) -> ast.Quantity:
    """`3 or more times`, `twice or more`, `3+ times`."""
    return ast.Quantity(or_more(v), times_of(v[0], span), None, span)


def count_between(v: Values, span: Span) -> ast.Quantity:
    """`1 to 3 times`."""
    low, high = count_token(v[0], span), count_token(v[2], span)
    ascending(low, high, span)
    return ast.Quantity("between", low, high, span)


def because(v: Values, span: Span) -> Because:
    """`because "subscribed"`, `because` a parameter."""
    if not isinstance(v[1], ast.Text | ast.Name):
        fail("syntax", "A reason is a text in quotes.", v[1].span, "Write", f'"{v[1].span.text}"')
    return Because(v[1], span)
