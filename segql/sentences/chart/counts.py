"""How often, how many, and the first or last: the numbers of a deed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..lexicon import Lexicon
from ..slots import Slots
from ..tokens import Token
from ..vocabulary import meanings
from .acts import Acts
from .deed import State

_EDGES = {
    "first": "first",
    "very first": "first",
    "earliest": "first",
    "last": "last",
    "latest": "last",
    "most recent": "last",
    "most recently": "last",
    "newest": "last",
    "very last": "last",
}
_SOME = {
    "several": ("3",),
    "a few": ("3",),
    "multiple": ("2",),
    "many": ("5",),
    "a couple of": ("2",),
    "numerous": ("5",),
    "a number of": ("3",),
    "various": ("2",),
    "lots of": ("5",),
    "a lot of": ("5",),
}


_ITEM = "product"
_LEAST = {">": "more than {}", ">=": "at least {}", "<": "fewer than {}", "<=": "at most {}", "=": "exactly {}"}


class Counts:
    """The numbers of one sentence."""

    tokens: tuple[Token, ...]
    lexicon: Lexicon
    slots: Slots
    acts: Acts

    def _items(self, event: str, at: int, end: int, state: State) -> Iterator[tuple[int, State]]:
        """`with four or more items`: how many an order has; or how many pieces of anything, over all orders."""
        declared = self.lexicon.catalog.events[event].items
        if not state.pending or not state.noun or declared is None or f"={_ITEM}" not in self.acts.kinds(at, end):
            return
        if said := _LEAST.get(state.pending[0]):
            tests = (*state.around.tests, f"{said.format(state.pending[1])} items")
            yield end, replace(state, pending=(), around=replace(state.around, tests=tests))

    def _often(self, at: int, stop: int, state: State) -> Iterator[tuple[int, State]]:
        around = state.around
        for end, times in self.slots.times(at, stop):
            yield end, replace(state, around=replace(around, times=times))
        only = self.tokens[at].folded in ("only", "just", "exactly") and at + 1 < stop
        for end, compared in self.slots.compared(at + only, stop):
            if only and compared[0] not in ("=", "between"):
                continue  # `exactly 3 or more` contradicts itself
            if all(one.isdigit() for one in compared[1:]) and (only or compared != ("=", "0")):
                yield end, replace(state, pending=compared)
        for said, least in _SOME.items():
            if self._is(at, tuple(said.split())):
                end = at + len(said.split())
                yield (
                    end,
                    noted(replace(state, pending=(">=", least[0])), f'"{said}" read as at least {least[0]}'),
                )

    def _edge(self, event: str, at: int, stop: int, state: State) -> Iterator[tuple[int, State]]:
        for said, edge in _EDGES.items():
            form = tuple(said.split())
            if self._is(at, form):
                end = at + len(form)
                for more in (("time",), ("ever",)):
                    end += len(more) if self._is(end, more) else 0
                yield end, replace(state, edge=edge)
        start = at + (self.tokens[at].folded == "for") + self._is(at, ("for", "the"))
        number = meanings("ORDINAL").get(self.tokens[start].folded) if start < stop else None
        is_time = start + 1 < stop and self.tokens[start + 1].folded == "time"
        if number and (event in self.acts.purchases or is_time):
            end = start + 1 + is_time
            yield end, replace(state, around=replace(state.around, tests=(*state.around.tests, f"number = {number}")))
        if (
            start > at
            and start + 1 < stop
            and self.tokens[start].folded == "first"
            and self.tokens[start + 1].folded == "time"
        ):
            yield start + 2, replace(state, edge="first", since_long=True)

    def _is(self, at: int, form: tuple[str, ...]) -> bool:
        return tuple(one.folded for one in self.tokens[at : at + len(form)]) == form


def noted(state: State, note: str) -> State:
    """The same, with what its words leave open."""
    return replace(state, note="; ".join(filter(None, (state.note, note)))) if note else state


__all__ = ["Counts", "noted"]
