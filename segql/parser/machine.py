"""The shift-reduce loop: tokens in, one value out. It knows neither what is built nor why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..errors import Problem, SegQLError
from ..source import Source, Span
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


def run(
    text: Span,
    symbol: str,
    rules: tuple[Rule, ...],
    unexpected: Callable[[Source, Token, set[str], list[Any]], Problem],
) -> tuple[Any, list[Comment]]:
    """What the stretch of a source is as this start symbol, and the comments in it."""
    source = text.source
    table = tables()
    states = table.states
    lexer = Lexer(source, text.start, text.end)
    stack = [table.starts[symbol]]
    goal = table.ends[symbol]
    values: list[Any] = []
    starts: list[int] = []
    last = text.start
    while True:
        actions = states[stack[-1]]
        token = lexer.next(actions)
        kind = token.type
        while (action := actions.get(kind)) is not None and action < 0:
            build, size, becomes = rules[-1 - action]
            if build:
                begin = starts[-size]
                values[-size:] = [build(values[-size:], Span(source, begin, last))]
                del stack[-size:]
                starts[-size:] = [begin]
            else:
                stack.pop()
            stack.append(states[stack[-1]][becomes])
            if kind == END and stack[-1] == goal:
                return values[-1], lexer.comments
            actions = states[stack[-1]]
        if action is None:
            raise SegQLError([unexpected(source, token, _takes(stack), values)])
        if len(stack) > _MOST_OPEN:
            raise SegQLError([_too_deep(source, token)])
        stack.append(action)
        values.append(token)
        starts.append(token.start)
        last = token.end


def _takes(stack: list[int]) -> set[str]:
    """The terminals that can really come next: a state's own table also has those of other places like it."""
    return {s for s in tables().states[stack[-1]] if (s.isupper() or s == END) and after(stack, s) is not None}


def _too_deep(source: Source, token: Token) -> Problem:
    return Problem(
        "too-deep",
        f"More than {_MOST_OPEN} parentheses and words wait here for what follows them.",
        Span(source, token.start, token.end),
        "Leave out parentheses that group nothing.",
    )
