"""The demo shop: a coffee shop of any size, the same on every machine, that ends at a fixed instant.

`build` makes its tables in a DuckDB connection, set by set in SQL (the files in `sql/`, in the order of `STEPS`).
Nothing in it is random: every draw is a hash of a name and a row's numbers, so two builds are equal to the byte, on any
number of threads. All of it happened in the three years before `NOW`, the `now` that rules on it should use.
Its catalog and segments are the files of `examples/shop`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

__all__ = ["MOST_PROFILES", "NOW", "PROFILES", "STEPS", "TABLES", "build", "shop_folder"]

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
"""The Sunday before Black Friday, eleven in the morning in Amsterdam: the demo shop has nothing at or after it."""

PROFILES = 20_000

MOST_PROFILES = 1_000_000
"""The dice repeat themselves when far more profiles throw them."""

STEPS = {
    "dice": "",
    "places": "stores",
    "products": "products",
    "people": "",
    "customers": "customers",
    "consent": "consent",
    "messages": "campaigns and what came of them",
    "visits": "visits and baskets",
    "orders": "orders and their lines",
    "events": "events",
    "lists": "lists",
    "sweep": "",
}
"""The SQL files in order, each with what it makes in words (empty: nothing that a person would wait for)."""

TABLES = ("consent", "customers", "events", "list_members", "order_lines", "orders", "products", "stores")


def build(
    connection: duckdb.DuckDBPyConnection, profiles: int = PROFILES, progress: Callable[[str], None] | None = None
) -> None:
    """Make the tables of the demo shop, `TABLES`, in the connection's current schema.

    About thirty events for each profile; a larger shop holds a smaller one, row for row. `progress` hears in words what
    is being made next. Raises ValueError when a table of such a name is there already (nothing is overwritten), or when
    `profiles` is not between 1 and `MOST_PROFILES`.
    """
    if not 1 <= profiles <= MOST_PROFILES:
        raise ValueError(f"The demo shop has between 1 and {MOST_PROFILES:,} profiles, not {profiles:,}.")
    known = connection.execute(
        "SELECT table_name FROM information_schema.tables"
        " WHERE table_schema = current_schema() AND table_catalog = current_database()"
    ).fetchall()
    if taken := sorted({name for (name,) in known} & set(TABLES)):
        raise ValueError(f"The database has tables of these names already: {', '.join(taken)}.")
    connection.execute(f"CREATE OR REPLACE TEMP MACRO demo_end() AS {int(NOW.timestamp())}::BIGINT")
    connection.execute(f"CREATE OR REPLACE TEMP MACRO demo_profiles() AS {profiles:d}")
    for step, words in STEPS.items():
        if progress and words:
            progress(words)
        connection.execute((files(__name__) / "sql" / f"{step}.sql").read_text(encoding="utf-8"))


def shop_folder() -> Traversable:
    """The folder of the shop's `catalog.yaml` and `.segql` files: in an installed package, else in the repository."""
    packaged = files(__name__) / "shop"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "examples" / "shop"
