"""Sentences at random: what is taken is a rule that means the same, and no word of it may come or go in silence."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import segql
from segql import Catalog, Segments, SegQLError, demo
from segql.meanings import Meaning

KINDS = ("vip customers", "women", "people", "everyone", "newsletter subscribers", "customers", "repeat buyers", "")
BEING = (
    "from Germany", "in Belgium or France", "who speak German", "with at least 500 points", "near the Utrecht store",
    "younger than 25", "aged 30 to 39", "who joined in 2025", "inactive for 90 days", "without a birthday",
    "who opted in to email", "opted out of sms", "whose country is Germany, Austria or Spain", "except Germany",
    "with aov above average", "whose last order had no coupon",
)  # fmt: skip
DEEDS = (
    "bought beans", "ordered", "bought a Molen grinder", "viewed a product", "opened an email", "clicked a text",
    "bought from 2 different brands", "ordered on Black Friday 2025", "added anything to the cart", "spent nothing",
    "bought more than 2 items in one order", "looked at grinders", "bought again", "ordered more often than average",
    "returned something", "bought nothing", "ordered with a coupon", "made 2 orders", "had no refunds", "used the app",
)  # fmt: skip
DENIED = ("", "", "", "never ", "did not ", "haven't ")
OFTEN = ("", "", " twice", " at least 3 times", " only once")
WHEN = ("", " in the last 30 days", " in 2025", " this month", " for 2 months", " last year")
NARROWING = ("decaf", "never", "almost", "seldom", "blue", "not", "without", "hardly", "except", "last", "zero")
BEARING = frozenset({
    "never", "not", "haven't", "no", "nothing", "without", "twice", "at", "least", "3", "2", "30", "2025", "month",
    "months", "days", "last", "once", "coupon", "Molen", "grinder", "beans", "Germany", "Belgium", "France", "German",
    "Austria", "Spain", "except", "average", "above", "different", "more", "again", "items",
    "500", "25", "39", "90", "out", "or", "vip", "women", "newsletter", "repeat", "inactive", "near", "younger",
})  # fmt: skip
"""Words without which a sentence says something else."""


@pytest.fixture(scope="module")
def shop() -> tuple[Catalog, Segments]:
    folder = demo.shop_folder()
    return segql.load_catalog(str(folder / "catalog.yaml")), segql.load_segments(str(folder))


def _sentence(draw: random.Random) -> str:
    kind, being, deed = draw.choice(KINDS), draw.choice(BEING), draw.choice(DEEDS)
    did = f"{draw.choice(DENIED)}{deed}{draw.choice(OFTEN)}{draw.choice(WHEN)}"
    if draw.random() < 0.3:
        return f"{kind} {being}".strip()
    first = f"{kind} who {did}" if kind else did
    return first if draw.random() < 0.5 else f"{first} {draw.choice(('and', 'but', 'or'))} {being}"


def _taken(text: str, shop: tuple[Catalog, Segments]) -> Meaning | None:
    try:
        return segql.meaning(text, shop[0], now=demo.NOW, segments=shop[1])
    except SegQLError:
        return None


@settings(max_examples=12)
@given(seed=st.integers(0, 10**9))
def test_what_a_sentence_is_taken_for_is_what_is_printed(seed: int, shop: tuple[Catalog, Segments]) -> None:
    text = _sentence(random.Random(seed))
    if (meant := _taken(text, shop)) is not None:
        again = segql.meaning(meant.text, shop[0], now=demo.NOW, segments=shop[1])
        assert (again.bound, again.text, again.read) == (meant.bound, meant.text, None), text
        if meant.read is not None:
            assert segql.format(meant.read) == meant.text
            assert segql.explain(text, shop[0], now=demo.NOW, segments=shop[1]).done.text == meant.text


@settings(max_examples=12)
@given(seed=st.integers(0, 10**9))
def test_no_word_comes_or_goes_in_silence(seed: int, shop: tuple[Catalog, Segments]) -> None:
    draw = random.Random(seed)
    said = (text := _sentence(draw)).split()
    meant = _taken(text, shop)
    if meant is None:
        return
    at = draw.randrange(len(said) + 1)
    others = [" ".join([*said[:at], draw.choice(NARROWING), *said[at:]])]
    bearing = [i for i, word in enumerate(said) if word in BEARING]
    others += [" ".join(said[:i] + said[i + 1 :]) for i in draw.sample(bearing, min(2, len(bearing)))]
    for other in others:
        found = _taken(other, shop)
        assert found is None or found.bound != meant.bound, (text, other)
