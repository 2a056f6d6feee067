"""Medians by window functions, for engines without ordered aggregates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlglot import exp

from .rewriting import with_names

_ROWS = "ranked"


def without_medians(select: exp.Select) -> exp.Select:
    """The SELECT; where it asks for medians of its groups, over a subquery that ranks the rows of each group."""
    medians = [one for value in select.expressions for one in _own(value) if isinstance(one, exp.WithinGroup)]
    if not medians:
        return select
    group = select.args.get("group")
    keys: list[exp.Expr] = [] if group is None else group.expressions
    ranks: list[exp.Expr] = []
    for number, median in enumerate(medians, 1):
        value = median.expression.expressions[0].this
        missing = exp.Is(this=exp.Paren(this=value.copy()), expression=exp.Null())
        order = exp.Order(expressions=[_ordered(missing), _ordered(value.copy())])
        rank, count = f"rank_{number}", f"count_{number}"
        ranks.append(_named(_over(exp.RowNumber(), keys, order), rank))
        ranks.append(_named(_over(exp.Count(this=value.copy()), keys), count))
        # The smallest value that at least half of the values do not exceed.
        half = exp.Between(
            this=exp.Mul(this=_column(rank), expression=exp.Literal.number(2)),
            low=_column(count),
            high=exp.Add(this=_column(count), expression=exp.Literal.number(1)),
        )
        median.replace(exp.Max(this=exp.Case(ifs=[exp.If(this=half, true=value)])))
    own = {source.alias_or_name for source in _sources(select)}
    outer = exp.Select(expressions=with_names(select.expressions))
    if keys:
        outer.set("group", exp.Group(expressions=[key.copy() for key in keys]))
    names: dict[tuple[str, str], str] = {}
    columns: dict[str, exp.Expr] = {}
    for column in list(outer.find_all(exp.Column)):
        if column.table in own and not _hidden(column, outer):
            name = names.setdefault((column.table, column.name), f"column_{len(names) + 1}")
            columns.setdefault(name, _named(column.copy(), name))
            column.replace(_column(name))
    select.set("group", None)
    select.set("expressions", [*columns.values(), *ranks])
    ranked = exp.Subquery(this=select, alias=exp.TableAlias(this=exp.Identifier(this=_ROWS)))
    outer.set("from_", exp.From(this=ranked))
    return outer


def _own(node: exp.Expr) -> Iterator[exp.Expr]:
    """The nodes that belong to the SELECT itself."""
    return node.walk(prune=lambda one: isinstance(one, exp.Query))


def _hidden(column: exp.Column, outer: exp.Select) -> bool:
    """Whether a subquery has a table of that name itself."""
    above = column.find_ancestor(exp.Select)
    while above is not None and above is not outer:
        if column.table in {source.alias_or_name for source in _sources(above)}:
            return True
        above = above.find_ancestor(exp.Select)
    return False


def _sources(select: exp.Select) -> list[exp.Expr]:
    joined = [select.args.get("from_"), *(select.args.get("joins") or ())]
    return [one.this for one in joined if one is not None]


def _over(function: exp.Expr, keys: Sequence[exp.Expr], order: exp.Order | None = None) -> exp.Expr:
    return exp.Window(this=function, partition_by=[key.copy() for key in keys], order=order, over="OVER")


def _ordered(value: exp.Expr) -> exp.Expr:
    return exp.Ordered(this=value, nulls_first=True)


def _named(value: exp.Expr, name: str) -> exp.Expr:
    return exp.Alias(this=value, alias=exp.Identifier(this=name, quoted=True))


def _column(name: str) -> exp.Expr:
    return exp.Column(this=exp.Identifier(this=name, quoted=True), table=exp.Identifier(this=_ROWS))
