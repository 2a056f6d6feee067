"""The warehouse room: opens files, or a server at a URL; runs SQL there, and compares a catalog with the tables.

DuckDB reads files: read only, in UTC, and none but those that were named. Postgres is asked in sessions that only read.
What goes wrong is a `WarehouseError` that says what and how to mend it; no error of a driver leaves this room, and no
secret of a URL.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .awaited import AwaitedWarehouse, open_awaited
    from .check import check_catalog
    from .connection import Warehouse
    from .dbapi import open_dbapi
    from .faults import WarehouseError
    from .keeping import Keeping, open_keeping
    from .opening import MEMORY, open_built, open_file, open_files, open_warehouse
    from .spark import open_spark
    from .urls import dialect_of, masked, shown

_HOME = {
    "awaited": ("AwaitedWarehouse", "open_awaited"),
    "check": ("check_catalog",),
    "connection": ("Warehouse",),
    "dbapi": ("open_dbapi",),
    "faults": ("WarehouseError",),
    "keeping": ("Keeping", "open_keeping"),
    "opening": ("MEMORY", "open_built", "open_file", "open_files", "open_warehouse"),
    "spark": ("open_spark",),
    "urls": ("dialect_of", "masked", "shown"),
}

__all__ = [
    "MEMORY", "AwaitedWarehouse", "Keeping", "Warehouse", "WarehouseError", "check_catalog", "dialect_of", "masked",
    "open_awaited", "open_built", "open_dbapi", "open_file", "open_files", "open_keeping", "open_spark",
    "open_warehouse", "shown",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """Names load their module when first used: what a URL is called needs no driver."""
    for module, names in _HOME.items():
        if name in names:
            return getattr(import_module(f".{module}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
