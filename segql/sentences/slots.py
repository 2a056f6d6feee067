"""The typed gaps of the patterns: numbers, amounts, comparisons, times and windows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import Any

from .. import ast, parser
from ..errors import SegQLError
from ..words import spellings, word, words
from .tokens import Token
from .vocabulary import meanings

Found = Iterator[tuple[int, Any]]

_OFTEN = {">": "more than {} times", ">=": "at least {} times", "<": "fewer than {} times", "<=": "at most {} times",
          "=": "exactly {} times"}  # fmt: skip
_WINDOWS = frozenset({
    "in", "within", "over", "during", "for", "since", "before", "after", "on", "between", "last", "this", "past",
    "previous", "today", "yesterday", "tomorrow", "until", "till", "from", "more", "less", "next", "up", "through",
})  # fmt: skip
_LONGEST = 9
_PARTS = {"half": "50%", "third": "33.3333%",
          "quarter": "25%", "quartile": "25%", "fifth": "20%", "quintile": "20%", "tenth": "10%",
          "decile": "10%"}  # fmt: skip


class Slots:
    """What stands in the gaps that need no catalog, by the words of one sentence."""

    def __init__(self, tokens: tuple[Token, ...]) -> None:
        self.tokens = tokens
        self.folded = tuple(token.folded for token in tokens)

    def number(self, at: int, stop: int, _: Mapping[str, Any] | None = None) -> Found:
        """A number in digits or words, as digits."""
        if at >= stop:
            return
        if self.tokens[at].folded == "a" and at + 1 < stop and self.tokens[at + 1].folded in meanings("TENS"):
            at += 1  # `a dozen`
        said = self.tokens[at].folded
        cardinals = words().senses["CARDINAL"]
        if re.fullmatch(r"\d[\d,]*(?:\.\d+)?k?", said):
            yield at + 1, self.tokens[at].text
        elif said in cardinals:
            yield at + 1, cardinals[said]
        elif said in meanings("TENS"):
            yield at + 1, meanings("TENS")[said]
        elif said == "zero":
            yield at + 1, "0"

    def percent(self, at: int, stop: int, _: Mapping[str, Any] | None = None) -> Found:
        """A share: `5%`, `5 percent`."""
        if at < stop and re.fullmatch(r"\d[\d.]*%", self.tokens[at].text):
            yield at + 1, self.tokens[at].text
        if at < stop and (of := _PARTS.get(self.tokens[at].folded)):
            yield at + 1, of
        for end, number in self.number(at, stop):
            if end < stop and self.tokens[end].folded in ("%", "percent", "pct"):
                yield end + 1, f"{number}%"

    def amount(self, at: int, stop: int, _: Mapping[str, Any] | None = None) -> Found:
        """A number or money."""
        if at < stop and re.fullmatch(r"[$€£¥]\d[\d,]*(?:\.\d+)?k?", self.tokens[at].folded):
            yield at + 1, self.tokens[at].text
        for end, number in self.number(at, stop):
            if end < stop and (sign := meanings("MONEY").get(self.tokens[end].folded)):
                yield end + 1, f"{sign}{number}"
            yield end, number

    def money(self, at: int, stop: int, _: Mapping[str, Any] | None = None) -> Found:
        """Money alone."""
        for end, said in self.amount(at, stop):
            if not said[0].isdigit():
                yield end, said

    def compared(self, at: int, stop: int, _: Mapping[str, Any] | None = None) -> Found:
        """A comparison with an amount: the sign, and what it is compared with (two for `between`)."""
        for said, sign in self._comparing(at):
            if self._folded(at, at + len(said)) == said:
                for end, amount in self.amount(at + len(said), stop):
                    yield end, (sign, amount)
        start = at + (self._folded(at, at + 1) in (("between",), ("from",)))
        for end, first in self.amount(start, stop):
            link = self._folded(end, end + 1)
            if link in (("to",), ("-",)) or (link == ("and",) and self._folded(at, at + 1) == ("between",)):
                for last, second in self.amount(end + 1, stop):
                    yield last, ("between", first, second)
            if link == ("or",):  # `one or two`
                for last, second in self.amount(end + 1, stop):
                    if first.isdigit() and second.isdigit() and int(second) == int(first) + 1:
                        yield last, ("between", first, second)
        for end, amount in self.amount(at, stop):
            if behind := meanings("BEHIND").get(self._said(end, end + 2)):
                yield end + 2, (behind, amount)
            yield end, ("=", amount)
        if at < stop and re.fullmatch(r"[$€£¥]?\d[\d,.]*k?\+", self.tokens[at].folded):
            yield at + 1, (">=", self.tokens[at].text[:-1])

    def strictly(self, at: int, stop: int, found: Mapping[str, Any] | None = None) -> Found:
        """A comparison that says in words how: not a number alone."""
        for end, said in self.compared(at, stop, found):
            if said[0] != "=" or self._folded(at, at + 1) in (("exactly",), ("precisely",), ("=",)):
                yield end, said

    def overall(self, at: int, stop: int, _: Mapping[str, Any] | None = None) -> Found:
        """A comparison with the crowd: `above average`, `more than the average customer`, `twice the median`."""
        start = at + (self._folded(at, at + 1) in (("is",), ("are",), ("was",)))
        for end, sign in ((start, "*"), *self.signs(at, stop)):
            for last, of in self.average(end, stop) if sign != "*" else ():
                yield last, (sign, of)
            for after, factor in self.factor(end, stop):
                as_much = self._folded(after, after + 3) in (("as", "much", "as"), ("as", "many", "as"))
                for last, of in self.average(after + 3 * as_much, stop):
                    yield last, (sign, f"{factor} x {of}")

    def factor(self, at: int, stop: int) -> Found:
        """`twice`, `3 times`: how many times as much."""
        for factor, said in (("2", "twice"), ("2", "double"), ("3", "triple"), ("0.5", "half")):
            if self._folded(at, at + 1) == (said,):
                yield at + 1, factor
        for end, number in self.number(at, stop):
            if self._folded(end, end + 1) in (("times",), ("x",)):
                yield end + 1, number

    def than(self, at: int, stop: int, _: Mapping[str, Any] | None = None) -> Found:
        """`than the average`, behind `more`."""
        if self._folded(at, at + 1) == ("than",):
            yield from self.average(at + 1, stop)

    def signs(self, at: int, stop: int) -> Found:
        """Words that compare, `more than`, behind `is`: where they end, and their signs."""
        start = at + (self._folded(at, at + 1) in (("is",), ("are",), ("was",)))
        for said, sign in self._comparing(start):
            if start + len(said) <= stop and self._folded(start, start + len(said)) == said:
                yield start + len(said), sign

    def average(self, at: int, stop: int, _: Mapping[str, Any] | None = None) -> Found:
        """The average, or the median, of everybody."""
        start = at + (self._folded(at, at + 1) in (("the",), ("an",), ("our",), ("a",)))
        for end in range(min(stop, start + 3), start, -1):
            if of := meanings("AVERAGE").get(self._said(start, end)):
                yield end, word("STATISTIC", of)
                return
        of_all = self._said(start, min(stop, start + 2))
        if re.fullmatch(r"[1-9]\d?(?:st|nd|rd|th) percentile", of_all):
            yield start + 2, f"the {of_all}"

    def times(self, at: int, stop: int, _: Mapping[str, Any] | None = None) -> Found:
        """How often: `once`, `at least 3 times`, `only once`."""
        if self._folded(at, at + 3) == ("once", "or", "twice"):
            yield at + 3, often_(("between", "1", "2"))
        start = at + (self._folded(at, at + 1) in (("only",), ("just",), ("exactly",)))
        for often, quantity in (("once", "exactly once"), ("twice", "exactly twice"), ("thrice", "exactly 3 times")):
            if self._folded(start, start + 1) == (often,):
                if behind := meanings("BEHIND").get(self._said(start + 1, start + 3)):
                    yield start + 3, _OFTEN[behind].format(("once", "twice", "thrice").index(often) + 1)
                yield start + 1, quantity
        for said, sign in self._comparing(at):
            for word_, number in (("once", "1"), ("twice", "2")):
                if self._folded(at, at + len(said) + 1) == (*said, word_):
                    yield at + len(said) + 1, _OFTEN[sign].format(number)
        for end, compared in self.compared(at, stop):
            if end < stop and self.tokens[end].folded in ("times", "time"):
                yield end + 1, often_(compared)
                behind = meanings("BEHIND").get(self._said(end + 1, end + 3))
                if behind and compared[0] == "=":
                    yield end + 3, often_((behind, compared[1]))

    def window(self, at: int, stop: int, _: Mapping[str, Any] | None = None) -> Found:
        """A window in words that the language takes, the longest first."""
        if at >= stop or self.tokens[at].folded not in _WINDOWS:
            return
        for end in range(min(stop, at + _LONGEST), at, -1):
            said = " ".join(token.text for token in self.tokens[at:end])
            if is_window(said):
                yield end, said
            elif said.lower().startswith("over ") and said.lower().endswith(" ago"):
                longer = f"more than {said[5:]}"
                yield from ((end, longer),) if is_window(longer) else ()

    def duration(self, at: int, stop: int, _: Mapping[str, Any] | None = None) -> Found:
        """A length of time: `3 days`, `an hour`, `a week`."""
        for end in range(at + 1, min(stop, at + 2) + 1):
            said = " ".join(token.text for token in self.tokens[at:end])
            if is_window(f"in {said}") or is_window(f"in the last {said}"):
                first, rest = (*said.split(" ", 1), "")[:2]
                yield end, f"1 {rest}" if first.lower() in ("a", "an", "one") else said

    def _comparing(self, at: int) -> list[tuple[tuple[str, ...], str]]:
        """Words that compare and begin as what stands there."""
        return _compared().get(self.folded[at], []) if at < len(self.folded) else []

    def _said(self, start: int, stop: int) -> str:
        return " ".join(self._folded(start, stop))

    def _folded(self, start: int, stop: int) -> tuple[str, ...]:
        return self.folded[start:stop]


@cache
def _compared() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """By their first: words that compare, the longest first, and their signs."""
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for said, sign in sorted(meanings("COMPARING").items(), key=lambda one: -len(one[0].split())):
        found.setdefault(said.split()[0], []).append((tuple(said.split()), sign))
    return found


def often_(compared: tuple[str, ...]) -> str:
    """A comparison as how often something happened."""
    sign, *amounts = compared
    return f"between {amounts[0]} and {amounts[1]} times" if sign == "between" else _OFTEN[sign].format(amounts[0])


def test_(compared: tuple[str, ...]) -> str:
    """A comparison as one of a number."""
    sign, *amounts = compared
    return f"{word('BETWEEN')} {amounts[0]} {word('AND')} {amounts[1]}" if sign == "between" else f"{sign} {amounts[0]}"


@lru_cache(2048)
def is_window(said: str) -> bool:
    """Whether a text is a whole window."""
    try:
        rule = parser.parse_rule(f'"zz" {said}')
    except SegQLError:
        return False
    return (
        isinstance(rule, ast.Subject) and rule.window is not None and rule == ast.Subject(rule.head, window=rule.window)
    )


def is_end(folded: str) -> bool:
    """Whether a word joins conditions."""
    return folded in (*spellings("AND"), *spellings("OR"), "but", ",")
