"""Clauses about attributes and metafields, as rules."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ... import ast
from ..core.names import Names
from ..core.report import Impossible, Notes
from ..core.trees import named, negated
from . import days, names
from .reference import ATTRIBUTES, is_day
from .tree import Between, Clause, Compare, Contains, Null, Value, Word

_EDGES = {"first_order_date": ("first", "orders_placed"), "last_order_date": ("last", "orders_placed"),
          "abandoned_checkout_date": ("last", "abandoned_checkout_date")}  # fmt: skip
_NEVER = ast.Quantity("=", ast.Number(Decimal(0)))


def rule(clause: Clause, known: Names, notes: Notes) -> Any:
    """The rule of a clause that was checked. Raises Impossible."""
    name = clause.name
    given = known.find("properties", name)
    if name in _EDGES and given is None:
        return _edge(clause, known, notes)
    if name in names.CHANNELS and given is None and (found := _subscription(clause, known)) is not None:
        return found
    if name == "customer_email_domain" and given is None and (found := _domain(clause, known)) is not None:
        return found
    head = named(names.property_name(known, name))
    kind = ATTRIBUTES.get(name, "")
    match clause.test:
        case Null(negated_):
            listed = kind.startswith("list")
            return ast.Subject(head, comparison=ast.Is("empty", negated_) if listed else ast.Is("set", not negated_))
        case Contains(value, negated_):
            return _list(head, str(kind), value, negated_, notes)
        case Compare() | Between() as test if kind == "date" or _is_dated(test):
            return _dated(head, test, name == "customer_added_date", notes)
        case Compare(op, Word(text)):
            comparison = ast.Compare("=", ast.Bool(text == "true"))
            return (
                negated(ast.Subject(head, comparison=comparison))
                if op == "!="
                else ast.Subject(head, comparison=comparison)
            )
        case Compare(op, value):
            if isinstance(value, str) and op not in ("=", "!="):
                raise Impossible("Texts have no order here: only `=` and `!=`.")
            return ast.Subject(head, comparison=ast.Compare(op, literal(value)))
        case Between(low, high):
            if isinstance(low, Decimal) and isinstance(high, Decimal):
                return numbers(head, low, high)
    raise Impossible("Texts have no order here: only `=` and `!=`.")


def numbers(head: Any, low: Decimal, high: Decimal) -> Any:
    """`between 1 and 5`, both in; between 5 and 1 there is nothing."""
    if low > high:
        return ast.AnyOf(())
    return ast.Subject(head, comparison=ast.Between(literal(low), literal(high)))


def literal(value: Value) -> Any:
    """A text or a number."""
    return ast.Text(value) if isinstance(value, str) else ast.Number(value)  # type: ignore[arg-type]  # of these two kinds


def _is_dated(test: Compare | Between) -> bool:
    values = (test.value,) if isinstance(test, Compare) else (test.low, test.high)
    return all(is_day(value) for value in values)


def _dated(head: ast.Name, test: Compare | Between, past: bool, notes: Notes) -> Any:
    known = ast.Subject(head, comparison=ast.Is("set"))
    return days.dated(test, lambda window: ast.Subject(head, window=window), known, notes, past)


def _edge(clause: Clause, known: Names, notes: Notes) -> Any:
    """`last_order_date` and the like: the first or last of an event."""
    word, function = _EDGES[clause.name]
    event = named(names.event(known, function))
    match clause.test:
        case Null(negated_):
            return ast.Subject(event, None if negated_ else _NEVER)
        case Compare() | Between() as test:
            edge = ast.Name(f"{word} {event.words}".strip(), event.quoted)
            return days.dated(test, lambda w: ast.Subject(edge, window=w), ast.Subject(event), notes, past=True)
    raise AssertionError(clause)


def _subscription(clause: Clause, known: Names) -> Any:
    match clause.test:
        case Compare(op, "SUBSCRIBED"):
            return ast.CanReceive(named(names.channel(known, clause.name)), negated=op == "!=")
    return None


def _domain(clause: Clause, known: Names) -> Any:
    """The domain of the address, which every catalog has."""
    email = named(names.property_name(known, "email"))
    match clause.test:
        case Compare(op, str(value)) if value:
            return ast.Subject(email, comparison=ast.Like("ends with", ast.Text(f"@{value}"), op == "!="))
        case Null(negated_):
            return ast.Subject(email, comparison=ast.Is("set", not negated_))
    return None


def _list(head: ast.Name, kind: str, value: Value, negated_: bool, notes: Notes) -> Any:
    """Tags are compared whatever their case: by a pattern without wildcards."""
    if kind == "list of string" and isinstance(value, str):
        if not set(value) & set("*?"):
            return ast.Subject(head, comparison=ast.IncludesLike("any", "matches", ast.Text(value), negated_))
        notes.add("Letter case counts here and not there: a tag that differs in it alone is another one here.")
    return ast.Subject(head, comparison=ast.Includes("any", (literal(value),), negated_))
