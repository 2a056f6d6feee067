"""Layouts that many warehouses have: what a loader or a shop's program calls its tables, each a file of this folder.

A layout is told by a few tables with a few columns, and says what the guesses then need not guess.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ..seen import Layout, Link, Table

_TABLE = re.compile(r'\{schema\}"?(\w+)')
FOLDER = Path(__file__).parent


@cache
def layouts() -> dict[str, Layout]:
    """All that are known, by the names of their files."""
    found = {}
    for file in sorted(FOLDER.glob("*.yaml")):
        data = yaml.safe_load(file.read_text(encoding="utf-8"))
        found[file.stem] = Layout(name=file.stem, **{key.replace(" ", "_"): value for key, value in data.items()})
    return found


def layout_of(name: str) -> Layout | None:
    """A layout by its name, or that of a program with the same tables."""
    return next((one for one in layouts().values() if name in (one.name, *one.also)), None)


def recognised(tables: Sequence[Table], like: Layout | None = None) -> Layout | None:
    """The layout of these tables, and the schema in which they are; `like` this one also where columns are missing."""
    some = [like] if like is not None else sorted(layouts().values(), key=lambda layout: -len(layout.tables))
    for schema in dict.fromkeys(table.schema for table in tables):
        known = {table.stem: table for table in tables if table.schema == schema}
        for layout in some:
            for begin in _begins(layout, known):
                if _fits(layout, known, begin, columns=like is None):
                    return replace(layout, schema=schema, begin=begin)
    return None


def _begins(layout: Layout, known: Mapping[str, Table]) -> list[str]:
    """How the names of its tables may begin."""
    first = next(iter(layout.tables))
    if not first.startswith("*"):
        return [""]
    return [name.removesuffix(first[1:]) for name in known if name.endswith(first[1:])]


def _fits(layout: Layout, known: Mapping[str, Table], begin: str, *, columns: bool) -> bool:
    for name, wanted in layout.tables.items():
        table = known.get(name.replace("*", begin, 1))
        if table is None or (columns and any(table.column(column) is None for column in wanted)):
            return False
    return True


def applied(layout: Layout, tables: Sequence[Table]) -> list[Table]:
    """The tables as the layout knows them: without those that say nothing of people, columns with their own names."""
    return [
        _known(layout, table) for table in tables
        if not _is_skipped(layout, table)
    ]  # fmt: skip


def _is_skipped(layout: Layout, table: Table) -> bool:
    bare = table.stem.removeprefix(layout.begin)
    return table.schema == layout.schema and any(re.fullmatch(one, bare) for one in layout.skip)


def _known(layout: Layout, table: Table) -> Table:
    if table.schema != layout.schema:
        return table
    known = layout.of(table)
    out = [*layout.leave_out, *known.get("leave out", ())]
    told = known.get("properties", {})
    columns = []
    for column in table.columns:
        hint = told.get(column.name.casefold())
        if hint is None and any(re.fullmatch(one, column.name.casefold()) for one in out):
            hint = {"left out": True}
        columns.append(replace(column, hint={"name": hint} if isinstance(hint, str) else hint or {}))
    return replace(table, columns=tuple(columns))


def known_links(layout: Layout, tables: Sequence[Table]) -> list[Link]:
    """The references that the layout knows, whether or not a row of these tables shows them."""
    names = {table.name for table in tables}
    return [
        Link(table.name, column, layout.whole(other), key)
        for table in tables
        for column, to in layout.of(table).get("links", {}).items()
        for other, _, key in [to.partition(".")]
        if table.column(column) is not None and layout.whole(other) in names - {table.name}
    ]


def parts_of(layout: Layout, tables: Collection[str]) -> dict[str, dict[str, Any]]:
    """The parts of a catalog that a layout has ready and all of whose tables are among these, by their kinds."""
    found: dict[str, dict[str, Any]] = {}
    for kind, parts in layout.add.items():
        for name, part in parts.items():
            if all(layout.whole(bare) in tables for bare in _TABLE.findall(str(part))):
                found.setdefault(kind, {})[name] = _filled(part, layout.whole(""))
    return found


def _filled(part: Any, schema: str) -> Any:
    match part:
        case str():
            return part.replace("{schema}", schema)
        case dict():
            return {key: _filled(value, schema) for key, value in part.items()}
        case list():
            return [_filled(one, schema) for one in part]
        case _:
            return part
