"""Passes that give the keys of the profiles for which one condition holds, each key once."""

from __future__ import annotations

from sqlglot import exp

from ..conditions import InSequence, MostCommon, Near, NotFollowed, OnDifferent, Regular, Repeats, Share
from ..planner import Keys
from .among import among
from .distances import near_stores
from .rows import Target
from .sequences import sequences


def keys(of: Keys, target: Target) -> exp.Query:
    """The query of the pass: one column, named as the catalog names the key."""
    match of.of:
        case Share() | Regular() | OnDifferent() | Repeats() | MostCommon():
            return among(of.of, of.only, target)
        case InSequence() | NotFollowed():
            return sequences(of.of, of.only, target)
        case Near():
            return near_stores(of.of, target)
        case _:
            raise NotImplementedError(of.of)
