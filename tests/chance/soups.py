"""Texts that are nearly rules, or nothing like them."""

from __future__ import annotations

from hypothesis import strategies as st

from .rules import Draw, random_rule

TOKENS: tuple[str, ...] = (
    "and", "or", "not", "(", ")", "placed", "order", "placed order", "in", "the", "last", "first", "72h", "3",
    "times",
    "at", "least", "most", "of", "any", "every", "no", "item", "where", "has", "have", "is", "set", "empty", '"NL"',
    "'",
    '"', "country", "total", "sum of", "number of", "distinct", "days since", "between", "ago", "never", "once",
    "twice",
    "can receive", "sms", "because", "list", "joined", "segment", "then", "followed by", "within", "top", "10%", "by",
    "random", "€100", "$5", "2025-10-26", "2025-02-30", "today", "now", "month", "x", "0.5", ">=", "<", "=", "!=",
    ",",
    "1,000", "everyone", "no one", "--", "#", "\n", "let", "sample", "seed", "\u00a0", "“", "é", "🎁", "%", "m",
    "3m", "*",
    "includes", "contains", "matches", "the average", "more than", "next week", "this", "with the same", "on", "-5",
    "/",
    "days between", "anniversary of", "birthday", "ever", "before", "after", "since", "different days", "of the last",
)  # fmt: skip


def soups() -> st.SearchStrategy[str]:
    """Words of the language in any order, any characters, and rules that somebody has spoiled."""
    tokens = st.lists(st.sampled_from(TOKENS), max_size=12).map(" ".join)
    glued = st.lists(st.sampled_from(TOKENS), max_size=6).map("".join)
    return st.one_of(tokens, glued, st.text(max_size=40), spoiled())


@st.composite
def spoiled(draw: st.DrawFn) -> str:
    """A good rule with a word dropped, doubled, moved or replaced."""
    words = random_rule(Draw(draw(st.randoms(use_true_random=True)))).split(" ")
    at = draw(st.integers(0, len(words) - 1))
    match draw(st.integers(0, 3)):
        case 0:
            del words[at]
        case 1:
            words.insert(at, words[at])
        case 2:
            words.insert(draw(st.integers(0, len(words) - 1)), words.pop(at))
        case _:
            words[at] = draw(st.sampled_from(TOKENS))
    return " ".join(words)
