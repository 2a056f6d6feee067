"""A fix is tried with the catalog before it is shown: the text that it makes parses, and its conditions bind."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache
from typing import TypeAlias

from . import ast, parser
from .catalog import Catalog
from .errors import Fix, Judge, Problem, SegQLError, tried
from .formatter import format_name
from .segments import Segments
from .source import Span

Given: TypeAlias = ast.Rule | ast.Segment

Bind: TypeAlias = Callable[[Given], object]
"""Binds with the catalog at hand. Raises SegQLError."""

_LONGEST = 1_000
"""Characters of a stretch that is tried; where it is longer it is said what is wrong, and no fix is offered."""


_MOST = 30
"""Problems of one rule whose fixes are tried: nobody reads further before the first are mended."""


def bound(problems: Iterable[Problem], given: Given, bind: Bind, segments: Segments) -> tuple[Problem, ...]:
    """Problems of a rule that was read, in its own text or in that of a segment, with the fixes that hold."""

    def errors(fix: Fix) -> tuple[Problem, ...] | None:
        home = _home(fix, (given, *segments.segments.values()))
        if home is None:
            return None
        # Only the conditions that the fix is in: the others say what they said before.
        part = _around(home.rule if isinstance(home, ast.Segment) else home, fix.span)
        if part.end - part.start > _LONGEST:
            return None
        end = part.end + len(fix.text) - len(fix.span.text)
        mended = fix.applied(part.source.text)[part.start : end]
        try:
            rule = parser.parse_rule(" " * part.start + mended)
            bind(replace(home, rule=rule) if isinstance(home, ast.Segment) else rule)
        except SegQLError as error:
            return error.problems
        return ()

    return _tried(problems, errors)


def read(problems: Iterable[Problem], text: str, catalog: Catalog, bind: Bind) -> tuple[Problem, ...]:
    """Problems of a text that was not read, with fixes that hold in this catalog: also with its own names put in."""
    if len(text) > _LONGEST:
        return tuple(problem.without_fixes() for problem in problems)

    def errors(fix: Fix) -> tuple[Problem, ...]:
        try:
            bind(parser.parse_rule(fix.applied(text)))
        except SegQLError as error:
            return error.problems
        return ()

    def quoted(problem: Problem) -> Problem:
        fixes = tuple(fix for fix in _quoted(problem, text, catalog) if not errors(fix))
        words = "the name holds a word of the language: quote it:"
        return replace(problem, words=words, fixes=fixes) if fixes else problem

    return tuple(_in_terms_of(catalog, problem) for problem in _tried(map(quoted, problems), errors))


def _in_terms_of(catalog: Catalog, problem: Problem) -> Problem:
    """The help with the catalog's own names in its examples."""
    event = next(map(format_name, catalog.events), "EVENT")
    measure = next(map(format_name, catalog.metrics), f"number of {event}")
    words = problem.words
    for example, own, known in (
        ("placed order", event, catalog.find_event), ("clicked sms", event, catalog.find_event),
        ("total spent", measure, catalog.find_metric),
    ):  # fmt: skip
        words = words if known(example) else words.replace(example, own)
    return replace(problem, words=words)


def _tried(problems: Iterable[Problem], judge: Judge) -> tuple[Problem, ...]:
    """The fixes that hold, also those that do with a fix of what is then wrong: `never log in` for `logged in`."""
    judge = cache(judge)
    every = tuple(problems)
    with_fixes = [p for p in every if p.fixes]
    late = set(with_fixes[_MOST:])
    problems = tuple(p.without_fixes() if p in late else p for p in every)
    known = {(problem.code, problem.message) for problem in problems}

    def more(problem: Problem) -> Problem:
        fixes = []
        for fix in problem.fixes:
            new = [p for p in judge(fix) or () if (p.code, p.message) not in known and fix.span.start <= p.span.start]
            then = [other for p in new[:1] for other in p.fixes if fix.span.start <= other.span.start]
            fixes += [fix, *(_both(fix, other) for other in then)]
        return replace(problem, fixes=tuple(fixes))

    return tried(map(more, problems), judge)


def _both(fix: Fix, then: Fix) -> Fix:
    """A fix, and one of the text that it makes, at or behind it, as one."""
    end = fix.span.start + len(fix.text)
    stop = max(end, then.span.end)
    made = then.applied(fix.applied(fix.span.source.text))
    text = made[fix.span.start : stop + len(then.text) - len(then.span.text)]
    return Fix(replace(fix.span, end=fix.span.end + stop - end), text, fix.note)


def _home(fix: Fix, known: Iterable[Given]) -> Given | None:
    """The rule or the segment whose conditions a fix is in."""
    for given in known:
        span = (given.rule if isinstance(given, ast.Segment) else given).span
        if span.source is fix.span.source and span.start <= fix.span.start and fix.span.end <= span.end:
            return given
    return None


def _around(rule: ast.Rule, span: Span) -> Span:
    """The fewest neighbours under one `and` or `or` that a stretch lies in."""
    while isinstance(rule, ast.All | ast.AnyOf):
        inner = [part for part in rule.parts if part.span.start < span.end and span.start < part.span.end]
        if not inner or inner[0].span.start > span.start or span.end > inner[-1].span.end:
            break
        if len(inner) > 1:
            return Span(span.source, inner[0].span.start, inner[-1].span.end)
        rule = inner[0]
    return rule.span


def _quoted(problem: Problem, text: str, catalog: Catalog) -> Iterator[Fix]:
    """The names of the catalog that stand unquoted where the problem is, and have to be quoted."""
    for name in dict.fromkeys(_names(catalog)):
        if format_name(name) != name:
            words = r"\s+".join(map(re.escape, name.split()))
            for found in re.finditer(rf'(?<![\w"]){words}(?![\w"])', text, re.IGNORECASE):
                if found.start() <= problem.span.end and problem.span.start <= found.end():
                    yield Fix(Span(problem.span.source, found.start(), found.end()), format_name(name))


def _names(catalog: Catalog) -> Iterator[str]:
    yield from catalog.profiles.properties
    for event in catalog.events.values():
        yield from event.properties
        yield from event.items.properties if event.items else ()
    for named in (catalog.events, catalog.metrics, catalog.lists, catalog.channels, catalog.places):
        yield from named
