"""Passes over the set of a profile's occurrences: a share of them, so many periods, days or repeats, a mode."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeAlias, assert_never

from sqlglot import exp

from .. import conditions as c
from ..ast import Tree
from ..planner import InGroups, fields_of, mentions_items, numbered
from . import nodes as n
from .bits import WORD, of_word, word_of
from .fields import is_weekday, of_value
from .groups import KEY, LENGTH, PART, bounds, by_part, count, grouped, part_of, streak, streaks, within
from .lookups import compared, many_in, numbered_alike, numbered_texts
from .predicates import boolean, fits
from .rows import Rows
from .sources import item_ties, items
from .streams import branches, driven, over
from .target import Target
from .times import calendar_number, calendar_unit
from .values import TIME_PARTS, Sight, Stored, value, weekday

Columns: TypeAlias = Mapping[str, Callable[[Sight], exp.Expr]]
"""What each row of a stream gives, by name."""

FITS, EVENT = "fits", "event_number"
"""Columns inside of a pass, beside those of its groups."""


def among(condition: InGroups, only: str | None, target: Target) -> exp.Query:
    """The keys of the profiles for which it holds, each once; `only` names the keys of all members."""
    if isinstance(condition, c.InCommon):
        return _in_common(condition, only, target)
    of = condition.of
    match condition:
        case c.Regular(periods=periods, each=(1, None), at_least=at_least, at_most=at_most) if (
            target.dialect.bit_count and len(periods) <= WORD
        ):  # one grouping, as the periods of a profile are bits
            stream = _stream(of, only, target, {PART: lambda sight: _period(periods, sight["event"], bits=True)})
            many = n.call("BIT_COUNT", exp.BitwiseOrAgg(this=n.column("stream", PART)))
            return grouped(stream, target, bounds(many, at_least, at_most))
        case c.Regular(periods=periods, each=each, at_least=at_least, at_most=at_most):
            stream = _stream(of, only, target, {PART: lambda sight: _period(periods, sight["event"])})
            return grouped(by_part(stream, *each, missing=()), target, within(at_least, at_most))
        case c.OnDifferent(unit=unit, at_least=at_least, at_most=at_most, in_a_row=True):
            stream = _stream(of, only, target, {PART: lambda sight: calendar_number(sight["event"].wall(), unit)})
            parts, step = by_part(stream, 1, None, missing=(), told=True), 7 if unit == "week" else 1
            if at_most is None:
                return streak(parts, (at_least - 1, step), target)
            longest = exp.Max(this=n.column("streaks", LENGTH))
            return grouped(streaks(parts, step), target, bounds(longest, at_least, at_most))
        case c.OnDifferent(unit=unit, at_least=at_least, at_most=at_most):
            stream = _stream(of, only, target, {PART: lambda sight: calendar_unit(sight["event"].wall(), unit)})
            return grouped(by_part(stream, 1, None, missing=()), target, within(at_least, at_most))
        case c.Repeats(fields=fields, at_least=at_least, at_most=at_most):
            values = {part_of(number): field for number, field in enumerate(fields)}
            early = target.dialect.numbers_first and only is None and of.window.start is None
            stream = _values(of, only, target, values, often=at_least if early and at_least >= _OFTEN else 0)
            if early:
                numbered_texts(stream, [name for name, field in values.items() if field.type is c.Type.TEXT])
            missing = [name for name, field in values.items() if not _of_time(field, of, target)]
            return grouped(by_part(stream, at_least, at_most, names=tuple(values), missing=missing), target)
        case c.MostCommon():
            return _most_common(condition, only, target)
        case _:
            assert_never(condition)


def _in_common(condition: c.InCommon, only: str | None, target: Target) -> exp.Query:
    """The profiles with a value of which each has an occurrence: one pass over the rows of all of them."""
    names = [part_of(number) for number in range(len(condition.fields[0]))]
    numbers = [
        all(_of_time(field, of, target) for field, of in zip(same, condition.of, strict=True))
        for same in zip(*condition.fields, strict=True)
    ]
    selects = [
        _flagged(places, condition, only, rows, dict(zip(names, numbers, strict=True)))
        for places in _read_together(condition, target)
        for rows in branches(
            [event for place in places for event in condition.of[place].events],
            [_own(condition.of[place]) for place in places],
            target,
            condition.of[places[0]].window,
            *condition.fields[places[0]],
        )
    ]
    stream = n.aliased(exp.Subquery(this=n.union_all(selects)), "stream")
    if target.dialect.numbers_first and only is None and all(many_in(of.window) for of in condition.of):
        numbered_alike(stream)
    key, parts = n.column("stream", KEY), [n.column("stream", name) for name in names]
    there = [n.is_set(part) for part, number in zip(parts, numbers, strict=True) if not number]
    group = [key.copy(), *(part.copy() for part in parts)]
    query = n.select([key], stream, where=n.both(there), group=group)
    query.set("having", exp.Having(this=n.both(_each_of(len(condition.of), target))))
    return grouped(n.aliased(exp.Subquery(this=query), "parts"), target)


def _each_of(number: int, target: Target) -> Iterator[exp.Expr]:
    """Among the rows is each of so many occurrences."""
    for word in range(-(-number // WORD)):
        all_, which = of_word((1 << number) - 1, word), n.column("stream", _which(word))
        if target.dialect.bit_or:
            yield n.compare(exp.BitwiseOrAgg(this=which), "=", n.number(all_))
            continue
        for bit in (1 << place for place in range(all_.bit_length())):
            found = exp.BitwiseAnd(this=which.copy(), expression=n.number(bit))
            yield n.compare(exp.Max(this=found), ">", n.number(0))


def _read_together(condition: c.InCommon, target: Target) -> list[list[int]]:
    """Which of the occurrences one scan finds: with the same properties, none by its place in a stream of its own."""
    found: dict[object, list[int]] = {}
    for place, (of, own) in enumerate(zip(condition.of, condition.fields, strict=True)):
        alone = numbered(of.events, [of.where], target.catalog, *own)
        found.setdefault((place if alone else None, of.window, own), []).append(place)
    return list(found.values())


def _own(of: c.Occurrences) -> Tree[c.Predicate]:
    """The `where` of occurrences, beside the rows of others."""
    return c.All((c.OfEvent(of.events), of.where))


def _flagged(
    places: Sequence[int], condition: c.InCommon, only: str | None, rows: Rows, names: Mapping[str, bool]
) -> exp.Select:
    """The values of rows, with whether each is found from the time, and which of the occurrences a row is."""
    sight: dict = {"event": rows}  # type: ignore[type-arg]
    fields, joined = condition.fields[places[0]], []
    if any(field.scope == "item" for field in fields):
        joined = [items(rows)]
        sight["item"] = joined[0][0]
    fitting = {place: fits(_own(condition.of[place]), {"event": rows}) for place in places}
    values = [n.named(rows.key(), KEY)]
    values += [
        compared(_told_apart(field, sight, is_number), name, field)
        for (name, is_number), field in zip(names.items(), fields, strict=True)
    ]
    some = n.either(one.copy() for one in fitting.values())
    if len(fitting) == 1:  # each row is
        fitting = dict.fromkeys(fitting, n.true())
    values += [n.named(word_of(fitting, word), _which(word)) for word in range(-(-len(condition.of) // WORD))]
    demands = [
        *_demands(condition.of[places[0]], only, rows),
        exp.Paren(this=some) if isinstance(some, exp.Or) else some,
    ]
    return rows.select(values, demands, joined=joined)


def _which(word: int) -> str:
    """The column with bits for the occurrences that a row is."""
    return f"which_{word + 1}" if word else "which"


def _most_common(condition: c.MostCommon, only: str | None, target: Target) -> exp.Query:
    """Of the parts that fit, the largest is as large as the largest of all."""
    of, field, test = condition.of, condition.field, condition.fits
    is_number = _of_time(field, of, target)
    columns: dict[str, Callable[[Sight], exp.Expr]] = {PART: partial(_told_apart, field, is_number=is_number)}
    # What a part is tells whether it fits, unless its decimals differ from event to event.
    told = (is_number or field.type in (c.Type.TEXT, c.Type.BOOLEAN)) and set(fields_of(test)) == {field}
    if not told:
        columns[FITS] = lambda sight: n.case(fits(test, sight), n.number(1), n.number(0))
    stream = _stream(of, only, target, columns, fields=[field])
    key, part = n.column("stream", KEY), n.column("stream", PART)
    more = part.copy() if told else n.named(exp.Max(this=n.column("stream", FITS)), "fitting")
    there = n.true() if is_number else n.is_set(part)
    values = [key, more, n.named(count(), "times")]
    query = n.select(values, stream, where=there, group=[key.copy(), part.copy()])
    fitting = n.compare(n.column("parts", "fitting"), "=", n.number(1))
    if told:
        fitting = boolean(test, partial(_of_part, is_number=is_number, target=target))
    often = n.column("parts", "times")
    most = n.compare(exp.Max(this=n.case(fitting, often)), "=", exp.Max(this=often.copy()))
    return grouped(n.aliased(exp.Subquery(this=query), "parts"), target, most)


def _of_part(condition: c.FieldCondition, *, is_number: bool, target: Target) -> exp.Expr:
    """What the value of a part has to fit."""
    field, part = condition.field, n.column("parts", PART)
    node = weekday(part) if is_number and field.name == "weekday" else part
    return of_value(condition, Stored(node, field.type), {field.scope: Rows(target, "parts", exp.Subquery())})


# --- rows ------------------------------------------------------------------------------------------------------------


def _stream(
    of: c.Occurrences,
    only: str | None,
    target: Target,
    columns: Columns,
    *,
    fields: Collection[c.Field] = (),
) -> exp.Expr:
    """The occurrences, or for a field of items their items, each a row of its profile's key and the columns."""
    selects = []
    for rows in branches(of.events, [of.where], target, of.window, *fields):
        sight: dict = {"event": rows}  # type: ignore[type-arg]
        joined = []
        if any(field.scope == "item" for field in fields):
            joined = [items(rows)]
            sight["item"] = joined[0][0]
        values = [n.named(rows.key(), KEY), *(n.named(make(sight), name) for name, make in columns.items())]
        selects.append(rows.select(values, [*_demands(of, only, rows), fits(of.where, sight)], joined=joined))
    return n.aliased(exp.Subquery(this=n.union_all(selects)), "stream")


_OFTEN = 3
"""So many occurrences few have: whoever has fewer is left out before items are looked up. Of two it is no gain."""


def _values(
    of: c.Occurrences, only: str | None, target: Target, parts: Mapping[str, c.Field], *, often: int = 0
) -> exp.Expr:
    """The values of occurrences, by column, each once for one; who has fewer than `often` of them may be left out."""
    fields = parts.values()
    numbers = {name: _of_time(field, of, target) for name, field in parts.items()}
    if not any(field.scope == "item" for field in fields):
        columns = {name: partial(_told_apart, field, is_number=numbers[name]) for name, field in parts.items()}
        return _stream(of, only, target, columns, fields=fields)
    selects = []
    sources = branches(of.events, [of.where], target, of.window, *fields)
    limited = bool(often) and len(sources) == 1 and not mentions_items(of.where)
    for rows in sources:
        if of.window.start is None and only is None and not limited:
            selects.append(_beside_items(of, only, rows, parts, numbers))
            continue
        demands = [*_demands(of, only, rows), fits(of.where, {"event": rows})]
        if limited:
            demands.append(_has_many(often, of, rows, target))
        events = _numbered(rows, demands)
        item, of_event = items(events)
        values = [
            n.named(events.key(), KEY),
            n.column(events.alias, EVENT),
            *(
                n.named(_told_apart(field, {"event": events, "item": item}, numbers[name]), name)
                for name, field in parts.items()
            ),
        ]
        selects.append(events.select(values, joined=[(item, of_event)], distinct=True))
    return n.aliased(exp.Subquery(this=n.union_all(selects)), "stream")


def _has_many(often: int, of: c.Occurrences, rows: Rows, target: Target) -> exp.Expr:
    """The row is of a profile with so many of the occurrences: these are looked for anew, by nodes of their own."""
    (again,) = branches(of.events, [of.where], target, of.window)
    query = again.select([again.key()], [again.in_window(of.window), fits(of.where, {"event": again})], [again.key()])
    query.set("having", exp.Having(this=n.compare(count(), ">=", n.number(often))))
    return exp.In(this=rows.key(), query=exp.Subquery(this=query))


def _beside_items(
    of: c.Occurrences, only: str | None, rows: Rows, parts: Mapping[str, c.Field], numbers: Mapping[str, bool]
) -> exp.Select:
    """The values of occurrences of any time: most items belong to one, so that theirs are found first, each once."""
    item, ties = item_ties(rows, "item")
    sight: dict = {"event": rows, "item": item}  # type: ignore[type-arg]
    values = {name: _told_apart(field, sight, numbers[name]) for name, field in parts.items()}
    of_items = [name for name, field in parts.items() if field.scope == "item"]
    keys = {f"event_key_{number}": tie for number, tie in enumerate(ties, 1)}
    found = [n.named(of_item, name) for name, (_, of_item, _) in keys.items()]
    distinct = item.select([*found, *(n.named(values[name], name) for name in of_items)], distinct=True)
    items_ = Rows(rows.target, "item", exp.Subquery(this=distinct))
    tied = n.both(same(n.column("item", name), of_event) for name, (same, _, of_event) in keys.items())
    told = [n.named(n.column("item", name) if name in of_items else values[name], name) for name in parts]
    where = [*_demands(of, only, rows), fits(of.where, {"event": rows})]
    return rows.select([n.named(rows.key(), KEY), *told], where, joined=[(items_, tied)])


def _numbered(rows: Rows, conditions: Iterable[exp.Expr]) -> Rows:
    """The rows that fulfil the conditions, each with a number of its own among those of its profile."""

    def made(columns: Sequence[str]) -> exp.Expr:
        number = over(exp.RowNumber(), rows.key(), rows.key())
        values = [n.column(rows.alias, name) for name in columns if name != EVENT]
        return exp.Subquery(this=rows.select([*values, n.named(number, EVENT)], conditions))

    return replace(rows, filters=[], used={}, owner=[], made=made)


def _demands(of: c.Occurrences, only: str | None, rows: Rows) -> list[exp.Expr]:
    return [*driven(only, rows), rows.in_window(of.window)]


def _value(field: c.Field, sight: Sight) -> exp.Expr:
    return value(field, sight) or exp.Null()


def _told_apart(field: c.Field, sight: Sight, is_number: bool) -> exp.Expr:
    """The value, or what is as different as it: a weekday's number, which takes less to find than its name."""
    found = _value(field, sight)
    return found.this if is_number and is_weekday(found) else found


def _of_time(field: c.Field, of: c.Occurrences, target: Target) -> bool:
    """Whether the field is found from the time of all occurrences, so that none lacks it."""
    events = [target.catalog.events[name] for name in of.events]
    return field.scope == "event" and field.name in TIME_PARTS and all(
        field.name not in event.properties and event.time is not None for event in events
    )  # fmt: skip


def _period(periods: Sequence[c.Interval], rows: Rows, *, bits: bool = False) -> exp.Expr:
    """Which of the periods, latest first, the row lies in: the first that does not begin after it; or a bit for it."""
    begun = [rows.in_window(c.Interval(period.start, None)) for period in periods[:-1]]
    which = [n.number(1 << place if bits else place + 1) for place in range(len(periods))]
    if not begun:
        return which[0]
    ifs = [exp.If(this=condition, true=one) for condition, one in zip(begun, which, strict=False)]
    return exp.Case(ifs=ifs, default=which[-1])
