"""Braze's SQL Segment Extensions: one statement in Snowflake's SQL that selects `user_id`, without a semicolon.

Facts are those of the vendor's page on them. Its tables are those of its own share of data, events of the past two
years; the catalog has to be one of these tables.
"""

from __future__ import annotations

from .. import ast
from .core.report import Exported, Finding, Setting
from .core.sql import place, query

REVISION = "the page of 2026"

KEY = "user_id"
_OWN = "USERS_"
"""How the vendor's tables of what users did begin."""


def write(segment: ast.Segment, setting: Setting) -> Exported:
    """A segment as the text of an extension with full refresh."""
    done = query(segment, setting, "snowflake", KEY)
    if isinstance(done, Exported):
        return done
    where = place(segment.span)
    if ";" in done.statement:
        said = "Braze takes no semicolon anywhere in the SQL, and a text of the rule has one."
        return Exported(segment.name.text, None, (Finding(where, "segment", "impossible", said),))
    notes = []
    if setting.catalog.profiles.key.lower() != KEY:
        notes.append(f"The keys of the catalog, `{setting.catalog.profiles.key}`, have to be Braze's `{KEY}`.")
    others = [table for table in done.tables if not table.split(".")[-1].upper().startswith(_OWN)]
    if others:
        named = ", ".join(f"`{table}`" for table in others)
        notes.append(f"Braze knows its own tables alone, which begin with `{_OWN}`: {named} would have to be there.")
    finding = Finding(where, "segment", "approximate" if notes else "exact", " ".join(notes))
    return Exported(segment.name.text, f"{done.comments.replace(';', ',')}\n{done.statement}\n", (finding,))
