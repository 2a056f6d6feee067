"""Insights: what can be said of a rule and one profile. `why` by plain rows, `why_in` of a warehouse.

The evaluator decides, on the profile's own rows; only what looks at other profiles too is asked of the warehouse.
"""

from __future__ import annotations

from .model import Change, Fact, Next, Part, Why
from .question import why, why_in

__all__ = ["Change", "Fact", "Next", "Part", "Why", "why", "why_in"]
