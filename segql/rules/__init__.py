"""Rules written in Python: `did("placed order").at_least(3).within(days=90) & can_receive("sms")`.

What is built is the tree of a text: it is asked wherever a rule is, and `str` prints it. `&`, `|` and `~` join rules.
Names, values and moments are what the language has; whether they mean something the catalog says, as for any text.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

from .. import ast
from ..arguments import Parameter, literal
from .checked import checked
from .conditions import Condition, Did, Of, Steps, Value, the, their, times
from .joined import Rule
from .values import Count, Exact, Named, Op, exact, length, money, name, named, percent, quantity, quoted
from .windows import (
    Length,
    Moment,
    after,
    ago,
    before,
    between,
    between_ago,
    ever,
    following,
    from_now,
    in_last,
    in_next,
    last,
    more_than_ago,
    on,
    since,
    this,
    today,
    tomorrow,
    within,
    yesterday,
)

__all__ = [
    "Condition", "Count", "Did", "Exact", "Length", "Moment", "Named", "Of", "Rule", "Steps", "Value", "after",
    "ago", "all_of", "anniversary_of", "any_item", "any_of", "before", "between", "between_ago", "can_receive",
    "cannot_receive", "date_part", "days_from", "did", "edge", "entered_segment", "ever", "every_item", "everyone",
    "following", "from_now", "had", "in_last", "in_list", "in_next", "in_segment", "items", "joined_list", "last",
    "left_segment", "length", "money", "more_than_ago", "name", "near", "no_item", "no_one", "of", "on", "percent",
    "quoted", "random", "rank", "rule", "segment", "share", "since", "the", "their", "this", "times", "today",
    "tomorrow", "value_of", "was_in_segment", "within", "yesterday",
]  # fmt: skip

everyone, no_one = Rule(ast.All(())), Rule(ast.AnyOf(()))
Events = Named | ast.Either
"""An event by its name, or `any_of(..)`."""


# --- heads -----------------------------------------------------------------------------------------------------------


@checked
def did(event: Named | ast.Either | ast.AllOf | ast.Edge) -> Did:
    """An event: by itself, that it happened at least once. `did("last placed order")` is the last one."""
    return Did(ast.Subject(event if isinstance(event, ast.Either | ast.AllOf | ast.Edge) else named(event)))


@checked
def of(measure: Named | ast.Head) -> Of:
    """A property or a measure: `of("country")`, `of("total spent")`, `of(value_of("sum", "total", "placed order"))`."""
    return Of(ast.Subject(named(measure) if isinstance(measure, str) else measure))


@checked
def had(thing: Named, *, no: bool = False) -> Of:
    """`has NAME`, `has no NAME`: whether that happened, or is there."""
    return Of(ast.Subject(named(thing), comparison=ast.Is("had", no)))


@checked
def any_of(*events: Named | Did) -> ast.Either:
    """`any of (opened email, clicked email where campaign is "winter")`."""
    return ast.Either(_of_each(events))


@checked
def all_of(*events: Named | ast.Either | Did) -> ast.AllOf:
    """`all of (viewed product, added to cart)`, which are `with_the_same` of something."""
    return ast.AllOf(_of_each(events))


def _of_each(events: tuple[Named | ast.Either | Did, ...]) -> tuple[ast.Subject, ...]:
    return tuple(
        event.tree if isinstance(event, Did) else ast.Subject(event if isinstance(event, ast.Either) else named(event))
        for event in events
    )


@checked
def edge(word: Literal["first", "last", "every", "no"], events: ast.Either) -> ast.Edge:
    """`first any of (..)`; before one event the word is part of its name: `did("first placed order")`."""
    return ast.Edge(word, events)


@checked
def value_of(
    kind: Literal["sum", "average", "min", "max", "median", "distinct", "most common", "first", "last",
                  "number", "days since first", "days since last", "days between"],
    property: Named | None, event: Events,
) -> ast.Aggregate:  # fmt: skip
    """`sum of total of placed order`; without a property of `any_of(..)`: `number of any of (..)`.

    `number of placed order` and `days since last placed order` are names: `of("number of placed order")`.
    """
    whose = event if isinstance(event, ast.Either) else named(event)
    return ast.Aggregate(kind, None if property is None else named(property), whose)


@checked
def share(op: Op, least: Exact, event: Events, most: Exact | None = None) -> Did:
    """`at least 80% of placed order`, of which something holds: `.has(..)`."""
    if (op == "between") == (most is None):
        raise TypeError("`most` is said of `between` alone")
    whose = event if isinstance(event, ast.Either) else named(event)
    return Did(ast.Subject(ast.Share(op, percent(least), whose, None if most is None else percent(most))))


@checked
def date_part(
    part: Literal["month", "day", "weekday", "year", "latitude", "longitude"], property: Named
) -> ast.DatePart:  # fmt: skip
    """`month of birthday`."""
    return ast.DatePart(part, named(property))


@checked
def days_from(start: Named, end: Named) -> ast.DaysFrom:
    """`days from signed up to last seen`."""
    return ast.DaysFrom(named(start), named(end))


@checked
def anniversary_of(property: Named) -> ast.Anniversary:
    """`anniversary of birthday`, in a window."""
    return ast.Anniversary(named(property))


# --- items of an event -----------------------------------------------------------------------------------------------


@checked
def any_item(fits: Rule) -> Rule:
    """`any item (..)`, in a `where`."""
    return Rule(ast.Items("any", fits.tree))


@checked
def every_item(fits: Rule) -> Rule:
    """`every item (..)`."""
    return Rule(ast.Items("every", fits.tree))


@checked
def no_item(fits: Rule) -> Rule:
    """`no item (..)`."""
    return Rule(ast.Items("no", fits.tree))


@checked
def items(op: Op, count: Count, fits: Rule | None = None, *, most: Count | None = None) -> Rule:
    """`at least 4 items`, `at least 4 items (..)`; `items("between", 2, most=4)`."""
    return Rule(ast.Items("count", None if fits is None else fits.tree, quantity(op, count, most)))


# --- other phrases ---------------------------------------------------------------------------------------------------


@checked
def can_receive(channel: Named, *, because: str | ast.Name | None = None, during: ast.Window | None = None) -> Rule:
    """`can receive sms because "form" in 30d`."""
    return _consent(channel, because, during, False)


@checked
def cannot_receive(channel: Named, *, because: str | ast.Name | None = None, during: ast.Window | None = None) -> Rule:
    """`cannot receive sms`."""
    return _consent(channel, because, during, True)


def _consent(channel: Named, because: str | ast.Name | None, during: ast.Window | None, negated: bool) -> Rule:
    reason = ast.Text(because) if isinstance(because, str) else because
    return Rule(ast.CanReceive(named(channel), reason, during, negated))


@checked
def in_list(list: Named) -> Rule:
    """`in list Newsletter`."""
    return Rule(ast.InList(named(list)))


@checked
def joined_list(list: Named, during: ast.Window | None = None) -> Rule:
    """`joined list Newsletter in 30d`."""
    return Rule(ast.InList(named(list), True, during))


@checked
def segment(called: Named, **parameters: Parameter | ast.Name) -> ast.SegmentRef:
    """A saved segment and the values of its parameters; an underscore is a space."""
    return ast.SegmentRef(named(called), tuple(
        (ast.Name(key.replace("_", " ")), value if isinstance(value, ast.Name) else literal(value))
        for key, value in parameters.items()
    ))  # fmt: skip


def _segment(given: Named | ast.SegmentRef) -> ast.SegmentRef:
    return given if isinstance(given, ast.SegmentRef) else segment(given)


@checked
def in_segment(given: Named | ast.SegmentRef) -> Rule:
    """`in segment Buyers`."""
    return Rule(ast.InSegment("in", _segment(given)))


@checked
def was_in_segment(given: Named | ast.SegmentRef, before: ast.Duration) -> Rule:
    """`was in segment Buyers 7d ago`."""
    return Rule(ast.InSegment("was in", _segment(given), before))


@checked
def entered_segment(given: Named | ast.SegmentRef, during: ast.Window) -> Rule:
    """`entered segment Buyers in 7d`."""
    return Rule(ast.InSegment("entered", _segment(given), None, during))


@checked
def left_segment(given: Named | ast.SegmentRef, during: ast.Window) -> Rule:
    """`left segment Buyers in 7d`."""
    return Rule(ast.InSegment("left", _segment(given), None, during))


@checked
def rank(
    word: Literal["top", "bottom"], size: int | ast.Percent, by: Condition,
    *, among: Named | ast.SegmentRef | None = None, within_each: Named | None = None,
) -> Rule:  # fmt: skip
    """`top 10% by total spent among segment Buyers within each country`."""
    many = size if isinstance(size, ast.Percent) else ast.Number(Decimal(size))
    whom = None if among is None else _segment(among)
    return Rule(ast.Rank(word, many, by.tree, whom, None if within_each is None else named(within_each)))


@checked
def near(
    distance: Exact, place: Named | tuple[Exact, Exact] | None = None, unit: Literal["km", "miles"] = "km"
) -> Rule:
    """`within 20 km of Amsterdam`, of `(52.37, 4.89)`; of any store where no place is said."""
    at: Any = tuple(exact("place", one) for one in place) if isinstance(place, tuple) else place and named(place)
    return Rule(ast.Near(exact("distance", distance), unit, at))


@checked
def random(share: Exact, seed: str | None = None) -> Rule:
    """`random 10% seed "A"`."""
    return Rule(ast.Random(percent(share), None if seed is None else ast.Text(seed)))


@checked
def rule(text: str) -> Rule:
    """A rule of a text, to be joined with others. Raises SegQLError."""
    from ..parser import parse_rule

    return Rule(parse_rule(text))
