"""The binder: the only place where names meet the catalog, types meet values, and windows become instants.

`bind` reports every problem of a rule at once; warnings and hints come beside the bound tree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from .. import ast
from ..catalog import Catalog, fold
from ..conditions import All, AnyOf, Condition, Consent, InList, InSegment, Interval, Not, Tree
from ..errors import Problem, SegQLError
from ..formatter import format as format_
from ..formatter import format_name
from ..source import Span
from . import windows
from .heads import Events, resolve
from .occurrence import subject
from .scope import Scope, event_property, fail, not_yet, scope_of, unknown

MOST_CONDITIONS = 20_000
"""Conditions of a rule with all its segments unfolded."""


@dataclass(frozen=True, slots=True)
class Bound:
    """The meaning of a rule, with the warnings and hints met on the way."""

    rule: Tree[Condition]
    notes: tuple[Problem, ...]


def bind(
    rule: ast.Rule,
    catalog: Catalog,
    now: datetime,
    values: Mapping[str, ast.Literal_] | None = None,
    segments: Mapping[str, ast.Segment] | None = None,
) -> Bound:
    """The bound tree of a rule at `now` (aware). `values` (lets, parameters) and `segments` have folded names.

    Raises SegQLError with every error of the rule.
    """
    scope = scope_of(catalog, now, values or {}, segments or {})
    return Bound(_tree(scope, rule), tuple(dict.fromkeys(scope.notes)))


def _tree(scope: Scope, rule: ast.Rule) -> Tree[Condition]:
    match rule:
        case ast.All(parts=parts):
            return All(_parts(scope, parts), rule.span)
        case ast.AnyOf(parts=parts):
            return AnyOf(_parts(scope, parts), rule.span)
        case ast.Not(part=part):
            return Not(_tree(scope, part), rule.span)
        case ast.Subject():
            return subject(scope, rule)
        case ast.CanReceive():
            return _consent(scope, rule)
        case ast.InList():
            return _list(scope, rule)
        case ast.InSegment():
            return _segment(scope, rule)
        case ast.Sequence():
            not_yet(f"`{rule.word}`", rule.span)
        case ast.Rank():
            not_yet(f"`{rule.word} n by`", rule.span)
        case ast.Near():
            not_yet("Distance", rule.span)
        case ast.Random():
            not_yet("`random`", rule.span)
        case _:
            assert_never(rule)


def _parts(scope: Scope, parts: tuple[ast.Rule, ...]) -> tuple[Tree[Condition], ...]:
    """The operands of one and/or: every problem in them, and the doubts between neighbours."""
    bound: list[Tree[Condition]] = []
    problems: list[Problem] = []
    for i, part in enumerate(parts):
        try:
            if i:
                _whose_property(scope, parts[i - 1], part)
            bound.append(_tree(scope, part))
        except SegQLError as error:
            problems += error.problems
    if problems:
        raise SegQLError(dict.fromkeys(problems))
    for before, last in zip(parts, parts[1:], strict=False):
        if last is parts[-1]:
            _whose_window(scope, before, last)
    return tuple(bound)


def _whose_property(scope: Scope, before: ast.Rule, after: ast.Rule) -> None:
    """`placed order where total > 100 and country is "NL"`: the country of the order, or of the profile?"""
    if not isinstance(before, ast.Subject) or not isinstance(after, ast.Subject) or before.where is None:
        return
    if not isinstance(after.head, ast.Name) or not _inline(before.where):
        return
    head = resolve(scope, before.head)
    if not isinstance(head, Events) or event_property(scope, head.names, after.head) is None:
        return
    both: Tree[ast.Predicate] = ast.All((before.where, after))
    hint = f"if `{head.said}` has it: `{format_(replace(before, where=both))}`"
    if scope.catalog.find_property(after.head.text):
        hint += f"\nif the profile has it: `{format_(ast.All((before, after)))}`"
    fail("whose-property", f"`{after.head.text}` is a property of `{head.said}`, and `where` ended before it.", after.span, hint)


def _inline(where: Tree[ast.Predicate]) -> bool:
    """Whether a `where` was written without parentheses around it."""
    span = where.span
    return bool(span.text) and not span.text.startswith("(") and not span.source.text[: span.start].rstrip().endswith("(")


def _whose_window(scope: Scope, before: ast.Rule, last: ast.Rule) -> None:
    """`opened email or clicked email in 7d`: only the last has the window."""
    if not isinstance(before, ast.Subject) or not isinstance(last, ast.Subject) or last.window is None:
        return
    same = (before.quantity, before.comparison, before.where) == (last.quantity, last.comparison, last.where)
    if before.window is not None or not same or before.has or last.has:
        return
    one, other = resolve(scope, before.head), resolve(scope, last.head)
    if isinstance(one, Events) and isinstance(other, Events) and one.edge == other.edge is None:
        scope.warn("window-on-last", f"The window belongs to `{other.said}` only; `{one.said}` counts over all time.", last.window.span,
                   f"for both: `any of ({format_name(one.said)}, {format_name(other.said)}) {last.window.span.text}`")  # fmt: skip


def _consent(scope: Scope, given: ast.CanReceive) -> Tree[Condition]:
    name = scope.catalog.find_channel(given.channel.text)
    if name is None:
        unknown("channel", given.channel, scope.catalog.channels)
    channel = scope.catalog.channels[name]
    reason, window = None, None
    if given.reason is not None:
        if channel.reason is None:
            fail("no-reason", f"The catalog keeps no reason for `{name}`.", given.reason.span, "leave `because ..` out, or add `reason:` to the channel")
        literal = given.reason if isinstance(given.reason, ast.Text) else scope.value(given.reason)
        if not isinstance(literal, ast.Text):
            fail("unquoted-text", f"A reason is text, and `{given.reason.span.text}` is not.", given.reason.span,
                 f'text is always quoted: `because "{given.reason.span.text}"`')  # fmt: skip
        reason = literal.value
    if given.window is not None and not isinstance(given.window, ast.Ever):
        if channel.time is None:
            fail("no-time", f"The catalog keeps no date for `{name}`, so it takes no window.", given.window.span,
                 "leave the window out, or add `time:` to the channel")  # fmt: skip
        window = windows.instants(scope, given.window)
    if given.negated and reason is None and window is None:
        return Not(Consent(name, span=given.span), given.span)
    return Consent(name, not given.negated, reason, window, given.span)


def _list(scope: Scope, given: ast.InList) -> Tree[Condition]:
    name = scope.catalog.find_list(given.name.text)
    if name is None:
        unknown("list", given.name, scope.catalog.lists)
    if given.joined and scope.catalog.lists[name].time is None:
        fail("no-time", f"The catalog does not say when people joined `{name}`.", given.span,
             f"say `in list {format_name(name)}`, or add `time:` to the list")  # fmt: skip
    window = windows.past(scope, given.window) if given.joined else Interval(None, scope.now)
    return InList(name, window, given.joined, given.span)


def _segment(scope: Scope, given: ast.InSegment) -> Tree[Condition]:
    if given.word != "in":
        not_yet(f"`{given.word} segment`", given.span)
    reference = given.segment
    key = fold(reference.name.text)
    found = scope.segments.get(key)
    if found is None:
        unknown("segment", reference.name, [s.name.text for s in scope.segments.values()],
                "" if scope.segments else "no segments were given: `--segments FILE`")  # fmt: skip
    if key in scope.trail:
        names = [scope.segments[k].name.text for k in (*scope.trail[scope.trail.index(key) :], key)]
        fail("cycle", "These segments are defined by each other: " + " → ".join(f"`{n}`" for n in names) + ".", reference.span,
             "one of them has to be said without the others")  # fmt: skip
    if found.sample is not None:
        not_yet("`sample`", found.sample.span)
    if len(scope.trail) >= 50:
        fail("too-deep", "Segments refer to segments more than 50 deep.", reference.span)
    arguments = _arguments(scope, found, reference)
    memo = (key, tuple(sorted((k, repr(v)) for k, v in arguments.items())))
    if memo not in scope.bound:
        scope.bound[memo] = _tree(scope.inside(key, arguments), found.rule)
    if (size := _size(scope.bound[memo])) > MOST_CONDITIONS:
        fail("too-many-conditions", f"`{found.name.text}` has {size:,} conditions when its segments are unfolded.", reference.span,
             f"the limit is {MOST_CONDITIONS:,}")  # fmt: skip
    label = found.name.text
    if arguments and reference.arguments:
        label += " (" + ", ".join(f"{n.text} = {format_(arguments[fold(n.text)])}" for n, _ in reference.arguments) + ")"
    return InSegment(label, scope.bound[memo], given.span)


def _size(tree: Tree[Condition]) -> int:
    match tree:
        case All(parts=parts) | AnyOf(parts=parts):
            return sum(map(_size, parts))
        case Not(part=part):
            return _size(part)
        case InSegment(rule=rule):
            return _size(rule)
        case _:
            return 1


def _arguments(scope: Scope, segment: ast.Segment, reference: ast.SegmentRef) -> dict[str, ast.Literal_]:
    """The values of a segment's parameters: its defaults, and what the reference gives."""
    values = {fold(name.text): default for name, default in segment.parameters}
    for name, _ in segment.parameters:
        _hides(scope, name)
    for name, given in reference.arguments:
        key = fold(name.text)
        if key not in values:
            unknown(f"parameter of `{segment.name.text}`", name, [n.text for n, _ in segment.parameters])
        value = scope.value(given) if isinstance(given, ast.Name) else given
        if value is None:
            unknown("value", given, scope.known_values())  # type: ignore[arg-type]
        same_kind(name.text, values[key], value, given.span)
        values[key] = value
    return values


def same_kind(name: str, default: ast.Literal_, value: ast.Literal_, span: Span) -> None:
    """A parameter takes what its default is; a bare number may stand for money and the other way round."""
    if type(value) is not type(default) and not {type(value), type(default)} <= {ast.Number, ast.Money}:
        fail("wrong-type", f"`{name}` is like `{format_(default)}`, and `{format_(value)}` is not of that kind.", span)


def _hides(scope: Scope, name: ast.Name) -> None:
    catalog = scope.catalog
    for what, found in (
        ("property", catalog.find_property(name.text)),
        ("metric", catalog.find_metric(name.text)),
        ("named set", name.text if catalog.set_values(name.text) else None),
        ("constant", catalog.find_constant(name.text)),
    ):
        if found:
            scope.warn("hides-name", f"The parameter `{name.text}` hides the {what} of the same name.", name.span, "rename one of them")


__all__ = ["Bound", "bind", "fail", "not_yet", "same_kind"]
