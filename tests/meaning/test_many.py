"""Many rules in one statement find whom each finds by itself, and the evaluator: on every engine, at any `now`s."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice
from random import Random
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import segql
from segql import evaluator
from segql.arguments import Given
from segql.catalog import Catalog
from segql.errors import SegQLError
from segql.evaluator import Shop
from segql.many import written_many

from ..chance.pairs import SEGMENTS, case, example
from ..engines import DuckDB, Engine, Unable, compiled, stored
from ..worlds.shops import FOCUSES, NOWS, random_shop

FEWER = {"duckdb": 1, "sqlite": 4, "postgres": 2}
Pairs = set[tuple[str, Any]]


def rows(sql: str, engine: Engine, key: str) -> Pairs:
    """The rows of a statement, with one column beside the segment. None comes twice: the engines of the tests look."""
    if engine.dialect == "bigquery":
        key = f"CAST({key} AS STRING)"
    text = f"segment || ':' || {key}" if engine.dialect == "sqlite" else f"CONCAT(segment, ':', {key})"
    found = engine.members(f"SELECT {text} AS pair FROM (\n{sql}\n) AS asked_for")
    return {(one.split(":", 1)[0], one.split(":", 1)[1]) for one in map(str, found)}


def expected(meanings: dict[str, segql.Meaning], shop: Shop, catalog: Catalog) -> Pairs:
    return {
        (name, str(key))
        for name, one in meanings.items()
        for key in evaluator.members(one.bound, shop, catalog, one.now, one.sample)
    }


def able(rules: Mapping[str, tuple[Given, datetime]], catalog: Catalog, engine: Engine) -> dict[str, segql.Meaning]:
    """The rules that the engine can answer by themselves."""
    found = {}
    for name, (rule, now) in rules.items():
        try:
            done = compiled(rule, catalog, engine.dialect, now=now, segments=SEGMENTS)
            engine.members(done.sql)
        except Unable:
            continue
        found[name] = done.meaning
    return found


def counts_of(found: Pairs) -> Pairs:
    return {(name, str(number)) for name, number in Counter(name for name, _ in found).items()}


def test_many_rules_find_whom_each_finds(catalog: Catalog, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    number = max(2, 4 // FEWER.get(engine.dialect, 2))

    @settings(max_examples=number, phases=(Phase.generate,))
    @given(st.randoms(use_true_random=True))
    def check(random: Random) -> None:
        now, shop, texts = example(random)
        shop = stored(shop, engine)
        engine.load(shop)
        others = [now, *random.sample(NOWS, 2), now - timedelta(days=random.randrange(1, 60))]
        rules = {f"r{place}": (text, random.choice(others)) for place, text in enumerate(texts)}
        meanings = able(rules, catalog, engine)
        monkeypatch.setattr("segql.emitter.asked.MANY", random.choice((1, 100)))
        try:
            done = written_many(meanings, catalog, engine.dialect)
            counted = written_many(meanings, catalog, engine.dialect, "counts")
        except SegQLError as error:
            if engine.dialect != "sqlite" or "nest so deep" not in error.problems[0].message:
                raise
            return  # alone each was about as deep already as SQLite reads
        found, wanted = rows(done.sql, engine, catalog.profiles.key), expected(meanings, shop, catalog)
        said = "\n".join(
            f"{name} {'misses' if (name, key) in wanted else 'has'} {key}: {rules[name]}"
            for name, key in sorted(found ^ wanted)
        )
        assert found == wanted, f"{said}\n{case(texts[0], now, shop)}\n{done.sql}"
        assert rows(counted.sql, engine, "members") == counts_of(wanted), counted.sql

    check()


def shops() -> Iterator[Shop]:
    """Shops of some size."""
    random = Random(7)
    while True:
        shop = random_shop(random, NOWS[0], random.choice(FOCUSES))
        if len(shop.profiles) > 3 and len(shop.events.get("placed order", ())) > 5:
            yield shop


def agrees(rules: dict[str, Any], catalog: Catalog, engine: Engine, **how: Any) -> segql.CompiledMany:
    told = {"dialect": engine.dialect, "now": NOWS[0], "segments": SEGMENTS, **how}
    try:
        done = segql.compile_many(rules, catalog, **told)
        counted = segql.compile_many(rules, catalog, shape="counts", **told)
    except SegQLError as error:
        if {problem.code for problem in error.problems} != {"not-in-dialect"}:
            raise
        raise Unable(error.problems[0].message) from None
    for one in islice(shops(), 2):
        shop = stored(one, engine)
        engine.load(shop)
        wanted = expected(dict(done.meanings), shop, catalog)
        assert rows(done.sql, engine, catalog.profiles.key) == wanted, done.sql
        assert rows(counted.sql, engine, "members") == counts_of(wanted), counted.sql
    return done


CASES: dict[str, dict[str, Any]] = {
    "none": {},
    "one": {"a": "placed order at least twice"},
    "twice the same": {"a": "placed order", "b": "placed order", "c": "not not placed order"},
    "always and never": {"a": "everyone", "b": "no one", "c": "country is 'NL' or not country is 'NL'"},
    "only never": {"a": "no one"},
    "at most": {
        "a": "placed order at most once",
        "b": "total spent < 50",
        "c": "total spent = 0",
        "d": "total spent >= 0",
    },
    "windows": {f"w{days}": f"never placed order in the last {days} days" for days in (1, 7, 30, 365, 2000)},
    "two words": {f"n{n}": f"placed order at least {n % 9 + 1} times in the last {n * 7 + 1} days" for n in range(70)},
    "many cubes": {
        "a": " or ".join(f"(placed order in the last {n} days and country is '{n}')" for n in range(1, 12)),
        "b": "not ("
        + " or ".join(f"(placed order in the last {n} days and country is '{n}')" for n in range(1, 12))
        + ")",
        "c": "placed order",
    },
    "segments": {
        name: SEGMENTS[name]
        for name in ("Buyers", "Dutch buyers", "Spenders", "Reachable", "Active", "Everybody", "Some buyers", "Best")
    },
    "several instants": {f"n{place}": ("placed order in the last 30 days", now) for place, now in enumerate(NOWS)},
    "windows that move": {
        f"{what} {place}": (f"placed order in the last 30 days{what}", now)
        for place, now in enumerate(NOWS)
        for what in ("", " where total > 20", " where any item (price > 20)")
    },
    "windows that move, and who has none": {f"n{place}": ("never placed order", now) for place, now in enumerate(NOWS)},
    "one source": {
        event: event for event in ("opened email", "clicked email", "engaged with email", "never clicked sms")
    },
    "ranks and others": {"a": "top 20% by total spent", "b": "not top 3 by total spent", "c": "country is set"},
}
"""Rules by name."""


@pytest.mark.sampled
@pytest.mark.parametrize("most", [1, 100])
@pytest.mark.parametrize("name", CASES)
def test_cases(name: str, most: int, catalog: Catalog, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Held against each profile, and against those at once that are alike."""
    monkeypatch.setattr("segql.emitter.asked.MANY", most)
    monkeypatch.setattr("segql.emitter.asked.FEWER", most)
    agrees(CASES[name], catalog, engine)


def test_parameters_go_to_the_segments_that_have_them(catalog: Catalog, engine: Engine) -> None:
    rules = {name: SEGMENTS[name] for name in ("Buyers", "Everybody")}
    done = agrees(rules, catalog, engine, parameters={"n": 1})
    assert (
        done.meanings["Buyers"].bound == segql.meaning(rules["Buyers"], catalog, now=NOWS[0], parameters={"n": 1}).bound
    )


def test_a_parameter_that_no_segment_has(catalog: Catalog) -> None:
    with pytest.raises(ValueError, match="none of the segments has `length of it`"):
        segql.compile_many({"a": SEGMENTS["Buyers"]}, catalog, parameters={"length of it": 1})


def test_all_mistakes_are_told(catalog: Catalog) -> None:
    with pytest.raises(SegQLError) as raised:
        segql.compile_many({"a": "placed odrer", "b": "everyone", "c": "nonsense is 1"}, catalog)
    assert len(raised.value.problems) == 2


def test_a_statement_that_is_too_deep_is_told(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = {
        "a": "placed order at least 3 times",
        "b": "total spent in the last year > 5",
        "c": "placed order in the last 10 days",
    }
    for most, said in ((36, "ask for fewer"), (24, "`c` goes alone only"), (20, "needs them.")):
        monkeypatch.setattr("segql.dialects.sqlite.MOST", most)
        with pytest.raises(SegQLError) as raised:
            segql.compile_many(rules, catalog, dialect="sqlite")
        assert any(said in one.message for one in raised.value.problems), [most, raised.value]


@pytest.mark.parametrize("most", [1, 100])
def test_the_other_shapes(most: int, catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("segql.emitter.asked.MANY", most)
    rules = {"b": "total spent > 50", "a": "placed order", "none": "no one"}
    engine, shop = DuckDB(), next(shops())
    engine.load(shop)
    engine.fill()

    def asked(shape: str) -> list[tuple[Any, ...]]:
        done = segql.compile_many(rules, catalog, now=NOWS[0], shape=shape)  # type: ignore[arg-type]
        return engine._connection.execute(done.sql).fetchall()

    wanted = expected(dict(segql.compile_many(rules, catalog, now=NOWS[0]).meanings), shop, catalog)
    assert wanted
    assert set(asked("members")) == wanted
    assert dict(asked("counts")) == {name: n for name in rules if (n := sum(one == name for one, _ in wanted))}
    keys = {row["key"] for row in shop.profiles}
    assert set(asked("columns")) == {(key, *((name, key) in wanted for name in rules)) for key in keys}
    assert sorted((key, sorted(names)) for key, names in asked("lists")) == sorted(
        (key, [name for name in sorted(rules) if (name, key) in wanted]) for key in {key for _, key in wanted}
    )
