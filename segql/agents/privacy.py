"""What an agent is not shown of one person: the profile's own properties, but those that are allowed."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from ..catalog import Catalog, fold

SEEN = ("seen", "rows", "says")
"""Where the answer to why has values of the person, beside the text of a condition."""


def personal(catalog: Catalog, allowed: Collection[str]) -> frozenset[str]:
    """The folded names of the profile's properties that are not allowed, other names too."""
    may = frozenset(map(fold, allowed))
    found = set[str]()
    for name, part in catalog.profiles.properties.items():
        names = frozenset(map(fold, (name, *part.also)))
        if not names & may:
            found |= names
    return frozenset(found)


def hidden(answer: Any, names: Collection[str]) -> Any:
    """The answer without what was seen where the text of a condition has one of these names in it."""
    if isinstance(answer, list):
        return [hidden(one, names) for one in answer]
    if not isinstance(answer, dict):
        return answer
    text = fold(str(answer.get("text", "")))
    asks = any(name in text for name in names)
    return {key: "not shown" if asks and key in SEEN else hidden(value, names) for key, value in answer.items()}
