"""Conditions over the set of a profile's occurrences in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import assert_never

from .. import conditions as c
from .measures import aside, events, narrowed, often
from .predicates import inline
from .values import WallClock, instant, number

_SHARES: dict[c.Op, tuple[str, str]] = {
    "=": ("exactly ", "not exactly "),
    "<": ("less than ", "at least "),
    "<=": ("at most ", "more than "),
    ">": ("more than ", "at most "),
    ">=": ("at least ", "less than "),
}
_UNITS = {
    "day": ("day", "days"),
    "week": ("calendar week (from Monday)", "calendar weeks (from Monday)"),
    "month": ("calendar month", "calendar months"),
}
_MOST_PERIODS = 6
"""Of more periods only the beginning of the first is said."""


def about_all(leaf: c.Habit, clock: WallClock, holds: bool) -> str:
    """The condition, or its negation."""
    match leaf:
        case c.Share():
            return _share(leaf, clock, holds)
        case c.Regular(of=of, periods=periods, each=each, at_least=least, at_most=most):
            quantity = "" if each == (1, None) else f" {often(*each, holds=True)}"
            where = narrowed(replace(of, window=c.Interval(None, None)), clock)
            many, so = _so_many(least, most, holds)
            if len(periods) == 1:
                many, so = "", "" if holds else "it is not so that "
            in_periods = f"in {many and many + ' of '}{_periods(periods, clock)}"
            return f"{so}they {events(of, 'or')}{quantity} {in_periods}{where and ',' + where}"
        case c.OnDifferent(of=of, at_least=1, at_most=None) if not holds:
            return f"they never {events(of, 'or')}{narrowed(of, clock)}"
        case c.OnDifferent(of=of, unit=unit, at_least=least, at_most=most, in_a_row=True):
            many, so = _so_many(least, most, holds)
            said = f"{so}they {events(of, 'or')} in {many} {_UNITS[unit][0 if many.endswith(' 1') else 1]} in a row"
            return f"{said}{' at the longest' if most is not None or not holds else ''}{narrowed(of, clock)}"
        case c.OnDifferent(of=of, unit=unit, at_least=least, at_most=most):
            many, so = _so_many(least, most, holds)
            units = _UNITS[unit][0 if many.endswith(" 1") else 1]
            on = "on" if unit == "day" else "in"
            return f"{so}they {events(of, 'or')} {on} {many} different {units}{narrowed(of, clock)}"
        case c.Repeats(of=of, fields=fields, at_least=least, at_most=most):
            many, _ = _so_many(least, most, holds=True)
            which = f"{events(of, 'and')}{narrowed(of, clock)}"
            value = " with some ".join(map(_name, fields))
            return f"{'some' if holds else 'no'} {value} comes up in {many} of their {which}"
        case c.InCommon(of=each, fields=every):
            value = " with some ".join(map(_name, every[0]))
            which = ", and of ".join(f"{events(one, 'or')}{narrowed(one, clock)}" for one in each)
            return f"{'some' if holds else 'no'} one {value} is that of {which}"
        case c.MostCommon(of=of, field=field, fits=fits):
            which = f"most common {_name(field)} of their {events(of, 'and')}{aside(of, clock)}"
            test = inline(_about(f"{'a' if holds else 'no'} {which}", fits), clock)
            return test if holds else f"{test} (perhaps there is none)"
        case _:
            assert_never(leaf)


def _share(leaf: c.Share, clock: WallClock, holds: bool) -> str:
    narrow, test = aside(leaf.of, clock), inline(leaf.has, clock)
    if leaf.op == "=" and leaf.percent == 100:
        one = f"{events(leaf.of, 'or')}{narrow}"
        if holds:
            return f"every {one} fits ({test}), and there is one"
        return f"some {one} does not fit ({test}), or there is none"
    their = f"{events(leaf.of, 'and')}{narrow}"
    share = f"{_SHARES[leaf.op][not holds]}{number(leaf.percent)}% of their {their} fit ({test})"
    return f"{share}, and there is one" if holds else f"{share}, or there is none"


def _name(field: c.Field) -> str:
    return f"{field.name} of the items" if field.scope == "item" else field.name


def _so_many(least: int, most: int | None, holds: bool) -> tuple[str, str]:
    """A number of periods, days or occurrences, which is 1 or more; and what denies the whole."""
    if most is not None:
        exact = f"exactly {least:,}" if least == most else f"between {least:,} and {most:,}"
        return exact, "" if holds else "it is not so that "
    if holds:
        return f"at least {least:,}", ""
    return f"at most {least - 1:,}" if least > 1 else "none", ""


def _periods(periods: Sequence[c.Interval], clock: WallClock) -> str:
    starts = [instant(period.start, clock) for period in reversed(periods) if period.start is not None]
    if len(periods) == 1:
        return f"the period from {starts[0]} up to now"
    if len(periods) > _MOST_PERIODS:
        return f"the {len(periods)} periods from {starts[0]} up to now"
    return f"the {len(periods)} periods up to now that begin {', '.join(starts[:-1])} and {starts[-1]}"


def _about(name: str, fits: c.Tree[c.FieldCondition]) -> c.Tree[c.FieldCondition]:
    """The tree with the field called so."""
    match fits:
        case c.All(parts):
            return c.All(tuple(_about(name, part) for part in parts))
        case c.AnyOf(parts):
            return c.AnyOf(tuple(_about(name, part) for part in parts))
        case c.Not(part):
            return c.Not(_about(name, part))
        case _:
            return replace(fits, field=replace(fits.field, name=name))
