"""How tables lie in a warehouse: what an engine need not read of them."""

from __future__ import annotations

from typing import TypeAlias

from ..plain import dataclass


@dataclass(frozen=True, slots=True)
class Indexed:
    """A table that is read by indexes: the columns of each, in order."""

    rows: int
    indexes: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Ordered:
    """A table that is read in blocks, of which a scan skips some: `block` is SQL for the number of a row's."""

    rows: int
    block: str


@dataclass(frozen=True, slots=True)
class Partitioned:
    """A table that is read by partitions of a column, in each by clusters of others; as one where there are none."""

    rows: int
    by: str | None
    clusters: tuple[str, ...]


Layout: TypeAlias = Indexed | Ordered | Partitioned
"""How a table lies in a warehouse, with about how many rows."""
