"""What a catalog could promise of the tables of a warehouse and does not, so that the SQL need not make sure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from ..catalog import Catalog
from ..catalog.model import Event, Profiles, Property
from ..dialects import known_or_plain
from ..errors import Problem
from .connection import Warehouse
from .events import check_event
from .keys import check_profiles, key_type
from .survey import Survey
from .surveyed import Path, Surveyed


def promises(
    warehouse: Warehouse, catalog: Catalog, progress: Callable[[str], None] | None = None
) -> tuple[list[Problem], Catalog]:
    """Hints: `profiles complete` of the events whose rows all have a known profile, `stored` of what needs no cast;
    and the catalog with all of it. Only what `catalog check` finds nothing against, so whole tables are read.

    Raises WarehouseError when the warehouse does not answer at all.
    """
    survey = Survey(warehouse, catalog, catalog.profiles.key_type)
    profiles = check_profiles(survey)
    survey = replace(survey, key_type=key_type(survey, profiles))
    complete, stored, better = list[Path](), list[tuple[Path, Property]](), catalog

    def holds(promised: Catalog, event: str | None) -> bool:
        """Whether `catalog check` finds no more that is wrong with the event, or with the profiles."""
        nonlocal better
        now, then = (
            _problems(replace(survey, catalog=one, problems=[]), event, profiles) for one in (better, promised)
        )
        better = promised if then <= now else better
        return then <= now

    def keep(part: Profiles | Event, path: Path, event: str | None) -> None:
        source = survey.source(part, path)
        for name, one in part.properties.items():
            how = None if source is None or one.stored is not None else _stored(one, source, survey)
            if how is None:
                continue
            told = one.model_copy(update={"stored": how})
            if holds(_with(better, event, {"properties": {**_part(better, event).properties, name: told}}), event):
                stored.append(((*path, "properties", name), told))

    keep(catalog.profiles, ("profiles",), None)
    for name, event in catalog.events.items():
        if event.any_of:
            continue
        if progress is not None:
            progress(f"event {name}")
        promised = _with(better, name, {"profiles_complete": True})
        if not event.profiles_complete and event.profile is not None and holds(promised, name):
            complete.append(("events", name))
        keep(event, ("events", name), name)
    hints = list[Problem]()
    if complete:
        message = f"Every row of {_listed(complete)} has a known profile, and the SQL makes sure of it each time."
        hint = "if it cannot become otherwise, promise it: profiles complete: true"
        hints.append(Problem("undeclared", message, catalog.span(*complete[0]), hint, "hint"))
    if stored:
        paths = [path for path, _ in stored]
        message = f"Values are stored as the SQL compares them, and it casts them: {_listed(paths)}."
        hint = f"say so: stored: {stored[0][1].stored}"
        hints.append(Problem("undeclared", message, catalog.span(*paths[0]), hint, "hint"))
    return hints, better


def _part(catalog: Catalog, event: str | None) -> Profiles | Event:
    return catalog.profiles if event is None else catalog.events[event]


def _with(catalog: Catalog, event: str | None, update: dict[str, Any]) -> Catalog:
    """The catalog with something else said of an event, or of the profiles."""
    part = _part(catalog, event).model_copy(update=update)
    return catalog.model_copy(
        update={"profiles": part} if event is None else {"events": {**catalog.events, event: part}}
    )


def _listed(paths: Sequence[Path]) -> str:
    """The first of some events or properties, and how many others there are."""
    name = f"`{paths[0][-1]}`" + (f" of `{paths[0][1]}`" if paths[0][0] == "events" and len(paths[0]) > 2 else "")
    return f"{name} and {len(paths) - 1} more" if len(paths) > 1 else name


def _stored(one: Property, source: Surveyed, survey: Survey) -> str | None:
    """How a property seems to be stored that needs no cast then."""
    types = [
        known[1]
        for column in (one.column, one.latitude, one.longitude)
        if column is not None and (known := source.columns.get(survey.looked_up(column))) is not None
    ]
    if one.type == "position":
        floats = [type_ for type_ in types if type_.family == "number" and not type_.is_decimal]
        return "float" if len(floats) == 2 else None
    if len(types) != 1:
        return None
    (found,) = types
    if one.type == "month-day":
        return "digits" if found.family == "text" else None
    if one.type not in ("number", "money") or not known_or_plain(survey.warehouse.dialect).keeps_numbers:
        return None
    if found.is_decimal:
        return "decimal" if (found.decimals or 0) <= one.scale else None
    return "integer" if found.family == "integer" and one.scale == 0 else None


def _problems(survey: Survey, event: str | None, profiles: Surveyed | None) -> set[tuple[str, str]]:
    """What `catalog check` finds wrong with an event, or with the profiles."""
    if event is None:
        check_profiles(survey)
    else:
        check_event(survey, survey.catalog.events[event], ("events", event), profiles)
    return {(problem.code, problem.message) for problem in survey.problems}
