"""Rules of rules: all of several, any of them, all others; joined as trees, never as texts. And a file, checked."""

from __future__ import annotations

from datetime import datetime

from . import ast
from .arguments import Given, given_rule
from .catalog import Catalog
from .compiler import check
from .errors import Problem, SegQLError
from .segments import segments_from


def both(*rules: Given) -> ast.Rule:
    """One rule of several, of which all must hold, each read by itself: for rules that other people wrote.

    Joined texts read together: a comment or a parenthesis of one reaches the next. Raises SegQLError with all mistakes.
    """
    return _joined(rules, ast.All)


def _joined(rules: tuple[Given, ...], kind: type[ast.All[ast.Phrase]] | type[ast.AnyOf[ast.Phrase]]) -> ast.Rule:
    problems: list[Problem] = []
    parts: list[ast.Rule] = []
    for rule in rules:
        try:
            given = given_rule(rule)
        except SegQLError as error:
            problems += error.problems
        else:
            parts.append(given.rule if isinstance(given, ast.Segment) else given)
    if problems:
        raise SegQLError(problems)
    return parts[0] if len(parts) == 1 else kind(tuple(parts))


def either(*rules: Given) -> ast.Rule:
    """One rule of several, of which one must hold at least, each read by itself. Raises as `both`."""
    return _joined(rules, ast.AnyOf)


def negated(rule: Given) -> ast.Rule:
    """The rule of all others. Raises SegQLError for a text with mistakes."""
    given = given_rule(rule)
    return ast.Not(given.rule if isinstance(given, ast.Segment) else given)


def check_definitions(text: str, catalog: Catalog, *, now: datetime | None = None) -> list[Problem]:
    """Everything to say about the text of a `.segql` file, in its order. Raises ValueError for a naive `now`."""
    found = check(segments_from(text), catalog, now=now)
    return sorted(found, key=lambda problem: problem.span.start)
