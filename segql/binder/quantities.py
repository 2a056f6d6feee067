"""How many times: numbers of times become ranges, with a hint where people who never did are included."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import NoReturn, TypeVar

from .. import ast
from .. import conditions as c
from ..catalog import fold
from ..errors import Fix
from ..formatter import format as format_
from ..formatter import format_name
from ..formatter.phrases import with_the_same
from ..formatter.values import value as format_value
from ..source import Span
from ..words import word
from .advice.things import thing_called
from .heads import Events
from .scope import Scope, Together, fail, unknown

L = TypeVar("L")

MOST_TIMES = 10**15

_TWICE, _MOST_STEPS = 2, 8
_IN_ONE = re.compile(r"in\s+(?:one|an?)\s+(?P<unit>hour|day|week|month|year)", re.IGNORECASE)
_HELPING = re.compile(
    r"\b(?:(?:did|do|does|has|have|had)\s+(?P<no>not\s+|never\s+)?|(?P<no_>not|never|\w+n['’]t)\s+)\Z", re.IGNORECASE
)
"""What stands before the verb of an event, and before no number."""
_PERIODS = {"month": 12, "year": 5}
"""So many of the last are looked at, to begin with."""

_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def counted(
    scope: Scope, head: Events, of: c.Occurrences, numbers: tuple[int, int | None], given: ast.Subject
) -> c.Tree[c.Condition]:
    """The occurrences, so many times. `given` has the quantity, and no comparison."""
    quantity, (low, high) = given.quantity, numbers
    assert quantity is not None
    in_one_of_them(given, low + (quantity.op == ">"))
    so_many_things(scope, head, given, numbers)
    said_exactly(scope, given, low)
    upper = most_of(quantity.op, low, high)
    if upper > 0 and not scope.negated:
        scope.includes_never(f"This includes people who never did `{head.said}`.", quantity.span,
                             Fix(given.span, _without_never(given, quantity.op, upper)), of)  # fmt: skip
    return ranged(of, quantity.op, low, high, given.span)


def in_one_of_them(given: ast.Subject, least: int) -> None:
    """Raises SegQLError for `3 times in one day`, which is the last day, or any one in which there were as many."""
    quantity, window = given.quantity, given.window
    if quantity is None or window is None or quantity.op not in ("=", ">=", ">"):
        return
    unit = one_of_them(window)
    if not unit or not _TWICE <= least <= _MOST_STEPS or given.close_to:
        return
    once = format_(replace(given, quantity=None, window=None, with_the_same=(), comments=()))
    same = f" {with_the_same(given.with_the_same)}" if given.with_the_same else ""
    if unit in _PERIODS and same:
        any_of_them(window, unit, given.span)
    if unit in _PERIODS:
        often = replace(given, quantity=ast.Quantity(">=", ast.Number(Decimal(least))), window=None, where=None)
        where = once.removeprefix(format_(ast.Subject(given.head)))
        any_one = f"{format_(often)} in at least 1 of the last {_PERIODS[unit]} {unit}s{where}"
    else:
        within = "within" if least == _TWICE else "all within"
        steps = [once, *[once + same] * (least - 1)]
        any_one = f"{' then '.join(steps)} {within} 1 {unit}"
    any_of_them(window, unit, given.span, _instead(given, any_one))


def so_many_things(scope: Scope, head: Events, given: ast.Subject, numbers: tuple[int, int | None]) -> None:
    """Raises SegQLError for `viewed 3 products`, which is so often, or so many that differ."""
    quantity, name = given.quantity, given.head
    if quantity is None or not isinstance(name, ast.Name) or name.quoted or quantity.span.start < name.span.end:
        return
    thing = fold(name.words.split()[-1])
    kind = thing_called(scope.catalog.events[head.names[0]], thing) if len(head.names) == 1 else None
    if kind is None or not fold(quantity.span.text).endswith(thing):
        return
    plain = ast.Subject(name, window=given.window)
    once = replace(given, quantity=None, comments=())
    place = replace(given.span, start=name.span.start)
    fixes = [Fix(place, format_(replace(given, comments=())), "so often")]
    if once == replace(plain, where=given.where, span=given.span):
        low, high = numbers
        test = f"{word('BETWEEN')} {low} {word('AND')} {high}" if quantity.op == "between" else f"{quantity.op} {low}"
        several = f"{word('AGGREGATE_OF', 'distinct')} {format_name(kind)} {word('OF')} {format_(plain)} {test}"
        said = several + format_(once).removeprefix(format_(plain))
        fixes.append(_instead(given, said, "different ones"))
    fail("wrong-type", "It may have been so often, or so many that differ.", given.span, "say which:", *fixes)


def _instead(given: ast.Subject, said: str, note: str = "") -> Fix:
    """A fix that is no event in the place of one, with the words that help its verb: who denies it adds `not`."""
    assert isinstance(given.head, ast.Name)
    start = given.head.span.start
    helping = _HELPING.search(given.span.source.text, 0, start)
    return Fix(replace(given.span, start=helping.start() if helping else start), said, note)


def one_of_them(window: ast.Window | None) -> str:
    """The unit of `in one day`, `in a week`; empty for every other window."""
    said = _IN_ONE.fullmatch(window.span.text.strip()) if window else None
    return said["unit"].lower() if said else ""


def any_of_them(window: ast.Window, unit: str, span: Span, *any_one: Fix) -> NoReturn:
    """Raises SegQLError: so much in one of a unit may be in the last of them, or in any."""
    lead, last = "say which:" if any_one else "for the last one:", Fix(window.span, f"in the last {unit}")
    fail(
        "bad-window", f"`{window.span.text}` may be the last {unit}, or any {unit} at all.", span, lead, last, *any_one
    )


def said_exactly(scope: Scope, given: ast.Subject, low: int) -> None:
    """A hint that `once` and `twice` mean no more than that."""
    quantity = given.quantity
    if quantity is None or quantity.op != "=" or low not in (1, 2):
        return
    said = {1: "once", 2: "twice"}[low]
    if quantity.span.text.strip().casefold() == said:
        more = _again(given, ast.Quantity(">=", ast.Number(Decimal(low))))
        scope.note(
            "hint",
            "exactly",
            f"`{said}` means exactly {said}, no more.",
            quantity.span,
            f"for {said} or more:",
            Fix(given.span, more),
        )


def most_of(op: str, low: int, high: int | None) -> int:
    """The upper end of a range that holds 0 without saying so; else 0."""
    return {"<": low - 1, "<=": low, "!=": low, "between": (high or 0) if low == 0 else 0}.get(op, 0)


def _without_never(given: ast.Subject, op: str, upper: int) -> str:
    """The same for people who did it at least once."""
    if op != "!=":
        return _again(given, _between(1, upper))
    more = ast.Quantity(">", ast.Number(Decimal(upper)))
    if upper == 1:
        return _again(given, more)
    return f"({_again(given, _between(1, upper - 1))} or {_again(given, more)})"


def _between(low: int, high: int) -> ast.Quantity:
    least, most = ast.Number(Decimal(low)), ast.Number(Decimal(high))
    return ast.Quantity("=", least) if low == high else ast.Quantity("between", least, most)


def _again(given: ast.Subject, quantity: ast.Quantity) -> str:
    return format_(replace(given, quantity=quantity, comments=()))


def numbers(scope: Scope, quantity: ast.Quantity, example: str = "at least 3 times") -> tuple[int, int | None]:
    """The numbers of a quantity: parameters, `let`s and constants have become their values. Errors show the example."""
    together = Together()
    low, high = 0, None
    with together:
        low = _whole(scope, quantity.count, example)
    if quantity.most is not None:
        with together:
            high = _whole(scope, quantity.most, example)
    elif quantity.op == "between":
        fail("incomplete", "`between` needs two numbers.", quantity.span, "for example `between 2 and 5 times`")
    together.done()
    if high is not None and low > high:
        first, last = format_value(quantity.count), format_value(quantity.most or quantity.count)
        fail("descending", f"`between {first} and {last}` goes down, so no number lies between.", quantity.span,
             "swap the ends:", _swapped(quantity))  # fmt: skip
    return low, high


def _swapped(quantity: ast.Quantity) -> str:
    said, start = quantity.span.text, quantity.span.start
    first, last = (one.span for one in (quantity.count, quantity.most or quantity.count))
    between = said[first.end - start : last.start - start]
    return f"{said[: first.start - start]}{last.text}{between}{first.text}{said[last.end - start :]}"


def _whole(scope: Scope, count: ast.Number | ast.Name, example: str) -> int:
    value = count if isinstance(count, ast.Number) else scope.value(count)
    if value is None:
        assert isinstance(count, ast.Name)
        if (said := fold(count.text)) in _WORDS:
            fail("unknown-name", f"Numbers are written in digits, and nothing is called `{count.text}`.", count.span,
                 "say", f"{_WORDS.index(said)}")  # fmt: skip
        unknown("number", count, scope.known_values(), f"define it above the segments: `let {count.text} = 3`")
    if not isinstance(value, ast.Number):
        said = f"`{count.text}` is `{format_(value)}`" if isinstance(count, ast.Name) else f"this is `{format_(value)}`"
        fail("wrong-type", f"A whole number is needed, and {said}.", count.span, f"for example `{example}`")
    number = value.value
    if not number.is_finite() or number != number.to_integral_value() or number < 0:
        fail(
            "bad-count",
            f"`{format_(value)}` is no count: counts are whole and not negative.",
            count.span,
            f"for example `{example}`",
        )
    if number >= MOST_TIMES:
        fail("bad-count", f"A count is less than {MOST_TIMES:,}.", count.span, f"for example `{example}`")
    return int(number)


def ranged(of: c.Occurrences, op: str, low: int, high: int | None, span: Span) -> c.Tree[c.Condition]:
    """How often, as a range of numbers of times."""
    return in_range(op, low, high, span, lambda least, most: c.Occurs(of, least, most, span))


def in_range(op: str, low: int, high: int | None, span: Span, number: Callable[[int, int | None], L]) -> c.Tree[L]:
    """A number within bounds; every range that holds 0 is the negation of one that does not.

    `number` gives the condition that it is at least 1 or more and, unless None, at most so much.
    """
    match op:
        case ">=":
            return number(low, None) if low > 0 else c.All((), span)
        case ">":
            return number(low + 1, None)
        case "=":
            return number(low, low) if low > 0 else c.Not(number(1, None), span)
        case "!=":
            return c.Not(number(low, low), span) if low > 0 else number(1, None)
        case "<=":
            return c.Not(number(low + 1, None), span)
        case "<":
            return c.Not(number(low, None), span) if low > 0 else c.AnyOf((), span)
        case "between":
            assert high is not None
            return number(low, high) if low > 0 else c.Not(number(high + 1, None), span)
        case _:
            raise AssertionError(op)
