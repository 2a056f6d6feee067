"""`segql refresh`: who is a member of which segment, kept in tables of the warehouse, with their history."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from ..answers.living import refresh_data, refresh_table
from ..answers.style import counted
from ..calendar import zone_of
from ..console.opening import open_place, tables
from ..console.output import busy, print_json, show_problems, show_warehouse_error
from ..project import Project
from .asked import project_of
from .opening import check_place
from .options import Options, options, spoken

if TYPE_CHECKING:
    from ..ledger import Refresh
    from ..warehouse.keeping import Keeping

_INTO = click.option(
    "--into", metavar="SCHEMA|FILE", required=True,
    help="Where the tables are: a schema of the warehouse, or a DuckDB file beside it (members.duckdb).",
)  # fmt: skip


@click.command()
@options("segments", "question", "warehouse", "json")
@_INTO
@click.option("--only", metavar="NAME", multiple=True, help="Look at this segment alone. Repeatable.")
@click.option("--write", is_flag=True, help="Write without asking.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and write nothing.")
def refresh(given: Options, into: str, only: tuple[str, ...], write: bool, dry_run: bool) -> None:
    """Keep who is a member of which segment in tables, with history.

    Asks all segments by one statement, and writes who entered and who left in
    one transaction: members (segment, profile, since), history (segment,
    profile, entered, left), and runs, a row for each segment.

    \b
      segql refresh --segments segments/ --into members.duckdb --dry-run
      segql refresh --segments segments/ --warehouse shop.duckdb --into segments --write
      segql refresh --segments segments/ --warehouse postgresql://host/shop --into segments --write
    """
    from .. import ledger

    if write and dry_run:
        raise click.UsageError("--write and --dry-run: one of the two.")
    project = project_of(given)
    chosen = [spoken(name, "--only") for name in only]
    for name in chosen:
        try:
            _ = project.segments[name]
        except KeyError as error:
            raise click.BadParameter(str(error.args[0]), param_hint="--only") from None
    if not project.segments:
        raise click.UsageError("There are no segments: --segments FILE|DIR.")
    with keeping(given, into) as kept:
        with busy(f"Asking {counted(len(chosen) or len(project.segments), 'segment')}", kept.warehouse.progress):
            found = _drafted(project, kept, chosen)
        if dry_run or not write:
            _say(given, project, found, "would be" if dry_run or not _asks() else None)
        if dry_run:
            _end(found)
        if not write:
            if not _asks():
                raise click.UsageError(f"Nothing was written. Add --write to write it into {into}.")
            if not click.confirm(f"Write it into {into}?", err=True):
                raise click.Abort
        with busy("Writing", kept.warehouse.progress):
            if not ledger.written(found, kept):
                found = ledger.refresh(project, kept, chosen)
        if write:
            _say(given, project, found, None)
        click.echo(f"Run {found.run:,} is written into {into}.", err=True)
        _end(found)


def _drafted(project: Project, kept: Keeping, chosen: list[str]) -> Refresh:
    from .. import ledger

    try:
        return ledger.draft(project, kept, chosen)
    except ValueError as error:
        raise click.BadParameter(f"{error}.", param_hint="--param") from None


def _say(given: Options, project: Project, found: Refresh, how: str | None) -> None:
    if given.json:
        print_json(refresh_data(found))
        return
    show_problems(found.problems)
    click.echo(refresh_table(found, zone_of(project.catalog.timezone), would=how is not None))


def _end(found: Refresh) -> None:
    """Ends with exit code 1 where a segment could not be asked."""
    raise click.exceptions.Exit(int(any(problem.severity == "error" for problem in found.problems)))


def _asks() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


@contextmanager
def keeping(given: Options, into: str) -> Iterator[Keeping]:
    """The warehouse of the options with the tables that are kept, for a while; an error of it ends with exit code 3."""
    from ..warehouse import WarehouseError
    from ..warehouse.keeping import open_keeping

    check_place(given)
    try:
        place = given.warehouse or ":memory:"
        with busy("Making the demo shop" if given.on_demo_shop else "Opening the warehouse") as say:
            if given.on_demo_shop:
                shop = open_place(given, say)
                place = shop.rows("SELECT COALESCE(MAX(path), ':memory:') FROM duckdb_databases() WHERE NOT internal")[
                    0
                ][0]
                shop.close()
            kept = open_keeping(place, into, tables(given.table), seconds=given.timeout)
        try:
            yield kept
        finally:
            kept.close()
    except WarehouseError as error:
        show_warehouse_error(error.message, error.hint, given.json)
        raise click.exceptions.Exit(3) from None
