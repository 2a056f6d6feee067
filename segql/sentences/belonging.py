"""Saved segments that people are in, came into or left, by their names; and who has not bought yet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from ..formatter import format_name
from ..words import say, spellings, word
from .lexicon import quoted
from .people import People, never
from .said import Said, joined
from .telling import Around, told
from .verbs import Verbs
from .vocabulary import all_of

_WHO_BUY = frozenset({"buyers", "owners", "customers", "shoppers", "lovers", "fans", "drinkers"})
_EXAMPLE = "in 1 month"


class Belonging:
    """The gaps for it, by the words of one sentence."""

    def __init__(self, verbs: Verbs, purchases: list[str]) -> None:
        self.verbs, self.lexicon, self.tokens = verbs, verbs.lexicon, verbs.tokens
        self.purchases = purchases

    def lead(self, at: int, stop: int, _: Mapping[str, Any] | None = None) -> Iterator[tuple[int, str]]:
        """A word for who has not bought yet."""
        if at < stop and self.tokens[at].folded in all_of("LEAD"):
            yield at + 1, self.tokens[at].folded

    def outside(self, at: int, stop: int, _: Mapping[str, Any] | None = None) -> Iterator[tuple[int, str]]:
        """Words that say that somebody is not in something."""
        for said in ("is not", "are not", "isn't", "aren't", "not"):
            size = said.count(" ") + 1
            if at + size < stop and self.lexicon.words(at, at + size).casefold() == said:
                yield at + size, said

    def any_channel(self, at: int, stop: int, _: Mapping[str, Any] | None = None) -> Iterator[tuple[int, str]]:
        """`any channel`, `all of our channels`: none in particular."""
        said = [token.folded for token in self.tokens[at : at + 4]]
        size = next((i for i, one in enumerate(said, 1) if one in ("channel", "channels")), 0)
        if size > 1 and said[0] in ("any", "all", "every") and {*said[1 : size - 1]} <= {"of", "our", "the"}:
            yield at + size, said[0]
        elif said[:1] in (["anything"], ["everything"]):
            yield at + 1, "any" if said[0] == "anything" else "all"

    def held_texts(
        self, at: int, stop: int, _: Mapping[str, Any] | None = None
    ) -> Iterator[tuple[int, tuple[str, list[str], str]]]:
        """`contains "x" or "y"`: the test, the texts, and what joins them; at least two, in quotes."""
        begun = next((i for i in range(at, min(stop, at + 4)) if self.tokens[i].text[0] == '"'), at)
        test = self.lexicon.words(at, begun)
        if begun == at or test.casefold() not in spellings("LIKE"):
            return
        several, joins = [self.tokens[begun].text], set[str]()
        for place in range(begun + 1, stop):
            said = self.tokens[place]
            if said.text[0] == '"':
                several.append(said.text)
            elif said.folded in ("and", "or"):
                joins.add(said.folded.upper())
            elif said.text != ",":
                return
        if len(joins) == 1 and self.tokens[stop - 1].text[0] == '"' and len(several) > 1:
            yield stop, (test, several, joins.pop())

    def thing_of(
        self, at: int, stop: int, _: Mapping[str, Any] | None = None
    ) -> Iterator[tuple[int, tuple[str, tuple[str, ...]]]]:
        """`bean`, before `buyers`: a thing that is bought, to the last word."""
        is_said = at < stop - 1 and self.tokens[stop - 1].folded in _WHO_BUY
        for event in self.purchases[:1] if is_said else ():
            for end, tests, sure in self.verbs.thing(event, at, stop):
                if sure and end > at and len(tests) == 1:
                    yield end, (event, tests)

    def labels_said(
        self, at: int, stop: int, _: Mapping[str, Any] | None = None
    ) -> Iterator[tuple[int, tuple[str, str]]]:
        """`gift buyers`: a label, in the plural or not, that a description names, and whose it is."""
        for end in range(at + 1, min(stop, at + 3) + 1) if self._labels else ():
            said = self.lexicon.words(at, end).casefold()
            for one in dict.fromkeys((said, said[:-1])):
                yield from ((end, (name, one)) for name in self._labels.get(one, ()))

    @cached_property
    def _labels(self) -> Mapping[str, list[str]]:
        """The labels that descriptions name, and whose they are."""
        found: dict[str, list[str]] = {}
        for name, part in self.lexicon.profile.items():
            for one in re.split("[,:;]", part.description or "") if part.type == "list of text" else ():
                if label := one.strip(" .").casefold():
                    found.setdefault(label, []).append(name)
        return found


def of_thing(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`bean buyers`, `Molen customers`: who bought such a thing."""
    event, tests = found["v"]
    sure = verbs.tokens[stop - 1].folded == "buyers"
    yield from (one if sure else one.unsure() for one in told(event, Around(tests=tests)))


def inside(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`in High rollers`, `not in High rollers`."""
    said = Said(say("IN_SEGMENT {}", format_name(found["g"])))
    yield said.denied() if "no" in found else said


def moved(sense: str) -> Any:
    """`became a high roller this month`, `left High rollers`: when, unless it is said."""

    def says(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
        head = f"{word('ENTERED_SEGMENT', sense)} {format_name(found['g'])}"
        yield Said(f"{head} {found.get('w', _EXAMPLE)}", "", "w" in found, "" if "w" in found else "for example")

    return says


def leads(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`leads`, `prospects`: who has not bought yet; what the shop means by it, nobody says."""
    for event in people.standing.purchases()[:1]:
        yield Said(never(event), "", False, "who never bought")


def is_text(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`city is Utrecht or Delft`: a text that no list of values has."""
    part = people.lexicon.profile[found["p"]]
    several = re.split(r"\s*(?:,|\bor\b)\s*", found["v"], flags=re.IGNORECASE)
    other = all_of("NO_TEXT") | all_of("LANGUAGE")
    catalog, said = people.lexicon.catalog, found["v"]
    is_else = not other.isdisjoint(said.casefold().split()) or bool(
        catalog.find_property(said) or catalog.find_metric(said) or catalog.find_event(said)
    )
    if part.type == "text" and not part.values and all(several) and not is_else:
        tests = [Said(f"{format_name(found['p'])} {word('IS')} {quoted(one)}") for one in several]
        yield joined(tests, "OR").unsure()


def texts(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`city contains "dam" or "ter"`: each of them is looked for."""
    (test, several, join), name = found["v"], format_name(found["p"])
    said = [Said(f"{name} {test} {one}") for one in several]
    if not test.startswith(_NEGATED) or join == "AND":
        yield joined(said, join)
        return
    yield joined(said, "AND").unsure("none of them")
    yield joined(said, "OR").unsure("not every one of them")


_NEGATED = ("does not", "do not", "doesn't", "don't", "not")


__all__ = ["Belonging", "inside", "is_text", "leads", "moved", "of_thing", "texts"]
