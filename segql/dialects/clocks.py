"""Clocks of time zones for engines that know none: a table of all their changes, in the statement itself.

The table has a row for each stretch of time with one offset: `since` as an instant, `wall_since` as the wall clock
shows it, `step` from an instant to the clock, and `back`, both in seconds. At a change from one offset to another the
new one counts from the later of the two wall-clock times on: so a time that clocks skip is moved forward, and of a
repeated one it is the earlier.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from sqlglot import exp

from ..calendar import zone_of
from .rewriting import below, call, with_names

FIRST, LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
"""The changes between these instants are known; before and after, clocks stay as they are then."""

_BEGINNING = -62167219200
"""The first instant of the year 0, before which there are no dates here."""
_ZONE, _MOMENT = "clock of a zone", "moment"
_ALIAS, _GROUPS, _NAMED = "clock", "grouped", "named"


def step(at: exp.Expr, zone: str, *, wall: bool) -> exp.Expr:
    """The step for DATETIME from an instant to the wall-clock time of a zone, or back: all texts."""
    table = exp.Table(this=exp.Identifier(this=_name(zone)), alias=exp.TableAlias(this=exp.Identifier(this=_ALIAS)))
    table.meta[_ZONE] = zone
    since, there = (_column("wall_since"), _column("back")) if wall else (_column("since"), _column("step"))
    # The last change has the largest text, whose first 19 characters say when; a sort would take five times as long.
    changes = exp.DPipe(this=since, expression=there, safe=True)
    last = call("SUBSTR", call("MAX", changes), exp.Literal.number(20))
    before = exp.Where(this=exp.LTE(this=since.copy(), expression=at))
    return exp.Subquery(this=exp.Select(expressions=[last], from_=exp.From(this=table), where=before))


def named(value: exp.Expr, said: Callable[[exp.Expr], exp.Expr]) -> exp.Expr:
    """What is said of a value, which stands there once and is called by a name. The value may be of the row around."""
    inner = exp.Select(expressions=[exp.Alias(this=value, alias=exp.Identifier(this="value"))])
    table = exp.Subquery(this=inner, alias=exp.TableAlias(this=exp.Identifier(this=_NAMED)))
    column = exp.Column(this=exp.Identifier(this="value"), table=exp.Identifier(this=_NAMED))
    outer = exp.Select(expressions=[said(column)], from_=exp.From(this=table))
    inner.meta[_NAMED] = outer.meta[_NAMED] = True
    return exp.Subquery(this=outer)


def outside_of_groups(select: exp.Select) -> exp.Select:
    """The SELECT; where it asks the clock at an aggregate, which no subquery may, over a subquery of its groups."""
    if _NAMED in select.meta:
        return select
    nodes = below(select)
    asked = [node.find_ancestor(exp.Select) for node in nodes if isinstance(node, exp.Table) and _ZONE in node.meta]
    asked += [node for node in nodes if isinstance(node, exp.Select) and _NAMED in node.meta]
    if not any(_asks_at_an_aggregate(query, select) for query in asked if query is not None):
        return select
    group, columns = select.args.get("group"), dict[exp.Expr, exp.Expr]()
    outer = exp.Select(expressions=with_names(select.expressions))
    if having := select.args.get("having"):
        select.set("having", None)
        outer.set("where", exp.Where(this=having.this))
    for node in list(outer.walk(prune=lambda node: node in columns)):
        if isinstance(node, exp.AggFunc) or (group is not None and node in group.expressions):
            name = exp.Identifier(this=f"value_{len(columns) + 1}")
            column = exp.Column(this=name, table=exp.Identifier(this=_GROUPS))
            node.replace(columns.setdefault(node.copy(), column).copy())
    select.set("expressions", [exp.Alias(this=node, alias=column.this.copy()) for node, column in columns.items()])
    grouped = exp.Subquery(this=select, alias=exp.TableAlias(this=exp.Identifier(this=_GROUPS)))
    outer.set("from_", exp.From(this=grouped))
    return outer


def _asks_at_an_aggregate(query: exp.Select, select: exp.Select) -> bool:
    around = query.find_ancestor(exp.Select)
    while around is not None and _NAMED in around.meta:
        around = around.find_ancestor(exp.Select)
    return around is select and query.find(exp.AggFunc) is not None


def once(value: exp.Expr) -> exp.Expr:
    """A value of the statement, whatever the row, computed in a query of its own."""
    table = exp.Table(this=exp.Identifier(this=_MOMENT))
    table.meta[_MOMENT] = value
    return exp.Subquery(this=exp.Select(expressions=[_named("at")], from_=exp.From(this=table)))


def with_clocks(query: exp.Query) -> exp.Query:
    """The statement with the tables of the clocks that it reads, and the moments that are computed once."""
    zones: dict[str, exp.CTE] = {}
    moments: dict[exp.Expr, exp.CTE] = {}

    def note(tree: exp.Expr) -> None:
        for table in below(tree):
            if not isinstance(table, exp.Table):
                continue
            if _ZONE in table.meta:
                zone = table.meta[_ZONE]
                if zone not in zones:
                    zones[zone] = _table(zone)
            elif _MOMENT in table.meta:
                value = table.meta.pop(_MOMENT)
                note(value)  # it may be made of others
                if value not in moments:
                    selected = exp.Select(expressions=[exp.Alias(this=value, alias=exp.Identifier(this="at"))])
                    moments[value] = _cte(f"{_MOMENT}_{len(moments) + 1}", selected)
                table.set("this", exp.Identifier(this=moments[value].alias))

    for paren in below(query):
        if isinstance(paren, exp.Paren) and isinstance(paren.parent, exp.Anonymous | exp.Paren | exp.Alias):
            paren.replace(paren.this)  # the parser goes only so deep
    note(query)
    if zones or moments:
        with_ = query.args.get("with_")
        others = [] if with_ is None else with_.expressions
        query.set("with_", exp.With(expressions=[*zones.values(), *moments.values(), *others]))
    return query


def _cte(name: str, query: exp.Select) -> exp.CTE:
    """Once for the statement: left to itself SQLite makes a table anew at each look."""
    return exp.CTE(this=query, alias=exp.TableAlias(this=exp.Identifier(this=name)), materialized=True)


def _name(zone: str) -> str:
    return f"clock_{re.sub(r'[^a-z0-9]+', '_', zone.lower())}"


def _column(name: str) -> exp.Expr:
    return exp.Column(this=exp.Identifier(this=name), table=exp.Identifier(this=_ALIAS))


def _table(zone: str) -> exp.CTE:
    """The changes are written as seconds since 1970, and how many seconds the clock is ahead from then on."""
    changes = exp.Literal.string(json.dumps(_changes(zone), separators=(",", ":")))
    since, ahead_ = (call("JSON_EXTRACT", _named("value"), exp.Literal.string(f"$[{place}]")) for place in (0, 1))
    before = exp.Window(
        this=call("LAG", ahead_.copy(), exp.Literal.number(1), ahead_.copy()),
        order=exp.Order(expressions=[exp.Ordered(this=since.copy(), nulls_first=True)]), over="OVER",
    )  # fmt: skip
    later = _seconds(call("MAX", ahead_.copy(), before))
    unix = exp.Literal.string("unixepoch")
    values = {
        "since": call("DATETIME", since, unix),
        "wall_since": call("DATETIME", since.copy(), unix.copy(), later),
        "step": _seconds(ahead_.copy()),
        "back": _seconds(exp.Neg(this=ahead_.copy())),
    }
    named = [exp.Alias(this=value, alias=exp.Identifier(this=name)) for name, value in values.items()]
    select = exp.Select(expressions=named, from_=exp.From(this=exp.Table(this=call("JSON_EACH", changes))))
    return _cte(_name(zone), select)


def _seconds(count: exp.Expr) -> exp.Expr:
    return exp.DPipe(this=count, expression=exp.Literal.string(" seconds"), safe=True)


def _named(name: str) -> exp.Expr:
    return exp.Column(this=exp.Identifier(this=name))


@lru_cache(maxsize=64)
def _changes(zone: str) -> list[tuple[int, int]]:
    clock = zone_of(zone)
    last = _offset(FIRST, clock)
    found = [(_BEGINNING, last)]
    day = FIRST
    while day < LAST:
        after = day + timedelta(days=1)
        if _offset(after, clock) != last:
            one, other = day, after
            while other - one > timedelta(seconds=1):
                middle = one + timedelta(seconds=(other - one) // timedelta(seconds=2))
                if _offset(middle, clock) == last:
                    one = middle
                else:
                    other = middle
            last = _offset(other, clock)
            found.append((int(other.timestamp()), last))
        day = after
    return found


def _offset(instant: datetime, zone: ZoneInfo) -> int:
    return int((instant.astimezone(zone).utcoffset() or timedelta()).total_seconds())
