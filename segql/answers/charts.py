"""Numbers about segments as charts: Vega-Lite specifications, as dicts whose data is in them.

Colours are those of Okabe and Ito, which the colour-blind can tell apart. Instants stand as the wall clock of the
catalog's zone, whatever the zone of who looks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias
from zoneinfo import ZoneInfo

from ..calendar import local
from .style import clock, counted, percent

if TYPE_CHECKING:
    from datetime import datetime

    from ..insights.attrition import Funnel
    from ..insights.overlaps import Overlap
    from ..insights.sensitivity import Sensitivity
    from ..insights.trends import Point, Trend

Spec: TypeAlias = dict[str, Any]
Row: TypeAlias = dict[str, Any]

BLUE, ORANGE, GREEN, RED, PURPLE, SKY, DARK, PALE = (
    "#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#222222", "#DDDDDD",
)  # fmt: skip
SERIES = (BLUE, ORANGE, GREEN, RED, PURPLE, SKY, DARK)
WIDTH = 520
"""Pixels of what is drawn between the axes."""
MOST_GROUPS = 30
"""Columns of the chart of an overlap."""


def _chart(title: str, under: Sequence[str], **drawn: Any) -> Spec:
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "title": {"text": title, "subtitle": [line for line in under if line], "anchor": "start"},
        "background": "white",
        "padding": 16,
        "config": {
            "font": "Helvetica, Arial, sans-serif",
            "title": {"fontSize": 16, "subtitleFontSize": 12, "subtitleColor": "#555555", "offset": 14},
            "axis": {"labelFontSize": 11, "titleFontSize": 11, "titleFontWeight": "normal", "gridColor": "#EEEEEE"},
            "legend": {"labelFontSize": 11, "titleFontSize": 11, "titleFontWeight": "normal", "labelLimit": 300},
            "view": {"stroke": None},
        },
        **drawn,
    }


def _values(rows: Sequence[Mapping[str, Any]]) -> Spec:
    return {"values": [dict(row) for row in rows]}


def _names(names: Sequence[str], title: str | None = None) -> Spec:
    """The axis on the left, in the order that is given. The scale says it: several layers would each have their own."""
    axis = {"labelLimit": 340, "ticks": False, "domain": False, "labelPadding": 8}
    return {"field": "name", "type": "nominal", "scale": {"domain": list(names)}, "title": title, "axis": axis}


def _number(field: str, title: str, numbers: Iterable[int], **more: Any) -> Spec:
    """An axis of whole numbers, of which these are shown."""
    span = max(numbers := [0, *numbers]) - min(numbers)
    axis = {"format": ",d", "tickCount": max(1, min(6, span))}
    return {"field": field, "type": "quantitative", "title": title, "axis": axis, **more}


_APART = {"scale": {"color": "independent"}}
"""Charts beside one another, each with its own legend."""


def _bars(rows: Sequence[Mapping[str, Any]], title: str, colour: str = BLUE, width: int = WIDTH) -> Spec:
    """A bar for each row's `number` beside its `name`, and at its end what it `says`."""
    names = [row["name"] for row in rows]
    most = max((row["number"] for row in rows), default=0) or 1
    scale = {"domainMin": 0, "domainMax": most * 1.22, "nice": False}
    return {
        "data": _values(rows),
        "width": width,
        "height": {"step": 24},
        "encoding": {"y": _names(names), "x": _number("number", title, [most], scale=scale)},
        "layer": [
            {"mark": {"type": "bar", "color": colour, "height": {"band": 0.7}}},
            {
                "mark": {"type": "text", "align": "left", "dx": 5, "color": DARK, "fontSize": 11},
                "encoding": {"text": {"field": "says", "type": "nominal"}},
            },
        ],
    }


def _said(number: int, profiles: int) -> str:
    return f"{number:,}  ({percent(number, profiles)} %)"


def _moment(at: datetime, zone: ZoneInfo) -> str:
    return local(at, zone).replace(tzinfo=None).isoformat(timespec="seconds")


# --- count ------------------------------------------------------------------------------------------------------------


def counts_chart(points: Mapping[str, Sequence[Point]], profiles: int, zone: ZoneInfo) -> Spec:
    """The members of each segment; beside them who entered and left, where there is an instant before."""
    rows: list[Row] = [
        {"name": name, "number": at[-1].members, "says": _said(at[-1].members, profiles)} for name, at in points.items()
    ]
    at = next(iter(points.values()), ())
    under = [f"of {counted(profiles, 'profile')}" + (f", {clock(at[-1].at, zone)} ({zone.key})" if at else "")]
    if len(at) < 2:
        return _chart("Members of each segment", under, **_bars(rows, "members"))
    moves: list[Row] = [
        {"name": name, "number": number, "what": what}
        for name, (_, now) in points.items()
        for what, number in (("entered", now.entered or 0), ("left", -(now.left or 0)))
    ]
    names = {**_names([row["name"] for row in rows]), "axis": None}
    since = f"entered and left since {clock(at[0].at, zone)}"
    moved = {
        "data": _values(moves),
        "width": WIDTH // 2,
        "height": {"step": 24},
        "mark": {"type": "bar", "height": {"band": 0.7}},
        "encoding": {
            "y": names,
            "x": _number("number", since, [move["number"] for move in moves]),
            "color": _colours(("entered", "left"), (GREEN, RED)),
        },
    }
    return _chart("Members of each segment", under, hconcat=[_bars(rows, "members"), moved], resolve=_APART)


def _colours(names: Sequence[str], colours: Sequence[str], title: str | None = None, orient: str = "top") -> Spec:
    scale = {"domain": list(names), "range": list(colours)}
    return {"field": "what", "type": "nominal", "title": title, "scale": scale, "legend": {"orient": orient}}


# --- funnel -----------------------------------------------------------------------------------------------------------


def funnel_chart(found: Funnel) -> Spec:
    """For how many profiles each condition holds: with those above it as a bar, alone as a mark."""
    said = [f"{found.joined if place else ''} {' '.join(step.text.split())}".strip()
            for place, step in enumerate(found.steps)]  # fmt: skip
    said = [text if said.count(text) == 1 else f"{place + 1}. {text}" for place, text in enumerate(said)]
    with_above = "with all above it" if found.joined == "and" else "this or one above it"
    rows: list[Row] = [
        {"name": "everyone", "number": found.profiles, "says": f"{found.profiles:,}", "what": with_above}
    ]
    rows += [
        {"name": name, "number": step.here, "says": _said(step.here, found.profiles), "what": with_above}
        for name, step in zip(said, found.steps, strict=True)
    ]
    alone: list[Row] = [
        {"name": name, "number": step.alone, "what": "alone"} for name, step in zip(said, found.steps, strict=True)
    ]
    drawn = _bars(rows, "profiles")
    bars, labels = drawn["layer"]
    del bars["mark"]["color"]
    bars["encoding"] = {
        "color": _colours((with_above, "alone"), (BLUE, ORANGE), "profiles for which the condition holds")
    }
    marks = {
        "data": _values(alone),
        "mark": {"type": "tick", "thickness": 3, "height": {"band": 0.9}, "opacity": 1},
        "encoding": {"color": {"field": "what", "type": "nominal"}},
    }
    drawn["layer"] = [bars, marks, labels]
    return _chart("What each condition does", [f"of {counted(found.profiles, 'profile')}"], **drawn)


# --- overlap ----------------------------------------------------------------------------------------------------------


def overlap_chart(found: Overlap) -> Spec:
    """An UpSet plot: above a bar for each group of profiles that are in the same segments, below which these are."""
    groups = found.groups[:MOST_GROUPS]
    names = list(found.members)
    places = list(range(len(groups)))
    inside = {"field": "group", "type": "ordinal", "axis": None, "scale": {"domain": places}}
    bars: list[Row] = [
        {"group": place, "number": number, "says": f"{number:,}"} for place, (_, number) in enumerate(groups)
    ]
    cells: list[Row] = [
        {"group": place, "name": name, "inside": name in held}
        for place, (held, _) in enumerate(groups)
        for name in names
    ]
    spans: list[Row] = [
        {"group": place, "first": min(held, key=names.index), "last": max(held, key=names.index)}
        for place, (held, _) in enumerate(groups)
        if len(held) > 1
    ]
    step = {"step": 26}
    order = _names(names)
    above = {
        "data": _values(bars),
        "width": step,
        "height": 160,
        "encoding": {
            "x": inside,
            "y": _number("number", "profiles in these and no others", [bar["number"] for bar in bars]),
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
        "layer": [
            {
                "data": _values(spans),
                "mark": {"type": "rule", "strokeWidth": 3, "color": BLUE},
                "encoding": {"y": {**order, "field": "first"}, "y2": {"field": "last"}},
            },
            {
                "data": _values(cells),
                "mark": {"type": "point", "filled": True, "size": 130, "opacity": 1},
                "encoding": {
                    "y": order,
                    "color": {
                        "field": "inside", "type": "nominal", "legend": None,
                        "scale": {"domain": [True, False], "range": [BLUE, PALE]},
                    },
                },
            },
        ],
    }  # fmt: skip
    members: list[Row] = [
        {"name": name, "number": number, "says": _said(number, found.profiles)}
        for name, number in found.members.items()
    ]
    beside = _bars(members, "members", DARK, WIDTH // 2)
    beside["height"] = step
    beside["encoding"]["y"] = {**order, "axis": None}
    left_out = len(found.groups) - len(groups)
    under = [
        f"of {counted(found.profiles, 'profile')}: {found.twice:,} in two or more, {found.nobody:,} in none",
        f"{counted(left_out, 'smaller group')} left out" if left_out else "",
    ]
    return _chart(
        "How the segments overlap", under,
        vconcat=[above, {"hconcat": [below, beside]}],
    )  # fmt: skip


# --- trend ------------------------------------------------------------------------------------------------------------


def trend_chart(found: Trend, zone: ZoneInfo) -> Spec:
    """Members over time: of one segment with who entered and left, of a few as lines, of many as small charts."""
    rows: list[Row] = [
        {"at": _moment(point.at, zone), "members": point.members, "what": name}
        for name, points in found.points.items()
        for point in points
    ]
    names = list(found.points)
    time: Row = {"field": "at", "type": "temporal", "title": f"asked at ({zone.key})",
            "axis": {"labelOverlap": True, "format": "%-d %b %Y", "labelAngle": -30, "tickCount": 8}}  # fmt: skip
    line = {"type": "line", "point": {"size": 36}, "strokeWidth": 2}
    members = _number("members", "members", [row["members"] for row in rows], scale={"zero": True})
    if len(names) == 1:
        (points,) = found.points.values()
        moves: list[Row] = [
            {"at": _moment(point.at, zone), "number": number, "what": what}
            for point in points
            for what, number in (("entered", point.entered), ("left", point.left and -point.left))
            if number is not None
        ]
        moved = {
            "data": _values(moves),
            "width": WIDTH,
            "height": 110,
            "mark": {"type": "bar", "width": max(2, min(14, WIDTH // (2 * len(points))))},
            "encoding": {
                "x": time,
                "y": _number("number", "entered, left", [move["number"] for move in moves]),
                "color": _colours(("entered", "left"), (GREEN, RED)),
            },
        }
        drawn = {
            "data": _values(rows), "width": WIDTH, "height": 220,
            "mark": {**line, "color": BLUE, "point": {"size": 36, "color": BLUE}},
            "encoding": {"x": {**time, "title": None}, "y": members},
        }  # fmt: skip
        return _chart(
            names[0],
            ["members over time"],
            vconcat=[drawn, moved],
            resolve={"scale": {"x": "shared", "color": "independent"}},
        )
    if len(names) <= len(SERIES):
        what = _colours(names, SERIES[: len(names)], "segment", "bottom")
        what["legend"] = {"orient": "bottom", "columns": 2}
        return _chart(
            "Members over time", [], data=_values(rows), width=WIDTH + 80, height=300, mark=line,
            encoding={
                "x": time, "y": members, "color": what,
                "shape": {**what, "scale": {"domain": names}},
            },
        )  # fmt: skip
    return _chart(
        "Members over time", ["each segment has a scale of its own"], data=_values(rows), columns=3,
        facet={"field": "what", "type": "nominal", "sort": names, "title": None, "header": {"labelLimit": 220}},
        spec={"width": 200, "height": 90, "mark": {"type": "line", "color": BLUE, "strokeWidth": 2},
              "encoding": {"x": {**time, "title": None, "axis": {**time["axis"], "tickCount": 3}},
                           "y": {**members, "axis": {"format": ",d", "tickCount": 3}}}},
        resolve={"scale": {"y": "independent"}},
    )  # fmt: skip


# --- vary -------------------------------------------------------------------------------------------------------------


def _varied(name: str) -> str:
    """A parameter by its name; what stands in the rule as that."""
    return f"of {name}" if name[:1].isalpha() else f"in place of {name}"


def vary_chart(found: Sensitivity) -> Spec:
    """Members by value: bars of one, a coloured grid of two."""
    first, *rest = found.varied
    under = [f"of {counted(found.profiles, 'profile')}"]
    if not rest:
        rows: list[Row] = [
            {"name": value, "number": number, "says": _said(number, found.profiles)}
            for (value,), number in found.members.items()
        ]
        drawn = _bars(rows, "members")
        drawn["encoding"]["y"]["title"] = _varied(first.name)
        return _chart(f"Members for each value {_varied(first.name)}", under, **drawn)
    (second,) = rest
    cells: list[Row] = [
        {"one": one, "other": other, "number": number, "says": f"{number:,}"}
        for (one, other), number in found.members.items()
    ]
    most = max(found.members.values(), default=0)
    return _chart(
        f"Members for each value {_varied(first.name)} and {_varied(second.name)}", under,
        data=_values(cells), width={"step": 70},
        height={"step": 34},
        encoding={
            "x": {"field": "other", "type": "ordinal", "sort": list(second.values), "title": _varied(second.name),
                  "axis": {"labelAngle": 0, "orient": "top"}},
            "y": {"field": "one", "type": "ordinal", "sort": list(first.values), "title": _varied(first.name)},
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
