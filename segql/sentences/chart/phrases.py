"""A sentence with stretches of it in other words that say the same, as the PHRASE lines of `grammar/sentences.txt` do.

A line says in the forms of `forms` what may be said, and what is read in its place: with the same gaps, and with what a
catalog has in a role, `{order}` or `{revenue}`. A line whose role the catalog lacks is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from itertools import islice, product

from ...catalog import fold
from ...formatter import format_name
from ...words import word
from ..clauses import Known
from ..forms import Slot, edges, pieces, possible
from ..lexicon import Lexicon
from ..reading import Reader
from ..tokens import tokens
from ..vocabulary import all_of, several
from .closed import JOINING
from .states import channels

_ROUNDS, _MOST = 3, 8
"""How often a sentence is put in other words, and how many sentences are made of one."""

_UNITS = frozenset({
    "km", "mi", "mile", "miles", "kilometer", "kilometers", "kilometre", "kilometres", "meters", "metres",
})  # fmt: skip


def phrased(text: str, known: Known) -> tuple[str, ...]:
    """The sentence with all that it says otherwise in the words that are read, in each way; not as it is."""
    found = [text]
    for _ in range(_ROUNDS):
        made = [tuple(_once(said, known)) for said in found]
        if not any(made):
            break
        several_ = (one for said, more in zip(found, made, strict=True) for one in more or (said,))
        found = list(dict.fromkeys(several_))[:_MOST]
    return tuple(one for one in found if one != text)


def _once(text: str, known: Known) -> Iterator[str]:
    """The sentence with each such stretch in other words, the longest first; nothing where it has none."""
    said = tokens(text)
    phrases = Phrases(Reader(text, Lexicon(known.catalog, said), known, False))
    ways: list[tuple[int, int, list[str]]] = []
    at = 0
    while at < len(said):
        longest = max((one for one in phrases.at(at)), key=lambda one: one[0], default=None)
        if longest is None:
            at += 1
            continue
        end = longest[0]
        ways.append((at, end, list(dict.fromkeys(one for stop, one in phrases.at(at) if stop == end))))
        at = max(end, at + 1)
    if not ways:
        return
    for chosen in islice(product(*(instead for _, _, instead in ways)), _MOST):
        result = text
        for (start, end, _), instead in reversed(list(zip(ways, chosen, strict=True))):
            first = said[start].start if start < len(said) else len(text)
            last = said[end - 1].end if end > start else first
            head, tail = result[:first].rstrip(), result[last:].lstrip()
            result = " ".join(one for one in (head, instead, tail) if one)
        yield result


class Phrases:
    """The stretches of one sentence that are said otherwise."""

    def __init__(self, reader: Reader) -> None:
        self.reader, self.tokens, self.lexicon = reader, reader.tokens, reader.lexicon
        own: dict[str, Slot] = {
            "begin": self._begin, "end": self._end, "far": self._far, "some": self._some, "one": self._one,
            "money": self._money, "count": self._count, "shop": self._shop, "edges": self._edges,
            "amount": reader.people.slots.amount, "mail": self._mail,
        }  # fmt: skip
        self.slots: Mapping[str, Slot] = {**reader.slots, **own}
        self.forms = possible(_forms(), frozenset(token.folded for token in self.tokens))
        self.valued = _valued(self.lexicon)
        self.roles = _roles(self.lexicon, reader)

    def at(self, at: int) -> Iterator[tuple[int, str]]:
        """Where each ends that begins here, and what is read in its place."""
        for form, instead in self.forms:
            begins, _ = edges(form)
            if begins is None or self.tokens[at].folded in begins:
                for end, gaps in self._matches(form, at):
                    yield from ((end, one) for one in self._written(instead, gaps))

    def _matches(self, form: str, start: int) -> Iterator[tuple[int, dict[str, str]]]:
        parts, stop = pieces(form), len(self.tokens)

        def rest(place: int, at: int, gaps: dict[str, str]) -> Iterator[tuple[int, dict[str, str]]]:
            if place == len(parts):
                yield at, gaps
                return
            name, slot, several_ = parts[place]
            if slot:
                for end, _ in self.slots[slot](at, stop, {}):
                    yield from rest(place + 1, end, {**gaps, name: self._text(at, end)})
            for said in several_:
                end = at + len(said)
                if end > stop or any(i in self.valued for i in range(at, end)):
                    continue
                if all(token.folded == one for token, one in zip(self.tokens[at:end], said, strict=True)):
                    yield from rest(place + 1, end, gaps)

        for end, gaps in rest(0, start, {}):
            if end > start:
                yield end, gaps

    def _text(self, start: int, stop: int) -> str:
        if stop <= start:
            return ""
        return self.reader.text[self.tokens[start].start : self.tokens[stop - 1].end]

    def _written(self, instead: str, gaps: Mapping[str, str]) -> Iterator[str]:
        """What is read in the place of a stretch, with each of what the catalog has in its roles."""
        needed = [name for name in ROLES if f"{{{name}}}" in instead]
        for chosen in product(*(self.roles[name] for name in needed)):
            yield instead.format_map({**gaps, **dict(zip(needed, chosen, strict=True))})

    # --- gaps -------------------------------------------------------------------------------------------------------

    def _begin(self, at: int, stop: int, _: object = None) -> Iterator[tuple[int, str]]:
        """No word, where a condition begins: behind words for people or what joins."""
        before = self.tokens[at - 1].folded if at else ""
        if not at or before in JOINING or before in all_of("PERSON") or any(self.reader.people.people(at - 1, at)):
            yield at, ""

    def _end(self, at: int, stop: int, _: object = None) -> Iterator[tuple[int, str]]:
        """No word, where a condition ends."""
        if at == stop or self.tokens[at].folded in JOINING:
            yield at, ""

    def _far(self, at: int, stop: int, _: object = None) -> Iterator[tuple[int, str]]:
        """How far: `5 miles`, `10km`."""
        for end, _number in self.reader.people.slots.number(at, stop):
            if end < stop and self.tokens[end].folded in _UNITS:
                yield end + 1, ""
        if at < stop and self.tokens[at].folded[0].isdigit() and self.tokens[at].folded.endswith(("km", "mi")):
            yield at + 1, ""

    def _some(self, at: int, stop: int, _: object = None) -> Iterator[tuple[int, str]]:
        """Some words, up to what joins conditions."""
        for end in range(at + 1, min(stop, at + 6) + 1):
            if self.tokens[end - 1].folded in JOINING:
                return
            yield end, ""

    def _one(self, at: int, stop: int, _: object = None) -> Iterator[tuple[int, str]]:
        if at < stop and self.tokens[at].text[0].isalpha():
            yield at + 1, ""

    def _money(self, at: int, stop: int, _: object = None) -> Iterator[tuple[int, str]]:
        """An amount compared: with a sign of money, or with words that compare, and no unit behind it."""
        for end, (sign, *amounts) in self.reader.people.slots.compared(at, stop):
            is_money = any(one[0] in "$€£¥" for one in amounts)
            if is_money or (sign != "=" and (end == stop or self.tokens[end].folded in JOINING)):
                yield end, ""

    def _count(self, at: int, stop: int, _: object = None) -> Iterator[tuple[int, str]]:
        """A number compared, of no money."""
        for end, (_sign, *amounts) in self.reader.people.slots.compared(at, stop):
            if all(one.isdigit() for one in amounts):
                yield end, ""

    def _shop(self, at: int, stop: int, _: object = None) -> Iterator[tuple[int, str]]:
        """A place of the catalog."""
        for end, said in self.lexicon.spans(at, stop):
            if self.lexicon.catalog.find_place(said):
                yield end, ""

    def _mail(self, at: int, stop: int, _: object = None) -> Iterator[tuple[int, str]]:
        """Messages of a channel: `emails`, `newsletters`, `text message`."""
        yield from ((end, "") for end, _ in channels(self.tokens, at))
        yield from ((end, "") for end, _ in self.reader.people.channel(at, stop))

    def _edges(self, at: int, stop: int, _: object = None) -> Iterator[tuple[int, str]]:
        """`first` or `last`."""
        if at < stop and self.tokens[at].folded in ("first", "last"):
            yield at + 1, ""


ROLES = ("order", "revenue", "amount", "average", "visit", "joined", "Q1", "Q2", "Q3", "Q4")


def _roles(lexicon: Lexicon, reader: Reader) -> dict[str, list[str]]:
    """What a catalog has in each role, as it is written."""
    catalog, standing = lexicon.catalog, reader.people.standing
    orders = [format_name(one) for one in standing.purchases()[:1]]
    known = catalog.insights.revenue if catalog.insights is not None else None
    spent = [name for name, one in catalog.metrics.items() if {"spent", "spend", "revenue"} & _said(name, one.also)]
    amounts = [format_name(one) for event in standing.purchases()[:1] for one in reader.verbs.amounts(event)][:1]
    named = [
        name for name, one in catalog.metrics.items()
        if {"average", "mean"} & _said(name, one.also) and {"order", "purchase"} & _said(name, one.also)
    ]  # fmt: skip
    of = [f"{word('AGGREGATE_OF', 'average')} {one} {word('OF')} {orders[0]}" for one in amounts if orders]
    return {
        "order": orders,
        "revenue": [format_name(one) for one in ([known] if known else spent[:1])],
        "amount": amounts,
        "average": [format_name(one) for one in named[:1]] or of,
        "visit": [format_name(one) for one in standing.visits()[:1]],
        "joined": [format_name(one) for one in standing.dates()],
        **{f"Q{n}": _quarters(n, reader.today) for n in range(1, 5)},
    }


def _quarters(number: int, today: date) -> list[str]:
    """A quarter of this year, where it has begun, and of the last."""
    year = today.year - (3 * number - 2 > today.month)
    return [f"{word('IN')} Q{number} {one}" for one in (year, year - 1)]


def _said(name: str, also: tuple[str, ...] | list[str]) -> set[str]:
    return {one for each in (name, *also) for one in fold(each).split()}


def _valued(lexicon: Lexicon) -> frozenset[int]:
    """The places of words that are values of the catalog: they are no words of English."""
    catalog, stop = lexicon.catalog, len(lexicon.tokens)
    found = set[int]()
    parts = [catalog.profiles.properties]
    for event in catalog.events.values():
        parts += [event.properties, *([event.items.properties] if event.items else [])]
    for at in range(stop):
        for one in parts:
            for end, _, test in lexicon.value(one, at, stop):
                if '"' in test:
                    found |= set(range(at, end))
        for end, said in lexicon.spans(at, stop):  # `placed order` is called so already
            if end - at > 1 and (catalog.find_event(said) or fold(said) in catalog.metrics):
                found |= set(range(at, end))
    return frozenset(found)


@cache
def _forms() -> tuple[tuple[str, str], ...]:
    """What may be said, and what is read in its place."""
    return tuple((form, instead) for instead, form in several("PHRASE"))


__all__ = ["ROLES", "phrased"]
