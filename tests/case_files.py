"""Case files: what a person writes by hand, and below it what `pytest --update` fills in.

A file is sections, each begun by a line `=== name`; what stands before the first is a comment that says what is shown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class CaseFile:
    path: Path
    comment: str
    sections: dict[str, str]

    def with_filled(self, filled: dict[str, str], written: tuple[str, ...]) -> str:
        """The file's text with only the sections in `written` kept and those in `filled` below them."""
        kept = {name: text for name, text in self.sections.items() if name in written}
        sections = "".join(f"=== {name}\n{text.strip(chr(10))}\n" for name, text in (kept | filled).items())
        return f"{self.comment.strip()}\n\n{sections}"

    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")


def read_case(path: Path) -> CaseFile:
    comment, *parts = re.split(r"^=== (.+)\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return CaseFile(
        path, comment, {name: text.rstrip("\n") for name, text in zip(parts[::2], parts[1::2], strict=True)}
    )


def settle(case: CaseFile, filled: dict[str, str], written: tuple[str, ...], update: bool) -> None:
    """Compare the file with what it should say, or make it say that."""
    wanted = case.with_filled(filled, written)
    if update:
        if wanted != case.text():
            case.path.write_text(wanted, encoding="utf-8")
        return
    for name, text in filled.items():
        assert case.sections.get(name) == text.strip("\n"), (
            f"{name} of {case.path.name} differs; pytest --update accepts it"
        )
    assert wanted == case.text(), f"{case.path.name} has sections too many; pytest --update takes them out"
