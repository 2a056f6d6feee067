"""The hash of `random` and `sample`: one text for a seed and a key, in Python and in SQL."""

from __future__ import annotations

import duckdb
import pytest
from sqlglot import exp

from segql.conditions import Random
from segql.dialects import dialect
from segql.emitter.target import Target
from segql.emitter.texts import hashed as hashed_by_sql
from segql.evaluator.populations import hashed

from ..worlds.small_shop import CATALOG, NOW, ask, people

KEYS = (0, 7, -7, 10, 2**31 - 1, -(2**31))


def test_a_hash_is_that_of_seed_separator_and_key() -> None:
    # By `printf 'B\x1f7' | md5sum`.
    assert hashed("B", 7) == "8da10a24977488772bf814c125e03acf" == hashed("B", "7")
    assert hashed("", "é") != hashed("é", "")


@pytest.mark.parametrize("seed", ["", "B", "it's", 'say "hi"', "\\", "é🎁", "a\0b"])
def test_sql_hashes_integer_keys_as_their_digits(seed: str) -> None:
    target = Target(CATALOG, dialect("duckdb"), NOW, "profile")
    for key in KEYS:
        node = hashed_by_sql(seed, exp.cast(exp.Literal.string(str(key)), "bigint"), target)
        assert duckdb.execute(f"SELECT {node.sql(dialect='duckdb')}").fetchall() == [(hashed(seed, key),)]


@pytest.mark.parametrize("below", ["00000000", "40000000", "80000000", "ffffffff", None])
def test_a_share_of_integer_keys(below: str | None) -> None:
    wanted = {key for key in KEYS if below is None or hashed("B", key)[:8] < below}
    assert ask(Random("B", below), customers=people(*KEYS)) == wanted
