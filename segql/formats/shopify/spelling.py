"""The text of a query, in one spelling: `parse(spelled(q)) == q`."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ... import ast
from .tree import Between, Clause, Compare, Contains, In, Matches, Null, Offset, Parameter, Point, Query, Value, Word


def spelled(query: Query) -> str:
    """The text; AND binds more tightly than OR, and stands in parentheses all the same."""
    match query:
        case ast.All(parts):
            return " AND ".join(_grouped(part) for part in parts)
        case ast.AnyOf(parts):
            return " OR ".join(_grouped(part) for part in parts)
        case Clause():
            return _clause(query)
    raise AssertionError(query)


def _grouped(part: Query) -> str:
    return spelled(part) if isinstance(part, Clause) else f"({spelled(part)})"


def _clause(clause: Clause) -> str:
    head = clause.name if clause.date is None else f"{clause.name}({_value(clause.date)})"
    match clause.test:
        case Null(negated):
            return f"{head} IS {'NOT ' * negated}NULL"
        case Contains(value, negated):
            return f"{head} {'NOT ' * negated}CONTAINS {_value(value)}"
        case Matches(parameters, negated):
            return f"{head} {'NOT ' * negated}MATCHES ({', '.join(map(_parameter, parameters))})"
        case test:
            return f"{head} {_test(test)}"


def _parameter(one: Parameter) -> str:
    return f"{one.name} {_test(one.test)}"


def _test(test: Any) -> str:
    match test:
        case Compare(op, value):
            return f"{op} {_value(value)}"
        case Between(low, high):
            return f"BETWEEN {_value(low)} AND {_value(high)}"
        case In(values, negated):
            return f"{'NOT ' * negated}IN ({', '.join(map(_value, values))})"
        case Point(latitude, longitude):
            return f"= ({_value(latitude)}, {_value(longitude)})"
    raise AssertionError(test)


def _value(value: Value) -> str:
    match value:
        case str():
            escaped = value.replace("\\", "\\\\").replace("'", "\\'")
            return f"'{escaped}'"
        case Decimal():
            return f"{value:f}"
        case datetime():
            return value.isoformat(timespec="seconds")
        case date():
            return value.isoformat()
        case Offset(count, unit):
            return f"{count:+d}{unit}"
        case Word(text):
            return text
