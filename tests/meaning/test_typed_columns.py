"""Columns that `segql build` writes have the warehouse's types, and say what the evaluator says: on every engine."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import segql
from segql.building.selects import Wanted, selected
from segql.catalog import Catalog
from segql.columns import columns_of
from segql.conditions import Type
from segql.evaluator.columns import table
from segql.project import Project

from ..chance.pairs import SEGMENTS, example
from ..engines import Engine, stored

TEXTS = (
    "country", "score", "credit", "vip", "total spent", "order count", "average order value", "days since last order",
    "last placed order", "first placed order where total > 50", "number of clicked sms in 90d", "can receive sms",
    "in segment Buyers", "last any of (opened email, clicked email)",
)  # fmt: skip
HASHED = "sha256 of nickname"


def told(value: Any) -> Any:
    """A value as both sides say it. Drivers of SQLite and ClickHouse have their own truths, times and zones."""
    match value:
        case bool() | int() | Decimal() | Fraction():
            return Fraction(value)
        case float():
            return round(Fraction(value), 6)
        case datetime():
            return value.replace(tzinfo=value.tzinfo or UTC).astimezone(UTC)
        case date():
            return value.isoformat()
        case str() if value[:2].isdigit() and ":" in value:
            return told(datetime.fromisoformat(value))
        case _:
            return value


def test_typed_columns_are_what_the_evaluator_says(catalog: Catalog, engine: Engine) -> None:
    if engine.dialect == "bigquery":
        return  # its stand-in gives texts alone, which tell no types

    @settings(max_examples=3, phases=(Phase.generate,))
    @given(st.randoms(use_true_random=True))
    def check(random: Random) -> None:
        now, shop, _ = example(random)
        shop = stored(shop, engine)
        engine.load(shop)
        asked = tuple(random.sample(TEXTS, 6))
        hashed = (HASHED,) if engine.dialect != "sqlite" else ()
        meant = segql.meaning("everyone", catalog, now=now, segments=SEGMENTS)
        project = Project(catalog, SEGMENTS, dialect=engine.dialect, now=now)
        done = selected(meant, project, Wanted((*asked, *hashed), "who"))
        assert done.columns[0] == "who"
        columns = columns_of([*asked, "nickname"], catalog, now, segments=SEGMENTS)
        sql = done.sql
        # One's driver does not read times of the tests' date style, DuckDB 1.4 gives no instants without pytz.
        if engine.dialect in ("postgres", "redshift", "duckdb"):
            shown = "TO_CHAR({} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"
            shown = "CAST({} AT TIME ZONE 'UTC' AS TEXT)" if engine.dialect == "duckdb" else shown
            of_time = [False, *(one.type is Type.TIME for one in columns[:-1]), *[False] * len(hashed)]
            texts = [shown.format(n) if time else n for n, time in zip(done.columns, of_time, strict=True)]
            sql = f"SELECT {', '.join(texts)} FROM (\n{sql}\n) AS told"
        found = {row[0]: tuple(map(told, row[1:])) for row in engine.rows(sql)}
        judged = table([(one.of, one.type) for one in columns], shop, catalog, now)
        wanted = {key: (*map(told, row[:-1]), *[sha256(row[-1])] * len(hashed)) for key, row in judged.items()}
        if engine.dialect == "sqlite":  # its decimals are floats
            found, wanted = rounded(found), rounded(wanted)
        for key, row in judged.items():
            if not str(row[-1]).isascii() and key in found and hashed:  # engines have small letters of their own
                found[key], wanted[key] = found[key][:-1], wanted[key][:-1]
        wrong = [(key, found.get(key), wanted[key]) for key in wanted if found.get(key) != wanted[key]]
        assert found == wanted, f"{wrong}\n{done.sql}"

    check()


def rounded(rows: dict[Any, tuple[Any, ...]]) -> dict[Any, tuple[Any, ...]]:
    return {
        key: tuple(f"{float(one):.9g}" if isinstance(one, Fraction) else one for one in row)
        for key, row in rows.items()
    }


def sha256(text: Any) -> str | None:
    bare = (text or "").strip(" ").lower()
    return hashlib.sha256(bare.encode()).hexdigest() if bare else None
