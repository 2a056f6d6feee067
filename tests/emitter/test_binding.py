"""Bind parameters: the statement with them finds the members that the statement with literals finds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest

import segql
from segql import catalog_from_yaml
from segql.catalog import Catalog
from segql.dialects import DIALECTS
from segql.emitter.binding import Style
from segql.errors import SegQLError

from ..case_files import read_case
from ..chance import pairs
from ..engines import started
from ..meaning.test_cases import SOME, now_of, shop_of

STYLES: dict[str, Style] = {"duckdb": "qmark", "postgres": "pyformat"}
"""Of the engines with a driver that takes parameters, its own style."""


@pytest.fixture(scope="module", params=STYLES)
def taking(request: pytest.FixtureRequest) -> Iterator[Any]:
    yield from started(request.param)


@pytest.mark.sampled
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
    taking.fill(done.sql)
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


BINDING = [name for name, one in DIALECTS.items() if one.binds]
HOURS = (0, 1, 26, 9 * 24, 40 * 24)


def text_at(rule: str, dialect: str, now: datetime) -> str:
    return segql.compile(rule, pairs.CATALOG, dialect=dialect, now=now, segments=pairs.SEGMENTS, bind="qmark").sql


@pytest.mark.parametrize("seed", [0, *(pytest.param(one, marks=pytest.mark.long) for one in range(1, 40))])
def test_a_random_rule_has_one_text_where_its_bounds_have_one_order(seed: int) -> None:
    """A prepared rule knows at which instants nothing but the bounds is another, and when more is."""
    random = Random(seed)
    now, _, rules = pairs.example(random)
    same = asked = 0
    for rule in rules[:6] if seed == 0 else rules:
        dialect = random.choice(BINDING)
        try:
            prepared = segql.prepare(rule, pairs.CATALOG, dialect=dialect, segments=pairs.SEGMENTS)
            prepared.at(now)
            texts = {hours: text_at(rule, dialect, now + timedelta(hours=hours)) for hours in HOURS}
        except SegQLError:
            continue
        asked += len(texts)
        same += sum(text == texts[0] for text in texts.values())
        for form in prepared.forms.kept:
            for hours, text in texts.items():
                if form.track.at(now + timedelta(hours=hours)) is not None:
                    assert text == texts[0], (rule, dialect, now, hours)
    assert same > 0.8 * asked


@pytest.mark.long
@pytest.mark.parametrize("seed", range(4))
def test_random_rules_find_the_same_members(seed: int, taking: Any) -> None:
    now, shop, rules = pairs.example(Random(seed))
    taking.load(shop)
    for rule in rules:
        try:
            done = segql.compile(
                rule, pairs.CATALOG, dialect=taking.dialect, now=now, segments=pairs.SEGMENTS,
                bind=STYLES[taking.dialect],
            )  # fmt: skip
        except SegQLError:
            continue
        taking.fill(done.sql)
        found = {key for (key,) in taking._connection.execute(done.sql, done.parameters).fetchall()}
        assert found == segql.evaluate(rule, pairs.CATALOG, shop, now=now, segments=pairs.SEGMENTS), rule


LIKE = [
    ('country in ("{}", "{}")', ("NL", "BE"), ("FR", "DEU")),
    ('country starts with "{}" or country ends with "{}"', ("ab", "c"), ("xyzzy", "hk")),
    ('country matches "*{}*"', ("a",), ("bcd",)),
    ("born after {} and score between {} and {}", ("2000-01-31", "1.5", "3"), ("1985-12-01", "2.25", "40")),
    ("born before {}", ("10 years ago",), ("33 years ago",)),
    ("anniversary of born in the next {}", ("7 days",), ("40 days",)),
    ("month of born is {}", ("2",), ("11",)),
    ("bought exactly {} times in {}", ("3", "30d"), ("7", "2mo")),
    ("last bought more than {} ago", ("30d",), ("9 weeks",)),
    ("days since last bought > {}", ("30",), ("91",)),
    ("sum of total of bought in {} > {}", ("90d", "100"), ("5d", "2500.50")),
    ("total of last bought > {}", ("10",), ("99.5",)),
    ('in segment "Dutch" (land = "{}") and score > the average of segment "Dutch" (land = "{}")', ("NL", "BE"),
     ("FR", "DE")),
    ("bought then bought where total > {} within {}", ("1", "3d"), ("50", "12h")),
    ("average of total of bought > {} x the average", ("1.5",), ("2.5",)),
]  # fmt: skip
DUTCH = segql.segments_from('segment "Dutch" (land = "NL") = country is land')


@pytest.mark.parametrize("dialect", BINDING)
def test_rules_that_differ_in_values_alone_have_one_text(dialect: str) -> None:
    """Other values and another day: one plan, one entry of a cache, and nothing in the text tells whom it is about."""
    for rule, *said in LIKE:
        if not DIALECTS[dialect].translates and ("starts" in rule or "matches" in rule):
            continue  # letters that are replaced one by one stay
        one, two = (
            segql.compile(rule.format(*values), CATALOG, dialect=dialect, now=now, bind="qmark", segments=DUTCH)
            for values, now in zip(said, (NOW, NOW + timedelta(days=17, seconds=5)), strict=True)
        )
        assert one.sql == two.sql, rule
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
