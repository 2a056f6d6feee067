"""What every kind of row needs said: which rows count, when they happened, what is joined to them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..plain import dataclass
from .draft import Draft, Path, Question
from .links import epoch, keys_of, time_of
from .people import People
from .properties import Guess, guesses, is_left_out, quoted
from .saying import said_of_table, singular, spoken
from .seen import Column, Link, Seen, Table

_GONE = re.compile(r"^(fivetran deleted|is deleted|deleted|is test|test|is void|voided|is archived|test order)$")
_GONE_AT = re.compile(r"^(deleted|removed|cancelled|canceled|voided|archived) (at|on|date|time)$")
_NAMES = ("title", "name", "label", "product name", "naam")
_TOLD = frozenset({"brand", "vendor", "category", "collection", "product type", "type", "sku", "genre", "department"})
ZONE = "zone"


@dataclass(frozen=True, slots=True)
class Making:
    """What the guesses are made of, and the draft that they go into."""

    seen: Seen
    who: People
    draft: Draft

    def whose(self, table: Table) -> str | None:
        """The column of a table with the profile's key."""
        if "profile" in (known := self.known(table)):
            return str(known["profile"])
        return profile_of(table, self.seen, self.who)

    def led_on(self, table: Table, whose: str) -> str | dict[str, Any]:
        """How the catalog says whose a row is: where it has a map of visitors, also by the visitor's key."""
        visitor, own = table.column(self.known(table).get("visitor", "")), table.column(whose)
        maps = self.draft.data.get("identities", {})
        if visitor is None or own is None or visitor.family != own.family or not maps:
            return whose
        return {"column": [whose, visitor.name], "identities": next(iter(maps))}

    def known(self, table: Table) -> Mapping[str, Any]:
        """What a layout knows of a table."""
        return self.seen.layout.of(table) if self.seen.layout is not None else {}

    def time_of(self, table: Table) -> Column | None:
        """The column that says when a row of it happened."""
        known = self.known(table).get("time")
        return (table.column(known) if known is not None else None) or time_of(table)

    def is_declared(self, table: Table, column: str | None) -> bool:
        """Whether the warehouse itself declares where a column leads."""
        return any(link.declared and (link.table, link.column) == (table.name, column) for link in self.seen.links)

    def said(self, raw: str) -> str | None:
        """What people call an event of this name, where a layout knows it."""
        return self.seen.layout.say.get(raw) if self.seen.layout is not None else None


def counting(table: Table, seen: Seen, *, cancelled: bool = True) -> tuple[str | None, list[str]]:
    """The SQL condition of the rows that count, none where all do, and what was seen of those that do not."""
    terms, notes = [], []
    for column in table.columns:
        words, name = spoken(column.name), quoted(column.name, seen.dialect)
        if _GONE.match(words) and column.family in ("boolean", "integer") and _is_flag(column):
            flag = column.type.family == "boolean"
            terms.append(f"NOT coalesce({name}, false)" if flag else f"coalesce({name}, 0) = 0")
            notes.append(f"{sum(map(bool, column.values))} of {table.rows} rows seen have `{column.name}`")
        elif _GONE_AT.match(words) and (cancelled or words.startswith(("deleted", "removed", "archived"))):
            terms.append(f"{name} IS NULL")
            notes.append(f"{len(column.values)} of {table.rows} rows seen have `{column.name}`")
    return " AND ".join(terms) or None, notes


def wild(table: Table, seen: Seen) -> str:
    """A table as the catalog names it: all days of a table for each day, where the engine has a word for that."""
    sharded = table.stem != table.bare.casefold() and seen.dialect == "bigquery"
    return f"{table.name[:-8]}*" if sharded else table.name


def is_gone(column: Column) -> bool:
    """Whether it says that a row does not count."""
    return bool(_GONE.match(spoken(column.name)) or _GONE_AT.match(spoken(column.name)))


def _is_flag(column: Column) -> bool:
    return column.family == "boolean" or set(column.values) <= {0, 1}


def moment(column: Column, draft: Draft, path: Path) -> str | dict[str, str]:
    """How the catalog says that a column is a time."""
    if (unit := epoch(column)) is not None:
        return {"column": column.name, "stored": unit}
    if column.family == "date":
        return {"column": column.name, "stored": "date"}
    if column.family == "timestamp":
        return {"column": column.name, "zone": asked_zone(column, draft, path)}
    return column.name


def asked_zone(column: Column, draft: Draft, path: Path) -> str:
    """The zone of times that do not say theirs; a layout may know it, which then has answered."""
    seen = f"`{column.name}` ({column.values[0]}) does not say." if column.values else f"`{column.name}` does not say."
    return draft.ask(Question(ZONE, "in which zone are times without one written?", "UTC", seen), path)


def added(found: list[Guess], draft: Draft, path: Path, columns: dict[str, Column]) -> dict[str, Any]:
    """The properties as the catalog has them, with their notes; times that know no zone get one."""
    properties: dict[str, Any] = {}
    for guess in found:
        at = (*path, "properties", guess.name)
        spec = dict(guess.spec)
        if guess.naive:
            column = columns.get(str(spec.get("column", "")).rpartition(".")[2])
            if column is not None:
                spec["zone"] = asked_zone(column, draft, at)
        for said in guess.notes:
            draft.note(at, said)
        properties[guess.name] = spec
    return properties


def owner_of(table: Table) -> str:
    """What one row of a table is called."""
    return singular(said_of_table(table.bare))


def joined(table: Table, making: Making, taken: set[str]) -> tuple[dict[str, Any], list[Guess]]:
    """The tables that a row leads to, by a key of theirs, and what they say of it."""
    joins: dict[str, Any] = {}
    found: list[Guess] = []
    seen = making.seen
    for link in seen.links:
        to = seen.table(link.to)
        if link.table != table.name or not link.holds or to is None or not _is_lookup(to, link, making):
            continue
        word = to.bare if "." not in to.bare else owner_of(to)
        if word in joins:
            continue
        told = [
            column for column in to.columns
            if column.name != link.key and not is_left_out(column) and column.family == "text"
            and (_is_its_name(column, to) or spoken(column.name) in _TOLD)
        ]  # fmt: skip
        for column in told:
            one = guesses([column], owner_of(to), seen.dialect, taken=taken, join=word)
            if _is_its_name(column, to) and one:
                name = owner_of(to)
                one = [Guess(name, {key: value for key, value in one[0].spec.items() if key != "also"}, one[0].notes)]
            for guess in one:
                if guess.name not in taken:
                    found.append(guess)
                    taken.add(guess.name)
        if told:
            joins[word] = _on(link, to)
    return joins, found


def _is_its_name(column: Column, table: Table) -> bool:
    return spoken(column.name) in (*_NAMES, f"{owner_of(table)} name")


def _on(link: Link, to: Table) -> Any:
    if to.bare != to.name:
        return {"table": to.name, "on": link.column if link.column == link.key else {link.column: link.key}}
    return link.column if link.column == link.key else {link.column: link.key}


def _is_lookup(to: Table, link: Link, making: Making) -> bool:
    """Whether it is a table of things: not the profiles, and with no profile of its own."""
    if to is making.who.table or making.whose(to) is not None:
        return False
    uncounted = not to.rows or (link.guessed and not link.looked_for)
    if not (link.found or link.declared or uncounted):
        return False
    time = time_of(to)
    return time is None or bool(re.search(r"\b(created|inserted|published|added)\b", spoken(time.name)))


def profile_of(table: Table, seen: Seen, profiles: People) -> str | None:
    """The column with the profile's key."""
    if profiles.derived:
        found = table.column(profiles.key.name)
        return found.name if found is not None else None
    links = [
        link for link in seen.links
        if (link.table, link.to, link.key) == (table.name, profiles.table.name, profiles.key.name) and link.holds
    ]  # fmt: skip
    told = seen.layout.of(table).get("links", {}) if seen.layout is not None else {}
    own = {key.name for key in keys_of(table)[:1]}

    def rank(link: Link) -> tuple[bool, bool, bool, int]:
        sure = link.declared or link.column in told
        return not sure, link.column in own, not _plainly(link.column, profiles), -link.found

    links.sort(key=rank)
    return links[0].column if links else None


def _plainly(column: str, profiles: People) -> bool:
    words = spoken(column)
    return words == spoken(profiles.key.name) or words.startswith(owner_of(profiles.table))
