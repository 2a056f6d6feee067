"""The plan of a rule as a tree for people: what each part of the SQL is there for, and the rule by which it is so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, assert_never, cast

from .. import conditions as c
from ..ast import All, AnyOf, Not, Tree
from ..describer import describe_condition
from ..dialects import dialect as dialect_of
from ..emitter.sequences import reads_once
from ..emitter.target import Target
from ..plain import dataclass
from ..planner import (
    ConsentRecords,
    Exists,
    Found,
    Grouped,
    Keys,
    Members,
    Net,
    Pass,
    Plan,
    Question,
    Test,
    Valued,
    plan,
)
from ..planner.costs import COSTS
from ..planner.passes import looks_up_items
from .style import style

if TYPE_CHECKING:
    from ..catalog import Catalog
    from ..compiler import Compiled

RULES: Mapping[str, str] = {
    "profiles": "each profile is tested once",
    "own row": "the profile's own row tells",
    "semi-join": "it is asked whether there is such a row, not how many there are",
    "anti-join": "it is asked whether there is no such row",
    "one search": "kinds of rows are looked for at once: those of one table in one scan",
    "value": "the profile's row of a query above tells",
    "keys": "they are found for all profiles at once",
    "driver": "every member has this in a short time: found first, and what reads more leaves out whoever lacks it",
    "one scan": "steps that stand in one table are read at once, and put in order",
    "one pass": "all values over the same events are columns of one scan",
    "one sum": "sums over several kinds of events are added while these are read, and not joined",
    "apart": "events with some item are found by a semi-join, not by a join that tells it of each event",
    "latest records": "the latest of a channel's records of each profile tell",
    "everybody": "it depends on all profiles, so nobody is left out",
}
"""The rules by name, and their reasons."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a plan, the name of its rule if it has one, and its own parts."""

    says: str
    rule: str = ""
    parts: tuple[Part, ...] = ()


def plan_text(done: Compiled, catalog: Catalog) -> str:
    """The plan as a tree, and the reasons of its rules."""
    whole = _whole(done, catalog)
    rules = dict.fromkeys(part.rule for part in _walk(whole) if part.rule)
    width = max(map(len, rules)) + 2
    reasons = (f"{f'[{rule}]':{width}}  {RULES[rule]}" for rule in rules)
    return "\n".join([*_lines(whole), "", *reasons, *([f"\n{_costs(done)}"] if len(whole.parts) > 1 else [])])


def plan_data(done: Compiled, catalog: Catalog) -> dict[str, Any]:
    """The plan for machines: each part with its rule, the reasons of these rules, and the costs that it goes by."""

    def data(part: Part) -> dict[str, Any]:
        return {"says": part.says, "rule": part.rule or None, "parts": [data(one) for one in part.parts]}

    whole = _whole(done, catalog)
    rules = {part.rule: RULES[part.rule] for part in _walk(whole) if part.rule}
    return {"plan": data(whole), "rules": rules, "costs": _costs(done)}


def _costs(done: Compiled) -> str:
    spoken = dialect_of(done.dialect)
    costs = COSTS[spoken.engine]
    return (
        f"{spoken.name} counts as an engine of {spoken.engine}: a driver pays up to {costs.driver.days} days,"
        f" for what reads {costs.wider} times as long"
        f"{', and what several conditions, or steps, ask of one table is read in one scan' if costs.scans else ''}."
    )


def _whole(done: Compiled, catalog: Catalog) -> Part:
    meant, engine = done.meaning, dialect_of(done.dialect).engine
    told = plan(meant.optimized, catalog, meant.now, meant.sample, engine)
    return _Telling(told, Target(catalog, dialect_of(done.dialect), meant.now, "profile")).whole()


def _lines(part: Part, before: str = "", below: str = "") -> Iterator[str]:
    yield f"{before}{part.says}{style(f'  [{part.rule}]', dim=True) if part.rule else ''}"
    for place, one in enumerate(part.parts, 1):
        tie, under = ("└─ ", "   ") if place == len(part.parts) else ("├─ ", "│  ")
        yield from _lines(one, below + tie, below + under)


def _walk(part: Part) -> Iterator[Part]:
    yield part
    for one in part.parts:
        yield from _walk(one)


@dataclass(frozen=True, slots=True)
class _Telling:
    plan: Plan
    target: Target

    def whole(self) -> Part:
        """First the queries that are named above, in their order, then the tests that read them."""
        passes = [self.told(one) for one in self.plan.passes]
        asked = [Part(f"{one.name}: {self.asked(one.of)}", "everybody") for one in self.plan.around]
        tests = self.tested(self.plan.rule)
        if self.plan.sample is not None:
            tests = Part("a sample of those who pass", "", (tests,))
        return Part("members", "profiles", (*passes, *asked, tests))

    def tested(self, test: Tree[Test]) -> Part:
        names = {one.of for one in self.plan.passes if isinstance(one, Keys)}
        match test:
            case All(()) | AnyOf(()):
                return Part("everyone" if isinstance(test, All) else "no one")
            case All(parts) | AnyOf(parts):
                return Part("all of" if isinstance(test, All) else "any of", "", tuple(map(self.tested, parts)))
            case Not(part):
                return Part("not", "", (self.tested(part),))
            case Exists(none=none):
                rule = "keys" if test in names else "anti-join" if none else "semi-join"
                return Part(self.exists(test), "one search" if rule == "semi-join" and len(test.events) > 1 else rule)
            case Found(said=said):
                return Part(self.exists(said), "value")
            case Members(label=label):
                return Part(f"a member of {label}", "keys")
            case c.MeasureComparison() | c.Occurs() | c.EdgeOccurrence() | c.Share():
                return Part(self.said(test), "value")
            case c.Consent():
                dated = any(isinstance(one, ConsentRecords) and one.channel == test.channel for one in self.plan.passes)
                return Part(self.said(test), "value" if dated else "own row")
            case c.Rank():
                return Part(self.said(test), "keys")
            case c.InList():
                return Part(self.said(test), "semi-join")
            case _:
                return Part(self.said(test), "keys" if test in names else "own row")

    def exists(self, test: Exists) -> str:
        said = (self.said(c.Occurs(one, 0, 0) if test.none else c.Occurs(one, 1, None)) for one in test.of)
        return (" and " if test.none else ", or ").join(said)

    def said(self, condition: c.Condition) -> str:
        """The condition in words; of a segment, its first line."""
        return describe_condition(condition, self.target.catalog, self.plan.now).splitlines()[0].rstrip(":")

    def told(self, one: Pass) -> Part:
        only = f", of {one.only} only" if one.only is not None else ""
        match one:
            case Keys(of=Exists() as of):
                return Part(f"{one.name}: {self.exists(of)}", "driver")
            case Keys():
                once = isinstance(one.of, c.InSequence) and reads_once(one.of, self.target)
                said = self.said(cast("c.Condition", one.of))
                return Part(f"{one.name}: {said}{only}", "one scan" if once else "keys")
            case Grouped(columns=columns):
                values = ", ".join(name for name, _ in columns)
                says = f"{one.name}: {values} of {_listed(one.events)}, {_reach(one, self.plan.now)}{only}"
                return Part(says, "apart" if any(map(looks_up_items, one.where)) else "one pass")
            case ConsentRecords(channel=channel):
                return Part(f"{one.name}: consent to {channel}{only}", "latest records")
            case Net(events=events):
                return Part(f"{one.name}: the sum over {_listed(events)}{only}", "one sum")
            case _:
                assert_never(one)

    def asked(self, of: Question) -> str:
        match of:
            case Members(label=label):
                return f"the members of {label}"
            case Valued():
                return "the value of each profile"
            case c.Rank():
                return self.said(of)
            case c.Population(statistic=statistic):
                return f"the {statistic}"
            case _:
                assert_never(of)


def _listed(names: Iterable[str]) -> str:
    return " or ".join(names)


def _reach(one: Grouped, now: datetime) -> str:
    """How far back a pass reads."""
    start = one.windows[0].start
    if start is None:
        return "all time"
    days = -(-(now - start) // timedelta(days=1))
    return f"the last {days:,} days" if days != 1 else "the last day"
