"""Values that properties have in the warehouse, for completion: sampled when first wanted, in the live thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, wait
from contextlib import suppress
from dataclasses import field

from ..plain import dataclass
from ..project import Project
from .live import Live
from .state import State

Path = tuple[str, ...]

SOON = 0.5
"""Seconds that the menu waits for values; later ones are there at the next key."""


@dataclass
class Sampled(Mapping[Path, Sequence[str]]):
    """Values by the path of a property (`segql.complete` says how): none at first, and there a moment later."""

    live: Live
    state: State
    project: Project
    kept: dict[Path, Sequence[str]] = field(default_factory=dict)
    wanted: list[Future[None]] = field(default_factory=list)

    def __getitem__(self, path: Path) -> Sequence[str]:
        if path not in self.kept:
            self.kept[path] = ()
            if self.state.counts_live(self.project):
                self.wanted.append(self.live.ask(self.project.opened, lambda rows: self._read(path, rows)))
        return self.kept[path]

    def arrived(self) -> bool:
        """Whether values came that were not there before; waits for them, but not long."""
        wanted, self.wanted = self.wanted, []
        return bool(wait(wanted, timeout=SOON).done)

    def _read(self, path: Path, rows: Callable[[str], Sequence[tuple[object, ...]]]) -> None:
        from ..emitter import sql_text
        from ..emitter.profile_rows import target_of
        from ..emitter.samples import common_values
        from ..warehouse import WarehouseError

        dialect = self.project.opened.dialect
        target = target_of(self.project.catalog, dialect, self.state.instant(self.project))
        with suppress(WarehouseError):  # then there is nothing to offer, and the count says what is wrong
            if (tree := common_values(path, target)) is not None:
                self.kept[path] = [str(value) for value, *_ in rows(sql_text(tree, target.catalog, dialect))]

    def __iter__(self) -> Iterator[Path]:
        return iter(self.kept)

    def __len__(self) -> int:
        return len(self.kept)

    def __bool__(self) -> bool:
        return True
