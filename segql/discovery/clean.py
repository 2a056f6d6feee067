"""Holds a draft to the warehouse: what `segql catalog check` would refuse is left out, and said in a comment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast

from ..binder import mistakes
from ..catalog import Catalog, catalog_from_yaml
from ..errors import Problem, SegQLError
from ..plain import dataclass
from ..warehouse import Warehouse, check_catalog
from ..warehouse.connection import Answer, Connection, Metered
from .draft import Draft, Path
from .written import Written, write

MOST_ROUNDS = 12


@dataclass(frozen=True, slots=True)
class Checked:
    """The file that was written, what is wrong with it still, and how often it was checked."""

    written: Written
    problems: Sequence[Problem]
    rounds: int
    catalog: Catalog | None

    @property
    def errors(self) -> list[Problem]:
        """What is no warning or hint."""
        return [problem for problem in self.problems if problem.severity == "error"]


def cleaned(
    draft: Draft,
    warehouse: Warehouse | None,
    head: list[str],
    name: str,
    say: Callable[[str], None] = lambda part: None,
) -> Checked:
    """Write a draft, check it, leave out what is refused, until nothing is. Changes the draft. WarehouseError.

    Without a warehouse only the catalog's own sense is checked.
    """
    checked = _checked(write(draft, head), warehouse, name, say)
    for round_ in range(2, MOST_ROUNDS + 1):
        if any(problem.code == "catalog-yaml" for problem in checked.errors):
            break  # no part of the draft is wrong, but what was written of it
        refused = {
            part: problem for problem in reversed(checked.errors)
            if (part := droppable(checked.written.path_at(problem.line or 0), draft)) is not None
        }  # fmt: skip
        if not refused:
            break
        for part, problem in refused.items():
            draft.without(part)
            # Of an event without its key only the key is gone: the owner says why.
            what = part[-1] if part[-2:-1] != ("properties",) else f"the property {part[-1]}"
            owner = _owner(part)
            draft.note(owner if _there(draft, owner) else owner[:1], f"Left out: {what}: {_one_line(problem)}")
        checked = replace(_checked(write(draft, head), warehouse, name, say), rounds=round_)
    return checked


def size_of_check(draft: Draft, warehouse: Warehouse, head: list[str], name: str) -> int:
    """How many bytes it would read to hold a draft to the warehouse, which are billed there. WarehouseError."""
    sizes: list[int] = []
    unread = Warehouse(cast(Connection, _Unread(warehouse.connection, sizes)), warehouse.name)
    _checked(write(draft, head), unread, name, lambda part: None)
    return sum(sizes)


class _Unread:
    """A connection whose statements are measured, and have no rows."""

    def __init__(self, connection: Connection, sizes: list[int]) -> None:
        self._connection, self._sizes = connection, sizes

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def run(self, sql: str) -> Answer:
        if isinstance(self._connection, Metered):
            self._sizes.append(self._connection.size(sql))
        return Answer((), iter(()))


def _checked(written: Written, warehouse: Warehouse | None, name: str, say: Callable[[str], None]) -> Checked:
    try:
        catalog = catalog_from_yaml(written.text, name)
    except SegQLError as error:
        return Checked(written, error.problems, 1, None)
    problems = [*mistakes(catalog, datetime.now(UTC))]
    if warehouse is not None:
        problems += check_catalog(warehouse, catalog, say)
    return Checked(written, problems, 1, catalog)


def droppable(path: Path, draft: Draft) -> Path | None:
    """The smallest part around a place without which the catalog still says something; None where there is none."""
    if "properties" in path[:-1]:
        return path[: path.index("properties") + 2]
    match path:
        case ("events", event, ("id" | "items" | "amount" | "things" | "written" | "partition") as key, *_):
            return ("events", event, key)
        case (("events" | "channels" | "metrics" | "lists") as kind, name, *_):
            return (kind, name)
        case (("stores" | "insights") as kind, *_):
            return (kind,)
        case ("profiles", ("shown" | "where") as key, *_):
            return ("profiles", key)
        case _:
            return None


def _owner(part: Path) -> Path:
    owner = part[:-1]
    return owner[:-1] if owner and owner[-1] == "properties" else owner


def _there(draft: Draft, path: Path) -> bool:
    found: object = draft.data
    for key in path:
        if not isinstance(found, dict) or key not in found:
            return False
        found = found[key]
    return True


def _one_line(problem: Problem) -> str:
    return " ".join(problem.message.split())
