"""A number that takes long says so after a second, and Ctrl-C ends it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic

import duckdb
import pytest

from .command_line import OWN

ROOT = Path(__file__).parents[2]
LONG = pytest.mark.long
CATALOG = """\
timezone: Europe/Amsterdam
profiles: {table: customers, key: id, key type: integer, properties: {age: {type: number}}}
events:
  placed order: {table: orders, profile: id, time: placed_at}
"""
ENDLESS = (
    "SELECT (a.range * b.range) % 1000 AS id, 1 AS age FROM range(100000000) a, range(1000) b WHERE a.range % 7 = 3"
)
COMMANDS = {
    "stats": ["age > 3"],
    "funnel": ["age > 3 and placed order"],
    "overlap": ["age > 3", "placed order"],
    "trend": ["age > 3 or placed order", "--last", "2"],
    "vary": ["age > 3", "--values", "3 = 1..2"],
    "count": ["--segments", "some.segql", "--since", "7d"],
}


@pytest.mark.skipif(sys.platform == "win32", reason="no terminal to open")
@pytest.mark.parametrize("command", [one if one == "stats" else pytest.param(one, marks=LONG) for one in COMMANDS])
def test_progress_and_ctrl_c(command: str, tmp_path: Path) -> None:
    (tmp_path / "catalog.yaml").write_text(CATALOG)
    (tmp_path / "some.segql").write_text('segment "Old" = age > 3\nsegment "Buyers" = placed order in 9d\n')
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as connection:
        connection.execute(f"CREATE VIEW customers AS {ENDLESS}")
        connection.execute("CREATE TABLE orders (id BIGINT, placed_at TIMESTAMPTZ)")
    here, there = os.openpty()
    words = [sys.executable, "-c", STARTED, command, *OWN, *COMMANDS[command]]
    running = subprocess.Popen(
        words, cwd=tmp_path, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=there,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    os.close(there)
    said, start = b"", monotonic()
    while b"..." not in said and monotonic() - start < 60:
        said += os.read(here, 1000)
    running.send_signal(signal.SIGINT)
    printed, _ = running.communicate(timeout=60)
    said += os.read(here, 10_000)
    os.close(here)
    assert "Asking the warehouse ..." in said.decode() or "Counting 2 segments ..." in said.decode()
    assert said.decode().rstrip().endswith("Stopped.")
    assert (running.returncode, printed) == (130, b"")


STARTED = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # also where the tests run in the background, which ignores it
from segql.__main__ import main
main()
"""
