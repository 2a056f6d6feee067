"""Which SQL of a catalog means the same in another dialect.

sqlglot translates much of what it should not: integers divide otherwise, formats have other letters, weeks begin on
another day. So this is a list of what is known to be the same, node by node, and the executed table in
`tests/catalog/test_dialects.py` is its proof. Whatever is not in it, is written for each dialect.
"""

from __future__ import annotations

import re
from datetime import date

from sqlglot import exp

from .model import Dialect

_SAME = (
    exp.And, exp.Boolean, exp.Coalesce, exp.Column, exp.From, exp.Identifier, exp.If, exp.Mul, exp.Not, exp.Null,
    exp.Or, exp.Paren, exp.Where,
)  # fmt: skip
"""The same everywhere, if what they hold is."""
_EQUALS = (exp.EQ, exp.NEQ, exp.In)
_ORDERS = (exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Between)
_COLLATING = frozenset({"mysql", "mariadb"})
"""Where a column's collation says whether texts are equal."""
_LOOSELY_TYPED = frozenset({*_COLLATING, "sqlite"})
"""Where a day less a day is a number, but not of days."""
_INTERVALS = frozenset({"bigquery", "spark", "databricks", "trino"})
"""Where a day less a day is no number."""
_DIGITS = 18
_DECIMAL = re.compile(r"\d{0,9}\.\d{1,6}")
_DAYS = (date(1970, 1, 1), date(2149, 6, 6))
"""Days that every engine has."""
_PLAIN = re.compile(r"[^\\\x00-\x1f]*")


def inexact(tree: exp.Expr, written_in: str, dialect: Dialect) -> exp.Expr | None:
    """The first part of the SQL that is not known to mean in a dialect what it means in the one it is written in."""
    if written_in == dialect.name:
        return None
    pair = (written_in, dialect.name)
    # Of a query the parts are what a person looks for, not the whole.
    found = [node for node in tree.walk(bfs=False) if not _same(node, pair)]
    return next((node for node in found if not isinstance(node, exp.Query)), found[0] if found else None)


def _same(node: exp.Expr, pair: tuple[str, str]) -> bool:
    present = {name for name, value in node.args.items() if value not in (None, False, []) and name != "negate"}
    match node:
        case exp.Literal(is_string=True):
            return _PLAIN.fullmatch(node.this) is not None
        case exp.Literal():
            return _is_exact_number(node)
        case exp.Is():
            return isinstance(node.expression, exp.Null) or _is_not_null(node.expression)
        case exp.EQ() | exp.NEQ() | exp.LT() | exp.LTE() | exp.GT() | exp.GTE() | exp.Between() | exp.In():
            return _compares(node, present, pair)
        case exp.Case():
            return "this" not in present or not _COLLATING & {*pair}
        case exp.Nullif():
            return not _COLLATING & {*pair}
        case exp.Like():
            plain = present == {"this", "expression"} and node.expression.is_string
            return plain and not _LOOSELY_TYPED & {*pair}  # which take no notice of case
        case exp.Neg():
            return isinstance(node.this, exp.Literal | exp.Column)
        case exp.Add() | exp.Sub():
            apart = _LOOSELY_TYPED if isinstance(node, exp.Add) else _LOOSELY_TYPED | _INTERVALS
            return not apart & {*pair} or _is_number(node.this) or _is_number(node.expression)
        case exp.Abs():
            return not _LOOSELY_TYPED & {*pair}
        case exp.Sum():
            grouped = (select := node.find_ancestor(exp.Select)) is None or bool(select.args.get("group"))
            return present == {"this"} and grouped  # of no rows it is 0 in ClickHouse
        case exp.Count():
            return isinstance(node.this, exp.Star | exp.Column) and present <= {"this", "big_int"}
        case exp.Star() | exp.Distinct():
            return not present and not (isinstance(node, exp.Distinct) and _COLLATING & {*pair})
        case exp.Cast():
            return _is_day(node) and "sqlite" not in pair
        case exp.DataType():
            return isinstance(node.parent, exp.Cast)
        case exp.Table():
            return isinstance(node.this, exp.Identifier) and present <= {"this", "db", "catalog", "alias"}
        case exp.Join():
            said = f"{node.side} {node.kind}".strip()
            fits = present == {"this", "on"} | ({"side"} if node.side else set()) | ({"kind"} if node.kind else set())
            return said in ("", "INNER", "LEFT", "LEFT OUTER") and fits
        case exp.Alias():
            return isinstance(node.this, exp.Column) or not _hides(node)
        case exp.Group():
            return present == {"expressions"} and all(isinstance(column, exp.Column) for column in node.expressions)
        case exp.Union():
            return present <= {"this", "expression", "with_"}  # ALL
        case exp.Select():
            return present <= {"expressions", "from_", "joins", "where", "group", "distinct", "with_"}
        case exp.With():
            return present == {"expressions"}
        case exp.CTE():
            return present == {"this", "alias"}
        case exp.TableAlias():
            return present == {"this"}
        case exp.Subquery():
            return present <= {"this", "alias"}
        case exp.Exists():
            return isinstance(node.this, exp.Select)
        case _:
            return type(node) in _SAME


def _is_exact_number(node: exp.Literal) -> bool:
    """Whole numbers; decimals, which some engines read as floats, only where they are compared."""
    if node.this.isdigit():
        return len(node.this) <= _DIGITS
    above = node.parent.parent if isinstance(node.parent, exp.Neg) else node.parent
    return _DECIMAL.fullmatch(node.this) is not None and isinstance(above, (*_EQUALS, *_ORDERS))


def _compares(node: exp.Expr, given: set[str], pair: tuple[str, str]) -> bool:
    """Whether values are compared alike. The order of texts is that of a collation, and in some engines so is whether
    they are equal: there a literal can be told another one, and a column cannot be known to hold no text.
    """
    if not given <= {"this", "expression", "expressions", "query", "low", "high"}:
        return False
    others = [node.args[key] for key in ("expression", "low", "high") if key in given]
    sides = [side.unnest() for side in (node.this, *others, *node.expressions)]
    literals = [side for side in sides if _is_value(side)]
    if isinstance(node, _ORDERS) and any(side.is_string for side in sides):
        return False
    if isinstance(node, exp.In) and "clickhouse" in pair and ("query" in given or not all(map(_is_value, sides[1:]))):
        return False  # what is missing it leaves out of the set
    if not _COLLATING & {*pair}:
        return True
    texts = any(side.is_string for side in sides)
    return "query" not in given and bool(literals) and not (texts and pair[0] in _COLLATING)


def _is_value(node: exp.Expr) -> bool:
    """Whether it is said in the SQL itself what this is."""
    return isinstance(node, exp.Literal | exp.Boolean | exp.Cast) or _is_number(node)


def _is_number(node: exp.Expr) -> bool:
    node = node.unnest()
    if isinstance(node, exp.Neg):
        node = node.this
    return isinstance(node, exp.Mul | exp.Count | exp.Sum) or (isinstance(node, exp.Literal) and not node.is_string)


def _is_not_null(node: exp.Expr) -> bool:
    return isinstance(node, exp.Not) and isinstance(node.this, exp.Null)


def _is_day(node: exp.Cast) -> bool:
    """`DATE '2024-01-31'`."""
    if type(node) is not exp.Cast or node.to.this is not exp.DType.DATE or not node.this.is_string:
        return False
    try:
        return _DAYS[0] <= date.fromisoformat(node.this.this) <= _DAYS[1] and len(node.this.this) == 10
    except ValueError:
        return False


def _hides(node: exp.Alias) -> bool:
    """Whether the name of a computed value is that of a column too: engines disagree on which of them is meant."""
    select = node.find_ancestor(exp.Select)
    if select is None or isinstance(node.this, exp.Column):
        return select is None
    return any(column.name.lower() == node.alias.lower() for column in select.find_all(exp.Column))
