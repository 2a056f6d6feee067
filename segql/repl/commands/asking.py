"""The commands that ask about a rule: `\\count`, `\\members`, `\\sql`, `\\explain`, `\\why`, `\\watch`, `\\export`."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, TextIO

import click

from ...cli.answers import OFTEN, explained, explained_text, watched, watched_text
from ...cli.listing import listed, write_csv, write_json, write_jsonl
from ...cli.output import busy, counted, shared, show_problems, sql_text
from ...cli.ties import tied
from ...files import reason, replacing
from ..printing import note, page, took
from ..state import State, World, compiled, everyone, open_warehouse, settled
from .model import Refused, Words, about, first_word, world_of

if TYPE_CHECKING:
    from ...compiler import Compiled


def dialects(state: State) -> Words:
    from ...dialects import DIALECTS

    return [(name, "SQL dialect") for name in DIALECTS]


def count(state: State, argument: str) -> State:
    text, state = about(state, argument)
    world = world_of(state)
    start = perf_counter()
    done, everybody = compiled(text, state, world), everyone(state, world)
    with busy("Counting"):
        members, profiles = world.warehouse.counts(done.sql, everybody.sql)
    show_problems((*done.problems, *tied(done.meaning, members, profiles)))
    click.echo(shared(members, profiles))
    took(state, perf_counter() - start)
    return state


def members(state: State, argument: str) -> State:
    word, rest = first_word(argument)
    limit = state.preferences.limit
    if word.isdecimal():
        limit, argument = int(word), rest
    text, state = about(state, argument)
    world = world_of(state)
    start = perf_counter()
    done = compiled(text, state, world)
    with busy("Asking the warehouse"):
        found = listed(world.warehouse, done, world.catalog, limit, everyone(state, world).sql)
    show_problems(found.problems)
    page(state, found.table)
    note(f"({found.showing})")
    took(state, perf_counter() - start)
    return state


def sql(state: State, argument: str) -> State:
    from ...dialects import DIALECTS

    word, rest = first_word(argument)
    dialect = state.dialect
    if word.lower() in DIALECTS:
        dialect, argument = word.lower(), rest
    text, state = about(state, argument)
    done = compiled(text, state, world_of(state), dialect)
    show_problems(done.problems)
    page(state, sql_text(done.sql))
    return state


def explain(state: State, argument: str) -> State:
    text, state = about(state, argument)
    world = world_of(state)
    dialect = state.dialect or world.warehouse.dialect
    page(state, explained_text(explained(text, world.catalog, dialect=dialect, **state.keywords(world))))
    return state


def why(state: State, argument: str) -> State:
    from ...cli.why import key_of, why_text
    from ...insights import why_in

    profile, rest = first_word(argument)
    if not profile:
        raise Refused("Which profile? `\\why` takes its key.", "\\members lists keys; then \\why 244")
    text, state = about(state, rest)
    world = world_of(state)
    start = perf_counter()
    with busy("Asking the warehouse"):
        key = key_of(profile, world.catalog)
        found = why_in(world.warehouse, text, world.catalog, key, **state.keywords(world))
    page(state, why_text(found))
    took(state, perf_counter() - start)
    return state


def watch(state: State, argument: str) -> State:
    word, rest = first_word(argument)
    try:
        seconds = float(word)
    except ValueError:
        raise Refused("How often? `\\watch` takes a number of seconds.", "\\watch 5") from None
    text, state = about(state, rest)
    world = world_of(state)
    note(f"Every {max(seconds, OFTEN):g} s, until Ctrl-C.")
    try:
        for at, found, more in watched(lambda: world.warehouse.count(compiled(text, state, world).sql), seconds):
            click.echo(watched_text(at, found, more))
    except KeyboardInterrupt:
        pass
    return state


# --- export --------------------------------------------------------------------------------------------------------

FORMATS = (".csv", ".json", ".jsonl", ".parquet")


def export(state: State, argument: str) -> State:
    word, rest = first_word(argument)
    path = Path(os.path.expanduser(word))
    if not word or path.suffix.lower() not in FORMATS:
        raise Refused("Which file? Its name ends in .csv, .json, .jsonl or .parquet.", "\\export members.csv")
    text, state = about(state, rest)
    world = world_of(state)
    done = compiled(text, state, world)
    with busy("Writing"):
        if path.suffix.lower() == ".parquet":
            world = _parquet(state, world, done, path)
            found = world.warehouse.count(done.sql)
        else:
            found = _written(path, lambda out: _list(out, world, done, path.suffix.lower()))
    note(f"{counted(found, 'member')} in {path}")
    return state if world is state.world.result() else replace(state, world=settled(world))


def _list(out: TextIO, world: World, done: Compiled, suffix: str) -> int:
    """Writes the members, and says how many they were: another question could be answered otherwise, and costs."""
    key, keys = world.warehouse.members(done.sql)
    written = itertools.count()
    keys = (one for one, _ in zip(keys, written, strict=False))
    if suffix == ".csv":
        write_csv(out, key, keys)
    elif suffix == ".jsonl":
        write_jsonl(out, key, keys)
    else:
        write_json(out, done, key, keys)
    return next(written)


def _written(path: Path, write: Callable[[TextIO], int]) -> int:
    """The file, whole or not at all; gives what was written."""
    try:
        with replacing(path) as part, part.open("w", encoding="utf-8", newline="") as file:
            return write(file)
    except OSError as error:
        raise Refused(f"{path} cannot be written: {reason(error)}.") from None


def _parquet(state: State, world: World, done: Compiled, path: Path) -> World:
    """Writes a Parquet file. DuckDB writes only what it was opened for, so it is opened anew; gives the world after."""
    if world.warehouse.dialect != "duckdb":
        world.warehouse.write_parquet(done.sql, str(path))
        return world
    world.warehouse.close()
    try:
        with closing(open_warehouse(state.options, lambda text: None, str(path))) as writing:
            writing.write_parquet(done.sql, str(path))
    finally:
        world = replace(world, warehouse=open_warehouse(state.options, lambda text: None))
    return world
