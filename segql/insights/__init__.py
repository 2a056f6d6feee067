"""Insights: what can be said of a rule and one profile. `why` by plain rows, `why_in` of a warehouse.

The evaluator decides, on the profile's own rows; only what looks at other profiles too is asked of the warehouse.
"""

from __future__ import annotations

from .why.answer import why, why_in
from .why.model import Change, Fact, Next, Part, Why

__all__ = ["Change", "Fact", "Next", "Part", "Why", "why", "why_in"]
