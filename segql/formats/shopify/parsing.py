"""Text to the tree of a segment query, by Shopify's grammar in `shopify.lark`. Errors have a place and a fix."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from lark import Lark, Token, UnexpectedInput
from lark.exceptions import VisitError
from lark.visitors import Transformer_NonRecursive

from ... import ast
from ...errors import Code, SegQLError, problem
from ...source import Source, Span
from . import tree
from .slips import explained
from .tree import Between, Clause, Compare, Matches, Null, Offset, Parameter, Point, Query, Value, Word

LONGEST = 100_000
"""Letters of a query: ten clauses of 500 ids are fewer."""
DEEPEST = 60
_AGO = {
    "7_days_ago": Offset(-7, "d"), "30_days_ago": Offset(-30, "d"), "90_days_ago": Offset(-90, "d"),
    "12_months_ago": Offset(-12, "m"),
}  # fmt: skip
_BOUNDS: dict[str, ast.Op] = {"since": ">=", "until": "<="}
"""Parameters of the older calls that are bounds of `date`."""


def parse(source: Source) -> Query:
    """The tree of a query; without any clause it is everybody. Raises SegQLError with one place."""
    if len(source.text) > LONGEST:
        raise _error(Span(source, 0, 1), "too-long", f"The query is longer than {LONGEST:,} letters.")
    try:
        found = _lark().parse(source.text)
    except UnexpectedInput as error:
        raise SegQLError([explained(source, error)]) from None
    try:
        query: Query = _Builder(source).transform(found)
    except VisitError as error:
        raise error.orig_exc from None
    if _depth(query) > DEEPEST:
        raise _error(Span(source, 0, 1), "too-deep", f"The query nests more than {DEEPEST} deep.")
    return query


@cache
def _lark() -> Lark:
    grammar = Path(__file__).with_name("shopify.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", maybe_placeholders=False)


def _depth(query: Query) -> int:
    deepest, waiting = 0, [(query, 1)]
    while waiting:
        node, depth = waiting.pop()
        deepest = max(deepest, depth)
        if isinstance(node, ast.All | ast.AnyOf):
            waiting += [(part, depth + 1) for part in node.parts]
    return deepest


def _error(span: Span, code: Code, said: str, help: str = "", *fixes: str) -> SegQLError:
    return SegQLError([problem(code, said, span, help, *fixes)])


class _Builder(Transformer_NonRecursive[Token, Any]):
    """A method for each rule of the grammar. Not recursive: parentheses may nest deeper than Python's stack."""

    def __init__(self, source: Source) -> None:
        super().__init__(visit_tokens=False)
        self.source = source

    def start(self, children: list[Any]) -> Query:
        return children[0] if children else ast.All(())

    def editor(self, children: list[Any]) -> Query:
        table = children[0]
        if table.lower() != "customers":
            said = f"`{table}` has other rows than customers, and a segment is of customers."
            raise self._wrong(table, "syntax", said, "write", "customers")
        return next((c for c in children if not isinstance(c, Token)), ast.All(()))

    def any_of(self, children: list[Any]) -> Query:
        return ast.AnyOf(tuple(children))

    def all_of(self, children: list[Any]) -> Query:
        return ast.All(tuple(children))

    # --- clauses

    def compare(self, children: list[Any]) -> Clause:
        subject, op, value = children
        test = Compare(_op(op), self._value(value))
        if isinstance(test.value, Word) and test.value.text in ("true", "false") and subject.called:
            if test.op not in ("=", "!="):
                raise self._wrong(op, "syntax", f"`{subject.name}(..)` is true or false.", "write", "=")
            negated = (test.op == "=") != (test.value.text == "true")
            return self._clause(subject, Matches(self._older(subject.arguments), negated), value)
        return self._clause(subject, test, value)

    def between(self, children: list[Any]) -> Clause:
        subject, low, high = children
        return self._clause(subject, Between(self._value(low), self._value(high)), high)

    def null(self, children: list[Any]) -> Clause:
        return self._clause(children[0], Null())

    def not_null(self, children: list[Any]) -> Clause:
        return self._clause(children[0], Null(negated=True))

    def contains(self, children: list[Any]) -> Clause:
        return self._clause(children[0], tree.Contains(self._value(children[1])), children[1])

    def not_contains(self, children: list[Any]) -> Clause:
        return self._clause(children[0], tree.Contains(self._value(children[1]), negated=True), children[1])

    def matches(self, children: list[Any]) -> Clause:
        return self._clause(children[0], Matches(children[1]))

    def not_matches(self, children: list[Any]) -> Clause:
        return self._clause(children[0], Matches(children[1], negated=True))

    # --- what clauses are made of

    def subject(self, children: list[Any]) -> _Subject:
        return _Subject(children[0], len(children) > 1, children[1] if len(children) > 1 else [])

    def arguments(self, children: list[Any]) -> list[Any]:
        return children

    def argument(self, children: list[Any]) -> tuple[Token, Any]:
        return children[0], children[1]

    def parameters(self, children: list[Parameter]) -> tuple[Parameter, ...]:
        names = [p.name for p in children]
        for place, one in enumerate(children):
            if one.name in names[:place]:
                said = f"`{one.name}` stands twice in one MATCHES."
                help = "write both bounds of a date as `BETWEEN`, or write two clauses"
                raise SegQLError([problem("doubled-part", said, one.span, help)])
        return tuple(children)

    def parameter(self, children: list[Any]) -> Parameter:
        name, op, value = children
        if isinstance(value, Point):
            if _op(op) != "=":
                raise self._wrong(op, "syntax", "A point is compared by `=` alone.", "write", "=")
            return self._parameter(name, value)
        return self._parameter(name, Compare(_op(op), self._value(value)))

    def parameter_between(self, children: list[Any]) -> Parameter:
        name, low, high = children
        return self._parameter(name, Between(self._value(low), self._value(high)))

    def parameter_in(self, children: list[Any]) -> Parameter:
        return self._parameter(children[0], tree.In(self._values(children[1])))

    def parameter_not_in(self, children: list[Any]) -> Parameter:
        return self._parameter(children[0], tree.In(self._values(children[1]), negated=True))

    def values(self, children: list[Any]) -> list[Any]:
        return children

    def point(self, children: list[Any]) -> Point:
        found = [self._value(child) for child in children]
        for child, value in zip(children, found, strict=True):
            if not isinstance(value, Decimal):
                raise self._wrong(child, "syntax", "A point is a latitude and a longitude, `(37.77, -122.42)`.")
        return Point(*found)  # type: ignore[arg-type]  # both were looked at

    # --- helpers

    def _clause(self, subject: _Subject, test: tree.Test, last: Any = None) -> Clause:
        end = last.end_pos if isinstance(last, Token) else subject.name.end_pos
        span = self._span(subject.name.start_pos, end)
        date: str | None = None
        if subject.called and not isinstance(test, Matches):
            given = [a[1] if isinstance(a, tuple) and a[0] == "date" else a for a in subject.arguments]
            if len(given) != 1 or not isinstance(given[0], Token) or given[0].type != "STRING":
                said = f"`{subject.name}(..)` is `= true` or `= false`; what is asked of it else stands behind MATCHES."
                raise self._wrong(subject.name, "syntax", said, "write", f"{subject.name} MATCHES")
            date = _unquoted(given[0])
        elif subject.called and subject.arguments and not isinstance(last, Token):
            said = f"What is asked of `{subject.name}` stands behind MATCHES."
            raise self._wrong(subject.name, "syntax", said, f"write `{subject.name} MATCHES (..)`")
        return Clause(str(subject.name).lower() if subject.name.isupper() else str(subject.name), test, date, span)

    def _parameter(self, name: Token, test: Compare | Between | tree.In | Point) -> Parameter:
        return Parameter(str(name), test, self._span(name.start_pos, name.end_pos))

    def _older(self, arguments: Sequence[Any]) -> tuple[Parameter, ...]:
        """The parameters of `f(id: 5, since: -7d) = true` as those of MATCHES."""
        found: list[Parameter] = []
        bounds: dict[str, Token] = {}
        for one in arguments:
            if not isinstance(one, tuple):
                raise self._wrong(one, "syntax", "A parameter has a name: `id: 5`.")
            name, value = one
            if name in _BOUNDS and isinstance(value, Token):
                bounds[str(name)] = value
                if len(bounds) == 2:
                    low, high = self._value(bounds["since"]), self._value(bounds["until"])
                    found = [p for p in found if p.name != "date"]
                    found.append(Parameter("date", Between(low, high), self._span(name.start_pos, name.end_pos)))
                else:
                    test = Compare(_BOUNDS[str(name)], self._value(value))
                    found.append(Parameter("date", test, self._span(name.start_pos, name.end_pos)))
            elif isinstance(value, Token):
                found.append(self._parameter(name, Compare("=", self._value(value))))
            elif name == "coordinates" and len(value) == 2:
                found.append(self._parameter(name, self.point(value)))
            else:
                found.append(self._parameter(name, tree.In(self._values(value))))
        return self.parameters(found)

    def _values(self, tokens: Sequence[Token]) -> tuple[Value, ...]:
        return tuple(self._value(token) for token in tokens)

    def _value(self, token: Token) -> Value:
        text = str(token)
        match token.type:
            case "STRING":
                return _unquoted(token)
            case "NUMBER":
                return Decimal(text)
            case "OFFSET":
                if len(text) > 8:
                    raise self._wrong(token, "bad-date", "So far from today there are no dates.")
                return Offset(int(text[:-1]), text[-1].lower())  # type: ignore[arg-type]  # the grammar's d, w, m, y
            case "AGO" if text in _AGO:
                return _AGO[text]
            case "AGO":
                help = "write an offset, such as `-7d` or `-12m`"
                raise self._wrong(token, "bad-date", f"`{text}` is no day: there are {', '.join(_AGO)}.", help)
            case "NAME" if text.lower() in _WORDS:
                return Word(text.lower())
            case "NAME":
                said = f"`{text}` is no value: texts stand between single quotes, days are dates or `today`."
                raise self._wrong(token, "unquoted-text", said, "write", f"'{text}'")
        try:
            return datetime.fromisoformat(text) if token.type == "TIME" else date.fromisoformat(text)
        except ValueError:
            raise self._wrong(token, "bad-date", f"There is no such day or time: `{text}`.") from None

    def _span(self, start: int | None, end: int | None) -> Span:
        return Span(self.source, start or 0, end or 0)

    def _wrong(self, token: Any, code: Code, said: str, help: str = "", *fixes: str) -> SegQLError:
        start, end = (token.start_pos, token.end_pos) if isinstance(token, Token) else (0, 1)
        return _error(self._span(start, end), code, said, help, *fixes)


_WORDS = ("today", "yesterday", "true", "false")


class _Subject:
    """What a clause is about, before it is known whether it is an older call or an anniversary."""

    def __init__(self, name: Token, called: bool, arguments: list[Any]) -> None:
        self.name, self.called, self.arguments = name, called, arguments


def _op(token: Token) -> ast.Op:
    return str(token)  # type: ignore[return-value]  # the grammar's own


def _unquoted(token: Token) -> str:
    """The text between quotes; a backslash stands before a quote or another backslash."""
    text = str(token)[1:-1]
    return text.replace("\\'", "'").replace("\\\\", "\\")
