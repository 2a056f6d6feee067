"""What was seen of a warehouse: tables, their columns, some of their values. Plain data; nothing is asked here."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ..plain import dataclass
from ..warehouse.types import ColumnType, Family


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its type, and its cells in the rows that were seen, None for what is missing.

    `more` are values of other rows. `repeated`: a value was seen twice beyond the sample. `is_key`: references
    are declared to lead to it. `hint` is what a layout knows.
    """

    name: str
    type: ColumnType
    cells: tuple[Any, ...] = ()
    more: tuple[Any, ...] = ()
    repeated: bool = False
    is_key: bool = False
    hint: Mapping[str, Any] = field(default_factory=dict)

    @property
    def values(self) -> tuple[Any, ...]:
        """Its values, those that are missing left out."""
        return (*(cell for cell in self.cells if cell is not None), *self.more)

    @property
    def missing(self) -> int:
        """How many of the rows seen do not have it."""
        return sum(cell is None for cell in self.cells)

    @property
    def family(self) -> Family:
        """The kind of its type; of a column that may hold anything, that of the values seen."""
        if self.type.family != "any":
            return self.type.family
        found = _family(self.values)
        return "boolean" if found == "integer" and set(self.values) <= {0, 1} and _FLAG.search(self.name) else found

    @property
    def distinct(self) -> list[Any]:
        """Its different values, in the order in which they were seen."""
        return list(dict.fromkeys(value if _hashable(value) else repr(value) for value in self.values))

    @property
    def is_empty(self) -> bool:
        """Whether rows were seen, and none of them has it."""
        return not self.values and bool(self.missing)

    @property
    def is_unique(self) -> bool:
        """Whether no value was missing, or seen twice."""
        return not self.missing and not self.repeated and len(self.distinct) == len(self.values)

    @property
    def is_struct(self) -> bool:
        """Whether its values are structs, whose fields SQL names: functions of JSON take none."""
        return self.type.said.upper().startswith(("STRUCT", "RECORD"))

    @property
    def documents(self) -> list[dict[str, Any]]:
        """Its values as JSON objects; none where one of them is no such object."""
        found = [parsed(value) for value in self.values]
        return found if found and all(isinstance(one, dict) for one in found) else []

    @property
    def lists(self) -> list[list[Any]]:
        """Its values as JSON lists; none where one of them is no such list."""
        found = [parsed(value) for value in self.values]
        return found if found and all(isinstance(one, list) for one in found) else []

    @property
    def entries(self) -> list[dict[str, Any]]:
        """The structs of its values where each is a list of structs with a key and a value, as GA4 exports them."""
        lists = [value for value in self.values if isinstance(value, (list, tuple))]
        found = [one for value in lists for one in value if isinstance(one, dict)]
        whole = len(lists) == len(self.values) and all({"key", "value"} <= one.keys() for one in found)
        return found if whole else []


@dataclass(frozen=True, slots=True)
class Usage:
    """How often each name was seen in a column of names, and which columns its rows fill.

    `table` and `key`: the names stand there in the column `name`, and the column of names refers to the key. `said`:
    which rows these are, where they are not all.
    """

    column: str
    names: Mapping[str, int]
    filled: Mapping[str, frozenset[str]]
    table: str | None = None
    key: str = "id"
    name: str = "name"
    said: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table: `rows` were seen of it, which are all where `whole`."""

    name: str
    columns: tuple[Column, ...]
    rows: int = 0
    whole: bool = True
    usages: tuple[Usage, ...] = ()

    @property
    def bare(self) -> str:
        """Its name without the schema."""
        return self.name.rpartition(".")[2]

    @property
    def stem(self) -> str:
        """Its bare name in small letters, without the day of a table of days: `events` of `events_20261120`."""
        return re.sub(r"_\d{8}\Z", "", self.bare.casefold())

    @property
    def schema(self) -> str:
        """The schema in its name; empty for the default one."""
        return self.name.rpartition(".")[0]

    def column(self, name: str) -> Column | None:
        """A column by its name, in letters of either case."""
        return next((one for one in self.columns if one.name.casefold() == name.casefold()), None)

    def where(self, column: str, name: str) -> dict[str, Column]:
        """Its columns in those of the rows seen that have a name in a column; none where there is no such row."""
        named = self.column(column)
        places = [at for at, cell in enumerate(named.cells) if str(cell) == name] if named is not None else []
        if not places:
            return {}
        return {
            one.name: replace(one, cells=tuple(one.cells[at] for at in places), more=()) for one in self.columns
        }  # fmt: skip

    def values_of(self, column: Column) -> list[str]:
        """The different values of a column as texts: those that were counted, else those of the rows seen."""
        counted = next((usage.names for usage in self.usages if usage.column == column.name), None)
        return list(counted) if counted else [str(value) for value in column.distinct]

    def first(self, *names: str) -> Column | None:
        """The first of several columns that it has."""
        return next((found for name in names if (found := self.column(name)) is not None), None)


@dataclass(frozen=True, slots=True)
class Link:
    """A column whose values are keys of another table: how many of those that were looked for stand there.

    `declared`: the warehouse says so itself. `guessed`: names and types alone say so; where none was looked for, still.
    """

    table: str
    column: str
    to: str
    key: str
    looked_for: int = 0
    found: int = 0
    declared: bool = False
    guessed: bool = False

    @property
    def holds(self) -> bool:
        """Whether at least half of the values are keys, or there was none to look for."""
        return 2 * self.found >= self.looked_for


@dataclass(frozen=True, slots=True)
class Layout:
    """What is known of a layout.

    `tables`: by these with these columns it is told; `*` stands for the beginning of names that is each shop's own.
    `profiles`: `table.key`, and `derived` where the keys of that table are all there is. `rows`: what is known of a
    table by its name, of any by `*`. `say`: what people call an event, by its name there. `add`: parts of a catalog,
    which are left out where they do not fit.
    """

    name: str
    called: str
    tables: Mapping[str, Sequence[str]]
    profiles: str
    also: Sequence[str] = ()
    """Other programs with the same tables."""
    derived: bool = False
    zone: str | None = None
    skip: Sequence[str] = ()
    leave_out: Sequence[str] = ()
    rows: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    say: Mapping[str, str] = field(default_factory=dict)
    add: Mapping[str, Any] = field(default_factory=dict)
    schema: str = ""
    """The schema in which its tables were found."""
    begin: str = ""
    """How the names of its tables begin there."""

    def of(self, table: Table) -> Mapping[str, Any]:
        """What it knows of a table of its schema."""
        if table.schema != self.schema or not table.stem.startswith(self.begin):
            return {}
        return self.rows.get(table.stem.removeprefix(self.begin), self.rows.get("*", {}))

    def whole(self, bare: str) -> str:
        """A table's name with the schema."""
        return f"{self.schema}.{self.begin}{bare}" if self.schema else f"{self.begin}{bare}"


@dataclass(frozen=True, slots=True)
class Seen:
    """A warehouse as it was seen; `refused` are tables that could not be read, with what the warehouse said."""

    tables: tuple[Table, ...]
    dialect: str = "duckdb"
    links: tuple[Link, ...] = ()
    refused: Mapping[str, str] = field(default_factory=dict)
    layout: Layout | None = None
    names: frozenset[str] = frozenset()
    """All tables that were read, also those that a layout passes over."""

    def table(self, name: str) -> Table | None:
        """A table by its whole name."""
        return next((one for one in self.tables if one.name == name), None)


def parsed(value: Any) -> Any:
    """The value of a JSON text; the text itself where it is none."""
    if not isinstance(value, str) or value[:1] not in ("{", "["):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


_FLAG = re.compile(
    r"^(is|has|was|accepts|can)_|opt_?(in|out)|(flag|deleted|test|active|subscribed|enabled|vip|verified)$",
    re.IGNORECASE,
)
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?( ?(UTC|Z|[+-]\d{2}(:?\d{2})?))?")


def _family(values: tuple[Any, ...]) -> Family:
    kinds = {_kind(value) for value in values}
    if kinds == {"integer", "number"}:
        return "number"
    return kinds.pop() if len(kinds) == 1 else "text"


def _kind(value: Any) -> Family:
    match value:
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float() | Decimal():
            return "number"
        case datetime():
            return "timestamp with zone" if value.tzinfo else "timestamp"
        case date():
            return "date"
        case str() if DAY.fullmatch(value):
            return "date"
        case str() if MOMENT.fullmatch(value):
            return "timestamp"
        case str():
            return "text"
        case list():
            return "list"
        case _:
            return "other"


def _hashable(value: Any) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    return True
