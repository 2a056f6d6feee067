"""Guesses channels, lists and stores: who can be reached, who is in a list, where the shops are."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from .draft import Path, Question
from .links import time_of
from .properties import quoted
from .rows import Making, moment
from .saying import said_of_table, spoken
from .seen import Column, Seen, Table

_CHANNELS = {"email": "email", "e mail": "email", "mail": "email", "sms": "sms", "text": "sms", "push": "push",
             "whatsapp": "whatsapp", "web push": "push", "post": "post", "phone": "phone"}  # fmt: skip
_YES = ("subscribed", "opted in", "opt in", "optin", "opted-in", "opt-in", "granted", "confirmed", "active", "yes",
        "true", "accepted", "given", "allowed", "in")  # fmt: skip
_CONSENT = re.compile(
    r"\b(consents?|opt ?ins?|opted in|accepts|subscribed|subscribe|marketing|newsletter|permissions?|preferences?)\b"
)
_ABOUT = re.compile(r"\b(at|date|updated|level|time|method|source|reason|id|form|version)\b")
_LISTS = re.compile(r"\b(lists?|audiences?|groups?|segments?|memberships?|list members)\b")
_STATUS = ("status", "state", "consent", "opted in", "is subscribed", "subscribed", "value", "consent status")
MOST_LISTS = 40


def literal(text: str) -> str:
    """A text in SQL."""
    return "'" + text.replace("'", "''") + "'"


def propose_channels(making: Making) -> set[str]:
    """Add the channels, of a table of consent or of flags of the profile; the tables that are told by them."""
    channels: dict[str, Any] = {}
    tables: set[str] = set()
    profiles = making.who
    for table in making.seen.tables:
        if not profiles.derived and table is not profiles.table and (found := _of_table(making, table)):
            channels |= {name: one for name, one in found.items() if name not in channels}
            tables.add(table.name)
    if not profiles.derived:
        for column in profiles.table.columns:
            found_ = _of_flag(making, column)
            if found_ is not None and found_[0] not in channels:
                channels[found_[0]] = found_[1]
    if channels:
        making.draft.data["channels"] = channels
    return tables


def _of_table(making: Making, table: Table) -> dict[str, Any]:
    """A channel for each value of a column of channels, in a table with a profile and a state."""
    whose = making.whose(table)
    which = next((one for one in table.columns if _all_channels(table, one)), None)
    state = table.first(*(one.name for name in _STATUS for one in table.columns if spoken(one.name) == name))
    if whose is None or which is None or state is None or state is which:
        return {}
    found: dict[str, Any] = {}
    for value in table.values_of(which):
        name = _CHANNELS[spoken(value)]
        path = ("channels", name)
        when = _receives(making, table, state, (*path, "receives when"))
        if when is None or name in found:
            continue
        reason = next((one for one in table.columns if spoken(one.name) in ("reason", "method", "source")), None)
        time = time_of(table)
        found[name] = {
            "table": table.name, "where": f"{quoted(which.name, making.seen.dialect)} = {literal(value)}",
            "profile": whose, "receives when": when,
            **({"reason": reason.name} if reason is not None and reason.family == "text" else {}),
            **({"time": moment(time, making.draft, (*path, "time"))} if time is not None else {}),
        }  # fmt: skip
    return found


def _all_channels(table: Table, column: Column) -> bool:
    return (
        column.family == "text" and bool(column.values) and all(spoken(v) in _CHANNELS for v in table.values_of(column))
    )


def _receives(making: Making, table: Table, state: Column, path: Path) -> str | None:
    """The condition that a row gives consent."""
    name = quoted(state.name, making.seen.dialect)
    if state.type.family == "boolean":
        return name
    if state.values and set(state.values) <= {0, 1}:
        return f"{name} = 1"
    known = table.values_of(state)
    if state.family != "text" or not known or len(known) > 12:
        return None
    yes = next((value for word in _YES for value in known if spoken(value) == spoken(word)), None)
    values = ", ".join(known[:8])
    if yes is None:
        asked = Question(
            f"consent {state.name}", f"which `{state.name}` is consent?", known[0], f"seen: {values}", tuple(known)
        )
        yes = making.draft.ask(asked, path)
    else:
        making.draft.note(path, f"Guess: of {values}")
    return f"{name} = {literal(yes)}"


def _of_flag(making: Making, column: Column) -> tuple[str, Any] | None:
    """A channel that stands on a column of the profile: `accepts_marketing`, `sms_consent`."""
    words = spoken(column.name)
    if not _CONSENT.search(words) or _ABOUT.search(words):
        return None
    name = next((_CHANNELS[word] for word in words.split(" ") if word in _CHANNELS), "email")
    path = ("channels", name)
    when = _receives(making, making.who.table, column, (*path, "receives when"))
    if when is None:
        return None
    if name not in words.split(" "):
        making.draft.note(path, f"Guess: `{column.name}` means email")
    return name, {"receives when": when}


def propose_lists(making: Making) -> set[str]:
    """Add the lists: a table with a profile and the name of a list; the tables that are told by them."""
    lists: dict[str, Any] = {}
    tables: set[str] = set()
    seen = making.seen
    for table in seen.tables:
        whose = making.whose(table)
        if whose is None or table is making.who.table or not _LISTS.search(said_of_table(table.bare)):
            continue
        named = _list_names(table, seen)
        if named is None:
            continue
        column, names = named
        time = time_of(table)
        tables.add(table.name)
        for value, name in list(names.items())[:MOST_LISTS]:
            path = ("lists", name)
            is_it = literal(value) if column.family == "text" else value
            lists[name] = {
                "table": table.name, "where": f"{quoted(column.name, seen.dialect)} = {is_it}", "profile": whose,
                **({"time": moment(time, making.draft, (*path, "time"))} if time is not None else {}),
            }  # fmt: skip
    if lists:
        making.draft.data["lists"] = lists
    return tables


def _list_names(table: Table, seen: Seen) -> tuple[Column, dict[str, str]] | None:
    """The column that says which list a row is of, and the names of its values."""
    for word in ("list", "list name", "group", "group name", "segment", "audience", "name"):
        for column in table.columns:
            if (
                spoken(column.name) == word
                and column.family == "text"
                and 0 < len(table.values_of(column)) <= MOST_LISTS
            ):
                return column, {value: " ".join(value.split()) for value in table.values_of(column)}
    for link in seen.links:
        to, column_ = seen.table(link.to), table.column(link.column)
        if link.table != table.name or to is None or column_ is None or not _LISTS.search(said_of_table(to.bare)):
            continue
        key, name = to.column(link.key), to.first("name", "title", "label")
        if key is not None and name is not None and name.is_unique and len(name.values) == len(key.values):
            return column_, dict(zip(map(str, key.values), map(str, name.values), strict=True))
    return None


def propose_stores(making: Making) -> set[str]:
    """Add the table behind `any store`."""
    for table in making.seen.tables:
        name, axes = table.first("name", "store_name", "title", "city"), position(table.column, table.columns)
        if table is making.who.table or name is None or axes is None or making.whose(table) is not None:
            continue
        if re.search(
            r"\b(stores?|shops?|locations?|branch(es)?|outlets?|winkels?|cinemas?|venues?|restaurants?|clinics?|gyms?|hotels?|clubs?|studios?|salons?)\b",
            said_of_table(table.bare),
        ):
            making.draft.data["stores"] = {"table": table.name, "name": name.name} | axes
            return {table.name}
    return set()


def position(column: Callable[[str], Column | None], columns: tuple[Column, ...]) -> dict[str, str] | None:
    """The two columns of a position, where there are such."""
    lat = next((one for word in ("latitude", "lat", "geo_latitude") if (one := column(word)) is not None), None)
    lon = next((one for word in ("longitude", "lon", "lng", "long", "geo_longitude") if (one := column(word))), None)
    if lat is None or lon is None or {lat.family, lon.family} - {"number", "integer"}:
        return None
    return {"latitude": lat.name, "longitude": lon.name}
