"""Bind parameters: the statement with them finds the members that the statement with literals finds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import segql
from segql import catalog_from_yaml
from segql.catalog import Catalog
from segql.dialects import DIALECTS
from segql.emitter.binding import Style
from segql.errors import SegQLError

from ..case_files import read_case
from ..engines import started
from ..meaning.test_cases import SOME, now_of, shop_of

STYLES: dict[str, Style] = {"duckdb": "qmark", "postgres": "pyformat"}
"""Of the engines with a driver that takes parameters, its own style."""


@pytest.fixture(scope="module", params=STYLES)
def taking(request: pytest.FixtureRequest) -> Iterator[Any]:
    yield from started(request.param)


@pytest.mark.parametrize("path", SOME, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_members_are_the_same(path: Path, taking: Any, catalog: Catalog) -> None:
    case, shop = read_case(path), shop_of(path)
    now, segments = now_of(case), segql.segments_from(case.sections.get("segments", ""))
    rule = case.sections["rule"]
    try:
        done = segql.compile(
            rule, catalog, dialect=taking.dialect, bind=STYLES[taking.dialect], now=now, segments=segments
        )
    except SegQLError as error:
        pytest.skip(str(error).split("\n", 1)[0])  # what the dialect lacks is told by its own tests
    taking.load(shop)
    connection = taking._connection
    try:
        found = {key for (key,) in connection.execute(done.sql, done.parameters).fetchall()}
    finally:
        connection.rollback() if taking.dialect == "postgres" else None
    assert found == segql.evaluate(rule, catalog, shop, now=now, segments=segments), f"{done.sql}\n{done.parameters}"


# --- what is a parameter, and how it is written ----------------------------------------------------------------------

CATALOG = catalog_from_yaml("""
profiles:
  table: people
  key: id
  properties: {country: text, born: date, "100%": text, score: {type: number, scale: 1}, vip: boolean}
events:
  bought: {table: orders, profile: person, time: at, name column: kind, name: Bought, properties: {total: money}}
""")
NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
RULE = """country in ("NL", "10%") and score > 1.5 and born is 2000-01-31 and vip is true
  and bought at least 3 times in 30d where total > $10"""


def test_each_value_keeps_its_type() -> None:
    done = segql.compile(RULE, CATALOG, now=NOW, bind="qmark")
    assert isinstance(done.parameters, tuple)
    assert done.sql.count("?") == len(done.parameters)
    assert {"NL", "10%", Decimal("1.5"), date(2000, 1, 31), 3, Decimal(10)} <= set(done.parameters)
    assert {type(value) for value in done.parameters} == {str, Decimal, date, datetime, int}
    assert all(value.tzinfo is UTC for value in done.parameters if isinstance(value, datetime))
    body = re.sub(r"^--.*\n", "", done.sql, flags=re.MULTILINE)
    assert "'" not in body


def test_the_text_outlives_changes_of_clocks() -> None:
    """Known offsets would stand in it: as many as clocks change in the window."""
    catalog = CATALOG.model_copy(update={"timezone": "Europe/Amsterdam"})
    texts = {
        segql.compile(
            "bought in 90d on at least 2 different days", catalog, now=NOW + n * timedelta(weeks=5), bind="qmark"
        ).sql
        for n in range(11)
    }
    assert len(texts) == 1


def test_without_bind_there_are_none() -> None:
    assert segql.compile(RULE, CATALOG, now=NOW).parameters == ()


@pytest.mark.parametrize(
    ("style", "dialect", "first"),
    [
        ("qmark", "duckdb", "?"), ("numeric", "duckdb", "$1"), ("numeric", "postgres", "$1"),
        ("format", "postgres", "%s"),
        ("pyformat", "postgres", "%(p1)s"), ("named", "postgres", ":p1"), ("named", "duckdb", "$p1"),
        ("named", "bigquery", "@p1"),
    ],
)  # fmt: skip
def test_styles(style: Any, dialect: str, first: str) -> None:
    done = segql.compile('country is "NL"', CATALOG, dialect=dialect, now=NOW, bind=style)
    assert f"country = {first}" in done.sql
    assert done.parameters == ({"p1": "NL"} if isinstance(done.parameters, Mapping) else ("NL",))


def test_an_unknown_style() -> None:
    with pytest.raises(ValueError, match="qmark, numeric, named, format, pyformat"):
        segql.compile("vip", CATALOG, now=NOW, bind="other")  # type: ignore[arg-type]  # what is not one


@pytest.mark.parametrize("style", ["format", "pyformat"])
def test_percent_signs_that_are_no_parameters_are_doubled(style: Any) -> None:
    done = segql.compile('"100%" is "5%"', CATALOG, now=NOW, bind=style)
    said = {"p1": "?"} if style == "pyformat" else ("?",)
    assert done.sql % said == segql.compile('"100%" is "5%"', CATALOG, now=NOW, bind="qmark").sql


@pytest.mark.parametrize(
    "value", ["value0_", "valuevalue0_value_", "?", "%s", "%(p1)s", "$1", ":p1", "'", "--", "\\", "$$", "é\u2028"]
)
@pytest.mark.parametrize("style", ["qmark", "numeric", "named", "format", "pyformat"])
def test_no_value_is_taken_for_a_parameter(value: str, style: Any) -> None:
    done = segql.compile(f'country is "x" or "100%" is "{value}"', CATALOG, now=NOW, bind=style)
    values = done.parameters.values() if isinstance(done.parameters, Mapping) else done.parameters
    assert list(values) == ["x", value]


@pytest.mark.parametrize("dialect", [name for name, one in DIALECTS.items() if one.translates])
def test_the_text_tells_nothing_of_the_values(dialect: str) -> None:
    """Its text is that of another customer's rule and of another day's: one plan, one entry of a cache, no leak."""
    rule = 'country contains "{}" and bought at least {} times in 30d and score > {}'
    one, two = (
        segql.compile(rule.format(*said), CATALOG, dialect=dialect, now=now, bind="qmark")
        for said, now in ((("Wow", 3, 10), NOW), (("Zyx%", 4, 11), NOW + timedelta(days=1)))
    )
    assert one.sql == two.sql
    assert one.parameters != two.parameters


@pytest.mark.parametrize("dialect", [name for name, one in DIALECTS.items() if one.binds and not one.translates])
def test_letters_that_are_replaced_one_by_one_stay(dialect: str) -> None:
    done = segql.compile('country contains "xy"', CATALOG, dialect=dialect, now=NOW, bind="qmark")
    assert done.parameters == ("xy",)
    assert "'X'" in done.sql or "'XY'" in done.sql


def test_sqlite_takes_none() -> None:
    with pytest.raises(ValueError, match="`bind`"):
        segql.compile("vip", CATALOG, dialect="sqlite", now=NOW, bind="qmark")


def test_what_a_select_groups_by_stays() -> None:
    """Two parameters are never known to be equal, and a grouped SELECT needs to know it."""
    from sqlglot import exp

    from segql.emitter import bound_text
    from segql.emitter import nodes as n

    def name() -> exp.Expr:
        return n.case(n.compare(n.column("t", "a"), "=", n.text("x")), n.text("yes"), n.text("no"))

    total = exp.Sum(this=n.case(n.compare(n.column("t", "b"), "=", n.text("y")), n.column("t", "c")))
    tree = n.select([name(), total], n.aliased(n.table("rows_"), "t"), group=[name()])
    sql, values = bound_text(tree, None, "qmark")
    assert values == ("y",)
    assert sql.count("'yes'") == 2
