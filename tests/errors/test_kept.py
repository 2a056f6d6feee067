"""No help loses what the text says: a denial, a number, a value, a window, wherever it is put into a good sentence."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given

import segql
from segql import Catalog, Segments, SegQLError, demo
from segql.parser.mistakes.kept import keeps

from ..chance.soups import spoiled

SAID = [
    line.split("\t")[0]
    for line in (Path(__file__).parents[1] / "parser" / "said.tsv").read_text("utf-8").splitlines()
    if line and line[0] != "#"
]
PLAIN = [one for one in SAID if not any(word in one for word in ('"', "at most", "n't"))]
DENIALS = ("not", "never", "without", "except", "nobody", "no", "anything but", "neither", "but not")
MEANS = ("not", "never", "except", "without", " no ", "cannot", "empty", "!=", "exactly 0", "= 0", "fewer")


@pytest.fixture(scope="module")
def shop() -> tuple[Catalog, Segments]:
    folder = demo.shop_folder()
    return segql.load_catalog(str(folder / "catalog.yaml")), segql.load_segments(str(folder))


@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(one, marks=pytest.mark.long) for one in range(2, 6))])
def test_a_denial_put_anywhere_is_kept_or_refused(seed: int, shop: tuple[Catalog, Segments]) -> None:
    """In what is accepted, and in what each help makes."""
    chance = random.Random(seed)
    for _ in range(25):
        words = chance.choice([one for one in SAID if not any(word in one for word in ('"', "at most", "n't"))]).split(
            " "
        )
        at = chance.randrange(len(words) + 1)
        denial = chance.choice(DENIALS)
        typed = " ".join([*words[:at], denial, *words[at:]])
        if denial == "no" and words[at : at + 1] in (["more"], ["less"], ["fewer"], ["later"]):
            continue
        for text in _taken_for(typed, shop):
            assert any(word in f" {text} " for word in MEANS) or denial in text, (typed, text)


def _taken_for(typed: str, shop: tuple[Catalog, Segments]) -> list[str]:
    """The canonical text of a rule, or those of what its helps make."""
    catalog, segments = shop
    try:
        return [segql.meaning(typed, catalog, now=demo.NOW, segments=segments).text]
    except SegQLError as error:
        made = [fix.applied(typed) for problem in error.problems for fix in problem.fixes]
        return [one for text in made if typed not in text for one in _canonical(text, shop)]


def _canonical(text: str, shop: tuple[Catalog, Segments]) -> list[str]:
    try:
        return [segql.meaning(text, shop[0], now=demo.NOW, segments=shop[1]).text]
    except SegQLError:
        return []


WINDOWS = (
    "in the last 17 days",
    "this month",
    "since 2026-05-17",
    "yesterday",
    "last week",
    "between 17 and 31 days ago",
)
PHRASES = (
    "viewed product without ordering", "bought beans and a grinder", "last order over $200",
    "bought 3 different brands",
    "clicked an email and ordered within 24 hours", "did not open or click an email", "ordered with coupon WELCOME10",
    "vip customers who viewed Espresso", "bought from at least 3 brands", "shipped to Germany", "used a coupon",
    "viewed beans or ordered grinders", "placed order over 100", "clicked sms or an email", "spent $500",
)  # fmt: skip


@pytest.mark.parametrize(
    ("phrase", "window"),
    [
        pytest.param(phrase, window, marks=() if (at + other) % 3 == 0 else pytest.mark.long)
        for at, phrase in enumerate(PHRASES)
        for other, window in enumerate(WINDOWS)
    ],
)
def test_a_window_behind_what_is_mended_is_kept(phrase: str, window: str, shop: tuple[Catalog, Segments]) -> None:
    typed = f"{phrase} {window}"
    for problem in segql.check(typed, shop[0], now=demo.NOW, segments=shop[1]):
        for fix in problem.fixes:
            assert window in fix.applied(typed), (typed, fix)


@pytest.mark.parametrize(
    ("said", "fix", "kept"),
    [
        ("neither beans", "any item (collection is \"Beans\")", False),
        ("never bought 3 times", "fewer than 3 times", True),
        ("3 times or more", "at least twice", False),
        ("three times", "exactly 3 times", True),
        ("no more than 3 times", "at most 3 times", True),
        ("vip customers last month", "vip", False),
        ("until yesterday", "before today", True),
        ("2 quarters", "6 months", True),
        ("in Q3", "between 2026-07-01 and 2026-09-30", True),
        ('is "a"', 'is "b"', False),
        ('like "a%"', 'matches "a*"', True),
        ("is not null", "is set", True),
        ("unsubscribed from sms", "can receive sms", False),
    ],
)  # fmt: skip
def test_what_is_kept(said: str, fix: str, kept: bool) -> None:
    assert keeps(said, fix) is kept


@pytest.mark.parametrize("word", ["decaf", "expensive", "mostly", "only"])
def test_a_word_that_narrows_is_never_lost(word: str, shop: tuple[Catalog, Segments]) -> None:
    """Put before the last word of what has a thing by its name, it is refused, or stands in what is taken."""
    said = (
        "bought {}beans", "bought {}Molen products", "last order contained {}beans", 'bought {}"Beans"',
        "ordered {}beans", "hasn't bought {}Molen products in 60 days", "every order contained {}beans",
        "added {}Molen to the cart",
    )  # fmt: skip
    for one in said:
        plain, typed = one.format(""), one.format(f"{word} ")
        meant = segql.meaning(plain, shop[0], now=demo.NOW, segments=shop[1])
        try:
            taken = segql.meaning(typed, shop[0], now=demo.NOW, segments=shop[1])
        except SegQLError as error:
            helps = [fix.applied(typed) for problem in error.problems for fix in problem.fixes]
            assert word != "only" or all("is not" in one for one in helps), (typed, helps)
            continue
        assert taken.bound != meant.bound, typed


def test_what_is_excepted_is_not_what_somebody_means(shop: tuple[Catalog, Segments]) -> None:
    for typed in ("clicked nothing but beans", "bought anything but beans", "bought anything except beans"):
        with pytest.raises(SegQLError) as raised:
            segql.compile(typed, shop[0], now=demo.NOW, segments=shop[1])
        for fix in (fix for problem in raised.value.problems for fix in problem.fixes):
            assert 'is not "Beans"' in fix.text or "and never" in fix.text, typed


@given(spoiled())
def test_a_fix_of_a_spoiled_rule_changes_it_and_mends_what_it_is_of(catalog: Catalog, typed: str) -> None:
    for problem in segql.check(typed, catalog, now=demo.NOW):
        for fix in problem.fixes if problem.severity == "error" else ():
            made = fix.applied(typed)
            moved = len(made) - len(typed) if fix.span.end <= problem.span.start else 0
            left = [(p.code, p.message, p.span.start) for p in segql.check(made, catalog, now=demo.NOW)]
            assert (problem.code, problem.message, problem.span.start + moved) not in left, (typed, fix)


@pytest.mark.parametrize("typed", ['email matches "%@gmail.com"', 'email contains "%x%"', 'clicked matches "^a"'])
def test_a_pattern_of_what_has_no_name_is_no_help(typed: str, shop: tuple[Catalog, Segments]) -> None:
    (problem,) = segql.check(typed, shop[0], now=demo.NOW)
    assert (problem.code, [fix for fix in problem.fixes if "matches" in fix.text]) == ("unknown-name", [])
