"""References to saved segments: parameters, arguments, names of their own, and what cannot be."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

import segql
from segql.ast import All
from segql.catalog import Catalog
from segql.conditions import (
    Aggregate,
    Field,
    FieldComparison,
    InSegment,
    Interval,
    MeasureComparison,
    Not,
    Occurrences,
    Occurs,
    Type,
)
from segql.segments import segments_from

from .saved import NOW, bound, codes, problems

VIP = FieldComparison(Field("profile", "vip", Type.BOOLEAN), "=", True)
COUNTRY = Field("profile", "country", Type.TEXT)

EVER = Interval(None, NOW)


def orders(least: int, window: Interval = EVER) -> Occurs:
    return Occurs(Occurrences(("placed order",), window), least, None)


# --- references ------------------------------------------------------------------------------------------------------


BUYERS = 'segment "Buyers" (n = 2, length = 30d) = placed order at least n times in length\n'


def test_parameters_and_their_defaults(catalog: Catalog) -> None:
    thirty, three = (Interval(datetime(2025, *day, 11, tzinfo=UTC), NOW) for day in ((10, 29), (11, 25)))
    assert bound('in segment "Buyers"', catalog, BUYERS) == InSegment("Buyers", orders(2, thirty))
    assert bound("in segment BUYERS (N = 5)", catalog, BUYERS) == InSegment("Buyers (N = 5)", orders(5, thirty))
    assert bound('in segment "buyers" (length = 3d, n = 1)', catalog, BUYERS) == InSegment(
        "Buyers (length = 3 days, n = 1)", orders(1, three)
    )
    assert bound('not in segment "Buyers"', catalog, BUYERS) == Not(InSegment("Buyers", orders(2, thirty)))


def test_a_parameter_stands_where_a_value_a_date_or_a_duration_may(catalog: Catalog) -> None:
    definitions = """
        segment A (amount = €50, from_ = 2025-10-26, land = "NL", few = 2, rich = true, lately = 30d) =
          total spent since from_ > amount and country is land and placed order at least few times in lately
          and vip is rich and country in (land, "BE") and last placed order more than lately ago
          and birthday between from_ and from_ and can receive sms because land and renewal date in the last lately
    """
    found = bound("in segment A (amount = 7, from_ = 2025-11-01)", catalog, definitions)
    since = Interval(datetime(2025, 10, 31, 23, tzinfo=UTC), NOW)
    spent = Aggregate("sum", Field("event", "total", Type.MONEY), Occurrences(("placed order",), since))
    assert found.rule.parts[0] == MeasureComparison(spent, ">", Decimal(7))
    assert found.rule.parts[1] == FieldComparison(COUNTRY, "=", "NL")
    assert found.rule.parts[6].window.start == date(2025, 11, 1)
    assert found.rule.parts[7].reason == "NL"


def test_arguments_can_be_the_callers_parameters_lets_and_constants(catalog: Catalog) -> None:
    definitions = BUYERS + 'let few = 4\nsegment "Outer" (k = 3) = in segment "Buyers" (n = k, length = recently)\n'
    four_months = Interval(datetime(2025, 7, 28, 10, tzinfo=UTC), NOW)
    outer = bound("in segment Outer (k = few)", catalog, definitions)
    assert outer.rule.rule == orders(4, four_months)
    assert outer.label == "Outer (k = 4)"
    assert outer.rule.label == "Buyers (n = 4, length = 4 months)"


def test_a_segment_never_sees_its_callers_parameters(catalog: Catalog) -> None:
    definitions = """
        let land = "NL"
        segment "Here" = country is land
        segment "There" (land = "BE") = country is land and in segment "Here"
        segment "Everywhere" = in segment "Here" and in segment "There" and in segment "There" (land = "LU")
    """
    here = InSegment("Here", FieldComparison(COUNTRY, "=", "NL"))

    def there(land: str, label: str = "There") -> InSegment:
        return InSegment(label, All((FieldComparison(COUNTRY, "=", land), here)))

    assert bound('in segment "Everywhere"', catalog, definitions).rule == All(
        (here, there("BE"), there("LU", 'There (land = "LU")'))
    )
    # nor those that the rule itself is given
    assert bound('country is land and in segment "Here"', catalog, definitions, land="FR") == All(
        (FieldComparison(COUNTRY, "=", "FR"), here)
    )
    assert codes("in segment A (n = 3)", catalog, "segment B = age > n\nsegment A (n = 1) = in segment B") == [
        "unknown-name"
    ]


def test_a_saved_segment_is_a_rule(catalog: Catalog) -> None:
    segments = segments_from(BUYERS)
    meaning = segql.meaning(segments["Buyers"], catalog, now=NOW, segments=segments, parameters={"n": 7})
    assert isinstance(meaning.bound, Occurs)
    assert meaning.bound.at_least == 7
    assert meaning.text == segql.format(segments["Buyers"])
    wrong: list[tuple[dict[str, str | int], str]] = [
        ({"m": 7}, "unknown-name"),
        ({"n": "x"}, "wrong-type"),
        ({"n": 7, "m": 1, "o": 2}, "unknown-name"),
    ]
    for parameters, code in wrong:
        found = segql.check(segments["Buyers"], catalog, now=NOW, segments=segments, parameters=parameters)
        assert {p.code for p in found} == {code}
        assert len(found) == max(1, len(parameters) - 1)
        assert all(p.span.source.name == "segments" for p in found)


def test_python_values_are_parameters(catalog: Catalog) -> None:
    for rule, value, right in [
        ("country is p", "NL", "NL"),
        ("vip is p", True, True),
        ("age > p", 3, Decimal(3)),
        ("score > p", 2.5, Decimal("2.5")),
        ("birthday = p", date(1990, 1, 1), date(1990, 1, 1)),
        ("last seen = p", datetime(2025, 1, 1, 12), datetime(2025, 1, 1, 11, tzinfo=UTC)),
        ("last seen = p", datetime(2025, 1, 1, 12, tzinfo=UTC), datetime(2025, 1, 1, 12, tzinfo=UTC)),
    ]:
        assert bound(rule, catalog, "", p=value).right == right
    assert [p.code for p in problems("age > p", catalog, "", p=float("nan"))] == ["bad-number"]
    assert [p.code for p in problems("age > p", catalog, "", p=float("inf"))] == ["bad-number"]
    assert [p.code for p in problems("age > p", catalog, "", p="3")] == ["wrong-type"]
    with pytest.raises(ValueError, match="whole seconds"):
        bound("never placed order in p", catalog, "", p=timedelta(milliseconds=1500))


# --- errors ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "code", "place"),
    [
        ('in segment "Buyer"', "unknown-name", '"Buyer"'),
        ('in segment "Buyers" (m = 1)', "unknown-name", "m"),
        ('in segment "Buyers" (n = "x")', "wrong-type", '"x"'),
        ('in segment "Buyers" (n = 3d)', "wrong-type", "3d"),
        ('in segment "Buyers" (length = 3)', "wrong-type", "3"),
        ('in segment "Buyers" (n = nobody)', "unknown-name", "nobody"),
        ('in segment "Buyers" (n = home)', "wrong-type", "home"),
        ('in segment "Buyers" (n = 1, N = 2)', "duplicate-name", "N"),
        ('was in segment "Buyer" 30 days ago', "unknown-name", '"Buyer"'),
        ('was in segment "Buyers" (m = 1) 30 days ago', "unknown-name", "m"),
        ('entered segment "Buyer" in 30d', "unknown-name", '"Buyer"'),
        ('left segment "Buyers" (n = "x") in 30d', "wrong-type", '"x"'),
        ('was in segment "Buyers" 9999 years ago', "bad-window", "9999 years"),
        ('top 10% by total spent among segment "Buyer"', "unknown-name", '"Buyer"'),
        ('total spent > the average of segment "Buyer"', "unknown-name", '"Buyer"'),
        ('age > the median of segment "Buyers" (n = "x")', "wrong-type", '"x"'),
    ],
)
def test_references_that_cannot_be(rule: str, code: str, place: str, catalog: Catalog) -> None:
    (problem,) = problems(rule, catalog, BUYERS)
    assert (problem.code, problem.span.text, problem.span.source.name) == (code, place, "rule")


def test_all_that_is_wrong_with_the_arguments(catalog: Catalog) -> None:
    assert codes('in segment "Buyers" (m = 1, n = "x", length = nobody)', catalog, BUYERS) == [
        "unknown-name",
        "wrong-type",
        "unknown-name",
    ]


def test_two_parameters_of_one_name(catalog: Catalog) -> None:
    definitions = "segment A (n = 1, N = 2) = age > n"
    assert codes("in segment A", catalog, definitions) == ["duplicate-name"]
    segments = segments_from(definitions)
    assert [p.code for p in segql.check(segments["A"], catalog, segments=segments)] == ["duplicate-name"]


def test_mistakes_inside_a_segment_point_into_its_file(catalog: Catalog) -> None:
    definitions = 'segment "Broken" = vip\n  and plased order\n  and contry is "NL"\n'
    rule = 'agee > 3 and in segment "Broken" and in segment "Broken" and smss'
    found = problems(rule, catalog, definitions)
    assert [(p.span.source.name, p.span.text) for p in found] == [
        ("rule", "agee"),
        ("rule", "smss"),
        ("segments", "plased order"),
        ("segments", "contry"),
    ]
    assert found[2].span.source.position(found[2].span.start) == (2, 7)


def test_warnings_inside_a_segment_are_said_once(catalog: Catalog) -> None:
    definitions = 'segment "S" (country = "NL") = placed order once and note is country'
    found = problems('in segment "S" and (vip or in segment "S")', catalog, definitions)
    mine = [(p.code, p.span.text, p.span.source.name) for p in found if p.code in ("exactly", "hides-name")]
    assert sorted(mine) == [("exactly", "once", "segments"), ("hides-name", "country", "segments")]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("country", "property"), ("benelux", "named set"), ("total spent", "metric"), ("recently", "constant"),
        ("a while", "`let`"), ("own", ""),
    ],
)  # fmt: skip
def test_a_parameter_that_hides_something_is_said(name: str, kind: str, catalog: Catalog) -> None:
    definitions = f'let a while = 3d\nsegment "S" ({name} = 3) = age > {name}'
    segments = segments_from(definitions)
    for rule in ('in segment "S"', segments["S"]):
        found = [p for p in segql.check(rule, catalog, now=NOW, segments=segments) if p.code == "hides-name"]
        assert [p.span.text for p in found] == ([name] if kind else [])
        assert all(f"the {kind} of" in p.message and p.severity == "warning" for p in found)


@pytest.mark.parametrize(
    "definitions",
    [
        "segment A = in segment A",
        "segment A = vip or not in segment A",
        "segment A = in segment B\nsegment B = vip and in segment C\nsegment C = not in segment a",
        "segment A (n = 1) = in segment A (n = 2)",
        "segment A = in segment B\nsegment B = in segment B",
    ],
)
def test_cycles(definitions: str, catalog: Catalog) -> None:
    segments = segments_from(definitions)
    for rule in ("in segment A", segments["A"]):
        found = segql.check(rule, catalog, now=NOW, segments=segments)
        assert [p.code for p in found] == ["cycle"]
        assert found[0].message.count("→") == found[0].message.count("`") // 2 - 1
        assert found[0].span.source.name == "segments"


def test_a_segment_may_be_met_twice_without_a_cycle(catalog: Catalog) -> None:
    definitions = "segment A = in segment B and in segment C\nsegment B = in segment C\nsegment C = vip"
    inner = InSegment("C", VIP)
    assert bound("in segment A", catalog, definitions).rule == All((InSegment("B", inner), inner))
