"""`segql members --columns`: each format, and what is no column."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import duckdb
import pytest

from .command_line import answer, segql

ASKED = "first name, total spent, last placed order, can receive email, (country in (\"NL\", 'BE')), tags"


def test_every_format_says_the_same(tmp_path: Path) -> None:
    told = answer("members", "is vip", "--columns", ASKED, "--limit", "4")
    assert told["columns"][:4] == ["first name", "total spent", "last placed order", "can receive email"]
    lines = segql("members", "is vip", "--columns", ASKED, "--limit", "4", "--format", "jsonl").stdout.splitlines()
    assert list(map(json.loads, lines)) == told["members"]
    rows = list(csv.DictReader(io.StringIO(
        segql("members", "is vip", "--columns", ASKED, "--limit", "4", "--format", "csv").stdout
    )))  # fmt: skip
    for row, one in zip(rows, told["members"], strict=True):
        assert (row["first name"], float(row["total spent"])) == (one["first name"], one["total spent"])
        assert row["last placed order"] == (one["last placed order"] or "")
        assert row["can receive email"] == json.dumps(one["can receive email"])
    file = tmp_path / "them.parquet"
    segql("members", "is vip", "--columns", ASKED, "--limit", "4", "--format", "parquet", "--output", str(file))
    found = duckdb.execute('SELECT customer_id, "total spent", tags FROM read_parquet(?)', [str(file)]).fetchall()
    wanted = [(one["customer_id"], one["total spent"], one["tags"]) for one in told["members"]]
    assert [(key, float(spent), tags) for key, spent, tags in found] == wanted
    whole = segql("members", "is vip", "--columns", ASKED, "--limit", "4")
    assert whole.stderr == "(showing 4 of 569; --limit shows more)\n"
    table = whole.stdout.splitlines()
    assert table[0].split("  ")[0] == "customer_id"
    assert len(table) == 6


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ("email", "say `can receive email`"),
        ("placed order", "last placed order\n        number of placed order"),
        ("last placed order in 90d", "leave the window out"),
        ("total spnt", "did you mean `total spent`?"),
        ("sum of coupon of placed order", "which has no sum"),
        ("total spent, (", "error[syntax]"),
    ],
)
def test_what_is_no_column_is_said(columns: str, said: str) -> None:
    assert said in segql("members", "is vip", "--columns", columns, code=1).stderr


def test_in_parentheses_an_event_alone_is_a_rule() -> None:
    told = answer("members", "is vip", "--columns", "(placed order), (vip)", "--limit", "2")
    assert [(one["(placed order)"], one["(vip)"]) for one in told["members"]] == [(True, True)] * 2


def test_columns_go_with_one_rule() -> None:
    assert "names none" in segql("members", "is vip", "--columns", " , ", code=2).stderr
    assert "one rule" in segql("members", "--segments", "examples/shop", "--columns", "country", code=2).stderr
