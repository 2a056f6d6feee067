"""`segql test`: exit codes, files, JUnit."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from .command_line import answer, segql

HOLDS, FAILS = '"VIP" inside "VIP"', '"VIP" inside "High rollers"'


def test_what_holds_and_what_fails(demo_cache: None) -> None:
    assert segql("test", HOLDS).stdout == f"holds  {HOLDS}\n"
    said = segql("test", HOLDS, FAILS, code=1)
    assert f"FAILS  {FAILS}\n" in said.stdout
    assert "segql members 'in segment VIP and not in segment High rollers'" in said.stdout
    assert said.stderr.endswith("2 invariants: 1 does not hold.\n")
    told = answer("test", FAILS, code=1)
    assert [one["holds"] for one in told["invariants"]] == [False]


def test_files_have_one_a_line(demo_cache: None, tmp_path: Path) -> None:
    file, junit = tmp_path / "invariants.txt", tmp_path / "results.xml"
    file.write_text(f"-- What we promise.\n\n{HOLDS}\n# Not yet:\n{FAILS}\n")
    segql("test", "--file", str(file), "--junit", str(junit), code=1)
    suite = ElementTree.fromstring(junit.read_text())[0]
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    assert [case.get("name") for case in suite] == [HOLDS, FAILS]
    assert [len(case) for case in suite] == [0, 1]


def test_mistakes_are_said_together(demo_cache: None) -> None:
    said = segql("test", "VIPP inside VIP", "VIP exclusive", code=1).stderr
    assert "There is no segment `VIPP`" in said
    assert "2 to 30 can" in said
    assert "Say what must hold" in segql("test", code=2).stderr
