"""What stands in `where`, `has` and `any item (..)`: predicates on one event or one item."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import NoReturn, assert_never, cast

from .. import ast
from .. import conditions as c
from ..catalog import fold
from ..errors import Fix, SegQLError
from ..formatter import format as format_
from ..source import Span
from ..words import word
from .anniversaries import anniversary
from .dates import part_of
from .fields import property_condition
from .heads import resolve, without_article
from .possession import plainly, possessed
from .quantities import in_range, numbers
from .rows import PROFILE, RowScope, event_field, item_field, no_property, some_only
from .scope import Scope, Together, fail


def predicate(scope: Scope, tree: c.Tree[ast.Predicate], row: RowScope) -> c.Tree[c.Predicate]:
    """The predicates bound on a row; every problem in them at once."""
    match tree:
        case ast.All(parts=parts):
            return c.All(_each(scope, parts, row), tree.span)
        case ast.AnyOf(parts=parts):
            return c.AnyOf(_each(scope, parts, row), tree.span)
        case ast.Not(part=part):
            return c.Not(predicate(scope, part, row), tree.span)
        case ast.Items():
            return _items(scope, tree, row)
        case ast.Subject():
            return _on_row(scope, tree, row)
        case _:
            assert_never(tree)


def had(tree: c.Tree[ast.Predicate]) -> c.Tree[ast.Predicate]:
    """A property alone behind `has`: it is there. Of truths it says what it says anywhere."""
    if isinstance(tree, ast.Not):
        return replace(tree, part=had(tree.part))
    if isinstance(tree, ast.Subject) and isinstance(tree.head, ast.Name) and tree == ast.Subject(tree.head):
        no, _, rest = tree.head.words.partition(" ")
        if tree.head.quoted is None and rest and fold(no) == word("EDGE", "no"):
            return replace(tree, head=replace(tree.head, words=rest), comparison=ast.Is("had", True, tree.span))
        return replace(tree, comparison=ast.Is("had", span=tree.span))
    return tree


def _each(scope: Scope, parts: tuple[c.Tree[ast.Predicate], ...], row: RowScope) -> tuple[c.Tree[c.Predicate], ...]:
    bound: list[c.Tree[c.Predicate]] = []
    together = Together()
    for part in parts:
        with together:
            bound.append(predicate(scope, part, row))
    together.done()
    return tuple(bound)


def _items(scope: Scope, items: ast.Items, row: RowScope) -> c.Tree[c.Predicate]:
    if row.of == "item":
        fail(
            "misplaced",
            "An item has no items of its own.",
            items.span,
            "say it of the item itself: leave `item (..)` out",
        )
    for event in row.events:
        if scope.catalog.events[event].items is None:
            fail("no-items", f"`{event}` has no line items in the catalog.", items.span,
                 "test the event itself in `where`, or add `items:` to the event in the catalog")  # fmt: skip
    # Item rows hold fields only: `_items` refuses items of items.
    where = cast(
        c.Tree[c.FieldCondition],
        predicate(scope, items.where, RowScope(row.events, "item")) if items.where else c.All(()),
    )
    some: c.Tree[c.Predicate] = c.AnyItem(where, items.span)
    match items.how:
        case "any":
            return some
        case "no":
            return c.Not(some, items.span)
        case "count":
            assert items.quantity is not None
            low, high = numbers(scope, items.quantity, "at least 4 items")
            return in_range(items.quantity.op, low, high, items.span, partial(_count, where, items.span))
        case "every":
            # All of them, and at least one: some item, and none that does not fit.
            return c.All(
                (c.AnyItem(c.All(()), items.span), c.Not(c.AnyItem(c.Not(where), items.span), items.span)), items.span
            )
        case _:
            assert_never(items.how)


def _count(where: c.Tree[c.FieldCondition], span: Span, least: int, most: int | None) -> c.Predicate:
    if (least, most) == (1, None):
        return c.AnyItem(where, span)
    return c.ItemCount(where, least, most, span)


def _on_row(scope: Scope, subject: ast.Subject, row: RowScope) -> c.Tree[c.Predicate]:
    if isinstance(subject.head, ast.DatePart | ast.DaysFrom):
        return property_condition(scope, part_of(scope, subject.head, row), subject, row)
    if isinstance(subject.head, ast.Anniversary):
        return anniversary(scope, subject.head, subject, row)
    if not isinstance(subject.head, ast.Name):
        _misplaced(subject, row)
    bare = without_article(subject.head)
    field = (
        row.field(scope, subject.head)
        or (bare and row.field(scope, bare))
        or _unknown(scope, subject, subject.head, row)
    )
    if was := possessed(subject):
        subject = plainly(field, subject, was)
    return property_condition(scope, field, subject, row)


def _misplaced(subject: ast.Subject, row: RowScope) -> NoReturn:
    fail("misplaced", f"Here stand tests of {row.said}, and this is about the profile.", subject.span,
         f"make it a condition of its own: `and {format_(replace(subject, comments=()))}`")  # fmt: skip


def _unknown(scope: Scope, subject: ast.Subject, name: ast.Name, row: RowScope) -> NoReturn:
    plain = replace(subject, comments=())
    some_only(scope, name, row)
    if row.of == "event" and item_field(scope, row.events, name):
        fail("item-property", f"`{name.text}` is a property of the items of {row.said}.", name.span,
             "say which items:", Fix(subject.span, f"{word('ANY_ITEM', 'any')} ({format_(plain)})"))  # fmt: skip
    if row.of == "item" and event_field(scope, row.events, name):
        fail("item-property", f"`{name.text}` is a property of the event, not of {row.said}.", name.span,
             f"test it beside the items: `where ({format_(plain)} and any item (..))`")  # fmt: skip
    if fold(name.text) in c.BUILT_IN and row.of == "event":
        timeless = next(event for event in row.events if scope.catalog.events[event].time is None)
        fail("no-time", f"`{timeless}` has no time in the catalog, so it has no `{fold(name.text)}`.", name.span,
             "add `time:` to the event in the catalog")  # fmt: skip
    if PROFILE.field(scope, name):
        fail(
            "unknown-name",
            f"`{name.text}` is a property of the profile; here stand properties of {row.said}.",
            name.span,
            f"make it a condition of its own: `and {format_(plain)}`",
        )
    try:
        resolve(scope, name)
    except SegQLError:
        no_property(scope, name, row)
    _misplaced(subject, row)
