"""Completion at the prompt: of rules by `segql.complete`, of commands by their table. Nothing is accepted silently."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from prompt_toolkit.completion import CompleteEvent, Completer, Completion

from ..errors import SegQLError
from .live import Live
from .mistakes import fixes
from .state import meant
from .stored import Sampled

if TYPE_CHECKING:
    from prompt_toolkit.buffer import Buffer
    from prompt_toolkit.document import Document

    from ..completer import Completion as Offered
    from ..errors import Fix
    from .live import Verdict
    from .state import State

MOST = 50
"""Offers in the menu."""


class Offer(Completion):
    """A completion after which the cursor goes back by some letters, into the form that was inserted."""

    back = 0
    behind_whole = False
    """Whether it changes a rule that says something already, so that it has to be chosen."""


class Mend(Offer):
    """A completion that mends what is wrong before the cursor."""


class Offers(Completer):
    """What can be said at the cursor; before that, where Tab asks, what is meant by what is wrong."""

    def __init__(self, state: Callable[[], State], live: Live) -> None:
        self.state = state
        self._stored: Sampled | None = None
        self._live = live

    def get_completions(self, document: Document, event: CompleteEvent) -> Iterable[Completion]:
        """Of commands, of names and words of the language, and, where Tab asks, of what mends a mistake."""
        text, cursor, state = document.text, document.cursor_position, self.state()
        if text.lstrip().startswith("\\"):
            from .commands import offers, rule_at

            for start, word, meaning in offers(document.text_before_cursor, state):
                yield Completion(word, start - cursor, display_meta=meaning)
            if (at := rule_at(document.text_before_cursor)) is None:
                return
            text, cursor = text[at:], cursor - at
        elif event.completion_requested:
            yield from mends(self._live.verdict, document, state)
        if not text.strip() and not event.completion_requested:
            return
        if not state.project.done() or state.project.exception() is not None:
            return
        from ..completer import complete

        project = state.project.result()
        if self._stored is None or self._stored.project is not project:
            self._stored = Sampled(self._live, state, project)

        def offered() -> Sequence[Offered]:
            return complete(
                text,
                cursor,
                project.catalog,
                segments=project.segments,
                parameters=state.parameters,
                stored=self._stored,
                now=state.instant(project),
            )

        completions = offered()
        if self._stored.arrived():
            completions = offered()
        whole = bool(completions) and not text[:cursor].endswith(" ") and says_something(text[:cursor], state)
        for completion in completions[:MOST]:
            offer = Offer(completion.text, completion.start - cursor, display_meta=completion.meaning)
            offer.back = len(completion.text) - completion.cursor
            offer.behind_whole = whole
            yield offer


def mends(found: Verdict | None, document: Document, state: State) -> Iterable[Mend]:
    """The fixes of what is wrong, where there are several; each takes the place of what it mends."""
    text, cursor = document.text, document.cursor_position
    known = fixes(found, text, cursor, state)
    for fix in known if len(known) > 1 else ():
        if fix.span.end <= cursor:
            put = fix.text + text[fix.span.end : cursor]
            yield Mend(put, fix.span.start - cursor, display=fix.text, display_meta=fix.note or "mends it")


def mended(buffer: Buffer, fix: Fix) -> None:
    """Writes a fix; the cursor stays at its word, or goes behind what was written."""
    document = buffer.document
    after = fix.applied(document.text)
    behind = document.cursor_position + len(after) - len(document.text)
    buffer.save_to_undo_stack()
    buffer.complete_state = None
    written = fix.span.start + len(fix.text)
    buffer.document = type(document)(after, behind if document.cursor_position >= fix.span.end else written)


def says_something(text: str, state: State) -> bool:
    """Whether a text is a whole rule."""
    try:
        meant(text, state, state.project.result())
    except SegQLError:
        return False
    return True


def accepted(buffer: Buffer) -> None:
    """Takes the offer that is chosen, else the first; behind a whole rule none that nobody chose."""
    state = buffer.complete_state
    if state is None or not state.completions:
        return
    chosen = state.current_completion
    if chosen is None:
        chosen = state.completions[0]
        if isinstance(chosen, Offer) and chosen.behind_whole:
            return
        buffer.apply_completion(chosen)
    buffer.complete_state = None
    if isinstance(chosen, Offer) and chosen.back:
        buffer.cursor_position -= chosen.back
