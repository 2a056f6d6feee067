"""PostHog's cohorts, as its API gives them: `filters.properties`, a tree of AND and OR over leaves.

A leaf is a property of a person, another cohort, or a behaviour. What its fields mean is known from notes
on the project in the state of `REVISION`, not from its documentation.
"""

from __future__ import annotations

from .reading import read
from .writing import write

__all__ = ["REVISION", "read", "write"]

REVISION = "2026-11"
