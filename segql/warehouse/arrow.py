"""Arrow results as rows, and as a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .faults import writing

if TYPE_CHECKING:
    import pyarrow


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


def write_parquet(reader: pyarrow.RecordBatchReader, path: str) -> None:
    """Write the rows of a reader to a Parquet file as they come."""
    from pyarrow import parquet

    _write(reader, path, parquet.ParquetWriter)


def write_arrow(reader: pyarrow.RecordBatchReader, path: str) -> None:
    """Write the rows of a reader to a file of Arrow's own format as they come."""
    from pyarrow import ipc

    _write(reader, path, ipc.new_file)


def _write(reader: pyarrow.RecordBatchReader, path: str, opened: Callable[[Path, pyarrow.Schema], Any]) -> None:
    import pyarrow as pa

    # Types that only their driver knows are stored as what they are made of.
    fields = [column.with_type(getattr(column.type, "storage_type", column.type)) for column in reader.schema]
    schema = pa.schema([column.remove_metadata() for column in fields])
    with writing(path) as part, opened(part, schema) as file:
        for batch in reader:
            arrays = [getattr(array, "storage", array) for array in batch.columns]
            file.write_batch(pa.RecordBatch.from_arrays(arrays, schema=schema))
