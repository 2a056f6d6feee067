"""How deep a statement nests for SQLite, whose parser keeps 100 symbols at once (before 3.46).

Each part is counted by the symbols of SQLite's grammar that stand before it unfinished.
"""

from __future__ import annotations

from sqlglot import exp

MOST = 88
"""The others are the statement's own, and those that are counted too few."""
_SELECT = {"expressions": 4, "from_": 4, "joins": 4, "where": 5, "group": 7, "having": 7, "order": 9, "limit": 9}
_TABLE, _ON, _OTHER = 2, 6, 5


def depth(node: exp.Expr) -> int:
    """The largest number of symbols that stand unfinished while the statement is read."""
    deepest, waiting = 0, [(node, 0)]
    while waiting:
        node, symbols = waiting.pop()
        deepest = max(deepest, symbols)
        for key, value in node.args.items():
            for place, part in enumerate(value if isinstance(value, list) else [value]):
                if isinstance(part, exp.Expr):
                    waiting.append((part, symbols + _before(node, key, place)))
    return deepest


def _before(node: exp.Expr, key: str, place: int) -> int:
    """The symbols of the node's own that stand before a part of it."""
    match node:
        case exp.Select():
            return _SELECT.get(key, 2 if key == "with_" else _OTHER)
        case exp.CTE():
            return 7
        case exp.From():
            return _TABLE
        case exp.Join():
            return _ON if key == "on" else _TABLE
        case exp.Subquery() if isinstance(node.parent, exp.From | exp.Join):
            return 0
        case exp.Where() | exp.Alias() | exp.With() | exp.Having():
            return 0
        case exp.Paren() | exp.Subquery() | exp.Not() | exp.Neg():
            return 1
        case exp.Exists() | exp.Cast():
            return 2
        case exp.Case():
            return 1 if key == "this" else 3 if key == "ifs" and place == 0 else 4
        case exp.If():
            return 0 if key == "this" else 2
        case exp.Between():
            return {"this": 0, "low": 2, "high": 4}[key]
        case exp.In():
            return 0 if key == "this" else 3 if key == "query" or place == 0 else 5
        case exp.Window():
            return 0 if key == "this" else 8
        case exp.SetOperation() | exp.Binary():
            return 0 if key == "this" else 2
        case exp.Func():
            return 3 if key == "this" or (place == 0 and isinstance(node, exp.Anonymous)) else 5
        case _:
            return 0 if key == "this" else _OTHER
