"""Shopify's segment query language, as its admin and its GraphQL API have it.

Facts are those of the "Segment query language reference" of `REVISION`, of the page "WHERE" of ShopifyQL, and of the
help center's "Shopify-based customer segment filters".
"""

from __future__ import annotations

from .reading import read
from .writing import write

__all__ = ["REVISION", "read", "write"]

REVISION = "2026-10"
