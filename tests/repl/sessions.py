"""Sessions for the tests: keys through a pipe in place of a terminal, no screen; or rules and commands, plainly."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Thread
from time import perf_counter, process_time, sleep

import pytest
from prompt_toolkit.application import create_app_session
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
def keyboard() -> Iterator[PipeInput]:
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        yield keys


def _wait_until_idle() -> None:
    """What a key began is done, however busy the machine is: twice in a row nothing was computed."""
    sleep(0.3)  # some work waits a moment for more keys
    idle, end = 0, perf_counter() + 20
    while idle < 2 and perf_counter() < end:
        before = process_time()
        sleep(0.12)
        idle = idle + 1 if process_time() - before < 0.015 else 0


def typed(state: State, *keys: str) -> None:
    """A session at a terminal in which somebody hits these keys, at last Ctrl-C and Ctrl-D. PAUSE waits."""
    live = Live()

    def hit() -> None:
        for key in keys:
            if key == PAUSE:
                _wait_until_idle()
            else:
                pipe.send_text(key)
        pipe.send_text(CTRL_C + CTRL_D)  # what came back to be mended stands in the way

    with keyboard() as pipe:
        person = Thread(target=hit)
        person.start()
        try:
            assert terminal(state, live, lambda: "") == 0
        finally:
            person.join()
            live.close()
