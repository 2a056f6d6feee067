"""The catalog's own SQL for a dialect: as it was written, or translated where that is known to mean the same."""

from __future__ import annotations

from functools import lru_cache

from sqlglot import exp

from ..catalog import Catalog, sql
from ..catalog.marks import Path
from ..catalog.parts import Escape
from ..dialects import Dialect, inexact
from ..errors import Problem, SegQLError


def expression(escape: Escape, catalog: Catalog, dialect: Dialect) -> exp.Expr:
    """A condition or a value. Raises SegQLError where it is not known how the dialect says it."""
    text, written_in = _for(escape, catalog, dialect)
    tree = sql.expression(text, written_in)
    if written_in != dialect.name:
        _told(tree, dialect)
    return tree


def query(escape: Escape, catalog: Catalog, dialect: Dialect) -> exp.Query:
    """One SELECT. Raises SegQLError where it is not known how the dialect says it."""
    text, written_in = _for(escape, catalog, dialect)
    tree = sql.query(text, written_in)
    if written_in != dialect.name:
        _told(tree, dialect)
    return tree


def problem(escape: Escape, path: Path, catalog: Catalog, dialect: Dialect) -> Problem | None:
    """What is wrong with an escape, which stands at a path, for a dialect; None where it can be said."""
    from ..catalog.checks.findings import begun  # here: what a catalog is checked with takes long to load

    found = sql.written(escape, catalog.sql_dialect, dialect.name)
    if found is None:
        assert not isinstance(escape, str)
        message = f"{begun(path)} is written for {' and '.join(escape)}, and not for {dialect.name}."
        return Problem("not-in-dialect", message, catalog.span(*path), f"add to it: {dialect.name}: ..")
    part = _unlike(*found, path[-1] == "query", dialect)
    if part is None:
        return None
    message = f"{begun(path)} is SQL of {found[1]}, and it is not known that `{part}` means the same in {dialect.name}."
    if isinstance(escape, str):
        hint = f"write it for each dialect: {path[-1]}: {{{found[1]}: .., {dialect.name}: ..}}"
    else:
        hint = f"add to it: {dialect.name}: .."
    return Problem("not-in-dialect", message, catalog.span(*path), hint)


def _for(escape: Escape, catalog: Catalog, dialect: Dialect) -> tuple[str, str]:
    """The text to be said, and the dialect that it is written in."""
    found = sql.written(escape, catalog.sql_dialect, dialect.name)
    if found is not None and found[1] == dialect.name:
        return found
    wrong = [problem(other, path, catalog, dialect) for path, other in catalog.escapes if other == escape]
    if problems := [one for one in wrong if one is not None]:
        raise SegQLError(problems)
    assert found is not None
    return found


@lru_cache(maxsize=4096)
def _unlike(text: str, written_in: str, is_query: bool, dialect: Dialect) -> str | None:
    """The first part of it that may mean something else in the dialect."""
    tree = sql.query(text, written_in) if is_query else sql.expression(text, written_in)
    part = inexact(tree, written_in, dialect)
    if part is None and not sql.printable(tree, dialect.name):
        part = tree
    if part is None:
        return None
    try:
        said = part.sql(written_in)
    except Exception:  # sqlglot prints a part in other ways than the whole
        said = text
    return said if len(said) <= 60 else f"{said[:60]}…"


def _told(tree: exp.Expr, dialect: Dialect) -> None:
    """Tell the tree's texts how they compare, where the column would say that."""
    if not dialect.collated:
        return
    collation = exp.Identifier(this=dialect.binary_collation)
    for node in list(tree.find_all(exp.EQ, exp.NEQ, exp.In)):
        for side in (node.this, node.args.get("expression"), *node.expressions):
            if side is not None and side.is_string:
                side.replace(exp.Collate(this=side.copy(), expression=collation.copy()))
