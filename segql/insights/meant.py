"""Meanings made of others: of both, of one without another; and those of rules that must all be right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from .. import conditions as c
from ..ast import All, Not
from ..binder import Bound
from ..conditions import Condition, Tree
from ..errors import Problem, SegQLError
from ..meanings import Meaning


def every(found: tuple[Mapping[str, Meaning], Sequence[Problem]]) -> Mapping[str, Meaning]:
    """The meanings of rules, all of which must be right. Raises SegQLError with all that is wrong."""
    meanings, problems = found
    if problems:
        raise SegQLError(problems)
    return meanings


def condition(meaning: Meaning) -> Tree[Condition]:
    """A meaning as one condition, its sample with it."""
    if meaning.sample is None:
        return meaning.bound
    return c.InSegment("the sample", meaning.bound, sample=meaning.sample)


def all_of(text: str, holds: Iterable[Meaning], fails: Iterable[Meaning] = ()) -> Meaning:
    """Whoever is in all of `holds` and in none of `fails`, at the latest of their instants; without notes."""
    holds, fails = tuple(holds), tuple(fails)
    parts: tuple[Tree[Condition], ...] = tuple(map(condition, holds))
    parts += tuple([Not(condition(one)) for one in fails])
    bound = Bound(All(parts), ())
    every = (*holds, *fails)
    now, catalog = max(one.now for one in every), every[0].catalog
    return Meaning(lambda: text, now, None, lambda: bound, lambda _: (), catalog)
