"""Whatever a reader is given, it ends in a report or in an error with a place; and what is written can be read."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import segql
from segql import formats
from segql.errors import Problem, SegQLError
from segql.formats import text_of

from ..case_files import read_case
from .imported import imported, names_of

READ = [name for name in formats.formats() if formats.importer(name) is not None]
FOLDER = Path(__file__).parent

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)


def documents(format: str) -> list[tuple[str, str]]:
    """The documents of a format's cases, each with its names."""
    cases = map(read_case, sorted((FOLDER / format.replace("-", "_")).glob("*.segql-import")))
    return [(case.sections["document"], case.sections.get("names", "")) for case in cases]


def ends_well(format: str, text: str, names: str = "") -> None:
    try:
        found = imported(format, text, names)
    except SegQLError as error:
        for problem in error.problems:
            assert problem.line is not None
            assert problem.message.endswith(".")
        return
    written = text_of(found)
    segments = segql.segments_from(written)
    assert segments.problems == ()
    assert list(segments) == [one.name for one in found if one.written]
    for one in found:
        assert one.written != any(finding.verdict == "impossible" for finding in one.findings)
        assert all(finding.verdict == "exact" or finding.said for finding in one.findings)


@pytest.mark.parametrize("format", READ)
@given(text=st.text() | st.text("{}[]():,\"'=<>and or1."))
def test_any_text(format: str, text: str) -> None:
    ends_well(format, text)


@pytest.mark.parametrize("format", READ)
@given(data=JSON)
def test_any_json(format: str, data: Any) -> None:
    ends_well(format, json.dumps(data))


@pytest.mark.parametrize("format", READ)
@given(seed=st.integers(0, 10**9), other=JSON)
def test_a_document_with_something_else_in_it(format: str, seed: int, other: Any) -> None:
    """A value of a real document is another one, is gone, or has a key more; half of its text is gone."""
    random = Random(seed)
    text, names = random.choice(documents(format))
    if random.random() < 0.2:
        ends_well(format, text[: random.randrange(len(text))], names)
        return
    try:
        data = json.loads(text)
    except ValueError:
        at = random.randrange(len(text))
        ends_well(format, text[:at] + str(other)[:20] + text[at + random.randrange(3) :], names)
        return
    ends_well(format, json.dumps(changed(data, random, other)), names)


def changed(data: Any, random: Random, other: Any) -> Any:
    """The data with one thing in it changed, at a random place."""
    if not isinstance(data, dict | list) or not data or random.random() < 0.05:
        return other
    key: Any = random.choice(list(data) if isinstance(data, dict) else range(len(data)))
    copy: Any = dict(data) if isinstance(data, dict) else list(data)
    chance = random.random()
    if chance < 0.05:
        del copy[key]
    elif chance < 0.08 and isinstance(copy, dict):
        copy["more"] = other
    else:
        copy[key] = changed(data[key], random, other)
    return copy


@given(text=st.text() | st.text("{}[]:, events\nproperties"))
def test_any_names(text: str) -> None:
    problems: tuple[Problem, ...] = ()
    try:
        names_of(text)
    except SegQLError as error:
        problems = error.problems
    assert all(problem.line is not None for problem in problems)
