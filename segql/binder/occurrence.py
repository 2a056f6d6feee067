"""A head with its parts, once the catalog says what it is: how often, the first or the last; a measure, a property."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import assert_never

from .. import ast
from .. import conditions as c
from ..errors import Fix, SegQLError
from ..formatter import format as format_
from ..formatter.values import length
from ..parser.mistakes.slips import mistakes_at
from ..source import Span
from ..words import say, spellings
from . import windows
from .advice.things import amounts
from .anniversaries import anniversary
from .built_in import never_of_first
from .closeness import close_to
from .comparing import bare, compared
from .edge_values import edge_value, is_edge_value
from .fields import property_condition
from .habits import each, is_mode, most_common, no_test, set_and_length, share
from .heads import Events, Measured, MetricHead, Shared, events, opened, resolve
from .measures import counting, measure
from .possession import plainly, possessed
from .predicates import had, predicate
from .quantities import counted, numbers
from .regularity import misplaced_spread, spread, spread_of
from .rows import PROFILE, RowScope
from .scope import Scope, Together, fail, instead
from .surroundings import Around, occurrences, timed
from .terms import each as each_measure
from .values import NUMBERS, amount, article

HUNDRED = Decimal(100)
_VAGUE = ("OVER", "UNDER", "IS_OVER", "IS_UNDER")
"""Words before a number that say neither how often nor how much."""


def subject(scope: Scope, given: ast.Subject) -> c.Tree[c.Condition]:
    """A head with its parts, now that the catalog says what the head is."""
    given = replace(given, comments=()) if given.comments else given
    if given.within:
        fail("misplaced", "`within` counts from the step before, in a sequence.", given.within.span,
             f"a window says `in {length(given.within)}`")  # fmt: skip
    if isinstance(given.head, ast.Anniversary):
        return anniversary(scope, given.head, given, PROFILE)
    head = resolve(scope, given.head)
    if had := possessed(given):
        return subject(scope, plainly(head, given, had))
    given = settled(scope, given, windowed=not isinstance(head, c.Field), valued=is_edge_value(head))
    part = spread_of(given)
    match head:
        case Events(edge=None) if part is not None:
            return spread(scope, head, _in_times(scope, head, given))
        case Events() | Measured() | Shared() | MetricHead() if part is not None:
            misplaced_spread(given, part)
        case Events(edge="every" | "no"):
            return each(scope, head, given)
        case Shared():
            return share(scope, head, given)
        case Measured() if is_mode(given):
            return most_common(scope, head, given)
        case Measured() if is_edge_value(head):
            return edge_value(scope, head, given) or compared(scope, given)
        case Events(edge="first" | "last"):
            return _edge(scope, head, given)
        case Events():
            return _occurs(scope, head, given)
        case MetricHead() | Measured() | ast.Terms():
            return _measured(scope, given)
        case c.Field():
            if _versus_measure(scope, given):
                return compared(scope, given)
            return property_condition(scope, head, given, PROFILE)
        case _:
            assert_never(head)


def settled(scope: Scope, given: ast.Subject, windowed: bool, valued: bool = False) -> ast.Subject:
    """What only the values of names decide: whether `in recently` and `between start and finish` are windows, and to
    which side the parts after a name on the right belong (`total spent > aov in 90d`: a parameter gives them back).
    """
    match given.comparison:
        case ast.InName() if valued or is_mode(given):
            return set_and_length(scope, given)
        case ast.InName(name=name, negated=False, span=span) if windowed and given.window is None:
            return replace(given, comparison=None, window=ast.InLast(name, span=span))
        case ast.Between(low=ast.Name() as low, high=ast.Name() as high, span=span) if (
            windowed and given.window is None
        ):
            if all(isinstance(scope.value(end), ast.Date | ast.Time) for end in (low, high)):
                return replace(given, comparison=None, window=ast.BetweenMoments(low, high, span))
        case ast.Compare(right=ast.Scaled(factor=factor, of=ast.Subject(head=ast.Name() as name) as of)) as compare:
            if factor == 1 and scope.value(name) is not None:
                return _given_back(given, compare, name, of)
    return given


def _given_back(given: ast.Subject, compare: ast.Compare, name: ast.Name, of: ast.Subject) -> ast.Subject:
    own = given.head.terms if isinstance(given.head, ast.Terms) else (given,)
    for part, what in (("window", "windows"), ("where", "`where`s"), ("close_to", "`within .. of`s")):
        other = getattr(of, part)
        if other is not None and any(getattr(one, part) is not None for one in own):
            fail(
                "doubled-part",
                f"`{name.text}` is a value, so this condition has two {what}.",
                other.span,
                "keep one of them",
            )
    compared = replace(given, comparison=replace(compare, right=name))
    return each_measure(
        compared,
        lambda one: replace(
            one,
            window=one.window or of.window,
            where=one.where or of.where,
            close_to=one.close_to or of.close_to,
        ),
    )


def _measured(scope: Scope, given: ast.Subject) -> c.Tree[c.Condition]:
    if given.quantity is not None and given.comparison is None:
        quantity = given.quantity
        comparison: ast.Comparison = (
            ast.Between(quantity.count, quantity.most)
            if quantity.op == "between" and quantity.most is not None
            else ast.Compare(">=" if quantity.op == "between" else quantity.op, quantity.count)
        )
        fail("not-an-event", "A measure is a number, so it is compared, not counted in times.", quantity.span,
             "say", instead(given, replace(given, quantity=None, comparison=comparison, comments=())))  # fmt: skip
    if given.comparison is None:
        alone = bare(replace(given, quantity=None))
        _, kind = measure(scope, alone)
        example = replace(given, comparison=ast.Compare(">", ast.Number(HUNDRED)))
        if kind not in NUMBERS:  # the window was meant for the date
            example = replace(alone, window=None, comparison=ast.Compare(">", ast.Date(date(2025, 11, 28))))
        fail("incomplete", f"`{format_(alone)}` is {article(kind)}, so it needs a comparison.", given.span,
             f"for example `{format_(example)}`")  # fmt: skip
    return compared(scope, given)


def _versus_measure(scope: Scope, given: ast.Subject) -> bool:
    """A number property on the left, a measure on the right."""
    match given.comparison:
        case ast.Compare(right=right):
            ends: tuple[ast.Operand, ...] = (right,)
        case ast.Between(low=low, high=high):
            ends = (low, high)
        case _:
            return False
    return any(_is_measure(scope, end) for end in ends)


def _is_measure(scope: Scope, right: ast.Operand) -> bool:
    match right:
        case ast.Scaled() | ast.Population():
            return True
        case ast.Name() as name:
            pass
        case ast.Text(value=text):
            name = ast.Name("", text)
        case _:
            return False
    if scope.value(name) is not None or PROFILE.field(scope, name) is not None or scope.catalog.find_set(name.text):
        return False
    return scope.catalog.find_metric(name.text) is not None or isinstance(opened(scope, name), Measured)


def _of_its_amount(scope: Scope, head: Events, given: ast.Subject) -> tuple[str, *tuple[Fix, ...]] | None:
    """`last order over $200`: of its amount, where the catalog says what that is."""
    of = scope.catalog.find_event(head.said)
    if given.has is not None or not isinstance(given.comparison, ast.Compare | ast.Between) or of is None:
        return None
    tests = [ast.Subject(ast.Name(name), comparison=given.comparison) for name in amounts(scope.catalog.events[of])]
    fixes = [instead(given, replace(given, comparison=None, has=test)) for test in tests]
    money = isinstance(given.comparison, ast.Compare) and isinstance(given.comparison.right, ast.Money)
    return ("say", *(replace(fix, sure=money and len(fixes) == 1) for fix in fixes)) if fixes else None


def _edge(scope: Scope, head: Events, given: ast.Subject) -> c.Tree[c.Condition]:
    """`first|last EVENT [where] WINDOW`, `first|last EVENT [where] [WINDOW] has PRED`."""
    if part := given.quantity or given.comparison:
        plain = format_(ast.Subject(given.head))
        words = f"say when it was, `{plain} in 30d`, or what it was like, `{plain} has ..`"
        fail("misplaced", f"`{plain}` is one event, so it has no number of times.", part.span,
             *(_of_its_amount(scope, head, given) or (words,)))  # fmt: skip
    if given.window is None and given.has is None and given.close_to is None:
        plain = format_(ast.Subject(given.head))
        fail(
            "incomplete",
            f"`{plain}` needs a window or a test.",
            given.span,
            f"for example `{plain} more than 90 days ago`",
        )
    timed(scope, head, f"{head.edge}", given.span)
    together = Together()
    of, window = None, c.Interval(None, None)
    has: c.Tree[c.Predicate] = c.All(())
    with together:
        of = occurrences(scope, head, (Around(scope, replace(given, window=None, close_to=None)),))
    with together:
        window = windows.past(scope, given.window)
    with together:
        has = predicate(scope, had(given.has), RowScope(head.names, "event")) if given.has is not None else c.All(())
    with together:
        if given.close_to is not None:
            near = close_to(scope, head, given)
            has = near if given.has is None else c.All((has, near))
    together.done()
    assert of is not None
    assert head.edge in ("first", "last")
    if head.edge == "first":
        never_of_first(scope, head, of, has, given)
    return c.EdgeOccurrence(head.edge, of, window, has, given.span)


def _occurs(scope: Scope, head: Events, given: ast.Subject) -> c.Tree[c.Condition]:
    together = Together()
    range_ = None
    with together:
        given = _in_times(scope, head, given)
        range_ = numbers(scope, given.quantity) if given.quantity else None
    with together:
        no_test(head, given)
    of = None
    with together:
        of = occurrences(scope, head, (Around(scope, given),))
    together.done()
    assert of is not None
    if range_ is None:
        return c.Occurs(of, 1, None, given.span)
    return counted(scope, head, of, range_, given)


def _in_times(scope: Scope, head: Events, given: ast.Subject) -> ast.Subject:
    """The same with a comparison said as a number of times."""
    if given.comparison is None:
        return given
    return replace(given, quantity=_quantity(scope, head, given), comparison=None)


def _quantity(scope: Scope, head: Events, given: ast.Subject) -> ast.Quantity:
    """The comparison after an event is a number of times."""
    comparison = given.comparison
    assert comparison is not None
    if given.quantity is not None:
        fail("doubled-part", f"`{head.said}` has two numbers of times.", given.quantity.span, "keep one of them")
    match comparison:
        case ast.Compare(op=op, right=ast.Number() as count):
            often = ast.Quantity(op, count, span=comparison.span)
            _so_often_or_so_much(scope, head, given, often)
            return often
        case ast.Compare(op=op, right=ast.Name() as count) if not _counts(scope, count):
            return ast.Quantity(op, count, span=comparison.span)
        case ast.Between(low=ast.Number() | ast.Name() as low, high=ast.Number() | ast.Name() as high):
            if not any(isinstance(end, ast.Name) and _counts(scope, end) for end in (low, high)):
                _years_or_times(low, high, comparison.span)
                return ast.Quantity("between", low, high, comparison.span)
        case (
            ast.Compare(right=ast.Scaled() | ast.Name() | ast.Population())
            | ast.Between(low=ast.Scaled() | ast.Population())
            | ast.Between(high=ast.Scaled() | ast.Population())
        ):
            pass
        case ast.Compare(right=ast.Money() as money) if fixes := _of_amounts(scope, head, given):
            amount(scope, money)  # of another currency it is an error of its own
            fail("wrong-type", f"`{head.said}` is an event, so only its number of times can be compared.",
                 comparison.span, "of its amount say", *fixes)  # fmt: skip
        case _:
            for slip in mistakes_at(comparison.span):
                if slip.fixes and slip.span.start < comparison.span.start and slip.span.end >= comparison.span.end:
                    raise SegQLError([slip])
            fail(
                "wrong-type",
                f"`{head.said}` is an event, so only its number of times can be compared.",
                comparison.span,
                f"for example `{format_(ast.Subject(given.head))} at least twice`; its properties stand in `where`",
            )
    said = replace(given, head=counting(head), comparison=_counting_right(scope, comparison), comments=())
    fail(
        "not-a-measure",
        f"`{head.said}` is an event; compared with a measure, it has to be counted.",
        given.head.span,
        "say",
        instead(given, said),
    )


def _so_often_or_so_much(scope: Scope, head: Events, given: ast.Subject, often: ast.Quantity) -> None:
    """`placed order over 100` could be a number of times, or an amount: the words do not say."""
    said = often.span.text.lower()
    if said.startswith(tuple(f"{begins} " for kind in _VAGUE for begins in spellings(kind))) and (
        amounts := _of_amounts(scope, head, given)
    ):
        times = replace(given, comparison=None, quantity=often, comments=())
        fail("wrong-type", f"`{said}` could be a number of times, or an amount.", often.span,
             "say which:", *amounts, instead(given, times))  # fmt: skip


def _years_or_times(low: ast.Number | ast.Name, high: ast.Number | ast.Name, span: Span) -> None:
    """`placed order between 2024 and 2025` could be years; so often nobody did anything."""
    if (
        isinstance(low, ast.Number)
        and isinstance(high, ast.Number)
        and all(1900 <= n.value < 2200 for n in (low, high))
    ):
        days = say("BETWEEN {} AND {}", f"{low.value}-01-01", f"{high.value}-12-31")
        often = say("BETWEEN {} AND {} TIMES", str(low.value), str(high.value))
        fail("bad-count", "These could be years, or numbers of times.", span, "say which:",
             Fix(span, days), Fix(span, often))  # fmt: skip


def _of_amounts(scope: Scope, head: Events, given: ast.Subject) -> list[Fix]:
    """`placed order over $100`: each amount that the events have, compared."""
    if given.where is not None:
        return []
    names = amounts(scope.catalog.events[head.names[0]])
    wheres = [ast.Subject(ast.Name(name, None), comparison=given.comparison) for name in names]
    return [instead(given, replace(given, comparison=None, where=where, comments=())) for where in wheres]


def _counting_right(scope: Scope, comparison: ast.Comparison) -> ast.Comparison:
    """The comparison with an event on its right counted too."""
    match comparison:
        case ast.Compare(right=ast.Scaled(of=ast.Subject(head=ast.Name() as name) as of) as right):
            if scope.catalog.find_event(name.text):
                of = replace(of, head=counting(events(scope, name)))
                return replace(comparison, right=replace(right, of=of))
    return comparison


def _counts(scope: Scope, name: ast.Name) -> bool:
    """Whether the name is a measure or a number of the profile, and no value."""
    if scope.value(name) is not None:
        return False
    try:
        found = resolve(scope, name)
    except SegQLError:
        return False
    return isinstance(found, MetricHead | Measured) or (isinstance(found, c.Field) and found.type in NUMBERS)
