"""A session when a question is stopped, its server is gone, or its answer is longer than the screen."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import Any

import pytest

from segql.console.setup import Setup
from segql.repl.loop import answer
from segql.repl.state import State, settled
from segql.warehouse import Warehouse, WarehouseError

from .sessions import refused, said

Said = pytest.CaptureFixture[str]


def test_ctrl_c_stops_what_runs(state: State, capsys: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(warehouse: Warehouse, *queries: str) -> list[int]:
        raise KeyboardInterrupt

    monkeypatch.setattr(Warehouse, "counts", stop)
    assert refused(state, "placed order", capsys) == "Stopped.\n"
    assert answer("placed order", state)[0].last == "placed order", "its SQL may be what somebody asks for then"


@pytest.mark.parametrize(
    "asked",
    ["\\stats", "\\funnel", "\\trend", "\\overlap Dutch", "\\segments-of c2", "\\diff Dutch", '\\vary "NL" = "NL"'],
)
def test_ctrl_c_stops_numbers(state: State, capsys: Said, monkeypatch: pytest.MonkeyPatch, asked: str) -> None:
    """What was said before it can be asked on, and drawn."""
    state = said(state, 'country is "NL"', "\\funnel")
    drawn = state.chart
    assert drawn is not None

    def stop(warehouse: Warehouse, *given: Any) -> Any:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        for way in ("rows", "batches", "counts"):
            patched.setattr(Warehouse, way, stop, raising=False)
        capsys.readouterr()
        after, *_ = answer(asked, state)
        assert capsys.readouterr().err == "Stopped.\n"
    assert (after.last, after.chart) == ('country is "NL"', drawn)
    said(after, asked)
    assert capsys.readouterr().out


@dataclass
class Gone:
    """A connection to a server that went away."""

    dialect: str = "postgres"
    one_thread: bool = True
    billed: bool = False
    reconnects: bool = True
    writes_named: bool = False

    def run(self, sql: str) -> Any:
        raise OSError("server closed the connection unexpectedly")

    def translated(self, error: Exception, name: str) -> WarehouseError | None:
        return WarehouseError(f"{name} cannot answer: {error}")


GONE: Any = Gone()


def test_a_lost_connection_is_opened_again(state: State, capsys: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    world = state.project.result()
    lost = replace(state, project=settled(replace(world, warehouse=Warehouse(GONE, "shop"))))
    monkeypatch.setattr("segql.repl.commands.settings.open_warehouse", lambda options, say, **more: world.warehouse)
    state, fine = answer("placed order", lost)
    out, err = capsys.readouterr()
    assert (fine, out, err) == (
        True, "10 of 30 profiles (33.3 %)\n", "The connection was lost, and is open again.\n",
    )  # fmt: skip
    assert state.project.result().opened is world.warehouse


def test_a_server_that_stays_away(state: State, capsys: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(options: Setup, say: object, **more: object) -> Warehouse:
        raise WarehouseError("nobody is there")

    world = replace(state.project.result(), warehouse=Warehouse(GONE, "shop"))
    monkeypatch.setattr("segql.repl.commands.settings.open_warehouse", away)
    assert "cannot answer" in refused(replace(state, project=settled(world)), "placed order", capsys)


def test_what_is_long_goes_through_the_pager(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    paged: list[str] = []
    monkeypatch.setattr("click.echo_via_pager", paged.append)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setattr("shutil.get_terminal_size", lambda: os.terminal_size((80, 10)))
    state = said(state, "\\explain placed order")
    assert len(paged) == 1
    said(state, "\\set pager off", "\\explain")
    assert len(paged) == 1
