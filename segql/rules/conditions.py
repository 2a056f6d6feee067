"""Rules, and the conditions of one head with its parts: an event, a measure, a property."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any, Literal, TypeAlias, TypeVar, Union

from .. import ast, formatter
from ..arguments import Parameter, literal
from ..errors import wrong_type
from ..plain import dataclass
from .values import Exact, Named, length, named
from .windows import Length

Value: TypeAlias = Union[Parameter, ast.Operand, "Condition"]
"""What something is compared with: a Python value, where a text is a text; `name(..)`, `money(..)`, a measure."""
T = TypeVar("T", bound="Condition")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule, as the tree of its text."""

    tree: Any

    def __segql__(self) -> ast.Rule:
        """The tree, for whoever takes rules."""
        found: ast.Rule = self.tree
        return found

    def __and__(self, other: Rule) -> Rule:
        return Rule(ast.All((*_parts(self, ast.All), *_parts(other, ast.All))))

    def __or__(self, other: Rule) -> Rule:
        return Rule(ast.AnyOf((*_parts(self, ast.AnyOf), *_parts(other, ast.AnyOf))))

    def __invert__(self) -> Rule:
        return Rule(ast.Not(self.tree))

    def __bool__(self) -> bool:
        raise TypeError("a rule is neither true nor false here: join rules by `&`, `|`, `~`")

    def __str__(self) -> str:
        return formatter.format(self.tree)


def _parts(rule: Rule, kind: type) -> tuple[Any, ...]:
    if not isinstance(rule, Rule):
        raise wrong_type("rule", "a rule that was built: did(..), of(..), can_receive(..)", rule)
    parts: tuple[Any, ...] = getattr(rule.tree, "parts", ()) if type(rule.tree) is kind else ()
    return parts or (rule.tree,)


@dataclass(frozen=True, slots=True)
class Condition(Rule):
    """An event, a measure or a property, with what is said of it."""

    def _with(self: T, **parts: Any) -> T:
        return replace(self, tree=replace(self.tree, **parts))

    def during(self: T, window: ast.Window) -> T:
        """In this window: `in_last(..)`, `since(..)`, `last("month")`, `today`."""
        return self._with(window=window)

    def within(
        self: T, *, days: int | None = None, hours: int | None = None, weeks: int | None = None,
        months: int | None = None, years: int | None = None, minutes: int | None = None, seconds: int | None = None,
    ) -> T:  # fmt: skip
        """`in 90d`: up to now."""
        said = length(days=days, hours=hours, weeks=weeks, months=months, years=years, minutes=minutes, seconds=seconds)
        return self._with(window=ast.InLast(said))

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
class Did(Condition):
    """An event: how often, when, and of which kind."""

    def _often(self, op: Any, count: int | ast.Name, most: int | ast.Name | None = None) -> Did:
        def number(given: int | ast.Name) -> ast.Number | ast.Name:
            return given if isinstance(given, ast.Name) else ast.Number(Decimal(given))

        return self._with(quantity=ast.Quantity(op, number(count), None if most is None else number(most)))

    def at_least(self, count: int | ast.Name) -> Did:
        """`at least 3 times`."""
        return self._often(">=", count)

    def at_most(self, count: int | ast.Name) -> Did:
        """`at most 3 times`."""
        return self._often("<=", count)

    def more_than(self, count: int | ast.Name) -> Did:
        """`more than 3 times`."""
        return self._often(">", count)

    def fewer_than(self, count: int | ast.Name) -> Did:
        """`fewer than 3 times`."""
        return self._often("<", count)

    def exactly(self, count: int | ast.Name) -> Did:
        """`exactly 3 times`."""
        return self._often("=", count)

    def not_exactly(self, count: int | ast.Name) -> Did:
        """`!= 3 times`."""
        return self._often("!=", count)

    def between_times(self, low: int | ast.Name, high: int | ast.Name) -> Did:
        """`between 2 and 5 times`."""
        return self._often("between", low, high)

    def never(self) -> Did:
        """`never placed order`."""
        return self.exactly(0)

    def in_periods(self, at_least: int, of_the_last: int, period: ast.Duration) -> Did:
        """`in at least 3 of the last 4 weeks`."""
        often = ast.Quantity(">=", ast.Number(Decimal(at_least)))
        return self._with(regularity=ast.Regularity(often, of_the_last, period.unit, period.count))

    def on_different(self, at_least: int, unit: Literal["days", "weeks", "months"], *, in_a_row: bool = False) -> Did:
        """`on at least 2 different days`, `in at least 2 weeks in a row`."""
        often = ast.Quantity(">=", ast.Number(Decimal(at_least)))
        return self._with(different=ast.Different(often, unit, in_a_row))

    def then(self, *steps: Did, all_within: Length | None = None) -> Rule:
        """`A then B then C all within 7d`."""
        return self._sequence("then", steps, all_within)

    def followed_by(self, step: Did) -> Rule:
        """`A followed by B`."""
        return self._sequence("followed by", (step,), None)

    def not_followed_by(self, step: Did) -> Rule:
        """`A not followed by B`."""
        return self._sequence("not followed by", (step,), None)

    def soon(self, given: Length) -> Did:
        """`within 3d`, of the step before it."""
        return self._with(within=given)

    def later(self, given: ast.Duration) -> Did:
        """`at least 3d later`, than the step before it."""
        return self._with(later=given)

    def _sequence(self, word: ast.Follows, steps: tuple[Did, ...], within: Length | None) -> Rule:
        return Rule(ast.Sequence((word,) * len(steps), (self.tree, *(step.tree for step in steps)), within))


@dataclass(frozen=True, slots=True)
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


def times(factor: Exact, measure: Condition) -> ast.Scaled:
    """`0.5 x total spent in 90d`."""
    return ast.Scaled(Decimal(str(factor)), measure.tree)


def their(property: Named) -> ast.Their:
    """`their country`: the profile's own, beside that of its event."""
    return ast.Their(named(property))


def the(
    statistic: Literal["average", "median", "overall average"] | int, *, of: Condition | None = None,
    segment: ast.SegmentRef | None = None, within_each: Named | None = None, factor: Exact = 1,
) -> ast.Population:  # fmt: skip
    """`2 x the average of total spent of segment Buyers within each country`; a number is that percentile."""
    kind: Any = "percentile" if isinstance(statistic, int) else statistic
    place = statistic if isinstance(statistic, int) else None
    measure = None if of is None else of.tree
    each = None if within_each is None else named(within_each)
    return ast.Population(kind, place, Decimal(str(factor)), measure, segment, each)
