"""No text of a rule, a segment, a parameter or a catalog changes the shape of the SQL, on any executed engine.

The statement for a hostile text is parsed back and compared with the one for a harmless text of the same kind: the same
tree, but for the text itself. And the engine finds exactly those who have the text.
"""

from __future__ import annotations

from typing import Any

import pytest
import sqlglot
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import exp

import segql
from segql.ast import Text
from segql.catalog import Catalog
from segql.catalog.rownames import written
from segql.evaluator import Key, Shop

from .. import engines
from ..engines import Engine, Postgres
from ..worlds.shops import NOWS

NOW = NOWS[0]

HOSTILE = (
    "'; DROP TABLE people; --", "' OR '1'='1", 'a" OR 1=1 --', "\\", "\\'", "a\\' OR 1=1 --", "''", '"', "`",
    "`; DROP TABLE people; --", "/*", "*/ DROP TABLE people; /*", "-- ", "#", "a\nb",
    "a\r\nDROP TABLE people", "\u2028;", "\x85", "$$", "$x$ y $x$", "${x}", "%s", "%(x)s", "{{ x }}",
    "{% raw %}", "?", ":name", "@name", "$1", "__SQLGLOT__LB__", "E'\\x27'", "U&'\\0027'", "\\x27", "\\u0027",
    "0x27", "＇ OR 1=1", "ʼ", "’", "‘;", "‚", "ﬀ", "\u200b'", "\ufeff'", "🎁'", "e\u0301'", "\t'", "%", "_",
    "*", "NULL", "TRUE", "CURRENT_USER", "');", "'))--", "x' UNION SELECT person_id FROM people --",
    "'||(SELECT 1)||'", "'" * 500, "\\" * 499, "a" * 100_000 + "'",
)  # fmt: skip

NUL = "a\0' OR 1=1 --"
"""No text of Postgres holds a NUL, nor does one of a rule there."""


def texts() -> st.SearchStrategy[str]:
    pieces = st.sampled_from(
        [*"'\"\\`;-/*#%_$?:@{}()\n\r\t ", "--", "/*", "*/", "''", "\\'", "OR 1=1", "ʼ", "＇", "é", "🎁", "x"]
    )
    return st.one_of(st.sampled_from(HOSTILE), st.lists(pieces, max_size=20).map("".join), st.text(max_size=30))


def quoted(value: str) -> str:
    return '"' + value.replace('"', '""') + '"'


RULES = (
    "country is given", 'country in (given, "NL")', "note contains given", "note starts with given",
    "note ends with given", "note matches given", "tags includes given", "nickname is given",
    "placed order where (coupon is given)", "placed order where any item (brand is given)",
    "can receive sms because given",
)  # fmt: skip
"""`given` is a parameter: so the text may hold what cannot stand between quotes, a line break for one."""


def shape(sql: str, dialect: str) -> exp.Expr:
    """The statement's tree with every literal blank, and one letter folded for however many there are."""
    statements = sqlglot.parse(sql, dialect=dialect)
    assert len(statements) == 1, sql[:2000]
    tree = statements[0]
    assert isinstance(tree, exp.Select), sql[:2000]
    for node in list(tree.find_all(exp.Replace)):
        if isinstance(node.this, exp.Replace) and all(map(_is_letter, (node.expression, node.args["replacement"]))):
            node.replace(node.this)
    for literal in tree.find_all(exp.Literal):
        literal.set("this", "")
    for part in tree.walk():
        part.comments = None
    return tree


def _is_letter(node: exp.Expr) -> bool:
    return isinstance(node, exp.Literal) and node.is_string and len(node.this) == 1


def compiled(rule: str, catalog: Catalog, engine: Engine, **given: Any) -> str:
    return engines.compiled(rule, catalog, engine.dialect, now=NOW, **given).sql


def fitting(value: str) -> bool:
    """Texts whose pattern has the same shape as the harmless one's: nothing to fold, no `*` or `?`, not empty."""
    return bool(value) and "\0" not in value and "__SQLGLOT__" not in value and "${" not in value


@pytest.mark.sampled
@pytest.mark.parametrize("rule", RULES)
def test_a_text_stays_a_text(rule: str, catalog: Catalog, engine: Engine) -> None:
    def statement(value: str) -> exp.Expr:
        return shape(compiled(rule, catalog, engine, parameters={"given": Text(value)}), engine.dialect)

    harmless = [statement(plain) for plain in ("x1", "X", "1", "*x", "a?", "1%", "a\\b", "1\\")]

    @settings(max_examples=20)
    @given(texts().filter(fitting))
    def check(value: str) -> None:
        assert statement(value) in harmless

    check()


@pytest.mark.sampled
@pytest.mark.parametrize("value", [*HOSTILE, NUL], ids=range(len(HOSTILE) + 1))
def test_the_engine_finds_who_has_the_text(value: str, catalog: Catalog, engine: Engine) -> None:
    if "\0" in value and isinstance(engine, Postgres):
        pytest.skip("Postgres stores no NUL, also where it stands in for Redshift")
    shop = Shop(
        profiles=[{"key": "has", "country": value, "note": f"a{value}b"}, {"key": "not", "country": "x", "note": "y"}],
        channels={"email": [{"profile": key, "receives": True} for key in ("has", "not")]},
    )
    engine.load(shop)

    def found(rule: str) -> set[Key]:
        return engine.members(compiled(rule, catalog, engine, parameters={"given": Text(value)}))

    assert found("country is given") == {"has"}
    assert found("country is not given") == {"not"}
    assert found("note contains given") == {"has"}


def test_a_parameter_and_a_segment_stay_values(catalog: Catalog, engine: Engine) -> None:
    def one(name: str, value: str) -> str:
        segments = segql.segments_from(f'segment {quoted(name)} (c = "x") = country is c')
        assert not segments.problems
        text = f"in segment {quoted(name)} (c = land)"
        return compiled(text, catalog, engine, segments=segments, parameters={"land": Text(value)})

    harmless = shape(one("name", "x"), engine.dialect)
    for value in HOSTILE:
        if fitting(value):
            assert shape(one("name", value), engine.dialect) == harmless, value
        if value.strip() and value.isprintable() and len(value) < 1000:
            assert shape(one(value, "x"), engine.dialect) == harmless, value


def test_names_of_a_catalog_stay_names(engine: Engine) -> None:
    """Tables, columns and names of events belong to whoever writes the catalog; they are names all the same."""

    def statement(name: str) -> Any:
        catalog = Catalog.model_validate({
            "profiles": {"table": "people", "key": "id", "properties": {"p": {"column": name}}},
            "events": {"hit": {"table": "hits", "profile": "who", "time": "ts", "name column": "kind",
                               "name": written(name),
                               "properties": {"q": {"column": name}}}},
            "lists": {"l": {"table": "lists", "profile": "who"}},
        })  # fmt: skip
        rule = 'p is "x" and hit at least twice where (q is "y") and not in list l'
        tree = shape(compiled(rule, catalog, engine), engine.dialect)
        for identifier in tree.find_all(exp.Identifier):
            if identifier.name == name.split(".", maxsplit=1)[0] or identifier.name == name:
                identifier.replace(exp.Identifier(this="blank", quoted=True))
        return tree

    harmless = statement("Some Column")
    for name in HOSTILE:
        if fitting(name) and "." not in name and name.strip() and "\n" not in name and len(name) < 1000:
            assert statement(name) == harmless, name
