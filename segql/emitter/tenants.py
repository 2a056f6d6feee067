"""Whose rows a statement reads: every table of the warehouse in it stands under the tenant's own value.

It is the last that is done to a statement, and to all of it: the tables of sources, of joins and names, and those that
a query or a sub-SELECT of the catalog reads. So nothing that comes before can leave it out.
"""

from __future__ import annotations

from typing import TypeVar

from sqlglot import exp

from ..catalog.model import Catalog
from ..catalog.tenants import OneTenant, tenant_of
from . import nodes as n

T = TypeVar("T", bound=exp.Expr)

_OF_VALUES = (exp.Explode, exp.ExplodingGenerateSeries, exp.GenerateSeries, exp.Posexplode, exp.Unnest)
"""Functions whose rows are those of their arguments."""


def narrowed(tree: T, catalog: Catalog | None) -> T:
    """The statement, which is used up, reading rows of the catalog's tenant alone; without a catalog as it is.

    Raises SegQLError where the catalog has tenants, and is narrowed to none.
    """
    tenant = None if catalog is None else tenant_of(catalog)
    if tenant is None:
        return tree
    within = exp.Paren(this=tree)  # so that the root has a place, too
    for table in list(tree.find_all(exp.Table)):
        if not _made(table) and (column := tenant.column_of(".".join(part.name for part in table.parts))):
            _under(table, column, tenant)
    found: T = within.this
    found.pop()
    return found


def stored(tree: exp.Expr) -> list[exp.Table]:
    """The tables of a statement that the warehouse has under a name."""
    within = exp.Paren(this=tree)
    found = [one for one in tree.find_all(exp.Table) if not isinstance(one.this, exp.Func) and not _made(one)]
    within.this.pop()
    return found


def of_tenant(column: str, alias: exp.Expr, tenant: OneTenant) -> exp.Expr:
    """Whether a row of the table that has this name is the tenant's."""
    known = exp.Column(this=n.identifier(column), table=alias)
    value = tenant.value
    literal = n.text(value) if isinstance(value, str) else n.given(n.number(value), value)
    return n.compare(known, "=", literal)


def _made(table: exp.Table) -> bool:
    """Whether its rows are no stored ones: those of a query WITH a name, or of a value in the row around."""
    if isinstance(table.this, exp.Func):
        return isinstance(table.this, _OF_VALUES) or table.this.find(exp.Column) is not None
    if table.args.get("db") is not None or not isinstance(table.this, exp.Identifier):
        return False
    child: exp.Expr = table
    while (parent := child.parent) is not None:
        given = parent.args.get("with_")
        if given is not None and child is not given:
            if any(_called(one, table.this) for one in given.expressions):
                return True
        elif isinstance(parent, exp.With):  # within a query with a name, which sees those before it
            for one in parent.expressions:
                if one is child and not parent.args.get("recursive"):
                    break
                if _called(one, table.this):
                    return True
                if one is child:
                    break
        child = parent
    return False


def _called(query: exp.Expr, name: exp.Identifier) -> bool:
    """Whether a query WITH a name has this one, to the letter: where an engine may take another for it, the table
    stays under the tenant's value.
    """
    alias = query.args["alias"].this
    return (alias.name, bool(alias.args.get("quoted"))) == (name.name, bool(name.args.get("quoted")))


def _under(table: exp.Table, column: str, tenant: OneTenant) -> None:
    """Puts a table under the tenant's value: beside it where the rows of FROM are told to stay, else within."""
    place: exp.Expr = table
    while isinstance(place.parent, exp.Final):
        place = place.parent
    above = place.parent
    name = _name(table)
    select = above.parent if isinstance(above, exp.From) else None
    if name is not None and isinstance(select, exp.Select) and _filters_first(select):
        where = select.args.get("where")
        others = [] if where is None else [where.this]
        select.set("where", exp.Where(this=n.both([of_tenant(column, name, tenant), *others])))
        return
    if name is not None and isinstance(above, exp.Join) and _adds_right(above):
        above.set("on", n.both([above.args["on"], of_tenant(column, name, tenant)]))
        return
    _within(table, column, tenant)


def _name(table: exp.Table) -> exp.Expr | None:
    """What its columns are told by, where it is a name and no more."""
    alias = table.args.get("alias")
    if any(table.args.get(key) for key in ("pivots", "joins", "laterals", "sample")) or isinstance(
        table.this, exp.Func
    ):
        return None
    if alias is None:
        return table.this.copy() if isinstance(table.this, exp.Identifier) else None
    return alias.this.copy() if alias.this is not None and not alias.args.get("columns") else None


def _filters_first(select: exp.Select) -> bool:
    """Whether WHERE does with the rows of FROM what a filter of these alone would do."""
    return not select.args.get("connect") and all(map(_keeps_left, select.args.get("joins") or ()))


def _keeps_left(join: exp.Join) -> bool:
    """Whether a join leaves no row of its right side alone, so that a condition on the left one may come after it."""
    return (join.side or "LEFT").upper() == "LEFT" and (join.kind or "CROSS").upper() in _KINDS and not join.method


def _adds_right(join: exp.Join) -> bool:
    """Whether what stands beside ON keeps rows of the right side out, and no others."""
    return join.args.get("on") is not None and not join.args.get("using") and _keeps_left(join)


_KINDS = ("CROSS", "INNER", "OUTER")


def _within(table: exp.Table, column: str, tenant: OneTenant) -> None:
    """Puts a SELECT of the tenant's rows in the place of a table, under the name that it had."""
    alias, held = table.args.get("alias"), {}
    for key in ("pivots", "joins", "laterals", "sample"):
        if table.args.get(key):
            held[key] = table.args[key]
            table.set(key, None)
    if alias is None and isinstance(table.this, exp.Identifier):
        alias = exp.TableAlias(this=table.this.copy())
    here = exp.Identifier(this="whose", quoted=False)
    inner = table.copy()
    inner.set("alias", exp.TableAlias(this=here))
    rows = n.select([exp.Star()], inner, where=of_tenant(column, here.copy(), tenant))
    table.replace(exp.Subquery(this=rows, alias=alias, **held))
