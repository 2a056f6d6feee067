"""Opens what `--warehouse` and `--table` name; without them the demo shop, which is made once and kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from time import time
from typing import TYPE_CHECKING

import click

from .. import __version__
from ..files import cache_folder
from .options import Options, tables
from .output import busy, show_warehouse_error

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from ..warehouse import Warehouse


HOUR = 3600


@contextmanager
def opened(
    given: Options, writes: str | None = None, profiles: int | None = None, *, costs: bool = True
) -> Iterator[Warehouse]:
    """The warehouse of the options, closed at the end. An error of it ends the command with exit code 3.

    `costs`: say what each statement costs where that is known before.
    """
    from ..warehouse import WarehouseError

    check_place(given)
    try:
        with busy("Making the demo shop" if given.on_demo_shop else "Opening the warehouse") as say:
            warehouse = open_place(given, say, writes, profiles, reads=_reads if costs else None)
        try:
            yield warehouse
        finally:
            warehouse.close()
    except WarehouseError as error:
        show_warehouse_error(error.message, error.hint, given.json)
        raise click.exceptions.Exit(3) from None


def check_place(given: Options) -> None:
    """Whether the options of a warehouse go together; click.UsageError where they do not."""
    from ..warehouse import dialect_of

    dialect = dialect_of(given.warehouse)
    if given.timeout is not None and dialect not in ("postgres", "mysql", "mariadb", "sqlite", "bigquery"):
        raise click.UsageError("--timeout goes with a warehouse at postgresql://, mysql://, sqlite:/// or bigquery://.")
    if given.max_bytes is not None and dialect != "bigquery":
        raise click.UsageError("--max-bytes goes with a warehouse at bigquery://.")


def open_place(
    given: Options,
    say: Callable[[str], None],
    writes: str | None = None,
    profiles: int | None = None,
    reads: Callable[[int], None] | None = None,
) -> Warehouse:
    """The warehouse of the options; `say` hears what takes long, `reads` what a statement costs. WarehouseError."""
    from ..warehouse import MEMORY, open_warehouse

    if given.on_demo_shop:
        return demo_shop(profiles, say, writes)
    return open_warehouse(
        given.warehouse or MEMORY, tables(given.table), writes,
        seconds=given.timeout, max_bytes=given.max_bytes, reads=reads,
    )  # fmt: skip


def _reads(size: int) -> None:
    """Says what a statement costs where each byte is billed, before it runs."""
    from ..warehouse.bigquery import sized

    click.echo(f"This reads {sized(size)}.", err=True)


def demo_shop(profiles: int | None, say: Callable[[str], None], writes: str | None = None) -> Warehouse:
    """The demo shop, from the user's cache where it is there already."""
    from ..demo import PROFILES, build
    from ..warehouse import open_built

    size = profiles or PROFILES
    folder = cache_folder()
    path = folder / f"shop-{size}-{_key()}.duckdb" if folder else None
    warehouse = open_built(path, "The demo shop", lambda connection: build(connection, size, progress=say), writes)
    # Those of other versions, which may be in use for a while yet.
    for old in folder.glob(f"shop-{size}-*") if folder else ():
        with suppress(OSError):
            if old != path and old.stat().st_mtime < time() - HOUR:
                old.unlink()
    return warehouse


def _key() -> str:
    """Changes whenever the shop would, and with DuckDB: an older one cannot read the files of a newer."""
    import hashlib
    from importlib.metadata import version
    from importlib.resources import files

    found = hashlib.sha256(f"{__version__} {version('duckdb')}".encode())
    for source in _sources(files("segql.demo")):
        found.update(source)
    return found.hexdigest()[:12]


def _sources(folder: Traversable) -> Iterator[bytes]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir() and entry.name == "sql":
            yield from _sources(entry)
        elif entry.name.endswith((".py", ".sql")):
            yield entry.read_bytes()
