"""Reads and opens what places name: catalog, segments, `now`, warehouse; where they name nothing, the demo shop's."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from time import time
from typing import TYPE_CHECKING

import click

from .. import __version__, catalog, demo, parser, segments
from ..arguments import instant
from ..ast import Duration
from ..calendar import resolve, step, zone_of
from ..errors import SegQLError
from ..files import cache_folder
from .setup import Setup

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from ..catalog import Catalog
    from ..segments import Segments
    from ..warehouse import Warehouse


def load_catalog(given: Setup) -> Catalog:
    """The named catalog, or the demo shop's, for the tenant that is named. Raises SegQLError."""
    found = catalog.load_catalog(shop() / "catalog.yaml" if given.catalog is None else given.catalog)
    return found if given.tenant is None else found.narrowed(given.tenant)


def load_segments(given: Setup) -> Segments:
    """The named segments, or the demo shop's."""
    if given.segments:
        return segments.load_segments(*given.segments)
    return segments.NONE if given.catalog is not None else segments.load_segments(shop())


def shop() -> Path:
    """The folder of the demo shop's catalog and segments."""
    return Path(str(demo.shop_folder()))


def default_now(given: Setup, demo_warehouse: bool) -> datetime:
    """The demo shop's own `now` on the demo shop, else the clock."""
    return demo.NOW if given.on_demo_shop and (demo_warehouse or given.catalog is None) else instant(None)


_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def moment(text: str | None, known: Catalog, option: str = "--now") -> datetime | None:
    """The instant that an option names; without an offset, on the wall clock of the catalog's zone."""
    if text is None:
        return None
    if _DATE.fullmatch(text.strip()):
        try:
            after = date.fromisoformat(text.strip()) + timedelta(days=1)
        except (ValueError, OverflowError):
            raise click.BadParameter(f"{text} is no day of the calendar.", param_hint=option) from None
        raise click.BadParameter(
            f"{text} is a whole day, and {option} takes one instant. "
            f"Its start is {option} {text.strip()}T00:00, its end {option} {after}T00:00.", param_hint=option,
        )  # fmt: skip
    try:
        found = datetime.fromisoformat(text.strip())
        return found if found.tzinfo is not None else resolve(found, zone_of(known.timezone))
    except (ValueError, OverflowError):
        example = "2026-11-22T10:00Z, 2026-11-22T11:00+01:00, or 2026-11-22T11:00 in the catalog's zone"
        raise click.BadParameter(f"{text} is no instant: {example}.", param_hint=option) from None


def length_of(text: str, option: str) -> Duration:
    """The length of time that an option says: `week`, `2 weeks`, `36h`. Raises click.BadParameter."""
    said = text.strip()
    try:
        found = parser.parse_value(said if said[:1].isdigit() else f"1 {said}", option)
    except SegQLError:
        found = None
    if not isinstance(found, Duration) or not found.count:
        raise click.BadParameter(f"{text} is no length: day, week, month, 3 days, 36h.", param_hint=option)
    return found


def before(since: str, now: datetime, known: Catalog, option: str = "--since") -> datetime:
    """The instant that an option says: a length before `now`, or one that is written out. Raises click.BadParameter."""
    if re.match(r"\d{4}-", since.strip()):
        then = instant(moment(since, known, option))
    else:
        length = length_of(since, option)
        try:
            then = step(now, -length.count, length.unit, zone_of(known.timezone))
        except (OverflowError, ValueError):
            raise click.BadParameter("This reaches back before the calendar.", param_hint=option) from None
    if then >= now:
        raise click.BadParameter(f"{since} is not before now.", param_hint=option)
    return then


HOUR = 3600


def open_place(
    given: Setup,
    say: Callable[[str], None],
    writes: str | None = None,
    profiles: int | None = None,
    reads: Callable[[int], None] | None = None,
) -> Warehouse:
    """The warehouse of the options; `say` hears what takes long, `reads` what a statement costs. WarehouseError."""
    from ..warehouse import MEMORY, open_warehouse  # here: who only compiles needs none

    if given.on_demo_shop:
        return demo_shop(profiles, say, writes)
    return open_warehouse(
        given.warehouse or MEMORY, tables(given.table), writes,
        seconds=given.timeout, max_bytes=given.max_bytes, reads=reads,
    )  # fmt: skip


def demo_shop(profiles: int | None, say: Callable[[str], None], writes: str | None = None) -> Warehouse:
    """The demo shop, from the user's cache where it is there already."""
    from ..warehouse import open_built

    size = profiles or demo.PROFILES
    folder = cache_folder()
    path = folder / f"shop-{size}-{_key()}.duckdb" if folder else None
    warehouse = open_built(path, "The demo shop", lambda connection: demo.build(connection, size, progress=say), writes)
    # Those of other versions, which may be in use for a while yet.
    for old in folder.glob(f"shop-{size}-*") if folder else ():
        with suppress(OSError):
            if old != path and old.stat().st_mtime < time() - HOUR:
                old.unlink()
    return warehouse


def _key() -> str:
    """Changes whenever the shop would, and with DuckDB: an older one cannot read the files of a newer."""
    from importlib.metadata import version  # here: it loads forty modules

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


def tables(given: Iterable[str]) -> dict[str, str]:
    """The files of `--table NAME=FILE`."""
    found: dict[str, str] = {}
    for text in given:
        name, sign, path = text.partition("=")
        if not sign or not name.strip() or not path:
            raise click.BadParameter(
                f"{text} is not NAME=FILE: --table orders=data/orders.parquet.", param_hint="--table"
            )
        found[name.strip()] = os.path.expanduser(path)
    return found
