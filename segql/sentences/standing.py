"""How somebody stands with a business: since when they are known, whether they are active, how near they are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..catalog import fold
from ..catalog.forms import bases
from ..formatter import format_name
from ..words import say, spellings, word
from .lexicon import Lexicon, stems
from .said import Said
from .tokens import Token
from .vocabulary import all_of, meanings

_SAY_HOW_LONG = "90d"
_MOST = 4


class Standing:
    """Conditions on how people stand, from the words of one sentence."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon, self.catalog, self.tokens = lexicon, lexicon.catalog, lexicon.tokens

    # --- slots ------------------------------------------------------------------------------------------------------

    def began(self, at: int, stop: int, _: Mapping[str, Any] | None = None) -> Iterator[tuple[int, tuple[Token, ...]]]:
        """Words for how somebody came: `joined`, `signed up`, `became a customer`."""
        for end in range(min(stop, at + 3), at, -1):
            said = " ".join(token.folded for token in self.tokens[at:end])
            if said in all_of("BEGAN", "verb") or said in all_of("BEGAN", "noun"):
                yield end, self.tokens[at:end]

    def member(self, at: int, stop: int, _: Mapping[str, Any] | None = None) -> Iterator[tuple[int, tuple[Token, ...]]]:
        """`customer`, of somebody who has been one."""
        if at < stop and self.tokens[at].folded in ("customer", "customers", "member", "members"):
            yield at + 1, self.tokens[at : at + 1]

    def activity(self, at: int, stop: int, _: Mapping[str, Any] | None = None) -> Iterator[tuple[int, bool]]:
        """A word for somebody who does something, or does nothing: whether it is the first."""
        for sense, is_active in (("active", True), ("inactive", False)):
            if at < stop and self.tokens[at].folded in all_of("STANDING", sense):
                yield at + 1, is_active

    def site(self, at: int, stop: int, _: Mapping[str, Any] | None = None) -> Iterator[tuple[int, str]]:
        """A place or a store of the catalog, as what it is near to."""
        for end, said in self.lexicon.spans(at, stop):
            bare = said.split(" ", 1)[-1] if fold(said).split()[0] in (*spellings("ARTICLE"), "our", "any") else said
            if name := self.catalog.find_place(bare):
                yield end, format_name(name)
            elif begun := [one for one in self.catalog.places if fold(one).startswith(f"{fold(bare)} ")]:
                yield from ((end, format_name(one)) for one in begun)
            elif fold(bare) in ("store", "stores", "shop", "shops"):
                if self.catalog.stores is not None:
                    yield end, word("ANY_STORE")
                for name in self.catalog.places if self.catalog.stores is None else ():
                    yield end, format_name(name)

    # --- conditions -------------------------------------------------------------------------------------------------

    def since(self, said: tuple[Token, ...], window: str) -> Iterator[Said]:
        """`joined in 2025`: by the one date of the profile that is for it, unless something else begins so."""
        found = self._dates("BEGAN")
        first = stems(said[0].folded)
        others = [
            one for name, event in self.catalog.events.items() for one in (name, *event.also)
            if not first.isdisjoint(bases(fold(one).split()[0]))
        ]  # fmt: skip
        bought = self.purchases()[:1] if said[-1].folded == "customer" and window != word("IS_SET", "set") else []
        for name in found[:_MOST]:
            is_sure = len(found) == 1 and not others
            yield Said(f"{format_name(name)} {window}", "", is_sure, "new as a profile" if bought else "")
        for event in bought:  # `became a customer over 2 years ago`
            yield Said(f"{word('EDGE', 'first')} {format_name(event)} {window}", "", False, "new as a buyer")

    def dates(self) -> list[str]:
        """The dates that say since when people are known."""
        return self._dates("BEGAN")[:2]

    def new(self, window: str) -> Iterator[Said]:
        """`new customers this month`: who came, or who bought for the first time."""
        for name in self._dates("BEGAN")[:2]:
            yield Said(f"{format_name(name)} {window}", "", False, "new as a profile")
        for event in self.purchases()[:1]:
            yield Said(f"{word('EDGE', 'first')} {format_name(event)} {window}", "", False, "new as a buyer")

    def idle(self, window: str) -> Iterator[Said]:
        """`inactive for 90 days`: nothing of what is activity, each a reading."""
        latest = self._dates("LATEST")
        for name in latest:
            yield Said(f"{word('NOT')} {format_name(name)} {window}", "", False)
        for event in (self.visits() or self.purchases())[:_MOST]:
            sure = not latest and self._is_called_active(event)
            yield Said(f"{say('NEVER {}', format_name(event))} {window}", "", sure)

    def busy(self, window: str) -> Iterator[Said]:
        """`active this month`: anything of what is activity, each a reading."""
        latest = self._dates("LATEST")
        for name in latest:
            yield Said(f"{format_name(name)} {window}", "", False)
        for event in (self.visits() or self.purchases())[:_MOST]:
            yield Said(f"{format_name(event)} {window}", "", not latest and self._is_called_active(event))

    def _is_called_active(self, event: str) -> bool:
        """Whether the catalog itself calls an event so, and somebody said just that: `active on site`."""
        begun = [one for one in self.catalog.events if fold(one).split()[0] == "active"]
        return begun == [event] and any(token.folded == "active" for token in self.tokens)

    def kind(self, is_active: bool) -> Iterator[Said]:
        """`active customers`, `lapsed customers`: since when, nobody said."""
        if not is_active:
            yield from self._lapsed()
        for one in self.busy(f"{word('IN_THE_LAST')} {_SAY_HOW_LONG}") if is_active else ():
            yield one.unsure("for example")

    def _lapsed(self) -> Iterator[Said]:
        """`lapsed customers`: who did something, and for long no more; how long, nobody said."""
        for event in (*self.purchases()[:1], *self.visits()[:1]):
            said = f"{word('EDGE', 'last')} {format_name(event)} more than {_SAY_HOW_LONG} ago"
            yield Said(said, "", False, "for example")

    def near(self, site: str) -> Iterator[Said]:
        """`near the store`: how near, nobody said."""
        yield Said(f"{word('WITHIN')} 20 km of {site}", "", False, "for example")

    def is_now(self, rule: str) -> bool:
        """Whether a rule's text is about consent, a list, a segment or a property: how somebody stands."""
        begun = (one for kind in ("CAN_RECEIVE", "CANNOT_RECEIVE", "IN_LIST", "IN_SEGMENT") for one in spellings(kind))
        named = (format_name(name).casefold() for name in self.catalog.profiles.properties)
        bare = f"{rule.removeprefix(word('NOT') + ' ')} ".casefold()
        return bare.startswith(tuple(f"{one} " for one in (*begun, *named)))

    # --- what the catalog has for it --------------------------------------------------------------------------------

    def purchases(self) -> list[str]:
        """The events of buying: what is called so, or what orders are for `stats`."""
        found: dict[str, None] = {}
        if self.catalog.insights is not None and self.catalog.insights.order:
            found[self.catalog.insights.order] = None
        for verb in meanings("BUYING"):
            found |= dict.fromkeys(self.lexicon.events_called(verb))
        return list(found)

    def visits(self) -> list[str]:
        """The events of being there."""
        verbs = set(meanings("VISITING"))
        return [
            name for name, event in self.catalog.events.items()
            if any(not verbs.isdisjoint(bases(fold(one).split()[0])) for one in (name, *event.also))
        ]  # fmt: skip

    def _dates(self, keyword: str) -> list[str]:
        """The dates of the profile that are called by a word of the table, or whose name begins so."""
        called = {fold(one) for one in meanings(keyword)}
        firsts = frozenset[str]().union(*(stems(one.split()[0]) for one in called if one.split()[0] not in _VAGUE))
        return [
            name for name, part in self.catalog.profiles.properties.items() if part.type in ("date", "time")
            and any(
                said in called
                or (" " in said and any(said.startswith(one) for one in called))
                or (keyword == "BEGAN" and not firsts.isdisjoint(stems(said.split()[0])))
                for said in (re.sub(r"[_-]", " ", fold(one)) for one in (name, *part.also))
            )
        ]  # fmt: skip


_VAGUE = frozenset({"customer", "member", "became", "opened"})
"""First words that begin other names as well."""


__all__ = ["Standing"]
