"""`segments-of` as text and as data: the saved segments of one profile, since when, and what would change that."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from .columns import beside
from .style import clock, counted, style, utc
from .why import changes_data, next_data

if TYPE_CHECKING:
    from ..insights import Change, Membership, Memberships, Next, Since


def memberships_text(found: Memberships, zone: ZoneInfo, width: int) -> str:
    """The segments, those that it came into last first; then those that time alone brings, the soonest first."""
    many = counted(found.segments, "segment")
    parts = [style(f"{found.profile} is in {len(found.inside):,} of {many}.", bold=True)]
    if found.inside:
        lines = [
            (_since(one.since, zone), one.segment, _next(one.next, zone), _changes(one.flips))
            for one in sorted(found.inside, key=_came)
        ]
        parts.append(_table(("in since", "segment", "out by time alone", "out with"), lines, width))
    if found.coming:
        coming = [(_next(then, zone), name) for name, then in found.coming]
        parts.append(_table(("in by time alone", "segment"), coming, width))
    return "\n\n".join(parts)


def _table(heads: Sequence[str], lines: Sequence[Sequence[str]], width: int) -> str:
    return beside(list(zip(heads, *lines, strict=True)), width, ruled=True)


def _came(one: Membership) -> float:
    """The latest first; what is not known last."""
    known = one.since.at or one.since.after
    return -known.timestamp() if known else 0


def _since(since: Since, zone: ZoneInfo) -> str:
    if since.at is not None:
        return _moment(since.at, zone)
    return f"before {clock(since.after, zone)}" if since.after else "not known"


def _next(then: Next, zone: ZoneInfo) -> str:
    if then.at is not None:
        return _moment(then.at, zone)
    return f"not before {clock(then.until, zone)}" if then.until else "not known"


def _moment(at: datetime, zone: ZoneInfo) -> str:
    """To the minute, in which a microsecond after a row is its own."""
    return clock(at.replace(second=0, microsecond=0), zone)


def _changes(flips: Sequence[Sequence[Change]]) -> str:
    return " and ".join(one.says for one in flips[0]) if flips else ""


def memberships_data(found: Memberships) -> dict[str, Any]:
    """The segments for machines, in the order in which they are saved; instants in UTC."""
    return {
        "profile": found.profile,
        "now": utc(found.now),
        "asked": found.segments,
        "segments": [
            {
                "segment": one.segment,
                "since": utc(one.since.at) if one.since.at else None,
                "at_least_since": utc(one.since.after) if one.since.after else None,
                "next": next_data(one.next),
                "flips": changes_data(one.flips),
            }
            for one in found.inside
        ],
        "coming": [{"segment": name, "next": next_data(then)} for name, then in found.coming],
        "problems": [problem.as_dict() for problem in found.problems],
    }
