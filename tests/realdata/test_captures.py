"""What docs/insights.md shows of the coffee house: captured from the commands; `--update` writes it anew."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from segql.__main__ import session
from segql.cli import main

from ..docs.documents import Block, blocks
from .data import DATA

PAGE = Path(__file__).parents[2] / "docs" / "insights.md"
CAPTURED = [block for block in blocks(PAGE) if block.note == "rewards"]
PLACE = ["--catalog", str(Path(__file__).parent / "starbucks_rewards.yaml"), "--warehouse",
         str(DATA / "starbucks_rewards"), "--now", "2018-07-28T06:00Z"]  # fmt: skip


@pytest.mark.realdata
@pytest.mark.parametrize("block", CAPTURED, ids=str)
def test_captured(block: Block, update: bool) -> None:
    if not (DATA / "starbucks_rewards").exists():
        pytest.skip("the page shows public data that lie beside the repository")
    said = ""
    for line in block.text.splitlines():
        if line.startswith("$ "):
            done = CliRunner().invoke(main, [*shlex.split(line)[2:], *PLACE], obj=session)
            said += f"{line}\n" + "\n".join(one.rstrip() for one in done.stdout.splitlines()) + "\n"
    if update and said != block.text:
        PAGE.write_text(PAGE.read_text(encoding="utf-8").replace(block.text, said), encoding="utf-8")
    else:
        assert said == block.text
