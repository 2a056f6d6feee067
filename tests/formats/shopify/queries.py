"""Random queries in Shopify's language, as text."""

from __future__ import annotations

from random import Random

from .shop import COUNTRIES, PRODUCTS, TAGS

DAYS = (
    "today",
    "yesterday",
    "-1d",
    "-7d",
    "-1w",
    "-30d",
    "-1m",
    "-1y",
    "-12m",
    "2026-03-30",
    "2026-03-08",
    "30_days_ago",
)
AHEAD = ("+1d", "+2w")
TIMES = ("2026-03-30T00:00:00", "2026-03-29T23:59:59", "2026-03-24T05:00:00")
ORDERED = ("=", "!=", ">", ">=", "<", "<=")
ENUMS = {
    "customer_account_status": ("ENABLED", "INVITED"), "email_subscription_status": ("SUBSCRIBED", "PENDING"),
    "sms_subscription_status": ("SUBSCRIBED", "REDACTED"), "predicted_spend_tier": ("HIGH", "LOW"),
    "product_subscription_status": ("PAUSED", "FAILED"), "rfm_group": ("CHAMPIONS", "PROSPECTS"),
    "customer_email_domain": ("gmail.com", "x.org"), "customer_language": ("en", "fr-CA"),
    "metafields.custom.favourite_colour": ("red", ""),
}  # fmt: skip
LISTS = {
    "customer_countries": COUNTRIES,
    "customer_tags": TAGS,
    "customer_regions": ("US-NY",),
    "customer_cities": ("CA-QC-Montreal",),
}
PAST = ("customer_added_date", "first_order_date", "last_order_date", "abandoned_checkout_date")


def query(random: Random, depth: int = 2) -> str:
    if depth and random.random() < 0.5:
        word = random.choice((" AND ", " OR "))
        return word.join(f"({query(random, depth - 1)})" for _ in range(random.randrange(2, 4)))
    return clause(random)


def clause(random: Random) -> str:
    return random.choice(CLAUSES)(random)


def null(random: Random, name: str) -> str:
    return f"{name} IS {random.choice(('', 'NOT '))}NULL"


def quoted(text: str) -> str:
    return "'" + text.replace("'", "\\'") + "'"


def dated(random: Random, name: str, days: tuple[str, ...] = (*DAYS, *AHEAD), times: tuple[str, ...] = TIMES) -> str:
    if random.random() < 0.4:
        return f"{name} BETWEEN {random.choice(days + times)} AND {random.choice(days + times)}"
    return f"{name} {random.choice(ORDERED)} {random.choice(days + times)}"


def numbers(random: Random, name: str, values: tuple[str, ...]) -> str:
    if random.random() < 0.2:
        return f"{name} BETWEEN {random.choice(values)} AND {random.choice(values)}"
    return f"{name} {random.choice(ORDERED)} {random.choice(values)}"


def date_clause(random: Random) -> str:
    name = random.choice(PAST)
    return null(random, name) if random.random() < 0.15 else dated(random, name)


def metafield_date(random: Random) -> str:
    if random.random() < 0.5:
        return dated(random, "metafields.facts.wedding", DAYS)
    return dated(random, "metafields.facts.birth_date", (*DAYS, *AHEAD, "-46y", "1980-02-15"), ())


def number_clause(random: Random) -> str:
    name, values = random.choice((
        ("amount_spent", ("0", "99.5", "150")), ("number_of_orders", ("0", "2", "5")),
        ("metafields.custom.shoe_size", ("38", "39.5")),
    ))  # fmt: skip
    return null(random, name) if random.random() < 0.15 else numbers(random, name, values)


def id_clause(random: Random) -> str:
    name, values = random.choice((("companies", (7, 9)), ("created_by_app_id", (580111, 1))))
    return f"{name} {random.choice(('=', '!='))} {random.choice(values)}"


def text_clause(random: Random) -> str:
    name = random.choice(list(ENUMS))
    if random.random() < 0.15:
        return null(random, name)
    if random.random() < 0.3:
        op, word = random.choice((("=", " OR "), ("!=", " AND ")))
        return "(" + word.join(f"{name} {op} {quoted(value)}" for value in ENUMS[name]) + ")"
    return f"{name} {random.choice(('=', '!='))} {quoted(random.choice(ENUMS[name]))}"


def list_clause(random: Random) -> str:
    name = random.choice(list(LISTS))
    if random.random() < 0.15:
        return null(random, name)
    parts = [
        f"{name} {random.choice(('', 'NOT '))}CONTAINS {quoted(random.choice(LISTS[name]))}"
        for _ in range(random.randrange(1, 4))
    ]
    return f"({random.choice((' OR ', ' AND ')).join(parts)})"


def truth(random: Random) -> str:
    return f"metafields.custom.vip {random.choice(('=', '!='))} {random.choice(('true', 'false'))}"


def anniversary(random: Random) -> str:
    head = "anniversary('metafields.facts.birth_date')"
    return random.choice((
        f"{head} = today", f"{head} != yesterday", f"{head} BETWEEN today AND +{random.choice((1, 14, 45))}d",
        f"{head} BETWEEN -1m AND +2w", f"{head} = 2020-02-15", f"{head} BETWEEN 2020-12-30 AND 2021-02-15",
        f"{head} BETWEEN 2020-01-01 AND 2020-03-30", f"{head} BETWEEN -1y AND today", null(random, head),
    ))  # fmt: skip


def near(random: Random) -> str:
    name = "customer_within_distance"
    length = random.choice(("distance_km = 100", "distance_mi = 53.5"))
    return random.choice((
        f"{name} MATCHES (coordinates = (41, -73), {length})",
        f"{name} NOT MATCHES ({length}, coordinates = (40, -74))", null(random, name),
    ))  # fmt: skip


def call(random: Random) -> str:
    name, parameters = random.choice((
        ("orders_placed", (
            numbers(random, "count", ("0", "1", "2")), numbers(random, "amount", ("50", "100")),
            numbers(random, "sum_amount", ("0", "150")), "app_id = 1", "location_id NOT IN (61, 62)",
            "location_id != 61", "location_id IN (61, 62)",
        )),
        ("products_purchased", (
            random.choice(("count >= 1", "count > 0", "count = 0")), f"id = {random.choice(PRODUCTS)}",
            f"id IN ({PRODUCTS[0]}, {PRODUCTS[2]})", f"id != {PRODUCTS[0]}", "tag = 'sale'", "tag != 'new'",
            numbers(random, "quantity", ("1", "2", "3")), numbers(random, "sum_quantity", ("0", "2", "4")),
        )),
        ("shopify_email.opened", (
            numbers(random, "count", ("0", "1", "2")), "activity_id = 51", "activity_id IN (51, 52)",
        )),
        ("storefront.product_viewed", (numbers(random, "count", ("0", "1", "2")), "id = 1001", "tag = 'sale'")),
        ("store_credit_accounts", (
            numbers(random, "balance", ("10", "20")), "currency = 'USD'", dated(random, "next_expiry_date", DAYS),
            dated(random, "last_credit_date", DAYS),
        )),
    ))  # fmt: skip
    if random.random() < 0.1:
        return null(random, name)
    given = {one.split()[0]: one for one in random.sample(parameters, random.randrange(min(4, len(parameters))))}
    if name != "store_credit_accounts" and random.random() < 0.5:
        given["date"] = dated(random, "date")
    return f"{name} {random.choice(('', 'NOT '))}MATCHES ({', '.join(given.values())})"


CLAUSES = (
    date_clause, date_clause, metafield_date, number_clause, id_clause, text_clause, list_clause, truth, anniversary,
    near, call, call, call, call,
)  # fmt: skip
