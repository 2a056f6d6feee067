"""Where a command finds what it is asked of: options with the settings of files, a warehouse for its time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from ..console.opening import open_place
from ..console.output import busy, show_warehouse_error
from ..console.setup import Setup
from ..settings import read_settings

if TYPE_CHECKING:
    from ..warehouse import Warehouse
    from .options import Options


def default_dialect(given: Setup) -> str:
    """The dialect of SQL where nobody named one: of the files, else of the warehouse."""
    if (found := read_settings().text("dialect")) or given.warehouse is None:
        return found or "duckdb"
    from ..warehouse.urls import dialect_of

    return dialect_of(given.warehouse)


@contextmanager
def opened(
    given: Options, writes: str | None = None, profiles: int | None = None, *, costs: bool = True
) -> Iterator[Warehouse]:
    """The warehouse of the options, closed at the end. An error of it ends the command with exit code 3.

    `costs`: say what each statement costs where that is known before.
    """
    from ..warehouse import WarehouseError

    check_place(given)
    try:
        with busy("Making the demo shop" if given.on_demo_shop else "Opening the warehouse") as say:
            warehouse = open_place(given, say, writes, profiles, reads=_reads if costs else None)
        try:
            yield warehouse
        finally:
            warehouse.close()
    except WarehouseError as error:
        show_warehouse_error(error.message, error.hint, given.json)
        raise click.exceptions.Exit(3) from None


def check_place(given: Setup) -> None:
    """Whether the options of a warehouse go together; click.UsageError where they do not."""
    from ..warehouse.urls import LIMITED, TIMED, dialect_of

    dialect = dialect_of(given.warehouse)
    if given.timeout is not None and dialect not in TIMED:
        raise click.UsageError("--timeout goes with a warehouse at a URL; on Spark the cluster says it.")
    if given.max_bytes is not None and dialect not in LIMITED:
        raise click.UsageError("--max-bytes goes with a warehouse at bigquery:// or trino://.")


def _reads(size: int) -> None:
    """Says what a statement costs where each byte is billed, before it runs."""
    from ..warehouse.bigquery import sized

    click.echo(f"This reads {sized(size)}.", err=True)
