"""docs/semantics.md: every row of its table is a case, and every such case a row."""

from __future__ import annotations

import re
from pathlib import Path

DOC = Path(__file__).parents[2] / "docs" / "semantics.md"
CASES = Path(__file__).parents[1] / "cases" / "semantics"


def test_every_row_is_a_case() -> None:
    rows = re.findall(r"^\| .+ \| ([a-z0-9-]+) \|$", DOC.read_text(encoding="utf-8"), re.MULTILINE)
    named = [row for row in rows if row not in ("case", "---")]
    assert len(named) == len(set(named))
    assert set(named) == {path.stem for path in CASES.glob("*.segql-case")}


def test_every_case_tells_people_apart() -> None:
    """Somebody is in, and somebody is out: else the case shows nothing."""
    for path in CASES.glob("*.segql-case"):
        text = path.read_text(encoding="utf-8")
        inside = re.search(r"^=== members\n(.*)$", text, re.MULTILINE)
        assert inside, path.name
        members = set(inside[1].split())
        everyone = set(re.findall(r"\{key: ([a-z0-9-]+)", text))
        assert set() < members < everyone, path.name
