"""Who fits a definition of Klaviyo's, by the vendor's words, on plain rows.

It reads the JSON and the rows, and nothing of SegQL's. Where the vendor leaves something open it takes the reading
that the import writes above the rule: what lacks a property fits the negative filters, letter case does not count in
parts of texts, a window holds its first instant and not its last. The calendar is UTC.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from math import asin, cos, radians, sin, sqrt
from typing import Any

from segql.evaluator import Shop

Json = dict[str, Any]
Row = Mapping[str, Any]

NAMES = """
events: {M1: placed order, M2: opened email, M3: clicked email, M4: clicked sms, M5: logged in, OBJ/R: answered survey}
event properties:
  placed order: {$value: total, Discount Codes: coupon, Tags: labels, Gift: gift, Discount: discount}
  logged in: {$value: seconds}
lists: {L1: Newsletter, L2: Staff}
properties: {"location['country']": country, total_clv: balance, "properties['Nick']": nickname}
places: {NL 1012: Amsterdam store}
"""
EVENTS = {"M1": "placed order", "M2": "opened email", "M3": "clicked email", "M4": "clicked sms", "M5": "logged in"}
VALUES = {"M1": "total", "M5": "seconds"}
OF_ORDERS = {"Discount Codes": "coupon", "Tags": "labels", "Gift": "gift", "Discount": "discount", "$value": "total"}
PROPERTIES = {"location['country']": "country", "properties['Nick']": "nickname"}
LISTS = {"L1": "Newsletter", "L2": "Staff"}
AMSTERDAM = (52.37, 4.89)
_CODES = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
UNION = frozenset(re.findall("[A-Z]+", _CODES))

OPS: dict[str, Callable[[Any, Any], bool]] = {
    "equals": lambda a, b: a == b, "not-equals": lambda a, b: a != b, "greater-than": lambda a, b: a > b,
    "greater-than-or-equal": lambda a, b: a >= b, "less-than": lambda a, b: a < b,
    "less-than-or-equal": lambda a, b: a <= b,
}  # fmt: skip


def members(definition: Json, shop: Shop, now: datetime) -> set[Any]:
    """The keys of those who fit."""

    def fits(profile: Row) -> bool:
        groups = definition["condition_groups"]
        return all(any(holds(one, profile, shop, now) for one in group["conditions"]) for group in groups)

    return {profile["key"] for profile in shop.profiles if fits(profile)}


def holds(one: Json, profile: Row, shop: Any, now: datetime) -> bool:
    key: Any = profile["key"]
    match one["type"]:
        case "profile-metric":
            rows = happened(one["metric_id"], key, shop, now)
            found = [
                row for row in rows
                if in_window(row["time"], one["timeframe_filter"], now) and passes(row, one["metric_filters"])
            ]  # fmt: skip
            measured: Any = len(found)
            if one["measurement"] == "sum":
                measured = sum((row.get(VALUES[one["metric_id"]]) or Decimal(0) for row in found), Decimal(0))
            return OPS[one["measurement_filter"]["operator"]](measured, number(one["measurement_filter"]["value"]))
        case "profile-metric-funnel":
            return went_through(one, key, shop, now)
        case "profile-property":
            value = profile.get(PROPERTIES.get(one["property"], one["property"].split("'")[-2]))
            return filter_fits(value, one["filter"], now)
        case "profile-marketing-consent":
            rows = [row for row in shop.channels[one["consent"]["channel"]] if row["profile"] == key]
            given = bool(rows) and all(row["receives"] for row in rows)
            return bool(given == one["consent"]["can_receive_marketing"])
        case "profile-group-membership":
            joins = [row for id in one["group_ids"] for row in shop.lists[LISTS[id]] if row["profile"] == key]
            # `alltime` is no window: who joined nobody knows when is in the list as well.
            if (time := one["timeframe_filter"]) is not None and time["operator"] != "alltime":
                return any(row["time"] and row["time"] < now and in_window(row["time"], time, now) for row in joins)
            inside = any(row.get("time") is None or row["time"] < now for row in joins)
            return bool(inside == one["is_member"])
        case "profile-region":
            codes = UNION if one["region"] == "european_union" else {"US"}
            return bool((profile.get("country") in codes) == one["in_region"])
        case "profile-postal-code-distance":
            far = kilometres(profile.get("position"))
            limit = one["filter"]["value"] * (1 if one["unit"] == "kilometers" else 1.609344)
            near = far is not None and far < limit
            return near if one["filter"]["operator"] == "less-than" else not near
        case "profile-predictive-analytics":
            return filter_fits(profile.get("balance"), one["filter"], now)
        case "profile-has-custom-object":
            objects = [row for row in shop.events.get("answered survey", ()) if row["profile"] == key]
            fitting = [
                row
                for row in objects
                if all(filter_fits(row.get(f["property_id"]), f["filter"], now) for f in one["filters"] or ())
            ]
            return OPS[one["filter"]["operator"]](len(fitting), one["filter"]["value"])
    raise AssertionError(one["type"])


def happened(metric: str, key: Any, shop: Any, now: datetime) -> list[Row]:
    rows = shop.events.get(EVENTS[metric], ())
    return [row for row in rows if row["profile"] == key and row["time"] is not None and row["time"] < now]


def passes(row: Row, filters: Sequence[Json] | None) -> bool:
    return all(
        filter_fits(row.get(OF_ORDERS.get(str(one["property"]), str(one["property"]))), one["filter"])
        for one in filters or ()
    )


def in_window(time: datetime, asked: Json, now: datetime) -> bool:
    hours = {"hour": 1, "day": 24, "week": 168}.get(asked.get("unit", ""), 0)
    match asked["operator"]:
        case "alltime":
            return True
        case "before":
            return time < parsed(asked["date"])
        case "after":
            return time > parsed(asked["date"])
        case "between-static":
            return parsed(asked["start"]) <= time < parsed(asked["end"])
        case "in-the-last":
            return now - timedelta(hours=hours * asked["quantity"]) <= time < now
        case "in-the-next":
            return now <= time < now + timedelta(hours=hours * asked["quantity"])
        case "at-least":
            return time < now - timedelta(hours=hours * asked["quantity"])
        case "between":
            start, end = sorted((asked["start"], asked["end"]))
            return now - timedelta(hours=hours * end) <= time < now - timedelta(hours=hours * start)
    raise AssertionError(asked)


def parsed(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found


def filter_fits(value: Any, asked: Json, now: datetime | None = None) -> bool:
    operator = asked["operator"]
    wanted = asked.get("value")
    match asked["type"]:
        case "existence":
            return bool((value is not None) == (operator == "is-set"))
        case "boolean":
            return value is not None and value == wanted
        case "numeric":
            if value is None:
                return bool(operator == "not-equals")
            if operator == "between":
                return bool(number(asked["start"]) <= value <= number(asked["end"]))
            return OPS[operator](value, number(wanted))
        case "string":
            if operator.startswith(("not-", "nregex")):
                return not (value is not None and text_fits(value, operator.replace("not-", "").lstrip("n"), wanted))
            return value is not None and text_fits(value, operator, wanted)
        case "list":
            return list_fits(value, operator, wanted)
        case "date":
            if value is None:
                return False
            if operator == "calendar-month":
                return bool((value.astimezone(UTC) if isinstance(value, datetime) else value).month == wanted)
            time = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day, tzinfo=UTC)
            assert now is not None
            return in_window(time, asked, now)
    raise AssertionError(asked)


def text_fits(value: str, operator: str, wanted: Any) -> bool:
    match operator:
        case "equals":
            return bool(value == wanted)
        case "in" | "i":
            return value in wanted
        case "regex":
            return re.search(wanted, value) is not None
    value, wanted = value.lower(), wanted.lower()
    return {"contains": wanted in value, "starts-with": value.startswith(wanted), "ends-with": value.endswith(wanted)}[
        operator
    ]


def list_fits(value: Sequence[Any] | None, operator: str, wanted: Any) -> bool:
    if operator.startswith("not-"):
        return not list_fits(value, operator.removeprefix("not-"), wanted)
    if operator.startswith("length-"):
        return OPS[operator.removeprefix("length-")](len(value or ()), wanted)
    if value is None:
        return False
    match operator:
        case "contains":
            return wanted in value
        case "contains-any":
            return any(one in value for one in wanted)
        case "contains-all":
            return all(one in value for one in wanted)
        case "contains-substring":
            return any(wanted.lower() in one.lower() for one in value)
    raise AssertionError(operator)


def kilometres(at: Any) -> float | None:
    if at is None or None in at or not (abs(at[0]) <= 90 and abs(at[1]) <= 180):
        return None
    (a, b), (c, d) = (tuple(map(radians, map(float, point))) for point in (at, AMSTERDAM))
    return 2 * 6371.0088 * asin(sqrt(sin((a - c) / 2) ** 2 + cos(a) * cos(c) * sin((b - d) / 2) ** 2))


COMPLETION = {"HOURS_1": 1, "DAYS_1": 24, "DAYS_3": 72, "WEEKS_1": 168, "DAYS_30": 720, "YEARS_1": 8760}


def went_through(one: Json, key: Any, shop: Any, now: datetime) -> bool:
    """Whether some row for each step that is done lies in their order, and none of one that is not done between."""
    steps = one["steps"]
    rows = [
        [row for row in happened(s["metric_id"], key, shop, now) if passes(row, s["metric_filters"])] for s in steps
    ]
    limit = one["completion_window_seconds"]
    most = timedelta(hours=COMPLETION[limit]) if limit else None

    def chains(place: int, chain: list[Row]) -> Iterator[list[Row]]:
        if place == len(steps):
            yield chain
        elif not steps[place]["metric_exists"]:
            yield from chains(place + 1, chain)
        else:
            for row in rows[place]:
                if chain and (row["time"] < chain[-1]["time"] or any(row is before for before in chain)):
                    continue
                yield from chains(place + 1, [*chain, row])

    def fits(chain: list[Row]) -> bool:
        first, last = chain[0]["time"], chain[-1]["time"]
        if not in_window(first, one["timeframe_filter"], now):
            return False
        done = iter(chain)
        before = None
        for place, step in enumerate(steps):
            if step["metric_exists"]:
                before = next(done)
                continue
            assert before is not None
            start, final = before["time"], place == len(steps) - 1
            if final and most is not None and start + most >= now:
                return False
            end = (start + most if most is not None else now) if final else next_of(chain, before)["time"]
            if any(start <= row["time"] <= end and not any(row is own for own in chain) for row in rows[place]):
                return False
        return most is None or last - first <= most

    return any(fits(chain) for chain in chains(0, []))


def next_of(chain: list[Row], row: Row) -> Row:
    return chain[next(place for place, one in enumerate(chain) if one is row) + 1]


def number(value: Any) -> Decimal:
    return Decimal(str(value))
