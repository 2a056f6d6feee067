"""The saved segments that one profile is in: since when, what would change that, and those that time alone brings."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from .. import conditions as c
from .. import planner
from ..arguments import context
from ..calendar import zone_of
from ..conditions.live import LiveInstant, Now
from ..describer.values import WallClock
from ..emitter import profile_rows as own
from ..errors import Problem, SegQLError, expect
from ..evaluator import Key, Shop
from ..evaluator.populations import looks_around
from ..evaluator.records import Profile, Records
from ..many import taken
from ..plain import dataclass
from ..project import Project
from .why.answer import known, outlined
from .why.fetching import Reader
from .why.flips import flips
from .why.last_flip import last_flip
from .why.model import Change, Next, Since
from .why.next_flip import next_flip
from .why.outline import Outline, holds, leaves
from .why.parts import ProfileJudge
from .why.populations import Ask, Relative, Standing, by_rows

UNKNOWN = Next(None, None, (), "Not known: the segment looks at other profiles, and what they will do is open.")


@dataclass(frozen=True, slots=True)
class Membership:
    """A saved segment that a profile is in.

    `since` is when it came in, `next` when time alone takes it out, `flips` are the smallest changes that would.
    """

    segment: str
    since: Since
    next: Next
    flips: tuple[tuple[Change, ...], ...]


@dataclass(frozen=True, slots=True)
class Memberships:
    """The segments that a profile is in at `now`, in the order in which they are saved.

    `coming` are those that it is not in, and that time alone brings, the soonest first. `segments` is how many were
    asked, `problems` say what is wrong with the others.
    """

    profile: Key
    now: datetime
    segments: int
    inside: tuple[Membership, ...]
    coming: tuple[tuple[str, Next], ...]
    problems: tuple[Problem, ...] = ()


def segments_of(project: Project, profile: Key) -> Memberships:
    """Which of the project's saved segments a profile is in. Its rows are read once for all of them, and no other's.

    What a segment asks of others (a rank, an average, a sample) is one statement more. A segment with a mistake is left
    out, and told in `problems`. Raises SegQLError (`unknown-name`) for a profile that is not there;
    ValueError for a parameter that no segment has; WarehouseError.
    """
    expect("project", "a Project", project, Project)
    expect("profile", "the key of a profile, a text or an integer", profile, str, int)
    now = project.instant()
    if isinstance(profile, str) and any("\ud800" <= letter <= "\udfff" for letter in profile):
        known(profile, Records(Shop([]), project.catalog, now))  # no text that a warehouse could hold
    rules, problems = _asked(project.at(now))
    reader = Reader(project.opened, project.catalog, profile, now)
    # What is read is the tenant's alone, and rows need not say so again.
    catalog = project.catalog.model_copy(update={"tenant": None})
    shop = reader.shop(c.All(tuple([one.bound for one in rules.values()])))
    person = known(profile, Records(shop, catalog, now))

    def ask(condition: Relative) -> Standing:
        plan = planner.plan(condition, project.catalog, now)
        return Standing(bool(reader.rows(own.is_member(plan, profile, reader.target))))

    return _answer(rules.values(), shop, person, ask, problems)


def segments_by_rows(project: Project, shop: Shop, profile: Key) -> Memberships:
    """The same by plain rows. The shop need hold the profile's rows only, unless a segment looks at others too."""
    now = project.instant()
    rules, problems = _asked(project.at(now))
    person = known(profile, Records(shop, project.catalog, now))
    return _answer(rules.values(), shop, person, by_rows(person), problems)


@dataclass(frozen=True, slots=True)
class _Rule:
    """A segment, as it was bound; `now` and moving: beside its phrases, at that instant and at a running clock."""

    name: str
    bound: c.Tree[c.Condition]
    still: Outline
    moving: Outline
    sampled: bool


def _asked(project: Project) -> tuple[Mapping[str, _Rule], list[Problem]]:
    """The segments that mean something, by their names, and what is wrong with the others."""
    found: dict[str, _Rule] = {}
    problems: list[Problem] = [*project.segments.problems]
    values = context(project.catalog, project.segments, project.parameters)
    segments = [project.segments[name] for name in project.segments]
    for name in values.keys() - frozenset[str]().union(*map(taken, segments)):
        raise ValueError(f"`parameters`: none of the segments has `{name}`")
    for segment in segments:
        name = segment.name.text
        mine = replace(project, parameters={one: values[one] for one in taken(segment) & values.keys()})
        try:
            still, bound, sample = outlined(segment, mine, project.instant())
            moving = outlined(segment, mine, LiveInstant.of(project.instant(), Now()))[0]
        except SegQLError as error:
            problems += error.problems
        else:
            found[name] = _Rule(name, bound, still, moving, sample is not None)
    return found, list(dict.fromkeys(problems))


def _answer(
    rules: Collection[_Rule], shop: Shop, profile: Profile, ask: Ask, problems: Iterable[Problem]
) -> Memberships:
    catalog, now, key = profile.records.catalog, profile.records.now, profile.key
    judge = ProfileJudge(profile, WallClock(zone_of(catalog.timezone), now, catalog.currency), ask, {})
    inside: list[Membership] = []
    coming: list[tuple[str, Next]] = []
    told = [*problems]
    for rule in rules:
        try:
            member = holds(rule.still, {leaf.bound: judge.leaf(leaf) for leaf in leaves(rule.still)})
        except SegQLError as error:  # of a question about others that the engine cannot answer
            told += [replace(one, message=f"`{rule.name}` is not known. {one.message}") for one in error.problems]
            continue
        around = rule.sampled or any(looks_around(leaf.bound) for leaf in leaves(rule.moving))
        then = UNKNOWN if around else next_flip(rule.moving, shop, catalog=catalog, key=key, now=now)
        if member:
            since = Since(None, None) if around else last_flip(rule.moving, shop, catalog=catalog, key=key, now=now)
            inside.append(Membership(rule.name, since, then, flips(rule.still, judge)))
        elif then.at is not None:
            coming.append((rule.name, then))
    coming.sort(key=lambda one: one[1].at or now)
    return Memberships(key, now, len(rules), tuple(inside), tuple(coming), tuple(told))
