"""Tables that hold the rows of several shops, with the same keys of profiles and the same ids: one of them finds the
members that it would find alone, on each engine and by the evaluator, whatever a rule asks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import segql
from segql import evaluator
from segql.catalog import Catalog
from segql.catalog.model import Tenant
from segql.errors import SegQLError
from segql.evaluator import Shop
from segql.many import written_many

from ..chance.pairs import SEGMENTS, case, example
from ..engines import Engine, Unable, compiled, stored
from ..worlds.shop_tables import MINE, Mixed
from ..worlds.shops import random_shop
from .test_many import able, counts_of, expected, rows

OTHERS = ("other", "MINE", None)
"""Tenants beside one's own; a name in other letters is another, and rows of nobody are nobody's."""


@pytest.fixture(scope="module")
def of_tenants(catalog: Catalog) -> Catalog:
    return catalog.model_copy(update={"tenant": Tenant(column="shop_id")})


def with_others(shop: Shop, others: Mapping[str | None, Shop]) -> Shop:
    """The rows of all shops as the evaluator wants them, each with its tenant."""

    def of(name: str | None, rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        return [
            {**row, **({"items": of(name, row["items"])} if "items" in row else {}), "tenant": name} for row in rows
        ]

    every = {MINE: shop, **others}

    def by_name(part: Callable[[Shop], Mapping[str, Any]]) -> dict[str, Any]:
        names = dict.fromkeys(name for one in every.values() for name in part(one))
        return {
            name: [row for tenant, one in every.items() for row in of(tenant, part(one).get(name, ()))]
            for name in names
        }

    return Shop(
        [row for tenant, one in every.items() for row in of(tenant, one.profiles)],
        by_name(lambda one: one.events),
        by_name(lambda one: one.channels),
        by_name(lambda one: one.lists),
        [row for tenant, one in every.items() for row in of(tenant, one.stores)],
        by_name(lambda one: one.identities),
    )


def compare(number: int, of_tenants: Catalog, catalog: Catalog, engine: Engine) -> None:
    mine = of_tenants.narrowed(MINE)

    @settings(max_examples=number, phases=(Phase.generate,))
    @given(st.randoms(use_true_random=True))
    def check(random: Random) -> None:
        now, shop, texts = example(random)
        others = {name: stored(random_shop(random, now), engine) for name in OTHERS}
        shop = stored(shop, engine)
        engine.load(Mixed(shop.profiles, shop.events, shop.channels, shop.lists, shop.stores, shop.identities, others))
        every = with_others(shop, others)
        for rule in texts:
            try:
                done = compiled(rule, mine, engine.dialect, now=now, segments=SEGMENTS)
                found = engine.members(done.sql)
            except Unable:
                continue
            alone = evaluator.members(done.meaning.bound, shop, catalog, now)
            assert found == alone, f"{case(rule, now, shop)}\n{done.sql}"
            assert evaluator.members(done.meaning.bound, every, mine, now) == alone, case(rule, now, shop)

    check()


FEW = {"duckdb": 2, "postgres": 2}


def test_a_tenant_finds_whom_it_would_find_alone(of_tenants: Catalog, catalog: Catalog, engine: Engine) -> None:
    compare(FEW.get(engine.dialect, 1), of_tenants, catalog, engine)


@pytest.mark.long
def test_a_tenant_finds_whom_it_would_find_alone_at_length(
    of_tenants: Catalog, catalog: Catalog, engine: Engine
) -> None:
    compare(25 * FEW.get(engine.dialect, 1), of_tenants, catalog, engine)


def compare_many(number: int, of_tenants: Catalog, catalog: Catalog, engine: Engine) -> None:
    """All rules of an example in one statement, as members and as counts."""
    mine = of_tenants.narrowed(MINE)

    @settings(max_examples=number, phases=(Phase.generate,))
    @given(st.randoms(use_true_random=True))
    def check(random: Random) -> None:
        now, shop, texts = example(random)
        others = {name: stored(random_shop(random, now), engine) for name in OTHERS}
        shop = stored(shop, engine)
        engine.load(Mixed(shop.profiles, shop.events, shop.channels, shop.lists, shop.stores, shop.identities, others))
        meanings = able({f"r{place}": (text, now) for place, text in enumerate(texts)}, mine, engine)
        try:
            done = written_many(meanings, mine, engine.dialect)
            counted = written_many(meanings, mine, engine.dialect, "counts")
        except SegQLError as error:
            if engine.dialect != "sqlite" or "nest so deep" not in error.problems[0].message:
                raise
            return  # alone each was about as deep already as SQLite reads
        alone = expected(meanings, shop, catalog)
        found = rows(done.sql, engine, catalog.profiles.key)
        assert found == alone, f"{sorted(found ^ alone)}\n{case(texts[0], now, shop)}\n{done.sql}"
        assert rows(counted.sql, engine, "members") == counts_of(alone), counted.sql

    check()


def test_many_rules_of_a_tenant_find_whom_they_would_find_alone(
    of_tenants: Catalog, catalog: Catalog, engine: Engine
) -> None:
    compare_many(1, of_tenants, catalog, engine)


@pytest.mark.long
def test_many_rules_of_a_tenant_at_length(of_tenants: Catalog, catalog: Catalog, engine: Engine) -> None:
    compare_many(20, of_tenants, catalog, engine)


def test_without_the_predicate_others_are_found(catalog: Catalog, engine: Engine) -> None:
    """What is compared above would be told by wrong SQL."""
    shop, other = (Shop([{"key": key, "country": "NL"}]) for key in ("a", "b"))
    engine.load(Mixed(shop.profiles, others={"other": other}))
    assert engine.members(compiled('country is "NL"', catalog, engine.dialect).sql) == {"a", "b"}


def test_values_are_typed_as_the_column_is(engine: Engine, catalog: Catalog) -> None:
    """A value that another column would be read as is refused, not cast."""
    numbered = catalog.model_copy(update={"tenant": Tenant(column="size", type="integer")})
    shop = Shop([{"key": "a", "size": 1}, {"key": "b", "size": 10}, {"key": "c"}])
    engine.load(shop)
    for value in (1, "1"):
        sql = compiled("everyone", numbered.narrowed(value), engine.dialect).sql
        assert engine.members(sql) == {"a"}
    for wrong in ("1 ", "01", "1abc", "", "1.0", 2**63, "١"):
        with pytest.raises(segql.SegQLError, match="wrong-tenant"):
            numbered.narrowed(wrong)


HOSTILE = ("'; DROP TABLE people; --", "' OR '1'='1", "mine' --", "\\", "\\' OR 1=1 --", "mine ", "Mine", "m%", "_ine")


@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_value_is_nobodys(value: str, of_tenants: Catalog, engine: Engine) -> None:
    shop = Shop([{"key": "a"}], stores=[])
    engine.load(replace(shop))
    assert engine.members(compiled("everyone", of_tenants.narrowed(value), engine.dialect).sql) == set()
    engine.load(Mixed(shop.profiles, others={value: Shop([{"key": "b"}])}))
    assert engine.members(compiled("everyone", of_tenants.narrowed(value), engine.dialect).sql) == {"b"}
