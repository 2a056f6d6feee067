"""`count` and `members` without a rule: of all segments of the files that are named, by one statement."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable
from time import perf_counter
from typing import TYPE_CHECKING

import click

from ..answers.listing import FEW
from ..answers.style import counted
from ..answers.together import counts_data, counts_table, rows_table, write_rows
from ..console import opening
from ..console.opening import default_now, load_catalog, moment
from ..console.output import busy, print_json, show_problems
from ..errors import Problem, SegQLError
from ..many import CompiledMany, lacking_many, meanings, written_many
from .asked import parameters
from .opening import opened
from .output import BINARY, written

if TYPE_CHECKING:
    from ..catalog import Catalog
    from ..emitter.many import Shape
    from ..meanings import Meaning
    from .options import Options

EVERYONE = ""
"""The name of the rule that counts all profiles: no segment has it."""


def count_all(given: Options) -> None:
    """Prints how many members each segment has."""
    took: dict[str, float] = {}
    done, problems = _compiled(given, "counts", took)
    found: dict[str, int] = {}
    with opened(given) as warehouse:
        start = perf_counter()
        with busy(f"Counting {counted(len(done.meanings) - 1, 'segment')}", warehouse.progress):
            found = {name: int(number) for name, number in warehouse.rows(done.sql)}
        seconds = perf_counter() - start
    profiles = found.get(EVERYONE, 0)
    counts = {name: found.get(name, 0) for name in done.meanings if name != EVERYONE}
    if given.json:
        told = [problem.as_dict() for problem in problems]
        print_json({**counts_data(done, counts, seconds, took), "profiles": profiles, "problems": told})
    elif counts:
        click.echo(counts_table(counts, profiles))
        click.echo(f"({counted(len(counts), 'segment')}, {counted(profiles, 'profile')}, {seconds:.1f} s)", err=True)
    else:
        click.echo("There are no segments.", err=True)
    _end(problems)


def members_all(given: Options, shape: Shape, limit: int | None, form: str, output: str | None) -> None:
    """Lists the members of each segment."""
    done, problems = _compiled(given, shape, {})
    with opened(given, writes=output if form in BINARY else None) as warehouse:
        if form in BINARY:
            with busy("Writing", warehouse.progress):
                write = warehouse.write_arrow if form == "arrow" else warehouse.write_parquet
                write(done.sql, str(output), limit, done.ordered_by)
            _end(problems)
            return
        few = FEW if limit is None and form == "table" else limit
        with busy("Asking the warehouse", warehouse.progress):
            columns, rows = warehouse.listing(done.sql, few, done.ordered_by)
        with written(output) as out:
            if form == "table":
                out.write(rows_table(columns, rows, _width()) + "\n")
            else:
                write_rows(out, form, columns, rows)
    _end(problems)


def _width() -> int:
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else sys.maxsize


def _end(problems: Iterable[Problem]) -> None:
    """Exit code 1 where a segment could not be asked."""
    if any(problem.severity == "error" for problem in problems):
        raise click.exceptions.Exit(1)


def _compiled(given: Options, shape: Shape, took: dict[str, float]) -> tuple[CompiledMany, list[Problem]]:
    """The segments that can be asked, and what is wrong with the others, which is said.

    Notes how many seconds each took to be understood, and all of them, under no name, to become a statement.
    """
    if given.catalog is None and not given.on_demo_shop:
        raise click.UsageError(
            "A warehouse of your own needs its catalog: --catalog FILE. `segql catalog init` proposes one."
        )
    catalog = load_catalog(given)
    segments = opening.load_segments(given)
    now = moment(given.now, catalog) or default_now(given, True)
    try:
        found, problems = meanings(segments, catalog, now=now, parameters=parameters(given.param), took=took)
    except ValueError as error:
        raise click.BadParameter(f"{error}.", param_hint="--param") from None
    problems = [*segments.problems, *problems]
    dialect = "duckdb"
    if given.warehouse is not None:
        from ..warehouse import dialect_of

        dialect = dialect_of(given.warehouse)
    start = perf_counter()
    done, lacking = _able(found, catalog, dialect, shape)
    took[EVERYONE] = perf_counter() - start
    problems = list(dict.fromkeys([*problems, *lacking]))
    if not given.json:
        show_problems(problems)
    return done, problems


def _able(
    found: dict[str, Meaning], catalog: Catalog, dialect: str, shape: Shape
) -> tuple[CompiledMany, list[Problem]]:
    """The statement of the segments that the engine can answer, and what it lacks for the others."""
    from ..compiler import meaning

    more = {EVERYONE: meaning("everyone", catalog)} if shape == "counts" else {}
    try:
        return written_many({**found, **more}, catalog, dialect, shape), []
    except SegQLError:
        lacking = lacking_many(found, catalog, dialect, shape)
        if not lacking:
            raise
    able = {name: one for name, one in found.items() if name not in lacking}
    return written_many({**able, **more}, catalog, dialect, shape), [one for some in lacking.values() for one in some]
