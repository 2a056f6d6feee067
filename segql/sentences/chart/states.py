"""How somebody stands, in a stretch of a sentence: phrases of few types that cover each word, in any order.

Consent for channels, membership of lists and segments, amounts of a measure, sums that were spent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from ...formatter import format_name
from ...words import word
from ..people import People
from ..said import Said, joined
from ..slots import test_
from ..telling import all_tests
from ..tokens import Token
from ..vocabulary import all_of, several
from .acts import Acts
from .certain import Stand, is_certain_standing, standing
from .closed import NO
from .deeds import Deeds
from .whens import Whens

_MOST, _STEPS = 6, 1_500
"""Readings of one stretch, and phrases that are tried for it."""

_CANNOT = NO | {"can", "can't", "may", "must", "should"}
"""Words that say that no message may be sent; others say why: `unsubscribed from`."""

_TO = re.compile(r" (?:about|from|of|to)$")


class States:
    """The conditions on how somebody stands of one sentence."""

    def __init__(self, people: People, deeds: Deeds, acts: Acts, whens: Whens) -> None:
        self.people, self.deeds, self.acts, self.whens = people, deeds, acts, whens
        self.tokens, self.slots, self.lexicon = people.tokens, people.slots, people.lexicon

    def read(self, at: int, stop: int) -> Iterator[Said]:
        """Every way in which a stretch says how somebody stands."""
        self.steps = _STEPS
        if not 1 < stop - at <= 16:
            return
        for found in islice(dict.fromkeys(self._rest(at, stop, Stand())), _MOST):
            yield from self._said(found)

    def _said(self, found: Stand) -> Iterator[Said]:
        if found.channels and found.ways & {"may", "off", "on"} and not found.named and not found.compared:
            yield from self._consent(found)
        if found.channels or found.reason:
            return
        sure = is_certain_standing(found.trace)
        if found.named and found.ways <= {"in", "join", "leave"} and found.ways and not found.compared:
            yield from (replace(one, sure=sure) for one in self._belongs(found))
        if found.named and found.compared and not found.ways:
            yield from (replace(one, sure=sure) for one in self._measured(found, found.named))
        if "spend" in found.ways and found.ways == {"spend"} and found.compared and not found.named:
            yield from (replace(one, sure=sure) for one in self._spent(found))

    def _consent(self, found: Stand) -> Iterator[Said]:
        if found.ways & {"in", "join", "leave", "spend"} or ("on" in found.ways and "off" in found.ways) or found.tests:
            return
        off = ("off" in found.ways) != found.no
        if found.window and not found.reason:
            return
        head = word("CANNOT_RECEIVE") if off else word("CAN_RECEIVE")
        window = f" {found.window}" if found.window else ""
        join = "AND" if off or found.link != "or" else "OR"
        told = joined((Said(f"{head} {format_name(one)}{window}") for one in found.channels), join)
        several = off and found.link == "and"  # `cannot get emails and sms`: not both, or neither
        yield told if is_certain_standing(found.trace) and not several else told.unsure()
        if found.reason and off and not found.no:
            because = f' because "{found.reason}"{window}'
            yield joined((Said(f"{head} {format_name(one)}{because}") for one in found.channels), join).unsure(
                "for that reason alone"
            )

    def _belongs(self, found: Stand) -> Iterator[Said]:
        kind, name = found.named.split(":", 1)
        window = f" {found.window}" if found.window else ""
        no = f"{word('NOT')} " if found.no else ""
        is_list = kind == "list"
        if kind not in ("list", "segment") or found.tests:
            return
        if "join" in found.ways and window and not no:
            yield Said(
                f"{word('JOINED_LIST') if is_list else word('ENTERED_SEGMENT', 'entered')} {name}{window}", "", False
            )
        elif "leave" in found.ways and window and not is_list and not no:
            yield Said(f"{word('ENTERED_SEGMENT', 'left')} {name}{window}", "", False)
        elif not window and "leave" not in found.ways:
            yield Said(f"{no}{word('IN_LIST') if is_list else word('IN_SEGMENT')} {name}", "", False)

    def _measured(self, found: Stand, named: str) -> Iterator[Said]:
        kind, name = named.split(":", 1)
        if kind != "measure" or found.tests:
            return
        window = f" {found.window}" if found.window else ""
        text = f"{name}{window} {test_(found.compared)}"
        yield Said(f"{word('NOT')} {text}" if found.no else text, "", False, found.note)

    def _spent(self, found: Stand) -> Iterator[Said]:
        """What was paid for all of it; of a thing by its price, or by the orders that have some."""
        window, test = f" {found.window}" if found.window else "", test_(found.compared)
        no = f"{word('NOT')} " if found.no else ""
        metrics = [] if found.tests else self._spendings()[:1]
        for name in metrics:
            yield Said(f"{no}{format_name(name)}{window} {test}", "", False, found.note)
        for event in sorted(self.acts.purchases)[:2]:
            of = f"{word('OF')} {format_name(event)}{window} {test}"
            for name, bare in self._prices(event, found.tests):
                priced = f"{no}{word('AGGREGATE_OF', 'sum')} {format_name(name)} {of} {word('WHERE')} {bare}"
                yield Said(priced, "", False, f"the {name} of each")
            where = f" {word('WHERE')} {all_tests(found.tests)}" if found.tests else ""
            for name in map(format_name, self.deeds.verbs.amounts(event)):
                if found.tests or not metrics:
                    said = f"{no}{word('AGGREGATE_OF', 'sum')} {name} {of}{where}"
                    yield Said(said, "", False, "all of the orders that have some")
                if found.tests and not no:
                    both = f"({all_tests((f'{name} {test}', *found.tests))})"
                    yield Said(f"{format_name(event)}{window} {word('WHERE')} {both}", "", False, "one of the orders")

    def _spendings(self) -> list[str]:
        """Metrics that are called so."""
        metrics = self.lexicon.catalog.metrics.items()
        return [
            name for name, one in metrics if {"spent", "spend"} & set(f"{name} {' '.join(one.also)}".lower().split())
        ]

    def _prices(self, event: str, tests: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        """The prices of an event's items, and the tests of those."""
        items, any_ = self.lexicon.catalog.events[event].items, f"{word('ANY_ITEM', 'any')} ("
        if items is None or not tests or not all(one.startswith(any_) for one in tests):
            return
        bare = all_tests(tuple(one.removeprefix(any_).removesuffix(")") for one in tests))
        for name, part in items.properties.items():
            if part.type == "money":
                yield name, f"({bare})" if f" {word('AND')} " in bare else bare

    def _rest(self, at: int, stop: int, found: Stand) -> Iterator[Stand]:
        if at == stop:
            yield found
            return
        self.steps -= 1
        for end, more in self._phrase(at, stop, found) if self.steps > 0 else ():
            if end <= stop:
                letter = standing(found, more, self.tokens[at:end])
                yield from self._rest(end, stop, replace(more, trace=found.trace + letter))

    def _phrase(self, at: int, stop: int, found: Stand) -> Iterator[tuple[int, Stand]]:
        said = self.tokens[at].folded
        for sense, form in several("STATE"):
            words = form.split()
            if found.no and words[0] in NO:
                continue  # `never cannot receive`: what that denies, nobody can tell
            if tuple(one.folded for one in self.tokens[at : at + len(words)]) == tuple(words):
                is_reason = sense == "off" and words[0] not in _CANNOT
                reason = _TO.sub("", form) if is_reason and not found.reason else found.reason
                yield at + len(words), replace(found, ways=found.ways | {sense}, reason=reason)
        if said in NO and not found.no and not found.compared and "off" not in found.ways:
            yield at + 1, replace(found, no=True)
        for end, name in self.people.channel(at, stop):
            if name not in found.channels:
                yield end, replace(found, channels=(*found.channels, name))
        for end, of in channels(self.tokens, at):
            known = self.lexicon.catalog.find_channel(of)
            if any(self.people.listed(at, stop)):
                continue  # `the newsletter` is a list
            if known and known not in found.channels:
                yield end, replace(found, channels=(*found.channels, known))
        if found.channels and said in ("and", "or", ",", "nor"):
            yield at + 1, replace(found, link=found.link or said)
        if not found.named:
            for end, name in self.people.listed(at, stop):
                yield end, replace(found, named=f"list:{format_name(name)}")
            for end, name in self.people.segment(at, stop):
                yield end, replace(found, named=f"segment:{format_name(name)}")
            for end, name in self.people.measure(at, stop):
                yield end, replace(found, named=f"measure:{format_name(name)}")
        if not found.compared:
            for end, compared in self.slots.compared(at, stop):
                if compared[0] != "=" or compared[1][0] in "$€£¥" or self.tokens[at].folded == "exactly":
                    yield end, replace(found, compared=compared)
        if not found.window:
            for end, window, note, late in self.whens.at(at):
                if not late:
                    yield end, replace(found, window=window, note="; ".join(filter(None, (found.note, note))))
        if "spend" in found.ways:
            for event in sorted(self.acts.purchases)[:1]:
                for end, tests, each, either, sure in self.deeds.verbs._things(event, at, stop):
                    if sure and tests and not each and not either:
                        yield end, replace(found, tests=(*found.tests, *tests))
        for size in () if self.whens.at(at) else (3, 2, 1):
            if at + size <= stop and " ".join(one.folded for one in self.tokens[at : at + size]) in all_of("FILLER"):
                yield at + size, found
                break


def channels(tokens: tuple[Token, ...], at: int) -> Iterator[tuple[int, str]]:
    """Nouns and verbs for messages of a channel: `mails`, `notifications`, `text`."""
    for sense, form in several("OBJECT"):
        words = form.split()
        said = tuple(one.folded for one in tokens[at : at + len(words)])
        if sense in ("email", "sms", "push") and said in (tuple(words), (*words[:-1], f"{words[-1]}s")):
            yield at + len(words), sense


__all__ = ["States", "channels"]
