"""The commands that say numbers about a rule: `\\stats`, `\\funnel`, `\\trend`, `\\overlap`."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from ...answers.numbers import funnel_text, overlap_text, trend_text
from ...ast import Duration, Unit
from ...calendar import zone_of
from ...console.output import busy, width
from ..printing import page, took
from ..state import State
from .keeping import one
from .model import Refused, about, first_word, project_of, unquoted

if TYPE_CHECKING:
    from ...arguments import Given

UNITS: dict[str, Unit] = {"day": "d", "week": "w", "month": "mo", "year": "y"}
LAST = 12
"""Points of a trend; `segql trend` takes any number."""


def stats(state: State, argument: str) -> State:
    """What the members of the rule are worth, beside all others."""
    from ...answers.worth import stats_text
    from ...insights import stats as stats_

    text, state = about(state, argument)
    project = project_of(state)
    start = perf_counter()
    with busy("Asking the warehouse"):
        found = stats_(text, state.asked(project))
    page(state, stats_text(found, project.catalog.currency, width()))
    took(state, perf_counter() - start)
    return state


def funnel(state: State, argument: str) -> State:
    """What each condition of the rule does to the number of its members."""
    from ...insights import funnel as funnel_

    text, state = about(state, argument)
    project = project_of(state)
    start = perf_counter()
    with busy("Asking the warehouse"):
        found = funnel_(text, state.asked(project))
    page(state, funnel_text(found, width()))
    took(state, perf_counter() - start)
    return state


def trend(state: State, argument: str) -> State:
    """The members of the rule at instants before now; a word before the rule says how far these are from each other."""
    from ...insights import instants
    from ...insights import trend as trend_

    word, rest = first_word(argument)
    unit = UNITS.get(word.lower())
    text, state = about(state, rest if unit else argument)
    project = project_of(state)
    asked = state.asked(project)
    start = perf_counter()
    with busy("Asking the warehouse"):
        found = trend_({text: text}, asked, instants(asked, Duration(1, unit or "w"), LAST))
    page(state, trend_text(found, zone_of(project.catalog.timezone), width()))
    took(state, perf_counter() - start)
    return state


def overlap(state: State, argument: str) -> State:
    """How the last rule and some saved segments overlap."""
    from ...insights import overlap as overlap_

    names = [unquoted(name) for name in argument.split(",") if name.strip()]
    if not names:
        raise Refused("Which segments? `\\overlap` takes their names.", '\\overlap "VIP", "High rollers"')
    project = project_of(state)
    rules: dict[str, Given] = {"this rule": state.last} if state.last else {}
    rules |= {name: one(state, name) for name in names}
    start = perf_counter()
    with busy("Asking the warehouse"):
        found = overlap_(rules, state.asked(project))
    page(state, overlap_text(found, width()))
    took(state, perf_counter() - start)
    return state
