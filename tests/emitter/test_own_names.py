"""A shop whose tables and columns are called as the SQL calls its own: nothing may be taken for something else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import duckdb
import pytest

import segql
from segql.catalog import Catalog
from segql.evaluator import Shop

NOW = datetime(2025, 11, 28, 10, tzinfo=UTC)

CATALOG = Catalog.model_validate({
    "profiles": {
        "table": "placed_order_totals", "key": "time", "key type": "integer",
        "properties": {
            "age": {"type": "number", "scale": 0, "column": "measured_value"}, "city": {"column": "profile"},
        },
    },
    "events": {
        "placed order": {
            "table": "steps", "profile": "who", "time": "event_time", "id": "profile",
            "properties": {
                "total": {"type": "number", "scale": 0, "column": "count"}, "coupon": {"column": "event_number"},
            },
            "items": {
                "table": "stream", "on": {"profile": "placed_order"},
                "properties": {"brand": {"column": "part"}, "price": {"type": "number", "scale": 0, "column": "fits"}},
            },
        },
        "visited": {
            "table": "instants", "profile": "profile", "time": "step_1",
            "properties": {"coupon": {"column": "latest_1"}},
        },
    },
})  # fmt: skip

TABLES = """
CREATE TABLE placed_order_totals ("time" INTEGER, measured_value INTEGER, profile VARCHAR);
CREATE TABLE steps (who INTEGER, event_time TIMESTAMPTZ, profile INTEGER, count INTEGER, event_number VARCHAR);
CREATE TABLE stream (placed_order INTEGER, part VARCHAR, fits INTEGER);
CREATE TABLE instants (profile INTEGER, step_1 TIMESTAMPTZ, latest_1 VARCHAR);
"""

RULES = """
placed order at least twice in 5d where total > 1
never placed order where any item (brand is "A" and price > 1)
placed order where at least 2 items (price > 1)
placed order where (number = 1 and days since previous is not set)
placed order where days since previous < 2
sum of total of placed order > 3 and sum of price of placed order where brand is "A" < 9
median of total of placed order >= 2 or number of distinct brand of placed order > 1
days between placed order < 2 and days since last visited < 9
last placed order in 5d has total > 1
every placed order has any item (price > 1)
at least 50% of placed order have coupon is "A"
placed order in at least 2 of the last 5 days
placed order on at least 2 different days
placed order at least twice with the same coupon
placed order at least twice with the same brand
most common coupon of placed order is "A"
most common brand of placed order is "B"
placed order then visited within 2d
placed order then placed order with the same brand
visited then placed order with the same coupon then visited
placed order not followed by visited within 1d
placed order not followed by visited with the same coupon
last visited then placed order
top 2 by sum of total of placed order
bottom 50% by average of total of placed order
top 1 by age
number of placed order > the average
age >= the median of number of placed order
average of total of placed order > the overall average
city is "B" and placed order in 3d and not visited in 3d
"""


def shop(random: Random) -> Shop:
    def some(count: int, **columns: list[Any]) -> list[dict[str, Any]]:
        return [{name: random.choice(values) for name, values in columns.items()} for _ in range(count)]

    texts, numbers = ["A", "B", None], [1, 2, 3, None]
    times = [NOW - timedelta(hours=hours) for hours in (1, 5, 20, 30, 50, 100, 100, 200)]
    orders = some(14, profile=[1, 2, 3, 4, 5], time=times, total=numbers, coupon=texts)
    for order in orders:
        order["items"] = some(random.randrange(4), brand=texts, price=numbers)
    people = [{"key": key, **row} for key, row in enumerate(some(5, age=numbers, city=texts), 1)]
    return Shop(people, {"placed order": orders, "visited": some(8, profile=[1, 2, 3], time=times, coupon=texts)})


@pytest.fixture(scope="module")
def warehouse(base_seed: int) -> Any:
    held = shop(Random(base_seed))
    with duckdb.connect() as connection:
        connection.execute(TABLES)
        for person in held.profiles:
            connection.execute("INSERT INTO placed_order_totals VALUES ($key, $age, $city)", dict(person))
        for number, order in enumerate(held.events["placed order"]):
            row = [order["profile"], order["time"], number, order["total"], order["coupon"]]
            connection.execute("INSERT INTO steps VALUES (?, ?, ?, ?, ?)", row)
            items: Any = order["items"]
            for item in items:
                connection.execute("INSERT INTO stream VALUES (?, ?, ?)", [number, item["brand"], item["price"]])
        for visit in held.events["visited"]:
            connection.execute("INSERT INTO instants VALUES ($profile, $time, $coupon)", dict(visit))
        yield held, connection


@pytest.mark.parametrize("rule", RULES.strip().split("\n"))
def test_names_of_the_shop_and_of_the_sql_do_not_meet(rule: str, warehouse: Any) -> None:
    held, connection = warehouse
    sql = segql.compile(rule, CATALOG, now=NOW).sql
    found = [key for (key,) in connection.execute(sql).fetchall()]
    assert sorted(found) == sorted(segql.evaluate(rule, CATALOG, held, now=NOW)), sql
