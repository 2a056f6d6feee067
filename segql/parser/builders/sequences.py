"""Steps in order: `then`, `followed by`, `not followed by`."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Literal, cast

from ...ast import Between, Comparison, Duration, InLast, InName, Name, Number, Sequence, Subject
from ...errors import Fix
from ...source import Span
from ...words import pattern, say, word
from ..checks import at, fail
from .parts import Link

_WORDS: dict[str, Literal["then", "followed by", "not followed by"]] = {
    "THEN": "then", "FOLLOWED_BY": "followed by", "NOT_FOLLOWED_BY": "not followed by",
}  # fmt: skip


def sequence(steps: list[Any], links: list[Link], span: Span) -> Sequence:
    """The steps as one node, each checked for parts that have no place in a sequence."""
    tokens = [link.word for link in links if link.word]
    word = _WORDS[tokens[0].type]
    if len(tokens) > 1 and {token.type for token in tokens} != {"THEN"}:
        wrong = next(token for token in tokens if token.type != "THEN")
        fail(
            "syntax", f"`{_WORDS[wrong.type]}` takes one event before it and one after it.", at(wrong, span),
            "Only `then` goes on: a then b then c. That nothing followed can be said of two events, not of more."
            if wrong.type == "NOT_FOLLOWED_BY" else "For more steps write: a then b then c",
        )  # fmt: skip
    for place, step in enumerate(steps):
        _check(step, place, steps[0])
    return Sequence(word, cast("tuple[Subject, ...]", tuple(steps)), span)


def _moved(first: Subject, window: Any) -> tuple[str, *tuple[Fix, ...]]:
    """The window where it belongs; or, where it could be meant so, as the time after the step before."""
    said, text = [], window.span.source.text
    if not first.window:
        between = text[first.span.end : window.span.start].rstrip()
        said.append(Fix(first.span.to(window.span), f"{first.span.text} {window.span.text}{between}", "of all of it"))
    if isinstance(window, InLast) and isinstance(window.length, Duration) and window.length.unit not in ("mo", "y"):
        said.append(Fix(window.span, say("WITHIN {}", window.length.span.text), "so much later at most"))
    return ("Write", *said) if said else ("Leave it out.",)


def _not_followed(never: Span) -> list[Fix]:
    """`then never`, with the `never` that stands here."""
    then = re.compile(pattern(r"\b<THEN>\s+$"), re.IGNORECASE).search(never.source.text, 0, never.start)
    return [Fix(Span(never.source, then.start(), never.end), word("NOT_FOLLOWED_BY"))] if then else []


def _may_be_window(comparison: Comparison | None) -> bool:
    """`in recently`, `between start and finish`: what the names mean is settled in binding."""
    match comparison:
        case InName(negated=False) | Between(low=Name(), high=Name()):
            return True
        case _:
            return False


def _check(step: Any, place: int, first: Any) -> None:
    if not isinstance(step, Subject):
        fail(
            "misplaced",
            "The steps of a sequence are events.",
            step.span,
            "Make this a condition of its own with `and`.",
        )
    if step.quantity and place and step.quantity.op == "=" and step.quantity.count == Number(Decimal(0)):
        fail(
            "misplaced", "That nothing followed is said in other words.", step.quantity.span,
            "A sequence of two says it by\nA longer one cannot say it.", *_not_followed(step.quantity.span),
        )  # fmt: skip
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
    if place == 0 and step.with_the_same:
        fail(
            "misplaced", "`with the same` compares with the step before, and the first step has none.",
            step.with_the_same.span,
            "Move it behind the second step.",
        )  # fmt: skip
    if place > 0 and window:
        fail(
            "misplaced", "The window of a sequence stands at its first step; a later step says `within`.",
            window.span,
            *_moved(first, window),
        )  # fmt: skip
