"""The names of passes and of their columns: such as a person can follow, each once, and hiding no table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from ..catalog.model import Catalog
from .shapes import NO_FILTER, Need

T = TypeVar("T")

_LONGEST = 54
"""Bytes of a name; what tells names apart comes behind. MySQL takes 64 characters, Postgres 63 bytes."""


def slug(name: str) -> str:
    """A name of the catalog as an identifier: `placed order` is placed_order."""
    return cut("_".join("".join(c if c.isalnum() else " " for c in name.lower()).split())) or "unnamed"


def cut(name: str) -> str:
    """The name, or as much of its beginning as every engine takes."""
    return name.encode()[:_LONGEST].decode(errors="ignore").rstrip("_") if len(name.encode()) > _LONGEST else name


def events_slug(events: tuple[str, ...]) -> str:
    """A name for these events, short enough for every engine."""
    if len(events) > 2:
        return cut(f"{slug(events[0])}_and_others")
    return cut("_or_".join(map(slug, events)))


def column_name(need: Need) -> str:
    """A name for the column of a need; two needs may wish for the same."""
    of = slug(need.field.name) if need.field is not None else ""
    match need.kind:
        case "count" if need.has != NO_FILTER:
            return "fitting"
        case "count" | "days since first" | "days since last" | "first fits" | "last fits" | "at first" | "at last":
            return slug(need.kind)
        case "days between" | "pairs":
            return "sum_of_days" if need.kind == "days between" else "pairs"
        case "values":
            return f"number_of_{of}"
        case _:
            return f"{need.kind}_of_{of}"


def named(wanted: Mapping[T, str], key: str) -> tuple[tuple[str, T], ...]:
    """The columns of a pass with their names, none of which is the key's."""
    taken = {key.lower()}
    return tuple((free(name, taken), one) for one, name in wanted.items())


def free(name: str, taken: set[str]) -> str:
    """A name that is not taken yet, which thereby is."""
    name = cut(name)
    found = name if name not in taken else f"{name}_{_first_free(name, taken)}"
    taken.add(found)
    return found


def _first_free(name: str, taken: set[str]) -> int:
    """The number behind a name that thousands may have before it: by halves, not one by one."""
    used, number = 1, 2
    while f"{name}_{number}" in taken:
        used, number = number, 2 * number
    while number - used > 1:
        middle = (used + number) // 2
        used, number = (middle, number) if f"{name}_{middle}" in taken else (used, middle)
    return number


def table_names(catalog: Catalog) -> set[str]:
    """What a pass must not be called: a table of that name would no longer be seen."""
    return set(catalog.table_names)
