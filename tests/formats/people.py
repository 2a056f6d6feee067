"""The people of a synthetic shop as a vendor sees them: plain rows, with nothing of SegQL's evaluator.

A judge is written from the vendor's words and says who is in a foreign segment; `Judge` holds the imported rule to it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import cached_property
from random import Random
from typing import Any

import segql
from segql.catalog import Catalog
from segql.evaluator import Shop
from segql.formats import text_of

from ..binder.bound import NOW
from ..worlds.shops import KEYS, ZONE, random_shop
from .imported import imported, report

FOCUSES = (("placed order",), ("placed order", "opened email", "clicked email"), ("visited store", "placed order"))


class Person:
    """One profile: its own values, what it did before now, its lists."""

    def __init__(self, shop: Shop, key: str) -> None:
        self.shop, self.key = shop, key
        (own,) = (row for row in shop.profiles if row["key"] == key)
        self.own: dict[str, Any] = dict(own)

    def did(self, event: str) -> list[Any]:
        """The rows of an event that has happened, the earliest first."""
        rows: list[Any] = [row for row in self.shop.events.get(event, ()) if row["profile"] == self.key]
        found = [row for row in rows if row["time"] is not None and row["time"] < NOW]
        return sorted(found, key=lambda row: row["time"])

    @cached_property
    def lists(self) -> set[str]:
        """The lists that it is in."""
        rows: list[tuple[str, Any]] = [(name, row) for name, rows in self.shop.lists.items() for row in rows]
        mine = [(name, row.get("time")) for name, row in rows if row["profile"] == self.key]
        return {name for name, time in mine if name == "Staff" or time is None or time < NOW}


def day_of(value: Any) -> date | None:
    """The local day of a time; a date is itself."""
    return value.astimezone(ZONE).date() if isinstance(value, datetime) else value


def shops(seed: int) -> Iterator[Shop]:
    random = Random(seed)
    for _ in range(3):
        yield random_shop(random, NOW, random.choice(FOCUSES))


class Judge:
    """Who is in a foreign document of one segment, from the vendor's words; the names that it is read with."""

    def __init__(self, format: str, names: str, holds: Callable[[Any, Person], bool]) -> None:
        self.format, self.names, self.holds = format, names, holds

    def agrees(self, documents: list[Any], catalog: Catalog, seed: int) -> None:
        """Each document, text or data, is written as a rule, and has the members that the judge says."""
        rules = [(document, self._read(document, catalog)) for document in documents]
        for shop in shops(seed):
            people = [Person(shop, key) for key in KEYS if any(row["key"] == key for row in shop.profiles)]
            for document, segments in rules:
                (name,) = segments
                members = set(segql.evaluate(segments[name], catalog, shop, segments=segments, now=NOW))
                wanted = {person.key for person in people if self.holds(document, person)}
                assert members == wanted, f"{document}\n{segql.format(segments[name])}\n{members ^ wanted}"

    def _read(self, document: Any, catalog: Catalog) -> segql.Segments:
        text = document if isinstance(document, str) else json.dumps(document)
        found = imported(self.format, text, self.names, catalog)
        assert len(found) == 1, text
        assert found[0].written, f"{text}\n{report(found)}"
        segments = segql.segments_from(text_of(found))
        assert segments.problems == ()
        return segments
