"""Where a command writes its lists: a file that takes the place of an old one when it is whole, or standard output."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

import click

from ..files import reason, replacing

BINARY = ("parquet", "arrow")
"""The formats that are no text: a file needs a name."""


@contextmanager
def written(output: str | None) -> Iterator[TextIO]:
    """The file to write to, or standard output."""
    if output is None:
        yield sys.stdout
        sys.stdout.flush()  # before anything that is said on stderr
        return
    with writing(output), replacing(output) as part, part.open("w", encoding="utf-8", newline="") as file:
        yield file


@contextmanager
def writing(output: str) -> Iterator[None]:
    """What is wrong with a file to write is click's UsageError."""
    try:
        yield
    except OSError as error:
        raise click.UsageError(f"{output} cannot be written: {reason(error)}.") from None
