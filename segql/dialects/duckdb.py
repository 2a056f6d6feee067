"""DuckDB."""

from __future__ import annotations

from sqlglot import exp

from .model import Dialect
from .rewriting import replaced, zoned


def _rewrite(node: exp.Expr) -> exp.Expr:
    # REPLACE for each letter is some fifteen times as fast as TRANSLATE.
    return replaced(node) if isinstance(node, exp.Translate) else zoned(node)


DUCKDB = Dialect(
    "duckdb",
    executed=True,
    repeated_hour="later",
    wide_integers=True,
    lambdas=True,
    list_count="LIST_COUNT",
    named_parameter="$",
    rewrite=_rewrite,
)
