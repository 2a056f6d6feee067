"""A small shop as Shopify sees it: customers with all that is theirs, and the same rows for SegQL's evaluator."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from segql.catalog import Catalog, catalog_from_yaml
from segql.evaluator import Shop

CATALOG: Catalog = catalog_from_yaml((Path(__file__).parent / "catalog.yaml").read_text(encoding="utf-8"))
NOW = datetime(2026, 3, 31, 15, tzinfo=UTC)
"""The last of March, a week behind the change of clocks in New York."""
TAGS = ("vip", "VIP", "Wholesale", "it's")
COUNTRIES = ("CA", "FR", "US")
PRODUCTS = (1001, 1002, 1003)
Customer = dict[str, Any]
"""By the names of the segment language; `orders`, `checkouts`, `opens`, `views`, `accounts` are lists of rows."""


def customers(random: Random, count: int = 25) -> list[Customer]:
    return [customer(random) for _ in range(count)]


def customer(random: Random) -> Customer:
    def maybe(value: Any) -> Any:
        return None if random.random() < 0.2 else value

    orders = [order(random) for _ in range(random.choice((0, 0, 1, 1, 2, 4)))]
    return {
        "customer_added_date": maybe(instant(random)),
        "amount_spent": maybe(Decimal(random.randrange(0, 30000, 50)) / 100),
        "number_of_orders": maybe(random.randrange(6)),
        "companies": maybe(random.choice((7, 8))),
        "created_by_app_id": maybe(random.choice((580111, 129785))),
        "customer_account_status": maybe(random.choice(("ENABLED", "DISABLED", "INVITED"))),
        "customer_cities": list(random.sample(("US-NY-NewYorkCity", "CA-QC-Montreal"), random.randrange(3))),
        "customer_countries": list(random.sample(COUNTRIES, random.randrange(4))),
        "customer_regions": list(random.sample(("US-NY", "CA-QC"), random.randrange(3))),
        "customer_email_domain": maybe(random.choice(("gmail.com", "x.org"))),
        "customer_language": maybe(random.choice(("en", "fr-CA"))),
        "customer_tags": list(random.sample(TAGS, random.randrange(3))),
        "email_subscription_status": maybe(random.choice(("SUBSCRIBED", "PENDING", "UNSUBSCRIBED"))),
        "sms_subscription_status": maybe(random.choice(("SUBSCRIBED", "NOT_SUBSCRIBED"))),
        "predicted_spend_tier": maybe(random.choice(("HIGH", "LOW"))),
        "product_subscription_status": maybe(random.choice(("PAUSED", "SUBSCRIBED"))),
        "rfm_group": maybe(random.choice(("CHAMPIONS", "LOYAL", "PROSPECTS"))),
        "metafields.facts.birth_date": maybe(date(1980, 1, 1) + timedelta(random.choice((0, 45, 89, 90, 100, 364)))),
        "metafields.facts.wedding": maybe(instant(random)),
        "metafields.custom.shoe_size": maybe(Decimal(random.choice((38, 39, 40)))),
        "metafields.custom.favourite_colour": maybe(random.choice(("red", "blue", ""))),
        "metafields.custom.vip": maybe(random.random() < 0.5),
        "position": maybe((Decimal(random.randrange(40, 42)), Decimal(random.randrange(-74, -72)))),
        "orders": orders,
        "checkouts": [{"date": instant(random)} for _ in range(random.randrange(3))],
        "opens": [opened(random) for _ in range(random.randrange(4))],
        "views": [viewed(random) for _ in range(random.randrange(4))],
        "accounts": [account(random) for _ in range(random.randrange(3))],
    }  # fmt: skip


def order(random: Random) -> dict[str, Any]:
    lines = [
        {"id": id, "tags": ["sale", "new"][: random.randrange(3)], "quantity": random.randrange(1, 4)}
        for id in random.sample(PRODUCTS, random.randrange(1, 4))
    ]
    return {
        "date": instant(random), "amount": Decimal(random.randrange(0, 200)), "app_id": random.choice((1, 2)),
        "location_id": random.choice((None, 61, 62)), "lines": lines,
    }  # fmt: skip


def opened(random: Random) -> dict[str, Any]:
    return {"date": instant(random), "activity_id": random.choice((51, 52))}


def viewed(random: Random) -> dict[str, Any]:
    return {"date": instant(random), "id": random.choice(PRODUCTS), "tags": ["sale"][: random.randrange(2)]}


def account(random: Random) -> dict[str, Any]:
    return {
        "balance": Decimal(random.randrange(0, 40)), "currency": random.choice(("USD", "CAD")),
        "next_expiry_date": random.choice((None, instant(random))), "last_credit_date": instant(random),
    }  # fmt: skip


def instant(random: Random) -> datetime:
    """A whole second of the past, often near midnight in New York, and near the days that rules speak of."""
    days = random.choice((0, 1, 2, 6, 7, 8, 14, 28, 29, 30, 31, 32, 90, 365, 366))
    at = datetime(2026, 3, 31, 4, tzinfo=UTC) - timedelta(days=days)
    at += timedelta(hours=random.choice((0, 0, 1, 5, 10)), seconds=random.choice((0, 0, 1)))
    return at - timedelta(seconds=random.choice((0, 0, 1)))


def shop(rows: list[Customer]) -> Shop:
    """The rows as the catalog's sources have them."""
    keys = list(enumerate(rows, 1))

    def events(kind: str, **fields: str) -> list[dict[str, Any]]:
        return [
            {"profile": key, "time": one.get("date"), **{name: one[field] for name, field in fields.items()}}
            for key, row in keys for one in row[kind]
        ]  # fmt: skip

    orders = [
        {
            "profile": key, "time": one["date"], "total": one["amount"], "app id": one["app_id"],
            "location id": one["location_id"],
            "items": [
                {"product id": line["id"], "product tags": line["tags"], "quantity": line["quantity"]}
                for line in one["lines"]
            ],
        }
        for key, row in keys for one in row["orders"]
    ]  # fmt: skip
    accounts = events(
        "accounts", balance="balance", currency="currency",
        **{"next expiry date": "next_expiry_date", "last credit date": "last_credit_date"},
    )  # fmt: skip
    return Shop(
        profiles=[profile(key, row) for key, row in keys],
        events={
            "placed order": orders,
            "started checkout": events("checkouts"),
            "opened email": events("opens", **{"activity id": "activity_id"}),
            "viewed product": events("views", **{"product id": "id", "product tags": "tags"}),
            "store credit account": accounts,
        },
        channels={
            name: [
                {"profile": key, "receives": row[f"{name}_subscription_status"] == "SUBSCRIBED"} for key, row in keys
            ]
            for name in ("email", "sms")
        },
    )  # fmt: skip


def profile(key: int, row: Customer) -> dict[str, Any]:
    domain = row["customer_email_domain"]
    return {
        "key": key, "email": None if domain is None else f"x@{domain}", "created": row["customer_added_date"],
        "amount spent": row["amount_spent"], "orders count": row["number_of_orders"], "company id": row["companies"],
        "created by app id": row["created_by_app_id"], "account status": row["customer_account_status"],
        "cities": row["customer_cities"], "countries": row["customer_countries"], "regions": row["customer_regions"],
        "language": row["customer_language"], "tags": row["customer_tags"],
        "email status": row["email_subscription_status"], "sms status": row["sms_subscription_status"],
        "predicted spend tier": row["predicted_spend_tier"],
        "product subscription status": row["product_subscription_status"], "rfm group": row["rfm_group"],
        "birth date": row["metafields.facts.birth_date"], "wedding": row["metafields.facts.wedding"],
        "shoe size": row["metafields.custom.shoe_size"], "favourite colour": row["metafields.custom.favourite_colour"],
        "vip": row["metafields.custom.vip"],
        "position": row["position"],
    }  # fmt: skip
