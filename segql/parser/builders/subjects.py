"""A head and the parts after it, in whatever order they were said, become one node.

The grammar reads parts flat. Here each finds its place: after a name on the right of a comparison, windows and `where`
are that name's; a predicate after `where` takes one comparison or the window directly after its own property;
everything else is the subject's. What finds no place, or one that is taken, is an error.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any, Literal, get_args

from ... import ast
from ...errors import Fix
from ...source import Span
from ...words import say, word
from ..checks import fail
from .all_of import apart
from .boolean import finish
from .contexts import of_a_row
from .fields import Fields, bare_number, misplaced, put, twice
from .parts import (
    Among,
    BareCount,
    Because,
    Counted,
    Later,
    Link,
    Negated,
    Never,
    OfSegment,
    PredicateParts,
    Term,
    Things,
    Within,
    WithinEach,
    WithTheSame,
)
from .rights import name_alone, right_of, with_right
from .sequences import after_that, of_all_steps, sequence, soon
from .spoken import denies_times
from .terms import as_measure, behind_a_value, factor_of, joined, next_term, shared
from .things import in_words, with_things
from .values import Values
from .windows import name_before

_COMPARISONS = (ast.Compare, ast.Between, ast.In, ast.InName, ast.Like, ast.Includes, ast.IncludesLike, ast.Is)
_WHOLE = (ast.All, ast.AnyOf, ast.InSegment, ast.Near, ast.Random, ast.Items)
"""Heads that no part follows."""


def chain(links: list[Link], span: Span) -> Any:
    """One subject, or the steps of a sequence."""
    within = of_all_steps(links)
    if len(links) == 1:
        return lower(links[0].step, span)
    return sequence([lower(link.step, link.span, in_sequence=True) for link in links], links, within, span)


def predicate(v: Values, span: Span) -> PredicateParts:
    """`where total > 100`, `has total > 100`: what follows the word, and which word it was."""
    return v[1]._replace(word="where" if v[0].type == "WHERE" else "has", span=span)  # type: ignore[no-any-return]


def predicate_open(v: Values, span: Span) -> PredicateParts:
    """`total`: a head, whose comparison comes among the parts that follow."""
    return PredicateParts("where", None, v[0], 0, span, span)


def predicate_not(v: Values, span: Span) -> PredicateParts:
    """`not total`, `not not total`: counted, as the head waits for its parts."""
    return v[1]._replace(nots=v[1].nots + 1, inner=span)  # type: ignore[no-any-return]


def predicate_group(v: Values, span: Span) -> PredicateParts:
    """`(total > 100 or brand is "Acme")`: a whole tree."""
    tree = finish(v[1])
    return PredicateParts("where", of_a_row(tree), None, 0, span, span)


def lower(parts: list[Any], span: Span, in_sequence: bool = False) -> Any:
    """The node of a head and its parts."""
    head = parts[0]
    if isinstance(head, _WHOLE):
        if len(parts) > 1:
            misplaced(parts[1])
        return head
    if isinstance(head, ast.CanReceive | ast.InList):
        return _standing(head, parts[1:], span)
    if isinstance(head, ast.Rank):
        return _rank(head, parts[1:], span)
    return _subject(head, parts[1:], span, in_sequence)


def _subject(head: Any, parts: list[Any], span: Span, in_sequence: bool = False) -> Any:
    if parts and isinstance(things := in_words(parts[0]), Things):
        head, parts = with_things(head, things), [things.quantity, *parts[1:]]
    left: Fields = {"head": head}
    negated = False
    if isinstance(head, Never):
        left = {"head": head.of}
        negated = head.denied and denies_times(head, parts, span)
        if not negated:
            left["quantity"] = ast.Quantity("=", ast.Number(Decimal(0)), None, head.word)
    elif isinstance(head, Counted):
        left = {"head": head.of, "quantity": head.quantity}
    right: Fields | None = None
    waiting: Fields | None = None
    for place, written in enumerate(parts):
        part = written
        if waiting is not None:
            taken, waiting = _take(waiting, part), None
            if taken:
                continue
        if isinstance(part, Negated):
            negated, part = not negated, part.part
        match part:
            case Things():
                misplaced(part)
            case BareCount(quantity, where):
                if place > 0:
                    bare_number(where, parts[place - 1])
                put(left, "quantity", quantity, where)
            case ast.Quantity():
                put(left, "quantity", part, part.span)
            case ast.Regularity():
                put(left, "regularity", part, part.span)
            case ast.Different():
                put(left, "different", part, part.span)
            case Term():
                _length_before(left)
                if "comparison" in left:
                    left["comparison"] = compared = as_measure(left["comparison"])
                    last = right or (right_of(compared) if isinstance(compared, ast.Compare) else None)
                    if last is None or factor_of(compared) != 1:
                        behind_a_value(compared, part)
                    right = next_term(last, part)
                else:
                    left = next_term(left, part)
            case PredicateParts():
                target = left
                if part.word == "where":
                    target = shared(left) if right is None else right
                waiting = _predicate(target, part)
            case Within():
                if not in_sequence:
                    fixes = after_that(part)
                    fail("misplaced", "`within` is for the steps of a sequence; a window says `in`.", fixes[0].span,
                         "Write", *fixes)  # fmt: skip
                put(left, "within", soon(part.duration), part.span)
            case Later():
                if not in_sequence:
                    fail("misplaced", "`later` counts from the step before, in a sequence.", part.span,
                         f"Say after what: .. {word('THEN')} .. {part.span.text}. Counted back from now it is: "
                         f"{say('MORE_THAN {} AGO', part.duration.span.text)}")  # fmt: skip
                put(left, "later", part.duration, part.span)
            case ast.CloseTo():
                put(shared(left) if right is None else right, "close_to", part, part.span)
            case WithTheSame():
                put(left, "with_the_same", part.properties, part.span)
            case OfSegment():
                _of_population(left, "segment", part.segment, "of segment", part.span)
            case WithinEach():
                _of_population(left, "each", part.property, "within each", part.span)
            case Because() | Among():
                misplaced(part)
            case ast.InName(negated=False) if "comparison" in left:
                put(shared(left) if right is None else right, "window", _length(part), part.span)
            case ast.Compare():
                _length_before(left)
                put(left, "comparison", part, part.span)
                right = right_of(part)
            case _ if isinstance(part, _COMPARISONS):
                _length_before(left)
                put(left, "comparison", part, part.span)
            case _:
                put(shared(left) if right is None else right, "window", part, part.span)
    # A most common value may be in a named set; the binder knows which are lengths.
    if left.keys() & {"quantity", "regularity", "different", "where", "has"} and not _is_mode(head):
        _length_before(left)
    if right is not None:
        left["comparison"] = with_right(left["comparison"], joined(right, _finish))
    if isinstance(compared := left.get("comparison"), ast.Between):
        left["comparison"] = replace(compared, low=name_alone(compared.low), high=name_alone(compared.high))
    node: Any = ast.Subject(**joined(left, _finish), span=span)
    if isinstance(node.head, ast.AllOf):
        node = apart(node)
    return ast.Not(node, span) if negated else node


def _is_mode(head: Any) -> bool:
    return isinstance(head, ast.Aggregate) and head.kind == "most common"


def _length(part: ast.InName) -> ast.InLast:
    """`in recently` where it can only be a window: beside a comparison, a number of times, `where`."""
    return ast.InLast(part.name, span=part.span)


def _length_before(fields: Fields) -> None:
    if isinstance(part := fields.get("comparison"), ast.InName) and not part.negated:
        del fields["comparison"]
        put(fields, "window", _length(part), part.span)


def _predicate(target: Fields, part: PredicateParts) -> Fields | None:
    """Puts it in its place; returns it when it waits for the part that follows."""
    if part.tree is not None or isinstance(part.head, ast.Items):
        tree = part.head if part.tree is None else part.tree
        put(target, part.word, _nots(tree, part.nots, part.inner), part.span)
        return None
    if isinstance(
        part.head,
        ast.CanReceive
        | ast.InList
        | ast.InSegment
        | ast.Rank
        | ast.Near
        | ast.Random
        | ast.All
        | ast.AnyOf
        | Never
        | Counted,
    ):
        fail(
            "misplaced",
            f"After `{part.word}` stand properties of the event, no conditions on the profile.",
            part.head.span,
        )
    waiting: Fields = {"head": part.head, "nots": part.nots, "inner": part.inner}
    put(target, part.word, waiting, part.span)
    return waiting


def _take(waiting: Fields, part: Any) -> bool:
    """A predicate takes the comparison, or the window, directly after its property."""
    if isinstance(part, Negated):
        waiting["nots"] += 1
        part = part.part
    if isinstance(part, _COMPARISONS):
        waiting["comparison"] = part
        return True
    if _is_window(part):
        waiting["window"] = part
        return True
    return False


def _finish(fields: Fields) -> Fields:
    """Open predicates become trees."""
    _not_everyone(fields["head"])
    name_before(fields["head"], fields.get("window"))
    for part in ("where", "has"):
        if isinstance(found := fields.get(part), dict):
            nots, inner = found.pop("nots"), found.pop("inner")
            if isinstance(compared := found.get("comparison"), ast.Compare) and (right := right_of(compared)):
                found["comparison"] = with_right(compared, right)
            _not_everyone(found["head"])
            name_before(found["head"], found.get("window"))
            last = found.get("comparison") or found.get("window")
            span = found["head"].span.to(last.span) if last else found["head"].span
            fields[part] = _nots(ast.Subject(**found, span=span), nots, inner.to(span))
    return fields


def _not_everyone(head: Any) -> None:
    """What has no part behind it says everybody; with one it could only be a name, which looks the same."""
    everyone = (word("EVERYONE"), word("NO_ONE"))
    if isinstance(head, ast.Name) and head.quoted is None and (said := head.words.lower()) in everyone:
        fail(
            "misplaced", f"Nothing goes behind `{said}`; a name that is called so is quoted.", head.span, "",
            f'"{head.words}"',
        )  # fmt: skip


def _nots(tree: Any, nots: int, span: Span) -> Any:
    for _ in range(nots):
        tree = ast.Not(tree, span)
    return tree


def _of_population(left: Fields, which: Literal["segment", "each"], value: Any, said: str, span: Span) -> None:
    """Who the others are, of the statistic that was compared with."""
    compared = left.get("comparison")
    if not isinstance(compared, ast.Compare) or not isinstance(compared.right, ast.Population):
        rank = "a rank, " if which == "each" else ""
        fail(
            "misplaced", f"`{said}` goes after {rank}the average, the median or a percentile.", span,
            f"Compare with it: > the average {span.text}",
        )  # fmt: skip
    if getattr(compared.right, which):
        twice(which, span)
    left["comparison"] = replace(compared, right=replace(compared.right, **{which: value}))


def _standing(head: ast.CanReceive | ast.InList, parts: list[Any], span: Span) -> ast.CanReceive | ast.InList:
    """Consent and lists: a window, and consent a reason."""
    fields: Fields = {}
    for given in parts:
        part = _length(given) if isinstance(given, ast.InName) and not given.negated else given
        if isinstance(part, Because) and isinstance(head, ast.CanReceive):
            put(fields, "reason", part.reason, part.span)
        elif isinstance(head, ast.InList) and not head.joined and _is_window(part):
            joined = say("JOINED_LIST {} {}", head.name.span.text, part.span.text)
            fail(
                "misplaced", "`in list` says who is in it now; when somebody joined is another condition.", part.span,
                "Write", Fix(head.span.to(part.span), joined),
            )  # fmt: skip
        elif _is_window(part):
            put(fields, "window", part, part.span)
        else:
            misplaced(part)
    name_before(head.channel if isinstance(head, ast.CanReceive) else head.name, fields.get("window"))
    return replace(head, **fields, span=span)


def _rank(head: ast.Rank, parts: list[Any], span: Span) -> ast.Rank:
    """The parts are the measure's, but for `among` and `within each`."""
    measure: list[Any] = []
    whom: Fields = {}
    for given in parts:
        tested = any(
            isinstance(part, PredicateParts) for part in measure
        )  # `where total in recently`: the predicate's own
        part = _length(given) if isinstance(given, ast.InName) and not (given.negated or tested) else given
        if isinstance(part, Among):
            put(whom, "segment", part.segment, part.span)
        elif isinstance(part, WithinEach):
            put(whom, "each", part.property, part.span)
        else:
            measure.append(part)
    end = max((part.span.end for part in measure), default=head.by.span.end)
    by = _subject(head.by.head, measure, Span(span.source, head.by.span.start, end))
    if not isinstance(by, ast.Subject) or by != ast.Subject(
        by.head, window=by.window, where=by.where, close_to=by.close_to
    ):
        fail(
            "misplaced", "A rank orders by a measure, which has a window and a `where` at most.", span,
            "What else is meant is a condition of its own, joined by `and`.",
        )  # fmt: skip
    return replace(head, by=by, among=whom.get("segment"), each=whom.get("each"), span=span)


_WINDOWS = get_args(ast.Window)


def _is_window(part: ast.Window | Any) -> bool:
    return isinstance(part, _WINDOWS)
