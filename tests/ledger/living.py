"""A shop that lives: rows come, are late, and change, and each says when it was written, as its catalog promises."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import yaml

from segql.catalog import Catalog
from segql.evaluator import Shop
from segql.ledger.words import words

from ..engines import BigQuery, ClickHouse, MariaDB, Spark, SQLite
from ..engines.mariadb import ANY_CASE
from ..engines.mariadb import stored as stored_by_mariadb
from ..engines.spark import select_of
from ..engines.sqlite import TYPES, stored
from ..worlds.shop_tables import TABLES, raw
from ..worlds.shops import CATALOG
from .places import Keeper, Place

LATE = timedelta(hours=1)


def living(*, promised: bool = True) -> Catalog:
    """The tests' catalog over the tables of `Living`, with the promise or without."""
    given: dict[str, Any] = yaml.load(CATALOG.read_text(), yaml.BaseLoader)
    parts = [given["profiles"], *given["channels"].values(), *given["events"].values(), *given["lists"].values()]
    for part in parts:
        if "table" in part and promised:
            told = {"query": f"SELECT * FROM living.erased WHERE source = '{part['table'].split('.')[-1]}'"}
            told |= {"profile": "who", "time": "gone"}
            part["written"] = {"column": "written", "late": "1h", "deleted": told}
        if promised:
            for beside in [*part.get("join", {}).values(), part.get("items", {}),
                           *part.get("items", {}).get("join", {}).values()]:  # fmt: skip
                if "table" in beside:
                    beside["written"] = {"column": "written", "late": "1h"}
            if (facts := part.get("join", {}).get("facts")) is not None:
                told = {"query": "SELECT * FROM living.erased WHERE source = 'person_facts'", "time": "gone"}
                facts["written"]["deleted"] = {**told, "on": {"person_id": "who"}}
    for part in _tables(given):
        part["table"] = f"living.{part['table'].split('.')[-1]}"
    return Catalog.model_validate(given)


def _tables(part: Any) -> list[dict[str, Any]]:
    if not isinstance(part, Mapping):
        return []
    own = [part] if isinstance(part.get("table"), str) else []
    return [*own, *(one for inner in part.values() for one in _tables(inner))]  # type: ignore[list-item]


FLAGS = {"people": ("person_id", "deleted = {1}"), "shop.orders": ("order_id", "cancelled_at = {0}")}
"""The tables whose rows say that they are gone: their key, and how they say it."""
FLAGGED = {name: (key, how.split()[0]) for name, (key, how) in FLAGS.items()}


@dataclass
class Flags:
    """Which people and orders (by their place in the shop) are gone or there again, and when that was written."""

    people: dict[Any, tuple[bool, datetime]] = field(default_factory=dict)
    orders: dict[Any, tuple[bool, datetime]] = field(default_factory=dict)

    def of(self, table: str) -> dict[Any, tuple[bool, datetime]]:
        """The flags of a table's rows."""
        return dict({"people": self.people, "shop.orders": self.orders}.get(table, {}))

    erased: list[tuple[str, str, datetime]] = field(default_factory=list)
    """The table, whose it was, and when, of rows that were deleted for good."""

    def erase(self, random: Random, shop: Shop, at: datetime) -> Shop:
        """The shop without somebody, and without some rows of some events, lists and channels."""

        def without(kept: Mapping[str, Any], tables: Mapping[str, str]) -> dict[str, Any]:
            left = {name: list(rows) for name, rows in kept.items()}
            for name, table in tables.items():
                for _ in range(random.choice((0, 0, 0, 1, 2)) if left.get(name) else 0):
                    if left[name]:
                        # An order is called by its place.
                        row = left[name].pop(-1 if name == "placed order" else random.randrange(len(left[name])))
                        self.erased.append((table, str(row["profile"]), at))
            return left

        profiles = list(shop.profiles)
        for _ in range(random.choice((0, 0, 1)) if profiles else 0):
            self.erased.append(("people", str(profiles.pop(random.randrange(len(profiles)))["key"]), at))
        # What is known beside their own row; of each second nothing is a row without anything.
        facts = [place for place in range(0, len(profiles), 2) if profiles[place].get("age") is not None]
        for place in random.sample(facts, min(len(facts), random.choice((0, 1, 2)))):
            profiles[place] = {**profiles[place], "age": None, "last order value": None}
            self.erased.append(("person_facts", str(profiles[place]["key"]), at))
        known, names = {one["key"] for one in profiles}, living().events
        tables = {name: one.table.split(".")[-1] for name, one in names.items() if one.table is not None}
        channels = {
            **shop.channels,
            "email": [one for one in shop.channels.get("email", ()) if one["profile"] in known],
        }
        return replace(shop, profiles=profiles, events=without(shop.events, tables), channels=channels)

    def turn(self, random: Random, shop: Shop, at: datetime) -> None:
        """Somebody is gone, or there again, and some orders are."""
        orders = range(len(shop.events.get("placed order", ())))
        for flags, keys in ((self.people, [one["key"] for one in shop.profiles]), (self.orders, [*orders])):
            for key in random.sample(keys, min(len(keys), random.choice((0, 1, 2)))):
                flags[key] = (not flags.get(key, (False,))[0], at)

    def seen(self, shop: Shop) -> Shop:
        """The shop without what is gone: as the catalog's filters show it."""
        people, orders = ({key for key, (gone, _) in flags.items() if gone} for flags in (self.people, self.orders))
        placed = [one for place, one in enumerate(shop.events.get("placed order", ())) if place not in orders]
        profiles = [one for one in shop.profiles if one["key"] not in people]
        return replace(shop, profiles=profiles, events={**shop.events, "placed order": placed})


class Living(Place):
    """A place whose tables say when each row was written."""

    def __init__(self, engine: Keeper, folder: Path) -> None:
        super().__init__(engine, folder)
        self.before: dict[str, Any] = {}
        self.known: dict[str, dict[str, tuple[int, datetime]]] = {}
        self.do: Callable[[str], Any]
        if isinstance(engine, BigQuery):
            return
        if isinstance(engine, ClickHouse):
            self.do = engine.do
        else:
            self.do = engine.rows if isinstance(engine, MariaDB | Spark) else engine._connection.execute
        if isinstance(engine, MariaDB):
            self.do("CREATE OR REPLACE DATABASE living")
            return
        if isinstance(engine, Spark):
            self.do("DROP SCHEMA IF EXISTS living CASCADE")
            self.do("CREATE SCHEMA living")
            return
        if isinstance(engine, ClickHouse):
            self.do("DROP DATABASE IF EXISTS living")
            self.do("CREATE DATABASE living")
            return
        if isinstance(engine, SQLite):
            if "living" not in self.files:
                self.do("ATTACH ':memory:' AS living")
            return
        self.do("DROP SCHEMA IF EXISTS living CASCADE; CREATE SCHEMA living")
        self.do("CREATE TABLE living.known (of text, said text, times bigint, written timestamptz)")

    def renew(self, shop: Shop, written: Mapping[str, datetime], flags: Flags) -> None:
        """Put a shop there; rows that were not there before were written then, by table, and those of the flags."""
        if not isinstance(self.engine, BigQuery):
            self.engine.load(shop)
        if not isinstance(self.engine, BigQuery | ClickHouse | MariaDB | Spark):
            self.engine.fill()
        rows = raw(shop)
        for name in TABLES:
            mine = flags.of(name)
            if name in self.before and self.before[name] == (rows.get(name), mine):
                continue
            self.before[name] = (rows.get(name), mine)
            if isinstance(self.engine, BigQuery):
                self._made(name, list(rows.get(name, ())), written[name], mine)
                continue
            if isinstance(self.engine, ClickHouse | MariaDB | Spark | SQLite):
                self._renewed(self.engine, name, list(rows.get(name, ())), written[name])
                self._flag(name, mine)
                continue
            own, said = f"living.{name.split('.')[-1]}", "md5(CAST(own AS text))"
            now = f"(SELECT {said} AS said, count(*) AS times FROM {name} AS own GROUP BY 1) AS now"
            same = f"known.of = '{name}' AND known.said = now.said AND known.times = now.times"
            at = f"TIMESTAMPTZ '{written[name].isoformat()}'"
            self.do(
                f"DROP TABLE IF EXISTS living.fresh; CREATE TABLE living.fresh AS SELECT '{name}' AS of, now.said,"
                f" now.times, coalesce(known.written, {at}) AS written FROM {now} LEFT JOIN living.known ON {same};"
                f" DELETE FROM living.known WHERE of = '{name}'; INSERT INTO living.known SELECT * FROM living.fresh;"
                f" DROP TABLE IF EXISTS {own}; CREATE TABLE {own} AS SELECT own.*, known.written FROM {name} AS own"
                f" JOIN living.known ON known.of = '{name}' AND known.said = {said}"
            )
            self._flag(name, mine)
        self._tell(flags.erased)
        self.copied()

    def _tell(self, erased: list[tuple[str, str, datetime]]) -> None:
        """Tell of the rows that were deleted for good."""
        columns, rows = {"source": "text", "who": "text", "gone": "instant"}, [*dict.fromkeys(erased)]
        if isinstance(self.engine, Spark):
            self.do(f"CREATE OR REPLACE VIEW living.erased AS {select_of(columns, rows)}")
            return
        if isinstance(self.engine, BigQuery | ClickHouse):
            make = self.service.make if isinstance(self.engine, BigQuery) else self.engine.make
            make("living.erased", columns, rows)
            return
        own = words(self.engine.dialect)
        self.do("DROP TABLE IF EXISTS living.erased")
        self.do(f"CREATE TABLE living.erased (source {own.names}, who {own.names}, gone {own.time})")
        for source, who, at in rows:
            self.do(
                f"INSERT INTO living.erased VALUES ({own.literal(source)}, {own.literal(who)}, {self._instant(at)})"
            )

    def _flag(self, name: str, flags: Mapping[Any, tuple[bool, datetime]]) -> None:
        """Let rows be gone, or there again, which was written then."""
        for key, (gone, at) in flags.items():
            said, (column, how) = self._instant(at), FLAGS[name]
            written = f"written = CASE WHEN written < {said} THEN {said} ELSE written END"
            flag = how.format(said if gone else "NULL", gone)
            table, own = name.rpartition(".")[2], words(self.engine.dialect)
            change = f"{flag}, {written} WHERE {column} = {own.literal(str(key))}"
            if isinstance(self.engine, ClickHouse):
                self.do(f"ALTER TABLE living.{table} UPDATE {change} SETTINGS mutations_sync = 1")
            else:
                self.do(f"UPDATE living.{table} SET {change}")

    def _instant(self, at: datetime) -> str:
        if isinstance(self.engine, ClickHouse):
            return words("clickhouse").at(at)
        if isinstance(self.engine, MariaDB):
            return f"CAST('{at.astimezone(UTC).replace(tzinfo=None)}' AS DATETIME(6))"
        return f"'{stored(at)}'" if isinstance(self.engine, SQLite) else f"TIMESTAMPTZ '{at.isoformat()}'"

    def _timed(self, name: str, rows: list[Any], at: datetime) -> tuple[dict[str, str], list[list[Any]]]:
        """The columns and rows of a table, with when they were written: then, where they were not there before."""
        known, times = self.known.get(name, {}), Counter(map(repr, rows))
        self.known[name] = {
            said: (number, known[said][1] if known.get(said, (0,))[0] == number else at)
            for said, number in times.items()
        }
        return {**TABLES[name], "written": "instant"}, [[*row, self.known[name][repr(row)][1]] for row in rows]

    def _made(self, name: str, rows: list[Any], at: datetime, flags: Mapping[Any, tuple[bool, datetime]]) -> None:
        """A table of BigQuery, in which rows are gone, or there again."""
        columns, whole = self._timed(name, rows, at)
        at_key, at_flag = ([*columns].index(one) for one in FLAGGED.get(name, ("written", "written")))
        said = {str(key): one for key, one in flags.items()}
        for row in whole:
            if str(row[at_key]) in said:
                gone, since = said[str(row[at_key])]
                row[at_flag] = gone if name == "people" else since if gone else None
                row[-1] = max(row[-1], since)
        self.service.make(f"living.{name.rsplit('.', maxsplit=1)[-1]}", columns, whole)

    def _renewed(self, engine: ClickHouse | MariaDB | Spark | SQLite, name: str, rows: list[Any], at: datetime) -> None:
        """The same where rows are no text: a table with rows and when they were written."""
        own, (columns, whole) = f"living.{name.rsplit('.', maxsplit=1)[-1]}", self._timed(name, rows, at)
        if isinstance(engine, ClickHouse):
            engine.make(own, columns, whole, ("cancelled_at",))
            return
        if isinstance(engine, Spark):
            self.do(f"CREATE OR REPLACE VIEW {own} AS {select_of(columns, [tuple(row) for row in whole])}")
            return
        self.do(f"DROP TABLE IF EXISTS {own}")
        if isinstance(engine, MariaDB):
            defined = ", ".join(f"`{column}` {engine.type_of(column, type_)}" for column, type_ in columns.items())
            self.do(f"CREATE TABLE {own} ({defined}) {ANY_CASE}")
            with engine._connection.cursor() as cursor:
                values = [[*map(stored_by_mariadb, row)] for row in whole]
                cursor.executemany(f"INSERT INTO {own} VALUES ({', '.join('%s' for _ in columns)})", values)
            return
        defined = ", ".join(f'"{column}" {TYPES.get(type_, type_)}' for column, type_ in columns.items())
        self.do(f"CREATE TABLE {own} ({defined})")
        filled = [[*map(stored, row)] for row in whole]
        engine._connection.executemany(f"INSERT INTO {own} VALUES ({', '.join('?' for _ in columns)})", filled)
