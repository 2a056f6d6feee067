"""What a sensitivity varies: values and ranges as people write them, and what is said of others."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from segql import Project, segments_from
from segql.answers.numbers import overlap_text
from segql.ast import Duration
from segql.catalog import Catalog
from segql.errors import SegQLError
from segql.insights import Overlap, Pair, instants, varied
from segql.insights.sensitivity import asked
from segql.insights.trends import asked as moved
from segql.many import written_many

SEGMENTS = segments_from('let recently = 30 days\nsegment "Buyers" (n = 2) = placed order at least n times in recently')


@pytest.mark.parametrize(
    ("text", "name", "values"),
    [
        ("n = 1..4", "n", ("1", "2", "3", "4")), ("90d = 30d..90d step 30d", "90d", ("30 days", "60 days", "90 days")),
        ("aov=$50..$100 step 25", "aov", ("$50", "$75", "$100")),
        ("country = \"NL\", \"BE\"", "country", ('"NL"', '"BE"')),
        ("10% = 5%..6% step 0.5", "10%", ("5%", "5.5%", "6%")), ("n = 3, 3", "n", ("3",)),
        ("\"a = b\" = 'c, d', \"1,000\"", '"a = b"', ('"c, d"', '"1,000"')),
        ("n = $1,000..$2,000 step $500", "n", ("$1000", "$1500", "$2000")),
    ],
)  # fmt: skip
def test_values(text: str, name: str, values: tuple[str, ...]) -> None:
    found = varied(text)
    assert (found.name, found.values) == (name, values)


@pytest.mark.parametrize("text", ["", "=", "n", "n =", "= 3", "n = 1..", "n = 4..1", "n = 1..2 step 0", "n = 'a'..'b'",
                                  "n = 1..9999999", "n = 1d..2w", "n = 1, , 2",
                                  "n = 500, 1,250", "n = $1,000, 2"])  # fmt: skip
def test_what_is_no_value(text: str) -> None:
    with pytest.raises(SegQLError):
        varied(text)


def texts(catalog: Catalog, rule: str, *what: str, segment: bool = False) -> list[str]:
    project = Project(catalog, SEGMENTS, now=datetime(2026, 11, 22, tzinfo=UTC))
    given = SEGMENTS[rule] if segment else rule
    return [one.text for one in asked(given, project, [varied(text) for text in what]).values()]


def test_what_is_varied_is_a_name_or_stands_in_the_text(catalog: Catalog) -> None:
    assert texts(catalog, "placed order at least 2 times in 90d", "2 = 3, 4", "90d = 30d") == [
        "placed order at least 3 times in 30d", "placed order at least 4 times in 30d",
    ]  # fmt: skip
    assert len(texts(catalog, "Buyers", "n = 1..3", segment=True)) == 3
    assert len(texts(catalog, "placed order in recently", "recently = 1d, 2d")) == 2


@pytest.mark.parametrize(
    ("rule", "what", "becomes"),
    [
        ("country is 'NL'", '"NL" = "B,E"', 'country is "B,E"'),
        ("placed order at least twice in 90 days", "2 = 4", "placed order at least 4 in 90d"),
        ("placed order at least twice in 90 days", "90d = 3w", "placed order at least twice in 3w"),
        ("placed order in the last month", "1mo = 2mo", "placed order in the last 2 months"),
        ("age > 20 # over 20", "20 = 30", "age > 30 # over 20"),
        ("age > 20 -- over 20", "20 = 30", "age > 30 -- over 20"),
    ],
)
def test_what_is_varied_may_be_written_otherwise(catalog: Catalog, rule: str, what: str, becomes: str) -> None:
    assert texts(catalog, rule, what) == texts(catalog, becomes, " = ".join([what.split(" = ")[1]] * 2))


def test_what_stands_nowhere_has_what_does_as_its_help(catalog: Catalog) -> None:
    with pytest.raises(SegQLError) as raised:
        texts(catalog, "placed order at least twice in 90 days", "3 = 4")
    assert "vary what it says: `twice`, `90 days`" in raised.value.problems[0].hint


@pytest.mark.parametrize("what", ["7 = 1..3", "2 = 1..3", "nothing = 1"])
def test_what_stands_nowhere_or_twice(catalog: Catalog, what: str) -> None:
    with pytest.raises(SegQLError) as raised:
        texts(catalog, "placed order at least 2 times in 2 days and country is '7'", what)
    assert "in the rule" in raised.value.problems[0].message


@pytest.mark.parametrize("unit", ["y", "mo", "d", "s"])
def test_no_trend_begins_before_the_calendar(unit: Any, catalog: Catalog) -> None:
    with pytest.raises(ValueError):
        instants(Project(catalog), Duration(10**12 if unit == "s" else 9_999_999, unit), 3)


def test_a_trend_reads_what_happened_once(catalog: Catalog) -> None:
    """Its windows are told by the rows that it reads, and of profiles that are alike at once."""
    project = Project(catalog, now=datetime(2026, 11, 22, tzinfo=UTC))
    meant = moved({"one": "placed order in 90d"}, project, instants(project, Duration(1, "w"), 26))
    sql = written_many(meant, catalog, "duckdb", "counts").sql
    assert sql.count(" AS placed_order") == sql.count("BIT_OR") == sql.count("FROM alike") == 1
    assert "MAX(" not in sql
    assert "LEFT JOIN" not in sql


def test_an_overlap_in_a_narrow_place_has_dots_for_names() -> None:
    names = ("Those who buy beans", "Those who buy grinders", "Others")
    found = Overlap(
        9,
        dict(zip(names, (4, 3, 2), strict=True)),
        (Pair(names[0], names[2], 1),),
        ((names[:1], 3), (names[::2], 1)),
        5,
    )
    narrow, wide = overlap_text(found, 52), overlap_text(found, 200)
    assert max(map(len, narrow.split("\n"))) <= 70
    assert [line.split()[-1] for line in narrow.split("\n") if "·" in line] == ["●··", "●·●"]
    assert "1 + 3" in narrow
    assert "1 Those who buy beans" in narrow
    assert "·" not in wide
    assert "Those who buy beans + Others" in wide


def test_an_overlap_of_many_shows_the_largest() -> None:
    names = [f"Segment {number}" for number in range(21)]
    sizes = {name: 7 * place % 21 for place, name in enumerate(names)}
    found = Overlap(21, sizes, (Pair(names[1], names[2], 1),), ((tuple(names), 3),), 0)
    alone, pairs, groups, _ = overlap_text(found, 60).split("\n\n")
    *told, more = alone.split("\n")[2:]
    assert [int(line.split()[0]) for line in told] == sorted(sizes.values(), reverse=True)[:10]
    assert more == ".. and 11 smaller segments"
    assert "Segment 1 + Segment 2" in pairs
    assert all(name in " ".join(groups.split()) for name in names)
    assert max(map(len, groups.split("\n"))) <= 60
