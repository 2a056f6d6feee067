"""The live count: what is being typed is counted in a thread of its own, and given up at the next key.

One thread does all of it, so that a session's connection runs one statement at a time. A key never waits: giving up
marks the job as stale and interrupts the engine from a third thread, until the job has noticed.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import field
from threading import Event, Lock, Thread
from time import perf_counter
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from ..plain import dataclass
from .state import State, compiled, everyone

if TYPE_CHECKING:
    from ..errors import Problem
    from ..project import Project
    from ..warehouse import Warehouse

T = TypeVar("T")
Rows: TypeAlias = Callable[[str], "list[tuple[Any, ...]]"]

DEBOUNCE = 0.12
"""Seconds without a key before a count begins."""

_SHOWN = 4
"""Words that are said of those that may come."""

_COMMENT = re.compile(r"""("[^"\n]*"|'[^'\n]*')|(?:--|#)[^\n]*""")
_PIECES = re.compile(r"\w+|[^\w\s()]")

PATIENCE = 5
"""Seconds that an engine has to notice that it was interrupted."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known about a text: how many it finds, or why not. `expected`: it is the beginning of a rule. `begins`:
    what its last words may become, where they are wrong as they stand.

    `costs`: what a count would read, where that is not free. `told`: what is known of a rank by its numbers. `reads`:
    the canonical text, where it has other words.
    """

    text: str
    members: int | None = None
    profiles: int = 0
    problem: Problem | None = None
    expected: str = ""
    begins: str = ""
    failed: str = ""
    costs: str = ""
    told: str = ""
    reads: str = ""
    seconds: float = 0


class Stale(Exception):
    """Somebody typed on."""


@dataclass(slots=True)
class Job:
    """One text that is being judged."""

    text: str
    stale: Event = field(default_factory=Event)
    done: Event = field(default_factory=Event)
    lock: Lock = field(default_factory=Lock)
    asked: Warehouse | None = None

    def ask(self, warehouse: Warehouse, work: Callable[[Warehouse], T]) -> T:
        """What a statement gives; Stale when nobody wants it any more."""
        from ..warehouse import WarehouseError

        with self.lock:
            self.go_on()
            self.asked = warehouse
        try:
            return work(warehouse)
        except WarehouseError:
            self.go_on()
            raise
        finally:
            with self.lock:
                self.asked = None

    def go_on(self) -> None:
        """Raises Stale where another text has taken its place."""
        if self.stale.is_set():
            raise Stale

    def give_up(self) -> None:
        """Stop it, soon; returns at once."""
        self.stale.set()
        if not self.done.is_set():
            Thread(target=self._interrupt, daemon=True).start()

    def _interrupt(self) -> None:
        # An engine does not hear an interrupt that comes a moment before the statement.
        while not self.done.wait(0.02):
            with self.lock:
                if self.asked is not None:
                    with suppress(Exception):
                        self.asked.cancel()


class Live:
    """Judges texts one after the other in a thread of its own, which reads the project, too."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "segql-live")
        self._job: Job | None = None
        self._samples: list[Job] = []
        self._asked: Future[Any] | None = None
        self._base: tuple[Project, int] | None = None
        self.verdict: Verdict | None = None
        """The last one, of whatever text."""
        self.since: float | None = None
        """When the engine was asked what it has not answered yet."""

    def read(self, work: Callable[[], Project]) -> Future[Project]:
        """Read a project in the thread."""
        return self._thread.submit(work)

    def ask(self, warehouse: Warehouse, work: Callable[[Rows], None]) -> Future[None]:
        """Do something beside the counts that asks for rows, in the thread; given up when a command comes."""
        job = Job("")

        def run() -> None:
            with suppress(Stale):
                work(lambda sql: job.ask(warehouse, lambda one: one.rows(sql)))

        self._samples = [other for other in self._samples if not other.done.is_set()] + [job]
        self._asked = future = self._thread.submit(run)
        future.add_done_callback(lambda _: job.done.set())
        return future

    async def follow(self, text: str, state: State, changed: Callable[[], None]) -> None:
        """Judge a text once no key was hit for a moment; `changed` is called whenever there is news."""
        self.give_up()
        if not text.strip() or text.lstrip().startswith("\\"):
            self.verdict = None
            changed()
            return
        await asyncio.sleep(DEBOUNCE)
        job = Job(text)
        self._job, self.since = job, perf_counter()
        self._asked = future = self._thread.submit(self._run, job, state)
        future.add_done_callback(lambda _: job.done.set())
        work = asyncio.wrap_future(future)
        try:
            while not work.done():
                await asyncio.wait({work}, timeout=1)
                changed()
            if (verdict := work.result()) is not None:
                self.verdict = verdict
        except asyncio.CancelledError:
            job.give_up()
            work.cancel()
            raise
        finally:
            if self._job is job:
                self._job, self.since = None, None
        changed()

    def give_up(self) -> None:
        """Stop what runs; returns at once."""
        if self._job is not None:
            self._job.give_up()
        self._job, self.since = None, None

    def quiet(self) -> None:
        """Stop what runs and wait until the connection is free."""
        self.give_up()
        for sample in self._samples:
            sample.give_up()
        if self._asked is not None:
            wait([self._asked], timeout=PATIENCE)

    def close(self) -> None:
        """Gives up what runs, without waiting for it."""
        self.give_up()
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _run(self, job: Job, state: State) -> Verdict | None:
        try:
            return self._judge(job, state)
        except Stale:
            return None

    def _judge(self, job: Job, state: State) -> Verdict:
        from ..answers.ties import tied
        from ..errors import SegQLError
        from ..warehouse import WarehouseError
        from ..warehouse.connection import counting

        start, text = perf_counter(), job.text
        job.go_on()
        if expected := expects(text):
            return Verdict(text, expected=expected)
        try:
            project = state.project.result()
        except Exception as error:
            return Verdict(text, failed=str(error).split("\n", 1)[0])
        try:
            done = compiled(text, state, project)
        except SegQLError as error:
            if expected := goes_on(text, state, project):
                return Verdict(text, expected=expected)
            return Verdict(text, problem=error.problems[0], begins=begins(text, error.problems[0], state, project))
        reads = reads_as(text, done.text)
        try:
            if not state.counts_live(project):
                enter = counting(done.sql, everyone(state, project).sql)
                costs = job.ask(project.opened, lambda one: one.explain(enter)) if project.opened.billed else ""
                return Verdict(text, costs=costs, reads=reads)
            members, profiles = self._counted(job, done.sql, state, project)
            told = next((problem.message for problem in tied(done.meaning, members, profiles)), "")
            return Verdict(text, members, profiles, told=told, reads=reads, seconds=perf_counter() - start)
        except WarehouseError as error:
            # With its URL there would be no room for what is wrong.
            return Verdict(text, failed=error.message.replace(project.opened.name, "The warehouse"))

    def _counted(self, job: Job, sql: str, state: State, project: Project) -> tuple[int, int]:
        """How many a query finds, and of how many; these are counted once."""
        queries = [sql] if self._base and self._base[0] is project else [sql, everyone(state, project).sql]
        members, *profiles = job.ask(project.opened, lambda one: one.counts(*queries))
        if profiles:
            self._base = project, profiles[0]
        assert self._base
        return members, self._base[1]


def reads_as(text: str, canonical: str) -> str:
    """The canonical text in a line, where it says the same in other words than a text; white space, letter case, the
    order of parts and parentheses are no words.
    """
    from ..catalog import fold

    said, meant = (_COMMENT.sub(lambda found: found[1] or "", one) for one in (text, canonical))
    same = Counter(_PIECES.findall(fold(said))) == Counter(_PIECES.findall(fold(meant)))
    return "" if same else " ".join(meant.split())


def expects(text: str) -> str:
    """What must come next, for a text that is only the beginning of a rule; empty for every other text."""
    from ..parser import begins_rule

    return _expected(text) or "more" if begins_rule(text) else ""


def _expected(text: str) -> str:
    """What the parser would rather have."""
    from ..errors import SegQLError
    from ..parser import parse_rule

    try:
        parse_rule(text)
    except SegQLError as error:
        return error.problems[0].message.partition("expected ")[2].rstrip(".")
    return ""


def begins(text: str, problem: Problem, state: State, project: Project) -> str:
    """How many names and words begin as the end of a text does, where that is all that is wrong with it."""
    from ..catalog import fold
    from ..completer import complete

    if problem.span.end != len(text) or problem.code not in ("unknown-name", "unquoted-text", "reserved-word"):
        return ""
    offers = complete(
        text, len(text), project.catalog, segments=project.segments, parameters=state.parameters,
        now=state.instant(project),
    )  # fmt: skip
    found = list(dict.fromkeys(one.text for one in offers if fold(one.text).startswith(fold(text[one.start :]))))
    more = ", .." if len(found) > _SHOWN else ""
    return f"{len(found)} begin{'s' * (len(found) == 1)} so: {', '.join(found[:_SHOWN])}{more}" if found else ""


def goes_on(text: str, state: State, project: Project) -> str:
    """What must come next where a value makes a rule of a text (`bought in` could be a name), or a unit of its end."""
    for end in ("d", "%") if text[-1:].isdecimal() else (" 1d", " 2025-01-01", " 1%", ' ("x")'):
        if _is_rule(f"{text}{end}", state, project):
            return "a list of values, or its name" if "(" in end else _expected(f"{text.rstrip()} 1") or "more"
    return ""


def _is_rule(text: str, state: State, project: Project) -> bool:
    """Whether a text is a rule as it stands; what is none costs no search for helps, nor for what a sentence says."""
    from .. import binder, parser
    from ..arguments import context
    from ..errors import SegQLError

    here = state.asked(project)
    values = context(here.catalog, here.segments, here.parameters)
    try:
        binder.bind(
            parser.parse_rule(text), here.catalog, here.instant(),
            lets=here.segments.values, segments=here.segments.segments, parameters=values,
        )  # fmt: skip
    except SegQLError:
        return False
    return True
