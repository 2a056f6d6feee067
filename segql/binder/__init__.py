"""The binder: the only place where names meet the catalog, types meet values, and windows become instants.

`bind` reports every problem of a rule at once; warnings and hints come beside the bound tree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from typing import assert_never

from .. import ast, parser
from .. import conditions as c
from ..catalog import Catalog, fold
from ..conditions.implication import subset
from ..errors import Problem, SegQLError
from ..plain import dataclass
from ..source import Source
from .advice.absence import unseen
from .advice.ambiguities import same_too, whose_property
from .advice.consent import one_reason, unasked
from .advice.suggestions import another_value
from .advice.whose_denials import whose_denial
from .advice.whose_windows import whose_window
from .again import said_again, what_alone, what_was_done
from .gathered import in_common
from .measures import measure, of_text
from .occurrence import subject
from .places import is_nearest, near, nearest, random
from .populations import rank, sample
from .saved import defaults, hides, in_segment, referred, same_kind, too_deep
from .scope import MOST_DEPTH, Scope, Together, Work, constant_value, fail, listed, scope_of, still_denied
from .sequences import sequence
from .spoken import (
    not_even_once,
    not_so_many,
    what_else_is_denied,
    what_is_denied,
    what_is_taken,
    what_it_is,
    whose_place,
)
from .standing import consent, in_list
from .taken import as_taken, in_words
from .values import NUMBERS, article

__all__ = ["Bound", "bind", "mistakes", "unasked"]


@dataclass(frozen=True, slots=True)
class Bound:
    """The meaning of a rule, with the warnings and hints met on the way, in the order of the text.

    `sample`: of those for whom the rule holds only so many are members. `said`: the rule that it was taken for, where
    some of its words had to be.
    """

    rule: c.Tree[c.Condition]
    notes: tuple[Problem, ...]
    sample: c.Sample | None = None
    said: ast.Rule | ast.Segment | None = None


def bind(
    rule: ast.Rule | ast.Segment,
    catalog: Catalog,
    now: datetime,
    *,
    lets: Mapping[str, ast.Literal_] | None = None,
    segments: Mapping[str, ast.Segment] | None = None,
    parameters: Mapping[str, ast.Literal_] | None = None,
) -> Bound:
    """The bound tree of a rule, or of a saved segment, at `now` (aware).

    `parameters` are what the rule or segment itself is given; the segments that it refers to see the `lets` only. All
    mappings have folded names. Raises SegQLError with every error of the rule.
    """
    tree = rule.rule if isinstance(rule, ast.Segment) else rule
    source = rule.span.source
    scope = scope_of(catalog, now, lets or {}, parameters or {}, segments or {})
    try:
        if isinstance(rule, ast.Segment):
            scope = _of_segment(scope, rule, parameters or {})
        bound = _tree(scope, tree, 0)
    except SegQLError as error:
        raise SegQLError(_in_order(scope.said(error.problems), source)) from None
    notes = [*scope.work.notes, *(hint for hint, _ in scope.work.unsure), *unseen(scope, bound)]
    sampled = sample(rule) if isinstance(rule, ast.Segment) else None
    said: ast.Rule | ast.Segment | None = None
    if scope.work.taken:
        said = as_taken(scope, tree)
        said = replace(rule, rule=said) if isinstance(rule, ast.Segment) else said
    return Bound(bound, tuple(_in_order(notes, source)), sampled, said)


def mistakes(catalog: Catalog, now: datetime) -> list[Problem]:
    """What is wrong with the SegQL of a catalog: its metrics and constants, each at its place in the file."""
    scope = scope_of(catalog, now, {}, {}, {})
    together = Together()
    for name in catalog.constants:
        with together:
            constant_value(catalog, name)
    for name in catalog.metrics:
        with together:
            measure(scope, ast.Subject(ast.Name("", name)))
    if catalog.insights is not None and catalog.insights.revenue is not None:
        with together:
            _revenue(scope, catalog.insights.revenue)
    return list(together.problems)


def _revenue(scope: Scope, text: str) -> None:
    """What is said to be revenue has to be a number. Raises SegQLError, at its place in the file."""
    place = scope.catalog.span("insights", "revenue")
    try:
        _, kind = of_text(scope, parser.parse_metric(text, "revenue"))
    except SegQLError as error:
        first = error.problems[0]
        fail("bad-metric", f"`revenue` of `insights` has a mistake: {first.message}", place, first.hint)
    if kind not in NUMBERS:
        fail("bad-metric", f"`revenue` of `insights` is {article(kind)}, and a number is needed.", place)


def _of_segment(scope: Scope, segment: ast.Segment, parameters: Mapping[str, ast.Literal_]) -> Scope:
    """The scope of a segment that is the rule itself: its parameters have the values given, else their defaults."""
    values = defaults(segment)
    names = {fold(name.text): name for name, _ in segment.parameters}
    together = Together()
    for key, value in parameters.items():
        with together:
            if key not in values:
                known = f"its parameters: {listed(n.text for n in names.values())}" if names else "it has none"
                fail("unknown-name", f"`{segment.name.text}` has no parameter `{key}`.", segment.name.span, known)
            same_kind(names[key].text, values[key], value, names[key].span)
    together.done()
    hides(scope, segment)
    return scope.inside_segment(fold(segment.name.text), {**values, **parameters})


def _in_order(problems: Iterable[Problem], source: Source) -> list[Problem]:
    """Each once: those in the rule's own text, from its beginning on, then those of segments and of the catalog."""
    return sorted(
        dict.fromkeys(problems), key=lambda p: (p.span.source is not source, p.span.start * (p.span.source is source))
    )


def _size(rule: ast.Phrase) -> int:
    """How many plain conditions take as long to compile: by measure, `docs/performance.md`."""
    match rule:
        case ast.Sequence(steps=steps):
            return 4 * len(steps)
        case ast.Subject(regularity=ast.Regularity(periods=periods)):
            return 4 + min(periods, 400) // 4
        case ast.Subject(head=ast.AllOf(events=events)):
            return 2 * len(events)
        case ast.Subject(comparison=ast.Compare(right=ast.Population())):
            return 12
        case ast.Subject(head=ast.Share()):
            return 6
        case ast.Rank():
            return 4
        case _:
            return 1


def _tree(scope: Scope, rule: ast.Rule, depth: int) -> c.Tree[c.Condition]:
    if depth > MOST_DEPTH:
        too_deep(rule.span)
    work = scope.work
    work.depth = max(work.depth, depth)
    match rule:
        case ast.All(parts=parts):
            same = same_too(rule, lambda one: _binds(scope, one, depth))
            if same is not rule:
                work.taken[rule] = same
                return _tree(scope, same, depth)
            return c.All(_parts(scope, parts, depth, every=True), rule.span)
        case ast.AnyOf(parts=parts):
            return c.AnyOf(_parts(scope, parts, depth, every=False), rule.span)
        case ast.Not(part=part):
            not_even_once(part, rule.span)
            not_so_many(scope, part, rule.span)
            try:
                return c.Not(_tree(scope.inside_not(), part, depth + 1), rule.span)
            except SegQLError as error:
                if part.span != rule.span:
                    raise
                raise SegQLError([still_denied(one, rule.span) for one in error.problems]) from None
    notes, unsure = len(work.notes), len(work.unsure)
    try:
        return _phrase(scope, rule, depth)
    except SegQLError as error:
        if (said := in_words(scope, rule, error)) is None:
            raise
        del work.notes[notes:], work.unsure[unsure:]
        try:
            bound = _tree(scope, said, depth + 1)
        except SegQLError:
            raise error from None
        work.taken[rule] = said
        return bound


def _phrase(scope: Scope, rule: ast.Phrase, depth: int) -> c.Tree[c.Condition]:
    """One condition. Raises SegQLError."""
    if isinstance(rule, ast.InSegment):
        return in_segment(scope, rule, depth, _tree)
    scope.count(rule.span, _size(rule))
    match rule:
        case ast.Subject(head=ast.AllOf() as head):
            return in_common(scope, rule, head)
        case ast.Subject() if is_nearest(scope, rule):
            return nearest(scope, rule)
        case ast.Subject(comparison=ast.Compare() | ast.Between()):
            return subject(_referring(scope, depth), rule)
        case ast.Subject():
            return subject(scope, rule)
        case ast.CanReceive():
            return consent(scope, rule)
        case ast.InList():
            return in_list(scope, rule)
        case ast.Sequence():
            return sequence(scope, rule)
        case ast.Rank():
            return rank(_referring(scope, depth), rule)
        case ast.Near():
            return near(scope, rule)
        case ast.Random():
            return random(rule)
        case _:
            assert_never(rule)


def _referring(scope: Scope, depth: int) -> Scope:
    """The scope of a condition that may be about the members of another segment."""
    return replace(scope, refer=lambda reference: referred(scope, reference, depth, _tree))


def _parts(scope: Scope, parts: tuple[ast.Rule, ...], depth: int, every: bool) -> tuple[c.Tree[c.Condition], ...]:
    """The operands of one and/or: every problem in them, and the doubts between neighbours."""
    bound: list[c.Tree[c.Condition]] = []
    unsure, before = scope.work.unsure, len(scope.work.unsure)
    for one, other in pairwise(parts):
        (what_alone if every else what_else_is_denied)(scope, one, other)
        what_was_done(scope, one, other, every)
        if not every:
            whose_place(scope, one, other)
    parts = said_again(scope, parts, every)
    together = Together()
    for i, part in enumerate(parts):
        with together:
            if i:
                _doubts(scope, parts[i - 1], part, every)
            bound.append(_tree(scope, part, depth + 1))
    together.done()
    if scope.work.taken:
        for one, other in pairwise(parts):
            what_is_taken(scope, one, other, every)
    if any(part in scope.work.taken for part in parts):
        parts = tuple(as_taken(scope, part) for part in parts)
        for one, other in pairwise(parts):
            _doubts(scope, one, other, every)
    if len(parts) > 1:
        whose_window(scope, parts, every)
        if not every:
            whose_denial(scope, parts)
    if every:
        one_reason(scope, bound)
    if every and len(unsure) > before:
        # Where a neighbour demands such an occurrence, nobody is in who never did it.
        sure = [part.of for part in bound if isinstance(part, c.Occurs) and part.at_least > 0]
        unsure[before:] = [(hint, of) for hint, of in unsure[before:] if not any(subset(one, of) for one in sure)]
    return tuple(bound)


def _doubts(scope: Scope, before: ast.Rule, after: ast.Rule, every: bool) -> None:
    """What nobody can tell of two neighbours. Raises SegQLError."""
    whose_property(scope, before, after, every)
    if every:
        what_it_is(scope, before, after)
    another_value(scope, before, after)
    what_is_denied(scope, before, after, every)


def _binds(scope: Scope, rule: ast.Rule, depth: int) -> bool:
    """Whether the condition has a meaning."""
    try:
        _tree(replace(scope, work=Work()), rule, depth)
    except SegQLError:
        return False
    return True
