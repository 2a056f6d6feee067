"""The two lines below the prompt: how many are in, or what is wrong; and what was asked of, and when."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, TypeAlias

from .live import Live
from .mistakes import fixes, help_, is_typed, said, stands
from .state import State, called, clock

if TYPE_CHECKING:
    from ..project import Project

Lines: TypeAlias = list[tuple[str, str]]
"""Styled text as prompt_toolkit takes it: a style and a text each."""

REST = "Type a rule. Tab completes, Enter runs, \\help helps."


def toolbar(text: str, cursor: int, live: Live, state: State, *, width: int, doing: str = "") -> Lines:
    """What stands below a text while it is typed."""
    style, first = _live(text, cursor, live, state, doing)
    hint = _hint(text, cursor, live, state, style)
    second = ("class:toolbar.hint", clipped(hint, width)) if hint else ("class:toolbar.place", place(state, width))
    return [(style, clipped(first, width)), ("", "\n"), second]


def _live(text: str, cursor: int, live: Live, state: State, doing: str) -> tuple[str, str]:
    if not text.strip():
        broken = failure(state)
        return ("class:toolbar.error", broken) if broken else ("class:toolbar.rest", doing or REST)
    if text.lstrip().startswith("\\"):
        from .commands import usage_of

        return "class:toolbar.rest", usage_of(text)
    found = live.verdict
    if live.since is not None and (waited := perf_counter() - live.since) >= 1:
        return "class:toolbar.rest", doing or f"counting ... {waited:.0f} s"
    if found is None:
        return "class:toolbar.rest", "..." if state.project.done() else doing or "Opening the warehouse ..."
    stale = found.text != text
    if found.problem is not None:
        if stale and not stands(found, text):
            return "class:toolbar.rest", "..."
        typing = is_typed(found.problem, text, cursor, state)
        style = "class:toolbar.rest" if typing else "class:toolbar.error"
        if typing and found.begins:
            return style, "..." if stale else found.begins
        return style, found.problem.message
    if found.expected:
        return "class:toolbar.rest", "..." if stale else f"next: {found.expected}"
    if found.failed:
        return "class:toolbar.error", found.failed
    if found.members is None:
        costs = f"a count {found.costs}; " if found.costs else ""
        return "class:toolbar.rest", f"{costs}Enter counts, \\set live on counts while you type"
    from ..answers.style import shared

    return ("class:toolbar.rest" if stale else "class:toolbar.count"), shared(found.members, found.profiles)


def _hint(text: str, cursor: int, live: Live, state: State, style: str) -> str:
    """How to mend what is wrong, while that is said; what a count tells of a rank, what a text was taken for."""
    found = live.verdict
    if found and found.problem is None and found.text == text and not (found.expected or found.failed):
        return found.told or (found.reads and f"read as {found.reads}")
    problem = said(live.verdict, text, cursor, state) if style == "class:toolbar.error" else None
    return help_(problem, fixes(live.verdict, text, cursor, state)) if problem else ""


def failure(state: State) -> str:
    """Why there is nothing to ask, in a line; empty when all is well."""
    if not state.project.done():
        return ""
    error = state.project.exception()
    return "" if error is None else str(error).splitlines()[0]


def place(state: State, width: int) -> str:
    """`demo shop · duckdb · Sun 22 Nov 2026 11:00 Europe/Amsterdam`, without what has no room."""
    project = state.project.result() if state.project.done() and state.project.exception() is None else None
    parts = [called(state)]
    if project is not None:
        parts += [_dialects(state, project), clock(state, project)]
    while len(parts) > 1 and len(" · ".join(parts)) > width:
        del parts[-2 if len(parts) > 2 else -1]
    return clipped(" · ".join(parts), width)


def _dialects(state: State, project: Project) -> str:
    runs = project.opened.dialect
    return runs if state.dialect in (None, runs) else f"{runs}, SQL for {state.dialect}"


def clipped(text: str, width: int) -> str:
    """A text in so many columns."""
    from wcwidth import wcswidth

    text = " ".join(text.split())
    if wcswidth(text) <= width:
        return text
    while text and wcswidth(text) > max(width - 1, 0):
        text = text[:-1]
    return text + "…"
