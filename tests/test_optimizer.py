"""Each rewrite keeps the meaning (random rules on random shops, by the evaluator) and does what its arrow says."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segql.catalog.model import Catalog
from segql.conditions import (
    Aggregate,
    All,
    AnyItem,
    AnyOf,
    Consent,
    Count,
    Days,
    DaysBetween,
    DaysSince,
    EdgeOccurrence,
    Field,
    FieldComparison,
    FieldEmpty,
    FieldIn,
    FieldIncludes,
    FieldLike,
    FieldSet,
    FieldWithin,
    InList,
    InSegment,
    Interval,
    MeasureComparison,
    MostCommon,
    Not,
    Occurrences,
    Occurs,
    OnDifferent,
    Population,
    Rank,
    Ratio,
    Regular,
    Repeats,
    Sample,
    Share,
    Type,
)
from segql.evaluator import Shop, members
from segql.optimizer import RULES, implies, optimize, steps, warnings
from segql.optimizer.implication import covers, excludes
from segql.optimizer.tree import everywhere, normal, opposite
from segql.source import Source, Span

Rule = Any

# --- a small world: hours 0 to 10, two timed events, one without time, everything sometimes missing ------------------

START = datetime(2026, 3, 1, tzinfo=UTC)


def at(hour: int) -> datetime:
    return START + timedelta(hours=hour)


NOW = at(10)
DAY = date(2026, 3, 1)
EVER = Interval(None, NOW)
UNTIMED = Interval(None, None)
EVENT = {"n": {"type": "number"}, "c": {"type": "text"}}
ITEMS = {"table": "i", "on": {"id": "id"}, "properties": {"p": {"type": "number"}, "q": {"type": "text"}}}
CATALOG = Catalog.model_validate(
    {
        "profiles": {
            "table": "p",
            "key": "id",
            "key type": "integer",
            "properties": {
                "x": {"type": "number"},
                "y": {"type": "number"},
                "land": {"type": "text"},
                "vip": {"type": "boolean"},
                "born": {"type": "date"},
                "seen": {"type": "time"},
                "tags": {"type": "list of text"},
            },
        },
        "channels": {
            "sms": {"table": "s", "profile": "p", "receives when": "ok", "reason": "r", "time": {"column": "t"}}
        },
        "events": {
            "a": {"table": "a", "profile": "p", "time": {"column": "t"}, "properties": EVENT, "items": ITEMS},
            "b": {"table": "b", "profile": "p", "time": {"column": "t"}, "properties": EVENT, "items": ITEMS},
            "u": {"table": "u", "profile": "p", "properties": EVENT, "items": ITEMS},
        },
        "lists": {"news": {"table": "l", "profile": "p", "time": {"column": "t"}}},
    }
)

X = Field("profile", "x", Type.NUMBER)
Y = Field("profile", "y", Type.NUMBER)
LAND = Field("profile", "land", Type.TEXT)
VIP = Field("profile", "vip", Type.BOOLEAN)
BORN = Field("profile", "born", Type.DATE)
SEEN = Field("profile", "seen", Type.TIME)
TAGS = Field("profile", "tags", Type.TEXTS)
N = Field("event", "n", Type.NUMBER)
C = Field("event", "c", Type.TEXT)
NUMBER = Field("event", "number", Type.NUMBER)
PREVIOUS = Field("event", "days since previous", Type.NUMBER)
HOUR = Field("event", "hour", Type.NUMBER)
P = Field("item", "p", Type.NUMBER)
Q = Field("item", "q", Type.TEXT)
EVERYONE: All[Any] = All(())
NO_ONE: AnyOf[Any] = AnyOf(())


@lru_cache
def shop(seed: int) -> Shop:
    draw = random.Random(seed)
    numbers = [None, *map(Decimal, range(4))]
    texts = [None, "", "NL", "BE", "b"]
    people = range(40)

    def moment() -> datetime | None:
        return draw.choice([None, *(at(hour) for hour in range(12)), at(draw.randrange(10)) + timedelta(minutes=1)])

    def rows(most: int, **columns: Any) -> list[dict[str, Any]]:
        return [
            {"profile": key, "time": moment(), **{name: make() for name, make in columns.items()}}
            for key in people
            for _ in range(draw.randrange(most + 1))
        ]

    def items() -> list[dict[str, Any]]:
        return [{"p": draw.choice(numbers), "q": draw.choice(texts)} for _ in range(draw.randrange(3))]

    event = {"n": lambda: draw.choice(numbers), "c": lambda: draw.choice(texts), "items": items}
    return Shop(
        profiles=[
            {
                "key": key,
                "x": draw.choice(numbers),
                "y": draw.choice(numbers),
                "land": draw.choice(texts),
                "vip": draw.choice([None, True, False]),
                "born": draw.choice([None, *(DAY + timedelta(days=d) for d in range(4))]),
                "seen": moment(),
                "tags": draw.choice([None, [], ["r"], ["r", "s"], ["s", ""]]),
            }
            for key in people
        ],
        events={"a": rows(3, **event), "b": rows(3, **event), "u": rows(2, **event)},
        channels={
            "sms": rows(2, receives=lambda: draw.choice([True, False]), reason=lambda: draw.choice([None, "f", "g"]))
        },
        lists={"news": rows(1)},
    )


def who(rule: Rule, seed: int) -> set[Any]:
    return members(rule, shop(seed), CATALOG, NOW)


# --- random rules ---------------------------------------------------------------------------------------------------

OPS = st.sampled_from(["=", "<", "<=", ">", ">="])
SMALL = st.integers(0, 3).map(Decimal)
TEXTS = st.sampled_from(["", "NL", "BE", "b"])
HOURS = st.sampled_from([None, 0, 2, 4, 6, 8, 10])
WINDOWS = st.tuples(HOURS, HOURS).map(lambda ends: Interval(*(None if end is None else at(end) for end in ends)))
PAST = st.tuples(HOURS, st.sampled_from([2, 4, 6, 8, 10, 10, 10, 10])).map(
    lambda ends: Interval(None if ends[0] is None else at(ends[0]), at(ends[1]))
)


def number_leaves(*fields: Field) -> Any:
    field = st.sampled_from(fields)
    return st.one_of(
        st.builds(FieldComparison, field, OPS, SMALL),
        st.builds(FieldIn, field, st.lists(SMALL, max_size=3).map(tuple)),
        st.builds(FieldSet, field),
        st.builds(FieldEmpty, field),
    )


def text_leaves(field: Field) -> Any:
    return st.one_of(
        st.builds(FieldComparison, st.just(field), st.just("="), TEXTS),
        st.builds(FieldIn, st.just(field), st.lists(TEXTS, max_size=3).map(tuple)),
        st.builds(
            FieldLike,
            st.just(field),
            st.sampled_from(["contains", "starts with", "ends with", "matches"]),
            st.sampled_from(["", "b", "N", "*", "n*"]),
        ),
        st.builds(FieldSet, st.just(field)),
        st.builds(FieldEmpty, st.just(field)),
    )


def trees(leaf: Any, most: int) -> Any:
    def grow(inner: Any) -> Any:
        parts = st.lists(inner, max_size=3).map(tuple)
        return st.one_of(st.builds(All, parts), st.builds(AnyOf, parts), st.builds(Not, inner))

    return st.recursive(leaf, grow, max_leaves=most)


ITEM_TREES = trees(st.one_of(number_leaves(P), text_leaves(Q)), 3)
EVENT_LEAVES = st.one_of(number_leaves(N, NUMBER, PREVIOUS, HOUR), text_leaves(C), st.builds(AnyItem, ITEM_TREES))
WHERE = st.one_of(st.just(EVERYONE), st.just(EVERYONE), trees(EVENT_LEAVES, 3))
KINDS = st.sampled_from([("a",), ("a",), ("b",), ("a", "b"), ("b", "a")])
OF = st.one_of(
    st.builds(Occurrences, KINDS, PAST, WHERE),
    st.builds(Occurrences, KINDS, PAST),
    st.builds(Occurrences, st.just(("u",)), st.just(UNTIMED), WHERE),
)
TIMED = st.builds(Occurrences, KINDS, PAST, WHERE)
COUNTS = st.tuples(st.integers(0, 3), st.one_of(st.none(), st.integers(0, 3))).filter(lambda c: c != (0, None))
MEASURES = st.one_of(
    st.builds(Count, OF),
    st.builds(Aggregate, st.sampled_from(["sum", "average", "min", "max", "median", "distinct"]), st.just(N), OF),
    st.builds(
        Aggregate,
        st.sampled_from(["sum", "average", "max", "distinct"]),
        st.just(P),
        st.builds(Occurrences, KINDS, PAST, trees(st.one_of(EVENT_LEAVES, number_leaves(P)), 2)),
    ),
    st.builds(DaysSince, st.sampled_from(["first", "last"]), TIMED),
    st.builds(DaysBetween, TIMED),
    st.just(X),
    st.builds(Ratio, st.just(X), st.builds(Count, OF)),
)
LEAVES = st.one_of(
    OF.flatmap(lambda of: COUNTS.map(lambda c: Occurs(of, *c))),
    OF.flatmap(lambda of: COUNTS.map(lambda c: Occurs(of, *c))),
    st.builds(
        EdgeOccurrence,
        st.sampled_from(["first", "last"]),
        st.builds(Occurrences, KINDS, st.just(EVER), WHERE),
        WINDOWS,
        WHERE,
    ),
    st.builds(
        MeasureComparison,
        MEASURES,
        OPS,
        st.one_of(SMALL, SMALL, MEASURES),
        st.sampled_from([Decimal(1), Decimal("0.5")]),
    ),
    number_leaves(X, Y),
    st.builds(FieldComparison, st.just(X), OPS, st.just(Y)),
    text_leaves(LAND),
    st.builds(FieldComparison, st.just(VIP), st.just("="), st.booleans()),
    st.builds(FieldComparison, st.just(BORN), OPS, st.integers(0, 3).map(lambda d: DAY + timedelta(days=d))),
    st.builds(
        FieldWithin,
        st.just(BORN),
        st.builds(Days, *[st.one_of(st.none(), st.integers(0, 3).map(lambda d: DAY + timedelta(days=d)))] * 2),
    ),
    st.builds(FieldWithin, st.just(SEEN), WINDOWS),
    st.builds(FieldComparison, st.just(SEEN), OPS, st.sampled_from([at(2), at(4)])),
    st.builds(FieldSet, st.sampled_from([BORN, SEEN, TAGS, VIP])),
    st.builds(FieldEmpty, st.sampled_from([BORN, SEEN, TAGS, VIP])),
    st.builds(
        FieldIncludes,
        st.just(TAGS),
        st.sampled_from(["any", "all"]),
        st.lists(st.sampled_from(["r", "s", ""]), max_size=2).map(tuple),
    ),
    st.builds(Consent, st.just("sms"), st.booleans(), st.sampled_from([None, "f", "g"]), st.one_of(st.none(), WINDOWS)),
    st.builds(InList, st.just("news"), PAST, st.booleans()),
)
RULE = trees(LEAVES, 5)
# Rules over few leaves that have much to say about each other.
CLOSE = st.lists(LEAVES, min_size=1, max_size=2).flatmap(
    lambda some: trees(st.one_of(st.sampled_from(some), COUNTS.map(lambda c: Occurs(Occurrences(("a",), EVER), *c))), 8)
)
SEGMENTS = trees(st.one_of(LEAVES, st.builds(InSegment, st.just("S"), RULE)), 4)
SEEDS = st.integers(0, 30)


@settings(max_examples=150, deadline=None)
@given(st.one_of(RULE, CLOSE, SEGMENTS), SEEDS)
def test_every_rewrite_keeps_the_members(rule: Rule, seed: int) -> None:
    keeps_the_members(rule, seed)


def keeps_the_members(rule: Rule, seed: int) -> None:
    expected = who(rule, seed)
    for rewrite in RULES:
        after = everywhere(rewrite, rule)
        if after is not rule:
            assert who(after, seed) == expected, rewrite.__name__
    assert who(normal(rule), seed) == expected
    assert who(opposite(rule), seed) == set(range(40)) - expected
    after = optimize(rule)
    assert who(after, seed) == expected
    assert optimize(after) is after


SIMPLE_WHERE = st.one_of(
    st.just(EVERYONE),
    st.sampled_from([NUMBER, PREVIOUS, N]).flatmap(number_leaves),
    st.builds(AnyItem, trees(number_leaves(P), 2)),
)
COUNTED = st.one_of(st.builds(Occurrences, KINDS, PAST, SIMPLE_WHERE), st.builds(Occurrences, KINDS, PAST))
OCCURS = COUNTED.flatmap(lambda of: COUNTS.map(lambda count: Occurs(of, *count)))
EDGES = st.builds(
    EdgeOccurrence,
    st.sampled_from(["first", "last"]),
    st.builds(Occurrences, st.just(("a",)), st.just(EVER)),
    WINDOWS,
    st.one_of(st.just(EVERYONE), number_leaves(N)),
)
MEASURED = st.builds(
    MeasureComparison,
    st.one_of(
        st.builds(Aggregate, st.sampled_from(["sum", "average", "max", "distinct"]), st.sampled_from([N, P]), COUNTED),
        st.builds(DaysSince, st.sampled_from(["first", "last"]), COUNTED),
        st.builds(DaysBetween, COUNTED),
        st.builds(Ratio, st.just(X), st.builds(Aggregate, st.just("max"), st.just(N), COUNTED)),
    ),
    OPS,
    SMALL,
)
BOUNDS = st.tuples(st.integers(1, 3), st.one_of(st.none(), st.integers(1, 3)))
PERIODS = tuple(Interval(at(hour), at(hour + 2)) for hour in (8, 6, 4))
AMONG = st.one_of(
    st.builds(Share, COUNTED, SIMPLE_WHERE, OPS, st.sampled_from([Decimal(0), Decimal(50), Decimal(100)])),
    st.builds(
        lambda of, each, count: Regular(of, PERIODS, each, *count),
        st.builds(Occurrences, KINDS, st.just(Interval(at(4), at(10))), SIMPLE_WHERE),
        st.sampled_from([(1, None), (2, None), (1, 1)]),
        BOUNDS,
    ),
    st.builds(lambda of, count: OnDifferent(of, "day", *count), COUNTED, BOUNDS),
    st.builds(lambda of, field, count: Repeats(of, field, *count), COUNTED, st.sampled_from([N, C, P]), BOUNDS),
    st.builds(MostCommon, COUNTED, st.just(N), number_leaves(N)),
    st.builds(MostCommon, COUNTED, st.just(P), number_leaves(P)),
)
UNTIMED_COUNTS = st.builds(
    lambda of, count: Occurs(of, *count),
    st.builds(Occurrences, st.just(("u",)), st.just(UNTIMED), SIMPLE_WHERE),
    COUNTS,
)
INCLUDES = st.builds(
    FieldIncludes,
    st.just(TAGS),
    st.sampled_from(["any", "all"]),
    st.lists(st.sampled_from(["r", "s", ""]), max_size=2).map(tuple),
)
TOPICS = {
    "numbers": st.one_of(
        number_leaves(X),
        st.builds(MeasureComparison, st.just(X), OPS, SMALL),
        st.builds(FieldComparison, st.just(X), OPS, st.just(Y)),
        st.just(FieldSet(Y)),
    ),
    "texts": text_leaves(LAND),
    "lists of text": st.one_of(INCLUDES, st.sampled_from([FieldSet(TAGS), FieldEmpty(TAGS)])),
    "times": st.one_of(
        st.builds(FieldWithin, st.just(SEEN), WINDOWS),
        st.builds(FieldComparison, st.just(SEEN), OPS, HOURS.filter(lambda hour: hour is not None).map(at)),
        st.sampled_from([FieldSet(SEEN), FieldEmpty(SEEN)]),
    ),
    "counts": OCCURS,
    "edges": st.one_of(EDGES, OCCURS),
    "measures": st.one_of(MEASURED, OCCURS),
    "untimed": st.one_of(UNTIMED_COUNTS, OCCURS),
    "all of them": st.one_of(AMONG, AMONG, OCCURS),
    "consent": st.builds(
        Consent, st.just("sms"), st.booleans(), st.sampled_from([None, "f", "g"]), st.one_of(st.none(), WINDOWS)
    ),
    "joins": st.builds(InList, st.just("news"), PAST, st.booleans()),
}


@pytest.mark.parametrize("topic", TOPICS)
def test_what_implies_excludes_and_covers_is_true_of_the_members(topic: str) -> None:
    leaf = TOPICS[topic]
    nodes = st.lists(st.one_of(leaf, leaf.map(Not), trees(leaf, 2)), min_size=2, max_size=8)

    @settings(max_examples=60, deadline=None)
    @given(nodes, SEEDS)
    def check(nodes: list[Rule], seed: int) -> None:
        fit = [who(node, seed) for node in nodes]
        for one, its in zip(nodes, fit, strict=True):
            for other, others in zip(nodes, fit, strict=True):
                assert its <= others or not implies(one, other)
                assert not its & others or not excludes(one, other)
                assert its | others == set(range(40)) or not covers(one, other)

    check()


@pytest.mark.parametrize("topic", TOPICS)
def test_every_rewrite_keeps_the_members_of_rules_on_one_topic(topic: str) -> None:
    @settings(max_examples=40, deadline=None)
    @given(trees(TOPICS[topic], 6), SEEDS)
    def check(rule: Rule, seed: int) -> None:
        keeps_the_members(rule, seed)

    check()


@settings(max_examples=100, deadline=None)
@given(st.one_of(RULE, CLOSE), SEEDS)
def test_a_warning_about_the_whole_rule_is_true(rule: Rule, seed: int) -> None:
    said = " ".join(problem.message for problem in warnings(rule))
    if "So no one can match the rule." in said:
        assert not who(rule, seed)
    if "So everyone matches the rule." in said:
        assert who(rule, seed) == set(range(40))


# --- exact: before -> after -----------------------------------------------------------------------------------------

A, B, D = (
    Occurs(Occurrences((event,), window), 1, None) for event, window in (("a", EVER), ("b", EVER), ("u", UNTIMED))
)
VIPS = FieldComparison(VIP, "=", True)


def times(least: int, most: int | None, start: int | None = None, end: int = 10, where: Rule = EVERYONE) -> Occurs:
    window = Interval(None if start is None else at(start), at(end))
    return Occurs(Occurrences(("a",), window, where), least, most)


def x(op: Any, value: int) -> FieldComparison:
    return FieldComparison(X, op, Decimal(value))


def land(*codes: str) -> Rule:
    return FieldComparison(LAND, "=", codes[0]) if len(codes) == 1 else FieldIn(LAND, codes)


def edge(which: Any, start: int | None, end: int | None, has: Rule = EVERYONE) -> EdgeOccurrence:
    window = Interval(*(None if hour is None else at(hour) for hour in (start, end)))
    return EdgeOccurrence(which, Occurrences(("a",), EVER), window, has)


EXAMPLES: dict[str, list[tuple[Rule, Rule]]] = {
    "unfold_segments": [(All((InSegment("S", A), B)), All((A, B)))],
    "push_not": [
        (Not(Not(VIPS)), VIPS),
        (Not(All((VIPS, AnyOf((A, Not(land("NL"))))))), AnyOf((Not(VIPS), All((times(0, 0), land("NL")))))),
        (Not(times(1, None)), times(0, 0)),
        (Not(times(0, 2)), times(3, None)),
        (Not(times(1, 2)), Not(times(1, 2))),
        (Not(EVERYONE), NO_ONE),
        (Not(x(">", 1)), Not(x(">", 1))),
    ],
    "flatten": [
        (All((A, All((B, All((D,)))))), All((A, B, D))),
        (AnyOf((A, AnyOf((B, D)))), AnyOf((A, B, D))),
        (All((A,)), A),
    ],
    "absorb_constants": [
        (All((A, EVERYONE, B)), All((A, B))),
        (All((A, NO_ONE)), NO_ONE),
        (AnyOf((A, NO_ONE, B)), AnyOf((A, B))),
        (AnyOf((A, EVERYONE)), EVERYONE),
    ],
    "count_occurrences": [
        (MeasureComparison(Count(A.of), ">", Decimal(2)), times(3, None)),
        (MeasureComparison(Count(A.of), ">=", Decimal("2.5")), times(3, None)),
        (MeasureComparison(Count(A.of), "<", Decimal(2)), times(0, 1)),
        (MeasureComparison(Count(A.of), "<=", Decimal(2)), times(0, 2)),
        (MeasureComparison(Count(A.of), "=", Decimal(2)), times(2, 2)),
        (MeasureComparison(Count(A.of), "=", Decimal("2.5")), NO_ONE),
        (MeasureComparison(Count(A.of), ">=", Decimal(0)), EVERYONE),
        (MeasureComparison(Count(A.of), "<", Decimal(0)), NO_ONE),
        (MeasureComparison(Count(A.of), ">", Decimal(3), Decimal("0.5")), times(2, None)),
    ],
    "loosen_edges": [
        (edge("last", 7, 10), times(1, None, 7)),
        (edge("last", 7, None), times(1, None, 7)),
        (edge("first", None, 4), times(1, None, None, 4)),
        (edge("last", None, 4), edge("last", None, 4)),
        (edge("first", 7, 10), edge("first", 7, 10)),
        (edge("last", 7, 10, FieldSet(N)), edge("last", 7, 10, FieldSet(N))),
    ],
    "settle_empty": [
        (times(1, None, 10), NO_ONE),
        (times(0, 2, 10), EVERYONE),
        (times(3, 2), NO_ONE),
        (times(1, None, where=NO_ONE), NO_ONE),
        (times(0, 0, where=NO_ONE), EVERYONE),
        (edge("last", 4, 4), NO_ONE),
        (edge("last", 1, 4, NO_ONE), NO_ONE),
        (FieldIn(LAND, ()), NO_ONE),
        (FieldWithin(BORN, Days(DAY, DAY)), NO_ONE),
        (FieldWithin(SEEN, Interval(at(2), at(1))), NO_ONE),
        (InList("news", Interval(NOW, NOW), True), NO_ONE),
        (InList("news", Interval(NOW, NOW), False), InList("news", Interval(NOW, NOW), False)),
        (Consent("sms", True, None, Interval(NOW, NOW)), NO_ONE),
    ],
    "name_single": [(FieldIn(LAND, ("NL",)), land("NL")), (FieldIn(LAND, ("NL", "BE", "NL")), land("NL", "BE"))],
    "drop_duplicates": [(All((A, B, A)), All((A, B))), (AnyOf((A, A)), AnyOf((A,)))],
    "merge_counts": [
        (All((times(2, None), B, times(1, 5))), All((times(2, 5), B))),
        (AnyOf((times(0, 1), times(2, 4), B)), AnyOf((times(0, 4), B))),
        (AnyOf((times(0, 1), times(3, 4))), AnyOf((times(0, 1), times(3, 4)))),
        (All((times(2, None), times(1, 5, 3))), All((times(2, None), times(1, 5, 3)))),
    ],
    "merge_windows": [
        (AnyOf((times(1, None, 2, 4), B, times(1, None, 4, 8))), AnyOf((times(1, None, 2, 8), B))),
        (AnyOf((times(1, None, 2, 4), times(1, None, 6, 8))), AnyOf((times(1, None, 2, 4), times(1, None, 6, 8)))),
        (AnyOf((times(2, None, 2, 4), times(2, None, 4, 8))), AnyOf((times(2, None, 2, 4), times(2, None, 4, 8)))),
        (All((times(0, 0, 2, 4), times(0, 0, 4, 8), B)), All((times(0, 0, 2, 8), B))),
        (All((times(1, None, 2, 4), times(1, None, 4, 8))), All((times(1, None, 2, 4), times(1, None, 4, 8)))),
    ],
    "merge_choices": [
        (AnyOf((land("NL"), A, land("BE", "NL"))), AnyOf((land("NL", "BE"), A))),
        (All((Not(land("NL")), A, Not(land("BE")))), All((Not(land("NL", "BE")), A))),
        (All((land("NL"), A)), All((land("NL"), A))),
    ],
    "filter_choices": [
        (All((FieldIn(X, tuple(map(Decimal, (1, 2, 3)))), x(">", 1), Not(x("=", 3)), A)),
         All((FieldIn(X, (Decimal(2),)), A))),
        (All((x("=", 5), x(">", 7))), All((NO_ONE,))),
        (All((land("NL", "BE"), land("BE", "DE"))), All((FieldIn(LAND, ("BE",)),))),
        (All((x("=", 5), Not(x(">", 7)))), All((x("=", 5),))),
    ],
    "settle_contradictions": [
        (All((VIPS, A, Not(VIPS))), NO_ONE),
        (AnyOf((VIPS, Not(VIPS))), EVERYONE),
        (All((times(1, None, 7), times(0, 0, 3))), NO_ONE),
        (All((times(1, None, 3), times(0, 0, 7))), All((times(1, None, 3), times(0, 0, 7)))),
        (All((x(">", 5), x("<", 3))), NO_ONE),
        (AnyOf((times(2, None), times(0, 3))), EVERYONE),
        (AnyOf((FieldSet(X), FieldEmpty(X))), EVERYONE),
        # A missing x is in neither.
        (AnyOf((x(">", 5), x("<=", 5))), AnyOf((x(">", 5), x("<=", 5)))),
        (All((Consent("sms"), Consent("sms", False, "f"))), NO_ONE),
        (All((edge("last", 2, 4), times(1, None, 4))), NO_ONE),
        (All((edge("first", 2, 4), edge("first", 4, 8))), NO_ONE),
    ],
    "drop_implied": [
        (All((A, AnyOf((A, B)))), All((A,))),
        (AnyOf((A, All((A, B)))), AnyOf((A,))),
        (All((times(1, None, 7), times(1, None, 3))), All((times(1, None, 7),))),
        (AnyOf((times(1, None, 7), times(1, None, 3))), AnyOf((times(1, None, 3),))),
        (All((times(0, 2, 7), times(0, 2, 3))), All((times(0, 2, 3),))),
        (All((times(2, 3, 7), times(1, None, 3))), All((times(2, 3, 7),))),
        (All((times(1, 3, 7), times(1, 3, 3))), All((times(1, 3, 7), times(1, 3, 3)))),
        (All((times(1, None), times(1, None, where=FieldSet(N)))), All((times(1, None, where=FieldSet(N)),))),
        (All((x(">", 5), x(">", 3), FieldSet(X))), All((x(">", 5),))),
        (All((x(">", 3), Not(x(">", 5)))), All((x(">", 3), Not(x(">", 5))))),
        (All((Occurs(Occurrences(("a", "b"), EVER), 1, None), times(1, None))), All((times(1, None),))),
        (All((edge("last", 2, 4), A)), All((edge("last", 2, 4),))),
        (All((MeasureComparison(DaysBetween(A.of), "<", Decimal(9)), times(2, None))),
         All((MeasureComparison(DaysBetween(A.of), "<", Decimal(9)),))),
        (All((MeasureComparison(Aggregate("sum", N, A.of), "<", Decimal(9)), A)),
         All((MeasureComparison(Aggregate("sum", N, A.of), "<", Decimal(9)), A))),
    ],
    "use_known": [
        (All((A, AnyOf((times(0, 0), B)))), All((A, AnyOf((NO_ONE, B))))),
        (AnyOf((VIPS, All((Not(VIPS), B)))), AnyOf((VIPS, All((EVERYONE, B))))),
        (All((x(">", 5), AnyOf((B, All((x(">", 3), D)))))), All((x(">", 5), AnyOf((B, All((EVERYONE, D))))))),
    ],
    "factor": [
        (AnyOf((All((A, B)), All((VIPS, A)))), All((A, AnyOf((All((B,)), All((VIPS,))))))),
        (All((AnyOf((A, B)), AnyOf((A, VIPS)))), AnyOf((A, All((AnyOf((B,)), AnyOf((VIPS,))))))),
        (AnyOf((All((A, B)), All((VIPS, D)))), AnyOf((All((A, B)), All((VIPS, D))))),
    ],
}  # fmt: skip


@pytest.mark.parametrize("rewrite", RULES, ids=lambda rewrite: rewrite.__name__)
def test_each_rewrite_does_what_its_arrow_says(rewrite: Any) -> None:
    assert "->" in rewrite.__doc__
    for before, after in EXAMPLES[rewrite.__name__]:
        assert everywhere(rewrite, before) == after


def test_rewrites_reach_into_where_has_and_items() -> None:
    doubled = All((FieldSet(P), FieldSet(P)))
    before = times(1, None, where=All((AnyItem(doubled), Not(Not(FieldSet(N))))))
    assert optimize(before) == times(1, None, where=All((AnyItem(FieldSet(P)), FieldSet(N))))
    assert optimize(edge("last", 2, 4, Not(Not(FieldSet(N))))) == edge("last", 2, 4, FieldSet(N))
    total = MeasureComparison(Aggregate("sum", N, times(1, None, where=All((FieldSet(N),))).of), ">", Decimal(1))
    assert optimize(total) == MeasureComparison(
        Aggregate("sum", N, times(1, None, where=FieldSet(N)).of), ">", Decimal(1)
    )
    assert (
        optimize(times(1, None, where=All((FieldComparison(N, ">", Decimal(5)), FieldComparison(N, "<", Decimal(3))))))
        == NO_ONE
    )


def test_the_number_of_an_event_depends_on_the_stream_it_is_counted_in() -> None:
    first = FieldComparison(NUMBER, "=", Decimal(1))
    alone, pooled = (Occurs(Occurrences(events, EVER, first), 1, None) for events in (("a",), ("a", "b")))
    assert not implies(alone, pooled)
    assert implies(pooled, Occurs(Occurrences(("b", "a"), EVER, first), 1, None))
    assert implies(alone, Occurs(Occurrences(("a", "b"), EVER), 1, None))


def test_an_event_without_time_is_in_no_other_window() -> None:
    assert not implies(Occurs(Occurrences(("u",), Interval(at(2), NOW)), 1, None), D)
    assert implies(Occurs(D.of, 2, None), D)


def test_implication_of_consent_lists_and_items() -> None:
    inner, outer = Interval(at(4), at(8)), Interval(at(2), NOW)
    assert implies(Consent("sms", True, "f", inner), Consent("sms", True, None, outer))
    assert not implies(Consent("sms", True, None, outer), Consent("sms", True, None, inner))
    assert not implies(Consent("sms"), Consent("sms", True, "f"))
    assert implies(Consent("sms", False), Not(Consent("sms")))
    assert not implies(Not(Consent("sms")), Consent("sms", False))
    assert implies(InList("news", inner, True), InList("news", outer, False))
    assert not implies(InList("news", inner, False), InList("news", outer, True))
    assert implies(AnyItem(All((FieldSet(P), FieldSet(Q)))), AnyItem(FieldSet(P)))
    assert implies(FieldIncludes(TAGS, "all", ("r", "s")), FieldIncludes(TAGS, "any", ("r",)))
    assert implies(FieldIncludes(TAGS, "all", ("r", "s")), FieldIncludes(TAGS, "all", ("r",)))
    assert implies(FieldIncludes(TAGS, "any", ("r",)), FieldIncludes(TAGS, "all", ("r",)))
    assert not implies(FieldIncludes(TAGS, "any", ("r", "s")), FieldIncludes(TAGS, "all", ("r", "s")))
    assert not implies(FieldIncludes(TAGS, "any", ("r", "s")), FieldIncludes(TAGS, "any", ("r",)))
    assert implies(InSegment("S", All((A, B))), A)


def test_what_a_measure_says_about_counts() -> None:
    def total(kind: Any, op: Any, value: int, field: Field = N) -> MeasureComparison:
        return MeasureComparison(Aggregate(kind, field, A.of), op, Decimal(value))

    assert implies(total("average", "<", 1), A)
    assert implies(total("sum", ">", 0), A)
    assert not implies(total("sum", ">=", 0), A)
    assert not implies(total("sum", ">", -1), A)
    assert implies(total("distinct", ">", 2), times(3, None))
    assert implies(total("distinct", ">=", 2), times(2, None))
    assert not implies(total("distinct", ">=", 2), times(3, None))
    assert implies(total("distinct", ">=", 2, P), A)
    assert not implies(total("distinct", ">=", 2, P), times(2, None))
    between = MeasureComparison(DaysBetween(A.of), "<", Decimal(9))
    assert implies(between, times(2, None))
    assert not implies(between, times(3, None))
    assert implies(MeasureComparison(Ratio(X, between.left), ">", Decimal(1)), times(2, None))


def test_what_the_first_and_the_last_say_about_the_rest() -> None:
    assert implies(edge("last", 2, 4), times(0, 0, 4))
    assert not implies(edge("first", 2, 4), times(0, 0, 4))
    assert implies(edge("first", 2, 4), times(0, 0, None, 2))
    assert not implies(edge("last", 2, 4), times(0, 0, None, 2))
    assert implies(edge("last", 2, 4, FieldSet(N)), times(1, None, 2, 4, FieldSet(N)))
    assert implies(edge("last", 2, 4, All((FieldSet(N), FieldSet(C)))), edge("last", 1, 4, FieldSet(N)))


def test_what_is_said_of_all_says_how_many_there_are() -> None:
    of = Occurrences(("a",), EVER)
    hull = replace(of, window=Interval(at(4), NOW))
    assert implies(Share(of, FieldSet(N), "=", Decimal(100)), times(1, None))
    assert excludes(Share(of, FieldSet(N), "=", Decimal(100)), times(1, None, where=Not(FieldSet(N))))
    assert not excludes(Share(of, FieldSet(N), ">=", Decimal(99)), times(1, None, where=Not(FieldSet(N))))
    assert implies(Regular(hull, PERIODS, (2, None), 2, None), times(4, None, 4))
    assert not implies(Regular(hull, PERIODS, (2, None), 2, None), times(5, None, 4))
    assert implies(Regular(hull, PERIODS, (1, None), 3, None), Regular(hull, PERIODS, (1, None), 2, None))
    assert not implies(Regular(hull, PERIODS, (1, None), 2, 2), Regular(hull, PERIODS, (1, None), 1, 1))
    assert implies(OnDifferent(of, "day", 2, 3), OnDifferent(of, "day", 2, None))
    assert not implies(OnDifferent(of, "day", 2, None), OnDifferent(of, "week", 2, None))
    assert implies(Repeats(of, P, 3, None), times(3, None))
    assert implies(MostCommon(of, N, FieldSet(N)), times(1, None))
    assert not implies(MostCommon(of, P, FieldSet(P)), times(1, None))


def test_steps_name_each_rewrite_that_changed_something() -> None:
    rule = All((times(1, None, 7), All((times(1, None, 3), Not(Not(VIPS))))))
    assert list(steps(rule)) == [
        ("push not", All((times(1, None, 7), All((times(1, None, 3), VIPS))))),
        ("flatten", All((times(1, None, 7), times(1, None, 3), VIPS))),
        ("drop implied", All((times(1, None, 7), VIPS))),
    ]
    assert list(steps(VIPS)) == []


def test_an_untouched_rule_is_given_back_as_it_is() -> None:
    rule = All((Consent("sms"), times(1, None, 7), AnyOf((VIPS, land("NL")))))
    assert optimize(rule) is rule


# --- warnings -------------------------------------------------------------------------------------------------------


def placed(text: str, *parts: tuple[str, Rule]) -> list[Rule]:
    """The parts, each with the span of its words in the text."""
    source = Source(text)
    found = []
    for words, part in parts:
        start = text.index(words)
        kind = type(part)
        values = {name: getattr(part, name) for name in part.__match_args__ if name != "span"}
        found.append(kind(**values, span=Span(source, start, start + len(words))))
    return found


def said(rule: Rule) -> list[tuple[str, str, str]]:
    return [(problem.code, problem.span.text, problem.message) for problem in warnings(rule)]


def test_warnings_name_the_part() -> None:
    text = "vip and a in 3h and a in 7h"
    parts = placed(text, ("vip", VIPS), ("a in 3h", times(1, None, 7)), ("a in 7h", times(1, None, 3)))
    whole = Span(Source(text), 0, len(text))
    assert said(All(tuple(parts), whole)) == [
        ("no-effect", "a in 7h", "`a in 7h` changes nothing here: it follows from `a in 3h`.")
    ]
    assert said(AnyOf(tuple(parts), whole)) == [
        ("no-effect", "a in 3h", "`a in 3h` changes nothing here: `a in 7h` includes it.")
    ]
    assert [problem.severity for problem in warnings(All(tuple(parts), whole))] == ["warning"]
    assert warnings(All(tuple(parts), whole))[0].hint == "leave `a in 7h` out"


def test_a_contradiction_and_a_tautology_are_named_by_both_parts() -> None:
    text = "a in 3h and never a in 7h"
    one, other = placed(text, ("a in 3h", times(1, None, 7)), ("never a in 7h", times(0, 0, 3)))
    assert said(All((one, other), Span(Source(text), 0, len(text)))) == [
        ("never-true", "never a in 7h",
         "`a in 3h` and `never a in 7h` can never be true together. So no one can match the rule.")
    ]  # fmt: skip
    text = "vip or not vip"
    part = placed(text, ("vip", VIPS))[0]
    rule = AnyOf((part, Not(part, Span(Source(text), 7, 14))), Span(Source(text), 0, 14))
    assert said(rule) == [
        ("always-true", "not vip", "Of `vip` and `not vip` one is always true. So everyone matches the rule.")
    ]


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        (AnyOf((times(2, None), Not(times(4, None)))), "always-true"),
        (AnyOf((FieldSet(X), All((land("NL"), land("BE", "DE"))))), "never-true"),
        (AnyOf((All((VIPS, Not(VIPS))), FieldSet(X))), "never-true"),
        (All((times(2, None), times(0, 1), FieldSet(X))), "never-true"),
        (All((FieldSet(X), AnyOf((FieldSet(Y), FieldEmpty(Y))))), "always-true"),
    ],
)
def test_what_several_rewrites_find_together_is_said(rule: Rule, code: str) -> None:
    assert [problem.code for problem in warnings(rule)] == [code]


def test_a_part_that_is_never_true_does_not_doom_an_or() -> None:
    text = "vip or a after tomorrow"
    parts = placed(text, ("vip", VIPS), ("a after tomorrow", times(1, None, 10)))
    assert said(AnyOf(tuple(parts))) == [("never-true", "a after tomorrow", "`a after tomorrow` can never be true.")]


def test_a_contradiction_in_where_is_named_there() -> None:
    text = "a where (n > 5 and n < 3)"
    parts = placed(text, ("n > 5", FieldComparison(N, ">", Decimal(5))), ("n < 3", FieldComparison(N, "<", Decimal(3))))
    where = All(tuple(parts), Span(Source(text), 9, 24))
    assert said(Occurs(Occurrences(("a",), EVER, where), 1, None, Span(Source(text), 0, len(text)))) == [
        ("never-true", "n < 3", "`n > 5` and `n < 3` can never be true together. So no one can match the rule.")
    ]


def test_everyone_and_no_one_are_meant_when_they_stand_alone() -> None:
    for text, rule in (("everyone", EVERYONE), ("No  one", NO_ONE)):
        assert said(type(rule)((), Span(Source(text), 0, len(text)))) == []
    text = "a at least 0 times"
    assert said(All((), Span(Source(text), 0, len(text)))) == [
        ("always-true", text, f"`{text}` is always true. So everyone matches the rule.")
    ]
    one, other = placed("everyone and vip", ("everyone", EVERYONE), ("vip", VIPS))
    assert said(All((one, other))) == [("no-effect", "everyone", "`everyone` changes nothing here.")]


def test_a_segment_without_members_is_named_not_opened() -> None:
    text = 'in segment "S" or vip'
    part = placed(text, ('in segment "S"', InSegment("S", All((VIPS, Not(VIPS))))))[0]
    assert said(AnyOf((part, VIPS))) == [("never-true", 'in segment "S"', "No one can ever be in segment `S`.")]


def test_a_sample_is_neither_its_rule_nor_implied_by_it() -> None:
    whole = InSegment("S", VIPS)
    half = InSegment("S", VIPS, sample=Sample(Decimal(50), None, "S"))
    both = All((half, VIPS))
    assert optimize(half) == half
    assert optimize(both) == both
    assert not implies(VIPS, half)
    assert optimize(All((half, whole, half))) == All((half, VIPS))
    assert optimize(All((half, Not(half)))) == NO_ONE
    assert optimize(AnyOf((half, Not(VIPS)))) == AnyOf((half, Not(VIPS)))
    everybody = InSegment("E", EVERYONE, sample=Sample(Decimal(50), None, "E"))
    assert optimize(everybody) == everybody
    assert warnings(everybody) == []


def test_the_rule_of_a_population_becomes_simpler_and_stays_where_it_is() -> None:
    members = InSegment("S", All((VIPS, VIPS, EVERYONE)))
    simple = InSegment("S", VIPS)
    assert optimize(Rank("top", X, None, 3, members)) == Rank("top", X, None, 3, simple)
    against = MeasureComparison(X, ">", Population("average", None, X, members))
    assert optimize(against) == MeasureComparison(X, ">", Population("average", None, X, simple))


def test_a_sound_rule_has_no_warnings() -> None:
    assert (
        warnings(All((Consent("sms"), times(1, None, 7), times(0, 0, 7, where=FieldSet(N)), AnyOf((VIPS, land("NL"))))))
        == []
    )


# --- size -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [All, AnyOf])
@pytest.mark.parametrize(
    "leaf",
    [
        lambda i: times(1, None, where=FieldComparison(N, "=", Decimal(i))),
        lambda i: FieldComparison(LAND, "=", f"c{i}"),
        lambda i: FieldComparison(Field("profile", f"f{i}", Type.NUMBER), ">", Decimal(i)),
        lambda i: AnyOf((times(i + 1, None), All((times(0, i), x(">", i))))),
    ],
    ids=["counts", "choices", "fields", "groups"],
)
def test_thousands_of_parts_are_quick(kind: Any, leaf: Any) -> None:
    rule = kind(tuple(leaf(i) for i in range(1000)))
    begin = time.process_time()
    optimize(rule)
    warnings(rule)
    assert time.process_time() - begin < 5


def test_deep_nesting_is_no_trouble() -> None:
    rule: Rule = A
    for i in range(120):
        rule = Not(All((AnyOf((rule, x(">", i))), land(f"c{i}")))) if i % 2 else AnyOf((rule, times(i, None)))
    begin = time.process_time()
    optimize(rule)
    warnings(rule)
    assert time.process_time() - begin < 5
