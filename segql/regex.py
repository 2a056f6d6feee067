"""The regular expressions of `matches regex`: those on which all engines agree, as a tree; what is not one says why.

    [^] alternatives [$]        alternatives: pieces joined by |      piece: one, then * + ? {n} {n,} {n,m} or nothing
    one: a sign, \\ before a punctuation mark, . (all but a line feed), a class [a-z_], [^0-9], (alternatives)

It is looked for anywhere, letter case counts. What is repeated repeats nothing inside.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from string import ascii_lowercase, ascii_uppercase, digits, punctuation
from typing import NoReturn, TypeAlias

from .plain import dataclass

MOST_TIMES, MOST_SIGNS, MOST_DEEP = 255, 1_000, 20
"""How often a piece is counted, how long the text is, how deep parentheses stand in each other."""
_SPECIAL = frozenset("\\.[]()|*+?{}^$")
_RANGES = (ascii_lowercase, ascii_uppercase, digits)


class NoRegex(ValueError):
    """What the text is not: a sentence, and from where to where in it."""

    def __init__(self, message: str, start: int, end: int) -> None:
        self.start, self.end = start, end
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class One:
    """One code point: of these, or none of these; `text` is how it is written."""

    signs: frozenset[str]
    negated: bool
    text: str


@dataclass(frozen=True, slots=True)
class Several:
    """One of some rows of pieces."""

    ways: tuple[tuple[Piece, ...], ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """So many times, at most without end where None."""

    of: One | Several
    least: int = 1
    most: int | None = 1


@dataclass(frozen=True, slots=True)
class Regex:
    """`start`, `end`: only there in the text."""

    of: Several
    start: bool
    end: bool


Node: TypeAlias = One | Several | Piece


@lru_cache(1024)
def read(text: str) -> Regex:
    """The tree of a regular expression. Raises NoRegex."""
    if not text:
        raise NoRegex("An empty one fits every text.", 0, 0)
    if len(text) > MOST_SIGNS:
        raise NoRegex(f"It is longer than {MOST_SIGNS:,} signs.", 0, len(text))
    start = text.startswith("^")
    end = text.endswith("$") and not _escaped(text, len(text) - 1)
    reader = _Reader(text, int(start), len(text) - end)
    found = reader.alternatives()
    if reader.at < reader.end:
        reader.no(f"Nothing opened `{text[reader.at]}`.")
    if (start or end) and len(found.ways) > 1:
        raise NoRegex("Beside `^` or `$` alternatives stand in parentheses: `^(a|b)$`.", 0, len(text))
    return Regex(found, start, end)


def _escaped(text: str, at: int) -> bool:
    before = len(text[:at]) - len(text[:at].rstrip("\\"))
    return before % 2 == 1


@dataclass
class _Reader:
    text: str
    at: int
    end: int
    deep: int = 0

    def no(self, message: str, start: int | None = None) -> NoReturn:
        raise NoRegex(message, self.at if start is None else start, min(self.at + 1, len(self.text)))

    @property
    def next(self) -> str:
        return self.text[self.at] if self.at < self.end else ""

    def take(self, sign: str) -> bool:
        found = self.next == sign
        self.at += found
        return found

    def alternatives(self) -> Several:
        ways = [self.row()]
        while self.take("|"):
            ways.append(self.row())
        return Several(tuple(ways))

    def row(self) -> tuple[Piece, ...]:
        pieces: list[Piece] = []
        while self.next and self.next not in "|)":
            pieces.append(self.piece())
        if not pieces:
            self.no("Here something has to stand.")
        return tuple(pieces)

    def piece(self) -> Piece:
        start = self.at
        one = self.one()
        least, most = self.times()
        if (least, most) != (1, 1):
            if isinstance(one, Several) and any((p.least, p.most) != (1, 1) for p in _inside(one)):
                self.at -= 1
                self.no("What is repeated must not repeat anything inside: engines may not end.", start)
            if self.next and self.next in "*+?{":
                self.no(f"`{self.next}` behind a repetition means different things.")
        return Piece(one, least, most)

    def times(self) -> tuple[int, int | None]:
        for sign, found in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
            if self.take(sign):
                return found
        start = self.at
        if not self.take("{"):
            return 1, 1
        low = self.number(start)
        high: int | None = low
        if self.take(","):
            high = self.number(start) if self.next in digits and self.next else None
        if not self.take("}"):
            self.no("A number of times is `{2}`, `{2,}` or `{2,5}`.", start)
        if high is not None and high < low:
            self.at -= 1
            self.no("The smaller number of times comes first.", start)
        return low, high

    def number(self, start: int) -> int:
        first = self.at
        while self.next and self.next in digits:
            self.at += 1
        if first == self.at:
            self.no("A number of times is `{2}`, `{2,}` or `{2,5}`.", start)
        found = int(self.text[first : self.at])
        if found > MOST_TIMES:
            self.no(f"At most {MOST_TIMES} times are counted.", first)
        return found

    def one(self) -> One | Several:
        if self.take("."):
            return One(frozenset("\n"), True, "[^\n]")
        if self.take("["):
            return self.class_()
        if self.take("("):
            start = self.at - 1
            if self.take("?") and not self.take(":"):
                self.no("Behind `(?` only `:` stands.", start)
            self.deep += 1
            if self.deep > MOST_DEEP:
                self.no(f"Parentheses stand at most {MOST_DEEP} deep in each other.", start)
            found = self.alternatives()
            if not self.take(")"):
                self.no("This parenthesis is not closed.", start)
            self.deep -= 1
            return found
        sign = self.sign("(){}[]*+?|^$")
        return One(frozenset(sign), False, f"\\{sign}" if sign in _SPECIAL else sign)

    def sign(self, not_alone: str) -> str:
        """One sign that stands for itself."""
        start = self.at
        if self.take("\\"):
            found = self.next
            if not found or found not in punctuation:
                self.no(f"`\\{found}` is no sign of its own: say `[0-9]`, `[A-Za-z0-9_]`, `[ ]`.", start)
            self.at += 1
            return found
        found = self.next
        if not found or found in not_alone:
            self.no(f"`{found}` has no place here; for the sign itself write `\\{found}`.")
        self.at += 1
        return found

    def class_(self) -> One:
        start, negated = self.at - 1, self.take("^")
        signs: dict[str, None] = {}
        while self.next != "]":
            if not self.next:
                self.no("This `[` is not closed.", start)
            first = self.sign("[]^-&~")
            signs[first] = None
            if self.take("-"):
                last = self.sign("[]^-&~")
                kind = next((kind for kind in _RANGES if first in kind and last in kind), "")
                if not kind or kind.index(first) > kind.index(last):
                    self.at -= 1
                    self.no("A range is of small letters, of capital letters or of digits: `a-z`, `A-Z`, `0-9`.", start)
                signs |= dict.fromkeys(kind[kind.index(first) : kind.index(last) + 1])
        if not signs:
            self.no("A class holds something.", start)
        self.at += 1
        text = "".join(f"\\{sign}" if sign in "\\[]^-&~" else sign for sign in signs)
        return One(frozenset(signs), negated, f"[{'^' * negated}{text}]")


def _inside(several: Several) -> Iterable[Piece]:
    for way in several.ways:
        for piece in way:
            yield piece
            if isinstance(piece.of, Several):
                yield from _inside(piece.of)


def written(regex: Regex, end: str = "$") -> str:
    """The text for an engine; `end` is what it calls the end of the text."""
    return f"{'^' * regex.start}{_several(regex.of, top=True)}{end if regex.end else ''}"


def _several(several: Several, top: bool = False) -> str:
    ways = "|".join("".join(map(_piece, way)) for way in several.ways)
    return ways if top else f"({ways})"


def _piece(piece: Piece) -> str:
    one = piece.of.text if isinstance(piece.of, One) else _several(piece.of)
    match piece.least, piece.most:
        case 1, 1:
            return one
        case 0, None:
            return f"{one}*"
        case 1, None:
            return f"{one}+"
        case 0, 1:
            return f"{one}?"
        case least, most:
            return f"{one}{{{least}{'' if most == least else f',{most or str()}'}}}"


def found_in(regex: Regex, text: str) -> bool:
    """Whether it fits somewhere in the text, in a time that grows with the text's length and no faster."""
    ends = _ends(regex.of, text, {0} if regex.start else set(range(len(text) + 1)))
    return len(text) in ends if regex.end else bool(ends)


def _ends(node: Node, text: str, starts: set[int]) -> set[int]:
    """Where it may end that begins at one of these places."""
    match node:
        case One(signs, negated):
            return {at + 1 for at in starts if at < len(text) and (text[at] in signs) is not negated}
        case Several(ways):
            ends: set[int] = set()
            for way in ways:
                here = starts
                for piece in way:
                    here = _ends(piece, text, here)
                ends |= here
            return ends
        case Piece(of, least, most):
            here = starts
            for _ in range(least):
                here = _ends(of, text, here)
            found, new, times = here, here, least
            while new and (most is None or times < most):
                new, times = _ends(of, text, new) - found, times + 1
                found = found | new
            return found
