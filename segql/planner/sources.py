"""Which events stand in one source, so that one scan can read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set

from ..catalog.model import Catalog, Event
from ..catalog.rownames import row_name


def alike(one: str, other: str, catalog: Catalog, properties: Iterable[str], items: bool) -> bool:
    """Whether two events are rows of one source that only their names tell apart, with these properties of both."""
    left, right = catalog.events[one], catalog.events[other]
    if one == other:
        return True
    same = ("table", "query", "profile", "time", "name_column", "names", "partition")
    return (
        left.name_column is not None
        and not left.group_by
        and not right.group_by
        and all(getattr(left, key) == getattr(right, key) for key in same)
        # A row that is both events counts twice: so each row of one source has to be one of them at most.
        and not any(row_name(name).meets(row_name(another)) for name in left.name for another in right.name)
        and (left.where == right.where or left.names is None)
        and (left.join == right.join or (_joins_apart(left, right) and _joins_apart(right, left)))
        and (not items or left.items == right.items)
        and all(left.properties.get(name) == right.properties.get(name) for name in properties)
    )


def together(asked: Mapping[str, Set[str]], catalog: Catalog, items: bool) -> list[list[str]]:
    """Events by the source that they stand in, of which these properties are asked, and `items` if items are."""
    groups: list[list[str]] = []
    for name, properties in asked.items():
        for group in groups:
            if all(alike(one, name, catalog, properties & asked[one], items) for one in group):
                group.append(name)
                break
        else:
            groups.append([name])
    return groups


def _joins_apart(left: Event, right: Event) -> bool:
    """Whether what is joined to one event is the same for the other, or nothing that the other speaks of."""
    said = repr((right.where, right.properties)).lower()
    return all(
        right.join[name] == tied if name in right.join else f"{name.lower()}." not in said
        for name, tied in left.join.items()
    )
