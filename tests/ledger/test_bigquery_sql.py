"""What BigQuery's own analyser (ZetaSQL) says of the statements that keep memberships there."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from segql.ledger import log, tables
from segql.ledger.model import Refresh, Refreshed
from segql.warehouse.log_keeping import TURN

from ..engines import BigQuery

pytestmark = [pytest.mark.bigquery, pytest.mark.parametrize("engine", ["bigquery"], indirect=True)]
NOW = datetime(2026, 1, 1, tzinfo=UTC)
TEXT = 'It\'s\r\n"so" \\ `x` ${y}'
SCHEMA = "`shop-1`.`kept`"
KINDS = ("QUERY", "CREATE_TABLE_AS_SELECT", "CREATE_TABLE", "CREATE_VIEW", "CREATE_SCHEMA", "INSERT", "DROP")


@pytest.mark.parametrize("key", ["STRING", "INT64"])
def test_all_statements_are_legal(engine: BigQuery, key: str) -> None:
    """Of a run that is the first, of what is asked beside, and of changes; whatever the type of the key."""
    done = (Refreshed(TEXT, TEXT, "h", "full", 1, 1, 0, "done", TEXT, ""),
            Refreshed("b", "t", "h", "incremental", 1, 1, 0, "done", "", ""))  # fmt: skip
    everybody = "SELECT id FROM people"
    members = "SELECT 'a' AS segment, id FROM people UNION ALL SELECT 'b', id FROM people"
    view = tables.viewed(SCHEMA, {"it_s": TEXT}, "bigquery")
    written = log.statements(SCHEMA, Refresh(1, NOW, NOW, 0.5, done), view, "bigquery")
    written[-1] = written[-1].replace(TURN, "1", 1)
    asked = [
        tables.found("bigquery", members, members), tables.counted(), tables.last(f"{SCHEMA}.runs", "bigquery"),
        tables.newest(f"({log.runs(SCHEMA, log.SHOWN, 'bigquery')})"), tables.names(SCHEMA), tables.looked_at(),
        tables.differing([TEXT], "bigquery"),
        tables.sampled(SCHEMA, everybody, "run 1: ", "00000fff", "bigquery"), tables.unless(SCHEMA, 1, "bigquery"),
        tables.moves(None, [TEXT, "b"], "bigquery"),
        log.moves(SCHEMA, [TEXT, "b"], "bigquery", ["b"], tables.CANDIDATES),
        *(tables.changed(SCHEMA, since, TEXT, "bigquery", first_time=first)
          for since in (1, NOW) for first in (False, True)),
    ]  # fmt: skip
    held = [f"CREATE OR REPLACE TEMP TABLE t AS\nSELECT * FROM (\n{query}\n) AS held" for query in asked[:1]]
    turn = f"CREATE TABLE {SCHEMA}.segql_run_1_1 (turn INT64)"
    for statement in [*written, *asked, *held, turn, f"DROP TABLE IF EXISTS {SCHEMA}.segql_run_1_1"]:
        analysed(engine, statement, key)
    with pytest.raises(RuntimeError, match="Unrecognized name"):
        analysed(engine, f"SELECT nope FROM {SCHEMA}.runs", key)


def analysed(engine: BigQuery, sql: str, key: str) -> None:
    """RuntimeError with what ZetaSQL says of a statement, where keys are of a type."""
    from zetasql.wasi._pb2.zetasql.public import options_pb2
    from zetasql.wasi._pb2.zetasql.resolved_ast import resolved_node_kind_pb2 as kinds

    messages: Any = engine._messages
    request = messages.AnalyzeRequest(sql_statement=sql)
    request.options.CopyFrom(engine._options)
    language = request.options.language_options
    language.supported_statement_kinds.extend(kinds.ResolvedNodeKind.Value(f"RESOLVED_{kind}_STMT") for kind in KINDS)
    for feature in ("CREATE_TABLE_CLUSTER_BY", "CREATE_SCHEMA", "CREATE_SCHEMA_STMT"):
        with_it = [one for one in [*options_pb2.LanguageFeature.keys()] if one.endswith(f"_{feature}")]
        language.enabled_language_features.extend(map(options_pb2.LanguageFeature.Value, with_it))
    request.simple_catalog.CopyFrom(_catalog(key, language))
    engine._ask("Analyze", request, messages.AnalyzeResponse)


def _catalog(key: str, language: Any) -> Any:
    from zetasql.wasi._pb2.zetasql.proto import simple_catalog_pb2
    from zetasql.wasi._pb2.zetasql.public import type_pb2

    catalog = simple_catalog_pb2.SimpleCatalogProto(name="warehouse")
    catalog.builtin_function_options.language_options.CopyFrom(language)
    project = catalog.catalog.add(name="shop-1")
    kept = project.catalog.add(name="kept")
    whole = {name: (type_ or key).format(**TYPES) for name, type_ in log._COLUMNS.items()}
    stay = {"segment": "STRING", "profile": key}
    runs = {"run": "INT64", "segment": "STRING", "text": "STRING", "hash": "STRING", "now": "TIMESTAMP",
            "seen": "TIMESTAMP", "mode": "STRING", "reason": "STRING", "members": "INT64", "entered": "INT64",
            "left": "INT64", "seconds": "DOUBLE", "state": "STRING", "note": "STRING"}  # fmt: skip
    of_session = {"people": {"id": key}, "segql_found": stay, "segql_moves": {**stay, "entered": "BOOL"},
                  "segql_candidates": {"profile": key}, "segql_sample": {"profile": key},
                  "segql_shown": {"write": "STRING"}}  # fmt: skip
    in_schema = {"log": whole, "writes": {"write": "STRING"}, "members": {**stay, "since": "TIMESTAMP"},
                 "history": {**stay, "entered": "TIMESTAMP", "left": "TIMESTAMP"}, "runs": runs}  # fmt: skip
    for owner, those in ((catalog, of_session), (kept, in_schema)):
        for name, columns in those.items():
            table = owner.table.add(name=name)
            for column, type_ in columns.items():
                kind = type_pb2.TypeKind.Value(f"TYPE_{'BOOL' if type_ == 'BOOLEAN' else type_}")
                table.column.add(name=column).type.type_kind = kind
    return catalog


TYPES = {"name": "STRING", "text": "STRING", "time": "TIMESTAMP", "whole": "INT64", "floating": "DOUBLE"}
