"""What many segments answer together: their counts as a table and as data, their rows for machines."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TextIO

from .columns import beside
from .style import percent

if TYPE_CHECKING:
    from ..many import CompiledMany


def counts_table(counts: Mapping[str, int], profiles: int) -> str:
    """A line for each segment: its members, their share of the profiles, its name."""
    lines = [(f"{count:,}", f"{percent(count, profiles)} %", name) for name, count in counts.items()]
    wide, share = (max(len(head), *(len(line[at]) for line in lines)) for at, head in enumerate(("members", "share")))
    heads = [("members", "share", "segment"), ("─" * wide, "─" * share, "─" * max(map(len, ("segment", *counts))))]
    return "\n".join(f"{one:>{wide}}  {other:>{share}}  {name}" for one, other, name in (*heads, *lines))


def counts_data(
    done: CompiledMany, counts: Mapping[str, int], seconds: float, took: Mapping[str, float]
) -> dict[str, Any]:
    """The counts for machines, with what each segment says.

    `seconds` is how long the one statement took in the warehouse; `took`, by name, how long each segment took to be
    understood, and under no name all together to become the statement.
    """
    segments = [
        {
            "segment": name,
            "rule": one.text.strip(),
            "now": one.now.isoformat().replace("+00:00", "Z"),
            "count": counts[name],
            "compile_seconds": round(took.get(name, 0), 6),
        }
        for name, one in done.meanings.items()
        if name in counts
    ]
    return {"seconds": round(seconds, 3), "compile_seconds": round(sum(took.values()), 3), "segments": segments}


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


def rows_table(columns: Sequence[str], rows: Iterable[Sequence[Any]], width: int) -> str:
    """Rows under their heads."""
    return beside(
        list(zip(columns, *([str(_cell(value)) for value in row] for row in rows), strict=True)), width, ruled=True
    )


def _cell(value: Any) -> Any:
    return json.dumps(list(value), ensure_ascii=False, default=str) if isinstance(value, list | tuple) else value
