"""`why`: is this profile a member, what decided it, what would change it, and when time will."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from ... import binder, formatter
from ...arguments import Given, Parameter, context, given_rule, instant
from ...ast import Rule, Segment
from ...calendar import zone_of
from ...catalog import Catalog
from ...conditions import Condition, Sample, Tree
from ...conditions.live import LiveInstant, Now
from ...describer.values import WallClock
from ...errors import Problem, SegQLError, expect
from ...evaluator import Key, Shop
from ...evaluator.populations import looks_around
from ...evaluator.records import Profile, Records
from ...project import Project
from ...segments import NONE, Segments
from ...source import NOWHERE
from . import populations as among
from .fetching import Reader
from .flips import flips
from .model import Next, Why
from .next_flip import next_flip
from .outline import Outline, beside, sampled
from .parts import ProfileJudge


def why(
    rule: Given,
    catalog: Catalog,
    shop: Shop,
    profile: Key,
    *,
    now: datetime | None = None,
    segments: Segments = NONE,
    parameters: Mapping[str, Parameter] | None = None,
) -> Why:
    """Why a profile is a member or not, by plain rows.

    The shop need hold that profile's rows only, unless the rule looks at others too (as `segql.holds`). Raises
    SegQLError with all that is wrong with the rule, and `unknown-name` for a profile that is not there.
    """
    expect("shop", "a Shop", shop, Shop)
    expect("profile", "the key of a profile, a text or an integer", profile, str, int)
    context(catalog, segments, parameters)
    project = Project(catalog, segments, parameters or {}, now=instant(now))
    given = project.meaning(rule).read or given_rule(rule)
    _, bound, sample = outlined(given, project, project.instant())
    around = sample is not None or looks_around(bound)
    records = Records(shop, catalog, project.instant(), only=None if around else profile)
    person = known(profile, records)
    return _answer(given, project, shop, person, among.by_rows(person))


def why_in(project: Project, rule: Given, profile: Key) -> Why:
    """The same, by the project's warehouse: the rows of the profile that the rule reads are fetched, and no other's.

    Raises WarehouseError as well.
    """
    expect("project", "a Project", project, Project)
    expect("profile", "the key of a profile, a text or an integer", profile, str, int)
    now = project.instant()
    project = project.at(now)  # the clock, read once
    if isinstance(profile, str) and any("\ud800" <= letter <= "\udfff" for letter in profile):
        known(profile, Records(Shop([]), project.catalog, now))  # no text that a warehouse could hold
    reader = Reader(project.opened, project.catalog, profile, now)
    # What is read is the tenant's alone, and rows need not say so again.
    project = replace(project, catalog=project.catalog.model_copy(update={"tenant": None}))
    given = project.meaning(rule).read or given_rule(rule)
    shop = reader.shop(outlined(given, project, now)[1])
    person = known(profile, Records(shop, project.catalog, now))
    return _answer(given, project, shop, person, reader.ask(person))


def outlined(rule: Rule | Segment, project: Project, now: datetime) -> tuple[Outline, Tree[Condition], Sample | None]:
    """The rule at a `now`: beside its phrases, and as it was bound."""
    phrase = rule.rule if isinstance(rule, Segment) else rule
    label = rule.name.text if isinstance(rule, Segment) else "the rule"
    values = context(project.catalog, project.segments, project.parameters)
    lets, saved = project.segments.values, project.segments.segments
    bound = binder.bind(rule, project.catalog, now, lets=lets, segments=saved, parameters=values)
    node = beside(phrase, bound.rule, project.segments)
    return sampled(node, bound.rule, label, bound.sample), bound.rule, bound.sample


def _answer(rule: Rule | Segment, project: Project, shop: Shop, profile: Profile, ask: among.Ask) -> Why:
    """Why the profile is a member or not; `shop` holds its rows, `ask` knows of others."""
    catalog, now = project.catalog, project.instant()
    node, _, sample = outlined(rule, project, now)
    judge = ProfileJudge(profile, WallClock(zone_of(catalog.timezone), now, catalog.currency), ask, {})
    tree = judge.part(node)
    text = formatter.format(rule.rule if isinstance(rule, Segment) else rule)
    if sample is not None:
        then = Next(None, None, (), "Not known: the sample depends on who else is a member.")
    else:
        moving = outlined(rule, project, LiveInstant.of(now, Now()))[0]
        then = next_flip(moving, shop, catalog=catalog, key=profile.key, now=now)
    return Why(profile.key, tree.holds, text, now, tree, flips(node, judge), then)


def known(key: Key, records: Records) -> Profile:
    """The profile of that key. Raises SegQLError (`unknown-name`)."""
    if key not in records.profiles:
        called = repr(key) if isinstance(key, str) else key if abs(key) < 10**40 else "of so long a number"
        message = f"There is no profile {called}."
        hint = f"a profile is called by its key, the column `{records.catalog.profiles.key}`"
        raise SegQLError([Problem("unknown-name", message, NOWHERE, hint)])
    return Profile(key, records.profiles[key], records)
