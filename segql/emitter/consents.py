"""Dated consent: one row for each profile of a channel's records, with what the latest of them say."""

from __future__ import annotations

from sqlglot import exp

from .. import conditions as c
from ..planner import ConsentRecords
from . import nodes as n
from .bounds import EXACT
from .opposites import opposite
from .rows import Rows
from .sources import dated
from .streams import driven
from .target import Target
from .times import instant


def records(of: ConsentRecords, target: Target) -> exp.Query:
    """A row for each profile with records; each column says whether a consent condition holds."""
    channel = target.catalog.channels[of.channel]
    rows = dated(channel, channel.profile or "", channel.time, "consent", target)
    stored, clock = rows.at(), rows.clock
    if not clock.ordered:
        stored, clock = instant(stored, clock, target.dialect), EXACT
    values = [n.named(rows.key(), target.catalog.profiles.key)]
    for name, consent in of.columns:
        latest = exp.Max(this=stored.copy())
        if consent.given:  # no record at the latest instant is anything but a fitting giving
            other = exp.Max(this=n.case(opposite(record_fits(consent, rows)), stored.copy()))
            values.append(n.named(n.coalesce(n.compare(other, "<", latest), n.true()), name))
        else:
            withdrawn = exp.Max(this=n.case(record_fits(consent, rows), stored.copy()))
            values.append(n.named(n.compare(withdrawn, "=", latest), name))
    return rows.select(values, [n.is_set(rows.at()), *driven(of.only, rows)], [rows.key()])


def record_fits(consent: c.Consent, rows: Rows) -> exp.Expr:
    """The record is a giving (or else a withdrawal) that fits the reason and the window."""
    channel = rows.target.catalog.channels[consent.channel]
    giving = rows.expression(channel.receives_when)
    parts = [giving if consent.given else opposite(giving)]
    if consent.reason is not None:
        assert channel.reason is not None
        parts.append(n.compare(rows.column(channel.reason), "=", n.text(consent.reason)))
    if consent.window is not None:
        parts.append(n.false() if rows.time is None else rows.in_window(consent.window))
    return n.both(parts)
