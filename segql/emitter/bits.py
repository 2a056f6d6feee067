"""Bits of conditions in words, and what is found of a condition without asking a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlglot import exp

from . import nodes as n

WORD = 60
"""Bits of a word: an integer of 64 bits holds them in every engine, without a sign."""


def of_word(bits: int, word: int) -> int:
    """Of a number of any length what a word of it holds."""
    return bits >> word * WORD & (1 << WORD) - 1


def word_of(bits: Mapping[int, exp.Expr], word: int) -> exp.Expr:
    """A word in which each of the bits is set where its condition holds."""
    always, parts = 0, list[exp.Expr]()
    for place, condition in bits.items():
        if place // WORD != word:
            continue
        bit = 1 << place % WORD
        if isinstance(condition, exp.Boolean):
            always |= bit if condition.this else 0
        else:
            parts.append(n.case(condition, n.number(bit), n.number(0)))
    if always or not parts:
        parts.append(n.number(always))
    found = parts[0]
    for part in parts[1:]:
        found = (
            n.binary(exp.Add, found, part) if not isinstance(found, exp.Add) else exp.Add(this=found, expression=part)
        )
    return found


def union(selects: Sequence[exp.Select], *, distinct: bool = False) -> exp.Query:
    """The rows of all; in groups of groups, so that nothing gets deep."""
    joined: exp.Query = selects[0]
    if len(selects) > _MANY:
        size = -(-len(selects) // _MANY)
        groups = [union(selects[at : at + size], distinct=distinct) for at in range(0, len(selects), size)]
        selects = [n.select([exp.Star()], n.aliased(exp.Subquery(this=one), "part")) for one in groups]
        joined = selects[0]
    for other in selects[1:]:
        joined = exp.Union(this=joined, expression=other, distinct=distinct)
    return joined


_MANY = 100


_ARITHMETIC = (exp.Add, exp.Sub, exp.Mul, exp.Neg, exp.Paren, exp.Cast)
_COMPARED = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE)


def strict(condition: exp.Expr) -> bool:
    """Whether it surely does not hold where all columns are NULL: who has no row needs not be asked."""
    match condition:
        case exp.Column():
            return True
        case exp.And():
            return strict(condition.this) or strict(condition.expression)
        case exp.Or():
            return strict(condition.this) and strict(condition.expression)
        case exp.Paren():
            return strict(condition.this)
        case _ if isinstance(condition, _COMPARED):
            return _missing(condition.this) or _missing(condition.expression)
        case _:
            return False


def _missing(value: exp.Expr) -> bool:
    """Whether it surely is NULL where all columns are."""
    if isinstance(value, exp.Column):
        return True
    if not isinstance(value, _ARITHMETIC):
        return False
    return _missing(value.this) or (isinstance(value, exp.Binary) and _missing(value.expression))
