"""Thresholds: `opened email rate >= 10%`, `value per profile > $50`, held against the numbers of a segment."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from ..catalog import fold
from ..describer.values import number
from ..errors import SegQLError, expect, problem
from ..exact import rounded, shifted
from ..nearest import nearest
from ..plain import dataclass
from ..source import Source, Span
from .figures import Stats

_TEXT = re.compile(
    r"(?P<name>.+?)\s*(?P<op>>=|<=|>|<|=)\s*(?P<sign>[$€£]?)\s*(?P<number>-?\d+(?:\.\d+)?)\s*(?P<percent>%?)\s*",
    re.DOTALL,
)
_OPS: Mapping[str, Callable[[Any, Any], bool]] = {
    ">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt, "=": operator.eq,
}  # fmt: skip
RATE = " rate"


@dataclass(frozen=True, slots=True)
class Expectation:
    """A number by its name, and what it has to be; `rate` is the rule whose share of the members it is, if any."""

    text: str
    name: str
    op: str
    value: Decimal
    rate: str | None


@dataclass(frozen=True, slots=True)
class Met:
    """An expectation, what was found (missing: None, which fails), and whether it holds."""

    text: str
    value: Decimal | None
    found: str
    holds: bool


def expectation(text: str) -> Expectation:
    """What a text expects. Raises SegQLError for one that says no number and no bound."""
    expect("text", "a number and its bound, as text", text, str)
    span = Span(Source(text, "expectation"), 0, len(text))
    parts = _TEXT.fullmatch(text.strip())
    if parts is None:
        raise SegQLError([problem("syntax", "This is no number and its bound.", span,
                                  "for example", "opened email rate >= 10%", "value per profile > 50")])  # fmt: skip
    value = Decimal(parts["number"])
    name = " ".join(parts["name"].split())
    rate = name.removesuffix(RATE) if name.endswith(RATE) else None
    return Expectation(text.strip(), name, parts["op"], value / 100 if parts["percent"] else value, rate)


def met(expected: Iterable[Expectation], found: Stats) -> list[Met]:
    """Which hold. Raises SegQLError for a name of no number, with the nearest."""
    expect("found", "the Stats that `stats` gives", found, Stats)
    expect("expected", "what `expectation` gives, in a list", expected, Iterable)
    expected = list(expected)
    for one in expected:
        expect("expected", "a list of what `expectation` gives", one, Expectation)
    known = {fold(name): value for name, value in named(found).items()}
    problems, told = [], []
    for one in expected:
        if one.rate is not None and one.rate in found.asked:
            value, share = found.asked[one.rate].share, True
        elif fold(one.name) in known:
            value, share = known[fold(one.name)], one.text.rstrip().endswith("%")
        else:
            span = Span(Source(one.text, "expectation"), 0, len(one.name))
            close = nearest(one.name, named(found), 2)
            words = "did you mean" if close else "`segql stats` prints what there is"
            problems.append(problem("unknown-name", f"There is no number called `{one.name}`.", span, words, *close))
            continue
        holds = value is not None and _OPS[one.op](value, one.value)
        told.append(Met(one.text, value, _said(value, share=share), holds))
    if problems:
        raise SegQLError(problems)
    return told


def _said(value: Decimal | None, *, share: bool) -> str:
    if value is None:
        return "missing"
    shown = rounded(shifted(value, 2) if share else value, 2)
    return f"{shown:,f} %" if share else f"{number(shown)}"


def named(found: Stats) -> dict[str, Decimal | None]:
    """Every number of the members by the name that an expectation calls it."""
    told: dict[str, Decimal | None] = {"members": Decimal(found.members), "share": found.share}
    for one in found.measures:
        if one.adds:
            told |= {f"{one.name} total": one.here.sum, f"{one.name} per member": one.here.per_member}
        told |= {f"{one.name} average": one.here.average, f"{one.name} median": one.here.median}
    for one_ in found.consent:
        told |= {f"{one_.value} consent": one_.share}
    for role, one in found.roles.items():
        told[role] = one.here.average if role == "reorder gap" else one.here.sum
    if "revenue" in found.roles:
        told["value per profile"] = found.roles["revenue"].here.per_member
        if "orders" in found.roles:
            told["average order value"] = found.order_value("here")
    return told
