"""Every table of the warehouse in a statement stands under the tenant's value, in each dialect: seen in the SQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

import segql
from segql import emitter
from segql.catalog import Catalog, catalog_from_yaml
from segql.catalog.model import Tenant
from segql.catalog.sql import register_mariadb
from segql.dialects import DIALECTS
from segql.errors import SegQLError

from ..case_files import read_case
from ..meaning.test_cases import CASES, now_of

VALUE = "shop-of-mine"
NAMES = tuple(DIALECTS)


def uncovered(sql: str, dialect: str, column: str = "shop_id", value: str = VALUE) -> list[str]:
    """The tables of a statement that are read without the predicate beside them; none where all is well."""
    if dialect == "mariadb":
        register_mariadb()
    tree = sqlglot.parse_one(sql, dialect=dialect)
    made = {one.alias for one in tree.find_all(exp.CTE)}
    return [
        table.sql()
        for table in tree.find_all(exp.Table)
        if isinstance(table.this, exp.Identifier) and (table.args.get("db") or table.name not in made)
        if not any(_is_it(one, table.alias_or_name, column, value) for one in _beside(table))
    ]


def _beside(table: exp.Table) -> Iterator[exp.Expr]:
    """The conditions that a row of the table has to fulfil to be seen."""
    above = table.parent
    assert above is not None
    within = above.args.get("on") if isinstance(above, exp.Join) else above.parent and above.parent.args.get("where")
    waiting = [within]
    while waiting:
        match waiting.pop():
            case exp.And(this=left, expression=right):
                waiting += [left, right]
            case exp.Where(this=inner) | exp.Paren(this=inner):
                waiting.append(inner)
            case exp.Expr() as one:
                yield one


def _is_it(condition: exp.Expr, name: str, column: str, value: str) -> bool:
    if isinstance(condition, exp.Boolean):
        return not condition.this
    if not isinstance(condition, exp.EQ):
        return False
    literal = condition.expression.this if isinstance(condition.expression, exp.Collate) else condition.expression
    known = condition.this
    return (
        isinstance(known, exp.Column)
        and (known.table.lower(), known.name) == (name.lower(), column)
        and isinstance(literal, exp.Literal)
        and literal.this == value
    )


@pytest.fixture(scope="module")
def mine(catalog: Catalog) -> Catalog:
    return catalog.model_copy(update={"tenant": Tenant(column="shop_id")}).narrowed(VALUE)


@pytest.mark.parametrize(
    "path",
    [pytest.param(path, marks=() if at % 8 == 0 else pytest.mark.long) for at, path in enumerate(CASES)],
    ids=lambda path: f"{path.parent.name}/{path.stem}",
)
def test_each_case(path: Path, mine: Catalog) -> None:
    """In one dialect after the other: of all cases each dialect gets its share."""
    case, place = read_case(path), CASES.index(path)
    dialect = NAMES[place // 8 % len(NAMES)]
    segments = segql.segments_from(case.sections.get("segments", ""))
    try:
        sql = segql.compile(case.sections["rule"], mine, dialect=dialect, now=now_of(case), segments=segments).sql
    except SegQLError as error:
        pytest.skip(str(error).partition("\n")[0])
    assert not uncovered(sql, dialect), sql


def test_many_rules_at_once(mine: Catalog) -> None:
    rules = {
        "a": 'placed order in 30d where any item (brand is "x")', "b": "can receive sms and never clicked email in 30d",
        "c": "in list Newsletter or total spent > 3", "d": "top 3 by total spent", "e": "within 5 km of any store",
    }  # fmt: skip
    for dialect in ("duckdb", "postgres", "sqlite"):
        sql = segql.compile_many(rules, mine, dialect=dialect).sql
        assert not uncovered(sql, dialect), sql


def test_the_check_sees_what_is_uncovered() -> None:
    assert uncovered("SELECT 1 FROM orders AS o WHERE o.shop_id = 'shop-of-mine' OR TRUE", "duckdb")
    assert uncovered("SELECT 1 FROM a LEFT JOIN b ON a.x = b.x WHERE a.shop_id = 'shop-of-mine'", "duckdb") == ["b"]
    assert uncovered("WITH a AS (SELECT 1 FROM x.a) SELECT 1 FROM a", "duckdb") == ["x.a"]


def under(query: str, dialect: str = "duckdb") -> str:
    """A query of the catalog as it stands in a statement, in one line."""
    catalog = catalog_from_yaml(f"""
sql dialect: {dialect}
tenant: {{column: shop_id, shared: [products], columns: {{log: account}}}}
profiles: {{table: products, key: id}}
lists: {{l: {{query: {query!r}, profile: p}}, m: {{table: log, profile: p}}}}
""")
    sql = segql.compile("in list l", catalog, dialect=dialect, tenant=VALUE).sql
    inner = sqlglot.parse_one(sql, dialect=dialect).find(exp.Subquery)
    assert inner is not None
    return str(inner.this.sql(dialect))


IS = "shop_id = 'shop-of-mine'"


@pytest.mark.parametrize(("query", "becomes"), [
    ("SELECT p FROM orders", f"SELECT p FROM orders WHERE orders.{IS}"),
    ("SELECT p FROM log", "SELECT p FROM log WHERE log.account = 'shop-of-mine'"),
    ("SELECT p FROM products", "SELECT p FROM products"),
    ("SELECT p FROM orders o WHERE o.a OR o.b", f"SELECT p FROM orders AS o WHERE o.{IS} AND (o.a OR o.b)"),
    ("SELECT p FROM s.orders GROUP BY p", f"SELECT p FROM s.orders WHERE orders.{IS} GROUP BY p"),
    ("SELECT p FROM a LEFT JOIN b ON a.x = b.x",
     f"SELECT p FROM a LEFT JOIN b ON a.x = b.x AND b.{IS} WHERE a.{IS}"),
    ("SELECT p FROM a FULL JOIN b ON a.x = b.x",
     f"SELECT p FROM (SELECT * FROM a AS whose WHERE whose.{IS}) AS a"
     f" FULL JOIN (SELECT * FROM b AS whose WHERE whose.{IS}) AS b ON a.x = b.x"),
    ("SELECT p FROM a RIGHT JOIN products AS b ON a.x = b.x",
     f"SELECT p FROM (SELECT * FROM a AS whose WHERE whose.{IS}) AS a RIGHT JOIN products AS b ON a.x = b.x"),
    ("SELECT p FROM a, b", f"SELECT p FROM a, (SELECT * FROM b AS whose WHERE whose.{IS}) AS b WHERE a.{IS}"),
    ("SELECT p FROM a JOIN b USING (x)",
     f"SELECT p FROM a JOIN (SELECT * FROM b AS whose WHERE whose.{IS}) AS b USING (x) WHERE a.{IS}"),
    ("SELECT p FROM a AS t(p, q)", f"SELECT p FROM (SELECT * FROM a AS whose WHERE whose.{IS}) AS t(p, q)"),
    ("SELECT p FROM a UNION ALL SELECT p FROM b",
     f"SELECT p FROM a WHERE a.{IS} UNION ALL SELECT p FROM b WHERE b.{IS}"),
    ("SELECT p FROM a WHERE EXISTS(SELECT 1 FROM b WHERE b.x = a.x)",
     f"SELECT p FROM a WHERE a.{IS} AND EXISTS(SELECT 1 FROM b WHERE b.{IS} AND b.x = a.x)"),
    ("SELECT (SELECT MAX(x) FROM b) AS p", f"SELECT (SELECT MAX(x) FROM b WHERE b.{IS}) AS p"),
    # The table within a query of its name is a table, and the one behind it is the query.
    ("WITH a AS (SELECT p FROM a) SELECT p FROM a", f"WITH a AS (SELECT p FROM a WHERE a.{IS}) SELECT p FROM a"),
    ("WITH a AS (SELECT p FROM s.a) SELECT p FROM s.a",
     f"WITH a AS (SELECT p FROM s.a WHERE a.{IS}) SELECT p FROM s.a WHERE a.{IS}"),
    ("WITH b AS (SELECT p FROM c), c AS (SELECT p FROM b) SELECT p FROM c",
     f"WITH b AS (SELECT p FROM c WHERE c.{IS}), c AS (SELECT p FROM b) SELECT p FROM c"),
    ("SELECT p FROM (WITH a AS (SELECT p FROM b) SELECT p FROM a) AS x JOIN a ON TRUE",
     f"SELECT p FROM (WITH a AS (SELECT p FROM b WHERE b.{IS}) SELECT p FROM a) AS x JOIN a ON a.{IS}"),
    ('WITH "A" AS (SELECT p FROM b) SELECT p FROM A',
     f'WITH "A" AS (SELECT p FROM b WHERE b.{IS}) SELECT p FROM A WHERE A.{IS}'),
    ("WITH RECURSIVE a AS (SELECT p FROM b UNION ALL SELECT p FROM a) SELECT p FROM a",
     f"WITH RECURSIVE a AS (SELECT p FROM b WHERE b.{IS} UNION ALL SELECT p FROM a) SELECT p FROM a"),
    ("SELECT p FROM READ_CSV('x.csv')", f"SELECT p FROM (SELECT * FROM READ_CSV('x.csv') AS whose WHERE whose.{IS})"),
    ("SELECT p FROM a, UNNEST(a.x) AS u(p)", f"SELECT p FROM a JOIN UNNEST(a.x) AS u(p) ON TRUE WHERE a.{IS}"),
])  # fmt: skip
def test_tables_of_a_query(query: str, becomes: str) -> None:
    found = sqlglot.parse_one(under(query), dialect="duckdb")
    assert found == sqlglot.parse_one(becomes, dialect="duckdb"), found.sql("duckdb")


def test_nothing_is_written_without_a_tenant(catalog: Catalog) -> None:
    of_tenants = catalog.model_copy(update={"tenant": Tenant(column="shop_id")})
    now = datetime(2026, 1, 1, tzinfo=UTC)
    for write in (
        lambda: segql.compile("everyone", of_tenants),
        lambda: segql.compile("everyone", of_tenants, bind="qmark"),
        lambda: segql.compile("everyone", of_tenants, live=True),
        lambda: segql.compile_many({"a": "everyone"}, of_tenants),
        lambda: segql.prepare("everyone", of_tenants).at(now),
        lambda: segql.explain("everyone", of_tenants),
        lambda: segql.evaluate("everyone", of_tenants, segql.Shop([{"key": "a", "tenant": "x"}])),
        lambda: emitter.sql_text(exp.Select(), of_tenants),
    ):
        with pytest.raises(SegQLError, match="missing-tenant"):
            write()


def test_tenants_are_told_apart(catalog: Catalog) -> None:
    """No two catalogs are equal that are narrowed to others; what is prepared for one says nothing of the other."""
    of_tenants = catalog.model_copy(update={"tenant": Tenant(column="shop_id")})
    one, other = of_tenants.narrowed("one"), of_tenants.narrowed("other")
    assert one == of_tenants.narrowed("one")
    assert one not in (of_tenants, other, catalog)
    now = datetime(2026, 1, 1, tzinfo=UTC)
    for mine, name in ((one, "one"), (other, "other"), (one, "one")):
        prepared = segql.prepare("placed order in 30d", mine)
        for at in (now, datetime(2026, 1, 2, tzinfo=UTC), now):
            sql = prepared.at(at).sql
            assert sql.count(f"shop_id = '{name}'") == 2
            assert sql == segql.compile("placed order in 30d", of_tenants, now=at, tenant=name).sql
    with pytest.raises(SegQLError, match="narrowed to another"):
        one.narrowed("other")
    assert one.narrowed("one") == one
    with pytest.raises(SegQLError, match="has no tenants"):
        segql.compile("everyone", catalog, tenant="x")
    for wrong in (None, 1.0, True, b"x"):
        with pytest.raises(TypeError, match="`tenant`"):
            of_tenants.narrowed(wrong)  # type: ignore[arg-type]


def test_the_value_is_bound(catalog: Catalog) -> None:
    of_tenants = catalog.model_copy(update={"tenant": Tenant(column="shop_id", type="integer")})
    found = [segql.compile("placed order in 30d", of_tenants, bind="qmark", tenant=one) for one in (1, -7)]
    assert "shop_id = ?" in found[0].sql
    assert found[0].sql == found[1].sql
    assert [[*one.parameters].count(value) for one, value in zip(found, (1, -7), strict=True)] == [2, 2]


def test_a_column_of_the_tenants_hides_no_alias() -> None:
    catalog = catalog_from_yaml("""
tenant: profile
profiles: {table: people, key: id}
events: {bought: {table: orders, profile: who, time: at}}
""")
    sql = segql.compile("bought in 3d", catalog, tenant="x").sql
    assert "FROM people AS this_profile" in sql
    assert "this_profile.profile = 'x'" in sql
