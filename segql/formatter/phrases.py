"""Phrases in their canonical spelling: event, quantity, window, `where`; parentheses where anything follows."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, assert_never

from .. import ast
from ..parser.names import begins_keyword
from ..words import NUMBERED, say, spellings, word
from .doubtful import undoubted
from .layout import INDENT, WIDTH, block, flat
from .values import decimal, duration, length, name, quoted, units, value
from .windows import window

_COMPARED = {
    ">=": "AT_LEAST", "<=": "AT_MOST", ">": "MORE_THAN", "<": "FEWER_THAN", "=": "EXACTLY", "!=": "NE",
}  # fmt: skip
_STEPS = {"then": "THEN", "followed by": "FOLLOWED_BY", "not followed by": "NOT_FOLLOWED_BY"}


def phrase(node: ast.Phrase | ast.Items, last: bool, broken: bool = False) -> str:
    """`last`: nothing follows on this level. `broken`: long `where`s over several lines.

    A phrase whose canonical spelling says something else, since its names are words of the language, stays as it was
    written.
    """
    text = _phrase(node, last, broken)
    return text if isinstance(node, ast.Items) else undoubted(text, node)


def _phrase(node: ast.Phrase | ast.Items, last: bool, broken: bool) -> str:
    match node:
        case ast.Subject():
            return subject(node, last, broken)
        case ast.Sequence():
            return _sequence(node, last, broken)
        case ast.CanReceive(channel, reason, window, negated):
            can = say("CANNOT_RECEIVE {}" if negated else "CAN_RECEIVE {}", name(channel))
            return can + (say(" BECAUSE {}", value(reason)) if reason is not None else "") + _window(window)
        case ast.InList(called, joined, window):
            return say("JOINED_LIST {}" if joined else "IN_LIST {}", name(called)) + _window(window)
        case ast.InSegment("in", segment):
            return say("IN_SEGMENT {}", _segment(segment))
        case ast.InSegment("was in", segment, shift):
            return say("WAS_IN_SEGMENT {}", _segment(segment)) + (say(" {} AGO", duration(shift)) if shift else "")
        case ast.InSegment(way, segment, _, window):
            return f"{word('ENTERED_SEGMENT', way)} {_segment(segment)}{_window(window)}"
        case ast.Rank(end, size, by, among, each):
            rest = say(" AMONG_SEGMENT {}", _segment(among)) if among else ""
            rest += say(" WITHIN_EACH {}", name(each)) if each else ""
            measure = subject(by, last and not rest, broken)
            return say("{} {} BY {}", word("TOP", end), value(size), measure) + rest
        case ast.Near(distance, unit, place):
            return say("WITHIN {} {} OF {}", decimal(distance), word("DISTANCE", unit), _place(place))
        case ast.Random(percent, seed):
            return say("RANDOM {}", value(percent)) + (say(" SEED {}", quoted(seed.value)) if seed else "")
        case ast.Items():
            return _items(node, broken)
        case _:
            assert_never(node)


def _sequence(node: ast.Sequence, last: bool, broken: bool) -> str:
    """The steps, each behind its word; the bound of all of them behind the last that happens."""
    end = len(node.steps) - 1
    whole = end - (node.words[-1] == "not followed by") if node.within else -1
    text = ""
    for place, step in enumerate(node.steps):
        if place:
            text += f"{f'{chr(10)}{INDENT}' if broken else ' '}{word(_STEPS[node.words[place - 1]])} "
        text += _step(step, last and place == end != whole, broken)
        if node.within and place == whole:
            text += say(" ALL_WITHIN {}", length(node.within, short=True))
    return text


def _step(step: ast.Subject, last: bool, broken: bool) -> str:
    """A step of a sequence, whose steps stand on lines of their own when it is broken."""
    one = subject(step, last)
    if not broken or len(one) <= WIDTH - 30:
        return one
    return subject(step, last, broken).replace("\n", f"\n{INDENT}")


def subject(node: ast.Subject, last: bool = True, broken: bool = False) -> str:
    """A head with its parts in canonical order.

    `last`: nothing follows that could be read as a part of it. `broken`: its groups stand over lines.
    """
    compared = node.comparison
    own = not (isinstance(compared, ast.Compare) and _takes_parts(compared.right))
    quantity = node.quantity
    never = isinstance(node.head, ast.Name | ast.Either) and quantity == ast.Quantity("=", ast.Number(Decimal(0)))
    parts = [say("NEVER {}" if never else "{}", _head(node.head))]
    if isinstance(compared, ast.Is) and compared.what == "had":
        has, no = word("HAS", "one"), word("EDGE", "no")
        parts, compared = [f"{has} {no} {parts[0]}" if compared.negated else f"{has} {parts[0]}"], None
    if quantity and not never:
        parts.append(times(quantity))
    if compared and own:
        parts.append(_comparison(compared, last, broken))
    if node.within:
        parts.append(say("WITHIN {}", length(node.within, short=True)))
    if node.later:
        parts.append(say("AT_LEAST {} LATER", length(node.later, short=True)))
    if node.with_the_same:
        parts.append(with_the_same(node.with_the_same))
    if close := node.close_to:
        near = duration(close.length, short=True)
        parts.append(say("AROUND {} {} {}", near, word("SIDE", close.side), name(close.property)))
    if node.window:
        is_day = isinstance(node.window, ast.Period) and node.window.unit is None
        has_is = isinstance(node.head, ast.Anniversary) and is_day and len(parts) == 1
        parts.append(say("IS {}" if has_is else "{}", window(node.window)))
    if r := node.regularity:
        periods = f"{r.periods} {units(r.periods, r.unit)}"
        if r.length != 1:
            periods = say("{} PERIODS_OF {} {}", str(r.periods), str(r.length), units(r.length, r.unit))
        parts.append(say("IN {} OF_THE_LAST {}", _how_many(r.quantity), periods))
    if (d := node.different) and d.in_a_row:
        number = d.quantity.most or d.quantity.count
        count = int(number.value) if isinstance(number, ast.Number) else 2
        parts.append(say("IN {} {} IN_A_ROW", _how_many(d.quantity), units(count, d.length_unit)))
    elif d:
        parts.append(say("ON {} {}", _how_many(d.quantity), word("DIFFERENT", d.unit)))
    if node.where is not None:
        parts.append(_predicates(word("WHERE"), node.where, last and own and node.has is None, broken))
    if node.has is not None:
        has = word("HAS", "many" if isinstance(node.head, ast.Share) else "one")
        parts.append(_predicates(has, node.has, last and own, broken))
    if compared and not own:
        parts.append(_comparison(compared, last, broken))
    return " ".join(parts)


def with_the_same(shared: tuple[ast.Name, ...]) -> str:
    """`with the same product and the same brand`."""
    return say("WITH_THE_SAME {}", say(" AND_THE_SAME ").join(name(one, "PROPERTY") for one in shared))


def _takes_parts(right: ast.Operand) -> bool:
    """Whether parts written after this right side would be, or would seem to be, its own."""
    return isinstance(right, ast.Name | ast.Scaled | ast.Population)


def _predicates(before: str, tree: ast.Tree[ast.Subject | ast.Items], last: bool, broken: bool) -> str:
    if last and _plain(tree):
        return f"{before} {flat(tree)}"
    if broken and isinstance(tree, ast.All | ast.AnyOf) and len(tree.parts) > 1:
        return f"{before} {block(tree)}"
    return f"{before} ({flat(tree)})"


def _plain(tree: ast.Tree[ast.Subject | ast.Items]) -> bool:
    """One predicate that reads the same without parentheses."""
    while isinstance(tree, ast.Not):
        tree = tree.part
    if isinstance(tree, ast.Items):
        return True
    if not isinstance(tree, ast.Subject) or not isinstance(tree.head, ast.Name | ast.DatePart | ast.DaysFrom):
        return False
    said = ast.Subject(tree.head, comparison=tree.comparison, window=tree.window)
    if tree != said or (tree.comparison and tree.window):
        return False
    return not (
        isinstance(tree.comparison, ast.Compare) and isinstance(tree.comparison.right, ast.Scaled | ast.Population)
    )


def _head(head: ast.Head) -> str:
    match head:
        case ast.Name(words=words) if words.lower() in (word("EVERYONE"), word("NO_ONE")):
            return quoted(words)
        case ast.Name():
            return name(head)
        case ast.Either(events):
            return say("ANY_OF ({})", ", ".join(map(subject, events)))
        case ast.AllOf(events):
            return say("ALL_OF ({})", ", ".join(map(subject, events)))
        case ast.Edge(which, of):
            return f"{word('EDGE', which)} {_head(of)}"
        case ast.Terms(terms, signs):
            said = [subject(term, last=False) for term in terms]
            return " ".join([said[0], *(f"{sign} {one}" for sign, one in zip(signs, said[1:], strict=True))])
        case ast.Aggregate("first" | "last" as edge, ast.Name() as prop, of):
            return f"{name(prop)} {word('OF_EDGE', edge)} {_head(of)}"
        case ast.Aggregate(kind, prop, of):
            if prop is None:
                return f"{word('MEASURE_OF', kind)} {_head(of)}"
            return say("{} {} OF {}", word("AGGREGATE_OF", kind), name(prop, "PROPERTY"), _head(of))
        case ast.DatePart(part, prop):
            return f"{word('DATE_PART_OF', part)} {name(prop)}"
        case ast.DaysFrom(start, end):
            return say("DAYS_FROM {} TO {}", name(start, "DATED"), name(end))
        case ast.Anniversary(prop):
            return say("ANNIVERSARY_OF {}", name(prop))
        case ast.Share(op, percent, of, most):
            return say("{} OF {}", _amount(op, percent, most), _head(of))
        case _:
            assert_never(head)


def _items(node: ast.Items, broken: bool) -> str:
    if node.quantity is None:
        start = word("ANY_ITEM", node.how)
    else:
        one = node.quantity.most is None and node.quantity.count == ast.Number(Decimal(1))
        start = f"{_how_many(node.quantity)} {word('ITEMS', 'one' if one else 'many')}"
    if node.where is None:
        return start
    if broken and isinstance(node.where, ast.All | ast.AnyOf) and len(node.where.parts) > 1:
        return f"{start} {block(node.where)}"
    return f"{start} ({flat(node.where)})"


def _place(place: ast.Name | tuple[Decimal, Decimal] | None) -> str:
    match place:
        case None:
            return word("ANY_STORE")
        case ast.Name():
            return name(place)
        case (latitude, longitude):
            return f"({decimal(latitude)}, {decimal(longitude)})"


def _segment(node: ast.SegmentRef) -> str:
    given = ", ".join(f"{name(n)} = {value(v)}" for n, v in node.arguments)
    return name(node.name) + (f" ({given})" if given else "")


# --- quantities and comparisons -------------------------------------------------------------------------------------


def _how_many(quantity: ast.Quantity) -> str:
    return _amount(quantity.op, quantity.count, quantity.most)


def _amount(
    op: str, count: ast.Number | ast.Percent | ast.Name, most: ast.Number | ast.Percent | ast.Name | None
) -> str:
    if most is not None:
        return say("BETWEEN {} AND {}", value(count), value(most))
    return f"{word(_COMPARED[op])} {value(count)}"


def times(quantity: ast.Quantity) -> str:
    """`at least once`, `exactly 3 times`, `between 2 and 5 times`."""
    if quantity.most is None and isinstance(quantity.count, ast.Number):
        if quantity.count.value == 1:
            return f"{word(_COMPARED[quantity.op])} {word('ONCE')}"
        if quantity.count.value == 2:
            return f"{word(_COMPARED[quantity.op])} {word('TWICE')}"
    return say("{} TIMES", _how_many(quantity))


def _comparison(node: ast.Comparison, last: bool, broken: bool) -> str:
    match node:
        case ast.Compare(op, right):
            return f"{_operator(op, right)} {operand(right, last, broken)}"
        case ast.Between(low, high):
            return say("BETWEEN {} AND {}", operand(low, False, broken), operand(high, False, broken))
        case ast.In(values, negated):
            return say("NOT_IN ({})" if negated else "IN ({})", _list(values))
        case ast.InName(called, negated):
            return say("NOT_IN {}" if negated else "IN {}", name(called))
        case ast.Like(how, pattern, negated):
            return f"{word('LIKE', f'not {how}' if negated else how)} {value(pattern)}"
        case ast.Includes(how, values, negated):
            if how == "any" and len(values) == 1:
                return f"{word('INCLUDES', 'none' if negated else 'any')} {value(values[0])}"
            which = word("INCLUDE_OF", "many none" if negated else f"many {how}")
            return f"{which} ({_list(values)})"
        case ast.IncludesLike(how, like, pattern, negated):
            return f"{word('INCLUDE_LIKE', f'none {like}' if negated else f'{how} {like}')} {value(pattern)}"
        case ast.Is(what, negated):
            return word("IS_SET", f"not {what}" if negated else what)
        case _:
            assert_never(node)


def _operator(op: str, right: ast.Operand) -> str:
    """`is` before texts, truths, days and names, unless the name would read as something else after it."""
    said = isinstance(right, ast.Text | ast.Bool | ast.Date | ast.Time | ast.Their) or (
        isinstance(right, ast.Name) and not _keyword_after_is(right.words)
    )
    return {"=": word("IS"), "!=": word("IS_NOT")}.get(op, op) if said else op


def _keyword_after_is(words: str) -> bool:
    return begins_keyword(words) or words.lower().split(" ", 1)[0] in {
        spelled.split()[-1] for spelled in spellings("IS_SET")
    }


def operand(node: ast.Operand, last: bool, broken: bool) -> str:
    """The right side of a comparison; `last` and `broken` as for a subject."""
    match node:
        case ast.Scaled(factor, of):
            return _scaled(factor, subject(of, last, broken))
        case ast.Population(statistic, percentile, factor, measure, segment, each):
            text = word("STATISTIC", statistic)
            if percentile is not None:
                text = NUMBERED.sub(_ordinal(percentile), text)
            if measure is not None:
                text += say(" OF {}", subject(measure, last and segment is None and each is None, broken))
            if segment is not None:
                text += say(" OF_SEGMENT {}", _segment(segment))
            if each is not None:
                text += say(" WITHIN_EACH {}", name(each))
            return _scaled(factor, text)
        case ast.DatePart() | ast.DaysFrom():
            return _head(node)
        case ast.Their(prop):
            return say("THEIR {}", name(prop))
        case _:
            return value(node)


def _scaled(factor: Decimal, text: str) -> str:
    return text if factor == 1 else say("{} FACTOR {}", decimal(factor), text)


def _ordinal(number: int) -> str:
    tail = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{tail}"


def _list(values: tuple[Any, ...]) -> str:
    return ", ".join(value(v) for v in values)


def _window(node: ast.Window | None) -> str:
    return "" if node is None else f" {window(node)}"
