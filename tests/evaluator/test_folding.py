"""Ignoring case: a partition of all code points, one to one."""

from __future__ import annotations

import sys
from collections import defaultdict

import pytest

from segql.folding import fold, variants

EVERY = "".join(map(chr, range(sys.maxunicode + 1)))


def test_folding_is_a_partition_of_all_code_points() -> None:
    folded_all = fold(EVERY)
    assert len(folded_all) == len(EVERY)
    assert fold(folded_all) == folded_all
    classes: dict[str, set[str]] = defaultdict(set)
    for char, folded in zip(EVERY, folded_all, strict=True):
        if char != folded:
            classes[folded] |= {char, folded}
    cased = set().union(*classes.values())
    assert len(cased) > 2700
    for chars in classes.values():
        assert all(variants(char) == tuple(sorted(chars)) for char in chars)
    assert all(variants(char) == (char,) for char in EVERY[::41] if char not in cased)


def test_folding_is_by_code_point() -> None:
    text = "ΟΔΟΣ İstanbul ẞ ﬁ \U0001f600 e\u0301"
    assert fold(text) == "".join(fold(char) for char in text)
    assert len(fold(text)) == len(text)
    ascii_ = "".join(map(chr, range(128)))
    assert fold(ascii_) == "".join(fold(char) for char in ascii_)


@pytest.mark.parametrize(
    ("char", "same"),
    [
        ("a", "Aa"),
        ("K", "Kk\u212a"),
        ("s", "Ssſ"),
        ("Σ", "Σςσ"),
        ("ß", "ßẞ"),
        ("i", "Ii"),
        ("İ", "İ"),
        ("ı", "ı"),
        ("µ", "µΜμ"),
        ("ǆ", "Ǆǅǆ"),
        ("ᾳ", "ᾳᾼ"),
        ("Я", "Яя"),
        ("é", "Éé"),
        ("1", "1"),
        ("*", "*"),
        ("𐐀", "𐐀𐐨"),
    ],
)
def test_variants(char: str, same: str) -> None:
    assert variants(char) == tuple(sorted(same))
