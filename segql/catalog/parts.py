"""What the declarations of a catalog are made of: properties, times, joins, rows. One set of models serves the
YAML file, the Python object and the JSON Schema; validators unfold every shorthand, so that readers see one form.

SQL escapes (`where`, `sql`, `query`, `receives when`) are text here, in `sql_dialect` or by dialect, checked by sqlglot
(`sql.py`); they reach a statement only as parsed trees. Column names are bare (`total_price`) or, for a joined table,
dotted (`products.brand`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    model_validator,
)  # fmt: skip

PropertyType = Literal[
    "text", "number", "money", "boolean", "date", "time", "month-day", "list of text", "list of number", "position"
]
TYPES: tuple[str, ...] = get_args(PropertyType)

Word = Annotated[str, StringConstraints(pattern=r"\S")]
"""Text that says something: not empty, not only white space."""


ONE, BY_DIALECT = "\0one", "\0by dialect"
"""Which of the two forms SQL has; pydantic puts them into the paths of its errors."""

Escape: TypeAlias = str | Mapping[str, str]
"""SQL as a catalog has it: a text in the catalog's own dialect, or a text for each of some dialects."""

SQL: TypeAlias = Annotated[
    Annotated[Word, Tag(ONE)] | Annotated[dict[Word, Word], Field(min_length=1), Tag(BY_DIALECT)],
    Discriminator(lambda given: BY_DIALECT if isinstance(given, Mapping) else ONE),
]
"""An escape, as the shape of a field."""


def _one_or_more(given: Any) -> Any:
    return (given,) if isinstance(given, str) else given


Words = Annotated[tuple[Word, ...], BeforeValidator(_one_or_more)]
"""A list of texts; a lone text is a list of one."""


def _same_column(given: Any) -> Any:
    return {given: given} if isinstance(given, str) else given


Columns = Annotated[dict[Word, Word], BeforeValidator(_same_column)]
"""Column here: column there. A lone text is one column of the same name on both sides."""


def spelled(field: str) -> str:
    """The key of a field in YAML: with spaces, without the underscore that dodges a Python name."""
    return field.rstrip("_").replace("_", " ")


class CatalogPart(BaseModel):
    """What every part of a catalog is: frozen, no unknown keys, keys spelled with spaces in YAML."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, alias_generator=spelled, defer_build=True
    )

    @model_validator(mode="before")
    @classmethod
    def _without_empty(cls, given: Any) -> Any:
        """A key without a value is as good as left out: `metrics:` with every line beneath it commented out."""
        if isinstance(given, Mapping):
            known = {key for name in cls.model_fields for key in (name, spelled(name))}
            return {key: value for key, value in given.items() if value is not None or key not in known}
        return given


def shorthand(key: str) -> Any:
    """A validator that lets a lone text stand for the part with only that key."""

    def unfold(given: Any) -> Any:
        return {key: given} if isinstance(given, str) else given

    return model_validator(mode="before")(unfold)


class Named(CatalogPart):
    """What can be called by name in a rule."""

    also: Words = Field(default=(), description="Other names for the same thing.")
    description: str = Field(default="", description="One line, shown by completion and docs.")


Stored = Literal["timestamp", "date", "seconds", "milliseconds", "microseconds"]
StoredNumber = Literal["decimal", "integer"]


class StoredMoment(CatalogPart):
    """Where a time stands and how it is stored. A lone text is the column of a timestamp that knows its zone."""

    column: Word = Field(description="The column of the time.")
    stored: Stored = Field(
        default="timestamp", description="A timestamp, a date (its local midnight), or an epoch number."
    )
    zone: Word | None = Field(
        default=None, description="The IANA zone of a naive timestamp; none: it has its own zone."
    )

    _text = shorthand("column")


class Entry(CatalogPart):
    """A value in an array of key/value structs: `{array: event_params, key is: page, value: value.string_value}`."""

    array: Word = Field(description="The array's column.")
    key_is: Word = Field(description="The key whose value this is.")
    key: Word = Field(default="key", description="The struct's field that holds the key.")
    value: Word = Field(default="value", description="The struct's field that holds the value; dots lead deeper.")


class Property(Named):
    """A property of a profile, an event or an item: exactly one of column, json, entry, sql, latitude + longitude.

    A lone text is a type word, or else a column. With none of them: the column named like the property.
    """

    type: PropertyType = Field(default="text", description="What its values are.")
    column: Word | None = Field(default=None, description="Its column; `join.column` in a joined table.")
    json_: Word | None = Field(default=None, description="A path into a JSON column: `props.coupon.brand`.")
    entry: Entry | None = Field(default=None, description="A value in an array of key/value structs.")
    sql: SQL | None = Field(default=None, description="An SQL expression; in a `group by` event an aggregate of lines.")
    latitude: Word | None = Field(default=None, description="Column of the latitude (type position).")
    longitude: Word | None = Field(default=None, description="Column of the longitude (type position).")
    scale: int = Field(default=4, ge=0, le=9, description="Decimals of a number or money; a float is rounded to them.")
    stored: Stored | StoredNumber | None = Field(
        default=None,
        description="How it is stored: a time or a date; or that a number needs no cast, as a decimal or an integer.",
    )
    zone: Word | None = Field(default=None, description="The zone of a naive timestamp.")
    values: Words = Field(default=(), description="Texts that it is known to have, for completion and for helps.")

    @model_validator(mode="before")
    @classmethod
    def _unfold(cls, given: Any) -> Any:
        if given is None:
            return {}
        if isinstance(given, str):
            return {"type": given} if given in TYPES else {"column": given}
        if isinstance(given, Mapping) and "type" not in given and {"latitude", "longitude"} & given.keys():
            return {**given, "type": "position"}
        return given

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


def unfold_properties(given: Any) -> Any:
    """Properties that name no source stand in the column of their name, with the owner's prefix."""
    if not isinstance(given, Mapping) or not isinstance(given.get("properties"), Mapping):
        return given
    prefix = given.get("prefix", "")
    named = {
        name: _with_column(value, f"{prefix}{column_of(name)}") if isinstance(name, str) else value
        for name, value in given["properties"].items()
    }
    return {**given, "properties": named}


def column_of(name: str) -> str:
    """The column that a property stands in when it names none."""
    return "_".join(name.replace("-", " ").split()).lower()


def _with_column(given: Any, column: str) -> Any:
    if isinstance(given, Property):
        bare = not given.sources and given.type != "position"
        return given.model_copy(update={"column": column}) if bare else given
    if given is None or isinstance(given, str):
        given = {} if given is None else {"type": given} if given in TYPES else {"column": given}
    ways = {"column", "json", "json_", "entry", "sql", "latitude", "longitude"}
    if isinstance(given, Mapping) and not ways & {way for way, value in given.items() if value is not None}:
        return {**given, "column": column} if given.get("type") != "position" else given
    return given


class Join(CatalogPart):
    """A table joined many to one, left: a missing match is a missing value."""

    table: Word = Field(description="The joined table; dotted names allowed.")
    on: Columns = Field(description="Column of this source: column of the joined table.", min_length=1)


def _unfold_joins(given: Any) -> Any:
    """`{products: product_id}` and `{products: {product_id: id}}`: the table has the name of the join."""
    if not isinstance(given, Mapping):
        return given
    unfolded = {}
    for name, join in given.items():
        short = isinstance(join, str) or (isinstance(join, Mapping) and not {"table", "on"} & join.keys())
        unfolded[name] = {"table": name, "on": join} if short else join
    return unfolded


Joins = Annotated[dict[Word, Join], BeforeValidator(_unfold_joins)]


class Lookup(CatalogPart):
    """Event names that stand in a table of their own: id column here, name there. A lone text is the table."""

    table: Word = Field(description="The table of names.")
    id: Word = Field(default="id", description="Its column that the name column refers to.")
    name: Word = Field(default="name", description="Its column of names.")
    where: SQL | None = Field(
        default=None, description="SQL condition: which of its rows count, where a name stands in several."
    )

    _text = shorthand("table")


class SourceRows(CatalogPart):
    """Rows of a warehouse: a table (dotted names allowed) or a query, a fixed filter."""

    table: Word | None = Field(default=None, description="A table or view; dotted names allowed.")
    query: SQL | None = Field(default=None, description="SELECT ..., in the catalog's SQL dialect.")
    where: SQL | None = Field(default=None, description="Rows for which this SQL condition holds are all there is.")
