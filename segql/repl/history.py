"""What was typed before, as whole rules, in a file of the user's; without the secrets of URLs."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from prompt_toolkit.history import FileHistory


class Typed(FileHistory):
    """A history that forgets secrets, and goes on in memory where its file cannot be written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.failed = ""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600))
        except OSError as error:
            self.failed = (error.strerror or str(error)).lower()
        super().__init__(str(path))

    def load_history_strings(self) -> Iterable[str]:
        """What the file holds, newest first; nothing where it cannot be read."""
        try:
            return list(super().load_history_strings())
        except OSError:
            return []

    def append_string(self, string: str) -> None:
        """Takes what was typed, with the secrets of its URLs masked; blank lines are none."""
        if string.strip():
            from ..warehouse.urls import masked

            super().append_string(masked(string.strip()))

    def store_string(self, string: str) -> None:
        """Writes it into the file; after the first failure only memory keeps it, and `failed` says why."""
        if self.failed:
            return
        try:
            super().store_string(string)
        except OSError as error:
            self.failed = (error.strerror or str(error)).lower()
