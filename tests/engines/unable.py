"""What an engine that stands in for another one raises where it is not as able."""

from __future__ import annotations

import pytest


class Unable(pytest.skip.Exception):
    """It is not here, or says itself that it cannot run a statement. A test that meets this is skipped."""
