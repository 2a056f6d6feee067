"""The SHA-256 of a text as 64 hexadecimal digits in lower case, as each engine says it."""

from __future__ import annotations

from sqlglot import exp

from .model import NotInDialect


def sha256(text: exp.Expr, dialect: str) -> exp.Expr:
    """The hash of the text in UTF-8; NULL of NULL. Raises NotInDialect."""
    match dialect:
        case "duckdb":
            return _call("SHA256", text)
        case "postgres":
            of_bytes = _call("SHA256", _call("CONVERT_TO", text, exp.Literal.string("UTF8")))
            return _call("ENCODE", of_bytes, exp.Literal.string("hex"))
        case "bigquery":
            return _call("TO_HEX", _call("SHA256", text))
        case "spark" | "databricks" | "snowflake" | "mysql" | "mariadb" | "redshift":
            return _call("SHA2", text, exp.Literal.number(256))
        case "clickhouse":
            return _call("lower", _call("hex", _call("SHA256", text)))
        case "trino":
            return exp.Lower(this=_call("TO_HEX", _call("SHA256", _call("TO_UTF8", text))))
        case _:
            raise NotInDialect("hashes (SHA-256)")


def _call(name: str, *values: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this=name, expressions=list(values))
