"""Steps in order: `then`, `followed by`, `not followed by`."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, cast

from ... import ast
from ...ast import (
    AllOf,
    Between,
    CloseTo,
    Comparison,
    Date,
    Duration,
    InLast,
    InName,
    Name,
    Number,
    Sequence,
    Subject,
    Text,
)  # fmt: skip
from ...errors import Fix
from ...source import Span
from ...words import pattern, say, word
from ..checks import at, fail
from .parts import AllWithin, Later, Link, Within
from .values import Values, duration, sense

_WORDS: dict[str, ast.Follows] = {
    "THEN": "then", "FOLLOWED_BY": "followed by", "NOT_FOLLOWED_BY": "not followed by",
}  # fmt: skip


def chain_first(v: Values, span: Span) -> list[Link]:
    """The first step, which may be the only one."""
    return [Link(None, v[0], span)]


def chain_more(v: Values, span: Span) -> list[Link]:
    """`.. then added to cart within 2d`: the steps so far and one more."""
    links: list[Link] = v[0]
    links.append(Link(v[1], v[2], Span(span.source, v[2][0].span.start, span.end)))
    return links


def of_all_steps(links: list[Link]) -> ast.Length | None:
    """`all within 7d`, taken out of the parts of the last step that happens, behind which it stands."""
    found = [(place, part) for place, link in enumerate(links) for part in link.step if isinstance(part, AllWithin)]
    if not found:
        return None
    if len(links) == 1:
        part = found[0][1]
        fail("misplaced", "`all within` is for the steps of a sequence; a window says `in`.", part.span,
             "Write", say("IN {}", part.duration.span.text))  # fmt: skip
    last = links[-1].word
    end = len(links) - (2 if last is not None and last.type == "NOT_FOLLOWED_BY" else 1)
    for place, part in found:
        if place != end:
            fail(
                "misplaced",
                "`all within` is about the whole sequence: it goes behind the last step that happens.",
                part.span,
                "Move it there, or, from the step before, write",
                say("WITHIN {}", part.duration.span.text),
            )
        if part is not found[0][1]:
            fail("doubled-part", "This sequence has two `all within`s.", part.span, "Keep one of them.")
        links[place].step.remove(part)
    if end == 0:
        fail("misplaced", "Of one step there is nothing for `all within` to bound.", found[0][1].span, "Leave it out.")
    return found[0][1].duration


def sequence(steps: list[Any], links: list[Link], within: ast.Length | None, span: Span) -> Sequence:
    """The steps as one node, each checked for parts that have no place in a sequence."""
    tokens = [link.word for link in links if link.word]
    words = tuple(_WORDS[token.type] for token in tokens)
    for said, token in zip(words, tokens, strict=True):
        if len(words) > 1 and said == "followed by":
            fail("syntax", "`followed by` takes one event before it and one after it.", at(token, span),
                 "For more steps write", say("THEN"))  # fmt: skip
        if said == "not followed by" and token is not tokens[-1]:
            fail("syntax", "`not followed by` ends a sequence.", at(token, span),
                 "What did not come between two steps says", f"{say('THEN')} no")  # fmt: skip
    for place, step in enumerate(steps):
        _check(step, place, place == len(steps) - 1, steps[0])
    return Sequence(words, cast("tuple[Subject, ...]", tuple(steps)), within, span)


def _moved(first: Subject, window: Any) -> tuple[str, *tuple[Fix, ...]]:
    """The window where it belongs; or, where it could be meant so, as the time after the step before."""
    said, text = [], window.span.source.text
    if not first.window:
        between = text[first.span.end : window.span.start].rstrip()
        said.append(Fix(first.span.to(window.span), f"{first.span.text} {window.span.text}{between}", "of all of it"))
    if isinstance(window, InLast) and isinstance(window.length, Duration) and window.length.unit not in ("mo", "y"):
        said.append(Fix(window.span, say("WITHIN {}", window.length.span.text), "so much later at most"))
    return ("Write", *said) if said else ("Leave it out.",)


def _not_there(never: Span, last: bool) -> list[Fix]:
    """`then never`, with the `never` that stands here, at the last step or between others."""
    if not last:
        return [Fix(never, word("EDGE", "no"))]
    then = re.compile(pattern(r"\b<THEN>\s+$"), re.IGNORECASE).search(never.source.text, 0, never.start)
    return [Fix(Span(never.source, then.start(), never.end), word("NOT_FOLLOWED_BY"))] if then else []


def _may_be_window(comparison: Comparison | None) -> bool:
    """`in recently`, `between start and finish`: what the names mean is settled in binding."""
    match comparison:
        case InName(negated=False) | Between(low=Name(), high=Name()):
            return True
        case _:
            return False


def _check(step: Any, place: int, last: bool, first: Any) -> None:
    if not isinstance(step, Subject) or isinstance(step.head, AllOf):
        fail(
            "misplaced",
            "The steps of a sequence are events.",
            step.span,
            "Make this a condition of its own with `and`.",
        )
    if step.quantity and place and step.quantity.op == "=" and step.quantity.count == Number(Decimal(0)):
        fixes = _not_there(step.quantity.span, last)
        where = fixes[0].span if fixes else step.quantity.span
        fail("misplaced", "That nothing followed is said in other words.", where, "Write", *fixes)
    if step.quantity:
        fail(
            "misplaced", "A sequence happened or it did not: it takes no number of times.", step.quantity.span,
            "Leave the number of times out.",
        )  # fmt: skip
    window = step.window or (step.comparison if _may_be_window(step.comparison) else None)
    if step.comparison and step.comparison is not window:
        fail(
            "misplaced", "A comparison has no place in a sequence; `where` narrows a step.", step.comparison.span,
            f"Write `where` and the property before it: {step.head.span.text} where .. {step.comparison.span.text}",
        )  # fmt: skip
    for part, said in ((step.has, "has"), (step.regularity, "of the last"), (step.different, "different")):
        if part:
            fail(
                "misplaced",
                f"`{said}` has no place in a sequence.",
                part.span,
                "Make it a condition of its own with `and`.",
            )
    if place == 0 and step.within:
        fail(
            "misplaced",
            "`within` counts from the step before, and the first step has none.",
            step.within.span,
            "The window of the first step says `in`.",
        )
    if place == 0 and step.later:
        fail("misplaced", "`later` counts from the step before, and the first step has none.", step.later.span,
             "Move it behind the second step.")  # fmt: skip
    if place == 0 and step.with_the_same:
        fail(
            "misplaced", "`with the same` compares with the step before, and the first step has none.",
            step.with_the_same[0].span.to(step.with_the_same[-1].span),
            "Move it behind the second step.",
        )  # fmt: skip
    if place > 0 and window:
        fail(
            "misplaced", "The window of a sequence stands at its first step; a later step says `within`.",
            window.span,
            *_moved(first, window),
        )  # fmt: skip


def later(op: ast.Op, length: Duration, span: Span) -> Later | Within:
    """`at least 1d later`, and `at most 1d later`, which is `within`."""
    if op == ">=":
        return Later(length, span)
    if op == "<=":
        return Within(length, span)
    longer = Fix(span, say("AT_LEAST {} LATER", length.span.text), "that instant too")
    soon = Fix(span, say("WITHIN {}", length.span.text), "that instant too")
    fail("misplaced", "How long after the step before is said by `at least .. later`, and by `within`.", span,
         "Write", *({">": (longer,), "<": (soon,)}.get(op, (longer, soon))))  # fmt: skip


def within(v: Values, span: Span) -> Within:
    """`within 3d`, `within delay`; that its length is always the same is asked where it is of a step (`soon`)."""
    return Within(v[1] if isinstance(v[1], Name) else duration(v[1], span), span)


def close_to(v: Values, span: Span) -> CloseTo:
    """`within 7 days of signed up`, `within 24h after birthday`: no step, but when an event was."""
    length, side = hours(duration(v[1], span), "within"), sense(v[2])
    match v[3]:
        case Name() as near:
            return CloseTo(length, side, near, span)
        case Text(value=text, span=where):
            return CloseTo(length, side, Name("", text, where), span)
        case moment:
            said = f"{v[0].text} {v[1].text} {v[2].text}"
            fail("misplaced", f"Behind `{said}` stands a date of the profile, and this is one moment for everybody.",
                 moment.span, *_around(length, side, moment, span))  # fmt: skip


def _around(length: Duration, side: str, moment: Any, span: Span) -> tuple[str, *tuple[Fix, ...]]:
    """The window around a day that is written."""
    if isinstance(moment, Date) and length.unit in ("d", "w"):
        with suppress(OverflowError):
            days = timedelta(days=length.count * (7 if length.unit == "w" else 1))
            first = moment.value - (timedelta() if side == "after" else days)
            last = moment.value + (timedelta() if side == "before" else days)
            return "Write", Fix(span, say("BETWEEN {} AND {}", f"{first}", f"{last}"))
    return ("A window says `since`, `before` or `between`.",)


def all_within(v: Values, span: Span) -> AllWithin:
    """`all within 7d`: of the whole sequence."""
    return AllWithin(soon(v[1] if isinstance(v[1], Name) else duration(v[1], span)), span)


def soon(length: ast.Length) -> ast.Length:
    """How long a step may take: a length that is always the same."""
    return length if isinstance(length, Name) else hours(length, "within")


def hours(length: Duration, word: str) -> Duration:
    """The length, if its hours can be counted."""
    if length.unit in ("mo", "y"):
        days = length.count * (30 if length.unit == "mo" else 365)
        fail(
            "bad-duration",
            f"Months and years differ in length: `{word}` takes s, min, h, d and w.",
            length.span,
            f"In days, for example: {say('WITHIN {}', f'{days}d') if word == 'within' else f'{days}d later'}",
        )
    return length


def after_that(part: Within) -> list[Fix]:
    """`clicked email and placed order within 24h`: a sequence, or a window?"""
    joined = pattern(r"(?s:.*)\s(?P<and><AND>)\s+(?P<step>(?:(?!\s(?:<OR>)\s)[^()])*?)\s*")
    found = re.compile(joined, re.IGNORECASE).fullmatch(part.span.source.text, 0, part.span.start)
    window = say("IN {}", part.duration.span.text)
    if found is None:
        return [Fix(part.span, window)]
    both, step, length = replace(part.span, start=found.start("and")), found["step"], part.duration
    then = Fix(both, f"{word('THEN')} {step} {part.span.text}")
    varies = isinstance(length, Duration) and length.unit in ("mo", "y")
    return [*([] if varies else [then]), Fix(both, f"{word('AND')} {step} {window}")]
