"""Conditions over the set of a profile's occurrences in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeAlias, assert_never

from ..conditions import (
    All,
    AnyOf,
    Field,
    FieldCondition,
    Interval,
    MostCommon,
    Not,
    Occurrences,
    OnDifferent,
    Op,
    Regular,
    Repeats,
    Share,
    Tree,
)
from .measures import events, narrowed, often
from .predicates import inline
from .values import Clock, instant, number

Among: TypeAlias = Share | Regular | OnDifferent | Repeats | MostCommon

_SHARES: dict[Op, tuple[str, str]] = {
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


def about_all(leaf: Among, clock: Clock, holds: bool) -> str:
    """The condition, or its negation."""
    match leaf:
        case Share():
            return _share(leaf, clock, holds)
        case Regular(of=of, periods=periods, each=each, at_least=least, at_most=most):
            quantity = "" if each == (1, None) else f" {often(*each, holds=True)}"
            where = narrowed(replace(of, window=Interval(None, None)), clock)
            many = _how_many(least, most, holds)
            return f"they {events(of, 'or')}{quantity} in {many} of {_periods(periods, clock)}{where and ',' + where}"
        case OnDifferent(of=of, unit=unit, at_least=least, at_most=most):
            one, several = _UNITS[unit]
            many = f"{'on' if unit == 'day' else 'in'} {_how_many(least, most, holds)} different"
            word = one if many.endswith(" 1 different") else several
            return f"they {events(of, 'or')} {many} {word}{narrowed(of, clock)}"
        case Repeats(of=of, field=field, at_least=least, at_most=most):
            some = "some" if holds else "no"
            so_often = _how_many(least, most, holds=True)
            return f"{some} {_name(field)} comes up in {so_often} of {_theirs(of, clock)}"
        case MostCommon(of=of, field=field, fits=fits):
            said = f"the most common {_name(field)} of {_theirs(of, clock)},".replace(",,", ",")
            test = inline(_about(said, fits if holds else Not(fits)), clock)
            return f"{test} ({'one' if holds else 'none'} of those that tie)"
        case _:
            assert_never(leaf)


def _share(leaf: Share, clock: Clock, holds: bool) -> str:
    test = inline(leaf.has, clock)
    if leaf.op == "=" and leaf.percent == 100:
        which = f"{events(leaf.of, 'or')} of theirs{narrowed(leaf.of, clock)}"
        if holds:
            return f"every {which}, fits ({test}), and there is one"
        return f"some {which}, does not fit ({test}), or there is none"
    share = f"{_SHARES[leaf.op][not holds]}{number(leaf.percent)}% of {_theirs(leaf.of, clock)}"
    return f"{share}, fit ({test}){', and there is one' if holds else ', or there is none'}"


def _theirs(of: Occurrences, clock: Clock) -> str:
    return f"their {events(of, 'and')}{narrowed(of, clock)}"


def _name(field: Field) -> str:
    return f"{field.name} of the items" if field.scope == "item" else field.name


def _how_many(least: int, most: int | None, holds: bool) -> str:
    """A number of periods, days or occurrences, which is 1 or more; not so many may be none."""
    if most is None:
        if holds:
            return f"at least {least:,}"
        return f"at most {least - 1:,}" if least > 1 else "none"
    exact = f"exactly {least:,}" if least == most else f"between {least:,} and {most:,}"
    return exact if holds else f"not {exact} (perhaps none)"


def _periods(periods: Sequence[Interval], clock: Clock) -> str:
    starts = [instant(period.start, clock) for period in reversed(periods) if period.start is not None]
    if len(periods) == 1:
        return f"the period from {starts[0]} up to now"
    if len(periods) > _MOST_PERIODS:
        return f"the {len(periods)} periods from {starts[0]} up to now"
    return f"the {len(periods)} periods up to now that begin {', '.join(starts[:-1])} and {starts[-1]}"


def _about(name: str, fits: Tree[FieldCondition]) -> Tree[FieldCondition]:
    """The tree with the field called so."""
    match fits:
        case All(parts):
            return All(tuple(_about(name, part) for part in parts))
        case AnyOf(parts):
            return AnyOf(tuple(_about(name, part) for part in parts))
        case Not(part):
            return Not(_about(name, part))
        case _:
            return replace(fits, field=replace(fits.field, name=name))
