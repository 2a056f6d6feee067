"""What a catalog declares, in the shape that it has in the file: profiles, events, channels, metrics, lists, and so on.

Whether it makes sense is asked in `checks`; `model.py` has the catalog whose names can be looked up.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from .parts import (
    SQL,
    CatalogPart,
    Columns,
    Joins,
    Lookup,
    Named,
    Property,
    SourceRows,
    StoredMoment,
    Word,
    Words,
    shorthand,
    unfold_properties,
)


class Items(SourceRows):
    """Line items of an event. In a `group by` event without a table of their own: the lines themselves."""

    on: Columns = Field(default_factory=dict, description="Column of the event: column of the items' table.")
    join: Joins = Field(default_factory=dict, description="Tables joined many to one.")
    properties: dict[Word, Property] = Field(default_factory=dict, description="What it has, by name.")

    _columns = model_validator(mode="before")(unfold_properties)


class Profiles(SourceRows):
    """Everybody: one row a profile."""

    key: Word = Field(description="The column that identifies a profile.")
    key_type: Literal["text", "integer", "uuid"] = Field(default="text", description="The type of the key.")
    properties: dict[Word, Property] = Field(default_factory=dict, description="What it has, by name.")
    shown: Words = Field(default=(), description="Properties that a table of members shows beside the key.")

    _columns = model_validator(mode="before")(unfold_properties)


def _iso(given: Any) -> Any:
    return given.isoformat() if isinstance(given, date) else given


class Event(Named, SourceRows):
    """Something that profiles did. `any_of` makes it a union of other events and excludes the rest."""

    profile: Word | None = Field(default=None, description="The column that holds the profile's key.")
    time: StoredMoment | None = Field(default=None, description="When it happened; without it, no window applies.")
    id: Word | None = Field(default=None, description="The column that tells events apart; none: each row is one.")
    name_column: Word | None = Field(default=None, description="In a table of many events: the column of their names.")
    name: Word | None = Field(default=None, description="The event's name in the name column.")
    names: Lookup | None = Field(default=None, description="The name column holds an id; the names are in this table.")
    group_by: Words = Field(
        default=(),
        description="One event is a group of rows with the same profile and these columns; its time the earliest.",
    )
    join: Joins = Field(default_factory=dict, description="Tables joined many to one.")
    prefix: str = Field(default="", description="Begins the column of every property that names none.")
    properties: dict[Word, Property] = Field(default_factory=dict, description="What it has, by name.")
    items: Items | None = Field(default=None, description="Its line items.")
    amount: Word | None = Field(default=None, description="The property that says how much: `placed order over 100`.")
    things: Words = Field(default=(), description='Properties, also of its items, that say of what: `bought "Beans"`.')
    any_of: Words = Field(default=(), description="The events of which this is any; excludes everything else.")
    arrived: StoredMoment | None = Field(default=None, description="When the row arrived, for refreshes.")
    visible_since: Annotated[Word, BeforeValidator(_iso)] | None = Field(
        default=None, description="A date: no such events are known from before it."
    )
    profiles_complete: bool = Field(default=False, description="The profile of every row exists.")

    _columns = model_validator(mode="before")(unfold_properties)


class Channel(Named, SourceRows):
    """Who can be reached. Without a table or query it stands on the profile's own columns."""

    profile: Word | None = Field(default=None, description="The column that holds the profile's key.")
    receives_when: SQL = Field(description="SQL condition: the row gives consent.")
    reason: Word | None = Field(default=None, description="Column of the reason.")
    time: StoredMoment | None = Field(default=None, description="Dated rows: the latest decides.")


class List(Named, SourceRows):
    """A static list: one row for each profile in it."""

    profile: Word = Field(description="The column that holds the profile's key.")
    time: StoredMoment | None = Field(default=None, description="When the profile joined.")


class Metric(Named):
    """A measure with a name. A lone text is the measure."""

    value: Word = Field(description="A measure, written in SegQL.")

    _text = shorthand("value")


class Stores(SourceRows):
    """The table behind `within 5 km of any store`."""

    name: Word = Field(default="name", description="Column of the store's name.")
    latitude: Word = Field(default="latitude", description="Column of its latitude, in degrees.")
    longitude: Word = Field(default="longitude", description="Column of its longitude, in degrees.")


def _pair(given: Any) -> Any:
    """`{latitude: 52.37, longitude: 4.89}` is `[52.37, 4.89]`."""
    if isinstance(given, Mapping) and set(given) == {"latitude", "longitude"}:
        return (given["latitude"], given["longitude"])
    return given


def _segql(given: Any) -> Any:
    """A Python value as SegQL writes it."""
    if isinstance(given, bool):
        return str(given).lower()
    if isinstance(given, int | float | Decimal):
        return format(Decimal(str(given)), "f")
    return given.isoformat() if isinstance(given, date) else given


Place = Annotated[tuple[float, float], BeforeValidator(_pair)]
Constant = Annotated[Word, BeforeValidator(_segql)]


class Declarations(CatalogPart):
    """All that a catalog declares, each part of the right shape, which need not make sense together."""

    timezone: Word = Field(default="UTC", description="IANA zone: the calendar of every rule.")
    currency: Word = Field(default="USD", description="ISO 4217 code of all money.")
    sql_dialect: Word = Field(default="duckdb", description="The dialect of the SQL in this file, as sqlglot names it.")
    largest_rule: int = Field(
        default=2000, ge=1, le=1_000_000, description="How large a rule may be, segments unfolded, in plain conditions."
    )
    profiles: Profiles = Field(description="Where everybody stands, one row a profile.")
    channels: dict[Word, Channel] = Field(default_factory=dict, description="Ways to reach people, with their consent.")
    events: dict[Word, Event] = Field(default_factory=dict, description="What profiles did.")
    metrics: dict[Word, Metric] = Field(default_factory=dict, description="Measures with a name, written in SegQL.")
    lists: dict[Word, List] = Field(default_factory=dict, description="Static lists of profiles.")
    places: dict[Word, Place] = Field(default_factory=dict, description="Latitude and longitude, in degrees.")
    stores: Stores | None = Field(default=None, description="The table behind `any store`.")
    sets: dict[Word, Words] = Field(default_factory=dict, description="Named sets of texts: `country in benelux`.")
    constants: dict[Word, Constant] = Field(default_factory=dict, description="Values, written in SegQL.")
