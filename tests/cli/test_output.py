"""What commands print, as bytes: UTF-8 whatever the locale says; streams that take no more; readers with enough."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Set
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ..worlds.own_shop import write_shop

pytestmark = pytest.mark.usefixtures("demo_cache")

ROOT = Path(__file__).parents[2]
SEGQL = [sys.executable, "-c", "from segql.__main__ import main; main()"]
TEXT = "София, 東京 ✓ ß"
RULE = f'country is not "{TEXT}"'
LOCALES = {
    "cp1252": {"PYTHONIOENCODING": "cp1252"},
    "ascii": {"PYTHONIOENCODING": "ascii:strict"},
    "C": {"LC_ALL": "C"},
    "C, not coerced": {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
    "POSIX, by its encoding": {"LC_ALL": "POSIX", "PYTHONIOENCODING": "latin-1"},
}


def quick(names: Iterable[str], some: Set[str]) -> list[Any]:
    """All of them in the long suites, some in the quick one: each is a process or more."""
    return [name if name in some else pytest.param(name, marks=pytest.mark.long) for name in names]


FEW = quick(LOCALES, {"cp1252"})
OWN = ["--catalog", "catalog.yaml", "--warehouse", "shop.duckdb"]


def ran(folder: Path, *words: str, stdin: str | None = None, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*SEGQL, *words], cwd=folder, check=False, capture_output=True, input=stdin.encode() if stdin else b"",
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
    )  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop with a key that is not ASCII."""
    found = tmp_path_factory.mktemp("shop")
    write_shop(found, "good.segql")
    with duckdb.connect(str(found / "shop.duckdb")) as connection:
        connection.execute("UPDATE customers SET id = 'София' WHERE id = 'c2'")
    (found / "rule.txt").write_text(RULE, encoding="utf-8")
    return found


COMMANDS = {
    "compile": ["compile", RULE],
    "compile --json": ["compile", RULE, "--json"],
    "compile --file": ["compile", "--file", "rule.txt"],
    "format": ["format", RULE],
    "explain": ["explain", RULE],
    "check": ["check", f'"{TEXT}" in 3d'],
    "a parameter": ["compile", "country is not town", "--param", f'town="{TEXT}"'],
    "why": ["why", RULE, "--profile", "София", *OWN],
    "members": ["members", RULE, "--limit", "50", *OWN],
    "members csv": ["members", RULE, "--format", "csv", *OWN],
    "members json": ["members", RULE, "--format", "json", *OWN],
}


@pytest.mark.parametrize("locale", FEW)
@pytest.mark.parametrize("command", quick(COMMANDS, {"compile", "format", "check", "a parameter", "members csv"}))
def test_results_are_utf_8_in_any_locale(folder: Path, command: str, locale: str) -> None:
    done = ran(folder, *COMMANDS[command], **LOCALES[locale])
    assert done.returncode == (1 if command == "check" else 0), done.stderr
    out = done.stdout.decode("utf-8")
    assert ("София" if command.startswith("members") or command == "why" else TEXT) in out
    assert "?" not in out
    if "json" in command:
        json.loads(out)


@pytest.mark.parametrize("locale", quick(["cp1252", "C, not coerced"], set()))
def test_the_demo_and_a_session_are_utf_8(folder: Path, locale: str) -> None:
    for words, stdin in ((["demo"], None), (OWN, f"{RULE}\n\\sql\n")):
        done = ran(folder, *words, stdin=stdin, **LOCALES[locale])
        assert done.returncode == 0, done.stderr
        assert (TEXT if stdin else "customer") in done.stdout.decode("utf-8")
        assert "?" not in done.stdout.decode("utf-8").replace("now ?", "")


@pytest.mark.parametrize("locale", FEW)
def test_messages_are_utf_8(folder: Path, locale: str) -> None:
    done = ran(folder, "compile", f'"{TEXT}" in 3d', **LOCALES[locale])
    assert done.returncode == 1
    assert TEXT in done.stderr.decode("utf-8")


def test_what_is_not_utf_8_is_refused(folder: Path) -> None:
    calls: list[list[str | bytes]] = [["format", b'country is "\xff"'], ["compile", "everyone", "--param", b'x="\xff"']]
    for words in calls:
        done = subprocess.run([*SEGQL, *words], cwd=folder, capture_output=True, check=False)
        assert done.returncode == 2
        assert b"is not UTF-8 text" in done.stderr
    done = subprocess.run([*SEGQL, *OWN], cwd=folder, capture_output=True, check=False, input=b"\xff\n")
    assert (done.returncode, b"is not UTF-8 text" in done.stderr) == (2, True)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize(
    "words",
    [
        ["members", "everyone", "--format", "csv", *OWN],
        *(pytest.param(words, marks=pytest.mark.long) for words in (
            ["compile", "is vip"], OWN,
            ["count", "everyone", *OWN], ["--version"], ["members", "everyone", "--format", "json", *OWN],
            ["check", "is vip"], ["demo"], ["catalog", "schema"],
        )),
    ],
)  # fmt: skip
def test_a_full_disk_is_said(folder: Path, words: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*SEGQL, *words], cwd=folder, stdout=full, stderr=subprocess.PIPE, check=False, input=b"everyone\n",
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
    assert done.returncode == 74
    assert done.stderr.decode().splitlines()[-1] == "The output cannot be written: no space left on device."
    assert b"bug" not in done.stderr
    assert b"Exception ignored" not in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["catalog", "schema"],
        *(pytest.param(one, marks=pytest.mark.long) for one in (["members", "everyone", "--format", "csv"], [])),
    ],
)  # fmt: skip
def test_a_reader_with_enough_is_no_error(folder: Path, words: list[str]) -> None:
    child = subprocess.Popen(
        [*SEGQL, *words], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert child.stdout is not None
    assert child.stdin is not None
    assert child.stderr is not None
    child.stdin.write(b"everyone\n\\sql\n" * 3)
    child.stdin.flush()
    if words:
        assert len(child.stdout.readline()) > 0
    child.stdout.close()
    child.stdin.close()
    assert child.wait() == 0
    assert b"bug" not in child.stderr.read()
    child.stderr.close()
