"""Snowflake as a warehouse's connection, over ADBC: an end for every statement, its size before, and Arrow results."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..plain import dataclass
from .address import Address, reach, said_by
from .arrow import batches
from .connection import Answer, Row, Warehouse
from .cursors import ByCursor, Fault, lost, opened
from .faults import WarehouseError, missing
from .types import ColumnType
from .types import column_type as by_name
from .urls import Secrets

if TYPE_CHECKING:
    import pyarrow

_FORM = "snowflake://USER@ACCOUNT/DATABASE/SCHEMA?warehouse=WAREHOUSE&role=ROLE"
_OPTIONS = ("warehouse", "role", "auth", "protocol")
_AUTH = {"browser": "auth_ext_browser", "token": "auth_pat", "oauth": "auth_oauth"}
_TABLES = """
SELECT CASE WHEN table_schema = CURRENT_SCHEMA() THEN table_name ELSE table_schema || '.' || table_name END
FROM information_schema.tables WHERE table_schema <> 'INFORMATION_SCHEMA' ORDER BY 1
"""
_SESSION = (
    "ALTER SESSION SET TIMEZONE = 'UTC' TIMESTAMP_TYPE_MAPPING = 'TIMESTAMP_NTZ' WEEK_START = 0"
    " QUOTED_IDENTIFIERS_IGNORE_CASE = FALSE MULTI_STATEMENT_COUNT = 1 QUERY_TAG = 'segql'"
    " STATEMENT_TIMEOUT_IN_SECONDS = {seconds:d}"
)
_LONGEST = 7 * 24 * 60 * 60
"""Seconds that it lets a statement run."""
_SERVICE = ".snowflakecomputing."
_PREFIX = "adbc.snowflake.sql."
_CLIENT = _PREFIX + "client_option."
_CODE = re.compile(r"\b(\d{6}) \((\w{5})\):\s*(?:[0-9a-f]{8}-[0-9a-f-]{20,}:?\s*)?")


def open_snowflake(url: str, seconds: int = 600) -> Warehouse:
    """The warehouse at `snowflake://USER@ACCOUNT/DATABASE/SCHEMA?warehouse=..&role=..`. A statement ends after so many
    seconds; 0: after a week, Snowflake's longest.

    A password that the URL does not hold comes from SNOWFLAKE_PASSWORD, a token of OAuth or a programmatic one from
    SNOWFLAKE_TOKEN, a key pair from SNOWFLAKE_PRIVATE_KEY_PATH. Raises WarehouseError.
    """
    address, secrets = Address.of(url, _OPTIONS, _FORM), Secrets.of(url)
    try:
        from adbc_driver_snowflake import dbapi
    except ImportError:
        raise missing(address.name, "snowflake") from None
    way = _way(address)
    secrets = secrets.and_(*(value for key, value in way.items() if "password" in key or "token" in key))
    settings = [_SESSION.format(seconds=min(seconds, _LONGEST))]
    if "role" in address.options:  # else the rights of all roles of the user are added to those of this one
        settings.append("USE SECONDARY ROLES NONE")

    def connected() -> Snowflake:
        reach(*_server(address))
        driver = dbapi.connect(db_kwargs=way, autocommit=True)
        return Snowflake(driver, secrets, seconds, _TABLES if address.path else None, tuple(settings))

    return opened(address.name, connected, _fault, secrets, _FORM)


def _way(address: Address) -> dict[str, str]:
    """What the driver needs to connect."""
    options, auth = address.options, address.options.get("auth")
    if not address.host or len(address.path) > 2:
        raise WarehouseError(f"{address.name} cannot be opened: its URL has no account where one should be.", _FORM)
    if auth is not None and auth not in _AUTH:
        raise WarehouseError(f"{address.name} has an unknown `auth`.", f"known: {', '.join(_AUTH)}")
    key, token = said_by("SNOWFLAKE_PRIVATE_KEY_PATH"), said_by("SNOWFLAKE_TOKEN")
    password = address.secret("SNOWFLAKE_PASSWORD")
    if auth is None and password is None:
        auth = "token" if token is not None else None
        if token is None and key is None:
            message = f"{address.name} cannot be opened: it needs a password, a token or a key."
            hint = "SNOWFLAKE_PASSWORD, SNOWFLAKE_TOKEN or SNOWFLAKE_PRIVATE_KEY_PATH; auth=browser asks in a browser"
            raise WarehouseError(message, hint)
    given = {
        "username": address.user, "password": password, _PREFIX + "db": (*address.path, None)[0],
        _PREFIX + "schema": (*address.path, None, None)[1], _PREFIX + "warehouse": options.get("warehouse"),
        _PREFIX + "role": options.get("role"), _CLIENT + "auth_token": token if auth in ("token", "oauth") else None,
        _PREFIX + "auth_type": _AUTH[auth] if auth else None,
        _CLIENT + "app_name": "segql", _CLIENT + "login_timeout": "30s", _CLIENT + "disable_telemetry": "true",
        # Of nanoseconds a date of another age has too many.
        _CLIENT + "max_timestamp_precision": "microseconds",
    }  # fmt: skip
    if auth is None and password is None and key is not None:
        try:
            text = Path(key).read_text(encoding="ascii")
        except (OSError, ValueError):
            message = f"{address.name} cannot be opened: {key} is no private key."
            raise WarehouseError(message, "SNOWFLAKE_PRIVATE_KEY_PATH names a PEM file") from None
        given |= {
            _PREFIX + "auth_type": "auth_jwt", _CLIENT + "jwt_private_key_pkcs8_value": text,
            _CLIENT + "jwt_private_key_pkcs8_password": said_by("PRIVATE_KEY_PASSPHRASE"),
        }  # fmt: skip
    host, port = _server(address)
    given[_PREFIX + "account"] = host.partition(_SERVICE)[0]
    if address.port is not None or not host.endswith(_SERVICE + "com"):  # what stands in for the service; China's
        given |= {
            _PREFIX + "uri.host": host, _PREFIX + "uri.port": str(port),
            _PREFIX + "uri.protocol": options.get("protocol", "https"),
        }  # fmt: skip
    return {name: value for name, value in given.items() if value is not None}


def _server(address: Address) -> tuple[str, int]:
    """Where the service is, whose name an account may leave out."""
    host = address.host or ""
    whole = address.port is not None or _SERVICE in host
    return host if whole else f"{host}{_SERVICE}com", address.port or 443


@dataclass(slots=True)
class Snowflake(ByCursor):
    """A connection of the driver `adbc_driver_snowflake`."""

    dialect: str = "snowflake"

    def run(self, sql: str) -> Answer:
        reader = self.arrow(sql)
        return Answer(tuple(reader.schema.names), _rows(reader))

    def arrow(self, sql: str) -> pyarrow.RecordBatchReader:
        import pyarrow as pa

        reader = ByCursor.arrow(self, sql)
        schema = pa.schema(
            [column.with_name(_name(column.name)).with_type(_in_utc(column.type)) for column in reader.schema]
        )

        def read() -> Iterator[pyarrow.RecordBatch]:
            for batch in reader:
                columns = [column.cast(one.type) for column, one in zip(batch.columns, schema, strict=True)]
                yield pa.RecordBatch.from_arrays(columns, schema=schema)

        return pa.RecordBatchReader.from_batches(schema, read())

    def _read(self, cursor: Any) -> pyarrow.RecordBatchReader:
        return cursor.fetch_record_batch()

    def columns(self, sql: str) -> Sequence[tuple[str, ColumnType]]:
        schema = self.arrow(f"SELECT * FROM (\n{sql}\n) AS t LIMIT 0").read_all().schema
        return [(column.name, _column_type(column)) for column in schema]

    def tables(self) -> Sequence[str]:
        return [".".join(map(_name, table.split("."))) for table in ByCursor.tables(self)]

    def explain(self, sql: str) -> str:
        return "\n".join(str(row[0]) for row in self.rows(f"EXPLAIN USING TEXT {sql}")).strip()

    def size(self, sql: str) -> int:
        """As `Metered` has it: of all columns of the partitions that are looked at, so at most."""
        ((plan,),) = self.rows(f"EXPLAIN USING JSON {sql}")
        return int(json.loads(plan).get("GlobalStats", {}).get("bytesAssigned") or 0)

    def cancel(self) -> None:
        for cursor in tuple(self._open):
            cursor.adbc_cancel()

    def _means(self, error: Exception) -> Fault | None:
        return _fault(error)


def _name(name: str) -> str:
    """A name as a catalog has it: Snowflake writes one that was made without quotes in capitals."""
    return name.lower() if name.isupper() else name


def _in_utc(type_: Any) -> Any:
    """A type of Arrow's; an instant is shown in UTC, not in a zone that the driver calls Local."""
    import pyarrow as pa

    return pa.timestamp(type_.unit, "UTC") if pa.types.is_timestamp(type_) and type_.tz is not None else type_


def _rows(reader: pyarrow.RecordBatchReader) -> Iterator[Sequence[Row]]:
    """The rows, with whole numbers as such: they come as decimals."""
    whole = [str(column.type).startswith("decimal") and column.type.scale == 0 for column in reader.schema]
    for rows in batches(reader):
        if not any(whole):
            yield rows
            continue
        yield [
            tuple(int(v) if is_whole and isinstance(v, Decimal) else v for v, is_whole in zip(row, whole, strict=True))
            for row in rows
        ]


def _column_type(column: pyarrow.Field) -> ColumnType:
    """The type of a column as Snowflake calls it, which the driver says beside that of Arrow's."""
    metadata = {key.decode(): value.decode() for key, value in (column.metadata or {}).items()}
    match metadata.get("logicalType", "").upper():
        case "FIXED":
            precision, scale = metadata.get("precision", "38"), metadata.get("scale", "0")
            return ColumnType(f"NUMBER({precision},{scale})", "integer" if scale == "0" else "number")
        case "REAL":
            return ColumnType("FLOAT", "number")
        case "TEXT":
            return ColumnType("VARCHAR", "text")
        case "ARRAY":
            return ColumnType("ARRAY", "list", "any")
        case "":
            return by_name(str(column.type), "snowflake")
        case said:
            return by_name(said, "snowflake")


def _fault(error: Exception) -> Fault | None:
    from adbc_driver_manager.dbapi import Error
    from pyarrow import ArrowException

    if isinstance(error, OSError) and not isinstance(error, ArrowException):
        return lost(error)
    if not isinstance(error, Error | ArrowException):
        return None
    state, text = getattr(error, "sqlstate", None) or "", str(error)
    if found := _CODE.search(text):
        state, text = found[2], text[found.end() :]
    text = text.partition(". Vendor code")[0].partition(". SQLSTATE")[0]
    text = re.sub(r"^(?:[A-Z_]+: )?(?:\[Snowflake\] ?)?", "", text.strip())
    said = " ".join(line.strip() for line in text.split("\n")[:2]).strip()  # the first is often a heading
    if said == "context canceled":
        said = "the statement was stopped"
    match state[:2]:
        case "57" if "timeout" in said:
            return Fault("too long", said)
        case "42" if state != "42501":  # the right to read is missing, not the table
            return Fault("unfit", said)
        case "22":
            return Fault("misfit", said)
        case _:
            return Fault("other", said)
