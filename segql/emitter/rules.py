"""Tests of the profile at hand: on its own columns, on rows tied to it, on what the passes found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import assert_never

from sqlglot import exp

from .. import conditions as c
from ..catalog.model import Catalog
from ..catalog.sql import copied
from ..conditions.walk import nodes
from ..plain import dataclass
from ..planner import (
    ConsentRecords,
    Exists,
    Found,
    Grouped,
    Keys,
    Listed,
    Members,
    Need,
    Net,
    Pass,
    Plan,
    Question,
    Test,
    Valued,
    edge_need,
    events_slug,
    share_needs,
    slug,
    stands_alone,
)
from . import nodes as n
from . import populations
from .bounds import clock_of
from .consents import by_givings, record_fits
from .fields import holds
from .groups import times
from .measures import compares
from .opposites import opposite
from .places import near_place
from .rows import Rows, alias_of
from .sources import dated
from .streams import occurring
from .sums import SUM
from .target import Target
from .texts import by_code_point, hashed


@dataclass(frozen=True, slots=True)
class Written:
    """The profiles, and where the passes hold what is needed of them."""

    profile: Rows
    needs: Mapping[Need, tuple[str, str]]
    some: frozenset[Need]
    """Counts that are zero of nobody of whom the pass has a row."""
    told: Mapping[Need, str]
    """Counts that are more than zero of those alone of whom a pass has a row."""
    consents: Mapping[c.Consent, exp.Expr]
    """Of what a query tells beside the profile, whether it holds."""
    sums: Mapping[c.Terms, str]
    listed: Mapping[Listed | Exists | c.Consent, str]
    asked: Mapping[Question, str]
    joined: tuple[str, ...]
    """The queries with a row for each profile that has something."""
    numbers: Mapping[str, c.Field | None]
    """The queries of one row, or of one row for each value of a property."""
    groups: Mapping[str, c.Field | None]
    """The queries of profiles' values, and the property within whose values they are compared."""
    complete: tuple[str, ...]
    """The passes whose profiles are known to exist."""
    beside: tuple[tuple[str, exp.Query], ...] = ()
    """Queries over passes, by their names."""
    lead: str = ""
    """The query that stands in the place of the profiles; empty: none."""

    @staticmethod
    def of(plan: Plan, profile: Rows) -> Written:
        """Where each need and question of a plan is found, by the names of its queries."""
        needs: dict[Need, tuple[str, str]] = {}
        some: set[Need] = set()
        told: dict[Need, str] = {}
        consents: dict[c.Consent, exp.Expr] = {}
        sums: dict[c.Terms, str] = {}
        listed: dict[Listed | Exists | c.Consent, str] = {}
        for one in plan.passes:
            match one:
                case Grouped(name=name, columns=columns):
                    needs.update({need: (name, column) for column, need in columns})
                    told.update(dict.fromkeys(one.told, name))
                    if len({need.of for _, need in columns}) == 1:
                        some.update(need for _, need in columns)
                case ConsentRecords(name=name, columns=((_, consent), *_)) if by_givings(one, profile.target):
                    listed[consent] = name
                case ConsentRecords(name=name, columns=wanted):
                    consents.update({consent: n.column(name, column) for column, consent in wanted})
                case Net(name=name, of=terms):
                    sums[terms] = name
                case Keys(name=name, of=condition):
                    listed[condition] = name
                case _:
                    assert_never(one)
        joined = tuple(one.name for one in plan.passes if one.name not in listed.values())  # those are semi-joins
        asked = {one.of: one.name for one in plan.around}
        numbers = {one.name: one.of.each for one in plan.around if isinstance(one.of, c.Population)}
        groups = {one.name: one.of.each for one in plan.around if isinstance(one.of, Valued)}
        catalog = profile.target.catalog
        complete = tuple(one.name for one in plan.passes if _complete(one, catalog))
        return Written(
            profile, needs, frozenset(some), told, consents, sums, listed, asked, joined, numbers, groups,
            complete,
        )  # fmt: skip

    def need(self, need: Need) -> exp.Expr:
        """The column of a pass that holds what is needed."""
        return n.column(*self.needs[need])

    def any(self, count: Need) -> exp.Expr:
        """A count is more than zero."""
        if count in self.told:
            return n.is_set(n.column(self.told[count], self.profile.target.catalog.profiles.key))
        return n.compare(self.need(count), ">", n.number(0))

    def answer(self, question: Question) -> str:
        """The name of the query that answers a question about many profiles."""
        return self.asked[question]

    def net(self, of: c.Terms) -> tuple[exp.Expr, exp.Expr]:
        """The column of a sum over several streams, and that of who has a row in one of them."""
        name = self.sums[of]
        return n.column(name, SUM), n.column(name, self.profile.target.catalog.profiles.key)


def _complete(one: Pass, catalog: Catalog) -> bool:
    """Whether each row of a pass is of a profile that exists."""
    match one:
        case Grouped(events=events) | Net(events=events):
            pass
        case Keys(of=c.Near() | c.Nearest()):
            return True  # it reads the profiles
        case Keys(of=Exists()):
            return False
        case Keys(of=condition):
            events = tuple(name for of in nodes(condition) if isinstance(of, c.Occurrences) for name in of.events)
        case ConsentRecords():
            return False
        case _:
            assert_never(one)
    return all(catalog.events[name].profiles_complete for name in events)


def tested(test: Test, written: Written) -> exp.Expr:
    """A test of the profile at hand; NULL or false where it does not hold."""
    match test:
        case _ if isinstance(test, c.FieldCondition):
            return holds(test, {"profile": written.profile})
        case Exists() if test in written.listed:
            return _listed(test, written)
        case Exists():
            return _exists(test, written.profile)
        case c.Occurs():
            return _occurs(test, written)
        case Found(need=need, said=said):
            found = written.need(need)
            return n.compare(n.coalesce(found, n.number(0)), "=", n.number(0)) if said.none else written.any(need)
        case c.MeasureComparison(right=c.Population()):
            return populations.beside(test, written)
        case c.MeasureComparison():
            return compares(test, written)
        case Members() | c.Rank():
            return populations.listed(test, written)
        case c.EdgeOccurrence():
            return written.need(edge_need(test))
        case c.Share():
            return _share(test, written)
        case c.Regular() | c.OnDifferent() | c.Repeats() | c.MostCommon() | c.InCommon() | c.InSequence():
            return _listed(test, written)
        case c.Near(place=None) | c.Nearest():
            return _listed(test, written)
        case c.Near():
            return near_place(test, written.profile)
        case c.Random(seed=seed, below=below):
            return _random(seed, below, written.profile)
        case c.Consent():
            return _consents(test, written)
        case c.InList():
            return _in_list(test, written.profile)
        case _:
            assert_never(test)


def _tied(rows: Rows, profile: Rows) -> exp.Expr:
    return n.compare(rows.key(), "=", profile.key())


def _exists(test: Exists, profile: Rows) -> exp.Expr:
    sources = occurring(test, profile.target)
    if test.none:  # several anti-joins are as good as one over all, or better
        return n.both(opposite(rows.exists([_tied(rows, profile)], [condition])) for rows, condition in sources)
    if len(sources) == 1:
        ((rows, condition),) = sources
        return rows.exists([_tied(rows, profile)], [condition])
    # One set of keys: two EXISTS under OR are no join for any engine.
    key = profile.target.catalog.profiles.key
    found = n.union_all([rows.select([n.named(rows.key(), key)], [condition]) for rows, condition in sources])
    alias = alias_of(events_slug(test.events), profile.target)
    tied = n.compare(n.column(alias, key), "=", profile.key())
    return n.exists(n.select([exp.Literal.number(1)], n.aliased(exp.Subquery(this=found), alias), where=tied))


def _listed(test: Listed | Exists | c.Consent, written: Written) -> exp.Expr:
    name, key = written.listed[test], written.profile.target.catalog.profiles.key
    tied = n.compare(n.column(name, key), "=", written.profile.key())
    return n.exists(n.select([exp.Literal.number(1)], n.table(name), [], tied))


def _times(count: int) -> exp.Expr:
    return n.given(n.number(count), count)


def _occurs(test: c.Occurs, written: Written) -> exp.Expr:
    count = written.need(Need("count", test.of))
    if test.at_least <= 0:  # of somebody without any the pass has no row
        count = n.coalesce(count, n.number(0))
    if test.at_least == test.at_most:
        return n.compare(count, "=", _times(test.at_least))
    parts = []
    if test.at_least > 0:
        parts.append(n.compare(count, ">=", _times(test.at_least)))
    if test.at_most is not None:
        parts.append(n.compare(copied(count) if parts else count, "<=", _times(test.at_most)))
    return n.both(parts)


def _share(share: c.Share, written: Written) -> exp.Expr:
    """`fitting / count OP percent / 100`, multiplied out; of somebody without any nothing holds."""
    fitting, count = share_needs(share)
    percent = Fraction(share.percent) / 100
    fits, op = written.need(fitting), share.op
    apart = written.needs[fitting][0] != written.needs[count][0]
    some = written.any(count) if (apart and not percent) or count not in written.some else n.true()
    part = n.number(0) if not percent else times(written.need(count), percent.numerator)
    if apart:  # who has none that fits has no row there
        fits = n.coalesce(fits, n.number(0)) if not percent or op in ("<", "<=") else fits
        op = ">=" if op == "=" and percent == 1 else op  # no more than all fit; equal numbers are no key of a join
    return n.both([some, n.compare(times(fits, percent.denominator), op, part)])


def _random(seed: str, below: str | None, profile: Rows) -> exp.Expr:
    if below is None:
        return n.true()
    digits = exp.Left(this=hashed(seed, profile.key(), profile.target), expression=n.number(len(below)))
    return n.compare(by_code_point(digits, profile.target), "<", n.text(below))


def _consents(consent: c.Consent, written: Written) -> exp.Expr:
    profile, target = written.profile, written.profile.target
    channel = target.catalog.channels[consent.channel]
    if consent in written.consents:
        return copied(written.consents[consent])
    if consent in written.listed:
        return _listed(consent, written)
    if not stands_alone(consent.channel, target.catalog):
        return _own_consent(consent, profile)
    alias = alias_of(f"{slug(consent.channel)}_consent", target)

    def record() -> Rows:
        return dated(channel, channel.profile or "", channel.time, alias, target)

    rows = record()
    fitting = rows.exists([_tied(rows, profile)], [record_fits(consent, rows)])
    if not consent.given:
        return fitting
    other = record()
    unfit = other.exists([_tied(other, profile)], [opposite(record_fits(consent, other))])
    return n.both([fitting, opposite(unfit)])


def _own_consent(consent: c.Consent, profile: Rows) -> exp.Expr:
    """Consent on the profile's own columns: the one record that there is."""
    channel = profile.target.catalog.channels[consent.channel]
    if channel.time is None:
        return record_fits(consent, profile)
    record = replace(profile, time=channel.time, clock=clock_of(channel.time, profile.target.zone))
    return n.both([n.is_set(profile.given(channel.time)), record_fits(consent, record)])


def _in_list(test: c.InList, profile: Rows) -> exp.Expr:
    rows, joined = in_list(test, profile.target)
    return rows.exists([_tied(rows, profile)], [joined])


def in_list(test: c.InList, target: Target) -> tuple[Rows, exp.Expr]:
    """The rows of the list, and what one of the profile's has to fit."""
    source = target.catalog.lists[test.list]
    rows = dated(source, source.profile, source.time, alias_of(slug(test.list), target), target)
    if rows.time is None:
        return rows, n.false() if test.dated else n.true()
    joined = rows.in_window(test.window)
    if not test.dated:
        joined = n.either([joined, n.is_null(rows.at())])
        joined = exp.Paren(this=joined) if isinstance(joined, exp.Or) else joined
    return rows, joined
