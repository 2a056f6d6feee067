"""The evaluator on the whole: and, or, not, rows of nobody, rows that are wrong."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from segql.conditions import (
    All,
    AnyOf,
    Condition,
    Consent,
    Days,
    DaysSince,
    FieldComparison,
    FieldSet,
    FieldWithin,
    InSegment,
    Not,
    Occurs,
    Tree,
)
from segql.errors import SegQLError
from segql.evaluator import Shop, holds, members

from .evaluated import (
    AGE,
    BIRTHDAY,
    CATALOG,
    COUNTRY,
    EVER,
    NOW,
    ORDERS,
    SEEN,
    TAGS,
    VIP,
    at,
    built_in,
    compares,
    consents,
    found,
    number,
    order,
    people,
    shop,
    where,
)

# --- everyone, no one, and, or, not ----------------------------------------------------------------------------------


def test_boolean_structure() -> None:
    of = people({"country": "NL", "age": 20}, {"country": "NL", "age": 40}, {"country": "BE", "age": 40}, {})
    nl, old = FieldComparison(COUNTRY, "=", "NL"), FieldComparison(AGE, ">", number("30"))
    assert found(All(()), of) == {1, 2, 3, 4}
    assert found(AnyOf(()), of) == set()
    assert found(All((nl, old)), of) == {2}
    assert found(AnyOf((nl, old)), of) == {1, 2, 3}
    assert found(Not(All((nl, old))), of) == {1, 3, 4}
    assert found(InSegment("the Dutch", nl), of) == {1, 2}
    assert found(All((InSegment("the Dutch", Not(nl)), old)), of) == {3}


def test_nobody() -> None:
    assert members(All(()), Shop([]), CATALOG, NOW) == set()


def test_one_profile_alone() -> None:
    rule = Occurs(ORDERS, 2, None)
    alone = Shop([{"key": 2}], {"order": [order(1, "2025-01-01"), order(2, "2025-01-01"), order(2, "2025-01-02")]})
    assert holds(rule, alone, CATALOG, NOW, 2)
    assert not holds(rule, alone, CATALOG, NOW, 1)  # unknown here
    assert not holds(Not(rule), alone, CATALOG, NOW, 1)


def test_rows_of_nobody_and_of_strangers_do_not_count() -> None:
    of = shop(order(1, "2025-01-01"), order(9, "2025-01-01"), order(None, "2025-01-01"), {"time": at("2025-01-01")})
    assert found(where(All(())), of) == {1}
    assert members(All(()), Shop([{"key": "a"}, {"key": None}]), CATALOG, NOW) == {"a"}


# --- rows that are wrong ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "of", "says"),
    [
        (where(All(())), shop(order(1, datetime(2025, 1, 1))), "the event order is an instant.*no time zone"),
        (where(All(())), shop(order(1, 5)), "the event order is an instant"),
        (FieldSet(SEEN), people({"seen": datetime(2025, 1, 1)}), "property seen.*no time zone"),
        (FieldSet(AGE), people({"age": "18"}), "property age is a number.*'18'"),
        (FieldSet(AGE), people({"age": True}), "property age is a number"),
        (FieldSet(COUNTRY), people({"country": 31}), "property country is of type text"),
        (FieldSet(VIP), people({"vip": 1}), "property vip is of type boolean"),
        (FieldSet(BIRTHDAY), people({"birthday": "2000-01-01"}), "property birthday is of type date"),
        (FieldSet(TAGS), people({"tags": "a"}), "property tags is of type list of text"),
        (FieldSet(TAGS), people({"tags": [1]}), "property tags is a list of text"),
        (Consent("sms"), consents((1, "yes", None, "2025-01-01")), "receives of the channel sms"),
        (All(()), Shop([{"key": 1}, {"key": 1}]), "Two profiles have the key 1"),
    ],
)
def test_wrong_rows_say_so(rule: Tree[Condition], of: Shop, says: str) -> None:
    with pytest.raises(SegQLError, match=says) as caught:
        members(rule, of, CATALOG, NOW)
    assert [problem.code for problem in caught.value.problems] == ["shop-row"]


def test_a_naive_now_is_refused() -> None:
    with pytest.raises(SegQLError, match="now is an instant"):
        members(All(()), Shop([]), CATALOG, datetime(2025, 1, 1))


def test_comparing_different_types_is_no_quiet_answer() -> None:
    with pytest.raises(TypeError):
        members(FieldComparison(AGE, "=", "18"), people({"age": 18}), CATALOG, NOW)
    with pytest.raises(TypeError):
        members(FieldWithin(BIRTHDAY, EVER), people({"birthday": date(2000, 1, 1)}), CATALOG, NOW)
    with pytest.raises(TypeError):
        members(FieldWithin(SEEN, Days(None, None)), people({"seen": NOW}), CATALOG, NOW)


def test_the_ends_of_time_are_no_crash() -> None:
    first, last = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    of = shop(order(1, first), order(1, date.min), order(2, last), order(2, date.max), order(3, first))
    assert found(compares(DaysSince("first", ORDERS), ">", number("700000")), of) == {1, 3}
    assert found(built_in("hour", ">=", number("0")), of) == {1, 3}
    east = timezone(timedelta(hours=14))
    assert found(where(All(())), shop(order(1, datetime.min.replace(tzinfo=east)))) == {1}
