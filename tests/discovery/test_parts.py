"""The guesses on plain data, and the file: whatever a column is called, what is written is read as it was meant."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segql import catalog_from_yaml
from segql.discovery import NoProfiles, propose
from segql.discovery.draft import Draft
from segql.discovery.looking import look
from segql.discovery.saying import event_name, event_of_table, free, property_name, singular, spoken
from segql.discovery.seen import Column, Link, Seen, Table
from segql.discovery.written import write
from segql.parser.names import is_bare
from segql.warehouse import Warehouse
from segql.warehouse.duckdb import DuckDB
from segql.warehouse.types import column_type


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("Placed Order", "placed order"), ("order_completed", "completed order"), ("orderCompleted", "completed order"),
        ("page_view", "viewed page"), ("$pageview", "viewed page"), ("add_to_cart", "added to cart"),
        ("Clicked SMS", "clicked sms"), ("signup", "signed up"),
        ("Subscribed to Email Marketing", "subscribed to email marketing"),
        ("begin_checkout", "began checkout"), ("Bestelling geplaatst", "bestelling geplaatst"),
    ],
)  # fmt: skip
def test_events_as_people_say_them(raw: str, said: str) -> None:
    assert event_name(raw) == said


@pytest.mark.parametrize(
    ("raw", "family", "said"),
    [
        ("signed_up_at", "timestamp", "signed up"), ("is_vip", "boolean", "vip"), ("country_code", "text", "country"),
        ("dateOfBirth", "date", "birthday"), ("total_price", "number", "total price"), ("Größe", "text", "größe"),
    ],
)  # fmt: skip
def test_properties_as_people_say_them(raw: str, family: str, said: str) -> None:
    assert property_name(raw, family, of_profile=True) == said


def test_tables_as_events() -> None:
    assert event_of_table("orders") == ("placed order", True)
    assert event_of_table("shop_visits") == ("visited shop", True)
    assert event_of_table("widgets") == ("had widget", False)
    assert singular("categories") == "category"


@given(st.text(max_size=30))
@settings(max_examples=25)
def test_a_name_is_free_and_bare_where_it_can_be(raw: str) -> None:
    name = free(spoken(raw), "order", {"order"})
    assert name != "order"
    assert is_bare(name) or not is_bare(f"order {spoken(raw)}")


COLUMN = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12).filter(
    lambda name: name.strip() == name
)


@given(st.lists(COLUMN, max_size=5, unique=True), st.lists(COLUMN, min_size=1, max_size=4, unique=True))
@settings(max_examples=25)
def test_what_is_written_is_read_as_it_was_meant(columns: list[str], values: list[str]) -> None:
    texts = tuple(values * 6)
    known = [column for column in columns if column.casefold() not in ("id", "user_id", "at")]
    others = [Column(name, column_type("VARCHAR", "duckdb"), texts) for name in known]
    people = Table("users", (Column("id", column_type("BIGINT", "duckdb"), tuple(range(30))), *others), 30)
    at = Column("at", column_type("TIMESTAMPTZ", "duckdb"), (datetime(2026, 1, 1),) * 30)
    whose = Column("user_id", column_type("BIGINT", "duckdb"), tuple(range(30)))
    links = (Link("logins", "user_id", "users", "id", 30, 30),)
    draft = propose(Seen((people, Table("logins", (whose, at, *others), 30)), links=links))
    catalog = catalog_from_yaml(write(draft, ["Head: # of the file"]).text)
    for name, spec in draft.data["profiles"].get("properties", {}).items():
        assert catalog.profiles.properties[name].column == spec.get("column")
        assert list(catalog.profiles.properties[name].values) == spec.get("values", [])
    assert set(draft.data["events"]["logged in"].get("properties", {})) == set(catalog.events["logged in"].properties)


def test_events_alike_share_their_lines_and_nothing_that_is_not_theirs() -> None:
    base: dict[str, Any] = {"table": "t", "profile": "p", "time": "at", "id": "id", "name column": "n", "name": "A",
                            "properties": {"x": {"column": "x"}}, "amount": "x", "also": ["b"]}  # fmt: skip
    other = {"table": "t", "profile": "p", "time": "at", "name column": "n", "name": "B: b"}
    draft = Draft({"profiles": {"table": "p", "key": "k"}, "events": {"one": base, "two": other}}, like={"two": "one"})
    base["properties"]["x"]["type"] = "money"
    text = write(draft, []).text
    assert "one: &t" in text
    assert "<<: *t" in text
    two = catalog_from_yaml(text).events["two"]
    assert (two.id, two.amount, two.also, two.properties, two.name) == (None, None, (), {}, ("B: b",))


def test_what_was_looked_for_is_said() -> None:
    seen = Seen((Table("weather", (Column("degrees", column_type("DOUBLE", "duckdb"), (1.5,)),), 1),))
    with pytest.raises(NoProfiles, match="looked for a table called customer"):
        propose(seen)


def test_a_table_in_the_order_of_its_kinds_tells_all_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    connection = duckdb.connect()
    connection.execute("CREATE TABLE people AS SELECT * FROM range(9) AS t(id)")
    connection.execute(
        """CREATE TABLE events AS SELECT i % 9 AS person_id, TIMESTAMP '2026-01-01' + to_seconds(i) AS happened_at,
        ['opened email', 'clicked email', 'placed order'][1 + i // 1000] AS name FROM range(3000) AS t(i)"""
    )
    monkeypatch.setattr("segql.discovery.spread.MOST_ROWS", 1000)
    seen = look(Warehouse(DuckDB(connection), "The warehouse"), ["people", "events"])
    (usage,) = seen.tables[1].usages
    assert set(usage.names) == {"opened email", "clicked email", "placed order"}
