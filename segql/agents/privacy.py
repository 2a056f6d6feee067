"""What an agent is not shown of one person: the profile's own properties, but those that are allowed."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from ..catalog import Catalog, fold

SEEN = ("seen", "rows", "says")
"""Where the answer to why has values of the person, beside the text of a condition."""


def shown(why: dict[str, Any], catalog: Catalog, allowed: Collection[str]) -> dict[str, Any]:
    """The answer to why (`why_data`) without what conditions saw of properties that are not allowed.

    Nor when time alone would change it, where one of them is about such: that tells a birthday.
    """
    names = personal(catalog, allowed)
    if any(_asks(text, names) for text in _texts(why)):
        why = {**why, "next": "not shown"}
    return dict(_hidden(why, names))


def personal(catalog: Catalog, allowed: Collection[str]) -> frozenset[str]:
    """The folded names of the profile's properties that are not allowed, and of metrics of them; other names, too."""
    may = frozenset(map(fold, allowed))
    found = set[str]()
    for part in (catalog.profiles.properties, catalog.metrics):
        for name, one in part.items():
            names = frozenset(map(fold, (name, *one.also)))
            if not names & may and (part is not catalog.metrics or _asks(catalog.metrics[name].value, found)):
                found |= names
    return frozenset(found)


def _asks(text: str, names: Collection[str]) -> bool:
    folded = fold(text)
    return any(name in folded for name in names)


def _texts(answer: Any) -> Iterator[str]:
    """The texts of conditions, at any depth."""
    if isinstance(answer, dict):
        yield from (str(answer["text"]),) if "text" in answer else ()
        answer = list(answer.values())
    if isinstance(answer, list):
        for one in answer:
            yield from _texts(one)


def _hidden(answer: Any, names: Collection[str]) -> Any:
    """The answer without what was seen where the text of a condition has one of these names in it."""
    if isinstance(answer, list):
        return [_hidden(one, names) for one in answer]
    if not isinstance(answer, dict):
        return answer
    asks = _asks(str(answer.get("text", "")), names)
    return {key: "not shown" if asks and key in SEEN else _hidden(value, names) for key, value in answer.items()}
