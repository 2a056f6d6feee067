"""The commands that ask about a rule: `\\count`, `\\members`, `\\sql`, `\\explain`, `\\why`, `\\segments-of`,
`\\watch`, `\\export`.
"""

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

from ...answers.explained import OFTEN, explained_text, watched, watched_text
from ...answers.listing import lines_of, listed, write_list
from ...answers.style import counted, shared
from ...answers.ties import tied
from ...calendar import zone_of
from ...console.output import busy, show_problems, sql_text, width
from ...files import reason, replacing
from ..printing import note, page, took
from ..state import State, compiled, everyone, open_warehouse, settled
from .model import Refused, Words, about, first_word, project_of

if TYPE_CHECKING:
    from ...compiler import Compiled
    from ...project import Project


def dialects(state: State) -> Words:
    """The dialects that `\\sql` may be asked for."""
    from ...dialects import DIALECTS

    return [(name, "SQL dialect") for name in DIALECTS]


def count(state: State, argument: str) -> State:
    """How many members the rule has, of how many profiles, as Enter says it; then what is said of ties."""
    text, state = about(state, argument)
    project = project_of(state)
    start = perf_counter()
    done, everybody = compiled(text, state, project), everyone(state, project)
    with busy("Counting"):
        members, profiles = project.opened.counts(done.sql, everybody.sql)
    show_problems((*done.problems, *tied(done.meaning, members, profiles)))
    click.echo(shared(members, profiles))
    took(state, perf_counter() - start)
    return state


def members(state: State, argument: str) -> State:
    """A table of the first members; a number before the rule says how many of them."""
    word, rest = first_word(argument)
    limit = state.preferences.limit
    if word.isdecimal():
        limit, argument = int(word), rest
    text, state = about(state, argument)
    project = project_of(state)
    start = perf_counter()
    done = compiled(text, state, project)
    with busy("Asking the warehouse"):
        found = listed(project.opened, done, project.catalog, limit, everyone(state, project).sql)
    show_problems(found.problems)
    page(state, found.table)
    note(f"({found.showing})")
    took(state, perf_counter() - start)
    return state


def sql(state: State, argument: str) -> State:
    """The SQL, in the dialect that is named before the rule, or else in the session's."""
    from ...dialects import DIALECTS

    word, rest = first_word(argument)
    dialect = state.dialect
    if word.lower() in DIALECTS:
        dialect, argument = word.lower(), rest
    text, state = about(state, argument)
    done = compiled(text, state, project_of(state), dialect)
    show_problems(done.problems)
    page(state, sql_text(done.sql))
    return state


def explain(state: State, argument: str) -> State:
    """The rule in plain English with its dates, and what was rewritten."""
    text, state = about(state, argument)
    project = project_of(state)
    dialect = state.dialect or project.opened.dialect
    page(state, explained_text(state.asked(project).explain(text, dialect=dialect), sql_text))
    return state


def why(state: State, argument: str) -> State:
    """Why one profile, named by its key before the rule, is a member or none."""
    from ...answers.why import why_text
    from ...console.named import of_person
    from ...insights import why_in

    profile, rest = first_word(argument)
    if not profile:
        raise Refused("Which profile? By its key, or what is shown of it.", "\\members lists keys; then \\why 244")
    text, state = about(state, rest)
    project = project_of(state)
    start = perf_counter()
    with busy("Asking the warehouse"):
        asked = state.asked(project)
        found = of_person(profile, asked, lambda key: why_in(asked, text, key))
    page(state, why_text(found))
    took(state, perf_counter() - start)
    return state


def segments_of(state: State, argument: str) -> State:
    """The saved segments that one profile is in, since when, and what takes it out."""
    from ...answers.memberships import memberships_text
    from ...console.named import of_person
    from ...insights import segments_of as segments_of_

    profile, rest = first_word(argument)
    if not profile or rest:
        raise Refused("Whose segments? `\\segments-of` takes one key.", "\\members lists keys; then \\segments-of 244")
    project = project_of(state)
    start = perf_counter()
    with busy("Asking the warehouse"):
        asked = state.asked(project)
        found = of_person(profile, asked, lambda key: segments_of_(asked, key))
    show_problems(found.problems)
    page(state, memberships_text(found, zone_of(project.catalog.timezone), width()))
    took(state, perf_counter() - start)
    return state


def watch(state: State, argument: str) -> State:
    """Counts every so many seconds, until Ctrl-C. The warehouse may refuse on the way."""
    word, rest = first_word(argument)
    try:
        seconds = float(word)
    except ValueError:
        raise Refused("How often? `\\watch` takes a number of seconds.", "\\watch 5") from None
    text, state = about(state, rest)
    project = project_of(state)
    note(f"Every {max(seconds, OFTEN):g} s, until Ctrl-C.")
    try:
        for at, found, more in watched(lambda: project.opened.count(compiled(text, state, project).sql), seconds):
            click.echo(watched_text(at, found, more))
    except KeyboardInterrupt:
        pass
    return state


# --- export --------------------------------------------------------------------------------------------------------

FORMATS = (".csv", ".json", ".jsonl", ".parquet", ".arrow")


def export(state: State, argument: str) -> State:
    """Writes all members into a file, whole or not at all; the end of its name says the format."""
    word, rest = first_word(argument)
    path = Path(os.path.expanduser(word))
    suffix = path.suffix.lower()
    if not word or suffix not in FORMATS:
        raise Refused("Which file? Its name ends in .csv, .json, .jsonl, .parquet or .arrow.", "\\export members.csv")
    text, state = about(state, rest)
    project = project_of(state)
    done = compiled(text, state, project)
    with busy("Writing"):
        if suffix == ".parquet":
            project = _parquet(state, project, done, path)
            found = project.opened.count(done.sql)
        elif suffix == ".arrow":
            project.opened.write_arrow(done.sql, str(path))
            found = project.opened.count(done.sql)
        else:
            found = _written(path, lambda out: _list(out, project, done, suffix))
    note(f"{counted(found, 'member')} in {path}")
    return state if project is state.project.result() else replace(state, project=settled(project))


def _list(out: TextIO, project: Project, done: Compiled, suffix: str) -> int:
    """Writes the members, and says how many they were: another question could be answered otherwise, and costs."""
    key, keys = project.opened.members(done.sql)
    written = itertools.count()
    keys = (one for one, _ in zip(keys, written, strict=False))
    write_list(out, lines_of(suffix[1:], done, key), keys)
    return next(written)


def _written(path: Path, write: Callable[[TextIO], int]) -> int:
    """The file, whole or not at all; gives what was written."""
    try:
        with replacing(path) as part, part.open("w", encoding="utf-8", newline="") as file:
            return write(file)
    except OSError as error:
        raise Refused(f"{path} cannot be written: {reason(error)}.") from None


def _parquet(state: State, project: Project, done: Compiled, path: Path) -> Project:
    """Writes a Parquet file, opened anew where that takes a connection for it; gives the project after."""
    if not project.opened.connection.writes_named:
        project.opened.write_parquet(done.sql, str(path))
        return project
    project.opened.close()
    try:
        with closing(open_warehouse(state.setup, lambda text: None, str(path))) as writing:
            writing.write_parquet(done.sql, str(path))
    finally:
        project = replace(project, warehouse=open_warehouse(state.setup, lambda text: None))
    return project
