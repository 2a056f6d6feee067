"""Windows beside each other: the instants of one, of both, of none."""

from __future__ import annotations

from .. import Interval


def timed_inside(part: Interval, whole: Interval) -> bool:
    """Windows of events: the one without bounds is that of events without time, and like no other."""
    nowhere = Interval(None, None)
    return part == whole or (nowhere not in (part, whole) and inside(part, whole))


def inside(part: Interval, whole: Interval) -> bool:
    """Every instant of the one window lies in the other."""
    after_start = whole.start is None or (part.start is not None and part.start >= whole.start)
    return after_start and (whole.end is None or (part.end is not None and part.end <= whole.end))


def common(one: Interval, other: Interval) -> Interval:
    """The instants of both windows."""
    start = max(filter(None, (one.start, other.start)), default=None)
    return Interval(start, min(filter(None, (one.end, other.end)), default=None))


def disjoint(one: Interval, other: Interval) -> bool:
    """Whether no instant lies in both."""
    return _ends_before(one, other) or _ends_before(other, one)


def _ends_before(one: Interval, other: Interval) -> bool:
    return one.end is not None and other.start is not None and one.end <= other.start


def empty(window: Interval) -> bool:
    """No instant lies in the window."""
    return window.start is not None and window.end is not None and window.start >= window.end
