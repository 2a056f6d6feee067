"""How much processor time a guard against hangs allows: so many seconds of a usual machine, more of a slower one."""

from __future__ import annotations

from time import process_time

USUAL = 0.0125
"""What the loop takes where a second is one."""


def allowed(seconds: float) -> float:
    """The seconds here and now. A machine that others share is not always as fast."""
    start = process_time()
    sum(range(1_000_000))
    return seconds * max(1, (process_time() - start) / USUAL)
