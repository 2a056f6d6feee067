"""The names and values of a catalog as people inflect them: `orders`, `viewing`, `grinders`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache, wraps
from itertools import pairwise
from typing import Concatenate, ParamSpec, TypeVar, cast

from ..binder.advice.things import thing_called, things_of
from ..catalog import Catalog, fold
from ..catalog.forms import bases
from ..catalog.parts import Property
from ..formatter import format_name
from ..plain import dataclass
from ..words import say, spellings, word
from .tokens import Token
from .vocabulary import all_of, meanings

_SHORTEST, _LONGEST = 3, 6
"""Letters of a value that is found in other letters than its own; words of a name that is looked for."""


@lru_cache(4096)
def stems(folded: str) -> frozenset[str]:
    """The base forms of a word, `viewing` and `orders` among them."""
    found = set(bases(folded))
    if folded.endswith("ing") and len(folded) > 5:
        left = folded[:-3]
        found |= {left, f"{left}e"} | ({left[:-1]} if left[-1] == left[-2] else set())
    if (left := re.sub("(?:at|it)ion$", "", folded.removesuffix("s"))) != folded.removesuffix("s") and len(left) > 2:
        found |= {left, left[:-1]} if left[-1] == left[-2] else {left, f"{left}e"}  # `cancellations`
    return frozenset(found)


_P = ParamSpec("_P")
_T = TypeVar("_T")


def _kept(find: Callable[Concatenate[Lexicon, _P], _T]) -> Callable[Concatenate[Lexicon, _P], _T]:
    """A method that finds each thing once: a sentence is looked at from many places."""

    @wraps(find)
    def found(self: Lexicon, /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        memo = self.__dict__.setdefault(f"kept {find.__name__}", {})
        if args not in memo:
            memo[args] = find(self, *args, **kwargs)
        return cast(_T, memo[args])

    return found


def _listed(find: Callable[Concatenate[Lexicon, _P], Iterator[_T]]) -> Callable[Concatenate[Lexicon, _P], Iterator[_T]]:
    """The same of what yields several."""

    @_kept
    @wraps(find)
    def several(self: Lexicon, /, *args: _P.args, **kwargs: _P.kwargs) -> tuple[_T, ...]:
        return tuple(find(self, *args, **kwargs))

    @wraps(find)
    def found(self: Lexicon, /, *args: _P.args, **kwargs: _P.kwargs) -> Iterator[_T]:
        return iter(several(self, *args, **kwargs))

    return found


@dataclass(frozen=True)
class Lexicon:
    """What the words of a sentence may name in a catalog. Positions are those of its tokens."""

    catalog: Catalog
    tokens: tuple[Token, ...]

    @_kept
    def words(self, start: int, stop: int) -> str:
        """A stretch as it is written, in single spaces."""
        return " ".join(token.text for token in self.tokens[start:stop])

    def spans(self, start: int, stop: int) -> Iterator[tuple[int, str]]:
        """Names that may begin at a place, the longest first."""
        for end in range(min(stop, start + _LONGEST), start, -1):
            yield end, self.words(start, end)

    @_listed
    def events(self, start: int, stop: int) -> Iterator[tuple[int, str]]:
        """Events by a name of theirs in any form of its words."""
        for end, said in self.spans(start, stop):
            for name in self.events_called(said):
                yield end, name

    @_kept
    def events_called(self, said: str) -> tuple[str, ...]:
        """Those that have this name in some form."""
        catalog = self.catalog
        if found := catalog.find_event(said):
            return (found,)
        if found_all := catalog.events_meant(said):
            return found_all
        if guessed := self._guessed(fold(said)):
            return guessed
        first, _, rest = said.partition(" ")
        if not fold(first).endswith("ing"):
            return ()
        meant = [catalog.events_meant(f"{stem} {rest}".strip()) for stem in sorted(stems(fold(first)))]
        return tuple(dict.fromkeys(name for names in meant for name in names))

    @cached_property
    def is_guessed(self) -> bool:
        """Whether a word of the sentence stands for an event that is not called so: `check out`, of `started checkout`.

        Of the verbs of buying (`purchased`, of `placed order`) nobody means something else.
        """
        said = [token.folded for token in self.tokens]
        pairs = (" ".join(pair) for pair in pairwise(said))
        found = (one for one in (*said, *pairs) if self._guessed(one) and not self.catalog.events_meant(one))
        buying = {base for verb in meanings("BUYING") for base in bases(verb)}
        return any(stems(one).isdisjoint(buying) for one in found)

    @_kept
    def _guessed(self, folded: str) -> tuple[str, ...]:
        """The events of buying, where they are called otherwise; `check out`, of `started checkout`."""
        forms, meant = stems(folded), self.catalog.events_meant
        if " " in folded:
            one = folded.replace(" ", "")
            several = (name for name in self.catalog.events if one in fold(name).split())
            return tuple(several) if len(one) > _LONGEST else ()
        if self.catalog.find_event(folded) or meant(folded):
            return ()
        buying = {base for verb in meanings("BUYING") for base in bases(verb)}
        if forms.isdisjoint(buying):
            return ()
        said = (
            *meanings("BUYING"),
            *(f"{verb} {stem}" for verb in ("placed", "made") for stem in (*sorted(forms), "order", "purchase")),
        )
        return next((found for one in said if (found := meant(one))), ())

    @_kept
    def begun(self, folded: str) -> list[str]:
        """Events whose name begins with a verb, in whatever form, and that are no union of others.

        Where none does, those that are also called so.
        """
        events = {name: event for name, event in self.catalog.events.items() if not event.any_of}
        return [name for name in events if _begins(folded, (name,))] or [
            name for name, event in events.items() if _begins(folded, event.also)
        ]

    @_kept
    def is_verb(self, folded: str) -> bool:
        """Whether the name of an event begins so."""
        return any(_begins(folded, (name,)) for name in self.catalog.events)

    @_listed
    def nouns(self, start: int, stop: int) -> Iterator[tuple[int, str]]:
        """Events by what was done: `orders`, `purchases`."""
        for end, said in self.spans(start, min(stop, start + 4)):
            found = self.events_called(said)
            if not found and not _is_little(fold(said.split()[-1])):  # `visits to the store`
                found = self.events_called(" ".join(one for one in said.split() if not _is_little(fold(one))))
            if not found and " " in said:  # `site visits`, `email clicks`
                *object_, deed = fold(said).split()
                found = self.events_called(" ".join((deed, *object_)))
            for verb in ("placed", "made", "had") if not found else ():
                found = found or self.events_called(f"{verb} {said}")
            if not found:
                folded = fold(said)
                found = tuple(
                    name for name, event in self.catalog.events.items() if not event.any_of
                    and not stems(folded).isdisjoint(stems(fold(name).split(" ", 1)[-1]))
                )  # fmt: skip
            for name in found or self._verbal(fold(said)):
                yield end, name

    def _verbal(self, folded: str) -> list[str]:
        """`refunds`, of `refunded order`; `visit`."""
        return self.begun(folded) if not folded.endswith(("ed", "ing")) and " " not in folded else []

    @_listed
    def parted(self, start: int, stop: int) -> Iterator[tuple[int, str]]:
        """An event whose verb has something that says nothing before its other words: `added anything to the cart`."""
        for mid in range(start + 1, min(stop - 1, start + 4)):
            if " ".join(token.folded for token in self.tokens[start + 1 : mid + 1]) not in all_of("ANYTHING"):
                continue
            for end in range(min(stop, mid + 5), mid + 1, -1):
                rest = [t.text for t in self.tokens[mid + 1 : end] if not is_article(t.folded)]
                for name in self.events_called(" ".join([self.tokens[start].text, *rest])) if rest else ():
                    yield end, name

    def split(self, start: int, stop: int, mid: int, end: int) -> tuple[str, ...]:
        """Events whose words stand on both sides of others: `opens [more] emails`."""
        said = f"{self.words(start, mid)} {self.words(end, stop)}"
        return self.events_called(said) if start < mid and end < stop else ()

    @_listed
    def properties(self, start: int, stop: int) -> Iterator[tuple[int, str]]:
        """Properties of the profile, in the plural as well."""
        yield from self.named(self.catalog.profiles.properties, start, stop)

    @_listed
    def metrics(self, start: int, stop: int) -> Iterator[tuple[int, str]]:
        """Metrics, in the plural as well."""
        yield from self.named(self.catalog.metrics, start, stop)

    @_listed
    def of_event(self, event: str, start: int, stop: int) -> Iterator[tuple[int, str]]:
        """Properties of an event's own."""
        leaf = self.catalog.leaf_events(event)[0]
        yield from self.named(self.catalog.events[leaf].properties, start, stop)

    def named(self, named: Mapping[str, object], start: int, stop: int) -> Iterator[tuple[int, str]]:
        """Names of these, in the plural as well."""
        spelled = self._spelled(named)
        for end in range(min(stop, start + _LONGEST), start, -1):
            said = [token.folded for token in self.tokens[start:end]]
            if len(said) == 1 and (whole := _shortened(said[0], spelled)):
                yield end, spelled[whole]
            for words, name in spelled.items():
                if (
                    len(words) == len(said)
                    and words[:-1] == tuple(said[:-1])
                    and words[-1] in (said[-1], *bases(said[-1]))
                ):
                    yield end, name

    def _spelled(self, named: Mapping[str, object]) -> dict[tuple[str, ...], str]:
        """What each of these is called, by the words of the name."""
        memo = self.__dict__.setdefault("kept spelled", {})
        if id(named) not in memo:
            spelled = {
                tuple(fold(one).split()): name
                for name, part in named.items() for one in (name, *getattr(part, "also", ()))
            }  # fmt: skip
            memo[id(named)] = named, spelled  # the mapping is kept, and so nothing else has its id
        return cast(dict[tuple[str, ...], str], memo[id(named)][1])

    def value(self, parts: Mapping[str, Property], start: int, stop: int) -> Iterator[tuple[int, str, str]]:
        """Values that a property is known to have, or a named set of them: where it ends, the property, the test."""
        for end, said in self.spans(start, stop):
            members = set(self.catalog.set_values(said) or ())
            told = [stems(token.folded) for token in self.tokens[start:end]]
            for name, part in parts.items():
                one = _value(part.values, said, told) if part.values else None
                if members.intersection(part.values):
                    yield end, name, say("IN {}", format_name(said))
                elif one is not None:
                    is_ = word("INCLUDES", "any") if part.type == "list of text" else word("IS")
                    yield end, name, f"{is_} {quoted(one)}"

    def counted(self, event: str, noun: str) -> str | None:
        """Which of an event's things a noun counts: `products`; `items` are the first of them."""
        declared = self.catalog.events[self.catalog.leaf_events(event)[0]]
        own, items = things_of(declared)
        first = next(iter((*own, *items)), None) if declared.things else None
        return thing_called(declared, noun) or (first if noun in ("item", "items", "things") else None)

    @cached_property
    def profile(self) -> Mapping[str, Property]:
        """The properties of the profile."""
        return self.catalog.profiles.properties

    @cached_property
    def all_things(self) -> Mapping[str, Property]:
        """What any event is about, by the event and its own name."""
        return {
            f"{event} {name}": part for event in self.catalog.events
            for parts in self.things(event) for name, part in parts.items()
        }  # fmt: skip

    def comes_back(self, name: str) -> bool:
        """Whether a date of the profile is one of which people mean the day of each year."""
        kind = self.profile[name].type
        return kind == "month-day" or (kind == "date" and "birth" in fold(name))

    def texts(self, event: str) -> list[str]:
        """The texts that tell what an event was about, of which no values are known: `campaign`, and no address."""
        declared = self.catalog.events[self.catalog.leaf_events(event)[0]]
        return [
            name for name, part in declared.properties.items()
            if part.type == "text" and not part.values and fold(name) not in (*declared.things, "url", "link")
        ]  # fmt: skip

    def things(self, event: str) -> tuple[Mapping[str, Property], Mapping[str, Property]]:
        """What an event was about: properties of its own, and of its items."""
        return things_of(self.catalog.events[self.catalog.leaf_events(event)[0]])


def _value(values: Sequence[str], said: str, told: list[frozenset[str]]) -> str | None:
    """The value that a stretch says, as it is or in another form of its words."""
    if said.strip('"') in values:
        return said.strip('"')
    for value in values:
        words = _folded_words(value)
        if len(value) < _SHORTEST or len(words) != len(told):
            continue
        if all(not forms.isdisjoint(bases(one)) for forms, one in zip(told, words, strict=True)):
            return value
    return None


def _shortened(said: str, spelled: Iterable[tuple[str, ...]]) -> tuple[str, ...] | None:
    """The one name with these initials: `aov`, of `average order value`."""
    found = [one for one in spelled if len(one) >= _SHORTEST and "".join(part[0] for part in one) == said]
    return found[0] if len(found) == 1 else None


@lru_cache(4096)
def _folded_words(value: str) -> tuple[str, ...]:
    return tuple(fold(value).split())


def _is_little(folded: str) -> bool:
    return is_article(folded) or folded in ("to", "on", "in")


def _begins(folded: str, names: Iterable[str]) -> bool:
    forms = stems(folded)
    return any(not forms.isdisjoint(bases(fold(one).split()[0])) for one in names)


def quoted(text: str) -> str:
    """A text as a value."""
    return '"{}"'.format(text.strip('"').replace('"', '""')) if text[:1] != '"' else text


def is_article(folded: str) -> bool:
    """Whether a word is one."""
    return folded in spellings("ARTICLE") or folded in ("some", "their", "his", "her", "my")
