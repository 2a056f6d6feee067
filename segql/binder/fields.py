"""A property with its comparison or window: of a profile, of an event, of a line item."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import NoReturn

from .. import ast
from .. import conditions as c
from ..errors import Fix
from ..formatter import format as format_
from ..formatter import format_name
from ..words import say, spellings
from .advice.held import unheld
from .advice.impossible import possible
from .field_tests import including, tested
from .field_windows import within
from .operands import example
from .patterns import taken_as_they_stand
from .rows import PROFILE, RowScope
from .scope import Scope, fail, instead
from .values import article, said

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
        found = tested(scope, field, subject.comparison, subject, row)
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
            return "say", including(replace(subject, has=None), (ast.Text(text),), False)
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
