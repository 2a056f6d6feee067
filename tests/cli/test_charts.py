"""Charts of numbers about segments: each command draws one, whole or not at all."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from segql.answers.charts import overlap_chart
from segql.console import charts
from segql.files import write
from segql.insights import Overlap, Pair

from .command_line import OWN, segql

vl_convert = pytest.importorskip("vl_convert")
SEGMENTS = 'segment "Twice" = placed order at least twice\nsegment "Dutch" = country is "NL"\n'
LONG = pytest.mark.long
ROOT = Path(__file__).parents[2]
COMMANDS = {
    "funnel": ["placed order and country is 'NL'"],
    "overlap": ["placed order", "Dutch", "Twice"],
    "trend": ["placed order", "--every", "year", "--last", "3"],
    "trend ": ["--every", "year", "--last", "3"],
    "vary": ["placed order at least 2 times", "--values", "2 = 1..3"],
    "vary ": ["placed order at least 2 times in 9d", "--values", "2 = 1..3", "--values", "9d = 1y, 9y"],
    "stats": ["placed order at least twice"],
    "count": [],
    "count ": ["--since", "9y"],
}


@pytest.fixture
def drawn(shop_folder: Path) -> Any:
    Path("some.segql").write_text(SEGMENTS)

    def drawn(command: str, file: str, code: int = 0) -> Any:
        given = [*COMMANDS[command], *OWN, "--segments", "some.segql", "--chart", file]
        return segql(command.strip(), *given, code=code)

    return drawn


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_draws(drawn: Any, command: str) -> None:
    assert "The chart is in c.json." in drawn(command, "c.json").stderr
    spec = json.loads(Path("c.json").read_text())
    assert spec["title"]["text"]


@pytest.mark.parametrize("command", [one if one == "overlap" else pytest.param(one, marks=LONG) for one in COMMANDS])
def test_what_is_drawn_has_all_titles(drawn: Any, command: str) -> None:
    """The first picture of a process takes some seconds, so that most wait for the long suite."""
    drawn(command, "c.json")
    spec = json.loads(Path("c.json").read_text())
    drawn(command, "c.svg")
    picture = Path("c.svg").read_text()
    assert picture.startswith("<svg")
    assert spec["title"]["text"] in picture
    titles = set(re.findall(r'"title": "([^"]+)"', json.dumps(spec)))
    assert titles
    assert all(title in picture for title in titles)


@LONG
def test_a_page_needs_no_network(drawn: Any) -> None:
    drawn("vary", "c.html")
    page = Path("c.html").read_text()
    assert not re.search(r"<(script|link)[^>]*(src|href)=", page)
    drawn("vary", "c.PNG")
    assert Path("c.PNG").read_bytes().startswith(b"\x89PNG")


def test_names_and_groups_keep_their_order() -> None:
    """Of both layers of dots, and of the bars above and beside them."""
    found = Overlap(
        9, {"b": 4, "a": 3, "c": 2}, (Pair("b", "a", 1),), ((("b",), 3), (("b", "a"), 1), (("a", "c"), 2)), 3
    )
    text = json.dumps(overlap_chart(found))
    assert set(re.findall(r'"domain": (\[[^]]*\])', text)) == {'["b", "a", "c"]', "[0, 1, 2]", "[true, false]"}


KILLED = """
import sys
from segql import files
from segql.console.charts import draw
files._finish = lambda part, target: print("drawn", flush=True) or sys.stdin.read()
draw(sys.argv[1], {"title": "new", "mark": "bar"})
"""


@pytest.mark.parametrize("ending", [".json", pytest.param(".svg", marks=LONG)])
def test_a_chart_that_is_killed_while_it_is_written(tmp_path: Path, ending: str) -> None:
    """The old file is whole, and the next chart takes its place."""
    file = tmp_path / f"c{ending}"
    file.write_text("old")
    words = [sys.executable, "-c", KILLED, str(file)]
    killed = subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert killed.stdout is not None
    assert killed.stdout.readline() == b"drawn\n"
    killed.kill()
    killed.communicate()
    assert file.read_text() == "old"
    charts.draw(str(file), {"title": "newer", "mark": "bar"})
    assert "newer" in file.read_text()
    assert [one.name for one in tmp_path.iterdir()] == [file.name]


def test_what_cannot_be_drawn(drawn: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "ends in .svg, .png, .html or .json" in drawn("vary", "c.gif", code=2).stderr
    assert "segql funnel RULE --chart FILE" in segql("count", *OWN, "placed order", "--chart", "c.svg", code=2).stderr
    Path("c.svg").write_text("old")

    def falls(*given: Any, **how: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(charts, "write", falls)
    assert "c.svg cannot be written: no space left" in drawn("vary", "c.svg", code=2).stderr
    assert Path("c.svg").read_text() == "old"
    monkeypatch.setattr(charts, "find_spec", lambda name: None)
    assert "pip install 'segql[charts]'" in drawn("vary", "c.svg", code=2).stderr
    monkeypatch.setattr(charts, "write", write)
    drawn("vary", "c.json")
