"""A server that speaks Databricks' protocol (Thrift over HTTP, Arrow results), as far as one client's queries need it.
DuckDB answers them.

It tests the wire: sessions, statements, pages, types, errors. What the SQL means is not asked here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import Any

import duckdb

from .stand_in import Reply, Request, Tables

TYPES = {
    "VARCHAR": "string", "INTEGER": "int", "BIGINT": "bigint", "DOUBLE": "double", "BOOLEAN": "boolean", "DATE": "date",
    "TIMESTAMP": "timestamp_ntz", "TIMESTAMP WITH TIME ZONE": "timestamp", "VARCHAR[]": "array<string>",
}  # fmt: skip
ERRORS: dict[type[duckdb.Error], str] = {
    duckdb.CatalogException: "[TABLE_OR_VIEW_NOT_FOUND] No such table: {}. SQLSTATE: 42P01; line 1 pos 14",
    duckdb.BinderException: "[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column cannot be resolved: {}. SQLSTATE: 42703",
    duckdb.ConversionException: "[CAST_INVALID_INPUT] The value cannot be cast: {}. SQLSTATE: 22018",
}  # fmt: skip
PAGE = 2


@dataclass
class Service:
    """What the server knows, and what it was asked: a handler of Thrift's calls."""

    tables: Tables = field(default_factory=lambda: Tables("databricks"))
    status: int = 200
    slow: tuple[str, ...] = ()
    """Parts of queries that never end."""
    errors: dict[str, str] = field(default_factory=dict)
    """What is said of a query with such a part."""
    asked: list[Request] = field(default_factory=list)
    sessions: list[dict[str, Any]] = field(default_factory=list)
    queries: list[str] = field(default_factory=list)
    cancelled: list[bytes] = field(default_factory=list)
    _results: dict[bytes, Any] = field(default_factory=dict)
    _names: Any = field(default_factory=lambda: count(1))

    def __call__(self, request: Request) -> Reply:
        from databricks.sql.thrift_api.TCLIService import TCLIService
        from thrift.protocol.TBinaryProtocol import TBinaryProtocol
        from thrift.transport.TTransport import TMemoryBuffer

        self.asked.append(request)
        if self.status != 200:
            return Reply(self.status, "text/plain", b"Go away")
        sent = TMemoryBuffer()
        TCLIService.Processor(self).process(TBinaryProtocol(TMemoryBuffer(request.body)), TBinaryProtocol(sent))
        return Reply(200, "application/x-thrift", sent.getvalue())

    def _name(self) -> Any:
        from databricks.sql.thrift_api.TCLIService import ttypes as t

        return t.THandleIdentifier(guid=next(self._names).to_bytes(16, "big"), secret=b"s" * 16)

    def OpenSession(self, request: Any) -> Any:
        from databricks.sql.thrift_api.TCLIService import ttypes as t

        space = request.initialNamespace
        self.sessions.append(dict(request.configuration, catalog=space and space.catalogName))
        return t.TOpenSessionResp(
            status=_ok(), serverProtocolVersion=t.TProtocolVersion.SPARK_CLI_SERVICE_PROTOCOL_V7,
            sessionHandle=t.TSessionHandle(sessionId=self._name()), initialNamespace=space, canUseMultipleCatalogs=True,
        )  # fmt: skip

    def CloseSession(self, request: Any) -> Any:
        from databricks.sql.thrift_api.TCLIService import ttypes as t

        return t.TCloseSessionResp(status=_ok())

    def ExecuteStatement(self, request: Any) -> Any:
        from databricks.sql.thrift_api.TCLIService import ttypes as t

        sql, name = request.statement, self._name()
        self.queries.append(sql)
        handle = t.TOperationHandle(
            operationId=name, operationType=t.TOperationType.EXECUTE_STATEMENT, hasResultSet=True
        )
        begun = t.TExecuteStatementResp(status=_ok(), operationHandle=handle)
        if any(part in sql for part in self.slow):
            begun.directResults = t.TSparkDirectResults(operationStatus=self.GetOperationStatus(None))
            return begun
        said = next((said for part, said in self.errors.items() if part in sql), None)
        try:
            self._results[name.guid] = None if said else [self._rows(sql), 0]
        except duckdb.Error as error:
            said = ERRORS[type(error)].format(str(error).split("\n", 1)[0])
        if said is not None:
            state = t.TGetOperationStatusResp(
                status=_ok(), operationState=t.TOperationState.ERROR_STATE, displayMessage=said, errorMessage=said
            )
            begun.directResults = t.TSparkDirectResults(operationStatus=state)
            return begun
        done = t.TGetOperationStatusResp(status=_ok(), operationState=t.TOperationState.FINISHED_STATE)
        begun.directResults = t.TSparkDirectResults(
            operationStatus=done, resultSetMetadata=self._metadata(name.guid), resultSet=self._fetched(name.guid)
        )
        return begun

    def _rows(self, sql: str) -> Any:
        import pyarrow as pa

        if sql.startswith("DESCRIBE QUERY"):
            columns = self.tables.described(sql.removeprefix("DESCRIBE QUERY"))
            types = [type_.lower() if type_.startswith("DECIMAL") else TYPES[type_] for _, type_ in columns]
            return pa.table(
                {"col_name": [name for name, _ in columns], "data_type": types, "comment": [""] * len(types)}
            )
        if sql.startswith("EXPLAIN"):
            return pa.table({"plan": ["== Physical Plan ==\nLocalTableScan\n"]})
        return self.tables.arrow(sql)

    def _metadata(self, name: bytes) -> Any:
        from databricks.sql.thrift_api.TCLIService import ttypes as t

        schema = self._results[name][0].schema
        entry = t.TTypeDesc(types=[t.TTypeEntry(primitiveEntry=t.TPrimitiveTypeEntry(type=t.TTypeId.STRING_TYPE))])
        columns = [t.TColumnDesc(columnName=one, typeDesc=entry, position=at) for at, one in enumerate(schema.names)]
        return t.TGetResultSetMetadataResp(
            status=_ok(), schema=t.TTableSchema(columns=columns), resultFormat=t.TSparkRowSetType.ARROW_BASED_SET,
            lz4Compressed=False, arrowSchema=schema.serialize().to_pybytes(), isStagingOperation=False,
        )  # fmt: skip

    def _fetched(self, name: bytes) -> Any:
        from databricks.sql.thrift_api.TCLIService import ttypes as t

        table, start = self._results[name]
        self._results[name][1] = start + PAGE
        page = table.slice(start, PAGE).combine_chunks()
        batches = [t.TSparkArrowBatch(one.serialize().to_pybytes(), one.num_rows) for one in page.to_batches()]
        rows = t.TRowSet(startRowOffset=start, rows=[], arrowBatches=batches)
        return t.TFetchResultsResp(status=_ok(), hasMoreRows=start + PAGE < table.num_rows, results=rows)

    def FetchResults(self, request: Any) -> Any:
        name = request.operationHandle.operationId.guid
        found = self._fetched(name)
        found.resultSetMetadata = self._metadata(name)
        return found

    def GetOperationStatus(self, request: Any) -> Any:
        from databricks.sql.thrift_api.TCLIService import ttypes as t

        stopped = request is not None and request.operationHandle.operationId.guid in self.cancelled
        state = t.TOperationState.CANCELED_STATE if stopped else t.TOperationState.RUNNING_STATE
        return t.TGetOperationStatusResp(status=_ok(), operationState=state)

    def CancelOperation(self, request: Any) -> Any:
        from databricks.sql.thrift_api.TCLIService import ttypes as t

        self.cancelled.append(request.operationHandle.operationId.guid)
        return t.TCancelOperationResp(status=_ok())

    def CloseOperation(self, request: Any) -> Any:
        from databricks.sql.thrift_api.TCLIService import ttypes as t

        return t.TCloseOperationResp(status=_ok())


def _ok() -> Any:
    from databricks.sql.thrift_api.TCLIService import ttypes as t

    return t.TStatus(statusCode=t.TStatusCode.SUCCESS_STATUS)
