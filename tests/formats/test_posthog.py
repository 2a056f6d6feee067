"""Who is in a cohort of PostHog, judged from its words on plain rows; and what is written is the normal form.

A leaf is a set of persons: those with events in a window, grouped and counted, of which others are taken away.
"""

from __future__ import annotations

import json
import operator
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import segql
from segql import ast
from segql.formats import Setting, exporter, text_of
from segql.formats.posthog.events import LONG_AGO

from ..binder.bound import NOW
from ..chance.rules import DEFINITIONS, Draw, random_rule
from ..worlds.shops import NOWS, ZONE, random_shop
from .imported import imported, names_of
from .people import CATALOG, Judge, Person, day_of, shops

NAMES = """
properties: {plan: country, nick: nickname, points: age, vip: vip, born: birthday, seen: last seen}
events: {Purchase: placed order, Opened: opened email, "77": clicked email, Click: clicked sms}
event properties:
  placed order: {price: total, shop: shop country, gift: gift}
  opened email: {campaign: campaign}
lists: {"1": Newsletter, "2": Staff}
"""
OF = {"plan": "country", "nick": "nickname", "points": "age", "vip": "vip", "born": "birthday", "seen": "last seen",
      "price": "total", "shop": "shop country", "gift": "gift", "campaign": "campaign"}  # fmt: skip
EVENTS = {"Purchase": "placed order", "Opened": "opened email", "77": "clicked email", "Click": "clicked sms"}
LISTS = {"1": "Newsletter", "2": "Staff"}
COMPARED = {"gt": operator.gt, "lt": operator.lt, "gte": operator.ge, "lte": operator.le, "exact": operator.eq}

TEXTS = st.sampled_from(["NL", ["nl", "BE"], ["tr"], [""]])
PARTS = st.sampled_from(["L", "tr", "n", "100%"])
LENGTHS = st.sampled_from([(72, "hour"), (3, "day"), (30, "day"), (2, "week"), (1, "month"), (1, "year")])
LATE = st.sampled_from([(1, "day"), (3, "day"), (2, "hour"), (1, "week")])


def asked(type: str, key: str, operators: list[str], value: Any) -> Any:
    return st.fixed_dictionaries(
        {"type": st.just(type), "key": st.just(key), "operator": st.sampled_from(operators), "value": value}
    )


def properties_of(type: str, text: str, number: str, flag: str) -> Any:
    return st.one_of(
        asked(type, text, ["exact", "is_not"], TEXTS),
        asked(type, text, ["icontains", "not_icontains", "regex", "not_regex"], PARTS),
        asked(type, text, ["is_set", "is_not_set"], st.just("is_set")),
        asked(type, number, ["gt", "lt", "gte", "lte"], st.sampled_from([0, "2", 18, 50])),
        asked(type, number, ["exact", "is_not"], st.sampled_from([2, "18", [1, 100]])),
        asked(type, flag, ["exact", "is_not"], st.sampled_from([True, "false", ["true"]])),
    )


PERSON = st.one_of(
    properties_of("person", "plan", "points", "vip"),
    asked("person", "nick", ["icontains", "is_set"], PARTS),
    asked("person", "born", ["is_date_exact", "is_date_before", "is_date_after"],
         st.sampled_from(["2000-02-29", "2025-11-27"])),
    asked("person", "seen", ["is_date_exact", "is_date_before", "is_date_after"],
         st.sampled_from(["2025-10-26", "2025-11-27"])),
    asked("person", "seen", ["is_date_before", "is_date_after"], st.sampled_from(["-3d", "-30d", "-72h", "-1m"])),
)  # fmt: skip
COHORT = st.sampled_from(["1", "2"]).map(lambda id: {"type": "cohort", "key": "id", "value": int(id)})


@st.composite
def behaviours(draw: st.DrawFn) -> Any:
    kind = draw(st.sampled_from(["", "multiple", "first_time", "sequence", "regularly", "stopped", "restarted"]))
    value = f"performed_event_{kind}".strip("_")
    key = draw(st.sampled_from(list(EVENTS)))
    found: dict[str, Any] = {"type": "behavioral", "key": key, "event_type": "actions" if key == "77" else "events"}
    length = draw(LENGTHS)
    found |= {"time_value": length[0], "time_interval": length[1]}
    if kind in ("", "multiple") and draw(st.integers(0, 4)) == 0:
        found |= {"time_value": None, "time_interval": None}
        found |= draw(st.sampled_from([
            {"explicit_datetime": "2025-10-26"}, {"explicit_datetime": "-30d", "explicit_datetime_to": "-3d"},
            {"explicit_datetime": "2025-10-20", "explicit_datetime_to": "2025-11-27"},
        ]))  # fmt: skip
    if kind == "regularly":
        found |= {"time_value": 1, "time_interval": draw(st.sampled_from(["day", "week"]))}
        found |= {"operator": draw(st.sampled_from(["gte", "exact"])), "operator_value": draw(st.integers(1, 2))}
        found |= {"min_periods": draw(st.integers(1, 2)), "total_periods": draw(st.integers(2, 4))}
    if kind == "multiple":
        found |= {"operator": draw(st.sampled_from(list(COMPARED))), "operator_value": draw(st.integers(1, 3))}
    if kind in ("stopped", "restarted", "sequence"):
        late = draw(LATE)
        found |= {"time_value": 30, "time_interval": "day", "seq_time_value": late[0], "seq_time_interval": late[1]}
        value = value if kind == "sequence" else f"{kind}_performing_event"
    if kind == "sequence":
        found["seq_event"] = draw(st.sampled_from([name for name in ("Purchase", "Opened") if name != key]))
    if key == "Purchase" and draw(st.booleans()):
        found["event_filters"] = draw(st.lists(properties_of("event", "shop", "price", "gift"), min_size=1, max_size=2))
    return {**found, "value": value}


LEAVES = (PERSON | COHORT | behaviours()).flatmap(
    lambda one: st.sampled_from([one, one, {**one, "negation": True}])
)  # fmt: skip


def group(inner: Any) -> Any:
    return st.fixed_dictionaries(
        {"type": st.sampled_from(["AND", "OR"]), "values": st.lists(inner, min_size=1, max_size=3)}
    )


COHORTS = group(LEAVES | group(LEAVES)).map(lambda tree: {"id": 9, "name": "A", "filters": {"properties": tree}})


def is_in(cohort: Any, who: Person) -> Any:
    return holds(cohort["filters"]["properties"], who)


def holds(one: Any, who: Person) -> bool:
    if "values" in one:
        return (all if one["type"] == "AND" else any)([holds(part, who) for part in one["values"]])
    match one["type"]:
        case "person":
            found = told(one, who.own[OF[one["key"]]])
        case "cohort":
            found = LISTS[str(one["value"])] in who.lists
        case _:
            found = did(one, who)
    return found != bool(one.get("negation"))


def told(one: Any, value: Any) -> bool:
    """Whether a value passes; a date is a day of the project, which is that of the catalog here."""
    wanted: list[Any] = one["value"] if isinstance(one["value"], list) else [one["value"]]
    op = one["operator"]
    if op.startswith("is_date"):
        return value is not None and dated(op, value, wanted[0])
    if op in ("is_set", "is_not_set"):
        return bool((value is not None) == (op == "is_set"))
    if op in ("gt", "lt", "gte", "lte"):
        return value is not None and bool(COMPARED[op](value, Decimal(wanted[0])))
    denied = op in ("is_not", "not_icontains", "not_regex")
    if value is None:
        return denied
    if op in ("exact", "is_not"):
        fits = any(same(value, one) for one in wanted)
    else:
        fits = any(w in value if "regex" in op else w.lower() in value.lower() for w in wanted)
    return bool(fits != denied)


def same(value: Any, wanted: Any) -> bool:
    if isinstance(value, bool):
        return str(value).lower() == str(wanted).lower()
    return bool(value == (Decimal(wanted) if isinstance(value, Decimal | int) else wanted))


def dated(op: str, value: Any, wanted: str) -> bool:
    if wanted.startswith("-"):
        edge = back(int(wanted[1:-1]), {"h": "hour", "d": "day", "m": "month"}[wanted[-1]])
        return bool(value < edge if op == "is_date_before" else value > edge)
    day, of = day_of(value), date.fromisoformat(wanted)
    assert day is not None
    return {"is_date_exact": day == of, "is_date_before": day < of, "is_date_after": day > of}[op]


def back(count: int, unit: str) -> datetime:
    """So far back from now: hours on the line of time, the others on the clock of the project."""
    if unit in ("hour", "minute"):
        return NOW - timedelta(**{f"{unit}s": count})
    local = NOW.astimezone(ZONE).replace(tzinfo=None)
    months = {"month": count, "year": 12 * count}.get(unit, 0)
    if months:
        month = local.year * 12 + local.month - 1 - months
        moved = local.replace(year=month // 12, month=month % 12 + 1)
    else:
        moved = local - timedelta(days=count * {"day": 1, "week": 7}[unit])
    return moved.replace(tzinfo=ZONE)


def did(one: Any, who: Person) -> bool:
    rows = who.did(EVENTS[one["key"]])
    mine = [row for row in rows if all(told(test, row[OF[test["key"]]]) for test in one.get("event_filters", ()))]
    if one["value"] == "performed_event_regularly":
        return regularly(one, mine)
    inside = [row for row in mine if in_window(one, row["time"])]
    match one["value"]:
        case "performed_event":
            return bool(inside)
        case "performed_event_multiple":
            return bool(inside) and bool(COMPARED[one["operator"]](len(inside), one["operator_value"]))
        case "performed_event_first_time":
            return bool(mine) and in_window(one, mine[0]["time"])
        case "performed_event_sequence":
            others = [row["time"] for row in who.did(EVENTS[one["seq_event"]])]
            return any(row["time"] <= other <= after(row["time"], one) for row in inside for other in others)
    late = back(one["seq_time_value"], one["seq_time_interval"])
    lately = [row for row in mine if row["time"] >= late]
    if one["value"] == "stopped_performing_event":
        return bool(inside) and not lately
    return bool(lately) and mine[0]["time"] < late and all(row in lately for row in inside)


def after(time: datetime, one: Any) -> datetime:
    count, unit = one["seq_time_value"], one["seq_time_interval"]
    if unit == "hour":
        return time + timedelta(hours=count)
    local = time.astimezone(ZONE).replace(tzinfo=None) + timedelta(days=count * {"day": 1, "week": 7}[unit])
    return max(local.replace(tzinfo=ZONE), time)


def in_window(one: Any, time: datetime) -> bool:
    if one.get("time_value") is not None:
        return time >= back(one["time_value"], one["time_interval"])
    start, end = one["explicit_datetime"], one.get("explicit_datetime_to")
    if start.startswith("-"):
        return back(int(start[1:-1]), "day") <= time < back(int(end[1:-1]), "day")
    day = str(day_of(time))
    return bool(start <= day) and (end is None or bool(day <= end))


def regularly(one: Any, rows: list[Any]) -> bool:
    """In so many of the last periods, each as long as the window says, the last one up to now."""
    edges = [back(place * one["time_value"], one["time_interval"]) for place in range(one["total_periods"] + 1)]
    counts = [sum(start <= row["time"] < end for row in rows) for end, start in pairwise(edges)]
    fitting = [count for count in counts if COMPARED[one["operator"]](count, one["operator_value"])]
    return len(fitting) >= int(one["min_periods"])


JUDGE = Judge("posthog", NAMES, is_in, COHORTS)


@settings(max_examples=15)
@given(documents=st.lists(JUDGE.documents, min_size=6, max_size=6), seed=st.integers(0, 10**9))
def test_members(documents: list[Any], seed: int) -> None:
    JUDGE.agrees(documents, seed)


def exported(segment: ast.Segment, segments: segql.Segments) -> tuple[Any, list[str]]:
    """The cohort, and what is said of it that is more than a window without an end."""
    write = exporter("posthog")
    assert write is not None
    found = write(segment, Setting(CATALOG, names_of(NAMES, CATALOG), segments, now=NOW))
    json.dumps(found.document)
    return found.document, [finding.said for finding in found.findings if finding.said not in ("", LONG_AGO)]


def read(cohort: Any) -> segql.Segments:
    found = imported("posthog", json.dumps(cohort), NAMES, CATALOG)
    assert found[0].written, found[0].findings
    return segql.segments_from(text_of(found))


@given(COHORTS, st.integers(0, 10**9))
def test_a_cohort_that_is_read_is_written_in_its_normal_form(cohort: Any, seed: int) -> None:
    segments = read(cohort)
    again, said = exported(segments["A"], segments)
    if again is None:
        assert said
        return
    [shop] = shops(seed, 1)
    for row in shop.profiles:
        who = Person(shop, str(row["key"]))
        assert is_in(again, who) == is_in(cohort, who), json.dumps(again)
    segments = read(again)
    assert exported(segments["A"], segments)[0] == again


def same_again(seed: int) -> bool:
    """Whether a random rule can be written exactly; what is read of it then has its members."""
    random = Random(seed)
    segments = segql.segments_from(DEFINITIONS)
    rule = ast.Segment(ast.Name("", "A"), segql.parse(random_rule(Draw(random))))
    cohort, said = exported(rule, segments)
    if cohort is None or said:
        return False
    back_ = read(cohort)
    now = random.choice(NOWS)
    shop = random_shop(random, now)
    wanted = segql.evaluate(rule, CATALOG, shop, now=now, segments=segments)
    assert segql.evaluate(back_["A"], CATALOG, shop, now=now, segments=back_) == wanted, segql.format(rule)
    return True


@settings(max_examples=25)
@given(seed=st.integers(0, 10**9))
def test_rules_that_are_written_exactly_are_the_same_again(seed: int) -> None:
    same_again(seed)


@pytest.mark.long
def test_rules_that_are_written_exactly_are_the_same_again_at_length() -> None:
    assert sum(same_again(seed) for seed in range(1_500)) > 60
