"""A catalog of what was seen: a pure function of it and of the answers to questions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..catalog import CURRENCIES, fold
from .consent import position, propose_channels, propose_lists, propose_stores
from .draft import Draft, Question
from .events import propose_events
from .layouts import parts_of
from .links import is_time
from .measures import propose_metrics, propose_unions
from .people import people
from .properties import guesses, is_left_out, quoted
from .rows import Making, added, counting, is_gone, joined, moment
from .saying import spoken
from .seen import Seen, Table

ORDER = (
    "timezone", "currency", "sql dialect", "profiles", "identities", "channels", "events", "metrics", "insights",
    "lists", "stores",
)  # fmt: skip
_SHOWN = ("first name", "name", "full name", "last name", "email", "city", "country")
_VERSION = re.compile(
    r"(is )?(current|latest|active version)( (flag|row|record))?|(row |dbt )?(valid|effective) (from|to|until)"
)
_KEY_TYPES = {"integer": "integer", "uuid": "uuid"}


def propose(seen: Seen, answers: Mapping[str, str] | None = None) -> Draft:
    """The catalog that the tables suggest. Raises NoProfiles where none looks like people."""
    who = people(seen)
    draft = Draft({"profiles": {}}, {**_known(seen), **(answers or {})})
    calendar = Question("calendar", "in which time zone do your days begin?", "UTC", "A name such as Europe/Amsterdam.")
    draft.data["timezone"] = draft.ask(calendar, ("timezone",))
    draft.data["currency"] = _currency(seen, draft)
    if seen.dialect != "duckdb":
        draft.data["sql dialect"] = seen.dialect
    making = Making(seen, who, draft)
    _profiles(making)
    _identities(making)
    told = propose_channels(making) | propose_lists(making) | propose_stores(making)
    propose_events(making, told)
    _add(seen, draft)
    propose_unions(draft)
    propose_metrics(draft)
    for table, said in seen.refused.items():
        draft.note((), f"The table {table} could not be read: {said}")
    draft.data = {key: draft.data[key] for key in ORDER if draft.data.get(key)}
    return draft


def _known(seen: Seen) -> dict[str, str]:
    """The answers that a layout has."""
    return {"zone": seen.layout.zone} if seen.layout is not None and seen.layout.zone is not None else {}


def _add(seen: Seen, draft: Draft) -> None:
    """What the layout has ready, where nothing of that name was found."""
    if seen.layout is None:
        return
    for kind, parts in parts_of(seen.layout, seen.names).items():
        if kind == "identities":
            continue  # events stand on these: they are there before
        owner = draft.data.setdefault(kind, {}) if kind != "profiles" else draft.data["profiles"]
        if kind == "profiles":
            own = owner.setdefault("properties", {})
            own |= {name: part for name, part in parts.items() if name not in own}
            continue
        for name, part in parts.items():
            if name not in owner and (kind not in ("events", "metrics") or fold(name) not in draft.taken):
                owner[name] = part
                draft.note((kind, name), f"As {seen.layout.called} has it")


def _identities(making: Making) -> None:
    """The maps of visitors that the layout knows, where their tables have the columns, with keys like the profiles'."""
    seen, draft = making.seen, making.draft
    if seen.layout is None:
        return
    for name, part in parts_of(seen.layout, seen.names).get("identities", {}).items():
        table = seen.table(part["table"])
        keys = [table.column(part[end]) for end in ("anonymous", "known")] if table is not None else [None]
        time = table.column(part["time"]) if table is not None else None
        alike = all(key is not None and key.family == making.who.key.family for key in keys)
        if time is not None and is_time(time) and alike:
            path = ("identities", name)
            draft.data.setdefault("identities", {})[name] = {**part, "time": moment(time, draft, (*path, "time"))}
            draft.note(path[:1], f"As {seen.layout.called} has it: what a visitor did is theirs whom they became")


def _currency(seen: Seen, draft: Draft) -> str:
    """The currency that a column says, where all rows have the same."""
    found: dict[str, str] = {}
    for table in seen.tables:
        for column in table.columns:
            if spoken(column.name).endswith(("currency", "currency code")):
                found |= {
                    code: f"{table.name}.{column.name}"
                    for value in column.distinct if (code := str(value).strip().upper()) in CURRENCIES
                }  # fmt: skip
    if len(found) == 1:
        ((code, where),) = found.items()
        draft.note(("currency",), f"Guess: all that was seen of {where}")
        return code
    seen_ = f"Seen: {', '.join(list(found)[:6])}; SegQL never converts." if found else "No column says it."
    return draft.ask(
        Question("currency", "in which currency is money?", next(iter(found), "USD"), seen_), ("currency",)
    )


def _profiles(making: Making) -> None:
    """Everybody: where they stand, and what is known of them."""
    seen, who, draft = making.seen, making.who, making.draft
    table, key = who.table, who.key
    found: dict[str, Any] = {}
    draft.note(("profiles",), f"Guess: {who.why}")
    if who.others:
        draft.note(("profiles",), f"It might have been {' or '.join(who.others)}")
    if who.derived:
        name = quoted(key.name, seen.dialect)
        whole = ".".join(quoted(part, seen.dialect) for part in table.name.split("."))
        found["query"] = f"SELECT {name} FROM {whole} WHERE {name} IS NOT NULL GROUP BY {name}"
    else:
        found["table"] = table.name
        where, notes = counting(table, seen)
        if where is not None:
            found["where"] = where
            draft.note(("profiles", "where"), f"Guess: {'; '.join(notes)}")
    found["key"] = key.name
    if (type_ := _KEY_TYPES.get(key.family)) is not None and not (type_ == "uuid" and seen.dialect not in _WITH_UUID):
        found["key type"] = type_
    if not who.derived:
        axes = position(table.column, table.columns)
        used = {key.name, *(axes or {}).values()}
        leading = {link.column for link in seen.links if link.table == table.name and link.holds}
        columns = [
            column for column in table.columns
            if column.name not in used and not (column.name in leading and column.family in ("integer", "uuid"))
            and not (is_gone(column) and column.name in str(found.get("where")))
        ]  # fmt: skip
        prefix = seen.layout.of(table).get("prefix", "") if seen.layout is not None else ""
        empty = [one.name for one in columns if is_left_out(one)]
        if empty:
            draft.note(("profiles",), f"Left out, for they are empty, secret or a loader's: {', '.join(empty[:12])}")
        own = guesses(columns, "profile", seen.dialect, of_profile=True, prefix=prefix)
        taken = {fold(one) for guess in own for one in (guess.name, *guess.spec.get("also", ()))}
        joins, others = joined(table, making, taken)
        properties = added([*own, *others], draft, ("profiles",), {column.name: column for column in columns})
        if joins:
            found["join"] = joins
        if axes is not None:
            properties["position"] = dict(axes)
        if shown := [name for name in _SHOWN if name in properties][:3]:
            found["shown"] = shown
        if properties:
            found["properties"] = properties
        if history := _history(table):
            many = "may stand in several rows, one for each time that something changed. Which one counts?"
            draft.note(("profiles",), f"Question: a person {many} Seen: {', '.join(history)}")
    draft.data["profiles"] = found


def _history(table: Table) -> list[str]:
    """The columns that say since when, and how long, a row was so: of a table that keeps what it was before."""
    return [column.name for column in table.columns if _VERSION.fullmatch(spoken(column.name))]


_WITH_UUID = ("duckdb", "postgres")
