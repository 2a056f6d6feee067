"""Each layout on a small warehouse with its vendor's columns: recognised, right, and it counts at once."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

import segql as library
from segql.catalog import Catalog
from segql.dialects import DIALECTS
from segql.discovery.layouts import FOLDER, layouts

from ..cli.command_line import segql
from . import shops
from .layout_tables import EXAMPLES
from .test_init import init


def test_each_file_has_an_example() -> None:
    assert set(layouts()) == {file.stem for file in FOLDER.glob("*.yaml")} == set(EXAMPLES)


@pytest.mark.sampled
@pytest.mark.parametrize("name", EXAMPLES)
def test_a_layout_is_recognised(name: str) -> None:
    holds(name, *shops.proposed(EXAMPLES[name].sql))


@pytest.mark.long
@pytest.mark.parametrize("name", EXAMPLES)
def test_a_layout_fits_and_counts_at_once(name: str, tmp_path: Path) -> None:
    known, text = init(shops.duckdb_file(tmp_path / "w.duckdb", EXAMPLES[name].sql), tmp_path)
    holds(name, known, text)
    rule = " or ".join(f"{event} in 30d" for event in EXAMPLES[name].events)
    wrong = {dialect: refused(rule, known, dialect) for dialect in DIALECTS}
    assert wrong["duckdb"] == set()
    assert set().union(*wrong.values()) <= {"not-in-dialect"}  # the SQL of a catalog stands for one dialect


@pytest.mark.parametrize("name", ["klaviyo", "segment"])
def test_when_rows_were_loaded_is_a_promise_that_is_asked_for(name: str) -> None:
    known, text = shops.proposed(EXAMPLES[name].sql)
    assert text.count("Question: are rows that are gone marked, and never deleted?") == 1
    assert not any(event.written for event in known.events.values())
    known, text = shops.proposed(EXAMPLES[name].sql, ("written", "yes"))
    assert "gone marked" not in text
    assert any(event.written for event in known.events.values())


def holds(name: str, known: Catalog, text: str) -> None:
    """The catalog of a layout has what its example says."""
    example = EXAMPLES[name]
    said = " ".join(text.replace("#", " ").split())
    assert f"the tables are those of {layouts()[name].called}" in said
    assert known.profiles.key == example.key
    for event, property_ in example.events.items():
        assert property_ is None or property_ in known.events[event].properties, (
            event,
            list(known.events[event].properties),
        )
        of = known.events[event]
        assert of.profile != of.id
        assert not re.search(r"\b(received|arrived)_at\b", str(of.time.column if of.time else ""))
    assert not {"received order", "received page"} & set(known.events)
    assert set(example.channels) <= set(known.channels)
    for event, property_ in example.items.items():
        items = known.events[event].items
        assert items is not None
        assert property_ in items.properties
    assert "Left out: " not in text


@pytest.mark.parametrize(
    ("name", "events", "told", "who", "event"),
    [
        ("segment", "order_completed", "identifies", "anonymous_id", "placed order"),
        ("hightouch", "tracks", "identifies", "anonymous_id", "placed order"),
        ("jitsu", "events", "events", "anonymous_id", "placed order"),
        ("snowplow", "atomic.events", "atomic.events", "domain_userid", "viewed page"),
    ],
)
def test_what_a_visitor_did_is_theirs_whom_they_became(name: str, events: str, told: str, who: str, event: str) -> None:
    known, _ = shops.proposed(EXAMPLES[name].sql)
    warehouse = duckdb.connect()
    warehouse.execute(EXAMPLES[name].sql)
    warehouse.execute(f"CREATE TABLE did AS SELECT * REPLACE (NULL AS user_id, 'v' AS {who}) FROM {events} LIMIT 1")
    warehouse.execute(f"CREATE TABLE became AS SELECT * REPLACE ('u1' AS user_id, 'v' AS {who}) FROM {told} LIMIT 1")
    if told == events:
        warehouse.execute(f"UPDATE became SET {known.events[event].name_column} = 'logged in'")
    warehouse.execute(f"DELETE FROM {events}")
    sql = library.compile(f"{event} exactly once", known).sql
    warehouse.execute(f"INSERT INTO {events} SELECT * FROM did")
    assert warehouse.execute(sql).fetchall() == []
    warehouse.execute(f"INSERT INTO {told} SELECT * FROM became")
    assert warehouse.execute(sql).fetchall() == [("u1",)]


def test_a_map_without_a_time_that_can_be_read_is_left_out() -> None:
    sql = EXAMPLES["hightouch"].sql + "ALTER TABLE identifies ALTER timestamp TYPE VARCHAR;"
    assert shops.proposed(sql)[0].identities == {}


def refused(rule: str, known: Catalog, dialect: str) -> set[str]:
    """The codes of what is wrong with a rule in a dialect."""
    try:
        library.compile(rule, known, dialect=dialect)
    except library.SegQLError as error:
        return {problem.code for problem in error.problems}
    return set()


def test_a_layout_that_is_named_and_not_there() -> None:
    done = segql("catalog", "init", "--from", "klavio", "-o", "-", code=2)
    assert "klavio is no layout: did you mean klaviyo? Known are braze, customer.io, customerio, ga4," in done.stderr
    done = segql("catalog", "init", "--from", "klaviyo", "-o", "-", code=3)
    assert "does not have the tables of Klaviyo, loaded by Fivetran." in done.stderr
    assert "they are person, event" in done.stderr


def test_a_layout_may_have_the_name_of_another_program(tmp_path: Path) -> None:
    place = shops.duckdb_file(tmp_path / "w.duckdb", EXAMPLES["segment"].sql)
    assert "table: order_completed" in segql("catalog", "init", place, "--from", "rudderstack", "-o", "-").stdout
