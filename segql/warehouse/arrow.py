"""Arrow results as rows, and as a Parquet file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow

    from .connection import Row


def batches(reader: pyarrow.RecordBatchReader) -> Iterator[Sequence[Row]]:
    """The rows of a reader as Python values."""
    for batch in reader:
        yield list(zip(*(column.to_pylist() for column in batch.columns), strict=True))


def write_parquet(reader: pyarrow.RecordBatchReader, path: str) -> None:
    """Write the rows of a reader to a file as they come."""
    import pyarrow as pa
    from pyarrow import parquet

    from .connection import writing

    # Types that only their driver knows are stored as what they are made of.
    fields = [column.with_type(getattr(column.type, "storage_type", column.type)) for column in reader.schema]
    schema = pa.schema([column.remove_metadata() for column in fields])
    with writing(path) as part, parquet.ParquetWriter(part, schema) as file:
        for batch in reader:
            arrays = [getattr(array, "storage", array) for array in batch.columns]
            file.write_batch(pa.RecordBatch.from_arrays(arrays, schema=schema))
