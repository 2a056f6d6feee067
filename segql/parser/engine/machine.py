"""The shift-reduce loop: tokens in, one value out, or a beginning so far. It knows neither what is built nor why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from ...errors import Problem, SegQLError
from ...source import Source, Span
from .lexer import Comment, Lexer, Token
from .tables import END, after, tables

_MOST_OPEN = 25_000
"""Symbols that wait for more, such as open parentheses. Far more than any rule needs."""

Build = Callable[[list[Any], Span], Any]
Rule = tuple[Build | None, int, str]
"""What builds it (None hands the value of its one symbol on), its length, the nonterminal it becomes."""


def rules_of(builders: Mapping[str, Build]) -> tuple[Rule, ...]:
    """The rules of the grammar, in the order of the tables, with what builds each."""
    found: list[Rule] = []
    for name, size, becomes in tables().rules:
        build = builders.get(name)
        assert build or size == 1, f"nothing builds {name}"
        found.append((build, size, becomes))
    return tuple(found)


@cache
def rules_alone() -> tuple[Rule, ...]:
    """The rules, building nothing: to read how a text hangs together and not what it says."""
    return tuple((lambda values, span: None, size, becomes) for _, size, becomes in tables().rules)


class Reading:
    """A text read so far, from its beginning: what waits on the parser's stack, with the values built."""

    __slots__ = ("last", "rules", "source", "stack", "starts", "values")

    def __init__(self, source: Source, symbol: str, rules: tuple[Rule, ...], at: int = 0) -> None:
        self.source = source
        self.rules = rules
        self.stack = [tables().starts[symbol]]
        self.values: list[Any] = []
        self.starts: list[int] = []
        self.last = at

    def fork(self, source: Source) -> Reading:
        """The same beginning of another text, to be read on by itself. Runs that grow in place are copied."""
        other = Reading.__new__(Reading)
        other.source, other.rules, other.last = source, self.rules, self.last
        other.stack, other.starts = self.stack.copy(), self.starts.copy()
        other.values = [value.copy() if type(value) is list else value for value in self.values]
        return other

    @property
    def actions(self) -> Mapping[str, int]:
        """What the state at the top has an action for; not all of it can really come next, see `takes`."""
        return tables().states[self.stack[-1]]

    def takes(self) -> set[str]:
        """The terminals that can really come next: a state's own table also has those of other places like it."""
        return {s for s in self.actions if (s.isupper() or s == END) and after(self.stack, s) is not None}

    def take(self, token: Token) -> bool:
        """Goes on by one token, or says that it cannot stand here. After END `values` holds what the whole text is."""
        kind, known = token.type, tables()
        states, rules, source, last = known.states, self.rules, self.source, self.last
        stack, values, starts = self.stack, self.values, self.starts
        actions = states[stack[-1]]
        while (action := actions.get(kind)) is not None and action < 0:
            build, size, becomes = rules[-1 - action]
            if size == 1:  # most are: nothing moves
                if build:
                    values[-1] = build([values[-1]], Span(source, starts[-1], last))
                stack[-1] = top = states[stack[-2]][becomes]
            else:
                assert build  # `rules_of` has seen to it
                begin = starts[-size]
                values[-size:] = [build(values[-size:], Span(source, begin, last))]
                del starts[1 - size :], stack[-size:]
                stack.append(top := states[stack[-1]][becomes])
            if kind == END and top in known.ends.values():
                return True
            actions = states[top]
        if action is None:
            return False
        if len(stack) > _MOST_OPEN:
            raise SegQLError([_too_deep(self.source, token)])
        stack.append(action)
        values.append(token)
        starts.append(token.start)
        self.last = token.end
        return True


def run(
    text: Span,
    symbol: str,
    rules: tuple[Rule, ...],
    unexpected: Callable[[Source, Token, set[str], list[Any]], Problem],
) -> tuple[Any, list[Comment]]:
    """What the stretch of a source is as this start symbol, and the comments in it."""
    lexer = Lexer(text.source, text.start, text.end)
    reading = Reading(text.source, symbol, rules, text.start)
    while True:
        token = lexer.next(reading.actions)
        if not reading.take(token):
            raise SegQLError([unexpected(text.source, token, reading.takes(), reading.values)])
        if token.type == END:
            return reading.values[-1], lexer.comments


def _too_deep(source: Source, token: Token) -> Problem:
    return Problem(
        "too-deep",
        f"More than {_MOST_OPEN} parentheses and words wait here for what follows them.",
        Span(source, token.start, token.end),
        "Leave out parentheses that group nothing.",
    )
