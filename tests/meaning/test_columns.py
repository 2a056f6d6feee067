"""Columns of members are what the evaluator says of each: on every engine, with random rules and shops."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from segql.catalog import Catalog
from segql.columns import Column, columns_of, written_columns
from segql.conditions import Type
from segql.errors import SegQLError
from segql.evaluator import Key, Shop, members
from segql.evaluator.columns import table

from ..chance.pairs import SEGMENTS, case, example
from ..engines import Engine, Unable, stored
from .test_many import able

TEXTS = (
    "country", "size", "score", "balance", "credit", "vip", "birthday", "last seen", "first contact", "name day",
    "tags", "lucky numbers", "position", "nickname", "last order value",
    "total spent", "order count", "average order value", "dearest order", "middle order", "pieces", "brands",
    "click rate", "spent per order", "discount rate", "days since last order", "days between orders",
    "last placed order", "first placed order where total > 50", "last any of (opened email, clicked email)",
    "last visited store", "first phoned us", "first received push", "number of clicked sms in 90d",
    "number of clicked email + number of clicked sms", "delivery of last placed order",
    "max of shipped of placed order", "max of delivery of placed order", "total of first placed order",
    "average of price of placed order in 1y", "median of duration of visited store",
    "can receive sms", "cannot receive email", "in segment Buyers", "month of birthday", "latitude of position",
    "sum of total of placed order / number of clicked email",
)  # fmt: skip
FEWER = {"duckdb": 3}


def plain(value: Any, type_: Type) -> Any:
    """A value as both sides say it."""
    match value:
        case Fraction():
            return value
        case bool():
            return value
        case int() | Decimal():
            return Fraction(value)
        case datetime():
            return value.astimezone(UTC)
        case tuple():
            return tuple(plain(one, type_) for one in value)
        case _ if type_ is Type.MONTH_DAY and value is not None:
            return str(value)[-5:]
        case _:
            return value


def found(columns: tuple[Column, ...], meaning: Any, catalog: Catalog, engine: Engine) -> Mapping[Key, tuple[Any, ...]]:
    done = written_columns(meaning, columns, catalog, engine.dialect)
    sql = done.sql
    if engine.dialect == "bigquery":
        key, *names = done.names
        texts = ", ".join([key, *(_text(name) for name in names)])
        sql = f"SELECT {texts} FROM (\n{sql}\n) AS told"
    rows = [done.read(row) for row in engine.rows(sql)]
    told = {key: tuple(plain(one, of.type) for one, of in zip(rest, columns, strict=True)) for key, *rest in rows}
    assert len(told) == len(rows), f"a key comes twice\n{done.sql}"
    return told


def _text(name: str) -> str:
    """What ZetaSQL's service gives as a text, of any type."""
    shown = "WHEN told = 'true' THEN '1' WHEN told = 'false' THEN '0' WHEN LEFT(told, 1) = '\"' THEN JSON_VALUE(told)"
    found = f"CASE WHEN told = 'null' THEN NULL {shown} ELSE told END"
    return f"(SELECT {found} FROM (SELECT TO_JSON_STRING(`{name}`) AS told))"


def wanted(columns: tuple[Column, ...], meaning: Any, shop: Shop, catalog: Catalog) -> Mapping[Key, tuple[Any, ...]]:
    inside = members(meaning.bound, shop, catalog, meaning.now, meaning.sample)
    told = table([(one.of, one.type) for one in columns], shop, catalog, meaning.now)
    return {
        key: tuple(plain(one, of.type) for one, of in zip(row, columns, strict=True))
        for key, row in told.items()
        if key in inside
    }


def test_columns_are_what_the_evaluator_says(catalog: Catalog, engine: Engine) -> None:
    @settings(max_examples=FEWER.get(engine.dialect, 2), phases=(Phase.generate,))
    @given(st.randoms(use_true_random=True))
    def check(random: Random) -> None:
        now, shop, texts = example(random)
        shop = stored(shop, engine)
        engine.load(shop)
        meanings = able({text: (text, now) for text in random.sample(texts, 3)}, catalog, engine)
        for text in ("everyone", *meanings):
            truths = [f"({one})" for one in meanings if one != text][:1]
            asked = [*random.sample(TEXTS, 8), *truths]
            columns = columns_of(asked, catalog, now, segments=SEGMENTS)
            meaning = meanings.get(text) or able({text: (text, now)}, catalog, engine)[text]
            try:
                told = found(columns, meaning, catalog, engine)
            except Unable:
                continue
            except SegQLError as error:
                if {problem.code for problem in error.problems} == {"not-in-dialect"}:
                    continue
                raise
            judged = wanted(columns, meaning, shop, catalog)
            wrong = [
                f"{key}: {of.name} is {mine!r}, and {its!r} is wanted"
                for key in judged.keys() & told.keys()
                for of, mine, its in zip(columns, told[key], judged[key], strict=True)
                if mine != its
            ]
            assert told == judged, "\n".join([*wrong, case(text, now, shop)])

    check()
