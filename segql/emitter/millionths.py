"""Fractions as whole numbers of millionths: exact, and the same on every engine."""

from __future__ import annotations

from sqlglot import exp

from ..dialects import Dialect
from . import nodes as n
from .documents import DIGITS


def millionths(
    top: exp.Expr,
    bottom: exp.Expr,
    scale: int,
    dialect: Dialect,
    bottom_scale: int = 0,
    *,
    may_be_negative: bool = False,
    counted: bool = False,
) -> exp.Expr:
    """floor(top * 10^6 / bottom), also below zero; NULL where the bottom is zero. The scales are their decimals.

    `may_be_negative`, `counted`: so the bottom is.
    """
    wide = dialect.wide_integers
    whole = exp.DataType(this=exp.DType.INT128) if wide else n.decimal(DIGITS, 0)
    digits = max(6, scale, 6 + bottom_scale)
    above = n.of_decimals(n.cast(n.binary(exp.Mul, top, n.number(10**digits)), whole), scale)
    if digits > 6:
        bottom = n.binary(exp.Mul, bottom, n.number(10 ** (digits - 6)))
    below = n.of_decimals(n.cast(bottom, whole.copy()), bottom_scale)
    if may_be_negative:
        negative = n.compare(bottom.copy(), "<", n.number(0))
        above = n.case(negative, exp.Neg(this=above.copy()), above)
        below = exp.Abs(this=below)
    below = exp.Nullif(this=below, expression=n.number(0))
    truncated = n.binary(exp.IntDiv, above, below)
    rest = n.compare(n.binary(exp.Mod, above.copy(), below.copy()), "<", n.number(0))
    floored: exp.Expr = exp.Sub(this=n.operand(truncated), expression=n.case(rest, n.number(1), n.number(0)))
    if wide and counted and digits == 6:
        floored = n.case(*_narrow(top, bottom, scale), floored)
    # What has 128 bits is multiplied and added as it is.
    return floored if wide else n.cast(floored, n.decimal(DIGITS, 0))


def _narrow(top: exp.Expr, count: exp.Expr, scale: int) -> tuple[exp.Expr, exp.Expr]:
    """When 64 bits are enough, and the millionths then: 128-bit integers are divided twenty times as slowly."""
    small = exp.Between(this=top.copy(), low=n.number(0), high=n.number(10 ** (12 - scale) - 1))
    units = n.binary(exp.Mul, n.cast(top.copy(), n.decimal(18, scale)), n.number(10**6))
    below = exp.Nullif(this=count.copy(), expression=n.number(0))
    return small, n.binary(exp.IntDiv, n.cast(units, exp.DType.BIGINT), below)
