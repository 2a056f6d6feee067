"""What a refresh costs that asks few, beside one that asks everybody, on the demo shop in DuckDB or Postgres.

`python benchmarks/refresh.py [PROFILES [RUNS [postgres|URL]]]`. A hundred random segments (those of `many.py`) are kept
up to an hour before the shop's now, and asked again at now, in turns of both ways: the question with all its temporary
tables, of which nothing is written, so that each turn begins with the same ledger. CPU (of this process, and of all
processes of a Postgres on this machine) and wall, in seconds, medians; then what is written, once, and the shop's own
segments for the first time. A URL is that of a Postgres that holds the shop already, with the indexes that are made
here; the schema `kept` is made there anew.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from os import sysconf
from pathlib import Path
from statistics import median

from many import segments, timed, told

from segql import Catalog, Project, load_catalog
from segql.catalog.model import Written
from segql.console.opening import demo_shop, shop
from segql.demo import NOW, PROFILES
from segql.ledger import draft, refresh, written
from segql.segments import load_segments, segments_from
from segql.warehouse import Keeping, open_keeping

LATE = "15min"


def promised() -> Catalog:
    """The shop's catalog with the promise that rows are written when they happen, as the demo's are."""
    catalog = load_catalog(shop() / "catalog.yaml")
    at = Written(column=("signed_up_at",), late=LATE)
    parts: dict[str, object] = {"profiles": catalog.profiles.model_copy(update={"written": at})}
    for kind in ("channels", "events", "lists"):
        parts[kind] = {
            name: part
            if part.time is None
            else part.model_copy(update={"written": Written(**vars(part.time), late=LATE)})
            for name, part in getattr(catalog, kind).items()
        }
    return Catalog.of({**vars(catalog), **parts})


@contextmanager
def opened(profiles: int, postgres: str = "") -> Iterator[Keeping]:
    """The shop in DuckDB, in a Postgres of its own (`postgres`), or in the one at a URL."""
    if "://" in postgres:
        import psycopg

        with psycopg.connect(postgres) as connection:
            connection.execute("DROP SCHEMA IF EXISTS kept CASCADE")
        keeping = open_keeping(postgres, "kept", seconds=3600)
        yield keeping
        keeping.close()
        return
    if postgres:
        from shapes_postgres import server

        with server(profiles) as (connection, _, _):
            row = connection.execute("SELECT current_setting('unix_socket_directories')").fetchone()
            assert row is not None
            connection.execute("ALTER DATABASE postgres SET search_path = bench")
            connection.execute("CREATE INDEX ON events (occurred_at); CREATE INDEX ON orders (created_at)")
            connection.execute("CREATE INDEX ON customers (signed_up_at); CREATE INDEX ON consent (changed_at)")
            with opened(profiles, f"postgresql:///postgres?user=postgres&host={row[0]}") as keeping:
                yield keeping
        return
    warehouse = demo_shop(profiles, print)
    ((path,),) = warehouse.rows("SELECT path FROM duckdb_databases() WHERE path IS NOT NULL")
    warehouse.close()
    with tempfile.TemporaryDirectory() as folder:
        keeping = open_keeping(path, str(Path(folder) / "members.duckdb"))
        yield keeping
        keeping.close()


def processor(keeping: Keeping) -> float:
    """The seconds of a processor that a Postgres on this machine took so far, with workers that have ended."""
    if keeping.warehouse.dialect != "postgres":
        return 0.0
    ((folder,),) = keeping.warehouse.rows("SELECT current_setting('data_directory')")
    leader = (Path(str(folder)) / "postmaster.pid").read_text().split()[0]
    ticks = 0
    for said in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = said.read_text().rpartition(")")[2].split()
            own, ended = sum(map(int, fields[11:13])), sum(map(int, fields[13:15]))
            ticks += own + ended if said.parent.name == leader else own if fields[1] == leader else 0
    return ticks / sysconf("SC_CLK_TCK")


def taken(act: Callable[[], object], keeping: Keeping) -> tuple[float, float]:
    """CPU, of a server too, and wall."""
    before = processor(keeping)
    cpu, wall = timed(act)
    return cpu + processor(keeping) - before, wall


def main() -> None:
    profiles, runs = (int(word) for word in (*sys.argv[1:3], *("100000", "3")[len(sys.argv) - 1 :]))
    catalog, saved = promised(), load_segments(shop())
    rules = segments_from("\n".join(f'segment "{name}" = {rule}' for name, rule in segments(100).items()))
    postgres = next((word for word in sys.argv[1:] if word.startswith("postgres")), "")
    with opened(profiles, postgres) as keeping:
        before = Project(catalog, rules, now=NOW - timedelta(hours=1))
        print(f"{profiles:,} profiles, {30 * profiles:,} events, 100 segments")
        told("first run, written", [taken(lambda: refresh(before, keeping), keeping)])
        project = Project(catalog, rules, now=NOW)
        ways: dict[bool, list[tuple[float, float]]] = {False: [], True: []}
        for run in range(runs + 1):
            for full in ways:
                one = taken(lambda full=full: draft(project, keeping, full=full), keeping)  # type: ignore[misc]
                ways[full] += [one] if run else []
        told("asked of few", ways[False])
        told("asked of everybody", ways[True])
        for at, what in enumerate(("processor", "clock")):
            some, all_ = (median(times[at] for times in way) for way in ways.values())
            print(f"  {all_ / some:.1f} times as fast by the {what}")
        found = draft(project, keeping)
        modes = [one.mode for one in found.segments]
        print(f"  {modes.count('incremental')} of {len(modes)} incremental, {found.candidates:,} candidates,"
              f" {found.entered:,} entered, {found.left:,} left")  # fmt: skip
        told("written", [taken(lambda: written(found, keeping), keeping)])
    if not postgres:
        with opened(PROFILES) as keeping:
            print(f"the shop's own {len(saved)} segments, {PROFILES:,} profiles")
            told("first run, written", [timed(lambda: refresh(Project(catalog, saved, now=NOW), keeping))])


if __name__ == "__main__":
    main()
