"""Passes that give the keys of the profiles for which one condition holds, each key once."""

from __future__ import annotations

from typing import assert_never

from sqlglot import exp

from .. import conditions as c
from ..planner import Keys
from .habits import among
from .places import near_stores
from .sequences import sequences
from .target import Target


def keys(of: Keys, target: Target) -> exp.Query:
    """The query of the pass: one column, named as the catalog names the key."""
    match of.of:
        case c.Share() | c.Regular() | c.OnDifferent() | c.Repeats() | c.MostCommon():
            return among(of.of, of.only, target)
        case c.InSequence() | c.NotFollowed():
            return sequences(of.of, of.only, target)
        case c.Near():
            return near_stores(of.of, target)
        case _:
            assert_never(of.of)
