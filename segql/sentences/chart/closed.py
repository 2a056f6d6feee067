"""Closed lists of words of English that the chart takes for what they are."""

from __future__ import annotations

import re


def _words(said: str) -> frozenset[str]:
    return frozenset(re.findall(r"[\w']+", said))


WHO = _words("""who that which whose they he she""")
"""Words that begin what is said of people."""

BESIDE = _words("""
    in from with without who aged over under living outside whose that near having based located older younger on
    speaking below above within have has had haven't hasn't never did didn't can cannot can't are is but
""")
"""Words that begin another condition, without a word that joins."""

OWN = _words("""who is are was were has have had can cannot can't is isn't aren't in on from never not""")
"""Words that begin a condition which a denial before it does not reach."""

LEADING = _words(
    """still currently also already both is are was were who that they have has now who've she he either whose their"""
)
"""Words that stand before how somebody is."""

NOW = _words("""still currently now""")
"""Words that say that something is so now."""

EXCEPTED = _words("""anything nothing everything all none something nobody everybody everyone anybody anyone any""")
"""Words after which `but` leaves something out."""

OF_MANY = _words("""average median than percentile half most share mean usual""")
"""Words of a condition on all people: what stands beside it may narrow those."""

TO = _words("""in on from by for to into at with""")
"""Words that lead to a noun."""

DETERMINERS = _words("""
    a an the our their his her any some one own single shopping of new first last latest most recent very second
    third
""")
"""Words that stand before a noun."""

AGAIN = _words("""it them one ones those this""")
"""Words that stand for the thing before."""

NO = _words("""
    never not no nothing none zero didn't don't doesn't haven't hasn't hadn't wasn't weren't isn't aren't without
    cannot
""")
"""Words that deny."""

IS_NOT = _words("""isn't aren't not""")
"""Words that deny how somebody is."""

JOINING = _words("""and but or nor who that which whose they except yet while then""") | {","}
"""Words between conditions."""

TRAILING = (
    ("as", "well"),
    ("too",),
    ("right", "now"),
    ("currently",),
    ("now",),
    ("already",),
    ("also",),
    ("today",),
    ("with", "us"),
    ("so", "far"),
    ("yet",),
)
"""Words that stand behind how somebody is."""

OF_IT = _words("""without who that which""")
"""Words behind which `it` is what was spoken of before."""
