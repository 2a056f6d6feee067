"""`segql test`: exit codes, files, JUnit."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from .command_line import answer, segql

SHOP = Path(__file__).parents[2] / "examples" / "shop" / "catalog.yaml"
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


TESTS = """\
segment "Fresh" = placed order in 3d and can receive sms

test "Fresh, by hand"
  given: placed order 2 hours ago and can receive sms
  expect: in segment Fresh

test "A < B"
  given: placed order 4 days ago
  expect: in segment Fresh

test "Fresh" at least 1 member
"""


def test_files_hold_tests_and_invariants(demo_cache: None, tmp_path: Path) -> None:
    file, junit = tmp_path / "fresh.segql", tmp_path / "results.xml"
    file.write_text(TESTS)
    said = segql("test", "--segments", str(file), "--junit", str(junit), code=1)
    assert said.stdout.startswith(f"holds  Fresh, by hand\nFAILS  A < B\n       {file}:7\n       ✗ in segment Fresh\n")
    assert said.stdout.endswith('holds  "Fresh" at least 1 member\n')
    assert said.stderr.endswith("2 tests and 1 invariant: 1 does not hold.\n")
    suite = ElementTree.fromstring(junit.read_text())[0]
    assert [(case.get("name"), len(case)) for case in suite] == [
        ("Fresh, by hand", 0), ("A < B", 1), ('"Fresh" at least 1 member', 0)
    ]  # fmt: skip
    assert "can receive sms" in str(suite[1][0].text)
    told = answer("test", "--segments", str(file), code=1)
    assert [(one["name"], one["holds"], one["on_engine"]) for one in told["tests"]] == [
        ("Fresh, by hand", True, None), ("A < B", False, None)
    ]  # fmt: skip
    assert told["tests"][1]["why"]["member"] is False


def test_a_test_that_cannot_be_read_does_not_hold(demo_cache: None, tmp_path: Path) -> None:
    """Nothing is left out in silence: not beside tests that hold, not where there is no other."""
    file, junit = tmp_path / "fresh.segql", tmp_path / "results.xml"
    broken = 'segment "Fresh" = placed order in 3d\n\ntest "Given 30"\n  given: placed order in 2h where total 30\n'
    broken += "  expect: in segment Fresh\n"
    file.write_text(broken + '\ntest "Sound"\n  given: placed order 2 hours ago\n  expect: in segment Fresh\n')
    said = segql("test", "--segments", str(file), "--junit", str(junit), code=1)
    assert said.stdout == "holds  Sound\n"
    assert "Write one of these:\n        = 30\n        30 times" in said.stderr
    assert said.stderr.endswith("1 test: all hold; 1 mistake in the files.\n")
    suite = ElementTree.fromstring(junit.read_text())[0]
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("2", "0", "1")
    assert [[part.tag for part in case] for case in suite] == [[], ["error"]]
    told = answer("test", "--segments", str(file), code=1)
    assert [one["code"] for one in told["problems"]] == ["bad-count"]
    file.write_text(broken)
    assert segql("test", "--segments", str(file), code=1).stderr.endswith("\n1 mistake in the files.\n")
    segql("test", "Fresh at least 1 member", "--segments", str(file))


def test_a_warehouse_runs_the_sql_of_tests_too_and_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "fresh.segql"
    file.write_text(TESTS.rsplit("\ntest", 1)[0])
    told = answer("test", "--segments", str(file), "--catalog", str(SHOP), "--warehouse", ":memory:", code=1)
    assert [(one["holds"], one["on_engine"]) for one in told["tests"]] == [(True, True), (False, False)]


def test_check_reads_tests(tmp_path: Path) -> None:
    file = tmp_path / "fresh.segql"
    file.write_text('segment A = vip\n\ntest "x"\n  given: placed order\n  expect: in segment A\n')
    said = segql("check", "--segments", str(file), code=1).stdout
    assert "When was `placed order`?" in said
    assert f"{file}:4:10" in said
