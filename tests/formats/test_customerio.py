"""Who is in a filter of Customer.io, judged from the words of its page on plain rows."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from .people import Judge, Person

NAMES = """
properties: {plan: country, age: age, vip: vip, nick: nickname}
lists: {"1": Newsletter, "2": Staff}
"""
OF = {"plan": "country", "age": "age", "vip": "vip", "nick": "nickname"}


def attribute(field: str, values: list[Any]) -> Any:
    equal = st.fixed_dictionaries(
        {"field": st.just(field), "operator": st.just("eq"), "value": st.sampled_from(values)}
    )
    return (equal | st.just({"field": field, "operator": "exists"})).map(lambda found: {"attribute": found})


LEAVES = st.one_of(
    attribute("plan", ["NL", "nl"]), attribute("age", [18, 2, "2"]), attribute("vip", [True, False]),
    attribute("nick", ["", "it's"]), st.sampled_from([{"segment": {"id": 1}}, {"segment": {"id": 2}}]),
)  # fmt: skip
FILTERS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda found: {"and": found}),
        st.lists(inner, min_size=1, max_size=3).map(lambda found: {"or": found}),
        inner.map(lambda found: {"not": found}),
    ),
    max_leaves=5,
)


def is_in(filter: Any, who: Person) -> Any:
    ((kind, inner),) = filter.items()
    match kind:
        case "and":
            return all(is_in(one, who) for one in inner)
        case "or":
            return any(is_in(one, who) for one in inner)
        case "not":
            return not is_in(inner, who)
        case "segment":
            return {1: "Newsletter", 2: "Staff"}[inner["id"]] in who.lists
        case _:
            has = who.own[OF[inner["field"]]]
            if inner["operator"] == "exists":
                return has is not None
            wanted = int(inner["value"]) if inner["field"] == "age" else inner["value"]
            return has is not None and has == wanted


JUDGE = Judge("customerio", NAMES, is_in, FILTERS)


@settings(max_examples=12)
@given(documents=st.lists(JUDGE.documents, min_size=5, max_size=5), seed=st.integers(0, 10**9))
def test_members(documents: list[Any], seed: int) -> None:
    JUDGE.agrees(documents, seed)
