"""The tables of a ledger, and the SQL that reads and writes them; the same on each engine that can keep them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from ..warehouse.duckdb import literal, quoted

if TYPE_CHECKING:
    from .model import Refresh

FOUND, MOVES, CANDIDATES = "segql_found", "segql_moves", "segql_candidates"
"""Temporary tables: who is a member now, who enters and leaves, and for whom segments that ask not all may change."""
SAMPLE, LOOKED_AT = "segql_sample", "segql_looked_at"
"""Temporary tables of a run that verifies: others, for whom nothing may change; and these with the candidates."""

RUNS = """CREATE TABLE {schema}.runs (
  run INTEGER NOT NULL, segment TEXT NOT NULL, text TEXT NOT NULL, hash TEXT NOT NULL, now {time} NOT NULL,
  seen {time} NOT NULL, mode TEXT NOT NULL, reason TEXT NOT NULL,
  members BIGINT NOT NULL, entered BIGINT NOT NULL, "left" BIGINT NOT NULL,
  seconds DOUBLE PRECISION NOT NULL, state TEXT NOT NULL, note TEXT NOT NULL
)"""


def found(dialect: str, *statements: str) -> str:
    """The statements of many rules, their columns named as those of the tables are."""
    return "\nUNION ALL ".join(
        f"SELECT CAST(segment AS TEXT) AS segment, profile FROM {_called(sql, 'segment, profile', dialect)} AS found"
        for sql in statements
    )


def _called(sql: str, columns: str, dialect: str) -> str:
    """A query behind FROM, its columns by other names."""
    if dialect == "sqlite":  # it takes them before the query alone
        return f"(WITH called ({columns}) AS (\n{sql}\n) SELECT {columns} FROM called)"
    return f"(SELECT * FROM (\n{sql}\n) AS called ({columns}))"


def sampled(schema: str, everybody: str, seed: str, below: str, dialect: str) -> str:
    """Profiles, and members that may be none by now, whose key has a small hash; candidates left out."""
    taken = (
        f"WHERE substr(md5({literal(seed)} || CAST(own.profile AS TEXT)), 1, 8) < {literal(below)}"
        f" AND own.profile NOT IN (SELECT profile FROM {CANDIDATES})"
    )
    return (
        f"SELECT own.profile FROM {_called(everybody, 'profile', dialect)} AS own {taken}\n"
        f"UNION SELECT own.profile FROM {schema}.members AS own {taken}"
    )


def looked_at() -> str:
    """The candidates, and the sample beside them."""
    return f"SELECT profile FROM {CANDIDATES} UNION ALL SELECT profile FROM {SAMPLE}"


def differing(segments: Collection[str]) -> str:
    """Who would enter and leave of whom nothing may have changed."""
    return (
        f"SELECT segment, CAST(profile AS TEXT), entered FROM {MOVES}"
        f" WHERE segment IN {listed(segments)} AND profile IN (SELECT profile FROM {SAMPLE}) ORDER BY 1, 2"
    )


def moves(schema: str | None, segments: Collection[str], some: Collection[str] = (), keys: str = CANDIDATES) -> str:
    """Who enters and who leaves, of some segments; without a ledger all enter.

    Of the segments in `some` the profiles in the table `keys` alone were asked, and nobody else leaves.
    """
    if schema is None:
        return f"SELECT segment, profile, true AS entered FROM {FOUND}"
    members = f"{schema}.members AS members"
    beside = "ON found.segment = members.segment AND found.profile = members.profile"
    gone = "SELECT members.segment, members.profile, false FROM"
    others = [name for name in segments if name not in some]
    parts = [
        f"SELECT found.segment, found.profile, true AS entered FROM {FOUND} AS found"
        f" LEFT JOIN {members} {beside} WHERE members.segment IS NULL"
    ]
    if others:
        parts.append(
            f"{gone} {members} LEFT JOIN {FOUND} AS found {beside}"
            f" WHERE found.segment IS NULL AND members.segment IN {listed(others)}"
        )
    if some:
        parts.append(
            f"{gone} {keys} AS asked JOIN {members} ON members.profile = asked.profile"
            f" LEFT JOIN {FOUND} AS found {beside} WHERE found.segment IS NULL AND members.segment IN {listed(some)}"
        )
    return "\nUNION ALL ".join(parts)


def listed(texts: Collection[str]) -> str:
    """Texts as a list behind IN, of none as well."""
    return f"({', '.join(map(literal, texts)) or 'NULL'})"


def counted() -> str:
    """By segment: how many are members, enter, leave."""
    return (
        "SELECT segment, SUM(members), SUM(entered), SUM(gone) FROM ("
        f"SELECT segment, COUNT(*) AS members, 0 AS entered, 0 AS gone FROM {FOUND} GROUP BY segment UNION ALL "
        "SELECT segment, 0, COUNT(CASE WHEN entered THEN 1 END), COUNT(CASE WHEN NOT entered THEN 1 END)"
        f" FROM {MOVES} GROUP BY segment) AS counted GROUP BY segment"
    )


def last(schema: str, dialect: str) -> str:
    """By segment: the last run that was done, its instant, its rule's hash, until when it saw rows, its members."""
    now, seen = told("runs.now", dialect), told("runs.seen", dialect)
    return (
        f"SELECT runs.segment, runs.run, {now}, runs.hash, {seen}, runs.members"
        f" FROM {schema}.runs AS runs JOIN ("
        f"SELECT segment, MAX(run) AS run FROM {schema}.runs WHERE state = 'done' GROUP BY segment) AS lasts"
        " ON lasts.segment = runs.segment AND lasts.run = runs.run"
    )


def newest(schema: str) -> str:
    """The number of the last run, 0 where there is none."""
    return f"SELECT COALESCE(MAX(run), 0) FROM {schema}.runs"


def unless(schema: str, before: int | None, dialect: str) -> str:
    """A query with rows where somebody wrote after a run; None: where there are tables by now."""
    if before is not None:
        return f"SELECT 1 FROM {schema}.runs WHERE run > {before:d} LIMIT 1"
    if dialect == "sqlite":
        return f"SELECT 1 FROM {schema}.sqlite_schema WHERE name = 'runs'"
    name = schema.rpartition('."')[2].strip('"').replace('""', '"')
    catalog = f" AND table_catalog = {literal(schema.partition('.')[0].strip(chr(34)))}" if '."' in schema else ""
    return (
        f"SELECT 1 FROM information_schema.tables WHERE table_schema = {literal(name)} AND table_name = 'runs'{catalog}"
    )


def made(schema: str, dialect: str) -> list[str]:
    """The statements that make the tables, whose keys have the type that they have in the warehouse."""
    columns = {"members": "{} AS since", "history": '{0} AS entered, {0} AS "left"'}
    time = "TEXT" if dialect == "sqlite" else "TIMESTAMPTZ"
    never = f"CAST(NULL AS {time})"
    statements = [] if dialect == "sqlite" else [f"CREATE SCHEMA IF NOT EXISTS {schema}"]
    for table, times in columns.items():
        said = f"segment, profile, {times.format(never)}"
        statements.append(f"CREATE TABLE {schema}.{table} AS SELECT {said} FROM {FOUND} WHERE false")
    statements.append(RUNS.format(schema=schema, time=time))
    if dialect == "postgres":
        statements += [
            f"ALTER TABLE {schema}.members ADD PRIMARY KEY (segment, profile)",
            f"CREATE INDEX ON {schema}.members (profile)",
            f'CREATE UNIQUE INDEX ON {schema}.history (segment, profile) WHERE "left" IS NULL',
            f"ALTER TABLE {schema}.runs ADD PRIMARY KEY (run, segment)",
        ]
    if dialect == "sqlite":  # an index is named, and the schema stands before its name
        statements += [
            f"CREATE UNIQUE INDEX {schema}.members_key ON members (segment, profile)",
            f"CREATE INDEX {schema}.members_profile ON members (profile)",
            f'CREATE UNIQUE INDEX {schema}.history_key ON history (segment, profile) WHERE "left" IS NULL',
            f"CREATE UNIQUE INDEX {schema}.runs_key ON runs (run, segment)",
        ]
    return statements


def moved(schema: str, now: datetime, dialect: str) -> list[str]:
    """The statements that let the moves happen."""
    those = f"(segment, profile) IN (SELECT segment, profile FROM {MOVES} WHERE NOT entered)"
    enter, at = f"FROM {MOVES} WHERE entered", instant(now, dialect)
    return [
        f"DELETE FROM {schema}.members WHERE {those}",
        f'UPDATE {schema}.history SET "left" = {at} WHERE "left" IS NULL AND {those}',
        f"INSERT INTO {schema}.members SELECT segment, profile, {at} {enter}",
        f"INSERT INTO {schema}.history SELECT segment, profile, {at}, NULL {enter}",
    ]


def viewed(schema: str, views: Mapping[str, str], dialect: str) -> list[str]:
    """The statements that make views of the members of segments, which are given by the names of the views."""
    statements = []
    for name, segment in views.items():
        view = f"{schema}.{quoted(name)}"
        select = f"SELECT profile, since FROM {schema}.members WHERE segment = {literal(segment)}"
        if dialect == "sqlite":  # a file is called otherwise by each who opens it
            select = select.replace(f"{schema}.", "", 1)
            statements += [f"DROP VIEW IF EXISTS {view}", f"CREATE VIEW {view} AS {select}"]
        else:
            statements.append(f"CREATE OR REPLACE VIEW {view} AS {select}")
    return statements


def recorded(schema: str, found: Refresh, dialect: str) -> list[str]:
    """The statement that writes the run down, a row for each segment."""
    at = f"{instant(found.now, dialect)}, {instant(found.seen, dialect)}"
    rows = [
        f"({found.run:d}, {literal(one.segment)}, {literal(one.text)}, {literal(one.hash)}, {at},"
        f" {literal(one.mode)}, {literal(one.reason)}, {one.members:d}, {one.entered:d}, {one.left:d},"
        f" {found.seconds:.3f}, {literal(one.state)}, {literal(one.note)})"
        for one in found.segments
    ]
    return [f"INSERT INTO {schema}.runs VALUES\n" + ",\n".join(rows)] if rows else []


def names(schema: str) -> str:
    """The names of the segments that runs have looked at."""
    return f"SELECT DISTINCT segment FROM {schema}.runs"


def changed(schema: str, since: int | datetime, segment: str | None, dialect: str, *, first_time: bool) -> str:
    """Who came and went: a row for each change."""
    join, after, bound = "", ">", "since.now"
    if isinstance(since, datetime):
        after, bound = ">=", instant(since, dialect)
    else:
        runs = f"{schema}.runs WHERE run <= {since:d} AND state = 'done' GROUP BY segment"
        join = f" LEFT JOIN (SELECT segment, MAX(now) AS now FROM {runs}) AS since ON since.segment = stay.segment"
    mine = "" if segment is None else f" AND stay.segment = {literal(segment)}"

    def side(column: str, change: str, more: str = "") -> str:
        later = f"stay.{column} {after} {bound}" + ("" if not join else " OR since.now IS NULL")
        return (
            f"SELECT stay.{column} AS \"at\", stay.segment, stay.profile, '{change}' AS change"
            f" FROM {schema}.history AS stay{join} WHERE stay.{column} IS NOT NULL AND ({later}){mine}{more}"
        )

    if not first_time:
        return side("entered", "entered") + "\nUNION ALL " + side('"left"', "left")
    before = "before.segment = stay.segment AND before.profile = stay.profile AND before.entered < stay.entered"
    return side("entered", "entered", f" AND NOT EXISTS (SELECT 1 FROM {schema}.history AS before WHERE {before})")


def instant(at: datetime, dialect: str) -> str:
    """An instant in SQL. SQLite has texts alone: those of UTC, as long as each other, are in the order of time."""
    if dialect == "sqlite":
        return literal(at.astimezone(UTC).isoformat(sep=" ", timespec="microseconds"))
    return f"CAST({literal(at.isoformat(sep=' '))} AS TIMESTAMPTZ)"


def told(column: str, dialect: str) -> str:
    """An instant as a number for `read`: DuckDB 1.4 gives Python no instants without pytz."""
    if dialect == "sqlite":
        return f"(CAST(strftime('%s', substr({column}, 1, 19)) AS INTEGER) * 1000000 + substr({column}, 21, 6))"
    return f"CAST(EXTRACT(EPOCH FROM {column}) * 1000000 AS BIGINT)"


def read(micros: int) -> datetime:
    """The instant that `told` tells, in UTC."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)
