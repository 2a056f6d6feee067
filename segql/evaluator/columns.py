"""A table of profiles: the value of each column for each profile, or None where it is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from .. import conditions as c
from ..catalog.model import Catalog
from .measures import cut, edges, measure
from .populations import sampled
from .predicates import Sight, value_of
from .records import Profile, Records
from .rules import holds_for
from .shop import Key, Shop
from .values import Cell

NUMBERS = (c.Type.NUMBER, c.Type.MONEY)


def table(
    columns: Sequence[tuple[c.Column, c.Type]], shop: Shop, catalog: Catalog, now: datetime
) -> Mapping[Key, tuple[Cell | None, ...]]:
    """What each column, bound at `now`, says of each profile, by the key. Raises SegQLError (`shop-row`)."""
    people = Records(shop, catalog, now).people()
    found = [values(column, type_, people) for column, type_ in columns]
    return {one.key: tuple(column[one.key] for column in found) for one in people}


def values(column: c.Column, type_: c.Type, people: Sequence[Profile]) -> Mapping[Key, Cell | None]:
    """What one column says of these people, who are everybody."""
    match column:
        case c.Truth(rule=rule, sample=sample):
            members = sampled([one.key for one in people if holds_for(rule, one)], sample)
            return {one.key: one.key in members for one in people}
        case c.Moment(which=which, of=of):
            at = {one.key: edges(which, of, one) for one in people}
            return {key: found[0].time if found else None for key, found in at.items()}
        case c.Field():
            return {one.key: value_of(column, Sight(one)) for one in people}
        case _ if type_ in NUMBERS:
            return {one.key: cut(column, one) for one in people}
        case _:
            return {one.key: measure(column, one, exact=False) for one in people}
