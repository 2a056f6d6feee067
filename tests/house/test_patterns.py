"""No pattern of the package goes back over a text again and again."""

from __future__ import annotations

import importlib
import pkgutil
import re
from time import perf_counter

import segql

HEADS = ("", "/*", "(", '"', "'", "-- ", "1", "a", "[", "{", "postgresql://", "in ", ".")
UNITS = (
    "a",
    "1",
    " ",
    "\n",
    "/**/",
    "--\n",
    "(",
    "a ",
    "1,",
    "1.",
    "a.",
    "_",
    "''",
    '""',
    "\\",
    "a:",
    "@",
    "=a ",
    "-1",
    "é",
)
BUDGET = 1.0
"""Seconds for a text of 300 characters: what doubles with each of them would never end."""


def patterns() -> dict[str, re.Pattern[str]]:
    found = {}
    for module in pkgutil.walk_packages(segql.__path__, "segql."):
        if not module.name.endswith("__main__"):
            for name, value in vars(importlib.import_module(module.name)).items():
                if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
                    found[f"{module.name}.{name}"] = value
    return found


def test_no_pattern_takes_long() -> None:
    of_all = patterns()
    assert len(of_all) > 20
    for name, pattern in of_all.items():
        for head in HEADS:
            for unit in UNITS:
                text = head + unit * (300 // len(unit)) + "\0"
                start = perf_counter()
                pattern.match(text)
                pattern.search(text[:150])
                assert perf_counter() - start < BUDGET, (name, head, unit)
