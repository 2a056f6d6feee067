"""The examples of `examples/shop`: the catalog fits the demo shop, and every segment says its aim and has members."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

import segql
from segql import demo
from segql.catalog.model import Catalog, Given, Items, Join, Property, SourceRows
from segql.compiler import Compiled
from segql.formatter import format as canonical
from segql.parser import parse_definitions


@pytest.fixture(scope="module")
def shop() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        demo.build(connection)
        yield connection


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return segql.load_catalog(Path(str(demo.shop_folder() / "catalog.yaml")))


def value(connection: duckdb.DuckDBPyConnection, query: str) -> float:
    row = connection.execute(query).fetchone()
    assert row is not None
    return float(row[0] or 0)


def test_the_folder_is_that_of_the_examples() -> None:
    root = Path(__file__).parents[2]
    names = sorted(part.name for part in demo.shop_folder().iterdir())
    assert names == sorted(path.name for path in (root / "examples" / "shop").iterdir())
    assert '"examples/shop" = "segql/demo/shop"' in (root / "pyproject.toml").read_text()


def sources(catalog: Catalog) -> Iterator[tuple[str, SourceRows, dict[str, Join]]]:
    """What of a catalog stands on a table, with the tables joined to it."""
    yield "profiles", catalog.profiles, {}
    for name, channel in catalog.channels.items():
        yield name, channel, {}
    for name, event in catalog.events.items():
        if not event.any_of:
            yield name, event, event.join
            if event.items:
                yield f"{name} items", event.items, event.items.join
    for name, members in catalog.lists.items():
        yield name, members, {}
    assert catalog.stores is not None
    yield "stores", catalog.stores, {}


def columns_of(part: SourceRows) -> Iterator[str]:
    """The columns that a source names itself (those in its SQL are run by the segments' test)."""
    for field in ("key", "id", "name_column", "reason"):
        if isinstance(column := getattr(part, field, None), str):
            yield column
    for field in ("profile", "time"):
        if isinstance(given := getattr(part, field, None), Given):
            yield from given.column
    properties: dict[str, Property] = getattr(part, "properties", {})
    for item in properties.values():
        yield from (column for column in (item.column, item.latitude, item.longitude) if column)


def test_every_table_and_column_of_the_catalog_exists(shop: duckdb.DuckDBPyConnection, catalog: Catalog) -> None:
    known = {
        f"{table}.{column}"
        for table, column in shop.execute("SELECT table_name, column_name FROM duckdb_columns()").fetchall()
    }
    named = 0
    for name, part, joins in sources(catalog):
        assert part.table in demo.TABLES, name
        found = [column if "." in column else f"{part.table}.{column}" for column in columns_of(part)]
        found += [f"{join.table}.{column}" for join in joins.values() for column in join.on.values()]
        found += [f"{part.table}.{column}" for join in joins.values() for column in join.on]
        if isinstance(part, Items):
            found += [f"{part.table}.{column}" for column in part.on.values()]
        if part.where:
            assert value(shop, f"SELECT count(*) FROM {part.table} WHERE {part.where}") > 0, name
        assert set(found) <= known, name
        named += len(found)
    assert named > 100


def test_everything_that_can_be_named_is_described_or_plain(catalog: Catalog) -> None:
    for name, event in catalog.events.items():
        assert event.description, name
    for kind, names in catalog.names().items():
        assert len(names) == len({name.casefold() for name in names}), kind


EXAMPLES = Path(str(demo.shop_folder()))


@pytest.fixture(scope="module")
def compiled(catalog: Catalog) -> dict[str, Compiled]:
    """Every example, at the instant that the demo shows."""
    segments = segql.load_segments(EXAMPLES)
    assert segments.problems == ()
    return {name: segql.compile(segments[name], catalog, now=demo.NOW, segments=segments) for name in segments}


@pytest.fixture(scope="module")
def counts(shop: duckdb.DuckDBPyConnection, compiled: dict[str, Compiled]) -> dict[str, int]:
    """The members of every example, on the shop as the demo shows it."""
    return {name: len(shop.execute(one.sql).fetchall()) for name, one in compiled.items()}


def test_no_example_needs_a_warning_or_a_hint(compiled: dict[str, Compiled]) -> None:
    assert {name: one.problems for name, one in compiled.items() if one.problems} == {}


def test_every_example_has_members(counts: dict[str, int]) -> None:
    assert len(counts) > 130
    assert {name: n for name, n in counts.items() if not 5 <= n < demo.PROFILES} == {}


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.segql")), ids=lambda path: path.name)
def test_every_example_says_what_it_is_for_in_canonical_text(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    definitions = parse_definitions(text)
    for part in definitions.parts:
        assert part.comments, part
    assert canonical(definitions).rstrip("\n") == text.rstrip("\n")


BUYERS = (
    "High rollers", "Brand enthusiasts", "Potential high rollers", "Potential brand enthusiasts", "Lost high rollers",
    "Lapsed enthusiasts", "One-hit wonders", "Just passing through",
)  # fmt: skip
MAY_MEET = {
    *(frozenset(("Espresso shot", name)) for name in (*BUYERS, "Almost there", "Waiting for wows", "False starts")),
    *(frozenset(("Window shoppers", name)) for name in ("Almost there", "Waiting for wows", "Espresso shot")),
    *(frozenset(("False starts", name)) for name in (*BUYERS[4:], "Window shoppers")),
}
"""Personas that share members by what their texts say; no other two do."""


@pytest.fixture(scope="module")
def personas(shop: duckdb.DuckDBPyConnection, compiled: dict[str, Compiled]) -> dict[str, set[int]]:
    """The members of each persona."""
    text = (EXAMPLES / "personas.segql").read_text(encoding="utf-8")
    names = re.findall(r'^segment "([^"]+)"', text, re.MULTILINE)
    return {name: {key for (key,) in shop.execute(compiled[name].sql).fetchall()} for name in names}


def test_personas_overlap_only_as_their_texts_mean_it(personas: dict[str, set[int]]) -> None:
    assert len(personas) == 14
    # `pytest -s` shows how many each two share.
    for number, (name, members) in enumerate(personas.items()):
        print(f"{number:>2} {name:<28}", *(f"{len(members & others):>5}" for others in personas.values()))
    shared = {
        frozenset((one, two)) for one in personas for two in personas if one < two and personas[one] & personas[two]
    }
    assert shared == MAY_MEET
    inside = {(one, two) for one in personas for two in personas if one != two and personas[one] <= personas[two]}
    wide = {("Almost there", "Espresso shot"), ("Waiting for wows", "Espresso shot")}
    assert inside == {*wide, ("Window shoppers", "Espresso shot")}


def test_personas_say_whom_they_leave_out(personas: dict[str, set[int]]) -> None:
    for part in segql.load_segments(EXAMPLES / "personas.segql").segments.values():
        assert part.name.text not in personas or "Without" in " ".join(part.comments), part.name.text


def test_personas_have_sensible_shares(
    shop: duckdb.DuckDBPyConnection, personas: dict[str, set[int]], catalog: Catalog
) -> None:
    assert max(personas, key=lambda name: len(personas[name])) == "Dead weight"
    assert 0.2 * demo.PROFILES < len(personas["Dead weight"]) < 0.4 * demo.PROFILES
    assert len(personas["High rollers"]) < len(personas["Window shoppers"])
    reached = segql.compile("can receive email and not signed up in the last week", catalog, now=demo.NOW)
    assert personas["Dead weight"] <= {key for (key,) in shop.execute(reached.sql).fetchall()}
