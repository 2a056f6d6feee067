"""The library as programs meet it: odd arguments, rules of other people, definitions, rows."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import segql
from segql import SegQLError, Shop
from segql.ast import All
from segql.catalog import Catalog
from segql.warehouse import WarehouseError

from ..chance.rules import Draw, random_rule
from ..chance.soups import soups

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SHOP = Shop([{"key": "ann", "country": "NL"}])

ODD: tuple[Any, ...] = (
    None, 3, b"vip", ["vip"], {"a": 1}, object, Decimal("NaN"), float("inf"), date(2026, 1, 1), timedelta(1), Path("x"),
    lambda: None,
)  # fmt: skip


@pytest.mark.parametrize("argument", ["rule", "catalog", "now"])
@pytest.mark.parametrize("odd", ODD, ids=lambda odd: type(odd).__name__)
def test_an_argument_of_a_wrong_type_is_named(argument: str, odd: Any, catalog: Catalog) -> None:
    given: dict[str, Any] = {"rule": "vip", "catalog": catalog, "now": NOW, argument: odd}
    if argument == "now" and odd is None:
        return
    for question in (segql.compile, segql.check, segql.describe, segql.meaning):
        with pytest.raises(TypeError, match=f"`{argument}`"):
            question(given["rule"], given["catalog"], now=given["now"])


@pytest.mark.parametrize("odd", [None, b"NL", ["NL"], ("a",), object(), {"a": 1}], ids=lambda odd: type(odd).__name__)
def test_a_parameter_of_a_wrong_type_is_named(odd: Any, catalog: Catalog) -> None:
    with pytest.raises(TypeError, match="`parameters`"):
        segql.compile("country is wanted", catalog, parameters={"wanted": odd})


def test_live_sql_takes_no_now(catalog: Catalog) -> None:
    with pytest.raises(ValueError, match="clock"):
        segql.compile("vip", catalog, live=True, now=NOW)


def test_a_dialect_has_the_name_of_its_urls_too(catalog: Catalog) -> None:
    assert segql.compile("vip", catalog, dialect="postgresql").dialect == "postgres"


@given(st.text(max_size=30), st.randoms(use_true_random=True))
@settings(max_examples=300)
def test_no_text_reaches_out_of_its_rule(text: str, random: Any) -> None:
    """`-- `, `) or (everyone`, quotes: the other rule holds for every member, whatever somebody wrote."""
    own = random_rule(Draw(random)) if random.random() < 0.5 else 'country is "NL"'
    for tail in ("", " -- ", ") or (everyone", ' or "', " or everyone", "\n#"):
        try:
            both = segql.both(f"{own}{tail}{text}", "vip")
        except SegQLError:
            continue
        assert isinstance(both, All)
        assert both.parts[1] == segql.parse("vip")
        assert segql.format(both).endswith("vip")


def test_both_bind_like_and(catalog: Catalog) -> None:
    both = segql.both('country is "NL" or country is "BE" -- theirs', "vip")
    text = segql.compile(both, catalog, now=NOW).text
    assert text.splitlines()[-1].endswith("and vip")
    shop = Shop(
        [{"key": n, "country": c, "vip": v} for n, c, v in (("a", "NL", True), ("b", "NL", False), ("c", "BE", True))]
    )
    assert segql.evaluate(both, catalog, shop, now=NOW) == {"a", "c"}


def test_both_tell_the_mistakes_of_each() -> None:
    with pytest.raises(SegQLError) as caught:
        segql.both("vip and", "(vip")
    assert len(caught.value.problems) == 2


def test_definitions_are_checked_against_a_catalog(catalog: Catalog) -> None:
    saved = segql.segments_from('segment "A" = vip\nsegment "B" = no such thing > 3 and in segment "C"')
    assert [p.code for p in segql.check(saved, catalog)] == ["unknown-name", "unknown-name"]


def test_a_problem_is_data(catalog: Catalog) -> None:
    (problem,) = segql.check("vip\nand countri is set", catalog)
    assert (problem.line, problem.column) == (2, 5)
    assert problem.to_dict() | {"message": "", "hint": ""} == {
        "code": "unknown-name", "severity": "error", "message": "", "hint": "", "file": "rule", "line": 2, "column": 5,
        "fixes": [{"start": 8, "end": 15, "text": "country"}],
    }  # fmt: skip


# --- rows ------------------------------------------------------------------------------------------------------------


def test_rows_may_come_from_an_iterator(catalog: Catalog) -> None:
    rows: Any = iter([{"key": "ann", "country": "NL"}])
    shop = Shop(rows)
    for _ in range(2):
        assert segql.evaluate('country is "NL"', catalog, shop) == {"ann"}


@pytest.mark.parametrize(
    "rows",
    [
        {"profiles": [{"key": "ann", "contry": "NL"}]},
        {"profiles": [{"key": "ann", "country": "NL"}, {"key": "bob", "contry": "NL"}]},
        {"profiles": [], "events": {"placed ordr": []}},
        {"profiles": [], "events": {"placed order": [{"profile": "ann", "time": NOW, "totl": 3}]}},
        {"profiles": [], "channels": {"smz": []}},
        {"profiles": [], "lists": {"Newsleter": []}},
    ],
)
def test_a_misspelt_name_in_rows_is_an_error(rows: dict[str, Any], catalog: Catalog) -> None:
    with pytest.raises(SegQLError) as caught:
        segql.evaluate("vip", catalog, Shop(**rows))
    (problem,) = caught.value.problems
    assert problem.code == "shop-row"
    assert "did you mean" in problem.hint


def test_a_key_may_be_a_uuid(catalog: Catalog) -> None:
    key = UUID("6F9619FF-8B86-D011-B42D-00C04FC964FF")
    orders = {"placed order": [{"profile": key, "time": NOW - timedelta(days=1)}]}
    shop = Shop([{"key": key}, {"key": "other"}], orders)
    assert segql.evaluate("placed order in 2d", catalog, shop, now=NOW) == {str(key)}


# --- a budget of anything --------------------------------------------------------------------------------------------

ANYTHING = st.one_of(soups(), st.text(max_size=60), st.sampled_from(ODD))
PARAMETERS = st.dictionaries(st.text(max_size=5), st.one_of(st.text(max_size=5), st.integers(), st.floats(), st.none()))


@settings(max_examples=150)
@given(ANYTHING, PARAMETERS, st.sampled_from([None, NOW, datetime.min.replace(tzinfo=UTC), datetime.max, "now"]))
def test_whatever_comes_in_ends_in_an_answer_or_a_clear_error(
    catalog: Catalog, rule: Any, parameters: Any, now: Any
) -> None:
    for ask in (
        lambda: segql.compile(rule, catalog, now=now, parameters=parameters),
        lambda: segql.check(rule, catalog, now=now),
        lambda: segql.describe(rule, catalog, now=now),
        lambda: segql.evaluate(rule, catalog, SHOP, now=now),
        lambda: segql.format(rule),
        lambda: segql.complete(rule, len(rule), catalog) if isinstance(rule, str) else None,
        lambda: segql.segments_from(rule),
        lambda: segql.catalog_from_yaml(rule),
    ):
        try:
            ask()
        except (SegQLError, WarehouseError):
            pass
        except (TypeError, ValueError) as error:
            assert str(error).startswith("`"), repr(error)  # noqa: PT017


def test_rules_are_joined_and_denied_as_trees(catalog: Catalog) -> None:
    one, other = "vip -- and", "placed order or vip"
    assert segql.both(one, other) == segql.parse("vip and (placed order or vip)")
    assert segql.negated(other) == segql.parse("not (placed order or vip)")
    assert [segql.format(segql.either(*rules)) for rules in ((), ("vip",), ("vip", "placed order"))] == [
        "no one", "vip", "vip or placed order"
    ]  # fmt: skip
    with pytest.raises(SegQLError) as error:
        segql.either("vip and", "in 3d")
    assert len(error.value.problems) == 2
    said = segql.check_definitions("segment A = placd order\nsegment B = vip vip vip\nsegment A = (", catalog, now=NOW)
    assert [problem.line for problem in said] == [1, 2, 3]
    assert segql.check_definitions("segment A = placed order", catalog, now=NOW) == []


def test_what_is_compiled_shows_itself(catalog: Catalog) -> None:
    done = segql.compile('country is "<b>" and placed order in 30d', catalog, now=NOW)
    assert repr(done).startswith(
        "<Compiled 'country is \"<b>\" and placed order in 30d', duckdb, now 2026-03-01T12:00:00Z, "
    )
    assert "SELECT" not in repr(done)
    shown = done._repr_html_()
    assert "&lt;b&gt;" in shown
    assert "<b>" not in shown
    assert "SELECT" in shown


def test_what_is_compiled_says_its_columns_its_words_and_its_windows(catalog: Catalog) -> None:
    now, segments = datetime(2026, 11, 22, 10, tzinfo=UTC), segql.segments_from('segment "S" = opened email in 3d')
    done = segql.compile(
        'placed order and (in segment "S" or last placed order in 5d)', catalog, now=now, segments=segments
    )
    assert len(done.columns) == 1
    assert done.english == segql.describe(done.text, catalog, now=now, segments=segments)
    ends = {text: ((now - one.start).days if one.start else None, one.end) for text, one in done.windows}
    assert ends == {"opened email in 3d": (3, now), "last placed order in 5d": (5, now)}
    prepared = segql.prepare("opened email in 3d", catalog)
    for step in range(4):
        again = prepared.at(now + timedelta(hours=step))
        assert again == segql.compile("opened email in 3d", catalog, now=now + timedelta(hours=step))
        assert again.columns


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("PostgreSQL", "postgres"), ("pg", "postgres"), (" DuckDB ", "duckdb"), ("sqlite3", "sqlite"),
        ("pyspark", "spark"), ("googlesql", "bigquery"), ("MariaDB", "mariadb"),
    ],
)  # fmt: skip
def test_a_dialect_goes_by_the_names_of_its_drivers(said: str, name: str) -> None:
    from segql.dialects import dialect

    assert dialect(said).name == name


@pytest.mark.parametrize(
    ("said", "near"), [("postgre", "postgres"), ("snowflaek", "snowflake"), ("sqlserver", ""), ("x" * 99, "")]
)
def test_an_unknown_dialect_is_told_what_it_may_have_meant(said: str, near: str, catalog: Catalog) -> None:
    with pytest.raises(ValueError, match="unknown dialect") as error:
        segql.compile("vip", catalog, dialect=said)
    assert (f"did you mean {near}?" in str(error.value)) == bool(near)
    assert "known are bigquery, " in str(error.value)
    assert len(str(error.value)) < 220


def test_a_catalog_may_be_limited(catalog: Catalog) -> None:
    with pytest.raises(SegQLError, match="too-many-conditions"):
        segql.compile("vip and placed order and opened email", catalog.limited(2))
    assert catalog.limited(3) != catalog
    for odd in ("3", 1.5, 0):
        with pytest.raises((TypeError, ValueError), match="`largest_rule`"):
            catalog.limited(odd)  # type: ignore[arg-type]
