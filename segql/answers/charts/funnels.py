"""What each condition of a rule does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..style import counted
from .drawing import BLUE, ORANGE, Row, Spec, bars, chart, colours, said, values

if TYPE_CHECKING:
    from ...insights.attrition import Funnel

NEAR = 0.2
"""So much of all profiles behind the bar its number would go across the mark, and stands behind that."""


def funnel_chart(found: Funnel) -> Spec:
    """For how many profiles each condition holds: with those above it as a bar, alone as a mark."""
    told = [f"{found.joined if place else ''} {' '.join(step.text.split())}".strip()
            for place, step in enumerate(found.steps)]  # fmt: skip
    told = [text if told.count(text) == 1 else f"{place + 1}. {text}" for place, text in enumerate(told)]
    with_above = "with all above it" if found.joined == "and" else "this or one above it"
    rows: list[Row] = [
        {
            "name": "everyone",
            "number": found.profiles,
            "says": f"{found.profiles:,}",
            "what": with_above,
            "end": found.profiles,
        }
    ]
    for name, step in zip(told, found.steps, strict=True):
        behind = 0 < step.alone - step.here < NEAR * found.profiles
        rows.append(
            {
                "name": name,
                "number": step.here,
                "says": said(step.here, found.profiles) + (f", alone {step.alone:,}" if behind else ""),
                "what": with_above,
                "end": step.alone if behind else step.here,
            }
        )
    alone: list[Row] = [
        {"name": name, "number": step.alone, "what": "alone"} for name, step in zip(told, found.steps, strict=True)
    ]
    drawn = bars(rows, "profiles")
    here, labels = drawn["layer"]
    del here["mark"]["color"]
    here["encoding"] = {
        "color": colours((with_above, "alone"), (BLUE, ORANGE), "profiles for which the condition holds")
    }
    labels["encoding"]["x"] = {**drawn["encoding"]["x"], "field": "end"}
    marks = {
        "data": values(alone),
        "mark": {"type": "tick", "thickness": 3, "height": {"band": 0.9}, "opacity": 1},
        "encoding": {"color": {"field": "what", "type": "nominal"}},
    }
    drawn["layer"] = [here, marks, labels]
    return chart("What each condition does", [f"of {counted(found.profiles, 'profile')}"], **drawn)
