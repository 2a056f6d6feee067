"""A folder of files that SegQL wrote: how it differs from what it should hold, and the way there.

The first line of a file says that it is ours. Others are never written over, and never deleted.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from ..files import alone_in, replacing
from ..plain import dataclass

MARK = "Written by segql build from a .segql file: what is changed here is lost."


@dataclass(frozen=True, slots=True)
class Difference:
    """The names of files that are missing, that hold something else, that no segment has any more, and of others'."""

    new: tuple[str, ...]
    changed: tuple[str, ...]
    left: tuple[str, ...]
    others: tuple[str, ...]

    @property
    def stale(self) -> bool:
        """Whether the folder is not as it should be."""
        return bool(self.new or self.changed or self.left or self.others)


def difference(folder: Path, files: Mapping[str, str]) -> Difference:
    """How the folder differs from these files. Raises OSError."""
    new, changed, others = [], [], []
    for name, text in files.items():
        path = folder / name
        if not path.exists() and not path.is_symlink():
            new.append(name)
        elif (held := _ours(path)) is None:
            others.append(name)
        elif held != text:
            changed.append(name)
    there = sorted(path for path in folder.glob("*") if path.suffix in (".sql", ".yml")) if folder.is_dir() else []
    left = [path.name for path in there if path.name not in files and _ours(path) is not None]
    return Difference(tuple(new), tuple(changed), tuple(left), tuple(others))


def settle(folder: Path, files: Mapping[str, str]) -> Difference:
    """Makes the folder hold these files, and gives what differed. With files of `others` in the way nothing is done.

    All are written before the first takes its place. Raises OSError.
    """
    with alone_in(folder):
        found = difference(folder, files)
        if found.others:
            return found
        with ExitStack() as stack:
            for name in (*found.new, *found.changed):
                stack.enter_context(replacing(folder / name)).write_bytes(files[name].encode())
        for name in found.left:
            (folder / name).unlink()
    return found


def _ours(path: Path) -> str | None:
    """The text of a file that SegQL wrote; None of any other."""
    try:
        text = path.read_bytes().decode()
    except (UnicodeDecodeError, IsADirectoryError):
        return None
    return text if text.partition("\n")[0].lstrip("-# ") == MARK else None
