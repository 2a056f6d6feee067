"""What is wrong with a warehouse, and what is wrong with a file that its answers are written to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..files import reason, replacing


class WarehouseError(Exception):
    """What is wrong with a warehouse, or with what was asked of it, and how to mend it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


@contextmanager
def writing(path: str, part: Path | None = None) -> Iterator[Path]:
    """`files.replacing`, whose errors are WarehouseErrors."""
    try:
        with replacing(path, part) as place:
            yield place
    except OSError as error:
        if error.errno is None:  # the driver's own, half way through an answer
            raise
        raise WarehouseError(f"{path} cannot be written: {reason(error)}.") from None
