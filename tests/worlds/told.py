"""The tests' catalog, which says in addition of all that needs no cast how it is stored."""

from __future__ import annotations

import re
from collections.abc import Mapping

from segql.catalog.model import Catalog, Property

from .shop_tables import TABLES

_KEPT = {
    "position": {"latitude": "lat_kept", "longitude": "lon_kept", "stored": "float"},
    "name day": {"column": "name_digits", "stored": "digits"},
}
"""The same values in columns that hold nothing else."""


def told(catalog: Catalog) -> Catalog:
    """The catalog with `stored` for each column whose values compare as they stand."""
    people = catalog.profiles
    properties = _told(people.properties, "people")
    properties |= {name: properties[name].model_copy(update=kept) for name, kept in _KEPT.items()}
    events = {
        name: event.model_copy(update={"properties": _told(event.properties, event.table)})
        for name, event in catalog.events.items()
    }
    people = people.model_copy(update={"properties": properties})
    return catalog.model_copy(update={"profiles": people, "events": events})


def _told(properties: Mapping[str, Property], table: str | None) -> dict[str, Property]:
    return {name: _stored(one, TABLES.get(table or "", {})) for name, one in properties.items()}


def _stored(one: Property, columns: Mapping[str, str]) -> Property:
    kind = columns.get(one.column or "", "")
    decimal = re.fullmatch(r"decimal\(\d+, (\d)\)", kind)
    if one.type not in ("number", "money") or one.stored is not None:
        return one
    if decimal is not None and int(decimal[1]) <= one.scale:
        return one.model_copy(update={"stored": "decimal"})
    return one.model_copy(update={"stored": "integer"}) if kind in ("integer", "bigint") else one
