"""The live count: what it says about a text, and that a key never waits for it."""

from __future__ import annotations

import asyncio
import re
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from threading import Event
from time import perf_counter
from typing import Any

import duckdb
import pytest

from segql.project import Project
from segql.repl.live import Live, Verdict, expects
from segql.repl.state import Preferences, State, settled
from segql.repl.stored import Sampled
from segql.repl.toolbar import place, toolbar
from segql.sentences import taking
from segql.warehouse import Warehouse, WarehouseError
from segql.warehouse.duckdb import DuckDB


def verdict(text: str, state: State) -> Verdict | None:
    live = Live()
    try:
        asyncio.run(live.follow(text, state, lambda: None))
        return live.verdict
    finally:
        live.close()


# --- what it says --------------------------------------------------------------------------------------------------


def test_a_rule_is_counted(state: State) -> None:
    found = verdict("placed order", state)
    assert found is not None
    assert (found.members, found.profiles, found.problem) == (10, 30, None)


def test_a_rank_with_ties_is_told_below_the_count(state: State) -> None:
    rule = "bottom 1% by days since last placed order or bottom 1% by number of placed order"
    assert (found := verdict(rule, state)) is not None
    assert found.told == "", "who is in by another condition ties with nobody"
    live, rule = Live(), "bottom 1% by number of placed order"
    try:
        asyncio.run(live.follow(rule, state, lambda: None))
        said = "".join(text for _, text in toolbar(rule, len(rule), live, state, width=120))
    finally:
        live.close()
    assert re.search(r"takes \d+ people and not 1: those who tie at its end are all in", said), said


def test_a_beginning_says_what_comes_next(state: State) -> None:
    found = verdict("placed order and", state)
    assert found is not None
    assert found.expected.startswith("a condition")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("placed order in ", "a length of time"), ("placed order in 9", "a length of time"), ("random ", "a share"),
        ("country in ", "a list of values"), ("placed order on ", "more"),
    ],
)  # fmt: skip
def test_a_word_that_waits_for_a_value_is_no_mistake(state: State, text: str, expected: str) -> None:
    found = verdict(text, state)
    assert found is not None
    assert found.expected.startswith(expected), found


def test_a_key_reads_a_text_as_a_sentence_once(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    """That takes longest: what must come next is found without."""
    read: list[str] = []

    def readings(text: str, *_: object) -> tuple[()]:
        read.append(text)
        return ()

    monkeypatch.setattr(taking, "readings", readings)
    assert verdict("placed order at least twice and cl", state)
    assert read == ["placed order at least twice and cl"]


def test_a_mistake_has_its_place(state: State) -> None:
    found = verdict('placed oder and country is "NL"', state)
    assert found is not None
    assert found.problem is not None
    assert found.problem.span.text == "placed oder"


@pytest.mark.parametrize("text", ["", "  \n", "\\members"])
def test_nothing_is_asked_for_what_is_no_rule(state: State, text: str) -> None:
    assert verdict(text, state) is None


def test_live_off_checks_and_does_not_count(state: State) -> None:
    off = replace(state, preferences=Preferences(live=False))
    assert verdict("placed order", off) == Verdict("placed order")
    found = verdict("placed oder and x", off)
    assert found is not None
    assert found.problem


def test_where_each_count_is_billed_nothing_counts_by_itself(state: State) -> None:
    world = state.project.result()
    connection: Any = world.opened.connection
    billed = replace(world, warehouse=Warehouse(replace(connection, billed=True), "billed"))
    assert state.counts_live(world)
    assert not state.counts_live(billed)
    assert replace(state, preferences=Preferences(live=True)).counts_live(billed)


def test_a_world_that_cannot_be_opened(state: State) -> None:
    broken: Future[Project] = Future()
    broken.set_exception(WarehouseError("There is no file x.duckdb."))
    found = verdict("placed order", replace(state, project=broken))
    assert found is not None
    assert found.failed == "There is no file x.duckdb."


def test_what_is_expected() -> None:
    assert expects("vip") == ""
    assert expects("vip and (") != ""
    assert expects("vip vip )") == ""


# --- what it stops -------------------------------------------------------------------------------------------------


@dataclass
class Slow:
    """A connection that answers only when it is cancelled and `freed`, and counts what happens to it."""

    inner: Any
    slow: bool = True
    dialect: str = "duckdb"
    one_thread: bool = False
    billed: bool = False
    reconnects: bool = True
    writes_named: bool = False
    cancelled: Event = field(default_factory=Event)
    freed: Event = field(default_factory=Event)
    began: Event = field(default_factory=Event)
    runs: int = 0

    def run(self, sql: str) -> Any:
        self.runs += 1
        self.began.set()
        if self.slow:
            assert self.cancelled.wait(10), "nobody cancelled"
            self.freed.wait(10)
            raise duckdb.InterruptException("INTERRUPT Error: Interrupted!")
        return self.inner.run(sql)

    def cancel(self) -> None:
        self.cancelled.set()

    def translated(self, error: Exception, name: str) -> WarehouseError | None:
        return WarehouseError(str(error))


def with_connection(state: State, connection: Any) -> State:
    world = state.project.result()
    return replace(state, project=settled(replace(world, warehouse=Warehouse(connection, "slow"))))


def test_the_next_key_stops_the_engine_and_waits_for_nothing(state: State) -> None:
    slow = Slow(state.project.result().opened.connection)
    live = Live()

    async def type_on() -> float:
        first = asyncio.ensure_future(live.follow("placed order", with_connection(state, slow), lambda: None))
        while not slow.began.is_set():
            await asyncio.sleep(0.01)
        start = perf_counter()
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        waited = perf_counter() - start
        slow.slow = False
        slow.freed.set()
        await live.follow('country is "NL"', with_connection(state, slow), lambda: None)
        return waited

    assert asyncio.run(type_on()) < 5  # the engine would hold it for ten seconds
    assert slow.cancelled.is_set()
    assert live.verdict is not None
    assert live.verdict.members == 15
    live.close()


def test_a_real_engine_is_interrupted(state: State) -> None:
    warehouse = state.project.result().opened
    assert isinstance(warehouse.connection, DuckDB)
    live = Live()

    @dataclass
    class Heavy(Slow):
        def run(self, sql: str) -> Any:
            self.began.set()
            return self.inner.run("SELECT count(*) FROM range(1000000000) a, range(1000000000) b")

        def cancel(self) -> None:
            self.inner.cancel()

    heavy = Heavy(warehouse.connection)

    async def type_on() -> None:
        task = asyncio.ensure_future(live.follow("placed order", with_connection(state, heavy), lambda: None))
        while not heavy.began.is_set():
            await asyncio.sleep(0.01)
        task.cancel()

    start = perf_counter()
    asyncio.run(type_on())
    live.quiet()
    assert perf_counter() - start < 5
    assert warehouse.count("SELECT 1") == 1
    live.close()


def test_what_is_typed_quickly_is_asked_once(state: State) -> None:
    connection = Slow(state.project.result().opened.connection, slow=False)
    live = Live()

    async def type_on() -> None:
        task = None
        for end in range(1, len("placed order") + 1):
            if task is not None:
                task.cancel()
            task = asyncio.ensure_future(
                live.follow("placed order"[:end], with_connection(state, connection), lambda: None)
            )
            await asyncio.sleep(0.001)
        assert task is not None
        await task

    asyncio.run(type_on())
    assert connection.runs == 1  # the members and all profiles, by one statement
    live.close()


# --- how it looks --------------------------------------------------------------------------------------------------


def lines(text: str, found: Verdict | None, state: State, width: int = 80, cursor: int | None = None) -> list[str]:
    live = Live()
    live.verdict = found
    at = len(text) if cursor is None else cursor
    shown = "".join(part for _, part in toolbar(text, at, live, state, width=width))
    live.close()
    return shown.split("\n")


def test_the_toolbar_counts(state: State) -> None:
    first, second = lines("placed order", Verdict("placed order", 10, 30), state)
    assert first == "10 of 30 profiles (33.3 %)"
    assert second == "catalog.yaml · shop.duckdb · duckdb · Sun 1 Feb 2026 12:00 Europe/Amsterdam"


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("placed order 3 or more times", "read as placed order at least 3 times"),
        ("at least once placed order", ""),
        ("placed order in past 90 days -- lately", "read as placed order in the last 90 days"),
        ("PLACED  ORDER at least twice", ""),
        ("(placed order in the last 2 weeks at least twice)", ""),
        ('country is "NL"', ""),
        ("placed order three times", "read as placed order exactly 3 times"),
    ],
)
def test_the_toolbar_says_what_other_words_were_taken_for(text: str, reads: str, state: State) -> None:
    _, second = lines(text, verdict(text, state), state)
    assert second == (reads or lines("", None, state)[1])


def test_a_mistake_stands_with_its_hint(state: State) -> None:
    text = 'placed oder and country is "NL"'
    first, second = lines(text, verdict(text, state), state)
    assert first == "There is no event, property or metric called `placed oder`."
    assert second == "F2 mends · did you mean `placed order`?"
    assert lines("placed order in 5m and", verdict("placed order in 5m and vip", state), state)[1] == (
        "Tab chooses · Write one of these: `5min`, `5mo`"
    )


@pytest.mark.parametrize("width", [10, 20, 40, 60, 80, 200])
def test_the_toolbar_fits(state: State, width: int) -> None:
    for text in ("", "placed order", "placed oder and x", "placed order and", "\\mem", "\\members", "\\nonsense"):
        for line in lines(text, verdict(text, state), state, width):
            assert len(line) <= width
    assert len(place(state, width)) <= width


# --- stored values -------------------------------------------------------------------------------------------------


def test_stored_values_come_a_moment_later(state: State) -> None:
    live = Live()
    sampled = Sampled(live, state, state.project.result())
    assert not sampled.arrived()
    assert list(sampled.get(("country",), ())) == []
    assert sampled.arrived()
    assert sorted(sampled[("country",)]) == ["BE", "NL"]
    live.close()


def test_what_bills_each_look_is_not_sampled(state: State) -> None:
    live = Live()
    off = replace(state, preferences=Preferences(live=False))
    sampled = Sampled(live, off, state.project.result())
    assert list(sampled.get(("country",), ())) == []
    live.quiet()
    assert list(sampled.get(("country",), ())) == []
    live.close()


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("placed ord", "1 begins so: placed order"),
        ('country is "NL" and plac', "1 begins so: placed order"),
        ("placed oder", ""),
        ("placed ord and x", ""),
    ],
)
def test_a_word_that_may_become_right(state: State, text: str, begins: str) -> None:
    found = verdict(text, state)
    assert found is not None
    assert found.problem is not None
    assert found.begins == begins
