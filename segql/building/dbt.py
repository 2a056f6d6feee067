"""Models of dbt: a view for each segment, and `schema.yml` with what they are, what must hold, and their sources."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from ..emitter.models import Table
from .folder import MARK

if TYPE_CHECKING:
    from ..project import Project
    from .selects import Model, Wanted

_OPENS = re.compile(r"\{(?=[{%#])")
SOURCE = "segql"
"""The source of tables whose name has no schema."""


def finish(sql: str) -> str:
    """The SQL as a template of Jinja: what would begin an expression is one that says itself."""
    return _OPENS.sub("{{ '{' }}", sql).replace("\r", "{{ '\\\\r' }}")


def refer(table: Table, wanted: Wanted) -> str:
    """What stands for a table: a model of the project, or a source."""
    model = wanted.refs.get(".".join(table.parts))
    if model is not None:
        return f"{{{{ ref({_quoted(model)}) }}}}"
    return f"{{{{ source({_quoted(_source(table))}, {_quoted(table.parts[-1])}) }}}}"


def files(models: list[Model], project: Project, wanted: Wanted) -> dict[str, str]:
    """`NAME.sql` for each, and `schema.yml`."""
    return {**{f"{one.name}.sql": _text(one) for one in models}, "schema.yml": _schema(models, project, wanted)}


def _text(model: Model) -> str:
    return f"-- {MARK}\n{{{{ config(materialized='view') }}}}\n\n{model.select.sql.rstrip()}\n"


def _schema(models: list[Model], project: Project, wanted: Wanted) -> str:
    """A YAML file, whose texts are JSON's, which YAML reads."""
    lines = [f"# {MARK}", "version: 2", "", "models:"]
    profiles = project.catalog.profiles
    read = dict.fromkeys(table for one in models for table in one.select.tables)
    everybody = next((one for one in read if profiles.table == ".".join(one.parts)), None)
    for one in models:
        lines += [
            f"  - name: {_said(one.name)}",
            f"    description: {_said(finish(one.description))}",
            f"    config: {{tags: [{', '.join(map(_said, one.tags))}]}}",
            "    columns:",
            f"      - name: {_said(one.select.columns[0])}",
            "        data_tests:",
            "          - unique",
            "          - not_null",
        ]
        if everybody is not None and project.catalog.profiles.key_type != "uuid":
            lines += [
                "          - relationships:",
                "              arguments:",
                f"                to: {_said(refer(everybody, wanted)[3:-3])}",
                f"                field: {_said(profiles.key)}",
            ]
        lines += [f"      - name: {_said(name)}" for name in one.select.columns[1:]]
    sources: dict[str, list[Table]] = {}
    for table in sorted(read, key=lambda table: table.parts):
        if ".".join(table.parts) not in wanted.refs:
            sources.setdefault(_source(table), []).append(table)
    lines += ["", "sources:"] if sources else []
    for name, tables in sources.items():
        above = tables[0].parts[:-1]
        schema = above[-1] if above else "{{ var('segql_schema', target.schema) }}"
        lines += [f"  - name: {_said(name)}", f"    schema: {_said(schema)}"]
        lines += [f"    database: {_said(one)}" for one in above[-2:-1]]
        lines += ["    tables:"]
        for table in tables:
            lines.append(f"      - name: {_said(table.parts[-1])}")
            quoted = str(table.quoted).lower()
            schema_too = f"schema: {quoted}, " * (len(table.parts) > 1)
            lines.append(f"        quoting: {{{schema_too}identifier: {quoted}}}")
    return "\n".join(lines) + "\n"


def _source(table: Table) -> str:
    return "_".join(table.parts[:-1]) or SOURCE


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _said(text: str) -> str:
    """A text in YAML."""
    found = json.dumps(text, ensure_ascii=False)
    return "".join(one if one.isprintable() else f"\\u{ord(one):04x}" for one in found)
