"""A run: what all segments say at an instant beside what is kept; then the tables as they say."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from time import perf_counter

from ..arguments import running
from ..catalog import Catalog, fold
from ..compiler import compile
from ..dialects import NotInDialect
from ..errors import Problem, SegQLError, expect
from ..many import lacking_many, meanings, written_many
from ..meanings import Meaning
from ..project import Project
from ..segments import Segments
from ..warehouse import Keeping, WarehouseError
from . import log, tables
from .candidates import Chosen, chosen
from .kept import Kept, kept_in
from .model import Mode, Refresh, Refreshed, signature
from .reading import Reading
from .views import views
from .words import words

FILLED = "filled in later"
"""The note of a run that looked back from a later day."""
TRIES = 10
"""How often a run begins anew where another was quicker."""


MANY, SHARE = 1_000, 0.2
"""Where so many profiles, and this share of all, may have changed, to ask all is as quick."""


def refresh(
    project: Project,
    keeping: Keeping,
    only: Collection[str] = (),
    note: str = "",
    *,
    full: bool = False,
    with_views: bool = False,
) -> Refresh:
    """Bring the ledger to the project's `now`, in one transaction; the run, as it was written.

    `project.segments` are all that the ledger keeps: who is in another one leaves. With `only` these alone are looked
    at. A segment with a mistake keeps its members, and is told in `problems`. `full` asks all of everybody,
    `with_views` makes a view of each segment. Raises as `draft`.
    """
    for _ in range(TRIES):
        found = draft(project, keeping, only, note, full=full)
        if written(found, keeping, with_views=with_views):
            return found
    raise WarehouseError(
        f"Others write to {keeping.schema} all the time: no run could be written.", "let one program refresh it"
    )


def backfill(
    project: Project, keeping: Keeping, times: Iterable[datetime], only: Collection[str] = (), *, full: bool = False
) -> Iterator[Refresh]:
    """A run at each of some aware instants that is later than the last run: history from the rows of today.

    Each is written before the next is asked, so that it goes on where it was stopped. Raises as `refresh`.
    """
    with keeping.shown():
        last = kept_in(keeping).last
    asked = _chosen(project.segments, only)
    after = max((one.now for name, one in last.items() if name in {*asked} or not only), default=None)
    for at in sorted({*times}):
        if after is None or at > after:
            yield refresh(project.at(at), keeping, only, FILLED, full=full)


def draft(
    project: Project,
    keeping: Keeping,
    only: Collection[str] = (),
    note: str = "",
    *,
    full: bool = False,
    verify: Decimal | None = None,
) -> Refresh:
    """What a run would change; nothing is written but temporary tables, which `written` takes.

    `note` is that of segments of which there is nothing else to say. Segments of which it can be told whom they may
    have changed for since their last run ask only these, unless `full`. With `verify` they look at so many percent of
    the others, too, by a hash of the key, and tell in `differing` who is not as they were kept.

    Raises WarehouseError, also where a segment was looked at at this instant or a later one; KeyError for a name of
    `only` that no segment has; ValueError for a parameter that no segment has.
    """
    expect("project", "a Project", project, Project)
    expect("keeping", "a Keeping, as `open_keeping` gives one", keeping, Keeping)
    start, now, dialect = perf_counter(), project.instant(), keeping.warehouse.dialect
    seen = min(now, datetime.now(UTC))
    asked = replace(project, now=now, segments=_chosen(project.segments, only))
    meant, problems, failed = _meant(asked, project.segments)
    hash_of = hashes(project, meant)
    with keeping.shown():
        kept = kept_in(keeping)
    _look_forward(kept, meant, now)
    how = Chosen(reasons=dict.fromkeys(meant, "--full")) if full else _asked(project, meant, kept, hash_of)
    looked_at = _candidates(how, project, keeping, now)
    keys = tables.CANDIDATES
    if verify is not None and how.names:
        keys = _sample(project, kept, verify, keeping, now)
    statements, lacking = _written(meant, how.names, keys, project.catalog, dialect)
    for name, some in lacking.items():
        del meant[name]
        failed[name] = _reason(some)
        problems += [one for one in some if one not in problems]
    whole = not only and not any(problem.severity == "error" for problem in project.segments.problems)
    gone = [name for name in kept.members if name not in meant and name not in failed] if whole else []
    _look_forward(kept, gone, now)
    keeping.hold(tables.FOUND, tables.found(dialect, *statements))
    with keeping.shown():
        schema, those = keeping.schema if kept.there else None, [*meant, *gone]
        if schema is not None and words(dialect).logs:
            moves = log.moves(schema, those, dialect, how.names, keys)
        else:
            moves = tables.moves(schema, those, dialect, how.names, keys)
        keeping.hold(tables.MOVES, moves)
    counts = {str(name): tuple(map(int, those)) for name, *those in keeping.warehouse.rows(tables.counted())}
    rows: list[Refreshed] = []
    for name, one in meant.items():
        members, entered, left = counts.get(name, (0, 0, 0))
        last = kept.last.get(name)
        if name in how.names and last is not None:
            members = last.members + entered - left
        said = "the rule changed" if last is not None and last.hash != hash_of[name] else note
        mode: Mode = "incremental" if name in how.names else "full"
        why = how.reasons.get(name, "")
        rows.append(Refreshed(name, one.text.strip(), hash_of[name], mode, members, entered, left, "done", said, why))
    for name in gone:
        left = counts.get(name, (0, 0, 0))[2]
        rows.append(Refreshed(name, "", "", "full", 0, 0, left, "done", "the segment is in the files no more"))
    for name, why in failed.items():
        rows.append(Refreshed(name, "", "", "full", kept.members.get(name, 0), 0, 0, "failed", why))
    found = Refresh(kept.run + 1, now, seen, perf_counter() - start, tuple(rows), tuple(problems), looked_at)
    if keys == tables.CANDIDATES:
        return found
    ((verified,),) = keeping.warehouse.rows(f"SELECT COUNT(*) FROM {tables.SAMPLE}")
    others = keeping.warehouse.rows(tables.differing(how.names, dialect))
    differing = tuple((str(name), str(key), bool(enters)) for name, key, enters in others)
    return replace(found, verified=int(verified), differing=differing)


def _asked(project: Project, meant: Mapping[str, Meaning], kept: Kept, hash_of: Mapping[str, str]) -> Chosen:
    """Of whom each segment is asked."""
    times = {name: kept.last[name].now for name in meant if name in kept.last and kept.last[name].hash == hash_of[name]}
    before: dict[str, Meaning] = {}
    for at in {*times.values()}:
        found, _ = meanings(
            {name: project.segments[name] for name in meant}, project.catalog,
            now=at, segments=project.segments, parameters=project.parameters,
        )  # fmt: skip
        before |= {name: one for name, one in found.items() if times.get(name) == at}
    return chosen(meant, before, kept.last, hash_of, project.catalog)


def _candidates(how: Chosen, project: Project, keeping: Keeping, now: datetime) -> int:
    """Makes the table of those who are looked at by segments that ask not all; how many."""
    if not how.names:
        return 0
    catalog, dialect = project.catalog, keeping.warehouse.dialect
    try:
        keeping.hold(tables.CANDIDATES, how.sql(catalog, dialect, now))
    except (SegQLError, NotInDialect, WarehouseError) as error:
        how.full(f"whom it may have changed for cannot be asked: {error}")
        return 0
    ((number,),) = keeping.warehouse.rows(f"SELECT COUNT(*) FROM {tables.CANDIDATES}")
    if number > MANY:
        every = keeping.warehouse.count(compile("everyone", catalog, dialect=dialect, now=now).sql)
        if number > SHARE * every:
            how.full(f"{number:,} of {every:,} profiles may have changed")
            return 0
    return int(number)


def _sample(project: Project, kept: Kept, percent: Decimal, keeping: Keeping, now: datetime) -> str:
    """Makes the table of those who are looked at where a run verifies; its name."""
    dialect = keeping.warehouse.dialect
    every = compile("everyone", project.catalog, dialect=dialect, now=now).sql
    below = f"{int(percent * 16**8 / 100):08x}" if percent < 100 else "g"
    with keeping.shown():
        keeping.hold(tables.SAMPLE, tables.sampled(keeping.schema, every, f"run {kept.run}: ", below, dialect))
    keeping.hold(tables.LOOKED_AT, tables.looked_at())
    return tables.LOOKED_AT


def _written(
    meant: Mapping[str, Meaning], some: Collection[str], keys: str, catalog: Catalog, dialect: str
) -> tuple[list[str], dict[str, tuple[Problem, ...]]]:
    """What asks all segments, those in `some` of the `keys` alone; and what the dialect lacks for others."""
    statements: list[str] = []
    lacking: dict[str, tuple[Problem, ...]] = {}
    for only in (None, keys) if some else (None,):
        part = {name: one for name, one in meant.items() if (name in some) is (only is not None)}
        if some and not part:
            continue
        try:
            statements.append(written_many(part, catalog, dialect, only=only).sql)
        except SegQLError:
            found = lacking_many(part, catalog, dialect)
            if not found:
                raise
            lacking |= found
            able = {name: one for name, one in part.items() if name not in found}
            statements.append(written_many(able, catalog, dialect, only=only).sql)
    return statements, lacking


def _look_forward(kept: Kept, names: Iterable[str], now: datetime) -> None:
    """WarehouseError where a segment was looked at as late, or later."""
    for name in names:
        if (last := kept.last.get(name)) is not None and last.now >= now:
            raise WarehouseError(
                f"`{name}` was refreshed at {_said(last.now)} (run {last.run:,}), and this run is at {_said(now)}.",
                "a run is later than the one before: leave --now out, or name a later instant",
            )


def written(found: Refresh, keeping: Keeping, *, with_views: bool = False) -> bool:
    """Write a draft down; False, and nothing is written, where another run was written since.

    `with_views` makes a view of each segment beside. Raises WarehouseError.
    """
    schema, first, dialect = keeping.schema, found.run == 1, keeping.warehouse.dialect
    asked = [one.segment for one in found.segments if one.state == "done" and one.text]
    more = views(asked, keeping) if with_views else []
    unless = tables.unless(schema, None if first else found.run - 1, dialect)
    if words(dialect).logs:
        return keeping.write(log.statements(schema, found, more, dialect), unless)
    statements = tables.made(schema, dialect) if first else []
    statements += tables.moved(schema, found.now, dialect)
    statements += [*tables.recorded(schema, found, dialect), *more]
    if first and dialect == "postgres":  # else it knows nothing of the new tables for a while
        statements += [f"ANALYZE {schema}.members", f"ANALYZE {schema}.history"]
    return keeping.write(statements, unless)


def _chosen(segments: Segments, only: Collection[str]) -> Segments:
    if not only:
        return segments
    names = {fold(segments[name].name.text) for name in only}
    return replace(segments, segments={name: one for name, one in segments.segments.items() if name in names})


def _meant(project: Project, every: Segments) -> tuple[dict[str, Meaning], list[Problem], dict[str, str]]:
    """What the segments mean that mean something, all that is wrong, and why each of the others cannot be asked."""

    def bound(names: Iterable[str]) -> tuple[dict[str, Meaning], list[Problem]]:
        rules = {name: project.segments[name] for name in names}
        return meanings(rules, project.catalog, now=project.now, segments=every, parameters=project.parameters)

    found, problems = bound(project.segments)
    failed = {name: _reason(bound([name])[1]) for name in project.segments if name not in found}
    return found, list(dict.fromkeys([*every.problems, *problems])), failed


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
    if said.keys() - live.keys():  # what such a rule names is told by all that it might name
        around = signature((tuple(project.segments.segments.values()), tuple(project.segments.values.values())))
        around += repr(sorted(project.parameters.items()))
        said |= {name: f"{said[name]}{around}" for name in said if name not in live}
    for name, one in meant.items():
        reading = Reading()
        reading.add(one.bound)
        said[name] += reading.signature(project.catalog)
    return {name: hashlib.sha256(text.encode()).hexdigest()[:16] for name, text in said.items()}


def _said(at: datetime) -> str:
    return at.isoformat(sep=" ", timespec="seconds").replace("+00:00", " UTC")
