"""What a catalog declares, in the shape that it has in the file: profiles, events, channels, metrics, lists, and so on.

Whether it makes sense is asked in `checks`; `model.py` has the catalog whose names can be looked up.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Literal, TypeAlias

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
    Whose,
    Word,
    Words,
    Written,
    field,
    unfold_properties,
)


class Items(SourceRows):
    """Line items of an event: rows of their own, or the elements of a list that the event's row has (`json`, `array`).

    In a `group by` event without any of these: the lines themselves.
    """

    json_: Word | None = field(default=None, description="A list of objects in JSON: its column, then keys, by dots.")
    array: Word | None = field(default=None, description="A column of the event's row that is an array of structs.")
    on: Columns = field(default_factory=dict, description="Column of the event: column of the items' table.")
    written: Written | None = field(default=None, description="When a row was added or last changed, for refreshes.")
    join: Joins = field(default_factory=dict, description="Tables joined many to one.")
    properties: dict[Word, Property] = field(default_factory=dict, description="What it has, by name.")

    @classmethod
    def unfolded(cls, given: Any) -> Any:
        """What is given, without shorthands; in JSON a property that names nothing else is the key of its name."""
        if isinstance(given, Mapping) and (given.get("json") or given.get("json_")) is not None:
            given = unfold_properties(_of_joined(given), "json")
        return super().unfolded(given)

    @property
    def inside(self) -> Literal["json", "array"] | None:
        """The kind of list in the event's own row whose elements they are, if they are that."""
        return "json" if self.json_ is not None else "array" if self.array is not None else None

    @property
    def are_lines(self) -> bool:
        """Whether they are the lines of the group that the event is."""
        return self.table is None and self.query is None and self.inside is None


class Partition(CatalogPart):
    """The column by which a large table is cut: a day, a month. A lone text is the column of days."""

    column: Word = field(description="The column; of date shards in BigQuery `_TABLE_SUFFIX`.")
    format: Word | None = field(
        default=None, description="How it writes a time: `%Y%m%d`, with years first; none: it is a date, or as stored."
    )
    stored: Literal["text", "integer", "date", "timestamp"] | None = field(
        default=None, description="What it is: text or a whole number with a format, else a date or a timestamp."
    )
    slack: Word = field(default="1d", description="How far a row's time may be from its partition: `3d`, `12h`.")

    lone = "column"

    @property
    def reach(self) -> timedelta:
        """The slack as a length of time. Raises ValueError."""
        found = re.fullmatch(r"(\d{1,4}) ?([hdw])", self.slack)
        if found is None:
            raise ValueError(self.slack)
        return int(found[1]) * {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}[found[2]]

    @property
    def kind(self) -> Literal["text", "integer", "date", "timestamp"]:
        """What the column is."""
        return self.stored or ("date" if self.format is None else "text")


class Profiles(SourceRows):
    """Everybody: one row a profile."""

    key: Word = field(description="The column that identifies a profile.")
    key_type: Literal["text", "integer", "uuid"] = field(default="text", description="The type of the key.")
    written: Written | None = field(default=None, description="When a row was added or last changed, for refreshes.")
    join: Joins = field(default_factory=dict, description="Tables joined many to one.")
    properties: dict[Word, Property] = field(default_factory=dict, description="What it has, by name.")
    currency: Word | None = field(
        default=None, description="The column of the money's currency; `catalog check` finds others than the catalog's."
    )
    shown: Words = field(default=(), description="Properties that a table of members shows beside the key.")


def _of_joined(given: Mapping[Any, Any]) -> Mapping[Any, Any]:
    """Items whose lone words that name a joined table are its columns."""
    joins, properties = given.get("join"), given.get("properties")
    if not isinstance(joins, Mapping) or not isinstance(properties, Mapping):
        return given
    column = {
        name: {"column": one}
        for name, one in properties.items()
        if isinstance(one, str) and "." in one and one.split(".")[0] in joins
    }
    return {**given, "properties": {**properties, **column}}


# `shapes` has what may be given for these.
Day: TypeAlias = str
Place: TypeAlias = tuple[float, float]
Constant: TypeAlias = str


class Event(Named, SourceRows):
    """Something that profiles did. `any_of` makes it a union of other events and excludes the rest."""

    profile: Whose | None = field(default=None, description="The column that holds the profile's key.")
    time: StoredMoment | None = field(default=None, description="When it happened; without it, no window applies.")
    id: Word | None = field(default=None, description="The column that tells events apart; none: each row is one.")
    name_column: Word | None = field(default=None, description="In a table of many events: the column of their names.")
    name: Words = field(default=(), description="Its names in the name column; `checkout_*` is all that begin so.")
    names: Lookup | None = field(default=None, description="The name column holds an id; the names are in this table.")
    partition: Partition | None = field(
        default=None, description="By what its table is cut; a window then reads only what it may lie in."
    )
    group_by: Words = field(
        default=(),
        description="One event is a group of rows with the same profile and these columns; its time the earliest.",
    )
    join: Joins = field(default_factory=dict, description="Tables joined many to one.")
    prefix: str = field(default="", description="Begins the column of every property that names none.")
    properties: dict[Word, Property] = field(default_factory=dict, description="What it has, by name.")
    items: Items | None = field(default=None, description="Its line items.")
    currency: Word | None = field(
        default=None, description="The column of the money's currency; `catalog check` finds others than the catalog's."
    )
    amount: Word | None = field(default=None, description="The property that says how much: `placed order over 100`.")
    things: Words = field(default=(), description='Properties, also of its items, that say of what: `bought "Beans"`.')
    any_of: Words = field(default=(), description="The events of which this is any; excludes everything else.")
    written: Written | None = field(default=None, description="When a row was added or last changed, for refreshes.")
    visible_since: Day | None = field(default=None, description="A date: no such events are known from before it.")
    profiles_complete: bool = field(default=False, description="The profile of every row exists.")


class Channel(Named, SourceRows):
    """Who can be reached. Without a table or query it stands on the profile's own columns."""

    profile: Whose | None = field(default=None, description="The column that holds the profile's key.")
    receives_when: SQL = field(description="SQL condition: the row gives consent.")
    reason: Word | None = field(default=None, description="Column of the reason.")
    time: StoredMoment | None = field(default=None, description="Dated rows: the latest decides.")
    written: Written | None = field(default=None, description="When a row was added or last changed, for refreshes.")


class List(Named, SourceRows):
    """A static list: one row for each profile in it."""

    profile: Whose = field(description="The column that holds the profile's key.")
    time: StoredMoment | None = field(default=None, description="When the profile joined.")
    written: Written | None = field(default=None, description="When a row was added or last changed, for refreshes.")


class Identities(SourceRows):
    """Who is who: the profile that each key of a visitor, a device or a badge is known as.

    The latest row of a key decides; where rows that tie differ, it is nobody's. One step is followed.
    """

    anonymous: Word = field(description="The column of keys that are led on, such as a visitor's id.")
    known: Word = field(description="The column of the profiles' keys that they lead to.")
    time: StoredMoment | None = field(default=None, description="When a row was written: the latest decides.")


class Metric(Named):
    """A measure with a name. A lone text is the measure."""

    value: Word = field(description="A measure, written in SegQL.")

    lone = "value"


class Stores(SourceRows):
    """The table behind `within 5 km of any store`."""

    name: Word = field(default="name", description="Column of the store's name.")
    latitude: Word = field(default="latitude", description="Column of its latitude, in degrees.")
    longitude: Word = field(default="longitude", description="Column of its longitude, in degrees.")
    values: Words = field(default=(), description="Names that stores are known to have, for helps.")


class Tenant(CatalogPart):
    """Whose a row is, where the tables hold the rows of several tenants. A lone text is the column."""

    column: Word = field(description="The column of every table that says whose a row is.")
    type: Literal["text", "integer", "uuid"] = field(default="text", description="The type of that column.")
    columns: dict[Word, Word] = field(
        default_factory=dict, description="By table: the column, where it has another name."
    )
    shared: Words = field(default=(), description="Tables without it, that all tenants share: they are read whole.")

    lone = "column"

    def column_of(self, table: str) -> str | None:
        """The column of a table by its dotted name; None where all tenants share it."""
        return None if table in self.shared else self.columns.get(table, self.column)


class Insights(CatalogPart):
    """What numbers about segments are made of."""

    order: Word | None = field(default=None, description="The event that is an order.")
    revenue: Word | None = field(default=None, description="What a profile brought in: a metric or another measure.")
    product: Word | None = field(
        default=None, description="What was bought: a text property of the order or of its items."
    )


class Declarations(CatalogPart):
    """All that a catalog declares, each part of the right shape, which need not make sense together."""

    timezone: Word = field(default="UTC", description="IANA zone: the calendar of every rule.")
    currency: Word = field(default="USD", description="ISO 4217 code of all money.")
    sql_dialect: Word = field(default="duckdb", description="The dialect of the SQL in this file, as sqlglot names it.")
    largest_rule: int = field(
        default=2000, ge=1, le=1_000_000, description="How large a rule may be, segments unfolded, in plain conditions."
    )
    tenant: Tenant | None = field(default=None, description="Whose a row is, in tables of several tenants.")
    profiles: Profiles = field(description="Where everybody stands, one row a profile.")
    channels: dict[Word, Channel] = field(default_factory=dict, description="Ways to reach people, with their consent.")
    events: dict[Word, Event] = field(default_factory=dict, description="What profiles did.")
    identities: dict[Word, Identities] = field(
        default_factory=dict, description="Maps of who is who: anonymous keys, and the profiles that they are known as."
    )
    metrics: dict[Word, Metric] = field(default_factory=dict, description="Measures with a name, written in SegQL.")
    insights: Insights | None = field(default=None, description="What numbers about segments are made of.")
    lists: dict[Word, List] = field(default_factory=dict, description="Static lists of profiles.")
    places: dict[Word, Place] = field(default_factory=dict, description="Latitude and longitude, in degrees.")
    stores: Stores | None = field(default=None, description="The table behind `any store`.")
    sets: dict[Word, Words] = field(default_factory=dict, description="Named sets of texts: `country in benelux`.")
    constants: dict[Word, Constant] = field(default_factory=dict, description="Values, written in SegQL.")
