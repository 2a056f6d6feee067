"""Where the tests keep a ledger: a DuckDB or SQLite file beside the shop's, a schema of each other engine."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, TypeAlias
from unittest.mock import patch

from segql.evaluator import Shop
from segql.ledger.tables import read, told
from segql.warehouse import open_spark
from segql.warehouse.keeping import Keeping, open_keeping
from segql.warehouse.spark_keeping import SparkKeeper

from ..engines import BigQuery, ClickHouse, DuckDB, MariaDB, Postgres, Spark, SQLite
from ..warehouse import fake_bigquery as bigquery
from ..warehouse.fake_clickhouse import Service, path_of
from ..warehouse.stand_in import serving
from ..warehouse.zetasql_bigquery import Executed
from ..worlds.shop_tables import TABLES, raw
from .model import Model

Keeper: TypeAlias = BigQuery | ClickHouse | DuckDB | MariaDB | Postgres | Spark | SQLite
"""An engine of the tests that can keep a ledger."""


class Place:
    """A warehouse of some engine, with a ledger that begins empty."""

    def __init__(self, engine: Keeper, folder: Path) -> None:
        self.engine, self.folder = engine, folder
        if isinstance(engine, BigQuery):
            self.service = Executed(engine=engine)
        if isinstance(engine, Postgres):
            engine.do("DROP SCHEMA IF EXISTS kept CASCADE")
        if isinstance(engine, MariaDB | Spark):
            engine.rows(f"DROP SCHEMA IF EXISTS kept{' CASCADE' if isinstance(engine, Spark) else ''}")
        if isinstance(engine, ClickHouse):
            engine.do("DROP DATABASE IF EXISTS kept")

    def load(self, shop: Shop) -> None:
        """Put a shop there."""
        if isinstance(self.engine, BigQuery):
            rows = raw(shop)
            for name, columns in TABLES.items():
                self.service.make(name, columns, rows.get(name, ()))
            return
        self.engine.load(shop)
        if not isinstance(self.engine, ClickHouse | MariaDB):
            self.engine.fill()
        self.copied()

    def copied(self) -> None:
        """Put what the engine has where the ledger finds it."""
        if isinstance(self.engine, DuckDB):
            self.shop.unlink(missing_ok=True)
            do = self.engine._connection.execute
            do(f"ATTACH '{self.shop}' AS copied")
            do("COPY FROM DATABASE memory TO copied")
            do("DETACH copied")
        if isinstance(self.engine, Postgres):
            self.engine._connection.commit()
        if isinstance(self.engine, SQLite):
            for name, file in self.files.items():
                with closing(sqlite3.connect(file)) as copy:
                    self.engine._connection.backup(copy, name=name)

    @property
    def files(self) -> dict[str, Path]:
        """The files of SQLite, a schema each; the first is the warehouse."""
        assert isinstance(self.engine, SQLite)
        names = [name for _, name, _ in self.engine._connection.execute("PRAGMA database_list").fetchall()]
        return {name: self.folder / f"{name}.sqlite" for name in names if name != "temp"}

    @property
    def shop(self) -> Path:
        return self.folder / "world.duckdb"

    @contextmanager
    def opened(self) -> Iterator[Keeping]:
        """The ledger, open."""
        if isinstance(self.engine, Postgres):
            keeping = open_keeping(self.engine._server.get_uri(), "kept")
        elif isinstance(self.engine, MariaDB):
            keeping = open_keeping(url_of(self.engine), "kept")
        elif isinstance(self.engine, BigQuery):
            with bigquery.serving(self.service) as address, patch.dict(os.environ, BIGQUERY_EMULATOR_HOST=address):
                keeping = open_keeping("bigquery://project/own", "kept")
                try:
                    yield keeping
                finally:
                    keeping.close()
            return
        elif isinstance(self.engine, ClickHouse):
            with serving(Service(path_of(self.engine))) as port:
                keeping = open_keeping(f"clickhouse://127.0.0.1:{port}/default", "kept")
                try:
                    yield keeping
                finally:
                    keeping.close()
            return
        elif isinstance(self.engine, Spark):
            warehouse = open_spark(self.engine.session)
            keeping = Keeping(warehouse, SparkKeeper(warehouse.connection, "kept"))  # type: ignore[arg-type]
        elif isinstance(self.engine, SQLite):
            world, *others = self.files.items()
            keeping = open_keeping(f"sqlite:///{world[1]}", str(self.folder / "members.sqlite"))
            for name, file in others:
                keeping.warehouse.connection.driver.execute(f"ATTACH 'file:{file}?mode=ro' AS {name}")  # type: ignore[attr-defined]
        else:
            keeping = open_keeping(str(self.shop), str(self.folder / "members.duckdb"))
        try:
            yield keeping
        finally:
            keeping.close()


def url_of(engine: MariaDB) -> str:
    """Where the warehouse of a server is."""
    return f"mariadb://root@localhost/warehouse?unix_socket={engine.server.socket}"


def tables(keeping: Keeping) -> Model:
    """What the ledger says. No row may be there twice."""
    schema, rows, dialect = keeping.schema, keeping.warehouse.rows, keeping.warehouse.dialect
    with keeping.shown():
        members = rows(f"SELECT segment, profile, {told('since', dialect)} FROM {schema}.members")
        history = rows(
            f"SELECT segment, profile, {told('entered', dialect)}, {told('left', dialect)} FROM {schema}.history"
        )
    found = Model({(a, b): utc(c) for a, b, c in members}, {(a, b, utc(c), utc(d)) for a, b, c, d in history})
    assert len(found.members) == len(members)
    assert len(found.history) == len(history)
    assert found.members == {(a, b): c for a, b, c, d in found.history if d is None}
    return found


def utc(micros: int | None) -> Any:
    return micros if micros is None else read(micros)
