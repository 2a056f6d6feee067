"""The live SELECT of a segment: its members' keys, with the columns that are wanted beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import conditions as c
from .. import planner
from ..arguments import running
from ..columns import Column, columns_of
from ..compiler import format, header_of, meaning
from ..emitter.models import HASH
from ..errors import Problem, SegQLError
from ..plain import dataclass
from ..source import Source, Span

if TYPE_CHECKING:
    from .. import ast
    from ..emitter.models import Table
    from ..meanings import Meaning
    from ..project import Project


@dataclass(frozen=True, slots=True)
class Wanted:
    """What files should hold: columns beside the key, what the key and the files are called, and where they stand."""

    columns: tuple[str, ...] = ()
    key: str | None = None
    prefix: str = ""
    schema: str | None = None
    refs: Mapping[str, str] = field(default_factory=dict)
    """The models of dbt that make tables, by the names of these."""


PLAIN = Wanted()


@dataclass(frozen=True, slots=True)
class Selected:
    """A live SELECT, what it calls its columns, the tables that it reads, and what is worth knowing of the rule."""

    sql: str
    columns: tuple[str, ...]
    tables: tuple[Table, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """A segment with its SELECT, and what it is called where it is built."""

    name: str
    segment: ast.Segment
    select: Selected

    @property
    def description(self) -> str:
        """The comments above the segment; without any, its rule."""
        said = "\n".join(self.segment.comments).rpartition("\n\n\n")[2]  # above an empty line it is the file's
        return said.strip() or format(self.segment.rule)

    @property
    def tags(self) -> tuple[str, ...]:
        """`segql`, and what the file is called in which the segment stands."""
        return tuple(dict.fromkeys(("segql", planner.slug(Path(self.segment.name.span.source.name).stem))))


def select_of(
    segment: ast.Segment,
    project: Project,
    wanted: Wanted,
    refer: Callable[[Table], str] | None = None,
    finish: Callable[[str], str] = str,
) -> Selected:
    """The SELECT that asks the engine's clock; `refer` and `finish` as `emitter.models.model_text` has them.

    Raises SegQLError with all that is wrong.
    """
    meant = meaning(segment, project.catalog, now=running(), segments=project.segments)
    return selected(meant, project, wanted, refer, finish)


def selected(
    meant: Meaning,
    project: Project,
    wanted: Wanted,
    refer: Callable[[Table], str] | None = None,
    finish: Callable[[str], str] = str,
) -> Selected:
    """The same of a meaning, at its own instant. Raises as `select_of`."""
    from .. import emitter
    from ..dialects import NotInDialect
    from ..dialects import dialect as dialect_of
    from ..emitter import models
    from ..emitter.lacking import lacking
    from ..planner.columns import plan_columns

    catalog, dialect = project.catalog, dialect_of(project.dialect)
    columns = _columns(wanted.columns, project, meant.now)
    try:
        if columns:
            members = c.Truth(meant.bound, meant.sample)
            plan = plan_columns([members, *(one.of for one in columns)], catalog, meant.now)
            asked = [(one.name, one.of, one.type) for one in columns]
            tree: Any = models.emit_typed(plan, asked, members, catalog, dialect.name)
        else:
            # What is redundant at one instant may not be at the next: not the optimised tree.
            plan = planner.plan(meant.bound, catalog, meant.now, meant.sample, dialect.engine)
            tree = emitter.emit(plan, catalog, dialect.name)
        if wanted.key is not None:
            models.key_called(tree, wanted.key)
        names = tuple(tree.named_selects)
        header = header_of(meant, catalog, live=True)
        text, tables = models.model_text(tree, catalog, dialect.name, header, refer=refer, finish=finish)
    except NotInDialect as error:
        raise SegQLError(lacking(meant.bound, catalog, meant.now, dialect.name, error)) from None
    return Selected(text, names, tables, meant.problems)


def _columns(texts: tuple[str, ...], project: Project, now: datetime) -> tuple[Column, ...]:
    """The columns; of one whose hash is wanted the property, under the name that says so."""
    found: list[Column] = []
    problems: list[Problem] = []
    for text in texts:
        of = text.removeprefix(HASH)
        try:
            (column,) = columns_of([of], project.catalog, now, segments=project.segments)
        except SegQLError as error:
            problems += error.problems
            continue
        if of != text and not (isinstance(column.of, c.Field) and column.type is c.Type.TEXT):
            where = Span(Source(of, "column"), 0, len(of))
            problems.append(Problem(
                "not-a-measure", f"`{of}` is no text of the profile, and only such has a hash.", where,
                f"name the property with the address: {HASH}email",
            ))  # fmt: skip
        found.append(replace(column, name=text))
    if problems:
        raise SegQLError(problems)
    return tuple(found)
