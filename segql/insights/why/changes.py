"""A change of one condition in words: what it takes, in events or an amount where that is a number."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from ... import ast
from ... import conditions as c
from ...ast.comparisons import Op
from ...describer.values import instant
from ...evaluator.measures import measure, occurrences
from ...formatter.layout import flat
from .model import Change
from .outline import Line
from .parts import ProfileJudge
from .wording import measured

_OPPOSITE: dict[Op, Op] = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_PAST = 1_000_000


def change(leaf: Line, becomes: bool, judge: ProfileJudge) -> Change:
    """What would make a condition that holds fail, or one that fails hold, in words."""
    says = _number(leaf, becomes, judge) or f"`{leaf.text if becomes else _opposite(leaf)}`"
    if leaf.at is not None:
        says += f", as of {instant(leaf.at, judge.clock)}"
    return Change(leaf.text, becomes, says)


def effort(leaf: Line, becomes: bool, judge: ProfileJudge) -> int:
    """How far it is: in events where that is a number; and what is past is furthest."""
    bound, becomes = _plain(leaf, becomes)
    far = 0 if leaf.at is None else _PAST
    if not isinstance(bound, c.Occurs):
        return far + 1
    count = len(occurrences(bound.of, judge.profile))
    return far + abs(_target(count, bound.at_least, bound.at_most, becomes) - count)


def _plain(leaf: Line, becomes: bool) -> tuple[c.Tree[c.Condition], bool]:
    """What is bound without its `not`, and what that has to become."""
    return (leaf.bound.part, not becomes) if isinstance(leaf.bound, c.Not) else (leaf.bound, becomes)


def _number(leaf: Line, becomes: bool, judge: ProfileJudge) -> str:
    """`one more clicked sms in 72h`, `total spent up by $12.50`; empty where it is no number."""
    bound, becomes = _plain(leaf, becomes)
    match bound, leaf.phrase:
        case c.Occurs(of=of, at_least=least, at_most=most), ast.Subject(has=None) as phrase:
            count = len(occurrences(of, judge.profile))
            by = _target(count, least, most, becomes) - count
            comparison = None if isinstance(phrase.comparison, ast.Compare | ast.Between) else phrase.comparison
            what = f"`{flat(replace(phrase, quantity=None, comparison=comparison))}`"
            return _so_many(count, by, what) if _is_event(phrase.head, judge) else _moved(by, what)
        case c.MeasureComparison(right=Decimal()), ast.Subject() as phrase:
            far = _so_much(bound, becomes, judge)
            return far and f"`{flat(replace(phrase, comparison=None))}` {far}"
        case _:
            return ""


def _target(count: int, least: int, most: int | None, becomes: bool) -> int:
    """The nearest number that is within bounds, or is not."""
    if becomes:
        return least if count < least else most if most is not None and count > most else count
    below, above = least - 1, None if most is None else most + 1
    if below < 0 or (above is not None and above - count <= count - below):
        return above if above is not None else count
    return below


def _is_event(head: ast.Head, judge: ProfileJudge) -> bool:
    """Whether it is a happening; else it is the number of them."""
    known = judge.profile.records.catalog
    return isinstance(head, ast.Either) or (isinstance(head, ast.Name) and known.find_event(head.text) is not None)


def _so_many(count: int, by: int, what: str) -> str:
    if count + by == 0:
        return f"no {what}"
    return f"{'one' if abs(by) == 1 else f'{abs(by):,}'} {'more' if by > 0 else 'fewer'} {what}" if by else ""


def _moved(by: int, what: str) -> str:
    return f"{what} {'up' if by > 0 else 'down'} by {abs(by):,}" if by else ""


def _so_much(condition: c.MeasureComparison, becomes: bool, judge: ProfileJudge) -> str:
    """`up by $12.50`, `down by more than $5`."""
    value = measure(condition.left, judge.profile, exact=True)
    if not isinstance(value, Fraction) or not isinstance(condition.right, Decimal):
        return ""
    gap = Fraction(condition.right) * Fraction(condition.factor) - value
    up, least = condition.op in (">", ">=") if condition.op != "=" else gap > 0, abs(gap)
    up = up == becomes
    enough = condition.op == "=" or (condition.op in (">=", "<=")) == becomes
    if _whole(condition.left):
        least, enough = Fraction(ceil(least) if enough else floor(least) + 1), True
    if not least:
        return ""
    said = measured(condition.left, least, judge.clock)
    return f"{'up' if up else 'down'} by {'' if enough else 'more than '}{said}"


def _whole(of: c.Measure) -> bool:
    """Whether its values are whole numbers."""
    match of:
        case c.Count() | c.DaysSince() | c.Aggregate(kind="distinct"):
            return True
        case c.Terms():
            return all(map(_whole, of.parts))
        case _:
            return False


def _opposite(leaf: Line) -> str:
    """The condition that holds where this one does not."""
    bound, phrase = _plain(leaf, False)[0], leaf.phrase
    match bound, phrase:
        case ((c.FieldComparison() | c.MeasureComparison()), ast.Subject(comparison=ast.Compare(op=op) as compared)):
            return flat(replace(phrase, comparison=replace(compared, op=_OPPOSITE[op])))
        case (
            (c.FieldIn() | c.FieldLike() | c.FieldIncludes() | c.FieldIncludesLike() | c.FieldSet() | c.FieldEmpty()),
            ast.Subject(
                comparison=(
                    ast.In() | ast.InName() | ast.Like() | ast.Includes() | ast.IncludesLike() | ast.Is()
                ) as compared
            ),
        ) if not (isinstance(compared, ast.Includes | ast.IncludesLike) and compared.how == "all"):
            return flat(replace(phrase, comparison=replace(compared, negated=not compared.negated)))
        case _, ast.CanReceive(reason=None, window=None):
            return flat(replace(phrase, negated=not phrase.negated))
        case _, None:
            return f"not {leaf.text}"
        case _:
            return flat(ast.Not(phrase))
