"""HubSpot's lists (segments) of contacts, as its Lists API gives their filters.

A `filterBranch` is a tree: `OR`, `AND`, `NOT_ANY` and `NOT_ALL` have filters and branches inside, `UNIFIED_EVENTS` is
an event with the tests of its own properties. Facts are those of the vendor's API client and of its pages on filters.
"""

from __future__ import annotations

from .reading import read

__all__ = ["REVISION", "read"]

REVISION = "Lists API v3, client of 2026-03-19"
