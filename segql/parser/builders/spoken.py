"""Words that people put before a condition: who is meant, `has` and `is`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ...ast import Between, Compare, Different, Is, Name, Not, Quantity, Regularity, Subject
from ...errors import Fix
from ...source import Span
from ...words import sense, spellings, word
from ..checks import fail
from ..engine.lexer import Token, folded
from .parts import BareCount, Never
from .values import Values


def people(v: Values, span: Span) -> Any:
    """`people who ordered`, `customers with points`, `customers without orders`."""
    how = _who(v[0])
    return v[1] if how in ("who", "whose") else _having(v[1], span, lacks=how == "without")


def had(v: Values, span: Span) -> Any:
    """`has ordered`, `has points`, `has no points`."""
    return _having(v[1], span, lacks=False)


def lacks(v: Values, span: Span) -> Any:
    """`does not have birthday`."""
    return _having(v[1], span, lacks=True)


def _who(token: Token) -> str:
    """What the words behind the people say."""
    said = folded(token.text).lower().split(" ")
    for start in range(1, len(said)):
        try:
            return sense("WHO", " ".join(said[start:]))
        except KeyError:
            continue
    return "who"  # `people in list Newsletter`


def _having(node: Any, span: Span, lacks: bool) -> Any:
    """An event happened, whatever is said of it; of a property alone, that it is there."""
    if isinstance(node, Subject) and isinstance(node.head, Name):
        first, _, rest = node.head.words.partition(" ")
        if node.head.quoted is None and rest and first.lower() == word("EDGE", "no"):
            node, lacks = replace(node, head=replace(node.head, words=rest)), not lacks
        if node == Subject(node.head, window=node.window):
            first, _, rest = node.head.words.partition(" ")
            if node.head.quoted is None and rest and first.lower() in spellings("ARTICLE"):
                node = replace(node, head=replace(node.head, words=rest))
            return replace(node, comparison=Is("had", lacks, span), span=span)
    return Not(node, span) if lacks else node


def denies_times(never: Never, parts: list[Any], span: Span) -> bool:
    """Whether `did not order ..` denies a number of times, instead of saying that it never happened.

    Raises SegQLError where that has two readings: `has not ordered twice`, `did not order in at least 3 of ..`.
    """
    text, event = span.source.text, never.of.span

    def said(opening: str, count: str = "", place: Span | None = None) -> str:
        if place is None:
            return f"{opening} {text[event.start : span.end]}".strip()
        return f"{opening} {text[event.start : place.start]}{count}{text[place.end : span.end]}".strip()

    for part in parts:
        if isinstance(part, Regularity | Different):
            fail("syntax", f"`{folded(never.word.text)}` may deny the event, or how regular it was.", span, "Write",
                 said(word("NEVER")), said(word("NOT")))  # fmt: skip
        count = part.span
        if isinstance(part, BareCount) or (isinstance(part, Quantity) and _count_alone(count.text)):
            least = f"{word('FEWER_THAN')} {count.text}"
            if folded(count.text).lower() in spellings("ONCE"):
                fewer = Fix(span, said(word("NEVER"), "", count))
            else:
                fewer = Fix(span, said("", least, count))
            exactly = said(word("NOT"), f"{word('EXACTLY')} {count.text}", count)
            fail("syntax", f"Not {folded(count.text)}: less often, or more often as well?", span, "Write",
                 fewer, Fix(span, exactly))  # fmt: skip
    return any(isinstance(part, Compare | Between | Quantity) for part in parts)


def _count_alone(text: str) -> bool:
    """Whether a number of times is said by itself, not by `exactly`, `=`, `at least`."""
    return text[:1].isdigit() or text.split(maxsplit=1)[0].lower() in (*spellings("ONCE"), *spellings("TWICE"))
