"""Productions of a word-level grammar, and how they are written down for those who decode under one: Lark, GBNF.

A form is written `<event>[ <times>][ <window>]`: words, names of productions in angles, in brackets what may be left
out. A space is one space. What leads to a production that has no forms is left out, however deep it stands.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeAlias

Part: TypeAlias = "str | Word | Ref | tuple[Part, ...]"
"""A word or a sign, a word of a name, the name of a production, or what may be left out."""


class Word(NamedTuple):
    """A word of a name, or a name in quotes: in any case."""

    text: str

    def letters(self) -> Iterator[str]:
        """Each letter as it may be written."""
        return (one.lower() + one.upper() if self.text.isascii() and one.isalpha() else one for one in self.text)


class Ref(NamedTuple):
    """The name of a production or of a terminal."""

    name: str


class Terminal(NamedTuple):
    """A value: as a regular expression, and one that is such."""

    regex: str
    example: str


_PIECE = re.compile(r"<([^<>]+)>|([\[\]])|( )|([^<>\[\] ]+)")


def form(text: str) -> tuple[Part, ...]:
    """The parts of a form."""
    stack: list[list[Part]] = [[]]
    for ref, bracket, space, word in _PIECE.findall(text):
        if ref:
            stack[-1].append(Ref(ref))
        elif bracket == "[":
            stack.append([])
        elif bracket == "]":
            inner = tuple(stack.pop())
            stack[-1].append(inner)
        elif space:
            stack[-1].append(" ")
        else:
            stack[-1] += re.findall(r"[(),]|[^(),]+", word)
    return tuple(stack[0])


def words(text: str) -> tuple[Part, ...]:
    """A name as it is written: its words, what is in quotes as one."""
    found = re.findall(r"\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*'| |[^ \"']+", text)
    return tuple(one if one == " " else Word(one) for one in found)


class Grammar:
    """Productions by their names, each with its forms; terminals."""

    def __init__(self, terminals: Mapping[str, Terminal]) -> None:
        self.rules: dict[str, list[tuple[Part, ...]]] = {}
        self.terminals = dict(terminals)
        self._values: dict[str, str] = {}

    def add(self, name: str, *forms: str | tuple[Part, ...]) -> None:
        """More forms of a production."""
        self.rules.setdefault(name, []).extend(form(one) if isinstance(one, str) else one for one in forms)

    def value(self, regex: str, example: str) -> str:
        """The terminal of an expression."""
        if regex not in self._values:
            self._values[regex] = f"VALUE_{len(self._values) + 1}"
            self.terminals[self._values[regex]] = Terminal(regex, example)
        return self._values[regex]

    def example(self, parts: tuple[Part, ...], full: bool, above: frozenset[str] = frozenset()) -> str | None:
        """A text of a form, with all that may be left out or without; None where there is none."""
        said = []
        for part in parts:
            if isinstance(part, Ref):
                found = self._first(part.name, above)
                if found is None:
                    return None
                said.append(found)
            elif isinstance(part, Word):
                said.append(part.text)
            elif isinstance(part, tuple):
                said.append((self.example(part, full, above) if full else None) or "")
            else:
                said.append(part)
        return "".join(said)

    def _first(self, name: str, above: frozenset[str]) -> str | None:
        if name in self.terminals:
            return self.terminals[name].example
        if name in above:
            return None
        forms, above = self.rules.get(name, ()), above | {name}
        return next((one for each in forms if (one := self.example(each, False, above)) is not None), None)

    def pruned(self, start: str) -> Grammar:
        """Only what leads to a text, and what `start` leads to."""
        live: set[str] = set(self.terminals)
        while more := {
            name for name, forms in self.rules.items() if name not in live and any(_whole(one, live) for one in forms)
        }:
            live |= more
        made, left = Grammar({}), [start]
        while left:
            name = left.pop()
            if name in self.terminals:
                made.terminals[name] = self.terminals[name]
            elif name not in made.rules and name in live:
                kept = [_without(one, live) for one in self.rules[name] if _whole(one, live)]
                made.rules[name] = list(dict.fromkeys(kept))
                left += [ref for one in kept for ref in _refs(one)]
        return made._factored()

    def _factored(self) -> Grammar:
        """What begins alike said once, so that few forms are open at one place: parsers have limits."""
        made, known = Grammar(self.terminals), dict[tuple[tuple[Part, ...], ...], str]()

        def factored(forms: list[tuple[Part, ...]]) -> list[tuple[Part, ...]]:
            groups: dict[Part, list[tuple[Part, ...]]] = {}
            for one in forms:
                groups.setdefault(one[0], []).append(one[1:])
            found: list[tuple[Part, ...]] = []
            for first, rests in groups.items():
                rest = [one for one in dict.fromkeys(rests) if one]
                if len(rest) < len(rests):
                    found.append((first,))
                if len(rest) == 1:
                    found.append((first, *rest[0]))
                elif rest:
                    tails = tuple(factored(rest))
                    if tails not in known:
                        known[tails] = f"more_{len(known) + 1}"
                        made.rules[known[tails]] = list(tails)
                    found.append((first, Ref(known[tails])))
            return found

        for name, forms in self.rules.items():
            made.rules[name] = factored(forms)
        return made

    def lark(self, start: str) -> str:
        """In Lark's notation, for llguidance and what else takes it; a space is a token, nothing is ignored."""
        lines = [f"start: {start}"]
        for name, forms in self.rules.items():
            lines.append(f"{name}: " + "\n    | ".join(_in_lark(one) for one in forms))
        lines += [f"{name}: /{one.regex}/" for name, one in self.terminals.items()]
        return "\n".join([*lines, 'SPACE: " "', ""])


def _refs(parts: tuple[Part, ...]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, Ref):
            yield part.name
        elif isinstance(part, tuple) and not isinstance(part, Word):
            yield from _refs(part)


def _whole(parts: tuple[Part, ...], live: set[str]) -> bool:
    """Whether all that has to be said can be."""
    return all(part.name in live for part in parts if isinstance(part, Ref))


def _without(parts: tuple[Part, ...], live: set[str]) -> tuple[Part, ...]:
    """A form without what may be left out and leads nowhere."""
    kept: list[Part] = []
    for part in parts:
        if isinstance(part, str | Word | Ref):
            kept.append(part)
        elif _whole(part, live):
            kept.append(_without(part, live))
    return tuple(kept)


def _in_lark(parts: tuple[Part, ...]) -> str:
    said = []
    for part in parts:
        if isinstance(part, Ref):
            said.append(part.name)
        elif isinstance(part, Word):
            said.append(json.dumps(part.text, ensure_ascii=False) + "i" * part.text.isascii())
        elif isinstance(part, tuple):
            said.append(f"({_in_lark(part)})?")
        else:
            said.append("SPACE" if part == " " else json.dumps(part, ensure_ascii=False))
    return " ".join(said)
