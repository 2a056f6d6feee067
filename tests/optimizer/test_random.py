"""Random rules in a small world: every rewrite keeps the members, implication and warnings are true of them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
    Ratio,
    Regular,
    Repeats,
    Share,
)
from segql.conditions.implication import covers, excludes
from segql.conditions.implication.negation import normal, opposite
from segql.conditions.walk import Leaf, nodes
from segql.optimizer import _OF_GROUPS, _OF_ONE_KIND, RULES, everywhere, implies, optimize, warnings

from .small_world import (
    BORN,
    DAY,
    EVER,
    EVERYONE,
    HOUR,
    LAND,
    NUMBER,
    PERIODS,
    PREVIOUS,
    SEEN,
    TAGS,
    UNTIMED,
    VIP,
    C,
    N,
    P,
    Q,
    Rule,
    X,
    Y,
    at,
    who,
)

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


@settings(max_examples=40)
@given(st.one_of(RULE, CLOSE, SEGMENTS))
def test_rules_leave_what_they_are_not_about_alone(rule: Rule) -> None:
    trees: list[Any] = [node for node in nodes(rule) if isinstance(node, (All, AnyOf, Not, *get_args(Leaf)))]
    for node in trees:
        group = isinstance(node, All | AnyOf)
        assert all(rewrite(node) is node for rewrite in RULES if (rewrite in _OF_GROUPS) is not group)
        assert all(rewrite(node) is node for rewrite, kind in _OF_ONE_KIND.items() if kind is not type(node))


@settings(max_examples=40)
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
AMONG = st.one_of(
    st.builds(Share, COUNTED, SIMPLE_WHERE, OPS, st.sampled_from([Decimal(0), Decimal(50), Decimal(100)])),
    st.builds(
        lambda of, each, count: Regular(of, PERIODS, each, *count),
        st.builds(Occurrences, KINDS, st.just(Interval(at(4), at(10))), SIMPLE_WHERE),
        st.sampled_from([(1, None), (2, None), (1, 1)]),
        BOUNDS,
    ),
    st.builds(lambda of, count: OnDifferent(of, "day", *count), COUNTED, BOUNDS),
    st.builds(
        lambda of, fields, count: Repeats(of, fields, *count),
        COUNTED,
        st.sampled_from([(N,), (C,), (P,), (N, C)]),
        BOUNDS,
    ),
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
        st.builds(FieldComparison, st.just(SEEN), OPS, st.sampled_from(range(0, 11, 2)).map(at)),
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

    @settings(max_examples=20)
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
    @settings(max_examples=12)
    @given(trees(TOPICS[topic], 6), SEEDS)
    def check(rule: Rule, seed: int) -> None:
        keeps_the_members(rule, seed)

    check()


@settings(max_examples=30)
@given(st.one_of(RULE, CLOSE), SEEDS)
def test_a_warning_about_the_whole_rule_is_true(rule: Rule, seed: int) -> None:
    said = " ".join(problem.message for problem in warnings(rule))
    if "So no one can match the rule." in said:
        assert not who(rule, seed)
    if "So everyone matches the rule." in said:
        assert who(rule, seed) == set(range(40))
