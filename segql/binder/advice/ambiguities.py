"""Doubts between neighbours under one `and` or `or`: whose property, whose step?"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from ... import ast
from ...catalog import fold
from ...conditions import Tree
from ...errors import Fix, SegQLError
from ...formatter import format as format_
from ...source import Span
from ...words import word
from ..heads import BoundHead, Events, Measured, MetricHead, Shared, resolve
from ..measures import metric_text
from ..rows import event_field, item_field
from ..scope import Scope, fail

_COMMENT = re.compile(r"(?:--|#)[^\n]*")


def whose_property(scope: Scope, before: ast.Rule, after: ast.Rule, every: bool) -> None:
    """`placed order where total > 100 and country is "NL"`: the country of the order, or of the profile?

    A `where` without parentheses ends at `and` and `or`. What follows and could also belong to the event is an error.
    """
    one, names = _last_of(before), _names(after)
    if not isinstance(one, ast.Subject) or not names:
        return
    whose = between(before, after) == word("WHO", "whose")
    for part, said in [*_open(one), *([("where", one)] if whose and one.where is None else [])]:
        tree = getattr(said, part)
        head = _events(scope, said)
        if head is None or (tree and not _ends_before(tree.span, after.span)):
            continue
        events, items = head
        if not all(_knows(scope, events, items, name) for name in names):
            continue
        link, join = ("and", ast.All) if every else ("or", ast.AnyOf)
        joined = join((tree, _as_predicate(after))) if tree else _as_predicate(after)
        inside = replace(said, where=joined) if part == "where" else replace(said, has=joined)
        whole = Span(before.span.source, before.span.start, after.span.end)
        fixes = [Fix(whole, format_(_put(before, one, said, inside)), f"if `{events.said}` has it")]
        too = all(_stands_alone(scope, name) for name in names)
        if too:
            apart = format_(join((_put(before, one, said, said), after)))
            fixes.append(Fix(whole, apart, "if the profile has it"))
        what = f"`{names[0].text}` is {'also ' * too}a property of `{events.said}`"
        ends = f", but `{part}` ends before `{link}`" if tree else ""
        fail("whose-property", f"{what}{ends}.", names[0].span,
             "say which:" if too else "say", *fixes)  # fmt: skip


def same_too(rule: ast.All[ast.Phrase], binds: Callable[[ast.Rule], bool]) -> ast.Rule:
    """`.. with the same product and brand`: a name alone that the events have is one more that is the same.

    Raises SegQLError with both readings where that name is a condition as well.
    """
    parts = list(rule.parts[:1])
    for part in rule.parts[1:]:
        both = _one_more_same(parts[-1], part)
        if both is None or not binds(both):
            parts.append(part)
            continue
        if binds(part):
            apart = f"({parts[-1].span.text}) {word('AND')} {part.span.text}"
            fail("whose-property", f"`{part.span.text}` is also a property of these events.", part.span, "say which:",
                 Fix(both.span, format_(both), "if it is to be the same"),
                 Fix(both.span, apart, "if it is a condition of its own"))  # fmt: skip
        parts[-1] = both
    if len(parts) == len(rule.parts):
        return rule
    return replace(rule, parts=tuple(parts)) if len(parts) > 1 else parts[0]


def _one_more_same(before: ast.Rule, after: ast.Rule) -> ast.Rule | None:
    """The first operand with the name that the second begins with, and the steps behind that."""
    step, one = _last_of(before), after.steps[0] if isinstance(after, ast.Sequence) else after
    if not isinstance(step, ast.Subject) or not step.with_the_same or not isinstance(one, ast.Subject):
        return None
    last, name = step.with_the_same[-1], one.head
    if not isinstance(name, ast.Name) or last.span.end != before.span.end or not _ends_before(last.span, name.span):
        return None
    alone = step is _under_not(before)
    window = one.window if alone and step.window is None else None
    if one != ast.Subject(name, window=window) or (alone and one is not after):
        return None
    more = replace(step, with_the_same=(*step.with_the_same, name), window=window or step.window)
    both = _put(before, step, step, more)
    if isinstance(after, ast.Sequence):
        both = _going_on(both, after)
    return replace(both, span=before.span.to(after.span))


def _going_on(rule: ast.Rule, after: ast.Sequence) -> ast.Rule:
    """A sequence, under `not` or not, with the steps behind the first of another."""
    if isinstance(rule, ast.Not):
        return replace(rule, part=_going_on(rule.part, after))
    assert isinstance(rule, ast.Sequence)
    return replace(after, words=rule.words + after.words, steps=rule.steps + after.steps[1:])


def _last_of(rule: ast.Rule) -> ast.Rule:
    """A condition under `not`, or the last step of a sequence."""
    one = _under_not(rule)
    return one.steps[-1] if isinstance(one, ast.Sequence) else one


def _under_not(rule: ast.Rule) -> ast.Rule:
    while isinstance(rule, ast.Not):
        rule = rule.part
    return rule


def _names(rule: ast.Rule) -> list[ast.Name]:
    """The names that all its conditions begin with; none when one of them begins with something else."""
    match rule:
        case ast.Subject(head=ast.Name() as name):
            return [name]
        case ast.Subject(head=ast.DatePart(property=name) | ast.Anniversary(property=name)):
            return [name]
        case ast.Not(part=part):
            return _names(part)
        case ast.All(parts=parts) | ast.AnyOf(parts=parts):
            found = [_names(part) for part in parts]
            return [name for names in found for name in names] if all(found) else []
        case _:
            return []


def _knows(scope: Scope, events: Events, items: bool, name: ast.Name) -> bool:
    """Whether a `where` of these events takes the name: their property, or one of the items that it selects."""
    if event_field(scope, events.names, name) is not None:
        return True
    return items and item_field(scope, events.names, name) is not None


def _as_predicate(rule: ast.Rule) -> Tree[ast.Predicate]:
    """Conditions that all begin with names, said inside a `where`."""
    match rule:
        case ast.Not(part=part):
            return ast.Not(_as_predicate(part))
        case ast.All(parts=parts):
            return ast.All(tuple(map(_as_predicate, parts)))
        case ast.AnyOf(parts=parts):
            return ast.AnyOf(tuple(map(_as_predicate, parts)))
        case ast.Subject():
            return replace(rule, comments=())
        case _:
            raise AssertionError(rule)


def _open(subject: ast.Subject) -> list[tuple[str, ast.Subject]]:
    """The `where` and `has` of a condition that may have been meant to go on: its own, and its right side's."""
    found = [(part, subject) for part in ("where", "has") if getattr(subject, part) is not None]
    match subject.comparison:
        case ast.Compare(right=ast.Scaled(of=of)) if of.where is not None:
            found.append(("where", of))
    return found


def _put(rule: ast.Rule, subject: ast.Subject, old: ast.Subject, new: ast.Subject) -> ast.Rule:
    """The rule with its subject, or the right side of it, replaced; without comments."""
    if isinstance(rule, ast.Not):
        return ast.Not(_put(rule.part, subject, old, new))
    if isinstance(rule, ast.Sequence):
        return replace(rule, steps=(*rule.steps[:-1], new), comments=())
    if old is not subject:
        compare = subject.comparison
        assert isinstance(compare, ast.Compare)
        assert isinstance(compare.right, ast.Scaled)
        new = replace(subject, comparison=replace(compare, right=replace(compare.right, of=new)))
    return replace(new, comments=())


def between(before: ast.Rule, after: ast.Rule) -> str:
    """What stands between two operands, folded."""
    return fold(Span(before.span.source, before.span.end, after.span.start).text.strip())


def _ends_before(where: Span, after: Span) -> bool:
    """Whether no parenthesis closes between a `where` and what follows: then nobody said where it ends."""
    if where.source is not after.source or not where.text:
        return False
    return ")" not in _COMMENT.sub("", where.source.text[where.end : after.start])


def _events(scope: Scope, subject: ast.Subject) -> tuple[Events, bool] | None:
    """The events that a subject looks at, and whether its `where` selects their items."""
    try:
        head: BoundHead = resolve(scope, subject.head)
        if isinstance(head, MetricHead):
            head = resolve(scope, metric_text(scope, head.name).top.head)
    except SegQLError:  # binding says it
        return None
    match head:
        case Events():
            return head, False
        case Shared(events=events):
            return events, False
        case Measured(aggregate=aggregate, events=events):
            name = aggregate.property
            return events, name is not None and event_field(scope, events.names, name) is None
        case _:
            return None


def _stands_alone(scope: Scope, name: ast.Name) -> bool:
    try:
        resolve(scope, name)
    except SegQLError:
        return False
    return True
