"""The shape of the SQL: what is asked as EXISTS, and what is counted in one grouped pass that several conditions share.

A plan is still plain data over the bound conditions. It knows which events belong to one stream, and no SQL.

- Existence and absence are `Exists` tests: semi- and anti-joins.
- Every other number of a profile is a `Need`; needs over the same events are columns of one `Grouped` pass, which reads
  the union of their windows and what their filters have in common.
- Dated consent is a pass over the channel's records (`Records`), days between events one over the event's instants
  (`Gaps`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Literal, TypeAlias

from .ast import All, AnyOf, Not, Tree
from .catalog.model import Catalog
from .conditions import (
    Aggregate,
    AnyItem,
    Condition,
    Consent,
    Count,
    DaysBetween,
    DaysSince,
    EdgeOccurrence,
    Field,
    FieldComparison,
    FieldCondition,
    InList,
    InSegment,
    Interval,
    Measure,
    MeasureComparison,
    Occurrences,
    Occurs,
    Predicate,
    Ratio,
)

Kind = Literal[
    "count", "sum", "values", "min", "max", "median", "distinct",
    "days since first", "days since last", "first fits", "last fits",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Exists:
    """There is such an occurrence."""

    of: Occurrences


@dataclass(frozen=True, slots=True)
class Need:
    """One value per profile over occurrences. `values` counts the field's non-missing values.

    `first fits`, `last fits`: the first (last) of them lies in `window`, and one at its instant fits `has`.
    """

    kind: Kind
    of: Occurrences
    field: Field | None = None
    has: Tree[Predicate] = All(())
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


@dataclass(frozen=True, slots=True)
class Gaps:
    """The whole days between neighbouring distinct instants of the occurrences: their sum and their number."""

    name: str
    of: Occurrences


@dataclass(frozen=True, slots=True)
class Records:
    """One pass over a channel's dated records; each column says whether a consent condition holds."""

    name: str
    channel: str
    columns: tuple[tuple[str, Consent], ...]


Pass: TypeAlias = Grouped | Gaps | Records
Test: TypeAlias = Exists | FieldCondition | Occurs | MeasureComparison | EdgeOccurrence | Consent | InList


@dataclass(frozen=True, slots=True)
class Plan:
    """What to test of every profile, and the passes that the tests read."""

    rule: Tree[Test]
    passes: tuple[Pass, ...]
    now: datetime


def plan(rule: Tree[Condition], catalog: Catalog, now: datetime) -> Plan:
    """The plan of a bound rule; `now` is the aware instant that it was bound for."""
    tests = _shape(rule)
    needs: dict[Need, None] = {}
    gaps: dict[Occurrences, None] = {}
    consents: dict[str, dict[Consent, None]] = {}
    for test in leaves(tests):
        match test:
            case Occurs(of=of):
                needs[Need("count", of)] = None
            case MeasureComparison(left=left, right=right):
                for side in (left, right):
                    for part in _parts(side):
                        if isinstance(part, DaysBetween):
                            gaps[part.of] = None
                        else:
                            needs.update(dict.fromkeys(needs_of(part)))
            case EdgeOccurrence():
                needs[edge_need(test)] = None
            case Consent(channel=channel) if catalog.channels[channel].time is not None and stands_alone(channel, catalog):
                consents.setdefault(channel, {})[test] = None
            case _:
                pass
    taken = _table_names(catalog)
    passes: list[Pass] = [*_grouped(needs, catalog, taken)]
    passes += [Gaps(_free(f"days_between_{events_slug(of.events)}", taken), of) for of in gaps]
    for channel, wanted in consents.items():
        columns = _named({one: "receives" if one.given else "withdrew" for one in wanted}, catalog.profiles.key)
        passes.append(Records(_free(f"{slug(channel)}_consent", taken), channel, columns))
    return Plan(tests, tuple(passes), now)


def stands_alone(channel: str, catalog: Catalog) -> bool:
    """Whether a channel has rows of its own; else it stands on the profile's columns."""
    part = catalog.channels[channel]
    return part.table is not None or part.query is not None


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
        return Need("last fits", replace(edge.of, window=Interval(edge.window.start, whole.end)), None, edge.has, edge.window)
    end = whole.end if edge.window.end is None or whole.end is None else min(edge.window.end, whole.end)
    return Need("first fits", replace(edge.of, window=Interval(whole.start, end)), None, edge.has, edge.window)


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
    """The fields that a predicate is about, those of items in an AnyItem not among them."""
    match tree:
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from fields_of(part)
        case Not(part):
            yield from fields_of(part)
        case AnyItem():
            return
        case FieldComparison(field=field, right=Field() as other):
            yield field
            yield other
        case _:
            yield tree.field


def mentions_items(tree: Tree[Predicate]) -> bool:
    match tree:
        case All(parts) | AnyOf(parts):
            return any(mentions_items(part) for part in parts)
        case Not(part):
            return mentions_items(part)
        case AnyItem():
            return True
        case _:
            return any(field.scope == "item" for field in fields_of(tree))


def numbered(events: Iterable[str], trees: Iterable[Tree[Predicate]], catalog: Catalog, *more: Field | None) -> bool:
    """Whether something depends on an event's place in its stream."""
    return any(
        field.scope == "event"
        and field.name in ("number", "days since previous")
        and any(field.name not in catalog.events[event].properties for event in events)
        for field in (*(f for tree in trees for f in fields_of(tree)), *(f for f in more if f is not None))
    )


# --- existence -------------------------------------------------------------------------------------------------------


def _shape(rule: Tree[Condition]) -> Tree[Test]:
    match rule:
        case AnyOf(parts):
            return AnyOf(_merged([_shape(part) for part in parts]))
        case All(parts):
            shaped = [_shape(part) for part in parts]
            absent = [part.part for part in shaped if isinstance(part, Not) and isinstance(part.part, Exists)]
            if len(absent) < 2:
                return All(tuple(shaped))
            # Where several are absent, none of any of them is there.
            others = [part for part in shaped if not (isinstance(part, Not) and isinstance(part.part, Exists))]
            return All((*others, *(Not(one) for one in _merged(absent))))
        case Not(part):
            return Not(_shape(part))
        case InSegment(rule=inner):
            return _shape(inner)
        case Occurs():
            return _counted(rule)
        case MeasureComparison(left=Count(of=of), op=op, right=Decimal() as right, factor=factor):
            return _counted_against(of, op, right * factor) or rule
        case EdgeOccurrence(has=All(())):
            return _edge(rule)
        case _:
            return rule


def _counted(condition: Occurs) -> Tree[Test]:
    match condition:
        case Occurs(at_least=low, at_most=None) if low <= 0:
            return All(())
        case Occurs(of=of, at_least=1, at_most=None):
            return Exists(of)
        case Occurs(of=of, at_least=low, at_most=0) if low <= 0:
            return Not(Exists(of))
        case Occurs(at_least=low, at_most=int() as high) if high < low:
            return AnyOf(())
        case _:
            return condition


def _counted_against(of: Occurrences, op: str, right: Decimal) -> Tree[Test]:
    low, high = math.floor(right), math.ceil(right)
    match op:
        case "=":
            return _counted(Occurs(of, low, low)) if low == high and low >= 0 else AnyOf(())
        case ">" | ">=":
            return _counted(Occurs(of, low + 1 if op == ">" else high, None))
        case _:
            most = high - 1 if op == "<" else low
            return _counted(Occurs(of, 0, most)) if most >= 0 else AnyOf(())


def _edge(edge: EdgeOccurrence) -> Tree[Test]:
    """The last lies in [s, e): there is one in it, and none later. The first: none earlier."""
    of, window = edge.of, edge.window
    inside = Exists(replace(of, window=_common(of.window, window)))
    if edge.which == "last":
        outside = Interval(window.end, of.window.end)
        reaches = window.end is None or (of.window.end is not None and window.end >= of.window.end)
    else:
        outside = Interval(of.window.start, window.start)
        reaches = window.start is None
    return inside if reaches else All((inside, Not(Exists(replace(of, window=outside)))))


def _common(one: Interval, other: Interval) -> Interval:
    starts = [bound for bound in (one.start, other.start) if bound is not None]
    ends = [bound for bound in (one.end, other.end) if bound is not None]
    return Interval(max(starts, default=None), min(ends, default=None))


def _merged(parts: list[Tree[Test]]) -> tuple[Tree[Test], ...]:
    """Neighbours that ask the same of different events become one test of any of these events."""
    found: dict[object, Tree[Test]] = {}
    for part in parts:
        if not isinstance(part, Exists) or _depends_on_stream(part.of):
            found[len(found), id(part)] = part
            continue
        key = (part.of.window, part.of.where)
        before = found.get(key)
        if isinstance(before, Exists):
            events = tuple(dict.fromkeys((*before.of.events, *part.of.events)))
            found[key] = Exists(replace(part.of, events=events))
        else:
            found[key] = part
    return tuple(found.values())


def _depends_on_stream(of: Occurrences) -> bool:
    return any(field.name in ("number", "days since previous") for field in fields_of(of.where))


# --- grouped passes --------------------------------------------------------------------------------------------------


def _parts(measure: object) -> Iterator[Measure]:
    match measure:
        case Ratio(top=top, bottom=bottom):
            yield from _parts(top)
            yield from _parts(bottom)
        case Count() | Aggregate() | DaysSince() | DaysBetween():
            yield measure
        case _:
            return


def _grouped(needs: Iterable[Need], catalog: Catalog, taken: set[str]) -> Iterator[Grouped]:
    streams: dict[object, list[Need]] = {}
    for need in needs:
        events = dict.fromkeys(need.of.events)
        grain = "item" if need.field is not None and need.field.scope == "item" else "event"
        key = (frozenset(events), grain, numbered(events, (need.of.where, need.has), catalog, need.field))
        streams.setdefault(key, []).append(need)
    for (_, grain, _), members in streams.items():  # type: ignore[misc]
        events = tuple(dict.fromkeys(members[0].of.events))
        base = f"{events_slug(events)}_{'items' if grain == 'item' else 'totals'}"
        filters = [_conjuncts(need.of.where) for need in members]
        yield Grouped(
            _free(base, taken),
            events,
            grain,  # type: ignore[has-type]
            union(need.of.window for need in members),
            tuple(part for part in filters[0] if all(part in other for other in filters[1:])),
            _named({need: _column_name(need) for need in members}, catalog.profiles.key),
        )


def union(windows: Iterable[Interval]) -> tuple[Interval, ...]:
    """The windows as disjoint stretches in order; as one hull when they are many."""
    known = dict.fromkeys(windows)
    kept = [w for w in known if w.start is None or w.end is None or w.start < w.end]
    kept.sort(key=lambda w: (w.start is not None, w.start or w.end))
    found: list[Interval] = []
    for window in kept:
        last = found[-1] if found else None
        if last is not None and (last.end is None or window.start is None or window.start <= last.end):
            end = None if last.end is None or window.end is None else max(last.end, window.end)
            found[-1] = Interval(last.start, end)
        else:
            found.append(window)
    if len(found) > 3:
        return (Interval(found[0].start, found[-1].end),)
    return tuple(found) or tuple(known)[:1]


def residual(tree: Tree[Predicate], common: tuple[Tree[Predicate], ...]) -> Tree[Predicate]:
    """What a filter demands beyond what is common to all."""
    return All(tuple(part for part in _conjuncts(tree) if part not in common))


def _conjuncts(tree: Tree[Predicate]) -> tuple[Tree[Predicate], ...]:
    if isinstance(tree, All):
        return tuple(found for part in tree.parts for found in _conjuncts(part))
    return (tree,)


# --- names -----------------------------------------------------------------------------------------------------------


def slug(name: str) -> str:
    """A name of the catalog as an identifier: `placed order` is placed_order."""
    return "_".join("".join(c if c.isalnum() else " " for c in name.lower()).split()) or "unnamed"


def events_slug(events: tuple[str, ...]) -> str:
    if len(events) > 2:
        return f"{slug(events[0])}_and_others"
    return "_or_".join(map(slug, events))


def _column_name(need: Need) -> str:
    of = slug(need.field.name) if need.field is not None else ""
    match need.kind:
        case "count" | "days since first" | "days since last" | "first fits" | "last fits":
            return slug(need.kind)
        case "values":
            return f"number_of_{of}"
        case _:
            return f"{need.kind}_of_{of}"


def _named(wanted: dict, key: str) -> tuple:  # type: ignore[type-arg]
    taken = {key.lower()}
    return tuple((_free(name, taken), one) for one, name in wanted.items())


def _free(name: str, taken: set[str]) -> str:
    """A name that is not taken yet, which thereby is."""
    found, count = name, 2
    while found in taken:
        found, count = f"{name}_{count}", count + 1
    taken.add(found)
    return found


def _table_names(catalog: Catalog) -> set[str]:
    """What a pass must not be called: a table of that name would no longer be seen."""
    parts: list[object] = [catalog.profiles, *catalog.channels.values(), *catalog.lists.values()]
    for event in catalog.events.values():
        parts += [event, *event.join.values(), event.names, event.items]
        parts += event.items.join.values() if event.items is not None else ()
    names = {table.split(".")[-1].lower() for part in parts if (table := getattr(part, "table", None)) is not None}
    for part in parts:
        for text in (getattr(part, "query", None), getattr(part, "where", None)):
            if text is not None:
                names.update("".join(c if c.isalnum() or c == "_" else " " for c in text.lower()).split())
    return names
