"""BigQuery as a warehouse's connection, over Google's client: each query is measured before it runs."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import field
from typing import TYPE_CHECKING, Any

from ..plain import dataclass
from .arrow import write_parquet
from .connection import BATCH, Answer, Row, Warehouse
from .faults import TOO_LARGE, WarehouseError, misfit, missing, too_long, unfit
from .layout import Layout, Partitioned
from .types import ColumnType, column_type
from .urls import shown

if TYPE_CHECKING:
    import pyarrow

_PLACE = re.compile(r"bigquery://([\w.:-]+)(?:/([\w-]*)/?)?(?:\?location=([\w-]+))?", re.IGNORECASE)


def open_bigquery(
    url: str, seconds: int = 600, max_bytes: int | None = None, reads: Callable[[int], None] | None = None
) -> Warehouse:
    """The warehouse `bigquery://PROJECT/DATASET?location=EU`, with Google's default credentials.

    A query ends after so many seconds (0: never), and does not begin when it would be billed for more than `max_bytes`.
    `reads` hears how many bytes each will read. Raises WarehouseError.
    """
    found, name = _PLACE.fullmatch(url), f"The warehouse {shown(url.partition('?')[0])}"
    if found is None:
        raise WarehouseError(f"{shown(url)} is no name of a warehouse.", "bigquery://PROJECT/DATASET?location=EU")
    project, dataset, location = found.groups()
    try:
        from google.auth.credentials import AnonymousCredentials
        from google.auth.exceptions import GoogleAuthError
        from google.cloud import bigquery
    except ImportError:
        raise missing(name, "bigquery") from None
    try:
        # An emulator, which Google's client finds by this variable, knows nobody.
        nobody = AnonymousCredentials() if os.environ.get("BIGQUERY_EMULATOR_HOST") else None
        client = bigquery.Client(project=project, location=location, credentials=nobody)
    except (GoogleAuthError, OSError) as error:
        raise WarehouseError(
            f"{name} cannot be opened: {str(error).split('. ', 1)[0]}.", "gcloud auth application-default login"
        ) from None
    return Warehouse(BigQuery(client, dataset or None, seconds, max_bytes, reads), name)


@dataclass(frozen=True, slots=True)
class BigQuery:
    """A `google.cloud.bigquery.Client`, and the dataset of bare table names."""

    client: Any
    dataset: str | None = None
    seconds: int = 600
    max_bytes: int | None = None
    reads: Callable[[int], None] | None = None
    dialect: str = "bigquery"
    one_thread: bool = False
    billed: bool = True
    reconnects: bool = True
    writes_named: bool = False
    _jobs: list[Any] = field(default_factory=list)
    """The job that runs."""
    _session: list[str] = field(default_factory=list)
    """The session whose temporary tables are used, where there is one."""

    def run(self, sql: str) -> Answer:
        rows = self._result(sql)
        return Answer(tuple(column.name for column in rows.schema), _batches(rows))

    def arrow(self, sql: str) -> pyarrow.RecordBatchReader:
        return self._result(sql).to_arrow().to_reader()

    def do(self, sql: str) -> None:
        """A statement in a session, for tables that are kept. It is not measured before."""
        begins = {} if self._session else {"create_session": True}
        job = self.client.query(sql, job_config=self._config(**begins))
        self._jobs[:] = [job]
        job.result()
        if begins:
            self._session.append(job.session_info.session_id)

    def _result(self, sql: str) -> Any:
        if self._session:  # where its tables are, and the statements are those of `ledger`
            job = self.client.query(sql, job_config=self._config())
            self._jobs[:] = [job]
            return job.result(page_size=BATCH)
        measured = self._measured(sql)
        if measured.statement_type not in (None, "SELECT"):
            raise WarehouseError(f"SegQL only reads, and this is a statement {measured.statement_type}.")
        if self.reads is not None:
            self.reads(measured.total_bytes_processed or 0)
        job = self.client.query(sql, job_config=self._config())
        self._jobs[:] = [job]
        return job.result(page_size=BATCH)

    def _measured(self, sql: str) -> Any:
        """A dry run: what the query would read, and its columns."""
        return self.client.query(sql, job_config=self._config(dry_run=True, use_query_cache=False))

    def _config(self, **more: Any) -> Any:
        from google.cloud import bigquery

        config = bigquery.QueryJobConfig(**more)
        if self._session:
            config.connection_properties = [bigquery.ConnectionProperty("session_id", self._session[0])]
        if self.dataset is not None:
            config.default_dataset = bigquery.DatasetReference(self.client.project, self.dataset)
        if self.max_bytes is not None and not config.dry_run:
            config.maximum_bytes_billed = self.max_bytes
        if self.seconds:
            config.job_timeout_ms = self.seconds * 1000
        return config

    def write_parquet(self, sql: str, path: str) -> None:
        write_parquet(self.arrow(sql), path)

    def columns(self, sql: str) -> Sequence[tuple[str, ColumnType]]:
        return [
            (
                column.name,
                column_type(
                    f"ARRAY<{column.field_type}>" if column.mode == "REPEATED" else column.field_type, self.dialect
                ),
            )
            for column in self._measured(sql).schema
        ]

    def tables(self) -> Sequence[str]:
        if self.dataset is not None:
            return [table.table_id for table in self.client.list_tables(self.dataset)]
        datasets = [dataset.dataset_id for dataset in self.client.list_datasets()]
        return [f"{dataset}.{table.table_id}" for dataset in datasets for table in self.client.list_tables(dataset)]

    def preview(self, table: str, rows: int) -> list[Row] | None:
        """By `tabledata.list`, which costs nothing."""
        found = self._table(table)
        if found.table_type != "TABLE":
            return None
        return [row.values() for row in self.client.list_rows(found, max_results=rows)]

    def _table(self, name: str) -> Any:
        return self.client.get_table(name if "." in name else f"{self.dataset}.{name}")

    def layout(self, table: str) -> Layout | None:
        found = self._table(table)
        if found.table_type != "TABLE":
            return None
        by = found.time_partitioning and (found.time_partitioning.field or "_PARTITIONTIME")
        return Partitioned(found.num_rows or 0, by, tuple(found.clustering_fields or ()))

    def explain(self, sql: str) -> str:
        """BigQuery plans while it runs; before that it says how much it reads."""
        return f"reads {sized(self.size(sql))}"

    def size(self, sql: str) -> int:
        """How many bytes a query would read."""
        return int(self._measured(sql).total_bytes_processed or 0)

    def cancel(self) -> None:
        for job in self._jobs:
            job.cancel()

    def translated(self, error: Exception, name: str) -> WarehouseError | None:
        from google.api_core.exceptions import GoogleAPIError, NotFound
        from google.auth.exceptions import GoogleAuthError

        if not isinstance(error, GoogleAPIError | GoogleAuthError):
            return None
        reasons = {each.get("reason") for each in getattr(error, "errors", ()) if isinstance(each, dict)}
        said = _said(error)
        if "timeout" in reasons or "Job timed out" in said:
            return too_long(name, self.seconds)
        if "bytesBilledLimitExceeded" in reasons:
            return WarehouseError(f"{name} would read more than --max-bytes allows: {said}", "--max-bytes N")
        if isinstance(error, NotFound) or "invalidQuery" in reasons:
            bad_value = said.startswith(("Bad ", "Could not cast", "Invalid")) or TOO_LARGE.search(said)
            return misfit(name, said) if bad_value else unfit(name, said)
        return WarehouseError(f"{name} cannot answer: {said}")

    def close(self) -> None:
        if self._session:
            with suppress(Exception):  # else it ends by itself after a day
                self.do("CALL BQ.ABORT_SESSION()")
        self.client.close()


def sized(size: int) -> str:
    """`512 bytes`, `1.3 GB`."""
    units = ("bytes", "kB", "MB", "GB", "TB", "PB")
    power = min((len(str(size)) - 1) // 3, len(units) - 1)
    return f"{size:,} bytes" if power == 0 else f"{size / 1000**power:.1f} {units[power]}"


def _batches(rows: Any) -> Iterator[Sequence[Row]]:
    for page in rows.pages:
        yield [row.values() for row in page]


def _said(error: Exception) -> str:
    """What the service says, without the request that it answers."""
    said = str(getattr(error, "message", None) or error).strip().split("\n", 1)[0]
    return re.sub(r"^(GET|POST) https?://\S+ ", "", said)
