"""The shortest way from anywhere in a text to an end that parses: what has to stand behind a word to judge it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from ..parser.engine.tables import END, advance
from ..parser.engine.terminals import NAMES
from ..words import word

Filling = tuple[tuple[str, str], ...]
"""Tokens: kind and text."""

Stack = tuple[int, ...]

_FILLERS = {
    "RPAR": ")", "NUMBER": "1", "STRING": '"x"', "DATE": "2025-01-01", "DURATION": f"1{word('SHORT', 'd')}",
    "PERCENT": "1%", "LIST_NUMBER": "1", "DISTANCE": f"1 {word('DISTANCE', 'km')}", "UNIT": word("UNIT", "d"),
    "STATISTIC": word("STATISTIC", "average"), **dict.fromkeys(NAMES, "x"),
    **{kind: word(kind) for kind in ("EQ", "AND", "OF", "BY", "IN", "LPAR", "COMMA", "ANY_OF", "TO")},
    "AGGREGATE_OF": word("AGGREGATE_OF", "sum"), "TIMES": word("TIMES"), "AGO": word("AGO"),
    "FROM_NOW": word("FROM_NOW"), "ITEMS": word("ITEMS", "many"), "OF_THE_LAST": word("OF_THE_LAST"),
    "DIFFERENT": word("DIFFERENT", "days"), "AT_LEAST": word("AT_LEAST"), "LATER": word("LATER"),
    "SIDE": word("SIDE", "of"),
}  # fmt: skip
"""What can stand in a text that ends soon; what is tried first stands first."""
_GOING_ON = ("TIMES", "AGO", "FROM_NOW", "ITEMS", "OF_THE_LAST", "DIFFERENT", "LATER")
"""What makes something else of a text that could end before it; more would only be added to it."""
_CLOSE = (("RPAR", _FILLERS["RPAR"]),)
_LONGEST = 5


@lru_cache(8192)
def closings(stack: Stack, most: int = 4) -> tuple[Filling, ...]:
    """Ways to end a text with this stack, shortest first; none when there is none of a few words."""
    return tuple(whole for way, after in _ways(stack, most) if (whole := _through(way, after)) is not None)


def _through(way: Filling, stack: Stack) -> Filling | None:
    """A way and what closes the parentheses behind it, one after the other; there may be hundreds."""
    parts = [way]
    while parts[-1] and parts[-1][-1][0] == "RPAR" and advance(stack, END) is None:
        closed = advance(stack, "RPAR")
        found = (_CLOSE, closed) if closed is not None else next(_ways(stack, 1), None)
        if found is None:
            return None
        part, stack = found
        parts.append(part)
    return tuple(token for part in parts for token in part)


def _ways(stack: Stack, most: int) -> Iterator[tuple[Filling, Stack]]:
    """Ways to an end or to the next closing parenthesis."""
    waiting: list[tuple[Filling, Stack]] = [((), stack)]
    for _ in range(_LONGEST + 1):
        longer: list[tuple[Filling, Stack]] = []
        for way, at in waiting:
            closed = bool(way) and way[-1][0] == "RPAR"
            ends = closed or advance(at, END) is not None
            if ends:
                yield way, at
                most -= 1
                if not most:
                    return
            if not closed:
                for kind in _GOING_ON if ends else _FILLERS:
                    if (after := advance(at, kind)) is not None and not (kind == "STRING" and _is_name(at)):
                        longer.append(((*way, (kind, _FILLERS[kind])), after))
        waiting = longer


def _is_name(stack: Stack) -> bool:
    """Whether a text in quotes would be a name here: some name is known, this one is not."""
    return advance(stack, "NAME") is not None and advance(stack, "NUMBER") is None
