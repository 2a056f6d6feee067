"""A run of the ledger as text and as data."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from .columns import beside
from .style import clock, counted, signed, style, utc

if TYPE_CHECKING:
    from ..ledger import Refresh

MOST = 10
"""Memberships that are named where some are wrong."""


def refresh_head(found: Refresh, zone: ZoneInfo, *, would: bool) -> str:
    """The run in a line: when, over how many segments, and how many memberships begin and end."""
    asked = [one for one in found.segments if one.state == "done"]
    head = style(f"Run {found.run:,}{' would be' if would else ''} at {clock(found.now, zone)}", bold=True)
    if not found.entered and not found.left:
        return f"{head}: {counted(len(asked), 'segment')}, nobody entered or left."
    entered, left = (f"{number:,}" if number else "nobody" for number in (found.entered, found.left))
    return f"{head}: {counted(len(asked), 'segment')}, {entered} entered, {left} left."


def refresh_table(found: Refresh, zone: ZoneInfo, *, would: bool) -> str:
    """The segments that change, or of which something is to be known, each with who enters and leaves; then how they
    were asked.
    """
    told = [one for one in found.segments if one.entered or one.left or one.note]
    same = len(found.segments) - len(told)
    lines = [refresh_head(found, zone, would=would)]
    if told:
        heads = ("members", "entered", "left", "segment", *(("note",) if any(one.note for one in told) else ()))
        cells = [
            (f"{one.members:,}", signed(one.entered), signed(-one.left), one.segment, one.note)[: len(heads)]
            for one in told
        ]
        lines += ["", beside(list(zip(heads, *cells, strict=True)), sys.maxsize, right=range(3), ruled=True)]
    if same and told:
        lines += ["", f"{counted(same, 'segment')} {'stays' if same == 1 else 'stay'} as before."]
    return "\n".join([*lines, *_asked(found)])


def _asked(found: Refresh) -> list[str]:
    """Of whom the segments were asked, and why of everybody; of a first run that goes without saying."""
    some = sum(one.mode == "incremental" for one in found.segments)
    reasons = Counter(one.reason for one in found.segments if one.reason)
    if found.run == 1 or not (some or reasons):
        return []
    lines = [""]
    if some:
        lines.append(
            f"{counted(some, 'segment')} asked of {counted(found.candidates, 'profile')} that may have changed."
        )
    if found.verified:
        lines.append(f"{counted(found.verified, 'other profile')} looked at as well: all are as they were kept.")
    lines += [f"{counted(number, 'segment')} asked of everybody: {reason}." for reason, number in reasons.most_common()]
    return lines


def differing_text(found: Refresh) -> str:
    """What a run found wrong with what is kept, and what mends it."""
    people = len({key for _, key, _ in found.differing})
    lines = [
        f"{style('error', bold=True)}: {counted(people, 'profile')} of {found.verified:,} that were looked at changed,"
        " and no row of theirs says so."
    ]
    lines += [
        f"  {key} {'belongs' if enters else 'no longer belongs'} to {segment}"
        for segment, key, enters in found.differing[:MOST]
    ]
    if (more := len(found.differing) - MOST) > 0:
        lines.append(f"  and {more:,} more")
    lines.append(
        "Nothing was written. A promise of the catalog (`written`) does not hold: mend it, and run with --full."
    )
    return "\n".join(lines)


def refresh_data(found: Refresh) -> dict[str, Any]:
    """The run for machines: a row of `runs` for each segment, and what is wrong with some."""
    segments = [asdict(one) for one in found.segments]
    problems = [problem.to_dict() for problem in found.problems]
    differing = [
        {"segment": one, "profile": key, "change": "entered" if enters else "left"}
        for one, key, enters in found.differing
    ]
    return {"run": found.run, "now": utc(found.now), "seen": utc(found.seen), "seconds": round(found.seconds, 3),
            "candidates": found.candidates, "verified": found.verified,
            "differing": differing, "segments": segments, "problems": problems}  # fmt: skip
