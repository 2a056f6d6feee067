"""Members over time."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from .drawing import BLUE, GREEN, RED, SERIES, WIDTH, Row, Spec, chart, colours, moment, number_axis, values

if TYPE_CHECKING:
    from ...insights.trends import Trend


def trend_chart(found: Trend, zone: ZoneInfo) -> Spec:
    """Members over time: of one segment with who entered and left, of a few as lines, of many as small charts."""
    rows: list[Row] = [
        {"at": moment(point.at, zone), "members": point.members, "what": name}
        for name, points in found.points.items()
        for point in points
    ]
    names = list(found.points)
    time: Row = {"field": "at", "type": "temporal", "title": f"asked at ({zone.key})",
            "axis": {"labelOverlap": True, "format": "%-d %b %Y", "labelAngle": -30, "tickCount": 8}}  # fmt: skip
    line = {"type": "line", "point": {"size": 36}, "strokeWidth": 2}
    members = number_axis("members", "members", [row["members"] for row in rows], scale={"zero": True})
    if len(names) == 1:
        (points,) = found.points.values()
        moves: list[Row] = [
            {"at": moment(point.at, zone), "number": number, "what": what}
            for point in points
            for what, number in (("entered", point.entered), ("left", point.left and -point.left))
            if number is not None
        ]
        moved = {
            "data": values(moves),
            "width": WIDTH,
            "height": 110,
            "mark": {"type": "bar", "width": max(2, min(14, WIDTH // (2 * len(points))))},
            "encoding": {
                "x": time,
                "y": number_axis("number", "entered, left", [move["number"] for move in moves]),
                "color": colours(("entered", "left"), (GREEN, RED)),
            },
        }
        drawn = {
            "data": values(rows), "width": WIDTH, "height": 220,
            "mark": {**line, "color": BLUE, "point": {"size": 36, "color": BLUE}},
            "encoding": {"x": {**time, "title": None}, "y": members},
        }  # fmt: skip
        return chart(
            names[0],
            ["members over time"],
            vconcat=[drawn, moved],
            resolve={"scale": {"x": "shared", "color": "independent"}},
        )
    if len(names) <= len(SERIES):
        what = colours(names, SERIES[: len(names)], "segment", "bottom")
        what["legend"] = {"orient": "bottom", "columns": 2}
        return chart(
            "Members over time", [], data=values(rows), width=WIDTH + 80, height=300, mark=line,
            encoding={
                "x": time, "y": members, "color": what,
                "shape": {**what, "scale": {"domain": names}},
            },
        )  # fmt: skip
    ends = ", ".join(f"toDate('{row['at']}')" for row in (rows[0], rows[-1]))
    time |= {"title": None, "axis": {**time["axis"], "labelAngle": 0, "values": {"expr": f"[{ends}]"}}}
    return chart(
        "Members over time", [f"on the clock of {zone.key}; each segment has a scale of its own"],
        data=values(rows), columns=3,
        facet={"field": "what", "type": "nominal", "sort": names, "title": None, "header": {"labelLimit": 220}},
        spec={"width": 200, "height": 90, "mark": {"type": "line", "color": BLUE, "strokeWidth": 2},
              "encoding": {"x": time,
                           "y": {**members, "axis": {"format": ",d", "tickCount": 3}}}},
        resolve={"scale": {"y": "independent"}, "axis": {"x": "independent"}},
    )  # fmt: skip
