"""A project: what rules are asked of. The names of a catalog, saved segments, parameters, an instant, a warehouse."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from datetime import datetime
from pathlib import Path
from types import NoneType
from typing import TYPE_CHECKING, Any

from . import compiler
from .arguments import Given, Parameter, context, instant
from .catalog import Catalog, load_catalog
from .dialects import dialect
from .errors import expect, wrong_type
from .plain import dataclass
from .segments import NONE, Segments, load_segments

if TYPE_CHECKING:
    from .compiler import Compiled, Explained
    from .completer import Completion
    from .emitter import Style
    from .errors import Problem
    from .meanings import Meaning
    from .warehouse import Warehouse


@dataclass(frozen=True, slots=True)
class Project:
    """What rules are asked of; each method is the function of that name in `segql`, with all this given.

    `dialect` is that of the SQL. `now` is an aware instant; None is the clock, read anew by each question. What counts
    needs the `warehouse`, of the same dialect; whoever opened it closes it.
    """

    catalog: Catalog
    segments: Segments = NONE
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    dialect: str = "duckdb"
    now: datetime | None = None
    warehouse: Warehouse | None = None

    def __post_init__(self) -> None:
        """Looks at each part: TypeError names what has a wrong type, ValueError a `now` without zone or a dialect."""
        context(self.catalog, self.segments, self.parameters)
        instant(self.now)
        dialect(self.dialect)
        if isinstance(self.warehouse, str | Path | int | Mapping):  # a place, most likely, that nobody opened
            raise wrong_type("warehouse", "a Warehouse, as `open_warehouse(place)` gives one", self.warehouse)

    @classmethod
    def read(cls, folder: str | Path = ".") -> Project:
        """The project whose `segql.toml` stands in a folder or above it: its catalog, segments and dialect.

        The warehouse is not opened: `segql.warehouse.open_warehouse` does that. Raises SegQLError for a catalog that
        cannot be used, and ValueError where there is no `segql.toml`, or it names no catalog or has mistakes.
        """
        from .settings import project_settings

        expect("folder", "a folder's path", folder, str, Path)
        found = project_settings(Path(folder))
        catalog, segments = found.text("catalog"), found.text("segments")
        if found.wrong or catalog is None:
            raise ValueError("\n".join(found.wrong) or f"no segql.toml in {folder} or above it names a catalog")
        return cls(
            load_catalog(catalog),
            load_segments(segments) if segments else NONE,
            dialect=found.text("dialect") or "duckdb",
        )

    def at(self, now: datetime | None) -> Project:
        """The same project at another instant."""
        return replace(self, now=now)

    @classmethod
    def expect(cls, given: object) -> None:
        """Raises TypeError for an argument `project` that is none."""
        expect("project", "a Project: what rules are asked of", given, cls)

    @property
    def keywords(self) -> dict[str, Any]:
        """The keyword arguments that the functions of `segql` share."""
        return {"now": self.now, "segments": self.segments, "parameters": self.parameters}

    def instant(self) -> datetime:
        """`now` in UTC, or the clock."""
        return instant(self.now)

    def meaning(self, rule: Given) -> Meaning:
        """`segql.meaning` of a rule here."""
        return compiler.meaning(rule, self.catalog, **self.keywords)

    def compile(
        self, rule: Given, *, dialect: str | None = None, bind: Style | None = None, live: bool = False
    ) -> Compiled:
        """The SQL of a rule, in another dialect where one is named; live SQL takes no `now`."""
        how = self.keywords | ({"now": None} if live else {})
        return compiler.compile(rule, self.catalog, dialect=dialect or self.dialect, bind=bind, live=live, **how)

    def explain(self, rule: Given, *, dialect: str | None = None) -> Explained:
        """`segql.explain` of a rule here, in the dialect of the project if none is named."""
        return compiler.explain(rule, self.catalog, dialect=dialect or self.dialect, **self.keywords)

    def describe(self, rule: Given) -> str:
        """`segql.describe` of a rule here."""
        return compiler.describe(rule, self.catalog, **self.keywords)

    def check(self, rule: Given | Segments) -> list[Problem]:
        """`segql.check` of a rule or of segments here."""
        return compiler.check(rule, self.catalog, **self.keywords)

    def complete(self, text: str, cursor: int) -> list[Completion]:
        """`segql.complete` of a text here."""
        from .completer import complete

        return complete(text, cursor, self.catalog, **self.keywords)

    def count(self, rule: Given) -> int:
        """How many members the rule has in the warehouse. Raises as `compile`, and WarehouseError."""
        return self.opened.count(self.compile(rule).sql)

    def members(self, rule: Given, limit: int | None = None) -> Iterator[Any]:
        """The keys of the members in the warehouse, in order; at most so many. Raises as `count`."""
        expect("limit", "a whole number", limit, int, NoneType)
        _, keys = self.opened.members(self.compile(rule).sql, limit)
        return iter(keys)

    @property
    def opened(self) -> Warehouse:
        """The warehouse. Raises ValueError where there is none."""
        if self.warehouse is None:
            raise ValueError("the project has no warehouse to ask: replace(project, warehouse=open_warehouse(place))")
        return self.warehouse
