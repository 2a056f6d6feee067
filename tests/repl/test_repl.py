"""The session at a terminal: what runs and what goes on, the keys, the history, what is stopped."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Literal

import pytest

from segql.console.setup import Setup
from segql.repl.loop import parts
from segql.repl.state import Preferences
from segql.settings import config_folder

from .sessions import ALT_ENTER, CTRL_C, CTRL_R, DOWN, ENTER, ESCAPE, F2, PAUSE, RIGHT, TAB, UP, begun, typed


def shown(
    options: Setup, capsys: pytest.CaptureFixture[str], *keys: str, preferences: Preferences | None = None
) -> str:
    """What stdout shows after these keys."""
    from dataclasses import replace

    state = begun(options)
    typed(replace(state, preferences=preferences or Preferences()), *keys)
    return capsys.readouterr().out


def test_what_the_first_prompt_needs_not_is_read_behind_it() -> None:
    code = (
        "import sys, segql.repl\n"
        "assert not {'sqlglot', 'duckdb', 'rich', 'pydantic', 'segql.binder', 'segql.project'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


DUTCH = "15 of 30 profiles (50.0 %)\n"
BUYERS = "10 of 30 profiles (33.3 %)\n"


# --- what runs -----------------------------------------------------------------------------------------------------


def test_a_whole_rule_runs(options: Setup, capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(options, capsys, 'country is "NL"', ENTER) == DUTCH


@pytest.mark.parametrize(
    "first", ['country is "NL" and', "placed order or", "(", "not", "country in (", "placed order at least"]
)
def test_a_beginning_goes_on(options: Setup, capsys: pytest.CaptureFixture[str], first: str) -> None:
    rest = {
        "(": 'country is "NL")', "not": 'country is "BE"', "country in (": '"NL")', "placed order at least": "twice",
        "placed order or": "placed order",
    }.get(first, 'not country is "BE"')  # fmt: skip
    assert shown(options, capsys, first, ENTER, rest, ENTER) in (DUTCH, BUYERS)


def test_an_empty_line_ends_a_beginning(options: Setup, capsys: pytest.CaptureFixture[str]) -> None:
    state = begun(options)
    typed(state, "placed order and", ENTER, ENTER)
    assert "The text ends too early" in capsys.readouterr().err


def test_alt_enter_begins_a_line(options: Setup, capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(options, capsys, "country", ALT_ENTER, 'is "NL"', ENTER) == DUTCH


def test_a_paste_of_many_lines_is_one_text(options: Setup, capsys: pytest.CaptureFixture[str]) -> None:
    paste = '\x1b[200~placed order\n  and country is "NL"\n  -- who else?\n\x1b[201~'
    assert shown(options, capsys, paste, ENTER) == "5 of 30 profiles (16.7 %)\n"


def test_mistakes_end_nothing(options: Setup, capsys: pytest.CaptureFixture[str]) -> None:
    typed(begun(options), "placed oder", ENTER, CTRL_C, "placed order", ENTER, "\\nonsense", ENTER)
    out, err = capsys.readouterr()
    assert out == BUYERS
    assert "did you mean `placed order`?" in err
    assert "There is no command \\nonsense." in err


@pytest.mark.parametrize("editing", ["emacs", pytest.param("vi", marks=pytest.mark.long)])
def test_a_wrong_rule_comes_back_and_a_key_mends_it(
    options: Setup, capsys: pytest.CaptureFixture[str], editing: Literal["emacs", "vi"]
) -> None:
    keys = ('country is "NL" and placed oder', ENTER, PAUSE, F2, PAUSE, ENTER)
    assert shown(options, capsys, *keys, preferences=Preferences(editing=editing)) == "5 of 30 profiles (16.7 %)\n"
    both = ("placed oder and country is NL ", PAUSE, F2, PAUSE, F2, PAUSE)
    assert shown(options, capsys, *both, ENTER) == "5 of 30 profiles (16.7 %)\n"


def test_what_has_no_fix_or_is_typed_yet_stays(options: Setup, capsys: pytest.CaptureFixture[str]) -> None:
    typed(begun(options), "placed oder", PAUSE, F2, ENTER, CTRL_C, "qqqqqqq zzzzzz ", PAUSE, F2, ENTER, F2, ENTER)
    out, err = capsys.readouterr()
    assert (out, err.count("error[")) == ("", 2)


def test_tab_offers_the_fixes_in_the_place_of_what_is_wrong(options: Setup, capsys: pytest.CaptureFixture[str]) -> None:
    rule = 'placed order in 5m and country is "NL"'
    minutes, months = (shown(options, capsys, rule.replace("5m", unit), ENTER) for unit in ("5min", "5mo"))
    assert minutes != months
    assert shown(options, capsys, rule, PAUSE, TAB, PAUSE, DOWN, DOWN, ENTER, PAUSE, ENTER) == months
    assert shown(options, capsys, rule, PAUSE, TAB, PAUSE, TAB, PAUSE, ENTER) == minutes


def test_ctrl_c_clears_the_line(options: Setup, capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(options, capsys, "placed", CTRL_C, 'country is "NL"', ENTER) == DUTCH


def test_q_leaves(options: Setup, capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(options, capsys, "\\q", ENTER) == ""


def test_vi_keys(options: Setup, capsys: pytest.CaptureFixture[str]) -> None:
    keys = ("placed oXder", "\x1b", "FX", "r", "r", "A", ENTER)
    assert shown(options, capsys, *keys, preferences=Preferences(editing="vi")) == BUYERS


# --- completion ----------------------------------------------------------------------------------------------------


def test_enter_accepts_nothing(options: Setup, capsys: pytest.CaptureFixture[str]) -> None:
    typed(begun(options), "placed orde", ENTER)
    assert "did you mean `placed order`?" in capsys.readouterr().err


@pytest.mark.parametrize("accept", [(TAB,), (DOWN, TAB), (DOWN, RIGHT), (DOWN, ENTER)])
def test_tab_accepts_and_right_and_enter_what_is_chosen(
    options: Setup, capsys: pytest.CaptureFixture[str], accept: tuple[str, ...]
) -> None:
    assert shown(options, capsys, "placed orde", PAUSE, PAUSE, *accept, " twice", ENTER) == BUYERS


@pytest.mark.parametrize(
    ("rule", "key"),
    [
        pytest.param(rule, key, marks=() if i == j else pytest.mark.long)
        for i, rule in enumerate(["country is set", 'country is "NL"', "placed order in 9d", "placed order >= 10"])
        for j, key in enumerate([TAB, RIGHT, TAB + TAB, RIGHT + TAB])
    ],
)
def test_no_key_changes_a_whole_rule(options: Setup, capsys: pytest.CaptureFixture[str], rule: str, key: str) -> None:
    expected = shown(options, capsys, rule, ENTER)
    assert shown(options, capsys, rule, PAUSE, key, PAUSE, key, ENTER) == expected


def test_escape_closes_the_menu(options: Setup, capsys: pytest.CaptureFixture[str]) -> None:
    keys = ('country is "NL" and placed orde', PAUSE, PAUSE, DOWN, ESCAPE, PAUSE, "r", ENTER)
    assert shown(options, capsys, *keys) == "5 of 30 profiles (16.7 %)\n"


def test_alt_enter_is_no_escape_while_the_menu_is_open(options: Setup, capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(options, capsys, "placed order ", PAUSE, PAUSE, ALT_ENTER, "twice", ENTER) == BUYERS


def test_up_and_down_move_in_a_rule_of_many_lines(options: Setup, capsys: pytest.CaptureFixture[str]) -> None:
    there, back = (PAUSE, PAUSE, UP, "\x05"), (PAUSE, PAUSE, DOWN, "\x05")
    keys = ("everyone", ALT_ENTER, "and country is ", *there, " and placed order ", *back, '"NL"', ENTER)
    out = shown(options, capsys, *keys)
    assert out == "5 of 30 profiles (16.7 %)\n"


def test_tab_completes_a_command(options: Setup, capsys: pytest.CaptureFixture[str]) -> None:
    state = begun(options)
    typed(state, "\\tim", PAUSE, PAUSE, TAB, "on", ENTER, "placed order", ENTER)
    assert " ms" in capsys.readouterr().err


def test_tab_completes_the_rule_of_a_command(options: Setup, capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(options, capsys, "\\count placed orde", PAUSE, PAUSE, TAB, " twice", ENTER) == BUYERS


# --- history -------------------------------------------------------------------------------------------------------


def test_whole_rules_come_back(options: Setup, capsys: pytest.CaptureFixture[str]) -> None:
    out = shown(options, capsys, 'country is "NL" and', ENTER, "placed order", ENTER, PAUSE, UP, UP, ENTER)
    assert out == 2 * "5 of 30 profiles (16.7 %)\n"
    out = shown(options, capsys, PAUSE, CTRL_R, "placed", ENTER, ENTER)
    assert out == "5 of 30 profiles (16.7 %)\n"


def test_secrets_are_not_kept(options: Setup, capsys: pytest.CaptureFixture[str]) -> None:
    typed(begun(options), "\\warehouse postgresql://ann:hunter2@localhost:1/shop", ENTER)
    kept = (config_folder() / "history").read_text()
    assert "ann:***@localhost" in kept
    out, err = capsys.readouterr()
    assert "hunter2" not in kept + out + err
    assert (config_folder() / "history").stat().st_mode & 0o077 == 0


def test_a_read_only_home(options: Setup, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "config").write_text("a file where the folder should be")
    typed(begun(options), "placed order", ENTER)
    out, err = capsys.readouterr()
    assert out == BUYERS
    assert "What you type is not kept" in err


# --- rules without a terminal --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("vip\n\nplaced order\n", ["vip", "placed order"]),
        ("vip and\nplaced order", ["vip and\nplaced order"]),
        ("vip\n  and placed order\n  or x\nvip", ["vip\n  and placed order\n  or x", "vip"]),
        ("-- all of them\nvip\n# more\n\\count\n", ["vip", "\\count"]),
        ("country in (\n  \"NL\",\n  \"BE\"\n)\nvip", ['country in (\n  "NL",\n  "BE"\n)', "vip"]),
        ("vip and\n\\q", ["vip and", "\\q"]),
        ("placed oder at\nvip", ["placed oder at", "vip"]),
        ("", []),
    ],
)  # fmt: skip
def test_parts_of_a_text(text: str, found: list[str]) -> None:
    assert list(parts(text)) == found


def test_the_secrets_of_key_value_places_are_not_kept(options: Setup, capsys: pytest.CaptureFixture[str]) -> None:
    lines = ("host=h user=ann password=hunter2", "postgresql:/ann:hunter2@h/x", " postgresql://ann:hunter2@h/x")
    typed(begun(options), *(key for line in lines for key in (f"\\warehouse {line}", ENTER)))
    out, err = capsys.readouterr()
    assert "hunter2" not in (config_folder() / "history").read_text() + out + err
