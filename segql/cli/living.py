"""`segql refresh` and `watch`: who is a member of which segment, kept in tables, with their history."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import click

from ..answers.living import differing_text, refresh_data, refresh_head, refresh_table
from ..answers.style import clock, counted
from ..arguments import instant
from ..calendar import step, zone_of
from ..console.opening import length_of, moment, open_place, tables
from ..console.output import busy, failed, print_json, show_problems, show_warehouse_error
from ..errors import Problem
from ..project import Project
from .asked import project_of, some_segments
from .opening import check_place
from .options import Options, options, spoken

if TYPE_CHECKING:
    from ..ledger import Refresh
    from ..warehouse.keeping import Keeping

INTO = click.option(
    "--into", metavar="SCHEMA|FILE", required=True,
    help="Where the tables are: a schema of the warehouse, or a file beside it (members.duckdb, members.sqlite).",
)  # fmt: skip

MOST_RUNS = 10_000
"""Runs that one backfill makes at most."""


@click.command()
@options("segments", "question", "warehouse", "json")
@INTO
@click.option("--only", metavar="NAME", multiple=True, help="Look at this segment alone. Repeatable.")
@click.option("--write", is_flag=True, help="Write without asking.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and write nothing.")
@click.option("--full", is_flag=True, help="Ask everybody, also where few can have changed.")
@click.option("--views", is_flag=True, help="A view of each segment beside the tables, too.")
@click.option("--verify", metavar="PERCENT", help="Look at so many of the others, too: an error where one has changed.")
@click.option("--backfill", metavar="TEXT", help='History from the rows of today: "every day since 2026-01-01".')
def refresh(
    given: Options,
    into: str,
    *,
    only: tuple[str, ...],
    write: bool,
    dry_run: bool,
    full: bool,
    views: bool,
    verify: str | None,
    backfill: str | None,
) -> None:
    """Keep who is a member of which segment in tables, with history.

    Asks all segments by one statement, and writes who entered and who left in
    one transaction: members (segment, profile, since), history (segment,
    profile, entered, left), and runs, a row for each segment.

    \b
      segql refresh --segments segments/ --into members.duckdb --dry-run
      segql refresh --segments segments/ --into members.duckdb --backfill "every week since 2026-01-01"
      segql refresh --segments segments/ --warehouse shop.duckdb --into segments --write
      segql refresh --segments segments/ --warehouse postgresql://host/shop --into segments --write
    """
    from .. import ledger

    if write and dry_run:
        raise click.UsageError("--write and --dry-run: one of the two.")
    if verify is not None and (full or backfill is not None):
        raise click.UsageError("--verify goes with neither --full nor --backfill.")
    if views and backfill is not None:
        raise click.UsageError("--views goes with a run of today, not with --backfill.")
    part = None if verify is None else _percent(verify)
    project = project_of(given)
    chosen = [spoken(name, "--only") for name in only]
    for name in chosen:
        try:
            _ = project.segments[name]
        except KeyError as error:
            raise click.BadParameter(str(error.args[0]), param_hint="--only") from None
    some_segments(project)
    if backfill is not None:
        times = _times(backfill, project)
        first, last = (clock(at, zone_of(project.catalog.timezone)) for at in (times[0], times[-1]))
        click.echo(f"{counted(len(times), 'run')}, from {first} to {last}.", err=True)
        if not dry_run and _agreed(write, into):
            _fill(given, project, into, times, chosen, full=full)
        return
    with keeping(given, into) as kept:
        with busy(f"Asking {counted(len(chosen) or len(project.segments), 'segment')}", kept.warehouse.progress):
            found = _drafted(project, kept, chosen, full=full, verify=part)
        if found.differing:
            _refuse(given, found)
        if dry_run or not write:
            _say(given, project, found, "would be" if dry_run or not _asks() else None)
        if dry_run:
            _end(found)
        _agreed(write, into)
        with busy("Writing", kept.warehouse.progress):
            if not ledger.written(found, kept, with_views=views):
                found = ledger.refresh(project, kept, chosen, full=full, with_views=views)
        if write:
            _say(given, project, found, None)
        click.echo(f"Run {found.run:,} is written into {into}.", err=True)
        _end(found)


def _percent(text: str) -> Decimal:
    number = re.fullmatch(r"\s*(\d{1,3}(?:\.\d{1,6})?)\s*%?\s*", text)
    if number is None or not 0 < (percent := Decimal(number[1])) <= 100:
        raise click.BadParameter(f"{text} is no share of the profiles: 1%.", param_hint="--verify")
    return percent


def _refuse(given: Options, found: Refresh) -> None:
    """Ends with exit code 1: somebody is not as kept of whom nothing says that they changed."""
    if given.json:
        print_json(refresh_data(found))
    click.echo(differing_text(found), err=True)
    raise click.exceptions.Exit(1)


def _agreed(write: bool, into: str) -> bool:
    """Whether to write, which --write says, or somebody at a terminal; else the command ends."""
    if not write and not _asks():
        raise click.UsageError(f"Nothing was written. Add --write to write it into {into}.")
    if not write and not click.confirm(f"Write it into {into}?", err=True):
        raise click.Abort
    return True


def _times(text: str, project: Project) -> list[datetime]:
    """The instants of `every day since 2026-01-01`: so far from one another on the wall clock, up to now."""
    found = re.fullmatch(r"\s*every\s+(.+?)\s+since\s+(.+?)\s*", spoken(text, "--backfill"), re.IGNORECASE)
    if found is None:
        raise click.BadParameter(f'{text} is not "every day since 2026-01-01".', param_hint="--backfill")
    length, since = length_of(found[1], "--backfill"), found[2]
    day = re.fullmatch(r"\d{4}-\d{2}-\d{2}", since)
    start = instant(moment(f"{since}T00:00" if day else since, project.catalog, "--backfill"))
    zone, now, times = zone_of(project.catalog.timezone), project.instant(), list[datetime]()
    while (at := step(start, length.count * len(times), length.unit, zone)) <= now:
        times.append(at)
        if len(times) > MOST_RUNS:
            raise click.BadParameter(f"{text} is more than {MOST_RUNS:,} runs.", param_hint="--backfill")
    if not times:
        raise click.BadParameter(f"{since} is later than now.", param_hint="--backfill")
    return times


def _fill(given: Options, project: Project, into: str, times: list[datetime], chosen: list[str], *, full: bool) -> None:
    from .. import ledger

    done: list[Refresh] = []
    problems: dict[Problem, None] = {}
    with keeping(given, into) as kept:
        for found in ledger.backfill(project, kept, times, chosen, full=full):
            done.append(found)
            problems |= dict.fromkeys(found.problems)
            if not given.json:
                click.echo(refresh_head(found, zone_of(project.catalog.timezone), would=False))
    if given.json:
        print_json([refresh_data(found) for found in done])
    else:
        show_problems(problems)
        if not done:
            click.echo(f"All of these are in {into} already, or a later run is.", err=True)
    if any(problem.severity == "error" for problem in problems):
        raise click.exceptions.Exit(1)


@click.command()
@options("segments", "question", "warehouse", "json")
@INTO
@click.option("--every", metavar="LENGTH", required=True, help="How often: 15min, 1h, day.")
def watch(given: Options, into: str, every: str) -> None:
    """Refresh again and again, until Ctrl-C: for whoever has no scheduler.

    Catalog and segments are read anew each time. What goes wrong is said, and
    tried again at the next time.

    \b
      segql watch --every 15min --segments segments/ --warehouse shop.duckdb --into members.duckdb
    """
    from .. import ledger

    if given.now is not None:
        raise click.UsageError("--now goes with segql refresh: here it is the clock.")
    length = length_of(spoken(every, "--every"), "--every")
    while True:
        start = instant(None)
        with suppress(click.exceptions.Exit), failed(given.json):
            project = replace(project_of(given), now=instant(None))
            with keeping(given, into) as kept:
                _say(given, project, ledger.refresh(project, kept), None)
        after = step(start, length.count, length.unit, zone_of("UTC"))
        time.sleep(max(0.0, (after - instant(None)).total_seconds()))


def _drafted(project: Project, kept: Keeping, chosen: list[str], *, full: bool, verify: Decimal | None) -> Refresh:
    from .. import ledger

    try:
        return ledger.draft(project, kept, chosen, full=full, verify=verify)
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
def keeping(given: Options, into: str, writes: str | None = None) -> Iterator[Keeping]:
    """The warehouse of the options with the tables that are kept, for a while; an error of it ends with exit code 3."""
    from ..warehouse import WarehouseError
    from ..warehouse.keeping import is_file, open_keeping

    check_place(given)
    if given.on_demo_shop and not is_file(into):
        raise click.UsageError("The demo shop stays as it is: --into members.duckdb keeps the tables in a file.")
    try:
        place = given.warehouse or ":memory:"
        with busy("Making the demo shop" if given.on_demo_shop else "Opening the warehouse") as say:
            if given.on_demo_shop:
                shop = open_place(given, say)
                place = shop.rows("SELECT COALESCE(MAX(path), ':memory:') FROM duckdb_databases() WHERE NOT internal")[
                    0
                ][0]
                shop.close()
            kept = open_keeping(place, into, tables(given.table), seconds=given.timeout, writes=writes)
        try:
            yield kept
        finally:
            kept.close()
    except WarehouseError as error:
        show_warehouse_error(error.message, error.hint, given.json)
        raise click.exceptions.Exit(3) from None
