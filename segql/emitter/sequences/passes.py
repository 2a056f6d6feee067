"""The pass that carries, from instant to instant, the latest time of each step, and when the sequence began there.

Of the instants that a step can be at, the latest is the best to go on from: what lies between it and the next step lies
between an earlier one and that as well, and no sequence up to an earlier one began later. What a step must be `later`
than is the latest of those so long ago.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from sqlglot import exp

from .. import nodes as n
from .steps import MICROSECOND, TIME, Steps, after, plus, soon
from .ties import Apart, Tied


def carried(
    of: Steps, tied: Tied | Apart, rows: exp.Query, partition: Sequence[str], known: exp.Expr | None = None
) -> exp.Select:
    """Of the rows those that can be the last step of a sequence that happens; those that are not `known` cannot.

    A row is an instant; where steps are apart it is an event, whose neighbours at the same instant may come before it.
    """
    source, columns = rows, [*partition, TIME, *tied.columns]
    beside = _absent(of, tied, partition)
    for place, follows in zip(of.happening, of.happening[1:], strict=False):
        ways = list(_ways(of, tied, place))
        carry: dict[str, exp.Expr] = {}
        if _needs_latest(of, follows):
            carry[_latest(place)] = n.case(n.either(way for _, way in ways), n.column("steps", TIME))
        if of.within is not None:
            # The later the first of its steps at this instant, the earlier it began.
            carry[_start(place)] = exp.Case(ifs=[exp.If(this=way, true=_began(of, at)) for at, way in reversed(ways)])
        frame = _before(of.steps[follows].later, isinstance(tied, Apart))
        found: dict[str, exp.Expr] = {name: exp.Max(this=value) for name, value in carry.items()}
        if of.steps[follows].later and of.target.dialect.last_value and _latest(place) in found:
            # In the order of time the last is the latest.
            found[_latest(place)] = exp.IgnoreNulls(this=exp.LastValue(this=carry[_latest(place)]))
        new = [n.named(over(one, partition, frame), name) for name, one in found.items()]
        source = n.select([*(n.column("steps", name) for name in columns), *beside, *new], _from(source), where=known)
        columns += [one.alias for one in (*beside, *new)]
        # What came before is in the columns now.
        beside, known = [], n.either(map(tied.some, of.happening[of.happening.index(follows) :]))
    ended = [n.both([way, *_in_time(of, at)]) for at, way in _ways(of, tied, of.happening[-1])]
    return n.select([], _from(source), where=n.both([n.either(ended), *_no_follow_up(of)]))


def _ways(of: Steps, tied: Tied | Apart, place: int) -> Iterator[tuple[int, exp.Expr]]:
    """How an instant can be such a step of a sequence: from which step on all are at it, and what that takes."""
    happening = of.happening[: of.happening.index(place) + 1]
    for index in range(len(happening) - 1, -1, -1):
        first = happening[index]
        conditions = [tied.together(happening[index:])]
        if conditions == [n.false()]:
            return
        conditions += [tied.none(one) for one in range(first, place) if of.steps[one].absent]
        if index:
            carried_ = _latest if _needs_latest(of, first) else _start
            before = n.column("steps", carried_(happening[index - 1]))
            conditions.append(soon(n.column("steps", TIME), before, of.steps[first].within))
            for one in range(happening[index - 1] + 1, first):
                nearest = n.column("steps", _nearest(one))
                conditions.append(n.either([n.is_null(nearest), n.compare(nearest.copy(), "<", before.copy())]))
        yield first, n.both(conditions)
        if of.steps[first].later:
            return


def _needs_latest(of: Steps, place: int) -> bool:
    """Whether a step asks when the one before it was, and not just whether it was."""
    bounded = of.steps[place].within is not None or place - 1 != of.before(place)
    return bounded or of.within is None


def _began(of: Steps, at: int) -> exp.Expr:
    """When a sequence began that has its steps from this one on at the row's instant."""
    return n.column("steps", TIME if at == 0 else _start(of.before(at)))


def _in_time(of: Steps, at: int) -> list[exp.Expr]:
    """All of the sequence, which has its steps from this one on at the row's instant, is short enough."""
    if of.within is None or at == 0:
        return []
    return [n.compare(n.column("steps", TIME), "<=", plus(_began(of, at), of.within))]


def _absent(of: Steps, tied: Tied | Apart, partition: Sequence[str]) -> list[exp.Expr]:
    """When each step that must not come last did, up to the row's instant; of the last one, when it next does."""
    found = []
    for place, step in enumerate(of.steps):
        if step.absent:
            time = n.case(tied.some(place), n.column("steps", TIME))
            never = place == of.never
            nearest = exp.Min(this=time) if never else exp.Max(this=time)
            found.append(n.named(over(nearest, partition, backwards=never), _nearest(place)))
    return found


def _no_follow_up(of: Steps) -> list[exp.Expr]:
    if of.never is None:
        return []
    comes, within = n.column("steps", _nearest(of.never)), of.steps[of.never].within
    late = [] if within is None else [after(comes.copy(), n.column("steps", TIME), within)]
    return [n.either([n.is_null(comes), *late])]


def _latest(place: int) -> str:
    """The column with the latest time, so far, of an instant that is such a step of a sequence."""
    return f"latest_{place + 1}"


def _nearest(place: int) -> str:
    """The column with the time at which a step that must not come last did, or next does."""
    return f"nearest_{place + 1}"


def _start(place: int) -> str:
    """The column with the latest time at which a sequence up to there began."""
    return f"start_{place + 1}"


def _before(later: timedelta | None, at_once: bool) -> exp.WindowSpec | None:
    """The rows before this one, so long before it at least; or those up to its own instant."""
    if at_once and not later:
        return None
    if not later:
        return strictly_before()
    end = n.number(later // MICROSECOND)
    return exp.WindowSpec(kind="RANGE", start="UNBOUNDED", start_side="PRECEDING", end=end, end_side="PRECEDING")


def strictly_before() -> exp.WindowSpec:
    """The rows before this one."""
    return exp.WindowSpec(kind="ROWS", start="UNBOUNDED", start_side="PRECEDING", end=n.number(1), end_side="PRECEDING")


def over(
    function: exp.Expr, partition: Sequence[str], frame: exp.WindowSpec | None = None, *, backwards: bool = False
) -> exp.Expr:
    """Over the rows in the order of time, from the first up to this one; or backwards."""
    order = exp.Ordered(this=n.column("steps", TIME), desc=backwards or None, nulls_first=False)
    return exp.Window(
        this=function, partition_by=[n.column("steps", name) for name in partition],
        order=exp.Order(expressions=[order]), spec=frame and frame.copy(), over="OVER",
    )  # fmt: skip


def _from(query: exp.Query) -> exp.Expr:
    return n.aliased(exp.Subquery(this=query), "steps")
