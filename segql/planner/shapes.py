"""What a plan is made of: tests of a profile, and the passes that some of them read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, TypeAlias

from ..ast import All, AnyOf, Not, Tree
from ..catalog.model import Catalog
from ..conditions import (
    Aggregate,
    AnyItem,
    Consent,
    Count,
    DaysSince,
    EdgeOccurrence,
    Field,
    FieldComparison,
    FieldCondition,
    InList,
    InSequence,
    Interval,
    ItemCount,
    Measure,
    MeasureComparison,
    MostCommon,
    Near,
    NotFollowed,
    Occurrences,
    Occurs,
    OnDifferent,
    Population,
    Predicate,
    Random,
    Rank,
    Regular,
    Repeats,
    Sample,
    Share,
    live,
)

Kind = Literal[
    "count", "sum", "values", "min", "max", "median", "distinct",
    "days since first", "days since last", "first fits", "last fits",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Exists:
    """There is such an occurrence."""

    of: Occurrences


NO_FILTER: Tree[Predicate] = All(())


@dataclass(frozen=True, slots=True)
class Need:
    """One value per profile over occurrences. `values` counts the field's non-missing values.

    `first fits`, `last fits`: the first (last) of them lies in `window`, and one at its instant fits `has`.
    """

    kind: Kind
    of: Occurrences
    field: Field | None = None
    has: Tree[Predicate] = NO_FILTER
    window: Interval | None = None


@dataclass(frozen=True, slots=True)
class Grouped:
    """One pass over a stream of events (or their items), grouped by profile. Columns have names and are needs.

    The pass reads what lies in one of `windows` and fits `where`, which hold for all columns together.
    """

    name: str
    events: tuple[str, ...]
    grain: Literal["event", "item"]
    windows: tuple[Interval, ...]
    where: tuple[Tree[Predicate], ...]
    columns: tuple[tuple[str, Need], ...]
    only: Occurrences | None = None
    """Profiles without these are no members, whatever the pass says of them: it may leave them out."""


@dataclass(frozen=True, slots=True)
class Gaps:
    """The whole days between neighbouring distinct instants of the occurrences: their sum and their number."""

    name: str
    of: Occurrences
    only: Occurrences | None = None


@dataclass(frozen=True, slots=True)
class Records:
    """One pass over a channel's dated records; each column says whether a consent condition holds."""

    name: str
    channel: str
    columns: tuple[tuple[str, Consent], ...]
    only: Occurrences | None = None


Listed: TypeAlias = Share | Regular | OnDifferent | Repeats | MostCommon | InSequence | NotFollowed | Near
"""Conditions that a pass of their own answers, for all profiles at once. (Near: of any store.)"""


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of the profiles for which one condition holds, each once."""

    name: str
    of: Listed
    only: Occurrences | None = None


Pass: TypeAlias = Grouped | Gaps | Records | Keys


@dataclass(frozen=True, slots=True)
class Members:
    """The keys of the profiles for whom the tests hold, each once; with a sample, of these only so many."""

    rule: Tree[Test]
    sample: Sample | None
    label: str = field(compare=False)


@dataclass(frozen=True, slots=True)
class Valued:
    """The value of each profile of a measure's population (or of these members)."""

    of: Measure
    among: Members | None


Question: TypeAlias = Members | Valued | Rank | Population
"""What is asked about other profiles. A rank is the keys of those who have it, a population's number is one row."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and the name of the query that answers it."""

    name: str
    of: Question


Test: TypeAlias = (
    Exists | Members | FieldCondition | Occurs | MeasureComparison | EdgeOccurrence | Listed | Rank | Near | Random
    | Consent | InList
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plan:
    """What to test of every profile, and the passes that the tests read."""

    rule: Tree[Test]
    passes: tuple[Pass, ...]
    now: datetime
    around: tuple[Asked, ...] = ()
    """What is asked about other profiles, each after what it rests on."""
    sample: Sample | None = None


def needs_of(measure: Measure) -> tuple[Need, ...]:
    """What a simple measure reads of a grouped pass."""
    match measure:
        case Count(of=of):
            return (Need("count", of),)
        case Aggregate(kind="average", field=field, of=of):
            return (Need("sum", of, field), Need("values", of, field))
        case Aggregate(kind=kind, field=field, of=of):
            return (Need(kind, of, field),)  # type: ignore[arg-type]  # all but average
        case DaysSince(which=which, of=of):
            return (Need("days since first" if which == "first" else "days since last", of),)
        case _:
            return ()


def edge_need(edge: EdgeOccurrence) -> Need:
    """What `first|last EVENT WINDOW has PRED` reads: nothing outside of the window's side towards the edge counts."""
    whole = edge.of.window
    if edge.which == "last":
        of = replace(edge.of, window=Interval(edge.window.start, whole.end))
        return Need("last fits", of, None, edge.has, edge.window)
    end = whole.end if edge.window.end is None or whole.end is None else live.earliest(edge.window.end, whole.end)
    of = replace(edge.of, window=Interval(whole.start, end))
    return Need("first fits", of, None, edge.has, edge.window)


def stands_alone(channel: str, catalog: Catalog) -> bool:
    """Whether a channel has rows of its own; else it stands on the profile's columns."""
    part = catalog.channels[channel]
    return part.table is not None or part.query is not None


def leaves(tree: Tree[Test]) -> Iterator[Test]:
    match tree:
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from leaves(part)
        case Not(part):
            yield from leaves(part)
        case _:
            yield tree


def fields_of(tree: Tree[Predicate]) -> Iterator[Field]:
    """The fields that a predicate is about, those of items in an AnyItem or ItemCount not among them."""
    match tree:
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from fields_of(part)
        case Not(part):
            yield from fields_of(part)
        case AnyItem() | ItemCount():
            return
        case FieldComparison(field=field, right=Field() as other):
            yield field
            yield other
        case _:
            yield tree.field


def mentions_items(tree: Tree[Predicate]) -> bool:
    """Whether it can be told only from the items of an event."""
    match tree:
        case All(parts) | AnyOf(parts):
            return any(mentions_items(part) for part in parts)
        case Not(part):
            return mentions_items(part)
        case AnyItem() | ItemCount():
            return True
        case _:
            return any(field.scope == "item" for field in fields_of(tree))


PLACES = ("number", "days since previous")
"""What depends on an event's place in its stream, unless the catalog declares a property of that name."""


def depends_on_place(tree: Tree[Predicate]) -> bool:
    return any(field.scope == "event" and field.name in PLACES for field in fields_of(tree))


def numbered(events: Iterable[str], trees: Iterable[Tree[Predicate]], catalog: Catalog, *more: Field | None) -> bool:
    """Whether something that is asked of the events depends on an event's place in its stream."""
    fields = [*(field for tree in trees for field in fields_of(tree)), *(field for field in more if field is not None)]
    asked = {field.name for field in fields if field.scope == "event" and field.name in PLACES}
    return any(name not in catalog.events[event].properties for name in asked for event in events)
