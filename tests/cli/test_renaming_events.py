"""`segql rename event`: another name in the catalog and in texts; all segments have the members that they had."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import segql
from segql.errors import SegQLError
from segql.evaluator import Shop
from segql.renaming import event_renamed
from segql.source import Source

from ..chance.pairs import CATALOG, SEGMENTS, example
from ..chance.rules import DEFINITIONS
from ..cli.command_line import answer
from ..cli.command_line import segql as command
from ..worlds.shops import CATALOG as CATALOG_FILE

YAML = Source(Path(CATALOG_FILE).read_text(encoding="utf-8"), "catalog.yaml")
SHOP = Source(Path("examples/shop/catalog.yaml").read_text(encoding="utf-8"), "catalog.yaml")
NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


def members(texts: list[str], catalog: str, shop: Shop, now: datetime) -> list[object]:
    """Of each segment, by the evaluator."""
    known, found = segql.catalog_from_yaml(catalog), segql.segments_from(*texts)
    assert not found.problems
    return [segql.evaluate(one, known, shop, segments=found, now=now) for one in found.segments.values()]


def renamed(texts: list[str], catalog: Source, old: str, new: str, now: datetime = NOW) -> list[str]:
    done = event_renamed([Source(text, f"{i}.segql") for i, text in enumerate(texts)], catalog, old, new, now)
    return [source.text for source in done.sources]


@settings(max_examples=1)
@given(st.randoms(use_true_random=False), st.sampled_from(["placed order", "opened email", "got invoice"]),
       st.sampled_from(["zapped thing", "Order #1", "Ünïque"]))  # fmt: skip
def test_random_rules_find_whom_they_found(random: object, old: str, new: str) -> None:
    """And back again, all is what it was, letter for letter."""
    now, shop, rules = example(random)  # type: ignore[arg-type]
    right = []
    for i, rule in enumerate(rules[:6]):
        try:
            segql.compile(rule, CATALOG, segments=SEGMENTS, now=now)
        except SegQLError:
            continue
        right.append(f'segment "Drawn {i}" = {segql.format(rule)}')
    text = "\n".join([DEFINITIONS, *right])
    after, yaml = renamed([text], YAML, old, new, now)
    other = replace(shop, events={new if name == old else name: rows for name, rows in shop.events.items()})
    assert members([after], yaml, other, now) == members([text], YAML.text, shop, now)
    if new != "Order #1":
        assert renamed([after], Source(yaml, "catalog.yaml"), new, old, now) == [text, YAML.text]


SPELLED = """\
-- Who placed order, as a comment says.
let soon = 3d   -- placed order
segment "placed order"   = placed   ORDER  -- placed order
segment A (placed order = 2) = "Placed order" at least placed order times
segment B = did not place an order in 30d and didn't  place orders
segment C = last  "placed order" in 30d
  or total of last  placed order > 3
segment D = days since first placed order > number of placed order
segment E = any of (placed order where total > 3, viewed product) then placed order within soon
segment F = first any of (placed order, clicked sms) in 3d and at least 80% of placed order have total > 3
segment G = top 10% by sum of total of placed order in 90d
segment H = in segment "placed order" and an order in 3d and weekday of last placed order is "Monday"
segment I = placed order in 3d then no placed order then placed order
  and number of orders > 0.5 x number of placed order
segment J = bought "Beans" and ordered beans
segment K = all of (viewed product, placed order) with the same product in 90d
segment L = number of placed order in 30d > number of placed order between 60 and 30 days ago
test "One" given: placed order 2 hours ago where total = 30 expect: placed order in 3d
"""


def test_in_all_spellings() -> None:
    """Forms of the verb stay where another name has them; comments, parameters and segments of that name, too."""
    after, yaml = renamed([SPELLED], SHOP, "placed order", "bought a bean")
    expected = re.sub(r"placed\s+order", "bought a bean", SPELLED, flags=re.IGNORECASE)
    for before in (
        "-- Who placed order",
        "-- placed order\n",
        'segment "placed order"',
        "(placed order =",
        "at least placed order times",
    ):
        expected = expected.replace(before.replace("placed order", "bought a bean"), before)
    assert after == expected
    assert yaml == SHOP.text.replace("placed order", "bought a bean").replace("bought a bean over", "placed order over")


def test_what_is_no_name_is_written_as_what_it_was_taken_for() -> None:
    """Where the words say nothing with the new name."""
    text = 'segment A = ordered beans or placed orders with beans in 30d  -- who has\n  and country is "NL"\n'
    text = text.replace("in 30d  -- who has\n  and", "in 30d  -- who has\n  or")
    after, _ = renamed([text], SHOP, "placed order", "acquired")
    said = 'acquired in 30d where any item (collection is "Beans")'
    assert after == text.replace("placed orders with beans in 30d", said)


def test_texts_of_the_catalog_keep_their_quotes() -> None:
    quoted = SHOP.text.replace("total spent: {value: sum of total of placed order,",
                               "total spent: {value: 'sum of total of \"placed order\"',")  # fmt: skip
    _, yaml = renamed([""], Source(quoted, "catalog.yaml"), "placed order", 'it\'s "done"')
    assert '\'sum of total of "it\'\'s ""done"""\'' in yaml
    assert 'average order value: "average of total of \\"it\'s \\"\\"done' in yaml


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("placed ordr", "x", "did you mean `placed order`"),
        ("ordered", "x", "`ordered` is another name of `placed order`"),
        ("placed order", "opened email", "There is an event `opened email` already."),
        ("placed order", "Lifetime  value", "another name of the metric `total spent`"),
        ("placed order", "town", "another name of the property `city`"),
        ("placed order", "ordered", "take it out of `also` first"),
        *(("placed order", new, "read it as something else")
          for new in ("and", "never", "last", "in the club", "3 beans", "number of opened email")),
        ("placed order", " ", "not empty"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said(old: str, new: str, said: str) -> None:
    with pytest.raises(SegQLError, match=said):
        renamed(["segment A = placed order"], SHOP, old, new)


def test_a_name_that_changes_what_others_say_is_refused() -> None:
    """The words could be about either of two events then."""
    with pytest.raises(SegQLError, match="would say something else"):
        renamed(["segment A = did not start a checkout"], SHOP, "added to cart", "start checkout")


def test_it_writes_when_it_is_told_to(shop_folder: Path) -> None:
    (shop_folder / "named.segql").write_bytes(b"segment A = placed order\r\n  and last placed order in 3d\r\n")
    (shop_folder / "catalog.yaml").write_bytes(SHOP.text.encode())
    given = ["--segments", "named.segql", "--catalog", "catalog.yaml"]
    said = command("rename", "event", "placed order", "bought", *given, code=1)
    assert "another name of the event `placed order` already" in said.stderr
    said = command("rename", "event", "placed order", "acquired", *given)
    assert "named.segql:2: placed order\n" in said.stdout
    assert "in 2 files: nothing written" in said.stderr
    told = answer("rename", "event", "placed order", "acquired", *given, "--write")
    assert told["files"] == ["named.segql", "catalog.yaml"]
    assert (shop_folder / "named.segql").read_bytes() == b"segment A = acquired\r\n  and last acquired in 3d\r\n"
    command("check", *given)
    assert "say of which" in command("rename", "event", "a", "b", "--segments", "named.segql", code=2).stderr
