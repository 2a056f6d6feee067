"""What would make a catalog's segments faster in a warehouse (`segql doctor`): indexes, order, partitions.

Everything said is a hint at its place in the catalog's file. Nothing is changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal, TypeAlias

from sqlglot import exp

from ..catalog import Catalog
from ..catalog.model import Join
from ..catalog.tenants import tenant_of
from ..conditions import Interval, Occurrences
from ..dialects import known_or_plain
from ..emitter import nodes as n
from ..emitter import sources, sql_text
from ..emitter.target import Target
from ..errors import Problem
from ..plain import dataclass
from .bigquery import sized
from .connection import Warehouse
from .duckdb import dotted, quoted
from .faults import WarehouseError
from .layout import Indexed, Layout, Ordered, Partitioned
from .surveyed import Path

SMALL = 10_000
"""Tables with fewer rows are read as a whole in no time."""
FEW = 8
"""A table of fewer blocks is read in no time, in whatever order."""
SCATTERED = 0.5
"""Where the newest hundredth of a table lies in more than so many of its blocks, the table is in no order of time."""


@dataclass(frozen=True, slots=True)
class Use:
    """How the SQL finds rows of a table: by these columns, the first of them first; `wide` are good to have behind."""

    columns: tuple[str, ...]
    wide: tuple[str, ...]
    by: Literal["profile", "time", "match"]
    path: Path


Looks: TypeAlias = Sequence[Sequence[Occurrences]]
"""What each of some segments looks at."""
MOST = 50
"""What so many segments look at is counted for a table."""


def advice(
    warehouse: Warehouse, catalog: Catalog, progress: Callable[[str], None] | None = None, looks: Looks = ()
) -> list[Problem]:
    """Hints about the tables, in the order of the catalog's file. `progress` hears which table is at hand.

    Where a hint would let a rule read what it looks at alone, it says how much that is for these segments, and of an
    index by which rows are looked up, how many a look-up reads: both are counted. Where each byte is billed nothing is
    read: it says what these segments are billed for the table now, and what it would be of rows evenly over a year.
    Raises WarehouseError when the warehouse does not answer at all.
    """
    warehouse.tables()
    say, found = progress or (lambda part: None), list[Problem]()
    for table, uses in _uses(catalog).items():
        say(f"table {table}")
        try:
            layout = warehouse.layout(table)
        except WarehouseError:  # `catalog check` says that it is missing
            continue
        if layout is not None and layout.rows >= SMALL:
            for use, said, fix in _of_table(warehouse, catalog, table, layout, uses):
                if isinstance(layout, Partitioned):
                    by_time = fix.startswith("PARTITION")
                    needed = _spared(warehouse, catalog, table, looks, use) if by_time else ""
                elif warehouse.billed:
                    needed = ""
                elif use.by == "time":
                    needed = _needed(warehouse, catalog, table, layout, looks)
                else:
                    needed = _looked_up(warehouse, catalog, table, layout, use)
                found.append(Problem("layout", said + needed, catalog.span(*use.path), fix, "hint"))
    return sorted(found, key=lambda problem: problem.span.start)


def out_of_sight(warehouse: Warehouse, catalog: Catalog) -> bool:
    """Whether of none of the catalog's tables it is known how it lies: of views, and in many warehouses."""

    def seen(table: str) -> bool:
        try:
            return warehouse.layout(table) is not None
        except WarehouseError:
            return False

    return not any(map(seen, _uses(catalog)))


Hint = tuple[Use, str, str]
"""Where it is said, what, and what helps."""


def _of_table(
    warehouse: Warehouse, catalog: Catalog, table: str, layout: Layout, uses: Sequence[Use]
) -> Iterator[Hint]:
    many = _many(table, layout)
    match layout:
        case Indexed(indexes=indexes):
            yield from _unindexed(many, table, indexes, uses, warehouse.dialect)
        case Ordered():
            for use in (use for use in uses if use.by == "time"):
                yield from _scattered(warehouse, catalog, table, layout, use)
                return  # one order a table
        case Partitioned():
            events = sum(event.table == table for event in catalog.events.values())
            yield from _unpartitioned(many, layout, uses, events)


def _unindexed(
    many: str, table: str, indexes: Iterable[tuple[str, ...]], uses: Iterable[Use], dialect: str
) -> Iterator[Hint]:
    there = [tuple(map(str.casefold, index)) for index in indexes]
    for use in uses:
        wanted = tuple(map(str.casefold, use.columns))
        if use.by == "time":  # the event's name first, where there is one, else its time
            fits = any(index[: len(wanted)] == wanted for index in there)
        else:
            fits = any(set(index[: len(wanted)]) == set(wanted) for index in there)
        if not fits:
            columns = (*use.columns, *use.wide)
            there.append(tuple(map(str.casefold, columns)))
            led = " and ".join(f"`{name}`" for name in use.columns)
            said = f"{many} has no index that begins with {led}: {_WHY[use.by]}."
            yield use, said, _index(table, use.columns, columns, dialect)


def _index(table: str, led: Iterable[str], columns: Iterable[str], dialect: str) -> str:
    def written(name: exp.Expr) -> str:
        return sql_text(name, None, dialect)  # a name alone: nothing is read

    name = written(n.identifier("_".join((table.rpartition(".")[2], "by", *led))))
    named = ", ".join(written(n.identifier(column)) for column in columns)
    return f"CREATE INDEX {name} ON {written(n.table(table))} ({named})"


_WHY = {
    "time": "a rule about a short time reads all of it",
    "profile": "a rule that few others leave for it to decide reads all of it",
    "match": "for the rows of each event all of it is read",
}


def _many(table: str, layout: Layout) -> str:
    return f"`{table}` ({layout.rows:,} rows)"


def _scattered(warehouse: Warehouse, catalog: Catalog, table: str, layout: Ordered, use: Use) -> Iterator[Hint]:
    """In DuckDB a scan skips the blocks whose least and largest value rule them out."""
    time, block = quoted(use.columns[-1]), layout.block
    rows = sql_text(n.select([exp.Star()], n.table(table)), catalog, warehouse.dialect).partition("FROM")[2]
    newest = f"(SELECT quantile_disc({time}, 0.99) FROM (SELECT {time} FROM {rows}) USING SAMPLE 10000 ROWS)"
    counts = f"count(DISTINCT CASE WHEN {time} >= {newest} THEN {block} END), count(DISTINCT {block})"
    ((found, blocks),) = warehouse.rows(f"SELECT {counts} FROM {rows}")
    if blocks >= FEW and found > SCATTERED * blocks:
        said = f"its newest hundredth lies in {found:,} of its {blocks:,} blocks"
        said = f"{_many(table, layout)} is in no order of `{use.columns[-1]}`: {said}."
        yield use, said, f"write it in order: CREATE TABLE .. AS SELECT * FROM {dotted(table)} ORDER BY {time}"


def _needed(warehouse: Warehouse, catalog: Catalog, table: str, layout: Layout, looks: Looks) -> str:
    """How much of a table those segments need that look at windows of it alone. An order of time knows no names."""
    target = Target(catalog, known_or_plain(warehouse.dialect), datetime.now(UTC), "")

    def needs(name: str, window: Interval) -> exp.Expr:
        rows = sources.events((name,), "it", target)
        named = isinstance(layout, Indexed) and rows.event is not None and rows.event.name_column is not None
        return n.both([rows.in_window(window), *([sources.named_as(rows, (name,))] if named else [])])

    found = [
        n.case(n.either(needs(*one) for one in dict.fromkeys(here)), n.number(1))
        for here in _windows(catalog, table, looks)
    ]
    if not found:
        return ""
    counts = [exp.Count(this=one) for one in (exp.Star(), *found)]
    ((rows, *needed),) = warehouse.rows(
        sql_text(n.select(counts, n.aliased(n.table(table), "it")), catalog, warehouse.dialect)
    )
    share = sum(needed) / len(needed) / max(rows, 1)
    return f" {len(needed)} of the saved segments look at {share * 100:.1f} % of it."


def _windows(catalog: Catalog, table: str, looks: Looks) -> list[list[tuple[str, Interval]]]:
    """The events of a table with their windows, of each of those segments that look at windows of it alone."""
    found = list[list[tuple[str, Interval]]]()
    for look in looks:
        here = [(name, of.window) for of in look for name in of.events if catalog.events[name].table == table]
        if here and len(found) < MOST and all(window.start is not None for _, window in here):
            found.append(here)
    return found


YEAR = timedelta(days=365)


def _spared(warehouse: Warehouse, catalog: Catalog, table: str, looks: Looks, use: Use) -> str:
    """What the segments are billed for a table, by a dry run, and what they would be: an estimate, which says how."""
    windows = _windows(catalog, table, looks)
    columns = [n.column("it", name) for name in (*use.columns, *use.wide)]
    sql = sql_text(n.select(columns, n.aliased(n.table(table), "it")), catalog, warehouse.dialect)
    if not windows or not (now := warehouse.size(sql)):
        return ""
    shares = list[float]()
    for here in windows:
        starts, ends = zip(*((window.start, window.end) for _, window in here), strict=True)
        shares.append(min(1.0, (max(filter(None, ends)) - min(filter(None, starts))) / YEAR))
    would = sized(round(now * sum(shares) / len(shares)))
    said = f" {len(shares)} of the saved segments look at windows of it, and each is billed {sized(now)} for it now"
    return f"{said}: of rows evenly over a year it would be {would}."


def _looked_up(warehouse: Warehouse, catalog: Catalog, table: str, layout: Layout, use: Use) -> str:
    """How many rows a look-up by the columns reads, on average over their values."""
    values = n.select([n.column("it", name) for name in use.columns], n.aliased(n.table(table), "it"))
    values.set("distinct", exp.Distinct())
    counts = n.select([exp.Count(this=exp.Star())], n.aliased(exp.Subquery(this=values), "found"))
    ((found,),) = warehouse.rows(sql_text(counts, catalog, warehouse.dialect))
    each = f"{layout.rows / max(found, 1):,.1f}"
    return f" With one, a look-up reads {each} row{'' if each == '1.0' else 's'}."


def _unpartitioned(many: str, layout: Partitioned, uses: Sequence[Use], events: int) -> Iterator[Hint]:
    for use in (use for use in uses if use.by == "time"):
        *kind, time = use.columns
        if layout.by is None:
            said = f"{many} has no partitions: a rule about a short time is billed for all of it."
            yield use, said, f"PARTITION BY {time}"
        wanted = [*kind, *use.wide]
        if wanted and not layout.clusters:
            said = f"{many} is not clustered: a rule about one event is billed for all of a partition."
            if kind and events > 1:
                said += f" Of {events} events, each as common, one is {100 / events:.0f} %."
            yield use, said, f"CLUSTER BY {', '.join(wanted)}"
        return  # one layout a table


def _uses(catalog: Catalog) -> dict[str, list[Use]]:
    """The tables of a catalog, each with how the SQL finds its rows."""
    found: dict[str, list[Use]] = {}
    tenant = tenant_of(catalog)

    def use(
        table: str | None,
        columns: Sequence[str | None],
        wide: Sequence[str | None],
        by: Literal["profile", "time", "match"],
        path: Path,
    ) -> None:
        named, more = ([one for one in some if one is not None] for some in (columns, wide))
        if table is not None and named:
            whose = None if tenant is None else tenant.column_of(table)
            named = named if whose is None else [whose, *named]
            one = Use(tuple(named), tuple(name for name in dict.fromkeys(more) if name not in named), by, path)
            if all((one.columns, one.by) != (other.columns, other.by) for other in found.setdefault(table, [])):
                found[table].append(one)

    def joined(joins: Mapping[str, Join], path: Path) -> None:
        for name, join in joins.items():
            use(join.table, [*join.on.values()], [], "match", (*path, "join", name))

    use(catalog.profiles.table, [catalog.profiles.key], [], "match", ("profiles", "table"))
    joined(catalog.profiles.join, ("profiles",))
    for name, event in catalog.events.items():
        path: Path = ("events", name)
        moment = event.time.alone if event.time else None
        whose = event.profile.alone if event.profile else None
        if moment is not None:
            use(event.table, [event.name_column, moment], [whose], "time", (*path, "table"))
        if whose is not None:
            use(event.table, [whose], [event.name_column, moment], "profile", (*path, "table"))
        joined(event.join, path)
        if event.items is not None:
            use(event.items.table, [*event.items.on.values()], [], "match", (*path, "items", "table"))
            joined(event.items.join, (*path, "items"))
    for kind, parts in (("channels", catalog.channels), ("lists", catalog.lists)):
        for name, part in parts.items():
            if part.profile is not None and part.profile.alone is not None:
                when = part.time.alone if part.time else None
                use(part.table, [part.profile.alone], [when], "profile", (kind, name, "table"))
    return found
