"""The checks of a catalog's SQL: every piece of it parses in the catalog's dialect and fits its place.

sqlglot is imported when the first piece has to be parsed.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator

from ...nearest import nearest
from ...plain import dataclass
from ..marks import Path
from ..parts import Escape
from .findings import Finding, begun


@dataclass(frozen=True, slots=True)
class Escapes:
    """The SQL of one catalog. In an unknown dialect only the dialect is wrong."""

    dialect: str

    @property
    def known(self) -> bool:
        """Whether there is such a dialect, or it is DuckDB."""
        return self.dialect == "duckdb" or self.dialect in _dialects()

    def findings(self) -> Iterator[Finding]:
        """Whether the dialect exists."""
        if not self.known:
            yield _unknown(("sql dialect",), self.dialect)

    def query(self, path: Path, escape: Escape | None) -> Iterator[Finding]:
        """One SELECT."""
        for at, text, dialect in (yield from self._texts(path, escape)):
            from ..sql import BadSQL, query

            try:
                query(text, dialect)
            except BadSQL as bad:
                yield self._bad(at, bad, bad.offset)

    def value(self, path: Path, escape: Escape | None, grouped: bool = False) -> Iterator[Finding]:
        """A condition or a value of one row, or, when `grouped`, of the lines of a group."""
        for at, text, dialect in (yield from self._texts(path, escape)):
            yield from self._value(at, text, dialect, grouped)

    def _texts(self, path: Path, escape: Escape | None) -> Generator[Finding, None, list[tuple[Path, str, str]]]:
        """Each text of an escape with its place and its dialect; gives the dialects that do not exist."""
        if escape is None or isinstance(escape, str):
            return [(path, escape, self.dialect)] if escape is not None and self.known else []
        found = []
        for dialect, text in escape.items():
            if dialect in _dialects():
                found.append(((*path, dialect), text, dialect))
            else:
                yield _unknown((*path, dialect), dialect, at_key=True)
        return found

    def _value(self, path: Path, text: str, dialect: str, grouped: bool) -> Iterator[Finding]:
        from ..sql import BadSQL, aggregates, calls_unknown, expression, of_either, over_rows

        try:
            tree = expression(text, dialect)
        except BadSQL as bad:
            yield self._bad(path, bad, bad.offset)
            return
        if over_rows(tree):
            message = f"{begun(path)} is about one row, and a window function looks at others."
            yield Finding("bad-sql", path, message, "make it a column in a `query` instead of the table")
        if (column := of_either(tree)) is not None:
            message = f"{begun(path)} holds a SELECT, and `{column}` in it could be a column of the row around it."
            yield Finding("bad-sql", path, message, f"say its table: `t.{column}`; or make it a column in a `query`")
        if aggregates(tree) and not grouped:
            message = f"{begun(path)} is about one row, and an aggregate needs several."
            hint = "aggregates belong to the properties of an event with `group by`"
            yield Finding("bad-sql", path, message, hint)
        # A function that sqlglot does not know may well aggregate.
        if grouped and not aggregates(tree) and not calls_unknown(tree):
            message = f"{begun(path)} must make one value of the lines of a group."
            yield Finding("bad-sql", path, message, f"an aggregate: `min({text})`")

    def _bad(self, path: Path, bad: Exception, offset: int | None) -> Finding:
        return Finding("bad-sql", path, f"{begun(path)} {bad}.", offset=offset)


def _unknown(path: Path, dialect: str, at_key: bool = False) -> Finding:
    close = nearest(dialect, _dialects(), 1)
    hint = f"did you mean `{close[0]}`?" if close else f"it can be {', '.join(sorted(_dialects()))}"
    return Finding("unknown-dialect", path, f'"{dialect}" is no SQL dialect.', hint, at_key)


def _dialects() -> frozenset[str]:
    from ..sql import DIALECTS

    return DIALECTS
