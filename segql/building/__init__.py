"""Segments as files that other programs run: a view, a model of dbt or of SQLMesh for each, one live SELECT in it.

Pure: `built` gives the files as data, `folder` holds them against a folder. Segments within segments are unfolded: each
file says all of its rule, and no order of building decides who is a member.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Literal, TypeAlias

from ..errors import Problem, SegQLError
from ..plain import dataclass
from .selects import PLAIN, Model, Wanted, select_of

if TYPE_CHECKING:
    from ..emitter.models import Table
    from ..project import Project

__all__ = ["FORMS", "Built", "Form", "Wanted", "built"]

Form: TypeAlias = Literal["views", "dbt", "sqlmesh"]
FORMS: tuple[Form, ...] = ("views", "dbt", "sqlmesh")


@dataclass(frozen=True, slots=True)
class Built:
    """The files by their names, what is worth knowing, and what stands for each table of the warehouse."""

    files: Mapping[str, str]
    problems: tuple[Problem, ...]
    refers: Mapping[str, str]


def built(form: Form, project: Project, wanted: Wanted = PLAIN) -> Built:
    """The files of all segments of a project, in its dialect.

    Raises SegQLError with all that is wrong with any of them: then there is no file at all.
    """
    from . import dbt

    writer = import_module(f".{form}", __name__)
    problems = list(project.segments.problems)
    models: list[Model] = []
    refers: dict[str, str] = {}

    def refer(table: Table) -> str:
        return refers.setdefault(".".join(table.parts), dbt.refer(table, wanted))

    for segment in project.segments.segments.values():
        try:
            select = select_of(segment, project, wanted, refer if form == "dbt" else None, writer.finish)
        except SegQLError as error:
            problems += error.problems
            continue
        models.append(Model(_name(segment.name.text, wanted.prefix), segment, select))
        problems += select.problems
    problems += _clashes(models)
    if errors := [one for one in problems if one.severity == "error"]:
        raise SegQLError(dict.fromkeys(errors))
    return Built(writer.files(models, project, wanted), tuple(dict.fromkeys(problems)), refers)


def _name(segment: str, prefix: str) -> str:
    from ..planner import slug

    name = prefix + slug(segment)
    return name if name[0].isalpha() or name[0] == "_" else f"segment_{name}"


def _clashes(models: list[Model]) -> list[Problem]:
    """Two models of one name, and one that takes the place of a table which is read."""
    taken = dict[str, str]()
    tables = {table.parts[-1].lower(): ".".join(table.parts) for one in models for table in one.select.tables}
    problems = []
    for one in models:
        name = one.segment.name
        if (other := taken.setdefault(one.name, name.text)) != name.text:
            said = f"The segments `{other}` and `{name.text}` would both be called `{one.name}`."
            problems.append(Problem("duplicate-name", said, name.span, "rename one of them"))
        if (table := tables.get(one.name)) is not None:
            said = f"The segment `{name.text}` would be called like the table `{table}`, which segments read."
            problems.append(Problem("duplicate-name", said, name.span, "rename it, or add --prefix segment_"))
    return problems
