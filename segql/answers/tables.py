"""Members with columns beside them: as a table for people, as CSV, JSON and rows of files for machines."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TextIO

from ..calendar import zone_of
from . import markdown as md
from .explained import problems_data, said
from .listing import shown, table_of

if TYPE_CHECKING:
    from ..catalog import Catalog
    from ..columns import CompiledColumns


def heads_of(done: CompiledColumns, key: str) -> list[str]:
    """The key's column and the columns, as they were asked for; one that is called like the key says that it is not."""
    return [key, *(f"{one.name} (column)" if one.name == key else one.name for one in done.columns)]


def cells_of(done: CompiledColumns, rows: Sequence[Sequence[Any]], catalog: Catalog) -> list[list[str]]:
    """The rows as people read them: money with its sign, times on the catalog's wall clock, two decimals at most."""
    from ..describer.values import WallClock

    clock = WallClock(zone_of(catalog.timezone), done.meaning.now, catalog.currency)
    types = [one.type for one in done.columns]
    return [
        [str(first), *(shown(value, type_, clock) for value, type_ in zip(rest, types, strict=True))]
        for first, *rest in rows
    ]


def table_text(
    done: CompiledColumns, key: str, rows: Sequence[Sequence[Any]], catalog: Catalog, *, markdown: bool = False
) -> str:
    """The rows as a table of text, or of Markdown."""
    from ..conditions import Type

    types, cells = [one.type for one in done.columns], cells_of(done, rows, catalog)
    numbers = [place for place, type_ in enumerate(types, 1) if type_ in (Type.NUMBER, Type.MONEY)]
    whole = [0] if all(isinstance(row[0], int) for row in rows) else []
    heads = heads_of(done, key)
    return md.table(heads, cells) if markdown else table_of(heads, cells, [*whole, *numbers])


def write_rows(format_: str, done: CompiledColumns, key: str, rows: Iterable[Sequence[Any]], out: TextIO) -> None:
    """The rows as `csv`, `jsonl` or `json`, written as they come."""
    heads = heads_of(done, key)
    if format_ == "csv":
        lines = csv.writer(out, lineterminator="\n")
        lines.writerow(heads)
        lines.writerows([_csv(value) for value in row] for row in rows)
        return
    objects = (json.dumps(_named(heads, row), ensure_ascii=False) for row in rows)
    if format_ == "jsonl":
        out.writelines(f"{line}\n" for line in objects)
        return
    head = {**said(done.meaning), "key": key, "columns": heads[1:], **problems_data(done.meaning.problems)}
    begun = json.dumps(head | {"members": []}, ensure_ascii=False, indent=2, default=str).removesuffix("]\n}")
    first = next(objects, None)
    if first is None:
        out.write(f"{begun}]\n}}\n")
        return
    out.write(f"{begun}\n    {first}")
    out.writelines(f",\n    {line}" for line in objects)
    out.write("\n  ]\n}\n")


def types_of(done: CompiledColumns, catalog: Catalog) -> list[str]:
    """The types of the key and the columns, as a file of Arrow or Parquet has them."""
    key = "integer" if catalog.profiles.key_type == "integer" else "text"
    return [key, *(one.type.value for one in done.columns)]


def _named(heads: Sequence[str], row: Sequence[Any]) -> dict[str, Any]:
    return dict(zip(heads, map(plain, row), strict=True))


def plain(value: Any) -> Any:
    """A value as JSON has it: a number, a text, a truth, a list; times in UTC."""
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case tuple():
            return list(map(plain, value))
        case _:
            return value


def _csv(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case tuple():
            return ", ".join(map(_csv, value))
        case Decimal():
            return format(value, "f")
        case _:
            return str(plain(value))
