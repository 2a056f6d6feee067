"""Names and values are no markup: a reader of Markdown gets them back as they are."""

from __future__ import annotations

import html
import re

import pytest
from markdown_it import MarkdownIt

from segql.answers import markdown as md

ODD = (
    "*", "<b>x</b>", "a|b", "# x", "x #", "x ##", "#", "- x", "+ y", "1. x", "1) x", "100) z", "12345. x", "1.",
    "_x_", "a_b", "___", "`x`", "[a](b)", "![a](b)", "&amp;", "a&b;", "~~x~~", "> q", "===", "---", "* * *",
    "\\", "\\*", "x\\#", "a\nb", "<!-- x -->", "Ünï*", ":--", "| a | b |",
)  # fmt: skip
READER = MarkdownIt("commonmark").enable("table").enable("strikethrough")


def read(part: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", part)).strip()


@pytest.mark.parametrize("name", ODD)
def test_a_name_is_read_as_it_is(name: str) -> None:
    shown = " ".join(name.split())
    assert read(READER.render(f"### {md.text(name)}")) == shown
    assert read(READER.render(md.items([name]))) == shown
    cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", READER.render(md.table([name], [[name]])))
    assert [read(cell) for cell in cells] == [shown, shown]


def test_a_block_of_code_ends_behind_what_it_holds() -> None:
    lines = ["```", "a", "````"]
    assert read(READER.render(md.code("diff", lines))) == "\n".join(lines)
