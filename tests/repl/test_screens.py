"""What a person sees, in tmux: the count while typing, the menu, what is wrong; and that docs/repl.md shows it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from ..docs.documents import blocks
from ..docs.screens import SCREENS, Terminal, terminal

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is missing: apt-get install tmux"),
]

DOCUMENT = Path(__file__).parents[2] / "docs" / "repl.md"
UNDERLINED = re.compile(r"\x1b\[(?:\d+;)*4(?:;\d+)*m")


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Terminal, str]]:
    """One session for all, for it takes long to start; and its first screen."""
    with terminal(tmp_path_factory.mktemp("session"), 80, 13) as it:
        yield it, it.sees("segql>", "demo shop · duckdb") + "\n"


@pytest.fixture
def it(started: tuple[Terminal, str]) -> Terminal:
    started[0].resized(80, 24)
    return started[0]


def test_the_count_moves_with_each_word(it: Terminal) -> None:
    it.sees("segql>", "demo shop · duckdb · Sun 22 Nov 2026 11:00 Europe/Amsterdam")
    it.type("vip")
    it.sees("569 of 20,000 profiles (2.8 %)")
    it.type(" and")
    it.sees("next: a condition")
    it.type(" placed order in 90d")
    seen = it.sees(" of 20,000 profiles")
    assert "569 of" not in seen
    it.hit("Enter")
    it.sees("segql> vip and placed order in 90d\n", "Type a rule.")


def test_a_long_line_goes_on_between_words(it: Terminal) -> None:
    it.type('vip and placed order at least twice in 90d where total > 50 and country is "NL"')
    it.sees('where total > 50 and country\n   ... is "NL"\n', " of 20,000 profiles")


def test_the_menu_of_completions(it: Terminal) -> None:
    it.type("placed order at l")
    it.sees("at least once", "so many or more")
    it.hit("Tab")
    it.sees("segql> placed order at least\n")
    it.type(" 2 times")
    it.hit("Enter")
    it.sees("segql> placed order at least 2 times", "Type a rule.")


def test_what_is_wrong_is_underlined(it: Terminal) -> None:
    it.resized(60, 24)
    it.type("clicked smz in 72h")
    seen = it.sees("There is no event, property or metric", "did you mean `clicked sms`")
    assert max(map(len, seen.splitlines())) <= 60
    line = next(line for line in it.screen(colours=True).splitlines() if "smz" in line)
    assert UNDERLINED.search(line), line
    it.hit("C-c")
    it.type("vip and clicked smz")  # the word that is being typed may become right
    it.sees("There is no event")
    line = next(line for line in reversed(it.screen(colours=True).splitlines()) if "smz" in line)
    assert not UNDERLINED.search(line), line


@pytest.mark.parametrize("name", ["first", *SCREENS])
def test_the_documentation_shows_the_screen(name: str, started: tuple[Terminal, str], update: bool) -> None:
    block = next((b for b in blocks(DOCUMENT) if b.note == f"screen {name}"), None)
    assert block is not None, f"docs/repl.md has no screen {name}"
    seen = started[1] if name == "first" else SCREENS[name].taken(started[0])
    if update and seen != block.text:
        text = DOCUMENT.read_text(encoding="utf-8")
        fence = f"```text screen {name}\n"
        DOCUMENT.write_text(text.replace(fence + block.text, fence + seen), encoding="utf-8")
    else:
        assert block.text == seen, f"{block}; --update would write it"
