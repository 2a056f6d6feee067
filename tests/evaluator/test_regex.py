"""Regular expressions mean what Python's mean, and every engine's text of one means the same."""

from __future__ import annotations

import re
from random import Random

import pytest

from segql.regex import NoRegex, found_in, read, written

_PIECES = (
    "a", "b", "A", ".", "[ab]", "[^a]", "[a-c]", "(a|b)", "(ab|c)", r"\.", r"\\", "é", "(?:a|(b|c))", r"[\-x]", "*",
)  # fmt: skip
_TIMES = ("", "", "", "*", "+", "?", "{2}", "{1,2}", "{1,}", "{0}", "{0,1}", "??", "{2,1}")


def test_they_are_found_where_python_finds_them() -> None:
    random, tried = Random(7), 0
    while tried < 3000:
        pattern = "".join(random.choice(_PIECES) + random.choice(_TIMES) for _ in range(random.randint(1, 4)))
        pattern = random.choice(("", "^")) + random.choice((pattern, f"({pattern})|b")) + random.choice(("", "$"))
        try:
            regex = read(pattern)
        except NoRegex:
            continue
        tried += 1
        text = "".join(random.choice("abAc.x\\é-\n") for _ in range(random.randint(0, 6)))
        theirs = re.compile(pattern[:-1] + r"\Z" if regex.end else pattern)
        assert found_in(regex, text) == bool(theirs.search(text)), (pattern, text)
        assert found_in(regex, text) == bool(re.search(written(regex, r"\Z"), text)), (pattern, text)


def test_long_texts_take_no_longer_than_they_must() -> None:
    assert not found_in(read("(a|a|a)*b"), "a" * 2000)


@pytest.mark.parametrize("text", ["(" * 21 + "a" + ")" * 21, "a" * 1001, "a{" + "9" * 900 + "}", "(" * 1000])
def test_what_is_too_large_is_said(text: str) -> None:
    with pytest.raises(NoRegex):
        read(text)
    read("(" * 20 + "a" + ")" * 20)
