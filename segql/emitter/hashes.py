"""The hash by which `random` and `sample` choose profiles, the same on every engine."""

from __future__ import annotations

from sqlglot import exp

from . import nodes as n
from .target import Target


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
