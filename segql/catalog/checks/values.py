"""The checks of single values: zones, times, coordinates, dates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from ...errors import nearest
from ..marks import Path
from ..parts import Moment
from .findings import Finding, begun, called, needless


def zone_findings(path: Path, zone: str | None) -> Iterator[Finding]:
    if zone is None:
        return
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        zones = available_timezones()
        cities = {name.rsplit("/", 1)[-1]: name for name in sorted(zones)}
        close = nearest(zone, zones, 1) or [cities[city] for city in nearest(zone.replace(" ", "_"), cities, 1)]
        hint = f"did you mean `{close[0]}`?" if close else "write an IANA name, such as `Europe/Amsterdam` or `UTC`"
        yield Finding("unknown-zone", path, f'"{zone}" is no time zone.', hint)


def moment_findings(path: Path, moment: Moment | None) -> Iterator[Finding]:
    if moment is None:
        return
    yield from zone_findings((*path, "zone"), moment.zone)
    if moment.zone is not None and moment.stored != "timestamp":
        why = "a date has no time of day" if moment.stored == "date" else "an epoch number counts in UTC"
        yield needless(path, "zone", why)


def coordinate_findings(path: Path, latitude: float, longitude: float) -> Iterator[Finding]:
    if -90 <= latitude <= 90 and -180 <= longitude <= 180:
        return
    swapped = -90 <= longitude <= 90 and -180 <= latitude <= 180
    limits = "latitude is -90 to 90, longitude -180 to 180"
    hint = f"latitude first: [{longitude:g}, {latitude:g}]" if swapped else limits
    yield Finding("wrong-value", path, f"{begun(path)} is not on earth.", hint)


def day_findings(path: Path, text: str | None) -> Iterator[Finding]:
    if text is None:
        return
    try:
        date.fromisoformat(text)
    except ValueError:
        message = f'{begun(path)} must be a date, and not "{text}".'
        yield Finding("wrong-value", path, message, f"for example `{called(path[-1:]).strip('`')}: 2025-11-28`")
