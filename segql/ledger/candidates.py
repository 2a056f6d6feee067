"""Which segments need only ask some profiles, and whom: those of whom a row is new, or has passed the edge of a window.

A segment goes so where all that it reads says when it was written (`written` in the catalog), and where what the clock
does to its rule can be told (`edges`). Every other one is asked of everybody, and `reasons` says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import datetime

from ..catalog import Catalog
from ..catalog.model import Channel, Given, List
from ..catalog.model import SourceRows as Source
from ..conditions import Interval
from ..emitter.candidates import Dated, Lost, New, candidates
from ..meanings import Meaning
from ..plain import dataclass
from .beside import before, beside
from .edges import Edges, InFull
from .model import Last
from .reading import Reading


@dataclass
class Chosen:
    """The segments that need only ask some profiles, since what instant rows are new to them, and why others do not."""

    names: list[str] = field(default_factory=list)
    reasons: dict[str, str] = field(default_factory=dict)
    edges: Edges = field(default_factory=Edges)
    reading: Reading = field(default_factory=Reading)
    seen: datetime | None = None

    def full(self, reason: str) -> None:
        """No segment goes so after all."""
        self.reasons |= dict.fromkeys(self.names, reason)
        self.names.clear()

    def sql(self, catalog: Catalog, dialect: str, now: datetime) -> str:
        """The SELECT of the keys of those who are looked at."""
        assert self.seen is not None
        new = [
            New(source, _whose(source, catalog), written, before(self.seen, written, written.reach))
            for source in _once(source for _, source in self.reading.sources(catalog))
            if (written := getattr(source, "written", None)) is not None
        ]
        told = [
            Dated(one, one.profile, one.time, Interval(before(self.seen, one.time, reach), None))
            for _, one, reach in self.reading.deletions(catalog)
            if one.profile is not None
        ]
        lost = [
            Lost(one.event, one.of_items, one.on, one.deleted, time, Interval(before(self.seen, time, one.reach), None))
            for one in self.reading.lost(catalog)
            for time in (one.deleted.time,)
        ]
        dated: list[tuple[Channel | List, Interval]] = [
            *((catalog.channels[name], stretch) for name, stretch in self.edges.channels),
            *((catalog.lists[name], stretch) for name, stretch in self.edges.lists),
        ]
        others = [
            Dated(source, _whose(source, catalog), source.time, stretch)
            for source, stretch in dated
            if source.time is not None
        ]
        more = beside(self.reading, catalog, self.seen, now)
        own = [*self.edges.own, *more.rules]
        return candidates(new, self.edges.rows, [*told, *lost, *others], own, more.catalog, dialect=dialect, now=now)


def chosen(
    meant: Mapping[str, Meaning],
    before: Mapping[str, Meaning],
    last: Mapping[str, Last],
    hashes: Mapping[str, str],
    catalog: Catalog,
) -> Chosen:
    """How each segment is asked; `before` is what it meant at the instant of its last run, where there was one."""
    found = Chosen()
    for name, one in meant.items():
        edges, reading = Edges(), Reading()
        try:
            was = last.get(name)
            if was is None:
                raise InFull("it is its first run")
            if was.hash != hashes[name] or name not in before:
                raise InFull("the rule changed")
            if one.sample is not None:
                raise InFull("it takes a sample")
            reading.add(one.bound)
            reading.promised(catalog)
            edges.add(one.bound, before[name].bound, catalog.timezone)
        except InFull as error:
            found.reasons[name] = str(error)
            continue
        found.names.append(name)
        found.seen = was.seen if found.seen is None else min(found.seen, was.seen)
        found.reading.join(reading)
        found.edges.join(edges)
    return found


def _once(sources: Iterable[Source]) -> list[Source]:
    """The sources, of those over the same rows one."""
    kinds = ("table", "query", "profile", "key", "written", "join")
    return list({repr([getattr(one, kind, None) for kind in kinds]): one for one in sources}.values())


def _whose(source: Source, catalog: Catalog) -> Given | str:
    if source is catalog.profiles or (isinstance(source, Channel) and source.profile is None):
        return catalog.profiles.key
    whose: Given | None = getattr(source, "profile", None)
    assert whose is not None
    return whose
