"""DuckDB."""

from __future__ import annotations

from decimal import Decimal

from sqlglot import exp

from . import elements
from .model import Dialect
from .rewriting import call, is_utc, replaced, zoned


def _rewrite(node: exp.Expr) -> exp.Expr:
    match node:
        # Some fifteen times as slow as REPLACE for each letter, which bind parameters would tell.
        case exp.Translate(this=_) if isinstance(node.args["from_"], exp.Literal):
            return replaced(node)
        case exp.UnixMicros(this=exp.AtTimeZone(this=wall) as instant) if is_utc(instant.args["zone"]):
            # A wall-clock time in UTC gives the same number, without the slow way by an instant.
            return exp.UnixMicros(this=wall)
        case exp.Add(this=exp.Paren(this=exp.AtTimeZone(this=instant) as at)) if is_utc(at.args["zone"]):
            # The wall-clock time in UTC, without the slow way by a zone.
            micros = exp.UnixMicros(this=instant)
            node.set("this", exp.UnixToTime(this=micros, scale=exp.UnixToTime.MICROS.copy()))
            return node
        case exp.FromTimeZone(this=wall) if is_utc(node.args["zone"]) and not isinstance(node.parent, exp.UnixMicros):
            return _of_utc(node, wall.unnest())
        case exp.AtTimeZone(this=exp.Paren(this=exp.Anonymous() as instant)):
            node.set("this", instant)
            return node
        case exp.JSONExtractScalar(this=document, expression=exp.JSONPath() as path) if node.args.get("scalar_only"):
            value = call("JSON_VALUE", document, exp.Literal.string(path.sql("duckdb").strip("'")))
            return exp.JSONExtractScalar(this=value, expression=exp.JSONPath(expressions=[exp.JSONPathRoot()]))
        case exp.TryCast(this=text, to=exp.DataType(this=exp.DType.TIMESTAMPTZ)):
            # Before DuckDB 2 an offset is not read where no seconds stand before it.
            whole = call("REGEXP_REPLACE", text, *map(exp.Literal.string, ("^(.{16})([Z+-])", r"\1:00\2")))
            return exp.TryCast(this=whole, to=node.to)
        case exp.Lambda() if "colon" in exp.Lambda.arg_types:
            node.set("colon", True)  # older sqlglots write an arrow otherwise, which DuckDB gives up
            return node
        case _:
            return zoned(node)


def _of_utc(node: exp.FromTimeZone, wall: exp.Expr) -> exp.Expr:
    """The instant of a wall-clock time in UTC; not by way of a zone, which costs nearly as much as another zone's."""
    if isinstance(wall, exp.UnixToTime):
        return call("MAKE_TIMESTAMPTZ", wall.this)
    above = node.parent.parent if isinstance(node.parent, exp.Paren) else node.parent
    # An infinite time is missing then, as is any local time of it.
    return call("MAKE_TIMESTAMPTZ", exp.UnixMicros(this=wall)) if isinstance(above, exp.AtTimeZone) else zoned(node)


DUCKDB = Dialect(
    "duckdb",
    proof="executed",
    engine="columns",
    materialized=True,
    repeated_hour="later",
    known_offsets=True,
    slow_clocks=True,
    infinite_times=True,
    wide_integers=True,
    asof=True,
    ordered_first=True,
    latest_by_join=True,
    keeps_numbers=True,
    less_of_percentiles=Decimal(0),  # it multiplies whole numbers
    lambdas=True,
    elements_by_regex=True,
    list_count="LIST_COUNT",
    named_parameter="$",
    alias_hidden_by="structs",
    all_but="EXCLUDE",
    replaces_columns=True,
    unnested=True,
    bit_count=True,
    numbers_first=True,
    last_value=True,
    enums=True,
    alters_collation="ALTER TABLE .. ALTER {column} TYPE VARCHAR COLLATE BINARY",
    json_elements=elements.by_cast,
    array_elements=elements.structs,
    rewrite=_rewrite,
    rewrites=frozenset(
        {exp.Add, exp.Translate, exp.UnixMicros, exp.JSONExtractScalar, exp.TryCast, exp.Lambda}
        | {exp.FromTimeZone, exp.AtTimeZone}
    ),
)
