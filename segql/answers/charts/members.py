"""The members of segments, and of a rule for each value of something."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from ..style import clock, counted
from .drawing import (
    APART,
    DARK,
    GREEN,
    RED,
    WIDTH,
    Row,
    Spec,
    bars,
    chart,
    colours,
    names_axis,
    number_axis,
    said,
    values,
)

if TYPE_CHECKING:
    from ...insights.sensitivity import Sensitivity
    from ...insights.trends import Point


def counts_chart(points: Mapping[str, Sequence[Point]], profiles: int, zone: ZoneInfo) -> Spec:
    """The members of each segment; beside them who entered and left, where there is an instant before."""
    rows: list[Row] = [
        {"name": name, "number": at[-1].members, "says": said(at[-1].members, profiles)} for name, at in points.items()
    ]
    at = next(iter(points.values()), ())
    under = [f"of {counted(profiles, 'profile')}" + (f", {clock(at[-1].at, zone)} ({zone.key})" if at else "")]
    if len(at) < 2:
        return chart("Members of each segment", under, **bars(rows, "members"))
    moves: list[Row] = [
        {"name": name, "number": number, "what": what}
        for name, (_, now) in points.items()
        for what, number in (("entered", now.entered or 0), ("left", -(now.left or 0)))
    ]
    names = {**names_axis([row["name"] for row in rows]), "axis": None}
    since = f"entered and left since {clock(at[0].at, zone)}"
    moved = {
        "data": values(moves),
        "width": WIDTH // 2,
        "height": {"step": 24},
        "mark": {"type": "bar", "height": {"band": 0.7}},
        "encoding": {
            "y": names,
            "x": number_axis("number", since, [move["number"] for move in moves]),
            "color": colours(("entered", "left"), (GREEN, RED)),
        },
    }
    return chart("Members of each segment", under, hconcat=[bars(rows, "members"), moved], resolve=APART)


def _varied(name: str) -> str:
    """A parameter by its name; what stands in the rule as that."""
    return f"of {name}" if name[:1].isalpha() else _axis(name)


def _axis(name: str) -> str:
    """The same as the title of an axis."""
    return name if name[:1].isalpha() else f"in place of {name}"


def vary_chart(found: Sensitivity) -> Spec:
    """Members by value: bars of one, a coloured grid of two."""
    first, *rest = found.varied
    under = [f"of {counted(found.profiles, 'profile')}"]
    if not rest:
        rows: list[Row] = [
            {"name": value, "number": number, "says": said(number, found.profiles)}
            for (value,), number in found.members.items()
        ]
        drawn = bars(rows, "members")
        drawn["encoding"]["y"]["title"] = _axis(first.name)
        return chart(f"Members for each value {_varied(first.name)}", under, **drawn)
    (second,) = rest
    cells: list[Row] = [
        {"one": one, "other": other, "number": number, "says": f"{number:,}"}
        for (one, other), number in found.members.items()
    ]
    most = max(found.members.values(), default=0)
    return chart(
        f"Members for each value {_varied(first.name)} and {_varied(second.name)}", under,
        data=values(cells), width={"step": 70},
        height={"step": 34},
        encoding={
            "x": {"field": "other", "type": "ordinal", "sort": list(second.values), "title": _axis(second.name),
                  "axis": {"labelAngle": 0, "orient": "top"}},
            "y": {"field": "one", "type": "ordinal", "sort": list(first.values), "title": _axis(first.name)},
        },
        layer=[
            {"mark": "rect", "encoding": {"color": {
                "field": "number", "type": "quantitative", "title": "members",
                "scale": {"scheme": "blues", "domainMin": 0}, "legend": {"format": ",d", "tickMinStep": 1}}}},
            {"mark": {"type": "text", "fontSize": 11}, "encoding": {
                "text": {"field": "says", "type": "nominal"},
                "color": {"condition": {"test": f"datum.number > {most * 0.55}", "value": "white"}, "value": DARK}}},
        ],
    )  # fmt: skip
