"""Whoever is in a cohort by PostHog's words is in the imported segment, and nobody else.

A leaf is a set of persons: those with events in a window, grouped and counted, of which others are taken away.
"""

from __future__ import annotations

import json
import operator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

import segql
from segql.catalog import catalog_from_yaml
from segql.evaluator import Shop
from segql.formats import text_of

from ..imported import imported

CATALOG = catalog_from_yaml((Path(__file__).parent / "catalog.yaml").read_text(encoding="utf-8"))
NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
"""Far from changes of clocks: a day is 24 hours."""
NAMES = {"$pageview": "viewed page", "purchase": "purchase"}
_RANDOM = Random(3)
PERSONS: list[dict[str, Any]] = [
    {"key": f"p{n}", "plan": _RANDOM.choice((None, "free", "pro", "Pro+")), "points": _RANDOM.choice((None, 1, 5, 9))}
    for n in range(60)
]
EVENTS: list[dict[str, Any]] = [
    {
        "person": _RANDOM.choice(PERSONS)["key"], "key": _RANDOM.choice(list(NAMES)),
        "price": _RANDOM.choice((None, 10, 60)),
        "at": NOW - timedelta(hours=_RANDOM.choice((1, 23, 24, 25, 47, 48, 49, 167, 168, 169, 336, 400, 720, 2000))),
    }
    for _ in range(220)
]  # fmt: skip


def row(event: dict[str, Any]) -> dict[str, Any]:
    price = {"price": event["price"]} if event["key"] == "purchase" else {}
    return {"profile": event["person"], "time": event["at"], **price}


SHOP = Shop(PERSONS, {name: [row(e) for e in EVENTS if e["key"] == key] for key, name in NAMES.items()})
LENGTHS = ((1, "day"), (2, "day"), (1, "week"), (30, "day"), (48, "hour"), (90, "day"))
COMPARED = {"gt": operator.gt, "lt": operator.lt, "gte": operator.ge, "lte": operator.le, "exact": operator.eq}
SIZES = {"hour": 1, "day": 24, "week": 168}


def leaf(random: Random) -> dict[str, Any]:
    negation = {"negation": True} if random.random() < 0.3 else {}
    if random.random() < 0.35:
        op, values = random.choice((
            ("exact", ["free", ["pro", "free"]]), ("is_not", ["free", ["pro", "free"]]), ("icontains", ["PRO"]),
            ("not_icontains", ["PRO"]), ("regex", ["^p"]), ("not_regex", ["o.$"]), ("is_set", [""]),
            ("is_not_set", [""]),
        ))  # fmt: skip
        return {"type": "person", "key": "plan", "operator": op, "value": random.choice(values), **negation}
    if random.random() < 0.2:
        op = random.choice(("gt", "lt", "gte", "lte"))
        return {
            "type": "person",
            "key": "points",
            "operator": op,
            "value": random.choice((1, "5", 9)),
            **negation,
        }
    (count, unit), (late, late_unit) = random.choice(LENGTHS), random.choice(LENGTHS[:3])
    found: dict[str, Any] = {
        "type": "behavioral", "key": random.choice(list(NAMES)), "event_type": "events", "time_value": count,
        "time_interval": unit, **negation,
    }  # fmt: skip
    value = random.choice(
        ("performed_event", "performed_event_multiple", "performed_event_first_time", "lately", "then")
    )
    if value == "lately":
        value = random.choice(("stopped_performing_event", "restarted_performing_event"))
        found |= {"time_value": 90, "time_interval": "day", "seq_time_value": late, "seq_time_interval": late_unit}
    if value == "then":
        value = "performed_event_sequence"
        other = next(key for key in NAMES if key != found["key"])
        found |= {"seq_event": other, "seq_time_value": late, "seq_time_interval": late_unit}
    elif found["key"] == "purchase" and random.random() < 0.5:
        found["event_filters"] = [{"type": "event", "key": "price", "operator": "gt", "value": 20}]
    if value == "performed_event_multiple":
        found |= {
            "operator": random.choice(("gte", "lte", "exact", "gt", "lt")),
            "operator_value": random.choice((1, 2, 3)),
        }
    return {**found, "value": value}


def holds(one: dict[str, Any], person: dict[str, Any]) -> bool:
    if "values" in one:
        return (all if one["type"] == "AND" else any)(holds(part, person) for part in one["values"])
    return (told(one, person[one["key"]]) if one["type"] == "person" else did(one, person["key"])) != bool(
        one.get("negation")
    )


def told(one: dict[str, Any], value: Any) -> bool:
    wanted = one["value"] if isinstance(one["value"], list) else [one["value"]]
    op = one["operator"]
    if op in ("is_set", "is_not_set"):
        return bool((value is not None) == (op == "is_set"))
    if op in ("gt", "lt", "gte", "lte"):
        return value is not None and bool(COMPARED[op](value, Decimal(wanted[0])))
    denied = op in ("is_not", "not_icontains", "not_regex")
    if value is None:
        return denied
    fits = {
        "exact": value in wanted, "is_not": value in wanted, "regex": value.startswith("p"),
        "not_regex": len(value) > 1 and value[-2] == "o",
    }.get(op, any(w.lower() in value.lower() for w in wanted))  # fmt: skip
    return bool(fits != denied)


def did(one: dict[str, Any], person: str) -> bool:
    mine = [e for e in EVENTS if e["person"] == person and e["key"] == one["key"]]
    if one.get("event_filters"):
        mine = [e for e in mine if e["price"] is not None and e["price"] > 20]
    start = NOW - timedelta(hours=one["time_value"] * SIZES[one["time_interval"]])
    inside = [e for e in mine if e["at"] >= start]
    match one["value"]:
        case "performed_event":
            return bool(inside)
        case "performed_event_multiple":
            n, wanted = len(inside), one["operator_value"]
            return n > 0 and bool(COMPARED[one["operator"]](n, wanted))
        case "performed_event_first_time":
            return bool(mine) and bool(min(e["at"] for e in mine) >= start)
    within = timedelta(hours=one["seq_time_value"] * SIZES[one["seq_time_interval"]])
    if one["value"] == "performed_event_sequence":
        others = [e["at"] for e in EVENTS if e["person"] == person and e["key"] == one["seq_event"]]
        return any(e["at"] <= other <= e["at"] + within for e in inside for other in others)
    late = [e for e in inside if e["at"] >= NOW - within]
    if one["value"] == "stopped_performing_event":
        return bool(inside) and not late
    return bool(late) and bool(min(e["at"] for e in mine) < NOW - within) and len(late) == len(inside)


@given(st.integers(0, 10**9))
def test_members_are_those_of_the_cohort(seed: int) -> None:
    random = Random(seed)
    values = [leaf(random) for _ in range(random.randrange(1, 4))]
    tree = {"type": random.choice(("AND", "OR")), "values": values}
    [one] = imported("posthog", json.dumps({"name": "A", "filters": {"properties": tree}}))
    assert one.rule is not None, one.findings
    segments = segql.segments_from(text_of([one]))
    found = segql.evaluate(segments["A"], CATALOG, SHOP, now=NOW, segments=segments)
    assert set(found) == {p["key"] for p in PERSONS if holds(tree, p)}, text_of([one])
