"""The fields of a condition as its parts fill them: each once, and no part that has no place."""

from __future__ import annotations

from typing import Any, NoReturn

from ...ast import Compare, Population, Scaled
from ...errors import Fix, SegQLError
from ...source import Span
from ...words import say
from ..checks import fail
from ..engine.lexer import Token
from ..mistakes.bad_literals import behind_a_name
from ..mistakes.slips import known_mistake
from .parts import Negated, PredicateParts

Fields = dict[str, Any]

_SAID = {
    "window": "windows", "quantity": "numbers of times", "where": "`where`s", "has": "`has`es",
    "comparison": "comparisons", "within": "`within`s", "later": "`later`s", "with_the_same": "`with the same`s",
    "regularity": "`of the last`s", "different": "`different`s", "reason": "reasons", "segment": "segments",
    "close_to": "`within .. of`s",
    "each": "`within each`es",
}  # fmt: skip


def put(fields: Fields, name: str, value: object, span: Span) -> None:
    """Adds a part of a phrase. Raises SegQLError where it is there already."""
    if name in fields:
        if name == "where" and (fix := _apart(fields[name])):
            fail("doubled-part", f"This condition has two {_SAID[name]}.", span,
                 "For a comparison of the whole, behind its own `where`, write", fix)  # fmt: skip
        twice(name, span)
    fields[name] = value


def _apart(where: Any) -> Fix | None:
    """`where not paid > 0.4 x ..`: the predicate took the comparison with another measure."""
    if not isinstance(where, dict):
        return None
    match where.get("comparison"):
        case Compare(right=Scaled() | Population()):
            inner: Span = where["inner"]
            whole = Span(inner.source, inner.start, where["head"].span.end)
            return Fix(whole, f"({whole.text})")
    return None


def twice(name: str, span: Span) -> NoReturn:
    """The field is taken."""
    hint = {
        "where": "Put each predicate in parentheses, and both into one: where ((..) and (..))",
        "window": "Keep one, or give a range: between 180 and 90 days ago",
        "quantity": "Keep one, or give a range: between 2 and 5 times",
    }.get(name, "Keep one of them, or make it two conditions with `and`.")
    fail("doubled-part", f"This condition has two {_SAID[name]}.", span, hint)


def misplaced(part: Any) -> NoReturn:
    """No field is for such a part."""
    inner = part.part if isinstance(part, Negated) else part
    fail(
        "misplaced",
        f"`{inner.span.text}` has no place in this condition.",
        inner.span,
        "Leave it out, or make it a condition of its own with `and`.",
    )


def bare_number(where: Span, behind: Any) -> NoReturn:
    """A number behind another part of the condition."""
    if known := known_mistake(where.source, Token("NUMBER", where.text, where.start, where.end)):
        raise SegQLError([known])
    if isinstance(behind, PredicateParts) and behind.tree is None:
        fail(
            "bad-count",
            f"Whether {where.text} is what `{behind.inner.text}` is cannot be told: it may be a number of times.",
            where, "Write", f"= {where.text}", say("{} TIMES", where.text),
        )  # fmt: skip
    if behind_a_name(where):
        fail(
            "bad-date", f"What {where.text} is behind a window cannot be told.", where,
            f"A number of times: {say('{} TIMES', where.text)}; "
            "a stretch of time by its first and its last day: between 2025-01-01 and 2025-01-31",
        )  # fmt: skip
    fail(
        "bad-count", "A bare number stands directly after the event; elsewhere it needs a word.", where,
        "Write", say("{} TIMES", where.text),
    )  # fmt: skip
