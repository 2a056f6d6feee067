"""Random trees of the whole language: every tree here is one that some text parses to.

What no text says stays out: a group of one operand, a window on a later step, a name of a date after `on`, two names as
the moments of a window. `rules()`, `definitions()` and `metrics()` are the strategies.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from segql.ast import (
    Aggregate,
    All,
    AllOf,
    Anniversary,
    AnyOf,
    Between,
    Bool,
    CanReceive,
    CloseTo,
    Compare,
    DatePart,
    DaysFrom,
    Definitions,
    Different,
    Duration,
    Edge,
    Either,
    Follows,
    In,
    Includes,
    IncludesLike,
    InList,
    InName,
    InSegment,
    Is,
    Items,
    Let,
    Like,
    MetricText,
    Name,
    Near,
    Not,
    Number,
    Percent,
    Period,
    Population,
    Quantity,
    Random,
    Rank,
    Regularity,
    Sample,
    Scaled,
    Segment,
    SegmentRef,
    Sequence,
    Share,
    Subject,
    Terms,
    Their,
)

from .tree_values import (
    B,
    Strategy,
    counts,
    decimals,
    durations,
    lists,
    literals,
    moneys,
    names,
    numbers,
    ops,
    percents,
    properties,
    quantities,
    ranges,
    right_names,
    right_values,
    segment_names,
    short,
    texts,
    units,
)
from .tree_windows import begun, maybe_window


def sayable(node: Any) -> bool:
    """`logged in last week` has two readings and is an error in whatever order; a name after `in` has one home."""
    called = getattr(node, "head", None) or getattr(node, "channel", None) or getattr(node, "name", None)
    window = node.window
    beside = [getattr(node, part, None) for part in ("quantity", "regularity", "different", "where", "has")]
    beside += [called.terms[-1].where] if isinstance(called, Terms) else []
    if isinstance(given := getattr(node, "comparison", None), InName) and not given.negated and any(beside):
        return False  # `in recently` beside these is a window
    ends_in = isinstance(called, Name) and called.quoted is None and called.words.endswith(" in")
    return not (ends_in and isinstance(window, Period) and window.unit is not None and window.name != "this")


# --- heads and comparisons ------------------------------------------------------------------------------------------

branches: Strategy = B(Subject, names, where=st.one_of(st.none(), st.none(), st.deferred(lambda: predicate_trees)))
eithers = st.lists(branches, min_size=1, max_size=3).map(lambda events: Either(tuple(events)))
sources = st.one_of(names, eithers)
aggregates = short(
    st.one_of(
        B(
            Aggregate,
            st.sampled_from(("sum", "average", "min", "max", "median", "distinct", "most common")),
            properties,
            sources,
        ),
        B(
            Aggregate,
            st.sampled_from(("number", "days since first", "days since last", "days between")),
            st.none(),
            eithers,
        ),
        # Without quotes around the property and before a plain event it is a name.
        B(Aggregate, st.sampled_from(("first", "last")), st.just(Name("", "price, net")), sources),
        B(Aggregate, st.sampled_from(("first", "last")), st.just(Name("unit price")), eithers),
    )
)
shares = st.one_of(
    B(Share, ops, B(Percent, decimals(0, 100)), sources, st.none()),
    st.tuples(ranges(B(Percent, decimals(0, 100))), sources).map(lambda s: Share("between", s[0][0], s[1], s[0][1])),
)
heads = short(st.one_of(
    names, names, names, eithers, aggregates, shares,
    B(Edge, st.sampled_from(("first", "last", "every", "no")), eithers),
    B(DatePart, st.sampled_from(("month", "day", "weekday", "year", "latitude", "longitude")), names),
    B(DaysFrom, names, names),
    B(Anniversary, names),
))  # fmt: skip
segment_refs = short(
    B(
        SegmentRef,
        segment_names,
        st.lists(st.tuples(names, right_values), max_size=2).map(tuple),
    )
)
factors = decimals(0, 1000).filter(lambda d: d != 1)
measures = st.one_of(names, aggregates)


def _right_subjects(head: Strategy) -> Strategy:
    where = st.one_of(st.none(), st.deferred(lambda: predicate_trees))
    return B(Subject, head, window=maybe_window, where=where).filter(sayable)


def _terms(first: Strategy) -> Strategy:
    """Two measures or more that are added and subtracted, each with its own parts."""
    more = st.tuples(st.sampled_from("+-"), _right_subjects(st.one_of(names, aggregates, B(DaysFrom, names, names))))
    return st.builds(
        lambda one, others: Terms((one, *(other for _, other in others)), tuple(sign for sign, _ in others)),
        _right_subjects(first),
        st.lists(more, min_size=1, max_size=3),
    )


_sums = short(_terms(st.one_of(names, aggregates)))
_scaled = short(
    st.one_of(
        B(Scaled, st.just(Decimal(1)), B(Subject, _terms(st.one_of(right_names, aggregates)))),
        B(Scaled, factors, _right_subjects(st.one_of(right_names, aggregates))),
        B(Scaled, st.just(Decimal(1)), _right_subjects(aggregates)),
        B(Scaled, st.just(Decimal(1)), _right_subjects(right_names)).filter(lambda s: s.of != Subject(s.of.head)),
    )
)
_statistics = st.one_of(
    st.tuples(st.sampled_from(("average", "median", "overall average")), st.none()),
    st.tuples(st.just("percentile"), st.integers(1, 100)),
)
populations = short(
    st.builds(
        lambda statistic, *rest: Population(*statistic, *rest),
        _statistics,
        st.one_of(st.just(Decimal(1)), factors),
        st.one_of(st.none(), _right_subjects(measures), B(Subject, _sums)),
        st.one_of(st.none(), segment_refs),
        st.one_of(st.none(), names),
    )
)
_ends = st.one_of(
    st.one_of(texts, numbers, percents, moneys, B(Bool, st.booleans()), durations, right_names),
    st.builds(lambda s, f: Population(s[0], s[1], f), _statistics, st.one_of(st.just(Decimal(1)), factors)),
    st.builds(lambda n, f: Scaled(f, Subject(n)), right_names, factors),
)
patterns = st.one_of(texts, right_names)
_likes = st.sampled_from(("contains", "starts with", "ends with", "matches", "matches regex"))
own_comparisons = short(
    st.one_of(
        B(Compare, ops, literals),
        ranges(_ends).map(lambda ends: Between(*ends)),
        B(In, lists, st.booleans()),
        B(InName, names.filter(lambda n: not n.words.startswith("list ")), st.booleans()),
        B(
            Like,
            _likes,
            patterns,
            st.booleans(),
        ),
        B(Includes, st.just("any"), lists, st.booleans()),
        B(Includes, st.just("all"), lists),
        B(IncludesLike, st.just("any"), _likes, patterns, st.booleans()),
        B(IncludesLike, st.just("all"), _likes, patterns),
        B(Is, st.sampled_from(("set", "empty")), st.booleans()),
    )
)
comparisons = short(
    st.one_of(own_comparisons, B(Compare, ops, st.one_of(right_names, B(Their, names), _scaled, populations)))
)


# --- predicates, phrases, rules -------------------------------------------------------------------------------------


def trees(leaves: Strategy, most: int = 5) -> Strategy:
    """Boolean trees over some leaves; no group has one operand."""

    def grow(inner: Strategy) -> Strategy:
        parts = st.lists(inner, min_size=2, max_size=4).map(tuple)
        return st.one_of(B(All, parts), B(AnyOf, parts), B(Not, inner))

    return st.recursive(leaves, grow, max_leaves=most)


_predicates = short(
    B(
        Subject,
        st.one_of(names, names, B(DatePart, st.just("month"), names)),
        comparison=st.one_of(st.none(), own_comparisons, B(Compare, ops, st.one_of(right_names, B(Their, names)))),
        window=maybe_window,
    ).filter(sayable)
)
_items = short(st.one_of(
    B(Items, st.sampled_from(("any", "every", "no")), trees(_predicates, 2)),
    B(Items, st.just("count"), st.one_of(st.none(), trees(_predicates, 2)), st.one_of(
        B(Quantity, ops, counts, st.none()),
        ranges(B(Number, st.integers(0, 9).map(Decimal))).map(lambda ends: Quantity("between", *ends)),
    )),
))  # fmt: skip
shared = st.one_of(st.just(()), st.just(()), st.lists(properties, min_size=1, max_size=3).map(tuple))
predicate_trees: Strategy = short(trees(st.one_of(_predicates, _predicates, _items), 3))
maybe_where = st.one_of(st.none(), st.none(), predicate_trees)


def _plain_number(quantity: Quantity) -> bool:
    """A streak is a length of time, whose last number is no name."""
    return isinstance(quantity.count if quantity.most is None else quantity.most, Number)


_near = names.filter(lambda name: not name.words.startswith("no "))  # there `no` is a truth
_exact = B(Duration, st.integers(0, 90), st.sampled_from(("s", "min", "h", "d", "w")))
_closeness = st.one_of(st.none(), st.none(), B(CloseTo, _exact, st.sampled_from(("of", "before", "after")), _near))
_calendar = st.sampled_from(("days", "weeks", "months"))
_streaks = B(Different, quantities.filter(_plain_number), _calendar, st.just(True))
_subjects = B(
    Subject,
    heads,
    quantity=st.one_of(st.none(), quantities),
    comparison=st.one_of(st.none(), st.none(), comparisons),
    window=maybe_window,
    where=maybe_where,
    has=st.one_of(st.none(), st.none(), predicate_trees),
    with_the_same=shared,
    regularity=st.one_of(
        st.none(), st.none(), B(Regularity, quantities, st.integers(1, 60), units, st.integers(1, 3))
    ),
    close_to=_closeness,
    different=st.one_of(
        st.none(), st.none(), B(Different, quantities, _calendar), _streaks
    ),
).filter(sayable)  # fmt: skip
_added = B(Subject, _sums, comparison=st.one_of(st.none(), comparisons)).filter(sayable)
_in_common = B(
    Subject,
    st.lists(branches, min_size=1, max_size=3).map(lambda events: AllOf(tuple(events))),
    window=maybe_window, where=maybe_where, with_the_same=st.lists(properties, min_size=1, max_size=3).map(tuple),
).filter(sayable)  # fmt: skip
subjects = short(st.one_of(_subjects, _subjects, _subjects, _added, _in_common))
_first_steps = B(
    Subject, st.one_of(names, eithers), window=maybe_window, where=maybe_where, close_to=_closeness
).filter(sayable)
_lengths = st.one_of(st.none(), _exact, right_names.filter(lambda n: not n.words.endswith(" in")))
_steps = B(Subject, st.one_of(names, eithers), window=maybe_window, where=maybe_where, close_to=_closeness).filter(
    sayable
)


def _length_alone(name: Name) -> bool:
    """`within date of birth` is near a birth, and what ends in ` in` is no name there."""
    return not name.words.endswith(" in") and not {"of", "before", "after"} & {*name.words.split()}


_lengths = st.one_of(st.none(), _exact, right_names.filter(_length_alone))
_steps = B(
    Subject,
    st.one_of(names, eithers),
    where=maybe_where,
    with_the_same=shared,
    within=_lengths,
    later=st.one_of(st.none(), _exact),
    close_to=_closeness,
)


def _then(count: int) -> tuple[Follows, ...]:
    return tuple("then" for _ in range(count))


sequences = short(
    st.one_of(
        st.tuples(_first_steps, st.lists(_steps, min_size=1, max_size=3)).map(
            lambda s: Sequence(_then(len(s[1])), (s[0], *s[1]))
        ),
        st.tuples(_first_steps, st.lists(_steps, min_size=2, max_size=3), _lengths).map(
            lambda s: Sequence((*_then(len(s[1]) - 1), "not followed by"), (s[0], *s[1]), s[2])
        ),
        st.tuples(_first_steps, st.lists(_steps, min_size=1, max_size=3), _lengths).map(
            lambda s: Sequence(_then(len(s[1])), (s[0], *s[1]), s[2])
        ),
        st.builds(
            lambda word, *steps: Sequence((word,), steps),
            st.sampled_from(("followed by", "not followed by")),
            _first_steps,
            _steps,
        ),
    )
)
shares_of_people = B(Percent, decimals(0, 100).filter(lambda d: d > 0))
seeds = st.one_of(st.none(), texts)
coordinates = st.tuples(decimals(-90, 90), decimals(-180, 180))
phrases = short(
    st.one_of(
        subjects,
        subjects,
        subjects,
        sequences,
        B(CanReceive, names, st.one_of(st.none(), texts, right_names), maybe_window, st.booleans()).filter(sayable),
        B(InList, names),
        B(InList, names, st.just(True), maybe_window).filter(sayable),
        B(InSegment, st.just("in"), segment_refs),
        B(InSegment, st.just("was in"), segment_refs, durations),
        B(
            InSegment,
            st.sampled_from(("entered", "left")),
            segment_refs,
            st.none(),
            begun,
        ),
        B(
            Rank,
            st.sampled_from(("top", "bottom")),
            st.one_of(shares_of_people, B(Number, st.integers(1, 1000).map(Decimal))),
            B(Subject, measures, window=maybe_window, where=maybe_where).filter(sayable),
            st.one_of(st.none(), segment_refs),
            st.one_of(st.none(), names),
        ),
        B(Near, decimals(0, 5000), st.sampled_from(("km", "miles")), st.one_of(names, coordinates, st.none())),
        B(Random, shares_of_people, seeds),
        st.just(All(())),
        st.just(AnyOf(())),
    )
)


def rules(most: int = 5) -> Strategy:
    return trees(phrases, most)


def metrics() -> Strategy:
    sides = B(Subject, heads, window=maybe_window, where=maybe_where).filter(sayable)
    return B(MetricText, sides, st.one_of(st.none(), sides))


def definitions() -> Strategy:
    parameters = st.lists(st.tuples(segment_names, literals), max_size=2).map(tuple)
    samples = B(Sample, shares_of_people, st.one_of(st.none(), st.integers(0, 5000)), seeds)
    lets = B(Let, names, literals)
    segments = B(Segment, segment_names, rules(3), parameters, st.one_of(st.none(), samples))
    return st.lists(st.one_of(lets, segments), max_size=4).map(lambda parts: Definitions(tuple(parts)))
