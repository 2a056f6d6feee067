"""Insights: what can be said of a rule and one profile, and in numbers of rules together.

`why` by plain rows, `why_in` of a warehouse: the evaluator decides, on the profile's own rows; only what looks at other
profiles too is asked of the warehouse; `segments_of` says it of all saved segments at once, and since when. `overlap`,
`funnel`, `trend` and `vary` ask the warehouse one statement each, `stats` two.
"""

from __future__ import annotations

from .attrition import Funnel, Step, funnel
from .comparison import Comparison, Moved, diff
from .expectations import Expectation, Met, expectation, met
from .figures import Figure, Held, Measured, Stats
from .memberships import Membership, Memberships, segments_of
from .overlaps import Overlap, Pair, overlap
from .sensitivity import Sensitivity, Varied, varied, vary
from .trends import Point, Trend, instants, trend
from .why.answer import why, why_in
from .why.model import Change, Fact, Next, Part, Since, Why
from .worth import stats

__all__ = [
    "Change", "Comparison", "Expectation", "Fact", "Figure", "Funnel", "Held", "Measured", "Membership",
    "Memberships", "Met", "Moved", "Next", "Overlap", "Pair", "Part", "Point", "Sensitivity", "Since", "Stats",
    "Step", "Trend", "Varied", "Why", "diff", "expectation", "funnel", "instants", "met", "overlap", "segments_of",
    "stats", "trend", "varied", "vary", "why", "why_in",
]  # fmt: skip
