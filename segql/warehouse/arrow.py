"""Arrow results as rows, and as a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .faults import writing

if TYPE_CHECKING:
    import pyarrow


_ROWS = 50_000


def batches(reader: pyarrow.RecordBatchReader) -> Iterator[Sequence[tuple[Any, ...]]]:
    """The rows of a reader as Python values."""
    for batch in reader:
        yield list(zip(*(column.to_pylist() for column in batch.columns), strict=True))


def texted(reader: pyarrow.RecordBatchReader) -> pyarrow.RecordBatchReader:
    """The reader with text for UUIDs."""
    import pyarrow as pa

    found = [place for place, column in enumerate(reader.schema) if "uuid" in str(column.type)]
    schema = reader.schema
    for place in found:
        schema = schema.set(place, schema.field(place).with_type(pa.string()))

    def read() -> Iterator[pyarrow.RecordBatch]:
        for batch in reader:
            columns = list(batch.columns)
            for place in found:
                values = (None if value is None else str(value) for value in columns[place].to_pylist())
                columns[place] = pa.array(values, pa.string())
            yield pa.RecordBatch.from_arrays(columns, schema=schema)

    return pa.RecordBatchReader.from_batches(schema, read()) if found else reader


def array(column: Sequence[Any], type_: Any) -> Any:
    """Values as Arrow; of a type that is no type of Arrow's, as a map, their text."""
    import pyarrow as pa

    if type_ == pa.string():
        column = [value if value is None or isinstance(value, str) else str(value) for value in column]
    return pa.array(column, type_)


def write_parquet(reader: pyarrow.RecordBatchReader, path: str) -> None:
    """Write the rows of a reader to a Parquet file as they come."""
    from pyarrow import parquet

    _write(reader, path, parquet.ParquetWriter)


def write_arrow(reader: pyarrow.RecordBatchReader, path: str) -> None:
    """Write the rows of a reader to a file of Arrow's own format as they come."""
    from pyarrow import ipc

    _write(reader, path, ipc.new_file)


def write_rows(names: Sequence[str], types: Sequence[str], rows: Iterable[Sequence[Any]], path: str, how: str) -> None:
    """Write rows of Python values to a file, `how` being `parquet` or `arrow`; `types` are those of a catalog, and
    `integer` and `text` of a key. Numbers are decimals.
    """
    import pyarrow as pa

    number, text = pa.decimal128(38, 9), pa.string()
    known = {
        "text": text, "month-day": text, "boolean": pa.bool_(), "date": pa.date32(), "time": pa.timestamp("us", "UTC"),
        "number": number, "money": number, "integer": pa.int64(), "position": pa.list_(number),
        "list of text": pa.list_(text), "list of number": pa.list_(number),
    }  # fmt: skip
    schema = pa.schema([pa.field(name, known[type_]) for name, type_ in zip(names, types, strict=True)])

    def read() -> Iterator[pyarrow.RecordBatch]:
        every = iter(rows)
        while some := list(islice(every, _ROWS)):
            columns = [pa.array(column, one.type) for column, one in zip(zip(*some, strict=True), schema, strict=True)]
            yield pa.RecordBatch.from_arrays(columns, schema=schema)

    reader = pa.RecordBatchReader.from_batches(schema, read())
    (write_parquet if how == "parquet" else write_arrow)(reader, path)


def _write(reader: pyarrow.RecordBatchReader, path: str, opened: Callable[[Path, pyarrow.Schema], Any]) -> None:
    import pyarrow as pa

    # Types that only their driver knows are stored as what they are made of.
    fields = [column.with_type(getattr(column.type, "storage_type", column.type)) for column in reader.schema]
    schema = pa.schema([column.remove_metadata() for column in fields])
    with writing(path) as part, opened(part, schema) as file:
        for batch in reader:
            arrays = [getattr(array, "storage", array) for array in batch.columns]
            file.write_batch(pa.RecordBatch.from_arrays(arrays, schema=schema))
