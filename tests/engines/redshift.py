"""Postgres that stands in for Redshift: with the functions that Redshift has and Postgres has not."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Any

from .postgres import TYPES, Postgres

FUNCTIONS = """
CREATE FUNCTION dateadd(part text, count bigint, wall timestamp) RETURNS timestamp IMMUTABLE LANGUAGE sql
  AS $$ SELECT wall + count * CAST('1 ' || part AS interval) $$;
CREATE FUNCTION datediff(part text, start timestamp, until timestamp) RETURNS bigint IMMUTABLE LANGUAGE sql
  AS $$ SELECT CASE lower(part)
    WHEN 'day' THEN CAST(until AS date) - CAST(start AS date)
    WHEN 'microsecond' THEN CAST(EXTRACT(epoch FROM until - start) * 1000000 AS bigint)
  END $$;
CREATE FUNCTION json_extract_path_text(document text, VARIADIC path text[]) RETURNS text IMMUTABLE LANGUAGE sql
  AS $$ SELECT CAST(document AS jsonb) #>> path $$;
CREATE FUNCTION tried(value text, type text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS $$
  BEGIN
    EXECUTE format('SELECT CAST(CAST(%L AS %s) AS text)', value, type) INTO value;
    RETURN nullif(value, 'NaN');
  EXCEPTION WHEN data_exception THEN RETURN NULL;
  END $$;
"""
"""`tried` is what TRY_CAST calls; Redshift has it in its grammar."""


class Redshift(Postgres):
    dialect = "redshift"
    types = MappingProxyType({**TYPES, "json": "text"})

    def __init__(self) -> None:
        super().__init__()
        self._connection.execute(FUNCTIONS)
        # A backslash in a text is an escape there.
        self._connection.execute("SET standard_conforming_strings = off; SET escape_string_warning = off")
        self._connection.commit()

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return super().rows(translated(sql))


def translated(sql: str) -> str:
    """Parts of dates as texts; TRY_CAST as a call. Texts and comments hold neither, in the cases."""
    sql = re.sub(r"(DATE(?:ADD|DIFF)\(\s*)(\w+)", r"\1'\2'", sql)
    while (at := sql.rfind("TRY_CAST(")) >= 0:  # the innermost is among the last
        end = _closing(sql, at + len("TRY_CAST("))
        value, _, type_ = sql[at + len("TRY_CAST(") : end].rpartition(" AS ")
        sql = f"{sql[:at]}CAST(tried(CAST({value} AS TEXT), '{type_}') AS {type_}){sql[end + 1 :]}"
    return sql


def _closing(sql: str, start: int) -> int:
    """The place of the parenthesis that ends what begins there."""
    depth, quoted = 1, False
    for place in range(start, len(sql)):
        char = sql[place]
        quoted ^= char == "'"
        if not quoted:
            depth += (char == "(") - (char == ")")
        if depth == 0:
            return place
    raise ValueError(sql)
