"""A ledger without transactions: one table, `log`, to which rows are added, and views that show what is done.

A run first adds who enters and who leaves, under a name that nobody had (`write`). Nothing shows these rows until the
run's own are there, one for each segment, each of which says how many they are (`of`): in how many files they come is
all the same. Who is killed before leaves rows that nobody ever sees. Of two writes with the number of one run, which
can be where a program was taken for dead, that of the later `turn` is shown alone.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import uuid4

from ..warehouse.log_keeping import TURN
from .model import Refresh
from .tables import FOUND, MOVES, listed
from .words import Words, words

LOG, WRITES = "log", "writes"
"""The table, and the view of the writes that are shown."""
SHOWN = "segql_shown"
"""Temporary table: the writes that are shown, which a run finds once. To find them reads the whole log."""

_COLUMNS = {
    "write": "{name}", "run": "{whole}", "segment": "{name}", "profile": "", "entered": "BOOLEAN", "at": "{time}",
    "of": "{whole}", "text": "{text}", "hash": "{text}", "seen": "{time}", "mode": "{text}", "reason": "{text}",
    "members": "{whole}", "came": "{whole}", "went": "{whole}", "seconds": "{floating}", "state": "{text}",
    "note": "{text}", "turn": "{whole}",
}  # fmt: skip


def made(schema: str, dialect: str) -> list[str]:
    """The statements that make the table and its views, where they are not there yet."""
    own = words(dialect)
    of, at, left, log = own.quoted("of"), own.quoted("at"), own.quoted("left"), f"{schema}.{LOG}"
    columns = ", ".join(
        f"CAST(NULL AS {_type(type_ if type_ == '{name}' else own.maybe.format(type_), own)}) AS {own.quoted(name)}"
        if type_
        else f"{own.possible.format('profile')} AS profile"
        for name, type_ in _COLUMNS.items()
    )
    shown = f"write IN (SELECT write FROM {schema}.{WRITES})"
    # Of a cluster's machines one may have the run's rows before the others, and those who come and go after them.
    whole = f"SELECT run, write, MAX(turn) AS turn FROM {log} GROUP BY run, write"
    whole += f" HAVING COUNT({of}) = MAX({of}) AND COUNT(*) - COUNT({of}) = SUM(came) + SUM(went)"
    moves = f"FROM {log} WHERE {of} IS NULL AND {shown}"
    stays = f"SELECT segment, profile, entered, {at}, LEAD({at}) OVER (PARTITION BY segment, profile ORDER BY {at})"
    views = {
        WRITES: "SELECT write FROM (SELECT write, turn, MAX(turn) OVER (PARTITION BY run) AS last"
        f" FROM ({whole}) AS whole) AS turns WHERE turn = last",
        "members": f"SELECT segment, profile, MAX(CASE WHEN entered THEN {at} END) AS since {moves}"
        " GROUP BY segment, profile HAVING SUM(CASE WHEN entered THEN 1 ELSE -1 END) > 0",
        "history": f"SELECT stays.segment AS segment, stays.profile AS profile, stays.{at} AS entered,"
        f" stays.until AS {left} FROM ({stays} AS until {moves}) AS stays WHERE stays.entered",
        "runs": runs(schema, f"{schema}.{WRITES}", dialect),
    }
    return [
        f"CREATE {own.schemas} IF NOT EXISTS {schema}",
        f"CREATE TABLE IF NOT EXISTS {log} {own.stored} AS SELECT {columns} FROM {FOUND} WHERE false",
        *(f"CREATE VIEW IF NOT EXISTS {schema}.{name} AS {select}" for name, select in views.items()),
    ]


def runs(schema: str, shown: str, dialect: str) -> str:
    """The runs that are done, where the table or view `shown` has their writes."""
    hash_, at, left, of = map(words(dialect).quoted, ("hash", "at", "left", "of"))
    return (
        f"SELECT run, segment, text, {hash_}, {at} AS now, seen, mode, reason, members, came AS entered,"
        f" went AS {left}, seconds, state, note FROM {schema}.{LOG}"
        f" WHERE {of} IS NOT NULL AND write IN (SELECT write FROM {shown})"
    )


def _type(said: str, own: Words) -> str:
    return said.format(name=own.names, text=own.texts, time=own.time, whole=own.whole, floating=own.floating)


def moved(schema: str, run: int, now: datetime, write: str, dialect: str) -> str:
    """The statement that adds who enters and who leaves."""
    own = words(dialect)
    names = ", ".join(map(own.quoted, ("write", "run", "segment", "profile", "entered", "at")))
    values = f"{own.literal(write)}, {run:d}, segment, profile, entered, {own.at(now)}"
    return f"INSERT INTO {schema}.{LOG} ({names}) SELECT {values} FROM {MOVES}"


def moves(schema: str, segments: Collection[str], dialect: str, some: Collection[str], keys: str) -> str:
    """As `tables.moves` has it, of a log: what was found and what happened are put together once, and added up.

    The table `SHOWN` says which writes. A join would be one for each direction, and each would make the view of all
    members anew.
    """
    own = words(dialect)
    done = f"{own.quoted('of')} IS NULL AND write IN (SELECT write FROM {SHOWN})"
    was = f"SELECT segment, profile, 0, CASE WHEN entered THEN 1 ELSE -1 END FROM {schema}.{LOG} WHERE {done}"
    parts = [f"SELECT segment, profile, 1 AS found, 0 AS kept FROM {FOUND}"]
    if others := [name for name in segments if name not in some]:
        parts.append(f"{was} AND segment IN {listed(others, own)}")
    if some:
        parts.append(f"{was} AND segment IN {listed(some, own)} AND profile IN (SELECT profile FROM {keys})")
    both = "\nUNION ALL ".join(parts)
    return (
        f"SELECT segment, profile, MAX(found) > SUM(kept) AS entered FROM (\n{both}\n) AS beside"
        " GROUP BY segment, profile HAVING MAX(found) <> SUM(kept)"
    )


def recorded(schema: str, found: Refresh, write: str, dialect: str) -> str:
    """The statement that adds the rows that are the run's own; whoever writes has to put in its turn."""
    own = words(dialect)
    say, at, seen = own.literal, own.at(found.now), own.at(found.seen)
    types = {name: type_ for name, type_ in _COLUMNS.items() if name not in ("profile", "entered", "turn")}
    rows = [
        [say(write), f"{found.run:d}", say(one.segment), at, f"{len(found.segments):d}", say(one.text), say(one.hash),
         seen, say(one.mode), say(one.reason), f"{one.members:d}", f"{one.entered:d}", f"{one.left:d}",
         f"{found.seconds:.3f}", say(one.state), say(one.note)]
        for one in found.segments
    ]  # fmt: skip
    names = [*map(own.quoted, types)]
    if own.listed:
        said = ", ".join(f"{name} {_type(type_, own)}" for name, type_ in zip(names, types.values(), strict=True))
        those = ",\n".join(f"({', '.join(row)})" for row in rows)
        query = "SELECT * FROM " + own.listed.format(types=said.replace("'", "\\'"), rows=those)
    else:
        each = (", ".join(f"{value} AS {name}" for name, value in zip(names, row, strict=True)) for row in rows)
        query = "\nUNION ALL ".join(f"SELECT {row}" for row in each)
    into = f"INSERT INTO {schema}.{LOG} ({', '.join(names)}, turn)"
    return f"{into} SELECT *, {TURN} FROM (\n{query}\n) AS recorded"


def statements(schema: str, found: Refresh, more: list[str], dialect: str) -> list[str]:
    """What `Keeper.write` of such an engine takes, with what makes `more` views: last the run's rows."""
    write = uuid4().hex
    first = made(schema, dialect) if found.run == 1 else []
    moves, rows = moved(schema, found.run, found.now, write, dialect), recorded(schema, found, write, dialect)
    return [*first, *more, moves, rows] if found.segments else []
