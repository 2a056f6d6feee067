"""Sessions for the tests: keys through a pipe in place of a terminal, no screen; or rules and commands, plainly."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from threading import Thread
from time import perf_counter, sleep
from typing import Any

import pytest
from prompt_toolkit.application import Application, AppSession, create_app_session
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput

from segql.console.setup import Setup
from segql.repl.live import Live
from segql.repl.loop import answer
from segql.repl.session import terminal
from segql.repl.state import State, read_project, seen_now, settled

from ..worlds.own_shop import write_shop

ENTER, ALT_ENTER, TAB, RIGHT, UP, DOWN, ESCAPE, CTRL_C, CTRL_D, CTRL_R, F2 = (
    "\r",
    "\x1b\r",
    "\t",
    "\x1b[C",
    "\x1b[A",
    "\x1b[B",
    "\x1b",
    "\x03",
    "\x04",
    "\x12",
    "\x1bOQ",
)
PAUSE = "pause"
ENDLESS = ("run_async", "_poll_output_size", "auto_refresh", "_start_timeout.<locals>.wait")
"""What runs as long as a prompt does; and what waits for a second key that goes with a first."""


def make_shop(folder: Path) -> Setup:
    """A small warehouse in a folder, with its catalog and segments."""
    (folder / "segments").mkdir()
    write_shop(folder, "segments/good.segql")
    return Setup(
        catalog=str(folder / "catalog.yaml"), warehouse=str(folder / "shop.duckdb"),
        segments=(str(folder / "segments"),), now="2026-02-01T12:00",
    )  # fmt: skip


def begun(options: Setup) -> State:
    """The state in which a session begins."""
    reads: list[int] = []
    seen = seen_now(options)
    project = read_project(options, lambda text: None, reads.append)
    return State(options, settled(project), reads=reads, seen=seen)


def said(state: State, *texts: str) -> State:
    """The state after rules and commands that all go well."""
    for text in texts:
        state, fine = answer(text, state)
        assert fine, text
    return state


def refused(state: State, text: str, capsys: pytest.CaptureFixture[str]) -> str:
    """What is said to a command that cannot be done; the state stays."""
    after, fine = answer(text, state)
    assert not fine
    assert replace(after, last=state.last) == state
    return capsys.readouterr().err


@contextmanager
def keyboard() -> Iterator[tuple[PipeInput, AppSession]]:
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()) as session:
        yield keys, session


def _wait_until_idle(session: AppSession, live: Live) -> None:
    """What a key began is done, however busy the machine is: thrice in a row a prompt had nothing left to do."""
    idle, end = 0, perf_counter() + 60
    while idle < 3 and perf_counter() < end:
        sleep(0.02)
        live.read(lambda: None).result()  # type: ignore[arg-type, return-value]  # when all before it is read
        idle = idle + 1 if _asked(session) else 0


def _asked(session: AppSession) -> bool:
    """Whether a prompt waits for a key, and for nothing else."""
    app, found = session.app, Future[bool]()
    if app is None or app.loop is None:
        return False
    with suppress(RuntimeError, TimeoutError):  # it is over, between the two
        app.loop.call_soon_threadsafe(lambda: found.set_result(_quiet(app)))
        return found.result(1)
    return False


def _quiet(app: Application[Any]) -> bool:
    names = [task.get_coro().__qualname__ for task in asyncio.all_tasks()]  # type: ignore[union-attr]
    return not app.key_processor.input_queue and all(name.endswith(ENDLESS) for name in names)


def typed(state: State, *keys: str) -> None:
    """A session at a terminal in which somebody hits these keys, at last Ctrl-C and Ctrl-D. PAUSE waits."""
    live = Live()

    def hit() -> None:
        for key in keys:
            if key == PAUSE:
                _wait_until_idle(session, live)
            else:
                pipe.send_text(key)
        pipe.send_text(CTRL_C + CTRL_D)  # what came back to be mended stands in the way

    with keyboard() as (pipe, session):
        person = Thread(target=hit)
        person.start()
        try:
            assert terminal(state, live, lambda: "") == 0
        finally:
            person.join()
            live.close()
