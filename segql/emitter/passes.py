"""Passes: named queries with one row for each profile that has something, read by a LEFT JOIN (keys alone: EXISTS)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import assert_never

from sqlglot import exp

from .. import conditions as c
from ..conditions.live import LiveInstant
from ..plain import dataclass
from ..planner import (
    NO_FILTER,
    ConsentRecords,
    Exists,
    Grouped,
    Keys,
    Need,
    Net,
    Pass,
    among_rows,
    free,
    hull,
    residual,
)
from . import consents, live
from . import nodes as n
from .bounds import EXACT, Clock
from .habits import among
from .instants import by_instant, dated, is_short, only_edges, undated
from .lookups import many_in, numbered_distinct
from .measures import scale_of
from .places import near_stores, nearest_store
from .predicates import fits
from .rows import Rows, in_window
from .sequences import sequences
from .sources import items
from .streams import branches, common_clock, driven, occurring, over
from .sums import net
from .target import Target
from .times import days_apart, days_between, days_since, instant, micros
from .values import Sight, value


def query(of: Pass, target: Target) -> exp.Query:
    """The query of a pass; its first column is the profile's key, named as the catalog names that."""
    match of:
        case Grouped():
            return _grouped(of, target)
        case Net():
            return net(of, target)
        case ConsentRecords():
            return consents.query(of, target)
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
    beside: Callable[[exp.Expr, exp.Expr], exp.Expr] | None = None
    """What each row gets as one value more: of the first value, over all rows of a profile's key."""
    called: tuple[str, ...] = ()
    """The names of these values, if they have others than the column: columns of the same names read the same."""

    @property
    def given(self) -> tuple[str, ...]:
        """The names of all that it reads of a row, what stands beside at the end."""
        count = self.width + (self.beside is not None)
        return self.called or tuple(f"{self.name}_beside_{i}" if i else self.name for i in range(count))


def _grouped(of: Grouped, target: Target) -> exp.Query:
    key = target.catalog.profiles.key
    needs = [need for _, need in of.columns]
    trees = [*of.where, *(among_rows(tree, need, of) for need in needs for tree in (need.of.where, need.has))]
    sources = branches(of.events, trees, target, hull(of.windows), *(need.field for need in needs))
    clock = sources[0].clock if common_clock(sources) else EXACT
    one_by_one = len(sources) == 1 and clock.ordered and target.dialect.ordered_first and only_edges(of)
    if one_by_one and not all(is_short(need, clock, target) for need in needs):
        return by_instant(of, sources[0], target)
    columns = [_column(name, need, of, clock, target) for name, need in of.columns]
    selects = []
    single = len(sources) == 1 and not any(column.beside for column in columns)
    reading = {column.given: column for column in columns}.values()
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
        for column in reading:
            inputs = column.inputs(rows, sight)
            if single:
                values.append(n.named(column.combined(inputs), column.name))
                continue
            if column.beside and len(sources) == 1:
                inputs.append(column.beside(inputs[0].copy(), rows.key()))
            values += [n.named(one, called) for one, called in zip(inputs, column.given, strict=False)]
        window = n.either(rows.in_window(window) for window in of.windows)
        conditions = [*driven(of.only, rows), exp.Paren(this=window) if isinstance(window, exp.Or) else window]
        conditions += [fits(part, sight) for part in of.where]
        group = [rows.key()] if single else []
        selects.append(rows.select(values, conditions, group, joined=joined))
    if single and selects:
        texts = any(need.kind == "distinct" and need.field and need.field.type is c.Type.TEXT for need in needs)
        if texts and target.dialect.numbers_first and of.only is None and all(map(many_in, of.windows)):
            numbered_distinct(selects[0])
        return selects[0]
    source = n.aliased(exp.Subquery(this=n.union_all(selects)), "stream")
    if len(sources) > 1 and any(column.beside for column in columns):
        source = _with_beside(source, reading, key)
    values = [n.column("stream", key)]
    for column in columns:
        values.append(n.named(column.combined([n.column("stream", one) for one in column.given]), column.name))
    return n.select(values, source, group=[n.column("stream", key)])


def _with_beside(source: exp.Expr, columns: Iterable[_Column], key: str) -> exp.Expr:
    """The rows, each with what the rows of its profile say."""
    values: list[exp.Expr] = [n.column("stream", key)]
    for column in columns:
        values += [n.column("stream", one) for one in column.given[: column.width]]
        if column.beside is not None:
            found = column.beside(n.column("stream", column.given[0]), n.column("stream", key))
            values.append(n.named(found, column.given[-1]))
    return n.aliased(exp.Subquery(this=n.select(values, source)), "stream")


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
            has = residual(need.has, of.where)
            return _Column(name, lambda r, s: [chosen(exp.Literal.number(1), r, s, fits(has, s))], _count)
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
                return days_since(at, clock, now, target.zone, target.dialect)

            return _Column(name, lambda r, s: [chosen(time(r), r, s)], days)
        case "days between" | "pairs":
            between = clock if clock.of_utc and target.dialect.slow_clocks else EXACT
            return _between(need, chosen, of, between, target)
        case "at first" | "at last":
            return _Column(
                name, lambda r, s: [chosen(time(r), r, s)], lambda v: micros(edge(this=v[0]), clock, target.dialect)
            )
        case "first" | "last":

            def both(rows: Rows, sight: Sight) -> list[exp.Expr]:
                return [chosen(time(rows), rows, sight), *field(rows, sight)]

            if is_short(need, clock, target):
                return _Column(
                    name,
                    lambda r, s: [chosen(dated(need, s, time(r), target), r, s)],
                    lambda v: undated(exp.Max(this=v[0]), need, target),
                )
            if target.dialect.ordered_first:
                return _Column(name, both, lambda v: _first(v[0], v[1], down=edge is exp.Max), width=2)
            return _Column(
                name,
                both,
                lambda v: exp.Max(this=n.case(n.compare(v[0], "=", v[2]), v[1])),
                width=2,
                beside=lambda time, key: exp.Window(this=edge(this=time), partition_by=[key], over="OVER"),
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


def _between(need: Need, chosen: Callable[..., exp.Expr], of: Grouped, clock: Clock, target: Target) -> _Column:
    """Of the instants that are not missing and the ones before them: those at the same instant have none between."""
    names = {other.kind: name for name, other in of.columns if other.of == need.of}
    first, taken = names.get("days between", names[need.kind]), {target.catalog.profiles.key.lower()}
    called = tuple(free(f"{one}_of_{first}" if first[-1].isdigit() else one, taken) for one in _NEIGHBOURS)

    def combined(values: list[exp.Expr]) -> exp.Expr:
        at, before = values
        apart = n.compare(before, "<", at)
        if need.kind == "pairs":
            return exp.Count(this=n.case(apart, n.number(1)))
        return exp.Sum(this=n.case(apart, days_apart(before.copy(), at.copy(), clock, target.zone, target.dialect)))

    return _Column(
        names[need.kind],
        lambda rows, sight: [chosen(rows.at() if clock == rows.clock else rows.instant(), rows, sight)],
        combined,
        beside=lambda time, key: over(exp.Lag(this=time), key, time.copy()),
        called=called,
    )


_NEIGHBOURS = ("event_time", "previous_time")


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


def _distinct(selects: Sequence[exp.Select]) -> exp.Query:
    joined: exp.Query = selects[0]
    for other in selects[1:]:
        joined = exp.Union(this=joined, expression=other, distinct=True)
    return joined


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
