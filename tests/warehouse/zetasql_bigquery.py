"""BigQuery's service, whose queries its own front end runs (ZetaSQL): names, types and functions are those of BigQuery.

What makes tables and views, and adds rows to them, is this file's: a statement is taken apart, ZetaSQL runs its query,
and the rows that come are kept as they come. A statement is done whole or not at all, one after the other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb

from ..engines import BigQuery
from ..engines.bigquery import type_of
from .fake_bigquery import Service

_MADE = re.compile(
    r"CREATE (?P<again>OR REPLACE )?(?P<kind>TEMP TABLE|TABLE|VIEW) (?P<unless>IF NOT EXISTS )?(?P<name>\S+)\s+"
    r"(?:CLUSTER BY segment )?(?:AS\s+(?P<query>.*)|\((?P<column>\w+) INT64\))", re.DOTALL
)  # fmt: skip
_ADDED = re.compile(r"INSERT INTO (?P<name>\S+) \((?P<columns>[^)]*)\) (?P<query>.*)", re.DOTALL)
_NAMED = re.compile(r"(?<![\w.`])(?:`project`\.`kept`|own|living|shop)\.(?:`\w+`|\w+)")
"""How queries name tables and views, and sometimes a column; a table of the session stands alone."""


@dataclass
class Table:
    """Columns with their types (`TypeProto`), and rows of values (`ValueProto`)."""

    columns: dict[str, Any]
    rows: list[list[Any]]


@dataclass
class Executed(Service):
    """A server whose tables are made by `make`, beside those that statements make."""

    tables: duckdb.DuckDBPyConnection = field(default_factory=duckdb.connect)
    engine: BigQuery = field(default_factory=BigQuery)
    kept: dict[str, Table] = field(default_factory=dict)
    views: dict[str, str] = field(default_factory=dict)
    sessions: dict[str, dict[str, Table]] = field(default_factory=dict)
    """Each with temporary tables of its own."""
    said: dict[tuple[str, str | None], Table] = field(default_factory=dict)
    """What queries said since something changed."""

    def make(self, name: str, columns: Mapping[str, str], rows: Sequence[Sequence[Any]]) -> None:
        """Make a table, in place of one of that name, of columns of some types of `shop_tables`."""
        with self.lock:
            self.said.clear()
            self.kept[name] = Table(
                {column: type_of(type_) for column, type_ in columns.items()},
                [
                    [self.engine.value(value, type_) for value, type_ in zip(row, columns.values(), strict=True)]
                    for row in rows
                ],
            )

    def session(self, query: dict[str, Any]) -> str | None:
        if not query.get("createSession"):
            given = query.get("connectionProperties", ())
            return next((one["value"] for one in given if one["key"] == "session_id"), None)
        with self.lock:
            name = f"session {len(self.sessions)}"
            self.sessions[name] = {}
        return name

    def _names(self) -> list[tuple[str, str]]:
        with self.lock:
            return [(schema, name) for schema, _, name in (one.partition(".") for one in [*self.kept, *self.views])]

    def _done(self, statement: str, session: str | None) -> dict[str, Any]:
        with self.lock:
            self.said.clear()
            if found := _ADDED.fullmatch(statement):
                table, came = self.kept[_called(found["name"])], self._evaluated(found["query"], session)
                places = [one.strip("` ") for one in found["columns"].split(",")]
                assert [str(table.columns[name]) for name in places] == [*map(str, came.columns.values())]
                missing = dict.fromkeys(table.columns, self.engine.value(None, ""))
                rows = [{**missing, **dict(zip(places, row, strict=True))} for row in came.rows]
                table.rows += [[*row.values()] for row in rows]
            elif found := _MADE.fullmatch(statement):
                self._made(found, session)
            elif statement.startswith("DROP TABLE IF EXISTS "):
                self.kept.pop(_called(statement.removeprefix("DROP TABLE IF EXISTS ")), None)
            else:
                assert statement.startswith(("CREATE SCHEMA IF NOT EXISTS ", "CALL BQ.ABORT_SESSION")), statement
        return {}

    def _made(self, found: re.Match[str], session: str | None) -> None:
        name, query = _called(found["name"]), found["query"]
        if not found["again"] and (name in self.kept or name in self.views):
            if found["unless"]:
                return
            raise duckdb.CatalogException("already exists")
        if found["kind"] == "VIEW":
            self._evaluated(query, session)
            self.views[name] = query
        elif query is None:
            self.kept[name] = Table({found["column"]: type_of("bigint")}, [])
        else:
            tables = self.sessions[session or ""] if found["kind"].startswith("TEMP") else self.kept
            tables[name] = self._evaluated(query, session)

    def _schema(self, query: str, session: str | None = None) -> dict[str, Any]:
        with self.lock:
            columns = self._evaluated(query, session).columns
        return {"fields": [{"name": name, "type": _said(type_), "mode": "NULLABLE"} for name, type_ in columns.items()]}

    def _rows(self, query: str, session: str | None) -> list[tuple[Any, ...]]:
        with self.lock:
            return [tuple(map(_read, row)) for row in self._evaluated(query, session).rows]

    def _evaluated(self, query: str, session: str | None) -> Table:
        """What a query says. A view is asked once until something changes; ZetaSQL would do it for each row."""
        if (query, session) in self.said:
            return self.said[query, session]
        tables = {**self.kept, **self.sessions.get(session or "", {})}
        for name in {_called(found[0]) for found in _NAMED.finditer(query)} & self.views.keys():
            tables[name] = self._evaluated(self.views[name], None)

        def named(found: re.Match[str]) -> str:  # of ZetaSQL's tables the dot is in the name
            return f"`{name}`" if (name := _called(found[0])) in tables else found[0]

        sql = _NAMED.sub(named, query)
        used = {name: one for name, one in tables.items() if re.search(rf"(?<![.\w]){re.escape(name)}\b", sql)}
        try:
            found = self.engine.evaluated(sql, {name: (one.columns, one.rows) for name, one in used.items()})
        except RuntimeError as error:
            raise duckdb.Error(str(error)) from None
        return self.said.setdefault((query, session), Table(*found))


def _called(name: str) -> str:
    return name.replace("`", "").removeprefix("project.")


def _said(type_: Any) -> str:
    """A type as the service says it."""
    from zetasql.wasi._pb2.zetasql.public import type_pb2

    said = str(type_pb2.TypeKind.Name(type_.type_kind)).removeprefix("TYPE_")
    return {"INT64": "INTEGER", "BOOL": "BOOLEAN", "DOUBLE": "FLOAT"}.get(said, said)


def _read(value: Any) -> Any:
    """A value as Python has it."""
    match value.WhichOneof("value"):
        case None:
            return None
        case "timestamp_value":
            return value.timestamp_value.seconds * 1_000_000 + value.timestamp_value.nanos // 1000
        case kind:
            return getattr(value, kind)
