"""Random definitions of Klaviyo's, about what the tests' shops have."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

from .klaviyo_words import COMPLETION, OPS, VALUES, Json, parsed


def random_definition(random: Random) -> Json:
    """One to three groups of one to three conditions."""
    size = (1, 1, 2, 2, 3)
    groups = [[_condition(random) for _ in range(random.choice(size))] for _ in range(random.choice(size))]
    return {"condition_groups": [{"conditions": conditions} for conditions in groups]}


def _condition(random: Random) -> Json:
    kind = random.choice(
        ["metric"] * 5 + ["property"] * 4 + ["funnel", "funnel", "group", "consent", "other", "object"]
    )
    return {
        "metric": _metric, "property": _property, "funnel": _funnel, "group": _group, "consent": _consent,
        "other": _other, "object": _object,
    }[kind](random)  # fmt: skip


def _numeric(random: Random, values: Sequence[Any], ops: Sequence[str] = tuple(OPS)) -> Json:
    return {"type": "numeric", "operator": random.choice(ops), "value": random.choice(values)}


def _window(random: Random, ahead: bool = False) -> Json:
    date = {"type": "date"}
    days = ("2025-10-26", "2025-10-26T00:30:00Z", "2024-02-29", "2025-10-30T11:30:00+01:00", "2026-03-29T01:00:00Z")
    unit, quantity = random.choice((("hour", 72), ("day", 3), ("day", 30), ("week", 2), ("day", 1), ("week", 20)))
    match random.choice(("last", "last", "least", "between", "alltime", "before", "after", "static", "next")):
        case "last":
            return {**date, "operator": "in-the-last", "quantity": quantity, "unit": unit}
        case "least":
            return {**date, "operator": "at-least", "quantity": quantity, "unit": unit}
        case "between":
            return {**date, "operator": "between", "start": random.choice((1, 0)), "end": quantity, "unit": unit}
        case "before" | "after" as word:
            return {**date, "operator": word, "date": random.choice(days)}
        case "static":
            start, end = sorted(random.sample(days, 2), key=parsed)
            return {**date, "operator": "between-static", "start": start, "end": end}
        case "next" if ahead:
            return {**date, "operator": "in-the-next", "quantity": quantity, "unit": unit}
        case _:
            return {**date, "operator": "alltime"}


_WORDS = ("NL", "BE", "nl", "", "Straße", "é", 'say "hi"', "it's")
_PARTS = ("n", "L", "s", "it", "a*b", "1", "hi", "100%")


def _text(random: Random) -> Json:
    match random.choice(("equals", "equals", "in", "part", "regex")):
        case "equals":
            return {
                "type": "string",
                "operator": random.choice(("equals", "not-equals")),
                "value": random.choice(_WORDS),
            }
        case "in":
            values = random.sample(_WORDS, 2)
            return {"type": "string", "operator": random.choice(("in", "not-in")), "value": values}
        case "part":
            word = random.choice(("", "not-")) + random.choice(("contains", "starts-with", "ends-with"))
            return {"type": "string", "operator": word, "value": random.choice(_PARTS)}
        case _:
            pattern = random.choice(("^[A-Z]{2}$", "a|e", "t.s?"))
            return {"type": "string", "operator": random.choice(("regex", "nregex")), "value": pattern}


def _existence(random: Random) -> Json:
    return {"type": "existence", "operator": random.choice(("is-set", "not-set"))}


def _of_event(random: Random) -> Json:
    labels, amounts = ("vip", "nl", "NL", "", "x"), (0, 100, 50.5, -5, 7.1)
    match random.choice(("coupon", "coupon", "labels", "labels", "gift", "discount", "$value")):
        case "coupon":
            return {"property": "Discount Codes", "filter": random.choice((_text, _text, _existence))(random)}
        case "labels":
            word = random.choice(("", "not-"))
            how = random.choice(("contains-any", "contains-all", "contains-substring", "length"))
            if how == "length":
                ops = [f"length-{op}" for op in OPS if op != "not-equals"]
                asked = {"type": "list", "operator": random.choice(ops), "value": random.choice((0, 1, 2))}
                return {"property": "Tags", "filter": asked}
            value: Any = "l" if how == "contains-substring" else random.sample(labels, random.choice((1, 2)))
            return {"property": "Tags", "filter": {"type": "list", "operator": word + how, "value": value}}
        case "gift":
            asked = {"type": "boolean", "operator": "equals", "value": random.choice((True, False))}
            return {"property": "Gift", "filter": asked}
        case "discount":
            return {"property": "Discount", "filter": _numeric(random, amounts)}
        case _:
            return {"property": "$value", "filter": _numeric(random, amounts)}


def _metric(random: Random) -> Json:
    id = random.choice(("M1", "M1", "M2", "M3", "M4", "M5"))
    sum_ = id in VALUES and random.random() < 0.3
    values: Sequence[Any] = (0, 100, 50.5, -5, 200.01) if sum_ else (0, 0, 1, 1, 2, 3, 2.5)
    filters = [_of_event(random) for _ in range(random.choice((0, 1, 1, 2)))] if id == "M1" else []
    return {
        "type": "profile-metric", "metric_id": id, "measurement": "sum" if sum_ else "count",
        "measurement_filter": _numeric(random, values), "timeframe_filter": _window(random),
        "metric_filters": filters or None,
    }  # fmt: skip


def _property(random: Random) -> Json:
    def of(name: str, asked: Json) -> Json:
        return {"type": "profile-property", "property": name, "filter": asked}

    match random.choice(("text", "text", "number", "truth", "list", "date", "time", "time", "month", "set")):
        case "text":
            return of(random.choice(("location['country']", "properties['Nick']", "properties['note']")), _text(random))
        case "number":
            return of(
                f"properties['{random.choice(('age', 'x', 'size'))}']", _numeric(random, (0, 1, 2, 18, 100, 50.5))
            )
        case "truth":
            return of("properties['vip']", {"type": "boolean", "operator": "equals", "value": random.random() < 0.5})
        case "list":
            asked: Json = {"type": "list", "operator": random.choice(("contains", "not-contains")), "value": "vip"}
            if random.random() < 0.4:
                ops = [f"length-{op}" for op in OPS if op != "not-equals"]
                asked = {"type": "list", "operator": random.choice(ops), "value": random.choice((0, 1, 2))}
            return of("properties['tags']", asked)
        case "date":
            day = random.choice(("1990-01-01", "2000-02-29", "2007-10-31", "2007-10-31T10:00:00Z", "2025-11-03"))
            return of(
                f"properties['{random.choice(('birthday', 'renewal date'))}']",
                {"type": "date", "operator": random.choice(("before", "after")), "date": day},
            )
        case "time":
            asked = _window(random, ahead=True)
            if asked["operator"] == "alltime":
                asked = _existence(random)
            return of(f"properties['{random.choice(('last seen', 'first contact'))}']", asked)
        case "month":
            asked = {"type": "date", "operator": "calendar-month", "value": random.choice((1, 2, 10, 3))}
            return of(f"properties['{random.choice(('birthday', 'last seen'))}']", asked)
        case _:
            return of(f"properties['{random.choice(('note', 'age', 'vip', 'birthday', 'tags'))}']", _existence(random))


def _funnel(random: Random) -> Json:
    size = random.choice((2, 2, 3))
    steps = [
        {"metric_id": random.choice(("M1", "M2", "M3")), "metric_exists": place == 0 or random.random() < 0.6,
         "metric_filters": None}
        for place in range(size)
    ]  # fmt: skip
    if size == 3 and not steps[1]["metric_exists"]:
        steps[2]["metric_exists"] = True
    limited = size == 2 or all(step["metric_exists"] for step in steps[-1:])
    limit = random.choice((None, None, *COMPLETION)) if limited else None
    window = _window(random)
    while window["operator"] in ("alltime", "before", "after"):
        window = _window(random)
    return {
        "type": "profile-metric-funnel", "steps": steps, "timeframe_filter": window, "completion_window_seconds": limit,
    }  # fmt: skip


def _group(random: Random) -> Json:
    ids = random.choice((["L1"], ["L2"], ["L1", "L2"]))
    inside = random.random() < 0.6
    time = _window(random) if inside and ids == ["L1"] and random.random() < 0.6 else None
    return {
        "type": "profile-group-membership", "is_member": inside, "group_ids": ids, "timeframe_filter": time,
    }  # fmt: skip


def _consent(random: Random) -> Json:
    channel, can = random.choice((("email", True), ("email", False), ("push", True), ("push", False)))
    status = {"subscription": "subscribed" if channel == "email" and can else "any", "filters": None}
    return {
        "type": "profile-marketing-consent",
        "consent": {"channel": channel, "can_receive_marketing": can, "consent_status": status},
    }  # fmt: skip


def _other(random: Random) -> Json:
    match random.choice(("region", "distance", "prediction")):
        case "region":
            region = random.choice(("european_union", "united_states"))
            return {"type": "profile-region", "in_region": random.random() < 0.5, "region": region}
        case "distance":
            word = random.choice(("less-than", "greater-than"))
            return {
                "type": "profile-postal-code-distance", "country_code": "NL", "postal_code": "1012",
                "unit": random.choice(("kilometers", "miles")),
                "filter": {"type": "numeric", "operator": word, "value": random.choice((5, 20, 100))},
            }  # fmt: skip
        case _:
            asked = _numeric(random, (0, 100, 50.5))
            return {"type": "profile-predictive-analytics", "dimension": "total_clv", "filter": asked}


def _object(random: Random) -> Json:
    filters: list[Json] = [{"property_id": "question", "filter": _text(random)}]
    filters += [{"property_id": "grade", "filter": {"type": "numeric", "operator": "between", "start": 1, "end": 18}}]
    return {
        "type": "profile-has-custom-object", "object_type_id": "OBJ", "object_type_relationship_id": "R",
        "filter": _numeric(random, (0, 1, 2)), "filters": random.choice((None, filters[:1], filters[1:], filters)),
    }  # fmt: skip
