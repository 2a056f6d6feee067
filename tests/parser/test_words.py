"""The table of words: each word stands there alone, and another table makes another language of the same meaning."""

from __future__ import annotations

import ast
import json
import os
import pickle
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import segql
from segql.catalog import catalog_from_yaml
from segql.formatter import format
from segql.parser import parse_definitions, parse_rule
from segql.parser.engine.spellings import examples
from segql.parser.engine.tables import tables
from segql.parser.engine.terminals import NAMES, VALUES
from segql.words import NUMBERED, read, words, written

from ..binder.bound import NOW

ROOT = Path(__file__).parents[2]
IN_VALUES = {
    "UNITS", "SHORT", "FACTOR", "DISTANCE", "ONE", "WHOLE", "PERIODS", "CARDINAL", "MONTH", "QUARTER", "HALF", "SPAN",
    "THE", "PAST", "NEXT", "YEAR", "OVER", "UNDER", "UP_TO", "BARE_STATISTIC",
    "ARTICLE", "ENDING", "IRREGULAR", "TEST", "NOW", "GIVEN", "EXPECT",
}  # fmt: skip
"""Words that stand in the patterns of terminals, and make none of their own."""
READ_ONLY = {
    "ONLY", "ONE", "PREVIOUS", "IS_OVER", "IS_UNDER", "OR_MORE", "DURING", "FROM", "TO", "UNTIL", "THROUGH",
    "SO_FAR_THIS", "CARDINAL", "MONTH", "QUARTER", "HALF", "SPAN", "THE", "PAST", "NEXT", "YEAR", "OVER", "UNDER",
    "UP_TO", "BARE_STATISTIC", "IN_EACH",
}  # fmt: skip
"""Other words for what is printed in those of another keyword."""


def test_every_keyword_has_its_words_and_every_word_its_keyword() -> None:
    assert set(words().senses) - IN_VALUES == {t.name for t in tables().terminals}.difference(NAMES, VALUES, ["STRING"])
    assert set(words().senses) >= IN_VALUES


def test_a_spelling_means_one_thing() -> None:
    lines = [line.split(": ") for line in written("english.txt").splitlines() if line and line[0] != "#"]
    # But for an ending, which may stand for several: `ed` for nothing, and for `e`.
    said = [(key.partition(".")[0], spelled) for key, spelled, *_ in lines if not key.startswith("ENDING")]
    assert len(set(said)) == len(said)
    assert {unit for keyword, unit in words().spelled if keyword == "UNIT"} == {
        unit for keyword, unit in words().spelled if keyword == "UNITS"
    }


# --- another language -----------------------------------------------------------------------------------------------

MORE = (
    "first any of (a, b) in the last hour and last any of (a, b) in the last minute and a in the last second",
    "min of total of a >= 1 and max of total of a != 2 and days since first any of (a, b) <= 3",
    'day of birthday is 5 and weekday of birthday is "Monday" and year of birthday at most 2,000',
    "a where every item (b is set) and a where no item (b is not set) and a where between 2 and 4 items",
    "a at most twice and a fewer than 2 times and b is not set and c is empty and d is not empty and e is false",
    'b starts with "x" and b ends with "x" and b does not start with "x" and b does not end with "x"',
    'b does not match "x*" and b include all of ("x", "z") and b include none of ("x", "z")',
    "a on exactly 2 different weeks and a on exactly 2 different months and b before tomorrow",
    *(f'b {spelled[0]} "x"' for (kind, _), spelled in words().spelled.items() if kind == "INCLUDE_LIKE"),
    *(f"b {which} {unit}" for which in ("this", "last", "next") for unit in ("week", "month", "quarter", "year")),
    "a in the last 2 years and a in the last 2 minutes and a in the last 2 seconds",
    'test "x" now: 2026-11-22T10:00 given: a 2 hours ago expect: b is set',
    "a in 2min and a in 2s and a in 2w and longitude of b > 5",
    *(f"a in the last 2 whole {unit}" for unit in ("days", "weeks", "months", "quarters", "years")),
)
NEVER_PRINTED = {
    ("LESS_THAN", ""), ("TIME", ""), ("ZERO_TIMES", ""), ("SHORT", "mo"), ("SHORT", "y"), ("SLASH", ""),
    *(("INCLUDE_OF", f"one {which}") for which in ("any", "all", "none")),
}  # fmt: skip

READ_ALONE = {"BUT", "EXCEPT", "PEOPLE", "WHO", "DENIED", "LACKS", "ARTICLE", "ENDING", "IRREGULAR"}
"""Keywords of which no sense is printed: other words say what they mean."""

READ_THERE = """
import json, pickle, sys
import segql
import segql
from segql.catalog import catalog_from_yaml
from segql.formatter import format
from segql.highlighter import SegQLLexer
from segql.parser import parse_definitions, parse_rule

said = []
for english, tree, parse in pickle.load(open(sys.argv[1], "rb")):
    text = format(tree)
    assert globals()[parse](text) == tree, (english, text)
    assert format(globals()[parse](text)) == text, text
    coloured = {str(kind) for kind, _ in SegQLLexer().get_tokens(text)}
    assert "Token.Error" not in coloured, text
    said.append((english, text))
print(json.dumps(said))
"""


def other(spelled: str) -> str:
    """Each word backwards: `in the last` is `niek ehtek tsalek`. Numbers stay."""
    return re.sub(r"(?<![0-9])\b[a-z]+", lambda found: found[0][::-1] + "ek", spelled)


def translated(rule: str) -> str:
    """A rule whose keywords are written as `other` writes them; what is no word of a keyword stays."""
    known = {word for senses in words().senses.values() for text in senses for word in re.findall("[a-z]+", text)}
    parts = re.split('("[^"]*")', rule)
    for place in range(0, len(parts), 2):
        parts[place] = re.sub("[a-z]+", lambda word: other(word[0]) if word[0] in known else word[0], parts[place])
    return "".join(parts)


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package in which every keyword is spelled in another way; nothing else is touched."""
    place = tmp_path_factory.mktemp("language")
    shutil.copytree(ROOT / "segql", place / "segql", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "grammar", place / "grammar")
    lines = written("english.txt").splitlines()
    table = [
        line if not line or line[0] == "#" else ": ".join([key, other(spelled), *said])
        for line in lines
        for key, spelled, *said in [[*line.split(": ", 2), "", ""][:3]]
    ]
    (place / "grammar" / "english.txt").write_text("\n".join(line.removesuffix(": ") for line in table) + "\n")
    return place


def run_there(place: Path, script: str, *arguments: str) -> Any:
    settings = {**os.environ, "PYTHONPATH": str(place), "XDG_CACHE_HOME": str(place / "cache")}
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments], cwd=place, env=settings, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_all_forms_are_read_and_printed_in_another_language(elsewhere: Path) -> None:
    trees = []
    for line in (*examples(), *MORE):
        parse = parse_definitions if line.startswith(("let ", "segment ", "test ")) else parse_rule
        trees.append((format(parse(line)), parse(line), parse.__name__))
    (elsewhere / "trees").write_bytes(pickle.dumps(trees))
    found = dict(run_there(elsewhere, READ_THERE, str(elsewhere / "trees")))
    assert set(found) == {english for english, _, _ in trees}
    printed = "\n".join(found)
    assert {
        key
        for key, (spelled, *_) in words().spelled.items()
        if key[0] not in READ_ONLY | READ_ALONE and not re.search(rf"(?<![a-z]){re.escape(spelled)}(?![a-z])", printed)
    } == NEVER_PRINTED
    assert found["placed order in the last 72 hours"] == "placed order niek ehtek tsalek 72 sruohek"
    assert found["age between 18 and 30"] == "age neewtebek 18 dnaek 30"
    assert found['tags include any of ("vip", "new")'] == 'tags edulcniek ynaek foek ("vip", "new")'
    assert found["total spent > the 90th percentile"] == "total spent > ehtek 90th elitnecrepek"
    assert found["not placed order"] == "tonek placed order"


BOUND = (
    "first placed order in 30d has total > 10",
    'every "placed order" has total > 10',
    "last any of (placed order, clicked sms) in the last 7 days",
    "number of placed order > 3",
    "days since last placed order > 30",
    "days between placed order in 1y < 30",
    'age > 18 and country is not in ("NL", "BE") and not placed order in 72h',
)
TYPED = ("placed order niek eht", "tsr", "rebmunek foek placed or", "placed order noek taek tsaelek 2 tner")
OFFERED = ("niek ehtek tsalek", "tsrifek", "rebmunek foek placed order", "tnereffidek syadek")
COMPILE_THERE = """
import json, sys
from datetime import datetime
import segql
from segql.catalog import catalog_from_yaml

catalog = catalog_from_yaml(sys.argv[1])
now = datetime.fromisoformat(sys.argv[4])
sql = [segql.compile(text, catalog, now=now).sql for text in json.loads(sys.argv[2])]
offered = [[one.text for one in segql.complete(text, len(text), catalog)] for text in json.loads(sys.argv[3])]
print(json.dumps([sql, offered]))
"""
HELP_THERE = """
import json, sys
import segql
from segql.catalog import catalog_from_yaml

catalog = catalog_from_yaml(sys.argv[1])
print(json.dumps([[fix.text for one in segql.check(rule, catalog) for fix in one.fixes] for rule in sys.argv[2:]]))
"""
HELPED = (
    "placed order in last month",
    "placed order where total > 10 2",
    "placed order in the last quarter",
    "placed order before 3 days",
    "placed order",
    "placed order within 3d",
    "placed order then never clicked sms",
    "signup date < 3 days ago",
    'tags in ("vip") and country in benelux and age is nothing',
    "country is nothing",
    "placed order 30 days",
)


def without_rule(sql: str) -> str:
    """Without the comment above it, which is the rule as it is written."""
    return re.sub(r"(?m)^--.*\n", "", sql)


def test_names_behind_words_of_another_language_mean_the_same(elsewhere: Path) -> None:
    catalog = (ROOT / "tests" / "worlds" / "catalog.yaml").read_text(encoding="utf-8").partition("\nmetrics:")[0]
    here = [segql.compile(text, catalog_from_yaml(catalog), now=NOW).sql for text in BOUND]
    asked = [json.dumps([translated(text) for text in BOUND]), json.dumps(TYPED), NOW.isoformat()]
    there, offered = run_there(elsewhere, COMPILE_THERE, catalog, *asked)
    assert [without_rule(sql) for sql in there] == [without_rule(sql) for sql in here]
    for found, one in zip(offered, OFFERED, strict=True):
        assert one in found


def test_what_is_to_be_written_instead_is_said_in_that_language(elsewhere: Path) -> None:
    catalog = (ROOT / "tests" / "worlds" / "catalog.yaml").read_text(encoding="utf-8").partition("\nmetrics:")[0]
    here = [[fix.text for one in segql.check(rule, catalog_from_yaml(catalog)) for fix in one.fixes] for rule in HELPED]
    assert sum(map(len, here)) > 10
    there = run_there(elsewhere, HELP_THERE, catalog, *map(translated, HELPED))
    assert there == [[translated(text) for text in texts] for texts in here]


# --- no word of the language stands anywhere else -------------------------------------------------------------------

LETTERS = {"s", "h", "d", "w", "y", "x", "a"}
OF_PYTHON = {"minutes", "seconds"}
"""Of `datetime.isoformat`."""


def words_of_the_language() -> set[str]:
    spelled = (NUMBERED.sub("", text) for senses in words().senses.values() for text in senses)
    return {one for text in spelled for one in re.findall("[a-z]+", text)} - LETTERS


def texts(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Texts that may be printed: not docstrings, nor what trees call things (compared, matched, asked of the table)."""
    for node in ast.iter_child_nodes(tree):
        match node:
            case ast.Expr(ast.Constant()) | ast.MatchValue() | ast.Compare() | ast.Subscript():
                continue
            case ast.Call(ast.Name("word")):
                continue
            case ast.Call(ast.Name("say"), [form, *rest]):
                yield from texts(ast.List([form]))
                yield from texts(ast.List(rest))
            case ast.Dict(values=values):
                yield from texts(ast.List(values))
            case ast.Constant(str(text)):
                yield node.lineno, text
            case _:
                yield from texts(node)


def test_heads_are_no_words_of_the_binder() -> None:
    spelled = {text for senses in words().senses.values() for text in senses}
    for line, text in texts(ast.parse((ROOT / "segql" / "binder" / "heads.py").read_text(encoding="utf-8"))):
        assert text.strip(" (,") not in spelled, f"{line}: {text}"


@pytest.mark.parametrize("path", sorted((ROOT / "segql" / "formatter").glob("*.py")), ids=lambda path: path.name)
def test_the_printer_knows_no_word_of_its_own(path: Path) -> None:
    known = words_of_the_language() - OF_PYTHON
    for line, text in texts(ast.parse(path.read_text(encoding="utf-8"))):
        assert not known.intersection(re.findall("[a-z]+", text)), f"{path.name}:{line}: {text}"


def test_such_a_word_is_found() -> None:
    found = [text for _, text in texts(ast.parse('"""in"""\nif a == "in": say("IN {}", f"in {b}")\nword("IN", "in")'))]
    assert found == ["IN {}", "in "]


def test_a_table_is_read_as_it_is_written() -> None:
    table = read("# said: so\n\nIN: in: in: so\nEDGE.last: latest: the last\nEDGE.last: final\n")
    assert table.spelled == {("IN", ""): ("in",), ("EDGE", "last"): ("latest", "final")}
    assert table.senses == {"IN": {"in": ""}, "EDGE": {"latest": "last", "final": "last"}}
    assert table.meanings == {("IN", "in"): "in: so", ("EDGE", "latest"): "the last"}
