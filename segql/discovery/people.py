"""Guesses which table is the profiles: the one that others refer to, with a key of its own, and people in it."""

from __future__ import annotations

from collections.abc import Sequence

from ..plain import dataclass
from .links import PEOPLE, is_of_people, is_reference, keys_of, links_to, time_of
from .saying import said_of_table, singular, spoken
from .seen import Column, Link, Seen, Table

_OF_PEOPLE = frozenset({
    "email", "email address", "first name", "firstname", "last name", "lastname", "birthday", "birth date", "phone",
    "phone number", "gender", "date of birth", "dob", "language", "accepts marketing", "loyalty points", "vip",
    "full name", "e mail", "mail", "city", "country", "country code", "postal code", "voornaam", "vorname",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class People:
    """The profiles: a table with its key, or, where no table has one row for each, the keys in other tables.

    `why` says what was seen; `others` are tables that it might have been as well.
    """

    table: Table
    key: Column
    why: str
    others: tuple[str, ...] = ()
    derived: bool = False


class NoProfiles(Exception):
    """No table looks like profiles; the message says what was looked for."""


def people(seen: Seen) -> People:
    """The likeliest table of profiles. Raises NoProfiles."""
    if (known := _of_layout(seen)) is not None:
        return known
    ranked = sorted(
        ((_score(table, key, seen.links), table, key) for table in seen.tables for key in keys_of(table)[:1]),
        key=lambda one: -one[0],
    )
    if ranked and ranked[0][0] >= 5:
        best, table, key = ranked[0]
        others = tuple(other.name for score, other, _ in ranked[1:3] if score >= max(5, best - 3))
        return People(table, key, _why(table, key, seen.links), others)
    for word in PEOPLE:
        for table in seen.tables:
            for column in table.columns:
                said = spoken(column.name)
                if (
                    time_of(table) is not None
                    and is_reference(column)
                    and (said in (word, f"{word} id", f"{word} key"))
                ):
                    why = (
                        f"no table has one row for each {word}; these are the values of `{column.name}` of {table.name}"
                    )
                    return People(table, column, why, derived=True)
    raise NoProfiles(_looked_for(seen))


def _of_layout(seen: Seen) -> People | None:
    """The profiles as the layout has them."""
    if seen.layout is None:
        return None
    bare, _, key = seen.layout.profiles.partition(".")
    whole = seen.layout.whole(bare)
    table = next((one for one in seen.tables if whole in (one.name, one.name.removesuffix(one.bare) + one.stem)), None)
    column = table.column(key) if table is not None else None
    if table is None or column is None:
        return None
    return People(table, column, f"the tables are those of {seen.layout.called}", derived=seen.layout.derived)


def _score(table: Table, key: Column, links: Sequence[Link]) -> int:
    """How much speaks for a table: people in its name, others that refer to it, columns that only people have."""
    referring = {link.table for link in links_to(links, table) if link.key == key.name}
    personal = sum(1 for column in table.columns if spoken(column.name) in _OF_PEOPLE)
    referred = sum(2 for link in links if link.table == table.name and link.holds and is_of_people_named(link.to))
    return 5 * is_of_people(table) + 2 * min(len(referring), 4) + min(personal, 4) - 3 * min(1, referred) - _rank(table)


def is_of_people_named(name: str) -> bool:
    """Whether a table is called like people."""
    return singular(said_of_table(name.rpartition(".")[2])).split(" ")[-1] in PEOPLE


def _rank(table: Table) -> int:
    """A little against what is often beside the customers: accounts, leads, the staff's users."""
    last = singular(said_of_table(table.bare)).split(" ")[-1]
    return {"account": 2, "lead": 2, "visitor": 1}.get(last, 0)


def _why(table: Table, key: Column, links: Sequence[Link]) -> str:
    referring = sorted(
        {
            f"{link.table}.{link.column}{' (declared)' if link.declared else ''}"
            for link in links_to(links, table) if link.key == key.name
        }
    )  # fmt: skip
    if not referring:
        return f"one row for each `{key.name}`, and its columns are those of people"
    more = f" and {len(referring) - 4} more" if len(referring) > 4 else ""
    refer = "refers" if len(referring) == 1 else "refer"
    return f"{', '.join(referring[:4])}{more} {refer} to its `{key.name}`"


def _looked_for(seen: Seen) -> str:
    looked = ", ".join(PEOPLE[:6])
    keyed = [f"{table.name} ({keys_of(table)[0].name})" for table in seen.tables if keys_of(table)][:5]
    said = (
        f"tables with a key: {', '.join(keyed)}" if keyed else "no table has a column that is unique and called a key"
    )
    return (
        f"looked for a table called {looked} or the like, with a unique key that other tables refer to, or for a column"
        f" such as customer_id beside a time; {said}"
    )
