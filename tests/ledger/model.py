"""The judge of the ledger: the same tables as plain sets, from what the evaluator says of each run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from segql import Segments, evaluator, segments_from
from segql.catalog import Catalog
from segql.compiler import meaning
from segql.errors import SegQLError
from segql.evaluator import Key, Shop

Pair = tuple[str, Key]
Stay = tuple[str, Key, datetime, datetime | None]


@dataclass
class Model:
    """Who is a member since when, and all stays, those that ended too."""

    members: dict[Pair, datetime] = field(default_factory=dict)
    history: set[Stay] = field(default_factory=set)

    def run(self, now: datetime, found: Mapping[str, set[Key]]) -> dict[str, tuple[int, int, int]]:
        """A run over some segments: by segment how many are members, entered and left."""
        told = {}
        for segment, keys in found.items():
            before = {key for name, key in self.members if name == segment}
            for key in before - keys:
                since = self.members.pop((segment, key))
                self.history.remove((segment, key, since, None))
                self.history.add((segment, key, since, now))
            for key in keys - before:
                self.members[segment, key] = now
                self.history.add((segment, key, now, None))
            told[segment] = (len(keys), len(keys - before), len(before - keys))
        return told


def says(segments: Segments, shop: Shop, catalog: Catalog, now: datetime) -> dict[str, set[Key]]:
    """Whom the evaluator finds, by segment; those with a mistake are left out."""
    found = {}
    for name in segments:
        try:
            one = meaning(segments[name], catalog, now=now, segments=segments)
            bound = one.bound
        except SegQLError:
            continue
        found[name] = set(evaluator.members(bound, shop, catalog, now, one.sample))
    return found


def named(rules: Mapping[str, str], others: Segments) -> Segments:
    """Segments of these rules, beside others that they may speak of."""
    mine = segments_from("\n".join(f'segment "{name}" = {rule}' for name, rule in rules.items()))
    return Segments({**others.segments, **mine.segments}, {**others.values, **mine.values})
