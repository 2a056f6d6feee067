"""A run: what all segments say at an instant beside what is kept; then the tables as they say."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from time import perf_counter

from ..arguments import running
from ..catalog import fold
from ..errors import Problem, SegQLError, expect
from ..many import CompiledMany, lacking_many, meanings, written_many
from ..meanings import Meaning
from ..plain import dataclass
from ..project import Project
from ..segments import Segments
from ..warehouse import Keeping, WarehouseError
from . import tables
from .model import Refresh, Refreshed, signature

FILLED = "filled in later"
"""The note of a run that looked back from a later day."""
TRIES = 10
"""How often a run begins anew where another was quicker."""


@dataclass(frozen=True, slots=True)
class _Last:
    """The last run of a segment."""

    run: int
    now: datetime
    hash: str


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is in the ledger: the number of the last run, the last run of each segment, and how many are members."""

    there: bool
    run: int
    last: Mapping[str, _Last]
    members: Mapping[str, int]


def refresh(project: Project, keeping: Keeping, only: Collection[str] = (), note: str = "") -> Refresh:
    """Bring the ledger to the project's `now`, in one transaction; the run, as it was written.

    `project.segments` are all that the ledger keeps: who is in another one leaves. With `only` these alone are looked
    at. A segment with a mistake keeps its members, and is told in `problems`. Raises as `draft`.
    """
    for _ in range(TRIES):
        found = draft(project, keeping, only, note)
        if written(found, keeping):
            return found
    raise WarehouseError(
        f"Others write to {keeping.schema} all the time: no run could be written.", "let one program refresh it"
    )


def backfill(
    project: Project, keeping: Keeping, times: Iterable[datetime], only: Collection[str] = ()
) -> Iterator[Refresh]:
    """A run at each of some aware instants that is later than the last run: history from the rows of today.

    Each is written before the next is asked, so that it goes on where it was stopped. Raises as `refresh`.
    """
    with keeping.shown():
        last = _kept(keeping).last
    asked = _chosen(project.segments, only)
    after = max((one.now for name, one in last.items() if name in {*asked} or not only), default=None)
    for at in sorted(times):
        if after is None or at > after:
            yield refresh(project.at(at), keeping, only, FILLED)


def draft(project: Project, keeping: Keeping, only: Collection[str] = (), note: str = "") -> Refresh:
    """What a run would change; nothing is written but temporary tables, which `written` takes.

    `note` is that of segments of which there is nothing else to say.

    Raises WarehouseError, also where a segment was looked at at this instant or a later one; KeyError for a name of
    `only` that no segment has; ValueError for a parameter that no segment has.
    """
    expect("project", "a Project", project, Project)
    expect("keeping", "a Keeping, as `open_keeping` gives one", keeping, Keeping)
    start, now = perf_counter(), project.instant()
    asked = _chosen(project.segments, only)
    done, problems, failed = _compiled(replace(project, now=now, segments=asked), project.segments, keeping)
    keeping.hold(tables.FOUND, tables.found(done.sql))
    with keeping.shown():
        kept = _kept(keeping)
        whole = not only and not any(problem.severity == "error" for problem in project.segments.problems)
        gone = [name for name in kept.members if name not in done.meanings and name not in failed] if whole else []
        _look_forward(kept, [*done.meanings, *gone], now)
        keeping.hold(tables.MOVES, tables.moves(keeping.schema if kept.there else None, [*done.meanings, *gone]))
    counts = {str(name): tuple(map(int, those)) for name, *those in keeping.warehouse.rows(tables.counted())}
    hash_of = hashes(project, done.meanings)
    rows: list[Refreshed] = []
    for name, one in done.meanings.items():
        members, entered, left = counts.get(name, (0, 0, 0))
        last = kept.last.get(name)
        said = "the rule changed" if last is not None and last.hash != hash_of[name] else note
        rows.append(Refreshed(name, one.text.strip(), hash_of[name], "full", members, entered, left, "done", said))
    for name in gone:
        left = counts.get(name, (0, 0, 0))[2]
        rows.append(Refreshed(name, "", "", "full", 0, 0, left, "done", "the segment is in the files no more"))
    for name, why in failed.items():
        rows.append(Refreshed(name, "", "", "full", kept.members.get(name, 0), 0, 0, "failed", why))
    return Refresh(kept.run + 1, now, perf_counter() - start, tuple(rows), tuple(problems))


def _look_forward(kept: _Kept, names: Iterable[str], now: datetime) -> None:
    """WarehouseError where a segment was looked at as late, or later."""
    for name in names:
        if (last := kept.last.get(name)) is not None and last.now >= now:
            raise WarehouseError(
                f"`{name}` was refreshed at {_said(last.now)} (run {last.run:,}), and this run is at {_said(now)}.",
                "a run is later than the one before: leave --now out, or name a later instant",
            )


def written(found: Refresh, keeping: Keeping) -> bool:
    """Write a draft down; False, and nothing is written, where another run was written since. Raises WarehouseError."""
    schema, first = keeping.schema, found.run == 1
    statements = tables.made(schema, keeping.warehouse.dialect) if first else []
    statements += tables.moved(schema, found.now)
    statements += tables.recorded(schema, found.run, found.now, found.seconds, found.segments)
    return keeping.write(statements, tables.unless(schema, None if first else found.run - 1))


def _chosen(segments: Segments, only: Collection[str]) -> Segments:
    if not only:
        return segments
    names = {fold(segments[name].name.text) for name in only}
    return replace(segments, segments={name: one for name, one in segments.segments.items() if name in names})


def _kept(keeping: Keeping) -> _Kept:
    if not keeping.there("runs"):
        return _Kept(False, 0, {}, {})
    rows, schema = keeping.warehouse.rows, keeping.schema
    ((run,),) = rows(tables.newest(schema))
    last = {str(name): _Last(int(of), tables.read(at), str(hash_)) for name, of, at, hash_ in rows(tables.last(schema))}
    return _Kept(True, int(run), last, {str(name): int(number) for name, number in rows(tables.kept(schema))})


def _compiled(
    project: Project, every: Segments, keeping: Keeping
) -> tuple[CompiledMany, list[Problem], dict[str, str]]:
    """The statement of the segments that can be asked, all that is wrong, and why each of the others cannot."""
    catalog, dialect = project.catalog, keeping.warehouse.dialect

    def bound(names: Iterable[str]) -> tuple[dict[str, Meaning], list[Problem]]:
        rules = {name: project.segments[name] for name in names}
        return meanings(rules, catalog, now=project.now, segments=every, parameters=project.parameters)

    found, problems = bound(project.segments)
    failed = {name: _reason(bound([name])[1]) for name in project.segments if name not in found}
    try:
        done = written_many(found, catalog, dialect)
    except SegQLError:
        lacking = lacking_many(found, catalog, dialect)
        if not lacking:
            raise
        failed |= {name: _reason(some) for name, some in lacking.items()}
        problems += [one for some in lacking.values() for one in some]
        done = written_many({name: one for name, one in found.items() if name not in lacking}, catalog, dialect)
    return done, list(dict.fromkeys([*every.problems, *problems])), failed


def _reason(problems: Iterable[Problem]) -> str:
    return next((problem.message for problem in problems if problem.severity == "error"), "the segment has a mistake")


def hashes(project: Project, meant: Mapping[str, Meaning]) -> dict[str, str]:
    """What each rule means at a running clock, so that it is the same at each instant."""
    live, _ = meanings(
        {name: project.segments[name] for name in meant}, project.catalog,
        now=running(), segments=project.segments, parameters=project.parameters,
    )  # fmt: skip
    said = {
        name: signature((live[name].bound, live[name].sample)) if name in live else meant[name].text for name in meant
    }
    return {name: hashlib.sha256(text.encode()).hexdigest()[:16] for name, text in said.items()}


def _said(at: datetime) -> str:
    return at.isoformat(sep=" ", timespec="seconds").replace("+00:00", " UTC")
