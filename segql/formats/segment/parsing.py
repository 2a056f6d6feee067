"""The text of Segment's query language as a tree of chains, comparisons and junctions, which know where they stand."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal, TypeAlias

from ...plain import dataclass
from ..core.report import Impossible


@dataclass(frozen=True, slots=True)
class Value:
    """A text, a number, a truth; `7 days` has the unit of the number."""

    value: str | Decimal | bool
    unit: str
    at: int


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a call: `parent: 5 days` has a prefix, `property('a') as string` a type."""

    value: Value | Expression
    prefix: str
    type: str


@dataclass(frozen=True, slots=True)
class Call:
    """`within(7 days)`."""

    name: str
    arguments: tuple[Argument, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Chain:
    """Calls joined by dots, and what is behind a sign: `trait('a') >= 3`. `op` is empty where there is no sign."""

    calls: tuple[Call, ...]
    op: str
    right: Value | Chain | None
    at: int


@dataclass(frozen=True, slots=True)
class Junction:
    """AND, OR of some; NOT, ANY, ALL of one."""

    kind: str
    parts: tuple[Expression, ...]
    at: int


Expression: TypeAlias = Chain | Junction

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")|(?P<number>-?\d+(?:\.\d+)?)|(?P<word>[A-Za-z_]\w*)"
    r"|(?P<sign>==|!=|>=|<=|[=<>().,:{}\[\]]))",
    re.DOTALL | re.ASCII,
)
Kind = Literal["text", "number", "word", "sign", "end"]
_OPS = ("==", "=", "!=", ">=", "<=", ">", "<")


class Wrong(Exception):
    """The text is none of the language, from an offset on."""

    def __init__(self, said: str, at: int) -> None:
        super().__init__(said)
        self.said, self.at = said, at


def parsed(text: str) -> Expression:
    """The tree of a text. Raises Wrong with the offset."""
    reader = _Reader(text)
    try:
        found = reader.junction("OR")
    except RecursionError:
        raise Wrong("The expression is nested too deep.", 0) from None
    if reader.kind != "end":
        raise Wrong(f"`{reader.token[:40]}` is not expected here.", reader.at)
    return found


class _Reader:
    def __init__(self, text: str) -> None:
        self.text, self.end = text, 0
        self.kind: str = "end"
        self.token, self.at = "", 0
        self.next()

    def next(self) -> str:
        """Goes on to the next token, and gives the one before."""
        before = self.token
        found = _TOKEN.match(self.text, self.end)
        if found is None:
            rest = self.text[self.end :]
            self.at = self.end + len(rest) - len(rest.lstrip())
            if rest.strip():
                raise Wrong(f"`{self.text[self.at]}` is not expected here.", self.at)
            self.kind, self.token = "end", ""
            return before
        self.kind = str(found.lastgroup)
        self.token, self.at, self.end = found[self.kind], found.start(self.kind), found.end()
        return before

    def takes(self, sign: str) -> bool:
        """Whether that sign stood here; it is read then."""
        if self.kind == "sign" and self.token == sign:
            self.next()
            return True
        return False

    def wants(self, sign: str) -> None:
        """Reads a sign that has to stand here."""
        if not self.takes(sign):
            raise Wrong(f"A `{sign}` is missing here.", self.at)

    def junction(self, word: str) -> Expression:
        """`a OR b OR c`; AND binds tighter."""
        at, parts = self.at, [self._inner(word)]
        while self.kind == "word" and self.token.upper() == word:
            self.next()
            parts.append(self._inner(word))
        return parts[0] if len(parts) == 1 else Junction(word, tuple(parts), at)

    def _inner(self, word: str) -> Expression:
        return self.junction("AND") if word == "OR" else self._one()

    def _one(self) -> Expression:
        at = self.at
        if self.kind == "word" and (kind := self.token.upper()) in ("NOT", "ANY", "ALL"):
            self.next()
            return Junction(kind, (self._one(),), at)
        if self.takes("("):
            found = self.junction("OR")
            self.wants(")")
            return found
        calls = self._calls()
        if self.kind != "sign" or self.token not in _OPS:
            return Chain(calls, "", None, at)
        op = self.next().replace("==", "=")
        right: Value | Chain = self._value() if self._literal() else Chain(self._calls(), "", None, self.at)
        return Chain(calls, op, right, at)

    def _calls(self) -> tuple[Call, ...]:
        calls = [self._call()]
        while self.takes("."):
            calls.append(self._call())
        return tuple(calls)

    def _call(self) -> Call:
        at = self.at
        if self.kind != "word":
            raise Wrong("A function is missing here: `event('..')`, `trait('..')`.", at)
        name = self.next()
        self.wants("(")
        arguments: list[Argument] = []
        while not self.takes(")"):
            if arguments:
                self.wants(",")
            arguments.append(self._argument())
        return Call(name, tuple(arguments), at)

    def _argument(self) -> Argument:
        prefix = ""
        if self.kind == "word" and self.token == "parent":
            prefix = self.next()
            self.wants(":")
        found: Value | Expression = self._value() if self._literal() else self.junction("OR")
        type = ""
        if self.kind == "word" and self.token.lower() == "as":
            self.next()
            if self.kind != "word":
                raise Wrong("A type is missing here.", self.at)
            type = self.next()
        return Argument(found, prefix, type)

    def _literal(self) -> bool:
        return self.kind in ("text", "number") or (self.kind == "word" and self.token in ("true", "false"))

    def _value(self) -> Value:
        at, kind = self.at, self.kind
        token = self.next()
        if kind == "text":
            return Value(re.sub(r"\\(.)", r"\1", token[1:-1], flags=re.DOTALL), "", at)
        if kind == "word":
            return Value(token == "true", "", at)
        unit = self.next().lower() if self.kind == "word" and self.token.lower() in _UNITS else ""
        return Value(Decimal(token), unit, at)


_UNITS = ("hour", "hours", "day", "days")


def text_argument(call: Call) -> str:
    """The one text that a call has. Raises Impossible for others."""
    if len(call.arguments) == 1 and isinstance(found := call.arguments[0].value, Value):
        if call.arguments[0].prefix:
            raise Impossible("What refers to the event around it is a funnel, which has no form here.")
        if isinstance(found.value, str):
            return found.value
    raise Impossible(f"`{call.name[:40]}` takes one text.")
