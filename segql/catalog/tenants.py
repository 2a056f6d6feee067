"""The tenant of a catalog whose tables hold the rows of several: its value, and under which column it stands."""

from __future__ import annotations

import re
from typing import Protocol, TypeAlias
from uuid import UUID

from ..errors import Problem, SegQLError, wrong_type
from ..source import NOWHERE, Span
from .declared import Tenant
from .parts import field

TenantValue: TypeAlias = str | int | UUID
"""What tells a tenant apart: text, a whole number or a UUID, as the catalog's `tenant` says it."""


class OfTenants(Protocol):
    """A catalog, as far as it has tenants."""

    @property
    def tenant(self) -> Tenant | None:
        """Whose rows there may be."""

    def span(self, *path: str | int) -> Span:
        """Where a part stands in the file."""


class OneTenant(Tenant):
    """The tenants of a catalog, and the one that it is narrowed to. No file says which."""

    value: str | int = field(description="Whose rows there are.")


def narrowed_to(catalog: OfTenants, value: TenantValue) -> OneTenant:
    """The one tenant of a catalog. Raises SegQLError for a catalog without tenants, for a value that is not of their
    type, and for another than it is narrowed to already; TypeError for what can be no value.
    """
    tenant = catalog.tenant
    if isinstance(value, bool) or not isinstance(value, str | int | UUID):
        raise wrong_type("tenant", "a text, a whole number or a UUID", value)
    if tenant is None:
        message = "The catalog has no tenants, and one is asked for."
        hint = "say which column tells them apart: tenant: {column: shop_id}"
        raise SegQLError([Problem("wrong-tenant", message, NOWHERE, hint)])
    found = _read(value, catalog, tenant)
    if isinstance(tenant, OneTenant) and tenant.value != found:
        message = "The catalog is narrowed to another tenant."
        raise SegQLError([Problem("wrong-tenant", message, NOWHERE, "narrow the catalog that was loaded")])
    return OneTenant.of({**vars(tenant), "value": found})


def tenant_of(catalog: OfTenants) -> OneTenant | None:
    """The tenant that a catalog is narrowed to; None where it has no tenants.

    Raises SegQLError where it has, and is narrowed to none.
    """
    tenant = catalog.tenant
    if tenant is None or isinstance(tenant, OneTenant):
        return tenant
    message = "The tables hold rows of several tenants, and nobody said whose are asked for."
    hint = "say whose: --tenant VALUE, or tenant=.. in Python"
    raise SegQLError([Problem("missing-tenant", message, catalog.span("tenant"), hint)])


_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,18}")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def _read(value: TenantValue, catalog: OfTenants, tenant: Tenant) -> str | int:
    """The value as the column has it."""
    text = str(value) if not isinstance(value, int) or abs(value) < 2**64 else "a number of many digits"
    match tenant.type:
        case "integer" if not isinstance(value, UUID) and _INTEGER.fullmatch(text) and -(2**63) <= int(text) < 2**63:
            return int(text)
        case "uuid" if not isinstance(value, int) and _UUID.fullmatch(text):
            return text.lower()
        case "text" if isinstance(value, str) and _is_text(text):
            return text
    what = {"integer": "a whole number of 64 bits", "uuid": "a UUID", "text": "text, and not empty"}[tenant.type]
    said = text if isinstance(value, int) else '"' + "".join(c if c.isprintable() else "?" for c in text[:60]) + '"'
    message = f"A tenant is {what} here, and {said} is none."
    hint = "the catalog's `tenant` says of which type its column is"
    raise SegQLError([Problem("wrong-tenant", message, catalog.span("tenant", "type"), hint)])


def _is_text(text: str) -> bool:
    """Whether every engine can hold it, and it tells somebody apart."""
    return bool(text.strip()) and "\0" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)
