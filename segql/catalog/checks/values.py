"""The checks of single values: zones, times, coordinates, dates."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from difflib import get_close_matches
from functools import cache
from importlib.resources import files

from ...nearest import nearest
from ..marks import Path
from ..parts import Given, StoredMoment, Whose, Written
from .escapes import Escapes
from .findings import Finding, begun, called, either, missing, needless


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


def whose_findings(
    path: Path, whose: Whose | None, joins: Collection[str], sql: Escapes, identities: Collection[str]
) -> Iterator[Finding]:
    """Whether a profile's key stands somewhere, and the map of identities is one that leads on to it."""
    yield from given_findings(path, whose, joins, sql)
    if whose is not None and whose.identities is not None and whose.identities not in identities:
        close = nearest(whose.identities, identities, 1)
        hint = f"did you mean `{close[0]}`?" if close else "declare it under `identities:`, or remove it here"
        message = f'There is no map of identities "{whose.identities}".'
        yield Finding("unknown-reference", (*path, "identities"), message, hint)


def given_findings(path: Path, given: Given | None, joins: Collection[str], sql: Escapes) -> Iterator[Finding]:
    """Whether a value of a row stands in columns, or else in SQL; and whether the tables are joined that it reads."""
    if given is None:
        return
    if given.column and given.sql is not None:
        yield either(path, "column", "sql")
    if not given.column and given.sql is None:
        yield missing(path, "column", "sql")
    for i, column in enumerate(given.column):
        alias, dot, _ = column.partition(".")
        if dot and len(given.column) > 1 and alias not in joins:
            message = f"`{column}` reads a joined table `{alias}`, and there is no such join."
            yield Finding("unknown-reference", (*path, i), message, f"join the table (`join: {{{alias}: ..}}`)")
    yield from sql.value((*path, "sql"), given.sql)


def moment_findings(
    path: Path, moment: StoredMoment | None, sql: Escapes, joins: Collection[str] = ()
) -> Iterator[Finding]:
    """Whether a moment's zone is one, and says something for how it is stored."""
    if moment is None:
        return
    yield from given_findings(path, moment, joins, sql)
    yield from zone_findings((*path, "zone"), moment.zone)
    if moment.zone is not None and moment.stored != "timestamp":
        yield needless(path, "zone", zoneless(moment.stored))


def written_findings(
    path: Path, written: Written | None, sql: Escapes, joins: Collection[str] = (), *, joined: bool = False
) -> Iterator[Finding]:
    """Whether the promise of a source, or of a table that is `joined` to one, can be read."""
    yield from moment_findings((*path, "written"), written, sql, joins)
    if written is None:
        return
    try:
        written.reach  # noqa: B018  # it raises
    except ValueError:
        message = f"`{written.late}` is no such length."
        yield Finding("wrong-value", (*path, "written", "late"), message, "write `15min`, `1h` or `2d`")
    if (deleted := written.deleted) is not None:
        path = (*path, "written", "deleted")
        if deleted.table is None and deleted.query is None:
            yield missing(path, "table", "query")
        yield from sql.query((*path, "query"), deleted.query)
        yield from sql.value((*path, "where"), deleted.where)
        if joined and deleted.profile is not None:
            yield needless(path, "profile", "whoever has rows that the deleted one was joined to is found by `on`")
        elif not joined and deleted.profile is None:
            yield missing(path, "profile")
        if not joined and deleted.on:
            yield needless(path, "on", "`profile` says whose the row was")
        if deleted.profile is not None:
            yield from given_findings((*path, "profile"), deleted.profile, (), sql)
        yield from moment_findings((*path, "time"), deleted.time, sql)


def beside_findings(path: Path, written: Written | None, sql: Escapes, *, joined: bool = False) -> Iterator[Finding]:
    """Whether the promise of rows beside those of a source is about one of their columns."""
    yield from written_findings(path, written, sql, joined=joined)
    if written is not None and (written.alone is None or "." in written.alone):
        message = "Of a joined table, and of items, `written` is one column of theirs."
        yield Finding("wrong-value", (*path, "written"), message, "write `written: updated_at`, or use a view")


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
