"""The LALR tables of `grammar/segql.lark`: Lark computes them, a cache keeps them, the machine runs on them.

Computing takes about 0.3 s, reading them back a few milliseconds. The cache is plain JSON in the user's own cache
folder, keyed by a hash of the grammar and its words, of this module's layout and of Lark's file; a folder that
cannot be written to, or a file that does not read well, only costs that time. Lark itself is imported for computing
alone.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import asdict
from functools import cache

from ...files import cache_folder, installed, write
from ...plain import dataclass
from ...words import pattern, written

STARTS = ("rule", "definition", "metric", "literal")
END = "$END"
_LAYOUT = 1
"""To be raised when what `Tables` holds changes."""


@dataclass(frozen=True, slots=True)
class Terminal:
    """A terminal of the grammar: a sign, or a regular expression in which a space stands for white space."""

    name: str
    pattern: str
    sign: bool
    reserved: bool


@dataclass(frozen=True, slots=True)
class Tables:
    """`states[state][symbol]` is the next state, or -1 - the number of the rule to reduce by.

    A rule is the name of what it builds, its length and the nonterminal it becomes.
    """

    terminals: tuple[Terminal, ...]
    rules: tuple[tuple[str, int, str], ...]
    states: tuple[dict[str, int], ...]
    starts: dict[str, int]
    ends: dict[str, int]


@cache
def grammar() -> str:
    """The text of the grammar with the words of the language in it."""
    return pattern(written("segql.lark"))


@cache
def tables() -> Tables:
    """The tables, from the cache when it has them."""
    made_of = f"{_LAYOUT}\0{installed('lark')}\0{written('segql.lark')}\0{written('english.txt')}"
    key = hashlib.sha256(made_of.encode()).hexdigest()[:32]
    folder = cache_folder()
    if folder is None:
        return compute(grammar())
    path = folder / f"grammar-{key}.json"
    with suppress(OSError, ValueError, KeyError, TypeError):
        return _read(path.read_text(encoding="utf-8"))
    made = compute(grammar())
    with suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # never one that others may write to
        write(path, json.dumps(asdict(made), separators=(",", ":")))
    return made


def after(stack: list[int], symbol: str) -> int | None:
    """The state in which a terminal leaves a parser with this stack, or None when the parser cannot take it.

    The stack stays as it is, and is not copied: it may be deep.
    """
    table = tables()
    left, pushed = len(stack), list[int]()
    while True:
        action = table.states[pushed[-1] if pushed else stack[left - 1]].get(symbol)
        if action is None or action >= 0:
            return action
        _, size, becomes = table.rules[-1 - action]
        left -= max(0, size - len(pushed))
        del pushed[max(0, len(pushed) - size) :]
        state = table.states[pushed[-1] if pushed else stack[left - 1]][becomes]
        if symbol == END and state in table.ends.values():
            return state
        pushed.append(state)


def advance(stack: tuple[int, ...], symbol: str) -> tuple[int, ...] | None:
    """The stack after a terminal, or None when the parser cannot take it."""
    table = tables()
    states = list(stack)
    while True:
        action = table.states[states[-1]].get(symbol)
        if action is None:
            return None
        if action >= 0:
            return (*states, action)
        _, size, becomes = table.rules[-1 - action]
        del states[-size:]
        states.append(table.states[states[-1]][becomes])
        if symbol == END and states[-1] in table.ends.values():
            return tuple(states)


def compute(text: str) -> Tables:
    """The tables of a grammar's text."""
    from lark import Lark
    from lark.parsers.lalr_analysis import Shift

    lark = Lark(text, parser="lalr", start=list(STARTS), maybe_placeholders=False)
    table = lark.parse_interactive("", start=STARTS[0]).parser_state.parse_conf.parse_table
    number = {rule: i for i, rule in enumerate(lark.rules)}
    return Tables(
        tuple(
            Terminal(t.name, t.pattern.value, t.pattern.type == "str", t.priority > 1)
            for t in sorted(lark.terminals, key=lambda t: t.name)
        ),
        tuple((rule.alias or rule.origin.name, len(rule.expansion), rule.origin.name) for rule in lark.rules),
        tuple(
            {
                symbol: arg if action is Shift else -1 - number[arg]
                for symbol, (action, arg) in table.states[state].items()
            }
            for state in range(len(table.states))
        ),
        dict(table.start_states),
        dict(table.end_states),
    )


def _read(text: str) -> Tables:
    found = json.loads(text)
    return Tables(
        tuple(Terminal(**t) for t in found["terminals"]),
        tuple((alias, size, origin) for alias, size, origin in found["rules"]),
        tuple(found["states"]),
        found["starts"],
        found["ends"],
    )
