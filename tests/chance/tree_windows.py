"""Random windows, the lengths and moments that they are made of."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from segql.ast import (
    Ago,
    BetweenAgo,
    BetweenMoments,
    Date,
    Day,
    Ever,
    FromNow,
    InLast,
    InNext,
    MoreThanAgo,
    Name,
    Period,
    Relative,
    Time,
)

from .tree_values import B, dates, durations, names, right_names, short, times

lengths = st.one_of(durations, names)
moments = short(st.one_of(
    dates, times, B(Day, st.sampled_from(("today", "yesterday", "tomorrow"))),
    B(Ago, st.one_of(durations, right_names), st.booleans()),
    B(FromNow, st.one_of(durations, right_names)), right_names,
))  # fmt: skip


def _between_moments(pair: tuple[Any, Any]) -> bool:
    """Dates, not what reads as lengths of time or as values."""
    start, end = pair
    if isinstance(start, Name) and (isinstance(end, Name) or (isinstance(end, Ago) and not end.whole_day)):
        return False
    return {type(start), type(end)} != {Date, Time}


_not_quarter = lengths.filter(lambda length: not (isinstance(length, Name) and length.words == "quarter"))
windows = short(
    st.one_of(
        B(InLast, durations, st.just(False)),
        B(InLast, _not_quarter, st.just(True)),
        B(InNext, _not_quarter),
        B(BetweenAgo, st.one_of(durations, right_names), st.one_of(durations, right_names)),
        B(MoreThanAgo, st.one_of(durations, right_names)),
        B(Relative, st.sampled_from(("before", "after", "since")), moments),
        B(Relative, st.just("on"), moments.filter(lambda m: not isinstance(m, Name) and not _named_length(m))),
        st.tuples(moments, moments).filter(_between_moments).map(lambda pair: BetweenMoments(*pair)),
        B(Period, st.sampled_from(("today", "yesterday", "tomorrow"))),
        B(Period, st.sampled_from(("this", "last", "next")), st.sampled_from(("week", "month", "quarter", "year"))),
        st.just(Ever()),
    )
)


def _named_length(moment: Any) -> bool:
    """`on` begins a window before a digit, `the day` or a day's name alone."""
    return isinstance(getattr(moment, "length", None), Name) and not getattr(moment, "whole_day", False)


maybe_window = st.one_of(st.none(), windows)
begun = (
    windows.filter(lambda w: not isinstance(w, MoreThanAgo))
    .map(lambda w: InLast(w.length) if isinstance(w, InLast) else w)
    .filter(lambda w: not (isinstance(w, InLast) and isinstance(w.length, Name)))
)
"""What stands behind `entered segment S`: no `more than D ago`, and a length that is written out."""
