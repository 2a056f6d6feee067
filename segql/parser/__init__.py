"""Text to trees: what was said, without a catalog. Everything wrong with a text is a `SegQLError`, whatever the text.

The grammar (`grammar/segql.lark`) is LALR(1) without conflicts. `tables` computes and keeps its tables, `lexer` makes
tokens, `machine` runs, `builders` and its neighbours build the nodes of `segql.ast`, `wrong` puts syntax errors into
words.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import Any, cast

from ..ast import (
    All,
    Date,
    Definition,
    Definitions,
    Invariant,
    Let,
    Literal_,
    MetricText,
    Rule,
    Segment,
    Test,
    Text,
    Time,
)
from ..errors import Fix, Problem, SegQLError
from ..fixes import tried
from ..source import Source, Span
from .builders import BUILDERS
from .builders.comments import attach
from .builders.definitions import stretches
from .builders.given import begins_test, in_its_place, instant_said, names_test, on_moment, sections
from .builders.literals import text_value
from .checks import fail
from .engine.lexer import Comment, Lexer
from .engine.limits import Limits, check_length, check_size, counting
from .engine.machine import Reading, rules_of, run
from .engine.machine import Rule as GrammarRule
from .engine.tables import END
from .mistakes.wrong import unexpected

__all__ = [
    "Limits", "begins_rule", "check_size", "parse_definitions", "parse_definitions_all", "parse_metric", "parse_rule",
    "parse_value",
]  # fmt: skip

_LIMITS = Limits()


def parse_rule(text: str, name: str = "rule", limits: Limits = _LIMITS, *, start: int = 0) -> Rule:
    """The tree of a rule that begins at a place of a text, its comments at their operands. Raises SegQLError."""
    rule, comments = _parse(Source(text, name), start, len(text), "rule", limits)
    return cast(Rule, attach(rule, comments))


def begins_rule(text: str) -> bool:
    """Whether a text is no rule yet but the beginning of one: all of it can be read, and more must follow."""
    source = Source(text)
    lexer, reading = Lexer(source, 0, len(text)), Reading(source, "rule", _rules()[0])
    try:
        while reading.take(token := lexer.next(reading.actions)):
            if token.type == END:
                return False
    except SegQLError:
        return False
    return token.type == END


def parse_metric(text: str, name: str = "metric", limits: Limits = _LIMITS) -> MetricText:
    """A catalog metric: MEASURE, or MEASURE / MEASURE. Raises SegQLError."""
    return cast(MetricText, _parse(Source(text, name), 0, len(text), "metric", limits)[0])


def parse_value(text: str, name: str = "value", limits: Limits = _LIMITS) -> Literal_:
    """A catalog constant: `4 months`, `$100`, `"NL"`. Raises SegQLError."""
    return cast("Literal_", _parse(Source(text, name), 0, len(text), "literal", limits)[0])


def parse_definitions(text: str, name: str = "segments", limits: Limits = _LIMITS) -> Definitions:
    """A `.segql` file. Raises SegQLError with the first syntax error of each definition."""
    found, problems = parse_definitions_all(text, name, limits)
    if problems:
        raise SegQLError(problems)
    return found


def parse_definitions_all(
    text: str, name: str = "segments", limits: Limits = _LIMITS
) -> tuple[Definitions, tuple[Problem, ...]]:
    """The good definitions of a file, and the first syntax error of each of the others. Limits are per definition."""
    source = Source(text, name)
    parts: list[Definition] = []
    problems: list[Problem] = []
    found, after = stretches(source)
    for start, end, above in found:
        try:
            if names_test(source, start, end):
                parts.append(_tested(source, start, end, above, limits))
                continue
            definition, comments = _parse(source, start, end, "definition", limits)
        except SegQLError as error:
            problems.extend(error.problems)
        else:
            parts.append(_commented(definition, comments, above))
    return Definitions(tuple(parts), Span(source, 0, len(text)), after), tuple(problems)


def _tested(source: Source, start: int, end: int, above: tuple[str, ...], limits: Limits) -> Test | Invariant:
    """A test or an invariant. Raises SegQLError."""
    span, word = Span(source, start, end), len(source.text[start:end].split(maxsplit=1)[0])
    if not begins_test().match(source.text, start + word, end):
        return Invariant(" ".join(source.text[start + word : end].split()), Span(source, start + word, end), above)
    name, found, comments = sections(source, start, end)
    rules: dict[str, Rule] = {"GIVEN": All(())}
    now: Date | Time | None = None
    problems: list[Problem] = []
    for kind, _, begin, stop in found:
        try:
            if kind == "NOW":
                value, _ = _parse(source, begin, stop, "literal", limits)
                now = value if isinstance(value, Date | Time) else fail(
                    "bad-date", f"{value.span.text} is no time.", value.span, "write", "2026-11-22T10:00"
                )  # fmt: skip
            else:
                rules[kind] = (_facts if kind == "GIVEN" else _rule)(source, begin, stop, limits)
        except SegQLError as error:
            problems += error.problems
    if problems:
        raise SegQLError(problems)
    said = Text(text_value(name.text), name)
    return Test(said, rules["EXPECT"], rules["GIVEN"], now, span, (*above, *(c.text for c in comments)))


def _rule(source: Source, start: int, end: int, limits: Limits) -> Rule:
    rule, comments = _parse(source, start, end, "rule", limits)
    return cast(Rule, attach(rule, comments))


def _facts(source: Source, start: int, end: int, limits: Limits) -> Rule:
    """A rule, in which `2 hours ago` is an instant. Raises SegQLError."""
    put: list[int] = []
    on = on_moment()
    while True:
        edges = [0, *put, len(source.text)]
        text = on.join(source.text[at:to] for at, to in pairwise(edges))
        try:
            rule = _rule(Source(text, source.name), start, end + len(on) * len(put), limits)
        except SegQLError as error:
            problems = [in_its_place(problem, source, put) for problem in error.problems]
            place = problems[0].span
            alone = instant_said().match(source.text, place.start)
            if not alone or place.start in put or source.text[: place.start].endswith(on):
                raise SegQLError(problems) from None
            put = sorted([*put, place.start])
        else:
            return cast(Rule, in_its_place(rule, source, put))


def _commented(definition: Let | Segment, comments: list[Comment], above: tuple[str, ...]) -> Let | Segment:
    if isinstance(definition, Let):
        return replace(definition, comments=(*above, *(c.text for c in comments)))
    return replace(definition, rule=attach(definition.rule, comments), comments=above)


_LONGEST_TRIED = 4_000
"""Characters of a text whose fixes are tried; a longer one is told what is wrong, and offered none."""


def _parse(source: Source, start: int, end: int, symbol: str, limits: Limits) -> tuple[Any, list[Comment]]:
    """What a stretch says. Raises SegQLError, with the fixes that hold."""

    def errors(fix: Fix) -> tuple[Problem, ...] | None:
        if end - start > _LONGEST_TRIED:
            return None
        mended = fix.applied(source.text)
        try:
            _read(Source(mended, source.name), start, end + len(mended) - len(source.text), symbol, limits)
        except SegQLError as error:
            return error.problems
        return ()

    try:
        return _read(source, start, end, symbol, limits)
    except SegQLError as error:
        raise SegQLError(tried(error.problems, errors)) from None


def _read(source: Source, start: int, end: int, symbol: str, limits: Limits) -> tuple[Any, list[Comment]]:
    stretch = Span(source, start, end)
    check_length(stretch, limits)
    value, comments = run(stretch, symbol, counting(*_rules(), limits), unexpected)
    check_size(value, limits)
    return value, comments


@cache
def _rules() -> tuple[tuple[GrammarRule, ...], int]:
    """The rules with their builders, and the place of the one that begins each condition."""
    rules = rules_of(BUILDERS)
    return rules, next(i for i, (_, size, becomes) in enumerate(rules) if (size, becomes) == (1, "subject"))
