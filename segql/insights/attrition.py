"""Attrition: what each condition of a rule does to the number of its members."""

from __future__ import annotations

from dataclasses import replace

from .. import ast, formatter, parser
from ..arguments import Given, given_rule
from ..meanings import Meaning
from ..plain import dataclass
from ..project import Project
from .alike import Alike, alike


@dataclass(frozen=True, slots=True)
class Step:
    """One condition of a rule, as it is written: the profiles for which it holds, by itself (`alone`) and together with
    those above it (`here`); and how the members would be changed if it were dropped, in or out.
    """

    text: str
    alone: int
    here: int
    dropped: int

    @property
    def changes_nothing(self) -> bool:
        """Whether the rule without it has the same members."""
        return self.dropped == 0


@dataclass(frozen=True, slots=True)
class Funnel:
    """The steps of a rule in the order in which they are written. `joined` says whether all must hold, or any.

    `members` are those of the whole rule; where it is a sample these are some of the last step's.
    """

    text: str
    joined: str
    profiles: int
    members: int
    steps: tuple[Step, ...]


def funnel(rule: Given, project: Project) -> Funnel:
    """What each condition of a rule does in the project's warehouse, by one statement.

    The conditions are those that the rule joins by `and`, or by `or` where it is made of these; of any other there is
    one. Raises as `segql.compile`; WarehouseError.
    """
    Project.expect(project)
    whole = project.meaning(rule)
    project = project.at(whole.now)
    joined, steps = conditions(rule, whole, project)
    return funnel_of(whole, joined, steps, alike(project, asked(whole, steps)))


def asked(whole: Meaning, steps: dict[str, Meaning]) -> dict[str, Meaning]:
    """What is asked of the warehouse: each step by its place, and last the whole."""
    return {**{str(place): one for place, one in enumerate(steps.values())}, "whole": whole}


def conditions(rule: Given, whole: Meaning, project: Project) -> tuple[str, dict[str, Meaning]]:
    """How the conditions of a rule are joined, `and` or `or`; and each of them by its text, in order."""
    given = whole.read or given_rule(rule)
    if isinstance(given, ast.Segment):
        said = parser.parse_definitions(whole.text).parts[0]
        assert isinstance(said, ast.Segment)
        tree = said.rule
    else:
        tree = parser.parse_rule(whole.text)
    joined = "or" if isinstance(tree, ast.AnyOf) else "and"
    parts = tree.parts if isinstance(tree, ast.All | ast.AnyOf) and len(tree.parts) > 1 else (tree,)
    found: dict[str, Meaning] = {}
    for part in parts:
        one = replace(given, rule=part, sample=None) if isinstance(given, ast.Segment) else part
        text = formatter.format(_uncommented(part))
        found[text] = project.meaning(one)
    return joined, found


def _uncommented(rule: ast.Rule) -> ast.Rule:
    match rule:
        case ast.All(parts) | ast.AnyOf(parts):
            return replace(rule, parts=tuple([_uncommented(part) for part in parts]), comments=())
        case ast.Not(part):
            return replace(rule, part=_uncommented(part), comments=())
        case _:
            return replace(rule, comments=())


def funnel_of(whole: Meaning, joined: str, steps: dict[str, Meaning], found: Alike) -> Funnel:
    """The attrition of a rule, from the profiles that are alike in its steps and in the whole."""
    last = 1 << len(steps)
    every = last - 1
    told: list[Step] = []
    for place, text in enumerate(steps):
        mine, above = 1 << place, (2 << place) - 1
        if joined == "and":
            here, without, all_ = found.count(above), found.count(every & ~mine), found.count(every)
            dropped = without - all_
        else:
            here, dropped = found.of_any(above), found.of_any(every) - found.of_any(every & ~mine)
        told.append(Step(text, found.count(mine), here, dropped))
    return Funnel(whole.text, joined, found.profiles, found.count(last), tuple(told))
