"""`within 20 km of PLACE`, and `random 10%`: where profiles are, and chance."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from .. import ast
from ..conditions import Field, Near, Random, Type
from ..formatter import format_name
from .scope import Scope, fail, unknown

_METRES = {"km": Decimal(1000), "miles": Decimal("1609.344")}
_FURTHEST = Decimal(20_015_000)
"""In metres: half of the way around the earth."""


def near(scope: Scope, given: ast.Near) -> Near:
    """The distance in metres; the place is a place of the catalog, coordinates, or None for any store."""
    catalog = scope.catalog
    # The catalog has one position at most.
    field = next((name for name, one in catalog.profiles.properties.items() if one.type == "position"), None)
    if field is None:
        fail("unknown-name", "The catalog does not say where profiles are.", given.span,
             "add a property to the profiles: `position: {latitude: .., longitude: ..}`")  # fmt: skip
    metres = given.distance * _METRES[given.unit]
    if not 0 < metres <= _FURTHEST:
        fail("bad-number", "A distance is more than 0 km and at most 20,015 km, halfway around the earth.", given.span,
             "for example `within 20 km of ..`")  # fmt: skip
    scope.three_decimals(given.span)
    place, label = None, ""
    match given.place:
        case ast.Name() as name:
            known = catalog.find_place(name.text)
            if known is None:
                unknown("place", name, catalog.places, "give its latitude and longitude: `of (52.37, 4.89)`")
            place, label = (_degrees(catalog.places[known][0]), _degrees(catalog.places[known][1])), known
        case None:
            if catalog.stores is None:
                of = next(map(format_name, catalog.places), "(52.37, 4.89)")
                said = f"within {given.distance:f} {given.unit} of {of}"
                fail("unknown-name", "The catalog knows no stores.", given.span,
                     f"add `stores:` to it, or name a place: `{said}`")  # fmt: skip
        case coordinates:
            place = coordinates
    return Near(Field("profile", field, Type.POSITION), place, metres, given.span, label)


def _degrees(value: float) -> Decimal:
    return Decimal(repr(value))


def random(given: ast.Random) -> Random:
    """The share as a bound of hashes, rounded down."""
    share = given.percent.value
    below = None if share == 100 else f"{int(Fraction(share) * 16**8 / 100):08x}"
    return Random(given.seed.value if given.seed is not None else "", below, given.span)
