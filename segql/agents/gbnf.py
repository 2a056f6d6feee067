"""A grammar in GBNF, the notation of llama.cpp, which follows every form that is still open, letter by letter.

So what begins with one of many values, as pairs of which the first is the smaller do, is written by its letters, of
which each leads on to one place: with some hundred forms open in each of many places a text would take minutes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from .productions import Part, Ref, Word

if TYPE_CHECKING:
    from .productions import Grammar

_PIECE = re.compile(r"\[(?:[^\]\\]|\\.)*\]|\{[0-9,]+\}|\\.|.")
_SURE = re.compile(r"\[.\]|\[[A-Za-z0-9-]+\]|\\.|[^()\[]")
"""A sign, or a class of letters and digits."""
_MANY = 10
"""So many forms of one production that begin with values are written by their letters."""


def written(grammar: Grammar, start: str) -> str:
    """The rules, `root` first."""
    letters: dict[str, str] = {}
    rules = {name: _alternatives(grammar, forms, letters) for name, forms in grammar.rules.items()}
    lines = [f"root ::= {_dashed(start)}", *(f"{_dashed(name)} ::= {text}" for name, text in rules.items())]
    lines += [f"{name} ::= {text}" for text, name in letters.items()]
    used = set(re.findall(r"[A-Z][A-Z0-9-]*", re.sub(r'"(?:[^"\\]|\\.)*"', "", "\n".join(lines))))
    values = {_dashed(name): one.regex for name, one in grammar.terminals.items()}
    return "\n".join([*lines, *(f"{name} ::= {_value(regex)}" for name, regex in values.items() if name in used), ""])


def _alternatives(grammar: Grammar, forms: Sequence[tuple[Part, ...]], letters: dict[str, str]) -> str:
    said, led = [], []
    for form in forms:
        value = grammar.terminals.get(form[0].name) if isinstance(form[0], Ref) else None
        if value is None or "|" in re.sub(r"\([^()]*\)", "", value.regex):
            said.append(_form(form))
        else:
            begin, rest = _beginning(value.regex)
            led.append((form, begin, f"{_value(rest)} {_form(form[1:])}".strip() or '""'))
    if len(led) < _MANY:
        return " | ".join(map(_form, forms))
    return " | ".join([*said, _by_letters([(begin, end) for _, begin, end in led], letters)])


def _by_letters(open_: list[tuple[tuple[str, ...], str]], letters: dict[str, str]) -> str:
    """What begins with one of the letters at each place, and ends so; the rules that it takes, by their texts."""
    after: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for begin, end in open_:
        for letter in begin[0] if begin else ():
            after.setdefault(letter, []).append((begin[1:], end))
    leads: dict[str, list[str]] = {}
    for letter, left in after.items():
        leads.setdefault(_by_letters(left, letters), []).append(letter)
    said = [f"{_letter(those)} {to}" for to, those in leads.items()]
    said += dict.fromkeys(end for begin, end in open_ if not begin)
    text = " | ".join(said)
    return text if len(said) == 1 else letters.setdefault(text, f"letters-{len(letters) + 1}")


def _letter(those: Sequence[str]) -> str:
    return f"[{''.join(those)}]" if len(those) > 1 else json.dumps(those[0], ensure_ascii=False)


def _beginning(regex: str) -> tuple[tuple[str, ...], str]:
    """The letters of which one is at each of the first places, and what is left of the expression."""
    pieces, begin = _PIECE.findall(regex), list[str]()
    while pieces and _SURE.fullmatch(pieces[0]):
        times = re.fullmatch(r"\{([0-9])\}", pieces[1]) if len(pieces) > 1 else None
        if times is None and len(pieces) > 1 and pieces[1][0] in "?{":
            break
        begin += [_letters(pieces[0])] * (int(times[1]) if times else 1)
        del pieces[: 2 if times else 1]
    return tuple(begin), "".join(pieces)


def _letters(piece: str) -> str:
    """The letters that a class or a sign stands for."""
    if piece[0] != "[":
        return piece[-1]
    return re.sub(r"(.)-(.)", lambda ends: "".join(map(chr, range(ord(ends[1]), ord(ends[2]) + 1))), piece[1:-1])


def _value(regex: str) -> str:
    """A value by its expression, of classes, groups, alternatives, `?` and counts: GBNF has the same in other signs."""
    said: list[str] = []
    for piece in _PIECE.findall(regex):
        if piece == "?" or piece[0] == "{":
            said[-1] += piece
        elif piece in "()|" or piece[0] == "[":
            said.append(piece)
        else:
            said.append({'"': '"\\""', "\\\\": '"\\\\"'}.get(piece, f'"{piece[-1]}"'))
    return " ".join(said)


def _form(parts: tuple[Part, ...]) -> str:
    said = []
    for part in parts:
        if isinstance(part, Ref):
            said.append(_dashed(part.name))
        elif isinstance(part, Word):
            said += map(_letter, part.letters())
        elif isinstance(part, tuple):
            said.append(f"({_form(part)})?")
        else:
            said.append(json.dumps(part, ensure_ascii=False))
    return " ".join(said)


def _dashed(name: str) -> str:
    return name.replace("_", "-")
