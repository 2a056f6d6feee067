"""What stands in editors/vscode and is made of the language is as the language is now."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from segql.catalog import catalog_schema
from segql.editors.textmate import grammar

FOLDER = Path(__file__).parents[2] / "editors" / "vscode"


@pytest.mark.parametrize(
    ("name", "made"), [("syntaxes/segql.tmLanguage.json", grammar), ("catalog.schema.json", catalog_schema)]
)
def test_what_is_made_is_not_stale(name: str, made: Any, update: bool) -> None:
    path = FOLDER / name
    text = json.dumps(made(), indent=1, ensure_ascii=False) + "\n"
    if update:
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text, "`pytest --update tests/editors` writes it anew"


def test_what_the_package_names_is_there() -> None:
    package = json.loads((FOLDER / "package.json").read_text(encoding="utf-8"))
    contributes = package["contributes"]
    names = [contributes["languages"][0]["configuration"], contributes["grammars"][0]["path"], package["main"]]
    names += [one["url"] for one in contributes["yamlValidation"]]
    assert [name for name in names if not (FOLDER / name).is_file()] == []


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
