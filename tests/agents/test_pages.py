"""The pages for agents are made of the documents: `pytest tests/agents/test_pages.py --update` writes them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from segql.agents import pages
from segql.codes import MEANINGS

ROOT = Path(__file__).parents[2]
LINK = re.compile(r"\[([^]]+)\]\([^)]*\)")
HEAD = """\
---
name: segql
description: Write, check, count and explain customer segments in SegQL: it reads as English and runs as SQL.
---

# Segments in SegQL
"""


def skill() -> str:
    """How an agent works, and the language in one page."""
    text = pages.document("agents.md").partition("\n## How an agent works\n")[2]
    works, _, _ = text.rpartition("\n\n[skills/")
    return f"{HEAD}{works}\n\n{pages.card()}"


def llms() -> str:
    """What https://llmstxt.org asks for: a title, a sentence, the pages with what each is about."""
    lines = [
        "# SegQL",
        "",
        "> A human language for customer segments that compiles to warehouse SQL.",
        "",
        "## Docs",
        "",
    ]
    for page in sorted({*(ROOT / "docs").glob("*.md")} - {ROOT / "docs" / "index.md"}):
        title, text = LINK.sub(r"\1", page.read_text(encoding="utf-8")).split("\n", 1)
        first = next(one for one in text.strip().split("\n\n") if not one.startswith(("```", "<!--")))
        lines.append(f"- [{title.removeprefix('# ')}](docs/{page.name}): {' '.join(first.split())}")
    lines += [
        "",
        "## For agents",
        "",
        "- [A skill](skills/segql/SKILL.md): how to work, and the language in one page",
        "",
    ]
    return "\n".join(lines)


@pytest.mark.parametrize(("place", "made"), [("skills/segql/SKILL.md", skill), ("llms.txt", llms)])
def test_a_page_is_what_the_documents_say(place: str, made: Callable[[], str], update: bool) -> None:
    text = made()
    if update:
        (ROOT / place).write_text(text, encoding="utf-8")
    assert (ROOT / place).read_text(encoding="utf-8") == text, "--update writes it"


def test_every_topic_and_every_code_has_its_text() -> None:
    for heading in pages.sections():
        assert pages.topic(heading) == pages.topic(heading.upper())
    for group in MEANINGS.values():
        for code, said in group.items():
            assert pages.topic(code) == f"{code}: {said}"


def test_the_page_fits_a_context() -> None:
    assert len(pages.card()) < 8_000
