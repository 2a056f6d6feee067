"""`segql catalog init` as a new user has it: a file that fits the warehouse, and segments that count at once."""

from __future__ import annotations

import io
from contextlib import redirect_stderr
from pathlib import Path
from typing import Any, NoReturn

import duckdb
import pytest

from segql import load_catalog
from segql.catalog import Catalog
from segql.files import write
from segql.warehouse.duckdb import DuckDB

from ..cli.command_line import answer, segql
from . import shops


def init(place: str, folder: Path, *words: str) -> tuple[Catalog, str]:
    """The catalog that is proposed, with its text; it fits, and each segment beside it counts."""
    file = folder / "catalog.yaml"
    done = segql("catalog", "init", place, "-o", str(file), *words)
    assert "error" not in done.stderr
    found = ("--catalog", str(file), "--warehouse", place)
    assert not [p for p in answer("catalog", "check", *found)["problems"] if p["severity"] != "hint"]
    counted = answer("count", *found, "--segments", str(folder / "starter.segql"), "--now", "2026-03-01T00:00Z")
    assert counted
    return load_catalog(file), file.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> tuple[Catalog, str]:
    folder = tmp_path_factory.mktemp("shop")
    return init(shops.duckdb_file(folder / "shop.duckdb", shops.SHOP), folder)


def test_profiles_are_the_table_that_others_refer_to(shop: tuple[Catalog, str]) -> None:
    profiles, text = shop[0].profiles, shop[1]
    assert (profiles.table, profiles.key, profiles.key_type) == ("customers", "customer_id", "integer")
    types = {name: part.type for name, part in profiles.properties.items()}
    assert types == {
        "email": "text", "country": "text", "birthday": "date", "vip": "boolean", "signed up": "time",
        "position": "position",
    }  # fmt: skip
    assert profiles.properties["country"].values == ("BE", "DE", "NL")
    assert profiles.properties["country"].also == ("country code",)
    assert "Left out, for they are empty, secret or a loader's: password_hash, fax" in text
    assert "consent.customer_id, list_members.customer_id, orders.customer_id, tracks.customer_id refer to its" in text


def test_events_by_table_by_name_and_by_another_time(shop: tuple[Catalog, str]) -> None:
    events = shop[0].events
    assert list(events) == [
        "placed order", "cancelled order", "clicked sms", "opened email", "opened email by machine", "completed order",
        "viewed page", "engaged",
    ]  # fmt: skip
    order = events["placed order"]
    assert order.time is not None
    assert order.profile is not None
    assert (order.table, order.profile.alone, order.time.zone, order.id) == ("orders", "customer_id", "UTC", "order_id")
    assert order.properties["total"].type == "money"
    assert order.amount == "total"
    assert order.items is not None
    assert order.items.properties["brand"].column == "products.brand"
    assert str(order.where) != str(events["cancelled order"].where)
    assert list(events["viewed page"].properties) == ["page"]
    assert events["completed order"].name == ("order_completed",)


def test_what_is_no_event_is_a_channel_a_list_or_a_store(shop: tuple[Catalog, str]) -> None:
    known = shop[0]
    assert list(known.channels) == ["email", "sms"]
    assert set(known.lists) == {"Newsletter", "VIP club"}
    assert known.stores is not None
    assert known.currency == "EUR"
    assert known.metrics["total spent"].value == "sum of total of placed order"


def test_what_nobody_can_see_is_asked_in_the_file(shop: tuple[Catalog, str]) -> None:
    text = shop[1]
    assert "timezone: UTC   # Question: in which time zone do your days begin?" in text
    assert "currency: EUR   # Guess: all that was seen of orders.currency" in text
    assert "Question: in which zone are times without one written? `created_at` (2026-01-01 12:00:00)" in text


def test_names_that_mean_something_else(tmp_path: Path) -> None:
    known, _ = init(shops.duckdb_file(tmp_path / "odd.duckdb", shops.ODD), tmp_path)
    assert (known.profiles.table, known.profiles.key) == ("De Klanten", "KlantNr")
    kinds = {name: part.type for name, part in known.profiles.properties.items()}
    assert kinds["profile in"] == "boolean"
    assert (kinds["verjaardag"], kinds["score"], kinds["tags"]) == ("month-day", "number", "list of text")
    order = known.events["placed order"]
    assert order.time is not None
    assert order.time.stored == "milliseconds"
    assert order.properties["order"].values == ("web", "win'kel: #1")
    assert {name for event in known.events.values() for name in event.name} >= {
        "never",
        "where",
        "weird: one #!",
        "- x",
    }


def test_sqlite(tmp_path: Path) -> None:
    known, text = init(shops.sqlite_file(tmp_path / "gym.db", shops.GYM), tmp_path)
    assert known.profiles.properties["active"].type == "boolean"
    assert known.profiles.properties["birthday"].type == "date"
    assert list(known.channels) == ["email"]
    assert list(known.events) == ["checked in", "paid"]
    assert "Guess: cents, by the name (1999, 2000, 2001)" in text


def test_where_no_table_has_one_row_for_each_the_keys_are_the_profiles(tmp_path: Path) -> None:
    sql = """CREATE TABLE sales AS SELECT i // 3 AS invoice_no, i % 7 AS customer_id, TIMESTAMP '2026-01-01' AS sold_at,
    9.5 AS price FROM range(60) t(i)"""
    known, text = init(shops.duckdb_file(tmp_path / "lines.duckdb", sql), tmp_path)
    assert known.profiles.query is not None
    assert "no table has one row for each customer" in text


def test_no_profiles(tmp_path: Path) -> None:
    done = segql("catalog", "init", shops.duckdb_file(tmp_path / "w.duckdb", shops.NO_PEOPLE), "-o", "-", code=3)
    assert "has no table that looks like profiles." in done.stderr
    assert "looked for a table called customer, client, user" in done.stderr
    assert not done.stdout


def test_a_file_that_is_there_stays(tmp_path: Path) -> None:
    place = shops.duckdb_file(tmp_path / "w.duckdb", "CREATE TABLE users AS SELECT 1 AS id, 'a' AS email")
    for name in ("catalog.yaml", "starter.segql"):
        write(tmp_path / name, "mine")
        done = segql("catalog", "init", place, "-o", str(tmp_path / "catalog.yaml"), code=2)
        assert f"{name} is there already" in done.stderr
        assert (tmp_path / name).read_text() == "mine"
        (tmp_path / name).unlink()
    assert "profiles:" in segql("catalog", "init", place, "-o", "-").stdout


def test_many_tables_need_a_schema(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("segql.discovery.looking.MOST_TABLES", 3)
    many = "".join(f"CREATE TABLE t{i} (a INTEGER);" for i in range(4))
    sql = f"CREATE SCHEMA app; CREATE TABLE app.users AS SELECT 1 AS id, 'a' AS email; {many}"
    place = shops.duckdb_file(tmp_path / "w.duckdb", sql)
    done = segql("catalog", "init", place, "-o", "-", code=3)
    assert "has 5 tables, too many for one proposal." in done.stderr
    assert "--schema: default (4), app (1)" in done.stderr
    assert "table: app.users" in segql("catalog", "init", place, "--schema", "app", "-o", "-").stdout
    assert "its schemas: app" in segql("catalog", "init", place, "--schema", "apps", "-o", "-", code=3).stderr


def test_five_thousand_tables_are_counted_and_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    from segql.console.proposing import Wanted, propose_to
    from segql.warehouse import Warehouse

    many = [f"app.t{i}" for i in range(4_000)] + [f"t{i}" for i in range(1_000)]
    connection = duckdb.connect()
    connection.execute("BEGIN; CREATE SCHEMA app; " + "".join(f"CREATE TABLE {one} (a INT);" for one in many))

    def looked(self: Warehouse, sql: str) -> NoReturn:
        raise AssertionError(f"a table was looked at: {sql}")

    for way in ("rows", "columns"):
        monkeypatch.setattr(Warehouse, way, looked)
    said = io.StringIO()
    with redirect_stderr(said):
        code = propose_to(Warehouse(DuckDB(connection), "The warehouse"), Wanted("-", yes=True), None)
    assert code == 3
    assert "The warehouse has 5,000 tables, too many for one proposal." in said.getvalue()
    assert "name a schema by --schema: app (4,000), default (1,000)" in said.getvalue()


def test_what_is_printed_for_the_schema_without_a_name_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("segql.discovery.looking.MOST_TABLES", 1)
    sql = "CREATE TABLE users AS SELECT 1 AS id, 'a' AS email; CREATE SCHEMA app; CREATE TABLE app.t (a INTEGER)"
    place = shops.duckdb_file(tmp_path / "w.duckdb", sql)
    assert "default (1)" in segql("catalog", "init", place, "-o", "-", code=3).stderr
    assert "table: users" in segql("catalog", "init", place, "--schema", "default", "-o", "-").stdout


def test_nothing_to_look_at(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = segql("catalog", "init", str(tmp_path / "empty"), "-o", "-", code=3)
    assert f"The folder {tmp_path / 'empty'} has no tables." in done.stderr
    assert "its tables are its *.parquet and *.csv files" in done.stderr
    done = segql("catalog", "init", shops.duckdb_file(tmp_path / "w.duckdb", ""), "-o", "-", code=3)
    assert "w.duckdb has no tables." in done.stderr
    assert not done.stdout


def refuse(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Whoever asks may not read tables whose name has this in it."""
    from segql.warehouse import Warehouse, WarehouseError

    rows = Warehouse.rows

    def refused(self: Warehouse, sql: str) -> list[Any]:
        if name in sql:
            raise WarehouseError(f"The warehouse cannot answer: permission denied for table {name}")
        return rows(self, sql)

    monkeypatch.setattr(Warehouse, "rows", refused)


def test_without_rights_on_any_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refuse(monkeypatch, "s")
    place = shops.duckdb_file(tmp_path / "w.duckdb", "CREATE TABLE users AS SELECT 1 AS id, 'a' AS email")
    done = segql("catalog", "init", place, "-o", "-", code=3)
    assert "the table users cannot be read, and is left out: permission denied" in done.stderr
    assert "w.duckdb lets none of its tables be read." in done.stderr
    assert "help: ask for the right to SELECT" in done.stderr
    assert "looks like profiles" not in done.stderr
    assert not done.stdout


def test_a_table_that_cannot_be_read_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refuse(monkeypatch, "secrets")
    sql = "CREATE TABLE users AS SELECT 1 AS id, 'a' AS email; CREATE TABLE secrets AS SELECT 1 AS user_id, now() AS at"
    done = segql("catalog", "init", shops.duckdb_file(tmp_path / "w.duckdb", sql), "-o", "-")
    assert "the table secrets cannot be read, and is left out: permission denied for table secrets" in done.stderr
    assert "# The table secrets could not be read: permission denied" in done.stdout
