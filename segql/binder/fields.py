"""Conditions on the properties of one row: of a profile, of an event inside `where`, of a line item."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import assert_never

from .. import ast
from ..catalog import fold
from ..conditions import (
    All,
    AnyItem,
    AnyOf,
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
    Not,
    Op,
    Predicate,
    Tree,
    Type,
    Value,
)
from ..errors import Problem, SegQLError
from ..formatter import format as format_
from ..source import Span
from . import windows
from .scope import Scope, event_properties, event_property, fail, item_property, not_yet, unknown
from .values import comparable, instant, value_as

ORDERED = {Type.NUMBER, Type.MONEY, Type.DATE, Type.TIME}
LISTS = {Type.TEXTS: Type.TEXT, Type.NUMBERS: Type.NUMBER}


@dataclass(frozen=True, slots=True)
class Row:
    """The row that a predicate looks at: the profile (no events), an event, an item of it, or both for item aggregates."""

    events: tuple[str, ...] = ()
    items: bool = False
    plain: bool = True

    def field(self, scope: Scope, name: ast.Name) -> Field | None:
        """The property of this row with that name."""
        if not self.events:
            key = scope.catalog.find_property(name.text)
            return Field("profile", key, Type(scope.catalog.profiles.properties[key].type)) if key else None
        if self.plain and (found := event_property(scope, self.events, name)):
            return Field("event", *found)
        if self.items and (found := item_property(scope, self.events, name)):
            return Field("item", *found)
        return None

    def names(self, scope: Scope) -> Iterable[str]:
        return event_properties(scope, self.events) if self.events else scope.catalog.profiles.properties


def predicate(scope: Scope, tree: Tree[ast.Predicate], row: Row) -> Tree[Predicate]:
    """What stands in `where`, `has`, `any item`: every problem in it at once."""
    match tree:
        case ast.All(parts=parts):
            return All(_each(scope, parts, row), tree.span)
        case ast.AnyOf(parts=parts):
            return AnyOf(_each(scope, parts, row), tree.span)
        case ast.Not(part=part):
            return Not(predicate(scope, part, row), tree.span)
        case ast.Items():
            return _items(scope, tree, row)
        case ast.Subject():
            return _on_row(scope, tree, row)
        case _:
            assert_never(tree)


def _each(scope: Scope, parts: tuple[Tree[ast.Predicate], ...], row: Row) -> tuple[Tree[Predicate], ...]:
    bound: list[Tree[Predicate]] = []
    problems: list[Problem] = []
    for part in parts:
        try:
            bound.append(predicate(scope, part, row))
        except SegQLError as error:
            problems += error.problems
    if problems:
        raise SegQLError(problems)
    return tuple(bound)


def _items(scope: Scope, items: ast.Items, row: Row) -> Tree[Predicate]:
    if not row.plain:
        fail("misplaced", "An item has no items of its own.", items.span)
    for event in row.events:
        if scope.catalog.events[event].items is None:
            fail("no-items", f"`{event}` has no line items in the catalog.", items.span,
                 "add `items:` to the event in the catalog")  # fmt: skip
    if items.how == "count":
        not_yet("Counting items", items.span)
    where = predicate(scope, items.where, Row(row.events, items=True, plain=False)) if items.where else All(())
    some: Tree[Predicate] = AnyItem(where, items.span)  # type: ignore[arg-type]
    match items.how:
        case "any":
            return some
        case "no":
            return Not(some, items.span)
        case "every":
            # All of them, and at least one: some item, and none that does not fit.
            return All((AnyItem(All(()), items.span), Not(AnyItem(Not(where), items.span), items.span)), items.span)  # type: ignore[arg-type]


def _on_row(scope: Scope, subject: ast.Subject, row: Row) -> Tree[Predicate]:
    if isinstance(subject.head, ast.DatePart):
        not_yet("`month of`, `day of`, `weekday of` and `year of`", subject.head.span)
    if isinstance(subject.head, ast.Anniversary):
        not_yet("`anniversary of`", subject.head.span)
    if not isinstance(subject.head, ast.Name):
        fail("misplaced", "Inside `where` and `has` stand properties of the event, and this is not one.", subject.span)
    field = row.field(scope, subject.head) or _unknown_property(scope, subject, subject.head, row)
    return property_condition(scope, field, subject, row)


def _unknown_property(scope: Scope, subject: ast.Subject, name: ast.Name, row: Row) -> Field:
    if row.plain and item_property(scope, row.events, name):
        fail("item-property", f"`{name.text}` belongs to the items of `{row.events[0]}`, not to the event itself.", name.span,
             f"say which items: `any item ({format_(subject)})`")  # fmt: skip
    where = f"`{row.events[0]}`" if len(row.events) == 1 else "these events"
    if not row.plain:
        where = "the items of " + where
    if scope.catalog.find_property(name.text):
        fail("unknown-name", f"`{name.text}` is a property of the profile; inside `where` stand properties of {where}.", name.span,
             f"move it out of `where`: `.. and {format_(subject)}`")  # fmt: skip
    unknown(f"property of {where}", name, row.names(scope))


def property_condition(scope: Scope, field: Field, subject: ast.Subject, row: Row) -> Tree[FieldCondition]:
    """A property with its comparison, its window, or alone when it is a boolean."""
    name, span = _name(field), subject.span
    for part, words in (
        (subject.quantity, "a number of times"),
        (subject.where, "`where`"),
        (subject.has, "`has`"),
    ):
        if part is not None:
            hint = f"compare it: `{name} = {subject.quantity.count.value}`" if _is_number(subject.quantity) else ""  # type: ignore[union-attr]
            fail("not-an-event", f"`{name}` is a property, and {words} needs an event.", part.span, hint)
    if subject.regularity or subject.different or subject.with_the_same or subject.within:
        fail("not-an-event", f"`{name}` is a property, and this needs an event.", span)
    if field.type is Type.POSITION:
        fail("wrong-type", f"`{name}` is a position, which has no comparison.", span, "say `within 20 km of ..`")
    if subject.window and subject.comparison:
        fail("not-an-event", f"`{name}` is a property: it takes a comparison or a window, not both.", subject.window.span)
    if subject.window:
        return within(scope, field, subject.window)
    if subject.comparison:
        return comparison(scope, field, subject.comparison, row)
    if field.type is Type.BOOLEAN:
        return FieldComparison(field, "=", True, span)
    fail("incomplete", f"`{name}` is {field.type.value}, so it needs a comparison.", span, _example(field))


def within(scope: Scope, field: Field, window: ast.Window) -> FieldCondition:
    """A date property in a window."""
    if field.type not in (Type.DATE, Type.TIME):
        fail("wrong-type", f"`{_name(field)}` is {field.type.value}, and a window needs a date.", window.span, _example(field))
    if isinstance(window, ast.InLast) and not window.explicit:
        length = format_(window.length) if isinstance(window.length, ast.Duration) else window.length.text
        fail("past-or-future", f"`in {length}` can mean the past or the future of the date `{_name(field)}`.", window.span,
             f"say `in the last {length}` or `in the next {length}`")  # fmt: skip
    found = windows.days(scope, window, field.name) if field.type is Type.DATE else windows.instants(scope, window)
    return FieldWithin(field, found, window.span)


def comparison(scope: Scope, field: Field, given: ast.Comparison, row: Row) -> Tree[FieldCondition]:
    span = given.span
    match given:
        case ast.Compare(right=right):
            if given.op == "!=":
                return Not(_compare(scope, field, "=", right, span, row), span)
            return _compare(scope, field, given.op, right, span, row)
        case ast.Between(low=low, high=high):
            return _between(scope, field, low, high, span, row)
        case ast.In(values=values):
            return _maybe(given.negated, FieldIn(field, _values(scope, field, values), span), span)
        case ast.InName():
            return _in_name(scope, field, given, row)
        case ast.Like(how=how, pattern=pattern):
            if field.type is not Type.TEXT:
                fail("wrong-type", f"`{_name(field)}` is {field.type.value}, and `{how}` needs text.", span,
                     "lists take `includes`" if field.type in LISTS else _example(field))  # fmt: skip
            text = value_as(scope, _literal(scope, pattern, field, row), Type.TEXT, f"`{_name(field)}`")
            return _maybe(given.negated, FieldLike(field, how, str(text), span), span)
        case ast.Includes(how=how, values=values):
            if field.type not in LISTS:
                fail("wrong-type", f"`{_name(field)}` is {field.type.value}, and `includes` needs a list.", span,
                     "text takes `contains`" if field.type is Type.TEXT else _example(field))  # fmt: skip
            return _maybe(given.negated, FieldIncludes(field, how, _values(scope, field, values), span), span)
        case ast.Is(what=what):
            if what == "empty" and field.type not in (Type.TEXT, *LISTS):
                # A number or a date is empty when it is missing.
                return _maybe(not given.negated, FieldSet(field, span), span)
            return _maybe(given.negated, FieldSet(field, span) if what == "set" else FieldEmpty(field, span), span)
        case _:
            assert_never(given)


def _maybe(negated: bool, leaf: FieldCondition, span: Span) -> Tree[FieldCondition]:
    return Not(leaf, span) if negated else leaf


def _compare(scope: Scope, field: Field, op: Op, right: ast.Operand, span: Span, row: Row) -> FieldCondition:
    name = _name(field)
    if field.type in LISTS:
        fail("wrong-type", f"`{name}` is a list, which has no `{op}`.", span, f"say `{name} includes ..`")
    if op != "=" and field.type not in ORDERED:
        fail("wrong-type", f"`{name}` is {field.type.value}, which has no order: `{op}` needs a number or a date.", span, _example(field))
    other = _right_field(scope, field, right, row)
    if other is not None:
        if not comparable(field.type, other.type):
            fail("wrong-type", f"`{name}` is {field.type.value}, but `{_name(other)}` is {other.type.value}.", span)
        return FieldComparison(field, op, other, span)
    literal = _literal(scope, right, field, row)
    if field.type is Type.TIME and isinstance(literal, ast.Date):
        return FieldWithin(field, _whole_day(scope, op, literal), span)
    return FieldComparison(field, op, value_as(scope, literal, field.type, f"`{name}`"), span)


def _whole_day(scope: Scope, op: Op, day: ast.Date) -> Interval:
    """A date counts as its whole local day: `> D` is after its end, `>= D` since its start."""
    on = windows.instants(scope, ast.Relative("on", day))
    match op:
        case "=":
            return on
        case "<":
            return Interval(None, on.start)
        case "<=":
            return Interval(None, on.end)
        case ">":
            return Interval(on.end, None)
        case ">=":
            return Interval(on.start, None)


def _between(scope: Scope, field: Field, low: ast.Operand, high: ast.Operand, span: Span, row: Row) -> Tree[FieldCondition]:
    for end in (low, high):
        if _right_field(scope, field, end, row) is not None or isinstance(end, ast.Scaled | ast.Population):
            parts = (_compare(scope, field, ">=", low, span, row), _compare(scope, field, "<=", high, span, row))
            return All(parts, span)
    one, other = (_literal(scope, end, field, row) for end in (low, high))
    if field.type in (Type.DATE, Type.TIME) and isinstance(one, ast.Date | ast.Time) and isinstance(other, ast.Date | ast.Time):
        return within(scope, field, ast.BetweenMoments(one, other, span))
    first, last = (value_as(scope, end, field.type, f"`{_name(field)}`") for end in (one, other))
    ascending(first, last, one, other, span)
    return All((_compare(scope, field, ">=", one, span, row), _compare(scope, field, "<=", other, span, row)), span)


def ascending(first: Value, last: Value, one: ast.Literal_, other: ast.Literal_, span: Span) -> None:
    """`between` goes upwards; windows alone may be written either way."""
    if first > last:  # type: ignore[operator]
        fail("descending", f"`between {format_(one)} and {format_(other)}` goes down, so nothing lies between.", span,
             f"swap them: `between {format_(other)} and {format_(one)}`")  # fmt: skip


def _values(scope: Scope, field: Field, given: tuple[ast.Literal_ | ast.Name, ...]) -> tuple[Value, ...]:
    element = LISTS.get(field.type, field.type)
    found: list[Value] = []
    problems: list[Problem] = []
    for one in given:
        try:
            if isinstance(one, ast.Name) and scope.value(one) is None and (members := _set(scope, field, one)) is not None:
                found += members
            else:
                found.append(value_as(scope, _literal(scope, one, field, Row()), element, f"`{_name(field)}`"))
        except SegQLError as error:
            problems += error.problems
    if problems:
        raise SegQLError(problems)
    return tuple(dict.fromkeys(found))


def _set(scope: Scope, field: Field, name: ast.Name) -> tuple[Value, ...] | None:
    members = scope.catalog.set_values(name.text)
    if members is None:
        return None
    if field.type not in (Type.TEXT, Type.TEXTS):
        fail("wrong-type", f"`{name.text}` is a set of text, but `{_name(field)}` is {field.type.value}.", name.span)
    return members


def _in_name(scope: Scope, field: Field, given: ast.InName, row: Row) -> Tree[FieldCondition]:
    if scope.value(given.name) is not None:
        value = scope.value(given.name)
        if isinstance(value, ast.Duration):
            return _maybe(given.negated, within(scope, field, ast.InLast(given.name, span=given.span)), given.span)
        fail("wrong-type", f"`{given.name.text}` is one value, and `in` needs several.", given.span,
             f"say `is {given.name.text}` or `in ({given.name.text})`")  # fmt: skip
    members = _set(scope, field, given.name)
    if members is None:
        text = given.name.text
        unknown("named set", given.name, scope.catalog.known_sets(),
                f"list the values: `in (\"{text}\")`, or define the set in the catalog")  # fmt: skip
    return _maybe(given.negated, FieldIn(field, members, given.span), given.span)


def _right_field(scope: Scope, field: Field, right: ast.Operand, row: Row) -> Field | None:
    """Another property of the same row; parameters, `let`s and constants come first."""
    if isinstance(right, ast.Text) and field.type not in (Type.TEXT, Type.TEXTS):
        right = ast.Name("", right.value, right.span)  # a quoted name: text cannot stand here
    if isinstance(right, ast.Name) and scope.value(right) is None:
        return row.field(scope, right)
    return None


def _literal(scope: Scope, right: ast.Operand, field: Field, row: Row) -> ast.Literal_:
    match right:
        case ast.Population():
            not_yet("Comparing with the population", right.span)
        case ast.Scaled():
            fail("misplaced", f"`{_name(field)}` is compared with a measure here; put the measure on the left.", right.span)
        case ast.Name():
            value = scope.value(right)
            if value is not None:
                return value
            if field.type in (Type.TEXT, Type.TEXTS):
                if members := scope.catalog.set_values(right.text):
                    fail("wrong-type", f"`{right.text}` is a set of {len(members)} values.", right.span, f"say `in {right.text}`")
                fail("unquoted-text", f"`{right.text}` is a name here, and nothing has that name.", right.span,
                     f'text is always quoted: `"{right.text}"`')  # fmt: skip
            if row.events and scope.catalog.find_property(right.text):
                fail("unknown-name", f"`{right.text}` is a property of the profile; inside `where` stand properties of the event.",
                     right.span)  # fmt: skip
            unknown("value or property", right, [*scope.known_values(), *row.names(scope)])
        case _:
            return right


def _is_number(quantity: ast.Quantity | None) -> bool:
    return quantity is not None and isinstance(quantity.count, ast.Number)


def _name(field: Field) -> str:
    return field.name


def _example(field: Field) -> str:
    name = field.name
    return {
        Type.TEXT: f'for example `{name} is ".."`',
        Type.NUMBER: f"for example `{name} > 10`",
        Type.MONEY: f"for example `{name} > 100`",
        Type.BOOLEAN: f"for example `{name}` or `not {name}`",
        Type.DATE: f"for example `{name} in the last 30 days`",
        Type.TIME: f"for example `{name} in the last 30 days`",
        Type.TEXTS: f'for example `{name} includes ".."`',
        Type.NUMBERS: f"for example `{name} includes 5`",
        Type.POSITION: f"for example `within 20 km of ..`",
    }[field.type]


