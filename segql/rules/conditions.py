"""Rules, and the conditions of one head with its parts: an event, a measure, a property."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any, Literal, TypeAlias, TypeVar, Union

from .. import ast
from ..arguments import Parameter, literal
from ..plain import dataclass
from .checked import checked, checked_methods
from .joined import Rule
from .values import Count, Exact, Named, Op, exact, named, quantity
from .windows import Length, within

Value: TypeAlias = Union[Parameter, ast.Operand, "Condition"]
"""What something is compared with: a Python value, where a text is a text; `name(..)`, `money(..)`, a measure."""
T = TypeVar("T", bound="Condition")


@dataclass(frozen=True, slots=True)
@checked_methods
class Condition(Rule):
    """An event, a measure or a property, with what is said of it."""

    def _with(self: T, **parts: Any) -> T:
        return replace(self, tree=replace(self.tree, **parts))

    def during(self: T, window: ast.Window) -> T:
        """In this window: `in_last(..)`, `since(..)`, `last("month")`, `today`."""
        return self._with(window=window)

    def within(
        self: T, given: Length | None = None, *, days: int | None = None, hours: int | None = None,
        weeks: int | None = None, months: int | None = None, years: int | None = None, minutes: int | None = None,
        seconds: int | None = None,
    ) -> T:  # fmt: skip
        """`in 90d`: up to now; of `name("recently")`: `in recently`."""
        return self._with(window=within(given, days=days, hours=hours, weeks=weeks, months=months, years=years,
                                        minutes=minutes, seconds=seconds))  # fmt: skip

    def where(self: T, fits: Rule) -> T:
        """Only events of which this holds: `of("total").above(100)`, `any_item(..)`."""
        return self._with(where=fits.tree)

    def close_to(self: T, given: ast.Duration, property: Named, side: Literal["of", "before", "after"] = "of") -> T:
        """`within 7 days of signed up`."""
        return self._with(close_to=ast.CloseTo(given, side, named(property)))

    def with_the_same(self: T, *properties: Named) -> T:
        """`with the same brand`."""
        return self._with(with_the_same=tuple(map(named, properties)))

    def has(self: T, fits: Rule) -> T:
        """Of the first, the last, every or no such event: `did("last placed order").has(of("total").above(100))`."""
        return self._with(has=fits.tree)


@dataclass(frozen=True, slots=True)
@checked_methods
class Did(Condition):
    """An event: how often, when, and of which kind."""

    def _often(self, op: Op, count: Count, most: Count | None = None) -> Did:
        return self._with(quantity=quantity(op, count, most))

    def at_least(self, count: Count) -> Did:
        """`at least 3 times`."""
        return self._often(">=", count)

    def at_most(self, count: Count) -> Did:
        """`at most 3 times`."""
        return self._often("<=", count)

    def more_than(self, count: Count) -> Did:
        """`more than 3 times`."""
        return self._often(">", count)

    def fewer_than(self, count: Count) -> Did:
        """`fewer than 3 times`."""
        return self._often("<", count)

    def exactly(self, count: Count) -> Did:
        """`exactly 3 times`."""
        return self._often("=", count)

    def not_exactly(self, count: Count) -> Did:
        """`!= 3 times`."""
        return self._often("!=", count)

    def between_times(self, low: Count, high: Count) -> Did:
        """`between 2 and 5 times`."""
        return self._often("between", low, high)

    def never(self) -> Did:
        """`never placed order`."""
        return self.exactly(0)

    def in_periods(
        self, count: Count, of_the_last: int, period: ast.Duration, *, op: Op = ">=", most: Count | None = None
    ) -> Did:
        """`in at least 3 of the last 4 weeks`; `op="between", most=3`: `in between 2 and 3 of ..`."""
        often = quantity(op, count, most)
        return self._with(regularity=ast.Regularity(often, of_the_last, period.unit, period.count))

    def on_different(
        self, count: Count, unit: Literal["days", "weeks", "months"],
        *, op: Op = ">=", most: Count | None = None, in_a_row: bool = False,
    ) -> Did:  # fmt: skip
        """`on at least 2 different days`, `in at least 2 weeks in a row`; `op="="`: `on exactly 2 different days`."""
        return self._with(different=ast.Different(quantity(op, count, most), unit, in_a_row))

    def then(self, *steps: Did, all_within: Length | None = None) -> Steps:
        """`A then B then C all within 7d`."""
        return _steps((self.tree,), (), None).then(*steps, all_within=all_within)

    def followed_by(self, step: Did) -> Steps:
        """`A followed by B`."""
        return _steps((self.tree,), (), None).followed_by(step)

    def not_followed_by(self, step: Did) -> Steps:
        """`A not followed by B`."""
        return _steps((self.tree,), (), None).not_followed_by(step)

    def soon(self, given: Length) -> Did:
        """`within 3d`, of the step before it."""
        return self._with(within=given)

    def later(self, given: ast.Duration) -> Did:
        """`at least 3d later`, than the step before it."""
        return self._with(later=given)


@dataclass(frozen=True, slots=True)
@checked_methods
class Steps(Rule):
    """Events in their order, to which more can be said: `did("a").then(did("b")).not_followed_by(did("c"))`."""

    def then(self, *steps: Did, all_within: Length | None = None) -> Steps:
        """`.. then B then C all within 7d`. Raises TypeError for a second `all_within`."""
        return self._more("then", steps, all_within)

    def followed_by(self, step: Did) -> Steps:
        """`.. followed by B`."""
        return self._more("followed by", (step,), None)

    def not_followed_by(self, step: Did) -> Steps:
        """`.. not followed by B`."""
        return self._more("not followed by", (step,), None)

    def _more(self, word: ast.Follows, steps: tuple[Did, ...], within: Length | None) -> Steps:
        was: ast.Sequence = self.tree
        if within is not None and was.within is not None:
            raise TypeError("`all_within` is said once of all steps")
        words, every = (*was.words, *[word] * len(steps)), (*was.steps, *(step.tree for step in steps))
        return _steps(every, words, was.within if within is None else within)


def _steps(steps: tuple[ast.Subject, ...], words: tuple[ast.Follows, ...], within: Length | None) -> Steps:
    return Steps(ast.Sequence(words, steps, within))


@dataclass(frozen=True, slots=True)
@checked_methods
class Of(Condition):
    """A property or a measure: what it is compared with."""

    def _compared(self, comparison: ast.Comparison) -> Of:
        return self._with(comparison=comparison)

    def is_(self, right: Value) -> Of:
        """`is "NL"`, `= 3`."""
        return self._compared(ast.Compare("=", operand(right)))

    def is_not(self, right: Value) -> Of:
        """`is not "NL"`."""
        return self._compared(ast.Compare("!=", operand(right)))

    def above(self, right: Value) -> Of:
        """`> 100`."""
        return self._compared(ast.Compare(">", operand(right)))

    def below(self, right: Value) -> Of:
        """`< 100`."""
        return self._compared(ast.Compare("<", operand(right)))

    def at_least(self, right: Value) -> Of:
        """`>= 100`."""
        return self._compared(ast.Compare(">=", operand(right)))

    def at_most(self, right: Value) -> Of:
        """`<= 100`."""
        return self._compared(ast.Compare("<=", operand(right)))

    def between(self, low: Value, high: Value) -> Of:
        """`between 18 and 30`, both counted."""
        return self._compared(ast.Between(operand(low), operand(high)))

    def is_in(self, *values: Value, negated: bool = False) -> Of:
        """`in ("NL", "BE")`; with `negated` `not in ..`."""
        return self._compared(ast.In(tuple(map(operand, values)), negated))

    def is_in_set(self, set_: Named, *, negated: bool = False) -> Of:
        """`in EU`."""
        return self._compared(ast.InName(named(set_), negated))

    def _like(self, how: Any, pattern: str | ast.Name, negated: bool) -> Of:
        said = pattern if isinstance(pattern, ast.Name) else ast.Text(pattern)
        return self._compared(ast.Like(how, said, negated))

    def contains(self, text: str | ast.Name, *, negated: bool = False) -> Of:
        """`contains "x"`."""
        return self._like("contains", text, negated)

    def starts_with(self, text: str | ast.Name, *, negated: bool = False) -> Of:
        """`starts with "x"`."""
        return self._like("starts with", text, negated)

    def ends_with(self, text: str | ast.Name, *, negated: bool = False) -> Of:
        """`ends with "x"`."""
        return self._like("ends with", text, negated)

    def matches(self, pattern: str | ast.Name, *, regex: bool = False, negated: bool = False) -> Of:
        """`matches "x*"`, `matches regex "^x"`."""
        return self._like("matches regex" if regex else "matches", pattern, negated)

    def includes(self, *values: Value, how: Literal["any", "all"] = "any", negated: bool = False) -> Of:
        """`includes "vip"`, `include all of (..)`, of a list."""
        return self._compared(ast.Includes(how, tuple(map(operand, values)), negated))

    def include_like(
        self,
        how: Literal["any", "all"],
        like: Literal["contains", "starts with", "ends with", "matches", "matches regex"],
        pattern: str | ast.Name,
        *,
        negated: bool = False,
    ) -> Of:
        """`include any containing "x"`."""
        said = pattern if isinstance(pattern, ast.Name) else ast.Text(pattern)
        return self._compared(ast.IncludesLike(how, like, said, negated))

    def is_set(self, *, negated: bool = False) -> Of:
        """`is set`."""
        return self._compared(ast.Is("set", negated))

    def is_empty(self, *, negated: bool = False) -> Of:
        """`is empty`."""
        return self._compared(ast.Is("empty", negated))

    def __add__(self, other: Of) -> Of:
        return self._term("+", other)

    def __sub__(self, other: Of) -> Of:
        return self._term("-", other)

    def _term(self, sign: Literal["+", "-"], other: Of) -> Of:
        head = self.tree.head
        if isinstance(head, ast.Terms):
            return Of(ast.Subject(ast.Terms((*head.terms, other.tree), (*head.signs, sign))))
        return Of(ast.Subject(ast.Terms((self.tree, other.tree), (sign,))))


def operand(given: Value) -> Any:
    """What stands at the right of a comparison. Raises TypeError for what no rule can write."""
    if isinstance(given, Condition):
        return _scaled(given)
    operands = (ast.Name, ast.DatePart, ast.DaysFrom, ast.Their, ast.Scaled, ast.Population)
    return given if isinstance(given, operands) else literal(given)


def _scaled(other: Condition, factor: Decimal = Decimal(1)) -> Any:
    subject = other.tree
    if factor == 1 and subject == ast.Subject(subject.head) and isinstance(subject.head, ast.Name):
        return subject.head
    return ast.Scaled(factor, subject)


@checked
def times(factor: Exact, measure: Condition) -> ast.Scaled:
    """`0.5 x total spent in 90d`."""
    return ast.Scaled(exact("factor", factor), measure.tree)


@checked
def their(property: Named) -> ast.Their:
    """`their country`: the profile's own, beside that of its event."""
    return ast.Their(named(property))


@checked
def the(
    statistic: Literal["average", "median", "overall average"] | int, *, of: Condition | None = None,
    segment: ast.SegmentRef | None = None, within_each: Named | None = None, factor: Exact = 1,
) -> ast.Population:  # fmt: skip
    """`2 x the average of total spent of segment Buyers within each country`; a number is that percentile."""
    kind: Any = "percentile" if isinstance(statistic, int) else statistic
    place = statistic if isinstance(statistic, int) else None
    measure = None if of is None else of.tree
    each = None if within_each is None else named(within_each)
    return ast.Population(kind, place, exact("factor", factor), measure, segment, each)
