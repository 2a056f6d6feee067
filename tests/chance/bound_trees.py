"""Random bound trees over the columns of random shops, of every condition that the catalog allows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any, Literal

from segql import evaluator
from segql.calendar import local
from segql.conditions import (
    Aggregate,
    All,
    AnyItem,
    AnyOf,
    Consent,
    Count,
    Days,
    DaysBetween,
    DaysSince,
    EdgeOccurrence,
    Field,
    FieldAnniversary,
    FieldComparison,
    FieldEmpty,
    FieldIn,
    FieldIncludes,
    FieldLike,
    FieldSet,
    FieldWithin,
    InList,
    InSegment,
    Interval,
    ItemCount,
    MeasureComparison,
    Near,
    Nearest,
    Not,
    Occurrences,
    Occurs,
    OfEvent,
    Op,
    Ratio,
    Terms,
    Type,
)
from segql.conditions import Random as Chance

from ..worlds import shops as s

NUMERIC = (Type.NUMBER, Type.MONEY)
TIMED = tuple(name for name in s.EVENTS if name != "answered survey")
POOLS = (
    ("opened email", "clicked email"), ("clicked sms", "opened email", "clicked email"), ("visited store", "phoned us"),
    ("placed order", "logged in"), ("attended class", "scanned badge", "placed order"),
    ("got invoice", "received push"), ("got invoice", "placed order"),
)  # fmt: skip
BUILT_IN = {"number": "number", "days since previous": "number", "hour": "number", "weekday": "text", "day": "number",
            "month": "number"}  # fmt: skip


class Drawing:
    """Draws conditions for one `now`."""

    def __init__(self, random: Random, now: datetime) -> None:
        self.random, self.now = random, now

    def tree(self, leaf: Callable[[], Any], depth: int) -> Any:
        kind = self.random.random()
        if depth == 0 or kind < 0.4:
            return leaf()
        if kind < 0.55:
            return Not(self.tree(leaf, depth - 1))
        parts = tuple(self.tree(leaf, depth - 1) for _ in range(self.random.choice((0, 1, 2, 2, 3))))
        return (All if kind < 0.8 else AnyOf)(parts)

    def pick(self, *ways: Callable[[], Any]) -> Any:
        return self.random.choice(ways)()

    def rule(self) -> Any:
        return self.tree(self.condition, 2)

    def condition(self) -> Any:
        return self.pick(
            lambda: self.field_condition("profile", s.PROFILE), self.occurs, self.occurs, self.comparison,
            self.comparison, self.edge, self.edge, self.consent, self.in_list, self.near, self.chance,
            lambda: InSegment("A segment", self.tree(self.occurs, 1)),
        )  # fmt: skip

    # --- shops ---

    def shop(self) -> evaluator.Shop:
        """Six people with a dozen rows of every kind, most of them on the edges of windows."""
        keys = (*s.KEYS, *s.KEYS, *s.KEYS, "nobody", None)

        def values(properties: dict[str, str]) -> s.Row:
            return {name: self.random.choice(s.pool(name, type_, self.now)) for name, type_ in properties.items()}

        def row(source: str, properties: dict[str, str]) -> s.Row:
            moments = [s.storable(source, time) for time in s.times(self.now)]
            return {"profile": self.random.choice(keys), "time": self.random.choice(moments), **values(properties)}

        def rows(source: str, properties: dict[str, str], most: int = 18) -> list[s.Row]:
            return [row(source, properties) for _ in range(self.random.randint(0, most))]

        def consents(name: str) -> list[s.Row]:
            given = [{**r, "receives": self.random.random() < 0.6} for r in rows(name, {}, 12)]
            reasons = ("form", "import", None) if name != "post" else (None,)
            return [{**r, "reason": self.random.choice(reasons)} for r in given]

        profiles = [{"key": key, **values(s.PROFILE)} for key in s.KEYS]
        for one in profiles:
            for name in ("last seen", "first contact"):
                one[name] = s.storable(name, one[name])
        events = {name: rows(name, properties) for name, properties in s.EVENTS.items()}
        for name, properties in s.ITEMS.items():
            for one in events[name]:
                one["items"] = [values(properties) for _ in range(self.random.randint(0, 3))]
        events["got invoice"] = [s.grouped(one) for one in events["got invoice"]]
        channels = {name: consents(name) for name in s.CHANNELS}
        channels["email"] = [{**one, "profile": key} for one, key in zip(consents("email"), s.KEYS, strict=False)]
        known = {one["profile"] for one in channels["email"]}
        channels["email"] += [{"profile": key, "receives": False, "reason": None} for key in s.KEYS if key not in known]
        lists = {"Newsletter": rows("Newsletter", {}, 8), "Staff": rows("Staff", {}, 4)}
        stores = s.random_stores(self.random)
        return evaluator.Shop(profiles=profiles, events=events, channels=channels, lists=lists, stores=stores)

    # --- times ---

    def instant(self) -> datetime:
        return self.random.choice([t for t in s.times(self.now) if t is not None])

    def window(self, whole: bool = False) -> Interval:
        if whole or self.random.random() < 0.3:
            return Interval(None, self.now)
        one, two = sorted((min(self.instant(), self.now), min(self.instant(), self.now)))
        return self.random.choice((Interval(one, self.now), Interval(one, two), Interval(None, two)))

    def free_window(self) -> Interval:
        one, two = sorted((self.instant(), self.instant() + timedelta(days=self.random.choice((0, 3)))))
        return self.random.choice((Interval(one, two), Interval(None, two), Interval(one, None), Interval(None, None)))

    def days(self) -> Days:
        one, two = sorted((local(self.instant(), s.ZONE).date(), local(self.instant(), s.ZONE).date()))
        return self.random.choice((Days(one, two), Days(None, two), Days(one, None), Days(one, one)))

    # --- fields ---

    def value(self, name: str, type_: str) -> Any:
        if name == "weekday":
            return self.random.choice(("Monday", "Friday", "Sunday", "nonsense"))
        values = [v for v in s.pool(name, type_.removeprefix("list of "), self.now) if v is not None]
        if type_.startswith("list of number"):
            return self.random.choice((Decimal(7), Decimal(13), Decimal("7.5"), Decimal(10) ** 40))
        if type_.startswith("list"):
            return self.random.choice(("vip", "nl", "NL", "", "é", "x"))
        if type_ in ("number", "money"):
            odd = (Decimal("0.005"), Decimal("-0.333333"), Decimal("1E+40"), Decimal("-1E+40"), Decimal(12), Decimal(6))
            return self.random.choice((*values, *odd))
        return self.random.choice(values)

    def field_condition(self, scope: Any, properties: dict[str, str]) -> Any:
        name, type_ = self.random.choice(list(properties.items()))
        field = Field(scope, name, Type(type_))
        if type_ in ("date", "time") and self.random.random() < 0.4:
            return self.date_condition(field)
        if type_ == "month-day":
            return self.random.choice((FieldSet(field), FieldEmpty(field), self.anniversary(field)))
        op: Op = self.random.choice(("=", "<", "<=", ">", ">="))
        one = self.random.random()
        if one < 0.1 or type_ == "position":
            return self.random.choice((FieldSet, FieldEmpty))(field)
        if type_.startswith("list"):
            values = tuple(self.value(name, type_) for _ in range(self.random.randint(1, 3)))
            return FieldIncludes(field, self.random.choice(("any", "all")), values)
        if type_ in ("date", "time") and one < 0.4:
            return FieldWithin(field, self.days() if type_ == "date" else self.free_window())
        if type_ == "text" and one < 0.6:
            pattern = self.random.choice(("s", "STRASSE", "straße", "İ", "i", "ς", "Σ", "é", "b?c", "", "%", "_", "\\",
                                          "'", "*", "n?", "*s*", "🎁*", "*%_*", "ΟΔΟ?", "*?*", "k", "K\0"))  # fmt: skip
            return FieldLike(field, self.random.choice(("contains", "starts with", "ends with", "matches")), pattern)
        if one < 0.65:
            return FieldIn(field, tuple(self.value(name, type_) for _ in range(self.random.randint(0, 3))))
        alike = [other for other, t in properties.items() if t == type_ or {t, type_} == {"number", "money"}]
        if one < 0.75 and alike:
            other = self.random.choice(alike)
            right: Any = Field(scope, other, Type(properties[other]))
        else:
            right = self.value(name, type_)
        return FieldComparison(field, "=" if type_ in ("text", "boolean") else op, right)

    def date_condition(self, field: Field) -> Any:
        part: Literal["month", "day", "year", "weekday"] | None
        part = self.random.choice(("month", "day", "year", "weekday", None))
        day = local(self.instant(), s.ZONE).date()
        match part:
            case None:
                return self.anniversary(field)
            case "weekday":
                name = self.value("weekday", "text")
                return FieldComparison(replace(field, type=Type.TEXT, part=part), "=", name)
            case _:
                op: Op = self.random.choice(("=", "<", "<=", ">", ">="))
                numbers = (getattr(day, part), Decimal("2.5"), 0, 29)
                value = Decimal(self.random.choice(numbers))
                return FieldComparison(replace(field, type=Type.NUMBER, part=part), op, value)

    def anniversary(self, field: Field) -> FieldAnniversary:
        day = local(self.instant(), s.ZONE).date()
        return FieldAnniversary(field, Days(day, day + timedelta(days=self.random.choice((0, 1, 7, 40, 300)))))

    def near(self) -> Near | Nearest:
        places = [at for at in s.POSITIONS if at is not None and None not in at]
        place: Any = self.random.choice((None, *places))
        metres = Decimal(self.random.choice((500, 20_000, 60_000, 2_000_000, 20_000_000)))
        field = Field("profile", "position", Type.POSITION)
        if self.random.random() < 0.3:
            names = tuple(self.random.sample(("store", "south"), self.random.randint(1, 2)))
            return Nearest(field, names, ((Decimal("52.37"), Decimal("4.89")),) * self.random.randint(0, 1))
        return Near(field, place, metres)

    def chance(self) -> Chance:
        below = self.random.choice((None, "00000000", "80000000", "c0000000"))
        return Chance(self.random.choice(("", "B", "it's \\")), below)

    def predicate(self, events: tuple[str, ...], item_rows: bool = False) -> Any:
        shared = {n: t for n, t in s.EVENTS[events[0]].items() if all(n in s.EVENTS[e] for e in events)}
        if all(e in TIMED for e in events):
            shared |= BUILT_IN
        ways: list[Callable[[], Any]] = [lambda: self.field_condition("event", shared)] * 2 if shared else []
        common = self.items(events)
        if common:
            inner = lambda: self.field_condition("item", common)  # noqa: E731
            ways.append(lambda: AnyItem(self.tree(inner, 1)))
            bounds = ((0, 0), (0, 1), (1, None), (2, None), (1, 1), (2, 3))
            ways.append(lambda: ItemCount(self.tree(inner, 1), *self.random.choice(bounds)))
            if item_rows:
                ways += [inner, inner]
        if len(events) > 1 and self.random.random() < 0.5:
            which = lambda: OfEvent(tuple(self.random.sample(events, self.random.randrange(1, len(events)))))  # noqa: E731
            return self.tree(lambda: self.random.choice([which, *ways])(), 2)  # noqa: PLW0108
        return self.tree(self.random.choice(ways), 1) if ways else All(())

    def items(self, events: tuple[str, ...]) -> dict[str, str]:
        owners = [s.ITEMS.get(e, {}) for e in events]
        return {n: t for n, t in owners[0].items() if all(n in owner for owner in owners)}

    # --- occurrences and measures ---

    def occurrences(self, timed: bool = False, whole: bool = False, item_rows: bool = False) -> Occurrences:
        events: tuple[str, ...]
        if self.random.random() < 0.25:
            events = self.random.choice(POOLS)
        else:
            events = (self.random.choice(TIMED if timed else tuple(s.EVENTS)),)
        if item_rows:
            events = self.random.choice((("placed order",), ("got invoice",), ("got invoice", "placed order")))
        window = self.window(whole) if events != ("answered survey",) else Interval(None, None)
        chance = self.random.random()
        return Occurrences(events, window, All(()) if chance < 0.4 else self.predicate(events, item_rows))

    def occurs(self) -> Occurs:
        low, high = self.random.choice(((1, None), (0, 0), (2, None), (1, 1), (0, 1), (2, 3), (0, 2), (1, 2)))
        return Occurs(self.occurrences(), low, high)

    def measure(self, nested: bool = False) -> Any:
        ways: list[Callable[[], Any]] = [
            lambda: Count(self.occurrences()), self.aggregate, self.aggregate,
            lambda: DaysSince(self.random.choice(("first", "last")), self.occurrences(timed=True)),
            lambda: DaysBetween(self.occurrences(timed=True)),
            lambda: Field("profile", *self.random.choice([(n, Type(t)) for n, t in s.PROFILE.items()
                                                          if Type(t) in NUMERIC])),
        ]  # fmt: skip
        if not nested:
            ways.append(lambda: Ratio(self.measure(True), self.measure(True)))
            ways.append(lambda: Terms((self.measure(True),), (self.measure(True), self.measure(True))))
        return self.random.choice(ways)()

    def aggregate(self, type_: str | None = None) -> Aggregate:
        item_rows = self.random.random() < 0.3
        of = self.occurrences(item_rows=item_rows)
        owners = [s.ITEMS[e] if item_rows else s.EVENTS[e] for e in of.events]
        shared = [(n, t) for n, t in owners[0].items() if all(n in owner for owner in owners)]
        if not item_rows and all(e in TIMED for e in of.events):
            shared += [(n, t) for n, t in BUILT_IN.items() if t == "number"]
        scope: Any = "item" if item_rows else "event"
        if type_ is not None:
            fitting = [(n, t) for n, t in shared if t == type_]
            if not fitting:
                return self.aggregate(type_)
            return Aggregate(self.random.choice(("min", "max")), Field(scope, *self.typed(fitting)), of)
        numbers = [(n, t) for n, t in shared if Type(t) in NUMERIC]
        simple = [(n, t) for n, t in shared if not t.startswith("list")]
        if numbers and self.random.random() < 0.8:
            kinds: tuple[Literal["sum", "average", "min", "max", "median", "distinct", "first", "last"], ...]
            kinds = ("sum", "average", "average", "min", "max", "median", "distinct")
            if not item_rows and all(event in TIMED for event in of.events):
                kinds = (*kinds, "first", "last")
            return Aggregate(self.random.choice(kinds), Field(scope, *self.typed(numbers)), of)
        if not simple:
            return self.aggregate()
        return Aggregate("distinct", Field(scope, *self.typed(simple)), of)

    def typed(self, properties: list[tuple[str, str]]) -> tuple[str, Type]:
        name, type_ = self.random.choice(properties)
        return name, Type(type_)

    def comparison(self) -> MeasureComparison:
        op: Op = self.random.choice(("=", "<", "<=", ">", ">="))
        chance = self.random.random()
        if chance < 0.1:
            type_ = self.random.choice(("date", "time"))
            value = self.value("delivery" if type_ == "date" else "shipped", type_)
            if chance < 0.03:
                return MeasureComparison(self.aggregate(type_), op, self.aggregate(type_))
            return MeasureComparison(self.aggregate(type_), op, value)
        left = self.measure()
        if chance < 0.55:
            numbers = ("0", "1", "2", "3", "0.5", "-1", "50.5", "33.33", "100", "30", "0.333333", "7", "1E+30", "1E-20")
            return MeasureComparison(left, op, Decimal(self.random.choice(numbers)))
        factor = Decimal(self.random.choice(("1", "1", "0.5", "2", "-1", "0.3333")))
        return MeasureComparison(left, op, self.measure(), factor)

    def edge(self) -> EdgeOccurrence:
        of = self.occurrences(timed=True, whole=True)
        has = All(()) if self.random.random() < 0.3 else self.predicate(of.events)
        return EdgeOccurrence(self.random.choice(("first", "last")), of, self.window(), has)

    def consent(self) -> Consent:
        channel = self.random.choice(s.CHANNELS)
        reason = self.random.choice((None, None, "form", "import")) if channel != "post" else None
        window = self.window() if channel in ("sms", "post") and self.random.random() < 0.4 else None
        return Consent(channel, self.random.random() < 0.7, reason, window)

    def in_list(self) -> InList:
        name = self.random.choice(s.LISTS)
        dated = name == "Newsletter" and self.random.random() < 0.5
        return InList(name, self.window() if dated else Interval(None, self.now), dated)
