"""Catalogs with mistakes, and what is said about them."""

from __future__ import annotations

import pytest

from segql.catalog import catalog_from_yaml
from segql.errors import Problem, SegQLError

BASE = "profiles: {table: customers, key: customer_id}\n"
EVENT = BASE + "events:\n  e: {table: t, profile: p, "  # the rest of an event follows, from line 3, column 30


def problems(text: str) -> tuple[Problem, ...]:
    with pytest.raises(SegQLError) as caught:
        catalog_from_yaml(text)
    return caught.value.problems


def said(text: str) -> list[tuple[str, str]]:
    """Code and marked text of every problem."""
    return [(p.code, p.span.text) for p in problems(text)]
