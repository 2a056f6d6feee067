"""What a change of a rule does: who comes in, who goes out, and some of them with what decides it."""

from __future__ import annotations

from difflib import unified_diff

from ..arguments import Given, expect_rule
from ..compiler import written
from ..errors import expect
from ..evaluator import Key
from ..meanings import Meaning
from ..plain import dataclass
from ..project import Project
from .alike import Alike, alike
from .figures import Stats
from .meant import all_of
from .questions import asked
from .why.answer import why_in
from .worth import numbers_of


@dataclass(frozen=True, slots=True)
class Moved:
    """A profile that is in one of two rules alone, and why it is not in the other: conditions with what was seen."""

    profile: Key
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two rules: `lines` are how their canonical texts differ, as a unified diff without heads.

    `before` and `after` are their members, `came` those of the second alone, `went` those of the first alone;
    `newcomers` and `leavers` are some of these, in the order of their keys.
    """

    lines: tuple[str, ...]
    same_meaning: bool
    profiles: int
    before: int
    after: int
    came: int
    went: int
    newcomers: tuple[Moved, ...] = ()
    leavers: tuple[Moved, ...] = ()
    worth: Stats | None = None
    """The numbers of the catalog's roles and consent, of the second rule's members beside the first's; None where
    nobody moves, or the catalog has neither.
    """


def diff(old: Given, new: Given, project: Project, after: Project | None = None, *, few: int = 3) -> Comparison:
    """What it does that `new` takes the place of `old`; `after` is the project of `new`, where it is another.

    Both projects have one warehouse, and the first one's `now`; their segments may differ. Of those who move `few` are
    named.
    Raises as `segql.compile`; WarehouseError.
    """
    Project.expect(project)
    expect("few", "how many to name", few, int)
    expect("after", "a Project, or None", after, Project, type(None))
    for name, rule in (("old", old), ("new", new)):
        expect_rule(name, rule)
    project = project.at(project.instant())
    after = project if after is None else after.at(project.now)
    first, second = project.meaning(old), after.meaning(new)
    found = compared(first, second, alike(after, {"old": first, "new": second}))
    if not (found.came or found.went):
        return found
    worth = _worth(first, second, after)
    newcomers = [_moved(key, old, project) for key in _some(second, first, after, few)]
    leavers = [_moved(key, new, after) for key in _some(first, second, after, few)]
    return Comparison(
        found.lines, found.same_meaning, found.profiles, found.before, found.after, found.came, found.went,
        tuple(newcomers), tuple(leavers), worth,
    )  # fmt: skip


def _worth(first: Meaning, second: Meaning, project: Project) -> Stats | None:
    """What the members of the second are worth beside those of the first, by one statement."""
    what = asked(project, second.now, roles_alone=True)
    return numbers_of(second, first, what, project) if what.roles or what.consent else None


def compared(first: Meaning, second: Meaning, found: Alike) -> Comparison:
    """The comparison without names, from the profiles that are alike in the first and in the second."""
    lines = tuple(unified_diff(first.text.splitlines(), second.text.splitlines(), lineterm="", n=2))
    same = (first.optimized, first.sample) == (second.optimized, second.sample)
    return Comparison(
        tuple(line for line in lines if not line.startswith(("---", "+++", "@@"))), same, found.profiles,
        found.count(1), found.count(2), found.count(2, 1), found.count(1, 2),
    )  # fmt: skip


def _some(inside: Meaning, outside: Meaning, project: Project, few: int) -> list[Key]:
    """The first keys of those who are in one and not in the other."""
    done = written(all_of("who moved", [inside], [outside]), project.catalog, project.dialect)
    return list(project.opened.members(done.sql, few)[1])


def _moved(key: Key, rule: Given, project: Project) -> Moved:
    """Why a profile is not in a rule."""
    failing = [part for part in why_in(project, rule, key).tree.conditions() if not part.holds]
    return Moved(key, tuple(f"{part.text}: {part.seen}" if part.seen else part.text for part in failing))
