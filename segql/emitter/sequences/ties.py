"""Steps of a sequence at one instant: are there enough different events for them?

Steps can be at one instant if each set of them finds at least as many events there as it has steps (Hall's theorem).
Steps that ask the same are counted once; sets that no event ties together follow from their parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from sqlglot import exp

from .. import nodes as n
from .steps import Steps, flag


class Tied:
    """The instants of a stream of steps, each one row with the numbers of events that each set of steps finds there."""

    def __init__(self, of: Steps) -> None:
        self._of = of
        alike: dict[object, int] = {}
        self._like = [alike.setdefault(self._asks(place, of.edge), place) for place in range(len(of.steps))]
        """For each step the first one that asks the same."""
        kinds = sorted(set(self._like))
        self._sets = [
            one for size in range(1, len(kinds) + 1) for one in combinations(kinds, size) if self._connected(one)
        ]

    @property
    def columns(self) -> list[str]:
        """The names of the counts that `counted` selects."""
        return [_count(one) for one in self._sets]

    @property
    def all_alike(self) -> bool:
        """Whether all steps ask the same, but that the first may have to be the first (last) of all."""
        return len({self._asks(place, edge=None) for place in range(len(self._of.steps))}) == 1

    def _asks(self, place: int, edge: str | None) -> object:
        of, step = self._of, self._of.steps[place].of
        if place == 0 and edge is not None:
            return "edge"
        return frozenset(step.events), step.where, of.windows[0].end if place == 0 else of.now

    def _connected(self, places: Sequence[int]) -> bool:
        reached, rest = {places[0]}, set(places[1:])
        while found := {one for one in rest if any(self._share_event(one, other) for other in reached)}:
            reached, rest = reached | found, rest - found
        return not rest

    def _share_event(self, one: int, other: int) -> bool:
        steps = self._of.steps
        return not set(steps[one].of.events).isdisjoint(steps[other].of.events)

    def counted(self, stream: exp.Query, by: Sequence[str], where: exp.Expr | None) -> exp.Select:
        """For each value of the columns `by`, how many rows of a stream can be a step of each set."""
        keys = [n.column("steps", name) for name in by]
        values: list[exp.Expr] = [*keys]
        for one in self._sets:
            fitting = n.either(n.column("steps", flag(place)) for place in one)
            values.append(n.named(exp.Count(this=n.case(fitting, n.number(1))), _count(one)))
        source = n.aliased(exp.Subquery(this=stream), "steps")
        return n.select(values, source, where=where, group=[key.copy() for key in keys])

    def together(self, places: Sequence[int]) -> exp.Expr:
        """These steps can all be at this instant."""
        steps = [self._like[place] for place in places]
        return n.both(
            _at_least(one, sum(steps.count(place) for place in one)) for one in self._sets if set(one) <= set(steps)
        )

    def some(self, place: int) -> exp.Expr:
        """Some event here is such a step."""
        return _at_least((self._like[place],), 1)

    def none(self, place: int) -> exp.Expr:
        """No event here is such a step."""
        return n.compare(_column((self._like[place],)), "=", n.number(0))

    def unaccompanied(self) -> exp.Expr:
        """Of two steps: some event here is the first, and no other event here is the second."""
        one, other = self._like
        if one == other:
            return n.compare(_column((one,)), "=", n.number(1))
        # At most one is the second; if there is one, it is the first too.
        same = n.compare(_column((one, other)), "=", _column((one,)))
        return n.both([_at_least((one,), 1), n.compare(_column((other,)), "<=", n.number(1)), same])


class Apart:
    """The same of steps of which no event can be two: each row is one of them, and there is nothing to count."""

    def __init__(self, of: Steps) -> None:
        self.columns = [flag(place) for place in range(len(of.steps))]

    def together(self, places: Sequence[int]) -> exp.Expr:
        """The row is this step; it is never two."""
        return n.column("steps", flag(places[0])) if len(places) == 1 else n.false()

    def some(self, place: int) -> exp.Expr:
        """The row is such a step."""
        return n.column("steps", flag(place))

    def none(self, place: int) -> exp.Expr:
        """The row is no such step."""
        return exp.Not(this=n.column("steps", flag(place)))

    def unaccompanied(self) -> exp.Expr:
        """Of two steps: the row is the first, and so not the second."""
        return self.some(0)


def _count(places: Sequence[int]) -> str:
    """The column with the number of events that can be at least one of these steps."""
    return f"events_{'_or_'.join(str(place + 1) for place in places)}"


def _column(places: Sequence[int]) -> exp.Expr:
    return n.column("steps", _count(places))


def _at_least(places: Sequence[int], number: int) -> exp.Expr:
    return n.compare(_column(places), ">=", n.number(number))
