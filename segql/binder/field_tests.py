"""What a property is tested for: equality, order, sets, texts, elements of a list, whether it is set."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeGuard, assert_never

from .. import ast
from .. import conditions as c
from ..catalog import fold
from ..errors import Fix
from ..formatter import format_name
from ..source import Span
from ..words import say, word, words
from .advice.years import period_meant
from .dates import comes_back
from .field_windows import whole_day, within
from .operands import example, right_side, set_of, values_of
from .patterns import regular
from .rows import RowScope
from .scope import Scope, Together, fail, instead, unknown
from .values import LISTS, article, ascending, no_years, said, value_as

_SIDES = {
    "the past": ("before today", "more than 0s ago"), "past": ("before today", "more than 0s ago"),
    "the future": ("after today", "after 0s from now"), "future": ("after today", "after 0s from now"),
}  # fmt: skip
"""Words for a side of now, and what says them of a day and of an instant."""


ORDERED = {c.Type.NUMBER, c.Type.MONEY, c.Type.DATE, c.Type.TIME}


def tested(
    scope: Scope, field: c.Field, comparison: ast.Comparison, subject: ast.Subject, row: RowScope
) -> c.Tree[c.FieldCondition]:
    """A property and what it is compared with. Raises SegQLError."""
    span = subject.span
    no_years(said(field), field.type, comparison, subject)
    match comparison:
        case ast.Compare(op=op, right=right):
            if field.type in LISTS and op in ("=", "!=") and isinstance(right, ast.Text | ast.Number):
                fail("wrong-type", f"`{said(field)}` is a list, which has no `{op}`.", comparison.span,
                     "say", including(subject, (right,), op == "!="))  # fmt: skip
            if field.type is c.Type.TEXTS and op in ("=", "!=") and _no_name(right, scope, row):
                fail("wrong-type", f"`{said(field)}` is a list, which has no `{op}`.", comparison.span,
                     "say", including(subject, (ast.Text(right.text),), op == "!="))  # fmt: skip
            _comparable(field, op, comparison.span)
            if op in ("=", "!=") and (named := _only_a_set(scope, right, row)):
                return _in_name(scope, field, ast.InName(named, op == "!=", comparison.span), subject)
            other = right_side(scope, field, right, subject, row)
            if op == "!=":
                return c.Not(_compare(scope, field, "=", other, span), span)
            return _compare(scope, field, op, other, span)
        case ast.Between():
            return _between(scope, field, comparison, subject, row)
        case ast.In(values=values):
            if field.type in LISTS:
                fail("wrong-type", f"`{said(field)}` is a list, and `in` is for one value.", comparison.span,
                     "say", including(subject, values, comparison.negated))  # fmt: skip
            return _maybe(
                comparison.negated, c.FieldIn(field, values_of(scope, field, values, subject, row), span), span
            )
        case ast.InName():
            return _in_name(scope, field, comparison, subject)
        case ast.Like(how=how, pattern=pattern):
            if field.type is not c.Type.TEXT:
                fixes = _of_elements(subject, comparison) if field.type is c.Type.TEXTS else []
                fail("wrong-type", f"`{said(field)}` is {article(field.type)}, and `{how}` needs text.",
                     comparison.span, "say" if fixes else example(field), *fixes)  # fmt: skip
            text = right_side(scope, field, pattern, subject, row)
            if isinstance(text, c.Field):
                fail("wrong-type", f"After `{how}` stands a text, and `{text.name}` is a property.", comparison.span,
                     f'for example `{how} ".."`')  # fmt: skip
            wanted = str(value_as(scope, text, c.Type.TEXT, said(field)))
            if how == "matches regex":
                regular(wanted, text.span)
            return _maybe(comparison.negated, c.FieldLike(field, how, wanted, span), span)
        case ast.Includes(how=how, values=values):
            if field.type not in LISTS:
                fail(
                    "wrong-type",
                    f"`{said(field)}` is {article(field.type)}, and `includes` needs a list.",
                    comparison.span,
                    example(field),
                )
            includes = c.FieldIncludes(field, how, values_of(scope, field, values, subject, row), span)
            return _maybe(comparison.negated, includes, span)
        case ast.IncludesLike():
            return _maybe(comparison.negated, _includes_like(scope, field, comparison, subject, row), span)
        case ast.Is(what="set"):
            return _maybe(comparison.negated, c.FieldSet(field, span), span)
        case ast.Is():
            if field.type in (c.Type.TEXT, *LISTS):
                return _maybe(comparison.negated, c.FieldEmpty(field, span), span)
            # A number or a date is empty when it is missing.
            return _maybe(not comparison.negated, c.FieldSet(field, span), span)
        case _:
            assert_never(comparison)


def _no_name(right: ast.Operand, scope: Scope, row: RowScope) -> TypeGuard[ast.Name]:
    """`tags is wholesale`: a name that nothing has."""
    return isinstance(right, ast.Name) and scope.value(right) is None and row.field(scope, right) is None


def _only_a_set(scope: Scope, right: ast.Operand, row: RowScope) -> ast.Name | None:
    """`country is Germany`: a name that is a set and nothing else."""
    return right if _no_name(right, scope, row) and scope.catalog.find_set(right.text) else None


def including(subject: ast.Subject, values: tuple[ast.Literal_ | ast.Name, ...], negated: bool) -> Fix:
    """A list with these elements, or without them."""
    return instead(subject, replace(subject, comparison=ast.Includes("any", values, negated), comments=()))


def _of_elements(subject: ast.Subject, given: ast.Like) -> list[Fix]:
    """A test of text said of a list: of its elements; `contains` also that one is the text."""
    said = ast.IncludesLike("any", given.how, given.pattern, given.negated)
    part = instead(subject, replace(subject, comparison=said, comments=()))
    return [*([including(subject, (given.pattern,), given.negated)] if given.how == "contains" else []), part]


def _includes_like(
    scope: Scope, field: c.Field, given: ast.IncludesLike, subject: ast.Subject, row: RowScope
) -> c.FieldIncludesLike:
    if field.type is not c.Type.TEXTS:
        plain = ast.Like(given.like, given.pattern, given.negated)
        fixes = [instead(subject, replace(subject, comparison=plain, comments=()))] if field.type is c.Type.TEXT else []
        fail("wrong-type", f"`{said(field)}` is {article(field.type)}, and `include any` needs a list of text.",
             given.span, "say" if fixes else example(field), *fixes)  # fmt: skip
    (wanted,) = values_of(scope, field, (given.pattern,), subject, row)
    if given.like == "matches regex":
        regular(str(wanted), given.pattern.span)
    return c.FieldIncludesLike(field, given.how, given.like, str(wanted), subject.span)


def _maybe(negated: bool, leaf: c.FieldCondition, span: Span) -> c.Tree[c.FieldCondition]:
    return c.Not(leaf, span) if negated else leaf


def _comparable(field: c.Field, op: str, span: Span) -> None:
    """Whether the type has this operator at all."""
    if field.type in LISTS:
        fail("wrong-type", f"`{said(field)}` is a list, which has no `{op}`.", span, example(field))
    if op not in ("=", "!=") and field.type not in ORDERED:
        fail(
            "wrong-type",
            f"`{said(field)}` is {article(field.type)}, which has no order: `{op}` needs a number or a date.",
            span,
            example(field),
        )


def _compare(scope: Scope, field: c.Field, op: c.Op, right: c.Field | ast.Literal_, span: Span) -> c.FieldCondition:
    if isinstance(right, c.Field):
        return c.FieldComparison(field, op, right, span)
    if field.type is c.Type.TIME and isinstance(right, ast.Date):
        return c.FieldWithin(field, whole_day(scope, op, right), span)
    return c.FieldComparison(field, op, value_as(scope, right, field.type, said(field)), span)


def _between(
    scope: Scope, field: c.Field, given: ast.Between, subject: ast.Subject, row: RowScope
) -> c.Tree[c.FieldCondition]:
    _comparable(field, "between", given.span)
    ends: list[c.Field | ast.Literal_] = []
    together = Together()
    for end in (given.low, given.high):
        with together:
            ends.append(right_side(scope, field, end, subject, row))
    together.done()
    low, high = ends
    if isinstance(low, ast.Date | ast.Time) and isinstance(high, ast.Date | ast.Time):
        return within(scope, field, ast.BetweenMoments(low, high, given.span), subject)
    if not isinstance(low, c.Field) and not isinstance(high, c.Field):
        with together:
            first = value_as(scope, low, field.type, said(field))
        with together:
            last = value_as(scope, high, field.type, said(field))
        together.done()
        ascending(first, last, given)
    span = subject.span
    return c.All((_compare(scope, field, ">=", low, span), _compare(scope, field, "<=", high, span)), span)


def _in_name(scope: Scope, field: c.Field, given: ast.InName, subject: ast.Subject) -> c.Tree[c.FieldCondition]:
    name, span = given.name, subject.span
    value = scope.value(name)
    if isinstance(value, ast.Duration):
        return _maybe(given.negated, within(scope, field, ast.InLast(name, span=given.span), subject), span)
    if value is not None:
        fail("wrong-type", f"`{name.text}` is one value, and `in` needs several.", given.span,
             "say", say("IS {}", format_name(name.text)), say("IN ({})", format_name(name.text)))  # fmt: skip
    if field.type in (c.Type.DATE, c.Type.TIME) and (when := _SIDES.get(fold(name.text))) and not given.negated:
        fail("unknown-name", f"Nothing is called `{name.text}`.", name.span,
             "say", Fix(given.span, when[field.type is c.Type.TIME]))  # fmt: skip
    if not scope.catalog.find_set(name.text):
        if field.type in (c.Type.DATE, c.Type.TIME) and not given.negated and (meant := period_meant(scope, name)):
            month = words().senses["MONTH"].get(fold(name.text))
            each = f"{word('DATE_PART_OF', 'month')} {format_name(field.name)} = {month}"
            words_, *years = meant
            yearly = [Fix(subject.span, each, "in every year")] if month else []
            if comes_back(field) and yearly:  # nobody asks who was born in the last March
                words_, years = "say", []
            fail("unknown-name", f"`{name.text}` comes each year.", name.span, words_, *years, *yearly)
        unknown("named set", name, scope.catalog.known_sets(),
                f'list the values, `in ("{name.text}")`, or define the set in the catalog')  # fmt: skip
    members = set_of(scope, field, name)
    if field.type in LISTS:
        fail("wrong-type", f"`{said(field)}` is a list, and `in` is for one value.", given.span,
             "say", f"{word('INCLUDE_OF', 'many any')} ({format_name(name.text)})")  # fmt: skip
    return _maybe(given.negated, c.FieldIn(field, members, span), span)
