"""The shift-reduce loop: tokens in, one value out. It knows neither what is built nor why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..errors import Problem, SegQLError
from ..source import Source, Span
from .lexer import Comment, Lexer, Token
from .tables import END, after, tables

Build = Callable[[list[Any], Span], Any]


def run(
    text: Span,
    symbol: str,
    builders: Mapping[str, Build],
    unexpected: Callable[[Source, Token, set[str], list[Any]], Problem],
) -> tuple[Any, list[Comment]]:
    """What the stretch of a source is as this start symbol, and the comments in it."""
    source = text.source
    table = tables()
    states, rules = table.states, table.rules
    lexer = Lexer(source, text.start, text.end)
    stack = [table.starts[symbol]]
    goal = table.ends[symbol]
    values: list[Any] = []
    starts: list[int] = []
    last = text.start
    while True:
        actions = states[stack[-1]]
        token = lexer.next(actions, stack)
        while (action := actions.get(token.type)) is not None and action < 0:
            name, size, becomes = rules[-1 - action]
            build = builders.get(name)
            if size > 1 or build:
                if build is None:
                    raise AssertionError(f"nothing builds {name}")
                begin = starts[-size]
                value = build(values[-size:], Span(source, begin, last))
                del stack[-size:], values[-size:], starts[-size:]
                values.append(value)
                starts.append(begin)
            else:
                stack.pop()
            stack.append(states[stack[-1]][becomes])
            if token.type == END and stack[-1] == goal:
                return values[-1], lexer.comments
            actions = states[stack[-1]]
        if action is None:
            raise SegQLError([unexpected(source, token, _takes(stack), values)])
        stack.append(action)
        values.append(token)
        starts.append(token.start)
        last = token.end


def _takes(stack: list[int]) -> set[str]:
    """The terminals that can really come next: a state's own table also has those of other places like it."""
    return {s for s in tables().states[stack[-1]] if (s.isupper() or s == END) and after(stack, s) is not None}
