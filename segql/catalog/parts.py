"""What the declarations of a catalog are made of: properties, times, joins, rows. One set of classes serves the
YAML file, the Python object and the JSON Schema; every shorthand is unfolded, so that readers see one form. The classes
are plain: `shapes` tells pydantic of them where something is to be validated, and a catalog that is kept needs none.

SQL escapes (`where`, `sql`, `query`, `receives when`) are text here, in `sql_dialect` or by dialect, checked by sqlglot
(`sql.py`); they reach a statement only as parsed trees. Column names are bare (`total_price`) or, for a joined table,
dotted (`products.brand`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import FrozenInstanceError
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple, Self, TypeAlias, get_args

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler
    from pydantic_core import CoreSchema

PropertyType = Literal[
    "text", "number", "money", "boolean", "date", "time", "month-day", "list of text", "list of number", "position"
]
TYPES: tuple[str, ...] = get_args(PropertyType)

Escape: TypeAlias = str | Mapping[str, str]
"""SQL as a catalog has it: a text in the catalog's own dialect, or a text for each of some dialects."""

# `shapes` has what may be given for these.
Word: TypeAlias = str
"""Text that says something: not empty, not only white space."""
Words: TypeAlias = tuple[Word, ...]
"""A list of texts; a lone text is a list of one."""
Columns: TypeAlias = dict[Word, Word]
"""Column here: column there. A lone text is one column of the same name on both sides."""
SQL: TypeAlias = str | dict[Word, Word]
"""An escape, as the shape of a field."""


def spelled(field: str) -> str:
    """The key of a field in YAML: with spaces, without the underscore that dodges a Python name."""
    return field.rstrip("_").replace("_", " ")


class Declared(NamedTuple):
    """A field of a part: what it is where nothing is said, what it is for, the limits of its value."""

    default: Any
    factory: type | None
    description: str
    limits: Mapping[str, int]


NEEDED: Any = object()
"""The default of a field that has none."""


def field(default: Any = NEEDED, *, default_factory: type | None = None, description: str, **limits: int) -> Any:
    """A field of a part, as `Declared` has it; limits are `ge`, `le`, `min_length`."""
    return Declared(default, default_factory, description, limits)


class CatalogPart:
    """What every part of a catalog is: frozen, no unknown keys, keys spelled with spaces in YAML.

    To make one from Python raises pydantic's ValidationError where a value has another shape.
    """

    fields: ClassVar[Mapping[str, Declared]] = {}
    """By name, in the order in which the schema shows them."""
    lone: ClassVar[str] = ""
    """The field of which a lone text is the value."""

    def __init_subclass__(cls) -> None:
        inherited = {name: one for base in cls.__mro__[:0:-1] for name, one in vars(base).get("fields", {}).items()}
        own = {name: one for name, one in vars(cls).items() if isinstance(one, Declared)}
        for name in own:
            delattr(cls, name)
        cls.fields = {**inherited, **own}

    def __init__(self, **given: Any) -> None:
        from .shapes import validated

        vars(self).update(vars(validated(type(self), given)))

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        """A part with these values, which were validated: one for each field."""
        made = cls.__new__(cls)
        vars(made).update({name: values[name] for name in cls.fields})
        return made

    def model_copy(self, *, update: Mapping[str, Any]) -> Self:
        """The part with some other values, which are not validated."""
        return self.of({**vars(self), **update})

    @classmethod
    def unfolded(cls, given: Any) -> Any:
        """What is given, without shorthands; a key without a value is as good as left out: `metrics:` with every line
        beneath it commented out.
        """
        if isinstance(given, str) and cls.lone:
            return {cls.lone: given}
        if "properties" in cls.fields:
            given = unfold_properties(given)
        if isinstance(given, Mapping):
            known = {key for name in cls.fields for key in (name, spelled(name))}
            return {key: value for key, value in given.items() if value is not None or key not in known}
        return given

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        from .shapes import schema

        return schema(cls, handler)

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self.fields)

    def __hash__(self) -> int:
        return hash(tuple([getattr(self, name) for name in self.fields]))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in self.fields)})"

    def __setattr__(self, name: str, value: object) -> None:
        raise FrozenInstanceError(f"a catalog is frozen: {name} stays")

    def __delattr__(self, name: str) -> None:
        raise FrozenInstanceError(f"a catalog is frozen: {name} stays")


class Named(CatalogPart):
    """What can be called by name in a rule."""

    also: Words = field(default=(), description="Other names for the same thing.")
    description: str = field(default="", description="One line, shown by completion and docs.")


Stored = Literal["timestamp", "date", "seconds", "milliseconds", "microseconds"]
StoredNumber = Literal["decimal", "integer"]
StoredOther = Literal["float", "digits"]


class Given(CatalogPart):
    """A value of a row: the first of its columns that is not missing, or SQL. A lone text or a list is the columns."""

    column: Words = field(default=(), description="Its column; of several the first that is not missing.")
    sql: SQL | None = field(default=None, description="An SQL expression over the row.")

    lone = "column"

    @classmethod
    def unfolded(cls, given: Any) -> Any:
        """What is given, without shorthands."""
        return {"column": given} if isinstance(given, list | tuple) else super().unfolded(given)

    @property
    def alone(self) -> str | None:
        """Its column, where it is one."""
        return self.column[0] if len(self.column) == 1 and self.sql is None else None

    @property
    def said(self) -> str:
        """What messages call it: its columns."""
        return ", ".join(self.column) or "its SQL"


class StoredMoment(Given):
    """Where a time stands and how it is stored. A lone text is the column of a timestamp that knows its zone."""

    stored: Stored = field(
        default="timestamp", description="A timestamp, a date (its local midnight), or an epoch number."
    )
    zone: Word | None = field(
        default=None, description="The IANA zone of a naive timestamp; none: it has its own zone."
    )


class Written(StoredMoment):
    """A promise: each row has the time when it was added or last changed, none changes its profile (nor, of a joined
    table, the columns that it is joined by), and none is deleted that is not told of in `deleted`.
    """

    deleted: Deletions | None = field(
        default=None, description="Rows that tell of rows which were deleted for good: whose these were, and when."
    )
    late: Word = field(
        default="1h", description="How much later than that time a row may be seen at the latest: `15min`, `1h`, `2d`."
    )

    @property
    def reach(self) -> timedelta:
        """How late a row may be seen. Raises ValueError."""
        found = re.fullmatch(r"(\d{1,4}) ?(min|h|d|w)", self.late)
        if found is None:
            raise ValueError(self.late)
        unit = {"min": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
        return int(found[1]) * unit[found[2]]


class Whose(Given):
    """Whose a row is: the key of a profile, or one that a map knows the profile of."""

    identities: Word | None = field(
        default=None, description="The map of identities: a key that it knows is the profile's that it leads to."
    )

    @property
    def alone(self) -> str | None:
        """The column that is the profile's key, where one is."""
        return super().alone if self.identities is None else None


class Entry(CatalogPart):
    """A value in an array of key/value structs: `{array: event_params, key is: page, value: value.string_value}`."""

    array: Word = field(description="The array's column.")
    key_is: Word = field(description="The key whose value this is.")
    key: Word = field(default="key", description="The struct's field that holds the key.")
    value: Word = field(default="value", description="The struct's field that holds the value; dots lead deeper.")


class Property(Named):
    """A property of a profile, an event or an item: exactly one of column, json, entry, sql, latitude + longitude.

    A lone text is a type word, or else a column. With none of them: the column named like the property.
    """

    type: PropertyType = field(default="text", description="What its values are.")
    column: Word | None = field(default=None, description="Its column; `join.column` in a joined table.")
    json_: Word | None = field(default=None, description="A path into a JSON column: `props.coupon.brand`.")
    entry: Entry | None = field(default=None, description="A value in an array of key/value structs.")
    sql: SQL | None = field(default=None, description="An SQL expression; in a `group by` event an aggregate of lines.")
    latitude: Word | None = field(default=None, description="Column of the latitude (type position).")
    longitude: Word | None = field(default=None, description="Column of the longitude (type position).")
    scale: int = field(default=4, ge=0, le=9, description="Decimals of a number or money; a float is rounded to them.")
    stored: Stored | StoredNumber | StoredOther | None = field(
        default=None,
        description="How it is stored: a time or a date; or that a number (decimal, integer), a position (float) or a "
        "month-day (digits) needs no cast.",
    )
    zone: Word | None = field(default=None, description="The zone of a naive timestamp.")
    values: Words = field(default=(), description="Texts that it is known to have, for completion and for helps.")

    @classmethod
    def unfolded(cls, given: Any) -> Any:
        """What is given, without shorthands."""
        if given is None:
            return {}
        if isinstance(given, str):
            return {"type": given} if given in TYPES else {"column": given}
        if isinstance(given, Mapping) and "type" not in given and {"latitude", "longitude"} & given.keys():
            given = {**given, "type": "position"}
        return super().unfolded(given)

    @property
    def is_day_of_instant(self) -> bool:
        """Whether it is a date, and an instant is stored, of which it is the day in the catalog's zone."""
        return self.type == "date" and self.json_ is None and self.stored not in (None, "date")

    @property
    def sources(self) -> tuple[str, ...]:
        """The ways in which its value was given, as the YAML keys."""
        ways = {"column": self.column, "json": self.json_, "entry": self.entry, "sql": self.sql,
                "latitude": self.latitude or self.longitude}  # fmt: skip
        return tuple(way for way, value in ways.items() if value is not None)


def unfold_properties(given: Any, way: str = "column") -> Any:
    """Properties that name no source stand in the column of their name, with the owner's prefix, or `way` has it."""
    if not isinstance(given, Mapping) or not isinstance(given.get("properties"), Mapping):
        return given
    prefix = given.get("prefix", "")
    named = {
        name: _with_column(value, f"{prefix}{column_of(name)}", way) if isinstance(name, str) else value
        for name, value in given["properties"].items()
    }
    return {**given, "properties": named}


def column_of(name: str) -> str:
    """The column that a property stands in when it names none."""
    return "_".join(name.replace("-", " ").split()).lower()


def _with_column(given: Any, column: str, way: str) -> Any:
    if isinstance(given, Property):
        bare = not given.sources and given.type != "position"
        return given.model_copy(update={"json_" if way == "json" else way: column}) if bare else given
    if given is None or isinstance(given, str):
        given = {} if given is None else {"type": given} if given in TYPES else {way: given}
    ways = {"column", "json", "json_", "entry", "sql", "latitude", "longitude"}
    if isinstance(given, Mapping) and not ways & {way for way, value in given.items() if value is not None}:
        return {**given, way: column} if given.get("type") != "position" else given
    return given


class Join(CatalogPart):
    """A table joined many to one, left: a missing match is a missing value."""

    table: Word = field(description="The joined table; dotted names allowed.")
    on: Columns = field(description="Column of this source: column of the joined table.", min_length=1)
    written: Written | None = field(default=None, description="When a row was added or last changed, for refreshes.")


Joins: TypeAlias = dict[Word, Join]


class Lookup(CatalogPart):
    """Event names that stand in a table of their own: id column here, name there. A lone text is the table."""

    table: Word = field(description="The table of names.")
    id: Word = field(default="id", description="Its column that the name column refers to.")
    name: Word = field(default="name", description="Its column of names.")
    where: SQL | None = field(
        default=None, description="SQL condition: which of its rows count, where a name stands in several."
    )

    lone = "table"


class SourceRows(CatalogPart):
    """Rows of a warehouse: a table (dotted names allowed) or a query, a fixed filter."""

    table: Word | None = field(default=None, description="A table or view; dotted names allowed.")
    query: SQL | None = field(default=None, description="SELECT ..., in the catalog's SQL dialect.")
    where: SQL | None = field(default=None, description="Rows for which this SQL condition holds are all there is.")


class Deletions(SourceRows):
    """Rows that tell of rows which were deleted for good."""

    profile: Given | None = field(
        default=None, description="The column that holds the key of the profile whose the row was; of no joined table."
    )
    on: Columns = field(
        default_factory=dict,
        description="Of a joined table: column of the source: column here that says which row it was; as it is joined.",
    )
    time: StoredMoment = field(description="When it was deleted.")
