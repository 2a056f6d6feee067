"""What no server is needed for: URLs and their secrets, extras that are missing, the caller's own connection."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
import traceback
from itertools import product
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner

from segql.cli import main
from segql.warehouse import WarehouseError, dialect_of, masked, open_dbapi, open_warehouse, shown
from segql.warehouse.types import column_type, declared_as, fits
from segql.warehouse.urls import Secrets

# --- URLs ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "dialect"),
    [
        ("postgresql://host/db", "postgres"), ("postgres://host/db", "postgres"), ("POSTGRESQL://host/db", "postgres"),
        ("bigquery://project/set", "bigquery"), ("sc://host:15002", "spark"), ("mysql://host", "mysql"),
        ("mariadb://host", "mariadb"), ("shop.duckdb", "duckdb"),
        (":memory:", "duckdb"), (r"C:\shop\shop.duckdb", "duckdb"), (None, "duckdb"),
    ],
)  # fmt: skip
def test_the_place_says_the_dialect(place: str | None, dialect: str) -> None:
    assert dialect_of(place) == dialect


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("postgresql://host/shop", "postgresql://host/shop"),
        ("postgresql://ann@host:5432/shop", "postgresql://ann@host:5432/shop"),
        ("postgresql://ann:pw@host/shop", "postgresql://ann:***@host/shop"),
        ("databricks://dapi12@host?catalog=shop", "databricks://***@host?catalog=shop"),
        ("databricks://dapi12:x@host", "databricks://***@host"),
        ("databricks://token:dapi12@host", "databricks://token:***@host"),
        ("postgresql://ann:p@w/:?#@host/shop", "postgresql://ann:***@host/shop"),
        ("postgresql://:pw@host/shop", "postgresql://:***@host/shop"),
        ("postgresql://host/shop?user=ann&password=pw&x=1", "postgresql://host/shop?user=ann&password=***&x=***"),
        ("sc://host:15002/;use_ssl=true;token=pw", "sc://host:15002/;use_ssl=true;token=***"),
        ("bigquery://project/shop?location=EU&credentials=pw", "bigquery://project/shop?location=EU&credentials=***"),
        ("host=db user=ann password=pw sslmode=require", "host=db user=ann password=*** sslmode=require"),
        ("postgresql://[::1]:5432,b:5433/shop", "postgresql://[::1]:5432,b:5433/shop"),
        ("postgresql:///shop?host=/var/run/postgresql", "postgresql:///shop?host=/var/run/postgresql"),
        ("shop.duckdb", "shop.duckdb"), ("data/day=1/*.parquet", "data/day=1/*.parquet"), (":memory:", ":memory:"),
        (r"C:\shop\shop.duckdb", r"C:\shop\shop.duckdb"), ("a@b/c d.csv", "a@b/c d.csv"),
    ],
)  # fmt: skip
def test_secrets_are_not_shown(url: str, safe: str) -> None:
    assert shown(url) == safe
    for said in Secrets.of(url).texts:
        assert said in ("pw", "p@w/:?#", "w/:?#", "1") or "ann" not in said


TYPED = [
    "{scheme}://ann:{secret}@{host}/shop", " {scheme}://ann:{secret}@{host}/shop", "\n{scheme}://ann:{secret}@{host}",
    "{scheme}:/ann:{secret}@{host}/shop", "{scheme}:///ann:{secret}@{host}/shop", "{scheme}//ann:{secret}@{host}/shop",
    "{scheme};//ann:{secret}@{host}/shop", "{scheme}:ann:{secret}@{host}/shop", "{scheme}:\\\\ann:{secret}@{host}",
    "{scheme} ://ann:{secret}@{host}", "://ann:{secret}@{host}/shop", "//ann:{secret}@{host}",
    "ann:{secret}@{host}/shop",
    "{scheme}://ann%3A{secret}@{host}/shop",
    '"{scheme}://ann:{secret}@{host}/shop"', "jdbc:{scheme}://{host}/shop?user=ann&password={secret}",
    "{scheme}://{host}/shop?password={secret}", "{scheme}://{host}/shop?user=ann&sslpassword={secret}&sslmode=require",
    "{scheme}://{host}/shop?PassWord={secret}", "{scheme}://{host}/shop?passwd={secret}", "{scheme}://{host}?pwd={secret}",
    "{scheme}://{host}/;token={secret}", "{scheme}://{host}/;use_ssl=true;token={secret};x=1",
    "{scheme}://project/shop?credentials={secret}", "{scheme}://project/shop?location=EU&nonsense={secret}",
    "{scheme}://{host}/shop?user=ann;password={secret}",
    "host={host} password={secret}", "host={host} password={secret} user=ann", "password={secret} host={host}",
    "host={host} password = '{secret}'", "host={host} passwd={secret}", " host={host} sslpassword={secret}",
    "user=ann password='{secret}", "dbname=shop password={secret}", "PASSWORD={secret} HOST={host}",
    "Server={host};Uid=ann;Pwd={secret}",
]  # fmt: skip
"""What people type for a place with a secret in it."""
CUT_OFF = ["{scheme}://ann:{secret}/shop", "{scheme}://ann:{secret}", "{scheme}://{host}/shop#{secret}",
           "{scheme}://{host}/shop?{secret}"]  # fmt: skip
"""Here an @ in the secret makes a host of the rest of it, and an = a name."""
SCHEMES_TYPED = (
    "postgresql",
    "postgres",
    "postgress",
    "POSTGRESQL",
    "mysql",
    "sqlite",
    "bigquery",
    "sc",
    "trinoo",
    "http",
    "p.g",
)
SECRETS = ("hunter2", "s3cr3t", "hun/ter2", "hun@ter2", "hun:ter2", "hun?ter2", "hun#ter2", "hun%40ter2", "hun&ter2",
           "hun=ter2", "hun;ter2", "hun ter2", "hun\\ ter2", "ünt€r2", "123456")  # fmt: skip


def _parts(secret: str) -> list[str]:
    return [part for part in re.split(r"[/@:?#&=;% \\]|40", secret) if part]


@pytest.mark.parametrize("typed", [*TYPED, *CUT_OFF])
def test_a_secret_is_in_no_message(typed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No part of it, in whatever spelling somebody gives it: neither shown nor said."""
    monkeypatch.chdir(tmp_path)
    for scheme, secret in product(SCHEMES_TYPED, SECRETS):
        if typed in CUT_OFF and ("@" in secret or "=" in secret):
            continue
        place = typed.format(scheme=scheme, secret=secret, host="192.0.2.1:5432")
        said = shown(place) + repr(Secrets.of(place))
        if dialect_of(place) == "duckdb":  # others would look for the server
            with pytest.raises(WarehouseError) as caught:
                open_warehouse(place)
            said += f"{caught.value.message} {caught.value.hint} {''.join(traceback.format_exception(caught.value))}"
        for part in _parts(secret):
            assert part not in said, (place, said)


def test_a_place_that_is_meant_for_a_server_says_how_to_name_one() -> None:
    for place in (
        "host=db password=hunter2",
        "postgresql:/ann:hunter2@host/x",
        "ann@host/x",
        "a" * 5000 + "@",
        "a\0@b",
    ):
        with pytest.raises(WarehouseError) as caught:
            open_warehouse(place)
        assert caught.value.hint == "a server is named by its URL: postgresql://USER@HOST:PORT/DATABASE"


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("what is said of postgresql://ann:pw@host", "what is said of postgresql://ann:***@host"),
        ("databricks://dapi12@host is", "databricks://***@host is"),
        ("\\warehouse postgresql:/ann:pw@host/x", "\\warehouse postgresql:/ann:***@host/x"),
        ("\\warehouse host=db password=pw user=ann", "\\warehouse host=db password=*** user=ann"),
        ("\\warehouse host=db password='p w' user=ann", "\\warehouse host=db password=*** user=ann"),
        ("at bigquery://p/d?credentials=pw&x=1", "at bigquery://p/d?credentials=***&x=1"),
        ('email is "a:b@c" and key = 5 and token is "x"', 'email is "a:b@c" and key = 5 and token is "x"'),
        ('secret="x" and at 10:30', 'secret="x" and at 10:30'),
    ],
)
def test_secrets_in_a_text(text: str, safe: str) -> None:
    """What was typed is kept for the next time, so a rule stays what it is."""
    assert masked(text) == safe


def test_a_driver_may_say_a_secret_in_any_form() -> None:
    secrets = Secrets.of("postgresql://ann:p%40ssa%2Fword@host/shop?sslpassword=ssb")
    for said in ("p%40ssa%2Fword", "p@ssa/word", "ssa/word", "ssb"):
        assert "ss" not in secrets.taken_out(f'bad "{said}"') + repr(secrets)


def test_unknown_schemes() -> None:
    with pytest.raises(WarehouseError) as caught:
        open_warehouse("postgress://ann:pw@host/shop")
    assert (caught.value.message, caught.value.hint) == (
        "postgress://ann:***@host/shop is no URL of a warehouse.", "did you mean postgres://?",
    )  # fmt: skip
    with pytest.raises(WarehouseError) as caught:
        open_warehouse("https://host/shop")
    assert (
        caught.value.hint
        == "known are postgresql://, postgres://, bigquery://, sc://, mysql://, mariadb://, sqlite://, clickhouse://,"
        " snowflake://, databricks://, trino://"
    )


def test_tables_of_files_do_not_go_into_a_server() -> None:
    with pytest.raises(WarehouseError, match="--table goes with files"):
        open_warehouse("postgresql://ann:pw@host/shop", {"people": "people.csv"})


@pytest.mark.parametrize(
    ("url", "module", "extra"),
    [
        ("postgresql://host/shop", "adbc_driver_postgresql", "postgres"),
        ("bigquery://project/shop", "google.cloud", "bigquery"),
        ("mysql://host/shop", "pymysql", "mysql"), ("mariadb://host/shop", "pymysql", "mysql"),
        ("sc://host", "pyspark.errors", "spark"), ("trino://host/lake", "trino", "trino"),
        ("clickhouse://host/shop", "clickhouse_connect.driver", "clickhouse"),
        ("snowflake://ann@account/lake", "adbc_driver_snowflake", "snowflake"),
        ("databricks://token:x@host?http_path=/sql", "databricks", "databricks"),
    ],
)  # fmt: skip
def test_a_missing_extra_says_what_to_install(
    url: str, module: str, extra: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    (tmp_path / "catalog.yaml").write_text("profiles: {table: people, key: id}", encoding="utf-8")
    where = ["--catalog", str(tmp_path / "catalog.yaml"), "--warehouse", url]
    done = CliRunner().invoke(main, ["count", "everyone", *where])
    assert done.exit_code == 3
    assert f"pip install 'segql[{extra}]'" in done.stderr


def test_the_drivers_are_loaded_when_they_are_needed() -> None:
    code = "import sys, segql.warehouse; print([name.split('.')[0] for name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not any(
        f"'{name}'" in done.stdout
        for name in (
            "adbc_driver_manager",
            "clickhouse_connect",
            "databricks",
            "google",
            "pyarrow",
            "pymysql",
            "pyspark",
            "trino",
        )
    )


# --- types -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "dialect", "declared"),
    [
        ("VARCHAR", "duckdb", "text"), ("ENUM('a', 'b')", "duckdb", "text"), ("DECIMAL(10,2)", "duckdb", "number"),
        ("UBIGINT", "duckdb", "number"), ("TIMESTAMP WITH TIME ZONE", "duckdb", "time"), ("DATE[]", "duckdb", ""),
        ("VARCHAR[3]", "duckdb", "list of text"), ("STRUCT(a INTEGER)[]", "duckdb", ""), ("TIME", "duckdb", ""),
        ("bpchar", "postgres", "text"), ("numeric", "postgres", "number"), ("_numeric", "postgres", "list of number"),
        ("timestamptz", "postgres", "time"), ("bool", "postgres", "boolean"), ("uuid", "postgres", ""),
        ("FLOAT64", "bigquery", "number"), ("DATETIME", "bigquery", "time"), ("RECORD", "bigquery", ""),
        ("array<decimal(10,2)>", "spark", "list of number"), ("timestamp_ntz", "spark", "time"),
        ("string", "spark", "text"), ("array(varchar(20))", "trino", "list of text"),
        ("timestamp(6) with time zone", "trino", "time"), ("array(row(a bigint))", "trino", ""),
        ("TIMESTAMP_TZ", "snowflake", "time"), ("VARIANT", "snowflake", ""),
        ("array<bigint>", "databricks", "list of number"),
    ],
)  # fmt: skip
def test_types(said: str, dialect: str, declared: str) -> None:
    found = column_type(said, dialect)
    assert (str(found), declared_as(found)) == (said, declared)
    assert not declared or fits(found, declared)


def test_which_timestamps_know_their_zone() -> None:
    knowing = {"duckdb": "TIMESTAMP WITH TIME ZONE", "postgres": "timestamptz", "bigquery": "TIMESTAMP"}
    knowing |= {"spark": "timestamp", "databricks": "timestamp", "trino": "timestamp(3) with time zone"}
    plain = {"duckdb": "TIMESTAMP", "postgres": "timestamp", "bigquery": "DATETIME", "spark": "timestamp_ntz"}
    plain |= {"databricks": "timestamp_ntz", "trino": "timestamp(3)", "snowflake": "TIMESTAMP_NTZ"}
    assert {column_type(said, dialect).family for dialect, said in knowing.items()} == {"timestamp with zone"}
    assert {column_type(said, dialect).family for dialect, said in plain.items()} == {"timestamp"}


# --- the caller's own connection -------------------------------------------------------------------------------------


def sqlite() -> Any:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE people AS SELECT 1 AS id UNION ALL SELECT 2")
    return connection


def duck() -> Any:
    connection = duckdb.connect()
    connection.execute("CREATE TABLE people AS SELECT 1 AS id UNION ALL SELECT 2")
    return connection


@pytest.mark.parametrize("connect", [sqlite, duck])
def test_any_driver(connect: Any, tmp_path: Path) -> None:
    connection = connect()
    opened = open_dbapi(connection, "duckdb", "The shop")
    assert opened.dialect == "duckdb"
    assert opened.count("SELECT id FROM people") == 2
    key, keys = opened.members("SELECT id FROM people", limit=1)
    assert (key, list(keys)) == ("id", [1])
    assert opened.explain("SELECT id FROM people")
    with pytest.raises(WarehouseError, match="The shop cannot answer: "):
        opened.rows("SELECT nope FROM people")
    with pytest.raises(WarehouseError, match="does not say the types"):
        opened.columns("SELECT id FROM people")
    opened.cancel()
    opened.close()
    assert connection.execute("SELECT 1").fetchall() == [(1,)]


def test_parquet_of_any_driver(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    opened = open_dbapi(sqlite(), "duckdb")
    assert opened.arrow("SELECT id FROM people WHERE id > 5").to_pydict() == {"id": []}
    opened.write_parquet("SELECT id FROM people", str(tmp_path / "them.parquet"))
    assert duckdb.execute(f"FROM '{tmp_path / 'them.parquet'}'").fetchall() == [(1,), (2,)]


def test_arrow_without_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(WarehouseError) as caught:
        open_dbapi(sqlite(), "duckdb").arrow("SELECT 1")
    assert caught.value.hint == "pip install pyarrow"


def test_a_driver_that_cannot_stop() -> None:
    class Connection:
        def cursor(self) -> None:
            pass

    with pytest.raises(WarehouseError, match="Connection has no way to stop a statement"):
        open_dbapi(Connection(), "postgres").cancel()


def test_errors_of_our_own_are_not_the_drivers() -> None:
    class Connection:
        def cursor(self) -> None:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        open_dbapi(Connection(), "postgres").rows("SELECT 1")


def test_a_dialect_that_nobody_knows() -> None:
    with pytest.raises(ValueError, match="known are"):
        open_dbapi(sqlite(), "klingon")
