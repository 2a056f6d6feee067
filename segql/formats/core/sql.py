"""Segments as SQL for programs that take a query: live, so that it stays true, with the keys under a name of theirs."""

from __future__ import annotations

from ... import ast, compiler, emitter, planner
from ...arguments import running
from ...dialects import NotInDialect
from ...dialects import dialect as dialect_of
from ...errors import SegQLError
from ...plain import dataclass
from ...source import Source, Span
from .report import Exported, Finding, Setting


@dataclass(frozen=True, slots=True)
class Query:
    """A statement that selects each member's key once, the comment lines above it, the tables that it reads."""

    comments: str
    statement: str
    tables: tuple[str, ...]


def place(span: Span) -> str:
    """Where a span begins in its text, `line:column`."""
    return _place(span.source, span.start)


def _place(source: Source, start: int) -> str:
    before = source.text[:start].split("\n")
    return f"{len(before)}:{len(before[-1]) + 1}"


def query(segment: ast.Segment, setting: Setting, dialect: str, key: str) -> Query | Exported:
    """The SQL of a segment, whose column of keys is called `key`; what it is written as where there is none."""
    try:
        engine = dialect_of(dialect)
        meant = compiler.meaning(segment, setting.catalog, now=running(), segments=setting.segments)
        plan = planner.plan(meant.bound, setting.catalog, meant.now, meant.sample, engine.engine)
        tree = emitter.emit(plan, setting.catalog, engine.name)
        tables = emitter.tables(tree)
        header = compiler.header_of(meant, setting.catalog, live=True)
        statement = emitter.sql_text(emitter.with_key(tree, key), setting.catalog, engine.name)
        return Query(emitter.headed(header, engine.name).rstrip("\n"), statement, tables)
    except SegQLError as error:
        wrong = [one for one in error.problems if one.severity == "error"]
        found = tuple(Finding(place(one.span), one.code, "impossible", one.message) for one in wrong)
        return Exported(segment.name.text, None, found)
    except (NotInDialect, ValueError) as error:
        said = f"{str(error).rstrip('.')}."
        return Exported(segment.name.text, None, (Finding(place(segment.span), "dialect", "impossible", said),))
