"""Dated consent: what the latest of a channel's records of a profile say."""

from __future__ import annotations

from sqlglot import exp

from .. import conditions as c
from ..catalog.sql import copied
from ..planner import ConsentRecords, free
from . import nodes as n
from .bounds import EXACT
from .opposites import opposite
from .rows import Rows
from .sources import dated
from .streams import driven
from .target import Target
from .times import instant


def by_givings(of: ConsentRecords, target: Target) -> bool:
    """Whether the query lists who receives, by the givings and the latest of the other records. These are few, where
    all make nearly a group for each profile; not so beside a reason or a window, nor among a driver's few profiles.
    """
    (_, consent), *more = of.columns
    if more or of.only is not None or not consent.given or consent.reason is not None or consent.window is not None:
        return False
    return target.dialect.latest_by_join and target.catalog.channels[of.channel].query is None  # it is read twice


def query(of: ConsentRecords, target: Target) -> exp.Query:
    """The query of a channel's records."""
    return _receiving(of, target) if by_givings(of, target) else _records(of, target)


def _receiving(of: ConsentRecords, target: Target) -> exp.Query:
    """The keys of those of whom a record that fits is later than all that do not; of some several times."""
    channel, key = target.catalog.channels[of.channel], target.catalog.profiles.key
    (_, consent), latest = of.columns[0], free("latest", {key.lower()})
    rows, other = (dated(channel, channel.profile or "", channel.time, one, target) for one in ("consent", "other"))

    def time(rows: Rows) -> exp.Expr:
        return rows.at() if rows.clock.ordered else instant(rows.at(), rows.clock, target.dialect)

    values = [n.named(other.key(), key), n.named(exp.Max(this=time(other)), latest)]
    others = other.select(values, [n.is_set(other.at()), opposite(record_fits(consent, other))], [other.key()])
    after = n.either([
        n.is_null(n.column("others", latest)), n.compare(n.column("others", latest), "<", time(rows)),
    ])  # fmt: skip
    conditions = [n.is_set(rows.at()), record_fits(consent, rows), exp.Paren(this=after)]
    tree = rows.select([n.named(rows.key(), key)], conditions)
    tied = n.compare(n.column("others", key), "=", rows.key())
    tree.append("joins", n.left_join(n.aliased(exp.Subquery(this=others), "others"), tied))
    return tree


def _records(of: ConsentRecords, target: Target) -> exp.Query:
    """A row for each profile with records; each column says whether a consent condition holds."""
    channel = target.catalog.channels[of.channel]
    rows = dated(channel, channel.profile or "", channel.time, "consent", target)
    stored, clock = rows.at(), rows.clock
    if not clock.ordered:
        stored, clock = instant(stored, clock, target.dialect), EXACT
    values = [n.named(rows.key(), target.catalog.profiles.key)]
    for name, consent in of.columns:
        latest = exp.Max(this=copied(stored))
        if consent.given:  # no record at the latest instant is anything but a fitting giving
            other = exp.Max(this=n.case(opposite(record_fits(consent, rows)), copied(stored)))
            values.append(n.named(n.coalesce(n.compare(other, "<", latest), n.true()), name))
        else:
            withdrawn = exp.Max(this=n.case(record_fits(consent, rows), copied(stored)))
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
