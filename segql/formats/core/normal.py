"""Rules as conjunctive normal form: all of some groups, each any of some conditions; no `not` stands above one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from ... import ast
from .report import Impossible

Group: TypeAlias = tuple[Any, ...]
MOST = 500
"""Conditions of a form that is written, and of those on the way to it."""


def normal(node: Any, leaf: Callable[[Any, bool], Any], positive: bool = True) -> list[Group]:
    """The groups of a tree. `leaf` says a condition, or that it does not hold: a value, or a tree of such values.

    No groups at all: everyone. An empty group: no one. Raises Impossible where there would be more than `MOST`.
    """
    return groups(pushed(node, leaf, positive))


def pushed(node: Any, leaf: Callable[[Any, bool], Any], positive: bool = True) -> Any:
    """The tree of values, its `not`s pushed into them."""
    match node:
        case ast.Not(part):
            return pushed(part, leaf, not positive)
        case ast.All(parts) | ast.AnyOf(parts):
            kind = ast.All if isinstance(node, ast.All) == positive else ast.AnyOf
            return kind(tuple(pushed(part, leaf, positive) for part in parts))
        case _:
            return leaf(node, positive)


def turned(node: Any) -> Any:
    """A tree of values with `and` for `or`: its groups are those of which one has to hold whole."""
    match node:
        case ast.All(parts):
            return ast.AnyOf(tuple(map(turned, parts)))
        case ast.AnyOf(parts):
            return ast.All(tuple(map(turned, parts)))
        case _:
            return node


def groups(node: Any) -> list[Group]:
    """The groups of a tree of values. Raises as `normal`."""
    match node:
        case ast.All(parts):
            return _checked([group for part in parts for group in groups(part)])
        case ast.AnyOf(parts):
            found: list[Group] = [()]
            for part in parts:
                more = groups(part)
                if len(found) * len(more) > MOST:
                    raise Impossible(f"Its `or`s over `and`s need more than {MOST} conditions in groups.")
                found = _checked([_joined(one, other) for one in found for other in more])
            return found
        case _:
            return [(node,)]


def _joined(one: Group, other: Group) -> Group:
    return (*one, *(condition for condition in other if condition not in one))


def _checked(found: list[Group]) -> list[Group]:
    """Without groups that another one implies, each once."""
    kept: list[Group] = []
    for group in found:
        if any(all(condition in group for condition in one) for one in kept):
            continue
        kept = [one for one in kept if not all(condition in one for condition in group)]
        kept.append(group)
    if sum(map(len, kept)) > MOST:
        raise Impossible(f"Its `or`s over `and`s need more than {MOST} conditions in groups.")
    return kept
