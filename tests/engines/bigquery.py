"""BigQuery, as far as ZetaSQL is BigQuery: the same types, functions and rules of SQL, with a simple executor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from segql.evaluator import Key, Shop

from ..worlds.shop_tables import TABLES, raw
from .zetasql import ZetaSQL

KINDS = {
    "text": "STRING", "json": "JSON", "integer": "INT64", "smallint": "INT64", "bigint": "INT64",
    "double precision": "DOUBLE", "boolean": "BOOL", "date": "DATE", "instant": "TIMESTAMP", "wall": "DATETIME",
}  # fmt: skip
"""Of the types of `TABLES`; decimals are NUMERIC, lists are arrays."""

FEATURES = (
    "ANALYTIC_FUNCTIONS", "NUMERIC_TYPE", "BIGNUMERIC_TYPE", "JSON_TYPE", "V_1_2_CIVIL_TIME", "INTERVAL_TYPE",
    "DISALLOW_GROUP_BY_FLOAT", "V_1_1_WITH_ON_SUBQUERY", "V_1_1_ORDER_BY_IN_AGGREGATE", "V_1_1_LIMIT_IN_AGGREGATE",
    "V_1_1_NULL_HANDLING_MODIFIER_IN_AGGREGATE", "V_1_1_NULL_HANDLING_MODIFIER_IN_ANALYTIC",
    "V_1_2_SAFE_FUNCTION_CALL", "V_1_2_WEEK_WITH_WEEKDAY", "V_1_3_DATE_TIME_CONSTRUCTORS", "V_1_3_DATE_ARITHMETICS",
    "V_1_3_EXTENDED_DATE_TIME_SIGNATURES", "V_1_3_ADDITIONAL_STRING_FUNCTIONS", "V_1_3_IS_DISTINCT", "V_1_3_QUALIFY",
    "JSON_ARRAY_FUNCTIONS", "JSON_VALUE_EXTRACTION_FUNCTIONS",
)  # fmt: skip
"""What BigQuery has of what ZetaSQL could do, and SegQL may need."""


class BigQuery:
    dialect = "bigquery"

    def __init__(self) -> None:
        # Imported here: whoever runs another engine needs no ZetaSQL.
        from zetasql.wasi._pb2.zetasql.local_service import local_service_pb2 as messages
        from zetasql.wasi._pb2.zetasql.proto import options_pb2 as options
        from zetasql.wasi._pb2.zetasql.public import options_pb2

        self._service, self._messages = ZetaSQL(), messages
        language = options.LanguageOptionsProto(product_mode=options_pb2.PRODUCT_EXTERNAL)
        language.enabled_language_features.extend(
            options_pb2.LanguageFeature.Value(f"FEATURE_{name}") for name in FEATURES
        )
        # The session's zone is one that no test speaks of: nothing may depend on it.
        self._options = options.AnalyzerOptionsProto(
            language_options=language, default_timezone="Asia/Kathmandu", prune_unused_columns=True
        )
        self._language = language
        self._catalog = _catalog(language)
        self._registered: int | None = None
        self._loaded: Shop | None = None

    def load(self, shop: Shop) -> None:
        if shop is self._loaded:
            return
        if self._registered is not None:
            self._ask("UnregisterCatalog", self._messages.UnregisterRequest(registered_id=self._registered))
        request = self._messages.RegisterCatalogRequest(simple_catalog=self._catalog)
        tables = raw(shop)
        for name, columns in TABLES.items():
            content = request.table_content[name].table_data
            content.SetInParent()  # also of a table without rows
            for row in tables.get(name, ()):
                cells = content.row.add().cell.add().struct_value.field
                for value, type_ in zip(row, columns.values(), strict=True):
                    self._write(cells.add(), value, type_)
        self._registered = self._ask("RegisterCatalog", request, self._messages.RegisterResponse).registered_id
        self._loaded = shop

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of texts."""
        # ZetaSQL fills only tables that are in no dataset: here the dot is part of the name.
        sql = sql.replace(" shop.orders ", " `shop.orders` ")
        request = self._messages.EvaluateQueryRequest(
            sql=sql, options=self._options, registered_catalog_id=self._registered
        )
        found = self._ask("EvaluateQuery", request, self._messages.EvaluateQueryResponse)
        return [
            tuple(cell.string_value if cell.HasField("string_value") else None for cell in row.cell)
            for row in found.content.table_data.row
        ]

    def evaluated(
        self, sql: str, tables: Mapping[str, tuple[Mapping[str, Any], Sequence[Sequence[Any]]]]
    ) -> tuple[dict[str, Any], list[list[Any]]]:
        """The columns of a query with their types, and its rows; over tables that are given in the same way."""
        request = self._messages.EvaluateQueryRequest(sql=sql, options=self._options)
        request.simple_catalog.CopyFrom(
            _of_tables({name: columns for name, (columns, _) in tables.items()}, self._language)
        )
        for name, (_, rows) in tables.items():
            content = request.table_content[name].table_data
            content.SetInParent()
            for row in rows:
                content.row.add().cell.add().struct_value.field.extend(row)
        found = self._ask("EvaluateQuery", request, self._messages.EvaluateQueryResponse)
        named = enumerate(found.prepared.columns)
        columns = {
            f"f{place}_" if one.name.startswith("$") or not one.name else one.name: one.type for place, one in named
        }
        return columns, [[*row.cell] for row in found.content.table_data.row]

    def value(self, value: Any, type_: str) -> Any:
        """A value of a column of a type."""
        from zetasql.wasi._pb2.zetasql.public import value_pb2

        made = value_pb2.ValueProto()
        self._write(made, value, type_)
        return made

    def members(self, sql: str) -> set[Key]:
        keys = [key for (key,) in self.rows(sql)]
        assert len(keys) == len(set(keys)), f"keys come twice:\n{sql}"
        return set(keys)

    def _ask(self, method: str, request: Any, answer: Any = None) -> Any:
        from google.protobuf import empty_pb2

        return self._service.ask(method, request, answer or empty_pb2.Empty)

    def _write(self, cell: Any, value: Any, type_: str) -> None:
        """The value into a cell; an empty cell is NULL."""
        match value:
            case None:
                pass
            case bool():
                cell.bool_value = value
            case tuple() | list():
                cell.array_value.SetInParent()
                for one in value:
                    self._write(cell.array_value.element.add(), one, type_.removeprefix("list of "))
            case datetime():
                if value.tzinfo is None:
                    cell.datetime_value.bit_field_datetime_seconds = _bits(value)
                    cell.datetime_value.nanos = value.microsecond * 1000
                else:
                    cell.timestamp_value.FromDatetime(value.astimezone(UTC))
            case date():
                cell.date_value = (value - date(1970, 1, 1)).days
            case int() | float() | Decimal() if type_.startswith("decimal"):
                billionths = int(Decimal(value).scaleb(9))
                cell.numeric_value = billionths.to_bytes(billionths.bit_length() // 8 + 1, "little", signed=True)
            case int() | float() | Decimal() if type_ == "double precision":
                cell.double_value = value
            case int() | Decimal():
                cell.int64_value = int(value)
            case str() if type_ == "json":
                cell.json_value = value
            case str():
                cell.string_value = value
            case _:
                raise TypeError(f"{value!r} in a column of {type_}")


def _bits(wall: datetime) -> int:
    bits = 0
    for part, width in (
        (wall.year, 14), (wall.month, 4), (wall.day, 5), (wall.hour, 5), (wall.minute, 6), (wall.second, 6)
    ):  # fmt: skip
        bits = bits << width | part
    return bits


def _catalog(language: Any) -> Any:
    named = {name: {column: type_of(type_) for column, type_ in columns.items()} for name, columns in TABLES.items()}
    return _of_tables(named, language)


def _of_tables(tables: Mapping[str, Mapping[str, Any]], language: Any) -> Any:
    """A catalog of tables. Each has one column, a struct whose fields are what SQL sees as columns: ZetaSQL takes a
    millisecond for every column of a table in a query, needed or not.
    """
    from zetasql.wasi._pb2.zetasql.proto import simple_catalog_pb2
    from zetasql.wasi._pb2.zetasql.public import type_pb2

    catalog = simple_catalog_pb2.SimpleCatalogProto(name="warehouse")
    catalog.builtin_function_options.language_options.CopyFrom(language)
    for name, columns in tables.items():
        row = type_pb2.TypeProto(type_kind=type_pb2.TYPE_STRUCT)
        for column, type_ in columns.items():
            row.struct_type.field.add(field_name=column).field_type.CopyFrom(type_)
        catalog.table.add(name=name, is_value_table=True).column.add(name="row").type.CopyFrom(row)
    return catalog


def type_of(name: str) -> Any:
    """A type of `TABLES` as ZetaSQL says it."""
    from zetasql.wasi._pb2.zetasql.public import type_pb2

    if name.startswith("list of "):
        made = type_pb2.TypeProto(type_kind=type_pb2.TYPE_ARRAY)
        made.array_type.element_type.CopyFrom(type_of(name.removeprefix("list of ")))
        return made
    kind = "NUMERIC" if name.startswith("decimal") else KINDS[name]
    return type_pb2.TypeProto(type_kind=type_pb2.TypeKind.Value(f"TYPE_{kind}"))
