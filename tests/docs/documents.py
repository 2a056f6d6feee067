"""Runs the fenced blocks of README.md and docs/, so that what they show is true.

`console` blocks hold commands (`$ segql ...`, lines with `> ` going on) and all that they print. In the expected output
`...` alone in a line stands for any lines, inside a line for anything. The standard library is all that this needs:
`python documents.py FILE` runs the first example of a file, in .ci/run where nothing but the wheel is installed.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

_FENCE = re.compile(r"^(`{3,})([^\n`]*)\n(.*?)^\1[ ]*$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block: its first word (`console`), the rest of that line, its text, where it begins."""

    file: Path
    line: int
    language: str
    note: str
    text: str

    def __str__(self) -> str:
        return f"{self.file.name}:{self.line}"


def blocks(file: Path) -> list[Block]:
    """The fenced blocks of a Markdown file, in order."""
    text = file.read_text(encoding="utf-8")
    found = []
    for match in _FENCE.finditer(text):
        language, _, note = match[2].strip().partition(" ")
        found.append(Block(file, text.count("\n", 0, match.start()) + 1, language, note.strip(), match[3]))
    return found


def commands(block: Block) -> list[tuple[str, str]]:
    """The commands of a console block, each with what it should print. Lines with `> ` go on with a command."""
    found: list[tuple[str, str]] = []
    for line in block.text.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], ""))
        elif found and line.startswith("> ") and not found[-1][1]:
            found[-1] = (f"{found[-1][0]}\n{line[2:]}", "")
        elif found:
            found[-1] = (found[-1][0], found[-1][1] + line + "\n")
        else:
            raise AssertionError(f"{block}: a console block begins with `$ `")
    return found


def run_console(block: Block, folder: Path, environment: dict[str, str] | None = None) -> str:
    """Runs a console block in a folder: the block as it should be, which is as it is when all is well."""
    text = ""
    for command, expected in commands(block):
        done = subprocess.run(
            ["bash", "-c", command], cwd=folder, env=environment, text=True, encoding="utf-8",
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120, check=False,
        )  # fmt: skip
        printed = "\n".join(line.rstrip() for line in done.stdout.splitlines()).strip("\n")
        shown = expected.strip("\n") if matches(printed, expected.strip("\n")) else printed
        text += "$ " + command.replace("\n", "\n> ") + "\n" + (shown + "\n" if shown else "")
    return text


def matches(printed: str, expected: str) -> bool:
    """Whether an output is the expected one, `...` standing for anything."""
    pattern = ""
    for line in expected.splitlines():
        if line.strip() == "...":
            pattern += r"(?:[^\n]*\n)*?"
        else:
            pattern += ".*".join(re.escape(part.rstrip() if last else part) for part, last in _parts(line)) + r"\n"
    return re.fullmatch(pattern, printed + "\n" if printed or expected else "") is not None


def _parts(line: str) -> list[tuple[str, bool]]:
    parts = line.rstrip().split("...")
    return [(part, number == len(parts) - 1) for number, part in enumerate(parts)]


def main(file: Path) -> None:
    """Runs the first example of a document with the `segql` and the Python at hand."""
    first = next(block for block in blocks(file) if block.language in ("console", "python"))
    if first.language == "console":
        should_be = run_console(first, Path.cwd(), dict(os.environ))
        assert first.text == should_be, f"{first} should be\n\n{should_be}"
    else:
        subprocess.run([sys.executable, "-c", first.text], check=True)
    print(f"{first}: as the document says")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
