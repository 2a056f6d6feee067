"""What one denial denies of several: `did not open email, click sms or place an order`, `did not open and click`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice, product

from .said import Said, joined
from .telling import Around, told
from .verbs import Verbs

_BEFORE_BASES = frozenset(
    {"did not", "didn't", "do not", "don't", "does not", "doesn't", "did not ever", "didn't ever"}
)
"""Denials that stand before a verb's base form alone: what follows in that form is denied as well."""
_MOST = 6
"""Readings of one part, and of all."""


def none_of(verbs: Verbs, at: int, stop: int, together: int = 0) -> Iterator[Said]:
    """Several verbs behind one denial, the last after `or`: none of them, where only that can be meant.

    After `has not` or `never` the first alone may be denied; a window behind the last may be that of all. Of two after
    `did not` with `and` between them one may have happened; behind any denial, where both have one
    object (the word at `together` joins them).
    """
    for start, no in verbs.denial(at, stop):
        is_base = no in _BEFORE_BASES
        for link in ("or", "and")[: 1 + (is_base or bool(together))]:
            parts = _parts(verbs, start, stop, link)
            is_other = is_base and not together and any(verbs.is_past(begin) for begin, _ in parts[1:])
            if len(parts) < 2 or is_other:
                continue
            several = [list(islice(deeds(verbs, begin, end), _MOST)) for begin, end in parts]
            for each in islice(product(*several), _MOST):
                yield from _denied(each, is_base) if link == "or" else _not_both(each)
            return


def _not_both(deeds: tuple[tuple[str, Around], ...]) -> Iterator[Said]:
    """`did not open and click an email`: not both of them, none of them, or the first did not happen."""
    (event, around), (_, last) = deeds
    firsts = {"": around}
    if last.window and not around.window:
        firsts = {"both in that time": replace(around, window=last.window), "the second in that time": around}
    for note, one in firsts.items():
        pairs = [list(told(*deed)) for deed in ((event, one), deeds[1])]
        denied = [list(told(*deed, denied=True)) for deed in ((event, one), deeds[1])]
        if any(len(said) != 1 for said in (*pairs, *denied)):
            return
        (first,), (second,) = pairs
        (never,), (nor,) = denied
        for said, which in (
            (joined((first, second), "AND").denied(), "not both of them"),
            (joined((never, nor), "AND"), "neither of them"),
            (joined((never, second), "AND"), "the first alone is denied"),
        ):
            yield said.unsure("; ".join(filter(None, (which, note))))


def _denied(deeds: tuple[tuple[str, Around], ...], is_base: bool) -> Iterator[Said]:
    window = deeds[-1][1].window
    is_shared = bool(window) and not any(around.window for _, around in deeds[:-1])
    with_all = [(event, replace(around, window=window)) for event, around in deeds]
    for one, note in (
        ((with_all, "all in that time"), (deeds, "the last in that time")) if is_shared else ((deeds, ""),)
    ):
        told_ = [list(told(event, around, denied=True)) for event, around in one]
        if any(len(said) != 1 for said in told_):
            return
        none = joined((said[0] for said in told_), "AND")
        yield (
            none
            if is_base and not note
            else none.unsure("; ".join(filter(None, (note, "none of them" * (not is_base)))))
        )
    if not is_base:
        happened = [next(told(event, around)) for event, around in deeds[1:]]
        yield joined((told_[0][0], *happened), "OR").unsure("the first alone is denied")


def _parts(verbs: Verbs, at: int, stop: int, link: str) -> list[tuple[int, int]]:
    """The stretches between commas and the last `or`, or around the one `and`; none where other words join them."""
    tokens = verbs.tokens
    links = [i for i in range(at, stop) if tokens[i].folded in (",", "or", "and", "but")]
    said = [tokens[i].folded for i in links]
    if not links or said[-1] != link or {"and", "but"} & {*said[:-1]} or (link == "and" and len(links) > 1):
        return []
    parts, begin = [], at
    for i in (*links, stop):
        if i > begin:
            parts.append((begin, i))
        begin = i + 1
    return parts if parts and begin == stop + 1 and parts[-1][1] == stop else []


def deeds(verbs: Verbs, at: int, stop: int) -> Iterator[tuple[str, Around]]:
    """An event with what stands around it, to the end."""
    for end, event, test in verbs.titled(at, stop):
        for around in verbs.around(event, end, stop, Around(tests=(test,), sure=False)):
            yield event, around
    for end, event in verbs.did(at, stop):
        for around in verbs.around(event, end, stop):
            by_name = verbs.lexicon.events_called(verbs.lexicon.words(at, end))
            if by_name or around.tests or around.each or around.either:
                yield event, around


__all__ = ["deeds", "none_of"]
