"""Conditions on events: how often, the first or the last."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from .. import ast
from ..conditions import All, AnyOf, Condition, Count, EdgeOccurrence, Interval, MeasureComparison, Not, Occurrences, Occurs, Tree

from ..formatter import format as format_
from ..formatter import format_name
from ..source import Span
from . import windows
from .fields import Row, predicate, property_condition
from .heads import Events, Measured, Metric, resolve
from .measures import compared, occurrences
from .scope import Scope, fail, not_yet


def subject(scope: Scope, given: ast.Subject) -> Tree[Condition]:
    """A head with its parts, now that the catalog says what the head is."""
    if given.with_the_same:
        not_yet("`with the same`", given.with_the_same.span)
    if given.regularity:
        not_yet("`in at least n of the last m weeks`", given.regularity.span)
    if given.different:
        not_yet("`on at least n different days`", given.different.span)
    head = resolve(scope, given.head)
    match head:
        case Events(edge="every" | "no"):
            return _each(head, given)
        case Events(edge="first" | "last"):
            return _edge(scope, head, given)
        case Events():
            return _occurs(scope, head, _named_window(scope, given))
        case Metric() | Measured():
            given = _named_window(scope, given)
            if given.quantity is not None and given.comparison is None and isinstance(given.quantity.count, ast.Number):
                fail("not-an-event", "A measure is a number, so it is compared, not counted in times.", given.quantity.span,
                     f"for example `{_said(given)} >= {given.quantity.count.value}`")  # fmt: skip
            if given.comparison is None:
                fail("incomplete", f"`{_said(given)}` is a number, so it needs a comparison.", given.span,
                     f"for example `{_said(given)} > 100`")  # fmt: skip
            return _as_count(scope, compared(scope, given))
        case _:
            if _versus_measure(scope, given):
                return compared(scope, given)
            return property_condition(scope, head, given, Row())


def _said(given: ast.Subject) -> str:
    return given.head.span.text or format_(ast.Subject(given.head))


def _named_window(scope: Scope, given: ast.Subject) -> ast.Subject:
    """`placed order in recently`: the name of a duration after an event is its window."""
    if isinstance(given.comparison, ast.InName) and not given.comparison.negated and given.window is None:
        window = ast.InLast(given.comparison.name, span=given.comparison.span)
        return replace(given, comparison=None, window=window)
    return given


def _versus_measure(scope: Scope, given: ast.Subject) -> bool:
    """A number property on the left, a measure on the right."""
    if not isinstance(given.comparison, ast.Compare):
        return False
    match given.comparison.right:
        case ast.Scaled():
            return True
        case ast.Name() as name:
            return scope.value(name) is None and scope.catalog.find_property(name.text) is None and bool(scope.catalog.find_metric(name.text))
        case ast.Text(value=text):
            return bool(scope.catalog.find_metric(text)) and not scope.catalog.find_property(text)
        case _:
            return False


def _each(head: Events, given: ast.Subject) -> Tree[Condition]:
    if given.has is None:
        if head.edge == "no":
            event = ast.Name(head.said) if isinstance(given.head, ast.Name) else given.head
            fail("misplaced", f"`no {head.said}` is not how SegQL says it.", given.span,
                 f"say `{format_(replace(given, head=event, quantity=ast.Quantity('=', ast.Number(Decimal(0)))))}`")  # fmt: skip
        fail("incomplete", f"`every {head.said}` needs a test.", given.span, f"for example `every {head.said} has ..`")
    not_yet(f"`{head.edge} EVENT has`", given.span)


def _edge(scope: Scope, head: Events, given: ast.Subject) -> Tree[Condition]:
    """`first|last EVENT [where] WINDOW`, `first|last EVENT [where] [WINDOW] has PRED`."""
    given = _named_window(scope, given)
    if given.quantity or given.comparison:
        part = given.quantity or given.comparison
        fail("misplaced", f"`{head.edge} {head.said}` is one event, so it has no number of times.", part.span,  # type: ignore[union-attr]
             f"say when it was, `{head.edge} {head.said} in 30d`, or what it was like, `{head.edge} {head.said} has ..`")  # fmt: skip
    if given.window is None and given.has is None:
        fail("incomplete", f"`{head.edge} {head.said}` needs a window or a test.", given.span,
             f"for example `{head.edge} {head.said} more than 90 days ago`")  # fmt: skip
    for event in head.names:
        if scope.catalog.events[event].time is None:
            fail("no-time", f"`{event}` has no time in the catalog, so it has no {head.edge} one.", given.span,
                 "add `time:` to the event in the catalog")  # fmt: skip
    of = occurrences(scope, head, None, given.where)
    has = predicate(scope, given.has, Row(head.names)) if given.has is not None else All(())
    window = windows.past(scope, given.window)
    return EdgeOccurrence(head.edge, of, window, has, given.span)  # type: ignore[arg-type]


def _occurs(scope: Scope, head: Events, given: ast.Subject) -> Tree[Condition]:
    if given.has is not None:
        fail("misplaced", f"`has` tests one event or all of them, and `{head.said}` says neither.", given.has.span,
             f"say `where`, or begin with `first`, `last`, `every` or `no`")  # fmt: skip
    if given.comparison is not None and given.quantity is not None:
        fail("misplaced", f"`{head.said}` has two numbers of times.", given.quantity.span, "keep one of them")
    quantity = given.quantity or _quantity(scope, head, given)
    of = occurrences(scope, head, given.window, given.where)
    if quantity is None:
        return Occurs(of, 1, None, given.span)
    return _counted(scope, head, of, quantity, given)


def _quantity(scope: Scope, head: Events, given: ast.Subject) -> ast.Quantity | None:
    """The comparison after an event is a number of times."""
    match given.comparison:
        case None:
            return None
        case ast.Compare(op=op, right=ast.Number() | ast.Name() as count, span=span):
            if isinstance(count, ast.Name) and scope.value(count) is None and _is_measure(scope, count):
                fail("not-a-measure", f"`{head.said}` is an event; to compare how many with a measure, count it.", given.head.span,
                     f"say `number of {head.said}`")  # fmt: skip
            return ast.Quantity(op, count, span=span)
        case ast.Between(low=ast.Number() | ast.Name() as low, high=ast.Number() | ast.Name() as high, span=span):
            return ast.Quantity("between", low, high, span)
        case ast.Compare(right=ast.Scaled() | ast.Population()):
            fail("not-a-measure", f"`{head.said}` is an event; to compare how many with a measure, count it.", given.head.span,
                 f"say `number of {head.said}`")  # fmt: skip
        case other:
            fail("wrong-type", f"`{head.said}` is an event, so only its number of times can be compared.", other.span,
                 f"for example `{head.said} at least twice`, or test its properties with `where`")  # fmt: skip


def _is_measure(scope: Scope, name: ast.Name) -> bool:
    return bool(scope.catalog.find_metric(name.text) or scope.catalog.find_property(name.text))


def _counted(scope: Scope, head: Events, of: Occurrences, quantity: ast.Quantity, given: ast.Subject) -> Tree[Condition]:
    low = _whole(scope, quantity.count)
    high = _whole(scope, quantity.most) if quantity.most is not None else None
    if high is not None and low > high:
        fail("descending", f"`between {low} and {high} times` goes down, so no number lies between.", quantity.span,
             f"swap them: `between {high} and {low} times`")  # fmt: skip
    if quantity.op == "=" and low in (1, 2) and _said_shortly(quantity.span):
        word = {1: "once", 2: "twice"}[low]
        scope.hint("exactly", f"`{word}` means exactly {word}, no more.", quantity.span, f"say `at least {word}` for {word} or more")
    found = ranged(of, quantity.op, low, high, given.span)
    if isinstance(found, Not) and quantity.op in ("<", "<=", "!=") and low > 0 or (quantity.op == "between" and low == 0):
        event = format_name(head.said) if head.said in of.events else head.said
        upper = {"<": low - 1, "<=": low, "!=": None, "between": high}[quantity.op]
        hint = f"to leave them out: `{event} between 1 and {upper} times`" if upper and upper > 1 else f"to leave them out, add `and {event} at least once`"
        scope.hint("includes-never", f"This includes people who never did `{head.said}`.", quantity.span, hint)
    return found


def _said_shortly(span: Span) -> bool:
    return span.text.strip().casefold() in ("once", "twice")


def _whole(scope: Scope, count: ast.Number | ast.Name) -> int:
    value: ast.Literal_ | None = count if isinstance(count, ast.Number) else scope.value(count)
    if value is None:
        assert isinstance(count, ast.Name)
        fail("unknown-name", f"There is no parameter or value called `{count.text}`.", count.span, f"define it: `let {count.text} = 3`")
    if not isinstance(value, ast.Number):
        fail("wrong-type", f"A number of times is needed, and `{count.span.text}` is `{format_(value)}`.", count.span)
    if value.value != int(value.value) or value.value < 0:
        fail("bad-count", f"`{value.value}` times cannot be: a count is a whole number from 0.", count.span)
    return int(value.value)


def ranged(of: Occurrences, op: str, low: int, high: int | None, span: Span) -> Tree[Condition]:
    """How often as a range; every range that holds 0 is the negation of one that does not."""
    match op:
        case ">=":
            return Occurs(of, low, None, span) if low > 0 else All((), span)
        case ">":
            return Occurs(of, low + 1, None, span)
        case "=":
            return Occurs(of, low, low, span) if low > 0 else Not(Occurs(of, 1, None, span), span)
        case "!=":
            return Not(Occurs(of, low, low, span), span) if low > 0 else Occurs(of, 1, None, span)
        case "<=":
            return Not(Occurs(of, low + 1, None, span), span)
        case "<":
            return Not(Occurs(of, low, None, span), span) if low > 0 else AnyOf((), span)
        case _:
            assert high is not None
            return Occurs(of, low, high, span) if low > 0 else Not(Occurs(of, high + 1, None, span), span)


def _as_count(scope: Scope, tree: Tree[Condition]) -> Tree[Condition]:
    """`number of EVENT >= 3` is the same condition as `EVENT at least 3 times`."""
    match tree:
        case MeasureComparison(left=Count(of=of), op=op, right=Decimal() as n, span=span) if n == int(n) and n >= 0:
            return ranged(of, op, int(n), None, span)
        case Not(part=part, span=span):
            return Not(_as_count(scope, part), span)
        case All(parts=parts, span=span):
            return All(tuple(_as_count(scope, part) for part in parts), span)
        case _:
            return tree


