"""A rule that asks nobody's consent: fine for counting people, not for writing to them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from ... import ast, parser
from ...catalog import Catalog, fold
from ...conditions import Condition, Consent, Tree
from ...conditions.walk import nodes
from ...errors import Fix, Problem
from ...formatter import format as format_
from ...formatter import format_name
from ...words import say
from ..scope import Scope


def unasked(rule: ast.Rule, bound: Tree[Condition], catalog: Catalog) -> Problem | None:
    """A hint where the catalog knows channels and a rule, its segments included, speaks of none."""
    if not catalog.channels or any(isinstance(node, Consent) for node in nodes(bound)):
        return None
    said = fold(rule.span.text).split()
    channel = next((name for name in catalog.channels if fold(name) in said), next(iter(catalog.channels)))
    consent = parser.parse_rule(say("CAN_RECEIVE {}", format_name(channel)))
    both = format_(ast.All((consent, *(rule.parts if isinstance(rule, ast.All) else (rule,)))))
    message = "This asks for nobody's consent: it may find people who want no messages."
    return Problem("no-consent", message, rule.span, "before you write to them:", "hint", (Fix(rule.span, both),))


def one_reason(scope: Scope, bound: Sequence[Tree[Condition]]) -> None:
    """A hint where two reasons of withdrawals have to hold together: that takes two records of one instant.

    Of givings the optimiser knows that they never do, because all records of the instant must fit.
    """
    withdrawn = [(i, one) for i, one in enumerate(bound) if isinstance(one, Consent) and not one.given and one.reason]
    for (i, one), (j, other) in combinations(withdrawn, 2):
        if one.channel != other.channel or one.reason == other.reason:
            continue
        if scope.catalog.channels[one.channel].time is not None:
            message = "One record has one reason: both hold only where two records have the same time."
            fixes = [Fix(one.span.to(other.span), f"({one.span.text} or {other.span.text})")] if j == i + 1 else []
            scope.note("hint", "never-true", message, other.span, "for either:" if fixes else "", *fixes)
