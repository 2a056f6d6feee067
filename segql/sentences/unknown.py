"""Words that the catalog does not know, as texts: where nothing else is left, what some property may hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property

from ..catalog import fold
from ..catalog.forms import bases
from ..catalog.parts import Property
from ..formatter import format_name
from ..words import spellings, word, words
from .lexicon import Lexicon, is_article, quoted
from .rewording import english
from .said import Said
from .slots import Slots, is_end
from .vocabulary import all_of, is_small, nation

_MOST_WORDS, _MOST, _SHORT = 3, 3, 4
"""Words of one text, properties that are offered for it, and letters of what may be a plural."""
_COMMON = frozenset(
    re.findall(
        r"\w+",
        """
    able address addresses again ago almost along always another anyone around away back be became because become began
    being both bring brought call called came check close closer closest come comes coming could deal different do does
    doing done down each early easily either else end ended enough even everyone everything exactly far few final find
    first found further gave get gets getting give given go goes going gone help how instead its just keep keeps
    kept kind know known later latest left let like likely live lives living look looking lot lots made make makes
    making many maybe mean meant mind more most move moved much must name named names near need needs neither next
    normal normally number often once other others out own part past perhaps person place please possible possibly
    precisely previous probably put puts quite rather recent recently rest same saw say says see seem seen sent several
    should show shown side since single so someone something sometimes somewhere soon sort start started still stop
    stopped such sure take taken takes taking tell thank then there these thing things think third though thought time
    times together told too took toward towards tried tries try turn turned type upon us used usual usually want wanted
    wants was way ways went were what whatever whether while whom why will work worth would yes yet you your
""",
    )
)
"""Words of English that are no text of a thing: who types them says something else by them."""
_APART = frozenset({"excluding", "except", "barring", "minus", "without", "nor", "neither"})
"""Words that leave something out, of which no text is made."""


class Unknown:
    """The words of one sentence that name nothing."""

    def __init__(self, lexicon: Lexicon, slots: Slots) -> None:
        self.lexicon, self.slots, self.tokens = lexicon, slots, lexicon.tokens

    def run(self, at: int, stop: int, parts: Mapping[str, Property]) -> int:
        """Where the words end that begin at a place and name nothing, nor a value of these properties."""
        end = at
        while end < min(stop, at + _MOST_WORDS) and self._is_unknown(end, stop, parts):
            end += 1
        return end

    def of_event(self, event: str, at: int, stop: int, aside: bool = False) -> Iterator[tuple[int, str]]:
        """`decaf beans`, `about returns`: what a text of its things may hold; behind a preposition, of the event."""
        own, items = self.lexicon.things(event)
        if at >= stop or (self.tokens[at].folded in all_of("ASIDE")) != aside:
            return
        start = at + aside
        start += start < stop and is_article(self.tokens[start].folded)
        things = {**own, **items}
        begun = next((end for end, _, _ in self.lexicon.value(things, start, stop)), start)
        end = self.run(begun, stop, things)
        if end == begun:
            return
        text = quoted(_singular(self.lexicon.words(start, end)))
        any_item = word("ANY_ITEM", "any")
        more = self.lexicon.catalog.events[self.lexicon.catalog.leaf_events(event)[0]].properties if aside else {}
        found = []
        for parts, form in ((items, f"{any_item} ({{}})"), ({**own, **more}, "{}")):
            known = next(iter(self.lexicon.value(parts, end, stop)), None) if begun == start else None
            for name in _free(parts):
                test = f"{format_name(name)} {word('LIKE', 'contains')} {text}"
                if known is not None:
                    found.append((known[0], form.format(f"{test} {word('AND')} {format_name(known[1])} {known[2]}")))
                else:
                    found.append((end, form.format(test)))
        yield from found[:_MOST]

    def of_people(self, at: int, stop: int) -> Iterator[Said]:
        """`gold`: a label, where people have such; else what some text says of them. Not behind what they did."""
        if any(
            self.lexicon.is_verb(token.folded) or any(self.lexicon.events(i, i + 2))
            for i, token in enumerate(self.tokens[:at])
        ):
            return
        at += at < stop and is_article(self.tokens[at].folded)
        profile = self.lexicon.profile
        if at >= stop or self.run(at, stop, {**self.lexicon.all_things, **profile}) != stop:
            return
        said = self.lexicon.words(at, stop)
        lists = [name for name, part in profile.items() if part.type == "list of text" and not part.values]
        told = [name for name in lists if said.casefold() in (profile[name].description or "").casefold()]
        for name in (told or lists)[:_MOST]:
            yield Said(f"{format_name(name)} {word('INCLUDES', 'any')} {quoted(said)}", "", False)
        for name in [] if lists else _free(profile)[:_MOST]:
            yield Said(f"{format_name(name)} {word('IS')} {quoted(said)}", "", False)

    @cached_property
    def _named(self) -> frozenset[str]:
        """Words that are a name's last or only one, in any form: `emails`, of `opened email`; `link`."""
        catalog = self.lexicon.catalog
        names = [
            *catalog.channels,
            *(one for one in catalog.events if one.count(" ") < 2),
            *catalog.lists,
            *(one for part in self._own for one in part),
        ]
        names += [one for channel in catalog.channels.values() for one in channel.also]
        ends = {fold(one).split()[-1] for one in names}
        return frozenset(token.folded for token in self.tokens if not ends.isdisjoint(bases(token.folded)))

    @cached_property
    def _own(self) -> list[tuple[str, ...]]:
        return [
            (name, *part.also)
            for event in self.lexicon.catalog.events.values()
            for name, part in event.properties.items()
        ]

    def _is_unknown(self, at: int, stop: int, parts: Mapping[str, Property]) -> bool:
        token, lexicon = self.tokens[at], self.lexicon
        if not token.text[0].isalpha() or token.folded in all_of("ASIDE") | all_of("NO_TEXT") or is_end(token.folded):
            return False
        if re.fullmatch(r".{4,}ly|.+days?", token.folded) or token.folded in self._named:
            return False
        if token.folded in _COMMON or token.folded in english() or is_small(token.folded):
            return False
        if nation(token.folded) or token.folded in all_of("LANGUAGE"):
            return False
        if token.folded in _APART or token.folded in (
            *spellings("LIKE"),
            *spellings("INCLUDES"),
        ):  # `email contains "x"` compares what is no property
            return False
        if any(token.folded in words().senses[kind] for kind in ("MONTH", "QUARTER", "HALF")):
            return False
        if is_article(token.folded) or token.folded in spellings("PEOPLE") or any(self.slots.number(at, stop)):
            return False
        named = (lexicon.properties, lexicon.metrics, lexicon.events)
        everything = {**lexicon.all_things, **lexicon.profile, **parts}
        if any(any(find(at, stop)) for find in named) or any(lexicon.value(everything, at, stop)):
            return False
        return not lexicon.is_verb(token.folded) and not any(self.slots.window(at, stop))


def _singular(said: str) -> str:
    """A text with its last word not in the plural: what contains `machines` contains `machine`."""
    return said[:-1] if len(said) > _SHORT and said.casefold()[-1] == "s" and said[-2:].casefold() != "ss" else said


def _free(parts: Mapping[str, Property]) -> list[str]:
    return [name for name, part in parts.items() if part.type == "text" and not part.values]


__all__ = ["Unknown"]
