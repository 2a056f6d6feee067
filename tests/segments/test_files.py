"""Definitions in texts, files and folders."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import segql
from segql.ast import Date, Number, Text
from segql.catalog import Catalog
from segql.segments import Segments, load_segments, segments_from


def test_texts_of_definitions() -> None:
    segments = segments_from('let few = 3\n-- Why.\nsegment "My  VIPs" = vip', 'let land = "NL"\nsegment B = vip')
    assert list(segments) == ["My VIPs", "B"]
    assert len(segments) == 2
    assert dict(segments.values) == {"few": Number(Decimal(3)), "land": Text("NL")}
    assert segments["my vips"].comments == ("Why.",)
    with pytest.raises(KeyError, match="Did you mean `My VIPs`"):
        segments["My VIP"]
    assert len(Segments()) == 0


def test_a_broken_definition_leaves_the_others() -> None:
    segments = segments_from("segment A = vip and\nsegment B = vip\nlet x 3\nlet start = 2025-01-01\nsegment C = (")
    assert list(segments) == ["B"]
    assert dict(segments.values) == {"start": Date(date(2025, 1, 1))}
    assert len(segments.problems) == 3


def test_names_are_unique_across_all_texts() -> None:
    segments = segments_from("segment Café = vip\nlet n = 1", "segment cafe\u0301 = age > 3\nlet N = 2\nlet n = 3")
    assert [(p.code, p.span.start > 0 or p.span.text != "") for p in segments.problems] == [
        ("duplicate-name", True)
    ] * 3
    assert "segments:1" in segments.problems[0].message
    assert segments.values == {"n": Number(Decimal(1))}
    assert segql.format(segments["café"]).startswith("segment Café = vip")


def test_files_and_folders(tmp_path: Path, catalog: Catalog) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "b.segql").write_text("segment B = in segment A", "utf-8")
    (tmp_path / "more" / "a.segql").write_text("\ufeffsegment A = plased order", "utf-8")
    (tmp_path / "more" / "bad.segql").write_bytes(b"\xff\xfe")
    (tmp_path / "notes.txt").write_text("segment X = vip", "utf-8")
    segments = load_segments(tmp_path, tmp_path / "b.segql", tmp_path / "nothing.segql")
    assert sorted(segments) == ["A", "B"]
    assert [(p.code, p.span.source.name) for p in segments.problems] == [
        ("unreadable", str(tmp_path / "more" / "bad.segql")),
        ("unreadable", str(tmp_path / "nothing.segql")),
    ]
    (problem,) = segql.check("in segment B", catalog, segments=segments)
    assert problem.span.source.name == str(tmp_path / "more" / "a.segql")
    assert "plased order" in str(problem)
