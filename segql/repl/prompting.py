"""The prompt: keys, colours, the toolbar, the menu of completions. All that knows prompt_toolkit is here, in
`completing` and in `history`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from time import perf_counter
from typing import TYPE_CHECKING, Any

from prompt_toolkit import PromptSession
from prompt_toolkit.application import get_app
from prompt_toolkit.document import Document
from prompt_toolkit.enums import DEFAULT_BUFFER, EditingMode
from prompt_toolkit.filters import Condition, emacs_mode, has_completions, has_focus, is_searching
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.layout.processors import (
    HighlightMatchingBracketProcessor,
    Processor,
    Transformation,
    TransformationInput,
)
from prompt_toolkit.layout.utils import explode_text_fragments
from prompt_toolkit.lexers import DynamicLexer, PygmentsLexer
from prompt_toolkit.output import create_output
from prompt_toolkit.shortcuts import CompleteStyle
from prompt_toolkit.styles import Style

from ..errors import SegQLError
from .breaking import BetweenWords
from .completing import Mend, Offers, accepted, mended
from .live import Live
from .mistakes import KEY, fixes, said
from .state import reread
from .toolbar import toolbar

if TYPE_CHECKING:
    from prompt_toolkit.buffer import Buffer
    from prompt_toolkit.history import History
    from prompt_toolkit.lexers import Lexer

    from ..errors import Fix
    from .state import State

STYLE = Style.from_dict({
    "prompt": "ansimagenta bold",
    "continuation": "ansibrightblack",
    "mistake": "underline ansired",
    "pygments.keyword": "ansiblue",
    "pygments.keyword.constant": "ansicyan",
    "pygments.operator.word": "ansimagenta",
    "pygments.literal.string": "ansigreen",
    "pygments.literal.number": "ansicyan",
    "pygments.literal.date": "ansicyan",
    "pygments.comment": "ansibrightblack",
    "bottom-toolbar": "noreverse",
    "toolbar.count": "ansigreen bold",
    "toolbar.error": "ansired",
    "toolbar.hint": "ansigreen",
    "toolbar.rest": "ansibrightblack",
    "toolbar.place": "ansibrightblack",
})  # fmt: skip

PROMPT = "segql> "
LOOKS = 1.0
"""Seconds between two looks, while somebody types, whether another program changed a file."""


class Mistakes(Processor):
    """Underlines what is wrong, once its word is finished."""

    def __init__(self, live: Live, state: Callable[[], State]) -> None:
        self.live = live
        self.state = state

    def apply_transformation(self, given: TransformationInput) -> Transformation:
        """The line with what is wrong in it underlined."""
        document = given.document
        problem = said(self.live.verdict, document.text, document.cursor_position, self.state())
        if problem is None:
            return Transformation(given.fragments)
        start = document.translate_row_col_to_index(given.lineno, 0)
        first, last = problem.span.start, max(problem.span.end, problem.span.start + 1)
        if first >= len(document.text.rstrip()) > 0:  # at the very end there is nothing to underline but the last word
            first = len(document.text.rstrip()) - 1
        fragments = explode_text_fragments(given.fragments)
        for at in range(max(first - start, 0), min(last - start, len(fragments))):
            style, char, *_ = fragments[at]
            fragments[at] = (f"{style} class:mistake", char)
        return Transformation(fragments)


class Prompt:
    """Reads one rule or command after the other."""

    def __init__(
        self, live: Live, state: State, history: History, doing: Callable[[], str], shown: Callable[[], None]
    ) -> None:
        self.live = live
        self.state = state
        self.doing = doing
        self._task: asyncio.Task[None] | None = None
        self._looked = 0.0
        self._colours: Lexer | None = None
        self._session: PromptSession[str] = PromptSession(
            message=[("class:prompt", PROMPT)],
            prompt_continuation=lambda width, line, wrapped: [("class:continuation", "... ".rjust(width))],
            multiline=True,
            history=history,
            lexer=DynamicLexer(self._lexer),
            completer=Offers(lambda: self.state, live),
            complete_in_thread=True,
            complete_while_typing=True,
            complete_style=CompleteStyle.COLUMN,
            reserve_space_for_menu=6,
            bottom_toolbar=self._toolbar,
            key_bindings=_keys(self._fixes),
            input_processors=[
                HighlightMatchingBracketProcessor(),
                Mistakes(live, lambda: self.state),
                BetweenWords(len(PROMPT)),
            ],
            style=STYLE,
            enable_open_in_editor=True,
            output=None if _in_tests() else create_output(always_prefer_tty=True),
        )
        self._session.default_buffer.on_text_changed += self._changed
        self._session.app.ttimeoutlen = 0.1  # how long Escape may yet be the beginning of Alt and a key
        self._session.app.after_render += lambda _: shown()

    def read(self, state: State) -> str:
        """The next text. EOFError at Ctrl-D, KeyboardInterrupt at Ctrl-C."""
        self.state = state
        self.live.verdict = None
        editing = EditingMode.VI if state.preferences.editing == "vi" else EditingMode.EMACS
        self._session.editing_mode = editing

        def begin() -> None:
            if state.draft:
                self._changed(self._session.default_buffer)

        try:
            return self._session.prompt(default=state.draft, pre_run=begin)
        finally:
            self.live.quiet()

    def ready(self) -> None:
        """The project is there, says some thread: what was typed so far is counted and completed."""
        app, buffer = self._session.app, self._session.default_buffer

        def begin() -> None:
            self._changed(buffer)
            if buffer.text and buffer.complete_state is None:
                buffer.start_completion(select_first=False)
            app.invalidate()

        if app.is_running and app.loop is not None:
            app.loop.call_soon_threadsafe(begin)

    def _lexer(self) -> Lexer | None:
        """Colours, once the tables of the parser are read: no key waits for them."""
        text = self._session.default_buffer.text
        if text.lstrip().startswith("\\") or not self.state.project.done():
            return None
        if self._colours is None:
            from ..highlighter import SegQLLexer

            self._colours = PygmentsLexer(SegQLLexer)
        return self._colours

    def _changed(self, buffer: Buffer) -> None:
        """A key: what was counted before is given up, and the new text is followed."""
        if self._task is not None:
            self._task.cancel()
        app = self._session.app
        if perf_counter() - self._looked > LOOKS:
            self._looked = perf_counter()
            with suppress(SegQLError):  # it is said at Enter
                self.state, _ = reread(self.state)
        if app.is_running:
            self._task = app.create_background_task(self.live.follow(buffer.text, self.state, app.invalidate))

    def _fixes(self) -> tuple[Fix, ...]:
        """What mends the mistake that is told."""
        document = self._session.default_buffer.document
        return fixes(self.live.verdict, document.text, document.cursor_position, self.state)

    def _toolbar(self) -> Any:
        document = self._session.default_buffer.document
        width = get_app().output.get_size().columns
        doing = "" if self.state.project.done() else self.doing()
        return toolbar(document.text, document.cursor_position, self.live, self.state, width=width, doing=doing)


def _in_tests() -> bool:
    """Whether somebody else gave a terminal to this session."""
    from prompt_toolkit.application.current import get_app_session

    return get_app_session()._output is not None


def whole(document: Document) -> bool:
    """Whether Enter runs a text: it is a command, or no beginning of a rule, or nothing was added to it."""
    from ..parser import begins_rule

    text = document.text
    if not text.strip() or text.lstrip().startswith("\\"):
        return True
    if not document.current_line.strip():
        return True
    return not begins_rule(text)


def _keys(fixes: Callable[[], tuple[Fix, ...]]) -> KeyBindings:
    keys = KeyBindings()
    typing = has_focus(DEFAULT_BUFFER) & ~is_searching

    @Condition
    def at_end() -> bool:
        document = get_app().current_buffer.document
        return document.cursor_position == len(document.text)

    @Condition
    def chosen() -> bool:
        state = get_app().current_buffer.complete_state
        return state is not None and state.current_completion is not None

    @Condition
    def alone() -> bool:
        """Whether a key came by itself, not as the beginning of Alt and another."""
        return not get_app().key_processor.input_queue

    @Condition
    def below_first() -> bool:
        return get_app().current_buffer.document.cursor_position_row > 0

    @Condition
    def above_last() -> bool:
        document = get_app().current_buffer.document
        return document.cursor_position_row < document.line_count - 1

    @keys.add("enter", filter=typing)
    def _run(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        if chosen():
            accepted(buffer)
        elif whole(buffer.document):
            buffer.complete_state = None
            buffer.validate_and_handle()
        else:
            buffer.cursor_position = len(buffer.text)
            buffer.newline(copy_margin=False)

    @keys.add("escape", "enter", filter=typing)
    @keys.add("escape", "c-j", filter=typing)  # as a terminal says it that was not raw yet
    def _newline(event: KeyPressEvent) -> None:
        event.current_buffer.newline(copy_margin=False)

    @keys.add("tab", filter=typing)
    def _accept(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        known = buffer.complete_state.completions if buffer.complete_state is not None else []
        if len(several := fixes()) > 1 and not chosen() and not any(isinstance(row, Mend) for row in known):
            known = []
            buffer.cursor_position = max(buffer.cursor_position, *(fix.span.end for fix in several))
        if not known:
            buffer.start_completion(select_first=False, insert_common_part=False)
        else:
            accepted(buffer)

    @keys.add(KEY, filter=typing)
    def _mend(event: KeyPressEvent) -> None:
        if len(known := fixes()) == 1:
            mended(event.current_buffer, known[0])

    @keys.add("right", filter=typing & chosen & at_end)
    def _accept_too(event: KeyPressEvent) -> None:
        accepted(event.current_buffer)

    @keys.add("escape", filter=typing & has_completions & emacs_mode & alone, eager=True)
    def _close(event: KeyPressEvent) -> None:
        event.current_buffer.cancel_completion()

    @keys.add("up", filter=typing & has_completions & ~chosen & below_first)
    def _up(event: KeyPressEvent) -> None:
        event.current_buffer.complete_state = None
        event.current_buffer.cursor_up()

    @keys.add("down", filter=typing & has_completions & ~chosen & above_last)
    def _down(event: KeyPressEvent) -> None:
        event.current_buffer.complete_state = None
        event.current_buffer.cursor_down()

    return keys
