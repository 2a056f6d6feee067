"""The driver of a plan: what every member has lately, so that passes over more can leave out whoever lacks it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import assert_never

from .. import conditions as c
from ..ast import All, Tree
from ..catalog.model import Catalog
from .shapes import ConsentRecords, Exists, Gaps, Grouped, Keys, Pass, Test, depends_on_place

_SHORT = timedelta(days=60)
_WIDER = 4
"""Measured: to leave out whoever lacks an event of w days makes a pass over three years faster up to about w = 120."""


def driver(rule: Tree[Test], catalog: Catalog) -> c.Occurrences | None:
    """What every member has in the shortest of short windows, if there is such a thing."""
    demanded = [part.of for part in (rule.parts if isinstance(rule, All) else (rule,)) if isinstance(part, Exists)]
    short = [
        (length, index)
        for index, of in enumerate(demanded)
        if (length := _length(of.window)) is not None
        and length <= _SHORT
        # Such windows do not make these cheap.
        and not depends_on_place(of.where)
        and not any(catalog.events[event].group_by for event in of.events)
    ]
    return demanded[min(short)[1]] if short else None


def driven(one: Pass, only: c.Occurrences | None) -> Pass:
    """The pass, driven where it reads much more than the driver does."""
    length = _length(only.window) if only is not None else None
    if only is None or length is None:
        return one
    match one:
        case Grouped(windows=windows):
            reads = _length(c.Interval(windows[0].start, windows[-1].end))
        case Gaps(of=of):
            reads = _length(of.window)
        case Keys(of=c.Share(of=of) | c.Regular(of=of) | c.OnDifferent(of=of) | c.Repeats(of=of) | c.MostCommon(of=of)):
            reads = _length(of.window)
        case Keys(of=c.InCommon(of=(of, *_))):
            reads = _length(of.window)
        case ConsentRecords() | Keys():
            reads = None
        case _:
            assert_never(one)
    return one if reads is not None and reads < length * _WIDER else replace(one, only=only)


def _length(window: c.Interval) -> timedelta | None:
    return None if window.start is None or window.end is None else window.end - window.start
