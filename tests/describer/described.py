"""Conditions as short as a test wants them, to be described, at a fixed `now`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from segql.catalog.model import Catalog
from segql.conditions import All, Field, FieldComparison, Interval, Occurrences, Type

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)  # Sunday, 10:00 in Amsterdam
CATALOG = Catalog.model_validate(
    {
        "timezone": "Europe/Amsterdam",
        "currency": "EUR",
        "profiles": {"table": "p", "key": "id", "properties": {"country": {}}},
    }
)


def ago(days: int) -> datetime:
    return NOW - timedelta(days=days)


EVER = Interval(None, NOW)
THREE_DAYS = Interval(ago(3), NOW)
EVERYONE: All[Any] = All(())
COUNTRY = Field("profile", "country", Type.TEXT)
CITY = Field("profile", "city", Type.TEXT)
AGE = Field("profile", "age", Type.NUMBER)
BALANCE = Field("profile", "balance", Type.MONEY)
VIP = Field("profile", "vip", Type.BOOLEAN)
TOTAL = Field("event", "total", Type.MONEY)
GIFT = Field("event", "gift", Type.BOOLEAN)
BRAND = Field("item", "brand", Type.TEXT)


def of(*events: str, window: Interval = EVER, where: Any = EVERYONE) -> Occurrences:
    return Occurrences(events, window, where)


ORDERS = of("placed order")


def compare(field: Field, op: Any, right: Any) -> FieldComparison:
    return FieldComparison(field, op, Decimal(right) if isinstance(right, int) and right is not True else right)


GIFTS = compare(GIFT, "=", True)
BIG = compare(TOTAL, ">", 100)
