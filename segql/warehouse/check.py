"""Compares a catalog with a warehouse (`segql catalog check`): every problem at once, each at its line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from sqlglot import exp

from ..catalog import Catalog
from ..catalog.checks.findings import begun
from ..catalog.model import Channel, List, Named, Stores
from ..dialects import dialect as dialect_of
from ..emitter import PROFILE, sql_text, times
from ..emitter import nodes as n
from ..emitter.bounds import EXACT
from ..errors import Problem
from ..formatter import format_name
from ..parser.names import is_bare
from .connection import Warehouse
from .events import check_event
from .keys import check_identities, check_profiles, check_promise, key_type, of_profiles
from .properties import check_axes
from .survey import Survey
from .surveyed import Path, Surveyed


def check_catalog(
    warehouse: Warehouse, catalog: Catalog, progress: Callable[[str], None] | None = None
) -> list[Problem]:
    """What differs between a catalog and the tables of a warehouse, in the order of the catalog's file.

    Reads whole tables where it looks for doubles. `progress` hears which part is at hand.
    Raises WarehouseError when the warehouse does not answer at all.
    """
    warehouse.rows(_today(catalog, warehouse.dialect))
    survey, say = Survey(warehouse, catalog, catalog.profiles.key_type), progress or (lambda part: None)
    say("profiles")
    profiles = check_profiles(survey)
    survey = replace(survey, key_type=key_type(survey, profiles))
    for name, channel in catalog.channels.items():
        say(f"channel {name}")
        _channel(survey, channel, ("channels", name), profiles)
    for name, event in catalog.events.items():
        if not event.any_of:
            say(f"event {name}")
            check_event(survey, event, ("events", name), profiles)
    for name, list_ in catalog.lists.items():
        say(f"list {name}")
        _list(survey, list_, ("lists", name))
    for name, known in catalog.identities.items():
        say(f"identities {name}")
        check_identities(survey, known, ("identities", name))
    if catalog.stores is not None:
        _stores(survey, catalog.stores, ("stores",))
    _names(survey)
    return sorted(survey.problems, key=lambda problem: problem.span.start)


def _today(catalog: Catalog, dialect: str) -> str:
    """A statement that fails where the warehouse does not know the catalog's time zone."""
    wall = times.wall(exp.CurrentTimestamp(), EXACT, catalog.timezone, dialect_of(dialect))
    return sql_text(exp.Select(expressions=[n.named(n.cast(wall, exp.DType.DATE), "today")]), catalog, dialect)


def _names(survey: Survey) -> None:
    """A hint where a rule can name something in quotes only."""
    catalog = survey.catalog
    owners: dict[Path, Mapping[str, Named]] = {
        ("events",): catalog.events, ("metrics",): catalog.metrics, ("lists",): catalog.lists,
        ("channels",): catalog.channels, ("profiles", "properties"): catalog.profiles.properties,
    }  # fmt: skip
    for name, event in catalog.events.items():
        owners["events", name, "properties"] = event.properties
        if event.items is not None:
            owners["events", name, "items", "properties"] = event.items.properties
    for path, named in owners.items():
        for name, part in named.items():
            if not any(map(is_bare, (name, *part.also))):
                message = (
                    f"{begun((*path, name))} stands in quotes in a rule: it holds a word or a sign of the language."
                )
                hint = f"write {format_name(name)}, or give it another name by `also: [..]`"
                survey.wrong("quoted-name", (*path, name), message, hint, "hint")


def _channel(survey: Survey, channel: Channel, path: Path, profiles: Surveyed | None) -> None:
    source = survey.source(channel, path, otherwise=profiles)
    if source is None:
        return
    if channel.table is not None or channel.query is not None:
        of_profiles(survey, channel.profile, source, path)
        survey.hides(PROFILE, source, channel, path, channel.profile)
    survey.condition(channel.receives_when, source, (*path, "receives when"))
    if channel.reason is not None:
        found = survey.column(channel.reason, source, (*path, "reason"))
        if found is not None and found.family not in ("text", "any"):
            message = f"A reason is text, and `{channel.reason}` of {source.said} is {found}."
            survey.wrong("column-type", (*path, "reason"), message, "cast it in a `query: SELECT ..`")
    if channel.time is not None:
        survey.moment(channel.time, source, (*path, "time"))
    check_promise(survey, channel.written, source, path)


def _list(survey: Survey, given: List, path: Path) -> None:
    source = survey.source(given, path)
    if source is not None:
        of_profiles(survey, given.profile, source, path)
        survey.hides(PROFILE, source, given, path, given.profile)
        if given.time is not None:
            survey.moment(given.time, source, (*path, "time"))
        check_promise(survey, given.written, source, path)


def _stores(survey: Survey, stores: Stores, path: Path) -> None:
    source = survey.source(stores, path)
    if source is not None:
        survey.column(stores.name, source, (*path, "name"))
        check_axes(survey, {"latitude": stores.latitude, "longitude": stores.longitude}, source, path)
