"""The commands about what is asked and how: `\\catalog`, `\\now`, `\\dialect`, `\\warehouse`, `\\timing`, `\\set`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...answers.style import fitted
from ...console.output import busy, show_problems
from ...console.setup import Setup
from ..printing import note, page
from ..state import State, called, clock, open_warehouse, read_project, seen_now, settled
from .model import Refused, Words, first_word, project_of, unquoted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...catalog import Catalog
    from ...catalog.model import Event, Property
    from ...project import Project

ON_OFF = {"on": True, "off": False}


# --- \catalog ------------------------------------------------------------------------------------------------------


def catalog(state: State, argument: str) -> State:
    """Lists what has a name, or says what the catalog knows about one."""
    word, rest = first_word(argument)
    if word.lower() == "init":
        return _proposed(state, unquoted(rest))
    known = project_of(state).catalog
    name = unquoted(argument)
    page(state, fitted("\n".join(_one(known, name) if name else _all(known))))
    return state


def _proposed(state: State, given: str) -> State:
    """The state with a catalog that is proposed for a warehouse: the one that is named, else the one that is asked."""
    from ..proposing import proposed

    setup = state.setup
    if given:
        setup = replace(setup, warehouse=os.path.expanduser(given), table=(), timeout=None, max_bytes=None)
    found = proposed(setup)
    return state if found is None else opened(state, found)


def catalog_names(state: State) -> Words:
    """The names of the catalog with their kinds; none while it is being opened."""
    if not state.project.done() or state.project.exception() is not None:
        return []
    names = state.project.result().catalog.names()
    return [(name, kind) for kind, found in names.items() if kind != "set" for name in found]


def _all(known: Catalog) -> Iterator[str]:
    names = {kind: found for kind, found in known.names().items() if found and kind != "set"}
    names["event"] = tuple(known.events)
    names["set"] = tuple(known.sets)
    for kind, found in names.items():
        if found:
            yield click.style(f"{kind}s" if not kind.endswith("y") else f"{kind[:-1]}ies", bold=True)
            yield f"  {', '.join(found)}"
    yield click.style("\\catalog NAME says more about one of them.", dim=True)


def _one(known: Catalog, name: str) -> Iterator[str]:
    """What the catalog says about a name; whatever kinds of thing have it."""
    lines: list[str] = []
    if event := known.find_event(name):
        lines += _event(event, known.events[event])
    if found := known.find_property(name):
        lines.append(_property(found, known.profiles.properties[found]) + ", of profiles")
    if metric := known.find_metric(name):
        lines.append(f"{_head(metric, 'metric')}: {known.metrics[metric].value}")
    if channel := known.find_channel(name):
        lines.append(f"{_head(channel, 'channel')}: can receive {channel}")
    if list_ := known.find_list(name):
        lines.append(f'{_head(list_, "list")}: in list "{list_}"')
    if place := known.find_place(name):
        lines.append(f"{_head(place, 'place')}: {', '.join(map(str, known.places[place]))}")
    if constant := known.find_constant(name):
        lines.append(f"{_head(constant, 'constant')}: {known.constants[constant]}")
    if values := known.set_values(name):
        lines.append(f"{_head(known.find_set(name) or name, 'set')}: {', '.join(values)}")
    if not lines:
        from ...nearest import nearest

        close = nearest(name, [n for found in known.names().values() for n in found])
        raise Refused(
            f"The catalog has no `{name}`.",
            f"did you mean {' or '.join(f'`{n}`' for n in close)}?" if close else "\\catalog lists all names",
        )
    yield from lines


def _head(name: str, kind: str) -> str:
    return f"{click.style(name, bold=True)}  {kind}"


def _event(name: str, event: Event) -> list[str]:
    lines = [_head(name, "event") + (f": {event.description}" if event.description else "")]
    if event.also:
        lines.append(f"  also called {', '.join(event.also)}")
    if event.any_of:
        lines.append(f"  any of {', '.join(event.any_of)}")
    lines += _properties(event.properties)
    if event.items is not None:
        lines += ["  its items:", *(f"  {line}" for line in _properties(event.items.properties))]
    return lines


def _properties(found: Mapping[str, Property]) -> list[str]:
    return [f"  {_property(name, part)}" for name, part in found.items()]


def _property(name: str, part: Property) -> str:
    also = f" (also {', '.join(part.also)})" if part.also else ""
    return f"{click.style(name, bold=True)}  {part.type}{also}" + (f": {part.description}" if part.description else "")


# --- \now, \dialect, \warehouse ------------------------------------------------------------------------------------


def now(state: State, argument: str) -> State:
    """Asks for another instant from now on, and says which; without an argument, what it is."""
    from ...console.opening import moment

    project = project_of(state)
    said = argument.strip()
    if said == "clock":
        state = replace(state, now="clock")
    elif said == "reset":
        state = replace(state, now=None)
    elif said:
        try:
            state = replace(state, now=moment(said, project.catalog))
        except click.BadParameter as error:
            raise Refused(error.message.replace("--now", "\\now")) from None
    click.echo(clock(state, project))
    return state


def now_words(state: State) -> Words:
    """The words that `\\now` takes beside an instant."""
    return [("clock", "the time that it is"), ("reset", "what it was at the start")]


def dialect(state: State, argument: str) -> State:
    """Changes the dialect that `\\sql` prints; counts go on in the warehouse's own."""
    from ...dialects import DIALECTS

    said = argument.strip().lower()
    if said and said not in DIALECTS:
        raise Refused(f"{argument.strip()} is no dialect that SegQL writes.", f"one of {', '.join(DIALECTS)}")
    if said:
        state = replace(state, dialect=said)
    runs = project_of(state).opened.dialect
    click.echo(state.dialect or runs)
    if state.dialect not in (None, runs):
        note(f"\\sql prints it; counts still run on {runs}.")
    return state


def warehouse(state: State, argument: str) -> State:
    """Asks another warehouse from now on, with the usual limits; without an argument, says which."""
    given = os.path.expanduser(unquoted(argument))
    if not given:
        click.echo(called(state))
        return state
    setup = state.setup
    if given == "demo":
        setup = replace(setup, warehouse=None, table=(), catalog=None)
    else:
        if setup.catalog is None:
            raise Refused(
                "A warehouse of your own needs its catalog.",
                "\\catalog init PLACE proposes one, \\set catalog FILE takes one",
            )
        setup = replace(setup, warehouse=given)
    return opened(state, replace(setup, timeout=None, max_bytes=None))


def opened(state: State, setup: Setup) -> State:
    """The state with another project; the old one stays where the other cannot be opened."""
    seen = seen_now(setup)
    with busy("Opening the warehouse") as say:
        project = read_project(setup, say, state.reads.append)
    show_problems(project.segments.problems)
    if state.project.done() and state.project.exception() is None:
        state.project.result().opened.close()
    state = replace(state, setup=setup, project=settled(project), now=None, seen=seen)
    note(f"Asking {called(state)}.")
    return state


def warehouse_words(state: State) -> Words:
    """The word that `\\warehouse` takes beside a place."""
    return [("demo", "the demo shop")]


# --- \timing, \set -------------------------------------------------------------------------------------------------


def timing(state: State, argument: str) -> State:
    """`\\timing on`, `\\timing off`; without an argument, the other of the two."""
    said = argument.strip() or ("off" if state.preferences.timing else "on")
    return set_(state, f"timing {said}")


def set_(state: State, argument: str) -> State:
    """`\\set`, `\\set NAME VALUE`, `\\set NAME = VALUE`."""
    if not argument.strip():
        page(state, "\n".join(_settings(state)))
        return state
    name, sign, value = argument.partition("=")
    if sign:
        return _parameter(state, unquoted(name), value.strip())
    name, value = first_word(argument)
    match name.lower(), value.strip():
        case "live", ("on" | "off") as said:
            changed = replace(state.preferences, live=ON_OFF[said])
        case "timing", ("on" | "off") as said:
            changed = replace(state.preferences, timing=ON_OFF[said])
        case "pager", ("on" | "off") as said:
            changed = replace(state.preferences, pager=ON_OFF[said])
        case "editing", ("emacs" | "vi") as keys:
            changed = replace(state.preferences, editing=keys)
        case "limit", rows if rows.isdecimal() and int(rows) > 0:
            changed = replace(state.preferences, limit=int(rows))
        case "catalog", place if place:
            return opened(state, replace(state.setup, catalog=str(Path(unquoted(place)).expanduser())))
        case "segments", place if place:
            from .keeping import reloaded

            folder = str(Path(unquoted(place)).expanduser())
            return reloaded(replace(state, setup=replace(state.setup, segments=(folder,))))
        case _:
            raise Refused(
                f"`\\set {argument.strip()}` sets nothing.",
                "\\set live on, \\set editing vi, \\set limit 50; \\set recently = 4 months gives a name a value",
            )
    state = replace(state, preferences=changed)
    note(f"{name.lower()} is {value.strip()}")
    return state


def _parameter(state: State, name: str, value: str) -> State:
    from ...parser import parse_value

    if not value:
        left = {known: given for known, given in state.parameters.items() if known != name}
        return replace(state, parameters=left)
    state = replace(state, parameters={**state.parameters, name: parse_value(value, f"\\set {name}")})
    note(f"`{name}` stands for {value} in rules")
    return state


def _settings(state: State) -> Iterator[str]:
    from ... import formatter

    chosen = state.preferences
    yield f"live      {'on' if state.counts_live(project_of(state)) else 'off'}"
    yield f"editing   {chosen.editing}"
    yield f"limit     {chosen.limit}"
    yield f"timing    {'on' if chosen.timing else 'off'}"
    yield f"pager     {'on' if chosen.pager else 'off'}"
    yield f"catalog   {state.setup.catalog or 'that of the demo shop'}"
    yield f"segments  {', '.join(state.setup.segments) or '-'}"
    for name, value in state.parameters.items():
        yield f"{name} = {formatter.format(value)}"


def set_words(state: State) -> Words:
    """The settings, each with a value that it may have."""
    return [
        ("live on", "count while typing"), ("live off", "count at Enter only"),
        ("editing vi", "the keys of vi"), ("editing emacs", "the keys of emacs"),
        ("limit 50", "rows of a table"), ("timing on", "say how long it took"), ("pager off", "print all at once"),
        ("catalog ", "the file of a catalog"), ("segments ", "where segments are kept"),
    ]  # fmt: skip


def again(state: State, project: Project) -> Project:
    """The same project on a new connection."""
    return replace(project, warehouse=open_warehouse(state.setup, lambda text: None, reads=state.reads.append))
