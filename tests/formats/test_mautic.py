"""Who is in a segment of Mautic, judged from the words of its public code on plain rows."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ..binder.bound import NOW
from .people import Judge, Person, day_of

NAMES = """
properties: {firstname: nickname, points: age, country: country, is_vip: vip, born: birthday,
  active: last seen, tags: tags}
lists: {"1": Newsletter, "2": Staff}
"""
OF = {"firstname": "nickname", "points": "age", "country": "country", "is_vip": "vip", "born": "birthday",
      "active": "last seen", "tags": "tags"}  # fmt: skip
TEXTS = st.sampled_from(["NL", "nl", "BE", "tr"])
DAYS = st.sampled_from(
    ["2025-11-27", "2025-10-26", "today", "yesterday", "-3 days", "-1 week", "30 days ago", "this month"]
)
ORDER = ["=", "!=", "gt", "gte", "lt", "lte"]


def filter(field: str, type: str, operators: list[str], value: Any, **more: Any) -> Any:
    return st.fixed_dictionaries(
        {"glue": st.sampled_from(["and", "or"]), "field": st.just(field), "object": st.just("lead"),
         "type": st.just(type), "operator": st.sampled_from(operators), "filter": value,
         "properties": st.none(), **more}
    )  # fmt: skip


FILTERS = st.one_of(
    filter("firstname", "text", ["=", "!=", "like", "!like", "contains", "startsWith", "endsWith"], TEXTS),
    filter("firstname", "text", ["empty", "!empty"], st.none()),
    filter("points", "number", ORDER, st.sampled_from([0, 2, "18", 100])),
    filter("country", "country", ["in", "!in"], st.lists(TEXTS, min_size=1, max_size=2)),
    filter("is_vip", "boolean", ["=", "!="], st.sampled_from([0, 1, "1"])),
    filter("born", "date", ORDER, DAYS.filter(lambda day: day != "this month")),
    filter("active", "datetime", ORDER, DAYS).filter(lambda o: o["filter"] != "this month" or o["operator"] in "!="),
    filter("tags", "tags", ["in", "!in"], st.lists(st.sampled_from(["vip", "nl"]), min_size=1)),
    filter("leadlist", "leadlist", ["in", "!in"], st.lists(st.sampled_from([1, 2]), min_size=1, max_size=2)),
)
SEGMENTS = st.lists(FILTERS, min_size=1, max_size=4).map(lambda found: {"id": 9, "name": "S", "filters": found})


def is_in(segment: Any, who: Person) -> bool:
    """`or` begins another group of those that all hold."""
    whole, group = False, True
    for place, one in enumerate(segment["filters"]):
        if one["glue"] == "or" and place:
            whole, group = whole or group, True
        group = group and bool(fits(one, who))
    return whole or group


def fits(f: Any, who: Person) -> Any:
    operator, value = f["operator"], f["filter"]
    if f["field"] == "leadlist":
        return any({1: "Newsletter", 2: "Staff"}[one] in who.lists for one in value) == (operator == "in")
    has = who.own[OF[f["field"]]]
    if operator in ("empty", "!empty"):
        return (has is None or has == "") == (operator == "empty")
    denied = operator.startswith("!")
    if has is None:
        return denied
    return bool(positive(f["type"], operator.lstrip("!"), value, has)) != denied


def positive(type: str, operator: str, value: Any, has: Any) -> Any:
    match type:
        case "boolean":
            return has is bool(int(value))
        case "number":
            return ordered(operator, has, Decimal(value))
        case "date" | "datetime" if value == "this month":
            day, now = day_of(has), day_of(NOW)
            return day is not None and now is not None and (day.year, day.month) == (now.year, now.month)
        case "date" | "datetime":
            return ordered(operator, day_of(has), day_said(value))
        case "tags":
            return any(one in has for one in value)
        case "country":
            return has in value
    low, wanted = has.lower(), value.lower()
    return {"=": has == value, "startsWith": low.startswith(wanted), "endsWith": low.endswith(wanted)}.get(
        operator, wanted in low
    )


def ordered(operator: str, has: Any, wanted: Any) -> Any:
    return {
        "=": has == wanted, "gt": has > wanted, "gte": has >= wanted, "lt": has < wanted, "lte": has <= wanted,
    }[operator]  # fmt: skip


def day_said(value: str) -> date:
    today = day_of(NOW)
    assert today is not None
    back = {"today": 0, "yesterday": 1, "-3 days": 3, "-1 week": 7, "30 days ago": 30}
    return today - timedelta(days=back[value]) if value in back else date.fromisoformat(value)


JUDGE = Judge("mautic", NAMES, is_in, SEGMENTS)


@settings(max_examples=15)
@given(documents=st.lists(JUDGE.documents, min_size=6, max_size=6), seed=st.integers(0, 10**9))
def test_members(documents: list[Any], seed: int) -> None:
    JUDGE.agrees(documents, seed)
