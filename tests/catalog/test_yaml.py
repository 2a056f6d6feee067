"""A catalog as a file: what is no YAML, what cannot be read, and that any text is a catalog or an error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from segql.catalog import Catalog, catalog_from_yaml, load_catalog
from segql.errors import SegQLError

from .wrong_catalogs import problems, said


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("", (1, 1), "The catalog is empty"),
        ("# only a comment\n", (1, 1), "The catalog is empty"),
        ("null", (1, 1), "The catalog is empty"),
        ("a: b: c", (1, 5), "a second `: `"),
        ("profiles:\n\ttable: x", (2, 1), "a tab"),
        ("profiles: {table: a, key: b", (1, 27), "not YAML"),
        ('a: "x', (1, 5), "a quote that is never closed"),
        ("a: @x", (1, 4), "a value that begins with `@`"),
        ("a: 1\nb: *zz", (2, 4), "`*zz`"),
        ("a: &x [*x]", (1, 8), "inside itself"),
        ("a: 1\n---\nb: 2", (2, 1), "second document"),
        ("a: !!python/object:os.system x", (1, 4), "tag"),
        ("a: !foo x", (1, 4), "`!foo`"),
        ("a: " + "[" * 1000, (1, 53), "nested more than 50 deep"),
        ("a: \x00", (1, 4), "U+0000"),
        ("[1]", (1, 1), "must be keys with values"),
        ("text", (1, 1), "must be keys with values"),
    ],
)
def test_what_is_no_yaml(text: str, place: tuple[int, int], words: str) -> None:
    first = problems(text)[0]
    assert first.code == ("wrong-value" if "must be" in words else "catalog-yaml")
    assert first.span.source.position(first.span.start) == place
    assert words in first.message


NESTED: dict[str, Callable[[int], str]] = {
    "lists in brackets": lambda n: "[" * n + "]" * n,
    "mappings in braces": lambda n: "{a: " * n + "}" * n,
    "lists by dashes": lambda n: "- " * n + "x",
    "mappings by indentation": lambda n: "\n".join(" " * i + "a:" for i in range(n)) + " x",
    "one bracket a line": lambda n: "[\n" * n,
    "never closed": lambda n: "[" * n,
}


@pytest.mark.sampled
@pytest.mark.parametrize(
    "own_limit", [None, 51, *(pytest.param(limit, marks=pytest.mark.long) for limit in (60, 1000))]
)
@pytest.mark.parametrize("form", NESTED)
def test_our_limit_of_nesting_holds_whichever_parser_speaks_first(
    form: str, own_limit: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def parse(text: str, Loader: Any) -> Iterator[yaml.Event]:
        """A parser that has a limit of its own, and reads as far as that before it says a word."""
        depth = 0
        with suppress(yaml.parser.ParserError):
            for event in real(text, Loader=yaml.SafeLoader):
                depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
                if own_limit and depth > own_limit:
                    raise yaml.scanner.ScannerError(problem="too deep for me", problem_mark=event.start_mark)
        yield from real(text, Loader=yaml.SafeLoader)

    real: Callable[..., Iterator[Any]] = yaml.parse
    texts = {deep: NESTED[form](deep) for deep in (50, 51, 1001)}
    today = {deep: str(problems(text)[0]) for deep, text in texts.items()}
    monkeypatch.setattr("segql.catalog.reader.yaml.parse", parse)
    for deep, text in texts.items():
        first = problems(text)[0]
        assert ("nested more than 50 deep" in first.message) == (deep > 50), first
        if deep > 50:
            assert str(first) == today[deep]


def test_a_small_file_cannot_spell_a_huge_catalog() -> None:
    def fourfold(first: str, part: str) -> str:
        lines = (f"{b}: &{b} {part.format(', '.join([f'*{a}'] * 4))}\n" for a, b in pairwise("abcdefghijkl"))
        return f"a: &a {first}\n" + "".join(lines)

    assert "100,000" in problems(fourfold("[x, x]", "[{}]"))[0].message
    assert "100,000" in problems(fourfold("{x: 1}", "{{<<: [{}]}}"))[0].message


def test_duplicate_keys_are_said_with_the_rest() -> None:
    text = "profiles: {table: t, key: k, key: j}\nevents:\n  e: {table: t, profile: p}\n  e: {table: u}\ncurrency: XX"
    assert said(text) == [("duplicate-key", "key"), ("duplicate-key", "e"), ("unknown-currency", "XX")]
    assert "line 3" in problems(text)[1].message


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    latin = tmp_path / "latin.yaml"
    latin.write_bytes(b"profiles: {table: caf\xe9, key: k}")
    for path, words in (
        (tmp_path / "none.yaml", "no such file"),
        (tmp_path, "directory"),
        (latin, "not UTF-8"),
        ("a\0b", "no file name"),
    ):
        with pytest.raises(SegQLError) as caught:
            load_catalog(path)
        (problem,) = caught.value.problems
        assert problem.code == "catalog-file"
        assert words in problem.message
        assert str(problem)


WORDS = st.sampled_from(
    [
        "profiles",
        "events",
        "table",
        "key",
        "e",
        "properties",
        "any of",
        "time",
        "column",
        "type",
        "number",
        "x",
        "items",
        "on",
        "join",
        "group by",
        "sets",
        "places",
        "channels",
        "receives when",
        "also",
        "sum(x)",
        "1",
        "<<",
        "",
        "constants",
    ]
)
DATA = st.recursive(
    WORDS | st.none() | st.integers() | st.booleans() | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=25,
)


@settings(max_examples=150)
@given(st.dictionaries(WORDS, DATA, max_size=6))
def test_any_data_is_a_catalog_or_an_error(data: dict[str, object]) -> None:
    try:
        Catalog.model_validate({"profiles": {"table": "t", "key": "k"}, **data})
    except SegQLError as error:
        shown = [str(problem) for problem in error.problems]
    else:
        return
    assert shown
    assert all(shown)


@settings(max_examples=150)
@given(st.text() | st.text(alphabet="a: -[]{}\n&*<?|>'\"#!,\t", max_size=40) | DATA.map(repr))
def test_any_text_is_a_catalog_or_an_error(text: str) -> None:
    try:
        catalog_from_yaml(text)
    except SegQLError as error:
        shown = [str(problem) for problem in error.problems]
    else:
        return
    assert shown
    assert all(shown)
