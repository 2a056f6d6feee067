"""Distances on the earth. Floats, and only here: the haversine itself is compared with a constant."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from math import asin, cos, pi, radians, sin
from math import degrees as to_degrees
from typing import TypeAlias

from sqlglot import exp

from ..conditions import AT_PLACE, NEAREST_TIE, Near, Nearest
from . import nodes as n
from .rows import Rows, relation
from .sources import profiles
from .target import Target
from .texts import by_code_point
from .values import coordinate, floats, on_earth

RADIUS = 6_371_008.8
"""In metres."""

_MARGIN = Decimal("0.000001")
"""In degrees."""
_RADIANS = "0.017453292519943295"
_HALF_RADIANS = "0.008726646259971648"
"""Of one degree. Not every engine has a function for it."""

LATITUDE, LONGITUDE, EAST, NORTH, STEP = "place_latitude", "place_longitude", "cell_east", "cell_north", "cell_step"
POINT, SQUARE, FITS = ("axis_east", "axis_far", "axis_north"), "squared_line", "place_fits"
"""Columns of these queries, none of which is likely to be a profile's key."""


def near_place(near: Near, profile: Rows) -> exp.Expr:
    """Whether the profile is no further from a place; NULL without a position."""
    assert near.place is not None
    declared = profile.properties[near.field.name]
    within = zip(box(near.place, near.metres), (declared.latitude or "", declared.longitude or ""), strict=True)
    inside = [
        n.either(
            _between(coordinate(column, profile, kept=floats(declared, profile)), *stretch) for stretch in stretches
        )
        for stretches, column in within
    ]
    close = _closer(_home(near, profile), *_fixed(near.place), near.metres)
    return n.both([*(exp.Paren(this=one) if isinstance(one, exp.Or) else one for one in inside), close])


def _between(value: exp.Expr, low: Decimal, high: Decimal) -> exp.Expr:
    return exp.Between(this=value, low=n.number(low), high=n.number(high))


Stretches: TypeAlias = list[tuple[Decimal, Decimal]]


def box(place: tuple[Decimal, Decimal], metres: Decimal) -> tuple[Stretches, Stretches]:
    """The latitudes and the longitudes that can be so near a place, and hardly others: what lies there is on earth."""
    angle = float(metres) / RADIUS
    latitude, longitude = (radians(float(degrees)) for degrees in place)
    south, north = _around(latitude, angle)
    latitudes = [(max(south, Decimal(-90)), min(north, Decimal(90)))]
    reach = sin(angle) / cos(latitude) if abs(latitude) + angle < pi / 2 - 1e-8 else 1.0
    west, east = _around(longitude, asin(reach)) if reach < 1 else (Decimal(-180), Decimal(180))
    if west > -180 and east < 180:
        return latitudes, [(west, east)]
    if reach >= 1 or east - west >= 360:
        return latitudes, [(Decimal(-180), Decimal(180))]
    west, east = (west + 360, east) if west <= -180 else (west, east - 360)
    return latitudes, [(Decimal(-180), east), (west, Decimal(180))]


def _around(middle: float, away: float) -> tuple[Decimal, Decimal]:
    """Degrees on both sides of radians, a tenth of a metre further out than the rounding of floats."""
    low, high = (Decimal(to_degrees(middle + sign * away)) for sign in (-1, 1))
    return low.quantize(_MARGIN, ROUND_FLOOR) - _MARGIN, high.quantize(_MARGIN, ROUND_CEILING) + _MARGIN


def near_stores(near: Near, target: Target) -> exp.Query:
    """The keys of the profiles with some store no further away.

    A grid spares most distances: who is near a store lies in its cell or in one of the eight around it.
    """
    stores, profile = target.catalog.stores, profiles(target)
    assert stores is not None
    rows = Rows(target, "store", relation(stores, target))
    filters = [rows.expression(stores.where)] if stores.where is not None else []
    filters.append(on_earth(stores.latitude, stores.longitude, rows))
    east, north = _cell(_home(near, profile), near.metres)
    homes = profile.select([profile.key(), *_named(_home(near, profile), east, north)], _is_home(near, profile))
    place = (_degrees(rows, stores.latitude), _degrees(rows, stores.longitude))
    east, north = (
        exp.Add(this=cell, expression=n.column(alias, STEP))
        for cell, alias in zip(_cell(place, near.metres), ("east", "north"), strict=True)
    )
    around = rows.select(_named(place, east, north), filters)
    for alias in ("east", "north"):
        around.append("joins", exp.Join(this=_steps(alias), kind="CROSS"))
    one, other = ((n.column(alias, LATITUDE), n.column(alias, LONGITUDE)) for alias in ("home", "place"))
    same = n.both(n.compare(n.column("home", side), "=", n.column("place", side)) for side in (EAST, NORTH))
    return n.select(
        [n.column("home", target.catalog.profiles.key)],
        n.aliased(exp.Subquery(this=homes), "home"),
        [exp.Join(this=n.aliased(exp.Subquery(this=around), "place"), on=same)],
        _closer(one, other, _cosine(other[0].copy()), near.metres),
        distinct=True,
    )


def nearest_store(of: Nearest, target: Target) -> exp.Select:
    """The keys of the profiles of whose nearest stores one fits: by straight lines, without a sine for each pair."""
    stores, profile = target.catalog.stores, profiles(target)
    assert stores is not None
    rows, key = Rows(target, "store", relation(stores, target)), target.catalog.profiles.key
    filters = [rows.expression(stores.where)] if stores.where is not None else []
    filters.append(on_earth(stores.latitude, stores.longitude, rows))
    at = (_degrees(rows, stores.latitude), _degrees(rows, stores.longitude))
    fitting = [_closer((at[0].copy(), at[1].copy()), *_fixed(place), AT_PLACE) for place in of.places]
    if of.names:
        name = by_code_point(rows.column(stores.name), target)
        fitting.append(exp.In(this=name, expressions=[n.text(one) for one in of.names]))
    fits = n.case(n.either(fitting), n.number(1), n.number(0))
    places = rows.select([*_point(at), n.named(fits, FITS)], filters)
    homes = profile.select([profile.key(), *_point(_home(of, profile))], _is_home(of, profile))
    whose, line = n.column("home", key), n.column("pair", SQUARE)
    pairs = n.select(
        [whose, n.column("place", FITS), n.named(_squared_line(), SQUARE)],
        n.aliased(exp.Subquery(this=homes), "home"),
        [exp.Join(this=n.aliased(exp.Subquery(this=places), "place"), kind="CROSS")],
    )
    fitting_line = n.case(n.compare(n.column("pair", FITS), "=", n.number(1)), line)
    best, least = (exp.Sqrt(this=exp.Min(this=one)) for one in (fitting_line, line.copy()))
    whose = n.column("pair", key)
    found = n.select([whose], n.aliased(exp.Subquery(this=pairs), "pair"), group=[whose.copy()])
    further = exp.Sub(this=best, expression=least)
    found.set("having", exp.Having(this=n.compare(further, "<=", _number(float(NEAREST_TIE) / RADIUS))))
    return found


def _point(place: tuple[exp.Expr, exp.Expr]) -> list[exp.Expr]:
    """A position as a point on the unit sphere."""
    latitude, longitude = (n.binary(exp.Mul, degrees, exp.Literal.number(_RADIANS)) for degrees in place)
    around = (exp.Cos(this=longitude), exp.Sin(this=longitude.copy()))
    axes = [exp.Mul(this=exp.Cos(this=latitude.copy()), expression=one) for one in around]
    return [n.named(value, name) for value, name in zip((*axes, exp.Sin(this=latitude)), POINT, strict=True)]


def _squared_line() -> exp.Expr:
    """The square of the straight line between two points."""
    sides = [exp.Sub(this=n.column("home", axis), expression=n.column("place", axis)) for axis in POINT]
    one, two, three = (exp.Mul(this=exp.Paren(this=side), expression=exp.Paren(this=side.copy())) for side in sides)
    return exp.Add(this=exp.Add(this=one, expression=two), expression=three)


def _fixed(place: tuple[Decimal, Decimal]) -> tuple[tuple[exp.Expr, exp.Expr], exp.Expr]:
    """A constant position, and the cosine of its latitude."""
    latitude, longitude = (float(degrees) for degrees in place)
    return (_number(latitude), _number(longitude)), _number(cos(radians(latitude)))


def _cell(place: tuple[exp.Expr, exp.Expr], metres: Decimal) -> Iterator[exp.Expr]:
    """Where a position lies in a grid of an axis of the earth and of latitudes: no edge at a pole or at the date line.

    A cell is as wide as the chord and the angle of the distance, and more by far than a sine is rounded off.
    """
    latitude, longitude = (n.binary(exp.Mul, degrees.copy(), exp.Literal.number(_RADIANS)) for degrees in place)
    east = exp.Mul(this=exp.Cos(this=latitude), expression=exp.Sin(this=longitude))
    angle = max(float(metres) / RADIUS, 1e-6)
    for axis, width in ((east, 2 * sin(angle / 2)), (place[0].copy(), to_degrees(angle))):
        cell = exp.Div(this=axis, expression=_number(width * 1.000001), typed=False)
        yield n.cast(exp.Floor(this=cell), exp.DType.BIGINT)


def _named(place: tuple[exp.Expr, exp.Expr], east: exp.Expr, north: exp.Expr) -> list[exp.Expr]:
    columns = zip((*place, east, north), (LATITUDE, LONGITUDE, EAST, NORTH), strict=True)
    return [n.named(value, name) for value, name in columns]


def _steps(alias: str) -> exp.Expr:
    """From a cell to those beside it."""
    steps = [exp.Select(expressions=[n.named(n.number(step), STEP)]) for step in (-1, 0, 1)]
    return n.aliased(exp.Subquery(this=n.union_all(steps)), alias)


def _home(near: Near | Nearest, profile: Rows) -> tuple[exp.Expr, exp.Expr]:
    declared = profile.properties[near.field.name]
    columns = (declared.latitude or "", declared.longitude or "")
    if floats(declared, profile):
        return profile.column(columns[0]), profile.column(columns[1])
    return _degrees(profile, columns[0]), _degrees(profile, columns[1])


def _is_home(near: Near | Nearest, profile: Rows) -> list[exp.Expr]:
    declared = profile.properties[near.field.name]
    known = on_earth(declared.latitude or "", declared.longitude or "", profile, kept=floats(declared, profile))
    return [known, n.is_set(profile.key())]


def _degrees(rows: Rows, column: str) -> exp.Expr:
    return n.cast(coordinate(column, rows), exp.DType.DOUBLE)


def _closer(
    one: tuple[exp.Expr, exp.Expr], other: tuple[exp.Expr, exp.Expr], cosine: exp.Expr, metres: Decimal
) -> exp.Expr:
    """Whether the haversine of the angle between two positions is at most that of the distance."""
    cosines = exp.Mul(this=_cosine(one[0].copy()), expression=cosine)
    east = exp.Mul(this=cosines, expression=_squared_sine(one[1], other[1]))
    haversine = exp.Add(this=_squared_sine(one[0], other[0]), expression=east)
    most = sin(float(metres) / (2 * RADIUS)) ** 2
    return n.compare(haversine, "<=", _number(most))


def _squared_sine(one: exp.Expr, other: exp.Expr) -> exp.Expr:
    """The squared sine of half the angle between two degrees."""
    half = n.binary(exp.Mul, exp.Sub(this=one, expression=other), exp.Literal.number(_HALF_RADIANS))
    return exp.Pow(this=exp.Sin(this=half), expression=n.number(2))


def _cosine(degrees: exp.Expr) -> exp.Expr:
    return exp.Cos(this=n.binary(exp.Mul, degrees, exp.Literal.number(_RADIANS)))


def _number(value: float) -> exp.Expr:
    literal = exp.Literal.number(repr(abs(value)))
    return exp.Neg(this=literal) if value < 0 else literal
