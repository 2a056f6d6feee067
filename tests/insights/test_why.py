"""`segql why` in words, its flips in time by name, and the command. By chance: `test_by_chance.py`."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import segql
from segql.cli import main
from segql.evaluator import Shop
from segql.insights import Why

from ..chance.pairs import CATALOG
from ..worlds.small_shop import CATALOG as SMALL_CATALOG
from ..worlds.small_shop import NOW

MICROSECOND = timedelta(microseconds=1)


# --- in words --------------------------------------------------------------------------------------------------------


def at(**ago: float) -> datetime:
    return NOW - timedelta(**ago)


SMALL = Shop(
    profiles=[{"key": 1, "country": "NL", "age": 30}, {"key": 2}],
    events={
        "clicked sms": [{"profile": 1, "time": at(hours=31)}, {"profile": 1, "time": at(hours=40)}],
        "opened email": [{"profile": 1, "time": at(days=5)}],
        "placed order": [
            {"profile": 1, "time": at(days=20), "total": 80, "city": "Ede", "items": [{"brand": "A"}, {"brand": "B"}]},
            {"profile": 1, "time": at(days=3), "total": 7.5, "city": None, "items": []},
            {"profile": 2, "time": at(days=1), "total": 500, "city": "Ede", "items": []},
        ],
    },
    channels={"sms": [{"profile": 1, "receives": False, "reason": "stop"}], "email": []},
    lists={"Newsletter": [{"profile": 1, "time": at(days=400)}]},
)


def of_small(rule: str, key: int = 1, segments: str = "") -> Why:
    return segql.why(rule, SMALL_CATALOG, SMALL, key, now=NOW, segments=segql.segments_from(segments))


def seen(rule: str, key: int = 1) -> str:
    return " | ".join(part.seen for part in of_small(rule, key).tree.conditions())


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("clicked sms in 72h", "twice, the last 31 hours ago"),
        ("clicked sms in 24h", "never in that window; 2 at other times, the last 31 hours ago"),
        ("opened email in 72h", "never in that window; once at another time, 5 days ago"),
        ("clicked email", "never"),
        ("placed order where total > 100", "never; none of 2 fits"),
        ('any of (clicked sms, placed order where city is "Ede") in 30d', "3 times, the last 31 hours ago"),
        ("any of (opened email, placed order where total > 100)", "once, 5 days ago"),
        ("any of (clicked email, placed order where total > 100)", "never; none of 2 fits"),
        ("placed order at least twice with the same city and the same weekday", '"Ede" and "Saturday", once'),
        ("all of (placed order where total > 50, placed order) with the same city", '"Ede" of each'),
        (
            "all of (clicked sms, placed order) with the same weekday",
            "no value in common (twice clicked sms, twice placed order)",
        ),
        ("can receive sms", "withdrawn"),
        ("can receive email", "no record of consent"),
        ("in list Newsletter", "joined 13 months ago"),
        ('country is "NL" and debt > 5', '"NL" | missing'),
        ("age > score", "30, and score is missing"),
        ("sum of total of placed order > 100", "$87.50, from 2 events"),
        ("sum of total of placed order in 1d > 100", "$0 (there is no placed order that counts)"),
        ("average of total of placed order in 30d > 100", "$43.75, from 2 events"),
        ("number of placed order > 0.5 x number of clicked sms", "2 against 2"),
        ("total of last placed order > total of first placed order", "$7.50 against $80"),
        ("total of last placed order > 10", "the last one was Tue 25 Nov 2025 10:00, 3 days ago, and does not fit"),
        ("total of last placed order - total of first placed order > 0", "-$72.50 ($7.50 - $80)"),
        ("sum of total of placed order + average of total of placed order > 100", "$131.25 ($87.50 + $43.75)"),
        ("number of clicked sms - number of opened email >= 2", "1 (2 - 1)"),
        ("number of clicked sms - number of opened email > number of opened email", "1 against 1"),
        ("age - number of clicked email - score > 0", "missing (30 - 0 - missing)"),
        ("days since last placed order > 30", "3 days"),
        ("last placed order in 24h", "the last one was Tue 25 Nov 2025 10:00, 3 days ago, outside of the window"),
        ("first placed order has total > 100", "the first one was Sat 8 Nov 2025 10:00, 20 days ago, and does not fit"),
        ("every placed order has total > 10", "1 of 2 fit (50%)"),
        ("placed order in at least 2 of the last 4 weeks", "in 2 of 4 periods (the latest first: 1, 0, 1, 0)"),
        ("placed order on at least 3 different days", "on 2 different days"),
        ("clicked sms then placed order", "not in that order and time (twice clicked sms, twice placed order)"),
        ("placed order in 30d then clicked sms within 2d", "it happened, and ended 31 hours ago"),
        ("placed order not followed by placed order within 1d", "twice without it, the last 3 days ago"),
        ("top 1 by sum of total of placed order", "$87.50, rank 2 of 2"),
        ("sum of total of placed order > the average", "$87.50 against $293.75"),
        ("top 1 by sum of total of placed order within each country", '$87.50, rank 1 of 1 (country: "NL")'),
        ("number of placed order > the average within each country", '2 against 2 (country: "NL")'),
    ],
)
def test_what_was_seen(rule: str, said: str) -> None:
    assert seen(rule) == said


@pytest.mark.parametrize(
    ("position", "said"),
    [
        ((52.0, 4.0), 'the nearest is "north" and "south", 68.5 km away'),
        ((52.0, 5.5), 'the nearest is "south", 34.2 km away'),
        (None, "position is missing"),
    ],
)
def test_the_nearest_stores_are_said(position: tuple[float, float] | None, said: str) -> None:
    at = (("north", 3.0), ("south", 5.0))
    shop = Shop(
        profiles=[{"key": "a", "position": position}],
        stores=[{"name": name, "latitude": 52.0, "longitude": longitude} for name, longitude in at],
    )
    found = segql.why('nearest store is "north"', CATALOG, shop, "a", now=NOW)
    assert [part.seen for part in found.tree.conditions()] == [said]


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("number of tags >= 2", ("2", "0")),
        ("latitude of position > 52", ("52.5", "missing")),
        ("longitude of position < 0", ("4", "missing")),
        ('country matches regex "^N[A-Z]$"', ('"NL"', "missing")),
        ('tags include any matching regex "^cl"', ('"club", "gift"', "missing")),
    ],
)
def test_lists_positions_and_patterns_are_said(rule: str, said: tuple[str, str]) -> None:
    known = {"key": "a", "position": (52.5, 4.0), "tags": ["club", "gift"], "country": "NL"}
    shop = Shop(profiles=[known, {"key": "b"}])
    for key, seen_of in zip("ab", said, strict=True):
        found = segql.why(rule, CATALOG, shop, key, now=NOW)
        assert [part.seen for part in found.tree.conditions()] == [seen_of]


@pytest.mark.parametrize(
    ("rule", "member"),
    [
        ("entered segment A since 2025-11-20", True),
        ("entered segment A since 2025-11-28", False),
        ("left segment A since 2025-11-20", False),
    ],
)
def test_who_entered_is_seen_at_both_ends(rule: str, member: bool) -> None:
    found = of_small(rule, segments='segment "A" = clicked sms')
    ends = [part.seen for part in found.tree.conditions()]
    now, before = "twice, the last 31 hours ago", "never in that window; 2 at other times, the last 31 hours ago"
    assert found.member is member
    assert sorted(ends) == sorted([now, before] if "11-20" in rule else [now, now])


def test_what_words_are_taken_for_is_seen() -> None:
    assert seen("clicked nothing in 24h or clicked something at least 3 times") == (
        "never in that window; 2 at other times, the last 31 hours ago | twice, the last 31 hours ago"
    )


def test_who_lacks_the_value_is_beside_nobody() -> None:
    assert seen("top 1 by sum of total of placed order within each country", 2) == (
        "$500, not among those who are ranked (country: missing)"
    )
    assert seen("number of placed order > the average within each country", 2) == "1 against missing (country: missing)"


@pytest.mark.parametrize(
    ("key", "rule", "said"),
    [
        ("dated", "placed order within 20 days of renewal date", "once, 8 days ago"),
        ("dated", "placed order within 2 days of renewal date", "never; the only one does not fit"),
        ("dated", "never placed order within 20 days before renewal date", "never; the only one does not fit"),
        ("undated", "placed order within 20 days of renewal date", "never; renewal date is missing"),
        ("dated", "anniversary of name day in the next 7 days", "4 Dec"),
        ("undated", "anniversary of name day in the next 7 days", "missing"),
        ("dated", 'tags include any containing "gift"', '"Gift buyer", "vip"'),
    ],
)
def test_what_was_seen_near_a_date(key: str, rule: str, said: str) -> None:
    order = {"time": datetime(2025, 11, 20, 9, tzinfo=UTC), "total": 5}
    shop = Shop(
        profiles=[
            {"key": "dated", "renewal date": date(2025, 11, 10), "name day": "--12-04", "tags": ["Gift buyer", "vip"]},
            {"key": "undated", "name day": "02-30"},
        ],
        events={"placed order": [{"profile": one, **order} for one in ("dated", "undated")]},
    )
    found = segql.why(rule, CATALOG, shop, key, now=datetime(2025, 11, 28, 11, tzinfo=UTC))
    assert found.tree.seen == said


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("clicked sms at least 3 times in 72h", [["one more `clicked sms in 72h`"]]),
        ("never placed order in 30d", [["no `placed order in 30d`"]]),
        ("placed order exactly once in 30d", [["one fewer `placed order in 30d`"]]),
        ('country is "BE"', [['`country is "BE"`']]),
        ("sum of total of placed order >= 100", [["`sum of total of placed order` up by $12.50"]]),
        ("vip and clicked sms 5 times", [["`vip`", "3 more `clicked sms`"]]),
        # Whichever is nearer comes first.
        (
            "clicked sms 9 times or clicked sms 3 times in 72h",
            [["one more `clicked sms in 72h`"], ["7 more `clicked sms`"]],
        ),
        ("not (vip or clicked sms in 72h)", [["no `clicked sms in 72h`"]]),
        ("number of clicked sms > 4", [["`number of clicked sms` up by 3"]]),
        ("placed order != 2", [["one more `placed order`"]]),
        (
            "number of clicked sms - number of opened email > 3",
            [["`number of clicked sms - number of opened email` up by 3"]],
        ),
        ("total of last placed order > 10", [["`total of last placed order > 10`"]]),
        ("days since last placed order > 30", [["`days since last placed order` up by 28 days"]]),
        ("sum of total of placed order > 100", [["`sum of total of placed order` up by more than $12.50"]]),
        ("sum of total of placed order < 100", [["`sum of total of placed order` up by $12.50"]]),
        ("number of distinct city of placed order < 1", [["`number of distinct city of placed order` down by 1"]]),
        # What has to be no longer true is said as what has to be.
        ('country is "NL" and age < 40', [['`country is not "NL"`'], ["`age >= 40`"]]),
        ('country not in ("BE", "DE")', [['`country in ("BE", "DE")`']]),
        ("in list Newsletter", [["`not in list Newsletter`"]]),
        ("cannot receive sms", [["`can receive sms`"]]),
        ("everyone", []),
        ("random 1%", []),
        # No one is both, as the optimiser knows.
        ("age < 18 and age > 65", []),
    ],
)
def test_the_smallest_change(rule: str, said: list[list[str]]) -> None:
    assert [[one.says for one in several] for several in of_small(rule).flips] == said


@pytest.mark.parametrize(
    ("rule", "when", "because"),
    [
        # The earlier of two clicks leaves the window just after 72 hours.
        (
            "clicked sms at least twice in 72h",
            at(hours=-32) + MICROSECOND,
            "`clicked sms at least twice in 72h` is no longer true",
        ),
        ("never placed order in 7d", at(days=-4) + MICROSECOND, "`never placed order in 7d` becomes true"),
        ("days since last placed order > 30", at(days=-28), "`days since last placed order > 30` becomes true"),
        ("placed order this month", datetime(2025, 12, 1, tzinfo=UTC), "`placed order this month` is no longer true"),
        ("placed order not followed by clicked sms within 30d", None, ""),
        ("vip", None, ""),
    ],
)
def test_when_time_alone_flips_it(rule: str, when: datetime | None, because: str) -> None:
    found = of_small(rule).next
    assert (found.at, found.because) == (when, (because,) if because else ())
    assert found.says


SEEN = datetime(2025, 10, 26, 1, 30, 0, 1, tzinfo=UTC)
"""In the second of the two hours from 2 to 3 of that night, in Amsterdam."""

ORDERED = datetime(2025, 10, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rule", "now", "when"),
    [
        # 30 days before 2:59:59.999999 of 25 November is in the first of those hours, 30 days before 3:00 after both.
        ("in segment Seen", datetime(2025, 10, 31, tzinfo=UTC), datetime(2025, 11, 25, 2, tzinfo=UTC)),
        ("left segment Seen in 3d", datetime(2025, 10, 31, tzinfo=UTC), datetime(2025, 11, 25, 2, tzinfo=UTC)),
        # As of then the days since an order, and the time for a follow-up, are counted up to then.
        (
            "was in segment Late 3d ago",
            datetime(2025, 10, 10, tzinfo=UTC),
            datetime(2025, 11, 4, 13, tzinfo=UTC),
        ),
        (
            "was in segment Waiting 3d ago",
            datetime(2025, 10, 2, tzinfo=UTC),
            datetime(2025, 10, 5, 12, 0, 0, 1, tzinfo=UTC),
        ),
        # An instant has the anniversary of its local day; so have the dates of events.
        (
            'anniversary of "first contact" is today',
            datetime(2026, 9, 1, tzinfo=UTC),
            datetime(2026, 12, 31, 23, tzinfo=UTC),
        ),
        (
            "placed order where anniversary of delivery in the next 7 days",
            datetime(2025, 12, 1, tzinfo=UTC),
            datetime(2026, 2, 21, 23, tzinfo=UTC),
        ),
        # By Friday this window would end before it starts, and be a mistake.
        (
            "placed order between the day 60 days ago and 2025-10-03",
            datetime(2025, 11, 3, tzinfo=UTC),
            datetime(2025, 11, 30, 23, tzinfo=UTC),
        ),
        # A month and 30 days are one length in early October; at its end the 30 days reach less far back.
        (
            "placed order between 30 days and 1 month ago",
            datetime(2025, 10, 2, tzinfo=UTC),
            datetime(2025, 10, 31, 13, 0, 0, 1, tzinfo=UTC),
        ),
    ],
)
def test_when_by_the_calendar(rule: str, now: datetime, when: datetime) -> None:
    saved = segql.segments_from(
        """
        segment "Seen" = "last seen" in the last 30d
        segment "Late" = days since last placed order > 30
        segment "Waiting" = placed order not followed by opened email within 24h
        """
    )
    shop = Shop(
        [{"key": "ann", "last seen": SEEN, "first contact": datetime(2024, 12, 31, 23, 30, tzinfo=UTC)}],
        {"placed order": [{"profile": "ann", "time": ORDERED, "delivery": date(2024, 2, 29)}]},
    )
    assert segql.why(rule, CATALOG, shop, "ann", now=now, segments=saved).next.at == when


@pytest.mark.parametrize(
    "rule",
    ["clicked sms in 3d", "last clicked sms in 24h", "days since last clicked sms > 3", "was in segment S 3d ago",
     "clicked sms in at least 2 of the last 4 weeks", "placed order not followed by clicked sms within 1d"],
)  # fmt: skip
def test_times_in_words_have_no_fraction_of_a_second(rule: str) -> None:
    """Neither that of the clock, nor that of a row; what a rule writes stays."""
    now = NOW + timedelta(microseconds=123_456)
    segments = segql.segments_from("segment S = clicked sms in 3d")
    row = {"profile": 1, "time": NOW - timedelta(hours=30, microseconds=654_321)}
    shop = Shop([{"key": 1}], {"clicked sms": [row], "placed order": [row]})
    found = segql.why(rule, SMALL_CATALOG, shop, 1, now=now, segments=segments)
    said = segql.describe(rule, SMALL_CATALOG, now=now, segments=segments)
    assert not re.search(r":\d\d\.\d", f"{found}{said}"), (found, said)
    assert "10:00:00.500000" in segql.describe("clicked sms before 2025-01-01T10:00:00.5Z", SMALL_CATALOG, now=now)


def test_no_time_is_beyond_the_calendar() -> None:
    shop = Shop([{"key": "ann", "renewal date": date.max, "last seen": datetime.max.replace(tzinfo=UTC)}])
    for rule in ("renewal date in the next 7973y", '"last seen" in the next 7973y', "renewal date this year"):
        found = segql.why(rule, CATALOG, shop, "ann", now=NOW)
        assert found.next.at is None


def test_the_rows_that_decided_it() -> None:
    (part,) = of_small('placed order where (total > 50 and city is "Ede")').tree.conditions()
    (fact,) = part.rows
    assert (fact.what, fact.time) == ("placed order", at(days=20))
    assert fact.properties == {"total": 80, "city": "Ede"}
    assert fact.says == 'placed order, Sat 8 Nov 2025 10:00 (20 days ago), total $80, city "Ede"'
    (part,) = of_small('placed order where any item (brand is "A")').tree.conditions()
    assert part.rows[0].items == ({"brand": "A"}, {"brand": "B"})


def test_a_segment_is_opened() -> None:
    segments = 'segment "Active" = clicked sms in 72h or opened email in 72h'
    tree = of_small("entered segment Active in 10d", segments=segments).tree
    assert (tree.kind, tree.text, tree.holds) == ("segment", "entered segment Active in 10d", True)
    now, then = tree.parts
    assert (now.text, now.holds) == ("in segment Active", True)
    assert (then.kind, then.parts[0].text) == ("not", "was in segment Active 10 days ago")
    assert [part.holds for part in tree.conditions()] == [True, False, False, False]


def test_a_sample() -> None:
    segments = 'segment "Half" = clicked sms sample 50%'
    saved = segql.segments_from(segments)
    for key in (1, 2):
        found = of_small("in segment Half", key, segments)
        assert found.member == segql.holds("in segment Half", SMALL_CATALOG, SMALL, key, now=NOW, segments=saved)
        assert found.next.at is None
    drawn = [part.seen for part in of_small("in segment Half", 1, segments).tree.conditions()]
    assert drawn == ["twice, the last 31 hours ago", "the sample keeps them"]
    drawn = [part.seen for part in of_small("in segment Half", 2, segments).tree.conditions()]
    assert drawn == ["never", "only members are drawn"]


def test_a_sample_is_a_matter_of_luck() -> None:
    found = of_small("in segment Half", 2, 'segment "Half" = clicked sms sample 50%')
    assert [one.says for one in found.flips[0]] == ["one more `clicked sms`", "being drawn in `sample 50% of Half`"]
    assert not of_small("in segment Half", 1, 'segment "Half" = clicked sms sample 50% seed "b"').flips[0][0].becomes


def test_a_segment_says_its_values() -> None:
    segments = 'segment "Busy" (n = 3, span = 30d) = clicked sms at least n times in span'
    tree = of_small("not in segment Busy (span = 2d)", segments=segments).tree
    (segment,) = tree.parts
    assert segment.text == "in segment Busy (span = 2 days, n = 3)"
    assert segment.parts[0].seen == "twice, the last 31 hours ago"


def test_an_unknown_profile() -> None:
    with pytest.raises(segql.SegQLError, match="There is no profile 3"):
        of_small("vip", 3)


def test_a_rule_with_a_mistake() -> None:
    with pytest.raises(segql.SegQLError, match="clicked smz"):
        of_small("clicked smz")


# --- the command -----------------------------------------------------------------------------------------------------


def command(*words: str, code: int = 0) -> Result:
    result = CliRunner().invoke(main, ["why", *words])
    assert result.exit_code == code, (result.stdout, result.stderr, result.exception)
    return result


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of tables with its catalog; the current one."""
    (tmp_path / "catalog.yaml").write_text(
        """
timezone: Europe/Amsterdam
profiles: {table: people, key: id, properties: {country: text}}
events:
  bought:
    table: orders
    profile: person
    time: {column: at, zone: UTC}
    properties: {total: money}
    items: {table: lines, on: {id: order_id}, properties: {brand: text, price: money}}
"""
    )
    data = tmp_path / "data"
    data.mkdir()
    (data / "people.csv").write_text("id,country\nann,NL\nbob,BE\n")
    (data / "orders.csv").write_text(
        "id,person,at,total\n1,ann,2026-11-20 10:00:00,12.5\n2,bob,2026-01-20 10:00:00,8\n"
    )
    (data / "lines.csv").write_text("order_id,brand,price\n1,Molen,10\n1,Molen,10\n1,Kiri,2.5\n2,Kiri,8\n")
    monkeypatch.chdir(tmp_path)


OWN = ("--catalog", "catalog.yaml", "--warehouse", "data", "--now", "2026-11-22T10:00Z")


@pytest.mark.usefixtures("shop")
def test_the_command_says_why() -> None:
    said = command('bought in 30d where any item (brand is "Molen")', "--profile", "ann", *OWN).stdout
    assert said.splitlines() == [
        "ann is a member.",
        "",
        '✓ bought in 30d where any item (brand is "Molen") – once, 48 hours ago',
        "    bought                               items",
        '    Fri 20 Nov 2026 11:00  48 hours ago  brand "Molen"; brand "Molen"; brand "K…',
        "",
        'To be out  no `bought in 30d where any item (brand is "Molen")`',
        "By time    Out just after Sun 20 Dec 2026 11:00 (in 28 days).",
    ]


@pytest.mark.usefixtures("shop")
def test_the_command_answers_programs() -> None:
    found = json.loads(
        command("bought in 30d and top 1 by sum of total of bought", "--profile", "bob", *OWN, "--json").stdout
    )
    assert (found["member"], found["profile"], found["now"]) == (False, "bob", "2026-11-22T10:00:00Z")
    bought, top = found["tree"]["parts"]
    assert bought["seen"] == "never in that window; once at another time, 10 months ago"
    assert bought["rows"][0]["time"] == "2026-01-20T10:00:00Z"
    assert (top["holds"], top["seen"]) == (False, "$8, rank 2 of 2")
    assert [one["becomes"] for one in found["flips"][0]] == [True, True]
    assert found["next"]["at"] is None


@pytest.mark.usefixtures("shop")
def test_an_unknown_profile_and_a_broken_rule() -> None:
    assert "There is no profile 'cem'." in command("bought", "--profile", "cem", *OWN, code=1).stderr
    assert "boght" in command("boght", "--profile", "ann", *OWN, code=1).stderr
    assert "--profile" in CliRunner().invoke(main, ["why", "bought"]).stderr
