"""All segments of a folder, counted and listed by one statement each."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import duckdb
import pytest

from .command_line import OWN, answer, segql

pytestmark = pytest.mark.usefixtures("demo_cache")

TEXT = """\
segment "Twice" = placed order at least twice
segment "Broken" = placed odrer
segment "Some" (least = 3) = placed order at least least times
segment "Nobody" = no one
"""


@pytest.fixture
def folder(shop_folder: Path) -> list[str]:
    (shop_folder / "many").mkdir()
    (shop_folder / "many" / "all.segql").write_text(TEXT)
    return [*OWN, "--segments", "many"]


def singly(folder: list[str], name: str, *more: str) -> int:
    return int(answer("count", *folder, "--segment", name, *more)["count"])


def test_counts_are_those_of_each(folder: list[str]) -> None:
    found = answer("count", *folder, code=1)
    assert {one["segment"]: one["count"] for one in found["segments"]} == {
        name: singly(folder, name) for name in ("Twice", "Some", "Nobody")
    }
    assert found["profiles"] == 30
    assert found["seconds"] >= 0
    each = [one["compile_seconds"] for one in found["segments"]]
    assert min(each) > 0
    assert found["compile_seconds"] >= sum(each) - 0.001
    assert [(one["code"], one["line"]) for one in found["problems"] if one["severity"] == "error"] == [
        ("unknown-name", 2)
    ]


def test_a_table_for_people_and_what_is_wrong_beside_it(folder: list[str]) -> None:
    said = segql("count", *folder, code=1)
    assert said.stdout.splitlines()[0].split() == ["members", "share", "segment"]
    assert "     10  33.3 %  Twice" in said.stdout.splitlines()
    assert "      0     0 %  Nobody" in said.stdout.splitlines()
    assert "many/all.segql:2:20" in said.stderr
    assert "(3 segments, 30 profiles, " in said.stderr


def test_parameters_go_to_the_segments_that_have_them(folder: list[str]) -> None:
    found = answer("count", *folder, "--param", "least=1", code=1)
    counts = {one["segment"]: one["count"] for one in found["segments"]}
    assert counts["Some"] == singly(folder, "Some", "--param", "least=1")
    assert "none of the segments has `most`" in segql("count", *folder, "--param", "most=1", code=2).stderr


def test_the_change_since_then_is_that_of_a_trend(folder: list[str]) -> None:
    folder = [*folder, "--now", "2026-11-22T10:00Z"]
    found = answer("count", *folder, "--since", "100y", code=1)
    for one in found["segments"]:
        told = answer("trend", *folder, one["segment"], "--every", "100y", "--last", "2")["segments"][0]["points"]
        assert one["since"] == told[0]["at"]
        assert (one["before"], one["count"]) == (told[0]["members"], told[1]["members"])
        assert (one["entered"], one["left"]) == (told[1]["entered"], told[1]["left"])
    assert any(one["entered"] for one in found["segments"])
    at = next(one["since"] for one in found["segments"])
    assert answer("count", *folder, "--since", at, code=1)["segments"][0]["before"] == found["segments"][0]["before"]
    said = segql("count", *folder, "--since", "100y", code=1).stdout.splitlines()
    assert said[0].startswith("Change since 1926-")
    assert said[2].split() == ["members", "share", "change", "entered", "left", "segment"]


@pytest.mark.parametrize(
    ("since", "said"),
    [("soon", "is no length"), ("9999y", "before the calendar"), ("2026-11-01", "is a whole day"),
     ("2999-01-01T00:00", "is not before now"), ("0d", "is no length")],
)  # fmt: skip
def test_since_when(folder: list[str], since: str, said: str) -> None:
    assert said in segql("count", *folder, "--since", since, code=2).stderr


def test_members_in_every_format(folder: list[str], tmp_path: Path) -> None:
    listed = [["Twice", str(one)] for one in answer("members", *folder, "--segment", "Twice")["members"]]
    rows = list(csv.reader(io.StringIO(segql("members", *folder, "--format", "csv", code=1).stdout)))
    assert rows[0] == ["segment", "id"]
    assert [row for row in rows if row[0] == "Twice"] == listed
    lines = segql("members", *folder, "--format", "jsonl", code=1).stdout.splitlines()
    assert [list(map(str, json.loads(line).values())) for line in lines] == rows[1:]
    assert json.loads(segql("members", *folder, "--format", "json", code=1).stdout) == [
        json.loads(one) for one in lines
    ]
    place = tmp_path / "all.parquet"
    segql("members", *folder, "--format", "parquet", "--output", str(place), code=1)
    found = duckdb.connect().execute(f"FROM '{place}'").fetchall()
    assert [list(map(str, row)) for row in found] == rows[1:]
    assert segql("members", *folder, "--limit", "1", code=1).stdout.count("\n") == 3


def test_arrow(folder: list[str], tmp_path: Path) -> None:
    ipc = pytest.importorskip("pyarrow.ipc")
    rows = list(csv.reader(io.StringIO(segql("members", *folder, "--format", "csv", code=1).stdout)))
    place = tmp_path / "all.arrow"
    segql("members", *folder, "--format", "arrow", "--output", str(place), code=1)
    assert [list(map(str, row.values())) for row in ipc.open_file(str(place)).read_all().to_pylist()] == rows[1:]


def test_other_shapes(folder: list[str]) -> None:
    lists = segql("members", *folder, "--shape", "lists", "--format", "jsonl", code=1).stdout.splitlines()
    columns = segql("members", *folder, "--shape", "columns", "--format", "jsonl", code=1).stdout.splitlines()
    assert len(columns) == 30
    by_list = {one["id"]: one["segments"] for one in map(json.loads, lists)}
    for one in map(json.loads, columns):
        key = one.pop("id")
        assert sorted(name for name, holds in one.items() if holds) == by_list.get(key, [])


def test_a_folder_without_segments(shop_folder: Path) -> None:
    (shop_folder / "empty").mkdir()
    assert "There are no segments." in segql("count", *OWN, "--segments", "empty").stderr
    assert answer("count", *OWN, "--segments", "empty")["segments"] == []


def test_what_goes_with_one_rule_alone(folder: list[str]) -> None:
    assert "--watch goes with one rule" in segql("count", *folder, "--watch", "1", code=2).stderr
    assert (
        "segql trend RULE --every 7d --last 2" in segql("count", *OWN, "placed order", "--since", "7d", code=2).stderr
    )
    assert "--format markdown" in segql("members", *folder, "--format", "markdown", code=2).stderr
    assert "--shape goes with" in segql("members", *OWN, "--shape", "lists", "placed order", code=2).stderr


def test_the_segments_of_a_profile(folder: list[str]) -> None:
    key = answer("members", *folder, "--segment", "Twice")["members"][0]
    found = answer("segments-of", str(key), *folder, code=1)
    assert [one["segment"] for one in found["segments"]] == ["Twice"]
    assert found["asked"] == 3
    assert [one["code"] for one in found["problems"]] == ["unknown-name"]
    for one in found["segments"]:
        why = answer("why", *folder, "--segment", one["segment"], "--profile", str(key), "--now", found["now"])
        assert (why["next"], why["flips"]) == (one["next"], one["flips"])
    said = segql("segments-of", str(key), *folder, code=1)
    assert said.stdout.splitlines()[0] == f"{key} is in 1 of 3 segments."
    assert "many/all.segql:2:20" in said.stderr
    assert answer("segments-of", str(key), *folder, "--param", "least=1", code=1)["segments"][1]["segment"] == "Some"
    assert (
        "none of the segments has `most`" in segql("segments-of", str(key), *folder, "--param", "most=1", code=2).stderr
    )
    assert "There is no profile" in segql("segments-of", "nobody", *folder, code=1).stderr


@pytest.mark.parametrize("asks", [["overlap", "--partition"], ["trend", "--last", "2"], ["segments-of", "1"]])
def test_who_asks_all_segments_is_told_that_there_are_none(asks: list[str], shop_folder: Path) -> None:
    (shop_folder / "empty").mkdir()
    assert "There are no segments" in segql(*asks, *OWN, "--segments", "empty", code=2).stderr


@pytest.mark.parametrize("asks", [["overlap"], ["trend", "--last", "2", "--now", "2026-11-22T10:00Z"]])
def test_a_file_or_a_folder_is_asked_whole(asks: list[str], shop_folder: Path) -> None:
    folder = shop_folder / "some"
    folder.mkdir()
    (folder / "two.segql").write_text('segment "One" = everyone\nsegment "Two" = placed order')
    whole = answer(*asks, *OWN, "--segments", "some")
    assert len(whole["segments"]) == 2
    for place in ("some", "some/", "some/two.segql"):
        assert answer(*asks, place, *OWN) == whole
    assert len(answer(*asks, "some", "Two", *OWN)["segments"]) == 1, "what is named there"
    (shop_folder / "none").mkdir()
    assert "There are no segments" in segql(*asks, "none/", *OWN, code=2).stderr
    for word in ("everyone", "placed order"):  # rules, and folders
        folder.rename(folder := shop_folder / word)
        assert f"{word}/ is the folder, ({word}) the rule" in segql(*asks, word, *OWN, code=2).stderr
        assert answer(*asks, f"{word}/", *OWN) == whole
        assert len(answer(*asks, f"({word})", *OWN)["segments"]) == 1


@pytest.mark.parametrize("asks", [["overlap", "--partition"], ["trend", "--last", "2"]])
def test_what_is_asked_of_all_is_not_asked_without_those_that_are_wrong(asks: list[str], shop_folder: Path) -> None:
    (shop_folder / "half.segql").write_text('segment "One" = everyone\nsegment "Two" = placed order in and')
    told = segql(*asks, *OWN, "--segments", "half.segql", code=1)
    assert not told.stdout
    assert told.stderr.count("error[") == 1
    assert answer(*asks, *OWN, "--segments", "half.segql", code=1)["problems"]
    told = segql("diff", "half.segql", "half.segql", "--json", *OWN, code=1)
    assert json.loads(told.stdout)["problems"]
