"""Passes that give the keys of the profiles for which one condition holds, each key once."""

from __future__ import annotations

from sqlglot import exp

from ..planner import Keys
from .rows import Target


def keys(of: Keys, target: Target) -> exp.Query:
    """The query of the pass: one column, named as the catalog names the key."""
    match of.of:
        case _:
            raise NotImplementedError(of.of)
