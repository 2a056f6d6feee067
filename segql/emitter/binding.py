"""The values of a statement as bind parameters, in the style of the caller's driver.

Values are what the rule compares with: texts, numbers, dates, instants, and the names by which the catalog tells events
apart. What makes the shape of a statement stays in it: `LIMIT 1`, intervals, the digits of a decimal, TRUE and FALSE.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Literal, TypeAlias, get_args

from sqlglot import exp

from ..dialects import dialect as dialect_of
from ..dialects import rewritten
from ..errors import expect
from .nodes import given, value_of

Style: TypeAlias = Literal["qmark", "numeric", "named", "format", "pyformat"]
"""How a driver writes a parameter: `?`, `$1`, `:p1` (in its dialect's way: `@p1`, `$p1`), `%s`, `%(p1)s`."""

BoundValue: TypeAlias = str | int | Decimal | date | datetime | time
Values: TypeAlias = tuple[BoundValue, ...] | Mapping[str, BoundValue]
"""Values in the order of their parameters; by name for the styles `named` and `pyformat`."""


def bound(
    tree: exp.Expr, printed: Callable[[exp.Expr], str], style: Style, dialect: str = "duckdb"
) -> tuple[str, Values]:
    """The statement as text with a parameter for each value, and the values. Raises ValueError for an unknown style."""
    expect("bind", "a style of parameters", style, str)
    if style not in get_args(Style):
        raise ValueError(f"unknown style of parameters {style!r}; known are {', '.join(get_args(Style))}")
    # Where a value goes is marked by a word that the statement has nowhere: the order is known only in the text.
    plain, mark = printed(tree.copy()), "value"
    while mark in plain:
        mark += "_"
    values = _take(tree, mark, dialect)
    text, *rest = re.split(rf"{mark}(\d+)_", printed(tree))
    percent = "%%" if style in ("format", "pyformat") else "%"
    sql, taken = text.replace("%", percent), list[BoundValue]()
    for number, text in zip(rest[::2], rest[1::2], strict=True):
        taken.append(values[int(number)])
        sql += _parameter(style, len(taken), dialect) + text.replace("%", percent)
    if style in ("named", "pyformat"):
        return sql, {f"p{index}": value for index, value in enumerate(taken, 1)}
    return sql, tuple(taken)


def _take(tree: exp.Expr, mark: str, dialect: str) -> list[BoundValue]:
    """Replaces the values in a tree by marks."""
    values: list[BoundValue] = []
    for node in list(tree.walk()):
        value = value_of(node)
        if value is None or _makes_groups(node) or (isinstance(value, str) and "\0" in value):
            continue
        if isinstance(node.parent, exp.Translate) and not dialect_of(dialect).translates:  # written letter by letter
            continue
        if isinstance(value, time) and isinstance(text := rewritten(node.copy(), dialect_of(dialect)), exp.Literal):
            value = text.this  # the dialect has no times of day, and compares their texts
            node.replace(given(exp.Var(this=f"{mark}{len(values)}_"), value))
            values.append(value)
            continue
        place = given(exp.Var(this=f"{mark}{len(values)}_"), value)
        values.append(value)
        if isinstance(node, exp.Cast):  # the type stays said
            node.set("this", place)
        elif isinstance(value, str) and _is_argument(node):
            node.replace(exp.Cast(this=place, to=exp.DataType(this=exp.DType.TEXT)))
        else:
            node.replace(place)
    return values


def _is_argument(node: exp.Expr) -> bool:
    """Whether the value stands where nothing else says its type: a literal is text there, a parameter anything."""
    return isinstance(node.parent, exp.Func | exp.DPipe)


def _makes_groups(node: exp.Expr) -> bool:
    """Whether the value is a part of what a SELECT groups by: two parameters are never known to be the same."""
    above = [node]
    while (parent := above[-1].parent) is not None and not isinstance(parent, exp.Query):
        if isinstance(parent, exp.AggFunc):
            return False
        if isinstance(parent, exp.Group):
            return True
        above.append(parent)
    group = parent.args.get("group") if isinstance(parent, exp.Select) else None
    return group is not None and any(one in group.expressions for one in above)


def _parameter(style: Style, number: int, dialect: str) -> str:
    match style:
        case "qmark":
            return "?"
        case "numeric":
            return f"${number}"
        case "named":
            return f"{dialect_of(dialect).named_parameter}p{number}"
        case "format":
            return "%s"
        case "pyformat":
            return f"%(p{number})s"
