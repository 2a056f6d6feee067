"""`segql build`: what it prints, its exit codes, what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .command_line import OWN, SAVED, answer, segql

GIVEN = [*OWN[:2], *SAVED]


@pytest.mark.parametrize("form", ["views", "dbt", "sqlmesh"])
def test_check_says_what_is_stale(form: str, shop_folder: Path) -> None:
    folder = shop_folder / "built"
    missing = segql("build", form, "built", *GIVEN, "--check", code=1)
    assert "missing: " in missing.stdout
    assert not folder.exists()
    made = segql("build", form, "built", *GIVEN)
    assert "new: " in made.stdout
    assert segql("build", form, "built", *GIVEN, "--check").stdout == ""
    first = next(iter(sorted(folder.iterdir())))
    first.write_text(first.read_text() + "-- more")
    assert segql("build", form, "built", *GIVEN, "--check", code=1).stdout == f"stale: {first.name}\n"
    told = answer("build", form, "built", *GIVEN)
    assert told["changed"] == [first.name]
    assert not told["problems"]


def test_what_others_wrote_is_in_the_way(shop_folder: Path) -> None:
    segql("build", "views", "built", *GIVEN)
    first = next(iter(sorted((shop_folder / "built").iterdir())))
    first.write_text("SELECT 1")
    said = segql("build", "views", "built", *GIVEN, code=1)
    assert f"{first.name} is there, and segql build did not write it" in said.stderr
    assert "nothing was written" in said.stderr
    assert first.read_text() == "SELECT 1"


def test_mistakes_are_problems_and_no_file_is_written(shop_folder: Path) -> None:
    (shop_folder / "bad.segql").write_text("segment A = placed oder\nsegment B = placed order")
    said = segql("build", "dbt", "built", *OWN[:2], "--segments", "bad.segql", code=1)
    assert "placed oder" in said.stderr
    assert not (shop_folder / "built").exists()
    told = json.loads(segql("build", "dbt", "built", *OWN[:2], "--segments", "bad.segql", "--json", code=1).stdout)
    assert told["problems"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["views", "--ref", "a=b"], "--ref names a model of dbt"),
        (["dbt", "--schema", "x"], "leave --schema out"),
        (["dbt", "--ref", "=b"], "is not TABLE=MODEL"),
        (["views", "--dialect", "oracle"], "oracle is not one of"),
    ],
)
def test_options_that_do_not_fit(words: list[str], said: str, shop_folder: Path) -> None:
    form, *rest = words
    assert said in segql("build", form, "built", *GIVEN, *rest, code=2).stderr


def test_a_folder_that_cannot_be_is_said(shop_folder: Path) -> None:
    (shop_folder / "file").write_text("")
    assert "cannot be written" in segql("build", "views", "file/built", *GIVEN, code=2).stderr
