"""Rules: does a condition hold for a profile, and for which profiles does a rule hold."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import assert_never

from .. import conditions as c
from ..ast import All, AnyOf, Not, Tree
from ..catalog.model import Catalog
from .habits import holds_among
from .measures import cut, edges, measure, occurrences
from .places import Position, degrees, distance, straight
from .populations import Values, has_rank, hashed, looks_around, sampled, statistic, values_of
from .predicates import Sight, fits, value_of
from .records import ConsentRecord, Profile, Records
from .sequences import in_sequence
from .shop import Key, Shop
from .values import Cell, compare, literal, within


def members(
    rule: Tree[c.Condition], shop: Shop, catalog: Catalog, now: datetime, sample: c.Sample | None = None
) -> set[Key]:
    """The keys of all profiles for which a bound rule holds, or of these only the sample.

    `now` is the aware instant that the rule was bound for. Raises SegQLError (`shop-row`) for a row that is wrong.
    """
    records = Records(shop, catalog, now)
    return sampled([person.key for person in records.people() if holds_for(rule, person)], sample)


def holds(
    rule: Tree[c.Condition], shop: Shop, catalog: Catalog, now: datetime, key: Key, *, sample: c.Sample | None = None
) -> bool:
    """Whether a bound rule holds for one profile (and the sample keeps it). An unknown profile is no member.

    The shop needs no other profile, unless the rule looks at others too.
    """
    if sample is not None:
        return key in members(rule, shop, catalog, now, sample)
    records = Records(shop, catalog, now, only=None if looks_around(rule) else key)
    return key in records.profiles and holds_for(rule, Profile(key, records.profiles[key], records))


def holds_for(rule: Tree[c.Condition], profile: Profile) -> bool:
    """Whether a bound rule holds for a profile, among the others that its records know."""
    match rule:
        case All(parts):
            return all(holds_for(part, profile) for part in parts)
        case AnyOf(parts):
            return any(holds_for(part, profile) for part in parts)
        case Not(part):
            return not holds_for(part, profile)
        case _ if isinstance(rule, c.FieldCondition):
            return fits(rule, Sight(profile))
        case c.Occurs(of=of, at_least=at_least, at_most=at_most):
            count = len(occurrences(of, profile))
            return at_least <= count and (at_most is None or count <= at_most)
        case c.MeasureComparison():
            return _compares(rule, profile)
        case c.EdgeOccurrence(which=which, of=of, window=window, has=has):
            return any(
                edge.time is not None and within(edge.time, window) and fits(has, edge)
                for edge in edges(which, of, profile)
            )
        case c.Near(field=field, place=place, metres=metres):
            return _near(value_of(field, Sight(profile)), place, metres, profile.records)
        case c.Nearest(field=field, names=names, places=places):
            return any(
                name in names or any(distance(at, _floats(place)) <= c.AT_PLACE for place in places)
                for name, at, _ in nearest(value_of(field, Sight(profile)), profile.records)
            )
        case c.Random(seed=seed, below=below):
            return below is None or hashed(seed, profile.key)[:8] < below
        case c.Share() | c.Regular() | c.OnDifferent() | c.Repeats() | c.MostCommon() | c.InCommon():
            return holds_among(rule, profile)
        case c.InSequence():
            return in_sequence(rule, profile)
        case c.Consent():
            return _consents(rule, profile)
        case c.InList(list=name, window=window, dated=dated):
            return any(
                not dated if joined is None else joined < profile.records.now and within(joined, window)
                for joined in profile.records.joins(name, profile.key)
            )
        case c.InSegment(rule=of_segment, sample=None):
            return holds_for(of_segment, profile)
        case c.InSegment():
            return profile.key in segment_members(rule, profile.records)
        case c.Rank(by=by, among=among, each=each):
            return has_rank(rule, profile.key, values_beside(by, among, each, profile))
        case _:
            assert_never(rule)


def _compares(condition: c.MeasureComparison, profile: Profile) -> bool:
    """Whether left OP factor x right; not when a side is missing."""
    right: Cell | None
    match condition.right:
        case str() | Decimal() | date():  # a bool is no value of a measure
            left, right = measure(condition.left, profile, exact=True), literal(condition.right)
        case bool():
            raise TypeError("a measure compares with no boolean")
        case c.Population():
            left, right = cut(condition.left, profile), population_statistic(condition.right, profile)
        case other:
            left, right = measure(condition.left, profile, exact=False), measure(other, profile, exact=False)
    if isinstance(right, Fraction):
        right *= Fraction(condition.factor)
    return left is not None and right is not None and compare(left, condition.op, right)


def segment_members(segment: c.InSegment, records: Records) -> set[Key]:
    """The members of a segment, after its sample."""
    return records.once(
        segment,
        lambda: sampled([one.key for one in records.people() if holds_for(segment.rule, one)], segment.sample),
    )


def population_values(of: c.Measure, among: c.InSegment | None, records: Records) -> Values:
    """The values of a population, by profile."""

    def people() -> Values:
        if among is None:
            return values_of(of, records.people(), chosen=False)
        chosen = segment_members(among, records)
        return values_of(of, [one for one in records.people() if one.key in chosen], chosen=True)

    return records.once((of, among), people)


def values_beside(of: c.Measure, among: c.InSegment | None, each: c.Field | None, profile: Profile) -> Values:
    """The values that a profile is beside: those of a population, or of these who have its own value of `each`."""
    records = profile.records
    values = population_values(of, among, records)
    if each is None:
        return values

    def groups() -> dict[Cell | None, dict[Key, Fraction]]:
        found: dict[Cell | None, dict[Key, Fraction]] = {}
        for one in records.people():
            if one.key in values:
                found.setdefault(value_of(each, Sight(one)), {})[one.key] = values[one.key]
        return found

    mine = value_of(each, Sight(profile))
    return {} if mine is None else records.once((of, among, each), groups).get(mine, {})


def population_statistic(population: c.Population, profile: Profile) -> Fraction | None:
    """The number about a population that a profile is beside."""
    records, each = profile.records, population.each
    among = values_beside(population.of, population.among, each, profile)
    mine = None if each is None else value_of(each, Sight(profile))
    return records.once((population, mine), lambda: statistic(population, among, records.people()))


def _near(home: Cell | None, place: tuple[Decimal, Decimal] | None, metres: Decimal, records: Records) -> bool:
    """Whether a place, or some store, is no further away; nobody is near anything without a position."""
    if home is None:
        return False
    places = [at for _, at in records.stores()] if place is None else [_floats(place)]
    return any(distance(degrees(home), one) <= metres for one in places)


def nearest(home: Cell | None, records: Records) -> list[tuple[str | None, Position, float]]:
    """The stores that no other is nearer than, by more than a millimetre: name, position, metres along the earth."""
    if home is None:
        return []
    here = degrees(home)
    found = [(straight(here, at), name, at) for name, at in records.stores()]
    least = min((metres for metres, _, _ in found), default=0.0)
    return [(name, at, distance(here, at)) for metres, name, at in found if metres <= least + float(c.NEAREST_TIE)]


def _floats(place: tuple[Decimal, Decimal]) -> Position:
    return float(place[0]), float(place[1])


def _consents(consent: c.Consent, profile: Profile) -> bool:
    """By the deciding records: those at the latest instant, or all where the channel has no time."""
    records = profile.records.consents(consent.channel, profile.key)
    latest = max((record.time for record in records if record.time is not None), default=None)
    deciding = [record for record in records if record.time == latest]

    def fitting(record: ConsentRecord) -> bool:
        return (consent.reason is None or record.reason == consent.reason) and (
            consent.window is None or (record.time is not None and within(record.time, consent.window))
        )

    if consent.given:
        return bool(deciding) and all(record.giving and fitting(record) for record in deciding)
    return any(not record.giving and fitting(record) for record in deciding)
