"""Where words join two conditions and leave nothing open: each has its own denial and its own time."""

from __future__ import annotations

import re

from ...words import word
from ..reading import Reader
from ..said import Said
from .closed import NO, OWN
from .crowd import Crowd
from .deeds import Deed
from .whens import Whens

_TOLD = re.compile(f" (?:{word('THEN')}|{word('NOT_FOLLOWED_BY')}) ")


class Joints:
    """What joins the conditions of one sentence."""

    def __init__(self, reader: Reader, crowd: Crowd, whens: Whens) -> None:
        self.reader, self.crowd, self.tokens, self.whens = reader, crowd, reader.tokens, whens

    def is_sure(self, first: Said, other: Said, at: int, link: int, deeds: tuple[Deed | None, Deed | None]) -> bool:
        """Whether the first, which begins `at`, and what stands behind the word at `link` say nothing of each other."""
        said, start, (one, two) = self.tokens[link].folded, link + 1, deeds
        if said not in ("and", "but", "or", ",") or (two and two.borrowed):
            return False
        kind = said == "and" and any(self._is_kind(i, link) for i in range(max(0, link - 3), link))
        if kind and any(self._is_kind(start, end) for end in range(start + 1, min(len(self.tokens), start + 3))):
            return False
        if any(self.reader.people.people(start, start + 1)):
            return False  # `Germans and people who ordered`: of both, or both together
        reached = self.denies(at, link) and said != "but" and not (two and two.denied)
        if reached and self.tokens[start].folded not in OWN:  # `don't order and read our mails`
            return False
        if any(_TOLD.search(piece.text) for piece in (first, other)):
            return False  # `received a push, opened the app and then ordered`: the one behind the other, or one alone
        if not (one and two):
            return True
        if two.around.window and not one.around.window:
            return False
        if one.around.window and not two.around.window and self.is_in_front(at):
            return False
        return not two.denied or bool(two.around.window) or not one.around.window

    def is_in_front(self, at: int) -> bool:
        """Whether a stretch begins with a time, which may be that of all that follows."""
        return bool(self.whens.at(at))

    def denies(self, at: int, stop: int) -> bool:
        """Whether something is denied in a stretch."""
        return any(one.folded in NO for one in self.tokens[at:stop])

    def _is_kind(self, at: int, stop: int) -> bool:
        """Whether a stretch is a kind of people: `vips and beta testers` may be all who are one of them."""
        return bool(self.crowd.kinds(at, stop)) or any(self.reader.kinds(at, stop))


__all__ = ["Joints"]
