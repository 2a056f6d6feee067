"""How large a text may be. Generous for people, tight enough that no input takes long or nests deep."""

from __future__ import annotations

from typing import Any, NoReturn

from ...ast import (
    All,
    AnyOf,
    Compare,
    Items,
    MetricText,
    Not,
    Population,
    Rank,
    Scaled,
    Segment,
    Sequence,
    Subject,
    Test,
)
from ...plain import dataclass
from ...source import Span
from ..checks import fail
from .machine import Rule


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one rule: characters, depth without the parentheses that only group, conditions and predicates."""

    length: int = 400_000
    depth: int = 100
    conditions: int = 10_000


_LIMITS = Limits()


def check_length(span: Span, limits: Limits) -> None:
    """Raises SegQLError where the text has more characters than a rule may have."""
    if span.end - span.start > limits.length:
        start = Span(span.source, span.start, span.start + 1)
        fail(
            "too-long",
            f"This rule is longer than {limits.length} characters.",
            start,
            "Cut it into segments that refer to each other.",
        )


def check_size(tree: Any, limits: Limits = _LIMITS) -> None:
    """Without recursion: the tree may nest deeper than Python's stack."""
    conditions = 0
    waiting: list[tuple[Any, int]] = [(tree, 0)]
    while waiting:
        node, depth = waiting.pop()
        if depth > limits.depth:
            fail(
                "too-deep",
                f"This rule nests more than {limits.depth} deep.",
                node.span,
                'Give an inner part a name: segment ".." = ..',
            )
        match node:
            case All(parts) | AnyOf(parts):
                waiting.extend((part, depth + 1) for part in parts)
            case Not(part):
                waiting.append((part, depth + 1))
            case Subject():
                conditions += 1
                waiting.extend((tree, depth + 1) for tree in (node.where, node.has) if tree is not None)
                if isinstance(node.comparison, Compare):
                    match node.comparison.right:
                        case Scaled(_, Subject() as of) | Population(measure=Subject() as of):
                            waiting.append((of, depth + 1))
            case Items(_, where) if where is not None:
                waiting.append((where, depth + 1))
            case Sequence(steps=steps):
                waiting.extend((step, depth) for step in steps)
            case Rank():
                waiting.append((node.by, depth))
            case Segment():
                waiting.append((node.rule, depth))
            case Test():
                waiting.extend(((node.given, depth), (node.expect, depth)))
            case MetricText(top, bottom):
                waiting.extend((side, depth) for side in (top, bottom) if side is not None)
            case _:
                conditions += 1
        if conditions > limits.conditions:
            _too_many(node.span, limits)


def counting(rules: tuple[Rule, ...], place: int, limits: Limits) -> tuple[Rule, ...]:
    """The rules of the grammar, of which the one at a place stops a text of too many before all of it is built."""
    build, size, becomes = rules[place]
    left = limits.conditions

    def build_one(v: list[Any], span: Span) -> Any:
        nonlocal left
        left -= 1
        if left < 0:
            _too_many(span, limits)
        return build(v, span) if build else v[0]

    return (*rules[:place], (build_one, size, becomes), *rules[place + 1 :])


def _too_many(span: Span, limits: Limits) -> NoReturn:
    fail(
        "too-many-conditions", f"This rule has more than {limits.conditions} conditions.", span,
        "Many values of one property are one condition, with `in` and the values in parentheses.",
    )  # fmt: skip
