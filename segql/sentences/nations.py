"""Of which nation people are, and what they speak: `Germans`, `Dutch or Belgian`, `speaks French`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..catalog import fold
from ..formatter import format_name
from ..words import word
from .lexicon import quoted
from .places import Places, either_of
from .said import Said
from .vocabulary import meanings, nation

_BEFORE_NATIVE = frozenset(re.findall(r"[\w',]+", "and or but who that not isn't aren't ,"))
_BEHIND_NATIVE = frozenset({"and", "or", "but", ",", "who", "."})
"""Words around `Dutch` where it says of people alone what they are."""


class Nations(Places):
    """Conditions on the nation and the language of somebody, from the words of one sentence."""

    def language(self, at: int, stop: int, _: Mapping[str, Any] | None = None) -> Iterator[tuple[int, Said]]:
        """Languages, as the property for them has them: by name or code."""
        for name, part in self.lexicon.profile.items():
            if "language" not in {fold(one) for one in (name, *part.also)}:
                continue
            texts: list[tuple[str, str]] = []
            end = at
            while end < stop and (code := meanings("LANGUAGE").get(self.tokens[end].folded)):
                texts.append((code, self.tokens[end].text))
                end += 1
                yield end, self._language(name, part.values, part.description or "", texts)
                if end < stop and self.tokens[end].folded in ("or", ","):
                    end += 1 + (self.tokens[end].folded == "," and self._at(end + 1) == "or")

    def _language(self, name: str, values: tuple[str, ...], description: str, texts: list[tuple[str, str]]) -> Said:
        folded = {fold(one): one for one in values}
        found, sure = [], "639" in description
        for code, said in texts:
            known = folded.get(code) or folded.get(fold(said))
            sure = sure or known is not None
            found.append(known or code)
        return Said(f"{format_name(name)} {either_of([quoted(one) for one in found])}", "", sure)

    def nation(self, at: int, stop: int, _: Mapping[str, Any] | None = None) -> Iterator[tuple[int, Said]]:
        """`German`: who lives there, or who speaks it."""
        country = nation(self.tokens[at].folded) if at < stop else None
        members = set(self.lexicon.catalog.set_values(country) or ()) if country else set()
        for name, part in self.lexicon.profile.items() if country else ():
            if members.intersection(part.values):
                assert country
                yield at + 1, Said(f"{format_name(name)} {word('IN')} {format_name(country)}")
        for end, said in self.language(at, min(at + 1, stop)):
            yield end, said.unsure()

    def native(self, at: int, stop: int, _: Mapping[str, Any] | None = None) -> Iterator[tuple[int, Said]]:
        """`Dutch or Belgian` of nobody but those who are: no word for people or a language stands around them."""
        said = [one.folded for one in self.tokens]
        first, last = at, at + 1
        while first > 1 and said[first - 1] in ("or", "and", ",") and _names_people(said[first - 2]):
            first -= 2
        while last + 1 < len(said) and said[last] in ("or", "and", ",") and _names_people(said[last + 1]):
            last += 2
        before = said[:first]
        if before[-1:] in (["is"], ["are"]):
            before.pop()
        if {*before[-1:]} <= _BEFORE_NATIVE and {*said[last : last + 1]} <= _BEHIND_NATIVE:
            yield from self.nation(at, stop)

    def nations(self, at: int, stop: int, _: Mapping[str, Any] | None = None) -> Iterator[tuple[int, Said]]:
        """`Germans`: a word for people alone."""
        if at < stop and self.tokens[at].folded not in meanings("NATION"):
            yield from self.nation(at, stop)


def _names_people(folded: str) -> bool:
    return nation(folded) is not None or folded in meanings("LANGUAGE")


__all__ = ["Nations"]
