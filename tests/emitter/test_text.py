"""The text of the SQL: comments, literals and names that cannot break out, and other dialects."""

from __future__ import annotations

from importlib.metadata import version
from random import Random

import duckdb
import pytest
import sqlglot
from sqlglot import exp

from segql import compile as compile_rule
from segql import emitter, planner
from segql.catalog import Catalog, load_catalog
from segql.conditions import (
    All,
    Field,
    FieldComparison,
    FieldLike,
    Occurs,
    Type,
)
from segql.demo import NOW as DEMO_NOW
from segql.demo import shop_folder
from segql.dialects import DIALECTS, NotInDialect
from segql.emitter import nodes
from segql.emitter.opposites import opposite

from ..chance.bound_trees import Drawing
from ..worlds import shops
from ..worlds.small_shop import CATALOG, COUNTRY, TABLES, ago, of, text, tree

HOSTILE = "a\nDROP TABLE customers;\r\n\u2028x\u2029y\x85z\x0b\x0c\x00 */ -- end"


def test_a_header_stays_in_its_comment() -> None:
    sql = emitter.sql_text(tree(All(()), CATALOG), CATALOG, "duckdb", HOSTILE)
    before, after = sql.split("SELECT", 1)
    for line in before.splitlines():
        assert line.startswith("--")
    assert "customer_id" in after
    assert len(sqlglot.parse(sql, dialect="duckdb")) == 1
    duckdb.connect().execute(TABLES + sql)


def test_values_are_literals() -> None:
    nasty = ["it's", "'; DROP TABLE customers; --", "a\\'b", 'say "hi"', "a\nb", "a\0b", "__SQLGLOT__LB__", "\0", "",
             "🎁", "${x}", "%s", "{{x}}", "?", ":a", "$1"]  # fmt: skip
    for index, value in enumerate(nasty):
        rule = FieldComparison(COUNTRY, "=", value)
        others = [other for other in nasty if other != value]
        connection = duckdb.connect(config={"threads": 1})
        connection.execute(TABLES)
        connection.execute("INSERT INTO customers (customer_id, country) SELECT 1, ?", [value])
        connection.execute("INSERT INTO customers (customer_id, country) SELECT 2, unnest(?)", [others])
        sql = text(rule, CATALOG)
        assert connection.execute(sql).fetchall() == [(1,)], (index, sql)
        like = FieldLike(COUNTRY, "contains", value)
        found = connection.execute(text(like, CATALOG)).fetchall()
        assert len(found) == 1 + sum(value.lower() in other.lower() for other in others), (value, found)


def test_names_are_quoted_where_needed() -> None:
    catalog = Catalog.model_validate({
        "profiles": {"table": 'my "db".Order', "key": "Select", "properties": {"x": {"column": 'a"b; --'}}},
        "events": {"order": {"table": "group", "profile": "from", "time": "when"}},
    })  # fmt: skip
    rule = All((
        FieldComparison(Field("profile", "x", Type.TEXT), "=", "1"), Occurs(of("order"), 2, None),
        Occurs(of("order"), 1, None),
    ))  # fmt: skip
    found = duckdb.connect().execute(
        'CREATE SCHEMA "my ""db"""; CREATE TABLE "my ""db"""."Order" ("Select" INTEGER, "a""b; --" VARCHAR);'
        'CREATE TABLE "group" ("from" INTEGER, "when" TIMESTAMPTZ);'
        'INSERT INTO "my ""db"""."Order" VALUES (1, 1), (2, 1);'
        f'INSERT INTO "group" VALUES (1, {ago(1)}), (1, {ago(2)}), (2, {ago(1)}); ' + text(rule, catalog)
    )
    assert found.description[0][0] == "Select"
    assert found.fetchall() == [(1,)]


def test_a_struct_column_called_profile_is_not_taken_for_the_profiles() -> None:
    catalog = Catalog.model_validate({
        "profiles": {"table": "people", "key": "id"},
        "events": {
            "hit": {"table": "hits", "profile": "who", "time": "ts", "properties": {"other": {"sql": "profile.id"}}}
        },
    })  # fmt: skip
    connection = duckdb.connect(config={"threads": 1})
    connection.execute("CREATE TABLE people (id VARCHAR); INSERT INTO people VALUES ('1'), ('2')")
    connection.execute("CREATE TABLE hits (who VARCHAR, profile STRUCT(id VARCHAR), ts TIMESTAMPTZ)")
    connection.execute(f"INSERT INTO hits VALUES ('1', {{id: '1'}}, {ago(1)})")
    where = FieldComparison(Field("event", "other", Type.TEXT), "=", "1")
    assert connection.execute(text(Occurs(of("hit", where=where), 1, None), catalog)).fetchall() == [("1",)]


@pytest.mark.parametrize("dialect", [name for name, one in DIALECTS.items() if one.proof != "executed"])
def test_other_dialects_are_at_least_well_formed(dialect: str) -> None:
    catalog = load_catalog(shops.CATALOG)
    for seed in range(25):
        rule = Drawing(Random(seed), shops.NOWS[0]).rule()
        try:
            tree = emitter.emit(planner.plan(rule, catalog, shops.NOWS[0]), catalog, dialect)
            sql = emitter.sql_text(tree, None, dialect, "x")
        except NotInDialect:
            continue
        (parsed,) = sqlglot.parse(sql, dialect=dialect)
        assert isinstance(parsed, exp.Select)


def test_an_argument_that_the_installed_sqlglot_does_not_know_is_refused() -> None:
    missing = exp.Is(this=exp.column("country"), expression=exp.Null(), opposed=True)
    tree = exp.Select(expressions=[exp.true()], where=exp.Where(this=missing))
    assert tree.sql() == "SELECT TRUE WHERE country IS NULL"
    with pytest.raises(RuntimeError, match=rf"sqlglot {version('sqlglot')} does not know `opposed` of `Is`"):
        emitter.sql_text(tree, None)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_whether_a_value_is_there_and_its_opposite(dialect: str) -> None:
    condition: exp.Expr = nodes.is_null(exp.column("x"))
    for said in ("x IS NOT NULL", "x IS NULL", "x IS NOT NULL"):
        condition = opposite(condition)
        assert condition.sql(dialect) == said


@pytest.mark.parametrize("said", ["x IS NULL", "x IS NOT NULL", "x IS TRUE", "x IS NOT TRUE", "x IS JSON"])
def test_the_opposite_of_what_a_catalog_says(said: str) -> None:
    condition = opposite(sqlglot.parse_one(said, dialect="duckdb")).sql("duckdb")
    rows = "(VALUES ('true'), ('false'), (NULL)) AS t(x)"
    if "JSON" in said:  # of nothing it is NULL
        assert condition == "NOT COALESCE(x IS JSON, FALSE)"
        return
    typed = f"SELECT CAST(x AS BOOLEAN) AS x FROM {rows}"
    both = duckdb.connect().execute(f"SELECT {said}, {condition} FROM ({typed})").fetchall()
    assert all(one is not other for one, other in both)


def test_an_unknown_dialect() -> None:
    with pytest.raises(ValueError, match=f"unknown dialect 'klingon'; known are {', '.join(sorted(DIALECTS))}"):
        tree(All(()), CATALOG, "klingon")


@pytest.mark.parametrize("dialect", sorted(DIALECTS))
def test_each_query_names_the_key_that_it_is_joined_by(dialect: str) -> None:
    """Also where a dialect moves what a SELECT gives into another one around it."""
    catalog = load_catalog(str(shop_folder() / "catalog.yaml"))
    several = "any of (placed order, refunded order)"
    measures = ["days since last placed order", f"days since last {several}", "days between placed order"]
    measures += [f"{kind} {of}" for kind in ("median of total of", "total of last") for of in ("placed order", several)]
    for measure in measures:
        sql = compile_rule(f"{measure} > days since first placed order", catalog, now=DEMO_NOW, dialect=dialect).sql
        for query in sqlglot.parse_one(sql, dialect=dialect).find_all(exp.CTE):
            if query.alias.endswith("totals"):
                assert "customer_id" in query.this.named_selects, sql


@pytest.mark.parametrize(
    "rule",
    [
        'not tags include "x"', 'tags include all containing "x"', 'placed order where labels include "x"',
        'sum of total of placed order where labels include "x" > 10 and number of placed order > 1',
        'days since last placed order >= 3 and first "placed order" has labels is empty',
    ],
)  # fmt: skip
def test_mysql_reads_elements_where_it_can(rule: str, catalog: Catalog) -> None:
    """By EXISTS it takes those of one row for all, and within what it aggregates by groups it reads none."""
    found = sqlglot.parse_one(compile_rule(rule, catalog, dialect="mysql").sql, dialect="mysql")
    assert any(found.find_all(exp.JSONTable))
    for elements in found.find_all(exp.JSONTable):
        select = elements.parent_select
        assert select is not None
        assert not isinstance(select.parent, exp.Exists)
        above = select.find_ancestor(exp.AggFunc, exp.Select)
        around = above.parent_select if isinstance(above, exp.AggFunc) else None
        assert around is None or not around.args.get("group")
