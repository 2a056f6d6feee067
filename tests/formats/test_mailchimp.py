"""Who is in a segment of Mailchimp, judged from the words of its API on plain rows."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ..binder.bound import NOW
from ..worlds.shops import ZONE
from .people import Judge, Person, day_of

NAMES = """
properties:
  FNAME: nickname
  NUMBER: age
  DAY: birthday
  BORN: birthday
  timestamp_opt: last seen
  info_changed: first contact
  rating: size
  language: country
  source: note
  gmonkey: vip
  ipgeocountry: country
events: {open: opened email, click: clicked email, ecomm_purchased: placed order, goal: visited store}
event properties:
  placed order:
    ecomm_cat: category
    ecomm_prod: brand
    ecomm_store: shop country
    ecomm_spent_one: total
    ecomm_spent_all: total
    ecomm_spent_avg: total
    ecomm_prod_all: quantity
  visited store: {url: store}
lists: {"1": Newsletter, "2": Staff}
"""
OF = {
    "FNAME": "nickname", "NUMBER": "age", "DAY": "birthday", "timestamp_opt": "last seen",
    "info_changed": "first contact", "rating": "size", "language": "country", "source": "note", "BORN": "birthday",
}  # fmt: skip

TEXTS = st.sampled_from(["NL", "nl", "BE", "tr", "L", "it's", "", "100%_x\\"])
DAYS = st.sampled_from(["2025-11-28", "2025-11-27", "2025-11-25", "2025-10-26", "2000-02-29", "1990-01-01"])
NUMBERS = st.sampled_from([0, 1, 2, 3, 18, 100, 50.5, 33.33])


def condition(type: str, field: Any, op: list[str], **more: Any) -> Any:
    fields = {name: value if isinstance(value, st.SearchStrategy) else st.just(value) for name, value in more.items()}
    field = field if isinstance(field, st.SearchStrategy) else st.just(field)
    return st.fixed_dictionaries({"condition_type": st.just(type), "field": field, "op": st.sampled_from(op), **fields})


LIKE = ["is", "not", "contains", "notcontain", "starts", "ends", "blank", "blank_not"]
NUMERIC = ["is", "not", "greater", "less"]
DATED = ["is", "not", "greater", "less", "blank", "blank_not"]
LISTS = st.lists(st.sampled_from(["1", "2"]), min_size=1, max_size=2)
CONDITIONS = st.one_of(
    condition("TextMerge", "FNAME", LIKE, value=TEXTS),
    condition("TextMerge", "NUMBER", NUMERIC, value=st.sampled_from(["1", "2", "18", "100"])),
    condition("DateMerge", "DAY", DATED, value=DAYS),
    condition("BirthdayMerge", "BORN", ["is", "not", "blank", "blank_not"], value=st.sampled_from(["2/29", "1/1"])),
    condition("Date", st.sampled_from(["info_changed", "ecomm_date"]), DATED, value="date", extra=DAYS),
    condition("Date", st.sampled_from(["timestamp_opt", "ecomm_date"]), ["within", "notwithin"],
              value=st.sampled_from(["1", "3", "30"]), extra=""),
    condition("NewSubscribers", "timestamp_opt", ["date_within"], value="30"),
    condition("Language", "language", ["is", "not"], value=st.sampled_from(["NL", "nl"])),
    condition("SignupSource", "source", ["source_is", "source_not"], value=st.sampled_from(["NL", "BE"])),
    condition("MemberRating", "rating", NUMERIC, value=NUMBERS),
    condition("VIP", "gmonkey", ["member", "notmember"]),
    condition("Interests", "interests-9", ["interestcontains", "interestcontainsall", "interestnotcontains"],
              value=LISTS),
    condition("StaticSegment", "static_segment", ["static_is", "static_not"], value=st.sampled_from([1, 2])),
    condition("IPGeoCountryState", "ipgeo", ["ipgeocountry", "ipgeonotcountry"], value="NL"),
    condition("IPGeoUnknown", "ipgeo", ["ipgeounknown"]),
    condition("Aim", "aim", ["open", "click", "noopen", "noclick"], value="any"),
    condition("GoalActivity", "goal", ["is", "contains", "starts", "ends"], value=st.sampled_from(["NL", "l", "it"])),
    condition("GoalTimestamp", "goal_last_visited", ["greater", "less", "is"], value=DAYS),
    condition("EcommPurchased", "ecomm_purchased", ["member", "notmember"]),
    condition("EcommCategory", st.sampled_from(["ecomm_cat", "ecomm_prod"]), ["is", "contains", "starts", "ends"],
              value=st.sampled_from(["NL", "nl", "tr"])),
    condition("EcommStore", "ecomm_store", ["is", "not"], value="NL"),
    condition("EcommNumber", st.sampled_from(["ecomm_spent_avg", "ecomm_orders", "ecomm_prod_all"]), NUMERIC,
              value=NUMBERS),
    condition("EcommSpent", st.sampled_from(["ecomm_spent_one", "ecomm_spent_all"]), ["greater", "less"],
              value=NUMBERS),
)  # fmt: skip
SEGMENTS = st.fixed_dictionaries(
    {
        "name": st.just("S"),
        "options": st.fixed_dictionaries(
            {"match": st.sampled_from(["any", "all"]), "conditions": st.lists(CONDITIONS, min_size=1, max_size=3)}
        ),
    }
)


def is_in(segment: Any, who: Person) -> bool:
    answers = [fits(condition, who) for condition in segment["options"]["conditions"]]
    return any(answers) if segment["options"]["match"] == "any" else all(answers)


def fits(c: Any, who: Person) -> Any:
    """One condition, in the vendor's words."""
    op, value = c["op"], c.get("value")
    orders = who.did("placed order")
    match c["condition_type"]:
        case "TextMerge" if c["field"] == "NUMBER":
            return number(op, who.own["age"], Decimal(value))
        case "TextMerge":
            return text(op, who.own["nickname"], value)
        case "DateMerge":
            return dated(op, who.own["birthday"], value)
        case "BirthdayMerge":
            born = who.own["birthday"]
            if op.startswith("blank"):
                return (born is None) == (op == "blank")
            month, day = value.split("/")
            return (born is not None and (born.month, born.day) == (int(month), int(day))) == (op == "is")
        case "Date" | "NewSubscribers":
            last = orders[-1]["time"] if orders else None
            at = last if c["field"] == "ecomm_date" else who.own[OF[c["field"]]]
            if "within" in op:
                then = (NOW.astimezone(ZONE).replace(tzinfo=None) - timedelta(days=int(value))).replace(tzinfo=ZONE)
                return (at is not None and then <= at < NOW) != ("not" in op)
            return dated(op, day_of(at), c["extra"])
        case "Language":
            return (who.own["country"] == value) == (op == "is")
        case "SignupSource":
            return (who.own["note"] == value) == (op == "source_is")
        case "MemberRating":
            return number(op, who.own["size"], Decimal(str(value)))
        case "VIP":
            return (who.own["vip"] is True) == (op == "member")
        case "Interests":
            groups = [{"1": "Newsletter", "2": "Staff"}[one] in who.lists for one in value]
            return all(groups) if op == "interestcontainsall" else any(groups) == (op == "interestcontains")
        case "StaticSegment":
            return ({1: "Newsletter", 2: "Staff"}[value] in who.lists) == (op == "static_is")
        case "IPGeoCountryState":
            return (who.own["country"] == value) == (op == "ipgeocountry")
        case "IPGeoUnknown":
            return who.own["country"] in (None, "")
        case "Aim":
            did = who.did({"open": "opened email", "click": "clicked email"}[op.removeprefix("no")])
            return bool(did) != op.startswith("no")
        case "GoalActivity":
            return any(text(op, visit["store"], value) for visit in who.did("visited store"))
        case "GoalTimestamp":
            visits = who.did("visited store")
            return bool(visits) and dated(op, day_of(visits[-1]["time"]), value)
        case "EcommPurchased":
            return bool(orders) == (op == "member")
        case "EcommCategory":
            kind = {"ecomm_cat": "category", "ecomm_prod": "brand"}[c["field"]]
            return any(text(op, item[kind], value) for order in orders for item in order["items"])
        case "EcommStore":
            return any(order["shop country"] == value for order in orders) == (op == "is")
        case "EcommNumber":
            return number(op, measured(c["field"], orders), Fraction(str(value)))
        case _:
            wanted, totals = Decimal(str(value)), [order["total"] for order in orders if order["total"] is not None]
            spent = totals if c["field"] == "ecomm_spent_one" else [sum(totals, Decimal(0))]
            return any(number(op, one, wanted) for one in spent)


def measured(field: str, orders: list[Any]) -> Any:
    if field == "ecomm_orders":
        return len(orders)
    if field == "ecomm_prod_all":
        return sum(item["quantity"] or 0 for order in orders for item in order["items"])
    totals = [order["total"] for order in orders if order["total"] is not None]
    return Fraction(sum(totals)) / len(totals) if totals else None


def text(op: str, has: str | None, value: str) -> bool:
    low, wanted = (has or "").lower(), value.lower()
    match op:
        case "is" | "not":
            return (has == value) == (op == "is")
        case "contains" | "notcontain":
            return (has is not None and wanted in low) == (op == "contains")
        case "starts":
            return has is not None and low.startswith(wanted)
        case "ends":
            return has is not None and low.endswith(wanted)
        case _:
            return (has in (None, "")) == (op == "blank")


def number(op: str, has: Any, value: Any) -> bool:
    if has is None:
        return op == "not"
    return bool({"is": has == value, "not": has != value, "greater": has > value, "less": has < value}[op])


def dated(op: str, has: date | None, value: str) -> bool:
    if has is None:
        return op in ("not", "blank")
    wanted = date.fromisoformat(value)
    return {
        "is": has == wanted, "not": has != wanted, "greater": has > wanted, "less": has < wanted, "blank": False,
        "blank_not": True,
    }[op]  # fmt: skip


JUDGE = Judge("mailchimp", NAMES, is_in, SEGMENTS)


@settings(max_examples=15)
@given(documents=st.lists(JUDGE.documents, min_size=6, max_size=6), seed=st.integers(0, 10**9))
def test_members(documents: list[Any], seed: int) -> None:
    JUDGE.agrees(documents, seed)
