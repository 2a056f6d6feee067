"""Begins a session: settings, the first screen, the prompt; or, without a terminal, plain answers."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from threading import Event
from typing import TYPE_CHECKING

import click

from .. import __version__
from ..console.setup import Setup, with_settings
from ..settings import Settings, config_folder, read_settings
from .live import Live
from .loop import answer, piped, reopened
from .printing import note
from .state import Preferences, State, called, read_project, seen_now

if TYPE_CHECKING:
    from ..project import Project

WELCOME = """\
{title} · {place}
Type   {type}
It is counted as you type. {tab} completes, {enter} runs.
Then   {then}
More   {more}"""

RULE = "placed order at least twice in 90d and vip"

PATIENCE = 5
"""Seconds after which the first prompt is not waited for any more."""


def run(given: Setup) -> int:
    """A session with this setup: on a terminal until its user leaves, else as long as there is input."""
    settings = read_settings()
    for said in settings.wrong:
        note(said)
    setup = with_settings(given, settings)
    if setup.catalog is None and not setup.on_demo_shop and sys.stdin.isatty():
        from .proposing import first_catalog

        setup = first_catalog(setup)
    doing: list[str] = []
    live = Live()
    reads: list[int] = []
    seen = seen_now(setup)
    try:
        shown = Event()

        def project() -> Project:
            shown.wait(PATIENCE)  # the thread would slow down the first prompt
            return read_project(setup, lambda text: doing.append(f"Making the demo shop: {text} ..."), reads.append)

        state = State(
            setup, live.read(project), _preferences(settings), dialect=settings.text("dialect"), reads=reads, seen=seen
        )
        if sys.stdin.isatty():
            return terminal(state, live, lambda: doing[-1] if doing else "", shown.set)
        shown.set()
        return piped(state)
    finally:
        live.close()


def terminal(state: State, live: Live, doing: Callable[[], str], shown: Callable[[], None] = lambda: None) -> int:
    """The loop at a terminal; `shown` hears when the first prompt is there."""
    from .history import Typed
    from .prompting import Prompt

    history = Typed(config_folder() / "history")
    if history.failed:
        note(f"What you type is not kept: {history.path} cannot be written ({history.failed}).")
    prompt = Prompt(live, state, history, doing, shown)
    state.project.add_done_callback(lambda _: prompt.ready())
    welcome(state)
    while not state.over:
        try:
            text = prompt.read(state)
            state = reopened(text, state)
        except KeyboardInterrupt:
            state = replace(state, draft="")
            continue
        except EOFError:
            break
        if text.strip():
            state, _ = answer(text, state)
    if state.project.done() and state.project.exception() is None:
        state.project.result().opened.close()
    return 0


def welcome(state: State) -> None:
    """The first screen: five lines that teach."""

    def key(text: str) -> str:
        return click.style(text, bold=True)

    own = state.setup.catalog is not None
    names = key("\\catalog")
    type_ = f"{key('everyone')}, or a rule of names that {names} lists" if own else key(RULE)
    click.echo(
        WELCOME.format(
            title=click.style(f"SegQL {__version__}", fg="magenta", bold=True), place=called(state),
            type=type_, tab=key("Tab"), enter=key("Enter"),
            then=key(f"\\members  \\explain  \\sql  \\why {'KEY' if own else 244}  \\save VIPs"),
            more=key("\\catalog  \\segments  \\help  \\help language  \\q"),
        ),
        err=True,
    )  # fmt: skip


def _preferences(settings: Settings) -> Preferences:
    plain = Preferences()
    return Preferences(
        settings.editing, settings.flag("live", None), settings.limit or plain.limit,
        settings.flag("timing", plain.timing), settings.flag("pager", plain.pager),
    )  # fmt: skip
