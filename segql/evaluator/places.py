"""Distances on the earth: a sphere of the mean radius."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt
from typing import TypeAlias

from .values import Cell

RADIUS = 6_371_008.8
"""In metres."""

Position: TypeAlias = tuple[float, float]
"""Latitude and longitude in degrees."""


def degrees(cell: Cell) -> Position:
    """The position that was read from a row."""
    if not isinstance(cell, tuple):
        raise TypeError(f"{cell!r} is no position")
    latitude, longitude = cell
    return float(latitude), float(longitude)


def straight(one: Position, other: Position) -> float:
    """The distance in metres straight through the earth: where the great circle is longer, so is this."""
    return 2 * RADIUS * sqrt(min(_haversine(one, other), 1.0))


def distance(one: Position, other: Position) -> float:
    """The great-circle distance in metres, by the haversine formula."""
    return 2 * RADIUS * asin(sqrt(min(_haversine(one, other), 1.0)))


def _haversine(one: Position, other: Position) -> float:
    latitude, longitude = radians(one[0]), radians(one[1])
    latitude2, longitude2 = radians(other[0]), radians(other[1])
    north, east = sin((latitude2 - latitude) / 2), sin((longitude2 - longitude) / 2)
    return north**2 + cos(latitude) * cos(latitude2) * east**2
