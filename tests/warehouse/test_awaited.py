"""Warehouses that are awaited: many at once, stopped when cancelled, read only."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable, Coroutine, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

import segql
from segql.warehouse import AwaitedWarehouse, WarehouseError, open_awaited

from ..engines import Postgres

pytest.importorskip("asyncpg")
CATALOG = segql.catalog_from_yaml("profiles: {table: people, key: id, properties: {country: text}}")
MAKE = "CREATE TABLE people (id varchar(9), country varchar(2))"
FILL = "INSERT INTO people VALUES ('ann', 'NL'), ('bob', 'BE'), ('cem', NULL)"
LONG = {
    "duckdb": "SELECT count(*) FROM range(100000000) AS a, range(1000) AS b WHERE a.range * b.range % 7 = 3",
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n",
    "postgres": "SELECT pg_sleep(60)",
}


@pytest.fixture(scope="module")
def server() -> Iterator[Any]:
    found = Postgres()
    connection = found._connection
    connection.execute("DROP TABLE IF EXISTS people")
    connection.execute(MAKE)
    connection.execute(FILL)
    connection.commit()
    yield found
    found.close()


@pytest.fixture(params=["duckdb", "sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgres":
        url: str = request.getfixturevalue("server")._server.get_uri()
        return url
    path = tmp_path / "shop.db"
    if request.param == "duckdb":
        with duckdb.connect(str(path)) as made:
            made.execute(MAKE).execute(FILL)
        return str(path)
    with sqlite3.connect(path) as lite:
        lite.execute(MAKE)
        lite.execute(FILL)
    lite.close()
    return f"sqlite:///{path}"


def ask(place: str, question: Callable[[AwaitedWarehouse], Coroutine[Any, Any, Any]], **given: Any) -> Any:
    async def asked() -> Any:
        async with await open_awaited(place, **given) as warehouse:
            return await question(warehouse)

    return asyncio.run(asked())


def test_what_is_awaited_is_what_the_rule_says(place: str) -> None:
    async def question(warehouse: AwaitedWarehouse) -> None:
        now = datetime(2026, 11, 22, tzinfo=UTC)
        some, every = (
            segql.compile(rule, CATALOG, now=now, dialect=warehouse.dialect).sql
            for rule in ('country is "NL" or country is empty', "everyone")
        )
        assert await warehouse.count(some) == 2
        assert await warehouse.counts(some, every) == [2, 3]
        assert await warehouse.counts() == []
        assert await warehouse.members(every, 2) == ["ann", "bob"]
        assert await warehouse.listing("SELECT id, country FROM people", 1) == (("id", "country"), [("ann", "NL")])
        assert await asyncio.gather(*(warehouse.count(every) for _ in range(40))) == [3] * 40

    ask(place, question)


def test_who_is_cancelled_stops_the_statement(place: str) -> None:
    async def question(warehouse: AwaitedWarehouse) -> float:
        start = time.monotonic()
        for _ in range(3):  # one connection: it is free again each time
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.2):
                    await warehouse.rows(LONG[warehouse.dialect])
            assert await warehouse.count("SELECT id FROM people") == 3
        waits = [asyncio.create_task(warehouse.rows(LONG[warehouse.dialect])) for _ in range(3)]
        await asyncio.sleep(0.1)
        for one in waits:  # some of them wait for the connection
            one.cancel()
        ends = await asyncio.gather(*waits, return_exceptions=True)
        assert all(isinstance(one, asyncio.CancelledError) for one in ends)
        return time.monotonic() - start

    assert ask(place, question, size=1) < 8


def test_what_is_closed_answers_nobody(place: str) -> None:
    async def question(warehouse: AwaitedWarehouse) -> None:
        for _ in range(2):
            await warehouse.close()
        with pytest.raises(WarehouseError, match="is clos"):
            await warehouse.rows("SELECT 1")

    ask(place, question)


def test_who_is_asked_while_all_are_closed_is_closed_afterwards(tmp_path: Path) -> None:
    path = tmp_path / "shop.duckdb"
    duckdb.connect(str(path)).close()

    async def question(warehouse: AwaitedWarehouse) -> list[object]:
        waits = [asyncio.create_task(warehouse.rows(LONG["duckdb"])) for _ in range(3)]
        await asyncio.sleep(0.2)
        await warehouse.close()
        for one in waits[:2]:  # the third waits for a connection
            one.cancel()
        return list(await asyncio.gather(*waits, return_exceptions=True))

    *_, last = ask(str(path), question, size=2)
    assert isinstance(last, WarehouseError)
    assert "is closed" in str(last)
    duckdb.connect(str(path)).close()  # nobody reads the file any more, or it could not be written


def test_nothing_is_written(place: str) -> None:
    async def question(warehouse: AwaitedWarehouse) -> None:
        with pytest.raises(WarehouseError):
            await warehouse.rows("INSERT INTO people VALUES ('dee', 'NL')")
        assert await warehouse.count("SELECT id FROM people") == 3

    ask(place, question)


def test_postgres_reads_only_whatever_is_set(server: Any) -> None:
    async def question(warehouse: AwaitedWarehouse) -> None:
        await warehouse.rows("SELECT set_config('default_transaction_read_only', 'off', false)")
        with pytest.raises(WarehouseError, match="read-only"):
            await warehouse.rows("INSERT INTO people VALUES ('dee', 'NL')")
        with pytest.raises(WarehouseError, match="multiple commands"):
            await warehouse.rows("COMMIT; INSERT INTO people VALUES ('dee', 'NL')")

    ask(server._server.get_uri(), question, size=1)


@pytest.mark.parametrize(
    ("sql", "said"),
    [("SELECT id FROM nowhere", "does not have what the catalog says"), ("SELECT pg_sleep(5)", "1 second")],
)
def test_what_goes_wrong_in_postgres(sql: str, said: str, server: Any) -> None:
    with pytest.raises(WarehouseError, match=said):
        ask(server._server.get_uri(), lambda warehouse: warehouse.rows(sql), seconds=1)


@pytest.mark.parametrize(
    "place",
    [
        "nothing.duckdb",
        "sqlite:///nothing.db",
        "postgresql://ann:s3cret@127.0.0.1:1/shop",
        "oracle://x",
        "postgresql://ann:s3cret@127.0.0.1:99999/shop",
    ],
)
def test_what_cannot_be_opened_says_so(place: str) -> None:
    with pytest.raises(WarehouseError) as error:
        asyncio.run(open_awaited(place))
    assert "s3cret" not in str(error.value)
