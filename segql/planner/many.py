"""The shape of the SQL of many rules at once: each condition that differs from the others is one bit of a profile.

- What one source tells is found in one scan of it: all windows of an event that end alike are told by its last instant,
  and such as end each for itself by its rows.
- A rule is a tree over the places of its bits: what it says of them are `cubes`, or the tree itself.
- Nothing is left out for the sake of one rule: the passes are those of a plan without a driver.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeAlias, cast

from .. import conditions as c
from ..ast import All, AnyOf, Not, Tree
from ..catalog.model import Catalog, Event
from ..conditions.walk import among, leaves
from ..plain import dataclass
from . import behind, passes_of, wishes_of
from .cubes import Cube, cubes
from .existence import shape
from .names import free, table_names
from .populations import any_needs, around, asked
from .shapes import Exists, Members, Need, Plan, Question, Test, mentions_items, numbered

Bit: TypeAlias = Test | Need
"""A test of a profile; a need: its column, which says whether something is so."""


@dataclass(frozen=True, slots=True)
class Asking:
    """One of the rules: its optimised tree, and of how many of its members it is a sample."""

    rule: Tree[c.Condition]
    sample: c.Sample | None = None
    label: str = "rule"


@dataclass(frozen=True, slots=True)
class Program:
    """Many rules over the same bits."""

    bits: tuple[Bit, ...]
    """Each once, in the order in which the rules ask for them."""
    rules: tuple[tuple[Cube, ...], ...]
    """What each rule says of the bits, those of `trees` among them, whose places come behind."""
    trees: tuple[Tree[int], ...]
    """Rules with too many cubes: each is one more bit, made of others."""
    plan: Plan
    """The passes and the questions that the bits read; it tests nothing itself."""
    found: str
    profiles: str
    whole: str
    asked: str
    alike: str
    held: str
    """Names for the queries: of what the sources tell, of all profiles, of these with the bits of trees, of rules; of
    the bits that differ, and of these with the rules that hold."""


def plan_many(
    rules: Sequence[Asking], catalog: Catalog, now: datetime, *, wide: bool = False, joins_bits: bool = True
) -> Program:
    """The plan of bound rules, bound at any instants none of which is later than `now`; `wide`: one scan of a table;
    `joins_bits`: a source may give several rows of a key, each with bits of its own.
    """
    shaped = [_shaped(asking, catalog) for asking in rules]
    exist = [found for rule in shaped for found in leaves(rule) if isinstance(found, Exists)]
    reach, moved = _reach(exist), frozenset[_What]()
    if joins_bits and not wide:
        tests = [test for rule in shaped for test in cast("Iterator[Test]", leaves(rule))]
        others = [test for test in tests if not isinstance(test, Exists)]
        counted = [wish.of for wish in wishes_of(All(tuple(others)), catalog) if isinstance(wish, Need)]
        moved = _moved(exist) | _alone(exist, counted)
    places: dict[Bit, int] = {}

    def place(test: Bit) -> int:
        bit = test
        if isinstance(test, Exists) and not any(map(mentions_items, test.wheres)):
            (of,) = test.of
            bit = test if (of.events, of.where) in moved else _latest(test, reach)
        return places.setdefault(_widened(bit, catalog) if wide else bit, len(places))

    numbered_: list[Tree[int]] = [_mapped(rule, place) for rule in shaped]
    bits = tuple(places)
    trees: list[Tree[int]] = []
    every: list[tuple[Cube, ...]] = []
    for tree in numbered_:
        found = cubes(tree)
        if found is None:
            trees.append(tree)
            bit = 1 << len(bits) + len(trees) - 1
            found = ((bit, bit),)
        every.append(found)
    taken = table_names(catalog)
    plan = _plan(bits, catalog, now, taken)
    names = [free(name, taken) for name in ("found", "everybody", "answered", "asked", "alike", "held")]
    return Program(bits, tuple(every), tuple(trees), plan, *names)


def _plan(bits: Iterable[Bit], catalog: Catalog, now: datetime, taken: set[str]) -> Plan:
    tests: Tree[Test] = All(tuple(bit for bit in bits if not isinstance(bit, Need)))
    questions: dict[Question, None] = dict.fromkeys(around(tests))
    wishes = dict.fromkeys([
        *(bit for bit in bits if isinstance(bit, Need)), *wishes_of(tests, catalog),
        *(wish for question in questions for wish in behind(question, catalog)),
    ])  # fmt: skip
    return Plan(All(()), tuple(passes_of(wishes, catalog, taken)), now, asked(questions, taken))


# --- the tests of a rule ----------------------------------------------------------------------------------------------


def _shaped(asking: Asking, catalog: Catalog) -> Tree[Test]:
    if asking.sample is not None:
        return Members(shape(asking.rule), asking.sample, asking.label)
    return _opened(asking.rule, catalog)


def _opened(rule: Tree[c.Condition], catalog: Catalog) -> Tree[Test]:
    """The tests of a rule, as simple as they can be, so that rules share many."""
    match rule:
        case All(parts):
            return All(tuple([_opened(part, catalog) for part in parts]))
        case AnyOf(parts):
            return AnyOf(tuple([_opened(part, catalog) for part in parts]))
        case Not(part):
            return Not(_opened(part, catalog))
        case c.InSegment(rule=inner, sample=None):
            return _opened(inner, catalog)
        case _:
            return _mapped(shape(rule), lambda test: _simple(test, catalog))


def _simple(test: Test, catalog: Catalog) -> Tree[Test]:
    """Existence of one event at a time; and nothing that holds for who has no event, but the Not of what does not."""
    match test:
        case Exists(none=True):
            return Not(_simple(replace(test, none=False), catalog))
        case Exists(of=(of,)) if len(of.events) > 1 and not numbered(of.events, [of.where], catalog):
            own = [Exists((c.Occurrences((event,), of.window, among(of.where, (event,))),)) for event in of.events]
            return AnyOf(tuple([_simple(one, catalog) for one in own]))
        case Exists(of=(of,)) if len(of.events) > 1 or catalog.events[of.events[0]].time is None:
            return c.Occurs(of, 1, None)
        case Exists(of=(_, _, *_)):
            return AnyOf(tuple([_simple(Exists((one,)), catalog) for one in test.of]))
        case c.Occurs(of=of, at_least=low, at_most=int() as high) if low <= 0:
            return Not(c.Occurs(of, high + 1, None))
        case c.MeasureComparison(left=c.Count() | c.Aggregate() as left, op=op, right=Decimal()) if any_needs(left):
            return _above_nothing(test, op)
        case _:
            return test


def _above_nothing(test: c.MeasureComparison, op: c.Op) -> Tree[Test]:
    """The comparison of a measure that is 0 over nothing as one, or as the Not of some, that 0 does not fit."""
    assert isinstance(test.right, Decimal)
    right = test.right * test.factor
    fits: dict[c.Op, bool] = {"=": right == 0, "<": right > 0, "<=": right >= 0, ">": right < 0, ">=": right <= 0}
    if not fits[op]:
        return test
    others: dict[c.Op, tuple[c.Op, ...]] = {"=": ("<", ">"), "<": (">=",), "<=": (">",), ">": ("<=",), ">=": ("<",)}
    return Not(AnyOf(tuple(replace(test, op=other) for other in others[op])))


def _mapped(tree: Tree[Any], change: Callable[[Any], Tree[Any]]) -> Tree[Any]:
    match tree:
        case All(parts):
            return All(tuple([_mapped(part, change) for part in parts]))
        case AnyOf(parts):
            return AnyOf(tuple([_mapped(part, change) for part in parts]))
        case Not(part):
            return Not(_mapped(part, change))
        case _:
            return change(tree)


# --- windows that end alike -------------------------------------------------------------------------------------------


_What: TypeAlias = tuple[tuple[str, ...], Tree[c.Predicate]]
_Like: TypeAlias = tuple[tuple[str, ...], Tree[c.Predicate], datetime | None]


def _like(of: c.Occurrences) -> _Like:
    return of.events, of.where, of.window.end


def _reach(tests: Iterable[Exists]) -> Mapping[_Like, datetime | None]:
    """From when on the instants of an event are looked at, by event, filter, and end of the window."""
    found: dict[_Like, datetime | None] = {}
    for test in tests:
        (of,) = test.of
        key, start = _like(of), of.window.start
        before = found.get(key, start)
        found[key] = None if before is None or start is None else min(before, start)
    return found


def _moved(tests: Iterable[Exists]) -> frozenset[_What]:
    """The events, with their filters, of which each window has an end of its own, as at the instants of a trend: their
    rows say it themselves, without an instant for each end.
    """
    found: dict[_What, set[c.Interval]] = {}
    for test in tests:
        (of,) = test.of
        found.setdefault((of.events, of.where), set()).add(of.window)
    return frozenset(what for what, windows in found.items() if len(windows) == len({one.end for one in windows}) > 1)


def _alone(tests: Iterable[Exists], counted: Iterable[c.Occurrences]) -> frozenset[_What]:
    """The events, with their filters, of which one window alone is looked at, and nothing counted: each of their rows
    says it as it is read. A pass would group them, and what it finds is grouped by profile again.
    """
    found: dict[frozenset[str], set[c.Occurrences]] = {}
    for test in tests:
        found.setdefault(frozenset(test.of[0].events), set()).add(test.of[0])
    for of in counted:
        found.pop(frozenset(of.events), None)
    return frozenset((of.events, of.where) for of, *more in found.values() if not more)


def _latest(test: Exists, reach: Mapping[_Like, datetime | None]) -> Need:
    """There is one in the window: the last of all that are looked at lies in it."""
    (of,) = test.of
    window = of.window
    widest = c.Interval(reach[_like(of)], window.end)
    return Need("last fits", replace(of, window=widest), None, window=c.Interval(window.start, None))


# --- one scan of a table ----------------------------------------------------------------------------------------------


def _widened(bit: Bit, catalog: Catalog) -> Bit:
    """What is asked of an event, asked of all that stand in its source, of which only its own fit."""
    if not isinstance(bit, Need | c.Occurs) or numbered(bit.of.events, [bit.of.where], catalog):
        return bit
    of, event = bit.of, catalog.events[bit.of.events[0]]
    if len(of.events) > 1 or event.name_column is None or event.group_by:
        return bit
    every = tuple(name for name, other in catalog.events.items() if _beside(event, other))
    where: Tree[c.Predicate] = All((c.OfEvent(of.events), of.where))
    return replace(bit, of=replace(of, events=every, where=where))


def _beside(one: Event, other: Event) -> bool:
    """Whether two events are rows of one table that their names tell apart."""
    same = ("table", "query", "where", "profile", "time", "name_column", "names", "join", "partition")
    return not other.group_by and all(getattr(one, key) == getattr(other, key) for key in same)
