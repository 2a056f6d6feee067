"""Distances on the earth. Floats, and only here: the haversine itself is compared with a constant."""

from __future__ import annotations

from decimal import Decimal
from math import cos, radians, sin

from sqlglot import exp

from ..conditions import Near
from . import nodes as n
from .rows import Rows, Target
from .sources import profiles, relation
from .values import coordinate

RADIUS = 6_371_008.8
"""In metres."""

_RADIANS = "0.017453292519943295"
_HALF_RADIANS = "0.008726646259971648"
"""Of one degree. Not every engine has a function for it."""


def near_place(near: Near, profile: Rows) -> exp.Expr:
    """Whether the profile is no further from a place; NULL without a position."""
    assert near.place is not None
    latitude, longitude = (float(degrees) for degrees in near.place)
    place = (_number(latitude), _number(longitude))
    return _closer(_home(near, profile), place, _number(cos(radians(latitude))), near.metres)


def near_stores(near: Near, target: Target) -> exp.Query:
    """The keys of the profiles with some store no further away."""
    stores, profile = target.catalog.stores, profiles(target)
    assert stores is not None
    rows = Rows(target, "store", relation(stores, target.catalog))
    filters = [rows.expression(stores.where)] if stores.where is not None else []
    place = (_degrees(rows, stores.latitude), _degrees(rows, stores.longitude))
    close = _closer(_home(near, profile), place, _cosine(place[0].copy()), near.metres)
    query = profile.select([profile.key()], [close, *filters], distinct=True)
    query.append("joins", exp.Join(this=rows.source(), kind="CROSS"))
    return query


def _home(near: Near, profile: Rows) -> tuple[exp.Expr, exp.Expr]:
    declared = profile.properties[near.field.name]
    return _degrees(profile, declared.latitude or ""), _degrees(profile, declared.longitude or "")


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
