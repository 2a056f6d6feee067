"""Grouped passes: needs over the same events are columns of one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Literal, cast

from .. import conditions as c
from ..ast import All, AnyOf, Not, Tree
from ..catalog.model import Catalog
from ..conditions import live
from ..conditions.walk import leaves
from .costs import Costs
from .names import column_name, events_slug, free, named
from .shapes import (
    Exists,
    Found,
    Grouped,
    Members,
    Need,
    Pass,
    Test,
    depends_on_place,
    fields_of,
    mentions_items,
    numbered,
    summed,
)
from .sources import alike

Grain = Literal["event", "item"]
BETWEEN = ("days between", "pairs")
"""What is read of events in their order, so that it pays to read no others."""


def parts_of(measure: object) -> Iterator[c.Measure]:
    """The simple measures of a ratio or of terms (a sum of sums is one), or the one itself; none of a value, of a
    property or of a population.
    """
    match measure:
        case c.Ratio(top=top, bottom=bottom):
            yield from parts_of(top)
            yield from parts_of(bottom)
        case c.Terms() if summed(measure):
            yield measure
        case c.Terms():
            for part in measure.parts:
                yield from parts_of(part)
        case c.Count() | c.Aggregate() | c.DaysSince() | c.DaysBetween():
            yield measure
        case _:
            return


def grouped(needs: Iterable[Need], catalog: Catalog, taken: set[str], costs: Costs) -> Iterator[Grouped]:
    """A pass for each stream and grain, over all windows of its needs, with the filters that these share.

    Where it pays, what looks at items is a stream of its own; where scans are paid for, streams of one source are one.
    """
    streams: dict[tuple[frozenset[str], Grain, bool, tuple[Tree[c.Predicate], ...]], list[Need]] = {}
    neighbours: dict[c.Occurrences, list[Need]] = {}
    for need in needs:
        if need.kind in BETWEEN:
            neighbours.setdefault(need.of, []).append(need)
            continue
        grain: Grain = "item" if need.field is not None and need.field.scope == "item" else "event"
        placed = numbered(need.of.events, (need.of.where, need.has), catalog, need.field)
        looking = tuple([part for part in _filter(need) if looks_up_items(part)]) if costs.apart else ()
        streams.setdefault((frozenset(need.of.events), grain, placed, looking), []).append(need)
    apart: list[list[Need]] = []
    for of, pair in neighbours.items():
        looking = tuple([part for part in _conjuncts(of.where) if looks_up_items(part)]) if costs.apart else ()
        beside = streams.get((frozenset(of.events), "event", numbered(of.events, (of.where,), catalog), looking))
        if beside is not None and all(_within(need.of, of) for need in beside):
            beside += pair
        else:
            apart.append(pair)
    kinds = [*((grain, members) for (_, grain, *_), members in streams.items()), *(("event", pair) for pair in apart)]
    for grain, members in _of_one_source(kinds, catalog) if costs.scans else kinds:
        events = tuple(dict.fromkeys(event for need in members for event in need.of.events))
        filters = [_filter(need) for need in members]
        yield Grouped(
            free(_name(events, grain, members), taken),
            events,
            grain,
            union(need.of.window for need in members),
            tuple(part for part in filters[0] if all(part in other for other in filters[1:])),
            named({need: column_name(need) for need in members}, catalog.profiles.key),
        )


def _within(some: c.Occurrences, all_: c.Occurrences) -> bool:
    """Whether all of some occurrences are among others of these events, as far as can be seen."""
    if some.window != all_.window and (live.is_live(some.window) or live.is_live(all_.window)):
        return False
    within = union((some.window, all_.window)) == (all_.window,)
    return within and all(part in _conjuncts(some.where) for part in _conjuncts(all_.where))


def _name(events: tuple[str, ...], grain: Grain, needs: Sequence[Need]) -> str:
    if all(need.kind in BETWEEN for need in needs):
        return f"days_between_{events_slug(events)}"
    return f"{events_slug(events)}_{'items' if grain == 'item' else 'totals'}"


def _of_one_source(kinds: Iterable[tuple[Grain, list[Need]]], catalog: Catalog) -> Iterator[tuple[Grain, list[Need]]]:
    """The streams, those that one scan can read as one."""
    found: list[tuple[Grain, list[Need]]] = []
    for grain, needs in kinds:
        beside = next((members for _, members in found if _one_scan(_asked(members), _asked(needs), catalog)), None)
        if beside is None:
            found.append((grain, [*needs]))
        else:
            beside += needs
    yield from found


def _asked(needs: Iterable[Need]) -> tuple[str, ...]:
    """The events that are counted, if none of their properties is asked for; else none."""
    needs = tuple(needs)
    plain = all(need.field is None and not depends_on_place(All((need.of.where, need.has))) for need in needs)
    return tuple(dict.fromkeys(event for need in needs for event in need.of.events)) if plain else ()


def _one_scan(some: tuple[str, ...], others: tuple[str, ...], catalog: Catalog) -> bool:
    """Whether events stand in one source."""
    return bool(some and others) and all(alike(one, other, catalog, (), False) for one in some for other in others)


def read_once(tests: Tree[Test], needs: Sequence[Need], catalog: Catalog) -> Tree[Test]:
    """The tests: of rows that several look for, or that are counted beside, each is a count, which one scan tells.

    So is each of items that several look for: an event with one that fits is a row of the items that fits.
    """
    asked = [test.of[0].events for test in _opened(tests) if isinstance(test, Exists) and _countable(test)]
    asked += dict.fromkeys(need.of.events for need in needs if need.field is None or need.field.scope != "item")
    of_items = [frozenset(need.of.events) for test in _opened(tests) if (need := _item_need(test)) is not None]
    of_items += [frozenset(need.of.events) for need in needs if need.field is not None and need.field.scope == "item"]

    def several(events: tuple[str, ...]) -> bool:
        return sum(frozenset(one) == frozenset(events) or _one_scan(events, one, catalog) for one in asked) > 1

    def one(test: Tree[Test]) -> Tree[Test]:
        match test:
            case All(parts) | AnyOf(parts):
                return replace(test, parts=tuple([one(part) for part in parts]))
            case Not(part):
                return Not(one(part))
            case Members(rule=rule):
                return replace(test, rule=one(rule))
            case Exists(of=(of,), none=none) if _countable(test) and several(of.events):
                return c.Occurs(of, 0, 0) if none else c.Occurs(of, 1, None)
            case Exists() if (need := _item_need(test)) and of_items.count(frozenset(need.of.events)) > 1:
                return Found(need, test)
            case _:
                return test

    return one(tests)


def _item_need(test: Test) -> Need | None:
    """How many items fit, where a test looks for events with such an item, and asks nothing else of their items."""
    if not isinstance(test, Exists) or len(test.of) != 1 or live.is_live(test.of[0].window):
        return None
    of = test.of[0]
    parts = _conjuncts(of.where)
    asked = [part for part in parts if isinstance(part, c.AnyItem)]
    rest: Tree[c.Predicate] = All(tuple([part for part in parts if not isinstance(part, c.AnyItem)]))
    if len(asked) != 1 or mentions_items(rest) or depends_on_place(rest):
        return None
    read, beside = [*fields_of(asked[0].where)], fields_of(rest)
    # A bare `any item` names no property of one; what is of the profile is not seen from a pass over items.
    if not read or any(one.scope != "item" for one in read) or any(one.scope == "profile" for one in beside):
        return None
    return Need("count", replace(of, where=rest), read[0], has=asked[0].where)


def _opened(tests: Tree[Test]) -> Iterator[Test]:
    """The tests, those of members among them."""
    for test in cast("Iterator[Test]", leaves(tests)):
        if isinstance(test, Members):
            yield from _opened(test.rule)
        else:
            yield test


def _countable(test: Exists) -> bool:
    """Whether its rows can be counted beside others: what looks at items would be a join for each row."""
    of = test.of[0]
    return (
        len(test.of) == 1
        and not live.is_live(of.window)
        and not mentions_items(of.where)
        and not depends_on_place(of.where)
    )


def told_by_rows(one: Pass, numbers: Collection[object]) -> Pass:
    """The pass without counts that are not among these numbers, where all its columns are about the same occurrences:
    whoever has a row has some.
    """
    if not isinstance(one, Grouped) or len({need.of for _, need in one.columns}) > 1:
        return one
    needless = tuple([need for _, need in one.columns if need not in numbers])
    return replace(one, columns=tuple([one for one in one.columns if one[1] in numbers]), told=needless)


def counted(tests: Tree[Test], needs: Sequence[Need], driver: Exists | None, costs: Costs) -> Tree[Test]:
    """The tests: rows that a pass reads anyway are counted there, not looked for once more; but not the driver's."""
    streams: dict[frozenset[str], list[Need]] = {}
    for need in needs:
        if need.field is None or need.field.scope != "item":
            streams.setdefault(frozenset(need.of.events), []).append(need)

    def read(of: c.Occurrences) -> bool:
        beside = streams.get(frozenset(of.events), [])
        if not beside or any(live.is_live(window) for window in (of.window, *(one.of.window for one in beside))):
            return False
        filters = [_conjuncts(one.of.where) for one in beside]
        own = _conjuncts(of.where)
        wider = union(one.of.window for one in beside)
        return (
            all(part in own for part in filters[0] if all(part in other for other in filters[1:]))
            and union((*wider, of.window)) == wider
            and not depends_on_place(of.where)
            and not (costs.apart and any(looks_up_items(part) and part not in filters[0] for part in own))
        )

    def one(test: Tree[Test]) -> Tree[Test]:
        match test:
            case All(parts) | AnyOf(parts):
                return replace(test, parts=tuple([one(part) for part in parts]))
            case Not(part):
                return Not(one(part))
            case Members(rule=rule):
                return replace(test, rule=one(rule))
            case Exists(of=(of,), none=none) if test != driver and read(of):
                return c.Occurs(of, 0, 0) if none else c.Occurs(of, 1, None)
            case _:
                return test

    return one(tests) if streams else tests


def union(windows: Iterable[c.Interval]) -> tuple[c.Interval, ...]:
    """The windows as disjoint stretches in order; as one hull when they are many."""
    known = dict.fromkeys(windows)
    if any(live.is_live(window) for window in known):  # which of two begins earlier may change with time
        return tuple(known)
    kept = [w for w in known if w.start is None or w.end is None or w.start < w.end]
    kept.sort(key=lambda w: () if w.start is None else (w.start,))
    found: list[c.Interval] = []
    for window in kept:
        last = found[-1] if found else None
        if last is not None and (last.end is None or window.start is None or window.start <= last.end):
            end = None if last.end is None or window.end is None else max(last.end, window.end)
            found[-1] = c.Interval(last.start, end)
        else:
            found.append(window)
    if len(found) > 3:
        return (c.Interval(found[0].start, found[-1].end),)
    return tuple(found) or tuple(known)[:1]


def hull(windows: tuple[c.Interval, ...]) -> c.Interval:
    """What holds all the windows of a pass."""
    if len(windows) > 1 and any(live.is_live(window) for window in windows):
        return c.Interval(None, None)
    return c.Interval(windows[0].start, windows[-1].end)


def residual(tree: Tree[c.Predicate], common: tuple[Tree[c.Predicate], ...]) -> Tree[c.Predicate]:
    """What a filter demands beyond what is common to all."""
    return All(tuple(part for part in _conjuncts(tree) if part not in common))


def _conjuncts(tree: Tree[c.Predicate]) -> tuple[Tree[c.Predicate], ...]:
    if isinstance(tree, All):
        return tuple(found for part in tree.parts for found in _conjuncts(part))
    return (tree,)


def _filter(need: Need) -> tuple[Tree[c.Predicate], ...]:
    """What fits of the events, in parts."""
    return _conjuncts(All((need.of.where, need.has)) if need.kind == "count" else need.of.where)


def looks_up_items(tree: Tree[c.Predicate]) -> bool:
    """Whether items of an event are looked up for it."""
    return any(isinstance(leaf, c.AnyItem | c.ItemCount) for leaf in leaves(tree))


def among_rows(tree: Tree[c.Predicate], need: Need, one: Grouped) -> Tree[c.Predicate]:
    """What is asked of the events of a need, among all that its pass reads."""
    return tree if set(need.of.events) == set(one.events) else All((c.OfEvent(need.of.events), tree))
