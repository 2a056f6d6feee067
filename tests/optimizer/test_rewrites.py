"""Each rewrite, before and after; large and deep rules."""

from __future__ import annotations

import time
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from segql.conditions import (
    Aggregate,
    All,
    AnyItem,
    AnyOf,
    Condition,
    Consent,
    Count,
    Days,
    DaysBetween,
    Field,
    FieldComparison,
    FieldEmpty,
    FieldIn,
    FieldSet,
    FieldWithin,
    InList,
    InSegment,
    Interval,
    MeasureComparison,
    Not,
    Occurrences,
    Occurs,
    Population,
    Rank,
    Ratio,
    Tree,
    Type,
)
from segql.conditions.walk import mapped
from segql.optimizer import RULES, everywhere, optimize, steps, warnings

from .small_world import (
    BORN,
    DAY,
    EVER,
    EVERYONE,
    LAND,
    NO_ONE,
    NOW,
    SEEN,
    VIPS,
    A,
    B,
    D,
    N,
    P,
    Rule,
    X,
    at,
    edge,
    land,
    times,
)

# --- exact: before -> after ------------------------------------------------------------------------------------------


def x(op: Any, value: int) -> FieldComparison:
    return FieldComparison(X, op, Decimal(value))


NEVER = Occurrences(("a",), Interval(NOW, NOW))
NONE_SUMMED, NO_AVERAGE = Aggregate("sum", N, NEVER), Aggregate("average", N, NEVER)
MEMBERS = InSegment("S", VIPS)

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
        (MeasureComparison(NONE_SUMMED, "<", Decimal(1)), EVERYONE),
        (MeasureComparison(NONE_SUMMED, ">", Decimal(0)), NO_ONE),
        (MeasureComparison(NO_AVERAGE, "<", Decimal(1)), NO_ONE),
        (MeasureComparison(X, "<", Ratio(NO_AVERAGE, X)), NO_ONE),
        (MeasureComparison(X, "<", Population("average", None, NONE_SUMMED)), NO_ONE),
        (Rank("top", NONE_SUMMED, None, 3), NO_ONE),
        (Rank("top", NONE_SUMMED, None, 3, MEMBERS), Rank("top", NONE_SUMMED, None, 3, MEMBERS)),
        (Rank("top", NO_AVERAGE, None, 3, MEMBERS), NO_ONE),
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


def test_steps_name_each_rewrite_that_changed_something() -> None:
    rule: Tree[Condition] = All((times(1, None, 7), All((times(1, None, 3), Not(Not(VIPS))))))
    pushed: Tree[Condition] = All((times(1, None, 7), All((times(1, None, 3), VIPS))))
    assert list(steps(rule)) == [
        ("push not", pushed),
        ("flatten", All((times(1, None, 7), times(1, None, 3), VIPS))),
        ("drop implied", All((times(1, None, 7), VIPS))),
    ]
    assert list(steps(VIPS)) == []


def test_an_untouched_rule_is_given_back_as_it_is() -> None:
    rule: Tree[Condition] = All((Consent("sms"), times(1, None, 7), AnyOf((VIPS, land("NL")))))
    assert optimize(rule) is rule


# --- size ------------------------------------------------------------------------------------------------------------


def group(i: int) -> Tree[Condition]:
    return AnyOf((times(i + 1, None), All((times(0, i), x(">", i)))))


@pytest.mark.sampled
@pytest.mark.parametrize("kind", [All, AnyOf])
@pytest.mark.parametrize(
    "leaf",
    [
        lambda i: times(1, None, where=FieldComparison(N, "=", Decimal(i))),
        lambda i: FieldComparison(LAND, "=", f"c{i}"),
        lambda i: FieldComparison(Field("profile", f"f{i}", Type.NUMBER), ">", Decimal(i)),
        group,
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


@dataclass(frozen=True)
class Sum:
    part: Product | None


@dataclass(frozen=True)
class Product:
    part: Sum | None
    where: Tree[str]


def test_what_stands_in_each_other_is_walked() -> None:
    """Measures stand in sums, and sums in ratios: in whatever order their classes are looked at."""
    there: Any = All(("there",))
    found = mapped(lambda tree: there, Sum(Product(Sum(None), All(("here",)))))
    assert found == Sum(Product(Sum(None), there))
    assert mapped(lambda tree: there, Sum(None)) == Sum(None)
