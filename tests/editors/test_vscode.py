"""What stands in editors/vscode and is made of the language is as the language is now."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from segql.editors.textmate import grammar

from ..cli.command_line import segql

FOLDER = Path(__file__).parents[2] / "editors" / "vscode"


def test_the_colours_are_not_stale(update: bool) -> None:
    path = FOLDER / "syntaxes" / "segql.tmLanguage.json"
    text = json.dumps(grammar(), indent=1, ensure_ascii=False) + "\n"
    if update:
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text, "`pytest --update tests/editors` writes it anew"


def test_what_the_package_names_is_there() -> None:
    package = json.loads((FOLDER / "package.json").read_text(encoding="utf-8"))
    contributes = package["contributes"]
    names = [contributes["languages"][0]["configuration"], contributes["grammars"][0]["path"], package["main"]]
    assert [name for name in names if not (FOLDER / name).is_file()] == []
    written, file = package["scripts"]["vscode:prepublish"].split(" > ")  # when it is packed
    assert [one["url"] for one in contributes["yamlValidation"]] == [f"./{file}"]
    made = segql(*written.split()[1:])
    assert json.loads(made.stdout)["properties"].keys() >= {"profiles", "events"}


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("-- a remark", "comment.line"), ('"NL"', "string.quoted.double"), ("2026-11-22", "constant.other.date"),
        ("in the last 3 whole months", "keyword.other"), ("30d", "constant.numeric"), ("$1,000", "constant.numeric"),
        ("At  Least", "keyword.other"), ("and", "keyword.operator.logical"), (">=", "keyword.operator"),
        ("never", "keyword.operator.logical"), ("can receive", "keyword.other"), ("android", None), ("total-in", None),
    ],
)  # fmt: skip
def test_words_have_their_colours(text: str, scope: str | None) -> None:
    """By the first pattern that fits at the beginning, as an editor takes it."""
    for one in grammar()["patterns"]:
        if (found := re.match(one["match"], text)) and found.end():
            assert one.get("name") == (scope and f"{scope}.segql")
            return
    assert scope is None
