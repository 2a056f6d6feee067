"""Commands with a small warehouse of one's own, and what they answer."""

from __future__ import annotations

import json
from typing import Any

from click.testing import CliRunner, Result

from segql.__main__ import session
from segql.cli import main

BROKEN = """\
segment "One" = placed order twice and and
segment "Two" = placed oder
segment "Three" = placed order
"""

OWN = ["--catalog", "catalog.yaml", "--warehouse", "shop.duckdb"]
SAVED = ["--segments", "good.segql"]


def segql(*words: str, code: int = 0, stdin: str | None = None) -> Result:
    result = CliRunner().invoke(main, list(words), input=stdin, obj=session)
    assert result.exit_code == code, (result.exit_code, result.stdout, result.stderr, result.exception)
    return result


def answer(*words: str, code: int = 0) -> Any:
    return json.loads(segql(*words, "--json", code=code).stdout)
