"""How segments overlap."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..style import counted
from .drawing import BLUE, DARK, PALE, WIDTH, Row, Spec, bars, chart, dots, names_axis, number_axis, said, values

if TYPE_CHECKING:
    from ...insights.overlaps import Overlap

MOST_GROUPS = 30
"""Columns of the chart of an overlap."""


def overlap_chart(found: Overlap) -> Spec:
    """An UpSet plot: above a bar for each group of profiles that are in the same segments, below which these are."""
    groups = found.groups[:MOST_GROUPS]
    names = list(found.members)
    places = list(range(len(groups)))
    inside = {"field": "group", "type": "ordinal", "axis": None, "scale": {"domain": places}}
    sizes: list[Row] = [
        {"group": place, "number": number, "says": f"{number:,}"} for place, (_, number) in enumerate(groups)
    ]
    cells: list[Row] = [
        {"group": place, "name": name, "inside": name in group}
        for place, (group, _) in enumerate(groups)
        for name in names
    ]
    spans: list[Row] = [
        {"group": place, "first": min(group, key=names.index), "last": max(group, key=names.index)}
        for place, (group, _) in enumerate(groups)
        if len(group) > 1
    ]
    step = {"step": 26}
    shown = {"domain": [True, False], "range": [BLUE, PALE]}
    held = {"field": "inside", "type": "nominal", "legend": None, "scale": shown}
    order = names_axis(names)
    above = {
        "data": values(sizes),
        "width": step,
        "height": 160,
        "encoding": {
            "x": inside,
            "y": number_axis("number", "profiles in these and no others", [bar["number"] for bar in sizes]),
        },
        "layer": [
            {"mark": {"type": "bar", "color": BLUE, "width": {"band": 0.7}}},
            {
                "mark": {"type": "text", "dy": -6, "fontSize": 10, "color": DARK},
                "encoding": {"text": {"field": "says", "type": "nominal"}},
            },
        ],
    }
    below = {
        "width": step,
        "height": step,
        "encoding": {"x": inside},
        "layer": dots(cells, spans, "y", order, line=BLUE, size=130, color=held),
    }
    members: list[Row] = [
        {"name": name, "number": number, "says": said(number, found.profiles)} for name, number in found.members.items()
    ]
    beside = bars(members, "members", DARK, WIDTH // 2)
    beside["height"] = step
    beside["encoding"]["y"] = {**order, "axis": None}
    left_out = len(found.groups) - len(groups)
    under = [
        f"of {counted(found.profiles, 'profile')}: {found.twice:,} in two or more, {found.nobody:,} in none",
        f"{counted(left_out, 'smaller group')} left out" if left_out else "",
    ]
    return chart(
        "How the segments overlap", under,
        vconcat=[above, {"hconcat": [below, beside]}],
    )  # fmt: skip
