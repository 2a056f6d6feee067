"""What is wrong with the text at the prompt: whether it is said already, and the fixes that a key takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .state import State

if TYPE_CHECKING:
    from ..errors import Fix, Problem
    from .live import Verdict

KEY = "f2"
"""Takes the one fix: a key that terminals deliver, and that neither emacs nor vi edits with."""


def said(found: Verdict | None, text: str, cursor: int, state: State) -> Problem | None:
    """The mistake of a verdict that is told of a text: it is still there, and no word that is being typed."""
    if found is None or found.problem is None or not stands(found, text):
        return None
    return None if is_typed(found.problem, text, cursor, state) else found.problem


def stands(found: Verdict, text: str) -> bool:
    """Whether the mistake of a verdict is still in a text that was changed since."""
    end = found.problem.span.end if found.problem else 0
    return text[:end] == found.text[:end] and len(text) >= end


def is_typed(problem: Problem, text: str, cursor: int, state: State) -> bool:
    """Whether the mistake is the word that is being typed, which may become right; not in a text that came back."""
    at_end = cursor == len(text) == problem.span.end and text != state.draft
    return at_end and problem.code not in ("stray-character",)


def fixes(found: Verdict | None, text: str, cursor: int, state: State) -> tuple[Fix, ...]:
    """Those of the mistake that is told, while the text is still what they are of."""
    problem = said(found, text, cursor, state)
    if found is None or problem is None:
        return ()
    end = max((fix.span.end for fix in problem.fixes), default=0)
    return problem.fixes if text[:end] == found.text[:end] else ()


def help_(problem: Problem, ready: tuple[Fix, ...]) -> str:
    """How to mend it, in a line that begins with the key that does."""
    lead, *options = problem.hint.split("\n")
    if len(ready) == 1:
        return f"{KEY.upper()} mends · {lead}"
    if not ready:
        return lead
    listed = ", ".join(f"`{fix.text}`" for fix in ready) if options else ""
    return f"Tab chooses · {lead} {listed}".rstrip()
