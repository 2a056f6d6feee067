"""What a session knows between two rules: what rules are asked of, and what was said last.

The `World` (catalog, segments, warehouse) is read in a thread, so that the first prompt need not wait for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import click

from ..cli.options import Options

if TYPE_CHECKING:
    from ..ast import Literal_
    from ..catalog import Catalog
    from ..compiler import Compiled, Meaning
    from ..segments import Segments
    from ..warehouse import Warehouse

Clock: TypeAlias = Literal["clock"]
Seen: TypeAlias = frozenset[tuple[str, int, int, int]]
"""Files, each with what changes when it is written."""


@dataclass(frozen=True, slots=True)
class World:
    """What rules are asked of. `now` is None where the clock tells it."""

    catalog: Catalog
    segments: Segments
    warehouse: Warehouse
    now: datetime | None
    reads: list[int] = field(default_factory=list)
    """How many bytes each statement read, where they cost money; whoever says it empties the list."""
    seen: Seen = frozenset()
    """The files of catalog and segments as they were read."""

    @property
    def billed(self) -> bool:
        """Whether each look at the data costs money."""
        return self.warehouse.dialect == "bigquery"


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

    options: Options
    world: Future[World]
    preferences: Preferences = Preferences()
    now: datetime | Clock | None = None
    """The instant that `\\now` named; None: that of the world."""
    dialect: str | None = None
    """The dialect that `\\sql` prints; None: that of the warehouse."""
    parameters: Mapping[str, Literal_] = field(default_factory=dict)
    last: str = ""
    """The last rule that was whole."""
    draft: str = ""
    """What stands at the next prompt already."""
    over: bool = False

    def instant(self, world: World) -> datetime:
        """The instant at which rules are asked."""
        found = self.now or world.now
        return datetime.now(UTC) if found is None or found == "clock" else found

    def counts_live(self, world: World) -> bool:
        """Whether what is typed is counted."""
        if self.preferences.live is not None:
            return self.preferences.live
        return not world.billed

    def keywords(self, world: World) -> dict[str, Any]:
        """The keyword arguments of `segql.compile` but the dialect."""
        return {"now": self.instant(world), "segments": world.segments, "parameters": self.parameters}


def compiled(text: str, state: State, world: World, dialect: str | None = None) -> Compiled:
    """A rule's SQL for the warehouse, or in a dialect. Raises SegQLError."""
    from ..compiler import compile

    return compile(text, world.catalog, dialect=dialect or world.warehouse.dialect, **state.keywords(world))


def meant(text: str, state: State, world: World) -> Meaning:
    """What a rule says. Raises SegQLError."""
    from ..compiler import meaning

    return meaning(text, world.catalog, **state.keywords(world))


def everyone(state: State, world: World) -> Compiled:
    """The SQL of all profiles."""
    return compiled("everyone", state, world)


def read_world(options: Options, say: Callable[[str], None]) -> World:
    """Reads catalog and segments and opens the warehouse; `say` hears what takes long.

    Raises SegQLError, WarehouseError, and click's errors for options that make no sense.
    """
    from ..cli.options import load_catalog, moment
    from ..demo import NOW

    if options.catalog is None and not options.on_demo_shop:
        raise click.UsageError("A warehouse of your own needs its catalog: --catalog FILE, or `catalog` in segql.toml.")
    seen = seen_now(options)
    catalog = load_catalog(options)
    now = moment(options.now, catalog) or (NOW if options.on_demo_shop else None)
    reads: list[int] = []
    warehouse = open_warehouse(options, say, reads=reads.append)
    world = World(catalog, read_segments(options), warehouse, now, reads, seen)
    # What is first is slow: the tables of the parser, the dialect. Nobody should wait for it at the first key.
    state = State(options, Future())
    compiled("not everyone", state, world)
    return world


def open_warehouse(
    options: Options,
    say: Callable[[str], None],
    writes: str | None = None,
    reads: Callable[[int], None] | None = None,
) -> Warehouse:
    """The warehouse of the options, with the secrets of its URL; one file may be written. Raises WarehouseError."""
    from ..cli.places import open_place
    from ..cli.settings import expanded

    place = None if options.warehouse is None else expanded(options.warehouse)
    return open_place(replace(options, warehouse=place), say, writes, reads=reads)


KEPT = "segments"
"""The folder of saved segments where no setting names one."""


def segment_places(options: Options) -> tuple[str, ...]:
    """The files and folders of saved segments: those of the options, else `segments` here beside the demo shop's."""
    from ..cli.options import shop

    return options.segments or (*((str(shop()),) if options.catalog is None else ()), KEPT)


def read_segments(options: Options) -> Segments:
    """The saved segments; what is wrong with their files stands in `problems`."""
    from ..segments import load_segments

    return load_segments(*(place for place in segment_places(options) if Path(place).exists()))


def seen_now(options: Options) -> Seen:
    """The files of catalog and segments as they are now; those of the demo shop stay as they are."""
    from ..segments import files_in

    files = [*files_in(place for place in segment_places(options) if Path(place).exists())]
    found = set()
    for file in [*files, *([Path(options.catalog)] if options.catalog else [])]:
        with suppress(OSError):
            known = file.stat()
            found.add((str(file), known.st_mtime_ns, known.st_size, known.st_ino))
    return frozenset(found)


def reread(state: State) -> tuple[State, tuple[str, ...]]:
    """The state with catalog and segments as their files are now, and the names of those that another program changed.

    Raises SegQLError for a catalog that is broken now.
    """
    from ..cli.options import load_catalog

    if not state.world.done() or state.world.exception() is not None:
        return state, ()
    world, seen = state.world.result(), seen_now(state.options)
    if seen == world.seen:
        return state, ()
    changed = sorted({Path(file).name for file, *_ in seen ^ world.seen})
    world = replace(world, catalog=load_catalog(state.options), segments=read_segments(state.options), seen=seen)
    return replace(state, world=settled(world)), tuple(changed)


def settled(world: World) -> Future[World]:
    """A world that is there already."""
    future: Future[World] = Future()
    future.set_result(world)
    return future
