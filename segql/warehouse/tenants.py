"""The check of the column that says whose a row is, in each table that has one."""

from __future__ import annotations

from ..catalog import Catalog
from ..catalog.tenants import tenant_of
from ..errors import Code
from .surveyed import Path
from .types import ColumnType


def column_of(catalog: Catalog, table: str) -> str | None:
    """The column of a table that says whose a row is; None where there are no tenants, or all share it."""
    tenant = tenant_of(catalog)
    return None if tenant is None else tenant.column_of(table)


def unfit(catalog: Catalog, name: str, found: ColumnType | None, path: Path) -> tuple[Code, Path, str, str] | None:
    """Why a table, which the catalog names at a path, cannot be read for one tenant by the column that was found."""
    tenant, column = tenant_of(catalog), column_of(catalog, name)
    assert tenant is not None
    if found is None:
        message = f"The table `{name}` has no column `{column}`, which says whose its rows are."
        shared = ", ".join([*tenant.shared, name])
        hint = f"if all tenants share the table: tenant: {{.., shared: [{shared}]}}; if the column has another name: "
        return "missing-column", path, message, f"{hint}columns: {{{name}: ..}}"
    if found.family in (tenant.type, "any"):
        return None
    message = f"Tenants are {tenant.type}, and `{column}` of the table `{name}` is {found}."
    hint = f"type: {found.family}" if found.family in ("text", "integer", "uuid") else "name another column"
    return "column-type", ("tenant", "type"), message, hint
