"""The tables of a ledger, and the SQL that reads and writes them; the same on each engine that can keep them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from .words import Words, words

if TYPE_CHECKING:
    from .model import Refresh

FOUND, MOVES, CANDIDATES = "segql_found", "segql_moves", "segql_candidates"
"""Temporary tables: who is a member now, who enters and leaves, and for whom segments that ask not all may change."""
SAMPLE, LOOKED_AT = "segql_sample", "segql_looked_at"
"""Temporary tables of a run that verifies: others, for whom nothing may change; and these with the candidates."""

_RUNS = """
  run INTEGER NOT NULL, segment {name} NOT NULL, text {text} NOT NULL, hash {text} NOT NULL, now {time} NOT NULL,
  seen {time} NOT NULL, mode {text} NOT NULL, reason {text} NOT NULL,
  members BIGINT NOT NULL, entered BIGINT NOT NULL, {left} BIGINT NOT NULL,
  seconds DOUBLE PRECISION NOT NULL, state {text} NOT NULL, note {text} NOT NULL"""


def found(dialect: str, *statements: str) -> str:
    """The statements of many rules, their columns named as those of the tables are."""
    own = words(dialect)
    names = f"{own.name.format('segment')} AS segment, profile"
    called = (own.named(sql, "segment", "profile") for sql in statements)
    return "\nUNION ALL ".join(f"SELECT {names} FROM {sql} AS found" for sql in called)


def sampled(schema: str, everybody: str, seed: str, below: str, dialect: str) -> str:
    """Profiles, and members that may be none by now, whose key has a small hash; candidates left out."""
    own = words(dialect)
    hash_ = own.salted.format(own.literal(seed), own.text.format("own.profile"))
    taken = (
        f"WHERE substr({hash_}, 1, 8) < {own.literal(below)} AND own.profile NOT IN (SELECT profile FROM {CANDIDATES})"
    )
    named = own.named(everybody, "profile")
    return (
        f"SELECT own.profile FROM {named} AS own {taken}\n"
        f"{own.union} SELECT own.profile FROM {schema}.members AS own {taken}"
    )


def looked_at() -> str:
    """The candidates, and the sample beside them."""
    return f"SELECT profile FROM {CANDIDATES} UNION ALL SELECT profile FROM {SAMPLE}"


def differing(segments: Collection[str], dialect: str) -> str:
    """Who would enter and leave of whom nothing may have changed."""
    own = words(dialect)
    return (
        f"SELECT segment, {own.text.format('profile')}, entered FROM {MOVES}"
        f" WHERE segment IN {listed(segments, own)} AND profile IN (SELECT profile FROM {SAMPLE}) ORDER BY 1, 2"
    )


def moves(
    schema: str | None, segments: Collection[str], dialect: str, some: Collection[str] = (), keys: str = CANDIDATES
) -> str:
    """Who enters and who leaves, of some segments; without a ledger all enter.

    Of the segments in `some` the profiles in the table `keys` alone were asked, and nobody else leaves.
    """
    if schema is None:
        return f"SELECT segment, profile, true AS entered FROM {FOUND}"
    members, own = f"{schema}.members AS members", words(dialect)
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
            f" WHERE found.segment IS NULL AND members.segment IN {listed(others, own)}"
        )
    if some:
        parts.append(
            f"{gone} {keys} AS asked JOIN {members} ON members.profile = asked.profile"
            f" LEFT JOIN {FOUND} AS found {beside}"
            f" WHERE found.segment IS NULL AND members.segment IN {listed(some, own)}"
        )
    return "\nUNION ALL ".join(parts)


def listed(texts: Collection[str], own: Words) -> str:
    """Texts as a list behind IN, of none as well."""
    return f"({', '.join(map(own.literal, texts)) or 'NULL'})"


def counted() -> str:
    """By segment: how many are members, enter, leave."""
    return (
        "SELECT segment, SUM(members), SUM(entered), SUM(gone) FROM ("
        f"SELECT segment, COUNT(*) AS members, 0 AS entered, 0 AS gone FROM {FOUND} GROUP BY segment UNION ALL "
        "SELECT segment, 0, COUNT(CASE WHEN entered THEN 1 END), COUNT(CASE WHEN NOT entered THEN 1 END)"
        f" FROM {MOVES} GROUP BY segment) AS counted GROUP BY segment"
    )


def last(those: str, dialect: str) -> str:
    """By segment: the last run that was done, its instant, its rule's hash, until when it saw rows, its members.

    `those` are the runs: a view or a table, or a query in parentheses.
    """
    now, seen = (words(dialect).told.format(column) for column in ("runs.now", "runs.seen"))
    return (
        f"SELECT runs.segment, runs.run, {now}, runs.hash, {seen}, runs.members"
        f" FROM {those} AS runs JOIN ("
        f"SELECT segment, MAX(run) AS run FROM {those} AS done WHERE state = 'done' GROUP BY segment) AS lasts"
        " ON lasts.segment = runs.segment AND lasts.run = runs.run"
    )


def newest(those: str) -> str:
    """The number of the last of some runs, 0 where there is none."""
    return f"SELECT COALESCE(MAX(run), 0) FROM {those} AS runs"


def unless(schema: str, before: int | None, dialect: str) -> str:
    """A query with rows where somebody wrote after a run; None: where there are tables by now, or some are filled."""
    own = words(dialect)
    if before is not None or dialect == "mariadb" or own.logs:  # there they are made beforehand
        return f"SELECT 1 FROM {schema}.runs WHERE run > {before or 0:d} LIMIT 1"
    if dialect == "sqlite":
        return f"SELECT 1 FROM {schema}.sqlite_schema WHERE name = 'runs'"
    name = schema.rpartition('."')[2].strip('"').replace('""', '"')
    catalog = f" AND table_catalog = {own.literal(schema.partition('.')[0].strip(chr(34)))}" if '."' in schema else ""
    return (
        "SELECT 1 FROM information_schema.tables"
        f" WHERE table_schema = {own.literal(name)} AND table_name = 'runs'{catalog}"
    )


def made(schema: str, dialect: str) -> list[str]:
    """The statements that make the tables, whose keys have the type that they have in the warehouse."""
    own = words(dialect)
    left, time = own.quoted("left"), own.time
    never, create, keys, key = f"CAST(NULL AS {time})", "CREATE TABLE", "", ""
    if dialect == "mariadb":  # a transaction ends there
        create, key = "CREATE TABLE IF NOT EXISTS", ", PRIMARY KEY (run, segment)"
        keys = f" (segment {own.names} NOT NULL, KEY (segment))"
    statements = [] if dialect == "sqlite" else [f"CREATE SCHEMA IF NOT EXISTS {schema}"]
    if dialect == "postgres":  # who may make no schemas may not say so of one that is there, either
        missing = f"IF to_regnamespace({own.literal(schema)}) IS NULL THEN CREATE SCHEMA {schema}; END IF;"
        statements = ["DO " + own.literal(f"BEGIN {missing} END")]
    for table, times in {"members": f"{never} AS since", "history": f"{never} AS entered, {never} AS {left}"}.items():
        select = f"SELECT segment, profile, {times} FROM {FOUND} WHERE false"
        statements.append(f"{create} {schema}.{table}{keys} AS {select}")
    runs = _RUNS.format(name=own.names, text=own.texts, time=time, left=left)
    statements.append(f"{create} {schema}.runs ({runs}{key}\n)")
    if dialect == "mariadb":
        index = "CREATE INDEX IF NOT EXISTS stays ON"
        statements += [f"{index} {schema}.{table} (profile, segment)" for table in ("members", "history")]
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
    own = words(dialect)
    those = f"(segment, profile) IN (SELECT segment, profile FROM {MOVES} WHERE NOT entered)"
    enter, at, left = f"FROM {MOVES} WHERE entered", own.at(now), own.quoted("left")
    gone = [
        f"DELETE FROM {schema}.members WHERE {those}",
        f"UPDATE {schema}.history SET {left} = {at} WHERE {left} IS NULL AND {those}",
    ]
    if dialect == "mariadb":  # which would look at all moves for each row
        beside = f"JOIN {MOVES} AS moves ON stay.segment = moves.segment AND stay.profile = moves.profile"
        gone = [
            f"DELETE stay FROM {schema}.members AS stay {beside} WHERE NOT moves.entered",
            f"UPDATE {schema}.history AS stay {beside} SET stay.{left} = {at}"
            f" WHERE stay.{left} IS NULL AND NOT moves.entered",
        ]
    return [
        *gone,
        f"INSERT INTO {schema}.members SELECT segment, profile, {at} {enter}",
        f"INSERT INTO {schema}.history SELECT segment, profile, {at}, NULL {enter}",
    ]


def viewed(schema: str, views: Mapping[str, str], dialect: str) -> list[str]:
    """The statements that make views of the members of segments, which are given by the names of the views."""
    statements, own = [], words(dialect)
    for name, segment in views.items():
        view = f"{schema}.{own.quoted(name)}"
        select = f"SELECT profile, since FROM {schema}.members WHERE segment = {own.literal(segment)}"
        if dialect == "sqlite":  # a file is called otherwise by each who opens it
            select = select.replace(f"{schema}.", "", 1)
            statements += [f"DROP VIEW IF EXISTS {view}", f"CREATE VIEW {view} AS {select}"]
        else:
            statements.append(f"CREATE OR REPLACE VIEW {view} AS {select}")
    return statements


def recorded(schema: str, found: Refresh, dialect: str) -> list[str]:
    """The statement that writes the run down, a row for each segment."""
    own = words(dialect)
    say, at = own.literal, f"{own.at(found.now)}, {own.at(found.seen)}"
    rows = [
        f"({found.run:d}, {say(one.segment)}, {say(one.text)}, {say(one.hash)}, {at},"
        f" {say(one.mode)}, {say(one.reason)}, {one.members:d}, {one.entered:d}, {one.left:d},"
        f" {found.seconds:.3f}, {say(one.state)}, {say(one.note)})"
        for one in found.segments
    ]
    return [f"INSERT INTO {schema}.runs VALUES\n" + ",\n".join(rows)] if rows else []


def names(schema: str) -> str:
    """The names of the segments that runs have looked at."""
    return f"SELECT DISTINCT segment FROM {schema}.runs"


def changed(schema: str, since: int | datetime, segment: str | None, dialect: str, *, first_time: bool) -> str:
    """Who came and went: a row for each change."""
    own = words(dialect)
    join, after, bound = "", ">", "since.now"
    if isinstance(since, datetime):
        after, bound = ">=", own.at(since)
    else:
        runs = f"{schema}.runs WHERE run <= {since:d} AND state = 'done' GROUP BY segment"
        join = f" LEFT JOIN (SELECT segment, MAX(now) AS now FROM {runs}) AS since ON since.segment = stay.segment"
    mine = "" if segment is None else f" AND stay.segment = {own.literal(segment)}"

    def side(column: str, change: str) -> str:
        later = f"stay.{column} {after} {bound}" + ("" if isinstance(since, datetime) else " OR since.now IS NULL")
        names = f"stay.{column} AS {own.quoted('at')}, stay.segment AS segment, stay.profile AS profile"
        names += f", '{change}' AS {own.quoted('change')}"
        return f"SELECT {names} FROM {schema}.history AS stay{join} WHERE stay.{column} IS NOT NULL AND ({later}){mine}"

    if not first_time:
        return side("entered", "entered") + "\nUNION ALL " + side(own.quoted("left"), "left")
    first = f"SELECT segment, profile, MIN(entered) AS entered FROM {schema}.history GROUP BY segment, profile"
    same = " AND ".join(f"firsts.{name} = stay.{name}" for name in ("segment", "profile", "entered"))
    join += f" JOIN ({first}) AS firsts ON {same}"
    return side("entered", "entered")


def told(column: str, dialect: str) -> str:
    """An instant, in a column of that name, as a number for `read`."""
    own = words(dialect)
    return own.told.format(own.quoted(column))


def read(micros: int) -> datetime:
    """The instant that `told` tells, in UTC."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)
