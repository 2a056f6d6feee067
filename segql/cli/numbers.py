"""Numbers about segments: `overlap`, `funnel`, `trend`, `vary`; each by one statement."""

from __future__ import annotations

import shutil
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from ..answers.numbers import (
    funnel_data,
    funnel_text,
    overlap_data,
    overlap_text,
    trend_data,
    trend_text,
    vary_data,
    vary_text,
)
from ..calendar import zone_of
from ..console.opening import default_now, load_catalog, moment
from ..console.output import busy, print_json
from ..project import Project
from .asked import load_segments, parameters, question
from .opening import opened
from .options import Options, options, spoken

if TYPE_CHECKING:
    from ..arguments import Given
    from ..ast import Duration


def _width() -> int:
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else sys.maxsize


def project_of(given: Options) -> Project:
    """What several rules are asked of, without the warehouse, whose dialect it has."""
    if given.catalog is None and not given.on_demo_shop:
        raise click.UsageError(
            "A warehouse of your own needs its catalog: --catalog FILE. `segql catalog init` proposes one."
        )
    catalog = load_catalog(given)
    now = moment(given.now, catalog) or default_now(given, True)
    return _in_dialect(given, Project(catalog, load_segments(given), parameters(given.param), now=now))


def _in_dialect(given: Options, project: Project) -> Project:
    if given.warehouse is None:
        return project
    from ..warehouse import dialect_of

    return replace(project, dialect=dialect_of(given.warehouse))


def rules_of(names: tuple[str, ...], project: Project) -> dict[str, Given]:
    """The saved segments of these names, and what is no name of one as a rule; without names all that are saved."""
    if not names:
        return {name: project.segments[name] for name in project.segments}
    found: dict[str, Given] = {}
    for name in (spoken(word, "A rule") for word in names):
        try:
            segment = project.segments[name]
            found[segment.name.text] = segment
        except KeyError:
            found[name] = name
    return found


@click.command()
@click.argument("rules", nargs=-1)
@options("segments", "question", "warehouse", "json")
@click.option("--partition", is_flag=True, help="Exit code 1 where somebody is in two of them, or in none.")
def overlap(given: Options, rules: tuple[str, ...], partition: bool) -> None:
    """Say how segments overlap: pairs, and the largest groups that are in the same ones.

    RULES are names of saved segments, or rules; without any, all segments of --segments.

    \b
      segql overlap "VIP" "High rollers" "Dead weight"
      segql overlap "placed order in 30d" "clicked email in 30d"
      segql overlap --segments personas.segql --partition
    """
    from ..insights import overlap as overlap_

    project = project_of(given)
    chosen = rules_of(rules, project)
    with opened(given) as warehouse, busy("Asking the warehouse"):
        found = overlap_(chosen, replace(project, warehouse=warehouse))
    if given.json:
        print_json(overlap_data(found))
    else:
        click.echo(overlap_text(found, _width()))
    if partition and not (found.exclusive and found.covers):
        raise click.exceptions.Exit(1)


@click.command()
@options("rule", "segments", "question", "warehouse", "json")
def funnel(given: Options) -> None:
    """Say what each condition of a rule does to the number of its members.

    How many are left with each condition in the order in which it is written, for how many it holds alone, and how
    many more there would be without it.

    \b
      segql funnel "clicked sms in 72h and vip and country is 'NL'"
      segql funnel --segment "SMS espresso shot"
    """
    from ..insights import funnel as funnel_

    rule, project = question(given, demo_warehouse=True)
    project = _in_dialect(given, project)
    with opened(given) as warehouse, busy("Asking the warehouse"):
        found = funnel_(rule, replace(project, warehouse=warehouse))
    if given.json:
        print_json(funnel_data(found))
    else:
        click.echo(funnel_text(found, _width()))


@click.command()
@click.argument("rules", nargs=-1)
@options("segments", "question", "warehouse", "json")
@click.option("--every", default="week", show_default=True, metavar="LENGTH", help="day, week, month, 3 days, ..")
@click.option("--last", type=click.IntRange(min=2, max=400), default=26, show_default=True, metavar="N", help="Points.")
def trend(given: Options, rules: tuple[str, ...], every: str, last: int) -> None:
    """Say how many members a segment had at instants in the past, and who entered and left between them.

    Each instant is asked as `now` would be, of the rows that the warehouse has today: what a profile's own properties
    were at that time, nobody knows.

    \b
      segql trend "placed order in 90d"
      segql trend "VIP" "High rollers" --every month --last 12
      segql trend --segments personas.segql --json
    """
    from ..insights.trends import MOST, instants
    from ..insights.trends import trend as trend_

    project = project_of(given)
    chosen = rules_of(rules, project)
    if len(chosen) * last > MOST:
        raise click.UsageError(f"{len(chosen)} segments at {last} instants are more than {MOST}: choose fewer.")
    try:
        times = instants(project, _length(every), last)
    except OverflowError:
        raise click.BadParameter("This reaches back before the calendar.", param_hint="--last") from None
    with opened(given) as warehouse, busy("Asking the warehouse"):
        found = trend_(chosen, replace(project, warehouse=warehouse), times)
    if given.json:
        print_json(trend_data(found))
    else:
        click.echo(trend_text(found, zone_of(project.catalog.timezone), _width()))


def _length(text: str) -> Duration:
    """`week`, `2 weeks`, `36h`."""
    from ..ast import Duration
    from ..errors import SegQLError
    from ..parser import parse_value

    said = text.strip()
    try:
        found = parse_value(said if said[:1].isdigit() else f"1 {said}", "--every")
    except SegQLError:
        found = None
    if not isinstance(found, Duration) or not found.count:
        raise click.BadParameter(f"{text} is no length: day, week, month, 3 days, 36h.", param_hint="--every")
    return found


@click.command()
@options("rule", "segments", "question", "warehouse", "json")
@click.option(
    "--values", "what", multiple=True, required=True, metavar="NAME=VALUES",
    help="A parameter, or a value that stands in the rule, and what takes its place. At most two make a grid.",
)  # fmt: skip
def vary(given: Options, what: tuple[str, ...]) -> None:
    """Count the members of a rule for each of some values.

    \b
      segql vary --segment "High rollers" --values "aov = 50..200 step 25"
      segql vary "placed order at least 2 times in 90d" --values "2 = 1..5"
      segql vary "placed order at least 2 times in 90d" --values "2 = 1..5" --values "90d = 30d, 90d, 1y"
    """
    from ..insights.sensitivity import varied
    from ..insights.sensitivity import vary as vary_

    if len(what) > 2:
        raise click.UsageError("--values: one makes a column, two make a grid; more have no table.")
    rule, project = question(given, demo_warehouse=True)
    project = _in_dialect(given, project)
    chosen = [varied(spoken(text, "--values")) for text in what]
    with opened(given) as warehouse, busy("Asking the warehouse"):
        found = vary_(rule, replace(project, warehouse=warehouse), chosen)
    if given.json:
        print_json(vary_data(found))
    else:
        click.echo(vary_text(found, _width()))
