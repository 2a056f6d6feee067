"""`segql changes`: who entered which segment and who left it, from the tables that `segql refresh` keeps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

import click

from ..answers.listing import FEW
from ..arguments import instant
from ..console.opening import before, default_now, load_catalog, moment
from .living import INTO, keeping
from .options import Options, options
from .output import BINARY, write_listing


@click.command()
@options("question", "warehouse", "json")
@INTO
@click.option("--since", metavar="RUN|LENGTH", required=True, help="After a run, by its number; or 7d, or an instant.")
@click.option("--segment", metavar="NAME", help="Of this segment alone.")
@click.option(
    "--limit", type=click.IntRange(min=0), metavar="N", help=f"At most so many. Default: {FEW} in a table, else all."
)
@click.option("--first-time", is_flag=True, help="Who entered, and was never in the segment before.")
@click.option(
    "--format", "format_", type=click.Choice(["table", "csv", "json", "jsonl", "parquet"]), default="table",
    show_default=True,
)  # fmt: skip
@click.option("--output", metavar="FILE", help="Write to a file instead of standard output.")
def changes(
    given: Options, into: str, *, since: str, limit: int | None, first_time: bool, format_: str, output: str | None
) -> None:
    """List who entered and who left, from the tables that refresh keeps.

    After run N each of its segments is told from its last run up to N on; with
    a length or an instant all changes from then on. Asks no rule.

    \b
      segql changes --into members.duckdb --since 7d
      segql changes --into members.duckdb --since 12 --segment "VIP" --format csv
      segql changes --into members.duckdb --since 12 --first-time --format parquet --output new.parquet
    """
    from .. import ledger
    from ..ledger.changes import listed

    form = "json" if given.json else format_
    if form in BINARY and output is None:
        raise click.UsageError(f"A file of {form.capitalize()} is not for a terminal: add --output FILE.")
    with keeping(given, into, writes=output if form in BINARY else None) as kept, kept.shown():
        sql = ledger.changes(kept, _since(given, since), given.segment, first_time=first_time)
        if form in BINARY:
            kept.warehouse.write_parquet(sql, str(output), limit, by=4)
            return
        write_listing(kept.warehouse, listed(sql, kept.warehouse.dialect), form, output, limit=limit, by=4, told=_told)


def _told(rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    """The instant of each run as people and machines read it."""
    from ..ledger.tables import read

    return ((read(row[0]).isoformat().replace("+00:00", "Z"), *row[1:]) for row in rows)


def _since(given: Options, text: str) -> int | datetime:
    if text.strip().isdigit():
        return int(text)
    catalog = load_catalog(given)
    return before(text, instant(moment(given.now, catalog) or default_now(given, True)), catalog)
