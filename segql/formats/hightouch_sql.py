"""Hightouch's models by SQL: a query in the SQL of its source, with a column that is the primary key, each row once.

Facts are those of the vendor's pages on models and on the SQL editor.
"""

from __future__ import annotations

from .. import ast
from .core.report import Exported, Finding, Setting
from .core.sql import place, query
from .core.trees import shown

REVISION = "the pages of 2026"


def write(segment: ast.Segment, setting: Setting) -> Exported:
    """A segment as the text of a model, in the dialect of the setting; the key has its name of the catalog."""
    key = setting.catalog.profiles.key.split(".")[-1]
    done = query(segment, setting, setting.dialect, key)
    if isinstance(done, Exported):
        return done
    text = f"-- primary key: {shown(key)}\n{done.comments}\n{done.statement}\n"
    return Exported(segment.name.text, text, (Finding(place(segment.span), "segment", "exact"),))
