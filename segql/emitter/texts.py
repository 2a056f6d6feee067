"""Texts: compared by code point, hashed the same on every engine, and tested whatever their case."""

from __future__ import annotations

import string

from sqlglot import exp

from .. import regex
from ..dialects import Dialect, NotInDialect
from ..folding import fold, variants
from . import nodes as n
from .target import Target


def like(node: exp.Expr, how: str, pattern: str, dialect: Dialect) -> exp.Expr:
    """Whether the text contains, starts with, ends with or matches the pattern. Raises NotInDialect."""
    if how == "matches regex":
        return _regular(node, pattern, dialect)
    wanted = fold(pattern)
    if how != "matches" and not wanted:
        return n.is_set(node)
    folded = _folded(node, wanted)
    match how:
        case "contains":
            return n.compare(exp.StrPosition(this=folded, substr=n.text(wanted)), ">", n.number(0))
        case "starts with":
            return n.compare(exp.Left(this=folded, expression=_length(wanted)), "=", n.text(wanted))
        case "ends with":
            return n.compare(exp.Right(this=folded, expression=_length(wanted)), "=", n.text(wanted))
        case _:
            like = exp.Like(this=n.operand(folded), expression=n.text(_like_pattern(wanted)))
            escaped = dialect.like_escape and any(char in wanted for char in "%_\\")
            return exp.Escape(this=like, expression=exp.Literal.string("\\")) if escaped else like


def like_element(node: exp.Expr, how: str, pattern: str, dialect: Dialect) -> exp.Expr:
    """The same of an element of a list; by a regular expression for each case of its letters where that is quicker."""
    wanted = fold(pattern)
    plain = 0 < len(wanted) <= 100 and wanted.isprintable()
    if how not in _ANCHORS or not plain or not dialect.elements_by_regex:
        return like(node, how, pattern, dialect)
    start, end = _ANCHORS[how]
    return _regular(node, start + "".join(map(_in_any_case, wanted)) + end, dialect)


_ANCHORS = {"contains": ("", ""), "starts with": ("^", ""), "ends with": ("", "$")}


def _in_any_case(char: str) -> str:
    every = sorted({char, *variants(char)})
    if len(every) > 1:
        return f"[{''.join(every)}]"
    return f"\\{char}" if char in string.punctuation else char


def _regular(node: exp.Expr, pattern: str, dialect: Dialect) -> exp.Expr:
    """Whether the regular expression fits somewhere in the text. Raises NotInDialect."""
    if dialect.text_end is None:
        raise NotInDialect("regular expressions that surely mean the same")
    return exp.RegexpLike(this=n.operand(node), expression=n.text(regex.written(regex.read(pattern), dialect.text_end)))


def _like_pattern(pattern: str) -> str:
    written = {"*": "%", "?": "_", "%": "\\%", "_": "\\_", "\\": "\\\\"}
    return "".join(written.get(char, char) for char in pattern)


def _folded(node: exp.Expr, wanted: str) -> exp.Expr:
    pairs = [(variant, char) for char in dict.fromkeys(wanted) for variant in variants(char) if variant != char]
    if not pairs:
        return node
    return exp.Translate(this=node, from_=n.text("".join(a for a, _ in pairs)), to=n.text("".join(b for _, b in pairs)))


def hashed(seed: str, key: exp.Expr, target: Target) -> exp.Expr:
    """The lower-case hex MD5, 32 digits, of `seed`, U+001F, key as text.

    The separator is written as CHR(31): a person who copies the SQL could lose a character that nobody sees.
    """
    if target.catalog.profiles.key_type != "text":
        key = n.cast(key, exp.DType.TEXT)
    separator: exp.Expr = exp.Chr(expressions=[exp.Literal.number(31)])
    if seed:
        separator = exp.DPipe(this=n.text(seed), expression=separator, safe=True)
    return exp.MD5(this=exp.DPipe(this=separator, expression=key, safe=True))


def by_code_point(text: exp.Expr, target: Target) -> exp.Expr:
    """The text as it compares by code point."""
    collation = target.dialect.binary_collation
    return text if collation is None else exp.Collate(this=n.operand(text), expression=n.identifier(collation))


def _length(wanted: str) -> exp.Expr:
    return n.given(n.number(len(wanted)), len(wanted))
