"""How many members a segment has, for a hover: within seconds, or not at all."""

from __future__ import annotations

from dataclasses import field, replace
from threading import Lock, Thread, Timer

from ..console.opening import open_place
from ..console.setup import Setup
from ..plain import dataclass
from ..settings import NoSecret, expanded
from ..warehouse import Warehouse, WarehouseError

_MOST = 500
"""Answers that are kept."""


@dataclass(slots=True)
class Counter:
    """The warehouses of projects, each opened read-only when the first hover asks; one question after the other."""

    seconds: float
    _opened: dict[Setup, Warehouse] = field(default_factory=dict)
    _told: dict[tuple[Setup, str], tuple[int, int]] = field(default_factory=dict)
    _alone: Lock = field(default_factory=Lock)

    def count(self, given: Setup, sql: str, everyone: str) -> tuple[int, int] | str:
        """Members and profiles; a sentence where that cannot be said in time."""
        late = f"Counting takes longer than {self.seconds:g} seconds."
        if (told := self._told.get((given, sql))) is not None:
            return told
        answer: list[tuple[int, int] | str] = []

        def ask() -> None:
            if not self._alone.acquire(blocking=False):
                return
            try:
                answer.append(self._asked(given, sql, everyone))
            except (WarehouseError, NoSecret, OSError) as error:
                answer.append(getattr(error, "message", None) or str(error))
            finally:
                self._alone.release()

        asking = Thread(target=ask, daemon=True)
        asking.start()
        asking.join(self.seconds)
        return answer[0] if answer else late

    def _asked(self, given: Setup, sql: str, everyone: str) -> tuple[int, int]:
        warehouse = self._opened.get(given)
        if warehouse is None:
            place = None if given.warehouse is None else expanded(given.warehouse)
            warehouse = self._opened[given] = open_place(replace(given, warehouse=place), lambda _: None)
        stop = Timer(self.seconds, warehouse.cancel)
        stop.daemon = True
        stop.start()
        try:
            found = warehouse.counts(sql, everyone)
        finally:
            stop.cancel()
        if len(self._told) >= _MOST:
            self._told.clear()
        members, profiles = found
        self._told[given, sql] = members, profiles
        return members, profiles

    def close(self) -> None:
        """Closes what was opened."""
        for warehouse in self._opened.values():
            warehouse.close()
