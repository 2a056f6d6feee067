"""What is asked of all of a profile's occurrences: every, none, a share of them; the most common value."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from .. import ast
from .. import conditions as c
from ..formatter import format as format_
from ..source import Span
from .advice.held import unheld
from .built_in import never_of_all
from .fields import property_condition
from .heads import Events, Measured, Shared
from .measures import property_of
from .predicates import had, predicate
from .rows import PROFILE, RowScope
from .scope import Scope, Together, fail, instead
from .surroundings import Around, occurrences
from .values import article

HUNDRED = Decimal(100)
EXAMPLES = {c.Type.TEXT: '".."', c.Type.DATE: "2025-11-28", c.Type.TIME: "2025-11-28"}


def each(scope: Scope, head: Events, given: ast.Subject) -> c.Tree[c.Condition]:
    """`every|no OCCURRENCES has PRED`."""
    if given.has is None and head.edge == "no":
        never = replace(given, head=head.of, quantity=ast.Quantity("=", ast.Number(Decimal(0))), comparison=None)
        fail("misplaced", f"`no {head.said}` is not how SegQL says it.", given.span, "say", format_(never))
    of, has = _tested(scope, head, given)
    if head.edge == "every":
        never_of_all(scope, head, of, has, given)
        return c.Share(of, has, "=", HUNDRED, given.span)
    hint_at_none(scope, head, of, given, given.head.span)
    where: c.Tree[c.Predicate] = has if of.where == c.All(()) else c.All((of.where, has))
    return c.Not(c.Occurs(replace(of, where=where), 1, None, given.span), given.span)


def share(scope: Scope, head: Shared, given: ast.Subject) -> c.Tree[c.Condition]:
    """`at least 80% of OCCURRENCES have PRED`, with every comparison."""
    of, has = _tested(scope, head.events, given)

    def one(op: c.Op, percent: ast.Percent) -> c.Share:
        return c.Share(of, has, op, percent.value, given.span)

    said = head.share
    if HUNDRED in (said.percent.value, said.most and said.most.value) and said.op in ("=", ">="):
        never_of_all(scope, head.events, of, has, given)
    match said.op:
        case "between":
            assert said.most is not None
            return c.All((one(">=", said.percent), one("<=", said.most)), given.span)
        case "!=":
            hint_at_none(scope, head.events, of, given, said.span)
            return c.Not(one("=", said.percent), given.span)
        case op:
            return one(op, said.percent)


def _tested(scope: Scope, head: Events, given: ast.Subject) -> tuple[c.Occurrences, c.Tree[c.Predicate]]:
    """The occurrences that window and `where` leave, and what is asked of them."""
    plain = format_(ast.Subject(given.head))
    if part := given.quantity or given.comparison:
        fail("misplaced", f"`{plain}` is about all of them, so it has no number of times.", part.span,
             "leave it out, or make it a condition of its own with `and`")  # fmt: skip
    if given.has is None:
        word = "have" if isinstance(given.head, ast.Share) else "has"
        fail("incomplete", f"`{plain}` needs a test.", given.span, f"for example `{format_(given)} {word} (..)`")
    together = Together()
    of, has = None, None
    with together:
        of = occurrences(scope, head, (Around(scope, given),))
    with together:
        has = predicate(scope, had(given.has), RowScope(head.names, "event"))
    together.done()
    assert of is not None
    assert has is not None
    return of, has


def hint_at_none(
    scope: Scope, head: Events, of: c.Occurrences, given: ast.Subject, span: Span, *, said: ast.Subject | None = None
) -> None:
    """A hint that people without any such occurrence are in. `given` has the window; the rule may have `said` it so."""
    if scope.negated:
        return
    some = ast.Subject(head.of, window=given.window, where=given.where, close_to=given.close_to)
    both = ast.All((some, replace(said or given, comments=())))
    scope.includes_never(
        f"This includes people without a single `{head.said}`.", span, instead(said or given, both), of
    )


def no_test(head: Events, given: ast.Subject) -> None:
    """`has` is for one event or all of them."""
    if given.has is not None:
        where = replace(
            given, has=None, where=given.has if given.where is None else ast.All((given.where, given.has)), comments=()
        )
        fail("misplaced", f"`has` tests one event or all of them, and `{head.said}` says neither.", given.has.span,
             "for those that fit:\nelse begin with `first`, `last`, `every` or `no`",
             instead(given, where))  # fmt: skip


def plain(field: c.Field, span: Span) -> None:
    """The property has values of which one can be equal to another."""
    if field.type in (c.Type.TEXTS, c.Type.NUMBERS, c.Type.POSITION, c.Type.MONTH_DAY):
        fail("wrong-type", f"`{field.name}` is {article(field.type)}, and only plain values are counted.", span)


def once(name: ast.Name, again: bool) -> None:
    """What is to be the same is said once."""
    if again:
        fail("doubled-part", f"`{name.text}` is to be the same already.", name.span, "leave it out")


def is_mode(given: ast.Subject) -> bool:
    """Whether it is a `most common ..`."""
    return isinstance(given.head, ast.Aggregate) and given.head.kind == "most common"


def set_and_length(scope: Scope, given: ast.Subject) -> ast.Subject:
    """`most common country of placed order in EU in recently`, in either order: which is the set, which the length."""
    compared, window = given.comparison, given.window
    assert isinstance(compared, ast.InName)
    if compared.negated or not isinstance(scope.value(compared.name), ast.Duration):
        return given
    length = ast.InLast(compared.name, span=compared.span)
    if isinstance(window, ast.InLast) and isinstance(window.length, ast.Name):
        return replace(given, comparison=ast.InName(window.length, span=window.span), window=length)
    return given if window is not None else replace(given, comparison=None, window=length)


def most_common(scope: Scope, head: Measured, given: ast.Subject) -> c.Tree[c.Condition]:
    """`most common PROP of OCCURRENCES is VALUE`, and what else a property takes."""
    field, row = one_of(scope, head, given)
    assert head.aggregate.property is not None
    plain(field, head.aggregate.property.span)
    compares(field, given)
    together = Together()
    of, fits = None, None
    with together:
        of = occurrences(scope, head.events, (Around(scope, given),), row)
    with together:
        compared = ast.Subject(given.head, comparison=given.comparison, span=given.span)
        fits = property_condition(scope, field, compared, PROFILE)
        _of_values(fits, given)
        if given.comparison is not None:
            unheld(scope, field, given.comparison, row)
    together.done()
    assert of is not None
    assert fits is not None
    return _mode(of, field, fits, given.span)


def one_of(scope: Scope, head: Measured, given: ast.Subject) -> tuple[c.Field, RowScope]:
    """The property of which one value is asked for. Raises SegQLError where that is counted, or tested by `has`."""
    said = format_(ast.Subject(given.head))
    if given.quantity is not None:
        fail("misplaced", f"`{said}` is one value, so it has no number of times.", given.quantity.span,
             f'say what it is: `{said} is ".."`')  # fmt: skip
    no_test(head.events, given)
    assert head.aggregate.property is not None
    return property_of(scope, head.events, head.aggregate.property)


def compares(field: c.Field, given: ast.Subject) -> None:
    """Raises SegQLError where it is not said what a value is, of one that is no truth by itself."""
    if given.comparison is None and field.type is not c.Type.BOOLEAN:
        said = format_(ast.Subject(given.head))
        fail("incomplete", f"`{said}` is {article(field.type)}, so it needs a comparison.", given.span,
             f"for example `{said} is {EXAMPLES.get(field.type, '10')}`")  # fmt: skip


def _of_values(fits: c.Tree[c.FieldCondition], given: ast.Subject) -> None:
    """No property stands on the right: the profile has one mode, and an event's property many values."""
    match fits:
        case c.All(parts) | c.AnyOf(parts):
            for part in parts:
                _of_values(part, given)
        case c.Not(part):
            _of_values(part, given)
        case c.FieldComparison(right=c.Field(name=name)):
            said = format_(ast.Subject(given.head))
            assert given.comparison is not None
            fail("misplaced", f"`{said}` is compared with values, and `{name}` is a property of the profile.",
                 given.comparison.span, f'for example `{said} is ".."`')  # fmt: skip
        case _:
            return


def _mode(of: c.Occurrences, field: c.Field, fits: c.Tree[c.FieldCondition], span: Span) -> c.Tree[c.Condition]:
    """A negated operator is the negation of all: `is not "X"` also holds of who has no value at all."""
    match fits:
        case c.Not(part):
            return c.Not(_mode(of, field, part, span), span)
        case c.FieldEmpty():
            none = c.Not(c.MostCommon(of, field, c.FieldSet(field, span), span), span)
            return c.AnyOf((none, c.MostCommon(of, field, c.FieldComparison(field, "=", "", span), span)), span)
        case _:
            return c.MostCommon(of, field, fits, span)
