"""What a plan is made of: tests of a profile, and the passes that some of them read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import field, replace
from datetime import datetime
from typing import Literal, TypeAlias

from .. import conditions as c
from ..ast import All, Tree
from ..catalog.model import Catalog
from ..conditions import live
from ..conditions.walk import leaves
from ..plain import dataclass

Kind = Literal[
    "count", "sum", "values", "min", "max", "median", "distinct",
    "days since first", "days since last", "days between", "pairs", "first fits", "last fits", "first", "last",
    "at first", "at last",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Exists:
    """There is an occurrence of one of these kinds; or there is `none` of any."""

    of: tuple[c.Occurrences, ...]
    none: bool = False

    @property
    def events(self) -> tuple[str, ...]:
        """The events that any of the kinds is about, each once."""
        return tuple(dict.fromkeys(event for one in self.of for event in one.events))

    @property
    def wheres(self) -> tuple[Tree[c.Predicate], ...]:
        """What each kind asks of the events of all kinds."""
        if len(self.of) == 1:
            return (self.of[0].where,)
        return tuple(All((c.OfEvent(one.events), one.where)) for one in self.of)


NO_FILTER: Tree[c.Predicate] = All(())


@dataclass(frozen=True, slots=True)
class Need:
    """One value per profile over occurrences. `values` counts the field's non-missing values, `count` what fits `has`.

    `first fits`, `last fits`: the first (last) of them lies in `window`, and one at its instant fits `has`. `first`,
    `last`: the largest value of the field at that instant. `at first`, `at last`: the instant itself, as microseconds.
    `days between`, `pairs`: the whole days between neighbouring distinct instants, summed, and how many neighbours.
    """

    kind: Kind
    of: c.Occurrences
    field: c.Field | None = None
    has: Tree[c.Predicate] = NO_FILTER
    window: c.Interval | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """Of what a pass counts there is some; or there is none, as `said`."""

    need: Need
    said: Exists


@dataclass(frozen=True, slots=True)
class Grouped:
    """One pass over a stream of events (or their items), grouped by profile. Columns have names and are needs.

    The pass reads what lies in one of `windows` and fits `where`, which hold for all columns together.
    """

    name: str
    events: tuple[str, ...]
    grain: Literal["event", "item"]
    windows: tuple[c.Interval, ...]
    where: tuple[Tree[c.Predicate], ...]
    columns: tuple[tuple[str, Need], ...]
    only: str | None = None
    """The pass with the keys of all who may be members: whatever this one says of others, it may leave them out."""
    told: tuple[Need, ...] = ()
    """Counts of which is only asked whether there are any: there are where the profile has a row."""


@dataclass(frozen=True, slots=True)
class Net:
    """One pass over the events of several streams: what they add to a sum, less what they take from it."""

    name: str
    of: c.Terms
    only: str | None = None

    @property
    def events(self) -> tuple[str, ...]:
        """The events of all terms, each once."""
        return tuple(dict.fromkeys(event for part in summed(self.of) for event in part.of.events))


@dataclass(frozen=True, slots=True)
class ConsentRecords:
    """One pass over a channel's dated records; each column says whether a consent condition holds."""

    name: str
    channel: str
    columns: tuple[tuple[str, c.Consent], ...]
    only: str | None = None


InGroups: TypeAlias = c.Regular | c.OnDifferent | c.Repeats | c.MostCommon | c.InCommon
"""Habits that are told from groups of a profile's occurrences."""
Listed: TypeAlias = InGroups | c.InSequence | c.Near | c.Nearest
"""Conditions that a pass of their own answers, for all profiles at once. (Near: of any store.)"""


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of the profiles for which one condition holds, each once."""

    name: str
    of: Listed | Exists
    only: str | None = None


Pass: TypeAlias = Grouped | Net | ConsentRecords | Keys


@dataclass(frozen=True, slots=True)
class Members:
    """The keys of the profiles for whom the tests hold, each once; with a sample, of these only so many."""

    rule: Tree[Test]
    sample: c.Sample | None
    label: str = field(compare=False)


@dataclass(frozen=True, slots=True)
class Valued:
    """The value of each profile of a measure's population (or of these members), beside that of `each`.

    `parts`: beside an average the sum and the number that it is made of.
    """

    of: c.Measure
    among: Members | None
    each: c.Field | None = None
    parts: bool = False


Question: TypeAlias = Members | Valued | c.Rank | c.Population
"""What is asked about other profiles. A rank is the keys of those who have it, a population's number is one row
(within each value of a property: one for each of these)."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and the name of the query that answers it."""

    name: str
    of: Question


Test: TypeAlias = (
    Exists | Found | Members | c.FieldCondition | c.Occurs | c.Share | c.MeasureComparison | c.EdgeOccurrence | Listed
    | c.Rank | c.Near | c.Random | c.Consent | c.InList
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plan:
    """What to test of every profile, and the passes that the tests read."""

    rule: Tree[Test]
    passes: tuple[Pass, ...]
    now: datetime
    around: tuple[Asked, ...] = ()
    """What is asked about other profiles, each after what it rests on."""
    sample: c.Sample | None = None


def needs_of(measure: c.Measure) -> tuple[Need, ...]:
    """What a simple measure reads of a grouped pass."""
    match measure:
        case c.Count(of=of):
            return (Need("count", of),)
        case c.Aggregate(kind="average", field=field, of=of):
            return (Need("sum", of, field), Need("values", of, field))
        case c.Aggregate(kind=kind, field=field, of=of):
            return (Need(kind, of, field),)  # type: ignore[arg-type]  # all but average
        case c.DaysSince(which=which, of=of):
            return (Need("days since first" if which == "first" else "days since last", of),)
        case c.DaysBetween(of=of):
            return (Need("days between", of), Need("pairs", of))
        case _:
            return ()


def summed(terms: c.Terms) -> tuple[c.Count | c.Aggregate, ...]:
    """The terms, where each is a sum or a number of rows and they are not all of the same rows: these are added while
    they are read, so that no two groups of rows need be joined. Else none.
    """
    parts = [part for part in terms.parts if isinstance(part, c.Count | c.Aggregate)]
    if len(parts) < len(terms.parts) or any(isinstance(part, c.Aggregate) and part.kind != "sum" for part in parts):
        return ()
    kinds = {(frozenset(part.of.events), isinstance(part, c.Aggregate) and part.field.scope) for part in parts}
    return tuple(parts) if len(kinds) > 1 else ()


def share_needs(share: c.Share) -> tuple[Need, Need]:
    """What a share reads: how many have it, and of how many."""
    return Need("count", share.of, has=share.has), Need("count", share.of)


def edge_need(edge: c.EdgeOccurrence) -> Need:
    """What `first|last EVENT WINDOW has PRED` reads: nothing outside of the window's side towards the edge counts."""
    whole = edge.of.window
    if edge.which == "last":
        of = replace(edge.of, window=c.Interval(edge.window.start, whole.end))
        return Need("last fits", of, None, edge.has, edge.window)
    end = whole.end if edge.window.end is None or whole.end is None else live.earliest(edge.window.end, whole.end)
    of = replace(edge.of, window=c.Interval(whole.start, end))
    return Need("first fits", of, None, edge.has, edge.window)


def stands_alone(channel: str, catalog: Catalog) -> bool:
    """Whether a channel has rows of its own; else it stands on the profile's columns."""
    part = catalog.channels[channel]
    return part.table is not None or part.query is not None


def fields_of(tree: Tree[c.Predicate]) -> Iterator[c.Field]:
    """The fields that a predicate is about, those of items in an AnyItem or ItemCount not among them."""
    for leaf in leaves(tree):
        match leaf:
            case c.AnyItem() | c.ItemCount() | c.OfEvent():
                continue
            case c.FieldComparison(field=field, right=c.Field() as other):
                read: tuple[c.Field, ...] = (field, other)
            case _:
                read = (leaf.field,)
        for field in read:
            yield field
            if field.to is not None:
                yield field.to


def mentions_items(tree: Tree[c.Predicate]) -> bool:
    """Whether it can be told only from the items of an event."""
    return any(isinstance(leaf, c.AnyItem | c.ItemCount) for leaf in leaves(tree)) or any(
        field.scope == "item" for field in fields_of(tree)
    )


PLACES = ("number", "days since previous")
"""What depends on an event's place in its stream, unless the catalog declares a property of that name."""


def depends_on_place(tree: Tree[c.Predicate]) -> bool:
    """Whether it reads where an event stands among the others of its kind (`number`, `days since previous`)."""
    return any(field.scope == "event" and field.name in PLACES for field in fields_of(tree))


def numbered(
    events: Iterable[str], trees: Iterable[Tree[c.Predicate]], catalog: Catalog, *more: c.Field | None
) -> bool:
    """Whether something that is asked of the events depends on an event's place in its stream."""
    fields = [*(field for tree in trees for field in fields_of(tree)), *(field for field in more if field is not None)]
    asked = {field.name for field in fields if field.scope == "event" and field.name in PLACES}
    return any(name not in catalog.events[event].properties for name in asked for event in events)
