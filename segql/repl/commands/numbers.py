"""The commands that say numbers about a rule, `\\stats` to `\\diff`; `\\chart` draws them."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING, TypeVar

import click

from ...answers.numbers import funnel_text, overlap_text, trend_text, vary_text
from ...ast import Duration, Unit
from ...calendar import zone_of
from ...console.opening import before
from ...console.output import busy, show_problems, width
from ...files import reason
from ..printing import note, page, took
from ..state import State
from .keeping import one, reloaded
from .model import Refused, about, first_word, project_of, unquoted

if TYPE_CHECKING:
    from ...answers.charts import Spec
    from ...arguments import Given
    from ...insights import Point, Trend
    from ...project import Project

T = TypeVar("T")
UNITS: dict[str, Unit] = {"day": "d", "week": "w", "month": "mo", "year": "y"}
LAST = 12
"""Points of a trend; `segql trend` takes any number."""


def _told(
    state: State, ask: Callable[[Project], T], text: Callable[[T, int], str], chart: Callable[[T], Spec] | None
) -> State:
    """What the warehouse answers, in so many columns; the state in which `\\chart` draws it, if it can be drawn."""
    project = state.asked(project_of(state))
    start = perf_counter()
    with busy("Asking the warehouse", project.opened.progress):
        found = ask(project)
    page(state, text(found, width()))
    took(state, perf_counter() - start)
    return replace(state, chart=lambda: chart(found)) if chart else state


def stats(state: State, argument: str) -> State:
    """What the members of the rule are worth, beside all others."""
    from ...answers.charts import stats_chart
    from ...answers.worth import stats_text
    from ...insights import stats as stats_

    text, state = about(state, argument)
    currency = project_of(state).catalog.currency
    return _told(
        state, lambda project: stats_(text, project), lambda found, room: stats_text(found, currency, room), stats_chart
    )


def funnel(state: State, argument: str) -> State:
    """What each condition of the rule does to the number of its members."""
    from ...answers.charts import funnel_chart
    from ...insights import funnel as funnel_

    text, state = about(state, argument)
    return _told(state, lambda project: funnel_(text, project), funnel_text, funnel_chart)


def trend(state: State, argument: str) -> State:
    """The members of the rule at instants before now; a word before the rule says how far these are from each other."""
    from ...answers.charts import trend_chart
    from ...insights import instants
    from ...insights import trend as trend_

    word, rest = first_word(argument)
    unit = UNITS.get(word.lower())
    text, state = about(state, rest if unit else argument)
    zone = zone_of(project_of(state).catalog.timezone)
    return _told(
        state, lambda project: trend_({text: text}, project, instants(project, Duration(1, unit or "w"), LAST)),
        lambda found, room: trend_text(found, zone, room), lambda found: trend_chart(found, zone),
    )  # fmt: skip


def overlap(state: State, argument: str) -> State:
    """How the last rule and some saved segments overlap."""
    from ...answers.charts import overlap_chart
    from ...columns import parts_of
    from ...insights import overlap as overlap_

    names = [unquoted(name.strip()) for name in parts_of(argument)]
    if not names:
        raise Refused("Which segments? `\\overlap` takes their names.", '\\overlap "High rollers", "Dead weight"')
    rules: dict[str, Given] = {"this rule": state.last} if state.last else {}
    rules |= {name: one(state, name) for name in names}
    return _told(state, lambda project: overlap_(rules, project), overlap_text, overlap_chart)


def vary(state: State, argument: str) -> State:
    """The members of the last rule for each of some values."""
    from ...answers.charts import vary_chart
    from ...insights import varied
    from ...insights import vary as vary_

    example = "\\vary 90d = 30d, 90d, 1y"
    text, state = about(state, "")
    parts = [part.strip() for part in argument.split(";") if part.strip()]
    if not parts:
        raise Refused("What is varied? A value that stands in the rule, or a name, and what takes its place.", example)
    if len(parts) > 2:
        raise Refused("One makes a column, two make a grid; more have no table.", example)
    chosen = [varied(part) for part in parts]
    return _told(state, lambda project: vary_(text, project, chosen), vary_text, vary_chart)


def diff(state: State, argument: str) -> State:
    """What it does that a saved segment, or a rule, takes the place of the last rule."""
    from ... import insights
    from ...answers.differences import difference_text
    from ...console.named import segment_or_rule

    text, state = about(state, "")
    project = project_of(state)
    if not argument:
        raise Refused("What would take the place of the rule? A segment, or a rule.", '\\diff "High rollers"')
    new = segment_or_rule(argument, project) if unquoted(argument) == argument else one(state, argument)
    currency = project.catalog.currency
    return _told(
        state,
        lambda project: insights.diff(text, new, project),
        lambda found, _: difference_text(f"{text} → {argument}", found, currency),
        None,
    )


def counts(state: State, argument: str) -> State:
    """The members of every saved segment, by one statement; and what changed since an instant, or so long ago."""
    from ...answers.charts import counts_chart
    from ...answers.together import counts_table
    from ...insights import trend as trend_
    from ...many import meanings

    state = reloaded(state)
    project = state.asked(project_of(state))
    catalog, now = project.catalog, project.instant()
    try:
        times = [before(argument, now, catalog, "\\counts"), now] if argument.strip() else [now]
    except click.BadParameter as error:
        raise Refused(error.message, "\\counts 7d") from None
    found, problems = meanings(project.segments, catalog, now=now, parameters=project.parameters)
    show_problems(one for one in problems if one not in project.segments.problems)
    if not found:
        raise Refused("There are no saved segments here.", "\\save NAME keeps the last rule")
    rules: dict[str, Given] = {"": "everyone", **{name: project.segments[name] for name in found}}
    zone = zone_of(catalog.timezone)

    def parted(found: Trend) -> tuple[Mapping[str, Sequence[Point]], int]:
        return {name: at for name, at in found.points.items() if name}, found.points[""][-1].members

    return _told(
        state, lambda project: trend_(rules, project, times),
        lambda found, wide: counts_table(*parted(found), zone, wide),
        lambda found: counts_chart(*parted(found), zone),
    )  # fmt: skip


def chart(state: State, argument: str) -> State:
    """Draws the last numbers into a file, whole or not at all."""
    from ...console.charts import draw, undrawn

    path = os.path.expanduser(first_word(argument)[0])
    if not path:
        raise Refused("Which file? Its name ends in .svg, .png, .html or .json.", "\\chart members.svg")
    if state.chart is None:
        raise Refused(
            "There are no numbers yet to be drawn.", "ask \\stats, \\funnel, \\trend, \\vary or \\overlap first"
        )
    if wrong := undrawn(path):
        raise Refused(wrong)
    try:
        draw(path, state.chart())
    except OSError as error:
        raise Refused(f"{path} cannot be written: {reason(error)}.") from None
    note(f"The chart is in {path}.")
    return state
