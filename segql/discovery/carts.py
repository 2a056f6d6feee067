"""Guesses the items that stand in an event's own row: a list of objects in JSON, or an array of structs."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal
from typing import Any

from ..warehouse.types import ColumnType
from .draft import Path
from .links import is_reference
from .properties import guesses
from .rows import Making, added
from .saying import spoken
from .seen import Column, Table

_CART = re.compile(r"\b(lines?|line items|items|products|articles|cart|basket|contents|order details)\b")
"""What a list is called whose objects are what somebody bought, or looked at."""


def add_cart(making: Making, table: Table, columns: Iterable[Column], event: dict[str, Any], path: Path) -> None:
    """Give an event the items that its rows have in a list; `columns` are those that its rows fill."""
    known = making.known(table).get("cart", {})
    id_ = event.get("id") or known.get("id")
    if "items" in event or "group by" in event or id_ is None:
        return
    for way, place, objects in _lists(columns):
        found = added(_properties(way, objects, making.seen.dialect), making.draft, (*path, "items"), {})
        if found:
            event["id"] = id_
            event["items"] = {way: place, "properties": found}
            making.draft.note((*path, "items"), f"Guess: the objects in `{place}`, of which {len(objects)} were seen")
            return


def _lists(columns: Iterable[Column]) -> Iterator[tuple[str, str, list[dict[str, Any]]]]:
    """The lists of objects in these columns that are called like carts: how, where, and the objects."""
    for column in columns:
        named = _CART.search(spoken(column.name))
        if column.type.family == "list":
            if named and not column.entries and (objects := _objects(column.values)):
                yield "array", column.name, objects
        elif column.lists:
            if named and (objects := _objects(column.lists)):
                yield "json", column.name, objects
        elif not column.is_struct:  # a list in a struct is no column: a `query` has to unfold it
            for key in dict.fromkeys(key for one in column.documents for key in one):
                objects = _objects([one.get(key) for one in column.documents])
                if objects and _CART.search(spoken(key)) and "." not in key:
                    yield "json", f"{column.name}.{key}", objects


def _objects(values: Collection[Any]) -> list[dict[str, Any]]:
    """The objects in lists; none where there is anything else."""
    found = [one for value in values if isinstance(value, list | tuple) for one in value]
    if not all(isinstance(one, dict) for one in found):
        return []
    return [{key: float(held) if isinstance(held, Decimal) else held for key, held in one.items()} for one in found]


def _properties(way: str, objects: list[dict[str, Any]], dialect: str) -> list[Any]:
    """What the objects have, as JSON has it or as the fields of a struct."""
    element = Column("element", ColumnType("JSON", "any"), tuple(objects))
    found = guesses([element], "item", dialect)
    kept = []
    for guess in found:
        key = guess.spec.pop("json").removeprefix("element.")
        if is_reference(Column(key, ColumnType("VARCHAR", "text"))):
            continue
        spec = {"column" if way == "array" else "json": key, **guess.spec}
        if way == "array" and spec["type"] in ("date", "time"):
            spec["type"] = "text"
        kept.append(type(guess)(guess.name, spec, guess.notes))
    return kept
