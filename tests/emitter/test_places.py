"""Percentiles by the engine itself, where the emitter trusts them: the value at the place ceil(n * share)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import ROUND_CEILING, Decimal
from typing import Any

import duckdb
import pytest
from sqlglot import exp

from segql.dialects import DIALECTS, dialect
from segql.emitter import nodes as n
from segql.emitter.ranks import at_share
from segql.emitter.target import Target

from ..engines.postgres import Postgres
from ..worlds.small_shop import CATALOG, NOW

SHARES = [Decimal(percent) for percent in range(1, 101)] + [Decimal(tenths) / 10 for tenths in (1, 9, 25, 333, 999)]
NUMBERS = [*range(1, 120), 125, 200, 1000, 1001]
LARGE = 200_000
"""Of so many values only those shares are asked whose product with a float goes astray most readily."""
ASTRAY = [Decimal(percent) for percent in (7, 14, 28, 29, 55, 56, 57, 58)]
TABLE = f"""
CREATE TEMP TABLE places (of_all INTEGER, place INTEGER);
INSERT INTO places SELECT of_all, place
  FROM unnest(ARRAY{NUMBERS}) AS numbers(of_all), generate_series(1, 1001) AS s(place) WHERE place <= of_all;
INSERT INTO places SELECT {LARGE}, place FROM generate_series(1, {LARGE}) AS s(place);
"""
Ask = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture(scope="module", params=["duckdb", "postgres"])
def asked(request: pytest.FixtureRequest) -> Iterator[tuple[str, Ask]]:
    if request.param == "duckdb":
        with duckdb.connect() as connection:
            connection.execute(TABLE)
            yield "duckdb", lambda sql: connection.execute(sql).fetchall()
        return
    postgres = Postgres()
    postgres._connection.execute(TABLE)
    yield "postgres", lambda sql: postgres._connection.execute(sql).fetchall()
    postgres.close()


@pytest.mark.parametrize("down", [False, True])
def test_the_place_is_the_share_of_the_number_rounded_up(asked: tuple[str, Ask], down: bool) -> None:
    name, ask = asked
    target = Target(CATALOG, dialect(name), NOW, "profile")

    def places(share: Decimal, where: str) -> dict[int, int]:
        found = at_share(n.column("places", "place"), share, target, down=down)
        assert found is not None
        of_all = n.column("places", "of_all")
        query = n.select([of_all, found], n.table("places"), group=[of_all.copy()]).where(where)
        return dict(ask(query.sql(dialect=name)))

    def wanted(share: Decimal, of_all: int) -> int:
        place = int((of_all * share / 100).to_integral_value(ROUND_CEILING))
        return of_all + 1 - place if down else place

    for share in SHARES:
        assert places(share, f"of_all < {LARGE}") == {number: wanted(share, number) for number in NUMBERS}, share
    for share in ASTRAY:
        assert places(share, f"of_all = {LARGE}") == {LARGE: wanted(share, LARGE)}, share


def test_finer_shares_and_other_engines_are_ranked() -> None:
    value: exp.Column = n.column("places", "place")
    assert at_share(value, Decimal("0.05"), Target(CATALOG, dialect("duckdb"), NOW, "profile")) is None
    trusted = {one for one in DIALECTS if dialect(one).less_of_percentiles is not None}
    assert trusted == {"duckdb", "postgres"}
