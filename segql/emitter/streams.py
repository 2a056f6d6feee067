"""Streams of events: which rows they are, and the place of each in its profile's stream."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Literal

from sqlglot import exp

from ..ast import Tree
from ..conditions import Field, Interval, Occurrences, Predicate
from ..conditions.walk import among
from ..planner import Exists, events_slug, fields_of, hull, mentions_items, numbered, together, union
from . import nodes as n
from .bounds import EVER
from .predicates import fits
from .rows import Rows, alias_of
from .sources import events
from .target import Target
from .values import NUMBER, PREVIOUS

_OWN, _PROFILE, _TIME, _BEFORE = "own_event", "stream_profile", "stream_time", "time_before"


def branches(
    names: Iterable[str],
    trees: Sequence[Tree[Predicate]],
    target: Target,
    window: Interval,
    *more: Field | None,
) -> list[Rows]:
    """The rows of a stream of events, one `Rows` for each source that they stand in.

    `trees` and the fields `more` are what will be asked of them, `window` holds all rows that will be.
    """
    catalog = target.catalog
    fields = [field for field in more if field is not None]
    properties, with_items = dict[str, set[str]](), any(field.scope == "item" for field in fields)
    for name in dict.fromkeys(names):
        own = [among(tree, (name,)) for tree in trees]
        asked = [*fields, *(field for tree in own for field in fields_of(tree))]
        properties[name] = {field.name for field in asked if field.scope == "event"}
        with_items = with_items or any(map(mentions_items, own)) or any(field.scope == "item" for field in asked)
    groups = together(properties, catalog, with_items)
    aliases = [alias_of(events_slug(tuple(group)), target) for group in groups]
    if not numbered(names, trees, catalog, *more):
        return [events(group, alias, target, window) for group, alias in zip(groups, aliases, strict=True)]
    return [_numbered(groups, aliases, index, target) for index in range(len(groups))]


def alone(name: str, asked: Sequence[Occurrences], target: Target, window: Interval, *more: Field | None) -> list[Rows]:
    """The rows of one event, of which several occurrences are asked, each with its own stream.

    For each of `asked` the same rows, under one alias; what they say of an event's place is of that stream. `window`
    holds all rows that will be asked for, and `more` are fields that will be.
    """
    streams = dict.fromkeys(of.events for of in asked if numbered(of.events, [of.where], target.catalog, *more))
    places = {stream: f"_{index}" if index > 1 else "" for index, stream in enumerate(streams, 1)}
    make: Callable[[], Rows] = partial(
        events, [name], alias_of(events_slug((name,)), target), target, EVER if streams else window
    )
    for stream, place in places.items():
        groups = [[name], *([one] for one in dict.fromkeys(stream) if one != name)]
        aliases = [alias_of(events_slug(tuple(group)), target) for group in groups]
        make = partial(_numbered, groups, aliases, 0, target, own=make, place=place)
    rows = make()
    return [replace(rows, place=places.get(of.events, "")) for of in asked]


def _numbered(
    groups: list[list[str]],
    aliases: list[str],
    index: int,
    target: Target,
    *,
    own: Callable[[], Rows] | None = None,
    place: str = "",
) -> Rows:
    """The rows of one source, numbered among the rows of all; `own` makes the source's own rows."""
    rows = events(groups[index], aliases[index], target)
    own = own or partial(events, groups[index], aliases[index], target)
    rows.made = partial(_places, groups, aliases, index, target, make=own, place=place)
    # The stream has its filters inside; `_OWN` tells the source's own rows from the others.
    rows.filters = [n.column(rows.alias, _OWN)] if len(groups) > 1 else []
    return rows


def _places(
    groups: list[list[str]],
    aliases: list[str],
    index: int,
    target: Target,
    columns: Sequence[str],
    *,
    make: Callable[[], Rows],
    place: str,
) -> exp.Expr:
    """A subquery with these columns of a source, each row with its place among the rows of all sources before now."""
    plain = [name for name in columns if name not in (NUMBER + place, PREVIOUS + place, _OWN)]
    places: dict[str, Callable[[exp.Expr, exp.Expr], exp.Expr]] = {
        # Ties share a number; the previous instant is a strictly earlier one.
        NUMBER + place: lambda profile, time: over(n.call("RANK"), profile, time),
        PREVIOUS + place: lambda profile, time: over(exp.Max(this=time.copy()), profile, time, "before"),
    }
    asked = [name for name in places if name in columns]
    own = make()
    existing = Interval(EVER.start, target.now)
    framed = target.dialect.value_frames or PREVIOUS + place not in asked
    if len(groups) == 1 and framed:
        values: list[exp.Expr] = [n.column(own.alias, name) for name in plain]
        values += [n.named(places[name](own.key(), own.instant()), name) for name in asked]
        return exp.Subquery(this=own.select(values, [own.in_window(existing)]))
    selects = []
    for at, (group, alias) in enumerate(zip(groups, aliases, strict=True)):
        rows = own if at == index else events(group, alias, target)
        values = [n.column(alias, name) if at == index else n.named(exp.Null(), name) for name in plain]
        values += [
            n.named(rows.key(), _PROFILE),
            n.named(rows.instant(), _TIME),
            n.named(exp.Boolean(this=at == index), _OWN),
        ]
        selects.append(rows.select(values, [rows.in_window(existing)]))
    # The source's own rows first: they give the columns their types.
    selects.insert(0, selects.pop(index))
    stream = n.aliased(exp.Subquery(this=n.union_all(selects)), "stream")
    values = [n.column("stream", name) for name in (*plain, _OWN)]
    profile, time = n.column("stream", _PROFILE), n.column("stream", _TIME)
    if not framed:
        before = over(n.call("LAG", time.copy()), profile.copy(), time.copy())
        with_before = [*(value.copy() for value in (*values, profile, time)), n.named(before, _BEFORE)]
        stream = n.aliased(exp.Subquery(this=n.select(with_before, stream)), "stream")
        places[PREVIOUS + place] = _previous
    values += [n.named(places[name](profile.copy(), time.copy()), name) for name in asked]
    return exp.Subquery(this=n.select(values, stream))


def _previous(profile: exp.Expr, time: exp.Expr) -> exp.Expr:
    """The last instant before the row's own: of the rows of one instant the first has another one's before it."""
    before = n.column("stream", _BEFORE)
    strictly = n.case(n.compare(before, "<", time.copy()), before.copy())
    return exp.Window(this=exp.Max(this=strictly), partition_by=[profile, time], over="OVER")


def common_clock(rows: Sequence[Rows]) -> bool:
    """Whether the stored times of all sources order as their instants do, beside each other."""
    return len({one.clock for one in rows}) == 1 and rows[0].clock.ordered


def occurring(test: Exists, target: Target) -> list[tuple[Rows, exp.Expr]]:
    """The rows of each source of what there is to be, and what they have to fit."""
    whole = hull(union(one.window for one in test.of))
    found = []
    for rows in branches(test.events, test.wheres, target, whole):
        fitting: dict[Interval, list[exp.Expr]] = {}
        for one, where in zip(test.of, test.wheres, strict=True):
            fit = fits(where, {"event": rows})
            if fit != exp.false():
                fitting.setdefault(one.window, []).append(fit)
        condition = n.either(n.both([rows.in_window(window), n.either(fit)]) for window, fit in fitting.items())
        # A bound that holds for all windows lets the engine skip what is outside of it.
        outer = [rows.in_window(whole)] if len(fitting) > 1 and whole.start is not None else []
        found.append((rows, n.both([*outer, condition])))
    # What nothing fits is not read.
    return [one for one in found if one[1] != exp.false()] or found[:1]


def driven(only: str | None, rows: Rows) -> list[exp.Expr]:
    """The profile is one of those that a pass has the keys of."""
    if only is None:
        return []
    keys = n.select([n.column(only, rows.target.catalog.profiles.key)], n.table(only))
    return [exp.In(this=rows.key(), query=exp.Subquery(this=keys))]


Frame = Literal["all", "before"]


def over(function: exp.Expr, partition: exp.Expr, order: exp.Expr, frame: Frame = "all") -> exp.Expr:
    """A window function by partition and order, which is never NULL. `before`: over the rows strictly before the row's
    instant; GROUPS, which says just that, is in few engines.
    """
    spec = None
    if frame == "before":
        order = exp.UnixMicros(this=order)
        spec = exp.WindowSpec(
            kind="RANGE", start="UNBOUNDED", start_side="PRECEDING", end=exp.Literal.number(1), end_side="PRECEDING"
        )
    ordered = exp.Order(expressions=[exp.Ordered(this=order, nulls_first=False)])
    return exp.Window(this=function, partition_by=[partition], order=ordered, spec=spec, over="OVER")
