"""The JSON Schema accepts what the loader accepts, and marks what an editor can know to be wrong."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from segql.catalog import Catalog, catalog_from_yaml, catalog_schema
from segql.catalog.parts import spelled
from segql.errors import SegQLError

from .test_catalog import BASE, SHOP

SCHEMA = catalog_schema()
VALIDATOR = Draft202012Validator(SCHEMA)
EXAMPLE = Path(__file__).parents[2] / "examples" / "shop" / "catalog.yaml"


class Editor(yaml.SafeLoader):
    """YAML 1.2, as editors read it: `on` and `NO` are text, and there are no dates."""


Editor.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":bool", ":timestamp"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Editor.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))


def seen(text: str) -> Any:
    return yaml.load(text, Loader=Editor)


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["title"] == "SegQL catalog"
    assert "calendar" in SCHEMA["properties"]["timezone"]["description"]


@pytest.mark.parametrize(
    "text",
    [
        SHOP,
        BASE,
        BASE + "events:\nmetrics:\nstores:\ntimezone:",
        BASE + "events: {e: {table: 5, profile: p, name column: n, name: 404, also: x, group by: [a, b], id: }}",
        BASE + "events: {e: {table: t, profile: p, visible since: 2024-01-01, profiles complete: yes}}",
        BASE + "events: {e: {table: t, profile: p, properties: {a: , b: {scale: '2', type: number}, c: 5}}}",
        BASE + "events: {e: {table: t, profile: [a, b], time: {column: [c, d], zone: UTC}, written: [e, f]}}",
        BASE + "events: {e: {table: t, profile: {sql: a}, time: {sql: {duckdb: b, spark: c}}}}",
        BASE + "channels: {sms: {receives_when: ok}}\nsql_dialect: postgres",
        BASE + "metrics: {m: {value: number of e, description: Visits}}",
        BASE + "sets: {a: [NO, 5, true], b: NL}\nconstants: {a: 5, b: true, c: 2024-01-01, d: 0.5}",
        BASE + "events: {e: {table: t, profile: p, name column: n, name: [a, b*, 5]}}",
        BASE + "tenant: shop",
        BASE + "tenant: {column: shop, type: integer, shared: customers, columns: {}}",
        BASE + "places: {a: ['52.1', 4], b: {latitude: 1, longitude: '2'}}",
    ],
)
def test_what_the_loader_accepts_the_schema_accepts(text: str) -> None:
    catalog_from_yaml(text)
    assert [error.message for error in VALIDATOR.iter_errors(seen(text))] == []


@pytest.mark.skipif(not EXAMPLE.exists(), reason="there is no example catalog")
def test_the_example_catalog_fits() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    catalog_from_yaml(text)
    assert [error.message for error in VALIDATOR.iter_errors(seen(text))] == []


@pytest.mark.parametrize(
    "text",
    [
        "events: {}",
        "profiles: {table: t}",
        BASE + "tabel: x",
        BASE + "events: {e: {tabel: t}}",
        BASE + "events: {e: {table: t, profile: p, time: {colum: c}}}",
        BASE + "events: {e: {table: t, profile: p, properties: {a: {type: nummer}}}}",
        BASE + "events: {e: {table: t, profile: p, properties: {a: {type: number, scale: 10}}}}",
        BASE + "events: {e: {table: [t], profile: p}}",
        BASE + "events: {e: }",
        BASE + "channels: {sms: {table: t}}",
        BASE + "lists: {l: {table: t}}",
        BASE + "tenant: {type: integer}",
        BASE + "tenant: {column: a, type: bigint}",
        BASE + "sets: {a: {b: c}}",
        BASE + "places: {a: [1]}",
        BASE + "places: {a: [1, 2, 3]}",
    ],
)
def test_what_the_schema_refuses_the_loader_refuses(text: str) -> None:
    assert list(VALIDATOR.iter_errors(seen(text)))
    with pytest.raises(SegQLError):
        catalog_from_yaml(text)


def test_every_key_says_what_it_is_for() -> None:
    parts = {"Catalog": SCHEMA, **SCHEMA["$defs"]}
    silent = {
        f"{name}.{key}"
        for name, part in parts.items()
        for key, value in (part.get("properties") or part["anyOf"][0]["properties"]).items()
        if "description" not in value
    }
    assert silent == set()
    assert set(SCHEMA["properties"]) == {*map(spelled, Catalog.fields)}
