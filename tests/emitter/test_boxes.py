"""The degrees among which everything lies that is so near a place: near poles and the date line, too."""

from __future__ import annotations

from decimal import Decimal
from math import asin, atan2, cos, degrees, pi, radians, sin
from random import Random

import pytest

from segql.emitter.places import RADIUS, box

METRES = (0, 1, 500, 10_000, 300_000, 2_000_000, 9_000_000, 12_000_000, 20_100_000)
PLACES = ((52.0894, 5.121), (0, 0), (0, 180), (-17.7, -179.999), (89.95, 10), (-90, 0), (90, -180), (66.5, 179.5))


def moved(latitude: float, longitude: float, bearing: float, angle: float) -> tuple[float, float]:
    """Where one comes to from a place, in degrees."""
    one, east = radians(latitude), radians(longitude)
    two = asin(max(-1.0, min(1.0, sin(one) * cos(angle) + cos(one) * sin(angle) * cos(bearing))))
    east += atan2(sin(bearing) * sin(angle) * cos(one), cos(angle) - sin(one) * sin(two))
    return degrees(two), (degrees(east) + 540) % 360 - 180


def inside(value: float, stretches: list[tuple[Decimal, Decimal]]) -> bool:
    return any(low <= Decimal(round(value, 9)) <= high for low, high in stretches)


@pytest.mark.parametrize("metres", METRES)
def test_whoever_is_near_lies_in_the_box(metres: int) -> None:
    random = Random(metres)
    places = [*PLACES, *((random.uniform(-90, 90), random.uniform(-180, 180)) for _ in range(20))]
    for place in places:
        at = (Decimal(str(round(place[0], 6))), Decimal(str(round(place[1], 6))))
        latitudes, longitudes = box(at, Decimal(metres))
        assert all(-90 <= low <= high <= 90 for low, high in latitudes)
        assert all(-180 <= low <= high <= 180 for low, high in longitudes)
        for turn in range(120):
            angle = min(pi, metres / RADIUS) * (1 if turn % 2 else random.random())
            found = moved(float(at[0]), float(at[1]), turn * pi / 60, angle)
            assert inside(found[0], latitudes), (place, found, latitudes)
            assert inside(found[1], longitudes) or abs(found[0]) > 89.9999999, (place, found, longitudes)


def test_a_box_is_hardly_larger_than_it_has_to_be() -> None:
    latitudes, longitudes = box((Decimal("52.0894"), Decimal("5.121")), Decimal(10_000))
    assert latitudes == [(Decimal("51.999466"), Decimal("52.179334"))]
    assert longitudes == [(Decimal("4.974632"), Decimal("5.267368"))]
    (_, east), (west, _) = box((Decimal("-17.7"), Decimal("179.999")), Decimal(10_000))[1]
    assert Decimal(-180) < east < Decimal("-179.9")
    assert Decimal("179.9") < west < Decimal(180)
