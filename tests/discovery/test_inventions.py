"""Warehouses that nobody made for this: what is guessed of them, to the last name."""

from __future__ import annotations

from pathlib import Path

import pytest

from . import inventions, shops
from .test_init import init

CITED = {
    inventions.APP: [
        "created project", "exported report", "sent invitation", "accepted invitation", "got invoice", "paid invoice",
        "opened support ticket", "closed support ticket",
    ],
    inventions.CINEMA: [
        "opened push", "watched trailer", "booked", "cancelled booking", "rated", "placed snack order",
    ],
    inventions.FACTS: ["clicked email", "opened email", "sent email", "bought", "engaged with email", "engaged"],
}  # fmt: skip


@pytest.mark.parametrize("sql", CITED)
def test_events_are_called_as_people_say(sql: str) -> None:
    known, _ = shops.proposed(sql)
    assert list(known.events) == CITED[sql]


@pytest.mark.long
@pytest.mark.parametrize("sql", CITED)
def test_what_is_proposed_fits_and_counts_at_once(sql: str, tmp_path: Path) -> None:
    init(shops.duckdb_file(tmp_path / "w.duckdb", sql), tmp_path)


def test_an_app() -> None:
    known, text = shops.proposed(inventions.APP)
    flat = " ".join(text.replace("#", " ").split())
    assert set(known.profiles.properties) == {
        "email", "full name", "language", "signed up", "marketing opt in", "workspace",
    }  # fmt: skip
    assert known.events["created project"].properties.keys() == {"tags"}
    assert "Question: in which currency? `currency` says EUR, USD, and sums add all of them" in flat
    assert "Question: which `status` count? Seen: paid, void." in flat
    assert "The table devices has the profile's key in `user_id`, and no column that looks like the time" in flat


def test_a_cinema() -> None:
    known, _ = shops.proposed(inventions.CINEMA)
    assert list(known.profiles.properties)[-1] == "signed up"
    assert list(known.events["booked"].properties) == ["total price", "movie", "genre", "cinema"]
    assert list(known.events["placed snack order"].properties) == ["amount"]
    assert known.stores is not None
    assert known.stores.table == "tblCinema"


def test_a_price_beside_a_quantity_is_that_of_one() -> None:
    tables = """
CREATE TABLE sales AS SELECT 500 + i % 40 AS customer_id, 'S' || i // 3 AS receipt, 1 + i % 4 AS quantity,
  2.5 AS {price}, 'Molen' AS brand, TIMESTAMP '2026-01-01 09:00:00' + INTERVAL (i) HOUR AS sold_at FROM range(120) t(i);
"""
    bought = next(iter(shops.proposed(tables.format(price="unit_price"))[0].events.values()))
    assert (bought.amount, bought.properties["line total"].sql) == ("line total", "quantity * unit_price")
    bought = next(iter(shops.proposed(tables.format(price="total_price"))[0].events.values()))
    assert (bought.amount, "line total" in bought.properties) == ("total price", False)


def test_where_there_is_no_event_it_is_said_why() -> None:
    known, text = shops.proposed(
        "CREATE TABLE people AS SELECT 'k' || i AS id, 'NL' AS country FROM range(50) t(i);"
        "CREATE TABLE log AS SELECT 'k' || i % 50 AS person, i // 9 AS hour, 'viewed offer' AS what FROM range(99) t(i)"
    )
    assert not known.events
    assert "The table log has the profile's key in `person`, and no column that looks like the time" in text


def test_facts_and_dimensions() -> None:
    known, text = shops.proposed(inventions.FACTS)
    flat = " ".join(text.replace("#", " ").split())
    bought = known.events["bought"]
    assert (known.profiles.table, known.profiles.key) == ("dwh.dim_customer", "customer_sk")
    assert "Question: a person may stand in several rows" in flat
    assert "JOIN dwh.dim_date AS d ON d.date_key = r.date_key" in str(bought.query)
    assert list(bought.properties) == ["quantity", "net amount", "product", "category", "store"]
    assert "several rows have the same `receipt_no`: are they its lines?" in flat
    assert "The table dwh.fact_balance has the profile's key" in flat
