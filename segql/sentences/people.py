"""Who people are and what they have: kinds of them, where they live, how old they are, ranks and shares of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from ..binder.advice.phrases import channel_of
from ..catalog import fold
from ..catalog.forms import bases
from ..formatter import format_name
from ..segments import Segments
from ..words import say, spellings, word
from .lexicon import Lexicon, is_article, quoted, stems
from .nations import Nations
from .said import Said
from .slots import Slots, test_
from .standing import Standing
from .vocabulary import all_of, is_small, meanings

_LINKS = frozenset(
    re.findall(
        r"[\w:]+",
        """
        as with is are of in no not a an the called like contain contains include includes does do match matches starts
    ends has have where set empty any all none was were""",
    )
)
"""Words that go on in another way, and begin no free text."""
_MOST, _SHORTEST = 4, 4


class People(Nations):
    """Conditions on who people are, from the words of one sentence."""

    def __init__(self, lexicon: Lexicon, slots: Slots, segments: Segments, today: date) -> None:
        self.lexicon, self.slots, self.segments, self.tokens = lexicon, slots, segments, lexicon.tokens
        self.standing, self.today = Standing(lexicon), today

    # --- slots ------------------------------------------------------------------------------------------------------

    def people(self, at: int, stop: int, _: Mapping[str, Any] | None = None) -> Iterator[tuple[int, str]]:
        """A word for anybody."""
        start = at
        while at < stop and (is_article(self.tokens[at].folded) or self.tokens[at].folded in ("all", "only", "those")):
            if self.tokens[at].folded == "only" or (self.tokens[at].folded in ("all", "those") and at > start):
                break
            at += 1
        if at < stop and (self.tokens[at].folded in all_of("PERSON") or self.tokens[at].folded in spellings("PEOPLE")):
            yield at + 1, self.tokens[at].text

    def property(self, at: int, stop: int, _: Mapping[str, Any] | None = None) -> Iterator[tuple[int, str]]:
        """A property of the profile."""
        yield from self.lexicon.properties(self._over(at, stop), stop)

    def truth(self, at: int, stop: int, _: Mapping[str, Any] | None = None) -> Iterator[tuple[int, str]]:
        """A property that is or is not so: `vip`, `vips`."""
        for end, name in self.lexicon.properties(self._over(at, stop), stop):
            if self.lexicon.profile[name].type == "boolean":
                yield end, name

    def measure(self, at: int, stop: int, _: Mapping[str, Any] | None = None) -> Iterator[tuple[int, str]]:
        """A property that is a number, or a metric."""
        start = self._over(at, stop)
        yield from self.lexicon.metrics(start, stop)
        for end, name in self.lexicon.properties(start, stop):
            if self.lexicon.profile[name].type in ("number", "money"):
                yield end, name

    def channel(self, at: int, stop: int, _: Mapping[str, Any] | None = None) -> Iterator[tuple[int, str]]:
        """A channel."""
        for end, said in self.lexicon.spans(at, min(stop, at + 3)):
            of_many = (one for one in (said, said.removesuffix("s")) if self.lexicon.catalog.find_channel(one))
            if one := next(of_many, ""):
                yield end, self.lexicon.catalog.find_channel(one) or one

    def messaged(self, at: int, stop: int, _: Mapping[str, Any] | None = None) -> Iterator[tuple[int, str]]:
        """A channel by its verb: `emailed`, `texted`."""
        said = self.tokens[at].folded if at < stop else ""
        if said.endswith("ed") and (name := channel_of(self.lexicon.catalog, said)):
            yield at + 1, name

    def channels(
        self, at: int, stop: int, _: Mapping[str, Any] | None = None
    ) -> Iterator[tuple[int, tuple[tuple[str, ...], str]]]:
        """One channel, or several, and what joins them."""
        for end, name in self.channel(at, stop):
            yield from self._more_channels((name,), end, stop)

    def _more_channels(
        self, names: tuple[str, ...], at: int, stop: int
    ) -> Iterator[tuple[int, tuple[tuple[str, ...], str]]]:
        if len(names) == 1:
            yield at, (names, "AND")
        comma = self._at(at) == ","
        link = self._at(at + comma)
        start = at + comma + (link in ("and", "or"))
        for end, name in self.channel(self._over(start, stop), stop) if at < start < stop else ():
            if link in ("and", "or"):
                yield end, ((*names, name), link.upper())
            else:
                yield from self._more_channels((*names, name), end, stop)

    def listed(self, at: int, stop: int, _: Mapping[str, Any] | None = None) -> Iterator[tuple[int, str]]:
        """A list, by its name."""
        for end, said in self.lexicon.spans(self._over(at, stop), stop):
            if name := self.lexicon.catalog.find_list(said) or self.lexicon.catalog.find_list(f"{said}s"):
                yield end, name

    def segment(self, at: int, stop: int, _: Mapping[str, Any] | None = None) -> Iterator[tuple[int, str]]:
        """A saved segment, by its name."""
        for end, said in self.lexicon.spans(self._over(at, stop), stop):
            known = self._segment_called(fold(said))
            if known and not self._is_named(said) and not self._is_named(known):
                yield end, self.segments.segments[known].name.text

    def _segment_called(self, folded: str) -> str:
        """The one saved segment of this name, its last word in the plural or not: `a high roller`."""
        segments, (*first, last) = self.segments.segments, folded.split(" ")
        if folded in segments:
            return folded
        found = [one for one in (f"{last}s", last.removesuffix("s")) if " ".join((*first, one)) in segments]
        return " ".join((*first, found[0])) if len(found) == 1 and len(last) >= _SHORTEST else ""

    def _is_named(self, said: str) -> bool:
        """Whether a condition that begins so is about something else than a segment."""
        catalog, words = self.lexicon.catalog, said.split()
        return any(
            find(" ".join(words[:size])) for size in range(1, len(words) + 1)
            for find in (catalog.find_property, catalog.find_event, catalog.find_metric)
        )  # fmt: skip

    def sex(self, at: int, stop: int, _: Mapping[str, Any] | None = None) -> Iterator[tuple[int, Said]]:
        """`women`, as a property that says so has it."""
        letter = meanings("SEX").get(self.tokens[at].folded) if at < stop else None
        for name, part in self.lexicon.profile.items() if letter else ():
            if {"gender", "sex"}.isdisjoint({fold(one) for one in (name, *part.also)}):
                continue
            for value in part.values:
                if meanings("SEX").get(fold(value)) == letter or fold(value) == letter:
                    yield at + 1, Said(f"{format_name(name)} {word('IS')} {quoted(value)}")

    def value(self, at: int, stop: int, _: Mapping[str, Any] | None = None) -> Iterator[tuple[int, Said]]:
        """A value that a property of the profile is known to have, or a set of such."""
        for end, name, test in self.lexicon.value(self.lexicon.profile, self._over(at, stop), stop):
            yield end, Said(f"{format_name(name)} {test}")

    def free(self, at: int, stop: int, _: Mapping[str, Any] | None = None) -> Iterator[tuple[int, str]]:
        """Any few words to the end, or one text in quotes: words before it say how it is meant."""
        said = self.tokens[at:stop]
        plain = _LINKS.isdisjoint(token.folded for token in said)
        several = any(token.folded in ("and", "or") for token in said)
        if (
            0 < len(said) <= _MOST * (1 + several)
            and plain
            and (len(said) == 1 or all(one.text[0].isalnum() for one in said))
            and (said[0].text[0].isalnum() or said[0].text[0] == '"')
            and not is_small(said[0].folded)
        ):
            yield stop, self.lexicon.words(at, stop)

    # --- conditions -------------------------------------------------------------------------------------------------

    def aged(self, compared: tuple[str, ...]) -> Iterator[Said]:
        """How old, in full years, by an age or by the date of birth; nobody is `older than 40` alike for everybody."""
        sign, *numbers = compared
        if not all(one.isdigit() for one in numbers):
            return
        for name, part in self.lexicon.profile.items():
            if part.type in ("number", "money") and "age" in {fold(one) for one in (name, *part.also)}:
                yield Said(f"{format_name(name)} {test_(compared)}")
                return
        for said in self._births():
            of = int(numbers[0])
            if sign in (">=", "between", "="):
                last = int(numbers[-1])
                upper = f" {word('AND')} {said} in the last {last + 1} years" if sign != ">=" else ""
                yield Said(f"{said} more than {of} years ago{upper}", "AND" if upper else "")
            elif sign == "<":
                yield Said(f"{said} in the last {of} years")
            elif sign == "<=":
                yield Said(f"{said} in the last {of + 1} years")
            else:
                yield Said(f"{said} more than {of} years ago", "", False, f"{of} or older")
                yield Said(f"{said} more than {of + 1} years ago", "", False, f"{of + 1} or older")

    def born(self, year: int) -> Iterator[Said]:
        """Who was born in a year."""
        if 1900 <= year < 2100:
            for said in self._births():
                yield Said(say("{} BETWEEN {} AND {}", said, f"{year}-01-01", f"{year}-12-31"))

    def born_in(self, first: date, last: date, years: int) -> Iterator[Said]:
        """Who turns so old in these days, both included; 29 February is 28 February in years that have no 29th."""
        if (year := last.year - years) < 1900:
            return
        end = last.replace(year=year, day=28) if (last.month, last.day) == (2, 29) else last.replace(year=year)
        if (last + timedelta(days=1)).month == 3 and end.month == 2:
            end = date(year, 3, 1) - timedelta(days=1)
        start = date(first.year - years, first.month, 1) + timedelta(days=first.day - 1)
        for said in self._births():
            yield Said(say("{} BETWEEN {} AND {}", said, str(start), str(end)))

    def _births(self) -> Iterator[str]:
        """The dates of birth that people have."""
        for name, part in self.lexicon.profile.items():
            if part.type == "date" and any("birth" in fold(one) for one in (name, *part.also)):
                yield format_name(name)

    def lacking(self, name: str) -> Iterator[Said]:
        """`no points`: it is not known, or there are none."""
        kind, said = self.lexicon.profile[name].type, format_name(name)
        if kind == "boolean":
            yield Said(f"{word('NOT')} {said}")
            return
        zero = kind in ("number", "money")
        yield Said(f"{said} {word('IS_SET', 'not set')}", "", not zero, "not known" * zero)
        if zero:
            yield Said(f"{said} = 0", "", False, "known to be none")

    def measured(self, name: str, compared: tuple[str, ...], window: str = "", bare: bool = False) -> Said:
        """A measure compared: `total spent this year > 200`. A number alone may be the least."""
        return Said(f"{format_name(name)} {window} {test_(compared)}".replace("  ", " "), "", not bare)

    def ranked(self, edge: str, count: str, who: tuple[str, ...], by: str | None) -> Iterator[Said]:
        """`top 100 spenders`: by what they are called, or by what is said."""
        head = f"{word('TOP', edge)} {count} {word('BY')} "
        metrics = self.lexicon.catalog.metrics
        verbs = {base for one in who for base in bases(_agent(one))} - {""}
        named = {
            name: {base for one in " ".join((name, *metric.also)).split() for base in bases(fold(one))}
            for name, metric in metrics.items()
        }
        if by is not None:
            if not any(_agent(one) for one in who) or not verbs.isdisjoint(named.get(by, ())):
                yield Said(head + format_name(by))
            return
        found = [name for name, words in named.items() if not verbs.isdisjoint(words)]
        texts = [head + format_name(name) for name in found]
        done = dict.fromkeys(event for one in who for event in self.bought_by(one))
        texts += [f"{head}{word('MEASURE_OF', 'number')} {format_name(event)}" for event in done]
        if not texts and not any(_agent(one) for one in who):
            texts = [head + format_name(name) for name in metrics][:_MOST]
        for text in texts:
            yield Said(text, "", len(texts) == 1 and bool(found))

    def does(self, noun: str) -> bool:
        """Whether a word is for who does something that the catalog knows: `spenders`, and not `later`."""
        forms = set(bases(_agent(noun))) - {""}
        named = [*self.lexicon.catalog.metrics, *(one for m in self.lexicon.catalog.metrics.values() for one in m.also)]
        words = {base for name in named for one in fold(name).split() for base in bases(one)}
        return bool(self.bought_by(noun)) or not forms.isdisjoint(words)

    def bought_by(self, noun: str) -> list[str]:
        """The events of a word for who did them: `buyers`."""
        verb = _agent(noun)
        return list(self.lexicon.catalog.events_meant(verb)) if verb else []

    # --- helpers ----------------------------------------------------------------------------------------------------


def _agent(noun: str) -> str:
    """The verb of a word for who does it: `spender`, `buyers`."""
    left = noun.removesuffix("s")
    verb = left[:-2] if left.endswith(("er", "or")) else ""
    return (
        verb
        if len(verb) > 2 and fold(noun) not in spellings("PEOPLE") and left not in all_of("PERSON") - {"buyer"}
        else ""
    )


def never(event: str) -> str:
    """That an event did not happen."""
    return say("NEVER {}", format_name(event))


__all__ = ["People", "never", "stems"]
