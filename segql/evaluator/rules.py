"""Rules: does a condition hold for a profile, and for which profiles does a rule hold."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import assert_never

from ..ast import All, AnyOf, Not, Tree
from ..catalog.model import Catalog
from ..conditions import (
    Condition,
    Consent,
    EdgeOccurrence,
    FieldComparison,
    FieldEmpty,
    FieldIn,
    FieldIncludes,
    FieldLike,
    FieldSet,
    FieldWithin,
    InList,
    InSegment,
    MeasureComparison,
    Occurs,
)
from .measures import edges, measure, occurrences
from .predicates import Sight, fits
from .shop import ConsentRecord, Key, Profile, Records, Shop
from .values import Cell, compare, literal, within


def members(rule: Tree[Condition], shop: Shop, catalog: Catalog, now: datetime) -> set[Key]:
    """The keys of all profiles for which a bound rule holds.

    `now` is the aware instant that the rule was bound for. Raises SegQLError (`shop-row`) for a row that is wrong.
    """
    records = Records(shop, catalog, now)
    return {key for key, row in records.profiles.items() if _holds(rule, Profile(key, row, records))}


def holds(rule: Tree[Condition], shop: Shop, catalog: Catalog, now: datetime, key: Key) -> bool:
    """Whether a bound rule holds for one profile; the shop needs no other. An unknown profile is no member."""
    records = Records(shop, catalog, now, only=key)
    return key in records.profiles and _holds(rule, Profile(key, records.profiles[key], records))


def _holds(rule: Tree[Condition], profile: Profile) -> bool:
    match rule:
        case All(parts):
            return all(_holds(part, profile) for part in parts)
        case AnyOf(parts):
            return any(_holds(part, profile) for part in parts)
        case Not(part):
            return not _holds(part, profile)
        case FieldComparison() | FieldIn() | FieldLike() | FieldIncludes() | FieldSet() | FieldEmpty() | FieldWithin():
            return fits(rule, Sight(profile))
        case Occurs(of=of, at_least=at_least, at_most=at_most):
            count = len(occurrences(of, profile))
            return at_least <= count and (at_most is None or count <= at_most)
        case MeasureComparison():
            return _compares(rule, profile)
        case EdgeOccurrence(which=which, of=of, window=window, has=has):
            return any(
                edge.time is not None and within(edge.time, window) and fits(has, edge)
                for edge in edges(which, of, profile)
            )
        case Consent():
            return _consents(rule, profile)
        case InList(list=name, window=window, dated=dated):
            return any(
                not dated if joined is None else joined < profile.records.now and within(joined, window)
                for joined in profile.records.joins(name, profile.key)
            )
        case InSegment(rule=of_segment):
            return _holds(of_segment, profile)
        case _:
            assert_never(rule)


def _compares(condition: MeasureComparison, profile: Profile) -> bool:
    """Whether left OP factor x right; not when a side is missing."""
    right: Cell | None
    match condition.right:
        case str() | Decimal() | date():  # a bool is no value of a measure
            left, right = measure(condition.left, profile, exact=True), literal(condition.right)
        case bool():
            raise TypeError("a measure compares with no boolean")
        case other:
            left, right = measure(condition.left, profile, exact=False), measure(other, profile, exact=False)
    if isinstance(right, Fraction):
        right *= Fraction(condition.factor)
    return left is not None and right is not None and compare(left, condition.op, right)


def _consents(consent: Consent, profile: Profile) -> bool:
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
