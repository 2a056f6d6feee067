"""Which condition implies which, and what one says about counts."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from segql.conditions import (
    Aggregate,
    All,
    AnyItem,
    Consent,
    DaysBetween,
    Field,
    FieldComparison,
    FieldIncludes,
    FieldSet,
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
from segql.conditions.implication import excludes
from segql.optimizer import implies

from .small_world import EVER, NOW, NUMBER, PERIODS, TAGS, A, B, C, D, N, P, Q, X, at, edge, times


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
    assert implies(Repeats(of, (P,), 3, None), times(3, None))
    assert implies(MostCommon(of, N, FieldSet(N)), times(1, None))
    assert not implies(MostCommon(of, P, FieldSet(P)), times(1, None))
