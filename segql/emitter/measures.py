"""Comparisons of measures: exact, as the fractions that they are, in decimals whose overflow is the engine's error."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Protocol, TypeAlias, assert_never

from sqlglot import exp

from .. import conditions as c
from ..catalog.model import Catalog, Property
from ..catalog.sql import copied
from ..exact import rounded
from ..plain import dataclass
from ..planner import Need, needs_of, summed
from . import nodes as n
from .documents import DIGITS
from .fields import against, numbers
from .millionths import millionths
from .rows import Rows
from .target import Target
from .values import DEGREES, Stored, kept_as, value

_FLIP: dict[str, str] = {"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_SMALL = 10**6
_WIDE = "wide"
"""The mark of a whole number of 128 bits, or of a decimal, which is multiplied as it is."""
_DECIMALS = 18
"""Of a literal that is multiplied."""
_LARGEST = Decimal(10) ** 22
"""No fraction of sums (below 10^15) and of bottoms (from 10^-4 on) is larger."""


class Read(Protocol):
    """The columns of the passes."""

    def need(self, need: Need) -> exp.Expr:
        """The column of a need."""

    def net(self, of: c.Terms) -> tuple[exp.Expr, exp.Expr]:
        """Two columns about a sum over several streams: it, and the key of who has a row in one of them."""

    @property
    def profile(self) -> Rows:
        """The profiles' own rows."""


Number: TypeAlias = exp.Expr | Decimal


@dataclass(frozen=True, slots=True)
class Fraction:
    """top / bottom, NULL where it is missing, and what must hold for it to be there. `signed`: may be below zero."""

    top: Number
    bottom: Number = Decimal(1)
    signed: bool = False
    guards: tuple[Callable[[], exp.Expr], ...] = ()
    scales: tuple[int, int] = (0, 0)
    """The decimals of what stands in top and bottom, numbers of the rule aside."""


def compares(condition: c.MeasureComparison, read: Read) -> exp.Expr:
    """`left OP factor x right`; NULL or false where it does not hold."""
    left, op, right = condition.left, condition.op, condition.right
    match right:
        case Decimal():
            return _against_number(left, op, right * condition.factor, read)
        case bool() | str() | date():
            field = left if isinstance(left, c.Field) else getattr(left, "field", None)
            assert isinstance(field, c.Field), "only properties have values other than numbers"
            return against(Stored(plain(left, read), field.type), op, right, read.profile.target.zone)
    assert not isinstance(right, c.Population), "populations.py compares with these"
    as_it_is = condition.factor == 1 and _of_one_value(left) and _of_one_value(right)
    whole = read.profile.target.dialect.whole_products
    if _type(left) in (c.Type.DATE, c.Type.TIME, c.Type.TEXT) or (as_it_is and not whole):
        return n.compare(plain(left, read), op, plain(right, read))
    one, two = fraction(left, read), fraction(right, read)
    return cross(one, op, two, condition.factor, whole=whole)


def _type(measure: c.Measure) -> c.Type | None:
    match measure:
        case c.Field(type=type_) | c.Aggregate(kind="min" | "max" | "first" | "last", field=c.Field(type=type_)):
            return type_
        case _:
            return None


def _of_one_value(measure: c.Measure) -> bool:
    """Whether it is the value of a property, or one of several, so that nothing is zero."""
    return isinstance(measure, c.Field) or (
        isinstance(measure, c.Aggregate) and measure.kind in ("min", "max", "median", "first", "last")
    )


def plain(measure: c.Measure, read: Read) -> exp.Expr:
    """The value of a measure that one column holds; NULL where missing."""
    if isinstance(measure, c.Field):
        return value(measure, {"profile": read.profile}) or exp.Null()
    if isinstance(measure, c.Terms):
        return read.net(measure)[0]
    return read.need(needs_of(measure)[0])


def counting(measure: c.Measure) -> bool:
    """Whether nothing is zero."""
    if isinstance(measure, c.Terms):
        return all(map(counting, measure.parts))
    return isinstance(measure, c.Count) or (isinstance(measure, c.Aggregate) and measure.kind in ("sum", "distinct"))


# --- against a number ------------------------------------------------------------------------------------------------


def _against_number(left: c.Measure, op: c.Op, right: Decimal, read: Read) -> exp.Expr:
    whole = read.profile.target.dialect.whole_products
    match left:
        case c.Aggregate(kind="average"):
            total, count = (read.need(need) for need in needs_of(left))
            scale = scale_of(replace(left, kind="sum"), read.profile.target.catalog)
            return _average(Fraction(total, count, scales=(scale, 0)), op, right, whole)
        case c.DaysBetween():
            days, pairs = map(read.need, needs_of(left))
            return _average(Fraction(days, pairs), op, right, whole)
        case c.Ratio():
            ratio = fraction(left, read)
            if abs(right) > _LARGEST and _beyond(op, right):
                return n.both([n.is_set(node_of(ratio.top)), *guards_of(ratio)])
            if abs(right) > _LARGEST or (op == "=" and _bound(op, right) != right):
                return n.false()
            return cross(ratio, op, Fraction(Decimal(1)), _bound(op, right), whole=whole)
        case c.Terms() if not summed(left):
            added = fraction(left, read)
            assert isinstance(added.bottom, Decimal), "terms have units"
            return numbers(node_of(added.top), op, right * added.bottom, added.scales[0])
        case c.Count() | c.Aggregate() | c.Field() | c.DaysSince() | c.Terms():
            node = plain(left, read)
            # Of somebody without any the pass has no row: zero, which matters only where zero would do.
            if counting(left) and _zero_fits(op, right):
                node = n.coalesce(node, n.number(0))
            return numbers(node, op, right, scale_of(left, read.profile.target.catalog))
        case _:
            assert_never(left)


def _zero_fits(op: c.Op, right: Decimal) -> bool:
    return {"=": right == 0, "<": right > 0, "<=": right >= 0, ">": right < 0, ">=": right <= 0}[op]


def _average(average: Fraction, op: c.Op, right: Decimal, whole: bool) -> exp.Expr:
    """`total / count OP right`; the total is NULL where the count is zero."""
    if abs(right) > _LARGEST:
        return n.is_set(node_of(average.top)) if _beyond(op, right) else n.false()
    if op == "=" and _bound(op, right) != right:
        return n.false()
    left, right_ = _sides(average, Fraction(Decimal(1)), _bound(op, right), whole)
    return n.compare(node_of(left), op, node_of(right_))


def _beyond(op: c.Op, right: Decimal) -> bool:
    """Whether every value stands so to a number larger than all of them (or below all of them)."""
    return op in (("<", "<=") if right > 0 else (">", ">="))


def _bound(op: c.Op, right: Decimal) -> Decimal:
    """The number with as many decimals as can be multiplied; further ones part no two values."""
    return rounded(right, _DECIMALS, ROUND_FLOOR if op in ("<=", ">") else ROUND_CEILING)


def scale_of(measure: c.Measure, catalog: Catalog) -> int:
    """The decimals of a measure's values."""
    match measure:
        case c.Aggregate(kind="sum" | "min" | "max" | "median" | "first" | "last", field=field, of=of):
            events = of.events
        case c.Field() as field:
            events = ()
        case c.Terms():
            return max(scale_of(part, catalog) for part in measure.parts)
        case _:
            return 0
    if field.part is not None:
        return DEGREES if field.part in ("latitude", "longitude") else 0
    return max((one.scale for one in declared(field, events, catalog)), default=0)


def _wide(node: exp.Expr, measure: c.Measure, target: Target) -> exp.Expr:
    """The value with all digits that an engine has, for arithmetic: that of a column that was not cast has its own."""
    if not _of_one_value(measure):
        return node
    field = measure if isinstance(measure, c.Field) else measure.field  # type: ignore[union-attr]
    events = () if isinstance(measure, c.Field) else measure.of.events  # type: ignore[union-attr]
    some = field.part is None and any(
        kept_as(one, target) == "decimal" for one in declared(field, events, target.catalog)
    )
    return n.cast(node, n.decimal(DIGITS, scale_of(measure, target.catalog))) if some else node


def declared(field: c.Field, events: Sequence[str], catalog: Catalog) -> list[Property]:
    """What the catalog says of a property, for each event that has it."""
    match field.scope:
        case "profile":
            owners = [catalog.profiles.properties]
        case "event":
            owners = [catalog.events[event].properties for event in events]
        case "item":
            owners = [found.properties for event in events if (found := catalog.events[event].items) is not None]
        case _:
            assert_never(field.scope)
    return [owner[field.name] for owner in owners if field.name in owner]


# --- as fractions ----------------------------------------------------------------------------------------------------


def fraction(measure: c.Measure, read: Read) -> Fraction:
    """A measure as top and bottom, so that no division rounds before it is compared."""
    dialect = read.profile.target.dialect
    match measure:
        case c.Ratio(top=top, bottom=bottom):
            above, below = fraction(top, read), fraction(bottom, read)
            guards = (*above.guards, *below.guards, *_there(above), *_there(below))
            signed = above.signed or bool(_signed(bottom)) or below.signed
            scales = (above.scales[0] + below.scales[1], above.scales[1] + below.scales[0])
            return Fraction(times(above.top, below.bottom), times(above.bottom, below.top), signed, guards, scales)
        case c.Aggregate(kind="average"):
            total, count = (read.need(need) for need in needs_of(measure))
            scale = scale_of(replace(measure, kind="sum"), read.profile.target.catalog)
            return Fraction(millionths(total, count, scale, dialect, counted=True), Decimal(10**6))
        case c.DaysBetween():
            days, pairs = map(read.need, needs_of(measure))
            return Fraction(millionths(days, pairs, 0, dialect, counted=True), Decimal(10**6))
        case c.Terms() if not summed(measure):
            return _added(measure, read)
        case _:
            node = _wide(plain(measure, read), measure, read.profile.target)
            scales = (scale_of(measure, read.profile.target.catalog), 0)
            return Fraction(n.coalesce(node, n.number(0)) if counting(measure) else node, scales=scales)


def floored(ratio: c.Ratio, read: Read) -> exp.Expr:
    """A ratio in whole millionths; NULL where it is missing, but for what its guards say."""
    found = fraction(ratio, read)
    (scale, bottom_scale), dialect = found.scales, read.profile.target.dialect
    top, bottom = node_of(found.top), node_of(found.bottom)
    counted = isinstance(ratio.bottom, c.Count)
    return millionths(top, bottom, scale, dialect, bottom_scale, may_be_negative=found.signed, counted=counted)


def _added(of: c.Terms, read: Read) -> Fraction:
    """The sum in units that all terms have: millionths where one is a fraction; where need be, whole ones."""
    target, whole = read.profile.target, read.profile.target.dialect.whole_products
    units, left = units_of(of, target)
    top: exp.Expr | None = None
    for place, part in enumerate(of.parts):
        node = node_of(fraction(part, read).top)
        if isinstance(part, c.Ratio):
            node, guards = floored(part, read), fraction(part, read).guards
            node = n.case(n.both(guard() for guard in guards), node) if guards else node
        by = units // units_of(part, target)[0]
        if whole:
            scaled = n.binary(exp.Mul, node, n.number(by)) if by > 1 else node
            scale = scale_of(part, target.catalog)
            node = n.of_decimals(n.cast(scaled, n.decimal(DIGITS, 0)), scale)
        elif by > 1:
            node = n.binary(exp.Mul, node, n.number(by))
        if top is None:
            top = node if of.plus else exp.Neg(this=n.operand(node))
        else:
            top = n.binary(exp.Add if place < len(of.plus) else exp.Sub, top, node)
    assert top is not None
    return Fraction(top, Decimal(units), scales=(left, 0))


def units_of(measure: c.Measure, target: Target) -> tuple[int, int]:
    """How many units of a profile's value beside others are 1, and the decimals of a number of such units.

    Of a sum they are such that all terms have them; where products must be whole, it has no decimals.
    """
    scale = scale_of(measure, target.catalog)
    match measure:
        case c.Ratio() | c.Aggregate(kind="average") | c.DaysBetween():
            return 10**6, 0
        case c.Terms() if not summed(measure):
            digits = max(len(str(units_of(part, target)[0])) - 1 for part in measure.parts)
            digits = max(digits, scale) if target.dialect.whole_products else digits
            return 10**digits, max(0, scale - digits)
        case _:
            return 1, scale


def _signed(measure: c.Measure) -> bool:
    """Whether a value may be below zero."""
    return not (isinstance(measure, c.Count) or (isinstance(measure, c.Aggregate) and measure.kind == "distinct"))


def _there(fraction: Fraction) -> tuple[Callable[[], exp.Expr], ...]:
    """The fraction's bottom is not zero."""
    bottom = fraction.bottom
    if isinstance(bottom, Decimal):
        return ()
    return (lambda: exp.NEQ(this=n.operand(bottom.copy()), expression=n.number(0)),)


def guards_of(fraction: Fraction) -> list[exp.Expr]:
    """What must hold for the fraction to be there."""
    return [guard() for guard in (*fraction.guards, *_there(fraction))]


def cross(one: Fraction, op: c.Op, two: Fraction, factor: Decimal, *, whole: bool) -> exp.Expr:
    """`one OP factor x two`, multiplied with the bottoms; a bottom below zero turns the comparison round."""
    left, right = _sides(one, two, factor, whole)
    guards = [*guards_of(one), *guards_of(two)]
    straight = n.compare(node_of(left), op, node_of(right))
    below = [
        n.compare(bottom.copy(), "<", n.number(0))
        for fraction in (one, two)
        if fraction.signed and not isinstance(bottom := fraction.bottom, Decimal)
    ]
    if not below or op == "=":
        return n.both([*guards, straight])
    turned = n.compare(node_of(left), _FLIP[op], node_of(right))
    if len(below) == 1:
        odd = below[0]
    else:
        odd = exp.NEQ(this=exp.Paren(this=below[0]), expression=exp.Paren(this=below[1]))
    return n.both([*guards, exp.Case(ifs=[exp.If(this=odd, true=turned)], default=straight)])


def _sides(one: Fraction, two: Fraction, factor: Decimal, whole: bool) -> tuple[Number, Number]:
    """What to compare of `one OP factor x two`. `whole`: in whole numbers."""
    if isinstance(two.top, Decimal) and two.bottom == 1 and not two.top * factor:
        return one.top, Decimal(0)  # zero times a bottom would be of another type on some engines
    if not whole:
        return times(one.top, two.bottom), times(times(two.top, factor), one.bottom)
    numerator, denominator = (Decimal(part) for part in factor.as_integer_ratio())
    (top, bottom), (other_top, other_bottom) = one.scales, two.scales
    shift = (top + other_bottom) - (other_top + bottom)
    left = times(_whole(one.top, top), _whole(two.bottom, other_bottom))
    right = times(_whole(two.top, other_top), _whole(one.bottom, bottom))
    left = times(left, denominator * 10 ** max(0, -shift))
    return left, times(right, numerator * 10 ** max(0, shift))


def _whole(number: Number, scale: int) -> Number:
    """The number in units of its last decimal."""
    if isinstance(number, Decimal):
        return number
    units = n.binary(exp.Mul, number.copy(), n.number(10**scale)) if scale else number.copy()
    return n.of_decimals(n.cast(units, n.decimal(DIGITS, 0)), scale)


def times(one: Number, two: Number) -> Number:
    """The product, in decimals, which overflow later than an engine's whole numbers."""
    if isinstance(one, Decimal) and isinstance(two, Decimal):
        return one * two
    if one == 1 or two == 1:
        return two if one == 1 else one
    if isinstance(two, Decimal):
        one, two = two, one
    left, right = (side if isinstance(side, Decimal) else copied(side) for side in (one, two))
    # Whole numbers must not be multiplied as such: they overflow sooner than decimals.
    wide = not any(_WIDE in side.meta if isinstance(side, exp.Expr) else abs(side) <= _SMALL for side in (left, right))
    return n.binary(exp.Mul, *(_factor(side, wide) for side in (left, right)))


def of_width(value: exp.Expr) -> exp.Expr:
    """The value, with a mark that it is a decimal or has 128 bits."""
    value.meta[_WIDE] = True
    return value


def _factor(side: Number, wide: bool) -> exp.Expr:
    if isinstance(side, Decimal):
        return n.number(side)
    whole = isinstance(side, exp.Column | exp.Coalesce) and wide
    return exp.Mul(this=side, expression=exp.Literal.number("1.0")) if whole else side


def node_of(number: Number) -> exp.Expr:
    """A node of its own for each place where the number is used."""
    return n.number(number) if isinstance(number, Decimal) else copied(number)
