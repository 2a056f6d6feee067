"""PostHog's cohorts, as its API gives them: `filters.properties`, a tree of AND and OR over leaves.

A leaf is a property of a person, another cohort, or a behaviour. Facts are those of notes of November 2026 on the project and of
its API reference in the state of `REVISION`.
"""

from __future__ import annotations

from .reading import read

__all__ = ["REVISION", "read"]

REVISION = "2026-11"
