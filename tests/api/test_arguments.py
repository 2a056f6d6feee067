"""Every public function with something odd for each of its parameters: an answer, a `SegQLError`, or an error that
names the parameter; long texts end soon.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from fractions import Fraction
from inspect import Parameter, signature
from pathlib import Path
from typing import Any

import pytest

import segql
from segql import SegQLError, Shop
from segql.ast import Duration
from segql.catalog import Catalog
from segql.insights import expectation, instants, overlap, trend, varied, vary, why_in
from segql.project import Project
from segql.warehouse import Warehouse, WarehouseError, open_dbapi, open_warehouse

from ..worlds.shops import CATALOG

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SHOP = Shop([{"key": "ann"}])
SAVED = segql.segments_from('segment "A" = vip')


class Words(str):
    """A text that is not quite one."""


class NoZone(tzinfo):
    """A zone that does not know how far it is from UTC."""

    def utcoffset(self, _: datetime | None) -> None:
        return None


NO_ZONE = NoZone()  # type: ignore[abstract]  # it need not know the rest either
IN_ITSELF: list[Any] = []
for _ in range(5_000):
    IN_ITSELF = [IN_ITSELF]

VALUES: tuple[Any, ...] = (
    None, True, 0, -1, 10**30, 10**5_000, 1.5, float("nan"), float("-inf"), 1j, Decimal("NaN"), Decimal("sNaN"),
    Decimal("1e999999"), Fraction(1, 3), "", "vip", Words("vip"), "\0", "\ud800", "vip and \ud800", "\ufeff", "\u202e",
    b"", b"vip", bytearray(b"vip"), date.max, datetime(2026, 1, 1), datetime.max, datetime.min.replace(tzinfo=UTC),
    datetime.max.replace(tzinfo=UTC), datetime.max.replace(tzinfo=timezone(timedelta(hours=-14))),
    datetime.min.replace(tzinfo=timezone(timedelta(hours=14))), datetime(2026, 1, 1, tzinfo=NO_ZONE), timedelta.max,
    timedelta(microseconds=1), timedelta(-1), [], ["vip"], (), set(), {}, object, object(), ..., range(10**9),
    IN_ITSELF,
)  # fmt: skip
LONG = (
    "a" * 10**6, "(" * 10**5, "not " * 10**5, "a " * 10**5, f'"{"x" * 10**6}"', "\n" * 10**5, "vip or " * 3_000,
    "nope or " * 1_000, "[" * 10**4, "a: " * 10**4, "1" * 10**5,
)  # fmt: skip
OTHERS: tuple[Callable[[], Any], ...] = (
    lambda: Path("x"), lambda: Path("\0"), lambda: lambda: None, lambda: iter(["vip"]), lambda: iter([{"key": "ann"}]),
    lambda: Catalog, lambda: sys, lambda: Exception("x"), lambda: memoryview(b"vip"), lambda: segql.parse("vip"),
    lambda: SAVED, lambda: SAVED["A"], lambda: Shop([]), lambda: "&a [*a]", lambda: "!!python/object:os.system x",
    lambda: "postgres", lambda: "qmark", lambda: 'segment "A" = vip', lambda: "profiles: {table: a, key: b}",
)  # fmt: skip

RIGHT: dict[str, Any] = {
    "rule": "vip", "text": "vip", "rules": {"a": "vip"}, "shape": "members", "columns": "country",
    "dialect": "duckdb", "now": NOW, "segments": SAVED, "parameters": {},
    "bind": None, "live": False, "cursor": 3, "stored": {}, "definitions": False, "shop": SHOP,
    "profile": "ann", "path": CATALOG, "paths": CATALOG, "texts": "", "name": "x", "profiles": [], "events": {},
    "channels": {}, "lists": {}, "stores": (), "identities": {}, "values": {}, "problems": (), "tenant": None,
    "tests": (), "document": segql.to_json("vip"), "old": "vip", "new": "vip", "after": None, "few": 0, "against": None,
    "rates": None, "every": Duration(1, "w"), "last": 3, "expected": [], "times": [NOW], "what": [],
    "place": ":memory:",
    "seconds": None, "max_bytes": None, "tables": None, "writes": None, "reads": None, "keeps": None,
    "connection": None,
}  # fmt: skip
ASKED = [
    *(getattr(segql, name) for name in segql.__all__ if not isinstance(getattr(segql, name), type)),
    segql.Shop, segql.Segments, segql.Project, why_in, instants, overlap, trend, varied, vary, expectation,
    open_dbapi, open_warehouse,
]  # fmt: skip
FREE = ("problems", "live", "definitions", "reads", "keeps", "writes", "tables", "connection")
"""Of these nothing is looked at but the truth."""
CASES = [(ask, name) for ask in ASKED for name in signature(ask).parameters if name not in FREE]


def odd() -> Iterator[Any]:
    yield from VALUES
    yield from (make() for make in OTHERS)
    for value in VALUES:
        yield {"p": value}
    for name in ("", 1, None, "\ud800", "country", "x" * 10**6, b"p"):
        yield {name: "NL"}


@pytest.fixture(scope="module")
def warehouse() -> Warehouse:
    import duckdb

    return open_dbapi(duckdb.connect(), "duckdb")


@pytest.mark.sampled
@pytest.mark.parametrize(("ask", "name"), CASES, ids=lambda case: getattr(case, "__name__", case))
def test_an_odd_argument_is_answered_or_named(
    ask: Callable[..., Any], name: str, catalog: Catalog, warehouse: Warehouse
) -> None:
    project = Project(catalog, SAVED, now=NOW, warehouse=warehouse)
    right = {**RIGHT, "catalog": catalog, "warehouse": warehouse, "project": project}
    if ask is segql.Segments:
        right["segments"] = {}
    if ask is open_dbapi:
        right["connection"] = warehouse.connection.driver  # type: ignore[attr-defined]
    if ask in (varied, expectation):
        right["text"] = "x = 1, 2" if ask is varied else "members > 3"
    many = signature(ask).parameters[name].kind is Parameter.VAR_POSITIONAL
    for value in odd():
        given = {} if many else {each: right[each] for each in signature(ask).parameters} | {name: value}
        try:
            found = ask(*([value] if many else []), **given)
            if isinstance(found, Shop):
                segql.evaluate("placed order or can receive sms or joined list x", catalog, found, now=NOW)
            if isinstance(found, segql.Segments):
                segql.check('vip and in segment "A"', catalog, segments=found, now=NOW)
        except (SegQLError, WarehouseError) as error:
            assert str(error)  # noqa: PT017
        except (TypeError, ValueError) as error:
            known = f"`{name.removesuffix('s')}", "unknown dialect", "unknown style"
            assert str(error).startswith(known), error  # noqa: PT017


@pytest.mark.parametrize("ask", [segql.check, segql.complete, segql.segments_from, segql.catalog_from_yaml])
def test_a_long_text_ends_soon(ask: Callable[..., Any], catalog: Catalog) -> None:
    for text in LONG:
        more = {segql.check: (catalog,), segql.complete: (len(text), catalog)}.get(ask, ())
        start = time.process_time()
        with suppress(SegQLError):
            ask(text, *more)
        assert time.process_time() - start < 2, f"{text!r:.50}"


RULES = (
    "country is p", "country in (p)", "note contains p", "tags includes p", "total spent > p",
    "number of placed order > p",
    "signed up > p", "placed order in p", "placed order since p", "renewal date before p", "vip is p", "p",
    "placed order at least p times", "month of birth date = p", 'in segment "B" (x = p)',
    "placed order where total > p",
)  # fmt: skip


@pytest.mark.sampled
@pytest.mark.parametrize("rule", RULES)
def test_an_odd_parameter_is_answered_or_named(rule: str, catalog: Catalog) -> None:
    saved = segql.segments_from('segment "B" (x = "NL") = country is x')
    for value in (*VALUES, 1e300, -0.0, Decimal("-0.00"), Decimal("1e-999999"), date.min, "%", "*"):
        try:
            segql.compile(rule, catalog, now=NOW, segments=saved, parameters={"p": value})
            segql.evaluate(rule, catalog, SHOP, now=NOW, segments=saved, parameters={"p": value})
        except SegQLError as error:
            assert str(error)  # noqa: PT017
        except (TypeError, ValueError) as error:
            assert str(error).startswith("`parameters`"), repr(error)  # noqa: PT017
