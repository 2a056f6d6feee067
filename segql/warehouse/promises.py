"""What a catalog could promise of the tables of a warehouse and does not, so that the SQL need not make sure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from ..catalog import Catalog
from ..catalog.model import Event, Property
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
    """Hints: `profiles complete` of the events whose rows all have a known profile, `stored` of numbers that need no
    cast; and the catalog with all of it. Only what `catalog check` finds nothing against, so whole tables are read.

    Raises WarehouseError when the warehouse does not answer at all.
    """
    survey = Survey(warehouse, catalog, catalog.profiles.key_type)
    profiles = check_profiles(survey)
    survey = replace(survey, key_type=key_type(survey, profiles))
    complete, stored, better = list[str](), list[tuple[str, str, Property]](), dict[str, Event](catalog.events)

    def holds(name: str, update: dict[str, Any]) -> bool:
        """Whether `catalog check` finds no more that is wrong with the event."""
        now, promised = better[name], better[name].model_copy(update=update)
        if not _problems(survey, promised, name, profiles) <= _problems(survey, now, name, profiles):
            return False
        better[name] = promised
        return True

    for name, event in catalog.events.items():
        if event.any_of:
            continue
        if progress is not None:
            progress(f"event {name}")
        if not event.profiles_complete and event.profile is not None and holds(name, {"profiles_complete": True}):
            complete.append(name)
        for one, found in _kept(event, survey, ("events", name)):
            if holds(name, {"properties": {**better[name].properties, one: found}}):
                stored.append((name, one, found))
    hints = list[Problem]()
    if complete:
        message = f"Every row of {_listed(complete)} has a known profile, and the SQL makes sure of it each time."
        hint = "if it cannot become otherwise, promise it: profiles complete: true"
        hints.append(Problem("undeclared", message, catalog.span("events", complete[0]), hint, "hint"))
    if stored:
        (event_, property_, found), said = stored[0], _listed([f"{one}` of `{name}" for name, one, _ in stored])
        message = f"Numbers are stored exactly, and the SQL casts them: {said}."
        span = catalog.span("events", event_, "properties", property_)
        hints.append(Problem("undeclared", message, span, f"say so: stored: {found.stored}", "hint"))
    return hints, catalog.model_copy(update={"events": better})


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    return f"`{names[0]}`{more}"


def _kept(event: Event, survey: Survey, path: Path) -> Iterator[tuple[str, Property]]:
    """The numbers of an event that need no cast, with how they are stored."""
    source = survey.source(event, path)
    if source is None or not known_or_plain(survey.warehouse.dialect).keeps_numbers:
        return
    for name, one in event.properties.items():
        if one.type not in ("number", "money") or one.stored is not None or one.column is None:
            continue
        found = source.columns.get(survey.looked_up(one.column))
        if found is None:
            continue
        if found[1].is_decimal and (found[1].decimals or 0) <= one.scale:
            yield name, one.model_copy(update={"stored": "decimal"})
        elif found[1].family == "integer" and one.scale == 0:
            yield name, one.model_copy(update={"stored": "integer"})


def _problems(survey: Survey, event: Event, name: str, profiles: Surveyed | None) -> set[tuple[str, str]]:
    """What `catalog check` finds wrong with an event."""
    alone = replace(survey, problems=[])
    check_event(alone, event, ("events", name), profiles)
    return {(problem.code, problem.message) for problem in alone.problems}
