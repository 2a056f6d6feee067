"""Properties, consent and lists: the exact bound tree of every form, and every way to go wrong."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from segql.ast import All, AnyOf, Not, Tree
from segql.catalog import Catalog
from segql.conditions import (
    Consent,
    Field,
    FieldCondition,
    FieldEmpty,
    FieldIn,
    FieldIncludes,
    FieldLike,
    FieldSet,
    InList,
    MeasureComparison,
    Type,
)

from .bound import AGE, BALANCE, BORN, COUNTRY, DAYS, EVER, SPENT, VIP, codes, is_

NOTE, TAGS = Field("profile", "note", Type.TEXT), Field("profile", "tags", Type.TEXTS)
LUCKY, SCORE = Field("profile", "lucky numbers", Type.NUMBERS), Field("profile", "score", Type.NUMBER)
NOT_BETWEEN: Tree[FieldCondition] = Not(All((is_(AGE, Decimal(1), ">="), is_(AGE, Decimal(5), "<="))))


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("vip", is_(VIP, True)),
        ("vip is no", is_(VIP, False)),
        ("vip != true", Not(is_(VIP, True))),
        ("vip is android", is_(VIP, Field("profile", "android", Type.BOOLEAN))),
        ('country is "NL"', is_(COUNTRY, "NL")),
        ('country is not "NL"', Not(is_(COUNTRY, "NL"))),
        ('country in ("NL", "BE", "NL")', FieldIn(COUNTRY, ("NL", "BE"))),
        ('country not in ("NL")', Not(FieldIn(COUNTRY, ("NL",)))),
        ("country in benelux", FieldIn(COUNTRY, ("NL", "BE", "LU"))),
        ("country is not in benelux", Not(FieldIn(COUNTRY, ("NL", "BE", "LU")))),
        ('country in (benelux, "FR", home)', FieldIn(COUNTRY, ("NL", "BE", "LU", "FR"))),
        ('note contains "x"', FieldLike(NOTE, "contains", "x")),
        ('note does not contain "x"', Not(FieldLike(NOTE, "contains", "x"))),
        ("note starts with home", FieldLike(NOTE, "starts with", "NL")),
        ('note matches "a*"', FieldLike(NOTE, "matches", "a*")),
        ("note is set", FieldSet(NOTE)),
        ("note is not set", Not(FieldSet(NOTE))),
        ("note is empty", FieldEmpty(NOTE)),
        ("note is not empty", Not(FieldEmpty(NOTE))),
        ("age is empty", Not(FieldSet(AGE))),
        ("age is not empty", FieldSet(AGE)),
        ("tags is empty", FieldEmpty(TAGS)),
        ('tags includes "x"', FieldIncludes(TAGS, "any", ("x",))),
        ('tags does not include "x"', Not(FieldIncludes(TAGS, "any", ("x",)))),
        ('tags include all of ("x", "y")', FieldIncludes(TAGS, "all", ("x", "y"))),
        ('tags include none of ("x", "y")', Not(FieldIncludes(TAGS, "any", ("x", "y")))),
        ("tags include any of (benelux)", FieldIncludes(TAGS, "any", ("NL", "BE", "LU"))),
        ("lucky numbers includes 7", FieldIncludes(LUCKY, "any", (Decimal(7),))),
        ("age >= 18", is_(AGE, Decimal(18), ">=")),
        ("age is at least 18", is_(AGE, Decimal(18), ">=")),
        ("age != 18", Not(is_(AGE, Decimal(18)))),
        ("age in (18, 19)", FieldIn(AGE, (Decimal(18), Decimal(19)))),
        ("age between 1 and 5", All((is_(AGE, Decimal(1), ">="), is_(AGE, Decimal(5), "<=")))),
        ("age between score and 5", All((is_(AGE, SCORE, ">="), is_(AGE, Decimal(5), "<=")))),
        ("age is not between 1 and 5", NOT_BETWEEN),
        (
            "age between total spent and 5",
            All((MeasureComparison(AGE, ">=", SPENT), MeasureComparison(AGE, "<=", Decimal(5)))),
        ),
        ("balance > €1,000", is_(BALANCE, Decimal(1000), ">")),
        ("balance > 10k", is_(BALANCE, Decimal(10000), ">")),
        ("balance > score", is_(BALANCE, SCORE, ">")),
        ("balance in (€1, 2)", FieldIn(BALANCE, (Decimal(1), Decimal(2)))),
        ("birthday = 1990-01-01", is_(BORN, date(1990, 1, 1))),
        ("birthday > launch", is_(BORN, date(2025, 10, 26), ">")),
        ("birthday < renewal date", is_(BORN, Field("profile", "renewal date", Type.DATE), "<")),
        ("birthday in (1990-01-01)", FieldIn(BORN, (date(1990, 1, 1),))),
        (
            "last seen = 2025-10-26T02:30",
            is_(Field("profile", "last seen", Type.TIME), datetime(2025, 10, 26, 0, 30, tzinfo=UTC)),
        ),
        ("can receive sms", Consent("sms")),
        ("cannot receive sms", Not(Consent("sms"))),
        ("cannot receive sms ever", Not(Consent("sms"))),
        ('can receive sms because "x"', Consent("sms", True, "x")),
        ("can receive sms because home", Consent("sms", True, "NL")),
        ('cannot receive sms because "x" in 30d', Consent("sms", False, "x", DAYS)),
        ("cannot receive e-mail", Not(Consent("email"))),
        ("in list news", InList("Newsletter", EVER, False)),
        ("joined list Newsletter in 30d", InList("Newsletter", DAYS, True)),
        ("everyone", All(())),
        ("no one", AnyOf(())),
    ],
)
def test_properties_consent_and_lists(rule: str, expected: Any, bind: Any) -> None:
    assert bind(rule) == expected
    assert bind(f"not ({rule})") == Not(expected)


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ('country < "NL"', "wrong-type"),
        ('country between "A" and "B"', "wrong-type"),
        ("vip > true", "wrong-type"),
        ("vip is 1", "wrong-type"),
        ("age is true", "wrong-type"),
        ("age is vip", "wrong-type"),
        ('age contains "1"', "wrong-type"),
        ("age includes 1", "wrong-type"),
        ('country includes "x"', "wrong-type"),
        ('tags contains "x"', "wrong-type"),
        ('tags is "x"', "wrong-type"),
        ('tags in ("x")', "wrong-type"),
        ("tags in benelux", "wrong-type"),
        ("tags includes 5", "wrong-type"),
        ("lucky numbers includes benelux", "wrong-type"),
        ("age in benelux", "wrong-type"),
        ("age in home", "wrong-type"),
        ("position = 3", "wrong-type"),
        ("birthday > 5", "wrong-type"),
        ("birthday = last seen", "wrong-type"),
        ("country in (note)", "wrong-type"),
        ("note contains country", "wrong-type"),
        ("age > 10%", "wrong-type"),
        ("age > 3 days", "wrong-type"),
        ("last seen in (2025-01-01)", "wrong-type"),
        ("age > 10 EUR", "wrong-type"),
        ("balance > $10", "wrong-currency"),
        ("balance > 10 SEK", "wrong-currency"),
        ("age > 1000000000000000000", "bad-number"),
        ("age > 0.0000000000000000001", "bad-number"),
        ("birthday > total spent", "wrong-type"),
        ("country is total spent", "wrong-type"),
        ("country is age", "wrong-type"),
        ("country in Atlantis", "unknown-name"),
        ("age > nothing", "unknown-name"),
        ("can receive telegram", "unknown-name"),
        ('can receive post because "x"', "no-reason"),
        ("can receive push in 30d", "no-time"),
        ("joined list Staff in 30d", "no-time"),
        ("joined list Newsletter", "incomplete"),
        ("in list Nothing", "unknown-name"),
    ],
)
def test_properties_consent_and_lists_that_cannot_be(rule: str, code: str, catalog: Catalog) -> None:
    assert codes(rule, catalog) == [code]
