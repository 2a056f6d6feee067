"""The checks of single values: zones, times, coordinates, dates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from difflib import get_close_matches
from functools import cache
from importlib.resources import files

from ..marks import Path
from ..parts import StoredMoment
from .findings import Finding, begun, called, needless


@cache
def zone_names() -> frozenset[str]:
    """The names of IANA's database, old ones too (`US/Pacific`): not what else lies in a system's folder of zones.

    `localtime` and `posixrules` are the machine's own, `right/..` counts leap seconds, `Factory` says that none is set.
    """
    return frozenset(files("tzdata").joinpath("zones").read_text(encoding="utf-8").split()) - {"Factory"}


def zone_findings(path: Path, zone: str | None) -> Iterator[Finding]:
    """Whether it is an IANA zone."""
    if zone is not None and zone not in (zones := zone_names()):
        known = {name.rsplit("/", 1)[-1].casefold(): name for name in sorted(zones)}
        known |= {name.casefold(): name for name in zones}
        typed = zone.replace(" ", "_").casefold()
        close = [
            known[one] for part in (typed, typed.rsplit("/", 1)[-1]) for one in get_close_matches(part, known, 1, 0.8)
        ]
        hint = f"did you mean `{close[0]}`?" if close else "write an IANA name, such as `Europe/Amsterdam` or `UTC`"
        yield Finding("unknown-zone", path, f'"{zone}" is no time zone.', hint)


def moment_findings(path: Path, moment: StoredMoment | None) -> Iterator[Finding]:
    """Whether a moment's zone is one, and says something for how it is stored."""
    if moment is None:
        return
    yield from zone_findings((*path, "zone"), moment.zone)
    if moment.zone is not None and moment.stored != "timestamp":
        yield needless(path, "zone", zoneless(moment.stored))


def zoneless(stored: str) -> str:
    """Why a time that is stored so has no zone."""
    return "a date has no time of day" if stored == "date" else "an epoch number counts in UTC"


def coordinate_findings(path: Path, latitude: float, longitude: float) -> Iterator[Finding]:
    """Whether degrees of latitude and longitude are on earth."""
    if -90 <= latitude <= 90 and -180 <= longitude <= 180:
        return
    swapped = -90 <= longitude <= 90 and -180 <= latitude <= 180
    limits = "latitude is -90 to 90, longitude -180 to 180"
    hint = f"latitude first: [{longitude:g}, {latitude:g}]" if swapped else limits
    yield Finding("wrong-value", path, f"{begun(path)} is not on earth.", hint)


def day_findings(path: Path, text: str | None) -> Iterator[Finding]:
    """Whether it is a date."""
    if text is None:
        return
    try:
        date.fromisoformat(text)
    except ValueError:
        message = f'{begun(path)} must be a date, and not "{text}".'
        yield Finding("wrong-value", path, message, f"for example `{called(path[-1:]).strip('`')}: 2025-11-28`")
