"""Shopify's segment queries as rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from ... import ast
from ...errors import SegQLError
from ...source import Source
from ..core.names import Names
from ..core.report import Finding, Imported, Impossible, Notes, condition
from ..core.trees import all_of, any_of
from . import anniversaries, attributes, functions
from .envelope import Found, queries_of
from .parsing import parse
from .reference import check, function
from .tree import Clause, Matches, Query


def read(document: Source, names: Names) -> Iterator[Imported]:
    """The segments of a document, one after the other. Raises SegQLError for what is no such document."""
    found = queries_of(document)
    for one in found:
        yield _segment(one, names, alone=one.query is document)


def _segment(one: Found, names: Names, alone: bool) -> Imported:
    findings: list[Finding] = []
    if isinstance(one.query, Impossible):
        findings.append(Finding(one.query.path or one.path, "segment", "impossible", one.query.said))
        return Imported(one.name, None, tuple(findings), one.path)
    was = one.query.text
    try:
        query = parse(one.query)
    except SegQLError as error:
        if alone:
            raise
        problem = error.problems[0]
        said = f"{problem.message} {problem.hint[:1].upper()}{problem.hint[1:]}".strip()
        findings.append(Finding(_at(one, problem.span.start), "query", "impossible", said))
        return Imported(one.name, None, tuple(findings), one.path, was=was)
    rule = _rule(query, one, names, findings)
    lost = any(finding.verdict == "impossible" for finding in findings)
    return Imported(one.name, None if lost else rule, tuple(findings), one.path, was=was)


def _at(one: Found, start: int) -> str:
    """Line and column in the query, behind the query's place in the document."""
    assert isinstance(one.query, Source)
    line, column = one.query.position(start)
    return f"{one.path}/query {line}:{column}" if one.path or one.query.name == "query" else f"{line}:{column}"


def _rule(query: Query, one: Found, names: Names, findings: list[Finding]) -> Any:
    """The rule, and a finding for each clause; what is impossible is everybody until the findings are looked at."""
    match query:
        case ast.All(parts):
            return all_of(_folded([_rule(part, one, names, findings) for part in parts], ast.All))
        case ast.AnyOf(parts):
            return any_of(_folded([_rule(part, one, names, findings) for part in parts], ast.AnyOf))
        case Clause() as clause:

            def work(notes: Notes) -> Any:
                check(clause)
                if clause.name == "anniversary":
                    return anniversaries.rule(clause, names, notes)
                if function(clause.name) is not None:
                    return functions.rule(clause, names, notes)
                return attributes.rule(clause, names, notes)

            done = condition(_at(one, clause.span.start), _kind(clause), work)
            findings.append(done.finding)
            return done.rule if done.rule is not None else ast.All(())
    raise AssertionError(query)


def _kind(clause: Clause) -> str:
    name = clause.name[:80]
    if isinstance(clause.test, Matches):
        return f"{name} {'NOT ' * clause.test.negated}MATCHES"
    return f"{name}('{clause.date[:80]}')" if clause.date is not None else name


def _folded(parts: Iterable[Any], kind: type) -> list[Any]:
    """`country = 'NL' OR country = 'BE'` as `country in ("NL", "BE")`, and what else is one test of several values."""
    found: list[Any] = []
    places: dict[Any, int] = {}
    for part in parts:
        key, value = _foldable(part, kind)
        if key is None or key not in places:
            if key is not None:
                places[key] = len(found)
            found.append(part)
            continue
        found[places[key]] = _with(found[places[key]], value, kind)
    return found


def _foldable(part: Any, kind: type) -> tuple[Any, Any]:
    if (
        isinstance(part, ast.Subject)
        and not part.comments
        and part == ast.Subject(part.head, comparison=part.comparison)
    ):
        match part.comparison:
            case ast.Compare(op, ast.Text() | ast.Number() as value) if op == ("=" if kind is ast.AnyOf else "!="):
                return (part.head, op), value
            case ast.Includes("any", (value,), negated) if kind is ast.All or not negated:
                return (part.head, "includes", negated), value
    return None, None


def _with(part: Any, value: Any, kind: type) -> Any:
    match part.comparison:
        case ast.Compare(op, ast.Text() | ast.Number() as first):
            comparison: Any = ast.In((first,), op == "!=")
        case ast.Includes("any", values, False) if kind is ast.All:
            comparison = ast.Includes("all", values)
        case other:
            comparison = other
    if value not in comparison.values:
        comparison = replace(comparison, values=(*comparison.values, value))
    if isinstance(comparison, ast.In) and len(comparison.values) == 1:
        return part
    return replace(part, comparison=comparison)
