"""How a profile's occurrences lie among each other: regularity, different days, so often with the same value."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Any, Literal, NoReturn

from .. import ast
from .. import conditions as c
from ..errors import Fix
from ..formatter import format as format_
from ..formatter.phrases import with_the_same
from ..formatter.values import units
from ..source import Span
from .built_in import close_together, comes_back
from .habits import hint_at_none, no_test, once, plain
from .heads import Events
from .measures import property_of
from .quantities import in_one_of_them, in_range, most_of, numbers, ranged, said_exactly, so_many_things
from .scope import Scope, Together, fail, instead
from .surroundings import Around, occurrences, timed
from .windows import stepped

MOST_PERIODS = 400
"""A year of days, and more than anybody reads in the SQL."""

_PARTS = {
    "regularity": "in .. of the last ..",
    "different": "on .. different ..",
    "with_the_same": "with the same ..",
}
"""The parts that say how the occurrences lie among each other."""


def _called(given: ast.Subject, part: str) -> str:
    """What one of these parts is called, as it stands there."""
    in_a_row = part == "different" and given.different is not None and given.different.in_a_row
    return "in .. in a row" if in_a_row else _PARTS[part]


_UNITS: dict[str, Literal["day", "week", "month"]] = {"days": "day", "weeks": "week", "months": "month"}


def spread_of(given: ast.Subject) -> str | None:
    """Which of these parts the condition has: its field."""
    return next((part for part in _PARTS if getattr(given, part)), None)


def spread(scope: Scope, head: Events, given: ast.Subject) -> c.Tree[c.Condition]:
    """OCCURRENCES `in at least 3 of the last 4 weeks`, `on .. different days`, `.. times with the same PROP`.

    `given` has a quantity, and no comparison.
    """
    one, *others = [part for part in _PARTS if getattr(given, part)]
    if others:
        apart = ast.All((_without(given, *others), _without(given, one)))
        fail("misplaced", f"`{_called(given, one)}` and `{_called(given, others[0])}` are two conditions.", given.span,
             "say them apart:", instead(given, apart))  # fmt: skip
    no_test(head, given)
    match one:
        case "regularity":
            return _regular(scope, head, given)
        case "different":
            return _on_different(scope, head, given)
        case _:
            return _repeats(scope, head, given)


def misplaced_spread(given: ast.Subject, part: str) -> NoReturn:
    """After something that is no plain event."""
    said = format_(ast.Subject(given.head))
    found = getattr(given, part)
    span = found[0].span if isinstance(found, tuple) else found.span
    fail("misplaced", f"`{_called(given, part)}` goes after events, and `{said}` is something else.", span,
         "make it a condition of its own with `and`")  # fmt: skip


def _without(given: ast.Subject, *parts: str) -> ast.Subject:
    changes: dict[str, Any] = {part: () if part == "with_the_same" else None for part in parts}
    return replace(given, **changes, comments=())


def _regular(scope: Scope, head: Events, given: ast.Subject) -> c.Tree[c.Condition]:
    regularity = given.regularity
    assert regularity is not None
    if given.window is not None:
        fail("misplaced", f"`{_PARTS['regularity']}` says when already.", given.window.span,
             "leave the window out:", instead(given, _without(given, "window")))  # fmt: skip
    timed(scope, head, _PARTS["regularity"], given.span)
    together = Together()
    of: c.Occurrences | None = None
    periods: tuple[c.Interval, ...] = ()
    many: tuple[int, int | None] = 0, None
    times: tuple[int, int | None] = 1, None
    with together:
        periods = _periods(scope, regularity)
        of = occurrences(scope, head, (Around(scope, given),))
    with together:
        many = numbers(scope, regularity.quantity, "in at least 3 of the last 4 weeks")
    with together:
        times = numbers(scope, given.quantity) if given.quantity else times
    together.done()
    assert of is not None
    said_exactly(scope, given, times[0])
    of = replace(of, window=c.Interval(periods[-1].start, periods[0].end))
    op, per_period = regularity.quantity.op, given.quantity.op if given.quantity else ">="
    each = ranged(of, per_period, *times, given.span)
    if op == "!=":
        found: c.Tree[c.Condition] = c.Not(
            _in_periods(of, periods, each, _ends("=", many, len(periods)), given.span), given.span
        )
    else:
        found = _in_periods(of, periods, each, _ends(op, many, len(periods)), given.span)
    if _of_nobody(found) and most_of(per_period, *times) + most_of(op, *many) > 0:
        back = ast.InLast(ast.Duration(regularity.periods * regularity.length, regularity.unit))
        hint_at_none(scope, head, of, replace(given, window=back), regularity.span, said=given)
    return found


def _in_periods(
    of: c.Occurrences, periods: tuple[c.Interval, ...], each: c.Tree[c.Condition], many: tuple[int, int], span: Span
) -> c.Tree[c.Condition]:
    """So many of the periods have what `each` says of all time."""
    first, last = many
    total = len(periods)
    match each:
        case c.Occurs(at_least=least, at_most=most):
            pass
        case c.Not(c.Occurs(at_least=least, at_most=most)):  # as many as all the others have
            first, last = total - last, total - first
        case always_or_never:
            number = total if always_or_never == c.All(()) else 0
            return c.All((), span) if first <= number <= last else c.AnyOf((), span)
    if max(first, 0) > min(last, total):
        return c.AnyOf((), span)
    if first <= 0:
        return (
            c.All((), span)
            if last >= total
            else c.Not(c.Regular(of, periods, (least, most), last + 1, None, span), span)
        )
    return c.Regular(of, periods, (least, most), first, None if last >= total else last, span)


def _ends(op: str, numbers: tuple[int, int | None], total: int) -> tuple[int, int]:
    """The numbers up to a total that are meant, both ends in."""
    low, high = numbers
    match op:
        case ">=":
            return low, total
        case ">":
            return low + 1, total
        case "<=":
            return 0, low
        case "<":
            return 0, low - 1
        case "between":
            assert high is not None
            return low, high
        case _:
            return low, low


def _of_nobody(found: c.Tree[c.Condition]) -> bool:
    """Whether it holds of people without a single occurrence: what is counted here is counted from 1."""
    return not _of_nobody(found.part) if isinstance(found, c.Not) else found == c.All(())


def _periods(scope: Scope, regularity: ast.Regularity) -> tuple[c.Interval, ...]:
    """Rolling periods, latest first, each counted from now in one step."""
    count, unit, length = regularity.periods, regularity.unit, regularity.length
    if length < 1:
        fail("bad-window", f"A period of {length} {units(length, unit)} holds nothing.", regularity.span,
             "say how long each of them is")  # fmt: skip
    if not 1 <= count <= MOST_PERIODS:
        fail("bad-window", f"`{count:,} {units(count, unit)}` are {'no' if count < 1 else 'too many'} periods.",
             regularity.span, f"between 1 and {MOST_PERIODS} are told apart")  # fmt: skip
    try:
        starts = [scope.now, *(stepped(scope, -n * length, unit) for n in range(1, count + 1))]
    except (OverflowError, ValueError):
        total = count * length
        fail("bad-window", f"`the last {total} {units(total, unit)}` reach beyond the years 1 to 9999.",
             regularity.span, "look back less far")  # fmt: skip
    return tuple(c.Interval(start, end) for end, start in pairwise(starts))


def _on_different(scope: Scope, head: Events, given: ast.Subject) -> c.Tree[c.Condition]:
    different = given.different
    assert different is not None
    if given.quantity is not None:
        times, days = _without(given, "different"), _without(given, "quantity")
        said = _called(given, "different")
        help_: tuple[str, *tuple[Fix, ...]] = ("say them apart:", instead(given, ast.All((times, days))))
        if given.quantity.op == "=" and given.quantity.count == ast.Number(Decimal(0)):
            help_ = ("say", replace(instead(given, ast.Not(days)), note=f"no such {different.unit}"))
        elif different.in_a_row:
            help_ = (
                "a number in each goes with the last of them: `at least twice in at least 3 of the last 3 months`",
            )
        fail("misplaced", f"`{said}` counts {different.unit}, so no number of times goes beside it.",
             given.quantity.span, *help_)  # fmt: skip
    timed(scope, head, _called(given, "different"), given.span)
    together = Together()
    of, low, high = None, 0, None
    with together:
        of = occurrences(scope, head, (Around(scope, given),))
    with together:
        low, high = numbers(scope, different.quantity, "on at least 2 different days")
    together.done()
    assert of is not None
    these, op = of, different.quantity.op
    if most_of(op, low, high) > 0:
        hint_at_none(scope, head, these, given, different.span)
    unit = _UNITS[different.unit]
    row = different.in_a_row
    return in_range(
        op, low, high, given.span, lambda least, most: c.OnDifferent(these, unit, least, most, row, given.span)
    )


def _repeats(scope: Scope, head: Events, given: ast.Subject) -> c.Tree[c.Condition]:
    names, quantity = given.with_the_same, given.quantity
    twice = replace(given, quantity=ast.Quantity(">=", ast.Number(Decimal(2))), comments=())
    if quantity is None:
        fail("incomplete", f"`{with_the_same(names)}` needs the number of times that one value has to come up.",
             names[0].span.to(names[-1].span), f"for example `{format_(twice)}`; of several events say "
             f"`all of ({format_(ast.Subject(given.head))}, ..) {with_the_same(names)}`")  # fmt: skip
    together = Together()
    fields: dict[c.Field, ast.Name] = {}
    of, low, high = None, 0, None
    with together:
        of = occurrences(scope, head, (Around(scope, given),))
    for name in names:
        with together:
            field, _ = property_of(scope, head, name)
            plain(field, name.span)
            once(name, field in fields)
            fields[field] = name
    with together:
        low, high = numbers(scope, quantity)
    together.done()
    assert of is not None
    in_one_of_them(given, low + (quantity.op == ">"))
    so_many_things(scope, head, given, (low, high))
    said_exactly(scope, given, low)
    these, same = of, tuple(fields)
    for field, name in fields.items():
        words, fixes = close_together(field, given) if len(fields) == 1 else ("", ())
        comes_back(scope, field, of, name.span, words, *fixes)
    found = in_range(
        quantity.op, low, high, given.span, lambda least, most: c.Repeats(these, same, least, most, given.span)
    )
    if _of_nobody(found):
        _no_value(given, twice, most_of(quantity.op, low, high) if quantity.op != "!=" else 0)
    return found


def _no_value(given: ast.Subject, twice: ast.Subject, upper: int) -> NoReturn:
    """`at most 3 times with the same brand`: some brand so rarely, or no brand more often?"""
    assert given.quantity is not None
    words, fixes = f"for example `{format_(twice)}`", []
    if upper > 0:
        one, most = ast.Number(Decimal(1)), ast.Number(Decimal(upper))
        more = replace(twice, quantity=ast.Quantity(">", most))
        few = replace(twice, quantity=ast.Quantity("=", one) if upper == 1 else ast.Quantity("between", one, most))
        words = "say which:"
        fixes = [
            instead(given, ast.Not(more), "no value more often"), instead(given, few, "some value so often"),
        ]  # fmt: skip
    fail("bad-count", f"`{with_the_same(given.with_the_same)}` counts from 1: a value that never came up is none.",
         given.quantity.span, words, *fixes)  # fmt: skip
