"""What a person sees: a session in tmux, keys into it, its screen as text. `SCREENS` are those that docs/repl.md shows.

`pytest tests/repl/test_screens.py --update` writes them there.
"""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from uuid import uuid4

PATIENCE = 60
SEGQL = "from segql.__main__ import main; main()"


@dataclass(frozen=True)
class Terminal:
    """One tmux server with one terminal."""

    name: str

    def tmux(self, *words: str) -> str:
        done = subprocess.run(
            ["tmux", "-L", self.name, "-f", "/dev/null", *words], capture_output=True, encoding="utf-8", check=True
        )
        return done.stdout

    def type(self, text: str) -> None:
        self.tmux("send-keys", "-t", "it", "-l", text)

    def hit(self, *keys: str) -> None:
        """Keys by tmux's names: Enter, Tab, Down, C-c."""
        self.tmux("send-keys", "-t", "it", *keys)

    def screen(self, colours: bool = False) -> str:
        """What stands on the screen, without the blanks at the ends of lines."""
        text = self.tmux("capture-pane", "-p", "-t", "it", *(["-e"] if colours else []))
        return "\n".join(line.rstrip() for line in text.rstrip("\n").split("\n"))

    def sees(self, *texts: str) -> str:
        """The screen, once all these texts stand on it and it has come to rest."""
        end, before = monotonic() + PATIENCE, ""
        while monotonic() < end:
            now = self.screen()
            if now == before and all(text in now for text in texts):
                return now
            before = now
            sleep(0.15)
        raise AssertionError(f"{texts} did not appear:\n{self.screen()}")

    def resized(self, width: int, height: int) -> None:
        """The same session with nothing on its screen but a prompt, in another size."""
        self.hit("C-c")
        self.tmux("resize-window", "-t", "it", "-x", str(width), "-y", str(height))
        self.hit("C-l")
        seen = self.sees("Type a rule.", "duckdb")
        while not seen.startswith("segql>\n"):  # the window may have got its size after the key
            self.hit("C-l")
            seen = self.sees("Type a rule.", "duckdb")


@contextmanager
def terminal(folder: Path, width: int, height: int) -> Iterator[Terminal]:
    """A session of segql in a terminal of that size, with settings of its own."""
    (folder / "config" / "segql").mkdir(parents=True)
    (folder / "config" / "segql" / "config.toml").write_text("pager = false\n")
    it = Terminal(f"segql-{uuid4().hex[:8]}")
    root = str(Path(__file__).parents[2])
    given = {
        "XDG_CONFIG_HOME": str(folder / "config"), "PYTHONPATH": root, "TERM": "tmux-256color", "LC_ALL": "C.UTF-8",
    }  # fmt: skip
    unset = [word for name in ("NO_COLOR", "COLUMNS", "LINES") for word in ("-u", name)]
    words = ["env", *unset, *(f"{name}={value}" for name, value in given.items()), sys.executable, "-c", SEGQL]
    line = f"cd {shlex.quote(str(folder))} && {shlex.join(words)}; cat"
    it.tmux("new-session", "-d", "-s", "it", "-x", str(width), "-y", str(height), line)
    try:
        yield it
    finally:
        it.tmux("kill-server")


@dataclass(frozen=True)
class Screen:
    """A picture for the documentation: what is typed one after the other, and what must be seen at the end.

    In `keys` a text is typed; a tuple holds keys, and a text in a list is waited for.
    """

    keys: Sequence[str | tuple[str, ...] | list[str]]
    height: int = 20
    width: int = 80

    def taken(self, it: Terminal) -> str:
        """The picture."""
        it.resized(self.width, self.height)
        seen = ""
        for step in self.keys:
            match step:
                case str():
                    it.type(step)
                case tuple():
                    it.hit(*step)
                case _:
                    assert any(text not in seen for text in step), f"{step} stood there before: it waits for nothing"
                    seen = it.sees(*step)
        return seen + "\n"


SCREENS = {
    "count": Screen(["placed order at least twice in 90d", ["576 of 20,000 profiles"]], height=12),
    "completion": Screen(["placed order at l", ["so many or more", "7 begin so"]], height=12),
    "values": Screen(["placed order where coupon is ", ["WELCOME10"]], height=12),
    "mistake": Screen(["clicked smz in 72h and vip", ["There is no event"]], height=10),
    "mended": Screen(
        [
            "clicked smz in 72h and vip", ("Enter",), ["did you mean", "F2 mends"], ("F2",),
            ["clicked sms in 72h and vip", "of 20,000 profiles"],
        ],
        height=16,
    ),
    "readings": Screen(
        ["placed order in 5m and vip", ["Tab chooses"], ("Tab",), ["5min   minutes"]], height=10,
    ),
    "members": Screen(
        [
            "vip and placed order in 90d", ("Enter",), [" of 20,000 profiles", "Type a rule."],
            "\\members 3", ("Enter",), ["showing 3", "Type a rule."],
        ],
        height=18,
    ),
    "why": Screen(
        [
            "clicked sms in 72h and never placed order in 72h", ("Enter",),
            [" of 20,000 profiles", "Type a rule."], "\\why 244", ("Enter",), ["By time", "Type a rule."],
        ],
        height=26, width=100,
    ),
    "explain": Screen(
        [
            "clicked sms in 72h and clicked sms in 7d", ("Enter",),
            [" of 20,000 profiles", "Type a rule."], ("C-l",), "\\explain", ("Enter",), ["SELECT", "Type a rule."],
        ],
        height=57, width=100,
    ),
}  # fmt: skip
