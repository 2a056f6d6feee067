"""What `contains`, `starts with`, `ends with` and `matches` mean by ignoring case: simple one-to-one folding.

Two code points are equal ignoring case when Unicode's simple case folding (CaseFolding.txt, status C and S) sends them
to the same code point. Every code point folds to exactly one, so no text changes its length, folding knows no language,
and the relation is a partition of all code points: SQL says it with `translate` and constants, and needs no `lower()`,
on which no two engines agree. What follows from it:

- `K` (Kelvin) is a `k`, `ſ` an `s`, `ς` a `σ`, `ẞ` a `ß`, `Å` (Ångström) an `å`, `µ` (micro) a Greek `μ`;
- `ß` is no `ss`, `ﬁ` no `fi`; the Turkish `İ` and `ı` equal themselves alone, while `I` equals `i`;
- accents count: `é` is no `e`, and a composed `é` is not `e` with a combining mark.
"""

from __future__ import annotations

from functools import cache

# Letters with case live in planes 0 and 1 only (a test looks at all planes).
_CASED = range(0x20000)


def fold(text: str) -> str:
    """The text with every code point folded; as long as the text."""
    return text.lower() if text.isascii() else "".join(map(_fold, text))


def variants(char: str) -> tuple[str, ...]:
    """All code points that equal `char` ignoring case, itself among them, in code point order."""
    folded = _fold(char)
    return _variants().get(folded, (folded,))


def _fold(char: str) -> str:
    # Python knows full folding (C and F). Where that is one code point it is C; where it is longer (F), the simple
    # folding (S) is the lower case if that is one code point (ẞ to ß, ᾈ to ᾀ), else there is none (ß, İ).
    full = char.casefold()
    if len(full) == 1:
        return full
    lower = char.lower()
    return lower if len(lower) == 1 else char


@cache
def _variants() -> dict[str, tuple[str, ...]]:
    """Folded code point to its variants, where there is more than one."""
    found: dict[str, list[str]] = {}
    for char in map(chr, _CASED):
        folded = _fold(char)
        if folded != char:
            found.setdefault(folded, [folded]).append(char)
    return {folded: tuple(sorted(chars)) for folded, chars in found.items()}
