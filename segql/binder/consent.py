"""A rule that asks nobody's consent: fine for counting people, not for writing to them."""

from __future__ import annotations

from .. import ast, parser
from ..catalog import Catalog, fold
from ..conditions import All, AnyOf, Condition, Consent, InSegment, Not, Tree
from ..errors import Problem
from ..formatter import format as format_
from ..formatter import format_name


def unasked(rule: ast.Rule, bound: Tree[Condition], catalog: Catalog) -> Problem | None:
    """A hint where the catalog knows channels and a rule, its segments included, speaks of none."""
    if not catalog.channels or _asks(bound):
        return None
    said = fold(rule.span.text).split()
    channel = next((name for name in catalog.channels if fold(name) in said), next(iter(catalog.channels)))
    consent = parser.parse_rule(f"can receive {format_name(channel)}")
    both = format_(ast.All((consent, *(rule.parts if isinstance(rule, ast.All) else (rule,)))))
    message = "This asks for nobody's consent: it may find people who want no messages."
    return Problem("no-consent", message, rule.span, f"before you write to them: `{both}`", "hint")


def _asks(tree: Tree[Condition]) -> bool:
    match tree:
        case All(parts=parts) | AnyOf(parts=parts):
            return any(map(_asks, parts))
        case Not(part=part):
            return _asks(part)
        case InSegment(rule=rule):
            return _asks(rule)
        case _:
            return isinstance(tree, Consent)
