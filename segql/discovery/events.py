"""Guesses the events: tables with a profile's key and a time, one event for each name where there are names."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from ..catalog import fold
from ..catalog.rownames import written
from ..plain import dataclass
from .carts import add_cart
from .dates import dated
from .doubts import add_doubts
from .draft import Draft, Path, Question
from .links import KINDS, is_of_people, is_reference, is_time, keys_of
from .properties import guesses, is_left_out, quoted
from .rows import Making, added, counting, is_gone, joined, moment, owner_of, wild
from .saying import (
    event_name,
    event_of_channel,
    event_of_table,
    event_of_time,
    free,
    other_words,
    said_of_table,
    spoken,
)
from .seen import Column, Table, Usage
from .sums import say_how_much

_OF_EVENTS = re.compile(
    r"\b(events?|tracks?|activity|activities|logs?|interactions?|history|actions?|messages?|engagements?)\b"
)
_SURE_NAMES = frozenset(
    {"event", "event name", "event type", "eventname", "action", "activity", "activity type", "verb"}
)
_LINES = re.compile(r"\b(lines?|items?|details?|positions?|entries|products?|regels?|rows)\b")
_BY_MACHINE = re.compile(r"\b(machine|bot|prefetch|prefetched|apple privacy|proxy|automated)\b")
_HAPPENED = re.compile(r"(event |original )?(timestamp|time|datetime|ts|at)|(occurred|happened) (at|on)")
_ARRIVED = re.compile(r"(received|sent|ingested|collected|imported) (at|on)")
"""Beside the time of an event the time of its record, which is no event of its own."""
MOST_EVENTS = 60


@dataclass(frozen=True, slots=True)
class Rows:
    """A table of events: whose each row is, and when it happened; `query` where the time stands in another table."""

    table: Table
    whose: str
    time: Column
    query: str | None = None


def propose_events(making: Making, without: Collection[str]) -> None:
    """Add the events; `without` are tables that are something else."""
    making.draft.data["events"] = {}
    for table in making.seen.tables:
        if (table is making.who.table and not making.who.derived) or table.name in without:
            continue
        rows = _rows_of(making, table)
        if rows is None:
            continue
        usage = names_of(table, making.known(table))
        if usage is None:
            _of_rows(making, rows)
        else:
            _of_names(making, rows, usage)


def _rows_of(making: Making, table: Table) -> Rows | None:
    """The rows of a table as events; None, and a comment where they are somebody's, for a table without a time."""
    whose = making.whose(table)
    if "no event" in making.known(table) or whose is None or (table.whole and not table.rows):
        return None
    if (time := making.time_of(table)) is not None:
        return Rows(table, whose, time)
    if (day := dated(table, making)) is not None:
        return Rows(table, whose, day.time, day.query)
    why = "and no column that looks like the time of an event, so it is none here"
    making.draft.note(("events",), f"The table {table.name} has the profile's key in `{whose}`, {why}")
    return None


def names_of(table: Table, known: Mapping[str, Any]) -> Usage | None:
    """The names of a table of many kinds of events; None where each row is of one kind."""
    if "names" in known:
        return max(table.usages, key=lambda usage: sum(usage.names.values()), default=None)
    if "event" in known:
        return None
    for usage in table.usages:
        words, names = spoken(usage.column), usage.names
        if words in KINDS:
            continue
        of_events = bool(_OF_EVENTS.search(said_of_table(table.bare)))
        if not 1 < len(names) <= 150 and not (len(names) == 1 and of_events):
            continue
        verbs = sum(event_name(name).split(" ")[0].endswith("ed") for name in names)
        if words in _SURE_NAMES or of_events or 2 * verbs > len(names):
            return usage
    return None


def _stays(loaded: Column, draft: Draft, path: Path) -> bool:
    """Whether somebody promises that no row is deleted: asked once of all that a layout knows the loading of."""
    seen = f"If so, `{loaded.name}` is `written`, and `segql refresh` asks few."
    asked = Question("written", "are rows that are gone marked, and never deleted?", "no", seen, ("yes", "no"))
    return (draft.answers.get("written", "no") if "written" in draft.questions else draft.ask(asked, path)) == "yes"


def _common(making: Making, rows: Rows, path: Path, *, cancelled: bool) -> dict[str, Any]:
    """What an event says of its rows: where they stand, whose they are, when, which count."""
    place = {"query": rows.query} if rows.query is not None else {"table": wild(rows.table, making.seen)}
    found: dict[str, Any] = {**place, "profile": making.led_on(rows.table, rows.whose)}
    found["time"] = moment(rows.time, making.draft, (*path, "time"))
    if making.is_declared(rows.table, rows.whose):
        making.draft.note((*path, "profile"), "declared")
    known = making.known(rows.table)
    loaded = rows.table.column(known["written"]) if "written" in known else None
    if loaded is not None and _stays(loaded, making.draft, path):
        found["written"] = moment(loaded, making.draft, (*path, "written"))
    keys = [key.name for key in keys_of(rows.table) if key.name != rows.whose]
    if id_ := known.get("id", next(iter(keys), None)):
        found["id"] = id_
    if "group by" in known:
        found["group by"] = known["group by"]
        found.pop("id", None)
    if "partition" in known or place.get("table", "").endswith("*"):
        cut = {"column": "_TABLE_SUFFIX", "format": "%Y%m%d", "slack": "3d"}
        cut = cut if place.get("table", "").endswith("*") else known["partition"]
        if cut["column"] == "_TABLE_SUFFIX" or rows.table.column(cut["column"]) is not None:
            found["partition"] = cut
            making.draft.note((*path, "partition"), "Guess: rows come three days late at most, by any zone")
    if "prefix" in known:
        found["prefix"] = known["prefix"]
    where, notes = counting(rows.table, making.seen, cancelled=cancelled)
    if where is not None:
        found["where"] = where
        what = "deleted, cancelled or a test" if cancelled else "deleted or a test"
        making.draft.note((*path, "where"), f"Guess: what is {what} does not count: {'; '.join(notes)}")
    if "where" in known:
        found["where"] = f"{where} AND {known['where']}" if where is not None else known["where"]
    return found


def _named(making: Making, said: str, *raw: str) -> tuple[str, list[str]]:
    """A name for an event that is not taken, and other words for it."""
    taken = making.draft.taken
    name = free(said, "event", taken)
    return name, other_words(name, *raw, taken=taken)


def _of_names(making: Making, rows: Rows, usage: Usage) -> None:
    """One event for each name of a column of names; they share the rest."""
    draft, first = making.draft, None
    for raw in list(usage.names)[:MOST_EVENTS]:
        name, also = _named(making, making.said(raw) or event_of_channel(event_name(raw), rows.table.bare), raw)
        path: Path = ("events", name)
        event = _common(making, rows, path, cancelled=False) | {"name column": usage.column, "name": raw}
        if usage.table is not None:
            event["names"] = usage.table
        used = {usage.column, rows.whose, rows.time.name, event.get("id")}
        _describe(making, rows, event, path, used, usage.filled[raw])
        event["name"] = written(raw)
        if also:
            event["also"] = also
        draft.note(path, f"{usage.names[raw]:,} rows with `{usage.column}` = {raw} were seen")
        draft.data["events"][name] = event
        if first is None:
            first = name
            if (left := len(usage.names) - MOST_EVENTS) > 0:
                draft.note(path, f"{left} seldomer names of `{usage.column}` are left out")
            if usage.said:
                draft.note(path, f"Names were looked for in {usage.said}: a rare one may be missing below")
        else:
            draft.like[name] = first
        _by_machine(making, rows, name, usage.filled[raw])


def _by_machine(making: Making, rows: Rows, name: str, filled: Collection[str]) -> None:
    """Split opens by people from those that a mail client makes ahead, where a flag tells them apart."""
    if not name.startswith("opened"):
        return
    for column in rows.table.columns:
        if column.name in filled and column.type.family == "boolean" and _BY_MACHINE.search(spoken(column.name)):
            event, draft = making.draft.data["events"][name], making.draft
            flag, where = quoted(column.name, making.seen.dialect), event.get("where")
            other, _ = _named(making, f"{name} by machine")
            draft.data["events"][other] = {**event, "where": f"{where} AND {flag}" if where else flag}
            draft.data["events"][other].pop("also", None)
            event["where"] = f"{where + ' AND ' if where else ''}NOT coalesce({flag}, false)"
            draft.like[other] = draft.like.get(name, name)
            draft.note(("events", other), f"Guess: `{column.name}` marks what a mail client opens ahead, and no person")
            return


def _of_rows(making: Making, rows: Rows) -> None:
    """One event that is a row of a table, and those that its other times tell."""
    table, draft = rows.table, making.draft
    said, sure = event_of_table(table.bare)
    if said.startswith("had ") and (told := event_of_time(rows.time.name, owner_of(table))) is not None:
        said = told
    if (told := making.known(table).get("event") or making.said(table.stem)) is not None:
        said, sure = str(told), True
    name, also = _named(making, said, *(() if sure else (said_of_table(table.bare),)))
    path: Path = ("events", name)
    noun = said.split(" ", 1)[-1] if " " in said else owner_of(table)
    others = {
        column.name: other for column in table.columns
        if column is not rows.time and is_time(column) and not is_left_out(column)
        and not (_ARRIVED.fullmatch(spoken(column.name)) and _HAPPENED.fullmatch(spoken(rows.time.name)))
        and (other := event_of_time(column.name, noun)) is not None
    }  # fmt: skip
    event = _common(making, rows, path, cancelled="subscription" not in said)
    _describe(making, rows, event, path, {rows.whose, rows.time.name, event.get("id"), *others})
    _items(making, table, event, path)
    add_cart(making, table, table.columns, event, path)
    say_how_much(making, event, path)
    if also:
        event["also"] = also
    draft.data["events"][name] = event
    if not sure:
        draft.note(path, f"Guess: the name; each row of {table.name} is one")
    add_doubts(making, table, event, path)
    for column in table.columns:
        if column.name in others:
            _at_other_time(making, table, column, name, others[column.name])


def _at_other_time(making: Making, table: Table, column: Column, first: str, said: str) -> None:
    """The event that another time of the same rows tells: those that have it."""
    draft = making.draft
    name, also = _named(making, said)
    event = dict(draft.data["events"][first]) | {"time": moment(column, draft, ("events", name, "time"))}
    event.pop("also", None)
    where, _ = counting(table, making.seen, cancelled=False)
    is_set = f"{quoted(column.name, making.seen.dialect)} IS NOT NULL"
    event["where"] = f"{is_set} AND {where}" if where else is_set
    event |= {"also": also} if also else {}
    draft.note(("events", name), f"Guess: {len(column.values)} of {table.rows} rows seen have `{column.name}`")
    draft.data["events"][name] = event
    draft.like[name] = first


def _telling(making: Making, table: Table, used: Collection[str | None]) -> list[Column]:
    """The columns that say something of a row: not its keys, nor those that lead to other tables or mark it as gone."""
    leading = {link.column for link in making.seen.links if link.table == table.name and link.holds}
    return [
        column for column in table.columns
        if column.name not in used and column.name not in leading and not is_gone(column)
        and not (is_reference(column) and column.family in ("integer", "uuid"))
        and not (column.is_unique and is_reference(column) and len(column.values) > 20)
    ]  # fmt: skip


def _describe(
    making: Making, rows: Rows, event: dict[str, Any], path: Path, used: set[str | None], *filled: frozenset[str]
) -> None:  # fmt: skip
    """Give an event its properties: those of its columns, and those of the tables that it leads to.

    `filled`: the columns that its rows fill, where it shares a table.
    """
    table = rows.table
    columns = [one for one in _telling(making, table, used) if not filled or one.name in filled[0]]
    if filled:
        own_rows = table.where(str(event["name column"]), str(event["name"]))
        columns = [_in_rows(one, own_rows) for one in columns]
    prefix = event.get("prefix", "")
    own = guesses(columns, owner_of(table), making.seen.dialect, prefix=prefix)
    taken = {fold(one) for guess in own for one in (guess.name, *guess.spec.get("also", ()))}
    joins, others = joined(table, making, taken)
    if filled:
        joins = {word: on for word, on in joins.items() if _column_of(on) in filled[0]}
        others = [guess for guess in others if str(guess.spec["column"]).partition(".")[0] in joins]
    found = added([*own, *others], making.draft, path, {column.name: column for column in table.columns})
    if joins:
        event["join"] = joins
    if found:
        event["properties"] = found
    if filled:
        add_cart(making, table, own_rows.values(), event, path)
    say_how_much(making, event, path)


def _in_rows(column: Column, own: Mapping[str, Column]) -> Column:
    """A column that holds different things for different names, as these rows have it."""
    found = own.get(column.name)
    return found if found is not None and found.values and (column.documents or column.entries) else column


def _column_of(on: Any) -> str:
    pairs = on.get("on", on) if isinstance(on, dict) else {on: on}
    return str(next(iter(pairs)))


def _items(making: Making, table: Table, event: dict[str, Any], path: Path) -> None:
    """Give an event its line items, from the table whose rows refer to it, several to one."""
    for link in making.seen.links:
        lines = making.seen.table(link.table)
        if link.to != table.name or link.key != event.get("id") or not link.holds or lines is None:
            continue
        leads = lines.column(link.column)
        if (
            leads is None
            or (leads.is_unique and link.looked_for)
            or not _LINES.search(said_of_table(lines.bare))
            or is_of_people(lines)
        ):
            continue
        keys = {key.name for key in keys_of(lines)}
        columns = [
            one for one in _telling(making, lines, {*keys, link.column, making.whose(lines)}) if not is_time(one)
        ]
        where, _ = counting(lines, making.seen)
        own = guesses(columns, "item", making.seen.dialect)
        taken = {fold(one) for guess in own for one in (guess.name, *guess.spec.get("also", ()))}
        joins, others = joined(lines, making, taken)
        found = added([*own, *others], making.draft, (*path, "items"), {one.name: one for one in lines.columns})
        event["items"] = {
            "table": lines.name, **({"where": where} if where else {}),
            "on": link.column if link.column == link.key else {link.key: link.column},
            **({"join": joins} if joins else {}), **({"properties": found} if found else {}),
        }  # fmt: skip
        why = "declared" if link.declared else "Guess"
        making.draft.note((*path, "items"), f"{why}: the rows of {lines.name} with its `{link.column}`")
        return
