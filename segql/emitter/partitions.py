"""The partitions of a table that the rows of a window can lie in: what an engine need not read it leaves out.

A partition is a stretch of time, and a row lies in one that is no further from its time than the slack.
"""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, timedelta

from sqlglot import exp

from ..catalog.model import Partition
from ..conditions import Interval
from ..conditions.live import is_live
from .bounds import Stored, Stretch, cut
from .rows import Rows


def pruned(rows: Rows, partition: Partition | None, window: Interval) -> list[exp.Expr]:
    """The condition that rows lie where those of the window can; none without a window, or by the engine's clock."""
    if partition is None or rows.time is None or (window.start is None and window.end is None) or is_live(window):
        return []
    return [cut(rows.column(partition.column), _stretches, (window.start, window.end), partition)]


def _stretches(start: datetime | None, end: datetime | None, partition: Partition) -> tuple[Stretch, ...]:
    """The partitions that rows of `[start, end)` may lie in, as stored values."""
    low = None if start is None else _moved(start, -partition.reach)
    high = None if end is None else _moved(end, partition.reach)
    return (
        (
            None if low is None else stored(begun(low, partition), partition),
            None if high is None else _after(begun(high, partition), partition),
        ),
    )


def begun(at: datetime, partition: Partition) -> datetime:
    """The beginning of the partition that holds an instant, in UTC."""
    at = at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    length = _length(partition)
    if length != "hour":
        at = at.replace(hour=0)
    return at.replace(day=1) if length == "month" else at.replace(month=1, day=1) if length == "year" else at


def ended(at: datetime, partition: Partition) -> datetime | None:
    """The end of the partition that begins then; None where that is after all times."""
    try:
        match _length(partition):
            case "hour":
                return at + timedelta(hours=1)
            case "day":
                return at + timedelta(days=1)
            case "month":
                return at + timedelta(days=calendar.monthrange(at.year, at.month)[1])
            case _:
                return at.replace(year=at.year + 1)
    except (OverflowError, ValueError):
        return None


def stored(at: datetime, partition: Partition) -> Stored:
    """How the column has the partition that begins then."""
    match partition.kind:
        case "timestamp":
            return at
        case "date":
            return at.date()
        case "text":
            return _written(at, partition)
        case _:
            return int(_written(at, partition))


def read(value: object, partition: Partition) -> datetime | None:
    """The beginning of the partition that the column calls so; None where it calls none so."""
    match value:
        case datetime():
            return begun(value if value.tzinfo else value.replace(tzinfo=UTC), partition)
        case date():
            return datetime(value.year, value.month, value.day, tzinfo=UTC)
        case str() | int():
            try:
                text = str(value).zfill(_DIGITS[_length(partition)]) if isinstance(value, int) else value
                found = datetime.strptime(text, partition.format or "%Y-%m-%d").replace(tzinfo=UTC)
            except ValueError:
                return None
            return found if partition.format is None or _written(found, partition) == text else None
        case _:
            return None


def _length(partition: Partition) -> str:
    named = partition.format or "%d"
    return next(
        length for sign, length in (("%H", "hour"), ("%d", "day"), ("%m", "month"), ("", "year")) if sign in named
    )


_DIGITS = {"year": 4, "month": 6, "day": 8, "hour": 10}


def _after(at: datetime, partition: Partition) -> Stored | None:
    end = ended(at, partition)
    return None if end is None else stored(end, partition)


def _written(at: datetime, partition: Partition) -> str:
    """`strftime` leaves the zeros of early years out."""
    return at.strftime((partition.format or "").replace("%Y", f"{at.year:04}"))


def _moved(at: datetime, by: timedelta) -> datetime | None:
    try:
        return at + by
    except OverflowError:
        return None
