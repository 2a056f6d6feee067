"""The checks of a catalog's tenants: the tables that are told apart from the others are there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...nearest import nearest
from ..declared import Declarations
from ..marks import Path
from ..parts import CatalogPart
from .findings import Finding


def tenant_findings(catalog: Declarations) -> Iterator[Finding]:
    """Tables of `tenant` that nothing stands on: whoever misspells one should not think that it is shared."""
    tenant = catalog.tenant
    if tenant is None or not (tenant.shared or tenant.columns):
        return
    known = dict.fromkeys(_tables(catalog, catalog.sql_dialect))
    paths: list[tuple[Path, str]] = [(("tenant", "shared", at), name) for at, name in enumerate(tenant.shared)]
    for path, name in [*paths, *((("tenant", "columns", name), name) for name in tenant.columns)]:
        if name not in known:
            close = nearest(name, known, 1)
            hint = f"did you mean `{close[0]}`?" if close else "write it as the source does, or remove it here"
            yield Finding("unknown-reference", path, f"Nothing in the catalog reads a table `{name}`.", hint, True)
    for name in tenant.columns.keys() & set(tenant.shared):
        message = f"The table `{name}` is shared, and has a column that says whose its rows are."
        yield Finding("conflicting-keys", ("tenant", "columns", name), message, "keep one of them", at_key=True)


def _tables(part: object, dialect: str) -> Iterator[str]:
    """The tables of a part, and those that its SQL reads."""
    if isinstance(part, Mapping):
        for value in part.values():
            yield from _tables(value, dialect)
    elif isinstance(part, CatalogPart):
        for name in part.fields:
            value = getattr(part, name)
            if name == "table" and isinstance(value, str):
                yield value
            elif name not in ("sql", "query", "where", "receives_when"):
                yield from _tables(value, dialect)
            else:
                for spoken, text in ({dialect: value} if isinstance(value, str) else value or {}).items():
                    yield from _read(text, name, spoken)


def _read(text: str, key: str, dialect: str) -> Iterator[str]:
    if "select" not in text.lower() and key != "query":
        return
    from sqlglot import exp

    from ..sql import BadSQL, expression, query

    try:
        tree = query(text, dialect) if key == "query" else expression(text, dialect)
    except BadSQL:  # which is said elsewhere
        return
    yield from (".".join(part.name for part in table.parts) for table in tree.find_all(exp.Table))
