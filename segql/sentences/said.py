"""What a stretch of a sentence says, in words of SegQL."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ..plain import dataclass
from ..words import say, word

_DENIALS = tuple(f"{one} " for one in (word("NOT"), word("NEVER"), say("CANNOT_RECEIVE {}", "").strip()))


@dataclass(frozen=True, slots=True)
class Said:
    """Conditions as text: joined by `AND` or `OR`, or one alone. What is not `sure` may have been meant otherwise.

    `note` says which of several readings it is.
    """

    text: str
    join: str = ""
    sure: bool = True
    note: str = ""

    def within(self, join: str) -> str:
        """The text as one of several that are joined so."""
        return f"({self.text})" if self.join and self.join != join else self.text

    def denied(self) -> Said:
        """That it is not so."""
        no = f"{word('NOT')} "
        twice = not self.join and self.text.startswith(no)
        return replace(self, text=self.text.removeprefix(no) if twice else no + self.within("NOT"), join="")

    def denies(self, by_not: bool = False) -> bool:
        """Whether its last condition says that something is not so; `by_not`, by that word alone."""
        last = self.text.rpartition(f" {word('AND')} ")[2] if self.join == "AND" else self.text
        return self.join != "OR" and last.startswith(_DENIALS[:1] if by_not else _DENIALS)

    def unsure(self, note: str = "") -> Said:
        """The same as one reading of several."""
        return replace(self, sure=False, note=note or self.note)


def joined(parts: Iterable[Said], join: str) -> Said:
    """Several in one, by `AND` or `OR`."""
    several = tuple(parts)
    if len(several) == 1:
        return several[0]
    text = f" {word(join)} ".join(one.within(join) for one in several)
    notes = "; ".join(dict.fromkeys(one.note for one in several if one.note))
    return Said(text, join, all(one.sure for one in several), notes)
