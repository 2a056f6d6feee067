"""`segql stats` and its thresholds: what is said, what is missing, and how a check ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from segql.insights.figures import Figure, Held, divided

from .command_line import answer, segql

CATALOG = """
profiles: {table: people, key: id, key type: integer, properties: {country: text}}
events:
  bought: {table: bought, profile: id, time: at, properties: {total: money}}
metrics: {spent: sum of total of bought}
"""
PEOPLE = "id,country\n1,NL\n2,NL\n3,BE\n"
BOUGHT = (
    "id,at,total\n1,2026-11-01 10:00:00+00:00,10.00\n1,2026-11-11 10:00:00+00:00,20.00\n3,2026-11-02 10:00:00+00:00,6\n"
)


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop/people.csv").write_text(PEOPLE)
    (tmp_path / "shop/bought.csv").write_text(BOUGHT)
    (tmp_path / "catalog.yaml").write_text(CATALOG)
    monkeypatch.chdir(tmp_path)
    return ["--catalog", "catalog.yaml", "--warehouse", "shop", "--now", "2026-11-22T10:00Z"]


def test_numbers_by_hand(own: list[str]) -> None:
    file = Path("catalog.yaml")
    file.write_text(CATALOG + "insights: {order: bought, revenue: spent}\n")
    told = answer("stats", 'country is "NL"', *own)
    assert (told["members"], told["others"], told["profiles"]) == (2, 1, 3)
    numbers = {one["name"]: (one["members"], one["others"], one["ratio"]) for one in told["numbers"]}
    assert numbers == {
        "orders": (2, 1, 2), "revenue": (30, 6, 5), "average order value": (15, 6, 2.5),
        "value per profile": (15, 6, 2.5), "reorder gap, days": (10, None, None),
    }  # fmt: skip
    assert told["metrics"][0]["average"] == {"members": 30, "others": 6, "ratio": 5}  # of those who bought
    assert told["missing"] == ["`insights: {product: PROPERTY}` in the catalog: the products that they like"]
    nobody = answer("stats", 'country is "XX"', *own)
    assert [(one["name"], one["members"]) for one in nobody["numbers"]] == [
        ("orders", 0), ("revenue", 0), ("average order value", None), ("value per profile", None),
        ("reorder gap, days", None),
    ]  # fmt: skip


def test_what_is_missing_is_named(own: list[str]) -> None:
    out = segql("stats", 'country is "NL"', *own).stdout
    assert "Not said, for want of" in out
    assert "insights: {revenue: METRIC}" in out
    assert "spent" in out


def test_expectations_end_in_a_code(own: list[str]) -> None:
    good = ["bought rate >= 50%", "spent total = 30", "members <= 2", "spent per member > 14.5"]
    expected = [word for text in good for word in ("--expect", text)]
    told = answer("stats", 'country is "NL"', *own, *expected)
    assert [one["holds"] for one in told["expected"]] == [True] * 4
    bad = segql("stats", 'country is "NL"', *own, *expected, "--expect", "bought rate > 50%", code=1).stdout
    assert bad.splitlines()[-1] == "FAILS  bought rate > 50%: 50.00 %"
    # What is missing is not as it has to be.
    assert "FAILS" in segql("stats", 'country is "XX"', *own, "--expect", "bought rate >= 0%", code=1).stdout


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("bought rate", "no number and its bound"),
        ("spnt total > 3", "did you mean `spent total`"),
        ("boght rate > 3%", "did you mean `bought`?"),
        ("boght rate > 3%", "--> expectation:1:1"),
        ("spent > lots", "no number and its bound"),
    ],
)
def test_what_is_no_expectation_is_said(own: list[str], text: str, said: str) -> None:
    assert said in segql("stats", 'country is "NL"', *own, "--expect", text, code=1).stderr


def test_the_demo_shop_beside_another_segment() -> None:
    out = segql("stats", "--segment", "VIP", "--against", "High rollers").stdout
    assert out.startswith("66 of 20,000 profiles (0.3 %), beside those of")
    assert max(map(len, out.splitlines())) <= 80


def test_figures_over_nothing() -> None:
    nobody = Figure(0, 0, divided(0, 1) or 0, None)  # type: ignore[arg-type]
    assert (nobody.average, nobody.per_member, divided(1, 0)) == (None, None, None)
    held = Held("country", "NL", 2, 0, 4, 4)
    assert (held.share, held.lift, held.score > 0) == (divided(1, 2), None, True)


def test_a_change_says_what_it_does_to_them(own: list[str]) -> None:
    file = Path("catalog.yaml")
    file.write_text(CATALOG + "insights: {order: bought, revenue: spent}\n")
    (told,) = answer("diff", 'country is "NL"', "country is set", *own, "--sample", "0")["changes"]
    assert told["stats"]["revenue"] == {"before": 30, "after": 36}
    assert told["stats"]["average order value"] == {"before": 15, "after": 12}
    assert told["stats"]["orders"] == {"before": 2, "after": 3}
    text = segql("diff", 'country is "NL"', "country is set", *own, "--sample", "0").stdout
    assert "  revenue $30.00 → $36.00 (+20.0 %)" in text.splitlines()
    (same,) = answer("diff", 'country is "NL"', 'country is "NL"', *own)["changes"]
    assert same["stats"] is None


def test_a_name_that_is_nearly_that_of_a_segment() -> None:
    for words in (["stats", "is vip", "--against", "High roler"], ["overlap", "High roler", "Dead weight"]):
        assert "did you mean the segment `High rollers`" in segql(*words, code=1).stderr


def test_a_name_that_is_also_another_rule_is_neither() -> None:
    for words in (["stats", "VIP"], ["count", "vip"], ["overlap", "VIP", "Dead weight"], ["diff", "vip", "is vip"]):
        told = segql(*words, code=1).stderr
        assert told.count("ambiguous-name") == told.count('in segment "VIP"   -- the segment') == 1, words
    members = {answer("count", rule)["count"] for rule in ("(vip)", 'in segment "VIP"')}
    assert len(members) == 2


def test_a_segment_named_in_a_rule_is_told_by_its_name() -> None:
    told = answer("diff", "in segment VIP", "placed order", "--sample", "0")
    assert told["changes"][0]["segment"] == "VIP → placed order"
