"""Conditions on the same count, window or value become one. Each rule looks at one `and` or `or`: `before -> after`."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from ..conditions import (
    All,
    AnyOf,
    Field,
    FieldComparison,
    FieldIn,
    FieldWithin,
    Interval,
    Not,
    Occurrences,
    Occurs,
    Value,
)
from ..conditions.implication.values import choices, fits, subject
from ..conditions.walk import EVERYONE, NO_ONE, Node, with_parts


def merge_counts(node: Node) -> Node:
    """`x at least 2 times and x at most 5 times -> x between 2 and 5 times`, `never x or x once -> x at most once`"""

    def join(one: Node, other: Node) -> Node | None:
        match one, other:
            case Occurs(of, least, most, span), Occurs(_, least2, most2):
                if isinstance(node, All):
                    ends = [end for end in (most, most2) if end is not None]
                    return Occurs(of, max(least, least2), min(ends, default=None), span)
                if _touch(least, most2) and _touch(least2, most):
                    end = None if most is None or most2 is None else max(most, most2)
                    return Occurs(of, min(least, least2), end, span)
        return None

    return _merge(node, lambda part: part.of if isinstance(part, Occurs) else None, join)


def _touch(least: int, most: int | None) -> bool:
    return most is None or least <= most + 1


def merge_windows(node: Node) -> Node:
    """`x at least once in [a, b) or x at least once in [b, c) -> x at least once in [a, c)`,
    `never x in [a, b) and never x in [b, c) -> never x in [a, c)`
    """
    wanted = (0, 0) if isinstance(node, All) else (1, None)
    untimed = Interval(None, None)

    def key(part: Node) -> Hashable:
        if isinstance(part, Occurs) and (part.at_least, part.at_most) == wanted and part.of.window != untimed:
            return (part.of.events, part.of.where)
        return None

    def join(one: Node, other: Node) -> Node | None:
        match one, other:
            case Occurs(of, least, most, span), Occurs(of2):
                start, end = of.window.start, of.window.end
                start2, end2 = of2.window.start, of2.window.end
                if (end is not None and start2 is not None and end < start2) or (
                    end2 is not None and start is not None and end2 < start
                ):
                    return None
                both = Interval(
                    None if start is None or start2 is None else min(start, start2),
                    None if end is None or end2 is None else max(end, end2),
                )
                return None if both == untimed else Occurs(Occurrences(of.events, both, of.where), least, most, span)
        return None

    return _merge(node, key, join)


def merge_choices(node: Node) -> Node:
    """`country is "NL" or country is "BE" -> country in ("NL", "BE")`,
    `country is not "NL" and country is not "BE" -> country not in ("NL", "BE")`
    """
    if not isinstance(node, (All, AnyOf)):
        return node
    chosen: dict[Field, list[FieldComparison | FieldIn]] = {}
    for part in node.parts:
        leaf = _choice(part, isinstance(node, All))
        if leaf is not None:
            chosen.setdefault(leaf.field, []).append(leaf)
    if all(len(leaves) == 1 for leaves in chosen.values()):
        return node
    parts: list[Node] = []
    for part in node.parts:
        leaf = _choice(part, isinstance(node, All))
        if leaf is None or len(chosen[leaf.field]) == 1:
            parts.append(part)
        elif leaf is chosen[leaf.field][0]:  # the first stands for all of them
            values = [value for one in chosen[leaf.field] for value in choices(one) or ()]
            both = FieldIn(leaf.field, tuple(dict.fromkeys(values)), leaf.span)
            parts.append(Not(both, part.span) if isinstance(node, All) else both)
    return with_parts(node, tuple(parts))


def _choice(part: Node, negated: bool) -> FieldComparison | FieldIn | None:
    """The `=` or `in` that the part is, or, in an `and`, is the negation of."""
    if negated:
        part = part.part if isinstance(part, Not) else EVERYONE
    return part if isinstance(part, (FieldComparison, FieldIn)) and _choosing(part) is not None else None


def _choosing(part: Node) -> Hashable:
    match part:
        case FieldComparison(field, "=", right) if not isinstance(right, Field):
            return field
        case FieldIn(field):
            return field
        case _:
            return None


def filter_choices(node: Node) -> Node:
    """`age in (17, 30, 70) and age >= 18 and age is not 70 -> age is 30`"""
    if not isinstance(node, All):
        return node
    chosen: dict[Field, FieldComparison | FieldIn] = {}
    for part in node.parts:
        if isinstance(part, (FieldComparison, FieldIn)) and _choosing(part) is not None:
            chosen.setdefault(part.field, part)
    if not chosen:
        return node
    left = {field: choices(part) or () for field, part in chosen.items()}
    kept: list[Node] = []
    for part in node.parts:
        leaf, expected = (part.part, False) if isinstance(part, Not) else (part, True)
        field = _field(leaf)
        if field is None or field not in left or any(part is c for c in chosen.values()):
            kept.append(part)
            continue
        answers = [(value, fits(leaf, value)) for value in left[field]]  # type: ignore[arg-type]
        if any(answer is None for _, answer in answers):
            kept.append(part)
        else:
            left[field] = tuple([value for value, answer in answers if answer is expected])
    after = [_narrowed(part, left) if any(part is c for c in chosen.values()) else part for part in kept]
    return with_parts(node, tuple(after))


def _field(leaf: Node) -> Field | None:
    """The field whose values the leaf tests."""
    match leaf:
        case FieldComparison() | FieldIn() | FieldWithin():
            about = subject(leaf)
            return about if isinstance(about, Field) else None
        case _:
            return None


def _narrowed(part: Node, left: dict[Field, tuple[Value, ...]]) -> Node:
    if isinstance(part, FieldIn) and left[part.field] != part.values:
        return FieldIn(part.field, left[part.field], part.span)
    if isinstance(part, FieldComparison) and not left[part.field]:
        return NO_ONE
    return part


def _merge(node: Node, key: Callable[[Node], Hashable], join: Callable[[Node, Node], Node | None]) -> Node:
    """Parts with the same key (None: none) joined into the first of them that `join` accepts."""
    if not isinstance(node, (All, AnyOf)) or len(node.parts) < 2:
        return node
    parts: list[Node] = []
    places: dict[Hashable, list[int]] = {}
    for part in node.parts:
        what = key(part)
        if what is None:
            parts.append(part)
            continue
        for place in places.setdefault(what, [])[:8]:
            joined = join(parts[place], part)
            if joined is not None:
                parts[place] = joined
                break
        else:
            places[what].append(len(parts))
            parts.append(part)
    return with_parts(node, tuple(parts))
