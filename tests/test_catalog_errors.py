"""What is wrong with a catalog is said all at once, each thing at its place, with the nearest right word."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segql.catalog import Catalog, catalog_from_yaml, load_catalog
from segql.errors import Problem, SegQLError
from segql.source import NOWHERE

BASE = "profiles: {table: customers, key: customer_id}\n"
EVENT = BASE + "events:\n  e: {table: t, profile: p, "  # the rest of an event follows, from line 3, column 30


def problems(text: str) -> tuple[Problem, ...]:
    with pytest.raises(SegQLError) as caught:
        catalog_from_yaml(text)
    return caught.value.problems


def said(text: str) -> list[tuple[str, str]]:
    """Code and marked text of every problem."""
    return [(p.code, p.span.text) for p in problems(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # shape
        (BASE + "tabel: x", [("unknown-key", "tabel")]),
        ("profiles: {tabel: t, key: k}", [("unknown-key", "tabel")]),
        ("profile: {table: t, key: k}", [("unknown-key", "profile")]),
        ("profiles: {table: t}", [("missing-key", "profiles")]),
        (BASE + "events: [a]", [("wrong-value", "events")]),
        (BASE + "events: {e: }", [("wrong-value", "")]),
        (EVENT + "time: {stored: dat, column: c}}", [("wrong-value", "dat")]),
        (EVENT + "time: {column: c, colum: d}}", [("unknown-key", "colum")]),
        (EVENT + "profiles complete: maybe}", [("wrong-value", "maybe")]),
        (EVENT + "where: ''}", [("wrong-value", "''")]),
        (EVENT + "properties: {a: {type: nummer}}}", [("wrong-value", "nummer")]),
        (EVENT + "properties: {a: {type: number, scale: 10}}}", [("wrong-value", "10")]),
        (EVENT + "properties: {a: {type: number, scale: two}}}", [("wrong-value", "two")]),
        (EVENT + "items: {table: i, on: {}, properties: {}}}", [("missing-key", "items")]),
        (EVENT + "join: {j: {}}}", [("wrong-value", "j")]),
        (BASE + "channels: {sms: {table: t, profile: p}}", [("missing-key", "sms")]),
        (BASE + "sets: {a: [x, ~]}", [("wrong-value", "~")]),
        (BASE + "places: {a: [1]}", [("wrong-value", "a")]),
        (BASE + "places: {a: [1, x]}", [("wrong-value", "a")]),
        # values
        (BASE + "timezone: Amsterdam", [("unknown-zone", "Amsterdam")]),
        (BASE + "timezone: ../etc/passwd", [("unknown-zone", "../etc/passwd")]),
        (BASE + "currency: eur", [("unknown-currency", "eur")]),
        (BASE + "sql dialect: duck", [("unknown-dialect", "duck")]),
        (BASE + "places: {a: [152, 4]}", [("wrong-value", "a")]),
        (BASE + "places: {a: [nan, 4]}", [("wrong-value", "a")]),
        (BASE + "places: {a: [52, 181]}", [("wrong-value", "a")]),
        (EVENT + "visible since: soon}", [("wrong-value", "soon")]),
        (EVENT + "time: {column: c, zone: Mars}}", [("unknown-zone", "Mars")]),
        (EVENT + "time: {column: c, stored: date, zone: UTC}}", [("conflicting-keys", "zone")]),
        # rows
        ("profiles: {table: t, query: SELECT 1, key: k}", [("conflicting-keys", "query")]),
        ("profiles: {key: k}", [("missing-key", "profiles")]),
        (BASE + "events: {e: {profile: p}}", [("missing-key", "e")]),
        (BASE + "events: {e: {table: t}}", [("missing-key", "e")]),
        (EVENT + "name: X}", [("missing-key", "e")]),
        (EVENT + "name column: n}", [("missing-key", "e")]),
        (BASE + "lists: {l: {profile: p}}", [("missing-key", "l")]),
        (BASE + "stores: {name: n}", [("missing-key", "stores")]),
        (BASE + "channels: {c: {table: t, receives when: a}}", [("missing-key", "c")]),
        (BASE + "channels: {c: {profile: p, receives when: a}}", [("missing-key", "c")]),
        # properties
        (EVENT + "properties: {a: {column: c, json: d.e}}}", [("conflicting-keys", "json")]),
        (EVENT + "properties: {a: {json: d}}}", [("wrong-value", "d")]),
        (EVENT + "join: {products: id}, properties: {a: product.b}}", [("unknown-reference", "product.b")]),
        ("profiles: {table: t, key: k, properties: {a: geo.country}}", [("unknown-reference", "geo.country")]),
        (EVENT + "join: {a.b: id}}", [("wrong-value", "a.b")]),
        (EVENT + "properties: {a: {latitude: x, longitude: y}}}", [("wrong-value", "a")]),
        ("profiles: {table: t, key: k, properties: {a: position}}", [("missing-key", "a"), ("missing-key", "a")]),
        (
            "profiles: {key: k, table: t, properties: {a: {latitude: x, longitude: y}, b: {latitude: x, "
            "longitude: y}}}",
            [("conflicting-keys", "b")],
        ),
        (EVENT + "properties: {a: {type: text, latitude: x}}}", [("conflicting-keys", "latitude")]),
        (EVENT + "properties: {a: {type: text, scale: 2}}}", [("conflicting-keys", "scale")]),
        (EVENT + "properties: {a: {type: date, zone: UTC}}}", [("conflicting-keys", "zone")]),
        (
            EVENT + "properties: {a: {type: list of text, entry: {array: x, key is: y}}}}",
            [("wrong-value", "list of text")],
        ),
        (EVENT + "properties: {time: text}}", [("reserved-name", "time")]),
        (EVENT + "items: {table: i, on: o, properties: {x: {also: [Items]}}}}", [("reserved-name", "Items")]),
        # groups of rows
        (EVENT + "group by: g, id: i}", [("conflicting-keys", "id")]),
        (EVENT + "group by: g, properties: {g: text, country: text}}", [("conflicting-keys", "country")]),
        (EVENT + "group by: g, properties: {a: {sql: a + 1}}}", [("bad-sql", "a + 1")]),
        (EVENT + "properties: {a: {sql: sum(a)}}}", [("bad-sql", "sum(a)")]),
        (EVENT + "group by: g, items: {on: g}}", [("conflicting-keys", "on")]),
        # unions
        (BASE + "events: {u: {any of: [x]}}", [("unknown-reference", "x")]),
        (BASE + "events: {u: {any of: [v]}, v: {any of: [U]}}", [("event-cycle", "any of")]),
        (
            EVENT + "any of: [f]}\n  f: {table: t, profile: p}",
            [("conflicting-keys", "table"), ("conflicting-keys", "profile")],
        ),
        # names
        (BASE + "sets: {a: [x], A: [y]}", [("name-clash", "A")]),
        (BASE + "constants: {caf\u00e9: 1, cafe\u0301: 2}", [("name-clash", "cafe\u0301")]),
        (EVENT + "also: [x]}\n  f: {table: t, profile: p, also: [X]}", [("name-clash", "X")]),
        (EVENT + "also: [f]}\n  f: {table: t, profile: p}", [("name-clash", "f")]),
        (EVENT + "}\nmetrics: {E: number of e}", [("name-clash", "E")]),
        (
            "profiles: {table: t, key: k, properties: {e: text}}\nevents: {e: {table: t, profile: p}}",
            [("name-clash", "e")],
        ),
        (EVENT + "properties: {a: text, b: {also: a}}}", [("name-clash", "a")]),
    ],
)  # fmt: skip
def test_each_mistake_is_said_at_its_place(text: str, expected: list[tuple[str, str]]) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        EVENT + "also: [e, E, x, x]}",  # an alias may repeat the name of its own
        EVENT + "properties: {number: text, hour: number, e: text, country: text}}\nchannels: {e: {receives when: a}}",
        "profiles: {table: t, key: k, properties: {a: text}}\nsets: {a: [x]}\nconstants: {a: 1}",
        EVENT + "group by: [g, h], properties: {h: text, a: {sql: my_own(a)}, b: {sql: 'max(a) - min(a)'}}}",
        EVENT + "properties: {a: {sql: 'row_number() over (order by x)'}, b: {sql: (select max(x) from y)}}}",
        BASE + "events: {u: {any of: [v, w], visible since: 2024-01-01}, v: {any of: [w]}, w: {table: t, profile: p}}",
    ],
)
def test_what_is_right_is_left_alone(text: str) -> None:
    assert isinstance(catalog_from_yaml(text), Catalog)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("profiles: {tabel: t, key: k}", "did you mean `table`?"),
        (BASE + "timezone: amsterdam", "did you mean `Europe/Amsterdam`?"),
        (BASE + "currency: EURO", "did you mean `EUR`?"),
        (BASE + "sql dialect: postgress", "did you mean `postgres`?"),
        (BASE + "places: {a: [100, 4]}", "latitude first: [4, 100]"),
        (EVENT + "properties: {a: {type: Number}}}", "did you mean `number`?"),
        (EVENT + "join: {products: id}, properties: {a: product.b}}", "did you mean `products.b`?"),
        (EVENT + "group by: g, properties: {a: {column: c, type: number}}}", "{type: number, sql: min(c)}"),
        (EVENT + "}\n  u: {any of: [E, ee]}", "did you mean `e`?"),
        (EVENT + "id: f(a, b)}", "inside `{..}` a comma begins a new key; put a value with commas in quotes"),
    ],
)
def test_the_hint_is_the_fix(text: str, hint: str) -> None:
    assert [p.hint for p in problems(text)] == [hint]


@pytest.mark.parametrize(
    ("sql", "marked", "words"),
    [
        ("a = (1", "1", "`)` is missing after `1`"),
        ("a = 1 and and b", "and b", "`and`"),
        ("a =", "=", "something is missing after `=`"),
        ("a, b", ", b", "`,` does not belong here"),
        ("a = 1; DROP TABLE x", "DROP TABLE x", "`DROP` does not belong here"),
        ("a = 'x", None, "a quote or a comment is never closed"),
        ("-- nothing", None, "is only a comment"),
        ("a = ?", None, "waits for a value"),
        ("a = $1", None, "waits for a value"),
        ("exists (WITH d AS (DELETE FROM x RETURNING *) SELECT * FROM d)", None, "may only read"),
        ("count(*) > 1", None, "an aggregate needs several"),
        ("*", None, "`*` stands for columns"),
        ("(" * 3000 + "a" + ")" * 3000, None, "nested too deep"),
    ],
)
def test_sql_conditions_are_one_expression_that_reads(sql: str, marked: str | None, words: str) -> None:
    quoted = '"' + sql + '"'
    (problem,) = problems(EVENT + f"where: {quoted}}}")
    assert problem.code == "bad-sql"
    assert words in problem.message
    assert problem.span.text == (marked or quoted)


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM t",
        "SELECT 1; SELECT 2",
        "SELECT 1 INTO t",
        "EXPLAIN SELECT 1",
        "CREATE TABLE t AS SELECT 1",
        "ATTACH 'x'",
        "WITH d AS (DELETE FROM t RETURNING *) SELECT * FROM d",
        "SELECT * FROM t WHERE a = ?",
        "SELECT FROM WHERE",
        "a = 1",
        "SELECT * FROM t FOR UPDATE",
        "COPY t TO 'x'",
        "SET x = 1",
        "(" * 3000 + "SELECT 1",
    ],
)
def test_queries_are_one_select(sql: str) -> None:
    assert [p.code for p in problems(BASE + f'events: {{e: {{query: "{sql}", profile: p}}}}')] == ["bad-sql"]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM t",
        "FROM t",
        "WITH a AS (SELECT 1) SELECT * FROM a",
        "(SELECT 1) UNION ALL (SELECT 2)",
        "SELECT 1;",
        "-- why\n\nSELECT 1",
        "/* why */ select 1",
    ],
)
def test_queries_that_read(sql: str) -> None:
    indented = sql.replace("\n", "\n        ")
    catalog_from_yaml(BASE + f"events:\n  e:\n    profile: p\n    query: |\n        {indented}\n")


def test_sql_is_read_in_its_dialect() -> None:
    text = EVENT + "where: a = r'x' AND SAFE_CAST(b AS INT64) > 1 AND `c d` = 1}"
    catalog_from_yaml(text + "\nsql dialect: bigquery")
    assert [p.code for p in problems(text)] == ["bad-sql"]


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


def test_everything_is_said_at_once_and_nothing_twice() -> None:
    text = """
timezone: Europe/Amsterdm
profiles:
  tabel: customers
  key: [a]
  properties:
    time: text
    age: {type: nummer}
    Country: text
    country: text
channels:
  sms: {table: consent, receives wen: "a = 1"}
events:
  placed order: {also: [bought], table: orders, time: {column: x, zone: Mars}, profiles complete: maybe}
  purchase: {also: [Bought], table: orders, profile: c, where: "a = (1", properties: {brand: product.brand}}
  all: {any of: [placed ordr, purchase]}
constants: {x: }
"""
    assert said(text) == [
        ("unknown-zone", "Europe/Amsterdm"),
        ("unknown-key", "tabel"),
        ("wrong-value", "key"),
        ("reserved-name", "time"),
        ("wrong-value", "nummer"),
        ("name-clash", "country"),
        ("unknown-key", "receives wen"),
        ("missing-key", "placed order"),
        ("unknown-zone", "Mars"),
        ("wrong-value", "maybe"),
        ("name-clash", "Bought"),
        ("bad-sql", "1"),
        ("unknown-reference", "product.brand"),
        ("unknown-reference", "placed ordr"),
        ("wrong-value", ""),
    ]


def test_the_place_is_shown_with_a_caret() -> None:
    (problem,) = problems(EVENT + "tim: x}")
    assert str(problem) == (
        'error[unknown-key]: `tim` is no key of the event "e".\n'
        " --> catalog:3:29\n"
        "  |\n"
        "3 |   e: {table: t, profile: p, tim: x}\n"
        "  |                             ^^^\n"
        "  help: did you mean `time`?"
    )


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


def test_from_python_it_says_the_same_without_a_place() -> None:
    with pytest.raises(SegQLError) as caught:
        Catalog.model_validate(
            {"profiles": {"table": "t", "key": "k"}, "events": {"e": {"tabel": 1, "profile": 5}}, "sets": {1: []}}
        )
    assert [p.code for p in caught.value.problems] == ["wrong-value", "unknown-key", "wrong-value"]
    assert all(p.span == NOWHERE for p in caught.value.problems)
    for odd in (None, [], "x", 5, {}, {1: 2}, {"profiles": None}, {"profiles": 3, "events": {"e": 3}}):
        with pytest.raises(SegQLError):
            Catalog.model_validate(odd)


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


@settings(max_examples=150, deadline=None)
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


@settings(max_examples=150, deadline=None)
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
