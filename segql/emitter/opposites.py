"""The opposite of a condition: it holds where that does not, also where that is NULL."""

from __future__ import annotations

from sqlglot import exp

from .nodes import coalesce, false, is_null, is_set

_OPPOSITE: dict[type[exp.Expr], type[exp.Binary]] = {
    exp.EQ: exp.NEQ, exp.NEQ: exp.EQ, exp.LT: exp.GTE, exp.LTE: exp.GT, exp.GT: exp.LTE, exp.GTE: exp.LT,
}  # fmt: skip


def _never_null(value: exp.Expr) -> bool:
    """Whether the value is certainly there, so that NOT is its opposite."""
    match value:
        case exp.Exists() | exp.Boolean() | exp.Literal() | exp.NullSafeEQ():
            return True
        case exp.Is(expression=exp.Null() | exp.Boolean() | exp.Not(this=exp.Null())):
            return True
        case exp.Coalesce(expressions=[default]):
            return _never_null(default)
        case exp.Not() | exp.Paren() | exp.Neg():
            return _never_null(value.this)
        case exp.And() | exp.Or() | exp.EQ() | exp.NEQ() | exp.LT() | exp.LTE() | exp.GT() | exp.GTE() | exp.Mul():
            return _never_null(value.this) and _never_null(value.expression)
        case _:
            return False


def opposite(condition: exp.Expr) -> exp.Expr:
    """Holds where the condition does not hold, also where that is NULL."""
    match condition:
        case exp.Boolean(this=known):
            return exp.Boolean(this=not known)
        case exp.Is(this=value, expression=exp.Null()) if not condition.args.get("negate"):
            return is_set(value)
        case exp.Is(this=value, expression=exp.Not(this=exp.Null())):
            return is_null(value)
        case exp.Paren(this=inner):
            return opposite(inner)
    if not _never_null(condition):
        return exp.Not(this=coalesce(condition, false()))
    if type(condition) in _OPPOSITE:
        return _OPPOSITE[type(condition)](this=condition.this, expression=condition.expression)
    if isinstance(condition, exp.Not):
        inner = condition.this
        return inner if isinstance(inner, exp.Expr) else condition
    return exp.Not(this=exp.Paren(this=condition) if isinstance(condition, exp.Connector) else condition)
