"""The words of the language that may stand at a place: keywords, operators, units, and whole forms."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from itertools import pairwise

from ..errors import SegQLError
from ..parser.engine.lexer import Lexer, Token, folded
from ..parser.engine.machine import Reading, rules_alone
from ..parser.engine.spellings import examples, spellings, units
from ..parser.engine.tables import END
from ..parser.engine.terminals import NAMES
from ..source import Source
from ..words import word
from ..words import words as table
from .model import Kind, Known, Offer
from .reading import Caret

_NUMBER = re.compile(r"(-?(?:0|[1-9][0-9]*(?:,[0-9]{3})*)(?:\.[0-9]+)?) ?([A-Za-z%]*)")
_OPERATORS = frozenset({
    "EQ", "NE", "LT", "LE", "GT", "GE", "IS", "IS_NOT", "IS_SET", "AT_LEAST", "AT_MOST", "MORE_THAN", "LESS_THAN",
    "FEWER_THAN", "EXACTLY", "BETWEEN", "NOT_IN", "LIKE", "INCLUDES", "INCLUDE_OF", "SLASH",
})  # fmt: skip
_ORDER = frozenset({"LT", "LE", "GT", "GE", "AT_LEAST", "AT_MOST", "MORE_THAN", "LESS_THAN", "FEWER_THAN"})
_TOLD_APART = frozenset({"RELATIVE", "DAY", "PERIOD", "EDGE", "MEASURE_OF"})
_COUNTED = ("TIMES", "TIME", "ITEMS", "UNIT", "DIFFERENT", "OF_THE_LAST")
_USUAL = 5
"""Values that are offered before one is typed."""
_MEASURED = {
    "DURATION": "a length of time", "DISTANCE": "a distance", "FACTOR": "so many times a measure",
    "PERCENT": "a share", "MONEY": "an amount",
}  # fmt: skip


def keywords(place: Caret) -> Iterator[Offer]:
    """The spellings of the terminals that the parser can take."""
    behind_no = place.before is not None and place.before.text.lower() == word("EDGE", "no")
    for kind, spelled in spellings().items():
        if kind in place.takes:
            for words in spelled:
                yield Offer(
                    words,
                    kind_of(kind),
                    table().meanings.get((kind, words), ""),
                    ((kind, words),),
                    open=behind_no or (kind, words) == ("EDGE", word("EDGE", "no")),
                    alike=alike(kind, words),
                )


def alike(terminal: str, words: str) -> str:
    """Spellings of one keyword fit in the same places, but where the first word says what is meant: `next week`."""
    if terminal in _ORDER and terminal != "AT_LEAST":  # which alone goes on with `later`
        return "order"
    return f"{terminal} {words.split(maxsplit=1)[0]}" if terminal in _TOLD_APART else terminal


def kind_of(terminal: str) -> Kind:
    """What a keyword is to those who choose."""
    return (
        "operator"
        if terminal in _OPERATORS
        else "unit"
        if terminal in _COUNTED
        else "value"
        if terminal == "BOOL"
        else "keyword"
    )


def with_unit(place: Caret, known: Known) -> Iterator[Offer]:
    """The number that is being typed, with what makes it a value."""
    if not (found := _NUMBER.fullmatch(place.typed)):
        return
    number = found[1]
    one, whole = number == "1", number.isdigit()
    if "NUMBER" in place.takes and whole:
        for kind in ("TIME" if one else "TIMES", "ITEMS"):
            unit = spellings()[kind][one and kind == "ITEMS"]
            yield Offer(
                f"{number} {unit}",
                "unit",
                table().meanings[kind, unit],
                (("NUMBER", number), (kind, unit)),
                alike=f"NUMBER {kind}",
            )
    if "PERCENT" in place.takes:
        yield _valued(f"{number}%", "PERCENT", number)
    if "MONEY" in place.takes:
        yield _valued(f"{number} {known.catalog.currency}", "MONEY", number)
    for kind, spelled in units().items():
        if kind in place.takes and (whole or kind != "DURATION"):
            for single, many in spelled:
                if many.startswith(found[2].lower()):
                    yield _valued(f"{number} {single if one else many}", kind, number)


def _valued(text: str, terminal: str, number: str = "", weight: float = 0) -> Offer:
    return Offer(text, "unit", _MEASURED[terminal], ((terminal, text),), (number,), weight, alike=f"{terminal} {text}")


def usual(place: Caret) -> Iterator[Offer]:
    """Before anything is typed: values with a unit that the grammar's examples have behind the same keyword.

    Where any value may stand there are too many to choose from.
    """
    if place.before and not place.typed and not {"NAME", "MONEY"} <= place.takes:
        for at, (kind, text) in enumerate(_usual().get(place.before.type, ())[:_USUAL]):
            if kind in place.takes:
                yield _valued(text, kind, weight=0.9 - at / 100)


@cache
def _usual() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """These values by the keyword, the commonest first."""
    found: dict[str, Counter[tuple[str, str]]] = {}
    for line in examples():
        for before, token in (pair for tokens in stretches(line) for pair in pairwise(tokens)):
            if token.type in _MEASURED:
                found.setdefault(before.type, Counter())[token.type, token.text] += 1
    return {kind: tuple(value for value, _ in counted.most_common()) for kind, counted in found.items()}


# --- whole forms ----------------------------------------------------------------------------------------------------


def forms(place: Caret) -> Iterator[Offer]:
    """The stretches between the names of the grammar's examples, where their first word may stand.

    Before anything is typed the keywords alone are enough to choose from.
    """
    return (form for form in _forms() if form.tokens[0][0] in place.takes and place.typed.strip())


@cache
def _forms() -> tuple[Offer, ...]:
    found: dict[tuple[str, ...], Offer] = {}
    for line in examples():
        for tokens in stretches(line):
            # A sign and a number are quicker typed than chosen.
            if len(tokens) > 1 and tokens[0].text[0].isalpha():
                found.setdefault(tuple(_shape(token.type) for token in tokens), form_of(line, tokens))
    return tuple(found.values())


def _shape(terminal: str) -> str:
    """What tells one form from another: not which comparison or which value stands in it."""
    if terminal in _ORDER or terminal == "EXACTLY":
        return "comparison"
    return "value" if terminal in ("STRING", "NUMBER", "MONEY", "BOOL", "DATE", "TIMESTAMP") else terminal


def form_of(line: str, tokens: list[Token], meaning: str = "") -> Offer:
    """The stretch as the example writes it, but for its texts."""
    text, cursor = "", None
    taken = tuple((t.type, '""' if t.type == "STRING" else folded(t.text)) for t in tokens)
    end = tokens[0].start
    for token, (kind, said) in zip(tokens, taken, strict=True):
        text += line[end : token.start] + said
        end = token.end
        if cursor is None and kind == "STRING":
            cursor = len(text) - 1
    return Offer(
        text,
        "form",
        table().meanings.get((taken[0][0], taken[0][1].lower()), meaning),
        taken,
        weight=-0.1,
        cursor=cursor,
        alike=alike(*taken[0]),
    )


def stretches(line: str) -> Iterator[list[Token]]:
    """What stands between names, between conditions and between the parts of a condition."""
    symbol = "definition" if line.startswith((f"{word('LET')} ", f"{word('SEGMENT')} ")) else "rule"
    reading = Reading(Source(line), symbol, rules_alone())
    lexer = Lexer(reading.source, 0, len(line))
    stretch: list[Token] = []
    with suppress(SegQLError):
        while (token := lexer.next(reading.actions)).type != END:
            takes = reading.takes()
            part = "THEN" in takes and token.type in _beginnings()
            named = token.type in NAMES or (token.type == "STRING" and "NAME" in takes and "NUMBER" not in takes)
            if not reading.take(token):
                break
            inside = "CAN_RECEIVE" in reading.actions
            over = named or token.type in ("RPAR", "COMMA") or (inside and token.type in ("AND", "OR"))
            if (over or part) and stretch:
                yield stretch
                stretch = []
            if not over:
                stretch.append(token)
            if stretch and (inside or token.type == "LPAR"):
                yield stretch
                stretch = []
    if stretch:
        yield stretch


@cache
def _beginnings() -> frozenset[str]:
    """The terminals with which a part of a condition begins."""
    reading = Reading(Source("x"), "rule", rules_alone())
    reading.take(Token("NAME", "x", 0, 1))
    return frozenset(reading.takes())
