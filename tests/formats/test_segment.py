"""Who is in an audience of Segment, judged from the words of its reference on plain rows.

A rule is drawn as a text with the function that judges it, so that nothing here reads the language.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segql.errors import SegQLError

from ..binder.bound import NOW
from ..worlds.shops import ZONE
from .imported import imported
from .people import Judge, Person

NAMES = """
properties: {plan: country, nick: nickname, age: age, vip: vip, seen: last seen}
events: {Bought: placed order, Opened: opened email}
event properties:
  placed order: {amount: total, shop: shop country, gift: gift}
  opened email: {campaign: campaign}
"""

Drawn = tuple[str, Callable[[Any], bool]]
SIGNS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b, "==": lambda a, b: a == b, "!=": lambda a, b: a != b, ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b, "<": lambda a, b: a < b, "<=": lambda a, b: a <= b,
}  # fmt: skip
SPELLED = {"=": "equals", "!=": "differs", ">": "greater_than", ">=": "at_least", "<": "less_than", "<=": "at_most"}


def ago(count: int, unit: str) -> datetime:
    if unit.startswith("hour"):
        return NOW - timedelta(hours=count)
    return (NOW.astimezone(ZONE).replace(tzinfo=None) - timedelta(days=count)).replace(tzinfo=ZONE)


@st.composite
def signed(draw: st.DrawFn, what: str, get: Callable[[Any], Any], values: list[str]) -> Drawn:
    sign, value = draw(st.sampled_from(list(SIGNS))), draw(st.sampled_from(values))
    wanted: Any = (
        value[1:-1] if value.startswith("'") else value == "true" if value in ("true", "false") else Decimal(value)
    )
    if not isinstance(wanted, Decimal):
        sign = draw(st.sampled_from(["=", "!="]))
    written = (
        f"{what}.{SPELLED[sign]}({value})" if sign in SPELLED and draw(st.booleans()) else f"{what} {sign} {value}"
    )

    def holds(of: Any) -> bool:
        has = get(of)
        return has is not None and SIGNS[sign](Fraction(has) if isinstance(has, Decimal) else has, wanted)

    return written, holds


@st.composite
def texts(draw: st.DrawFn, what: str, get: Callable[[Any], Any]) -> Drawn:
    name = draw(st.sampled_from(["exists", "absent", "contains", "omits", "starts_with", "ends_with", "one_of"]))
    some = draw(st.lists(st.sampled_from(["NL", "nl", "tr", "BE"]), min_size=1, max_size=2))
    if name in ("exists", "absent"):
        return f"{what}.{name}()", lambda of: (get(of) is None) == (name == "absent")
    some = some if name in ("contains", "one_of") else some[:1]
    tests: dict[str, Callable[[str, str], bool]] = {
        "contains": lambda has, one: one.lower() in has.lower(), "one_of": lambda has, one: has == one,
        "omits": lambda has, one: one.lower() in has.lower(),
        "ends_with": lambda has, one: has.lower().endswith(one.lower()),
        "starts_with": lambda has, one: has.lower().startswith(one.lower()),
    }  # fmt: skip

    def holds(of: Any) -> bool:
        has = get(of)
        return (has is not None and any(tests[name](has, one) for one in some)) != (name == "omits")

    return f"{what}.{name}({', '.join(repr(one) for one in some)})", holds


@st.composite
def moments(draw: st.DrawFn, what: str, get: Callable[[Any], Any]) -> Drawn:
    name, count = (
        draw(st.sampled_from(["within_last", "before_last", "before_date"])),
        draw(st.sampled_from([1, 3, 30])),
    )
    if name == "before_date":
        day = datetime(2025, 10, 26, 1, tzinfo=NOW.tzinfo)
        return f"{what}.before_date('2025-10-26T01:00:00Z')", lambda of: get(of) is not None and get(of) < day
    unit = draw(st.sampled_from(["days", "hours"]))
    edge = ago(count, unit)
    if name == "within_last":
        return f"{what}.within_last({count} {unit})", lambda of: get(of) is not None and edge <= get(of) < NOW
    return f"{what}.before_last({count} {unit})", lambda of: get(of) is not None and get(of) < edge


TRAITS = st.one_of(
    signed("trait('plan')", lambda who: who.own["country"], ["'NL'", "'nl'"]),
    signed("trait('age')", lambda who: who.own["age"], ["0", "2", "18", "50.5"]),
    signed("trait('vip')", lambda who: who.own["vip"], ["true", "false"]),
    texts("trait('nick')", lambda who: who.own["nickname"]),
    moments("trait('seen')", lambda who: who.own["last seen"]),
)
TESTS = st.one_of(
    signed("property('amount')", lambda row: row["total"], ["0", "50.5", "100"]),
    signed("property('shop')", lambda row: row["shop country"], ["'NL'"]),
    texts("property('shop')", lambda row: row["shop country"]),
    signed("property('gift')", lambda row: row["gift"], ["true"]),
)


def joined(inner: Any) -> Any:
    def both(found: tuple[str, Drawn, Drawn]) -> Drawn:
        word, (one, holds), (other, also) = found
        if word == "NOT":
            return f"NOT ( {one} )", lambda of: not holds(of)
        fits = (lambda of: holds(of) and also(of)) if word == "AND" else (lambda of: holds(of) or also(of))
        return f"( {one} {word} {other} )", fits

    return st.tuples(st.sampled_from(["AND", "OR", "NOT"]), inner, inner).map(both)


@st.composite
def streams(draw: st.DrawFn) -> Drawn:
    text, tests = "event('Bought')", list[Callable[[Any], bool]]()
    if draw(st.booleans()):
        test, holds = draw(TESTS | joined(TESTS))
        text += f".where( {test} )"
        tests.append(holds)
    match draw(st.sampled_from(["", "within", "between"])):
        case "within":
            text += ".within(3 days)"
            tests.append(lambda row: row["time"] >= ago(3, "days"))
        case "between":
            text += ".between(2 days, 30 days)"
            tests.append(lambda row: ago(30, "days") <= row["time"] < ago(2, "days"))
    name = draw(st.sampled_from(["count", "sum", "avg", "min", "max", "first", "last", "unique"]))

    def reduced(who: Person) -> Any:
        rows = [row for row in who.did("placed order") if all(test(row) for test in tests)]
        if name == "count":
            return len(rows)
        values = [row["total"] for row in rows if row["total"] is not None]
        if name == "sum":
            return sum(values, Decimal(0))
        if name == "unique":
            return len(set(values))
        if not values:
            return None
        if name == "avg":
            return Fraction(sum(values)) / len(values)
        known = [row for row in rows if row["total"] is not None]
        edge = known[0 if name == "first" else -1]["time"] if name in ("first", "last") else None
        tied = {row["total"] for row in known if row["time"] == edge}
        return {"min": min(values), "max": max(values)}.get(name, tied)

    inner = {"count": "count()", "unique": "unique(property('amount')).count()"}.get(
        name, f"{name}(property('amount'))"
    )
    found = draw(signed(f"{text}.{inner}", lambda of: of, ["0", "1", "2", "50.5", "100"]))

    def holds_for(who: Person) -> bool:
        value = reduced(who)
        if not isinstance(value, set):
            return found[1](value)
        # Of several at one instant any may fit; `differs` is that none does. The sign is that of the reduction.
        sign = found[0].removeprefix(f"{text}.{inner}")
        return all(map(found[1], value)) if "!=" in sign or "differs" in sign else any(map(found[1], value))

    return found[0], holds_for


AUDIENCES = st.recursive(TRAITS | streams(), joined, max_leaves=3)
JUDGE = Judge("segment", NAMES, lambda drawn, who: drawn[1](who), AUDIENCES)


@settings(max_examples=15)
@given(documents=st.lists(JUDGE.documents, min_size=6, max_size=6), seed=st.integers(0, 10**9))
def test_members(documents: list[Any], seed: int) -> None:
    JUDGE.agrees(documents, seed)


@pytest.mark.parametrize(
    "text", ["", "event('A", "event('Bought').count() >= 1 AND", "trait('plan')) = 1", "a ; b", "(" * 9999]
)
def test_half_a_text_is_an_error_with_a_place(text: str) -> None:
    with pytest.raises(SegQLError) as caught:
        imported("segment", text, NAMES)
    assert caught.value.problems[0].line is not None
