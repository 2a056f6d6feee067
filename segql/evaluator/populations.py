"""Profiles beside the others: the values of a population, ranks and statistics of them, samples of members."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from hashlib import md5
from typing import assert_never

from .. import conditions as c
from ..ast import All, AnyOf, Not, Tree
from .measures import cut, occurrences, rows, values
from .records import Profile
from .shop import Key

Values = Mapping[Key, Fraction]
"""The value of each profile of a population."""


def looks_around(rule: Tree[c.Condition]) -> bool:
    """Whether the rule looks at other profiles than the one at hand."""
    match rule:
        case All(parts) | AnyOf(parts):
            return any(looks_around(part) for part in parts)
        case Not(part):
            return looks_around(part)
        case c.InSegment(rule=of_segment, sample=sample):
            return sample is not None or looks_around(of_segment)
        case c.MeasureComparison(right=right):
            return isinstance(right, c.Population)
        case c.Rank():
            return True
        case c.Occurs() | c.EdgeOccurrence() | c.InSequence():
            return False
        case c.Share() | c.Regular() | c.OnDifferent() | c.Repeats() | c.MostCommon() | c.InCommon():
            return False
        case c.Near() | c.Nearest() | c.Random() | c.Consent() | c.InList():
            return False
        case _ if isinstance(rule, c.FieldCondition):
            return False
        case _:
            assert_never(rule)


def values_of(of: c.Measure, people: Collection[Profile], *, chosen: bool) -> Values:
    """The values of the people who have one; unless they are `chosen` (a segment), of those with something to count."""
    known = ((one.key, cut(of, one)) for one in people if chosen or _counts(of, one))
    return {key: found for key, found in known if found is not None}


def _counts(of: c.Measure, profile: Profile) -> bool:
    """Whether there is any event (or item) that the measure looks at; of a property, a ratio: it need not."""
    match of:
        case c.Field() | c.Ratio():
            return True
        case c.Aggregate(field=field, of=occurring):
            return bool(rows(field, occurring, profile))
        case c.Count(of=occurring) | c.DaysSince(of=occurring) | c.DaysBetween(of=occurring):
            return bool(occurrences(occurring, profile))
        case c.Terms():
            return any(_counts(one, profile) for one in of.parts)
        case _:
            assert_never(of)


def has_rank(rank: c.Rank, key: Key, among: Values) -> bool:
    """Whether the profile is high (low) enough among the values; not if it has none."""
    if key not in among:
        return False
    mine = among[key]
    better = sum(other > mine if rank.which == "top" else other < mine for other in among.values())
    if rank.count is not None:
        return better + 1 <= rank.count
    assert rank.percent is not None
    return better * 100 < Fraction(rank.percent) * len(among)


def statistic(population: c.Population, among: Values, people: Collection[Profile]) -> Fraction | None:
    """One number about the values, or about the single events of the people who have one; None about nobody."""
    match population.statistic:
        case "average":
            return _average(list(among.values()))
        case "percentile":
            assert population.percentile is not None
            return _nearest_rank(sorted(among.values()), population.percentile)
        case "overall average":
            of = population.of
            assert isinstance(of, c.Aggregate), "only values of events are pooled"
            pooled = [one for person in people if person.key in among for one in values(of.field, of.of, person)]
            return _average([one for one in pooled if isinstance(one, Fraction)])
        case _:
            assert_never(population.statistic)


def _average(numbers: Sequence[Fraction]) -> Fraction | None:
    return sum(numbers, Fraction(0)) / len(numbers) if numbers else None


def _nearest_rank(ordered: Sequence[Fraction], percent: int) -> Fraction | None:
    """The smallest value v with 100 * count(<= v) >= percent * n."""
    for count, one in enumerate(ordered, 1):
        if 100 * count >= percent * len(ordered):
            return one
    return None


def sampled(members: Collection[Key], sample: c.Sample | None) -> set[Key]:
    """The members that the sample keeps."""
    if sample is None:
        return set(members)
    most = max(math.ceil(Fraction(sample.percent) * len(members) / 100), sample.at_least or 0)
    hashes = {key: hashed(sample.seed, key) for key in members}
    last = sorted(hashes.values())[:most][-1:]
    return {key for key, own in hashes.items() if [own] <= last}


def hashed(seed: str, key: Key) -> str:
    """By which `random` and `sample` choose: the lower-case hex MD5 (32 digits) of `seed`, U+001F, key as UTF-8."""
    return md5(f"{seed}\x1f{key}".encode(), usedforsecurity=False).hexdigest()
