"""A small catalog, shops written by hand, and whom the evaluator finds in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from segql.catalog.model import Catalog
from segql.conditions import (
    Condition,
    Field,
    FieldComparison,
    Interval,
    Measure,
    MeasureComparison,
    Not,
    Occurrences,
    Occurs,
    Op,
    Predicate,
    Tree,
    Type,
    Value,
)
from segql.evaluator import Key, Row, Shop, holds, members

NOW = datetime(2025, 11, 28, 9, tzinfo=UTC)  # a Friday, 10:00 in Amsterdam
EVER = Interval(None, NOW)
TIMELESS = Interval(None, None)

CATALOG = Catalog.model_validate(
    {
        "timezone": "Europe/Amsterdam",
        "profiles": {
            "table": "customers",
            "key": "id",
            "properties": {
                "country": {"type": "text"},
                "city": {"type": "text"},
                "age": {"type": "number"},
                "limit": {"type": "number"},
                "tags": {"type": "list of text"},
                "scores": {"type": "list of number"},
                "vip": {"type": "boolean"},
                "birthday": {"type": "date"},
                "signup": {"type": "date"},
                "seen": {"type": "time"},
                "balance": {"type": "money", "scale": 2},
                "position": {"latitude": "lat", "longitude": "lon"},
            },
        },
        "channels": {
            "sms": {"table": "consent", "profile": "id", "receives when": "s = 'in'", "reason": "method", "time": "at"},
            "email": {"table": "flags", "profile": "id", "receives when": "s = 'in'", "reason": "method"},
        },
        "events": {
            "order": {
                "table": "orders",
                "profile": "id",
                "time": "at",
                "properties": {"total": {"type": "money"}, "coupon": {"type": "text"}, "due": {"type": "date"}},
                "items": {
                    "table": "lines",
                    "on": {"id": "order_id"},
                    "properties": {"brand": {"type": "text"}, "price": {"type": "money"}},
                },
            },
            "refund": {
                "table": "refunds",
                "profile": "id",
                "time": "at",
                "properties": {"total": {"type": "money"}, "hour": {"type": "number"}},
            },
            "badge": {"table": "badges", "profile": "id", "properties": {"total": {"type": "money"}}},
        },
        "lists": {
            "news": {"table": "l", "profile": "id", "time": "at"},
            "old": {"table": "o", "profile": "id"},
        },
    }
)

COUNTRY = Field("profile", "country", Type.TEXT)
AGE = Field("profile", "age", Type.NUMBER)
LIMIT = Field("profile", "limit", Type.NUMBER)
TAGS = Field("profile", "tags", Type.TEXTS)
VIP = Field("profile", "vip", Type.BOOLEAN)
BIRTHDAY = Field("profile", "birthday", Type.DATE)
SEEN = Field("profile", "seen", Type.TIME)
TOTAL = Field("event", "total", Type.MONEY)
COUPON = Field("event", "coupon", Type.TEXT)

ORDERS = Occurrences(("order",), EVER)


def number(value: str) -> Decimal:
    return Decimal(value)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def order(profile: Key | None, when: Any, **properties: Any) -> Row:
    return {"profile": profile, "time": at(when) if isinstance(when, str) else when, **properties}


def people(*rows: Mapping[str, Any]) -> Shop:
    """Profiles 1, 2, .. with these properties."""
    return Shop([{"key": n, **row} for n, row in enumerate(rows, 1)])


def shop(*orders: Row, **events: Sequence[Row]) -> Shop:
    """Profiles 1 to 4, these orders, and other events."""
    return Shop([{"key": n} for n in range(1, 5)], {"order": orders, **events})


def found(rule: Tree[Condition], of: Shop, now: datetime = NOW) -> set[Key]:
    """The members; checks on the way that rule and not rule share out the profiles, and that each alone is the same."""
    members_ = members(rule, of, CATALOG, now)
    known: set[Any] = {row["key"] for row in of.profiles}
    assert members(Not(rule), of, CATALOG, now) == known - members_
    assert {key for key in known if holds(rule, of, CATALOG, now, key)} == members_
    return members_


def where(predicate: Tree[Predicate], events: tuple[str, ...] = ("order",)) -> Occurs:
    return Occurs(Occurrences(events, EVER, predicate), 1, None)


def compares(left: Measure, op: Op, right: Value | Measure, factor: str = "1") -> MeasureComparison:
    return MeasureComparison(left, op, right, Decimal(factor))


def value_of(measure: Measure, of: Shop, key: Key = 1) -> Fraction | None:
    """A measure's value for one profile, found by comparing: between millionths -10^10 and 10^10."""
    low, high = -(10**10), 10**10
    if not holds(compares(measure, ">=", Decimal(low)), of, CATALOG, NOW, key):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        bound = Decimal(middle) / 10**6
        low, high = (middle, high) if holds(compares(measure, ">=", bound), of, CATALOG, NOW, key) else (low, middle)
    return Fraction(low, 10**6)


def built_in(name: str, op: Op, value: Value, events: tuple[str, ...] = ("order",), window: Interval = EVER) -> Occurs:
    type_ = Type.TEXT if name == "weekday" else Type.NUMBER
    return Occurs(Occurrences(events, window, FieldComparison(Field("event", name, type_), op, value)), 1, None)


def consents(*rows: tuple[Key, Any, str | None, str | None], channel: str = "sms") -> Shop:
    return Shop(
        [{"key": n} for n in range(1, 6)],
        channels={
            channel: [
                {"profile": key, "receives": receives, "reason": reason, "time": at(when) if when else None}
                for key, receives, reason, when in rows
            ]
        },
    )
