"""Spark: the real one in a JVM of its own (the wheel `pyspark`, and Java 17 or newer), and Sail (`pysail`), which
speaks its protocol and its SQL, needs no Java and is many times faster. What Sail accepts Spark may refuse, and some of
what Spark does Sail cannot do.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from segql.evaluator import Key, Shop

from ..worlds.shop_tables import TABLES, raw
from .unable import Unable

TYPES = {
    "text": "STRING",
    "json": "STRING",
    "integer": "INT",
    "double precision": "DOUBLE",
    "instant": "TIMESTAMP",
    "wall": "TIMESTAMP_NTZ",
    "list of text": "ARRAY<STRING>",
    "list of integer": "ARRAY<INT>",
}
"""Of the types in `TABLES`, those that are written differently here."""

SETTINGS = {
    # One that no test speaks of: nothing may depend on it.
    "spark.sql.session.timeZone": "Asia/Kathmandu",
    # Tables of a few rows: compiling and distributing a query costs far more than running it.
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.autoBroadcastJoinThreshold": "-1",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    # Where views of no table live.
    "spark.sql.globalTempDatabase": "shop",
    # A process of minutes: what is compiled to run for hours never pays.
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:-UsePerfData",
    # Nothing to see, nothing to keep.
    "spark.sql.catalogImplementation": "in-memory",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
}

CANNOT = (
    "Physical plan does not support logical expression Exists",
    "Schema contains duplicate unqualified field name",
    "Remainder by zero",
    "`from_json` function requires a schema string, got an empty or null string",
)
"""What Sail says of EXISTS in what is aggregated, of two columns that have one name before they are renamed, and of
`x % NULLIF(y, 0)` and `FROM_JSON(x, 'type')` where there are no rows: such a test is skipped
there, and runs on Spark itself."""


class _Session:
    """A shop as views over literals, those that a statement names: there are no files to write."""

    dialect = "spark"

    def __init__(self, session: Any) -> None:
        self.session = session
        self._loaded: Shop | None = None
        self._rows: dict[str, list[tuple[Any, ...]]] = {}
        self._viewed: dict[str, list[tuple[Any, ...]]] = {}

    def load(self, shop: Shop) -> None:
        if shop is not self._loaded:
            self._rows = raw(shop)
            self._loaded = shop

    def fill(self) -> None:
        """Put all tables of the shop there, whatever will be asked."""
        self._fill(" ".join(TABLES))

    def _fill(self, sql: str) -> None:
        for name, columns in TABLES.items():
            rows = self._rows.get(name, [])
            if name.rpartition(".")[2] in sql and self._viewed.get(name) != rows:
                self._create(name, select_of(columns, rows))
                self._viewed[name] = rows

    def _create(self, name: str, select: str) -> None:
        rows = self.session.sql(select)
        if name.startswith("shop."):
            rows.createOrReplaceGlobalTempView(name.removeprefix("shop."))
        else:
            rows.createOrReplaceTempView(name)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        self._fill(sql)
        return [tuple(row) for row in self.session.sql(sql).collect()]

    def members(self, sql: str) -> set[Key]:
        keys = [key for (key,) in self.rows(sql)]
        assert len(keys) == len(set(keys)), f"keys come twice:\n{sql}"
        return set(keys)

    def close(self) -> None:
        self.session.stop()


class Spark(_Session):
    def __init__(self) -> None:
        from pyspark.sql import SparkSession

        if "JAVA_HOME" not in os.environ and shutil.which("java") is None:
            raise ImportError("Spark needs Java")
        builder = SparkSession.builder.master("local[1]")
        self._folder = tempfile.mkdtemp(prefix="segql-")
        for key, value in {**SETTINGS, "spark.sql.warehouse.dir": self._folder}.items():
            builder = builder.config(key, value)
        super().__init__(builder.getOrCreate())

    def close(self) -> None:
        super().close()
        shutil.rmtree(self._folder)


class Server:
    """A server of Spark Connect in a JVM of its own, whose catalog all its sessions share; `url` is where it is."""

    def __init__(self) -> None:
        import pyspark

        home = Path(pyspark.__file__).parent
        if ("JAVA_HOME" not in os.environ and shutil.which("java") is None) or not (home / "bin").exists():
            raise ImportError("Spark needs Java")
        self._folder = Path(tempfile.mkdtemp(prefix="segql-"))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        options = {
            **SETTINGS,
            "spark.master": "local[2]",
            "spark.sql.warehouse.dir": str(self._folder / "tables"),
            "spark.connect.grpc.binding.port": str(port),
            "spark.connect.grpc.binding.address": "127.0.0.1",
        }
        said = [word for key, value in options.items() for word in ("--conf", f"{key}={value}")]
        server = ["--class", "org.apache.spark.sql.connect.service.SparkConnectServer", "spark-internal"]
        self._process = subprocess.Popen(
            [str(home / "bin" / "spark-submit"), *said, *server],
            stdout=subprocess.DEVNULL, stderr=(self._folder / "log").open("w"), cwd=self._folder,
            env={**os.environ, "SPARK_HOME": str(home)}, start_new_session=True,
        )  # fmt: skip
        self.url = f"sc://127.0.0.1:{port}"
        deadline = time.monotonic() + 120
        while True:
            with socket.socket() as way:
                if way.connect_ex(("127.0.0.1", port)) == 0:
                    return
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((self._folder / "log").read_text()[-2000:])
            time.sleep(0.1)

    def close(self) -> None:
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        shutil.rmtree(self._folder)


def serve() -> tuple[Any, str]:
    """A server of Sail, and its URL."""
    # pyspark takes a process whose main module has no file, such as a parallel worker, for doctests of its own.
    vars(sys.modules["__main__"]).setdefault("__file__", __file__)
    from pysail.spark import SparkConnectServer

    server = SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    _, port = server.listening_address
    return server, f"sc://127.0.0.1:{port}"


class Sail(_Session):
    def __init__(self) -> None:
        self._server, url = serve()
        from pyspark.sql.connect.session import SparkSession

        super().__init__(SparkSession.builder.remote(url).getOrCreate())
        # In another zone its arithmetic with timestamps is not Spark's.
        self.session.conf.set("spark.sql.session.timeZone", "UTC")
        self.session.sql("CREATE DATABASE shop").collect()

    def _create(self, name: str, select: str) -> None:
        self.session.sql(f"CREATE OR REPLACE VIEW {name} AS {select}").collect()

    def close(self) -> None:
        super().close()
        self._server.stop()

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        try:
            return super().rows(sql)
        except Exception as error:
            if any(said in str(error) for said in CANNOT):
                raise Unable(str(error)) from None
            raise


def select_of(columns: dict[str, str], rows: list[tuple[Any, ...]]) -> str:
    values = ", ".join(
        f"CAST({f'c{index}' if rows else 'NULL'} AS {TYPES.get(type_, type_)}) AS `{column}`"
        for index, (column, type_) in enumerate(columns.items())
    )
    if not rows:
        return f"SELECT {values} WHERE FALSE"
    types = [TYPES.get(type_, type_) for type_ in columns.values()]
    written = ", ".join(
        f"({', '.join(_literal(value, type_) for value, type_ in zip(row, types, strict=True))})" for row in rows
    )
    names = ", ".join(f"c{index}" for index in range(len(columns)))
    return f"SELECT {values} FROM VALUES {written} AS t({names})"


def _literal(value: Any, type_: str = "") -> str:
    match value:
        case None:
            return "NULL"
        case bool():
            return str(value).upper()
        case float():
            return f"DOUBLE('{value!r}')"
        case int():
            return str(value)
        case Decimal():
            return f"{value:f}BD"
        case datetime() if value.tzinfo is None:
            return f"TIMESTAMP_NTZ '{value}'"
        case datetime():
            return f"TIMESTAMP '{value.astimezone(UTC).replace(tzinfo=None)}Z'"
        case date():
            return f"DATE '{value}'"
        case tuple() | list():
            # Sail joins arrays of one type only, and knows it not from their elements.
            return f"CAST(ARRAY({', '.join(map(_literal, value))}) AS {type_})"
        case _:
            written = str(value).replace("\\", "\\\\").replace("'", "\\'").replace("\0", "\\000")
            return "'" + written.replace("${", "$' || '{") + "'"  # `${x}` would be a variable
