"""The law of completion: everything offered can go on to a rule, or a definition, that parses."""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segql.catalog import Catalog
from segql.completer import complete
from segql.completer.closing import closings
from segql.errors import SegQLError
from segql.parser import parse_definitions, parse_rule
from segql.parser.builders import BUILDERS
from segql.parser.builders.definitions import stretches
from segql.parser.engine.lexer import Lexer
from segql.parser.engine.machine import Reading, rules_of
from segql.parser.engine.spellings import examples
from segql.parser.engine.tables import END
from segql.segments import segments_from
from segql.source import Source

from ..case_files import read_case
from ..chance.rules import DEFINITIONS, Draw, random_rule
from .test_completer import shop

RULES, SEGMENTS = rules_of(BUILDERS), segments_from(DEFINITIONS)


def goes_on(text: str, symbol: str) -> bool:
    """Whether the text is the beginning of a rule that parses; some keywords are read as such only before others."""
    return any(closes(text + more, symbol) for more in ("", " x", " today", ' "x"', " 1%", " 9 days", " 9 days of x"))


def closes(text: str, symbol: str) -> bool:
    """Whether no token has no place, and some end fits."""
    reading = Reading(Source(text), symbol, RULES)
    lexer = Lexer(reading.source, 0, len(text))
    try:
        while (token := lexer.next(reading.actions)).type != END:
            if not reading.take(token):
                return False
    except SegQLError:
        return False
    ends = (" ".join(filling for _, filling in way) for way in closings(tuple(reading.stack), 5))
    return any(parses(f"{text} {end}", symbol) for end in ends)


def parses(text: str, symbol: str) -> bool:
    try:
        parse_rule(text) if symbol == "rule" else parse_definitions(text)
    except SegQLError:
        return False
    return True


@cache
def cases() -> list[str]:
    return [read_case(path).sections["rule"] for path in sorted(Path(__file__).parents[1].glob("cases/*/*.segql-case"))]


def assert_all_go_on(text: str, cursor: int, catalog: Catalog, definitions: bool = False) -> None:
    known: dict[str, Any] = {"segments": SEGMENTS, "stored": {("country",): ["NL", "x y"]}}
    for one in complete(text, cursor, catalog, **known, definitions=definitions):
        inserted = text[: one.start] + one.text
        assert one.meaning, one
        if definitions and one.text == 'test "':
            parse_definitions(f'{inserted}x" expect: everyone')
            continue
        last = stretches(Source(inserted))[0][-1].start if definitions else 0
        assert goes_on(inserted[last:], "definition" if definitions else "rule"), (text[:cursor], one)


@settings(max_examples=40)
@given(seed=st.integers(0, 10**9), data=st.data())
def test_all_that_is_offered_goes_on_to_a_rule(seed: int, data: st.DataObject, catalog: Catalog) -> None:
    rule = data.draw(st.sampled_from(cases())) if seed % 3 == 0 else random_rule(Draw(random.Random(seed)))
    cursor = data.draw(st.integers(0, len(rule)))
    assert_all_go_on(rule[:cursor], cursor, catalog)


@settings(max_examples=40)
@given(line=st.sampled_from(examples()), data=st.data())
def test_all_that_is_offered_in_the_grammars_examples_goes_on(line: str, data: st.DataObject) -> None:
    cursor = data.draw(st.integers(0, len(line)))
    assert_all_go_on(line[:cursor], cursor, shop(), line.startswith(("let ", "segment ")))


@pytest.mark.parametrize("text", ["hours s", "did not", "does not", "vip and days since last order > 2 x weeks si",
                                  "engaged with email 0 over ", "engaged with email 0 for ",
                                  "total spent > the 1st percentile of average of"])  # fmt: skip
def test_no_word_of_the_name_before_is_offered(text: str, catalog: Catalog) -> None:
    assert_all_go_on(text, len(text), catalog)


@settings(max_examples=40)
@given(seed=st.integers(0, 10**9), data=st.data())
def test_all_that_is_offered_in_a_file_goes_on_to_definitions(seed: int, data: st.DataObject, catalog: Catalog) -> None:
    written = parse_definitions(DEFINITIONS).parts
    rule = random_rule(Draw(random.Random(seed)))
    sample = data.draw(st.sampled_from(["", " sample 10%", ' sample 2.5% or at least 1,000 seed "B"']))
    parts = [data.draw(st.sampled_from(written)).span.text, f"-- Some.\nsegment X (n = 3, c = $4) =\n  {rule}{sample}"]
    text = data.draw(st.sampled_from(["\n", "\n\n"])).join(parts) + data.draw(st.sampled_from(["", "\n", "\n\n"]))
    cursor = data.draw(st.integers(0, len(text)))
    assert_all_go_on(text[:cursor], cursor, catalog, definitions=True)


@settings(max_examples=40)
@given(text=st.text(max_size=60), cursor=st.integers(0, 60))
def test_no_text_breaks_it(text: str, cursor: int) -> None:
    complete(text, min(cursor, len(text)), shop())
