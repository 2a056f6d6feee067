"""Where people live: values, sets and places that the catalog knows, and names that it does not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..catalog import fold
from ..formatter import format_name
from ..words import spellings, word
from .days import DAYS
from .lexicon import Lexicon, is_article, quoted
from .said import Said, joined
from .tokens import Token
from .vocabulary import all_of

_CALENDAR = frozenset((*spellings("MONTH"), *DAYS))


class Places:
    """Conditions on where somebody lives, from the words of one sentence."""

    tokens: tuple[Token, ...]
    lexicon: Lexicon

    def place(self, at: int, stop: int, _: Mapping[str, Any] | None = None) -> Iterator[tuple[int, str]]:
        """A place that the catalog names, or one of its words: `Utrecht`."""
        for end, said in self.lexicon.spans(self._over(at, stop), stop):
            if name := self.lexicon.catalog.find_place(said):
                yield end, name

    def where(self, at: int, stop: int, _: Mapping[str, Any] | None = None) -> Iterator[tuple[int, Said]]:
        """Values that tell where somebody lives: known ones, or any text of a property that is a place."""
        yield from self._known_places(at, stop)
        if not any(True for _ in self._known_places(at, stop)):
            yield from self._named_sets(at, stop)
            yield from self._free_places(at, stop)

    def _named_sets(self, at: int, stop: int) -> Iterator[tuple[int, Said]]:
        """`Germany`, of codes that a place of the profile may have; whether it has them, the catalog does not say."""
        for end, said in self.lexicon.spans(at, stop):
            name_ = self.lexicon.catalog.find_set(said)
            for name, part in self.lexicon.profile.items() if name_ else ():
                if part.type == "text" and not part.values and _is_country((name, *part.also)):
                    yield end, Said(f"{format_name(name)} {word('IN')} {format_name(name_ or said)}", "", False)

    def _known_places(self, at: int, stop: int) -> Iterator[tuple[int, Said]]:
        """Values of one property, joined by `or`, `and` or commas: in any of them."""
        if at < stop and self.tokens[at].text == "us":  # `an email from us`
            return
        by_name: dict[str, None] = {
            name: None for _, name, _ in self.lexicon.value(self.lexicon.profile, self._over(at, stop), stop)
        }
        yield from self._values_of(by_name, at, stop)

    def valued(self, at: int, stop: int, found: Mapping[str, Any]) -> Iterator[tuple[int, Said]]:
        """Values of a property that was named before, in any form: `country is Germany, Austria or Switzerland`."""
        yield from self._values_of((found["p"],), at, stop)

    def _values_of(self, names: Iterable[str], at: int, stop: int) -> Iterator[tuple[int, Said]]:
        for name in names:
            part = {name: self.lexicon.profile[name]}
            tests: list[str] = []
            end = at
            while (one := next(iter(self.lexicon.value(part, self._over(end, stop), stop)), None)) is not None:
                tests.append(f"{format_name(name)} {one[2]}")
                end = one[0]
                yield end, joined(map(Said, tests), "OR")
                nor = self.tokens[end].folded == "nor" and self._at(at - 1) == "neither" if end < stop else False
                if end >= stop or not (nor or self.tokens[end].folded in ("or", "and", ",")):
                    break
                end += 1 + (self.tokens[end].folded == "," and self._at(end + 1) in ("or", "and"))

    def _free_places(self, at: int, stop: int) -> Iterator[tuple[int, Said]]:
        texts: list[str] = []
        end = at
        if at < stop and self.tokens[at].folded in _CALENDAR:
            return
        while (end < stop and self.tokens[end].text[0].isupper()) or (end < stop and self.tokens[end].text[0] == '"'):
            start = end
            while end < stop and (self.tokens[end].text[0].isupper() or self.tokens[end].text[0] == '"'):
                end += 1
            if any(stop_ == end for stop_, _, _ in self.lexicon.value(self.lexicon.all_things, start, end)):
                return  # a brand is no place
            texts.append(quoted(self.lexicon.words(start, end)))
            for name, part in self.lexicon.profile.items():
                words = {one for spelled in (name, *part.also) for one in fold(spelled).split()}
                if part.type == "text" and not part.values and not all_of("PLACE").isdisjoint(words):
                    yield end, Said(f"{format_name(name)} {either_of(texts)}", "", False)
            if end < stop and self.tokens[end].folded in ("or", ","):
                end += 1 + (self.tokens[end].folded == "," and self._at(end + 1) == "or")

    def _over(self, at: int, stop: int) -> int:
        return at + 1 if at < stop and is_article(self.tokens[at].folded) else at

    def _at(self, at: int) -> str:
        return self.tokens[at].folded if at < len(self.tokens) else ""


def _is_country(names: tuple[str, ...]) -> bool:
    return any("country" in fold(one).split() for one in names)


def either_of(texts: list[str]) -> str:
    """What is compared with one text, or with several."""
    return f"{word('IS')} {texts[0]}" if len(texts) == 1 else f"{word('IN')} ({', '.join(texts)})"


__all__ = ["Places", "either_of"]
