"""What a rule asks about other profiles: members, values, ranks, statistics; each once, after what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import assert_never

from .. import conditions as c
from ..ast import Tree
from ..conditions.walk import leaves
from .existence import members
from .names import events_slug, free, slug
from .passes import parts_of
from .shapes import Asked, Members, Need, Question, Test, Valued, needs_of, summed


def around(tests: Tree[Test]) -> Iterator[Question]:
    """What the tests ask about other profiles; the questions behind a question come before it."""
    for test in leaves(tests):
        match test:
            case Members():
                yield from around(test.rule)
                yield test
            case c.Rank(by=by, among=among, each=each):
                yield from _valued(by, among, each)
                yield test
            case c.MeasureComparison(right=c.Population(statistic="overall average", among=among) as population):
                yield from _members(among)
                if (own := own_pool(test)) is not None:
                    yield own
                yield population
            case c.MeasureComparison(right=c.Population(among=among) as population):
                yield from _members(among)
                yield pool(population)
                yield population
            case _:
                pass


def _members(among: c.InSegment | None) -> Iterator[Question]:
    if among is not None:
        segment = members(among)
        yield from around(segment.rule)
        yield segment


def _valued(of: c.Measure, among: c.InSegment | None, each: c.Field | None) -> Iterator[Question]:
    yield from _members(among)
    yield valued(of, among, each)


def valued(of: c.Measure, among: c.InSegment | None, each: c.Field | None) -> Valued:
    """The values that a rank or a statistic is about."""
    return Valued(of, None if among is None else members(among), each)


def pool(population: c.Population) -> Valued:
    """The values that a statistic is about, or more: those of everybody, of whom it takes its segment's members.

    But of what is 0 over nothing those of the members alone: they count without any, and nobody else does.
    """
    if population.statistic == "overall average":
        assert isinstance(population.of, c.Aggregate), "only values of events are pooled"
        return Valued(replace(population.of, kind="average"), None, population.each, parts=True)
    return valued(population.of, population.among if any_needs(population.of) else None, population.each)


def own_pool(test: Tree[Test]) -> Valued | None:
    """The values among which are those of all for whom a comparison with a statistic holds; see `nothing_fits`."""
    match test:
        case c.MeasureComparison(left=left, right=c.Population() as population):
            own = left == pool(population).of and pool(population).among is None
            seldom = not any_needs(left) or (test.op in (">", ">=") and test.factor > 0)
            return pool(population) if own and seldom else None
        case _:
            return None


def nothing_fits(test: Tree[Test]) -> bool:
    """Whether such a comparison may hold for somebody without a value among these: a sum of nothing compares as 0."""
    return isinstance(test, c.MeasureComparison) and bool(any_needs(test.left)) and not isinstance(test.left, c.Count)


def needs_around(question: Question) -> Iterator[Need | c.Terms]:
    """What a question reads of the passes over events, beside what its tests do."""
    match question:
        case Valued(of=of):
            for part in parts_of(of):
                yield from measure_needs(part)
        case c.Population(statistic="overall average", of=c.Aggregate(field=field, of=of)):
            yield from needs_of(c.Aggregate("average", field, of))
        case _:
            return


def somebody(question: Question) -> tuple[Need, ...]:
    """The counts of which a question asks alone whether there are any."""
    match question:
        case Valued(of=of, among=None) if not (isinstance(of, c.Terms) and summed(of)):
            return any_needs(of)
        case _:
            return ()


def measure_needs(part: c.Measure) -> Iterator[Need | c.Terms]:
    """What a simple measure reads."""
    if isinstance(part, c.Terms):
        yield part
    else:
        yield from needs_of(part)


def any_needs(of: c.Measure) -> tuple[Need, ...]:
    """How much there is that a measure which is 0 over nothing looks at: who has none of it is not in its population.

    None where the measure is missing over nothing, or one of those that are added.
    """
    match of:
        case c.Count(of=occurring):
            return (Need("count", occurring),)
        case c.Aggregate(kind="sum" | "distinct", field=field, of=occurring):
            return (Need("count", occurring, field if field.scope == "item" else None),)
        case c.Terms():
            needs = [any_needs(part) for part in of.parts]
            return tuple(dict.fromkeys(need for some in needs for need in some)) if all(needs) else ()
        case _:
            return ()


def asked(questions: Iterable[Question], taken: set[str]) -> tuple[Asked, ...]:
    """The questions with names that are not yet `taken`, which they then are."""
    return tuple(Asked(free(_name(question), taken), question) for question in questions)


def _name(question: Question) -> str:
    match question:
        case Members(label=label, sample=sample):
            plain = label.partition(" (")[0]  # a name that has arguments would tell values of the rule
            return f"{slug(plain)}_{'members' if sample is None else 'sample'}"
        case Valued(of=of, each=each):
            return f"{_measure_name(of)}_values{_within(each)}"
        case c.Rank(which=which, by=by, each=each):
            return f"{which}_by_{_measure_name(by)}{_within(each)}"
        case c.Population(statistic="percentile", percentile=percentile, of=of, each=each):
            return f"percentile_{percentile}_of_{_measure_name(of)}{_within(each)}"
        case c.Population(statistic=statistic, of=of, each=each):
            return f"{slug(statistic)}_of_{_measure_name(of)}{_within(each)}"
        case _:
            assert_never(question)


def _within(each: c.Field | None) -> str:
    return "" if each is None else f"_within_{slug(each.name)}"


def _measure_name(of: c.Measure) -> str:
    match of:
        case c.Field(name=name):
            return slug(name)
        case c.Count(of=occurring):
            return f"number_of_{events_slug(occurring.events)}"
        case c.Aggregate(kind=kind, field=field):
            return f"{kind}_of_{slug(field.name)}"
        case c.DaysSince(which=which, of=occurring):
            return f"days_since_{which}_{events_slug(occurring.events)}"
        case c.DaysBetween(of=occurring):
            return f"days_between_{events_slug(occurring.events)}"
        case c.Ratio():
            return "ratio"
        case c.Terms(plus=plus):
            return f"{_measure_name(plus[0])}_and_others" if plus else "sum"
        case _:
            assert_never(of)
