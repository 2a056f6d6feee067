"""Which deeds a stretch says for certain: by the types of its phrases, in their order, of words with one meaning.

A trace has a letter for each phrase: B a verb that says an event by itself, V one that needs a noun, L one that
says nothing (`placed`), N a noun, C a number and its noun, T a thing, H and P what it had, W when, I `within` a length,
X how often, E first or last, O its number, D a denial, Z `no`, Q `without`, i `in`, f a word that says nothing. What is
none of these, or has other words than the table marks (`SURE`, in `grammar/sentences.txt`), is `?`: nothing is certain.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...catalog import fold
from ...plain import dataclass
from ..lexicon import stems
from ..tokens import Token
from ..verbs import Verbs
from ..vocabulary import all_of
from .acts import Acts
from .deed import State

_SHAPES = re.compile(
    r"""
    W?(?:B(?:N|C)?|VN|VC|VT|LN|LC|N|C)T*(?:W|P|H|X)*   # `bought beans twice this year`, `an order of beans`
    |W?D(?:BN?|VN|VT|LN)T*(?:W|I|P|H)*                  # `never bought beans`
    |W?(?:Z[NB]|(?:B|V|L)Z[NT]|BZ)(?:W|P|H)*            # `no order this year`, `bought no beans`, `nothing ordered`
    |Q(?:N|BN?|VN)T*(?:W|I)*                            # `without an order this year`
    |W?[VL]?EN?W?|W?E(?:B|VN)W?|[BV]T+iEN               # `their first order this year`, `beans in their first order`
    |D?[VL]?ONW?                                        # `their third order this year`
    """,
    re.VERBOSE,
)
_STANDS = re.compile(r"n?wc(?:[&,]+c|&c)*|n?wc(?:[|,]+c)*|n?wmW?|mqW?|mWq|wqW?|wWq")
_ZERO, _WITHOUT = frozenset({"no", "nothing", "none"}), "without"
_DENIED = frozenset({"never", "not", "didn't", "haven't", "hasn't", "hadn't", "don't", "doesn't"})
_COUNTED = frozenset({"=order", "=email", "=sms", "=push"})
"""Nouns of which a number says how often it happened; of products it may be how many that differ."""
_LENGTH = re.compile(r"(?:with)?in (?:\d|an? |one |two |three )")
_VAGUE = re.compile(r"\b(?:more|over|longer|least|about|around)\b")
"""Words about a length in which something did not happen: it may have happened before."""


class Certain:
    """What is certain in the phrases of one sentence."""

    def __init__(self, verbs: Verbs, acts: Acts) -> None:
        self.verbs, self.acts, self.tokens = verbs, acts, verbs.tokens
        self.lexicon = verbs.lexicon

    def letter(self, event: str, before: State, after: State, at: int, end: int) -> str:
        """The type of the phrase that made of one state another."""
        said = self.tokens[at:end]
        a, b = before.around, after.around
        if after.note != before.note and not re.fullmatch(r"20\d\d", after.note):
            return "?"
        if after.denied != before.denied:
            return _denial(said)
        if after.edge != before.edge:
            return "?" if after.since_long else "E"
        if after.verb != before.verb or (after.verb and not before.verb):
            return "?" if b.tests != a.tests else self._verb(event, at, end)
        if after.noun != before.noun:
            if before.pending:
                return "C" if self.acts.kinds(at, end) & _COUNTED and self._noun(event, at, end) else "?"
            return "N" if self._noun(event, at, end) else "?"
        if after.pending and not before.pending:
            return "f"
        if (b.each, b.either, after.counted) != (a.each, a.either, before.counted):
            return "T" if not b.each and not after.counted else "?"
        if b.window != a.window:
            return self._window(after.late and not before.late, said)
        if b.times != a.times:
            return "X"
        if b.tests != a.tests:
            return self._tests(event, b.tests, a.tests, at, end)
        if before == after:
            return self._nothing(said)
        return "?"

    def _verb(self, event: str, at: int, end: int) -> str:
        said = self.lexicon.words(at, end)
        if event in self.lexicon.events_called(said):
            return "B"
        own = next((one for one in self.acts.all if one.event == event), None)
        if _is_sure("act", self.tokens[at:end]):
            return "B" if event in self.acts.purchases else "V"
        return "V" if own and end == at + 1 and not stems(self.tokens[at].folded).isdisjoint(own.verbs) else "?"

    def _noun(self, event: str, at: int, end: int) -> bool:
        own = {one for one in fold(event).split() if len(one) > 2}
        return _is_sure("object", self.tokens[at:end]) or (
            end == at + 1 and not stems(self.tokens[at].folded).isdisjoint(own)
        )

    def _window(self, late: bool, said: Sequence[Token]) -> str:
        text = " ".join(one.folded for one in said)
        return "?" if late and _VAGUE.search(text) else "I" if _LENGTH.match(text) else "W"

    def _tests(self, event: str, tests: tuple[str, ...], before: tuple[str, ...], at: int, end: int) -> str:
        new = tests[-1]
        if new.startswith("number = "):
            return "O" if len(tests) == len(before) + 1 else "?"
        if any(last == end and test == new and sure for last, test, sure in self.verbs._properties(event, at, end)):
            return "P" if len(tests) == len(before) + 1 else "?"
        if any(
            last == end and test == new for last, test in (*self.verbs._hours(at, end), *self.verbs._weekdays(at, end))
        ):
            return "P"
        if any(last == end and sure for last, _, _, _, sure in self.verbs._things(event, at, end)):
            names = re.findall(r"(?:\(| and )([a-z ]+?) (?:is|in) ", new)
            return "T" if len(names) == len(set(names)) else "?"
        held = [one for one in self.tokens[at:end] if not _is_sure("filler", (one,))]
        is_held = held and all(
            _is_sure("held", (one,)) or self.verbs._is_name(at + self.tokens[at:end].index(one), end) for one in held
        )
        return "H" if is_held or _is_sure("held", held) else "?"

    def _nothing(self, said: Sequence[Token]) -> str:
        if said[0].folded == "in":
            return "i"
        if _is_sure("filler", said):
            return "f"
        return "L" if _is_sure("light", said) else "?"


def is_certain(state: State) -> bool:
    """Whether a deed with these phrases is what its words say."""
    trace = state.trace.replace("f", "")
    if "?" in trace or _SHAPES.fullmatch(trace) is None or state.counted:
        return False
    around = state.around
    return not (around.either and (around.times or "I" in trace))


@dataclass(frozen=True, slots=True)
class Stand:
    """What a stretch has of each type."""

    no: bool = False
    ways: frozenset[str] = frozenset()
    channels: tuple[str, ...] = ()
    link: str = ""
    named: str = ""
    compared: tuple[str, ...] = ()
    window: str = ""
    tests: tuple[str, ...] = ()
    reason: str = ""
    note: str = ""
    trace: str = ""
    """The types of its phrases, as `certain` has them."""


def standing(before: Stand, after: Stand, said: Sequence[Token]) -> str:
    """The type of a phrase about how somebody stands, in the same way."""
    text = " ".join(one.folded for one in said)
    if after.no != before.no:
        return "n" if text in _DENIED | {"cannot"} else "?"
    if after.ways != before.ways:
        return "w" if text in all_of("SURE", "state") else "?"
    if after.channels != before.channels:
        return "c"
    if after.named != before.named:
        return "m"
    if after.compared != before.compared:
        return "q"
    if after.window != before.window:
        return "I" if _LENGTH.match(text) else "W"
    if after.tests != before.tests:
        return "?"
    if text in ("and", "or", ","):
        return {"and": "&", "or": "|", ",": ","}[text]
    return "f" if _is_sure("filler", said) else "?"


def is_certain_standing(trace: str) -> bool:
    """Whether somebody stands so for certain, of whom these phrases are said."""
    return _STANDS.fullmatch(trace.replace("f", "")) is not None


def _denial(said: Sequence[Token]) -> str:
    text = " ".join(one.folded for one in said)
    if text in _ZERO or text in ("not a single", "no single"):
        return "Z"
    return "D" if text in _DENIED else "Q" if text == _WITHOUT else "?"


def _is_sure(kind: str, said: Sequence[Token]) -> bool:
    """Whether these words are marked as having one meaning."""
    first, *rest = (one.folded for one in said)
    table = all_of("SURE", kind)
    return any(" ".join((form, *rest)) in table for form in (first, *stems(first)))


__all__ = ["Certain", "is_certain"]
