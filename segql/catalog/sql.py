"""The SQL escapes of a catalog as sqlglot trees: one expression, or one SELECT, that reads and never writes.

Both give a fresh tree each time, without comments; the caller may change it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect, Dialects
from sqlglot.dialects.mysql import MySQL
from sqlglot.errors import ParseError, SqlglotError


class MariaDB(MySQL):
    """sqlglot knows MariaDB by this name from now on."""


DIALECTS = frozenset({*(d.value for d in Dialects if d.value), "mariadb"})

WRITTEN_IN = "written in"
"""The mark, with the dialect, on the root of an escape: in that dialect it is said word for word."""

# Nodes that change something, or that wait for a value nobody gives.
_WRITES = (exp.DML, exp.DDL, exp.Drop, exp.Alter, exp.Command, exp.Into, exp.Lock, exp.Set, exp.Pragma, exp.Use)
_OPEN = (exp.Placeholder, exp.Parameter, exp.SessionParameter)
_READS = re.compile(r"(\s|--[^\n]*(\n|$)|/\*.*?\*/|\()*(select|with|from|values|table)\b", re.IGNORECASE | re.DOTALL)


class BadSQL(ValueError):
    """What is wrong with an SQL escape, as the rest of a sentence that begins with it, and the offset where known."""

    def __init__(self, message: str, offset: int | None = None) -> None:
        super().__init__(message)
        self.offset = offset


def expression(text: str, dialect: str) -> exp.Expr:
    """One SQL expression (a condition, a value). Raises BadSQL."""
    return _expression(text, dialect).copy()


def query(text: str, dialect: str) -> exp.Query:
    """One query that reads. Raises BadSQL."""
    return _query(text, dialect).copy()


def aggregates(tree: exp.Expr) -> bool:
    """Whether the expression folds several rows into one (outside of subqueries and window functions)."""
    return any(not node.find_ancestor(exp.Query, exp.Window) for node in tree.find_all(exp.AggFunc))


def calls_unknown(tree: exp.Expr) -> bool:
    """Whether the expression calls a function that sqlglot does not know, which may aggregate."""
    return tree.find(exp.Anonymous) is not None


@lru_cache(maxsize=4096)
def _expression(text: str, dialect: str) -> exp.Expr:
    try:
        trees = Dialect.get_or_raise(dialect).parse_into(exp.Condition, text)
    except (SqlglotError, RecursionError) as error:
        raise _bad(error, dialect) from None
    tree = _one(trees, "expression")
    if isinstance(tree, exp.Star):
        raise BadSQL("is no value: `*` stands for columns")
    tree.meta[WRITTEN_IN] = dialect
    return _reads_only(tree, dialect)


@lru_cache(maxsize=4096)
def _query(text: str, dialect: str) -> exp.Query:
    if not _READS.match(text):
        raise BadSQL("must be one SELECT")
    try:
        trees = Dialect.get_or_raise(dialect).parse(text)
    except (SqlglotError, RecursionError) as error:
        raise _bad(error, dialect) from None
    tree = _one(trees, "SELECT")
    if not isinstance(tree, exp.Query):
        raise BadSQL("must be one SELECT")
    _reads_only(tree, dialect)
    tree.meta[WRITTEN_IN] = dialect
    return tree


def _one(trees: list[exp.Expr | None], what: str) -> exp.Expr:
    found = [tree for tree in trees if tree is not None]
    if len(found) != 1:
        raise BadSQL(f"must be one {what}, and here are {len(found)}" if found else "is only a comment")
    return found[0]


def _reads_only(tree: exp.Expr, dialect: str) -> exp.Expr:
    for node in tree.walk():
        node.comments = None
        if isinstance(node, _WRITES):
            raise BadSQL("may only read, and this writes")
        if isinstance(node, _OPEN):
            raise BadSQL(f"waits for a value that nobody gives: `{node.sql(dialect)}`")
    return tree


def _bad(error: SqlglotError | RecursionError, dialect: str) -> BadSQL:
    if isinstance(error, RecursionError):
        return BadSQL("is nested too deep")
    said, offset = "a quote or a comment is never closed", None
    if isinstance(error, ParseError) and error.errors:
        first = error.errors[0]
        start, token = first.get("start_context") or "", first.get("highlight") or ""
        offset = len(start) if len(start) < 100 else None  # sqlglot cuts the context to 100 characters
        said = str(first.get("description") or "")
        if said.startswith("Invalid expression"):
            said = f"`{token}` does not belong here"
        elif said.startswith("Required keyword"):
            said = f"something is missing after `{token}`"
        elif wanted := re.match(r"Expect(?:ing|ed) (\S+)", said):
            said = f"`{wanted[1]}` is missing after `{token}`"
    return BadSQL(f"is no SQL of {dialect}: {said}", offset)
