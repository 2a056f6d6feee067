"""A small world: hours 0 to 10, two timed events, one without time, everything sometimes missing; rules about it."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from segql.catalog.model import Catalog
from segql.conditions import (
    All,
    AnyOf,
    EdgeOccurrence,
    Field,
    FieldComparison,
    FieldIn,
    Interval,
    Occurrences,
    Occurs,
    Type,
)
from segql.evaluator import Shop, members
from segql.optimizer import warnings

Rule = Any

START = datetime(2026, 3, 1, tzinfo=UTC)


def at(hour: int) -> datetime:
    return START + timedelta(hours=hour)


NOW = at(10)
DAY = date(2026, 3, 1)
EVER = Interval(None, NOW)
UNTIMED = Interval(None, None)
EVENT = {"n": {"type": "number"}, "c": {"type": "text"}}
ITEMS = {"table": "i", "on": {"id": "id"}, "properties": {"p": {"type": "number"}, "q": {"type": "text"}}}
CATALOG = Catalog.model_validate(
    {
        "profiles": {
            "table": "p",
            "key": "id",
            "key type": "integer",
            "properties": {
                "x": {"type": "number"},
                "y": {"type": "number"},
                "land": {"type": "text"},
                "vip": {"type": "boolean"},
                "born": {"type": "date"},
                "seen": {"type": "time"},
                "tags": {"type": "list of text"},
            },
        },
        "channels": {
            "sms": {"table": "s", "profile": "p", "receives when": "ok", "reason": "r", "time": {"column": "t"}}
        },
        "events": {
            "a": {"table": "a", "profile": "p", "time": {"column": "t"}, "properties": EVENT, "items": ITEMS},
            "b": {"table": "b", "profile": "p", "time": {"column": "t"}, "properties": EVENT, "items": ITEMS},
            "u": {"table": "u", "profile": "p", "properties": EVENT, "items": ITEMS},
        },
        "lists": {"news": {"table": "l", "profile": "p", "time": {"column": "t"}}},
    }
)

X = Field("profile", "x", Type.NUMBER)
Y = Field("profile", "y", Type.NUMBER)
LAND = Field("profile", "land", Type.TEXT)
VIP = Field("profile", "vip", Type.BOOLEAN)
BORN = Field("profile", "born", Type.DATE)
SEEN = Field("profile", "seen", Type.TIME)
TAGS = Field("profile", "tags", Type.TEXTS)
N = Field("event", "n", Type.NUMBER)
C = Field("event", "c", Type.TEXT)
NUMBER = Field("event", "number", Type.NUMBER)
PREVIOUS = Field("event", "days since previous", Type.NUMBER)
HOUR = Field("event", "hour", Type.NUMBER)
P = Field("item", "p", Type.NUMBER)
Q = Field("item", "q", Type.TEXT)
EVERYONE: All[Any] = All(())
NO_ONE: AnyOf[Any] = AnyOf(())


@lru_cache
def shop(seed: int) -> Shop:
    draw = random.Random(seed)
    numbers = [None, *map(Decimal, range(4))]
    texts = [None, "", "NL", "BE", "b"]
    people = range(40)

    def moment() -> datetime | None:
        return draw.choice([None, *(at(hour) for hour in range(12)), at(draw.randrange(10)) + timedelta(minutes=1)])

    def rows(most: int, **columns: Any) -> list[dict[str, Any]]:
        return [
            {"profile": key, "time": moment(), **{name: make() for name, make in columns.items()}}
            for key in people
            for _ in range(draw.randrange(most + 1))
        ]

    def items() -> list[dict[str, Any]]:
        return [{"p": draw.choice(numbers), "q": draw.choice(texts)} for _ in range(draw.randrange(3))]

    event = {"n": lambda: draw.choice(numbers), "c": lambda: draw.choice(texts), "items": items}
    return Shop(
        profiles=[
            {
                "key": key,
                "x": draw.choice(numbers),
                "y": draw.choice(numbers),
                "land": draw.choice(texts),
                "vip": draw.choice([None, True, False]),
                "born": draw.choice([None, *(DAY + timedelta(days=d) for d in range(4))]),
                "seen": moment(),
                "tags": draw.choice([None, [], ["r"], ["r", "s"], ["s", ""]]),
            }
            for key in people
        ],
        events={"a": rows(3, **event), "b": rows(3, **event), "u": rows(2, **event)},
        channels={
            "sms": rows(2, receives=lambda: draw.choice([True, False]), reason=lambda: draw.choice([None, "f", "g"]))
        },
        lists={"news": rows(1)},
    )


def who(rule: Rule, seed: int) -> set[Any]:
    return members(rule, shop(seed), CATALOG, NOW)


PERIODS = tuple(Interval(at(hour), at(hour + 2)) for hour in (8, 6, 4))

A, B, D = (
    Occurs(Occurrences((event,), window), 1, None) for event, window in (("a", EVER), ("b", EVER), ("u", UNTIMED))
)
VIPS = FieldComparison(VIP, "=", True)


def times(least: int, most: int | None, start: int | None = None, end: int = 10, where: Rule = EVERYONE) -> Occurs:
    window = Interval(None if start is None else at(start), at(end))
    return Occurs(Occurrences(("a",), window, where), least, most)


def land(*codes: str) -> Rule:
    return FieldComparison(LAND, "=", codes[0]) if len(codes) == 1 else FieldIn(LAND, codes)


def edge(which: Any, start: int | None, end: int | None, has: Rule = EVERYONE) -> EdgeOccurrence:
    window = Interval(*(None if hour is None else at(hour) for hour in (start, end)))
    return EdgeOccurrence(which, Occurrences(("a",), EVER), window, has)


def said(rule: Rule) -> list[tuple[str, str, str]]:
    return [(problem.code, problem.span.text, problem.message) for problem in warnings(rule)]
