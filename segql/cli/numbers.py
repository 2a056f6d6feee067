"""Numbers about segments: `overlap`, `funnel`, `trend`, `vary`; each by one statement."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ..answers.charts import Spec, funnel_chart, overlap_chart, trend_chart, vary_chart
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
from ..ast import Segment
from ..calendar import zone_of
from ..console.named import segment_or_rule
from ..console.opening import length_of
from ..console.output import busy, print_json, width
from ..errors import SegQLError
from .asked import in_dialect, project_of, question, some_segments
from .charts import check_chart, write_chart
from .opening import opened
from .options import Options, options, rule_word, spoken

if TYPE_CHECKING:
    from ..arguments import Given
    from ..project import Project

T = TypeVar("T")


def answered(
    given: Options,
    project: Project,
    ask: Callable[[Project], T],
    *,
    text: Callable[[T, int], str],
    data: Callable[[T], Any],
    chart: Callable[[T], Spec],
) -> T:
    """What the warehouse answers, printed for people or for machines; and drawn, where a chart is asked for."""
    check_chart(given.chart)
    with opened(given) as warehouse, busy("Asking the warehouse", warehouse.progress):
        found = ask(replace(project, warehouse=warehouse))
    if given.json:
        print_json(data(found))
    else:
        click.echo(text(found, width()))
    if given.chart is not None:
        write_chart(given.chart, lambda: chart(found))
    return found


def named(names: tuple[str, ...], project: Project) -> dict[str, Given]:
    """The saved segments of these names, and what is no name of one as a rule."""
    found: dict[str, Given] = {}
    for name in map(rule_word, names):
        given = segment_or_rule(name, project)
        found[given.name.text if isinstance(given, Segment) else name] = given
    return found


def places_of(words: tuple[str, ...], given: Options) -> tuple[tuple[str, ...], Options]:
    """The words that are no files or folders of segments, and the options with these places in --segments.

    click.UsageError for a word that is a folder here and a rule as well, with both.
    """
    places = tuple(word for word in words if _is_place(word))
    for word in places:
        if not word.endswith(".segql") and os.sep not in word and _is_rule(word, project_of(given)):
            raise click.UsageError(
                f"{word} is a folder here, and a rule: {word}{os.sep} is the folder, ({word}) the rule."
            )
    return tuple(word for word in words if word not in places), replace(given, segments=places or given.segments)


def _is_rule(word: str, project: Project) -> bool:
    try:
        project.meaning(segment_or_rule(word, project))
    except SegQLError as error:  # what is wrong in another way is meant as a rule
        return all(problem.code != "unknown-name" for problem in error.problems)
    return True


def _is_place(word: str) -> bool:
    try:
        place = Path(word)
        if word.endswith(".segql"):
            return place.is_file()
        return place.is_dir() and (os.sep in word or any(place.glob("*.segql")))
    except (OSError, ValueError):  # a rule may be no path at all
        return False


def rules_of(names: tuple[str, ...], project: Project, given: Options) -> dict[str, Given]:
    """What is named; without names all segments that are saved.

    Ends the command where all are asked and a file of them is wrong: one would be missing in the answer.
    """
    if names:
        return named(names, project)
    if broken := [one for one in project.segments.problems if one.severity == "error"]:
        if given.json:
            raise SegQLError(broken)
        raise click.exceptions.Exit(1)  # they were said
    some_segments(project)
    return {name: project.segments[name] for name in project.segments}


@click.command()
@click.argument("rules", nargs=-1)
@options("segments", "question", "warehouse", "json", "chart")
@click.option("--partition", is_flag=True, help="Exit code 1 where somebody is in two of them, or in none.")
def overlap(given: Options, rules: tuple[str, ...], partition: bool) -> None:
    """Say how segments overlap: pairs, and the largest groups that are in the same ones.

    RULES are names of saved segments, or rules; without any, all segments of --segments, or of a file or folder here.

    \b
      segql overlap "High rollers" "Regular buyers" "Dead weight"
      segql overlap "placed order in 30d" "clicked email in 30d"
      segql overlap personas.segql
      segql overlap --segments personas.segql --partition
    """
    from ..insights import overlap as overlap_

    names, given = places_of(rules, given)
    project = project_of(given)
    chosen = rules_of(names, project, given)
    found = answered(
        given,
        project,
        lambda opened: overlap_(chosen, opened),
        text=overlap_text,
        data=overlap_data,
        chart=overlap_chart,
    )
    if partition and not (found.exclusive and found.covers):
        raise click.exceptions.Exit(1)


@click.command()
@options("rule", "segments", "question", "warehouse", "json", "chart")
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
    answered(
        given,
        in_dialect(given, project),
        lambda opened: funnel_(rule, opened),
        text=funnel_text,
        data=funnel_data,
        chart=funnel_chart,
    )


@click.command()
@click.argument("rules", nargs=-1)
@options("segments", "question", "warehouse", "json", "chart")
@click.option("--every", default="week", show_default=True, metavar="LENGTH", help="day, week, month, 3 days, ..")
@click.option("--last", type=click.IntRange(min=2, max=400), default=26, show_default=True, metavar="N", help="Points.")
def trend(given: Options, rules: tuple[str, ...], every: str, last: int) -> None:
    """Say how many members a segment had at instants in the past, and who entered and left between them.

    Each instant is asked as `now` would be, of the rows that the warehouse has today: what a profile's own properties
    were at that time, nobody knows.

    \b
      segql trend "placed order in 90d"
      segql trend "Regular buyers" "High rollers" --every month --last 12
      segql trend personas.segql --json
    """
    from ..insights.trends import MOST, instants
    from ..insights.trends import trend as trend_

    names, given = places_of(rules, given)
    project = project_of(given)
    chosen = rules_of(names, project, given)
    if len(chosen) * last > MOST:
        raise click.UsageError(f"{len(chosen)} segments at {last} instants are more than {MOST}: choose fewer.")
    try:
        times = instants(project, length_of(every, "--every"), last)
    except ValueError:
        raise click.BadParameter("This reaches back before the calendar.", param_hint="--last") from None
    zone = zone_of(project.catalog.timezone)
    answered(
        given, project, lambda opened: trend_(chosen, opened, times),
        text=lambda found, room: trend_text(found, zone, room), data=trend_data,
        chart=lambda found: trend_chart(found, zone),
    )  # fmt: skip


@click.command()
@options("rule", "segments", "question", "warehouse", "json", "chart")
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
    chosen = [varied(spoken(text, "--values")) for text in what]
    answered(
        given,
        in_dialect(given, project),
        lambda opened: vary_(rule, opened, chosen),
        text=vary_text,
        data=vary_data,
        chart=vary_chart,
    )
