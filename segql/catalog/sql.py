"""The SQL escapes of a catalog as sqlglot trees: one expression, or one SELECT, that reads and never writes.

Both give a fresh tree each time, without comments; the caller may change it.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache
from typing import Any, TypeVar

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect, Dialects
from sqlglot.errors import ErrorLevel, ParseError, SqlglotError

from .parts import Escape

MARIADB = "mariadb"
DIALECTS = frozenset({*(d.value for d in Dialects if d.value), MARIADB})

WRITTEN_IN = "written in"
"""The mark, with the dialect, on the root of an escape: in that dialect it is said word for word."""

# Nodes that change something, or that wait for a value nobody gives.
_WRITES = (exp.DML, exp.DDL, exp.Drop, exp.Alter, exp.Command, exp.Into, exp.Lock, exp.Set, exp.Pragma, exp.Use)
_OPEN = (exp.Placeholder, exp.Parameter, exp.SessionParameter)
# What stands before the word is taken once (`*+`): it never has to be read in another way.
_READS = re.compile(
    r"(?:\s+|--[^\n]*(?:\n|$)|/\*.*?\*/|\()*+(?:select|with|from|values|table)\b", re.IGNORECASE | re.DOTALL
)


@cache
def register_mariadb() -> None:
    """Sqlglot knows MariaDB by its name from now on."""
    from sqlglot.dialects.mysql import MySQL  # here: no other dialect needs it

    type("MariaDB", (MySQL,), {})


class _Template:
    """SQL that a class of sqlglot's holds for its translations, read when it is first looked up."""

    def __init__(self, text: str, how: dict[str, Any]) -> None:
        self._text, self._how = text, how

    def __set_name__(self, owner: type, name: str) -> None:
        self._owner, self._name = owner, name

    def __get__(self, instance: object, owner: type) -> exp.Expr:
        read: exp.Expr = exp.maybe_parse(self._text, **self._how)
        setattr(self._owner, self._name, read)
        return read


@cache
def load_duckdb() -> None:
    """Loads sqlglot's DuckDB without reading the two dozen statements into which it translates those of others.

    They take a third as long as all the rest of sqlglot, in each process, and our SQL needs none of them.
    """
    read = exp.maybe_parse

    def later(text: Any, **how: Any) -> Any:
        asked = sys._getframe(1).f_code
        return _Template(text, how) if asked.co_name == "DuckDBGenerator" else read(text, **how)

    exp.maybe_parse = later  # type: ignore[assignment]
    try:
        import sqlglot.dialects.duckdb  # noqa: F401
    finally:
        exp.maybe_parse = read


class BadSQL(ValueError):
    """What is wrong with an SQL escape, as the rest of a sentence that begins with it, and the offset where known."""

    def __init__(self, message: str, offset: int | None = None) -> None:
        super().__init__(message)
        self.offset = offset


def written(escape: Escape, own: str, dialect: str) -> tuple[str, str] | None:
    """The text of an escape for a dialect, and the dialect that it is written in: that one, or else the catalog's own.

    None where it is written for others alone.
    """
    if isinstance(escape, str):
        return escape, own
    return next(((escape[name], name) for name in (dialect, own) if name in escape), None)


def expression(text: str, dialect: str) -> exp.Expr:
    """One SQL expression (a condition, a value). Raises BadSQL."""
    return copied(_expression(text, dialect))


def query(text: str, dialect: str) -> exp.Query:
    """One query that reads. Raises BadSQL."""
    return copied(_query(text, dialect))


Tree = TypeVar("Tree", bound=exp.Expr)


def copied(tree: Tree) -> Tree:
    """The tree in nodes of its own: `copy`, in a third of the time. Marks are kept as they are."""
    try:
        return _copied(tree)
    except RecursionError:
        return tree.copy()


def _copied(tree: Tree) -> Tree:
    new = type(tree)()
    for key, value in tree.args.items():
        if isinstance(value, exp.Expr):
            new.args[key] = part = _copied(value)
            part.parent, part.arg_key = new, key
        elif type(value) is list:
            new.args[key] = parts = [_copied(one) if isinstance(one, exp.Expr) else one for one in value]
            for index, part in enumerate(parts):
                if isinstance(part, exp.Expr):
                    part.parent, part.arg_key, part.index = new, key, index
        else:
            new.args[key] = value
    new.comments = tree.comments and [*tree.comments]
    new._meta, new._type = tree._meta and {**tree._meta}, tree._type
    return new


def aggregates(tree: exp.Expr) -> bool:
    """Whether the expression folds several rows into one (outside of subqueries and window functions)."""
    return any(not node.find_ancestor(exp.Query, exp.Window) for node in tree.find_all(exp.AggFunc))


def over_rows(tree: exp.Expr) -> bool:
    """Whether the expression has a window function of its own, which sees other rows."""
    return any(not node.find_ancestor(exp.Query) for node in tree.find_all(exp.Window))


def of_either(tree: exp.Expr) -> str | None:
    """A column in a SELECT within the expression that does not say its table: it may be one of the row around."""
    inner = (node for node in tree.find_all(exp.Column) if not node.table and node.find_ancestor(exp.Query))
    return next((node.name for node in inner), None)


def calls_unknown(tree: exp.Expr) -> bool:
    """Whether the expression calls a function that sqlglot does not know, which may aggregate."""
    return tree.find(exp.Anonymous) is not None


@lru_cache(maxsize=4096)
def _expression(text: str, dialect: str) -> exp.Expr:
    tree = _one(_parsed(text, dialect, lambda spoken: spoken.parse_into(exp.Condition, text)), "expression")
    if isinstance(tree, exp.Star):
        raise BadSQL("is no value: `*` stands for columns")
    return _reads_only(tree, dialect)


@lru_cache(maxsize=4096)
def _query(text: str, dialect: str) -> exp.Query:
    if not _READS.match(text):
        raise BadSQL("must be one SELECT")
    tree = _one(_parsed(text, dialect, lambda spoken: spoken.parse(text)), "SELECT")
    if not isinstance(tree, exp.Query):
        raise BadSQL("must be one SELECT")
    _reads_only(tree, dialect)
    return tree


def _parsed(text: str, dialect: str, parse: Callable[[Dialect], list[exp.Expr | None]]) -> list[exp.Expr | None]:
    if dialect == MARIADB:
        register_mariadb()
    elif dialect == "duckdb":
        load_duckdb()
    try:
        with quiet():
            return parse(Dialect.get_or_raise(dialect))
    except (SqlglotError, RecursionError) as error:
        raise _bad(error, dialect) from None
    except Exception:  # whatever sqlglot stumbles over in somebody's text
        raise BadSQL(f"is SQL of {dialect} that cannot be read") from None


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
    tree.meta[WRITTEN_IN] = dialect
    if not printable(tree, dialect):
        raise BadSQL(f"is SQL of {dialect} that cannot be put into a statement")
    return tree


def printable(tree: exp.Expr, dialect: str) -> bool:
    """Whether sqlglot prints the tree in a dialect without a doubt of its own."""
    try:
        with quiet():
            tree.sql(dialect, unsupported_level=ErrorLevel.RAISE)
    except Exception:  # it raises whatever happens to it on nodes of another dialect
        return False
    return True


_QUIET: ContextVar[bool] = ContextVar("quiet", default=False)


@contextmanager
def quiet() -> Iterator[None]:
    """Without the lines that sqlglot logs, which say no place."""
    token = _QUIET.set(True)
    try:
        yield
    finally:
        _QUIET.reset(token)


logging.getLogger("sqlglot").addFilter(lambda record: not _QUIET.get())


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
