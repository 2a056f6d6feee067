"""A model of SQLMesh for each segment: a view, with its description, its tags and its audits."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..emitter.models import identifier_text
from ..errors import Problem, SegQLError
from .folder import MARK

if TYPE_CHECKING:
    from ..project import Project
    from .selects import Model, Wanted

_BRACES = re.compile(r"\{[{%#]")
_OPENS = re.compile(r"\{(?=[{%#])")
_DIALECTS = {"mariadb": "mysql"}
SCHEMA = "segments"


def finish(sql: str) -> str:
    """The SQL as SQLMesh reads it: two braces in a comment would begin a template."""
    return "\n".join(_OPENS.sub("{ ", line) if line.startswith("--") else line for line in sql.split("\n"))


def files(models: list[Model], project: Project, wanted: Wanted) -> dict[str, str]:
    """`NAME.sql` for each. Raises SegQLError for texts that SQLMesh would take for its own."""
    problems = [
        Problem(
            "not-in-dialect", f"SQLMesh takes `{found[0]}` for a template's, and `{one.segment.name.text}` says it.",
            one.segment.name.span, "say the text without: like \"..\" with a part of it",
        )
        for one in models if (found := _BRACES.search(_code(one.select.sql)))
    ]  # fmt: skip
    if problems:
        raise SegQLError(problems)
    return {f"{one.name}.sql": _text(one, project.dialect, wanted) for one in models}


def _code(sql: str) -> str:
    return "\n".join(line for line in sql.split("\n") if not line.startswith("--"))


def _text(model: Model, dialect: str, wanted: Wanted) -> str:
    parts = [*(wanted.schema or SCHEMA).split("."), model.name]
    key = identifier_text(model.select.columns[0], dialect)
    said = _OPENS.sub("{ ", " ".join(model.description.split())).replace("'", "''")
    return f"""-- {MARK}
MODEL (
  name {".".join(identifier_text(part, dialect) for part in parts)},
  kind VIEW,
  dialect {_DIALECTS.get(dialect, dialect)},
  description '{said}',
  tags ({", ".join(model.tags)}),
  grain {key},
  audits (unique_values(columns := ({key})), not_null(columns := ({key})))
);

{model.select.sql.rstrip()}
"""
