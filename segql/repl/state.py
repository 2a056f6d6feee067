"""What a session knows between two rules: what rules are asked of, and what was said last.

The `World` (catalog, segments, warehouse) is read in a thread, so that the first prompt need not wait for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from ..cli.options import Options

if TYPE_CHECKING:
    from ..ast import Literal_
    from ..catalog import Catalog
    from ..compiler import Compiled, Meaning
    from ..segments import Segments
    from ..warehouse import Warehouse

Clock: TypeAlias = Literal["clock"]


@dataclass(frozen=True, slots=True)
class World:
    """What rules are asked of. `now` is None where the clock tells it."""

    catalog: Catalog
    segments: Segments
    warehouse: Warehouse
    now: datetime | None


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

    @property
    def counts_live(self) -> bool:
        """Whether what is typed is counted."""
        if self.preferences.live is not None:
            return self.preferences.live
        return not (self.options.warehouse or "").lower().startswith("bigquery:")  # there each count is billed

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
    from ..cli.places import open_place
    from ..demo import NOW

    catalog = load_catalog(options)
    now = moment(options.now, catalog) or (NOW if options.on_demo_shop else None)
    warehouse = open_place(options, say)
    world = World(catalog, read_segments(options), warehouse, now)
    # What is first is slow: the tables of the parser, the dialect. Nobody should wait for it at the first key.
    state = State(options, Future())
    compiled("not everyone", state, world)
    return world


def read_segments(options: Options) -> Segments:
    """The saved segments; what is wrong with their files stands in `problems`."""
    from ..cli.options import shop
    from ..segments import NONE, load_segments

    if options.segments:
        return load_segments(*options.segments)
    return NONE if options.catalog is not None else load_segments(shop())


def settled(world: World) -> Future[World]:
    """A world that is there already."""
    future: Future[World] = Future()
    future.set_result(world)
    return future
