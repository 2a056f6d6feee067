"""`why`: is this profile a member, what decided it, what would change it, and when time will."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from .. import binder, formatter
from ..ast import Segment
from ..calendar import zone_of
from ..catalog import Catalog
from ..compiler import Given, Parameter, context, given_rule, instant
from ..conditions import Condition, Sample, Tree
from ..conditions.live import LiveInstant, Now
from ..describer.values import Clock
from ..errors import Problem, SegQLError, expect
from ..evaluator import Key, Shop
from ..evaluator.populations import looks_around
from ..evaluator.shop import Profile, Records
from ..segments import NONE, Segments
from ..source import NOWHERE
from . import among
from .fetching import Reader
from .flips import flips
from .later import next_flip
from .model import Next, Why
from .nodes import Node, beside, sampled
from .parts import Judge

if TYPE_CHECKING:
    from ..warehouse import Warehouse


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
    question = Question(rule, catalog, instant(now), segments, parameters)
    _, bound, sample = question.at(question.now)
    around = sample is not None or looks_around(bound)
    records = Records(shop, catalog, question.now, only=None if around else profile)
    person = known(profile, records)
    return question.answer(shop, person, among.by_rows(person))


def why_in(
    warehouse: Warehouse,
    rule: Given,
    catalog: Catalog,
    profile: Key,
    *,
    now: datetime | None = None,
    segments: Segments = NONE,
    parameters: Mapping[str, Parameter] | None = None,
) -> Why:
    """The same, by a warehouse: the rows of the profile that the rule reads are fetched, and no other's."""
    expect("profile", "the key of a profile, a text or an integer", profile, str, int)
    question = Question(rule, catalog, instant(now), segments, parameters)
    reader = Reader(warehouse, catalog, profile, question.now)
    shop = reader.shop(question.at(question.now)[1])
    person = known(profile, Records(shop, catalog, question.now))
    return question.answer(shop, person, reader.ask(person))


class Question:
    """A rule that can be bound at any `now`."""

    def __init__(
        self,
        rule: Given,
        catalog: Catalog,
        now: datetime,
        segments: Segments,
        parameters: Mapping[str, Parameter] | None,
    ) -> None:
        self.parameters = context(catalog, segments, parameters)
        self.given = given_rule(rule)
        self.phrase = self.given.rule if isinstance(self.given, Segment) else self.given
        self.label = self.given.name.text if isinstance(self.given, Segment) else "the rule"
        self.catalog, self.now, self.segments = catalog, now, segments

    def at(self, now: datetime) -> tuple[Node, Tree[Condition], Sample | None]:
        """The rule at a `now`: beside its phrases, and as it was bound."""
        lets, saved = self.segments.values, self.segments.segments
        bound = binder.bind(self.given, self.catalog, now, lets=lets, segments=saved, parameters=self.parameters)
        node = beside(self.phrase, bound.rule, self.segments)
        return sampled(node, bound.rule, self.label, bound.sample), bound.rule, bound.sample

    def answer(self, shop: Shop, profile: Profile, ask: among.Ask) -> Why:
        """Why the profile is a member or not; `shop` holds its rows, `ask` knows of others."""
        node, _, sample = self.at(self.now)
        clock = Clock(zone_of(self.catalog.timezone), self.now, self.catalog.currency)
        judge = Judge(profile, clock, ask, {})
        tree = judge.part(node)
        text = formatter.format(self.phrase)
        return Why(profile.key, tree.holds, text, self.now, tree, flips(node, judge), self._next(shop, profile, sample))

    def _next(self, shop: Shop, profile: Profile, sample: Sample | None) -> Next:
        if sample is not None:
            return Next(None, None, (), "Not known: the sample depends on who else is a member.")
        moving = self.at(LiveInstant.of(self.now, Now()))[0]
        return next_flip(moving, shop, catalog=self.catalog, key=profile.key, now=self.now)


def known(key: Key, records: Records) -> Profile:
    """The profile of that key. Raises SegQLError (`unknown-name`)."""
    if key not in records.profiles:
        called = repr(key) if isinstance(key, str) else key if abs(key) < 10**40 else "of so long a number"
        message = f"There is no profile {called}."
        hint = f"a profile is called by its key, the column `{records.catalog.profiles.key}`"
        raise SegQLError([Problem("unknown-name", message, NOWHERE, hint)])
    return Profile(key, records.profiles[key], records)
