"""Things of two brands and collections, joined: what is taken is a thing that there can be, each with its own words."""

from __future__ import annotations

from itertools import product

import duckdb
import pytest

import segql
from segql import Catalog, SegQLError, demo

VERBS = {"bought": ("placed order where ", "any item ({})"), "viewed": ("viewed product where ", "({})")}
COLLECTIONS = {"beans": "Beans", "grinders": "Grinders", "filter coffee": "Filter coffee"}
FORMS = {
    "{a} or {brand} {b}": ("{a}", "{brand}, {b}"),
    "{brand} or {other} {b}": ("{brand}, {b}", "{other}, {b}"),
    "{a} or {b}": ("{a}", "{b}"),
    "{a} or {b} from {brand}": (),
    "{brand} {a} or {b}": (),
    "{a} from {brand} or {other}": ("{brand}, {a}", "{other}, {a}"),
    "{brand} {a} or {other} {b}": ("{brand}, {a}", "{other}, {b}"),
}
"""What is typed, and the things that it may be taken for, where it has one reading."""
SENTENCES = [
    (verb, form, behind, names)
    for verb, form, behind in product(VERBS, FORMS, ("", " this year"))
    for names in (("beans", "grinders", "Molen", "Øst"), ("filter coffee", "beans", "Øst", "Molen"))
]


@pytest.fixture(scope="module")
def shop() -> tuple[Catalog, duckdb.DuckDBPyConnection]:
    catalog = segql.load_catalog(str(demo.shop_folder() / "catalog.yaml"))
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    demo.build(connection)
    return catalog, connection


def _rule(verb: str, things: tuple[str, ...], behind: str) -> str:
    head, form = VERBS[verb]

    def test(thing: str) -> str:
        named = (f'collection is "{COLLECTIONS[one]}"' if one in COLLECTIONS else f'brand is "{one}"'
                 for one in thing.split(", "))  # fmt: skip
        return form.format(" and ".join(named))

    return f"{head}({' or '.join(map(test, things))}){behind}"


@pytest.mark.sampled
@pytest.mark.parametrize(("verb", "form", "behind", "names"), SENTENCES)
def test_each_thing_has_its_own_words(
    verb: str, form: str, behind: str, names: tuple[str, ...], shop: tuple[Catalog, duckdb.DuckDBPyConnection]
) -> None:
    a, b, brand, other = names
    typed = f"{verb} {form}".format(a=a, b=b, brand=brand, other=other) + behind
    things = tuple(one.format(a=a, b=b, brand=brand, other=other) for one in FORMS[form])
    try:
        found = segql.meaning(typed, shop[0], now=demo.NOW)
    except SegQLError:
        return
    assert not [one.code for one in found.problems if one.code == "never-true"], found.text
    assert things, found.text
    assert _members(typed, shop) == _members(_rule(verb, things, behind), shop), found.text


def _members(rule: str, shop: tuple[Catalog, duckdb.DuckDBPyConnection]) -> set[object]:
    sql = segql.compile(rule, shop[0], now=demo.NOW).sql
    return {key for (key,) in shop[1].execute(sql).fetchall()}
