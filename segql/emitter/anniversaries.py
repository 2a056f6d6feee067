"""Anniversaries: the month and day of a date, in a later year."""

from __future__ import annotations

from calendar import isleap
from datetime import date, datetime, timedelta

from sqlglot import exp

from ..conditions import Days, Type
from ..conditions.live import is_live
from ..conditions.tracked import told
from . import live
from . import nodes as n
from .target import Target
from .values import part_of


def anniversary(day: exp.Expr, type_: Type, window: Days, target: Target) -> exp.Expr:
    """Whether some day of a window, which is shorter than a year, is an anniversary of the day: a date, or the
    wall-clock time of an instant.
    """
    if is_live(window) or target.lasting:
        return _live(day, type_, window, target)
    return n.either(
        n.both([n.compare(day.copy(), "<", _new_year(year, type_)), _kept(day.copy(), first, last)])
        for year, first, last in stretches(window)
    )


def _live(day: exp.Expr, type_: Type, window: Days, target: Target) -> exp.Expr:
    """The same with the ends of the window as expressions: in one year or over its end, which no text tells."""
    assert window.start is not None
    assert window.end is not None

    def start() -> exp.Expr:
        return live.day(window.start, target)  # type: ignore[arg-type]

    def last() -> exp.Expr:
        return live.day(live.moved(window.end, -1), target)  # type: ignore[arg-type]

    begin = _number_of(start())
    end = n.case(
        n.both([n.compare(_number_of(last()), "=", n.number(228)),
                n.compare(part_of(live.day(window.end, target), "month"), "=", n.number(3))]),
        n.number(229), _number_of(last()),
    )  # fmt: skip

    def before(year_of: exp.Expr) -> exp.Expr:
        dated = type_ is not Type.MONTH_DAY
        return n.compare(part_of(day.copy(), "year"), "<", part_of(year_of, "year")) if dated else n.true()

    early = n.both([before(start()), n.compare(_number_of(day.copy()), ">=", begin)])
    late = n.both([before(last()), n.compare(_number_of(day.copy()), "<=", end)])
    one_year = n.compare(part_of(start(), "year"), "=", part_of(last(), "year"))
    found = n.case(one_year, n.both([early, late]), exp.Paren(this=n.either([early.copy(), late.copy()])))
    return n.both([n.compare(start(), "<=", last()), found])


def _number_of(day: exp.Expr) -> exp.Expr:
    month = n.binary(exp.Mul, part_of(day.copy(), "month"), n.number(100))
    return exp.Add(this=month, expression=part_of(day, "day"))


def _new_year(year: int, type_: Type) -> exp.Expr:
    return n.day(date(year, 1, 1)) if type_ is Type.DATE else n.wall_time(datetime(year, 1, 1))


def _kept(day: exp.Expr, first: int, last: int) -> exp.Expr:
    """The month first: it is the cheaper test, and few days pass it."""
    (month, start), (until, end) = divmod(first, 100), divmod(last, 100)
    if month == until:
        days = _between(part_of(day.copy(), "day"), start, end)
    else:
        days = _between(_number_of(day), first, last)
    return n.both([_between(part_of(day.copy(), "month"), month, until), days])


def _between(number: exp.Expr, first: int, last: int) -> exp.Expr:
    if first == last:
        return n.compare(number, "=", n.number(first))
    return exp.Between(this=number, low=n.number(first), high=n.number(last))


def stretches(window: Days) -> tuple[tuple[int, int, int], ...]:
    """For each year that the window touches: the year, and the first and last of the dates that are kept in it, as
    numbers such as 1128 for 28 November.
    """
    return told(_stretches, (window.start, window.end))


def _stretches(start: date, until: date) -> tuple[tuple[int, int, int], ...]:
    found = []
    last = until - timedelta(days=1)
    for year in range(start.year, last.year + 1) if start < until else ():
        end = number_of(min(last, date(year, 12, 31)))
        # 29 February is kept on the 28th where there is none.
        end = 229 if end == 228 and not isleap(year) else end
        found.append((year, number_of(max(start, date(year, 1, 1))), end))
    return tuple(found)


def number_of(day: date) -> int:
    """1128 for 28 November."""
    return day.month * 100 + day.day
