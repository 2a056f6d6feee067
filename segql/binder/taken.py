"""Phrases that are no names, and yet have one reading: taken as what they say in words of SegQL."""

from __future__ import annotations

from dataclasses import replace

from .. import ast, parser
from ..errors import SegQLError
from ..parser.mistakes.kept import keeps
from .scope import Scope


def in_words(rule: ast.Phrase, error: SegQLError) -> ast.Rule | None:
    """What a condition says whose names alone are wrong, where each of them has a fix that is sure."""
    span, text, longer = rule.span, rule.span.source.text, 0
    for problem in sorted(error.problems, key=lambda problem: -problem.span.start):
        fix = problem.fixes[0] if len(problem.fixes) == 1 else None
        if fix is None or not fix.sure or fix.span.source is not span.source:
            return None
        inside = span.start <= fix.span.start <= fix.span.end <= span.end
        if not inside or not keeps(fix.span.text, fix.text):
            return None
        text, longer = fix.applied(text), longer + len(fix.text) - len(fix.span.text)
    try:
        # Nothing but spaces before it, so that what is said of it has its place.
        said = parser.parse_rule(" " * span.start + text[span.start : span.end + longer], span.source.name)
    except SegQLError:
        return None
    return said if isinstance(said, ast.All | ast.AnyOf | ast.Not) else replace(said, comments=rule.comments)


def as_taken(scope: Scope, rule: ast.Rule) -> ast.Rule:
    """A rule with what its conditions were taken for."""
    match rule:
        case ast.All(parts=parts) | ast.AnyOf(parts=parts):
            return replace(rule, parts=tuple(as_taken(scope, part) for part in parts))
        case ast.Not(part=part):
            return replace(rule, part=as_taken(scope, part))
        case _:
            said = scope.work.taken.get(rule, rule)
            return said if said is rule else as_taken(scope, said)
