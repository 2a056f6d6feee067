"""Where a command writes its lists: a file that takes the place of an old one when it is whole, or standard output."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TextIO

import click

from ..answers.listing import FEW
from ..answers.together import first_rows, rows_table, write_rows
from ..console.output import busy, width
from ..files import reason, replacing

if TYPE_CHECKING:
    from ..warehouse import Warehouse

BINARY = ("parquet", "arrow")
"""The formats that are no text: a file needs a name."""


@contextmanager
def written(output: str | None) -> Iterator[TextIO]:
    """The file to write to, or standard output."""
    if output is None:
        yield sys.stdout
        sys.stdout.flush()  # before anything that is said on stderr
        return
    with writing(output), replacing(output) as part, part.open("w", encoding="utf-8", newline="") as file:
        yield file


@contextmanager
def writing(output: str) -> Iterator[None]:
    """What is wrong with a file to write is click's UsageError."""
    try:
        yield
    except OSError as error:
        raise click.UsageError(f"{output} cannot be written: {reason(error)}.") from None


def write_listing(
    warehouse: Warehouse,
    sql: str,
    form: str,
    output: str | None,
    *,
    limit: int | None,
    by: int,
    told: Callable[[Iterable[Sequence[Any]]], Iterable[Sequence[Any]]] = iter,
) -> None:
    """The rows of a query in the order of its first `by` columns, as they are `told`: as text; few in a table, which
    says on stderr how many there are, else all. Raises WarehouseError.
    """
    rows: Iterable[Sequence[Any]]
    more = ""
    with busy("Asking the warehouse", warehouse.progress):
        if form == "table":
            columns, rows, more = first_rows(warehouse, sql, FEW if limit is None else limit, by)
        else:
            columns, rows = warehouse.listing(sql, limit, by)
    with written(output) as out:
        if form == "table":
            out.write(rows_table(columns, told(rows), width()) + "\n")
        else:
            write_rows(out, form, columns, told(rows))
    if more:
        click.echo(more, err=True)
