"""The examples in the helps of commands, pasted: on the demo shop, those that name no file of one's own."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import click
import pytest

from segql.cli import main

from .command_line import segql

ROOT = Path(__file__).parents[2]
ASKING = (
    "compile",
    "count",
    "diff",
    "explain",
    "funnel",
    "members",
    "overlap",
    "segments-of",
    "stats",
    "trend",
    "vary",
    "why",
)
FILES = re.compile(r"--(segments|catalog|warehouse|output|watch)\b|HEAD:| > ")


def examples() -> list[str]:
    context = click.Context(main)
    helps = {name: main.get_command(context, name) for name in ASKING}
    lines = [line.strip() for command in helps.values() if command for line in (command.help or "").splitlines()]
    return [line for line in lines if line.startswith("segql ") and not FILES.search(line)]


def test_there_are_examples() -> None:
    assert len(examples()) > 15


@pytest.mark.parametrize("line", examples())
def test_an_example_answers(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    if "personas.segql" in line:
        shutil.copy(ROOT / "examples" / "shop" / "personas.segql", tmp_path)
    segql(*shlex.split(line)[1:])
