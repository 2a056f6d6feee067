"""Looks at tables: which columns they have, whether an SQL condition runs on them, whether a key is unique.

Each look that fails becomes a problem at its place in the catalog's file; looking goes on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from ..catalog import Catalog
from ..catalog.checks.findings import called
from ..catalog.model import Moment, Rows
from ..catalog.sql import expression, query
from ..errors import Code, Problem, Severity, nearest
from .connection import Row, Warehouse, WarehouseError, dotted, quoted
from .types import family

Path: TypeAlias = tuple[str | int, ...]
Columns: TypeAlias = Mapping[str, tuple[str, str]]
"""Name and type of a query's columns, by folded name."""


@dataclass(frozen=True, slots=True)
class Source:
    """Rows: SQL that can stand after FROM, what messages call it, its columns, and a condition that its rows fit.

    `joins` are tables joined to it, by the names that its properties use; `grouped`: its properties are aggregates.
    """

    sql: str
    said: str
    columns: Columns
    where: str = "true"
    joins: Mapping[str, Source | None] = field(default_factory=dict)
    grouped: bool = False


@dataclass(frozen=True, slots=True)
class Survey:
    """One comparison of a catalog with a warehouse, and what it found so far."""

    warehouse: Warehouse
    catalog: Catalog
    problems: list[Problem] = field(default_factory=list)
    seen: dict[str, Columns | str] = field(default_factory=dict)

    def wrong(self, code: Code, path: Path, message: str, hint: str = "", severity: Severity = "error") -> None:
        """Add a problem, once."""
        problem = Problem(code, message, self.catalog.span(*path), hint, severity)
        if problem not in self.problems:
            self.problems.append(problem)

    def rows(self, sql: str) -> list[Row]:
        """The rows of a statement; none where it fails, for a reason that is then said elsewhere."""
        try:
            return self.warehouse.rows(sql)
        except WarehouseError:
            return []

    # --- sources ------------------------------------------------------------------------------------------------

    def table(self, name: str, path: Path) -> Source | None:
        """A table by its name; None, and a problem, where there is none."""
        found = self._columns(f"FROM {dotted(name)}")
        if not isinstance(found, str):
            return Source(dotted(name), f"the table `{name}`", found)
        tables = self.rows(_TABLES)
        near = nearest(name, [spelled for row in tables for spelled in row])
        hint = f"did you mean `{near[0]}`?" if near else f"its tables: {_listed([row[0] for row in tables])}"
        message = f"{self.warehouse.name} has no table `{name}`."
        self.wrong("missing-table", path, message, hint if tables else "it has no tables at all")
        return None

    def source(self, rows: Rows, path: Path, otherwise: Source | None = None) -> Source | None:
        """The rows of a part of the catalog, with its own condition; `otherwise` when it names none."""
        found = otherwise
        if rows.table is not None:
            found = self.table(rows.table, (*path, "table"))
        elif rows.query is not None:
            text = query(rows.query, self.catalog.sql_dialect).sql(dialect="duckdb")
            columns = self._columns(text)
            if isinstance(columns, str):
                self.wrong("warehouse-sql", (*path, "query"), f"The query of {called(path)} does not run: {columns}")
                return None
            found = Source(f"({text})", f"the query of {called(path)}", columns)
        if found is None or rows.where is None or not self.condition(rows.where, found, (*path, "where")):
            return found
        return replace(found, where=f"({found.where}) AND ({self._sql(rows.where)})")

    # --- what its rows hold -------------------------------------------------------------------------------------

    def condition(self, text: str, source: Source, path: Path) -> bool:
        """Whether an SQL condition runs on a source; a problem where not."""
        found = self._columns(f"SELECT 1 FROM {source.sql} AS t WHERE ({self._sql(text)})")
        if isinstance(found, str):
            self.wrong("warehouse-sql", path, f"{_start(called(path))} does not run on {source.said}: {found}")
        return not isinstance(found, str)

    def value_type(self, text: str, source: Source, path: Path) -> str | None:
        """The type of an SQL expression over a source and its joins; None, and a problem, where it does not run."""
        joins = "".join(f" LEFT JOIN {j.sql} AS {quoted(name)} ON true" for name, j in source.joins.items() if j)
        end = " GROUP BY ALL" if source.grouped else ""
        found = self._columns(f"SELECT {self._sql(text)} AS value FROM {source.sql} AS t{joins}{end}")
        if not isinstance(found, str):
            return found["value"][1]
        if "mbiguous" not in found and None not in source.joins.values():
            self.wrong("warehouse-sql", path, f"{_start(called(path))} does not run on {source.said}: {found}")
        return None

    def column(self, name: str, source: Source, path: Path) -> str | None:
        """The type of a column, or of a struct's field by a dotted name; None, and a problem, where there is none."""
        if found := source.columns.get(name.casefold()):
            return found[1]
        if "." in name and name.split(".", maxsplit=1)[0].casefold() in source.columns:
            fields = ".".join(map(quoted, ("t", *name.split("."))))
            typed = self._columns(f"SELECT {fields} AS value FROM {source.sql} AS t")
            if not isinstance(typed, str):
                return typed["value"][1]
        names = [spelled for spelled, _ in source.columns.values()]
        near = nearest(name, names)
        hint = f"did you mean `{near[0]}`?" if near else f"its columns: {_listed(names)}"
        self.wrong("missing-column", path, f"{_start(source.said)} has no column `{name}`.", hint)
        return None

    def moment(self, moment: Moment, source: Source, path: Path) -> bool:
        """Whether a time stands in its column as the catalog says; a problem where not."""
        found = self.column(moment.column, source, (*path, "column"))
        if found is None:
            return False
        kind, said = family(found), f"`{moment.column}` of {source.said} is {found}"
        match moment.stored:
            case "timestamp" if kind in ("timestamp", "timestamp with zone"):
                spelled = f"{path[-1]}: {{column: {moment.column}, zone: {self.catalog.timezone}}}"
                return self.zone(kind, moment.zone, said, spelled, path)
            case "timestamp" | "date":
                fits, wanted = kind == moment.stored, f"a {moment.stored}"
            case _:
                fits, wanted = kind == "integer", f"a whole number of {moment.stored}"
        if not fits:
            message = f"{_start(called(path))} should be {wanted}, and {said}."
            self.wrong("column-type", path, message, _stored_as(kind, moment.column))
        return fits

    def zone(self, kind: str, zone: str | None, said: str, spelled: str, path: Path) -> bool:
        """Whether a naive timestamp has a zone in the catalog, and one that knows its own has none."""
        if kind == "timestamp" and zone is None:
            message = f"{said} without a time zone, and the catalog does not say in which zone it is written."
            self.wrong("naive-time", path, message, spelled)
        elif kind == "timestamp with zone" and zone is not None:
            message = f"{said} and knows its zone; the catalog cannot give it another one."
            self.wrong("naive-time", (*path, "zone"), message, "leave `zone` out")
        else:
            return True
        return False

    def compares_exactly(self, column: str, source: Source, path: Path) -> None:
        """A problem where a text column takes different texts for equal."""
        name = quoted(column)
        probe = f"SELECT CASE WHEN {name} IS NULL THEN {name} ELSE 'a' END AS probe FROM {source.sql} AS t LIMIT 1"
        found = self.rows(f"SELECT 1 FROM ({probe}) WHERE probe = 'A' OR probe = 'á'")
        if found:
            message = f"`{column}` of {source.said} has a collation by which different texts are equal."
            hint = f"compare byte by byte: ALTER TABLE .. ALTER {column} TYPE VARCHAR COLLATE BINARY"
            self.wrong("collation", path, message, hint)

    def has_nulls(self, column: str, source: Source) -> bool:
        where = f"({source.where}) AND {quoted(column)} IS NULL"
        return bool(self.rows(f"SELECT 1 FROM {source.sql} AS t WHERE {where} LIMIT 1"))

    def repeated(self, columns: Sequence[str], source: Source) -> tuple[int, str] | None:
        """How many values of these columns stand in several rows, and one of them."""
        names = list(map(quoted, columns))
        where = " AND ".join((f"({source.where})", *(f"{name} IS NOT NULL" for name in names)))
        doubles = f"SELECT {', '.join(names)} FROM {source.sql} AS t WHERE {where} GROUP BY ALL HAVING count(*) > 1"
        shown = " || ', ' || ".join(f"{name}::VARCHAR" for name in names)
        found = self.rows(f"SELECT count(*), min({shown}) FROM ({doubles})")
        return (found[0][0], found[0][1]) if found and found[0][0] else None

    def _sql(self, text: str) -> str:
        return expression(text, self.catalog.sql_dialect).sql(dialect="duckdb")

    def _columns(self, sql: str) -> Columns | str:
        """The columns of a query, or what is wrong with it."""
        if sql not in self.seen:
            try:
                self.seen[sql] = {row[0].casefold(): (row[0], row[1]) for row in self.warehouse.rows(f"DESCRIBE {sql}")}
            except WarehouseError as error:
                self.seen[sql] = error.message.split(": ", 1)[-1]
        return self.seen[sql]


def many(count: int, noun: str, of: str = "") -> str:
    """`1 key stands`, `1,310 values of `x` stand`."""
    return f"1 {noun}{of} stands" if count == 1 else f"{count:,} {noun}s{of} stand"


_TABLES = """
SELECT table_name, table_schema || '.' || table_name FROM information_schema.tables
WHERE table_schema NOT IN ('information_schema', 'pg_catalog') ORDER BY ALL
"""


def _stored_as(kind: str, column: str) -> str:
    match kind:
        case "timestamp" | "timestamp with zone":
            return f"{{column: {column}, stored: timestamp}}"
        case "date":
            return f"{{column: {column}, stored: date}}"
        case "integer":
            return f"{{column: {column}, stored: seconds}} (or .. microseconds)"
        case _:
            return "cast it in a `query: SELECT ..`"


def _listed(names: Sequence[str], most: int = 12) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:most])
    return shown + (f" and {len(names) - most} more" if len(names) > most else "")


def _start(words: str) -> str:
    """The words as the start of a sentence."""
    return words[:1].upper() + words[1:]
