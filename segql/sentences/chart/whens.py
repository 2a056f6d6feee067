"""When something happened: every window that may begin at a place of a sentence, with what its words leave open."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from ...words import words
from ..slots import is_window
from ..times import with_dates
from ..tokens import Token, tokens
from ..vocabulary import meanings

_LONGEST = 8
_BEGIN = frozenset(re.findall(r"\w+", """
    in within over during for since before after on between last this past previous today yesterday until till from
    more less next up through earlier ever as at the these all throughout recently lately so a an one two three
    four five six seven eight nine ten twelve
"""))  # fmt: skip
_MONTH = "|".join(one for one in words().senses["MONTH"])
_OF_A_YEAR = re.compile(rf"(?P<head>.*\b(?P<month>{_MONTH})(?: \d\d?)?)(?:st|nd|rd|th)?$", re.IGNORECASE)
_NUMBER = r"(?:\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve)"
_NOT_FOR = re.compile(
    r"(?:for|in) (?:more than |over |at least |about |the |a full )?(?:last |past )?"
    rf"(?P<length>{_NUMBER} (?:hour|day|week|month|year)s?)(?: now| or more| or longer)?$",
    re.IGNORECASE,
)
_SINCE_SEASON = re.compile(rf"since (?:the |this )?(?P<season>{'|'.join(meanings('SEASON'))})$", re.IGNORECASE)


class Whens:
    """The windows of one sentence."""

    def __init__(self, said: tuple[Token, ...], today: date) -> None:
        self.tokens, self.today = said, today
        self.kept: dict[int, tuple[tuple[int, str, str, bool], ...]] = {}

    def at(self, at: int) -> tuple[tuple[int, str, str, bool], ...]:
        """Where each ends that begins here, the window, a note, and whether it is one of what did not happen alone."""
        if at not in self.kept:
            first = self.tokens[at].folded
            begins = first in _BEGIN or first.isdigit() or re.fullmatch(_MONTH, first)
            self.kept[at] = tuple(dict.fromkeys(self._all(at))) if begins else ()
        return self.kept[at]

    def _all(self, at: int) -> Iterator[tuple[int, str, str, bool]]:
        for end in range(min(len(self.tokens), at + _LONGEST), at, -1):
            said = " ".join(token.text for token in self.tokens[at:end])
            if said.lower() in ("a", "an", "the", "in", "for", "on"):
                continue
            for window, note in self.read(said):
                yield end, window, note, False
            if found := _NOT_FOR.match(said):
                length = re.sub(r"^(?:a|an|one) ", "1 ", found["length"].lower())
                if is_window(window := f"in the last {length}"):
                    yield end, window, "", True

    def read(self, said: str) -> tuple[tuple[str, str], ...]:
        """The windows that a text is; none where it is none."""
        if (found := _OF_A_YEAR.match(said)) and not any(re.fullmatch(r"20\d\d", one.text) for one in self.tokens):
            month = int(words().senses["MONTH"][found["month"].lower()])
            years = (self.today.year - (month > self.today.month), self.today.year - (month > self.today.month) - 1)
            dated = [(f"{found['head']} {year}", str(year)) for year in years]
            if dates := tuple((one, note) for one, note in dated if is_window(one)):
                return dates
        if is_window(said):
            return ((said, ""),)
        if found := _SINCE_SEASON.match(said):
            begin, end = map(int, meanings("SEASON")[found["season"].lower()].split("-"))
            year = self.today.year - (begin > self.today.month)
            after = date(year + (end < begin or end == 12), end % 12 + 1, 1)
            firsts = ((date(year, begin, 1), "from its first day"), (after, "from its end"))
            return tuple((f"since {one}", note) for one, note in firsts if one <= self.today)
        if said.lower().startswith("over ") and said.lower().endswith(" ago"):
            return ((f"more than {said[5:]}", ""),) if is_window(f"more than {said[5:]}") else ()
        if len(said) < 5:
            return ()
        whole = f"zz {said}"
        found_all = []
        for written, note in with_dates(whole, tokens(whole), self.today):
            left = written.removeprefix("zz ").strip()
            if is_window(left):
                found_all.append((left, note))
        return tuple(found_all[:3])


__all__ = ["Whens"]
