"""At a terminal the questions are asked: an answer is taken, Enter leaves the guess, a wrong answer is asked again."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from segql.__main__ import session
from segql.cli import main

from . import shops

TABLES = """
CREATE TABLE members AS SELECT i AS id, 'm' || i AS email FROM range(9) t(i);
CREATE TABLE visits AS SELECT i AS member_id, TIMESTAMP '2026-01-01' AS visited_at FROM range(9) t(i);
CREATE TABLE consents AS SELECT i AS member_id, 'email' AS channel, ['A', 'B'][i % 2 + 1] AS status FROM range(9) t(i);
"""


@pytest.fixture
def place(tmp_path: Path) -> str:
    return shops.duckdb_file(tmp_path / "w.duckdb", TABLES)


def asked(place: str, file: Path, typed: str, monkeypatch: pytest.MonkeyPatch, *words: str) -> Result:
    monkeypatch.setattr("segql.console.proposing.at_terminal", lambda: True)
    return CliRunner().invoke(main, ["catalog", "init", place, "-o", str(file), *words], input=typed, obj=session)


def test_answers_are_taken_and_wrong_ones_asked_again(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "catalog.yaml"
    typed = "Amsterdam\nEurope/Amsterdam\nguilders\neur\nC\nB\n\n"
    done = asked(place, file, typed, monkeypatch)
    assert done.exit_code == 0, done.stderr
    assert "Error: Amsterdam is no time zone: Europe/Amsterdam, UTC" in done.stderr
    assert "Error: GUILDERS is no code of ISO 4217: EUR, USD" in done.stderr
    assert "Error: C is none of A, B" in done.stderr
    text = file.read_text(encoding="utf-8")
    assert "timezone: Europe/Amsterdam\n" in text
    assert "currency: EUR\n" in text
    assert "status = 'B'" in text
    assert "Question: in which zone are times without one written? `visited_at`" in text  # Enter left it open


@pytest.mark.skipif(version("click").startswith("8.2."), reason="its runner says nothing where the input ends")
def test_nothing_is_written_when_it_ends_half_way(place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "out").mkdir()
    done = asked(place, tmp_path / "out" / "catalog.yaml", "UTC\n", monkeypatch)
    assert done.exit_code != 0
    assert list((tmp_path / "out").iterdir()) == []


def test_a_file_that_is_there_is_replaced_after_a_yes(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "catalog.yaml"
    file.write_text("mine", encoding="utf-8")
    assert asked(place, file, "n\n", monkeypatch).exit_code == 1
    assert file.read_text(encoding="utf-8") == "mine"
    assert asked(place, file, "y\n\n\n\n\n", monkeypatch).exit_code == 0
    assert "profiles:" in file.read_text(encoding="utf-8")


@pytest.mark.long
def test_ctrl_c_at_a_terminal(place: str, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    ours, theirs = pty.openpty()
    running = subprocess.Popen(
        [sys.executable, "-m", "segql", "catalog", "init", place], cwd=tmp_path / "out", stdin=theirs, stdout=theirs,
        stderr=theirs, env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509  # a shell's background ignores it
    )  # fmt: skip
    said, end = b"", time.monotonic() + 60
    while b"UTC:" not in said and time.monotonic() < end:
        if select.select([ours], [], [], 1)[0]:
            said += os.read(ours, 4096)
    assert b"In which time zone do your days begin?" in said
    # Between the question and the waiting for an answer a signal is only noted: as people do, again.
    for _ in range(12):
        running.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            running.wait(5)
            break
    assert running.returncode == 130
    assert list((tmp_path / "out").iterdir()) == []
