"""The benchmarks say more of the demo shop than its catalog does: what they say has to fit it still."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import segql
from segql.demo import NOW

FOLDER = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def forms(monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    monkeypatch.syspath_prepend(str(FOLDER))
    yield __import__("forms")
    for name in ("forms", "measured"):
        sys.modules.pop(name, None)


def test_every_form_that_is_measured_compiles(forms) -> None:  # type: ignore[no-untyped-def]
    _, catalog, segments = forms.opened(500, forms.TEST)
    for rule, _ in forms.FORMS:
        assert segql.compile(rule, catalog, now=NOW, segments=segments).sql
