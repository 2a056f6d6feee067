"""Warnings: a rule, or a part of it, that can never be true, is always true, or changes nothing. Names the part."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from ..conditions import All, AnyOf, InSegment, Not
from ..conditions.implication import covers, excludes, implies
from ..conditions.implication.negation import opposite
from ..conditions.walk import EVERYONE, NO_ONE, Leaf, Node, Rewrite, inside, with_parts
from ..errors import Code, Problem
from ..source import NOWHERE, Span
from .structure import related

LONGEST = 80
"""A part is quoted in a message up to so many characters."""


def find(rule: Node, simplify: Rewrite, at: Rewrite) -> list[Problem]:
    """The warnings for a rule; `simplify` is the optimiser, `at` the same for a node whose parts are simple already."""
    found: list[Problem] = []
    after = _examine(rule, simplify, at, found)
    if after == rule and after in (EVERYONE, NO_ONE):
        bare = " ".join(rule.span.text.casefold().split())
        if bare in ("everyone", "no one", ""):  # not `at least 0 times` and the like, bound to a constant
            return found
    if after in (EVERYONE, NO_ONE):
        code, sentence = _VERDICT[after == EVERYONE]
        if not any(problem.code == code for problem in found):
            _settled(after, rule.span, found)
        place = next(i for i, problem in enumerate(found) if problem.code == code)
        found[place] = replace(found[place], message=f"{found[place].message} {sentence}")
    return found


_VERDICT: dict[bool, tuple[Code, str]] = {
    True: ("always-true", "So everyone matches the rule."),
    False: ("never-true", "So no one can match the rule."),
}


def _examine(node: Node, simplify: Rewrite, at: Rewrite, found: list[Problem]) -> Node:
    """The node, simplified; what is to be said about it goes to `found`."""
    match node:
        case All(()) | AnyOf(()):
            return node
        case All(parts) | AnyOf(parts):
            before = len(found)
            after = tuple([_examine(part, simplify, at, found) for part in parts])
            whole = at(with_parts(node, after))
            if all(part.span == node.span != NOWHERE for part in parts):  # one text, such as `between -1 and 2`
                _of_one_text(whole, node.span, before, found)
            else:
                _compare(node, after, whole, found)
            return whole
        case Not(part):
            before = len(found)
            whole = at(opposite(_examine(part, simplify, at, found)))
            if part.span == node.span and whole in (EVERYONE, NO_ONE):  # one text, such as `never ..`, not its opposite
                _of_one_text(whole, node.span, before, found)
            return whole
        case InSegment(label, rule, span):
            members = simplify(rule)
            if members == NO_ONE or (members == EVERYONE and node.sample is None):
                code, _ = _VERDICT[members == EVERYONE]
                who = "Everyone is" if members == EVERYONE else "No one can ever be"
                found.append(Problem(code, f"{who} in segment `{label}`.", span, severity="warning"))
            if node.sample is None or members == NO_ONE:
                return members
            return replace(node, rule=members)  # type: ignore[arg-type]
        case _:
            return _examine_leaf(node, simplify, at, found)


def _examine_leaf(leaf: Leaf, simplify: Rewrite, at: Rewrite, found: list[Problem]) -> Node:
    before = len(found)
    holding = [tree for tree in inside(leaf) if tree != EVERYONE]
    for tree in holding:
        within = _examine(tree, simplify, at, found)
        if len(found) == before and within in (EVERYONE, NO_ONE) and within != tree:
            _settled(within, tree.span, found)
    after = simplify(leaf) if holding else at(leaf)
    if len(found) == before:
        _settled(after, leaf.span, found)
    return after


def _of_one_text(whole: Node, span: Span, before: int, found: list[Problem]) -> None:
    """Only what is so of all of it is said of a text that means several conditions."""
    verdict = _VERDICT[whole == EVERYONE][0] if whole in (EVERYONE, NO_ONE) else None
    found[before:] = [problem for problem in found[before:] if problem.span != span or problem.code == verdict]
    if len(found) == before:
        _settled(whole, span, found)


def _settled(node: Node, span: Span, found: list[Problem]) -> None:
    """Says that the text at a place is always or never true, if the node that it became says so."""
    if node == EVERYONE:
        found.append(Problem("always-true", f"{_said(span, True)} is always true.", span, severity="warning"))
    if node == NO_ONE:
        found.append(Problem("never-true", f"{_said(span, True)} can never be true.", span, severity="warning"))


def _compare(node: All[Leaf] | AnyOf[Leaf], after: Sequence[Node], whole: Node, found: list[Problem]) -> None:
    """What the parts of one `and` (`or`) say about each other."""
    both = isinstance(node, All)
    unit, zero = (EVERYONE, NO_ONE) if both else (NO_ONE, EVERYONE)
    for part in node.parts:
        if part == unit:
            found.append(_no_effect(part.span, "."))
        if part == zero:
            message = f"Beside {_said(part.span)} nothing else here matters."
            found.append(Problem(_VERDICT[not both][0], message, part.span, severity="warning"))
    if zero in after:
        return
    clash: Callable[[Node, Node], bool] = excludes if both else covers
    if whole == zero:
        for i, j in related(after):
            if clash(after[i], after[j]):
                here, there = node.parts[i].span, node.parts[j].span
                if here == there:  # one condition that means both: `entered segment ..` of what time does not change
                    return _settled(zero, here, found)
                found.append(_clash(here, there, both))
                return
        return _settled(whole, node.span, found)
    gone: set[int] = set()
    for i, j in related(after):
        if {i, j} & gone or unit in (after[i], after[j]):
            continue
        one, other = (after[i], after[j]) if both else (after[j], after[i])
        if implies(one, other):
            less, more = j, i
        elif implies(other, one):
            less, more = i, j
        else:
            continue
        gone.add(less)
        spans = node.parts[less].span, node.parts[more].span
        found.append(_follows(*spans) if both else _adds_nobody(*spans))


def _no_effect(span: Span, why: str) -> Problem:
    return Problem(
        "no-effect", f"{_said(span, True)} changes nothing here{why}", span, f"leave {_said(span)} out", "warning"
    )


def _follows(span: Span, other: Span) -> Problem:
    return _no_effect(span, "." if span == other else f": it follows from {_said(other)}.")


def _adds_nobody(span: Span, other: Span) -> Problem:
    return _no_effect(span, "." if span == other else f": {_said(other)} includes it.")


def _clash(one: Span, other: Span, both: bool) -> Problem:
    hint = f"take one of the two out, or say `{'or' if both else 'and'}`"
    if both:
        message = f"{_said(one, True)} and {_said(other)} can never be true together."
        return Problem("never-true", message, other, hint, "warning")
    message = f"Of {_said(one)} and {_said(other)} one is always true."
    return Problem("always-true", message, other, hint, "warning")


def _said(span: Span, first: bool = False) -> str:
    text = " ".join(span.text.split())
    if span == NOWHERE or not text:
        return "This part" if first else "this part"
    return f"`{text if len(text) <= LONGEST else text[: LONGEST - 1] + '…'}`"
