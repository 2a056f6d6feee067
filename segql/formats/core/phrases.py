"""Phrases that many formats have in common, as trees."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Literal

from ... import ast
from .report import Impossible
from .trees import all_of, any_of, named, negated, number, quoted

Likeness = Literal["contains", "starts with", "ends with", "matches", "matches regex"]
Where = ast.Tree[ast.Subject | ast.Items]


def compared(name: str, op: ast.Op, value: ast.Literal_) -> ast.Subject:
    """`NAME = VALUE`; `!=` holds for who has none."""
    return ast.Subject(named(name), comparison=ast.Compare(op, value))


def like(name: str, how: Likeness, value: str, negated: bool = False) -> ast.Subject:
    """`NAME contains TEXT`, in whatever letter case; denied it holds for who has none."""
    return ast.Subject(named(name), comparison=ast.Like(how, ast.Text(value), negated))


def one_of(name: str, values: list[str], negated: bool = False) -> ast.Subject:
    """`NAME in (..)`, or `is` where it is one value."""
    if len(values) == 1:
        return compared(name, "!=" if negated else "=", ast.Text(values[0]))
    return ast.Subject(named(name), comparison=ast.In(tuple(map(ast.Text, values)), negated))


def is_set(name: str, negated: bool = False) -> ast.Subject:
    """`NAME is set`, or not: an empty text is."""
    return ast.Subject(named(name), comparison=ast.Is("set", negated))


def is_empty(name: str, negated: bool = False) -> ast.Subject:
    """`NAME is empty`: missing, an empty text, no elements; or not."""
    return ast.Subject(named(name), comparison=ast.Is("empty", negated))


def truth(name: str, value: bool) -> ast.Subject:
    """`NAME is true`, or false; false is not missing."""
    return ast.Subject(named(name), comparison=ast.Compare("=", ast.Bool(value)))


def when(name: str, window: ast.Window) -> ast.Subject:
    """A date or time of the profile in a window, or an event in it."""
    return ast.Subject(named(name), window=window)


def happened(event: str, window: ast.Window | None = None, where: Where | None = None) -> ast.Subject:
    """The event, once or more."""
    return ast.Subject(named(event), window=window, where=where)


def never(event: str, window: ast.Window | None = None, where: Where | None = None) -> ast.Subject:
    """Not once."""
    return ast.Subject(named(event), ast.Quantity("=", number(0)), window=window, where=where)


def counted(
    event: str, op: ast.Op, value: Decimal, window: ast.Window | None = None, where: Where | None = None
) -> ast.Rule:
    """How often, in the one spelling. Raises Impossible for counts that have none."""
    quantity = quantity_of(op, value)
    if isinstance(quantity, ast.All | ast.AnyOf):
        return quantity
    return ast.Subject(named(event), quantity, window=window, where=where)


def quantity_of(op: ast.Op, value: Decimal) -> ast.Quantity | ast.All[ast.Phrase] | ast.AnyOf[ast.Phrase] | None:
    """How many times: more than 0 is once or more, which is None. Counts are whole, from 0 on. Raises Impossible."""
    if abs(value) >= 10**15:
        raise Impossible("So large a count has no spelling here.")
    whole = value == value.to_integral_value()
    if op in ("=", "!=") and (not whole or value < 0):
        return ast.All(()) if op == "!=" else ast.AnyOf(())
    count = int(value.to_integral_value(ROUND_FLOOR))
    sign: ast.Op = op
    if op in (">", ">="):
        count = count + 1 if op == ">" else int(value.to_integral_value(ROUND_CEILING))
        sign = ">="
        if count <= 0:
            return ast.All(())
        if count == 1:
            return None
    elif op in ("<", "<="):
        count = count if op == "<=" else int(value.to_integral_value(ROUND_CEILING)) - 1
        sign = "<="
        if count < 0:
            return ast.AnyOf(())
        if count == 0:
            sign = "="
    return None if sign == "!=" and count == 0 else ast.Quantity(sign, number(count))


def total(
    head: ast.Aggregate, op: ast.Op, value: Decimal, window: ast.Window | None = None, where: Where | None = None
) -> ast.Subject:
    """`sum of PROPERTY of EVENT > VALUE`."""
    return ast.Subject(head, comparison=ast.Compare(op, number(value)), window=window, where=where)


def aggregate(kind: Literal["sum", "average", "min", "max"], property: str, event: str) -> ast.Aggregate:
    """`sum of PROPERTY of EVENT`."""
    return ast.Aggregate(kind, named(property), named(event))


def any_item(where: Where) -> ast.Items:
    """`any item (..)`."""
    return ast.Items("any", where)


def in_list(name: str) -> ast.InList:
    """`in list NAME`."""
    return ast.InList(named(name))


def in_segment(name: str) -> ast.InSegment:
    """`in segment "NAME"`."""
    return ast.InSegment("in", ast.SegmentRef(quoted(name)))


def unless(denied: bool, rule: ast.Rule) -> ast.Rule:
    """The rule, or `not` of it."""
    found: ast.Rule = negated(rule) if denied else rule
    return found


def every(parts: Iterable[ast.Rule]) -> ast.Rule:
    """All of them."""
    found: ast.Rule = all_of(parts)
    return found


def some(parts: Iterable[ast.Rule]) -> ast.Rule:
    """Any of them."""
    found: ast.Rule = any_of(parts)
    return found


def all_tests(parts: Iterable[Where]) -> Where:
    """All of some tests of an event."""
    found: Where = all_of(parts)  # type: ignore[arg-type]
    return found


def last(event: str, window: ast.Window | None = None) -> ast.Subject:
    """`last EVENT` in a window."""
    name = named(event)
    said = ast.Name("last", name.quoted) if name.quoted is not None else ast.Name(f"last {name.words}")
    return ast.Subject(said, window=window)


def of_edge(property: str, word: Literal["first", "last"], event: str) -> ast.Name:
    """`PROPERTY of last EVENT`, which is a name until it is bound. Raises Impossible where it has no spelling."""
    first, second = named(property), named(event)
    if first.quoted is not None:
        raise Impossible(f"`{property}` of one event has no spelling here: its name would have to be in quotes.")
    said = f"{first.words} of {word}"
    return ast.Name(said, second.quoted) if second.quoted is not None else ast.Name(f"{said} {second.words}")
