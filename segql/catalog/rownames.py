"""The names by which the rows of a table are told apart: a name, or with a star at its end all that begin so."""

from __future__ import annotations

from ..plain import dataclass


@dataclass(frozen=True, slots=True)
class RowName:
    """A text that a row's name is, or begins with."""

    text: str
    begins: bool = False

    def fits(self, name: str) -> bool:
        """Whether a row of that name is meant."""
        return name.startswith(self.text) if self.begins else name == self.text

    def meets(self, other: RowName) -> bool:
        """Whether a row may be meant by both."""
        return self.fits(other.text) or other.fits(self.text)


def row_name(written: str) -> RowName:
    """What a catalog writes: `checkout_*` begins so, and the star of `5\\*` is one."""
    if written.endswith("\\*"):
        return RowName(f"{written[:-2]}*")
    return RowName(written[:-1], begins=True) if written.endswith("*") else RowName(written)


def written(name: str) -> str:
    """A row's name as a catalog writes it."""
    return f"{name[:-1]}\\*" if name.endswith("*") else name
