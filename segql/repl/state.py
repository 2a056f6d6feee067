"""What a session knows between two rules: what rules are asked of, and what was said last.

The `Project` (catalog, segments, warehouse) is read in a thread, so that the first prompt need not wait for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

import click

from ..console.setup import Setup, expanded
from ..plain import dataclass

if TYPE_CHECKING:
    from ..answers.charts import Spec
    from ..ast import Literal_
    from ..compiler import Compiled
    from ..meanings import Meaning
    from ..project import Project
    from ..segments import Segments
    from ..warehouse import Warehouse

Running: TypeAlias = Literal["clock"]
FileStates: TypeAlias = frozenset[tuple[str, int, int, int]]
"""Files, each with what changes when it is written."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """How a session behaves; it changes no answer."""

    editing: Literal["emacs", "vi"] = "emacs"
    live: bool | None = None
    """Whether typing counts; None: wherever a count costs no money."""
    limit: int = 20
    """Rows of a table."""
    timing: bool = False
    pager: bool = True


@dataclass(frozen=True, slots=True)
class State:
    """A session between two rules. Commands give the next one."""

    setup: Setup
    project: Future[Project]
    preferences: Preferences = Preferences()
    now: datetime | Running | None = None
    """The instant that `\\now` named; None: that of the project."""
    dialect: str | None = None
    """The dialect that `\\sql` prints; None: that of the warehouse."""
    parameters: Mapping[str, Literal_] = field(default_factory=dict)
    last: str = ""
    """The last rule that was whole."""
    draft: str = ""
    """What stands at the next prompt already."""
    script: str = ""
    """Rules and commands of a file, to be run next."""
    over: bool = False
    chart: Callable[[], Spec] | None = None
    """What draws the last numbers."""

    reads: list[int] = field(default_factory=list)
    """How many bytes each statement read, where they cost money; whoever says it empties the list."""
    seen: FileStates = frozenset()
    """The files of catalog and segments as they were read."""

    def instant(self, project: Project) -> datetime:
        """The instant at which rules are asked."""
        from ..arguments import instant

        return instant(None if self.now == "clock" else self.now or project.now)

    def counts_live(self, project: Project) -> bool:
        """Whether what is typed is counted."""
        return self.preferences.live if self.preferences.live is not None else not project.opened.billed

    def asked(self, project: Project) -> Project:
        """The project as this session asks it."""
        return replace(project, now=self.instant(project), parameters=self.parameters)


def compiled(text: str, state: State, project: Project, dialect: str | None = None) -> Compiled:
    """A rule's SQL for the warehouse, or in a dialect. Raises SegQLError."""
    return state.asked(project).compile(text, dialect=dialect)


def meant(text: str, state: State, project: Project) -> Meaning:
    """What a rule says. Raises SegQLError."""
    return state.asked(project).meaning(text)


def everyone(state: State, project: Project) -> Compiled:
    """The SQL of all profiles."""
    return compiled("everyone", state, project)


def read_project(setup: Setup, say: Callable[[str], None], reads: Callable[[int], None]) -> Project:
    """Reads catalog and segments and opens the warehouse; `say` hears what takes long, `reads` what costs money.

    Raises SegQLError, WarehouseError, and click's errors for a setup that makes no sense.
    """
    from ..console.opening import load_catalog, moment
    from ..demo import NOW
    from ..project import Project

    if setup.catalog is None and not setup.on_demo_shop:
        raise click.UsageError(
            "A warehouse of your own needs its catalog: --catalog FILE, or `catalog` in segql.toml;"
            " `segql catalog init` proposes one."
        )
    catalog = load_catalog(setup)
    now = moment(setup.now, catalog) or (NOW if setup.on_demo_shop else None)
    warehouse = open_warehouse(setup, say, reads=reads)
    project = Project(catalog, read_segments(setup), dialect=warehouse.dialect, now=now, warehouse=warehouse)
    # What is first is slow: the tables of the parser, the dialect. Nobody should wait for it at the first key.
    project.compile("not everyone")
    return project


def open_warehouse(
    setup: Setup,
    say: Callable[[str], None],
    writes: str | None = None,
    reads: Callable[[int], None] | None = None,
) -> Warehouse:
    """The warehouse of the setup, with the secrets of its URL; one file may be written. Raises WarehouseError."""
    from ..console.opening import open_place

    place = None if setup.warehouse is None else expanded(setup.warehouse)
    return open_place(replace(setup, warehouse=place), say, writes, reads=reads)


KEPT = "segments"
"""The folder of saved segments where no setting names one."""


def segment_places(setup: Setup) -> tuple[str, ...]:
    """The files and folders of saved segments: those of the setup, else `segments` here beside the demo shop's."""
    from ..console.opening import shop

    return setup.segments or (*((str(shop()),) if setup.catalog is None else ()), KEPT)


def read_segments(setup: Setup) -> Segments:
    """The saved segments; what is wrong with their files stands in `problems`."""
    from ..segments import load_segments

    return load_segments(*(place for place in segment_places(setup) if Path(place).exists()))


def called(state: State) -> str:
    """The catalog and the warehouse as a person calls them, without secrets."""
    if state.setup.on_demo_shop and state.setup.catalog is None:
        return "demo shop"
    from ..warehouse.urls import shown

    catalog = Path(state.setup.catalog).name if state.setup.catalog else "the demo shop's catalog"
    if state.setup.warehouse:
        place = shown(state.setup.warehouse)
        return f"{catalog} · {place if '://' in place else Path(place).name}"
    return f"{catalog} · demo shop" if state.setup.on_demo_shop else catalog


def clock(state: State, project: Project) -> str:
    """`Fri 28 Nov 2025 10:00 Europe/Amsterdam (the clock)`: the instant of the next question, in the shop's zone."""
    from ..calendar import local, zone_of

    clock = local(state.instant(project), zone_of(project.catalog.timezone))
    live = " (the clock)" if state.now == "clock" or (state.now is None and project.now is None) else ""
    return f"{clock:%a} {clock.day} {clock:%b %Y %H:%M} {project.catalog.timezone}{live}"


def seen_now(setup: Setup) -> FileStates:
    """The files of catalog and segments as they are now; those of the demo shop stay as they are."""
    from ..segments import files_in

    files = [*files_in(place for place in segment_places(setup) if Path(place).exists())]
    found = set()
    for file in [*files, *([Path(setup.catalog)] if setup.catalog else [])]:
        with suppress(OSError):
            known = file.stat()
            found.add((str(file), known.st_mtime_ns, known.st_size, known.st_ino))
    return frozenset(found)


def reread(state: State) -> tuple[State, tuple[str, ...]]:
    """The state with catalog and segments as their files are now, and the names of those that another program changed.

    Raises SegQLError for a catalog that is broken now.
    """
    from ..console.opening import load_catalog

    if not state.project.done() or state.project.exception() is not None:
        return state, ()
    seen = seen_now(state.setup)
    if seen == state.seen:
        return state, ()
    changed = sorted({Path(file).name for file, *_ in seen ^ state.seen})
    project = state.project.result()
    project = replace(project, catalog=load_catalog(state.setup), segments=read_segments(state.setup))
    return replace(state, project=settled(project), seen=seen), tuple(changed)


def settled(project: Project) -> Future[Project]:
    """A project that is there already."""
    future: Future[Project] = Future()
    future.set_result(project)
    return future
