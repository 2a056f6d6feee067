"""What one occurrence of an event had: `with a coupon`, `over $100`, `via the app`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from ..binder.advice.things import amounts
from ..catalog import fold
from ..catalog.forms import bases
from ..catalog.parts import Property
from ..formatter import format_name
from ..words import word
from .lexicon import Lexicon, is_article, quoted
from .slots import Slots, is_end, test_
from .tokens import Token
from .vocabulary import all_of

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_TITLE = 5
"""Words of a title."""
_WITH = frozenset({"with", "using", "used", "has", "having", "had", "contains"})
_THROUGH = frozenset({"in", "via", "through", "on", "by", "using", "to", "from", "with", "over"})


@cache
def _no_title() -> frozenset[str]:
    """Words that no title has, or that say where a link was."""
    return all_of("NO_TEXT") | all_of("ORDINAL") | all_of("ASIDE") | {"link", "links"}


class Qualities:
    """The properties of an event, by the words of one sentence: where each ends, its test, whether it is sure."""

    tokens: tuple[Token, ...]
    lexicon: Lexicon
    slots: Slots

    def _properties(self, event: str, at: int, stop: int) -> Iterator[tuple[int, str, bool]]:
        """`with a coupon`, `coupon WELCOME10`, `over $100`, `via the app`."""
        yield from self._amount(event, at, stop)
        folded = self.tokens[at].folded
        without = folded in ("without", "no")
        start = at + (folded in _WITH or without or folded in _THROUGH)
        start += start < stop and is_article(self.tokens[start].folded)
        leaf = self.lexicon.catalog.leaf_events(event)[0]
        own = self.lexicon.catalog.events[leaf].properties
        for end, name in self.lexicon.of_event(event, start, stop):
            said, part = format_name(name), own[name]
            if folded in _WITH or without:
                yield end, f"{said} {word('IS_SET', 'not set' if without else 'set')}", True
            elif part.type == "boolean" and start > at:  # `ordered a gift`
                yield end, f"({said})", False
            if without or part.type not in ("text", "money", "number"):
                continue
            for last, _, test in self.lexicon.value({name: part}, end, stop):
                yield last, f"{said} {test}", True
            if part.type == "text" and end < stop and self._is_name(end, stop):
                yield end + 1, f"{said} {word('IS')} {quoted(self.tokens[end].text)}", True
            for last, compared in self.slots.strictly(end + (self._at(end) in ("of", "is", "was")), stop):
                if part.type in ("money", "number"):
                    yield last, f"{said} {test_(compared)}", True
        for end, name in self.lexicon.of_event(event, start + 1, stop) if self._is_name(start, stop) else ():
            if own[name].type == "text" and not own[name].values:  # `the WELCOME10 coupon`
                yield end, f"{format_name(name)} {word('IS')} {quoted(self.tokens[start].text)}", True
        if folded in _THROUGH and start < stop:
            yield from self._spoken_of(event, own, start, stop)

    def _spoken_of(
        self, event: str, own: Mapping[str, Property], at: int, stop: int
    ) -> Iterator[tuple[int, str, bool]]:
        """A value that a property has, or that its description speaks of: `web or app`."""
        things = self.lexicon.things(event)[0]
        others = {name: part for name, part in own.items() if name not in things}
        for end, name, test in self.lexicon.value(others, at, stop):
            yield end, f"{format_name(name)} {test}", False
        for name, value in self.described(others, at):
            yield at + 1, f"{format_name(name)} {word('IS')} {value}", True

    def described(self, parts: Mapping[str, Property], at: int) -> Iterator[tuple[str, str]]:
        """Properties whose description names a word as one of two values: `web or app`."""
        said = self.tokens[at].folded
        for name, part in parts.items():
            words = (part.description or "").casefold().replace(",", " ").replace(":", " ").split()
            is_one = said in words and said not in ("or", "and")
            if part.type == "text" and not part.values and is_one and len(words) <= 8 and "or" in words:
                yield name, quoted(said)

    def titled(self, at: int, stop: int) -> Iterator[tuple[int, str, str]]:
        """`opened the Black Friday campaign`: an event around a title that some text of it may hold, and that test."""
        is_one = at + 1 < stop and (self._at(at + 1) in ("the", "our") or is_article(self._at(at + 1)))
        start = at + 1 + is_one
        if at >= stop or not (begun := self.lexicon.begun(self._at(at))) or not (is_one or self._is_name(start, stop)):
            return
        for noun in range(start + 1, min(stop, start + _TITLE + 1)):
            last = self._at(noun - 1)
            if not last[0].isalnum() or is_end(last) or last in _no_title():
                return
            said = self.lexicon.words(noun, noun + 1)
            is_message = any(self.lexicon.catalog.find_channel(one) for one in (said, said[:-1], f"{said}s"))
            named = self.lexicon.events_called(f"{self._at(at)} {said}") if is_message else ()
            for event in named or begun:
                texts = self.lexicon.texts(event)
                of = [one for one in texts if fold(one) in bases(fold(said))] or (texts if named else [])
                for name in of:
                    text = quoted(self.lexicon.words(start, noun))
                    yield noun + 1, event, f"{format_name(name)} {word('LIKE', 'contains')} {text}"

    def linked(self, at: int, stop: int) -> Iterator[tuple[int, str, str]]:
        """`clicked a link to /sale`: an event, and a text of its own by its name with what it holds."""
        start = at + 1 + (at + 1 < stop and (self._at(at + 1) in ("the", "any") or is_article(self._at(at + 1))))
        if start + 2 >= stop or self._at(start + 1) not in ("to", "for", "about", "called", "with", "containing"):
            return
        forms = bases(self._at(start))
        for event in self.lexicon.begun(self._at(at)):
            own = self.lexicon.catalog.events[event].properties
            names = [name for name, part in own.items() if part.type == "text"
                     and not {fold(one) for one in (name, *part.also)}.isdisjoint(forms)]  # fmt: skip
            for end in range(start + 3, min(stop, start + 2 + _TITLE) + 1) if names else ():
                if is_end(self._at(end - 1)) or self._at(end - 1) in all_of("NO_TEXT"):
                    break
                text = quoted(self.lexicon.words(start + 2, end))
                yield end, event, f"{format_name(names[0])} {word('LIKE', 'contains')} {text}"

    def amounts(self, event: str) -> list[str]:
        """The properties that say how much an event was worth."""
        return amounts(self.lexicon.catalog.events[self.lexicon.catalog.leaf_events(event)[0]])

    def _amount(self, event: str, at: int, stop: int) -> Iterator[tuple[int, str, bool]]:
        start = at + (self._at(at) in ("for", "of", "worth", "totaling", "costing", "spending"))
        found = amounts(self.lexicon.catalog.events[self.lexicon.catalog.leaf_events(event)[0]])
        for end, compared in self.slots.strictly(start, stop):
            if compared[1][0].isdigit() and start == at:  # times, or of its amount
                continue
            for name in found:
                yield end, f"{format_name(name)} {test_(compared)}", len(found) == 1

    def _item_amount(self, event: str, at: int, stop: int) -> Iterator[tuple[int, str]]:
        """What one item cost."""
        declared = self.lexicon.catalog.events[self.lexicon.catalog.leaf_events(event)[0]]
        prices = [
            one for one, part in (declared.items.properties.items() if declared.items else ()) if part.type == "money"
        ]
        start = at + (self._at(at) in ("for", "of", "worth", "costing"))
        for end, compared in self.slots.strictly(start, stop) if prices else ():
            if not compared[1][0].isdigit() or start > at:
                for name in prices:
                    yield end, f"{word('ANY_ITEM', 'any')} ({format_name(name)} {test_(compared)})"

    def _hours(self, at: int, stop: int) -> Iterator[tuple[int, str]]:
        """`after 8pm`, `before noon`, `between 6pm and 9pm`: by the hour of the wall clock."""
        way = self._at(at)
        for end, first in self._hour(at + 1, stop):
            if sign := {"after": ">=", "from": ">=", "since": ">=", "at": "=", "before": "<", "until": "<"}.get(way):
                yield end, f"hour {sign} {first}"
            if way in ("between", "from") and self._at(end) in ("and", "to", "until", "-"):
                for last, second in self._hour(end + 1, stop):
                    if first < second:
                        yield last, f"(hour >= {first} {word('AND')} hour < {second})"

    def _hour(self, at: int, stop: int) -> Iterator[tuple[int, int]]:
        """An hour of the day: `8pm`, `9 am`, `18:00`, `noon`."""
        said = " ".join(token.folded for token in self.tokens[at : min(stop, at + 2)])
        if hour := re.match(r"(?P<hour>1[0-2]|[1-9])(?::00)? ?(?P<half>[ap])m\b", said):
            yield at + 1 + hour[0].count(" "), int(hour["hour"]) % 12 + 12 * (hour["half"] == "p")
        elif hour := re.match(r"(?P<hour>[01]?\d|2[0-3]):00\b", said):
            yield at + 1, int(hour["hour"])
        elif re.match(r"(?:noon|midday)\b", said):
            yield at + 1, 12

    def _weekdays(self, at: int, stop: int) -> Iterator[tuple[int, str]]:
        """`on weekends`, `on a Saturday or Sunday`: by the day of the week."""
        start = at + (self._at(at) in ("on", "at", "during", "over", "between", "from"))
        start += start > at and (is_article(self._at(start)) or self._at(start) == "the")
        said = " ".join(token.folded for token in self.tokens[start : start + 1])
        if start == at or start >= stop:
            return
        if said in ("weekend", "weekends", "weekday", "weekdays"):
            ends = f'("{_DAYS[5]}", "{_DAYS[6]}")'
            yield start + 1, f"weekday {word('IN' if 'end' in said else 'NOT_IN')} {ends}"
        if self._at(start - 1) in ("between", "from") and self._at(start + 1) in (
            "and",
            "to",
            "through",
            "till",
            "until",
        ):
            first, last = (self._at(one).capitalize() for one in (start, start + 2))
            if first in _DAYS and last in _DAYS and _DAYS.index(first) < _DAYS.index(last) and start + 3 <= stop:
                several = ", ".join(map(quoted, _DAYS[_DAYS.index(first) : _DAYS.index(last) + 1]))
                yield start + 3, f"weekday {word('IN')} ({several})"
            return
        days, end = list[str](), start
        while end < stop and (day := self._at(end).removesuffix("s").capitalize()) in _DAYS:
            days.append(day)
            plural = self._at(end).endswith("s") or len(days) > 1 or is_article(self._at(end - 1))
            test = f'{word("IS")} "{day}"' if len(days) == 1 else f"{word('IN')} ({', '.join(map(quoted, days))})"
            if plural:
                yield end + 1, f"weekday {test}"
            end += 1 + (self._at(end + 1) in ("or", ","))

    def _at(self, at: int) -> str:
        return self.tokens[at].folded if at < len(self.tokens) else ""

    def _is_name(self, at: int, stop: int) -> bool:
        """Whether a name of something begins there that the catalog does not know: it is in quotes, or a capital."""
        return at < stop and (self.tokens[at].text[0] == '"' or self.tokens[at].text[0].isupper())
