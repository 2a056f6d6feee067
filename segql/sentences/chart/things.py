"""What a deed was about: texts that the catalog does not know, properties in other words, pieces of a thing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from ...catalog import fold
from ...formatter import format_name
from ...words import word
from ..lexicon import Lexicon, is_article, quoted
from ..rewording import english
from ..slots import test_
from ..tokens import Token
from ..unknown import Unknown
from ..verbs import Verbs
from .acts import Acts
from .closed import NO


class Things:
    """The things of one sentence."""

    tokens: tuple[Token, ...]
    lexicon: Lexicon
    verbs: Verbs
    acts: Acts
    unknown: Unknown | None
    constants: Iterable[str]

    @cached_property
    def named(self) -> frozenset[str]:
        """Words of the names of moments and numbers."""
        return frozenset(word_ for name in self.constants for word_ in fold(name).split())

    def _is_text(self, at: int) -> bool:
        """Whether a word may be a text: nothing of the language, no verb and no noun of what is done."""
        if self.unknown is None or at >= len(self.tokens):
            return False
        token = self.tokens[at]
        if (
            token.folded in english()
            or token.folded in self.named
            or token.folded in NO
            or any(self.acts.verbs(at))
            or any(self.acts.objects(at))
        ):
            return token.text[0] == '"'
        return token.text[0].isalpha() and not token.folded.endswith(("ed", "ing", "ly", "n't", "'d", "'ve", "'re"))

    def is_thing(self, at: int, stop: int) -> bool:
        """Whether a value begins that things have, and people have not: `Molen`, behind `from`."""
        profile = self.lexicon.profile
        at += at < stop and is_article(self.tokens[at].folded)
        if at >= stop or any(self.lexicon.value(profile, at, stop)):
            return False
        return any(
            any(self.lexicon.value(parts, at, stop))
            for one in self.lexicon.catalog.events
            for parts in self.lexicon.things(one)
        )

    def _is_known_thing(self, event: str, at: int, stop: int) -> bool:
        own, items = self.lexicon.things(event)
        return any(self.lexicon.value({**own, **items}, at, stop))

    def _held(self, event: str, at: int, start: int, stop: int) -> Iterator[tuple[int, str]]:
        """`used a discount code`, `with the code WELCOME10`, `the WELCOME10 code`: a property in other words."""
        no = self.tokens[at].folded == "without"
        begin = start + no
        if any(event in of for _, of in self.acts.verbs(begin)):
            return  # `refunded` has no refund by itself
        begin += begin < stop and (
            is_article(self.tokens[begin].folded) or self.tokens[begin].folded in ("any", "their", "our", "his", "her")
        )
        if begin >= stop:
            return
        declared = self.lexicon.catalog.events[event].properties
        code = begin + (self.verbs._is_name(begin, stop) and begin + 1 < stop)
        for place in dict.fromkeys((begin, code)):
            for end, name in self.acts.properties(declared, place):
                is_text = declared[name].type == "text" and not declared[name].values
                if place > begin and is_text and not no:
                    yield end, f"{format_name(name)} {word('IS')} {quoted(self.tokens[begin].text)}"
                elif place == begin and end < stop and is_text and not no and self.verbs._is_name(end, stop):
                    yield end + 1, f"{format_name(name)} {word('IS')} {quoted(self.tokens[end].text)}"
                if place == begin and (start > at or no):
                    yield end, f"{format_name(name)} {word('IS_SET', 'not set' if no else 'set')}"

    def _pieces(self, event: str, tests: tuple[str, ...], window: str, compared: tuple[str, ...]) -> tuple[str, ...]:
        """So many pieces of a thing, where its items are counted."""
        any_item = f"{word('ANY_ITEM', 'any')} ("
        items = self.lexicon.things(event)[1]
        declared = self.lexicon.catalog.events[event].items
        if len(tests) != 1 or not tests[0].startswith(any_item) or declared is None or not items or window:
            return ()
        found = []
        for name, part in declared.properties.items():
            if part.type == "number" and name.casefold() in ("quantity", "units", "pieces", "count"):
                bare = tests[0].removeprefix(any_item).removesuffix(")")
                bare = f"({bare})" if f" {word('AND')} " in bare else bare
                sum_ = f"{word('AGGREGATE_OF', 'sum')} {format_name(name)} {word('OF')} {format_name(event)}"
                found.append(f"{sum_} {test_(compared)} {word('WHERE')} {bare}")
        return tuple(found)


__all__ = ["Things"]
