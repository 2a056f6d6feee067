"""The keys of those whose memberships may have changed: whose rows are new, or have passed the edge of a window."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlglot import exp

from .. import conditions as c
from .. import planner
from ..ast import AnyOf, Tree
from ..catalog.model import Catalog, Given, StoredMoment
from ..catalog.model import SourceRows as Source
from ..dialects import dialect as dialect_of
from ..plain import dataclass
from . import emit, sql_text, without_clashes
from . import nodes as n
from .predicates import fits
from .rows import Rows
from .sources import dated, events, items, profiles, written_rows
from .streams import branches
from .target import Target


@dataclass(frozen=True, slots=True)
class New:
    """Rows of a source that were written since."""

    source: Source
    profile: Given | str
    written: StoredMoment
    since: datetime


@dataclass(frozen=True, slots=True)
class Dated:
    """Rows of a list or a channel whose time lies in a stretch."""

    source: Source
    profile: Given | str
    time: StoredMoment
    stretch: c.Interval


@dataclass(frozen=True, slots=True)
class Lost:
    """Rows that were deleted in a stretch of time, of a table that is joined to an event, to its items, to profiles."""

    event: str | None
    """None: of profiles."""
    of_items: bool
    on: Mapping[str, str]
    """Column of the rows that they were joined to: column of the source that tells of them."""
    source: Source
    time: StoredMoment
    stretch: c.Interval


def candidates(
    new: Iterable[New],
    rows: Mapping[tuple[tuple[str, ...], c.Interval], Iterable[Tree[c.Predicate]]],
    others: Iterable[Dated | Lost],
    own: Iterable[Tree[c.Condition]],
    catalog: Catalog,
    *,
    dialect: str,
    now: datetime,
) -> str:
    """A SELECT of their keys, each once, in a column `profile`; some may be keys of nobody.

    `rows` are events in stretches of time, with what they have to fit, any of it; `own` are rules about the profile's
    own row. Raises as `compile`.
    """

    def write(target: Target) -> exp.Select:
        selects: list[exp.Query] = [_new(one, target) for one in new]
        for (names, stretch), wheres in rows.items():
            selects += _in_stretch(names, stretch, list(wheres), target)
        for one in others:
            if isinstance(one, Lost):
                selects.append(_lost(one, target))
                continue
            found = dated(one.source, one.profile, one.time, "rows_of", target)
            selects.append(found.select([n.named(found.key(), "profile")], [found.in_window(one.stretch)]))
        for rule in own:
            plan = planner.plan(rule, catalog, now, None, dialect_of(dialect).engine)
            told = emit(plan, catalog, dialect)
            key = n.column("own", told.named_selects[0])
            selects.append(n.select([n.named(key, "profile")], n.aliased(exp.Subquery(this=told), "own")))
        key = n.column("candidate", "profile")
        every = n.aliased(exp.Subquery(this=n.union_all(selects)), "candidate")
        return n.select([key], every, where=n.is_set(key.copy()), distinct=True)

    return sql_text(without_clashes(write, catalog, dialect, now), catalog, dialect)


def _new(one: New, target: Target) -> exp.Select:
    found = written_rows(one.source, one.profile, one.written, "rows_of", target)
    return found.select([n.named(found.key(), "profile")], [found.in_window(c.Interval(one.since, None))])


def _lost(one: Lost, target: Target) -> exp.Select:
    """The keys of those who have rows that a deleted row was joined to, by what these still say of it."""
    told = dated(one.source, "", one.time, "lost", target)
    rows = whose = profiles(target) if one.event is None else events((one.event,), "rows_of", target)
    others = list[tuple[Rows, exp.Expr]]()
    if one.of_items:
        rows, of_event = items(whose)
        others.append((rows, of_event))
    same = n.both(n.compare(rows.tied(here), "=", n.column(told.alias, there)) for here, there in one.on.items())
    key = n.named(whose.key(), "profile")
    return whose.select([key], [told.in_window(one.stretch)], joined=[*others, (told, same)])


def _in_stretch(
    names: Sequence[str], stretch: c.Interval, wheres: list[Tree[c.Predicate]], target: Target
) -> list[exp.Query]:
    """The keys of events in a stretch; of what they have to fit is left out what is told from more than their row."""
    plain = not planner.numbered(names, wheres, target.catalog) and not any(map(planner.mentions_items, wheres))
    where: Tree[c.Predicate] = wheres[0] if len(wheres) == 1 else AnyOf(tuple(wheres))
    if not plain or any(where == planner.NO_FILTER for where in wheres):
        where = planner.NO_FILTER
    found: list[exp.Query] = []
    for rows in branches(names, [where], target, stretch):
        found.append(
            rows.select([n.named(rows.key(), "profile")], [rows.in_window(stretch), fits(where, {"event": rows})])
        )
    return found
