"""The people of a synthetic shop as a vendor sees them: plain rows, with nothing of SegQL's evaluator.

A judge is written from the vendor's words and says who is in a foreign segment; `Judge` holds the imported rule to it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property
from random import Random
from typing import Any

import segql
from segql.catalog import Catalog, catalog_from_yaml
from segql.evaluator import Shop
from segql.formats import text_of

from ..binder.bound import NOW
from ..engines import Engine, Unable, compiled, stored
from ..worlds.shops import CATALOG as CATALOG_FILE
from ..worlds.shops import KEYS, ZONE, random_shop
from .imported import imported, report

_TEXT = CATALOG_FILE.read_text(encoding="utf-8")
CATALOG = catalog_from_yaml(_TEXT)
IN_UTC = catalog_from_yaml(_TEXT.replace("timezone: Europe/Amsterdam", "timezone: UTC", 1))
"""The same on the calendar of UTC."""
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


def shops(seed: int, count: int) -> Iterator[Shop]:
    """Shops at random, in which nobody has another key: vendors have said who is who before they judge."""
    random = Random(seed)
    for _ in range(count):
        yield replace(random_shop(random, NOW, random.choice(FOCUSES)), identities={})


class Judge:
    """Who is in a foreign document of one segment, from the vendor's words; the names that it is read with.

    `documents` draws what is judged: data, a text, or a pair of a text and the function that judges it.
    """

    def __init__(
        self, format: str, names: str, holds: Callable[[Any, Person], Any], documents: Any, catalog: Catalog = CATALOG
    ) -> None:
        self.format, self.names, self.catalog = format, names, catalog
        self.holds, self.documents = holds, documents

    def agrees(self, documents: list[Any], seed: int, engine: Engine | None = None, count: int = 3) -> int:
        """Each document is written as a rule, and has the members that the judge says on so many shops.

        The rule runs as SQL where an engine is given. Says how often some were in, and some were not.
        """
        telling = 0
        rules = [(document, self._read(document)) for document in documents]
        for drawn in shops(seed, count):
            shop = drawn if engine is None else stored(drawn, engine)
            if engine is not None:
                engine.load(shop)
            people = [Person(shop, key) for key in KEYS if any(row["key"] == key for row in shop.profiles)]
            for document, segments in rules:
                try:
                    members = self._members(segments, shop, engine)
                except Unable:  # it says so itself, and other tests ask whether it should
                    continue
                wanted = {person.key for person in people if self.holds(document, person)}
                (name,) = segments
                assert members == wanted, f"{document}\n{segql.format(segments[name])}\n{members ^ wanted}"
                telling += 0 < len(wanted) < len(people)
        return telling

    def _members(self, segments: segql.Segments, shop: Shop, engine: Engine | None) -> set[Any]:
        *_, name = segments
        if engine is None:
            return set(segql.evaluate(segments[name], self.catalog, shop, segments=segments, now=NOW))
        done = compiled(segments[name], self.catalog, engine.dialect, segments=segments, now=NOW)
        return engine.members(done.sql)

    def _read(self, document: Any) -> segql.Segments:
        given = document[0] if isinstance(document, tuple) else document
        text = given if isinstance(given, str) else json.dumps(given)
        found = imported(self.format, text, self.names, self.catalog)
        assert len(found) == 1, text
        assert found[0].written, f"{text}\n{report(found)}"
        segments = segql.segments_from(text_of(found))
        assert segments.problems == ()
        return segments
