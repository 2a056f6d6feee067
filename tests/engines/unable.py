"""What is raised where an engine is not as able as others: the test is skipped."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import pytest

import segql
from segql.arguments import Given
from segql.errors import SegQLError


class Unable(pytest.skip.Exception):  # type: ignore[name-defined,misc]  # pytest gives the class by no other name
    """It is not here, or says itself that it cannot run a statement. A test that meets this is skipped."""


def compiled(rule: Given, catalog: segql.Catalog, dialect: str, **how: Any) -> segql.Compiled:
    """The rule as `segql.compile` gives it. Raises Unable where the dialect lacks what the rule needs."""
    try:
        if how.get("live"):  # the clock, at an instant that the test knows
            clock = how.pop("now")
            with patch("segql.compiler.instant", lambda now: clock):
                return segql.compile(rule, catalog, dialect=dialect, **how)
        return segql.compile(rule, catalog, dialect=dialect, **how)
    except SegQLError as error:
        if {problem.code for problem in error.problems} != {"not-in-dialect"}:
            raise
        raise Unable(error.problems[0].message) from None
