"""Numbers about segments as charts: Vega-Lite specifications, as dicts whose data is in them.

Colours are those of Okabe and Ito, which the colour-blind can tell apart. Instants stand as the wall clock of the
catalog's zone, whatever the zone of who looks.
"""

from __future__ import annotations

from .drawing import Spec
from .funnels import funnel_chart
from .members import counts_chart, vary_chart
from .overlaps import overlap_chart
from .trends import trend_chart
from .worth import stats_chart

__all__ = ["Spec", "counts_chart", "funnel_chart", "overlap_chart", "stats_chart", "trend_chart", "vary_chart"]
