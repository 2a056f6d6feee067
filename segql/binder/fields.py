"""A property with its comparison or window: of a profile, of an event, of a line item."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import NoReturn, TypeGuard, assert_never

from .. import ast
from .. import conditions as c
from ..catalog import fold
from ..errors import Fix
from ..formatter import format as format_
from ..formatter import format_name
from ..formatter.windows import window as window_text
from ..source import Span
from ..words import say, spellings, word, words
from . import windows
from .advice.held import unheld
from .advice.impossible import possible
from .advice.years import period_meant
from .dates import comes_back, each_year_meant
from .operands import example, right_side, set_of, values_of
from .patterns import regular, taken_as_they_stand
from .rows import PROFILE, RowScope
from .scope import Scope, Together, fail, instead, unknown
from .values import LISTS, article, ascending, no_years, said, value_as

_SIDES = {
    "the past": ("before today", "more than 0s ago"), "past": ("before today", "more than 0s ago"),
    "the future": ("after today", "after 0s from now"), "future": ("after today", "after 0s from now"),
}  # fmt: skip
"""Words for a side of now, and what says them of a day and of an instant."""

ORDERED = {c.Type.NUMBER, c.Type.MONEY, c.Type.DATE, c.Type.TIME}
_EVENT_PARTS = {
    "quantity": "is not counted in times", "where": "takes no `where`", "has": "takes no `has`",
    "within": "takes no `within`", "with_the_same": "takes no `with the same`", "regularity": "has no regularity",
    "different": "has no different days", "close_to": "is not near another date",
}  # fmt: skip


def property_condition(scope: Scope, field: c.Field, subject: ast.Subject, row: RowScope) -> c.Tree[c.FieldCondition]:
    """A property with its comparison, its window, or alone when it is a boolean."""
    name = said(field)
    no_event_parts(name, subject, *_compare_instead(field, subject))
    if field.type is c.Type.POSITION and not isinstance(subject.comparison, ast.Is):
        fail("wrong-type", f"`{name}` is a position, which is not compared.", subject.span, "say `within 20 km of ..`")
    if field.type is c.Type.MONTH_DAY and not isinstance(subject.comparison, ast.Is):
        _each_year(field, subject)
    if subject.window and subject.comparison:
        fail(
            "not-an-event",
            f"`{name}` is a property: it takes a comparison or a window, not both.",
            subject.window.span,
            "make two conditions of it with `and`",
        )
    if subject.window:
        _no_property(scope, subject, row)
        return within(scope, field, subject.window, subject)
    if subject.comparison:
        found = _comparison(scope, field, subject.comparison, subject, row)
        possible(scope, found, subject, row)
        unheld(scope, field, subject.comparison, row)
        taken_as_they_stand(scope, field, subject)
        return found
    if field.type is c.Type.BOOLEAN:
        return c.FieldComparison(field, "=", True, subject.span)
    fail("incomplete", f"`{name}` is {article(field.type)}, so it needs a comparison.", subject.span, example(field))


def _each_year(field: c.Field, subject: ast.Subject) -> NoReturn:
    """An error: what has no year is in no window and equals no date, but comes back each year."""
    name, given = format_name(field.name), subject.comparison
    example = f"for example `{say('ANNIVERSARY_OF {}', name)} in the next 7 days` or `month of {name} = 5`"
    alone = subject.head if isinstance(subject.head, ast.Name) else None
    window = subject.window
    if isinstance(given, ast.InName) and not given.negated:
        window = ast.InLast(given.name)
    fixes = []
    if alone and window is not None:
        fixes.append(instead(subject, ast.Subject(ast.Anniversary(alone), window=window)))
    if alone and isinstance(given, ast.Compare) and isinstance(given.right, ast.Date) and given.op == "=":
        month, day = ast.DatePart("month", alone), ast.DatePart("day", alone)
        numbers = ((month, given.right.value.month), (day, given.right.value.day))
        on = [ast.Subject(part, comparison=ast.Compare("=", ast.Number(Decimal(number)))) for part, number in numbers]
        fixes.append(instead(subject, ast.All(tuple(on))))
    fail("wrong-type", f"`{said(field)}` is a day of each year, without a year of its own.", subject.span,
         "say" if fixes else example, *fixes)  # fmt: skip


def no_event_parts(name: str, subject: ast.Subject, words: str, *fixes: Fix) -> None:
    """Parts that only an event takes are an error."""
    for part, takes in _EVENT_PARTS.items():
        given = getattr(subject, part)
        if given is not None and given != ():
            span = given.span if hasattr(given, "span") else subject.span
            fail("not-an-event", f"`{name}` is a property, so it {takes}.", span, words, *fixes)


def _no_property(scope: Scope, subject: ast.Subject, row: RowScope) -> None:
    """`before` another property is `<`: a window is the same for everybody."""
    match subject.window:
        case ast.Relative(which, ast.Name() as name) if scope.value(name) is None and (
            other := name if row.field(scope, name) else _of_the_profile(scope, name, row)
        ):
            signs: dict[str, ast.Op] = {"before": "<", "since": ">=", "after": ">", "on": "="}
            said = format_(ast.Subject(subject.head, comparison=ast.Compare(signs[which], other)))
            fail("misplaced", f"`{name.text}` is a property, and after `{which}` stands one moment for everybody.",
                 name.span, "compare the two:", Fix(subject.span, said))  # fmt: skip


def _of_the_profile(scope: Scope, name: ast.Name, row: RowScope) -> ast.Their | None:
    """`their renewal date`, where a moment stands."""
    first, _, rest = name.words.partition(" ")
    own = ast.Name(rest, name.quoted)
    there = row.of != "profile" and first.lower() in spellings("THEIR") and PROFILE.field(scope, own)
    return ast.Their(own) if there else None


def _compare_instead(field: c.Field, subject: ast.Subject) -> tuple[str, *tuple[Fix, ...]]:
    match subject.has:
        case ast.Subject(head=ast.Name(words="", quoted=str() as text)) if field.type is c.Type.TEXTS:
            return "say", _including(replace(subject, has=None), (ast.Text(text),), False)
    quantity = subject.quantity
    if quantity is None or subject.comparison or field.type not in (c.Type.NUMBER, c.Type.MONEY):
        return ("leave this part out, or begin with an event",)
    if quantity.most is None:
        compared: ast.Comparison = ast.Compare("=" if quantity.op == "between" else quantity.op, quantity.count)
    else:
        compared = ast.Between(quantity.count, quantity.most)
    fix = instead(subject, replace(subject, quantity=None, comparison=compared, comments=()))
    return "compare it:", replace(fix, sure=_bare(quantity))


def _bare(quantity: ast.Quantity) -> bool:
    """Whether it is a number alone, as in `at least 500 points`: neither `never` nor so many times."""
    return quantity.span.text.strip()[-1:].isdigit()


def within(scope: Scope, field: c.Field, window: ast.Window, subject: ast.Subject) -> c.FieldCondition:
    """A date property in a window."""
    if field.type not in (c.Type.DATE, c.Type.TIME):
        hint = example(field)
        if field.scope != "profile":
            hint = f"the window of the event goes before `where` and `has`: `{window_text(window)}`"
        fail(
            "wrong-type",
            f"`{said(field)}` is {article(field.type)}, and a window needs a date.",
            window.span,
            hint,
        )
    one_sided(said(field), window)
    each_year_meant(scope, field, window, subject)
    found = windows.days(scope, window, field.name) if field.type is c.Type.DATE else windows.instants(scope, window)
    return c.FieldWithin(field, found, subject.span)


def one_sided(name: str, window: ast.Window) -> None:
    """`in 14 days` says neither the last nor the next ones."""
    if isinstance(window, ast.InLast) and not window.explicit:
        past, ahead = (window_text(w) for w in (replace(window, explicit=True), ast.InNext(window.length)))
        fail(
            "past-or-future",
            f"`{window_text(window)}` can be the past or the future of the date `{name}`.",
            window.span,
            "say",
            past,
            ahead,
        )


def _comparison(
    scope: Scope, field: c.Field, comparison: ast.Comparison, subject: ast.Subject, row: RowScope
) -> c.Tree[c.FieldCondition]:
    span = subject.span
    no_years(said(field), field.type, comparison, subject)
    match comparison:
        case ast.Compare(op=op, right=right):
            if field.type in LISTS and op in ("=", "!=") and isinstance(right, ast.Text | ast.Number):
                fail("wrong-type", f"`{said(field)}` is a list, which has no `{op}`.", comparison.span,
                     "say", _including(subject, (right,), op == "!="))  # fmt: skip
            if field.type is c.Type.TEXTS and op in ("=", "!=") and _no_name(right, scope, row):
                fail("wrong-type", f"`{said(field)}` is a list, which has no `{op}`.", comparison.span,
                     "say", _including(subject, (ast.Text(right.text),), op == "!="))  # fmt: skip
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
                     "say", _including(subject, values, comparison.negated))  # fmt: skip
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


def _including(subject: ast.Subject, values: tuple[ast.Literal_ | ast.Name, ...], negated: bool) -> Fix:
    """A list with these elements, or without them."""
    return instead(subject, replace(subject, comparison=ast.Includes("any", values, negated), comments=()))


def _of_elements(subject: ast.Subject, given: ast.Like) -> list[Fix]:
    """A test of text said of a list: of its elements; `contains` also that one is the text."""
    said = ast.IncludesLike("any", given.how, given.pattern, given.negated)
    part = instead(subject, replace(subject, comparison=said, comments=()))
    return [*([_including(subject, (given.pattern,), given.negated)] if given.how == "contains" else []), part]


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


def whole_day(scope: Scope, op: c.Op, day: ast.Date) -> c.Interval:
    """A date against a time counts as its whole local day: `> D` is after its end, `>= D` since its start."""
    on = windows.instants(scope, ast.Relative("on", day, day.span))
    match op:
        case "=":
            return on
        case "<":
            return c.Interval(None, on.start)
        case "<=":
            return c.Interval(None, on.end)
        case ">":
            return windows.instants(scope, ast.Relative("after", day, day.span))
        case ">=":
            return c.Interval(on.start, None)


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
