"""A warehouse that is awaited: Postgres by asyncpg, all others by a few connections, each asked in a thread.

A question that is cancelled is stopped in the warehouse too, before the cancellation goes on. Statements only read.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from types import NoneType
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from uuid import UUID

from ..errors import expect
from .connection import Row, Warehouse, counting, in_order
from .faults import WarehouseError, misfit, missing, too_long, unfit
from .servers import SECONDS
from .urls import SCHEMES, Secrets, dialect_of, scheme, shown

if TYPE_CHECKING:
    from types import TracebackType

T = TypeVar("T")
OFTEN = 0.05
"""Seconds between two cancellations of a statement: it may not have begun yet."""


class _Asking(Protocol):
    """What asks a statement, whatever the driver."""

    async def rows(self, sql: str) -> tuple[tuple[str, ...], list[Row]]:
        """The columns of a query, and its rows."""

    async def close(self) -> None:
        """Close all connections."""


class AwaitedWarehouse:
    """An open warehouse for a program of coroutines; up to `size` of them are answered at once, the others wait.

    `dialect` is what `segql.compile` should write. Errors are WarehouseErrors.
    """

    def __init__(self, asking: _Asking, dialect: str) -> None:
        self._asking = asking
        self.dialect = dialect

    async def rows(self, sql: str) -> list[Row]:
        """All rows of a query."""
        return (await self._asking.rows(sql))[1]

    async def count(self, sql: str) -> int:
        """How many rows a query has."""
        return (await self.counts(sql))[0]

    async def counts(self, *queries: str) -> list[int]:
        """How many rows each of some queries has, by one statement."""
        rows = await self.rows(counting(*queries)) if queries else []
        found = {int(place): int(members) for place, members in rows}
        return [found[place] for place in range(len(queries))]

    async def members(self, sql: str, limit: int | None = None) -> list[Any]:
        """The values of a query's one column in order; `limit` of them at most."""
        return [row[0] for row in await self.rows(in_order(sql, limit))]

    async def listing(self, sql: str, limit: int | None = None, by: int = 1) -> tuple[tuple[str, ...], list[Row]]:
        """The names of a query's columns and its first `limit` rows, in the order of the first `by` columns."""
        return await self._asking.rows(in_order(sql, limit, by))

    async def close(self) -> None:
        """Close all connections."""
        await self._asking.close()

    async def __aenter__(self) -> AwaitedWarehouse:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


async def open_awaited(
    place: str | os.PathLike[str], tables: Mapping[str, str] | None = None, *, size: int = 4, seconds: int | None = None
) -> AwaitedWarehouse:
    """The warehouse at a place, as `open_warehouse` takes one; at most `size` statements at once, each of `seconds`.

    Raises WarehouseError, TypeError that names an argument of a wrong type, ValueError for a size below 1.
    """
    expect("place", "a file, a folder or a URL", place, str, os.PathLike)
    expect("size", "a whole number", size, int)
    expect("seconds", "a whole number", seconds, int, NoneType)
    if size < 1:
        raise ValueError(f"`size` is 1 or more, not {size}")
    place = os.fspath(place)
    if SCHEMES.get(scheme(place) or "") == "postgres" and not tables:
        return AwaitedWarehouse(await _Postgres.opened(place.strip(), size, seconds), "postgres")

    def opened() -> Warehouse:
        from .opening import open_warehouse

        return open_warehouse(place, tables, seconds=seconds)

    asking = _Threads(opened, f"The warehouse {shown(place)}", size)
    try:
        async with asking.taken():  # what cannot be opened says so now
            pass
    except BaseException:
        await asking.close()
        raise
    return AwaitedWarehouse(asking, dialect_of(place))


class _Threads:
    """Connections of a driver that blocks, each used by one thread at a time and opened when first needed."""

    def __init__(self, opened: Callable[[], Warehouse], name: str, size: int) -> None:
        self._opened, self._name, self._free, self._closed = opened, name, list[Warehouse](), False
        self._room = asyncio.Semaphore(size)
        self._pool = ThreadPoolExecutor(size, "segql")

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[Warehouse]:
        """A connection to oneself; one that may be lost is not used again after an error."""
        async with self._room:
            warehouse = self._free.pop() if self._free else await self._run(self._opened, lambda: None, Warehouse.close)
            try:
                yield warehouse
            except WarehouseError:
                if warehouse.connection.reconnects:
                    with suppress(Exception):
                        warehouse.close()
                else:
                    self._back(warehouse)
                raise
            except BaseException:
                self._back(warehouse)
                raise
            self._back(warehouse)

    def _back(self, warehouse: Warehouse) -> None:
        """Takes a connection back; nobody asks it once all are closed."""
        if self._closed:
            warehouse.close()
        else:
            self._free.append(warehouse)

    async def rows(self, sql: str) -> tuple[tuple[str, ...], list[Row]]:
        async with self.taken() as warehouse:
            return await self._run(lambda: warehouse.table(sql), warehouse.cancel)

    async def _run(
        self, work: Callable[[], T], cancel: Callable[[], None], lost: Callable[[T], None] = lambda _: None
    ) -> T:
        """Works in a thread; who is cancelled waits until the thread has stopped, as its connection is used again.

        `lost` gets what was made for somebody who is cancelled.
        """
        if self._closed:
            raise WarehouseError(f"{self._name} is closed.")
        doing = asyncio.get_running_loop().run_in_executor(self._pool, work)
        try:
            return await asyncio.shield(doing)
        except asyncio.CancelledError:
            while not doing.done():
                with suppress(Exception):  # a driver that cannot be stopped is waited for
                    cancel()
                await asyncio.wait({doing}, timeout=OFTEN)
            with suppress(BaseException):
                lost(doing.result())
            raise

    async def close(self) -> None:
        self._closed = True  # what is asked now ends first, and closes its connection then
        while self._free:
            self._free.pop().close()
        self._pool.shutdown(wait=False)


class _Postgres:
    """A pool of asyncpg, whose statements are READ ONLY transactions."""

    def __init__(self, pool: Any, name: str, secrets: Secrets, seconds: int) -> None:
        self._pool, self._name, self._secrets, self._seconds = pool, name, secrets, seconds

    @staticmethod
    async def opened(url: str, size: int, seconds: int | None) -> _Postgres:
        """Raises WarehouseError."""
        name, secrets = f"The warehouse {shown(url)}", Secrets.of(url)
        seconds = SECONDS if seconds is None else seconds
        try:
            import asyncpg
        except ImportError:
            raise missing(name, "asyncpg") from None
        settings = {
            "application_name": "segql", "default_transaction_read_only": "on", "TimeZone": "UTC",
            "statement_timeout": str(seconds * 1000),
        }  # fmt: skip
        try:
            pool = await asyncpg.create_pool(url, min_size=1, max_size=size, server_settings=settings)
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, OverflowError, ValueError) as error:
            raise WarehouseError(f"{name} cannot be opened: {secrets.taken_out(_said(error))}") from None
        return _Postgres(pool, name, secrets, seconds)

    async def rows(self, sql: str) -> tuple[tuple[str, ...], list[Row]]:
        import asyncpg

        try:
            async with self._pool.acquire() as connection:
                # What a statement may set (`set_config`) ends with its transaction.
                transaction = connection.transaction(readonly=True)
                await transaction.start()
                try:
                    statement = await connection.prepare(sql)
                    found = await statement.fetch()
                    columns = tuple(one.name for one in statement.get_attributes())
                finally:
                    await transaction.rollback()
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, OverflowError, ValueError) as error:
            raise self._translated(error) from None
        return columns, [tuple(str(one) if isinstance(one, UUID) else one for one in row) for row in found]

    def _translated(self, error: Exception) -> WarehouseError:
        said, state = self._secrets.taken_out(_said(error)), getattr(error, "sqlstate", None) or ""
        if "statement timeout" in said:
            return too_long(self._name, self._seconds)
        if state.startswith("42") and state != "42501":  # the right to read is missing, not the table
            return unfit(self._name, said)
        if state.startswith("22") or isinstance(error, OverflowError):
            return misfit(self._name, said)
        return WarehouseError(f"{self._name} cannot answer: {said}")

    async def close(self) -> None:
        await self._pool.close()


def _said(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).split("\n", 1)[0]
