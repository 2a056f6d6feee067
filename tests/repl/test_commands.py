"""The commands of the session: what each answers, what it changes, what it refuses."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from segql.console.setup import Setup
from segql.repl.commands import COMMANDS, offers, rule_at, usage_of
from segql.repl.state import State

from .sessions import begun, refused, said

Said = pytest.CaptureFixture[str]


# --- the table -----------------------------------------------------------------------------------------------------


def test_help_lists_all_commands(state: State, capsys: Said) -> None:
    said(state, "\\help")
    out = capsys.readouterr().out
    assert all(f"\\{name}" in out for name in COMMANDS)
    assert max(map(len, out.splitlines())) <= 100


def test_help_about_each(state: State, capsys: Said) -> None:
    for topic in (*COMMANDS, "language", "keys", "settings"):
        said(state, f"\\help {topic}")
        assert len(capsys.readouterr().out) >= 10, topic


def test_the_rules_of_the_help_are_rules(state: State) -> None:
    from segql import parse
    from segql.repl.commands.help import TOPICS

    for line in TOPICS["language"][1].splitlines()[:12]:
        if "and, or" not in line and "in 90d   in" not in line:
            for rule in line[25:].split("   "):
                parse(rule.strip())


def test_commands_are_completed(state: State) -> None:
    def words(before: str) -> list[str]:
        return [before[:start] + word for start, word, _ in offers(before, state)]

    assert words("\\me") == ["\\members "]
    assert "\\sql postgres" in words("\\sql po")
    assert words("\\show Du") == ["\\show Dutch"]
    assert words("\\catalog placed") == ["\\catalog placed order"]
    assert "\\set editing vi" in words("\\set edi")
    assert words("\\nonsense x") == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("\\count vip", "vip"), ("\\count ", ""), ("\\count", None), ("\\members vip", "vip"),
        ("\\members 5 vip", "vip"), ("\\sql vip", "vip"), ("\\sql bigquery vip", "vip"),
        ("\\why 244 vip", "vip"), ("\\why 244", None),
        ('\\export "my list.csv" vip', "vip"), ("\\save VIPs", None), ("\\save VIPs = vip", " vip"),
        ("\\show vip", None), ("\\nonsense vip", None),
    ],
)  # fmt: skip
def test_where_the_rule_of_a_command_begins(text: str, rule: str | None) -> None:
    at = rule_at(text)
    assert (None if at is None else text[at:]) == rule


def test_the_toolbar_says_what_a_command_takes() -> None:
    assert usage_of("\\mem") == "\\members"
    assert usage_of("\\members 5").startswith("\\members [N] [RULE]: list")


@pytest.mark.parametrize(
    "text", ["\\count", "\\members", "\\sql", "\\explain", "\\export x.csv", "\\watch 1", "\\save x", "\\why c1"]
)
def test_without_a_rule_there_is_nothing_to_ask(state: State, capsys: Said, text: str) -> None:
    assert "There is no rule yet" in refused(state, text, capsys)


# --- asking --------------------------------------------------------------------------------------------------------


def test_count_is_about_the_last_rule_or_the_one_given(state: State, capsys: Said) -> None:
    state = said(state, 'country is "NL"', "\\count", "\\count placed order", "\\count")
    ten, fifteen = "10 of 30 profiles (33.3 %)", "15 of 30 profiles (50.0 %)"
    assert capsys.readouterr().out.splitlines() == [fifteen, fifteen, ten, ten]
    assert state.last == "placed order"


def test_members(state: State, capsys: Said) -> None:
    said(state, 'country is "NL"', "\\members 2")
    out, err = capsys.readouterr()
    assert out.splitlines()[1:] == ["id", "───", "c10", "c12"]
    assert "showing 2 of 15" in err


def test_sql_of_a_dialect(state: State, capsys: Said) -> None:
    state = said(state, "\\sql placed order in 90d")
    assert "TIMESTAMPTZ" in capsys.readouterr().out
    said(state, "\\sql bigquery")
    assert "TIMESTAMPTZ" not in capsys.readouterr().out
    said(state, "\\dialect postgres", "\\sql")
    out, err = capsys.readouterr()
    assert out.startswith("postgres\n-- placed order in 90d")
    assert "counts still run on duckdb" in err
    assert "is no dialect" in refused(state, "\\dialect klingon", capsys)


def test_explain(state: State, capsys: Said) -> None:
    said(state, "placed order in 90d or placed order in 30d", "\\explain")
    out = capsys.readouterr().out
    assert [title in out for title in ("The rule", "In words", "Simplified", "SQL")] == [True] * 4


def test_segments_of(state: State, capsys: Said) -> None:
    said(state, "\\segments-of c2")
    shown = capsys.readouterr().out
    assert "c2 is in" in shown
    assert "takes one key" in refused(state, "\\segments-of", capsys)
    assert "There is no profile" in refused(state, "\\segments-of nobody", capsys)


def test_why(state: State, capsys: Said) -> None:
    said(state, 'placed order and country is "NL"', "\\why c2")
    out = capsys.readouterr().out
    assert "c2 is a member." in out or "c2 is not a member." in out
    assert 'country is "NL"' in out
    assert "There is no profile" in refused(state, "\\why nobody placed order", capsys)


def test_numbers(state: State, capsys: Said) -> None:
    state = said(state, 'country is "NL" and placed order', "\\funnel")
    out = capsys.readouterr().out
    assert "added if dropped" in out
    assert out.splitlines()[-1].endswith("and placed order")
    state = said(state, "\\trend month", "\\trend placed order")
    assert capsys.readouterr().out.count(" 12:00 ") == 24
    said(state, "\\stats")
    assert "beside all others" in capsys.readouterr().out
    said(state, "\\overlap Dutch")
    assert "this rule" in capsys.readouterr().out
    assert "There is no segment `Duth`" in refused(state, "\\overlap Duth", capsys)
    assert "Which segments?" in refused(state, "\\overlap", capsys)
    assert "There is no segment `A, B`" in refused(state, '\\overlap "A, B", Dutch', capsys)


def test_counts_of_all_segments(state: State, capsys: Said) -> None:
    said(state, "\\counts", "\\counts 30d")
    now, since = capsys.readouterr().out.split("Change since ")
    assert "Dutch" in now
    assert "entered" in since
    for wrong in ("soon", "2099-01-01T00:00"):
        assert "\\counts 7d" in refused(state, f"\\counts {wrong}", capsys)


def test_numbers_about_the_last_rule(state: State, capsys: Said) -> None:
    state = said(state, "placed order at least 2 times in 90d", "\\vary 2 = 1..3", "\\vary 2 = 1..3; 90d = 1d, 9y")
    told = capsys.readouterr().out
    assert "share" in told
    assert "2 \\ 90d" in told
    assert "What is varied?" in refused(state, "\\vary", capsys)
    assert "two make a grid" in refused(state, "\\vary 2 = 1..3; 90d = 1d; a = 1", capsys)
    assert "`7` does not stand in the rule" in refused(state, "\\vary 7 = 1..3", capsys)
    state = said(state, "\\diff Dutch", '\\diff country is "NL"')
    assert capsys.readouterr().out.count("-placed order at least twice in 90d") == 2
    assert "take the place" in refused(state, "\\diff", capsys)
    assert "`Duth`" in refused(state, "\\diff Duth", capsys)
    assert state.last == "placed order at least 2 times in 90d"


def test_the_last_numbers_are_drawn(state: State, capsys: Said, tmp_path: Path) -> None:
    file = tmp_path / "a chart.json"
    assert "no numbers yet" in refused(state, f'\\chart "{file}"', capsys)
    state = said(state, "\\funnel placed order", "\\trend placed order", f'\\chart "{file}"', "placed order in 9d")
    assert f"The chart is in {file}." in capsys.readouterr().err
    assert "members over time" in file.read_text()
    said(state, f'\\chart "{file}"')
    assert "Which file?" in refused(state, "\\chart", capsys)
    assert "ends in .svg, .png, .html or .json" in refused(state, "\\chart numbers.gif", capsys)
    (tmp_path / "folder.json").mkdir()
    assert "cannot be written" in refused(state, f"\\chart {tmp_path}/folder.json", capsys)


def test_watch_stops_with_ctrl_c(state: State, capsys: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(seconds: float) -> None:
        assert seconds == 5
        raise KeyboardInterrupt

    monkeypatch.setattr("segql.answers.explained.sleep", stop)
    said(state, "\\watch 5 placed order")
    assert capsys.readouterr().out.endswith("  10\n")
    assert "How often?" in refused(state, "\\watch often", capsys)


@pytest.mark.parametrize("name", ["them.csv", "them.json", "them.jsonl", "them.parquet", "them.arrow"])
def test_export(state: State, capsys: Said, tmp_path: Path, name: str) -> None:
    state = said(state, 'country is "NL"', f"\\export {name}")
    assert f"15 members in {name}" in capsys.readouterr().err
    file = tmp_path / name
    match file.suffix:
        case ".csv":
            assert file.read_text().splitlines()[:2] == ["id", "c10"]
        case ".jsonl":
            assert json.loads(file.read_text().splitlines()[0]) == {"id": "c10"}
        case ".json":
            assert json.loads(file.read_text())["members"][0] == "c10"
        case ".arrow":
            import pyarrow.ipc

            with pyarrow.ipc.open_file(file) as reader:
                keys = reader.read_all().column(0).to_pylist()
            assert (len(keys), keys[0]) == (15, "c10")
        case _:
            import duckdb

            assert duckdb.execute(f"SELECT count(*) FROM '{file}'").fetchall() == [(15,)]
    said(state, "\\count")
    assert [path.name for path in tmp_path.iterdir() if "part" in path.name] == []


def test_export_refuses_what_it_cannot_write(state: State, capsys: Said) -> None:
    state = said(state, "placed order")
    assert ".csv, .json, .jsonl, .parquet or .arrow" in refused(state, "\\export them.xlsx", capsys)
    assert "cannot be written" in refused(state, "\\export no/such/folder.csv", capsys)
    assert "cannot be written" in refused(state, "\\export no/such/folder.arrow", capsys)


# --- keeping -------------------------------------------------------------------------------------------------------


def test_save_and_show(state: State, capsys: Said, tmp_path: Path) -> None:
    state = said(state, 'country is "BE"  AND placed order>=1', "\\save The Belgians who buy")
    file = tmp_path / "segments" / "the-belgians-who-buy.segql"
    assert file.read_text() == 'segment "The Belgians who buy" = country is "BE" and placed order >= 1\n'
    state = said(state, "\\show the belgians who buy", "\\count")
    out = capsys.readouterr().out
    assert file.read_text() in out
    assert out.endswith("5 of 30 profiles (16.7 %)\n")


def test_save_keeps_no_broken_rule_and_overwrites_nothing(state: State, capsys: Said, tmp_path: Path) -> None:
    assert "placed oder" in refused(state, "\\save X = placed oder", capsys)
    assert "already" in refused(state, '\\save "dutch" = placed order', capsys)
    state = said(state, "\\save! Dutch = placed order")
    assert (tmp_path / "segments" / "good.segql").read_text() == (
        '-- The Dutch.\nsegment "Dutch" = placed order\n\nsegment "Buyers" (wanted = 2) = placed order >= wanted\n'
    )
    said(state, '\\count in segment "Dutch"')
    assert capsys.readouterr().out == "10 of 30 profiles (33.3 %)\n"


def test_segments(state: State, capsys: Said) -> None:
    said(state, "\\segments", "\\segments dut")
    assert capsys.readouterr().out == "Dutch   The Dutch.\nBuyers\nDutch  The Dutch.\n"
    assert "did you mean" in refused(state, "\\show Duch", capsys).lower()


def test_edit_gives_the_draft_of_the_next_prompt(state: State, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    editor = tmp_path / "editor.sh"
    editor.write_text('#!/bin/sh\nprintf \'country is "BE"\\n\' > "$1"\n')
    editor.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(editor))
    assert said(state, 'country is "NL"', "\\edit").draft == 'country is "BE"'


def test_i_runs_a_file(state: State, capsys: Said, tmp_path: Path) -> None:
    (tmp_path / "rules.txt").write_text('-- first\nplaced order\nand country is "NL"\n\\members 1\n')
    said(state, "\\i rules.txt")
    assert capsys.readouterr().out == "5 of 30 profiles (16.7 %)\nid\n───\nc10\n"
    (tmp_path / "more.segql").write_text('segment "Belgians" = country is "BE"\n')
    said(state, "\\i more.segql", "in segment Belgians")
    assert capsys.readouterr().out == "15 of 30 profiles (50.0 %)\n"
    assert "cannot be read" in refused(state, "\\i nothing.txt", capsys)


# --- places and settings -------------------------------------------------------------------------------------------


def test_catalog(state: State, capsys: Said) -> None:
    said(state, "\\catalog", "\\catalog placed order", "\\catalog country", "\\catalog EU")
    out = capsys.readouterr().out
    assert "placed order  event: A purchase." in out
    assert "country  text, of profiles" in out
    assert "NL" in out
    assert "did you mean `placed order`" in refused(state, "\\catalog placed oder", capsys)


def test_now(state: State, capsys: Said) -> None:
    state = said(
        state, "\\now", "\\now 2026-01-01T12:00Z", "\\count placed order", "\\now 2026-01-01T12:01Z", "\\count"
    )
    assert capsys.readouterr().out.splitlines() == [
        "Sun 1 Feb 2026 12:00 Europe/Amsterdam", "Thu 1 Jan 2026 13:00 Europe/Amsterdam", "0 of 30 profiles (0 %)",
        "Thu 1 Jan 2026 13:01 Europe/Amsterdam", "10 of 30 profiles (33.3 %)",
    ]  # fmt: skip
    said(state, "\\now clock", "\\now reset")
    assert capsys.readouterr().out.splitlines()[1] == "Sun 1 Feb 2026 12:00 Europe/Amsterdam"
    assert "Its start is \\now 2026-01-01T00:00" in refused(state, "\\now 2026-01-01", capsys)


def test_warehouse(state: State, capsys: Said, tmp_path: Path) -> None:
    said(state, "\\warehouse")
    assert capsys.readouterr().out == "catalog.yaml · shop.duckdb\n"
    assert "There is no file or folder" in refused(state, "\\warehouse nowhere.duckdb", capsys)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "customers.csv").write_text("id,country\na,NL\n")
    (tmp_path / "data" / "orders.csv").write_text("id,customer,bought\n1,a,2026-01-01 12:00:00+00\n")
    said(state, "\\warehouse data", "everyone")
    out, err = capsys.readouterr()
    assert out == "1 of 1 profile (100 %)\n"
    assert "Asking catalog.yaml · data." in err


def test_a_warehouse_of_ones_own_needs_its_catalog(state: State, capsys: Said) -> None:
    bare = replace(state, setup=Setup())
    assert "needs its catalog" in refused_later(bare, "\\warehouse x.duckdb", capsys)


def test_timing_and_set(state: State, capsys: Said) -> None:
    state = said(state, "\\timing", "\\count placed order", "\\timing", "\\set limit 3", "\\set live off",
                 "\\set editing vi", "\\set pager off")  # fmt: skip
    assert capsys.readouterr().err.count(" ms") == 1
    chosen = state.preferences
    assert (chosen.timing, chosen.limit, chosen.live, chosen.editing, chosen.pager) == (False, 3, False, "vi", False)
    said(state, "\\set")
    assert "limit     3" in capsys.readouterr().out
    assert "sets nothing" in refused(state, "\\set colour green", capsys)
    assert "sets nothing" in refused(state, "\\set limit many", capsys)


def test_set_gives_a_name_a_value(state: State, capsys: Said) -> None:
    state = said(state, "\\set often = 2", "placed order >= often", "\\set")
    out = capsys.readouterr().out
    assert out.startswith("10 of 30 profiles (33.3 %)\n")
    assert "often = 2" in out
    state = said(state, "\\set often =")
    assert "often" in refused(state, "placed order >= often", capsys)


def test_set_catalog_and_segments(state: State, capsys: Said, tmp_path: Path) -> None:
    other = (tmp_path / "catalog.yaml").read_text().replace("placed order", "bought")
    (tmp_path / "other.yaml").write_text(other)
    state = said(state, "\\set catalog other.yaml", "bought")
    assert capsys.readouterr().out == "10 of 30 profiles (33.3 %)\n"
    assert "cannot be read" in refused(state, "\\set catalog none.yaml", capsys)
    (tmp_path / "mine").mkdir()
    said(state, "\\set segments mine", "\\save Mine = bought")
    assert (tmp_path / "mine" / "mine.segql").exists()


def test_a_bug_of_ours_ends_nothing(state: State, capsys: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(state: State, argument: str) -> State:
        raise ZeroDivisionError

    monkeypatch.setitem(COMMANDS, "q", replace(COMMANDS["q"], run=wrong))
    assert "This is a bug in SegQL" in refused(state, "\\q", capsys)


# --- files that others change, and what other programs taught ------------------------------------------------------


def test_what_another_program_writes_is_read_before_the_answer(state: State, capsys: Said, tmp_path: Path) -> None:
    state = said(state, "in segment Dutch")
    assert capsys.readouterr() == ("15 of 30 profiles (50.0 %)\n", "")
    file = tmp_path / "segments" / "good.segql"
    file.write_text(file.read_text().replace('country is "NL"', "placed order"))
    state = said(state, "in segment Dutch", "in segment Dutch")
    out, err = capsys.readouterr()
    assert out == 2 * "10 of 30 profiles (33.3 %)\n"
    assert err == "good.segql changed: read again.\n"
    (tmp_path / "segments" / "new.segql").write_text('segment "New" = everyone\n')
    state = said(state, "in segment New")
    assert "new.segql changed" in capsys.readouterr().err
    (tmp_path / "segments" / "new.segql").unlink()
    assert "New" in refused_later(state, "in segment New", capsys)
    catalog = tmp_path / "catalog.yaml"
    whole = catalog.read_text()
    catalog.write_text(whole.replace("placed order", "bought"))
    state = said(state, "bought")
    catalog.write_text("timezone: Mars\n")
    assert "Mars" in refused(state, "bought", capsys)
    catalog.write_text(whole)
    said(state, "placed order")
    assert capsys.readouterr().out == "10 of 30 profiles (33.3 %)\n"


def refused_later(state: State, text: str, capsys: Said) -> str:
    """What is said to a text that is wrong now; the files changed, so that the state did, too."""
    from segql.repl.loop import answer

    assert not answer(text, state)[1]
    return capsys.readouterr().err


@pytest.mark.parametrize("text", ["help", "?", "\\?", "\\h", "HELP"])
def test_other_words_for_help(state: State, capsys: Said, text: str) -> None:
    said(state, text)
    assert "\\members" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["quit", "exit", "q", "quit;", "\\quit", "\\exit"])
def test_other_words_for_leaving(state: State, text: str) -> None:
    assert said(state, text).over


def test_sql_is_led_to_rules(state: State, capsys: Said) -> None:
    assert "a session asks rules" in refused(state, "SELECT * FROM customers;", capsys)


def test_the_secrets_of_a_warehouse_are_not_said(state: State, capsys: Said) -> None:
    assert "hunter2" not in refused(state, "\\warehouse host=h user=ann password=hunter2", capsys)


def test_save_again_keeps_the_comments_inside(state: State, capsys: Said, tmp_path: Path) -> None:
    file = tmp_path / "segments" / "good.segql"
    file.write_text('-- The Dutch.\nsegment "Dutch" =\n  country is "NL"  -- by the address\n  and placed order\n')
    state = said(state, "\\save! Dutch = placed order")
    assert file.read_text() == '-- The Dutch.\n-- by the address\nsegment "Dutch" = placed order\n'
    assert "comments inside the rule" in capsys.readouterr().err


def test_many_sessions_save_into_one_file(state: State, tmp_path: Path, capsys: Said) -> None:
    from threading import Thread

    from segql.repl.loop import answer

    one_file = replace(state.setup, segments=(str(tmp_path / "segments" / "good.segql"),))
    failed: list[str] = []

    def save(session: int) -> None:
        own = replace(state, setup=one_file)
        for number in range(10):
            own, fine = answer(f"\\save S{session}x{number} = placed order", own)
            if not fine:
                failed.append(f"{session} {number}")

    sessions = [Thread(target=save, args=(session,)) for session in range(4)]
    for session in sessions:
        session.start()
    for session in sessions:
        session.join()
    assert failed == []
    assert (tmp_path / "segments" / "good.segql").read_text().count('segment "S') + (
        tmp_path / "segments" / "good.segql"
    ).read_text().count("segment S") == 40


def test_a_profile_is_found_by_what_is_shown_of_it(tmp_path: Path, capsys: Said) -> None:
    (tmp_path / "catalog.yaml").write_text(
        "profiles: {table: people, key: id, shown: [email, vip], properties: {email: text, vip: boolean}}\n",
        encoding="utf-8",
    )
    rows = "id,email,vip\np1,ann@x.com,true\np2,bob@x.com,false\np3,bobby@x.com,\np4,p1,true\n"
    (tmp_path / "people.csv").write_text(rows, encoding="utf-8")
    state = begun(Setup(catalog=str(tmp_path / "catalog.yaml"), warehouse=str(tmp_path / "people.csv")))
    for typed, key in (("ann@..", "p1"), ("ANN", "p1"), ("bob@x.com", "p2"), ("bobby", "p3"), ("p1", "p1")):
        said(state, f"\\why {typed} vip")
        assert f"{key} is " in capsys.readouterr().out
    assert "several profiles: p2, p3" in refused(state, "\\why bob.. vip", capsys)
    assert "There is no profile 'zoe'" in refused(state, "\\why zoe vip", capsys)
    assert "There is no profile '..'" in refused(state, "\\why .. vip", capsys)


@pytest.mark.parametrize(("typed", "done"), [("\\d", "properties"), ("\\d country", "country")])
def test_what_hands_expect(typed: str, done: str, state: State, capsys: Said) -> None:
    said(state, typed)
    assert done in capsys.readouterr().out
    assert all(said(state, leave).over for leave in ("quit", "exit", "quit()", ":q", "\\quit", "EXIT;"))
