"""How many examples a test takes: a third of those that it names with `--quick`, as in `make test`; else all."""

from __future__ import annotations

from typing import Any

from hypothesis import core, settings

_ENOUGH = 2
"""A test that names no more has already said the least."""


def third(examples: int) -> int:
    return max(min(examples, _ENOUGH), -(-examples // 3))


def take_thirds() -> None:
    """From now on, whatever Hypothesis draws for."""

    class Fewer(core.StateForActualGivenExecution):
        def __init__(self, stuff: Any, test: Any, settled: settings, *others: Any, **more: Any) -> None:
            fewer = settings(settled, max_examples=third(settled.max_examples))
            super().__init__(stuff, test, fewer, *others, **more)

    core.StateForActualGivenExecution = Fewer  # type: ignore[assignment,misc]  # nothing public reaches the tests that say a number
