"""Rules as queries of Shopify's language."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ... import ast, formatter
from ...catalog.names import fold
from ...plain import dataclass
from ...source import Span
from ..core.report import Exported, Finding, Impossible, Notes, Setting
from ..core.trees import all_of, any_of
from ..core.words import Words, valued
from .ids import Ids
from .leaves import leaf
from .spelling import spelled
from .tree import Compare

MOST = 10
"""Clauses of a query."""
DEEPEST = 30


def write(segment: ast.Segment, setting: Setting) -> Exported:
    """The segment as the API's `segmentCreate` takes it: a name and a query."""
    name = segment.name.text
    writer = _Writer(setting, segment)
    query = writer.query(segment.rule, denied=False, depth=0)
    if segment.sample is not None:
        writer.impossible(segment.sample.span, "sample", "Shopify keeps all members: there are no samples.")
    if query == ast.AnyOf(()):
        writer.impossible(segment.span, "segment", "Shopify has no query for nobody.")
    if (count := _clauses(query)) > MOST:
        said = f"A query has at most {MOST} clauses, this has {count}."
        writer.impossible(segment.span, "segment", said)
    lost = any(finding.verdict == "impossible" for finding in writer.findings)
    document = None if lost else {"name": name, "query": "" if query == ast.All(()) else spelled(query)}
    return Exported(name, document, tuple(writer.findings))


def _clauses(query: Any) -> int:
    return sum(map(_clauses, query.parts)) if isinstance(query, ast.All | ast.AnyOf) else 1


class _Writer:
    """Goes down to the conditions, with `not` before each of them, and keeps what is said of them."""

    def __init__(self, setting: Setting, segment: ast.Segment) -> None:
        self.setting = setting
        self.findings: list[Finding] = []
        self._values = {**setting.segments.values, **_parameters(segment)}

    def impossible(self, span: Span, kind: str, said: str) -> None:
        self.findings.append(Finding(_place(span), kind, "impossible", said))

    def query(self, rule: Any, denied: bool, depth: int) -> Any:
        match rule:
            case ast.Not(part):
                return self.query(part, not denied, depth)
            case ast.All(parts) | ast.AnyOf(parts):
                inner: Any = _on_or_before(parts) if isinstance(rule, ast.All) and not denied else parts
                return _joined([self.query(part, denied, depth) for part in inner], isinstance(rule, ast.All) != denied)
            case ast.InSegment("in", segment) if depth < DEEPEST and not segment.arguments:
                referred = self.setting.segments.segments.get(fold(segment.name.text))
                if referred is not None and referred.sample is None:
                    return self._inside(referred, denied, depth + 1)
        notes = Notes()
        upto = isinstance(rule, _UpTo)
        rule = rule.subject if upto else rule
        kind = formatter.format(replace(rule, comments=()))
        try:
            found: Any = leaf(valued(rule, Words(self.setting, self._values, notes)), Ids(self.setting, notes), denied)
        except Impossible as error:
            self.impossible(rule.span, kind, error.said)
            return ast.All(())
        if upto:
            found = replace(found, test=Compare("<=", found.test.value))
        said = " ".join(notes.said)
        self.findings.append(Finding(_place(rule.span), kind, "approximate" if said else "exact", said))
        return found

    def _inside(self, segment: ast.Segment, denied: bool, depth: int) -> Any:
        before, self._values = self._values, {**self._values, **_parameters(segment)}
        try:
            return self.query(segment.rule, denied, depth)
        finally:
            self._values = before


def _parameters(segment: ast.Segment) -> dict[str, ast.Literal_]:
    return {fold(name.text): value for name, value in segment.parameters}


def _joined(parts: list[Any], every: bool) -> Any:
    """Everybody and nobody have no clause: they go, or are all that is left."""
    nothing, all_ = (ast.All(()), ast.AnyOf(())) if every else (ast.AnyOf(()), ast.All(()))
    if all_ in parts:
        return all_
    left = [part for at, part in enumerate(parts) if part != nothing and part not in parts[:at]]
    if not left:
        return nothing
    return all_of(left) if every else any_of(left)


@dataclass(frozen=True, slots=True)
class _UpTo:
    """A condition `before D` whose day D is in."""

    subject: ast.Subject


def _place(span: Span) -> str:
    line, column = span.source.position(span.start)
    return f"{line}:{column}"


def _on_or_before(parts: Any) -> list[Any]:
    """`placed order and not last placed order after D`, which is how `on or before D` is read."""
    found = list(parts)
    for part in parts:
        match part:
            case ast.Not(ast.Subject(ast.Name() as head, window=ast.Relative("after", ast.Ago() as moment)) as inner):
                known = ast.Subject(head, comparison=ast.Is("set"))
                event = ast.Subject(ast.Name(head.words.removeprefix("last ").removeprefix("first "), head.quoted))
                if inner != ast.Subject(head, window=inner.window) or not moment.whole_day:
                    continue
                asked = next((one for one in (known, event) if one in found), None)
                if asked is not None:
                    found.remove(asked)
                    found[found.index(part)] = _UpTo(
                        replace(inner, window=ast.Relative("before", moment), span=part.span)
                    )
    return found
