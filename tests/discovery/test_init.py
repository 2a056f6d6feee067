"""`segql catalog init` as a new user has it: a file that fits the warehouse, and segments that count at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from segql import load_catalog
from segql.catalog import Catalog
from segql.files import write

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
    assert "--schema: the default one (4), app (1)" in done.stderr
    assert "table: app.users" in segql("catalog", "init", place, "--schema", "app", "-o", "-").stdout
    assert "its schemas: app" in segql("catalog", "init", place, "--schema", "apps", "-o", "-", code=3).stderr


def test_a_table_that_cannot_be_read_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from segql.warehouse import Warehouse, WarehouseError

    rows = Warehouse.rows

    def refused(self: Warehouse, sql: str) -> list[Any]:
        if "secrets" in sql:
            raise WarehouseError("The warehouse cannot answer: permission denied for table secrets")
        return rows(self, sql)

    monkeypatch.setattr(Warehouse, "rows", refused)
    sql = "CREATE TABLE users AS SELECT 1 AS id, 'a' AS email; CREATE TABLE secrets AS SELECT 1 AS user_id, now() AS at"
    done = segql("catalog", "init", shops.duckdb_file(tmp_path / "w.duckdb", sql), "-o", "-")
    assert "the table secrets cannot be read, and is left out: permission denied for table secrets" in done.stderr
    assert "# The table secrets could not be read: permission denied" in done.stdout
