"""Which columns may be keys, refer to keys, hold the names of events or the time of a row: by their names and types."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from .saying import said_of_table, singular, spoken
from .seen import Column, Link, Table

PEOPLE = (
    "customer", "client", "user", "person", "profile", "contact", "member", "subscriber", "shopper", "buyer",
    "consumer", "guest", "patient", "student", "player", "visitor", "donor", "passenger", "lead", "account",
    "klant", "kunde", "cliente", "gast", "utilisateur", "usuario",
)  # fmt: skip
"""What tables of people are called, the likeliest first."""
_KEY_ENDS = ("id", "uuid", "key", "no", "nr", "number", "code", "guid", "sk", "nk", "bk", "pk")
_NAME_COLUMNS = (
    "event name", "event", "event type", "action", "activity", "activity type", "name", "type", "kind", "metric",
    "eventname", "what", "soort", "verb",
)  # fmt: skip
KINDS = ("channel", "list", "list name", "group name", "segment", "audience", "medium", "status", "state", "consent",
         "consent status")  # fmt: skip
"""Columns of which each value may be a channel, a list, a state of consent."""
_TIMES = (
    "occurred at", "happened at", "event time", "event timestamp", "timestamp", "time", "datetime", "ts", "at",
    "event date", "created at", "created", "date created", "placed at", "ordered at", "order date", "processed at",
    "purchased at", "date", "day", "started at", "start time", "sent at", "received at", "inserted at", "changed at",
)  # fmt: skip
_NO_TIMES = re.compile(
    r"\b(updated|modified|synced|loaded|deleted|expires?|expiry|expected|birth|birthday|dob|due|end|ended|until|sync)\b"
)
_YEARS = {"seconds": 1, "milliseconds": 1_000, "microseconds": 1_000_000}


def keys_of(table: Table) -> list[Column]:
    """The columns that may identify a row, the likeliest first; one with a value seen twice is none.

    Those to which references are declared to lead come before all others.
    """
    noun = singular(said_of_table(table.bare))
    order = [f"{noun} {end}" for end in _KEY_ENDS] + list(_KEY_ENDS)
    found = [
        column
        for column in table.columns
        if column.is_key
        or (column.is_unique and column.family in ("integer", "text", "uuid") and _ends_like_key(spoken(column.name)))
    ]

    def rank(one: Column) -> tuple[bool, int]:
        name = spoken(one.name)
        return not one.is_key, order.index(name) if name in order else len(order)

    return sorted(found, key=rank)


def _ends_like_key(words: str) -> bool:
    last = words.rsplit(" ", maxsplit=1)[-1]
    return (
        last in _KEY_ENDS
        or (len(last) > 4 and last.endswith(("id", "nr", "uuid")))
        or ("_" not in words and last in PEOPLE)
    )


def is_reference(column: Column) -> bool:
    """Whether it is named and typed like a key of something."""
    return column.family in ("integer", "text", "uuid") and _ends_like_key(spoken(column.name))


def candidates(tables: Sequence[Table]) -> list[Link]:
    """The columns that may refer to the keys of other tables, by their names and the families of their types."""
    found = []
    keyed = [(table, key) for table in tables for key in keys_of(table)[:2]]
    for table in tables:
        for column in table.columns:
            if not is_reference(column) or (not column.values and table.rows):
                continue
            to_these = [(to, key) for to, key in keyed if to is not table and _refers(column, to, key)]
            near = [one for one in to_these if one[0].schema == table.schema]
            found += [Link(table.name, column.name, to.name, key.name, guessed=True) for to, key in near or to_these]
    return found


def _refers(column: Column, to: Table, key: Column) -> bool:
    words, noun, own = spoken(column.name), singular(said_of_table(to.bare)), spoken(key.name)
    texts = ("text", "uuid")
    if column.family != key.family and not (column.family in texts and key.family in texts):
        return False
    if own not in _KEY_ENDS:
        return words == own
    of_noun = {noun, *(f"{noun} {end}" for end in _KEY_ENDS), f"{noun.replace(' ', '')}id"}
    if is_of_people(to):
        of_noun |= {f"{word} {end}" for word in PEOPLE[:15] for end in ("id", "uuid")} | set(PEOPLE[:6])
    return words in of_noun or any(words.endswith(f" {one}") for one in of_noun if one != noun)


def is_of_people(table: Table) -> bool:
    """Whether its name is that of a table of people."""
    return singular(said_of_table(table.bare)).split(" ")[-1] in PEOPLE


def name_columns(table: Table) -> list[Column]:
    """The columns that may hold names of events, channels or lists: at most four."""
    found = [
        column
        for word in (*(_NAME_COLUMNS if time_of(table) is not None else ()), *KINDS)
        for column in table.columns
        if spoken(column.name) == word
        and column.family == "text"
        and 0 < len(column.distinct) <= _few(len(column.values))
    ]
    return found[:4]


def _few(rows: int) -> int:
    """How many names so many rows may have: fewer than one in two where there are many."""
    return max(3, min(150, rows // 2))


def time_of(table: Table) -> Column | None:
    """The column that says when a row of it happened."""
    times = [column for column in table.columns if is_time(column) and not _NO_TIMES.search(spoken(column.name))]
    noun = singular(said_of_table(table.bare))
    order = [*_TIMES[:9], f"{noun} date", f"{noun} time", *_TIMES[9:]]
    times = [one for one in times if 2 * one.missing <= len(one.values) + one.missing] or times
    known = [one for word in order for one in times if spoken(one.name) == word]
    return next(iter([*known, *times]), None)


def is_time(column: Column) -> bool:
    """Whether it holds times, days, or numbers since 1970 that look like times of our days."""
    return column.family in ("timestamp", "timestamp with zone", "date") or epoch(column) is not None


def epoch(column: Column) -> str | None:
    """What a column of whole numbers counts since 1970, by its name and values."""
    if column.family != "integer" or not column.values:
        return None
    words = spoken(column.name)
    if not re.search(r"\b(at|time|timestamp|ts|created|date|tstamp|ms|since)\b", words):
        return None
    for unit, each in _YEARS.items():
        if all(_stamp(1995) * each <= value <= _stamp(2100) * each for value in column.values):
            return unit
    return None


def _stamp(year: int) -> int:
    return (date(year, 1, 1) - date(1970, 1, 1)).days * 86_400


def links_to(links: Iterable[Link], table: Table) -> list[Link]:
    """Those that hold, of columns that refer to a table."""
    return [link for link in links if link.to == table.name and link.holds]
