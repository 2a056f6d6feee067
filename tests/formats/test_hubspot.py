"""Who is in a list of HubSpot, judged from the words of its pages on filters, on plain rows."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ..binder.bound import NOW
from .people import Judge, Person, day_of

NAMES = """
properties: {text: nickname, number: age, flag: vip, day: birthday, time: last seen, tags: tags, country: country}
events: {order: placed order, mail: opened email, form: clicked email}
event properties:
  placed order: {amount: total, shop: shop country, gift: gift}
  opened email: {campaign: campaign}
lists: {"1": Newsletter, "2": Staff}
"""
OF = {"text": "nickname", "number": "age", "flag": "vip", "day": "birthday", "time": "last seen", "tags": "tags",
      "country": "country", "amount": "total", "shop": "shop country", "gift": "gift"}  # fmt: skip
TODAY = day_of(NOW)

NUMERIC = ["IS_EQUAL_TO", "IS_NOT_EQUAL_TO", "IS_GREATER_THAN", "IS_GREATER_THAN_OR_EQUAL_TO", "IS_LESS_THAN",
           "IS_LESS_THAN_OR_EQUAL_TO"]  # fmt: skip
LIKE = ["IS_EQUAL_TO", "IS_NOT_EQUAL_TO", "CONTAINS", "DOES_NOT_CONTAIN", "STARTS_WITH", "ENDS_WITH"]
TEXTS = st.sampled_from(["NL", "nl", "BE", "tr", "it's"])


def operation(type: str, operators: list[str], **more: Any) -> Any:
    return st.fixed_dictionaries(
        {"operationType": st.just(type), "operator": st.sampled_from(operators),
         "includeObjectsWithNoValueSet": st.booleans(), **more}
    )  # fmt: skip


def point(day: date) -> Any:
    return {"timeType": "DATE", "zoneId": "Europe/Amsterdam", "year": day.year, "month": day.month, "day": day.day}


def ago(days: int) -> Any:
    reference = {"timeType": "INDEXED", "zoneId": "Europe/Amsterdam", "indexReference": {"referenceType": "TODAY"}}
    return {**reference, "offset": {"days": -days}}


POINTS = st.sampled_from([point(date(2025, 11, 27)), point(date(2025, 10, 26)), ago(3), ago(0), ago(30)])
SPANS = st.sampled_from([(point(date(2025, 11, 1)), point(date(2025, 11, 27))), (ago(30), ago(0)), (ago(9), ago(3))])
NUMBER = operation("NUMBER", NUMERIC, value=st.sampled_from([0, 1, 2, 18, 100, 50.5]))
RANGED = operation("NUMBER_RANGED", ["IS_BETWEEN", "IS_NOT_BETWEEN"], lowerBound=st.just(1), upperBound=st.just(18))
TEXT = operation("STRING", LIKE, value=TEXTS) | operation("MULTISTRING", LIKE, values=st.lists(TEXTS, min_size=1))
FLAG = operation("BOOL", ["IS_EQUAL_TO", "IS_NOT_EQUAL_TO"], value=st.booleans())
KNOWN = operation("ALL_PROPERTY", ["IS_KNOWN", "IS_UNKNOWN"])
OPTIONS = operation("ENUMERATION", ["IS_ANY_OF", "IS_NONE_OF"], values=st.lists(TEXTS, min_size=1, max_size=2))
TAGS = operation("ENUMERATION", ["IS_ANY_OF", "IS_NONE_OF", "CONTAINS_ALL", "DOES_NOT_CONTAIN_ALL"],
                 values=st.lists(st.sampled_from(["vip", "nl", "NL"]), min_size=1, max_size=2))  # fmt: skip
AT = operation("TIME_POINT", ["IS_AFTER", "IS_BEFORE"], timePoint=POINTS, endpointBehavior=st.just("EXCLUSIVE"))
BETWEEN = SPANS.flatmap(
    lambda span: operation("TIME_RANGED", ["IS_BETWEEN", "IS_NOT_BETWEEN"], lowerBoundTimePoint=st.just(span[0]),
                           upperBoundTimePoint=st.just(span[1]))
)  # fmt: skip


def of(property: str, operation: Any) -> Any:
    return st.fixed_dictionaries(
        {"filterType": st.just("PROPERTY"), "property": st.just(property), "operation": operation}
    )


FILTERS = st.one_of(
    of("number", NUMBER | RANGED | KNOWN), of("text", TEXT | KNOWN), of("flag", FLAG | KNOWN), of("day", AT | BETWEEN),
    of("time", AT | BETWEEN | KNOWN), of("country", OPTIONS), of("tags", TAGS),
    st.fixed_dictionaries({"filterType": st.just("IN_LIST"), "listId": st.sampled_from(["1", "2"]),
                           "operator": st.sampled_from(["IN_LIST", "NOT_IN_LIST"])}),
    st.sampled_from([{"filterType": "CONSTANT", "shouldAccept": True},
                     {"filterType": "CONSTANT", "shouldAccept": False},
                     {"filterType": "FORM_SUBMISSION", "formId": "form", "operator": "FILLED_OUT"},
                     {"filterType": "FORM_SUBMISSION", "formId": "form", "operator": "NOT_FILLED_OUT"}]),
)  # fmt: skip
WINDOW = of("hs_timestamp", BETWEEN.filter(lambda found: found["operator"] == "IS_BETWEEN") | AT)
TESTS = of("amount", NUMBER) | of("shop", TEXT | OPTIONS) | of("gift", FLAG)
COUNTS = st.none() | st.fixed_dictionaries(
    {"type": st.just("NUM_OCCURRENCES"), "minOccurrences": st.integers(0, 2), "maxOccurrences": st.none() | st.just(3)}
)
EVENTS = st.fixed_dictionaries(
    {"filterBranchType": st.just("UNIFIED_EVENTS"), "filterBranchOperator": st.just("AND"),
     "eventTypeId": st.just("order"),
     "operator": st.sampled_from(["HAS_COMPLETED", "HAS_NOT_COMPLETED"]), "filterBranches": st.just([]),
     "filters": st.lists(TESTS, max_size=1) | st.tuples(WINDOW).map(list), "coalescingRefineBy": COUNTS}
)  # fmt: skip


def branch(inner: Any) -> Any:
    return st.fixed_dictionaries(
        {"filterBranchType": st.sampled_from(["AND", "OR", "NOT_ANY", "NOT_ALL"]),
         "filters": st.lists(FILTERS, min_size=1, max_size=2), "filterBranches": st.lists(inner, max_size=1)}
    )  # fmt: skip


LISTS = st.fixed_dictionaries({"name": st.just("L"), "filterBranch": branch(EVENTS | branch(EVENTS))})


def accepts(branch: Any, who: Person) -> Any:
    kind = branch["filterBranchType"]
    if kind == "UNIFIED_EVENTS":
        rows = [row for row in who.did("placed order") if all(of_event(one, row) for one in branch["filters"])]
        refined = branch["coalescingRefineBy"]
        low, high = (1, None) if refined is None else (refined["minOccurrences"], refined["maxOccurrences"])
        fits = len(rows) >= low and (high is None or len(rows) <= high)
        return fits == (branch["operator"] == "HAS_COMPLETED")
    answers = [passes(one, who) for one in branch["filters"]] + [accepts(one, who) for one in branch["filterBranches"]]
    return (any(answers) if kind in ("OR", "NOT_ANY") else all(answers)) != kind.startswith("NOT")


def of_event(filter: Any, row: Any) -> Any:
    property = filter["property"]
    return value(filter["operation"], row["time"] if property == "hs_timestamp" else row[OF[property]])


def passes(filter: Any, who: Person) -> Any:
    match filter["filterType"]:
        case "CONSTANT":
            return bool(filter["shouldAccept"])
        case "FORM_SUBMISSION":
            return bool(who.did("clicked email")) == (filter["operator"] == "FILLED_OUT")
        case "IN_LIST":
            return ({"1": "Newsletter", "2": "Staff"}[filter["listId"]] in who.lists) == (
                filter["operator"] == "IN_LIST"
            )
        case _:
            return value(filter["operation"], who.own[OF[filter["property"]]])


def value(o: Any, has: Any) -> Any:
    """Whether a value passes an operation, in the vendor's words."""
    operator, kind = o["operator"], o["operationType"]
    missing = has is None or has in ("", (), [])
    if operator in ("IS_KNOWN", "IS_UNKNOWN"):
        return missing == (operator == "IS_UNKNOWN")
    if missing:
        return bool(o["includeObjectsWithNoValueSet"])
    denied = "_NOT_" in operator or operator == "IS_NONE_OF"
    return bool(positive(o, kind, operator, has)) != denied


def positive(o: Any, kind: str, operator: str, has: Any) -> Any:
    if kind == "BOOL":
        return has == o["value"]
    if kind == "NUMBER":
        wanted = Decimal(str(o["value"]))
        if "GREATER" in operator:
            return has > wanted or (operator.endswith("EQUAL_TO") and has == wanted)
        if "LESS" in operator:
            return has < wanted or (operator.endswith("EQUAL_TO") and has == wanted)
        return has == wanted
    if kind == "NUMBER_RANGED":
        return o["lowerBound"] <= has <= o["upperBound"]
    if kind == "ENUMERATION":
        chosen = set(has) if isinstance(has, tuple) else {has}
        return set(o["values"]) <= chosen if operator.endswith("ALL") else bool(set(o["values"]) & chosen)
    if kind in ("STRING", "MULTISTRING"):
        values = o.get("values") or [o["value"]]
        tests = {"CONTAIN": str.__contains__, "STARTS_WITH": str.startswith, "ENDS_WITH": str.endswith}
        for name, test in tests.items():
            if name in operator:
                return any(test(has.lower(), one.lower()) for one in values)
        return has in values
    day = day_of(has)
    assert day is not None
    if kind == "TIME_POINT":
        return day > on(o["timePoint"]) if operator == "IS_AFTER" else day < on(o["timePoint"])
    return on(o["lowerBoundTimePoint"]) <= day <= on(o["upperBoundTimePoint"])


def on(point: Any) -> date:
    assert TODAY is not None
    if point["timeType"] == "DATE":
        return date(point["year"], point["month"], point["day"])
    return TODAY + timedelta(days=point["offset"]["days"])


JUDGE = Judge("hubspot", NAMES, lambda document, who: accepts(document["filterBranch"], who), LISTS)


@settings(max_examples=15)
@given(documents=st.lists(JUDGE.documents, min_size=6, max_size=6), seed=st.integers(0, 10**9))
def test_members(documents: list[Any], seed: int) -> None:
    JUDGE.agrees(documents, seed)
