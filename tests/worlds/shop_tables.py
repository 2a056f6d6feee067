"""Shops as raw tables, as catalog.yaml describes them: `TABLES` are the columns, `raw` gives a shop's rows.

Written by hand and without the catalog, and with rows that the catalog's filters must keep out. So a wrong reading of
the catalog shows as a difference between the evaluator, which sees the mapped rows, and an engine, which sees these.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeAlias, TypeVar
from zoneinfo import ZoneInfo

from segql.evaluator import Shop
from segql.plain import dataclass

from .shops import BADGES, LONDON, NEW_YORK, ZONE, digits, from_wall, wall

T = TypeVar("T")

TABLES: dict[str, dict[str, str]] = {
    "people": {
        "person_id": "text", "country_code": "text", "note": "text", "attributes": "json", "size": "integer",
        "score": "double precision", "x": "decimal(18, 4)",
        "balance": "decimal(12, 2)", "credit_cents": "bigint", "vip": "boolean", "android": "boolean",
        "low_price": "boolean", "birthday": "date", "renews": "date", "seen_at": "instant", "contacted": "wall",
        "tags": "list of text", "lucky": "list of integer", "lat": "double precision", "lon": "double precision",
        "email_status": "text", "email_source": "text", "name_day": "text", "deleted": "boolean",
        "lat_kept": "double precision", "lon_kept": "double precision", "name_digits": "text",
    },
    "person_facts": {"person": "text", "age": "smallint", "last_value": "decimal(12, 2)"},
    "shop.orders": {
        "order_id": "bigint", "buyer": "text", "created_at": "instant", "total_price": "decimal(12, 2)",
        "discount": "double precision", "pieces": "integer", "props": "json", "country": "text", "gift": "boolean",
        "deliver_on": "date", "shipped_at": "wall", "labels": "list of text", "cancelled_at": "instant",
        "test": "boolean",
    },
    "order_lines": {
        "order_ref": "bigint", "product": "text", "fragile": "boolean", "price": "decimal(12, 2)",
        "quantity": "integer", "colours": "list of text",
    },
    "products": {"product_id": "text", "brand": "text", "category": "text", "released": "date"},
    "activity": {
        "who": "text", "event": "text", "at": "instant", "p_campaign": "text", "p_machine": "boolean",
        "p_rank": "integer",
    },
    "pushes": {"who": "text", "metric_id": "integer", "at": "instant", "campaign": "text"},
    "metric_names": {"id": "integer", "name": "text", "source": "text"},
    "visits": {
        "member": "text", "person": "text", "local_time": "wall", "noted": "wall", "minutes": "decimal(9, 1)",
        "store": "text", "visit_id": "bigint", "basket": "json",
    },
    "calls": {"person": "text", "started": "wall", "topic": "text", "noted_on": "date"},
    "classes": {
        "person": "text", "guest": "text", "day": "date", "moved": "date", "subject": "text", "fee": "decimal(12, 2)",
    },
    "sessions": {
        "person": "text", "epoch_ms": "bigint", "device": "text", "seconds": "double precision", "shard": "text",
    },
    "scans": {"person": "text", "badge": "text", "epoch_s": "bigint"},
    "badges": {"badge": "text", "holder": "text", "given": "wall", "lost": "boolean"},
    "answers": {"person": "text", "question": "text", "grade": "integer"},
    "invoice_lines": {
        "invoice_no": "text", "person": "text", "invoiced_at": "instant", "article": "text", "price": "decimal(12, 2)",
        "quantity": "integer",
    },
    "consent": {
        "person": "text", "channel": "text", "status": "text", "method": "text", "changed_at": "instant",
        "changed_on": "date",
    },
    "devices": {"person": "text", "allowed": "boolean", "prompt": "text"},
    "list_members": {"person": "text", "list": "text", "added_at": "instant"},
    "staff": {"person": "text"},
    "stores": {
        "name": "text", "latitude": "double precision", "longitude": "double precision", "closed": "boolean",
    },
}  # fmt: skip
"""The columns of every table, in types that each engine writes in its own words: `instant` is a timestamp with its
zone, `wall` a naive one, `json` a document as text or as the engine's own type.
"""


for _columns in TABLES.values():
    _columns["shop_id"] = "text"
MINE = "mine"
"""What `shop_id` of every row is, but for the shops of others in the same tables."""


@dataclass(frozen=True)
class Mixed(Shop):
    """A shop in whose tables stand the rows of others, by what their `shop_id` is."""

    others: Mapping[str | None, Shop] = field(default_factory=dict)


def raw(shop: Shop) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of every table."""
    tables: dict[str, list[tuple[Any, ...]]] = {}
    for tenant, one in {MINE: shop, **(shop.others if isinstance(shop, Mixed) else {})}.items():
        for name, rows in _of_one(one).items():
            tables.setdefault(name, []).extend((*row, tenant) for row in rows)
    return tables


Tables: TypeAlias = Mapping[str, Sequence[tuple[Any, ...]]]


def _of_one(shop: Shop) -> dict[str, list[tuple[Any, ...]]]:
    tables: dict[str, list[tuple[Any, ...]]] = {}
    keys = [str(p["key"]) for p in shop.profiles]
    _people(shop, tables)
    _orders(shop.events.get("placed order", ()), keys, tables)
    _events(shop, keys, tables)
    _invoices(shop.events.get("got invoice", ()), keys, tables)
    _consents(shop, keys, tables)
    tables["list_members"] = [(r["profile"], "newsletter", r.get("time")) for r in shop.lists.get("Newsletter", ())]
    tables["list_members"] += [(key, "other list", LONG_AGO) for key in keys]
    tables["staff"] = [(r["profile"],) for r in shop.lists.get("Staff", ())]
    stores: Sequence[Mapping[str, Any]] = shop.stores
    tables["stores"] = [
        (r.get("name"), *_position((r.get("latitude"), r.get("longitude")), index), False)
        for index, r in enumerate(stores)
    ]
    tables["stores"] += [("closed", 52.37, 4.89, True)]
    return tables


LONG_AGO = datetime(2001, 1, 1, 12, tzinfo=UTC)
ODD = ("clicked sms", "Bounced", None, "5%_off", "5x_off", "5%_*")
"""Names of events that are none of the catalog's."""
JUST_NOW = datetime(2023, 12, 31, 12, tzinfo=UTC)


def _people(shop: Shop, tables: dict[str, list[tuple[Any, ...]]]) -> None:
    email = {r["profile"]: r for r in shop.channels.get("email", ())}
    rows = tables["people"] = []
    facts = tables["person_facts"] = [("nobody", 33, 33), (None, 33, 33)]
    people: Sequence[Mapping[str, Any]] = shop.profiles
    for index, p in enumerate(people):
        consent = email.get(p["key"], {})
        credit, contacted = p.get("credit"), p.get("first contact")
        known = p.get("age"), p.get("last order value")
        if known != (None, None) or index % 2:  # nothing is known, by turns, of a row and without one
            facts.append((p["key"], *known))
        rows.append((
            p["key"], p.get("country"), p.get("note"), _json(("names", "nick"), p.get("nickname")), p.get("size"),
            _float(p.get("score"), index), p.get("x"), p.get("balance"),
            None if credit is None else int(credit * 100), p.get("vip"), p.get("android"),
            p.get("every day low price"), p.get("birthday"), p.get("renewal date"), p.get("last seen"),
            contacted and wall(contacted, LONDON), p.get("tags"), p.get("lucky numbers"),
            *_position(p.get("position"), index),
            "yes" if consent.get("receives") else ("no", None)[index % 2], consent.get("reason"),
            p.get("name day"), False, *_position(p.get("position"), 0), digits(p.get("name day")),
        ))  # fmt: skip
    # The catalog's filter keeps deleted people out.
    rows.append(("deleted", "NL", *(None,) * 18, "yes", None, None, True, 52.37, 4.89, "0101"))


def _orders(orders: Iterable[Mapping[str, Any]], keys: list[str], tables: dict[str, list[tuple[Any, ...]]]) -> None:
    lines: list[tuple[Any, ...]] = []
    products: dict[tuple[Any, ...], str] = {}
    rows = tables["shop.orders"] = []
    for number, o in enumerate(orders):
        shipped = o.get("shipped")
        rows.append((
            number, o["profile"], o.get("time"), o.get("total"), _float(o.get("discount"), number),
            o.get("number of items"), _json(("coupon",), o.get("coupon")), o.get("shop country"), o.get("gift"),
            o.get("delivery"), shipped and wall(shipped, UTC), o.get("labels"), None, False,
        ))  # fmt: skip
        for item in o.get("items", ()):
            product = (item.get("brand"), item.get("category"), item.get("released"))
            known = products.setdefault(product, f"sku {len(products)}") if any(p is not None for p in product) else "?"
            lines.append((number, known, item.get("fragile"), item.get("price"), item.get("quantity"),
                          item.get("colours")))  # fmt: skip
    empty = (None,) * 7
    for key in keys:
        rows.append((-1, key, JUST_NOW, 999, None, *empty, JUST_NOW, False))
        rows.append((-2, key, JUST_NOW, 999, None, *empty, None, True))
    tables["order_lines"] = [*lines, (-3, "sku 0", True, 1, 1, None), (-1, "sku 0", True, 1, 1, None)]
    tables["products"] = [(sku, *product) for product, sku in products.items()]


def _events(shop: Shop, keys: list[str], tables: dict[str, list[tuple[Any, ...]]]) -> None:
    def rows(name: str) -> Iterable[Mapping[str, Any]]:
        return shop.events.get(name, ())

    activity = tables["activity"] = [
        (r["profile"], "Opened Email", r.get("time"), r.get("campaign"), r.get("machine open"), 7)
        for r in rows("opened email")
    ]
    activity += [
        (r["profile"], "Clicked Email", r.get("time"), r.get("campaign"), None, r.get("place"))
        for r in rows("clicked email")
    ]
    activity += [(r["profile"], "Clicked SMS", r.get("time"), r.get("campaign"), None, 7) for r in rows("clicked sms")]
    # Names of events are exact, also in case.
    activity += [(key, name, JUST_NOW, None, None, None) for key in keys for name in ODD]
    # Two ids are one event; the name of a third is that of another source.
    pushes = enumerate(rows("received push"))
    tables["pushes"] = [(r["profile"], (1, 5)[i % 2], r.get("time"), r.get("campaign")) for i, r in pushes]
    tables["pushes"] += [(key, number, JUST_NOW, None) for key in keys for number in (2, 3, 4, None)]
    tables["metric_names"] = [(1, "Received Push", "app"), (2, "Dismissed Push", "app"), (4, "Received Push", "web")]
    tables["metric_names"] += [(5, "Received Push", None)]
    somebody = keys[0] if keys else None
    tables["visits"] = [
        (
            *_first_or_second(r["profile"], somebody, index),
            *_first_or_second(_skipped(r.get("time"), ZONE), JUST_NOW.replace(tzinfo=None), index // 2),
            r.get("duration"), r.get("store"), index, _basket(r.get("items", ()), index),
        )
        for index, r in enumerate(rows("visited store"))
    ]  # fmt: skip
    tables["calls"] = [
        (r["profile"], _skipped(r.get("time"), NEW_YORK), r.get("topic"), _day_near(r.get("time"), 48, index))
        for index, r in enumerate(rows("phoned us"))
    ]
    tables["classes"] = [
        (
            *_first_or_second(r["profile"], somebody, index),
            *_first_or_second(r.get("time") and wall(r["time"], ZONE).date(), JUST_NOW.date(), index // 2)[::-1],
            r.get("subject"), r.get("fee"),
        )
        for index, r in enumerate(rows("attended class"))
    ]  # fmt: skip
    tables["sessions"] = [
        (
            r["profile"],
            _epoch(r.get("time"), 1000),
            r.get("device"),
            _float(r.get("seconds"), index),
            (day := _day_near(r.get("time"), 36, index)) and day.strftime("%Y%m%d"),
        )
        for index, r in enumerate(rows("logged in"))
    ]
    tables["scans"] = [
        (*_first_or_second(r["profile"], "b1", index), _epoch(r.get("time"), 1))
        for index, r in enumerate(rows("scanned badge"))
    ]
    badges: Sequence[Mapping[str, Any]] = shop.identities.get("badges", ())
    tables["badges"] = [(r.get("anonymous"), r.get("known"), _skipped(r.get("time"), ZONE), False) for r in badges]
    tables["badges"] += [(badge, key, JUST_NOW.replace(tzinfo=None), True) for badge in BADGES for key in keys]
    tables["answers"] = [(r["profile"], r.get("question"), r.get("grade")) for r in rows("answered survey")]


def _invoices(rows: Iterable[Mapping[str, Any]], keys: list[str], tables: dict[str, list[tuple[Any, ...]]]) -> None:
    lines = tables["invoice_lines"] = []
    invoices: Counter[str | None] = Counter()
    for r in rows:
        # Invoice numbers repeat from person to person, not within one.
        invoices[r["profile"]] += 1
        number = f"{invoices[r['profile']]}"
        for index, item in enumerate(r["items"]):
            # The first line is the earliest, and so the invoice's time.
            time = r.get("time") and r["time"] + timedelta(minutes=index)
            lines.append((number, r["profile"], time, item.get("article"), item.get("price"), item.get("quantity")))
    lines += [("C1", key, JUST_NOW, None, 1, 1) for key in keys]


def _consents(shop: Shop, keys: list[str], tables: dict[str, list[tuple[Any, ...]]]) -> None:
    rows = tables["consent"] = []
    for name, column in (("sms", 0), ("post", 1)):
        given: Sequence[Mapping[str, Any]] = shop.channels.get(name, ())
        for r in given:
            time = r.get("time")
            stored = (time, None) if column == 0 else (None, time and wall(time, ZONE).date())
            status = "subscribed" if r["receives"] else "unsubscribed"
            rows.append((r["profile"], name, status, r.get("reason") if name == "sms" else None, *stored))
    rows += [(key, "fax", "subscribed", "form", JUST_NOW, JUST_NOW.date()) for key in keys]
    tables["devices"] = [(r["profile"], r["receives"], r.get("reason")) for r in shop.channels.get("push", ())]


def _json(path: Sequence[str], value: str | None) -> str | None:
    """Missing is, by turns, a JSON null or a path that is not there."""
    if value is None:
        return json.dumps({path[0]: None}) if len(path) == 1 else json.dumps({"other": 1})
    document: Any = value
    for part in reversed(path):
        document = {part: document}
    return json.dumps(document)


def _basket(items: Sequence[Mapping[str, Any]], index: int) -> str | None:
    """A document with the items in a list, among what is none; without any by turns no list, or nothing at all."""
    if not items:
        return (None, "{}", '{"tried": null}', '{"tried": []}', '{"tried": {"garment": "NL"}}', "[]")[index % 6]
    listed: list[Any] = [None, 1, "NL", [{"garment": "NL"}]][: index % 5]
    for place, item in enumerate(items):
        fit = {"fit": _written(item.get("fit"), place)}
        one = {
            "garment": item.get("garment"),
            "marks": fit,
            "cost": _written(item.get("cost"), index),
            "kept": item.get("kept"),
            "other": {},
        }
        listed.append({name: value for name, value in one.items() if value is not None or (index + place) % 2})
    return json.dumps({"tried": listed, "other": [{"garment": "NL"}]})


def _day_near(at: datetime | None, slack: int, index: int) -> date | None:
    """By turns each of the days in UTC that a time is so many hours from at most."""
    if at is None:
        return (None, JUST_NOW.date())[index % 2]
    days = [at.astimezone(UTC).date() + timedelta(days=shift) for shift in (0, -2, 2, -1, 1)]
    most = timedelta(hours=slack)
    begun = {day: datetime(day.year, day.month, day.day, tzinfo=UTC) for day in days}
    near = [day for day in days if begun[day] - most <= at < begun[day] + timedelta(days=1) + most]
    return near[index % len(near)]


def _written(value: Decimal | None, index: int) -> Any:
    """A number in JSON: a number, or a text that says one."""
    return None if value is None else str(value) if index % 2 else float(value)


def _float(value: Decimal | None, index: int) -> float | None:
    """What a float column holds: missing is what no decimal holds; a value has dust that its scale takes away."""
    if value is None:
        return (None, float("nan"), float("inf"), float("-inf"), 1e300)[index % 5]
    return float(value) + (0.0, 0.0004, -0.0004)[index % 3]


def _position(degrees: tuple[Decimal | None, Decimal | None] | None, index: int) -> tuple[float | None, ...]:
    """What two float columns hold: a missing coordinate is NULL or NaN."""
    return tuple((None, float("nan"))[index % 2] if one is None else float(one) for one in degrees or (None, None))


def _epoch(instant: datetime | None, per_second: int) -> int | None:
    if instant is None:
        return None
    since = instant - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * per_second + since.microseconds * per_second // 1_000_000


def _first_or_second(value: T | None, other: T, index: int) -> tuple[T | None, T | None]:
    """A value in the first of two columns, where the second does not count, or in the second; missing in both."""
    return (value, other) if index % 2 and value is not None else (None, value)


def _skipped(instant: datetime | None, zone: ZoneInfo) -> datetime | None:
    """The local time of an instant; where the hour before it was skipped by clocks, written as the skipped time."""
    if instant is None:
        return None
    local = wall(instant, zone)
    earlier = local - timedelta(hours=1)
    return earlier if from_wall(earlier, zone) == instant else local
