"""What a query became is written as a query again, and that is the normal form: the same members, and stable."""

from __future__ import annotations

from random import Random

from hypothesis import given

import segql
from segql.formats import Setting, exporter, text_of
from segql.formats.shopify.parsing import parse
from segql.source import Source

from ..imported import imported, names_of
from . import queries, vendor
from .shop import CATALOG, NOW
from .test_members import ROWS, SEEDS

NAMES = """
properties:
  metafields.facts.birth_date: birth date
  metafields.facts.wedding: wedding
  metafields.custom.vip: vip
  metafields.custom.shoe_size: shoe size
  metafields.custom.favourite_colour: favourite colour
"""
HAS_NONE = ("Shopify has no query for nobody.", "A query has at most 10 clauses")


@given(SEEDS)
def test_the_query_of_an_imported_query(seed: int) -> None:
    random = Random(seed)
    check(queries.clause(random) if random.random() < 0.7 else queries.query(random))


def exported(text: str) -> tuple[str | None, list[str]]:
    found = imported("shopify", text, NAMES)
    segments = segql.segments_from(text_of(found))
    write = exporter("shopify")
    assert write is not None
    [segment] = segments.segments.values()
    done = write(segment, Setting(CATALOG, names_of(NAMES), segments, now=NOW))
    return done.document and done.document["query"], [f.said for f in done.findings if f.verdict == "impossible"]


def check(text: str) -> None:
    if imported("shopify", text, NAMES)[0].rule is None:
        return
    again, said = exported(text)
    if again is None:
        assert said
        assert all(any(part in one for part in LACKING) for one in said), (text, said)
        return
    # Of 0 times Shopify's own words say nothing: the reader counts it, the writer asks for the complement.
    assert vendor.members(parse(Source(again)), ROWS) == vendor.members(parse(Source(text)), ROWS), (text, again)
    third, _ = exported(again) if again else (again, [])
    assert third == again, text


LACKING = (
    *HAS_NONE, "no other measures", "for one day alone", "are compared with days", "compares one property",
    "stand once in a call", "joined by `and` alone",
)  # fmt: skip
