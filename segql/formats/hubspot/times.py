"""HubSpot's points of time as windows."""

from __future__ import annotations

from datetime import date

from ... import ast
from ..core.documents import Node
from ..core.reading import duration
from ..core.report import Impossible, Notes

WHOSE_DAYS = "Days are those of the catalog's zone, and not of the zone that the filter names."
TODAY_WHOLE = "What lies later today counts as well."


def window_of(node: Node, notes: Notes) -> ast.Window:
    """The window of an operation on a time. Raises Impossible for other points than days, today and now."""
    operator = node.need("operator")
    notes.add(WHOSE_DAYS)
    if node.need("operationType").one_of("TIME_POINT", "TIME_RANGED") == "TIME_POINT":
        node.only(*_SHARED, "timePoint", "endpointBehavior")
        moment = _day(node.need("timePoint"), notes)
        inside = node.get("endpointBehavior")
        whole = inside is not None and inside.one_of("INCLUSIVE", "EXCLUSIVE") == "INCLUSIVE"
        match operator.one_of("IS_AFTER", "IS_BEFORE"), whole:
            case "IS_AFTER", _:
                return ast.Relative("since" if whole else "after", moment)
            case _, False:
                return ast.Relative("before", moment)
        raise Impossible("Up to the end of a day, or to its beginning, the vendor does not say.", node.path)
    node.only(*_SHARED, *_RANGED)
    operator.one_of("IS_BETWEEN", "IS_NOT_BETWEEN")
    for key in ("lowerBoundEndpointBehavior", "upperBoundEndpointBehavior"):
        if (found := node.get(key)) is not None:
            found.one_of("INCLUSIVE")
    low, high = node.need("lowerBoundTimePoint"), node.need("upperBoundTimePoint")
    start, end = _day(low, notes), _day(high, notes)
    if isinstance(start, ast.Date) and isinstance(end, ast.Date) and start.value > end.value:
        raise Impossible("It ends before it begins.", node.path)
    return ast.BetweenMoments(start, end)


_SHARED = ("operationType", "operator", "includeObjectsWithNoValueSet", "propertyParser", "type")
_RANGED = (
    "lowerBoundTimePoint", "upperBoundTimePoint", "lowerBoundEndpointBehavior", "upperBoundEndpointBehavior",
)  # fmt: skip


def _day(node: Node, notes: Notes) -> ast.Moment:
    if node.need("timeType").one_of("DATE", "INDEXED") == "DATE":
        node.only("timeType", "timezoneSource", "zoneId", "year", "month", "day", *_CLOCK)
        _start_of_day(node)
        year, month, day = (node.need(key).whole() for key in ("year", "month", "day"))
        try:
            return ast.Date(date(year, month, day))
        except (ValueError, OverflowError):
            raise Impossible("This is no day.", node.path) from None
    node.only("timeType", "timezoneSource", "zoneId", "indexReference", "offset")
    reference = node.need("indexReference")
    reference.only("referenceType", *_CLOCK)
    _start_of_day(reference)
    if reference.need("referenceType").one_of("TODAY", "NOW") == "NOW":
        notes.add(TODAY_WHOLE)
    offset = node.get("offset")
    if offset is None:
        return ast.Day("today")
    offset.only("days")
    days = offset.need("days").whole()
    if days == 0:
        return ast.Day("today")
    if days > 0:
        raise Impossible("A whole day that is still to come has no spelling here.", offset.path)
    return ast.Ago(duration(-days, "d", offset.path), whole_day=True)


_CLOCK = ("hour", "minute", "second", "millisecond")


def _start_of_day(node: Node) -> None:
    for key in _CLOCK:
        if (found := node.get(key)) is not None and found.whole() != 0:
            raise Impossible("Only whole days are read, and no times of day.", found.path)
