"""Phrases in their canonical spelling: event, quantity, window, `where`; parentheses where anything follows."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, assert_never

from ..ast import (
    Aggregate,
    All,
    Anniversary,
    AnyOf,
    Between,
    Bool,
    CanReceive,
    Compare,
    Comparison,
    Date,
    DatePart,
    Edge,
    Either,
    Head,
    In,
    Includes,
    InList,
    InName,
    InSegment,
    Is,
    Items,
    Like,
    Name,
    Near,
    Not,
    Number,
    Operand,
    Period,
    Phrase,
    Population,
    Quantity,
    Random,
    Rank,
    Scaled,
    SegmentRef,
    Sequence,
    Share,
    Subject,
    Text,
    Time,
    Tree,
    Window,
)
from ..parser.names import begins_keyword
from .doubtful import undoubted
from .layout import INDENT, WIDTH, block, flat
from .values import decimal, duration, length, name, quoted, units, value
from .windows import window

_CMP = {">=": "at least", "<=": "at most", ">": "more than", "<": "fewer than", "=": "exactly", "!=": "!="}


def phrase(node: Phrase | Items, last: bool, broken: bool = False) -> str:
    """`last`: nothing follows on this level. `broken`: long `where`s over several lines.

    A phrase whose canonical spelling says something else, since its names are words of the language, stays as it was
    written.
    """
    text = _phrase(node, last, broken)
    return text if isinstance(node, Items) else undoubted(text, node)


def _phrase(node: Phrase | Items, last: bool, broken: bool) -> str:
    match node:
        case Subject():
            return subject(node, last, broken)
        case Sequence(word, steps):
            said = [_step(step, last and i == len(steps) - 1, broken) for i, step in enumerate(steps)]
            return f"{f'{chr(10)}{INDENT}' if broken else ' '}{word} ".join(said)
        case CanReceive(channel, reason, window, negated):
            why = f" because {value(reason)}" if reason is not None else ""
            return f"{'cannot' if negated else 'can'} receive {name(channel)}{why}{_window(window)}"
        case InList(called, joined, window):
            return f"{'joined' if joined else 'in'} list {name(called)}{_window(window)}"
        case InSegment(word, segment, shift):
            text = f"{word} {segment_ref(segment)}"
            if shift is None:
                return text
            return f"{text} {duration(shift)} ago" if word == "was in" else f"{text} in {duration(shift, short=True)}"
        case Rank(word, size, by, among):
            rest_ = f" among {segment_ref(among)}" if among else ""
            return f"{word} {value(size)} by {subject(by, last and not among, broken)}{rest_}"
        case Near(distance, unit, place):
            return f"within {decimal(distance)} {unit} of {_place(place)}"
        case Random(percent, seed):
            return f"random {value(percent)}" + (f" seed {quoted(seed.value)}" if seed else "")
        case Items():
            return _items(node, broken)
        case _:
            assert_never(node)


def _step(step: Subject, last: bool, broken: bool) -> str:
    """A step of a sequence, whose steps stand on lines of their own when it is broken."""
    one = subject(step, last)
    if not broken or len(one) <= WIDTH - 30:
        return one
    return subject(step, last, broken).replace("\n", f"\n{INDENT}")


def subject(node: Subject, last: bool = True, broken: bool = False) -> str:
    compared = node.comparison
    own = not (isinstance(compared, Compare) and _takes_parts(compared.right))
    quantity = node.quantity
    never = isinstance(node.head, Name | Either) and quantity == Quantity("=", Number(Decimal(0)))
    parts = [f"{'never ' if never else ''}{_head(node.head)}"]
    if quantity and not never:
        parts.append(times(quantity))
    if compared and own:
        parts.append(_comparison(compared, last, broken))
    if node.within:
        parts.append(f"within {length(node.within, short=True)}")
    if node.with_the_same:
        parts.append(f"with the same {name(node.with_the_same, 'PROPERTY')}")
    if node.window:
        is_day = isinstance(node.window, Period) and node.window.unit is None
        is_ = "is " if isinstance(node.head, Anniversary) and is_day and len(parts) == 1 else ""
        parts.append(is_ + window(node.window))
    if r := node.regularity:
        parts.append(f"in {_how_many(r.quantity)} of the last {r.periods} {units(r.periods, r.unit)}")
    if d := node.different:
        parts.append(f"on {_how_many(d.quantity)} different {d.unit}")
    if node.where is not None:
        parts.append(_predicates("where", node.where, last and own and node.has is None, broken))
    if node.has is not None:
        word = "have" if isinstance(node.head, Share) else "has"
        parts.append(_predicates(word, node.has, last and own, broken))
    if compared and not own:
        parts.append(_comparison(compared, last, broken))
    return " ".join(parts)


def _takes_parts(right: Operand) -> bool:
    """Whether parts written after this right side would be, or would seem to be, its own."""
    return isinstance(right, Name | Scaled | Population)


def _predicates(word: str, tree: Tree[Subject | Items], last: bool, broken: bool) -> str:
    if last and _plain(tree):
        return f"{word} {flat(tree)}"
    if broken and isinstance(tree, All | AnyOf) and len(tree.parts) > 1:
        return f"{word} {block(tree)}"
    return f"{word} ({flat(tree)})"


def _plain(tree: Tree[Subject | Items]) -> bool:
    """One predicate that reads the same without parentheses."""
    while isinstance(tree, Not):
        tree = tree.part
    if isinstance(tree, Items):
        return True
    if not isinstance(tree, Subject) or not isinstance(tree.head, Name | DatePart):
        return False
    said = Subject(tree.head, comparison=tree.comparison, window=tree.window)
    if tree != said or (tree.comparison and tree.window):
        return False
    return not (isinstance(tree.comparison, Compare) and isinstance(tree.comparison.right, Scaled | Population))


def _head(head: Head) -> str:
    match head:
        case Name(words=words) if words.lower() in ("everyone", "no one"):
            return quoted(words)
        case Name():
            return name(head)
        case Either(events):
            return f"any of ({', '.join(name(e) for e in events)})"
        case Edge(word, of):
            return f"{word} {_head(of)}"
        case Aggregate(kind, prop, of):
            if prop is None:
                return f"{kind}{' of' if kind == 'number' else ''} {_head(of)}"
            said = {"distinct": "number of distinct", "most common": "most common"}.get(kind, f"{kind} of")
            return f"{said} {name(prop, 'PROPERTY')} of {_head(of)}"
        case DatePart(part, prop):
            return f"{part} of {name(prop)}"
        case Anniversary(prop):
            return f"anniversary of {name(prop)}"
        case Share(op, percent, of, most):
            share = f"between {value(percent)} and {value(most)}" if most else f"{_CMP[op]} {value(percent)}"
            return f"{share} of {_head(of)}"
        case _:
            assert_never(head)


def _items(node: Items, broken: bool) -> str:
    if node.quantity is None:
        start = f"{node.how} item"
    else:
        one = node.quantity.most is None and node.quantity.count == Number(Decimal(1))
        start = f"{_how_many(node.quantity)} item{'' if one else 's'}"
    if node.where is None:
        return start
    if broken and isinstance(node.where, All | AnyOf) and len(node.where.parts) > 1:
        return f"{start} {block(node.where)}"
    return f"{start} ({flat(node.where)})"


def _place(place: Name | tuple[Decimal, Decimal] | None) -> str:
    match place:
        case None:
            return "any store"
        case Name():
            return name(place)
        case (latitude, longitude):
            return f"({decimal(latitude)}, {decimal(longitude)})"


def segment_ref(node: SegmentRef) -> str:
    given = ", ".join(f"{name(n)} = {value(v)}" for n, v in node.arguments)
    return f"segment {name(node.name)}" + (f" ({given})" if given else "")


# --- quantities and comparisons -------------------------------------------------------------------------------------


def _how_many(quantity: Quantity) -> str:
    if quantity.most is not None:
        return f"between {value(quantity.count)} and {value(quantity.most)}"
    return f"{_CMP[quantity.op]} {value(quantity.count)}"


def times(quantity: Quantity) -> str:
    """`at least once`, `exactly 3 times`, `between 2 and 5 times`."""
    if quantity.most is None and isinstance(quantity.count, Number):
        if quantity.count.value == 1:
            return f"{_CMP[quantity.op]} once"
        if quantity.count.value == 2:
            return f"{_CMP[quantity.op]} twice"
    return f"{_how_many(quantity)} times"


def _comparison(node: Comparison, last: bool, broken: bool) -> str:
    match node:
        case Compare(op, right):
            return f"{_operator(op, right)} {operand(right, last, broken)}"
        case Between(low, high):
            return f"between {operand(low, False, broken)} and {operand(high, False, broken)}"
        case In(values, negated):
            return f"{'not ' if negated else ''}in ({_list(values)})"
        case InName(called, negated):
            return f"{'not ' if negated else ''}in {name(called)}"
        case Like(how, pattern, negated):
            if not negated:
                return f"{how} {value(pattern)}"
            bare = {"contains": "contain", "starts with": "start with", "ends with": "end with", "matches": "match"}[
                how
            ]
            return f"does not {bare} {value(pattern)}"
        case Includes(how, values, negated):
            if how == "any" and len(values) == 1:
                return f"{'does not include' if negated else 'includes'} {value(values[0])}"
            return f"include {'none' if negated else how} of ({_list(values)})"
        case Is(what, negated):
            return f"is {'not ' if negated else ''}{what}"
        case _:
            assert_never(node)


def _operator(op: str, right: Operand) -> str:
    """`is` before texts, truths, days and names, unless the name would read as something else after it."""
    said = isinstance(right, Text | Bool | Date | Time) or (
        isinstance(right, Name) and not _keyword_after_is(right.words)
    )
    return {"=": "is", "!=": "is not"}.get(op, op) if said else op


def _keyword_after_is(words: str) -> bool:
    return begins_keyword(words) or words.lower().split(" ", 1)[0] in ("set", "empty")


def operand(node: Operand, last: bool, broken: bool) -> str:
    match node:
        case Scaled(factor, of):
            return ("" if factor == 1 else f"{decimal(factor)} x ") + subject(of, last, broken)
        case Population(statistic, percentile, factor, measure, segment):
            text = f"the {_ordinal(percentile)} percentile" if percentile is not None else f"the {statistic}"
            if measure is not None:
                text += f" of {subject(measure, last and segment is None, broken)}"
            if segment is not None:
                text += f" of {segment_ref(segment)}"
            return text if factor == 1 else f"{decimal(factor)} x {text}"
        case DatePart():
            return _head(node)
        case _:
            return value(node)


def _ordinal(number: int) -> str:
    tail = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{tail}"


def _list(values: tuple[Any, ...]) -> str:
    return ", ".join(value(v) for v in values)


def _window(node: Window | None) -> str:
    return "" if node is None else f" {window(node)}"
