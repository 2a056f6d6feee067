"""What a refresh costs that asks few, beside one that asks everybody, on the demo shop in DuckDB or Postgres.

`python benchmarks/refresh.py [PROFILES [RUNS [postgres]]]`. A hundred random segments (those of `many.py`) are kept up
to an hour before the shop's now, and asked again at now, in turns of both ways: the question with all its temporary
tables, of which nothing is written, so that each turn begins with the same ledger. CPU (of this process: on Postgres
compiling alone) and wall, in seconds, medians; then what is written, once, and the shop's own segments for the first
time.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

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
def opened(profiles: int, postgres: bool) -> Iterator[Keeping]:
    if postgres:
        from shapes_postgres import server

        with server(profiles) as (connection, _, _):
            row = connection.execute("SELECT current_setting('unix_socket_directories')").fetchone()
            assert row is not None
            connection.execute("ALTER DATABASE postgres SET search_path = bench")
            connection.execute("CREATE INDEX ON events (occurred_at); CREATE INDEX ON orders (created_at)")
            connection.execute("CREATE INDEX ON customers (signed_up_at); CREATE INDEX ON consent (changed_at)")
            keeping = open_keeping(f"postgresql:///postgres?user=postgres&host={row[0]}", "kept", seconds=3600)
            yield keeping
            keeping.close()
        return
    warehouse = demo_shop(profiles, print)
    ((path,),) = warehouse.rows("SELECT path FROM duckdb_databases() WHERE path IS NOT NULL")
    warehouse.close()
    with tempfile.TemporaryDirectory() as folder:
        keeping = open_keeping(path, str(Path(folder) / "members.duckdb"))
        yield keeping
        keeping.close()


def main() -> None:
    profiles, runs = (int(word) for word in (*sys.argv[1:3], *("100000", "3")[len(sys.argv) - 1 :]))
    catalog, saved = promised(), load_segments(shop())
    rules = segments_from("\n".join(f'segment "{name}" = {rule}' for name, rule in segments(100).items()))
    with opened(profiles, "postgres" in sys.argv) as keeping:
        before = Project(catalog, rules, now=NOW - timedelta(hours=1))
        print(f"{profiles:,} profiles, {30 * profiles:,} events, 100 segments")
        told("first run, written", [timed(lambda: refresh(before, keeping))])
        project = Project(catalog, rules, now=NOW)
        ways: dict[bool, list[tuple[float, float]]] = {False: [], True: []}
        for run in range(runs + 1):
            for full in ways:
                taken = timed(lambda full=full: draft(project, keeping, full=full))  # type: ignore[misc]
                ways[full] += [taken] if run else []
        told("asked of few", ways[False])
        told("asked of everybody", ways[True])
        some, all_ = (sorted(wall for _, wall in times)[len(times) // 2] for times in ways.values())
        print(f"  {all_ / some:.1f} times as fast by the clock")
        found = draft(project, keeping)
        modes = [one.mode for one in found.segments]
        print(f"  {modes.count('incremental')} of {len(modes)} incremental, {found.candidates:,} candidates,"
              f" {found.entered:,} entered, {found.left:,} left")  # fmt: skip
        told("written", [timed(lambda: written(found, keeping))])
    if "postgres" not in sys.argv:
        with opened(PROFILES, False) as keeping:
            print(f"the shop's own {len(saved)} segments, {PROFILES:,} profiles")
            told("first run, written", [timed(lambda: refresh(Project(catalog, saved, now=NOW), keeping))])


if __name__ == "__main__":
    main()
