"""Properties of profiles, events and items as SQL values, and conditions on them.

A condition may be NULL where it does not hold; `boolean` makes a tree of them two-valued.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TypeAlias, TypeVar, assert_never

from sqlglot import exp

from ..ast import All, AnyOf, Not, Tree
from ..calendar import midnight, zone_of
from ..catalog.model import Entry, Property
from ..conditions import (
    AnyItem,
    Days,
    Field,
    FieldComparison,
    FieldCondition,
    FieldEmpty,
    FieldIn,
    FieldIncludes,
    FieldLike,
    FieldSet,
    FieldWithin,
    Interval,
    Predicate,
    Scope,
    Type,
    Value,
)
from ..folding import fold, variants
from . import nodes as n
from .sources import Rows, items
from .times import EXACT, Clock, days_between, in_stretches, instant, resolve, wall, within, within_days

Sight: TypeAlias = Mapping[Scope, Rows]
"""The rows that a condition is about, by scope."""

L = TypeVar("L")

NUMBER = "number_of_event"
PREVIOUS = "previous_time"
"""Columns that rows have when their stream was numbered (`streams.numbered`)."""

DIGITS = 38
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MICROSECOND = timedelta(microseconds=1)
_DAY = timedelta(days=1)


def boolean(tree: Tree[L], leaf: Callable[[L], exp.Expr], negated: bool = False) -> exp.Expr:
    """The tree as SQL that is true where the tree holds, and NULL or false where it does not.

    Negation goes down to the leaves: AND and OR never turn a NULL into true, so only a negated leaf needs to be
    two-valued.
    """
    match tree:
        case All(parts) | AnyOf(parts):
            joined = n.both if isinstance(tree, All) is not negated else n.either
            return joined([boolean(part, leaf, negated) for part in parts])
        case Not(part):
            return boolean(part, leaf, not negated)
        case _:
            condition = leaf(tree)
            return n.opposite(condition) if negated else condition


def fits(predicate: Tree[Predicate], sight: Sight) -> exp.Expr:
    """The tree of predicates, true exactly where it holds."""
    return boolean(predicate, lambda one: _fits(one, sight))


def _fits(predicate: Predicate, sight: Sight) -> exp.Expr:
    if isinstance(predicate, AnyItem):
        event = sight["event"]
        if event.event is None or event.event.items is None:
            return n.false()
        rows, of_event = items(event)
        return rows.exists([of_event], [fits(predicate.where, {"item": rows})])
    return holds(predicate, sight)


# --- values ----------------------------------------------------------------------------------------------------------


def value(field: Field, sight: Sight) -> exp.Expr | None:
    """The property in one form for its type: a DECIMAL of its scale, a DATE, a timestamp with zone, text, a list.

    None when the source has no such property: it is missing in every row.
    """
    raw = stored(field, sight)
    if raw is None:
        return None
    node, clock, _ = raw
    if field.type is Type.TIME:
        return instant(node, clock, sight[field.scope].target.dialect)
    return n.cast(node, "DATE") if field.type is Type.DATE else node


def stored(field: Field, sight: Sight) -> tuple[exp.Expr, Clock, int] | None:
    """The property as it is stored (numbers: already as a DECIMAL), its clock, its scale."""
    rows = sight[field.scope]
    declared = rows.properties.get(field.name)
    if declared is None:
        built_in = _built_in(field.name, rows) if field.scope == "event" else None
        return None if built_in is None else (built_in, EXACT, 0)
    node = _raw(field.name, declared, rows)
    match field.type:
        case Type.NUMBER | Type.MONEY:
            node = n.try_cast(node, f"DECIMAL({DIGITS}, {declared.scale})")
        case Type.NUMBERS:
            node = n.try_cast(node, f"DECIMAL({DIGITS}, {declared.scale})[]")
        case Type.TEXTS if declared.json_ is not None:
            node = n.try_cast(node, "TEXT[]")
        case Type.BOOLEAN if declared.json_ is not None:
            node = n.try_cast(node, "BOOLEAN")
        case Type.DATE if declared.json_ is not None:
            node = n.try_cast(node, "DATE")
        case Type.TIME if declared.json_ is not None:
            node = n.try_cast(node, "TIMESTAMPTZ" if declared.zone is None else "TIMESTAMP")
        case _:
            pass
    return node, Clock("timestamp", declared.zone), declared.scale


def _raw(name: str, declared: Property, rows: Rows) -> exp.Expr:
    if name in rows.exported:
        return n.column(rows.alias, rows.exported[name])
    if declared.sql is not None:
        return rows.expression(declared.sql)
    if declared.json_ is not None:
        column, *path = declared.json_.split(".")
        if column in rows.joins and len(path) > 1:
            column, path = f"{column}.{path[0]}", path[1:]
        keys = [exp.JSONPathRoot(), *(exp.JSONPathKey(this=key) for key in path)]
        kind = exp.JSONExtract if declared.type.startswith("list") else exp.JSONExtractScalar
        return kind(this=rows.column(column), expression=exp.JSONPath(expressions=keys))
    if declared.entry is not None:
        return _entry(declared.entry, rows)
    return rows.column(declared.column or name)


def _entry(entry: Entry, rows: Rows) -> exp.Expr:
    """The value of the first entry with the key."""
    array = rows.column(entry.array)

    def part(path: str, of: exp.Expr) -> exp.Expr:
        for name in path.split("."):
            of = exp.Dot(this=of, expression=n.identifier(name))
        return of

    is_it = n.compare(part(entry.key, n.identifier("entry")), "=", n.text(entry.key_is))
    if rows.target.dialect.lambdas:
        found = n.call("LIST_FILTER", array, exp.Lambda(this=is_it, expressions=[n.identifier("entry")]))
        return part(entry.value, n.call("LIST_EXTRACT", found, exp.Literal.number(1)))
    unnested = exp.Unnest(
        expressions=[array], alias=exp.TableAlias(this=n.identifier("entries"), columns=[n.identifier("entry")])
    )
    query = n.select([part(entry.value, n.identifier("entry"))], unnested, where=is_it)
    query.set("limit", exp.Limit(expression=exp.Literal.number(1)))
    return exp.Subquery(this=query)


def _built_in(name: str, rows: Rows) -> exp.Expr | None:
    if rows.time is None:
        return None
    target = rows.target

    def part(unit: str) -> exp.Expr:
        assert rows.time is not None
        return exp.Extract(
            this=exp.Var(this=unit), expression=wall(rows.time.copy(), rows.clock, target.zone, target.dialect)
        )

    match name:
        case "number":
            return n.column(rows.alias, NUMBER)
        case "days since previous":
            return days_between(n.column(rows.alias, PREVIOUS), rows.instant(), target.zone, target.dialect)
        case "hour" | "day" | "month":
            return part(name.upper())
        case "weekday":
            weekday = exp.DayOfWeekIso(this=wall(rows.time.copy(), rows.clock, target.zone, target.dialect))
            return exp.Case(
                this=weekday,
                ifs=[exp.If(this=n.number(i), true=n.text(day)) for i, day in enumerate(_WEEKDAYS, 1)],
            )
        case _:
            return None


# --- conditions ------------------------------------------------------------------------------------------------------


def holds(condition: FieldCondition, sight: Sight) -> exp.Expr:
    """The condition; NULL or false where it does not hold."""
    field = condition.field
    if field.type is Type.POSITION:
        return _position(condition, sight)
    found = stored(field, sight)
    if found is None:
        return n.true() if isinstance(condition, FieldEmpty) else n.false()
    node, clock, scale = found
    match condition:
        case FieldComparison(op=op, right=Field() as other):
            return _between_fields(field, op, other, sight)
        case FieldComparison(op=op, right=right):
            assert not isinstance(right, Field)
            return against(node, field.type, clock, scale, op, right, sight[field.scope].target.zone)
        case FieldIn(values=values):
            return _one_of(node, field.type, clock, scale, values, sight[field.scope].target.zone)
        case FieldLike(how=how, pattern=pattern):
            return _like(node, how, pattern, sight[field.scope].target.dialect.like_escape)
        case FieldIncludes(how=how, values=values):
            return (n.either if how == "any" else n.both)([_includes(node.copy(), one, scale) for one in values])
        case FieldSet():
            return n.is_set(node)
        case FieldEmpty():
            return _empty(node, field.type, sight[field.scope].target.dialect.list_count)
        case FieldWithin(window=Interval() as window):
            return within(node, clock, window)
        case FieldWithin(window=window):
            assert isinstance(window, Days)
            return within_days(node, window)
        case _:
            assert_never(condition)


def against(
    node: exp.Expr, type_: Type, clock: Clock, scale: int, op: str, right: Value, zone: str
) -> exp.Expr:
    """A stored value against a value of the rule."""
    match right:
        case bool():
            return n.compare(node, op, exp.Boolean(this=right))
        case str():
            weekday = _weekday(node, right)
            return n.compare(node, op, n.text(right)) if weekday is None else weekday
        case Decimal():
            return numbers(node, op, right, scale)
        case datetime():
            return within(node, clock, _interval(op, right))
        case date():
            if type_ is Type.TIME:
                return within(node, clock, _interval(op, midnight(right, zone_of(zone))))
            return within_days(node, _days(op, right))
        case _:
            assert_never(right)


def _weekday(node: exp.Expr, name: str) -> exp.Expr | None:
    """The weekday as its number, which every engine has in the same way."""
    if not isinstance(node, exp.Case) or not isinstance(node.this, exp.DayOfWeekIso):
        return None
    return n.compare(node.this, "=", n.number(_WEEKDAYS.index(name) + 1)) if name in _WEEKDAYS else n.false()


def _interval(op: str, at: datetime) -> Interval:
    after = at + _MICROSECOND
    match op:
        case "=":
            return Interval(at, after)
        case "<":
            return Interval(None, at)
        case "<=":
            return Interval(None, after)
        case ">":
            return Interval(after, None)
        case _:
            return Interval(at, None)


def _days(op: str, at: date) -> Days:
    """Half-open, so that the column may hold times of the day as well."""
    try:
        after: date | None = at + _DAY
    except OverflowError:
        after = None
    match op:
        case "=":
            return Days(at, after)
        case "<":
            return Days(None, at)
        case "<=":
            return Days(None, after)
        case ">":
            return Days(after or at, None)
        case _:
            return Days(at, None)


def numbers(node: exp.Expr, op: str, right: Decimal, scale: int) -> exp.Expr:
    """A number of so many decimals against a literal: exact, whatever the literal's size and decimals."""
    if abs(right) >= Decimal(10) ** (DIGITS - scale - 1):
        always = (right > 0) == (op in ("<", "<="))
        return n.is_set(node) if always and op != "=" else n.false()
    unit = Decimal(1).scaleb(-scale)
    if right == right.quantize(unit, ROUND_FLOOR):
        return n.compare(node, op, n.number(right))
    match op:
        case "=":
            return n.false()
        case "<" | "<=":
            return n.compare(node, "<=", n.number(right.quantize(unit, ROUND_FLOOR)))
        case _:
            return n.compare(node, ">=", n.number(right.quantize(unit, ROUND_CEILING)))


def _between_fields(field: Field, op: str, other: Field, sight: Sight) -> exp.Expr:
    left, right = value(field, sight), value(other, sight)
    if left is None or right is None:
        return n.false()
    if {field.type, other.type} == {Type.DATE, Type.TIME}:
        target = sight[field.scope].target
        if field.type is Type.DATE:
            left = resolve(n.cast(left, "TIMESTAMP"), target.zone, target.dialect)
        else:
            right = resolve(n.cast(right, "TIMESTAMP"), target.zone, target.dialect)
    return n.compare(left, op, right)


def _one_of(
    node: exp.Expr, type_: Type, clock: Clock, scale: int, values: Sequence[Value], zone: str
) -> exp.Expr:
    plain = (type_ is Type.TEXT and not isinstance(node, exp.Case)) or type_ in (Type.NUMBER, Type.MONEY)
    if not plain:
        return n.either([against(node.copy(), type_, clock, scale, "=", one, zone) for one in values])
    unit = Decimal(1).scaleb(-scale)
    literals: list[exp.Expr] = []
    for one in dict.fromkeys(values):
        if isinstance(one, str):
            literals.append(n.text(one))
        elif isinstance(one, Decimal) and abs(one) < Decimal(10) ** (DIGITS - scale - 1) and one == one.quantize(unit, ROUND_FLOOR):
            literals.append(n.number(one))
    if not literals:
        return n.false()
    return n.compare(node, "=", literals[0]) if len(literals) == 1 else exp.In(this=n.operand(node), expressions=literals)


def _includes(node: exp.Expr, one: Value, scale: int) -> exp.Expr:
    if isinstance(one, Decimal):
        if abs(one) >= Decimal(10) ** (DIGITS - scale - 1) or one != one.quantize(Decimal(1).scaleb(-scale), ROUND_FLOOR):
            return n.false()
        return exp.ArrayContains(this=node, expression=n.cast(n.number(one), f"DECIMAL({DIGITS}, {scale})"))
    return exp.ArrayContains(this=node, expression=n.text(str(one)))


def _empty(node: exp.Expr, type_: Type, list_count: str | None) -> exp.Expr:
    match type_:
        case Type.TEXT:
            return n.compare(n.coalesce(node, n.text("")), "=", n.text(""))
        case Type.TEXTS | Type.NUMBERS:
            size = exp.ArraySize(this=node) if list_count is None else n.call(list_count, node)
            return n.compare(n.coalesce(size, n.number(0)), "=", n.number(0))
        case _:
            return n.is_null(node)


def _position(condition: FieldCondition, sight: Sight) -> exp.Expr:
    rows = sight[condition.field.scope]
    declared = rows.properties[condition.field.name]
    known = n.both(n.is_set(rows.column(c)) for c in (declared.latitude, declared.longitude) if c is not None)
    return known if isinstance(condition, FieldSet) else n.opposite(known)


# --- text ------------------------------------------------------------------------------------------------------------


def _like(node: exp.Expr, how: str, pattern: str, escape: bool) -> exp.Expr:
    """Text tests that ignore case: the column's variants of the pattern's letters become the pattern's letters."""
    wanted = fold(pattern)
    if how != "matches" and not wanted:
        return n.is_set(node)
    folded = _folded(node, wanted)
    match how:
        case "contains":
            return n.compare(exp.StrPosition(this=folded, substr=n.text(wanted)), ">", n.number(0))
        case "starts with":
            return n.compare(exp.Left(this=folded, expression=n.number(len(wanted))), "=", n.text(wanted))
        case "ends with":
            return n.compare(exp.Right(this=folded, expression=n.number(len(wanted))), "=", n.text(wanted))
        case _:
            like = exp.Like(this=n.operand(folded), expression=n.text(_like_pattern(wanted)))
            escaped = escape and any(char in wanted for char in "%_\\")
            return exp.Escape(this=like, expression=exp.Literal.string("\\")) if escaped else like


def _like_pattern(pattern: str) -> str:
    written = {"*": "%", "?": "_", "%": "\\%", "_": "\\_", "\\": "\\\\"}
    return "".join(written.get(char, char) for char in pattern)


def _folded(node: exp.Expr, wanted: str) -> exp.Expr:
    pairs = [(variant, char) for char in dict.fromkeys(wanted) for variant in variants(char) if variant != char]
    if not pairs:
        return node
    return exp.Translate(
        this=node, from_=n.text("".join(a for a, _ in pairs)), to=n.text("".join(b for _, b in pairs))
    )
