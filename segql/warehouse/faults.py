"""What is wrong with a warehouse, and what is wrong with a file that its answers are written to."""

from __future__ import annotations

import re
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


def missing(name: str, extra: str) -> WarehouseError:
    """The error where the driver of a warehouse is not installed."""
    return WarehouseError(f"{name} needs a driver that is not installed.", f"pip install 'segql[{extra}]'")


def unfit(name: str, said: str) -> WarehouseError:
    """The error where a table or a column is not there, or not as the SQL needs it."""
    return WarehouseError(
        f"{name} does not have what the catalog says: {said}", "`segql catalog check` lists all that differs"
    )


TOO_LARGE = re.compile(
    r"overflow|int(eger)? out of range|value is out of range|numeric_value_out_of_range", re.IGNORECASE
)
"""How engines say that a number has too many digits."""


def misfit(name: str, said: str) -> WarehouseError:
    """The error where a value cannot be what its type says, or a sum or a product has too many digits."""
    if TOO_LARGE.search(said):
        return WarehouseError(
            f"Numbers in {name} are too large: a sum or a product has more than 38 digits, decimals among them"
            f" ({said.split('. ', 1)[0].removesuffix('.')}).",
            "values below 10^15 fit: keep larger ones out by `where` in the catalog, or take a smaller `scale`",
        )
    return WarehouseError(
        f"A value in {name} does not fit its type in the catalog: {said}", "`segql catalog check` compares the types"
    )


def too_long(name: str, seconds: int) -> WarehouseError:
    """The error where a server stopped a statement after its time."""
    return WarehouseError(
        f"{name} did not answer within {seconds:,} second{'s' * (seconds != 1)}, and the statement was stopped.",
        "give it longer: --timeout SECONDS (0: no end); `segql explain` shows the SQL",
    )
