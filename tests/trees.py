"""Random trees of the whole language: every tree here is one that some text parses to.

What no text says stays out: a group of one operand, a window on a later step, a name of a date after `on`, two names as
the moments of a window. `rules()`, `definitions()`, `metrics()` and `values()` are the strategies.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from segql.ast import (
    Aggregate,
    Ago,
    All,
    Anniversary,
    AnyOf,
    Between,
    BetweenAgo,
    BetweenMoments,
    Bool,
    CanReceive,
    Compare,
    Date,
    DatePart,
    Day,
    Definitions,
    Different,
    Duration,
    Edge,
    Either,
    Ever,
    FromNow,
    In,
    Includes,
    InLast,
    InList,
    InName,
    InNext,
    InSegment,
    Is,
    Items,
    Let,
    Like,
    MetricText,
    Money,
    MoreThanAgo,
    Name,
    Near,
    Not,
    Number,
    Percent,
    Period,
    Population,
    Quantity,
    Random,
    Rank,
    Regularity,
    Relative,
    Sample,
    Scaled,
    Segment,
    SegmentRef,
    Sequence,
    Share,
    Subject,
    Text,
    Time,
)

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


# --- values ---------------------------------------------------------------------------------------------------------


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
zones = st.sampled_from(
    (None, UTC, timezone(timedelta(hours=5, minutes=45)), timezone(-timedelta(hours=3, minutes=30)))
)
times = B(Time, st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1), timezones=zones))
literals = short(st.one_of(texts, numbers, percents, moneys, B(Bool, st.booleans()), dates, times, durations))
values = literals
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


# --- windows --------------------------------------------------------------------------------------------------------

lengths = st.one_of(durations, names)
moments = short(st.one_of(
    dates, times, B(Day, st.sampled_from(("today", "yesterday", "tomorrow"))),
    B(Ago, st.one_of(durations, right_names), st.booleans()),
    B(FromNow, st.one_of(durations, right_names)), right_names,
))  # fmt: skip


def _between_moments(pair: tuple[Any, Any]) -> bool:
    """Dates, not what reads as lengths of time or as values."""
    start, end = pair
    if isinstance(start, Name) and (isinstance(end, Name) or (isinstance(end, Ago) and not end.whole_day)):
        return False
    return {type(start), type(end)} != {Date, Time}


_not_quarter = lengths.filter(lambda length: not (isinstance(length, Name) and length.words == "quarter"))
windows = short(
    st.one_of(
        B(InLast, durations, st.just(False)),
        B(InLast, _not_quarter, st.just(True)),
        B(InNext, _not_quarter),
        B(BetweenAgo, st.one_of(durations, right_names), st.one_of(durations, right_names)),
        B(MoreThanAgo, st.one_of(durations, right_names)),
        B(Relative, st.sampled_from(("before", "after", "since")), moments),
        B(Relative, st.just("on"), moments.filter(lambda m: not isinstance(m, Name) and not _named_length(m))),
        st.tuples(moments, moments).filter(_between_moments).map(lambda pair: BetweenMoments(*pair)),
        B(Period, st.sampled_from(("today", "yesterday", "tomorrow"))),
        B(Period, st.sampled_from(("this", "last", "next")), st.sampled_from(("week", "month", "quarter", "year"))),
        st.just(Ever()),
    )
)


def _named_length(moment: Any) -> bool:
    """`on` begins a window before a digit, `the day` or a day's name alone."""
    return isinstance(getattr(moment, "length", None), Name) and not getattr(moment, "whole_day", False)


maybe_window = st.one_of(st.none(), windows)


def sayable(node: Any) -> bool:
    """`logged in last week` has two readings and is an error in whatever order; a name after `in` has one home."""
    called = getattr(node, "head", None) or getattr(node, "channel", None) or getattr(node, "name", None)
    window = node.window
    beside = [getattr(node, part, None) for part in ("quantity", "regularity", "different", "where", "has")]
    if isinstance(given := getattr(node, "comparison", None), InName) and not given.negated and any(beside):
        return False  # `in recently` beside these is a window
    ends_in = isinstance(called, Name) and called.quoted is None and called.words.endswith(" in")
    return not (ends_in and isinstance(window, Period) and window.unit is not None and window.name != "this")


# --- heads and comparisons ------------------------------------------------------------------------------------------

eithers = st.lists(names, min_size=1, max_size=3).map(lambda events: Either(tuple(events)))
sources = st.one_of(names, eithers)
aggregates = short(
    st.one_of(
        B(
            Aggregate,
            st.sampled_from(("sum", "average", "min", "max", "median", "distinct", "most common")),
            properties,
            sources,
        ),
        B(
            Aggregate,
            st.sampled_from(("number", "days since first", "days since last", "days between")),
            st.none(),
            eithers,
        ),
    )
)
shares = st.one_of(
    B(Share, ops, B(Percent, decimals(0, 100)), sources, st.none()),
    st.tuples(ranges(B(Percent, decimals(0, 100))), sources).map(lambda s: Share("between", s[0][0], s[1], s[0][1])),
)
heads = short(st.one_of(
    names, names, names, eithers, aggregates, shares,
    B(Edge, st.sampled_from(("first", "last", "every", "no")), eithers),
    B(DatePart, st.sampled_from(("month", "day", "weekday", "year")), names),
    B(Anniversary, names),
))  # fmt: skip
segment_refs = short(
    B(
        SegmentRef,
        segment_names,
        st.lists(st.tuples(names, right_values), max_size=2).map(tuple),
    )
)
factors = decimals(0, 1000).filter(lambda d: d != 1)
measures = st.one_of(names, aggregates)


def _right_subjects(head: Strategy) -> Strategy:
    where = st.one_of(st.none(), st.deferred(lambda: predicate_trees))
    return B(Subject, head, window=maybe_window, where=where).filter(sayable)


_scaled = short(
    st.one_of(
        B(Scaled, factors, _right_subjects(st.one_of(right_names, aggregates))),
        B(Scaled, st.just(Decimal(1)), _right_subjects(aggregates)),
        B(Scaled, st.just(Decimal(1)), _right_subjects(right_names)).filter(lambda s: s.of != Subject(s.of.head)),
    )
)
_statistics = st.one_of(
    st.tuples(st.sampled_from(("average", "median", "overall average")), st.none()),
    st.tuples(st.just("percentile"), st.integers(1, 100)),
)
populations = short(
    st.builds(
        lambda statistic, *rest: Population(*statistic, *rest),
        _statistics,
        st.one_of(st.just(Decimal(1)), factors),
        st.one_of(st.none(), _right_subjects(measures)),
        st.one_of(st.none(), segment_refs),
    )
)
_ends = st.one_of(
    st.one_of(texts, numbers, percents, moneys, B(Bool, st.booleans()), durations, right_names),
    st.builds(lambda s, f: Population(*s, f), _statistics, st.one_of(st.just(Decimal(1)), factors)),
    st.builds(lambda n, f: Scaled(f, Subject(n)), right_names, factors),
)
patterns = st.one_of(texts, right_names)
own_comparisons = short(
    st.one_of(
        B(Compare, ops, literals),
        ranges(_ends).map(lambda ends: Between(*ends)),
        B(In, lists, st.booleans()),
        B(InName, names.filter(lambda n: not n.words.startswith("list ")), st.booleans()),
        B(Like, st.sampled_from(("contains", "starts with", "ends with", "matches")), patterns, st.booleans()),
        B(Includes, st.just("any"), lists, st.booleans()),
        B(Includes, st.just("all"), lists),
        B(Is, st.sampled_from(("set", "empty")), st.booleans()),
    )
)
comparisons = short(st.one_of(own_comparisons, B(Compare, ops, st.one_of(right_names, _scaled, populations))))


# --- predicates, phrases, rules -------------------------------------------------------------------------------------


def trees(leaves: Strategy, most: int = 5) -> Strategy:
    """Boolean trees over some leaves; no group has one operand."""

    def grow(inner: Strategy) -> Strategy:
        parts = st.lists(inner, min_size=2, max_size=4).map(tuple)
        return st.one_of(B(All, parts), B(AnyOf, parts), B(Not, inner))

    return st.recursive(leaves, grow, max_leaves=most)


_predicates = short(
    B(
        Subject,
        st.one_of(names, names, B(DatePart, st.just("month"), names)),
        comparison=st.one_of(st.none(), own_comparisons, B(Compare, ops, right_names)),
        window=maybe_window,
    ).filter(sayable)
)
_items = short(st.one_of(
    B(Items, st.sampled_from(("any", "every", "no")), trees(_predicates, 2)),
    B(Items, st.just("count"), st.one_of(st.none(), trees(_predicates, 2)), st.one_of(
        B(Quantity, ops, counts, st.none()),
        ranges(B(Number, st.integers(0, 9).map(Decimal))).map(lambda ends: Quantity("between", *ends)),
    )),
))  # fmt: skip
predicate_trees = short(trees(st.one_of(_predicates, _predicates, _items), 3))
maybe_where = st.one_of(st.none(), st.none(), predicate_trees)

subjects = short(B(
    Subject,
    heads,
    quantity=st.one_of(st.none(), quantities),
    comparison=st.one_of(st.none(), st.none(), comparisons),
    window=maybe_window,
    where=maybe_where,
    has=st.one_of(st.none(), st.none(), predicate_trees),
    with_the_same=st.one_of(st.none(), st.none(), properties),
    regularity=st.one_of(
        st.none(), st.none(), B(Regularity, quantities, st.integers(1, 60), units)
    ),
    different=st.one_of(
        st.none(), st.none(), B(Different, quantities, st.sampled_from(("days", "weeks", "months")))
    ),
).filter(sayable))  # fmt: skip
_first_steps = B(Subject, st.one_of(names, eithers), window=maybe_window, where=maybe_where).filter(sayable)
_steps = B(
    Subject,
    st.one_of(names, eithers),
    where=maybe_where,
    with_the_same=st.one_of(st.none(), properties),
    within=st.one_of(
        st.none(),
        B(Duration, st.integers(0, 90), st.sampled_from(("s", "min", "h", "d", "w"))),
        right_names.filter(lambda n: not n.words.endswith(" in")),
    ),
)
sequences = short(
    st.one_of(
        st.tuples(_first_steps, st.lists(_steps, min_size=1, max_size=3)).map(
            lambda s: Sequence("then", (s[0], *s[1]))
        ),
        st.tuples(st.sampled_from(("followed by", "not followed by")), _first_steps, _steps).map(
            lambda s: Sequence(s[0], s[1:])
        ),
    )
)
shares_of_people = B(Percent, decimals(0, 100).filter(lambda d: d > 0))
seeds = st.one_of(st.none(), texts)
coordinates = st.tuples(decimals(-90, 90), decimals(-180, 180))
phrases = short(
    st.one_of(
        subjects,
        subjects,
        subjects,
        sequences,
        B(CanReceive, names, st.one_of(st.none(), texts, right_names), maybe_window, st.booleans()).filter(sayable),
        B(InList, names),
        B(InList, names, st.just(True), maybe_window).filter(sayable),
        B(InSegment, st.just("in"), segment_refs),
        B(InSegment, st.sampled_from(("was in", "entered", "left")), segment_refs, durations),
        B(
            Rank,
            st.sampled_from(("top", "bottom")),
            st.one_of(shares_of_people, B(Number, st.integers(1, 1000).map(Decimal))),
            B(Subject, measures, window=maybe_window, where=maybe_where).filter(sayable),
            st.one_of(st.none(), segment_refs),
        ),
        B(Near, decimals(0, 5000), st.sampled_from(("km", "miles")), st.one_of(names, coordinates, st.none())),
        B(Random, shares_of_people, seeds),
        st.just(All(())),
        st.just(AnyOf(())),
    )
)


def rules(most: int = 5) -> Strategy:
    return trees(phrases, most)


def metrics() -> Strategy:
    sides = B(Subject, heads, window=maybe_window, where=maybe_where).filter(sayable)
    return B(MetricText, sides, st.one_of(st.none(), sides))


def definitions() -> Strategy:
    parameters = st.lists(st.tuples(segment_names, literals), max_size=2).map(tuple)
    samples = B(Sample, shares_of_people, st.one_of(st.none(), st.integers(0, 5000)), seeds)
    lets = B(Let, names, literals)
    segments = B(Segment, segment_names, rules(3), parameters, st.one_of(st.none(), samples))
    return st.lists(st.one_of(lets, segments), max_size=4).map(lambda parts: Definitions(tuple(parts)))
