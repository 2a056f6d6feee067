"""Random names and values, the leaves of random trees."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from segql.ast import Bool, Date, Duration, Money, Name, Number, Percent, Quantity, Text, Time

Strategy = st.SearchStrategy[Any]
B = st.builds
_WORDS = (
    "placed order", "clicked sms", "total spent", "country", "vip", "in-app purchase", "заказ оформлен", "étage",
    "नमस्ते",
    "date of birth", "number of orders", "days since last order", "days between placed order", "first placed order",
    "last seen", "every day low price", "no show count", "logged in", "opted in", "sum insured", "set size", "top size",
    "list price", "the Netherlands", "requested sample", "customer's name", "x", "at home", "total_price",
    "any item sold",
)  # fmt: skip
_QUOTED = ("checked in at store", "and", 'a "b" c', "5 stars", "-- no comment", "total spent", "it's", "in", "100%")
quoted_names = B(Name, st.just(""), st.sampled_from(_QUOTED))
word_names = B(Name, st.sampled_from(_WORDS), st.none())
mixed_names = B(
    Name, st.sampled_from(("first", "last", "every", "no", "number of", "days since last")), st.sampled_from(_QUOTED)
)
names = st.one_of(word_names, quoted_names, mixed_names)
right_names = st.one_of(word_names.filter(lambda n: not n.words.startswith("no ")), mixed_names)
"""On the right of a comparison a string alone is text, and `no` is a truth: a name there begins with another word."""
properties = st.one_of(quoted_names, word_names.filter(lambda n: " of " not in f" {n.words} "))
segment_names = names.filter(lambda n: not n.words.endswith(" in"))


def short(strategy: Strategy) -> Strategy:
    """The same, with a short repr: Hypothesis spells strategies out, and these hold each other."""

    @st.composite
    def drawn(draw: st.DrawFn) -> Any:
        return draw(strategy)

    return drawn()


def decimals(low: int, high: int, places: int = 4) -> Strategy:
    return st.decimals(low, high, places=places, allow_nan=False, allow_infinity=False).map(lambda d: d.normalize() + 0)


units = st.sampled_from(("s", "min", "h", "d", "w", "mo", "y"))
durations = B(Duration, st.integers(0, 5000), units)
texts = B(
    Text, st.one_of(st.sampled_from(("NL", "", 'say "hi"', "it's", "\\", "a -- b", "# x", " ")), st.text(max_size=8))
)
texts = texts.filter(lambda t: "\n" not in t.value)
numbers = B(Number, decimals(-10000, 10_000_000))
percents = B(Percent, decimals(-10, 300))
moneys = B(Money, decimals(-1000, 1_000_000), st.sampled_from(("$", "€", "£", "¥", "EUR", "USD", "TOP")))
dates = B(Date, st.dates(date(1, 1, 1), date(9999, 12, 31)))
zones: st.SearchStrategy[Any] = st.sampled_from(
    (None, UTC, timezone(timedelta(hours=5, minutes=45)), timezone(-timedelta(hours=3, minutes=30)))
)
times = B(Time, st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1), timezones=zones))
literals = short(st.one_of(texts, numbers, percents, moneys, B(Bool, st.booleans()), dates, times, durations))
right_values = st.one_of(literals, right_names)
counts = st.one_of(
    B(Number, st.integers(0, 9).map(Decimal)),
    right_names.filter(lambda n: n.quoted is None and not n.words.endswith(" in")),
)
lists = st.lists(right_values, min_size=1, max_size=3).map(tuple)


def ranges(ends: Strategy) -> Strategy:
    """Two ends of a `between`, numbers in order."""

    def ordered(pair: tuple[Any, Any]) -> tuple[Any, Any]:
        low, high = pair
        swap = type(low) is type(high) and isinstance(low, Number | Percent | Money) and low.value > high.value
        return (high, low) if swap else pair

    return st.tuples(ends, ends).map(ordered)


ops = st.sampled_from(("=", "!=", "<", "<=", ">", ">="))
quantities = st.one_of(B(Quantity, ops, counts, st.none()), ranges(counts).map(lambda ends: Quantity("between", *ends)))
