"""Opens what `--warehouse` and `--table` name: a DuckDB file, a folder of Parquet and CSV files, or single ones."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from glob import glob
from pathlib import Path
from types import NoneType

import duckdb

from ..errors import expect
from ..files import part_of, reason, replacing
from ..nearest import nearest
from .connection import Warehouse
from .duckdb import DuckDB, dotted, first_line, literal, quoted
from .faults import WarehouseError
from .servers import open_url
from .stopping import interruptible
from .urls import scheme, shown

READERS = {
    ".parquet": "read_parquet",
    ".pq": "read_parquet",
    ".csv": "read_csv",
    ".tsv": "read_csv",
    ".csv.gz": "read_csv",
}
"""What files hold tables, and what reads them."""

MEMORY = ":memory:"
KEPT = "segql_kept"
"""What a DuckDB file is called that is attached to keep tables in."""
_QUIET = "SET enable_progress_bar_print = false; SET enable_progress_bar = true"
"""DuckDB knows how far it is only with a bar of its own, which it would draw over whatever stands at a terminal."""


def open_warehouse(
    place: str | os.PathLike[str],
    tables: Mapping[str, str] | None = None,
    writes: str | None = None,
    *,
    seconds: int | None = None,
    max_bytes: int | None = None,
    reads: Callable[[int], None] | None = None,
    keeps: str | None = None,
) -> Warehouse:
    """The warehouse at a place: a DuckDB file, a folder of Parquet and CSV files, one such file, `:memory:`, or a URL.

    `tables` are more files by the name of their table; a path may have wildcards. `writes` is the one file that may be
    written, `keeps` a DuckDB file that may be attached for writing. The other arguments are those of `open_url`, for
    servers. Raises WarehouseError, TypeError that names an argument of a wrong type.
    """
    expect("place", "a file, a folder or a URL", place, str, os.PathLike)
    expect("seconds", "a whole number", seconds, int, NoneType)
    expect("max_bytes", "a whole number", max_bytes, int, NoneType)
    place = os.fspath(place)
    tables = dict(tables or {})
    if scheme(place) is not None:
        if tables:
            raise WarehouseError(f"{shown(place)} has its own tables: --table goes with files.", "leave --table out")
        return open_url(place.strip(), seconds=seconds, max_bytes=max_bytes, reads=reads)
    path = Path(place)
    if place == MEMORY:
        return open_files({name: _matching(name, path) for name, path in tables.items()}, "The memory", writes, keeps)
    if not os.path.exists(place):
        raise WarehouseError(f"There is no file or folder {shown(place)}.", _what_is_meant(place, path))
    if path.is_dir():
        in_folder = _in_folder(path)
        if not in_folder and not tables:
            near = [p.name for p in _inside(path) if p.suffix in (".duckdb", ".db")]
            hint = f"did you mean {path / near[0]}?" if near else "its tables are its *.parquet and *.csv files"
            raise WarehouseError(f"The folder {place} has no tables.", hint)
        files = {**in_folder, **{name: _matching(name, path) for name, path in tables.items()}}
        return open_files(files, f"The folder {place}", writes, keeps)
    if _reader(path) is not None:
        files = {_stem(path): [str(path)], **{name: _matching(name, path) for name, path in tables.items()}}
        return open_files(files, f"The file {place}", writes, keeps)
    if tables:
        raise WarehouseError(
            f"{place} is a DuckDB file, and stays as it is: --table goes with files.",
            "leave one of the two out, or add the table to the DuckDB file",
        )
    return open_file(place, writes, keeps)


def open_file(place: str | Path, writes: str | None = None, keeps: str | None = None) -> Warehouse:
    """A DuckDB file, read only; attached to a database in memory where one is kept. Raises WarehouseError."""
    name = f"The warehouse {place}"
    try:
        with Path(place).open("rb") as file:
            head = file.read(12)
    except OSError as error:
        raise WarehouseError(f"{place} cannot be read: {reason(error)}.") from None
    if head[8:12] != b"DUCK":
        raise WarehouseError(f"{place} is no DuckDB file.", _what_it_is(head))
    try:
        connection = duckdb.connect(str(place), read_only=True) if keeps is None else _attached(place)
    except duckdb.Error as error:
        said = str(error)
        if "lock" in said.lower():
            holder = re.search(r"\(PID (\d+)\)", said)
            who = f" (process {holder[1]})" if holder else ""
            raise WarehouseError(
                f"{place} is open for writing in another program{who}.",
                "close it there, or copy the file and use the copy",
            ) from None
        raise WarehouseError(
            f"{place} cannot be opened: {first_line(error)}",
            "was it made by a newer DuckDB? `pip install --upgrade duckdb`",
        ) from None
    return Warehouse(_settled(connection, _of_database(str(place), keeps) if keeps else [], writes), name)


def alias_of(place: str | Path) -> str:
    """What a DuckDB file is called where it is attached: as DuckDB itself would call it, but for its own names."""
    stem = Path(place).stem
    return f"{stem} file" if stem.lower() in ("memory", "system", "temp", KEPT) else stem


def _attached(place: str | Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(MEMORY)
    connection.execute(f"ATTACH {literal(os.path.abspath(place))} AS {quoted(alias_of(place))} (READ_ONLY)")
    connection.execute(f"USE {quoted(alias_of(place))}")
    return connection


def _of_database(*places: str | None) -> list[str]:
    """The files that DuckDB writes for databases."""
    ends = ("", ".wal", ".wal.checkpoint", ".wal.recovery")
    return [place + end for place in places if place is not None for end in ends]


def open_files(
    files: Mapping[str, Sequence[str]], name: str, writes: str | None = None, keeps: str | None = None
) -> Warehouse:
    """Parquet and CSV files as the tables of a warehouse in memory, by the tables' names. Raises WarehouseError."""
    connection = duckdb.connect(MEMORY)
    _quieted(connection)
    connection.execute("SET TimeZone = 'UTC'")
    for table, paths in files.items():
        reader = _reader(Path(paths[0]))
        if reader is None:
            raise WarehouseError(
                f"{paths[0]} is neither Parquet nor CSV, by its name.", f"it should end in {', '.join(READERS)}"
            )
        listed = ", ".join(literal(path) for path in paths)
        # A CSV file is read once, whole: a type guessed from its first lines could fail later.
        kind, options = ("TABLE", ", sample_size = -1") if reader == "read_csv" else ("VIEW", "")
        try:
            if "." in table:
                connection.execute(f"CREATE SCHEMA IF NOT EXISTS {dotted(table.rpartition('.')[0])}")
            connection.execute(f"CREATE {kind} {dotted(table)} AS SELECT * FROM {reader}([{listed}]{options})")
        except duckdb.Error as error:
            kind = "CSV" if reader == "read_csv" else "Parquet"
            raise WarehouseError(f"{paths[0]} cannot be read as {kind}: {first_line(error)}") from None
    reads = [*(path for paths in files.values() for path in paths), *_of_database(keeps)]
    return Warehouse(_settled(connection, reads, writes), name)


def open_built(
    path: Path | None, name: str, build: Callable[[duckdb.DuckDBPyConnection], object], writes: str | None = None
) -> Warehouse:
    """A warehouse that a function makes: once, in a DuckDB file at `path`; in memory where that cannot be written."""
    if path is not None:
        with suppress(WarehouseError):
            return Warehouse(open_file(path, writes).connection, name)
        # No room, no right, a file system without locks: memory will do.
        with suppress(OSError, duckdb.IOException, WarehouseError):
            path.parent.mkdir(parents=True, exist_ok=True)
            with replacing(path) as part, duckdb.connect(str(part)) as connection:
                _quieted(connection)
                interruptible(connection.interrupt, partial(build, connection))
            return Warehouse(open_file(path, writes).connection, name)
    connection = duckdb.connect(MEMORY)
    _quieted(connection)
    interruptible(connection.interrupt, partial(build, connection))
    return Warehouse(_settled(connection, [], writes), name)


def _what_is_meant(place: str, path: Path) -> str:
    if shown(place) != place or "@" in place:
        return "a server is named by its URL: postgresql://USER@HOST:PORT/DATABASE"
    near = nearest(path.name, [p.name for p in _inside(path.parent)]) if os.path.exists(path.parent) else []
    return (
        f"did you mean {path.with_name(near[0])}?"
        if near
        else "name a DuckDB file, or a folder of Parquet and CSV files"
    )


def _quieted(connection: duckdb.DuckDBPyConnection) -> None:
    # In a notebook DuckDB's bar is a widget, which may not be there: then nobody knows how far a statement is.
    with suppress(duckdb.InvalidInputException):
        connection.execute(_QUIET)


def _settled(connection: duckdb.DuckDBPyConnection, reads: Sequence[str], writes: str | None) -> DuckDB:
    """UTC, and no files but those that the tables need and the place where the one to write is written."""
    written = (writes, _part_of(writes)) if writes else None
    if connection.execute("SELECT NOT current_setting('enable_external_access')").fetchall()[0][0]:
        return DuckDB(connection, written)  # this process has the file open already, and settled
    given = [*reads, *([str(written[1])] if written else [])]
    paths = {*given, *(os.path.abspath(path) for path in given)}
    _quieted(connection)
    connection.execute("SET TimeZone = 'UTC'")
    if paths:
        listed = ", ".join(literal(path) for path in paths)
        connection.execute(f"SET allowed_paths = [{listed}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return DuckDB(connection, written)


def _part_of(path: str) -> Path:
    try:
        return part_of(path)
    except OSError as error:
        raise WarehouseError(f"{path} cannot be written: {reason(error)}.") from None


def _in_folder(folder: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in _inside(folder):
        if _reader(path) is None:
            continue
        if other := found.get(_stem(path)):
            raise WarehouseError(
                f"{other[0]} and {path} would both be the table {_stem(path)}.",
                "rename one, or name the tables: --warehouse :memory: --table NAME=PATH",
            )
        found[_stem(path)] = [str(path)]
    return found


def _inside(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError as error:
        raise WarehouseError(f"{folder} cannot be read: {reason(error)}.") from None


def _matching(name: str, path: str) -> list[str]:
    found = [path] if os.path.isfile(path) else sorted(glob(path))
    if not found:
        raise WarehouseError(
            f"There is no file {path} for the table {name}.", "--table NAME=PATH, the path of a Parquet or CSV file"
        )
    if Path(found[0]).is_dir():
        raise WarehouseError(
            f"{path} is a folder, and a table needs files.", f"--table {name}='{Path(path) / '*.parquet'}'"
        )
    return found


def _reader(path: Path) -> str | None:
    name = path.name.lower()
    return next((reader for ending, reader in READERS.items() if name.endswith(ending)), None)


def _stem(path: Path) -> str:
    name = path.name
    ending = next(ending for ending in READERS if name.lower().endswith(ending))
    return name[: -len(ending)]


def _what_it_is(head: bytes) -> str:
    if head.startswith(b"PAR1"):
        return "it is a Parquet file: let its name end in .parquet"
    if head.startswith(b"SQLite"):
        return "it is an SQLite file: --warehouse sqlite:///PATH"
    return "name a DuckDB file, a folder of Parquet and CSV files, or such a file"
