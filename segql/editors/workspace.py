"""The project around a file that is edited: found as the commands find it, read from the editor before the disk."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import field
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from .. import ast, binder, parser, trial
from ..catalog import Catalog, catalog_from_yaml
from ..catalog import load_catalog as read_catalog
from ..compiler import check
from ..console.opening import default_now, moment, shop
from ..console.setup import Setup, with_settings
from ..errors import Problem, SegQLError
from ..plain import dataclass
from ..project import Project
from ..segments import Segments, sources_in, together
from ..settings import Settings, read_settings
from ..source import Source
from .mentions import Key, Mention, mentions

OTHERS = (".yaml", ".yml", ".toml", ".json")
"""Ends of files that an editor may open, too, and that hold no definitions."""

_parsed = lru_cache(2_000)(parser.parse_definitions_all)
"""Of files: while one is edited, the others stay as they are."""


@dataclass(frozen=True, slots=True)
class Here:
    """A project as it is at one moment. Without a catalog that can be used there is none; `faults` say why."""

    given: Setup
    folder: str
    """What it is told from other projects by, beside what it is given."""
    catalog: Catalog | None
    files: dict[str, ast.Definitions]
    segments: Segments
    now: datetime
    dialect: str
    faults: tuple[Problem, ...] = ()

    @property
    def project(self) -> Project | None:
        """What rules are asked of."""
        return (
            None if self.catalog is None else (Project(self.catalog, self.segments, dialect=self.dialect, now=self.now))
        )

    def source(self, path: str) -> Source:
        """The text of a file of the project."""
        return self.files[path].span.source

    def definition_at(self, path: str, offset: int) -> ast.Segment | None:
        """The segment whose definition an offset of a file is in, its name or its rule."""
        parts = self.files[path].parts if path in self.files else ()
        found = (part for part in parts if part.span.start <= offset <= part.span.end)
        return next((part for part in found if isinstance(part, ast.Segment)), None)

    def mentions(self, path: str) -> Iterator[Mention]:
        """The names of a file."""
        return mentions(self.files[path], self.catalog, self.segments)

    def mention_at(self, path: str, offset: int) -> Mention | None:
        """The name at an offset of a file."""
        found = (one for one in self.mentions(path) if one.span.start <= offset <= one.span.end)
        return min(found, key=lambda one: one.span.end - one.span.start, default=None)

    def all_of(self, key: Key) -> list[Mention]:
        """Every mention of what has a name, in all files."""
        return [one for path in self.files for one in self.mentions(path) if one.key == key]

    def problems(self, path: str, current: Callable[[], bool]) -> list[Problem] | None:
        """Everything to say about the project, that file's own definitions first; None once it is not `current`."""
        found = [*self.faults, *(self.segments.problems if self.project is None else ())]
        if self.project is None:
            return found
        catalog, now = self.project.catalog, self.now

        def bind(part: ast.Segment, among: Segments) -> binder.Bound:
            return binder.bind(part, catalog, now, lets=among.values, segments=among.segments)

        found += trial.defined(self.segments, bind)
        of_file = sorted(self.segments.segments.values(), key=lambda part: part.span.source.name != path)
        for part in of_file:
            if not current():
                return None
            found += check(part, catalog, now=now, segments=self.segments)
        if self.segments.tests:
            from ..insights.examples import checked

            found += checked(self.segments.tests, self.project)
        return list(dict.fromkeys(found))


@dataclass(slots=True)
class Workspace:
    """The files as the editor has them, and the projects that they are in.

    `given` are the places of the command line: where it names some, no file is asked.
    """

    given: Setup
    texts: dict[str, str] = field(default_factory=dict)
    """Of the files that are open, by their paths."""

    def settings(self, path: str) -> Settings:
        """What the files say that hold the settings of a file's project."""
        return read_settings(Path(path).parent)

    def here(self, path: str) -> Here:
        """The project that a file belongs to: of its folder where nothing names another place of segments."""
        settings = self.settings(path)
        given, folder = with_settings(self.given, settings), Path(path).parent
        files, unreadable = self._files(path, given.segments or tuple(map(str, sorted(folder.glob("*.segql")))))
        faults, catalog = list(unreadable), None
        try:
            catalog = self._catalog(given)
        except SegQLError as error:
            faults += error.problems
        found = {one[0].span.source.name: one for one in files}
        return Here(
            given, "" if given.segments else str(folder), catalog, {name: one[0] for name, one in found.items()},
            together(found.values()), self._now(given, catalog), _dialect(given, settings), tuple(faults),
        )  # fmt: skip

    def _now(self, given: Setup, catalog: Catalog | None) -> datetime:
        return (moment(given.now, catalog) if catalog else None) or default_now(given, False)

    def _files(
        self, path: str, places: tuple[str, ...]
    ) -> tuple[list[tuple[ast.Definitions, tuple[Problem, ...]]], list[Problem]]:
        """The files of definitions, the open ones among them as they are in the editor; the one at hand in any case."""
        read, unreadable = sources_in([place for place in places if os.path.exists(place)], exact=True)
        texts = {os.path.abspath(one.name): one.text for one in read}
        under = [os.path.join(os.path.abspath(place), "") for place in places]
        for name, text in tuple(self.texts.items()):  # files are opened and closed while a thread is here
            if not name.endswith(OTHERS) and (name in texts or name == path or name.startswith(tuple(under))):
                texts[name] = text
        return [_parsed(text, name) for name, text in texts.items()], unreadable

    def catalog_source(self, given: Setup) -> Source:
        """The text of the catalog. Raises SegQLError."""
        path = os.path.abspath(given.catalog or shop() / "catalog.yaml")
        if (text := self.texts.get(path)) is not None:
            return Source(text, path)
        read, unreadable = sources_in([path], exact=True)
        if unreadable:
            raise SegQLError(unreadable)
        return read[0]

    def _catalog(self, given: Setup) -> Catalog:
        """The catalog, as the editor has it where it is open there. Raises SegQLError."""
        path = os.path.abspath(given.catalog or shop() / "catalog.yaml")
        text = self.texts.get(path)
        found = read_catalog(path) if text is None else catalog_from_yaml(text, path)
        return found if given.tenant is None else found.narrowed(given.tenant)


def _dialect(given: Setup, settings: Settings) -> str:
    """That of the warehouse, else what the files say."""
    from ..warehouse.urls import dialect_of

    return settings.text("dialect") or "duckdb" if given.warehouse is None else dialect_of(given.warehouse)


def formatted(text: str) -> str | None:
    """A file in its canonical spelling, with its own line ends; None for one with a mistake."""
    from .. import formatter

    found, problems = _parsed(text, "segments")
    if problems:
        return None
    done = formatter.format(found)
    return done.replace("\n", "\r\n") if "\r\n" in text else done
