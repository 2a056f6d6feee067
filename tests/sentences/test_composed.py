"""Sentences put together by chance of phrases whose rule is known: what is taken or offered is what they may mean.

Members of the demo shop decide. A sentence that leaves something open is never taken for one of its readings, unless a
warning says what was left open; and whatever is offered is one of them. That some are not understood fails nothing, but
that many are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache

import duckdb
import pytest

import segql
from segql import Catalog, Segments, SegQLError, demo

from .composing import Made, composed

_PARTS, _EACH = 20, 20
_LONG_PARTS, _LONG_EACH = 8, 150


@cache
def _shop() -> tuple[Catalog, Segments]:
    folder = demo.shop_folder()
    return segql.load_catalog(str(folder / "catalog.yaml")), segql.load_segments(str(folder))


@cache
def _warehouse() -> duckdb.DuckDBPyConnection:
    made = duckdb.connect()
    made.execute("SET TimeZone = 'UTC'")
    demo.build(made)
    return made


@cache
def _tree(rule: str) -> object:
    catalog, segments = _shop()
    return segql.meaning(rule, catalog, now=demo.NOW, segments=segments).optimized


@cache
def _members(rule: str) -> frozenset[object]:
    catalog, segments = _shop()
    sql = segql.compile(rule, catalog, now=demo.NOW, segments=segments).sql
    return frozenset(key for (key,) in _warehouse().execute(sql).fetchall())


def _is_one_of(rule: str, readings: tuple[str, ...]) -> bool:
    trees = {_tree(one) for one in readings}
    return _tree(rule) in trees or any(_members(rule) == _members(one) for one in readings)


def _offers(error: SegQLError, said: str) -> Iterator[str]:
    """What each help makes of the whole sentence, where that is a rule."""
    for problem in error.problems:
        for fix in problem.fixes:
            try:
                _tree(text := fix.applied(said))
            except SegQLError:
                continue
            yield text


def _outcome(made: Made) -> tuple[str, list[str]]:
    """What becomes of a sentence: `accepted`, `helped`, `silent`; `WRONG` is taken, or `MISLED` offered, that is none.

    With `part` some of its readings are offered, not all.
    """
    catalog, segments = _shop()
    try:
        found = segql.meaning(made.said, catalog, now=demo.NOW, segments=segments)
    except SegQLError as error:
        offers = list(_offers(error, made.said))
        wrong = [one for one in offers if not _is_one_of(one, (*made.meant, *made.may))]
        if wrong or not offers:
            return ("MISLED" if wrong else "silent"), wrong
        lacking = [one for one in made.meant if not _is_one_of(one, tuple(offers))]
        return ("part" if lacking else "helped"), lacking
    notes = segql.check(made.said, catalog, now=demo.NOW, segments=segments)
    is_open = len({_tree(one) for one in made.meant}) > 1 and all(one.code != "window-on-last" for one in notes)
    right = not is_open and _is_one_of(found.text, made.meant[:1])
    return ("accepted" if right else "WRONG"), [found.text]


def _held(seeds: range, wrong: float = 0) -> Counter[str]:
    """How many of each outcome; at most such a share of them may be wrong."""
    counts, faults = Counter[str](), []
    for seed in seeds:
        made = composed(seed)
        outcome, texts = _outcome(made)
        counts[outcome] += 1
        if outcome in ("WRONG", "MISLED"):
            faults.append((seed, made.said, outcome, texts, made.meant))
    assert len(faults) <= wrong * len(seeds), faults
    return counts


@pytest.mark.parametrize("part", range(_PARTS))
def test_what_is_put_together_of_known_phrases_is_never_read_otherwise(part: int) -> None:
    counts = _held(range(part * _EACH, (part + 1) * _EACH))
    assert counts["silent"] <= _EACH // 5


@pytest.mark.long
@pytest.mark.parametrize("part", range(_LONG_PARTS))
def test_of_thousands_few_are_read_otherwise(part: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Two in a hundred have a wrong help, or are taken for one of two readings (a time behind `and`); no more."""
    counts = _held(range(1000 + part * _LONG_EACH, 1000 + (part + 1) * _LONG_EACH), 0.04)
    assert counts["silent"] <= _LONG_EACH // 10
    with capsys.disabled():
        print("\n" + ", ".join(f"{name} {number / _LONG_EACH:.1%}" for name, number in sorted(counts.items())))
