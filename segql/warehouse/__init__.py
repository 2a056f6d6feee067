"""The warehouse room: opens a DuckDB file or Parquet and CSV files, runs SQL there, and compares a catalog with them.

Read only, in UTC, and without access to any file but those that were named. What goes wrong is a `WarehouseError` that
says what and how to mend it; no error of the driver leaves this room.
"""

from __future__ import annotations

from .check import check_catalog
from .connection import Warehouse, WarehouseError
from .opening import MEMORY, open_built, open_file, open_files, open_warehouse

__all__ = [
    "MEMORY", "Warehouse", "WarehouseError", "check_catalog", "open_built", "open_file", "open_files", "open_warehouse",
]  # fmt: skip
