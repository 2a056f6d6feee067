"""What many segments answer together: their counts as a table and as data, their rows for machines."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TextIO
from zoneinfo import ZoneInfo

from .columns import beside
from .style import clock, percent, signed, utc

if TYPE_CHECKING:
    from ..insights.trends import Point
    from ..meanings import Meaning
    from ..warehouse import Warehouse
    from ..warehouse.connection import Row


def counts_table(points: Mapping[str, Sequence[Point]], profiles: int, zone: ZoneInfo, width: int) -> str:
    """A line for each segment: its members, their share of the profiles, its name; cut off at the width.

    Where there is an instant before, also the change since then, and who came and went.
    """
    rows = [(at[-1].members, f"{percent(at[-1].members, profiles)} %", at, name) for name, at in points.items()]
    cells = [(f"{members:,}", share, *(_change(*at) if len(at) > 1 else ()), name) for members, share, at, name in rows]
    before = next((at[0].at for at in points.values() if len(at) > 1), None)
    heads = ("members", "share", *(("change", "entered", "left") if before else ()), "segment")
    table = beside(list(zip(heads, *cells, strict=True)), width, right=range(len(heads) - 1), ruled=True)
    return f"Change since {clock(before, zone)}.\n\n{table}" if before else table


def _change(before: Point, now: Point) -> tuple[str, ...]:
    return (
        signed(now.members - before.members),
        signed(now.entered or 0),
        signed(-(now.left or 0)),
    )


def counts_data(
    meanings: Mapping[str, Meaning], points: Mapping[str, Sequence[Point]], seconds: float, took: Mapping[str, float]
) -> dict[str, Any]:
    """The counts for machines, with what each segment says; with the earlier instant, and who came and went, if any.

    `seconds` is how long the one statement took in the warehouse; `took`, by name, how long each segment took to be
    understood, and under no name all together to become the statement.
    """
    segments = [
        {
            "segment": name,
            "rule": one.text.strip(),
            "now": utc(one.now),
            "count": points[name][-1].members,
            **_since(*points[name]),
            "compile_seconds": round(took.get(name, 0), 6),
        }
        for name, one in meanings.items()
    ]
    return {"seconds": round(seconds, 3), "compile_seconds": round(sum(took.values()), 3), "segments": segments}


def _since(first: Point, *later: Point) -> dict[str, Any]:
    if not later:
        return {}
    (now,) = later
    return {"since": utc(first.at), "before": first.members, "entered": now.entered, "left": now.left}


def write_rows(out: TextIO, form: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Rows as `csv`, as `jsonl`: an object a line, or as `json`: a list of these. A list in CSV is JSON."""
    if form == "csv":
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([_cell(value) for value in row] for row in rows)
        return
    objects = (json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False, default=str) for row in rows)
    if form == "jsonl":
        out.writelines(f"{one}\n" for one in objects)
        return
    out.write("[")
    sign = "\n  "
    for one in objects:
        out.write(sign + one)
        sign = ",\n  "
    out.write("\n]\n" if sign != "\n  " else "]\n")


def first_rows(warehouse: Warehouse, sql: str, limit: int, by: int) -> tuple[tuple[str, ...], list[Row], str]:
    """The columns of a query, its first rows in the order of the first `by` columns, and what says that there are more:
    they are counted only then. Raises WarehouseError.
    """
    columns, found = warehouse.listing(sql, limit + 1, by)
    rows = list(found)
    more = f"(showing {limit:,} of {warehouse.counts(sql)[0]:,}; --limit shows more)" if len(rows) > limit else ""
    return columns, rows[:limit], more


def rows_table(columns: Sequence[str], rows: Iterable[Sequence[Any]], width: int) -> str:
    """Rows under their heads."""
    return beside(
        list(zip(columns, *([str(_cell(value)) for value in row] for row in rows), strict=True)), width, ruled=True
    )


def _cell(value: Any) -> Any:
    return json.dumps(list(value), ensure_ascii=False, default=str) if isinstance(value, list | tuple) else value
