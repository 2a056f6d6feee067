"""Items that are the elements of a list in the event's row: documents x engine, judged by hand and by the evaluator."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

import segql
from segql.catalog import Catalog
from segql.evaluator import Shop

from ..engines import Engine, compiled
from .test_json_values import STORED

NOW = datetime(2026, 11, 28, 11, tzinfo=UTC)

LISTS: dict[str, tuple[tuple[str | None, str | None], ...]] = {
    '[{"b": "Acme", "p": 5}]': (("Acme", "5"),),
    '[{"b": "Acme", "p": 5}, {"b": "Acme", "p": 5}]': (("Acme", "5"), ("Acme", "5")),
    '[{"b": "Zen", "p": "12.50", "more": {"deep": [1, {"b": "Acme"}]}}, {"p": 1}]': (("Zen", "12.5"), (None, "1")),
    '[{}]': ((None, None),),
    '[{}, {"b": null, "p": {"b": 1}}, {"b": null, "p": "x"}]': ((None, None),) * 3,
    '[{"b": ["Acme"]}]': ((None, None),),
    '[{"b": true, "p": "5"}, {"b": "", "p": -1.25}]': (("true", "5"), ("", "-1.25")),
    # What is no object is no item.
    '[null, 1, "Acme", "{x", [{"b": "Acme"}], true, {"b": "Zen"}]': (("Zen", None),),
    '[null]': (), "[]": (), "{}": (), '{"b": "Acme", "p": 5}': (), "null": (), '"Acme"': (), "7": (),
    '"[{\\"b\\": 1}]"': (),
    '[{"b": "its [{", "p": 1e2}]': (("it's [{", "100"),),
}  # fmt: skip
"""Lists, and the brand and the price of each item."""

RULES: dict[str, Callable[[Any], bool]] = {
    "bought": lambda items: True,
    'bought where any item (brand = "Acme")': lambda items: any(brand == "Acme" for brand, _ in items),
    "bought where any item (brand is set)": lambda items: any(brand for brand, _ in items),
    "bought where any item (price >= 5)": lambda items: any(price is not None and price >= 5 for _, price in items),
    "bought where not any item (price >= 0)": lambda items: all(price is None or price < 0 for _, price in items),
    "bought where at least 2 items (price is set or price is not set)": lambda items: len(items) >= 2,
    'bought where any item (brand = "Acme" and price = 5)': lambda items: ("Acme", 5) in items,
    "sum of price of bought >= 12": lambda items: sum(price or 0 for _, price in items) >= 12,
    "max of price of bought = 1": lambda items: max((p for _, p in items if p is not None), default=None) == 1,
    "number of distinct brand of bought = 1": lambda items: len({brand for brand, _ in items} - {None}) == 1,
}


def _catalog(query: str, dialect: str, items: dict[str, Any], **event: Any) -> Catalog:
    bought = {"query": query, "profile": "who", "time": {"column": "day", "stored": "date"}, "id": "id", **event}
    bought["items"] = {"properties": {"brand": "text", "price": {"type": "money", "scale": 2}}, **items}
    keys = " UNION ALL ".join(f"SELECT '{place}' AS id" for place in range(40))
    if dialect == "spark":  # which plans a UNION of forty for many seconds
        several = ", ".join(f"('{place}')" for place in range(40))
        keys = f"SELECT id FROM VALUES {several} AS everybody(id)"
    return Catalog.model_validate({
        "sql dialect": dialect, "profiles": {"query": keys, "key": "id"}, "events": {"bought": bought}
    })  # fmt: skip


def _literal(document: str, written: str, dialect: str) -> str:
    escapes = dialect in ("bigquery", "spark", "clickhouse", "mysql", "mariadb", "snowflake")
    return written.format((document.replace("\\", "\\\\") if escapes else document).replace("'", "''"))


def _judged(catalog: Catalog, lists: list[tuple[Any, ...]], engine: Engine) -> None:
    """Each profile bought once, one of the lists."""
    rows = [[(brand, None if price is None else Decimal(price)) for brand, price in items] for items in lists]
    at = datetime(2026, 11, 20, tzinfo=UTC)
    bought = [
        {"profile": f"{place}", "time": at, "items": [{"brand": brand, "price": price} for brand, price in items]}
        for place, items in enumerate(rows)
    ]
    shop = Shop([{"key": f"{place}"} for place in range(40)], {"bought": bought})
    for rule, holds in RULES.items():
        meant = segql.evaluate(rule, catalog, shop, now=NOW)
        assert meant == {f"{place}" for place, items in enumerate(rows) if holds(items)}, rule
        for window in ("", " in 30d") if "brand = " in rule else ("",):
            asked = rule.replace("bought", f"bought{window}", 1)
            found = engine.members(compiled(asked, catalog, engine.dialect, now=NOW).sql)
            assert found == meant, (asked, found - meant, meant - found)


@pytest.mark.parametrize("storage", [0, pytest.param(1, marks=pytest.mark.long)])
@pytest.mark.parametrize("path", ["data.a.b", pytest.param("data", marks=pytest.mark.long)])
def test_the_objects_of_a_list_in_json_are_items(path: str, storage: int, engine: Engine) -> None:
    engine.load(Shop((), {}))
    ways = STORED.get(engine.dialect, ("'{}'",))
    if storage >= len(ways):
        pytest.skip("its documents are stored in one way")
    # Where a list is written as a text, as the catalog's page says, it is another text.
    given = {one: items for one, items in LISTS.items() if engine.dialect != "snowflake" or '["Acme' not in one}
    documents = [f'{{"a": {{"b": {one}}}}}' if "." in path else one for one in given]
    documents += ['{"a": 1}', '{"b": [{"b": "Acme"}]}', "{}"] if "." in path else []
    written = [_literal(document, ways[storage], engine.dialect) for document in documents]
    rows = " UNION ALL ".join(
        f"SELECT {place} AS id, '{place}' AS who, CAST('2026-11-20' AS DATE) AS day, {document} AS data"
        for place, document in enumerate(written)
    )
    if engine.dialect == "spark":
        several = ", ".join(f"({place}, '{place}', DATE '2026-11-20', {one})" for place, one in enumerate(written))
        rows = f"SELECT id, who, day, data FROM VALUES {several} AS rows(id, who, day, data)"
    lists: list[tuple[Any, ...]] = [*given.values(), *(() for _ in documents[len(given) :])]
    items = {"json": path, "properties": {"brand": {"json": "b"}, "price": {"json": "p", "type": "money", "scale": 2}}}
    _judged(_catalog(rows, engine.dialect, items), lists, engine)


STRUCTS: dict[str, tuple[tuple[str | None, str | None], ...] | None] = {
    "[]": (), "missing": None,
    "one": (("Acme", "5"),),
    "twice": (("Acme", "5"), ("Acme", "5")),
    "two": (("Zen", "12.5"), (None, "1")),
    "empty": ((None, None),),
    "three": ((None, None), ("", "-1.25"), ("Acme", None)),
}  # fmt: skip


def _array(items: tuple[tuple[str | None, str | None], ...] | None, dialect: str) -> str:
    """An array of structs as the engine writes it, with a missing struct at its end where there may be one."""

    def fields(item: tuple[str | None, str | None]) -> list[str]:
        return ["NULL" if item[0] is None else f"'{item[0]}'", item[1] or "NULL"]

    made, begin, end, type_ = _ARRAYS.get(dialect, ("NULL", "NULL", "", "VARCHAR(9)"))
    every = [made.format(*fields(item)) for item in items or ()]
    if dialect in ("bigquery", "clickhouse"):  # these keep no missing struct, and no missing array
        return f"{begin}{', '.join(every)}{end}"
    array = "NULL" if items is None else f"{begin}{', '.join([*every, 'NULL'])}{end}"
    return f"CAST({array if dialect in _ARRAYS else 'NULL'} AS {type_})"


_ARRAYS = {
    "duckdb": ("{{'b': {}, 'p': {}}}", "[", "]", "STRUCT(b VARCHAR, p DECIMAL(9, 2))[]"),
    "bigquery": ("({}, {})", "ARRAY<STRUCT<b STRING, p NUMERIC>>[", "]", ""),
    "clickhouse": ("({}, {})", "CAST([", "] AS Array(Tuple(b Nullable(String), p Nullable(Decimal(9, 2)))))", ""),
    "spark": ("NAMED_STRUCT('b', {}, 'p', {})", "ARRAY(", ")", "ARRAY<STRUCT<b: STRING, p: DECIMAL(9, 2)>>"),
    # The type of a table of the shop, which has a text and a decimal.
    "postgres": ("CAST(ROW({}, NULL, {}, NULL) AS person_facts)", "ARRAY[", "]", "person_facts[]"),
}
"""A struct, what it stands between, and the array's type."""


def test_the_structs_of_an_array_are_items(engine: Engine) -> None:
    engine.load(Shop((), {}))
    rows = [
        f"SELECT {place} AS id, '{place}' AS who, CAST('2026-11-20' AS DATE) AS day, "
        f"{_array(items, engine.dialect)} AS things"
        for place, items in enumerate(STRUCTS.values())
    ]
    brand, price = ("person", "last_value") if engine.dialect == "postgres" else ("b", "p")
    properties = {"brand": brand, "price": {"column": price, "type": "money", "scale": 2}}
    catalog = _catalog(" UNION ALL ".join(rows), engine.dialect, {"array": "things", "properties": properties})
    _judged(catalog, [items or () for items in STRUCTS.values()], engine)
