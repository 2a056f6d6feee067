"""`count` and `members` without a rule: of all segments of the files that are named, by one statement."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from time import perf_counter
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from ..answers.charts import counts_chart
from ..answers.style import counted
from ..answers.together import counts_data, counts_table
from ..arguments import instant
from ..calendar import zone_of
from ..console import opening
from ..console.opening import before, default_now, load_catalog, moment
from ..console.output import busy, print_json, show_problems, width
from ..errors import Problem, SegQLError
from ..many import CompiledMany, lacking_many, meanings, written_many
from ..plain import dataclass
from .asked import check_catalog, parameters
from .charts import check_chart, write_chart
from .opening import opened
from .options import spoken
from .output import BINARY, write_listing

if TYPE_CHECKING:
    from ..catalog import Catalog
    from ..emitter.many import Shape
    from ..meanings import Meaning
    from .options import Options

EVERYONE = ""
"""The name of the rule that counts all profiles: no segment has it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the segments that can be: one statement. `meanings` are theirs at the last of the `times`.

    Counts go by the names of `insights.trends.of_one`, of each segment by its place; members by those of segments.
    """

    done: CompiledMany
    meanings: dict[str, Meaning]
    times: tuple[datetime, ...]
    problems: list[Problem]
    zone: ZoneInfo


def count_all(given: Options, since: str | None) -> None:
    """Prints how many members each segment has; and who came and went since an instant, or so long ago."""
    from ..insights.trends import trend_of

    check_chart(given.chart)
    took: dict[str, float] = {}
    asked = _compiled(given, "counts", took, since)
    with opened(given) as warehouse:
        start = perf_counter()
        with busy(f"Counting {counted(len(asked.meanings), 'segment')}", warehouse.progress):
            found = {name: int(number) for name, number in warehouse.rows(asked.done.sql)}
        seconds = perf_counter() - start
    profiles = found.get(EVERYONE, 0)
    points = trend_of(found, asked.meanings, asked.times).points
    if given.json:
        told = [problem.to_dict() for problem in asked.problems]
        data = counts_data(asked.meanings, points, seconds, took)
        print_json({**data, "profiles": profiles, "problems": told})
    elif points:
        click.echo(counts_table(points, profiles, asked.zone, width()))
        click.echo(f"({counted(len(points), 'segment')}, {counted(profiles, 'profile')}, {seconds:.1f} s)", err=True)
    else:
        click.echo("There are no segments.", err=True)
    if given.chart is not None:
        write_chart(given.chart, lambda: counts_chart(points, profiles, asked.zone))
    _end(asked.problems)


def members_all(given: Options, shape: Shape, limit: int | None, form: str, output: str | None) -> None:
    """Lists the members of each segment."""
    asked = _compiled(given, shape, {})
    done = asked.done
    with opened(given, writes=output if form in BINARY else None) as warehouse:
        if form in BINARY:
            with busy("Writing", warehouse.progress):
                write = warehouse.write_arrow if form == "arrow" else warehouse.write_parquet
                write(done.sql, str(output), limit, done.ordered_by)
            _end(asked.problems)
            return
        write_listing(warehouse, done.sql, form, output, limit=limit, by=done.ordered_by)
    _end(asked.problems)


def _end(problems: Iterable[Problem]) -> None:
    """Exit code 1 where a segment could not be asked."""
    if any(problem.severity == "error" for problem in problems):
        raise click.exceptions.Exit(1)


def _compiled(given: Options, shape: Shape, took: dict[str, float], since: str | None = None) -> Asked:
    """The segments that can be asked, and what is wrong with the others, which is said.

    Notes how many seconds each took to be understood, and all of them, under no name, to become a statement.
    """
    check_catalog(given)
    catalog = load_catalog(given)
    zone = zone_of(catalog.timezone)
    segments = opening.load_segments(given)
    now = instant(moment(given.now, catalog) or default_now(given, True))
    times = (now,) if since is None else (before(spoken(since, "--since"), now, catalog), now)
    values = parameters(given.param)
    at: list[dict[str, Meaning]] = []
    problems = [*segments.problems]
    for time in times:
        try:
            found, wrong = meanings(segments, catalog, now=time, parameters=values, took=took if time == now else None)
        except ValueError as error:
            raise click.BadParameter(f"{error}.", param_hint="--param") from None
        at.append(found)
        problems += wrong
    able = {name: [found[name] for found in at] for name in at[-1] if all(name in found for found in at)}
    dialect = "duckdb"
    if given.warehouse is not None:
        from ..warehouse import dialect_of

        dialect = dialect_of(given.warehouse)
    start = perf_counter()
    done, meant, lacking = _able(able, catalog, dialect, shape)
    took[EVERYONE] = perf_counter() - start
    problems = list(dict.fromkeys([*problems, *lacking]))
    if not given.json:
        show_problems(problems)
    return Asked(done, meant, times, problems, zone)


def _able(
    found: dict[str, list[Meaning]], catalog: Catalog, dialect: str, shape: Shape
) -> tuple[CompiledMany, dict[str, Meaning], list[Problem]]:
    """The statement of the segments that the engine can answer, their last meanings, what it lacks for the others."""
    from ..compiler import meaning
    from ..insights.trends import of_one

    more = {EVERYONE: meaning("everyone", catalog)} if shape == "counts" else {}

    def rules(chosen: dict[str, list[Meaning]]) -> dict[str, Meaning]:
        if shape != "counts":
            return {name: at[-1] for name, at in chosen.items()}
        return {key: one for place, at in enumerate(chosen.values()) for key, one in of_one(place, at).items()}

    def last(chosen: dict[str, list[Meaning]]) -> dict[str, Meaning]:
        return {name: at[-1] for name, at in chosen.items()}

    try:
        return written_many({**rules(found), **more}, catalog, dialect, shape), last(found), []
    except SegQLError:
        lacking = lacking_many(last(found), catalog, dialect, shape)
        if not lacking:
            raise
    able = {name: at for name, at in found.items() if name not in lacking}
    told = [one for some in lacking.values() for one in some]
    return written_many({**rules(able), **more}, catalog, dialect, shape), last(able), told
