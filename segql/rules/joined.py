"""Rules, which `&`, `|` and `~` join."""

from __future__ import annotations

from typing import Any

from .. import ast, formatter
from ..errors import wrong_type
from ..plain import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule, as the tree of its text."""

    tree: Any

    def __segql__(self) -> ast.Rule:
        """The tree, for whoever takes rules."""
        found: ast.Rule = self.tree
        return found

    def __and__(self, other: Rule) -> Rule:
        return Rule(ast.All((*_parts(self, ast.All), *_parts(other, ast.All))))

    def __or__(self, other: Rule) -> Rule:
        return Rule(ast.AnyOf((*_parts(self, ast.AnyOf), *_parts(other, ast.AnyOf))))

    def __invert__(self) -> Rule:
        return Rule(ast.Not(self.tree))

    def __bool__(self) -> bool:
        raise TypeError("a rule is neither true nor false here: join rules by `&`, `|`, `~`")

    def __str__(self) -> str:
        return formatter.format(self.tree)


def _parts(rule: Rule, kind: type) -> tuple[Any, ...]:
    if not isinstance(rule, Rule):
        raise wrong_type("rule", "a rule that was built: did(..), of(..), can_receive(..)", rule)
    parts: tuple[Any, ...] = getattr(rule.tree, "parts", ()) if type(rule.tree) is kind else ()
    return parts or (rule.tree,)
