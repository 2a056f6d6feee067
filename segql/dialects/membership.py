"""EXISTS as IN, for engines where a set is better than a correlated subquery."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp


def as_membership(node: exp.Exists) -> exp.Expr:
    """`outer IN (SELECT inner ..)` of an EXISTS whose only ties to the query around it are equalities; of another the
    EXISTS itself. It is NULL only where that is as good as false.
    """
    query = node.this
    where = query.args.get("where") if isinstance(query, exp.Select) else None
    if where is None:
        return node
    own = {one.alias_or_name for one in query.find_all(exp.Table, exp.Subquery)}
    inner: list[exp.Expr] = []
    outer: list[exp.Expr] = []
    rest: list[exp.Expr] = []
    for part in _conjuncts(where.this):
        tie = _tie(part, own)
        if tie is None:
            rest.append(part)
            continue
        for mine, theirs in _never_null(*tie) if isinstance(part, exp.NullSafeEQ) else [tie]:
            inner.append(mine)
            outer.append(theirs)
    others = [*rest, *query.args["from_"].iter_expressions(), *(query.args.get("joins") or ())]
    if not inner or any(_foreign(one, own) for one in others):
        return node
    query.set("expressions", inner)
    query.set("where", exp.Where(this=exp.and_(*rest, copy=False)) if rest else None)
    value = outer[0] if len(outer) == 1 else exp.Tuple(expressions=outer)
    found = exp.In(this=value, query=exp.Subquery(this=query))
    return found if _is_filter(node) else exp.Coalesce(this=found, expressions=[exp.false()])


def _is_filter(condition: exp.Expr) -> bool:
    """Whether NULL is as good as false of it."""
    above = condition.parent
    while isinstance(above, exp.And | exp.Or | exp.Paren):
        above = above.parent
    return isinstance(above, exp.Where | exp.If)


def _conjuncts(condition: exp.Expr) -> Iterator[exp.Expr]:
    if isinstance(condition, exp.And):
        yield from _conjuncts(condition.this)
        yield from _conjuncts(condition.expression)
    else:
        yield condition


def _tie(part: exp.Expr, own: set[str]) -> tuple[exp.Expr, exp.Expr] | None:
    """The two sides of an equality between the subquery and the query around it, its own first."""
    if not isinstance(part, exp.EQ | exp.NullSafeEQ):
        return None
    left, right = part.this, part.expression
    if _foreign(left, own):
        left, right = right, left
    if _foreign(left, own) or not _foreign(right, own):
        return None
    return (left, right) if all(column.table not in own for column in right.find_all(exp.Column)) else None


def _foreign(part: exp.Expr, own: set[str]) -> bool:
    return any(column.table and column.table not in own for column in part.find_all(exp.Column))


def _never_null(one: exp.Expr, other: exp.Expr) -> Iterator[tuple[exp.Expr, exp.Expr]]:
    """Pairs that are equal where two values are equal or both missing."""
    text = exp.DataType(this=exp.DType.TEXT)
    as_text = [
        exp.Coalesce(this=exp.Cast(this=side, to=text.copy()), expressions=[exp.Literal.string("")])
        for side in (one.copy(), other.copy())
    ]
    yield as_text[0], as_text[1]
    yield exp.Is(this=one, expression=exp.Null()), exp.Is(this=other, expression=exp.Null())
