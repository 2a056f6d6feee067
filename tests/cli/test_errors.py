"""What goes wrong on the command line, with its exit codes; the program as a process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from segql.cli import main

from ..worlds.own_shop import CATALOG
from .command_line import BROKEN, OWN, answer, segql

pytestmark = pytest.mark.usefixtures("demo_cache")

# --- what goes wrong -------------------------------------------------------------------------------------------------


def test_problems_go_to_stderr_and_exit_with_1(shop_folder: Path) -> None:
    result = segql("count", *OWN, "placed oder and countri is set", code=1)
    assert result.stdout == ""
    assert result.stderr.count("error[unknown-name]") == 2
    assert "did you mean `placed order`?" in result.stderr


def test_problems_in_json_go_to_stdout(shop_folder: Path) -> None:
    (shop_folder / "rule.txt").write_text('country is "NL"\nand placed oder')
    found = answer("count", *OWN, "--file", "rule.txt", code=1)["problems"]
    assert [(p["code"], p["severity"], p["file"], p["line"], p["column"]) for p in found] == [
        ("unknown-name", "error", "rule.txt", 2, 5)
    ]
    assert "placed order" in found[0]["hint"]


def test_problems_of_a_catalog_exit_with_1(shop_folder: Path) -> None:
    (shop_folder / "catalog.yaml").write_text(CATALOG.replace("table: orders", "tabel: orders"))
    assert "catalog.yaml:4" in segql("count", *OWN, "everyone", code=1).stderr
    assert "cannot be read" in segql("count", "--catalog", "nowhere.yaml", "everyone", code=1).stderr


def test_a_warehouse_that_cannot_be_used_exits_with_3(shop_folder: Path) -> None:
    own = ["--catalog", "catalog.yaml", "--warehouse"]
    result = segql("count", *own, "shp.duckdb", "everyone", code=3)
    assert "error[warehouse]: There is no file or folder shp.duckdb." in result.stderr
    assert "did you mean shop.duckdb?" in result.stderr
    found = answer("count", *own, "catalog.yaml", "everyone", code=3)["problems"]
    assert [(p["code"], p["line"]) for p in found] == [("warehouse", None)]


def test_a_table_that_is_missing_points_to_the_check(shop_folder: Path) -> None:
    (shop_folder / "catalog.yaml").write_text(CATALOG.replace("table: orders", "table: oders"))
    assert "segql catalog check" in segql("count", *OWN, "placed order", code=3).stderr


def test_a_broken_file_among_many_leaves_the_others_usable(shop_folder: Path) -> None:
    (shop_folder / "broken.segql").write_text(BROKEN)
    result = segql("count", *OWN, "--segments", ".", "--segment", "Dutch")
    assert result.stdout == "15 of 30 profiles (50.0 %)\n"
    assert "broken.segql:1:" in result.stderr
    assert answer("count", *OWN, "--segments", ".", "--segment", "Three")["count"] == 10


def test_a_bug_is_one_line_and_no_traceback(shop_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("segql.compiler.compile", lambda *_, **__: 1 / 0)
    result = segql("compile", *OWN[:2], "everyone", code=70)
    assert "This is a bug in SegQL, not in your rule (ZeroDivisionError: division by zero)." in result.stderr
    assert "/issues" in result.stderr
    assert "Traceback" not in result.stderr


def test_ctrl_c_is_quiet(shop_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("segql.compiler.compile", stop)
    assert segql("compile", *OWN[:2], "everyone", code=130).stderr.strip() == "Stopped."


# --- as a process ----------------------------------------------------------------------------------------------------


PROGRAM = [sys.executable, "-c", "from segql.__main__ import main; main()"]


@pytest.mark.parametrize(
    "command", [[], *([name] for name in main.commands), ["catalog", "check"], ["catalog", "schema"]]
)
def test_help_teaches_by_example(command: list[str]) -> None:
    said = segql(*command, "--help").stdout
    assert "\n    segql " in said or command == ["catalog"]
    assert max(map(len, said.splitlines())) <= 80


def test_version() -> None:
    from segql import __version__

    assert segql("--version").stdout == f"segql {__version__}\n"


def test_a_closed_pipe_is_quiet() -> None:
    program = " ".join(f"'{word}'" if " " not in word else f'"{word}"' for word in PROGRAM)
    done = subprocess.run(
        ["bash", "-c", f"{program} catalog schema | head -1; exit ${{PIPESTATUS[0]}}"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr, done.returncode) == ("{\n", "", 0)


def test_a_count_that_is_done_says_nothing_on_stderr(shop_folder: Path) -> None:
    """Not even its driver, at the end of the process, of what it made."""
    done = subprocess.run([*PROGRAM, "count", *OWN, "everyone"], capture_output=True, text=True, check=False)
    assert (done.stderr, done.returncode) == ("", 0)


def test_no_colour_where_nobody_sees_it(shop_folder: Path) -> None:
    done = subprocess.run([*PROGRAM, "check", "placed oder"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "\x1b" not in done.stdout + done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="needs a terminal of POSIX")
@pytest.mark.parametrize("no_color", [False, True])
def test_colour_on_a_terminal_unless_asked_not_to(no_color: bool) -> None:
    import pty

    leader, follower = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", **({"NO_COLOR": "1"} if no_color else {})}
    if not no_color:
        environment.pop("NO_COLOR", None)
    done = subprocess.run(
        [*PROGRAM, "check", "placed oder"], stdout=follower, stderr=follower, env=environment, check=False
    )
    os.close(follower)
    text = os.read(leader, 100_000).decode()
    assert done.returncode == 1
    assert ("\x1b[" in text) is not no_color


def test_a_rule_of_several_words_is_quoted() -> None:
    said = segql("count", "placed", "order", "in", "30d", code=2).stderr
    assert 'A rule is one text, in quotes: segql count "placed order in 30d"' in said.replace(
        "main count", "segql count"
    )
    assert "joined by `and`" in segql("funnel", "viewed product", "placed order", code=2).stderr


def test_the_help_cuts_nothing_off() -> None:
    assert "..." not in segql("--help").stdout.partition("Commands:")[2]


def test_a_name_of_two_meanings_from_standard_input_is_shown_without_its_line_feed() -> None:
    said = segql("count", "-", stdin="vip\n", code=1).stderr
    assert '        (vip)   -- the rule\n        in segment "VIP"   -- the segment\n' in said
