"""Trees for readers: names that the grammar takes, groups, comments."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from ... import ast
from ...catalog.names import fold
from ...parser.names import begins_keyword, is_bare

_COMMENT = 96
"""Letters of a comment's line."""


def named(text: str) -> ast.Name:
    """A name of the catalog as a rule spells it: bare where its words can stand so, else in quotes."""
    text = " ".join(text.split())
    return ast.Name(text) if text and is_bare(text) and not begins_keyword(text) else ast.Name("", text)


def quoted(text: str) -> ast.Name:
    """A name in quotes, as segments have it."""
    return ast.Name("", " ".join(text.split()))


def number(value: int | Decimal) -> ast.Number:
    """A number."""
    return ast.Number(Decimal(value))


def all_of(parts: Iterable[ast.Rule]) -> Any:
    """All of them, without groups of `and` inside; one is itself."""
    return _group(ast.All, parts)


def any_of(parts: Iterable[ast.Rule]) -> Any:
    """Any of them, without groups of `or` inside; one is itself."""
    return _group(ast.AnyOf, parts)


def negated(part: Any) -> Any:
    """`not`, of which two are none."""
    return part.part if isinstance(part, ast.Not) and not part.comments else ast.Not(part)


def _group(kind: Any, parts: Iterable[Any]) -> Any:
    found: list[Any] = []
    for part in parts:
        if isinstance(part, kind) and part.parts:
            first, *rest = part.parts
            found += [_with(first, part.comments), *rest]
        else:
            found.append(part)
    return found[0] if len(found) == 1 else kind(tuple(found))


def commented(node: Any, text: str) -> Any:
    """The node with a comment above it, in lines of readable length."""
    return _with(node, tuple(wrapped(text)))


def wrapped(text: str, width: int = _COMMENT) -> list[str]:
    """A text in lines; signs that a comment cannot hold are shown as what they are."""
    return textwrap.wrap(shown(text), width, break_on_hyphens=False) or [""]


def shown(text: str) -> str:
    """A text in one line: control signs, and halves of letters, are escaped."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _with(node: Any, comments: tuple[str, ...]) -> Any:
    return replace(node, comments=(*comments, *node.comments)) if comments else node


def unique(names: Iterable[str]) -> list[str]:
    """Names of segments, so that none is empty and none comes twice: the second `VIP` is `VIP (2)`."""
    found: list[str] = []
    taken: set[str] = set()
    counts: dict[str, int] = {}
    for name in names:
        base = " ".join(shown(name).split()) or "Unnamed"
        key, number = base, counts.get(fold(base), 1)
        while fold(key) in taken:
            number += 1
            key = f"{base} ({number})"
        counts[fold(base)] = number
        taken.add(fold(key))
        found.append(key)
    return found
