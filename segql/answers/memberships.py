"""`segments-of` as text and as data: the saved segments of one profile, since when, and what would change that."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from ..plain import dataclass
from .columns import LEAST, beside, cut
from .style import clock, counted, style, utc
from .why import changes_data, next_data

if TYPE_CHECKING:
    from ..insights import Change, Membership, Memberships, Next, Since


ROOMY = 100
"""Columns of a terminal from which on there is room for the time of a day."""


def memberships_text(found: Memberships, zone: ZoneInfo, width: int) -> str:
    """The segments, those that it came into last first; then those that time alone brings, the soonest first."""
    at = _Said(zone, width < ROOMY)
    many = counted(found.segments, "segment")
    parts = [style(f"{found.profile} is in {len(found.inside):,} of {many}.", bold=True)]
    if found.inside:
        lines = [
            (at.since(one.since), one.segment, at.next(one.next), _changes(one.flips))
            for one in sorted(found.inside, key=_came)
        ]
        # No date is cut off: rather a name.
        taken = sum(max(len(row[place]) for row in lines) + 2 for place in (0, 2))
        room = max(LEAST, width - max(taken, len("out by time alone") + 20))
        lines = [(since, cut(name, room), then, with_) for since, name, then, with_ in lines]
        parts.append(_table(("in since", "segment", "out by time alone", "out with"), lines, width))
    if found.coming:
        coming = [(at.next(then), name) for name, then in found.coming]
        parts.append(_table(("in by time alone", "segment"), coming, width))
    return "\n\n".join(parts)


def _table(heads: Sequence[str], lines: Sequence[Sequence[str]], width: int) -> str:
    return beside(list(zip(heads, *lines, strict=True)), width, ruled=True)


def _came(one: Membership) -> float:
    """The latest first; what is not known last."""
    known = one.since.at or one.since.after
    return -known.timestamp() if known else 0


@dataclass(frozen=True, slots=True)
class _Said:
    """How instants are said: on the wall clock of a zone, or by their day alone."""

    zone: ZoneInfo
    days: bool

    def since(self, since: Since) -> str:
        """When somebody came in."""
        if since.at is not None:
            return self.moment(since.at)
        return f"before {self.moment(since.after)}" if since.after else "not known"

    def next(self, then: Next) -> str:
        """When time alone changes it."""
        if then.at is not None:
            return self.moment(then.at)
        return f"not before {self.moment(then.until)}" if then.until else "not known"

    def moment(self, at: datetime) -> str:
        """To the minute, in which a microsecond after a row is its own."""
        told = clock(at.replace(second=0, microsecond=0), self.zone)
        return told.partition(" ")[0] if self.days else told


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
        "problems": [problem.to_dict() for problem in found.problems],
    }
