"""A file of SQL for each segment, which makes a view of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..emitter.models import identifier_text
from .folder import MARK

if TYPE_CHECKING:
    from ..project import Project
    from .selects import Model, Wanted

finish = str


def files(models: list[Model], project: Project, wanted: Wanted) -> dict[str, str]:
    """`NAME.sql` for each."""
    return {f"{one.name}.sql": _text(one, project.dialect, wanted.schema) for one in models}


def _text(model: Model, dialect: str, schema: str | None) -> str:
    parts = [*(schema.split(".") if schema else ()), model.name]
    name = ".".join(identifier_text(part, dialect) for part in parts)
    made = f"CREATE OR REPLACE VIEW {name} AS\n"
    if dialect == "sqlite":  # it replaces no view
        made = f"DROP VIEW IF EXISTS {name};\nCREATE VIEW {name} AS\n"
    return f"-- {MARK}\n{made}{model.select.sql.rstrip()};\n"
