"""Who is in a segment of Dittofeed, judged from the words of its public code on plain rows."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ..binder.bound import NOW
from .people import Judge, Person

NAMES = """
properties: {plan: country, nick: nickname, age: age, vip: vip, seenAt: last seen, tags: tags}
events: {Bought: placed order, Opened: opened email, DFEmailOpened: opened email}
event properties:
  placed order: {amount: total, shop: shop country, gift: gift}
  opened email: {templateId: campaign}
channels: {mail: email}
"""
OF = {"plan": "country", "nick": "nickname", "age": "age", "vip": "vip", "amount": "total", "shop": "shop country",
      "gift": "gift"}  # fmt: skip

TEXTS = st.sampled_from(["NL", "nl", "BE", "it's", ""])


def operator(*types: str, value: Any = None) -> Any:
    fields = {"type": st.sampled_from(types)}
    return st.fixed_dictionaries(fields if value is None else {**fields, "value": value})


TEXT = operator("Equals", "NotEquals", value=TEXTS) | operator("Exists", "NotExists")
NUMBER = operator("Equals", "NotEquals", "GreaterThanOrEqual", "LessThan", value=st.sampled_from([0, 1, 2, 18, 100]))
FLAG = operator("Equals", "NotEquals", value=st.sampled_from(["true", "false"]))


def node(type: str, **fields: Any) -> Any:
    return st.fixed_dictionaries({"type": st.just(type), "id": st.just("x"), **fields})


def on(path: str, operator: Any) -> Any:
    return st.fixed_dictionaries({"path": st.just(path), "operator": operator})


PROPERTIES = on("amount", NUMBER | operator("Exists", "NotExists")) | on("shop", TEXT) | on("gift", FLAG)
TESTS = st.lists(PROPERTIES, max_size=2)
WITHIN = st.fixed_dictionaries({"type": st.just("Within"), "windowSeconds": st.sampled_from([3600, 259200, 2592000])})
ABSOLUTE = st.fixed_dictionaries(
    {"type": st.just("AbsoluteTimestamp"), "absoluteTimestamp": st.just("2025-10-26T01:00:00Z"),
     "direction": st.sampled_from(["after", "before"])}
)  # fmt: skip
LEAVES = st.one_of(
    node("Trait", path=st.just("plan"), operator=TEXT),
    node("Trait", path=st.just("nick"), operator=TEXT),
    node("Trait", path=st.just("age"), operator=NUMBER | operator("Exists", "NotExists")),
    node("Trait", path=st.just("vip"), operator=FLAG),
    node("Trait", path=st.just("seenAt"), operator=WITHIN | ABSOLUTE),
    node("Performed", event=st.just("Bought"), properties=TESTS),
    node("Performed", event=st.just("Bought"), times=st.integers(0, 3), timesOperator=st.sampled_from(["=", ">=", "<"]),
         withinSeconds=st.sampled_from([0, 259200, 2592000]), properties=TESTS),
    node("LastPerformed", event=st.just("Bought"), whereProperties=TESTS, hasProperties=TESTS),
    node("Includes", path=st.just("tags"), item=st.sampled_from(["vip", "nl", "NL"])),
    node("Email", event=st.just("DFEmailOpened"), templateId=st.just("NL"), times=st.just(1)),
    node("SubscriptionGroup", subscriptionGroupId=st.just("mail"), subscriptionGroupType=st.just("OptIn")),
    node("SubscriptionGroupUnsubscribed", subscriptionGroupId=st.just("mail")),
    node("Everyone"),
)  # fmt: skip


@st.composite
def segments(draw: st.DrawFn) -> Any:
    leaves = draw(st.lists(LEAVES, min_size=1, max_size=4))
    nodes = [{**leaf, "id": f"n{place}"} for place, leaf in enumerate(leaves)]
    half = [one["id"] for one in nodes[2:]]
    if half:
        nodes.append({"type": draw(st.sampled_from(["And", "Or"])), "id": "inner", "children": half})
    children = [one["id"] for one in nodes[:2]] + ["inner"] * bool(half)
    entry = {"type": draw(st.sampled_from(["And", "Or"])), "id": "entry", "children": children}
    return {"id": "s", "name": "S", "definition": {"entryNode": entry, "nodes": nodes}}


def is_in(segment: Any, who: Person) -> Any:
    definition = segment["definition"]
    nodes = {one["id"]: one for one in definition["nodes"]}

    def holds(node: Any) -> Any:
        if node["type"] in ("And", "Or"):
            answers = [holds(nodes[child]) for child in node["children"]]
            return all(answers) if node["type"] == "And" else any(answers)
        return leaf(node, who)

    return holds(definition["entryNode"])


def leaf(node: Any, who: Person) -> Any:
    orders = who.did("placed order")
    match node["type"]:
        case "Trait" if node["path"] == "seenAt":
            seen, operator = who.own["last seen"], node["operator"]
            if operator["type"] == "Within":
                return seen is not None and NOW - timedelta(seconds=operator["windowSeconds"]) <= seen < NOW
            edge = NOW.replace(month=10, day=26, hour=1)
            return seen is not None and (seen >= edge if operator["direction"] == "after" else seen < edge)
        case "Trait":
            return fits(node["operator"], who.own[OF[node["path"]]])
        case "Performed":
            within = node.get("withinSeconds", 0)
            rows = [row for row in orders if all_fit(node["properties"], row)]
            rows = [row for row in rows if not within or row["time"] >= NOW - timedelta(seconds=within)]
            times = node.get("times", 1)
            match node.get("timesOperator", "="):
                case "=":
                    return len(rows) == times
                case ">=":
                    return times > 0 and len(rows) >= times
                case _:
                    return times > 0 and len(rows) < times
        case "LastPerformed":
            rows = [row for row in orders if all_fit(node["whereProperties"], row)]
            return any(all_fit(node["hasProperties"], row) for row in rows if row["time"] == rows[-1]["time"])
        case "Includes":
            return node["item"] in (who.own["tags"] or ())
        case "Email":
            return any(row["campaign"] == "NL" for row in who.did("opened email"))
        case "Everyone":
            return True
        case _:
            (mine,) = (row for row in who.shop.channels["email"] if row["profile"] == who.key)
            return bool(mine["receives"]) == (node["type"] == "SubscriptionGroup")


def all_fit(tests: Any, row: Any) -> bool:
    return all(fits(test["operator"], row[OF[test["path"]]]) for test in tests)


def fits(operator: Any, has: Any) -> Any:
    """A value is a text there, the empty one where it is missing; signs of order compare numbers."""
    wanted = operator.get("value")
    text = "" if has is None else str(has).lower() if isinstance(has, bool) else has
    if isinstance(has, Decimal):
        text = format(has.normalize(), "f")
    match operator["type"]:
        case "Exists":
            return text != ""
        case "NotExists":
            return text == ""
        case "Equals":
            return text == str(wanted)
        case "NotEquals":
            return text != str(wanted)
        case "GreaterThanOrEqual":
            return has is not None and has >= wanted
        case _:
            return has is not None and has < wanted


JUDGE = Judge("dittofeed", NAMES, is_in, segments())


@settings(max_examples=15)
@given(documents=st.lists(JUDGE.documents, min_size=6, max_size=6), seed=st.integers(0, 10**9))
def test_members(documents: list[Any], seed: int) -> None:
    JUDGE.agrees(documents, seed)
