"""One deed in a stretch of a sentence: phrases of few types that cover each word of it, in any order, put together.

The types: what was done (verb) and to what (noun), which thing, how often, when, the first or last of them, that it did
not happen, and words that say nothing. Nothing is skipped that is in none of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from ...formatter import format_name
from ...words import word
from ..slots import often_
from ..telling import one_item
from ..unknown import Unknown
from ..verbs import Verbs
from ..vocabulary import all_of
from .acts import Acts
from .certain import Certain, is_certain
from .closed import AGAIN, DETERMINERS, NO, TO
from .counts import Counts, noted
from .deed import Deed, State, is_kin
from .things import Things
from .whens import Whens

_MOST, _STEPS, _CANDIDATES = 6, 4_000, 6
"""Readings of one stretch, phrases that are tried for it, and events that one stretch may be about."""

_NOT_ONE = (
    ("not", "a", "single"),
    ("not", "one"),
    ("not", "even", "once"),
    ("not", "once"),
    ("not", "any"),
    ("no", "single"),
    ("not", "even", "a", "single"),
    ("not", "even", "one"),
    ("never", "once"),
    ("none", "of"),
)


class Deeds(Counts, Things):
    """The deeds of one sentence; with `unknown`, words that the catalog does not know are texts."""

    def __init__(
        self, verbs: Verbs, acts: Acts, whens: Whens, unknown: Unknown | None, constants: Iterable[str]
    ) -> None:
        self.verbs, self.acts, self.whens, self.unknown = verbs, acts, whens, unknown
        self.constants, self.certain = constants, Certain(verbs, acts)
        self.tokens, self.slots, self.lexicon = verbs.tokens, verbs.slots, verbs.lexicon
        self.kept: dict[tuple[int, int, tuple[str, ...]], tuple[Deed, ...]] = {}
        self.spent = self.steps = self.start = 0
        self.cut = False
        self.parts: dict[tuple[int, int, str], list[tuple[int, tuple[str, ...], tuple[str, ...], tuple[str, ...]]]] = {}

    def read(self, at: int, stop: int, before: tuple[str, ...] = ()) -> tuple[Deed, ...]:
        """Every way in which a stretch is one deed; without verb and noun it is one of the events that were before."""
        key = (at, stop, before)
        if key not in self.kept:
            found = tuple(dict.fromkeys(self._read(at, stop, before)))
            self.cut = self.cut or len(found) > _MOST * 2
            kin = {one.event for one in found if one.same and any(is_kin(one.event, other) for other in before)}
            found = tuple(one for one in found if not (kin and one.same) or one.event in kin)
            self.kept[key] = found[: _MOST * 2]
        return self.kept[key]

    def _read(self, at: int, stop: int, before: tuple[str, ...]) -> Iterator[Deed]:
        if at >= stop or stop - at > 26:
            return
        done = [(i, end, of) for i in range(at, stop) for end, of in self.acts.verbs(i) if end <= stop]
        about = [(i, end, of) for i in range(at, stop) for end, of in self.acts.objects(i) if end <= stop]
        both = [
            one
            for begin, end, of in done
            for other, last, thing in about
            if end <= other or last <= begin  # no word is both
            for one in sorted(of & thing)
        ]
        verbal = [one for i, _, of in done if not self.acts.is_light(i) for one in sorted(of)]
        buying = [one for _, _, of in about for one in sorted(of) if one in self.acts.purchases]
        light = [one for _, _, of in done for one in sorted(of)]
        found = list(dict.fromkeys(both or verbal or buying or light))
        found = self.acts.plain(found)
        borrowed = [one for one in before if one not in found]
        self.steps, self.start = _STEPS, at
        self.cut = self.cut or len(found) > _CANDIDATES
        for event in found[:_CANDIDATES]:
            several = tuple(dict.fromkeys(self._of(event, at, stop, False)))
            self.cut = self.cut or len(several) > _MOST or self.steps < 0
            yield from several[:_MOST]
        for event in borrowed[:_CANDIDATES] if not found or not done else ():
            yield from islice(self._of(event, at, stop, True), _MOST)

    def _of(self, event: str, at: int, stop: int, borrowed: bool) -> Iterator[Deed]:
        for state in self._rest(event, at, stop, State()):
            if state.pending or not (state.verb or state.noun or borrowed):
                continue
            if borrowed and (state.verb or state.noun):
                continue
            if (state.late and not state.denied) or (
                state.since_long
                and state.around.window.startswith("in ")
                and not state.around.window.startswith("in the last")
            ):
                continue
            bare = state.around.is_bare and not state.edge
            if borrowed and bare and not state.denied:
                continue
            money = self._money(event, state)
            sure = self.unknown is None and not borrowed and not state.same and is_certain(state)
            yield Deed(
                event,
                replace(state.around, sure=sure),
                state.denied,
                state.edge,
                state.same,
                bare,
                bare and not state.noun,
                borrowed,
                money,
                state.counted,
                state.note,
            )

    def _money(self, event: str, state: State) -> tuple[str, ...]:
        """Of an amount: the sum of all of them."""
        for name in self.verbs.amounts(event):
            head = f"{format_name(name)} "
            for test in state.around.tests:
                if test.startswith(head) and not test.startswith(f"{head}{word('IS')}"):
                    rest = tuple(one for one in state.around.tests if one != test)
                    return (
                        ()
                        if rest
                        else (
                            f"{word('AGGREGATE_OF', 'sum')} {format_name(name)} {word('OF')} {format_name(event)}",
                            f" {test.removeprefix(head)}",
                        )
                    )
        return ()

    def _rest(self, event: str, at: int, stop: int, state: State) -> Iterator[State]:
        if at == stop:
            yield state
            return
        self.steps -= 1
        self.spent += 1
        if self.steps < 0:
            return
        for end, more in self._phrase(event, at, stop, state):
            if end <= stop:
                letter = self.certain.letter(event, state, more, at, end)
                yield from self._rest(event, end, stop, replace(more, trace=state.trace + letter))

    def _phrase(self, event: str, at: int, stop: int, state: State) -> Iterator[tuple[int, State]]:
        said, around = self.tokens[at].folded, state.around
        for form in _NOT_ONE:
            if self._is(at, form) and not state.denied:
                yield at + len(form), replace(state, denied=True)
        if said in NO and not state.denied and said not in ("cannot", "can't"):  # which says how somebody stands
            yield at + 1, replace(state, denied=True)
        for end, of in self.acts.verbs(at):
            if event in of and not (state.verb and state.noun):
                yield end, self._counted(event, replace(state, verb=True), verb=True)
        for end, of in self.acts.objects(at):
            if event in of:
                yield end, self._counted(event, replace(state, noun=True))
            yield from self._items(event, at, end, state)
        if not around.window and not state.pending:
            for end, window, note, late in self.whens.at(at):
                yield (
                    end,
                    noted(replace(state, around=replace(around, window=window), late=state.late or late), note),
                )
        if not around.times and not state.pending:
            yield from self._often(at, stop, state)
        if not state.edge and not state.pending:
            yield from self._edge(event, at, stop, state)
        if state.verb or state.noun or not self._is_text(at):
            yield from self._things(event, at, stop, state)
        yield from self._qualities(event, at, stop, state)
        if said in AGAIN and (state.verb or state.noun) and not state.same and not state.pending:
            yield at + 1, replace(state, same=True)
        if self.acts.is_light(at) and not state.verb:
            yield at + 1, state
        if said in TO and not ((at > self.start or said == "with") and self._is_before_noun(at + 1, stop)):
            return
        for end in self._fillers(at, stop) if not (state.pending and said == "of") else ():
            yield end, state

    def _counted(self, event: str, state: State, verb: bool = False) -> State:
        """A number before a noun: so often."""
        if not state.pending:
            return state
        return replace(state, pending=(), around=replace(state.around, times=often_(state.pending)))

    def _things(self, event: str, at: int, stop: int, state: State) -> Iterator[tuple[int, State]]:
        around = state.around
        if (at, stop, event) not in self.parts:
            several = [
                (end, tests, each, either)
                for end, tests, each, either, sure in self.verbs._things(event, at, stop)
                if sure or (self._is_text(at) and self.tokens[at].text[0].isupper())
            ]
            if self._is_text(at):
                assert self.unknown
                for end, test in self.unknown.of_event(event, at, stop):
                    if all(self._is_text(i) or self._is_known_thing(event, i, stop) for i in range(at, end)):
                        several.append((end, (test,), (), ()))
            self.parts[at, stop, event] = several
        for end, tests, each, either in self.parts[at, stop, event]:
            if (each or either) and (around.each or around.either):
                continue
            counted, pending = state.counted, state.pending
            if pending and (each or either or around.times):
                continue
            new = self._joined(around.tests, tests)
            if pending:
                counted = self._pieces(event, tests, around.window, pending)
                around_ = replace(around, times=often_(pending))
            else:
                around_ = around
            yield (
                end,
                replace(
                    state,
                    pending=(),
                    counted=counted,
                    around=replace(around_, tests=new, each=around.each or each, either=around.either or either),
                ),
            )

    def _joined(self, before: tuple[str, ...], tests: tuple[str, ...]) -> tuple[str, ...]:
        if before and len(tests) == 1 and (one := one_item(before[-1], tests[0])):
            return (*before[:-1], one)
        return (*before, *tests)

    def _qualities(self, event: str, at: int, stop: int, state: State) -> Iterator[tuple[int, State]]:
        around = state.around
        if state.pending:
            return
        start = at + (
            self.tokens[at].folded in ("used", "use", "using", "applied", "entered", "redeemed", "apply", "with")
        )
        for begin in (at,):
            found = [(end, test) for end, test, _ in self.verbs._properties(event, begin, stop)]
            found += [*self.verbs._hours(begin, stop), *self.verbs._weekdays(begin, stop)]
            for end, test in found:
                yield end, replace(state, around=replace(around, tests=(*around.tests, test)))
        for end, test in self._held(event, at, start, stop):
            is_verb = state.verb or (start > at and self.tokens[at].folded != "with")
            yield end, replace(state, verb=is_verb, around=replace(around, tests=(*around.tests, test)))
        for end, test in self.verbs._item_amount(event, at, stop) if around.tests else ():
            if one := one_item(around.tests[-1], test):
                yield end, replace(state, around=replace(around, tests=(*around.tests[:-1], one)))
        if self.unknown and not around.tests and state.verb and at + 1 < stop and self._is_text(at + 1):
            for end, test in self.unknown.of_event(event, at, stop, aside=True):
                if all(self._is_text(i) for i in range(at + 1, end)):
                    yield end, replace(state, around=replace(around, tests=(test,)))

    def _is_before_noun(self, at: int, stop: int) -> bool:
        """Whether a noun follows, behind words like `the`."""
        while at < stop and (self.tokens[at].folded in DETERMINERS):
            at += 1
        return at < stop and (any(self.acts.objects(at)) or self.tokens[at].folded in AGAIN)

    def _fillers(self, at: int, stop: int) -> Iterator[int]:
        if self.whens.at(at):
            return
        for size in (3, 2, 1):
            if at + size <= stop and " ".join(one.folded for one in self.tokens[at : at + size]) in all_of("FILLER"):
                yield at + size
                return


__all__ = ["Deed", "Deeds"]
