"""Properties of profiles, events and items as SQL values.

A number is cast to a DECIMAL of its declared scale, halves away from zero. The cast gives NULL for what is no number
(NaN, infinity, text that is none): missing. Where the catalog says that it is stored as such a decimal, or as an
integer, it is compared as it stands; sums of decimals are widened by the engine itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeAlias

from sqlglot import exp

from ..catalog.model import Entry, Property
from ..catalog.parts import StoredNumber
from ..conditions import Field, Scope, Type
from ..plain import dataclass
from . import documents
from . import nodes as n
from .bounds import EXACT, Clock, clock_of
from .documents import DIGITS
from .rows import Rows
from .sources import owner_of
from .target import Target
from .texts import by_code_point
from .times import date_difference, days_between, instant, wall

Sight: TypeAlias = Mapping[Scope, Rows]
"""The rows that a condition is about, by scope."""

NUMBER = "number_of_event"
PREVIOUS = "previous_time"
"""Columns that rows have when their stream was numbered (`streams.py`)."""

DEGREES = 9
"""The decimals of a latitude or longitude."""
_DEGREE_DIGITS = 18
"""What a 64-bit decimal has: more are no degrees, and take longer to find."""
TIME_PARTS = ("number", "hour", "day", "month", "weekday")
"""Properties of every event that has a time, which are never missing."""
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Stored:
    """A property as it is stored; numbers are a DECIMAL of their scale already, unless `kept` says more."""

    node: exp.Expr
    type: Type
    clock: Clock = EXACT
    scale: int = 0
    infinite: bool = False
    """Whether it is a time or a date that can be infinite: then it is missing."""
    kept: StoredNumber | None = None
    """How a number is stored that was not cast."""

    def finite(self) -> exp.Expr:
        """Whether it is there, of one that can be infinite; NULL or false where not."""
        return n.call("ISFINITE", self.node.copy())

    def known(self) -> exp.Expr:
        """The value, NULL where it is infinite."""
        return n.case(self.finite(), self.node) if self.infinite else self.node


def whose(scope: Scope, sight: Sight) -> Rows:
    """The rows that properties of the scope stand in; beside an event the profile's are those of whom it belongs to."""
    return owner_of(sight["event"]) if scope == "profile" and scope not in sight else sight[scope]


def value(field: Field, sight: Sight) -> exp.Expr | None:
    """The property in one form for its type: a DECIMAL of its scale, a DATE, a timestamp with zone, text, a list.

    None when the source has no such property: it is missing in every row.
    """
    found = stored(field, sight)
    if found is None:
        return None
    if field.type is Type.TIME:
        return instant(found.known(), found.clock, whose(field.scope, sight).target.dialect)
    if found.kept == "integer":
        return n.cast(found.node, n.decimal(DIGITS, found.scale))
    return n.cast(found.known(), exp.DType.DATE) if field.type is Type.DATE else found.node


def stored(field: Field, sight: Sight) -> Stored | None:
    """The property as it is stored; None when the source has no such property."""
    rows = whose(field.scope, sight)
    declared = rows.properties.get(field.name)
    if declared is None:
        built_in = _built_in(field.name, rows) if field.scope == "event" else None
        return None if built_in is None else Stored(built_in, field.type)
    if field.part is not None:
        whole = replace(field, type=Type(declared.type), part=None)
        if field.part == "number":
            there = stored(whole, sight)
            assert there is not None
            return Stored(list_size(there.node, rows.target), field.type)
        if field.part == "days to":
            return Stored(_days_to(whole, field.to, sight), field.type)
        if field.part in ("latitude", "longitude"):
            known = on_earth(declared.latitude or "", declared.longitude or "", rows, kept=floats(declared, rows))
            degrees = coordinate((declared.latitude if field.part == "latitude" else declared.longitude) or "", rows)
            return Stored(n.case(known, degrees), field.type, scale=DEGREES)
        return Stored(part_of(local_day(whole, sight, finite=field.part == "year"), field.part), field.type)
    node = _raw(field.name, declared, rows)
    if declared.json_ is not None:
        return Stored(documents.read(node, declared, rows.target), field.type, scale=declared.scale)
    kept = kept_as(declared, rows.target)
    match field.type:
        case Type.NUMBER | Type.MONEY if kept is not None:
            pass
        case Type.NUMBER | Type.MONEY:
            node = n.try_cast(node, n.decimal(DIGITS, declared.scale))
        case Type.NUMBERS:
            node = n.try_cast(node, n.array(n.decimal(DIGITS, declared.scale)))
        case Type.TEXT if rows.target.dialect.collated:
            node = by_code_point(node, rows.target)
        case Type.MONTH_DAY:
            node = documents.month_day(node, rows.target)
        case Type.DATE if declared.is_day_of_instant:
            local = wall(node, clock_of(declared, rows.target.zone), rows.target.zone, rows.target.dialect)
            node = n.cast(local, exp.DType.DATE)
        case _:
            pass
    clock = clock_of(declared, rows.target.zone) if field.type is Type.TIME else EXACT
    dated = field.type is Type.DATE or (field.type is Type.TIME and clock.stored in ("timestamp", "date"))
    return Stored(node, field.type, clock, declared.scale, dated and rows.target.dialect.infinite_times, kept)


def kept_as(declared: Property, target: Target) -> StoredNumber | None:
    """How a number is stored, where that needs no cast in the dialect."""
    if not target.dialect.keeps_numbers:
        return None
    match declared.stored:
        case "decimal" | "integer" as number:
            return number
        case _:
            return None


def coordinate(column: str, rows: Rows, *, kept: bool = False) -> exp.Expr:
    """A latitude or longitude in degrees, NULL where it is none (NaN); one that is `kept` as it is, for comparisons."""
    found = rows.column(column)
    return found if kept else n.try_cast(found, n.decimal(_DEGREE_DIGITS, DEGREES))


def floats(declared: Property, rows: Rows) -> bool:
    """Whether a position is stored as floats that compare as they stand."""
    return declared.stored == "float" and rows.target.dialect.keeps_numbers


def on_earth(latitude: str, longitude: str, rows: Rows, *, kept: bool = False) -> exp.Expr:
    """Whether there is a position: both of its columns, and neither out of range; NULL where one is missing."""
    return n.both(
        exp.Between(this=coordinate(column, rows, kept=kept), low=n.number(-most), high=n.number(most))
        for column, most in ((latitude, 90), (longitude, 180))
    )


def _days_to(start: Field, end: Field | None, sight: Sight) -> exp.Expr:
    """The whole days from one time to another; where one is a date, those of the calendar. NULL without one of them."""
    assert end is not None
    ends, target = (replace(start, to=None), end), whose(start.scope, sight).target
    if start.type is end.type is Type.TIME:
        one, two = (value(field, sight) for field in ends)
        return exp.Null() if one is None or two is None else days_between(one, two, target.zone, target.dialect)
    if any(stored(field, sight) is None for field in ends):
        return exp.Null()
    one, two = (n.cast(local_day(field, sight, finite=True), exp.DType.DATE) for field in ends)
    return date_difference(two, one)


def list_size(node: exp.Expr, target: Target) -> exp.Expr:
    """How many elements a list has, of which none is missing; 0 of a list that is missing."""
    count = target.dialect.list_count
    return n.coalesce(exp.ArraySize(this=node) if count is None else n.call(count, node), n.number(0))


def elements(array: exp.Expr, fits: Callable[[exp.Expr], exp.Expr], target: Target) -> exp.Expr:
    """The elements of a list of text that fit."""
    name = n.identifier("entry")
    one: exp.Expr = exp.Column(this=name)
    fitting = exp.Lambda(
        this=fits(by_code_point(one, target) if target.dialect.collated else one), expressions=[name.copy()]
    )
    if target.dialect.lambdas:
        return n.call("LIST_FILTER", array, fitting)
    return exp.ArrayFilter(this=array, expression=fitting)


def month_and_day(field: Field, sight: Sight) -> exp.Expr:
    """The four digits of a month and a day, of a property that the source has; other texts where there is none."""
    rows = whose(field.scope, sight)
    declared, target = rows.properties[field.name], rows.target
    node = _raw(field.name, declared, rows)
    if declared.stored == "digits":
        return by_code_point(node, target) if target.dialect.collated else node
    return documents.digits(node, target)


def local_day(field: Field, sight: Sight, *, finite: bool) -> exp.Expr:
    """A date, or the wall-clock time of an instant, of a property that the source has.

    An infinite one has no month, day or weekday; whoever asks for more wants it `finite`.
    """
    found, target = stored(field, sight), whose(field.scope, sight).target
    assert found is not None
    node = found.known() if finite else found.node
    return node if field.type in (Type.DATE, Type.MONTH_DAY) else wall(node, found.clock, target.zone, target.dialect)


def part_of(day: exp.Expr, part: str) -> exp.Expr:
    """A part of a date or of a wall-clock time: a number, or the name of its weekday."""
    if part != "weekday":
        return exp.Extract(this=exp.Var(this=part.upper()), expression=day)
    return weekday(exp.DayOfWeekIso(this=day))


def weekday(number: exp.Expr) -> exp.Expr:
    """The name of a weekday by its number, from Monday's 1 on."""
    names = [exp.If(this=n.number(i), true=n.text(name)) for i, name in enumerate(WEEKDAYS, 1)]
    return exp.Case(this=number, ifs=names)


def _raw(name: str, declared: Property, rows: Rows) -> exp.Expr:
    if name in rows.exported:
        return n.column(rows.alias, rows.exported[name])
    if declared.sql is not None:
        return rows.expression(declared.sql)
    if declared.json_ is not None:
        document, path = rows.document(declared.json_)
        keys = [exp.JSONPathRoot(), *(exp.JSONPathKey(this=key) for key in path)]
        place = exp.JSONPath(expressions=keys)
        if declared.type.startswith("list"):
            return exp.JSONExtract(this=document, expression=place)
        # What is no text has no form of the other types either.
        return exp.JSONExtractScalar(this=document, expression=place, scalar_only=declared.type == "text")
    if declared.entry is not None:
        return _entry(declared.entry, rows)
    return rows.column(declared.column or name)


def _entry(entry: Entry, rows: Rows) -> exp.Expr:
    """The value of the first entry with the key."""
    array = rows.column(entry.array)

    def part(path: str, of: exp.Expr) -> exp.Expr:
        for name in path.split("."):
            of = exp.Dot(this=of, expression=n.identifier(name))
        return of

    is_it = n.compare(part(entry.key, n.identifier("entry")), "=", n.text(entry.key_is))
    if rows.target.dialect.lambdas:
        found = n.call("LIST_FILTER", array, exp.Lambda(this=is_it, expressions=[n.identifier("entry")]))
        return part(entry.value, n.call("LIST_EXTRACT", found, exp.Literal.number(1)))
    unnested = exp.Unnest(
        expressions=[array], alias=exp.TableAlias(this=n.identifier("entries"), columns=[n.identifier("entry")])
    )
    query = n.select([part(entry.value, n.identifier("entry"))], unnested, where=is_it)
    query.set("limit", exp.Limit(expression=exp.Literal.number(1)))
    return exp.Subquery(this=query)


def _built_in(name: str, rows: Rows) -> exp.Expr | None:
    if rows.time is None:
        return None
    target = rows.target

    match name:
        case "number":
            return n.column(rows.alias, NUMBER + rows.place)
        case "days since previous":
            previous = n.column(rows.alias, PREVIOUS + rows.place)
            return days_between(previous, rows.instant(), target.zone, target.dialect)
        case "hour" | "day" | "month" | "weekday":
            return part_of(rows.wall(), name)
        case _:
            return None
