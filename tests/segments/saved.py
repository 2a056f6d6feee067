"""Rules that use saved segments, bound, and what is wrong with them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import segql
from segql.catalog import Catalog
from segql.errors import Problem
from segql.segments import segments_from

NOW = datetime(2025, 11, 28, 11, tzinfo=UTC)


def bound(rule: str, catalog: Catalog, definitions: str, **parameters: Any) -> Any:
    segments = segments_from(definitions)
    assert not segments.problems
    return segql.meaning(rule, catalog, now=NOW, segments=segments, parameters=parameters).bound


def problems(rule: str, catalog: Catalog, definitions: str, **parameters: Any) -> list[Problem]:
    segments = segments_from(definitions)
    return segql.check(rule, catalog, now=NOW, segments=segments, parameters=parameters)


def codes(rule: str, catalog: Catalog, definitions: str = "") -> list[str]:
    return [p.code for p in problems(rule, catalog, definitions)]
