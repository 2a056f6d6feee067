"""Klaviyo's segment definitions, as its API reads and writes them.

Facts are those of the vendor's OpenAPI file of `REVISION`. Groups of a definition are joined by `and`, the conditions
of a group by `or`; there is no other nesting, and no `not`.
"""

from __future__ import annotations

from .reading import read
from .written import write

__all__ = ["REVISION", "read", "write"]

REVISION = "2026-07-15"
