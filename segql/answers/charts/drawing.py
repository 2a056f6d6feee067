"""What all charts are made of: a frame, axes, bars, colours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeAlias
from zoneinfo import ZoneInfo

from ...calendar import local
from ..style import percent

if TYPE_CHECKING:
    from datetime import datetime

Spec: TypeAlias = dict[str, Any]
Row: TypeAlias = dict[str, Any]

BLUE, ORANGE, GREEN, RED, PURPLE, SKY, DARK, PALE = (
    "#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#222222", "#DDDDDD",
)  # fmt: skip
SERIES = (BLUE, ORANGE, GREEN, RED, PURPLE, SKY, DARK)
WIDTH = 520
"""Pixels of what is drawn between the axes."""


def chart(title: str, under: Sequence[str], **drawn: Any) -> Spec:
    """A chart with its title, and what stands under that."""
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


def values(rows: Sequence[Mapping[str, Any]]) -> Spec:
    """Rows as the data of a chart."""
    return {"values": [dict(row) for row in rows]}


def names_axis(names: Sequence[str], title: str | None = None) -> Spec:
    """The axis on the left, in the order that is given. The scale says it: several layers would each have their own."""
    axis = {"labelLimit": 340, "ticks": False, "domain": False, "labelPadding": 8}
    return {"field": "name", "type": "nominal", "scale": {"domain": list(names)}, "title": title, "axis": axis}


def number_axis(field: str, title: str, numbers: Iterable[int], **more: Any) -> Spec:
    """An axis of whole numbers, of which these are shown."""
    span = max(numbers := [0, *numbers]) - min(numbers)
    axis = {"format": ",d", "tickCount": max(1, min(6, span))}
    return {"field": field, "type": "quantitative", "title": title, "axis": axis, **more}


APART = {"scale": {"color": "independent"}}
"""Charts beside one another, each with its own legend."""


def bars(rows: Sequence[Mapping[str, Any]], title: str, colour: str = BLUE, width: int = WIDTH) -> Spec:
    """A bar for each row's `number` beside its `name`, and at its end what it `says`."""
    names = [row["name"] for row in rows]
    most = max((row["number"] for row in rows), default=0) or 1
    scale = {"domainMin": 0, "domainMax": most * 1.22, "nice": False}
    return {
        "data": values(rows),
        "width": width,
        "height": {"step": 24},
        "encoding": {"y": names_axis(names), "x": number_axis("number", title, [most], scale=scale)},
        "layer": [
            {"mark": {"type": "bar", "color": colour, "height": {"band": 0.7}}},
            {
                "mark": {"type": "text", "align": "left", "dx": 5, "color": DARK, "fontSize": 11},
                "encoding": {"text": {"field": "says", "type": "nominal"}},
            },
        ],
    }


def dots(
    rows: Sequence[Row],
    lines: Sequence[Row],
    where: Literal["x", "y"],
    axis: Spec,
    *,
    line: str,
    size: int,
    **look: Any,
) -> list[Spec]:
    """Layers of a dot for each row at its place on an axis, and of lines from `first` to `last`, below the dots."""
    return [
        {
            "data": values(lines),
            "mark": {"type": "rule", "strokeWidth": 3, "color": line},
            "encoding": {where: {**axis, "field": "first"}, f"{where}2": {"field": "last"}},
        },
        {
            "data": values(rows),
            "mark": {"type": "point", "filled": True, "size": size, "opacity": 1},
            "encoding": {where: axis, **look},
        },
    ]


def said(number: int, profiles: int) -> str:
    """A number of profiles, and its share of all."""
    return f"{number:,}  ({percent(number, profiles)} %)"


def moment(at: datetime, zone: ZoneInfo) -> str:
    """An instant as the wall clock of a zone says it, for an axis of time."""
    return local(at, zone).replace(tzinfo=None).isoformat(timespec="seconds")


def colours(names: Sequence[str], colours: Sequence[str], title: str | None = None, orient: str = "top") -> Spec:
    """The colours of what `what` says, with their legend."""
    scale = {"domain": list(names), "range": list(colours)}
    return {"field": "what", "type": "nominal", "title": title, "scale": scale, "legend": {"orient": orient}}
