"""The catalog's shape: what the words of a business are in the tables of a warehouse. One set of models serves the YAML
file, the Python object and the JSON Schema; shorthands are unfolded by validators, so that readers see one form.

SQL escapes (`where`, `sql`, `query`, `receives when`) are text here, checked and parsed in `sql_dialect` by sqlglot;
they reach a statement only as parsed trees. Column names are bare (`total_price`) or, for a joined table, dotted
(`products.brand`).
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

PropertyType = Literal[
    "text", "number", "money", "boolean", "date", "time", "list of text", "list of number", "position"
]


class Part(BaseModel):
    """What every part of a catalog is: frozen, no unknown keys, keys spelled with spaces in YAML."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        populate_by_name=True,
        alias_generator=lambda name: name.rstrip("_").replace("_", " "),
    )


class Named(Part):
    """What can be called by name in a rule."""

    also: tuple[str, ...] = Field(default=(), description="Other names for the same thing.")
    description: str = Field(default="", description="One line, shown by completion and docs.")


class Moment(Part):
    """Where a time stands and how it is stored. A YAML text is the column of a timestamp with time zone."""

    column: str
    stored: Literal["timestamp", "date", "seconds", "milliseconds", "microseconds"] = Field(
        default="timestamp", description="A timestamp, a date (its local midnight), or an epoch number."
    )
    zone: str | None = Field(default=None, description="The IANA zone of a naive timestamp; none: it has its own zone.")


class Entry(Part):
    """A value in an array of key/value structs: `{array: event_params, key is: page, key: key, value: value.string}`."""

    array: str
    key_is: str
    key: str = "key"
    value: str = "value"


class Property(Named):
    """A property of a profile, an event or an item. Exactly one of column, json, entry, sql, latitude+longitude."""

    type: PropertyType = "text"
    column: str | None = None
    json_: str | None = Field(default=None, description="A path into a JSON column: `props.coupon.brand`.")
    entry: Entry | None = None
    sql: str | None = Field(default=None, description="An SQL expression; in a `group by` event an aggregate of lines.")
    latitude: str | None = None
    longitude: str | None = None
    scale: int = Field(default=4, ge=0, le=9, description="Decimals of a number or money; a float is rounded to them.")
    zone: str | None = Field(default=None, description="The zone of a naive timestamp (type time).")


class Join(Part):
    """A table joined many to one, left: a missing match is a missing value."""

    table: str
    on: dict[str, str] = Field(description="Column of this source: column of the joined table.")


class Lookup(Part):
    """Event names that stand in a table of their own: id column here, name there."""

    table: str
    id: str = "id"
    name: str = "name"


class Rows(Part):
    """Rows of a warehouse: a table (dotted names allowed) or a query, a fixed filter."""

    table: str | None = None
    query: str | None = Field(default=None, description="SELECT ..., in the catalog's SQL dialect.")
    where: str | None = Field(default=None, description="Rows for which this SQL condition holds are all there is.")


class Items(Rows):
    """Line items of an event. In a `group by` event without a table of their own: the lines themselves."""

    on: dict[str, str] = Field(default_factory=dict, description="Column of the event: column of the items' table.")
    join: dict[str, Join] = Field(default_factory=dict)
    properties: dict[str, Property] = Field(default_factory=dict)


class Profiles(Rows):
    key: str
    key_type: Literal["text", "integer"] = "text"
    properties: dict[str, Property] = Field(default_factory=dict)


class Event(Named, Rows):
    """Something that profiles did. `any_of` makes it a union of other events and excludes the rest."""

    profile: str | None = None
    time: Moment | None = None
    id: str | None = Field(default=None, description="The column that tells events apart; none: each row is one.")
    name_column: str | None = None
    name: str | None = None
    names: Lookup | None = None
    group_by: tuple[str, ...] = Field(
        default=(), description="One event is a group of rows with the same profile and these columns; its time the earliest."
    )
    join: dict[str, Join] = Field(default_factory=dict)
    prefix: str = Field(default="", description="Begins the column of every property that names none.")
    properties: dict[str, Property] = Field(default_factory=dict)
    items: Items | None = None
    any_of: tuple[str, ...] = ()
    arrived: Moment | None = Field(default=None, description="When the row arrived, for refreshes.")
    visible_since: str | None = Field(default=None, description="A date: no such events are known from before it.")
    profiles_complete: bool = False


class Channel(Named, Rows):
    """Who can be reached. Without a table or query it stands on the profile's own columns."""

    profile: str | None = None
    receives_when: str = Field(description="SQL condition: the row gives consent.")
    reason: str | None = Field(default=None, description="Column of the reason.")
    time: Moment | None = Field(default=None, description="Dated rows: the latest decides.")


class List(Named, Rows):
    profile: str
    time: Moment | None = Field(default=None, description="When the profile joined.")


class Metric(Named):
    value: str = Field(description="A measure, written in SegQL.")


class Stores(Rows):
    name: str = "name"
    latitude: str = "latitude"
    longitude: str = "longitude"


class Catalog(Part):
    """Everything that rules can name. Made by `load_catalog(path)` or from Python: `Catalog.model_validate({...})`."""

    timezone: str = Field(default="UTC", description="IANA zone: the calendar of every rule.")
    currency: str = Field(default="USD", description="ISO 4217 code of all money.")
    sql_dialect: str = Field(default="duckdb", description="The dialect of the SQL in this file, as sqlglot names it.")
    profiles: Profiles
    channels: dict[str, Channel] = Field(default_factory=dict)
    events: dict[str, Event] = Field(default_factory=dict)
    metrics: dict[str, Metric] = Field(default_factory=dict)
    lists: dict[str, List] = Field(default_factory=dict)
    places: dict[str, tuple[float, float]] = Field(default_factory=dict)
    stores: Stores | None = None
    sets: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    constants: dict[str, str | int | float | bool] = Field(default_factory=dict, description="Values, written in SegQL.")
