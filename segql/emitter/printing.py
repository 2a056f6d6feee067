"""The text of a statement, with its values in it or as bind parameters; comments; the tables that it reads."""

from __future__ import annotations

from sqlglot import exp

from ..dialects import below, rewritten
from ..dialects import dialect as dialect_of
from .binding import Style, Values, bound


def sql_text(tree: exp.Expr, dialect: str = "duckdb", header: str = "") -> str:
    """The SQL as a person reads it, below a header of comment lines. The tree is used up."""
    spoken = dialect_of(dialect)
    tree = rewritten(tree, spoken)
    if spoken.substituted is not None:
        header = header.replace(spoken.substituted, " ".join(spoken.substituted))
    return f"{comment(header)}{tree.sql(dialect=spoken.name, pretty=True, copy=False)}"


def bound_text(tree: exp.Expr, style: Style, dialect: str = "duckdb") -> tuple[str, Values]:
    """The SQL with its values as bind parameters, and the values. The tree is used up."""
    return bound(tree, lambda one: sql_text(one, dialect), style, dialect)


def comment(header: str) -> str:
    """The text as comment lines. Whatever ends a line anywhere ends it here, and nothing else leaves the comment."""
    lines = "".join(char if char.isprintable() or char in "\t" else "\n" for char in header).split("\n")
    written = (f"-- {line}".rstrip() for line in lines)
    # After a backslash a comment of Spark's goes on in the next line.
    return "".join(line + (" \n" if line.endswith("\\") else "\n") for line in written) if header else ""


def tables(tree: exp.Expr) -> tuple[str, ...]:
    """The warehouse tables that a statement reads, in order of their names."""
    ctes, names = set(), set()
    for node in below(tree):
        if isinstance(node, exp.CTE):
            ctes.add(node.alias)
        elif isinstance(node, exp.Table) and not isinstance(node.this, exp.Func):
            names.add(".".join(part.name for part in node.parts))
    return tuple(sorted(names - ctes))
