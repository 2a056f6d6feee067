"""Words for people, and of which kind those are: `Dutch or Belgian VIPs`, `all of our customers`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from ..reading import Reader
from ..said import Said, joined

_PERSON = frozenset(
    {"someone", "somebody", "anyone", "anybody", "everyone", "everybody", "those", "people", "ones", "person"}
)
_BEFORE = frozenset({"all", "the", "of", "any", "a", "an", "our", "those", "these", "every", "only"})
_LONGEST = 7
"""Words for a kind of people."""


class Crowd:
    """The people of one sentence."""

    def __init__(self, reader: Reader) -> None:
        self.reader, self.tokens = reader, reader.tokens
        self.kept: dict[tuple[int, int], tuple[Said, ...]] = {}

    def people(self, at: int, stop: int) -> Iterator[Said]:
        """Words for people, and of which kind they are: the empty text for anybody.

        Of `Germans or VIPs who ordered` the first may be all.
        """
        yield from (one.unsure() if one.join == "OR" else one for one in self._people(at, stop))

    def _people(self, at: int, stop: int) -> Iterator[Said]:
        people = self.reader.people
        start = at
        while start < stop and self.tokens[start].folded in (
            "all",
            "the",
            "of",
            "any",
            "a",
            "an",
            "our",
            "those",
            "these",
            "every",
            "only",
        ):
            if self.tokens[start].folded == "only" and start > at:
                return
            start += 1
        last = self.tokens[stop - 1].folded
        is_person = last in _PERSON or any(end == stop for end, _ in people.people(stop - 1, stop))
        if start >= stop:
            if last in ("those", "any"):
                yield Said("")
            return
        if start + 1 == stop and is_person:
            yield Said("")
        yield from self.reader._several_kinds(start, stop)
        yield from self.kinds(start, stop - is_person)
        if is_person and stop - start > 1:
            yield from self.kinds(start, stop - 1)
        if start + 1 == stop and last.endswith(("er", "ers")) and (done := people.bought_by(last)):
            yield Said(done[0])

    def kinds(self, at: int, stop: int) -> tuple[Said, ...]:
        """`Dutch or Belgian VIPs`: one kind or several, all of them or one of them."""
        if not at < stop <= at + _LONGEST:
            return ()
        if (at, stop) not in self.kept:
            self.kept[at, stop] = tuple(islice(dict.fromkeys(self._kinds_of(at, stop)), 4))
        return self.kept[at, stop]

    def _kinds_of(self, at: int, stop: int) -> Iterator[Said]:
        if at + 1 == stop:
            for _, said in self.reader.people.nation(at, stop):
                yield said
        for end, name in self.reader.people.truth(at, stop):
            if end == stop:
                yield Said(name)
        if any(self.reader.kinds(at, stop)):
            return  # `newsletter subscribers` are of one kind, and not who subscribed to something else as well
        for mid in range(at + 1, stop):
            link = self.tokens[mid].folded
            if link in ("or", "and", ",") and mid + 1 < stop:
                for one in self.kinds(at, mid):
                    for other in self.kinds(mid + 1, stop):
                        yield joined((one, other), "OR")
            elif link not in ("or", "and", ","):
                for one in self.kinds(at, mid):
                    for other in self.kinds(mid, stop):
                        yield joined((one, other), "AND")


__all__ = ["Crowd"]
