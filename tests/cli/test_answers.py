"""Counting and listing members: formats, shares, time travel, and where a rule comes from."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import duckdb
import pytest

from segql.answers.style import shared

from .command_line import OWN, SAVED, answer, segql

pytestmark = pytest.mark.usefixtures("demo_cache")

# --- counting and listing --------------------------------------------------------------------------------------------


def test_count_is_for_people_and_exact_for_machines(shop_folder: Path) -> None:
    assert segql("count", *OWN, "placed order twice").stdout == "10 of 30 profiles (33.3 %)\n"
    found = answer("count", *OWN, "--now", "2026-02-01T00:00Z", "placed order >= 2")
    assert found == {
        "rule": "placed order >= 2", "now": "2026-02-01T00:00:00Z", "count": 10, "profiles": 30, "problems": [],
    }  # fmt: skip
    problems = answer("count", *OWN, "placed order twice")["problems"]
    assert [p.keys() for p in problems] == [{"code", "severity", "message", "hint", "file", "line", "column", "fixes"}]
    assert problems[0]["severity"] == "hint"


def test_now_is_time_travel(shop_folder: Path) -> None:
    # Without an offset: the wall clock of the catalog's zone, one hour ahead.
    for now, count in (
        ("2026-01-01T12:00Z", 0),
        ("2026-01-01T13:00", 0),
        ("2026-01-01T12:00:00.000001Z", 10),
        ("2026-01-01T13:01", 10),
    ):
        assert answer("count", *OWN, "--now", now, "placed order")["count"] == count, now


def test_a_bare_date_is_refused_with_both_spellings(shop_folder: Path) -> None:
    said = segql("count", *OWN, "--now", "2026-02-28", "placed order", code=2).stderr
    assert "--now 2026-02-28T00:00" in said
    assert "--now 2026-03-01T00:00" in said
    assert "no day" in segql("count", *OWN, "--now", "2026-02-30", "placed order", code=2).stderr
    assert "is no instant" in segql("count", *OWN, "--now", "yesterday", "placed order", code=2).stderr


@pytest.mark.parametrize(
    ("count", "of", "said"),
    [
        (1310, 20_000, "1,310 of 20,000 profiles (6.6 %)"),
        (0, 5, "0 of 5 profiles (0 %)"),
        (5, 5, "5 of 5 profiles (100 %)"),
        (1, 10_000, "1 of 10,000 profiles (less than 0.1 %)"),
        (9_999, 10_000, "9,999 of 10,000 profiles (more than 99.9 %)"),
        (0, 0, "0 of 0 profiles"),
        (1, 1, "1 of 1 profile (100 %)"),
    ],
)
def test_shares(count: int, of: int, said: str) -> None:
    assert shared(count, of) == said


def test_members_in_every_format(shop_folder: Path) -> None:
    dutch = sorted(f"c{n}" for n in range(2, 31, 2))
    table = segql("members", *OWN, 'country is "NL"', "--limit", "3")
    assert table.stdout.splitlines() == ["id", "───", *dutch[:3]]
    assert "showing 3 of 15" in table.stderr
    rows = list(csv.reader(io.StringIO(segql("members", *OWN, 'country is "NL"', "--format", "csv").stdout)))
    assert rows == [["id"], *([key] for key in dutch)]
    assert answer("members", *OWN, 'country is "NL"', "--limit", "2")["members"] == dutch[:2]
    assert json.loads(segql("members", *OWN, "no one", "--format", "json").stdout)["members"] == []
    lines = segql("members", *OWN, 'country is "NL"', "--format", "jsonl").stdout.splitlines()
    assert [json.loads(line) for line in lines] == [{"id": key} for key in dutch]
    markdown = segql("members", *OWN, 'country is "NL"', "--format", "markdown", "--limit", "2").stdout
    assert markdown == f"| id |\n| --- |\n| {dutch[0]} |\n| {dutch[1]} |\n"
    segql("members", *OWN, 'country is "NL"', "--format", "parquet", "--output", "dutch.parquet")
    assert duckdb.execute("SELECT list(id) FROM 'dutch.parquet'").fetchall() == [(dutch,)]
    segql("members", *OWN, 'country is "NL"', "--format", "csv", "--output", "dutch.csv")
    assert (shop_folder / "dutch.csv").read_text().splitlines() == ["id", *dutch]


def test_members_as_arrow(shop_folder: Path) -> None:
    ipc = pytest.importorskip("pyarrow.ipc")
    listed = answer("members", *OWN, 'country is "NL"', "--limit", "4")["members"]
    segql("members", *OWN, 'country is "NL"', "--format", "arrow", "--output", "dutch.arrow", "--limit", "4")
    assert ipc.open_file("dutch.arrow").read_all().to_pydict() == {"id": listed}


@pytest.mark.parametrize("form", ["parquet", "arrow"])
def test_what_is_no_text_needs_a_file(form: str, shop_folder: Path) -> None:
    assert "--output" in segql("members", *OWN, "everyone", "--format", form, code=2).stderr


def test_output_that_cannot_be_written(shop_folder: Path) -> None:
    assert (
        "cannot be written"
        in segql("members", *OWN, "everyone", "--format", "csv", "--output", "no/such/file", code=2).stderr
    )


def test_a_warehouse_of_files(shop_folder: Path) -> None:
    (shop_folder / "data").mkdir()
    with duckdb.connect(str(shop_folder / "shop.duckdb")) as connection:
        connection.execute("COPY customers TO 'data/customers.parquet'; COPY orders TO 'data/orders.csv'")
    for place in (
        ["--warehouse", "data"],
        ["--table", "customers=data/customers.parquet", "--table", "orders=data/*.csv"],
    ):
        assert answer("count", "--catalog", "catalog.yaml", *place, "placed order")["count"] == 10


# --- where a rule comes from -----------------------------------------------------------------------------------------


def test_a_rule_comes_from_an_argument_a_file_standard_input_or_a_name(shop_folder: Path) -> None:
    (shop_folder / "rule.txt").write_text('-- The Dutch.\ncountry is "NL"\n')
    for words, stdin in (
        (['country is "NL"'], None), (["--file", "rule.txt"], None), (["-"], 'country is "NL"'),
        (["--file", "-"], 'country is "NL"'),
        ([*SAVED, "--segment", "dutch"], None), ([*SAVED, 'in segment "Dutch"'], None),
    ):  # fmt: skip
        assert segql("count", *OWN, *words, stdin=stdin).stdout == "15 of 30 profiles (50.0 %)\n", words


def test_parameters_are_written_as_in_a_rule(shop_folder: Path) -> None:
    buyers = ["count", *OWN, *SAVED, "--segment", "Buyers"]
    assert answer(*buyers)["count"] == 10
    assert answer(*buyers, "--param", "wanted=3")["count"] == 0
    assert segql(*buyers, "--param", "wanted=three", code=1).stderr.startswith("error[")
    assert "--param wanted" in segql(*buyers, "--param", "wanted=three", code=1).stderr
    assert "no parameter `wantd`" in segql(*buyers, "--param", "wantd=3", code=1).stderr
    assert "NAME=VALUE" in segql(*buyers, "--param", "wanted", code=2).stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "Give one rule"),
        (["everyone", "--segment", "Dutch"], "Give one rule"),
        (["--segment", "Duch", *SAVED], "Did you mean `Dutch`?"),
        (["--file", "good.segql"], "--segments good.segql --segment NAME"),
        (["--file", "nowhere.txt"], "nowhere.txt cannot be read: no such file or directory"),
        (["--segments", "nowhere", "everyone"], "does not exist"),
        (["everyone", "--table", "x"], "NAME=FILE"),
        (["everyone", "--nonsense"], "No such option"),
    ],
)
def test_usage_errors_exit_with_2(shop_folder: Path, words: list[str], said: str) -> None:
    result = segql("count", *OWN, *words, code=2)
    assert said in " ".join(result.stderr.split())
    assert result.stdout == ""


def test_a_file_in_the_place_of_a_rule_is_told_its_option(shop_folder: Path) -> None:
    (shop_folder / "rule.txt").write_text('country is "NL"\n')
    for name in ("good.segql", "absent.segql", "./good.segql"):
        for words in (["format", name], ["count", *OWN, name], ["test", *OWN, name]):
            assert f"not a file: --segments {name}" in segql(*words, code=2).stderr
    for command in ("overlap", "trend"):
        assert "not a file: --segments absent.segql" in segql(command, *OWN, "absent.segql", code=2).stderr
    assert "not a file: --file ./rule.txt" in segql("count", *OWN, "./rule.txt", code=2).stderr
    for command in ("overlap", "trend", "test"):  # without --file
        assert 'not a file: "$(cat ./rule.txt)"' in segql(command, *OWN, "./rule.txt", code=2).stderr
    assert "not a file: --segments ./" in segql("count", *OWN, "./", code=2).stderr
    long = f'country is "NL" or country is "{"x" * 300}/y"'
    assert segql("count", *OWN, long).stdout == "15 of 30 profiles (50.0 %)\n", "no path is so long"
    assert segql("count", *OWN, f"{'(' * 30}{' ' * 300}country is {')' * 30}/", code=1).stderr.startswith("error[")
    assert segql("format", "good", code=0).stdout == "good\n", "what may be a name is one"


def test_a_warehouse_of_ones_own_needs_a_catalog(shop_folder: Path) -> None:
    assert "--catalog FILE" in segql("count", "--warehouse", "shop.duckdb", "everyone", code=2).stderr


def test_files_that_are_no_text(shop_folder: Path) -> None:
    (shop_folder / "rule.txt").write_bytes(b"country is \xff")
    assert "rule.txt is not UTF-8 text (byte 12)" in segql("count", *OWN, "--file", "rule.txt", code=2).stderr


def test_watch_counts_until_ctrl_c(shop_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paused: list[float] = []

    def pause(seconds: float) -> None:
        paused.append(seconds)
        if len(paused) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr("segql.answers.explained.sleep", pause)
    done = segql("count", *OWN, 'country is "NL"', "--watch", "0", "--json", code=130)
    counts = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(one["count"], one["more"]) for one in counts] == [(15, 0), (15, 0)]
    assert paused == [0.5, 0.5]
