"""Passes: named queries with one row for each profile that has something, read by a LEFT JOIN (keys alone: EXISTS)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import assert_never

from sqlglot import exp

from .. import conditions as c
from ..conditions.live import LiveInstant
from ..plain import dataclass
from ..planner import (
    NO_FILTER,
    ConsentRecords,
    Exists,
    Gaps,
    Grouped,
    Keys,
    Need,
    Net,
    Pass,
    among_rows,
    hull,
    residual,
)
from . import live
from . import nodes as n
from .bounds import EXACT, Clock
from .habits import among
from .instants import by_instant, only_edges
from .measures import scale_of
from .opposites import opposite
from .places import near_stores, nearest_store
from .predicates import fits
from .rows import Rows, in_window
from .sequences import sequences
from .sources import dated, items
from .streams import branches, common_clock, driven, occurring, over
from .sums import net
from .target import Target
from .times import days_between, days_until, instant, micros, wall
from .values import Sight, value

DAYS, PAIRS = "sum_of_days", "pairs"
"""The columns of `Gaps`."""


def query(of: Pass, target: Target) -> exp.Query:
    """The query of a pass; its first column is the profile's key, named as the catalog names that."""
    match of:
        case Grouped():
            return _grouped(of, target)
        case Gaps():
            return _gaps(of, target)
        case Net():
            return net(of, target)
        case ConsentRecords():
            return _records(of, target)
        case Keys():
            return _keys(of, target)
        case _:
            assert_never(of)


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of a pass: what each row gives, and what becomes of that in a group."""

    name: str
    inputs: Callable[[Rows, Sight], list[exp.Expr]]
    combined: Callable[[list[exp.Expr]], exp.Expr]
    width: int = 1
    """How many values each row gives."""
    edge: type[exp.Expr] | None = None
    """What of the first value, over all rows of the profile, each row gets as one value more."""


def _grouped(of: Grouped, target: Target) -> exp.Query:
    key = target.catalog.profiles.key
    needs = [need for _, need in of.columns]
    trees = [*of.where, *(among_rows(tree, need, of) for need in needs for tree in (need.of.where, need.has))]
    sources = branches(of.events, trees, target, hull(of.windows), *(need.field for need in needs))
    clock = sources[0].clock if common_clock(sources) else EXACT
    if len(sources) == 1 and clock.ordered and target.dialect.ordered_first and only_edges(of):
        return by_instant(of, sources[0], target)
    columns = [_column(name, need, of, clock, target) for name, need in of.columns]
    selects = []
    single = len(sources) == 1 and not any(column.edge for column in columns)
    for rows in sources:
        assert rows.profile is not None
        sight: dict = {"event": rows}  # type: ignore[type-arg]
        joined = []
        if of.grain == "item":
            if rows.event is None or rows.event.items is None:
                continue
            joined = [items(rows)]
            sight["item"] = joined[0][0]
        values: list[exp.Expr] = [n.named(rows.key(), key)]
        for column in columns:
            inputs = column.inputs(rows, sight)
            if single:
                values.append(n.named(column.combined(inputs), column.name))
            else:
                values += [n.named(one, f"{column.name}{_nth(i)}") for i, one in enumerate(inputs)]
        window = n.either(rows.in_window(window) for window in of.windows)
        conditions = [*driven(of.only, rows), exp.Paren(this=window) if isinstance(window, exp.Or) else window]
        conditions += [fits(part, sight) for part in of.where]
        group = [rows.key()] if single else []
        selects.append(rows.select(values, conditions, group, joined=joined))
    if single and selects:
        return selects[0]
    source = n.aliased(exp.Subquery(this=n.union_all(selects)), "stream")
    if any(column.edge for column in columns):
        source = _with_edges(source, columns, key)
    values = [n.column("stream", key)]
    for column in columns:
        width = column.width + (column.edge is not None)
        given: list[exp.Expr] = [n.column("stream", f"{column.name}{_nth(i)}") for i in range(width)]
        values.append(n.named(column.combined(given), column.name))
    return n.select(values, source, group=[n.column("stream", key)])


def _with_edges(source: exp.Expr, columns: Sequence[_Column], key: str) -> exp.Expr:
    """The rows, each with the edges of its profile."""
    values: list[exp.Expr] = [n.column("stream", key)]
    for column in columns:
        values += [n.column("stream", f"{column.name}{_nth(i)}") for i in range(column.width)]
        if column.edge is not None:
            found = column.edge(this=n.column("stream", column.name))
            over_all = exp.Window(this=found, partition_by=[n.column("stream", key)], over="OVER")
            values.append(n.named(over_all, f"{column.name}{_nth(column.width)}"))
    return n.aliased(exp.Subquery(this=n.select(values, source)), "stream")


def _nth(index: int) -> str:
    return "" if index == 0 else f"_beside_{index}"


def _column(name: str, need: Need, of: Grouped, clock: Clock, target: Target) -> _Column:
    rest = among_rows(residual(need.of.where, of.where), need, of)

    def chosen(value_: exp.Expr, rows: Rows, sight: Sight, *more: exp.Expr) -> exp.Expr:
        window = n.true() if of.windows == (need.of.window,) else rows.in_window(need.of.window)
        condition = n.both([window, fits(rest, sight), *more])
        return value_ if isinstance(condition, exp.Boolean) and condition.this else n.case(condition, value_)

    def time(rows: Rows) -> exp.Expr:
        return rows.at() if clock == rows.clock else rows.instant()

    def field(rows: Rows, sight: Sight) -> list[exp.Expr]:
        assert need.field is not None
        held = value(need.field, sight)
        return [exp.Null() if held is None else chosen(held, rows, sight)]

    edge: type[exp.Expr] = exp.Min if need.kind.split()[-1] == "first" or need.kind == "first fits" else exp.Max
    match need.kind:
        case "count":
            return _Column(name, lambda r, s: [chosen(exp.Literal.number(1), r, s, fits(need.has, s))], _count)
        case "values":
            return _Column(name, field, lambda v: exp.Count(this=v[0]))
        case "distinct":
            return _Column(name, field, lambda v: exp.Count(this=exp.Distinct(expressions=v)))
        case "sum":
            assert need.field is not None
            scale = scale_of(c.Aggregate("sum", need.field, need.of), target.catalog)
            return _Column(name, field, lambda v: n.of_decimals(exp.Sum(this=v[0]), scale))
        case "min":
            return _Column(name, field, lambda v: exp.Min(this=v[0]))
        case "max":
            return _Column(name, field, lambda v: exp.Max(this=v[0]))
        case "median":
            return _Column(name, field, lambda v: median(v[0]))
        case "days since first" | "days since last":

            def days(values: list[exp.Expr]) -> exp.Expr:
                now, at = need.of.window.end, edge(this=values[0])
                assert now is not None, "timed events have a window that ends"
                if isinstance(now, LiveInstant):
                    since = instant(at, clock, target.dialect)
                    return days_between(since, live.instant(now, target), target.zone, target.dialect)
                return days_until(wall(at, clock, target.zone, target.dialect), now, target.zone)

            return _Column(name, lambda r, s: [chosen(time(r), r, s)], days)
        case "at first" | "at last":
            return _Column(
                name, lambda r, s: [chosen(time(r), r, s)], lambda v: micros(edge(this=v[0]), clock, target.dialect)
            )
        case "first" | "last":

            def both(rows: Rows, sight: Sight) -> list[exp.Expr]:
                return [chosen(time(rows), rows, sight), *field(rows, sight)]

            if target.dialect.ordered_first:
                return _Column(name, both, lambda v: _first(v[0], v[1], down=edge is exp.Max), width=2)
            return _Column(
                name, both, lambda v: exp.Max(this=n.case(n.compare(v[0], "=", v[2]), v[1])), width=2, edge=edge
            )
        case "first fits" | "last fits":

            def fitting(values: list[exp.Expr]) -> exp.Expr:
                # The edge itself is an instant at which one fits, and lies in the window.
                every, fit = (edge(this=column) for column in values)
                window = n.true() if need.window is None else in_window(every.copy(), clock, need.window, target)
                return n.both([n.compare(fit, "=", every), window])

            if need.has == NO_FILTER and need.window is not None:
                within: c.Interval = need.window
                return _Column(
                    name,
                    lambda r, s: [chosen(time(r), r, s)],
                    lambda v: in_window(edge(this=v[0]), clock, within, target),
                )
            return _Column(
                name, lambda r, s: [chosen(time(r), r, s), chosen(time(r), r, s, fits(need.has, s))], fitting, width=2
            )
        case _:
            assert_never(need.kind)


def _count(values: list[exp.Expr]) -> exp.Expr:
    return exp.Count(this=exp.Star() if isinstance(values[0], exp.Literal) else values[0])


def _first(time: exp.Expr, value_: exp.Expr, *, down: bool) -> exp.Expr:
    """The largest value at the earliest (latest) time, missing if all there are."""
    by = [
        exp.Ordered(this=time, desc=down, nulls_first=False),
        exp.Ordered(this=value_.copy(), desc=True, nulls_first=False),
    ]
    return exp.First(this=exp.Order(this=value_, expressions=by))


def median(value_: exp.Expr) -> exp.Expr:
    """Nearest rank: the smallest value that at least half of the values do not exceed (a discrete percentile)."""
    order = exp.Order(expressions=[exp.Ordered(this=value_, nulls_first=False)])
    return exp.WithinGroup(this=exp.PercentileDisc(this=exp.Literal.number("0.5")), expression=order)


def _gaps(of: Gaps, target: Target) -> exp.Query:
    key = target.catalog.profiles.key
    selects = []
    for rows in branches(of.of.events, [of.of.where], target, of.of.window):
        values = [n.named(rows.key(), key), n.named(rows.instant(), "event_time")]
        conditions = [*driven(of.only, rows), rows.in_window(of.of.window), fits(of.of.where, {"event": rows})]
        selects.append(rows.select(values, conditions, distinct=True))
    instants = n.aliased(exp.Subquery(this=_distinct(selects)), "instants")
    profile, time = n.column("instants", key), n.column("instants", "event_time")
    previous = over(exp.Lag(this=time.copy()), profile.copy(), time.copy())
    pairs = n.select([profile, time, n.named(previous, "previous_time")], instants)
    days = days_between(n.column("gaps", "previous_time"), n.column("gaps", "event_time"), target.zone, target.dialect)
    return n.select(
        [
            n.column("gaps", key),
            n.named(exp.Sum(this=days), DAYS),
            n.named(exp.Count(this=n.column("gaps", "previous_time")), PAIRS),
        ],
        n.aliased(exp.Subquery(this=pairs), "gaps"),
        group=[n.column("gaps", key)],
    )


def _distinct(selects: Sequence[exp.Select]) -> exp.Query:
    joined: exp.Query = selects[0]
    for other in selects[1:]:
        joined = exp.Union(this=joined, expression=other, distinct=True)
    return joined


def _records(of: ConsentRecords, target: Target) -> exp.Query:
    channel = target.catalog.channels[of.channel]
    rows = dated(channel, channel.profile or "", channel.time, "consent", target)
    stored, clock = rows.at(), rows.clock
    if not clock.ordered:
        stored, clock = instant(stored, clock, target.dialect), EXACT
    values = [n.named(rows.key(), target.catalog.profiles.key)]
    for name, consent in of.columns:
        latest = exp.Max(this=stored.copy())
        if consent.given:  # no record at the latest instant is anything but a fitting giving
            other = exp.Max(this=n.case(opposite(record_fits(consent, rows)), stored.copy()))
            values.append(n.named(n.coalesce(n.compare(other, "<", latest), n.true()), name))
        else:
            withdrawn = exp.Max(this=n.case(record_fits(consent, rows), stored.copy()))
            values.append(n.named(n.compare(withdrawn, "=", latest), name))
    return rows.select(values, [n.is_set(rows.at()), *driven(of.only, rows)], [rows.key()])


def record_fits(consent: c.Consent, rows: Rows) -> exp.Expr:
    """The record is a giving (or else a withdrawal) that fits the reason and the window."""
    channel = rows.target.catalog.channels[consent.channel]
    giving = rows.expression(channel.receives_when)
    parts = [giving if consent.given else opposite(giving)]
    if consent.reason is not None:
        assert channel.reason is not None
        parts.append(n.compare(rows.column(channel.reason), "=", n.text(consent.reason)))
    if consent.window is not None:
        parts.append(n.false() if rows.time is None else rows.in_window(consent.window))
    return n.both(parts)


def _keys(of: Keys, target: Target) -> exp.Query:
    """The keys of the profiles for which one condition holds, each once."""
    match of.of:
        case Exists():
            key = target.catalog.profiles.key
            found = occurring(of.of, target)
            return _distinct([rows.select([n.named(rows.key(), key)], [fit], distinct=True) for rows, fit in found])
        case c.Regular() | c.OnDifferent() | c.Repeats() | c.MostCommon() | c.InCommon():
            return among(of.of, of.only, target)
        case c.InSequence():
            return sequences(of.of, of.only, target)
        case c.Near():
            return near_stores(of.of, target)
        case c.Nearest():
            return nearest_store(of.of, target)
        case _:
            assert_never(of.of)
