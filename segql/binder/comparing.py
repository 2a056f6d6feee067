"""MEASURE CMP VALUE and MEASURE CMP [factor x] MEASURE."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import TypeAlias

from .. import ast
from .. import conditions as c
from ..errors import SegQLError
from ..exact import shifted
from ..formatter import format as format_
from ..parser.checks import one_reading
from ..plain import dataclass
from ..source import Span
from .edge_values import at_edge
from .field_windows import whole_day
from .heads import Measured, MetricHead, resolve
from .measures import measure, metric_text
from .operands import their
from .populations import Whole, factor_, population
from .quantities import any_of_them, one_of_them, ranged
from .scope import Scope, Together, fail, instead
from .surroundings import Around, occurrences
from .terms import endless, in_window, window_of
from .values import NUMBERS, article, ascending, comparable, value_as


@dataclass(frozen=True, slots=True)
class Side:
    """A measure on the left or the right, as bound and as said."""

    measure: c.Measure
    type: c.Type
    said: ast.Subject
    factor: Decimal = Decimal(1)


Right: TypeAlias = ast.Literal_ | Side | Whole


def compared(scope: Scope, subject: ast.Subject) -> c.Tree[c.Condition]:
    """A measure with its comparison; a count against a whole number is a condition on how often."""
    given = subject.comparison
    if not isinstance(given, ast.Compare | ast.Between):
        fail("wrong-type", "A measure is one number, which takes a comparison such as `>`, `at most`, `between`.",
             given.span if given else subject.span, f"for example `{format_(bare(subject))} > 100`")  # fmt: skip
    more = isinstance(given, ast.Compare) and given.op in (">", ">=")
    if more and subject.window and (unit := one_of_them(subject.window)):
        any_of_them(subject.window, unit, subject.span)
    together = Together()
    left: Side | None = None
    with together:
        left = _side(scope, bare(subject))
    rights: list[Right] = []
    for end in (given.right,) if isinstance(given, ast.Compare) else (given.low, given.high):
        with together:
            if not isinstance(end, ast.Population):
                rights.append(_right(scope, end))
            elif left is not None:
                rights.append(population(scope, end, (left.measure, left.type, left.said)))
    together.done()
    assert left is not None
    for right in rights:
        with together:
            _fits(scope, left, right, subject)
    together.done()
    span = subject.span
    if isinstance(given, ast.Compare):
        found = _one(scope, left, "=" if given.op == "!=" else given.op, rights[0], span)
        found = c.Not(found, span) if given.op == "!=" else found
    else:
        low, high = rights
        if not isinstance(low, Side | Whole) and not isinstance(high, Side | Whole):
            ascending(_value(scope, left, low), _value(scope, left, high), given)
        found = _between(scope, left, low, high, span)
    _includes_never(scope, left, rights, subject)
    return found


def bare(subject: ast.Subject) -> ast.Subject:
    """The measure alone."""
    return replace(subject, comparison=None, comments=())


def _right(
    scope: Scope, right: ast.Literal_ | ast.Name | ast.DatePart | ast.DaysFrom | ast.Their | ast.Scaled
) -> Right:
    """A value, or a measure. Text cannot stand here, so that it can be a name in quotes."""
    match right:
        case ast.Scaled(factor=factor, of=of):
            if isinstance(of.head, ast.Name) and (value := scope.value(of.head)) is not None:
                product = (
                    f": `{format_(replace(value, value=value.value * factor))}`"
                    if isinstance(value, ast.Number | ast.Money)
                    else ""
                )
                fail(
                    "misplaced",
                    f"`{of.head.text}` is a value, and a factor multiplies a measure.",
                    right.span,
                    f"write the product{product}",
                )
            factor_(scope, factor, right.span)
            return _side(scope, of, factor)
        case ast.Text(value=text):
            name = ast.Name("", text, right.span)
            catalog = scope.catalog
            if (value := scope.value(name)) is not None:
                return value
            return (
                _side(scope, ast.Subject(name, span=right.span))
                if catalog.find_metric(text) or catalog.find_property(text)
                else right
            )
        case ast.Name():
            return scope.value(right) or _side(scope, ast.Subject(right, span=right.span))
        case ast.Their(property=name):
            field = their(scope, name)
            return Side(field, field.type, ast.Subject(name, span=right.span))
        case ast.DatePart() | ast.DaysFrom():
            return _side(scope, ast.Subject(right, span=right.span))
        case _:
            return right


def _side(scope: Scope, said: ast.Subject, factor: Decimal = Decimal(1)) -> Side:
    found, kind = measure(scope, said)
    return Side(found, kind, said, factor)


def _fits(scope: Scope, left: Side, right: Right, subject: ast.Subject) -> None:
    """Whether the two sides can be compared, and whether their windows are what they seem."""
    if isinstance(right, Whole):
        if not comparable(left.type, right.type):
            fail(
                "wrong-type",
                f"The left side is {article(left.type)}, the right side {article(right.type)}.",
                right.span,
            )
        return
    if not isinstance(right, Side):
        if not (left.type is c.Type.TIME and isinstance(right, ast.Date)):
            _value(scope, left, right)
        return
    if not comparable(left.type, right.type):
        fail(
            "wrong-type",
            f"The left side is {article(left.type)}, the right side {article(right.type)}.",
            right.said.span,
        )
    if right.factor != 1 and left.type not in NUMBERS:
        fail("wrong-type", f"A factor multiplies numbers, and this is {article(left.type)}.", right.said.span)
    window = window_of(right.said)
    if window is None or isinstance(window, ast.Ever) or window_of(subject) or not endless(left.measure):
        return
    comparison = subject.comparison
    assert isinstance(comparison, ast.Compare)
    both, bare_right = in_window(subject, window), ast.Scaled(right.factor, in_window(right.said, None))
    readings = {
        "as it is read now": in_window(subject, ast.Ever()),
        "for the left side": replace(both, comparison=replace(comparison, right=bare_right)),
        "for both": both,
    }
    scope.note(
        "warning",
        "window-on-one-side",
        "The window belongs to the right side; the left side counts over all time.",
        window.span,
        "say which:",
        *(instead(subject, replace(said, comments=()), what) for what, said in readings.items()),
    )


def _value(scope: Scope, left: Side, literal: ast.Literal_) -> c.Value:
    if isinstance(literal, ast.Percent) and isinstance(left.measure, c.Ratio):
        literal = ast.Number(shifted(literal.value, -2), literal.span)  # a ratio is a fraction: 10% is 0.1
    if isinstance(left.measure, c.Count):
        one_reading(literal)
    return value_as(scope, literal, left.type, ast.Subject(left.said.head))


def _one(scope: Scope, left: Side, op: c.Op, right: Right, span: Span) -> c.Tree[c.Condition]:
    found = left.measure
    if isinstance(right, Side):
        return c.MeasureComparison(found, op, right.measure, right.factor, span)
    if isinstance(right, Whole):
        return c.MeasureComparison(found, op, right.population, right.factor, span)
    ends = _ends(scope, left, op, right)
    value = ends[0][1]
    if isinstance(found, c.Count) and isinstance(value, Decimal) and value == value.to_integral_value() and value >= 0:
        return ranged(found.of, op, int(value), None, span)
    return _against(found, ends, span)


def _ends(scope: Scope, left: Side, op: c.Op, right: ast.Literal_) -> list[tuple[c.Op, c.Value]]:
    """What a value demands: of a time a whole day has two ends."""
    if left.type is c.Type.TIME and isinstance(right, ast.Date):
        day = whole_day(scope, op, right)
        both: tuple[tuple[c.Op, datetime | None], ...] = ((">=", day.start), ("<", day.end))
        return [(sign, at) for sign, at in both if at is not None]
    return [(op, _value(scope, left, right))]


def _against(found: c.Measure, ends: list[tuple[c.Op, c.Value]], span: Span) -> c.Tree[c.Condition]:
    """Of several events at one instant one has to fit all of it."""
    if isinstance(found, c.Aggregate) and found.kind in ("first", "last"):
        tests = tuple(c.FieldComparison(found.field, op, value, span) for op, value in ends)
        return at_edge(found.kind, found.of, tests[0] if len(tests) == 1 else c.All(tests, span), span)
    compared = tuple(c.MeasureComparison(found, op, value, span=span) for op, value in ends)
    return compared[0] if len(compared) == 1 else c.All(compared, span)


def _between(scope: Scope, left: Side, low: Right, high: Right, span: Span) -> c.Tree[c.Condition]:
    if not isinstance(low, Side | Whole) and not isinstance(high, Side | Whole):
        ends = [*_ends(scope, left, ">=", low), *_ends(scope, left, "<=", high)]
        match left.measure, [value for _, value in ends]:
            case c.Count(of=of), [Decimal() as least, Decimal() as most] if least % 1 == most % 1 == 0 and most >= 0:
                return ranged(of, "between", max(0, int(least)), int(most), span)
        return _against(left.measure, ends, span)
    return c.All((_one(scope, left, ">=", low, span), _one(scope, left, "<=", high, span)), span)


# --- small counts and sums --------------------------------------------------------------------------------------------


def _includes_never(scope: Scope, left: Side, rights: list[Right], subject: ast.Subject) -> None:
    """A count or a sum that is compared so that 0 fits, though 0 is not what it says: people without events are in."""
    found = left.measure
    counts = isinstance(found, c.Count)
    if scope.negated or not (counts or (isinstance(found, c.Aggregate) and found.kind in ("sum", "distinct"))):
        return
    values = [right.value for right in rights if isinstance(right, ast.Number | ast.Money)]
    # What a population has on average is more than nothing.
    values += [Decimal("Infinity") for right in rights if isinstance(right, Whole)]
    match subject.comparison, values:
        case ast.Compare(op="<" | "<=" | "!=" as op), [value]:
            if value <= (1 if op == "<" and counts else 0):
                return
        case ast.Between(), [low, high]:
            if low > 0 or high <= 0:
                return
        case _:
            return
    witness = _witness(scope, bare(subject))
    if witness is None:
        return
    said, of = witness
    both = ast.All((replace(subject, comments=()), said))
    assert subject.comparison is not None
    scope.includes_never(
        f"This includes people without a single `{format_(ast.Subject(said.head))}`.",
        subject.comparison.span,
        instead(subject, both),
        of,
    )


def _witness(scope: Scope, subject: ast.Subject) -> tuple[ast.Subject, c.Occurrences] | None:
    """That there is at least one of the events that a measure looks at, as said and bound."""
    head = resolve(scope, subject.head)
    if isinstance(head, MetricHead):
        text = metric_text(scope, head.name).top
        parts = tuple(where for where in (text.where, subject.where) if where is not None)
        where: c.Tree[ast.Predicate] | None = ast.All(parts) if len(parts) > 1 else parts[0] if parts else None
        return _witness(
            scope,
            replace(
                text, window=text.window or subject.window, where=where, close_to=text.close_to or subject.close_to
            ),
        )
    if not isinstance(head, Measured):
        return None
    said = ast.Subject(head.events.of, window=subject.window, where=subject.where, close_to=subject.close_to)
    try:
        return said, occurrences(scope, head.events, (Around(scope, said),))
    except SegQLError:  # its `where` selects items: an event beside them is what there has to be
        said = replace(said, where=None)
        return said, occurrences(scope, head.events, (Around(scope, said),))
