"""Tables that are filled when a statement first names them: of the shop's twenty most statements ask one or two."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from segql.evaluator import Shop

from ..worlds.shop_tables import TABLES, Tables, raw


class Filling:
    """Holds one shop at a time. An engine says in `_refill` how its tables get rows."""

    def __init__(self) -> None:
        self._shop: Shop | None = None
        self._has: dict[str, Sequence[tuple[Any, ...]]] = {}
        self._wanted: Tables = {}
        self._stale: set[str] = set()

    def load(self, shop: Shop) -> None:
        """Have a shop, in the tables of each statement that `rows` or `members` is given."""
        if shop is not self._shop:
            self._shop, self._wanted = shop, raw(shop)
            self._stale = {name for name in TABLES if self._has.get(name, []) != self._wanted.get(name, [])}

    def fill(self, sql: str | None = None) -> None:
        """Fill the tables that a statement names; without one all, for who asks the connection itself."""
        said = sql and sql.lower()
        stale = {name for name in self._stale if said is None or name.rpartition(".")[2] in said}
        if stale:
            now = {name: self._wanted.get(name, []) for name in stale}
            self._refill({name: (bool(self._has.get(name)), rows) for name, rows in now.items()})
            self._has |= now
            self._stale -= stale

    def _refill(self, tables: dict[str, tuple[bool, Sequence[tuple[Any, ...]]]]) -> None:
        """Give tables other rows: by their names, whether they have any, and what they are to have."""
        raise NotImplementedError
