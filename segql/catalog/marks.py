"""Where each key and value of a catalog stands in its file, by path: `("events", "placed order", "table")`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import TypeAlias

from ..plain import dataclass
from ..source import NOWHERE, Source, Span

Path: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """The key (None for a list's element and the whole), the value, and whether the value is one scalar."""

    key: Span | None
    value: Span
    scalar: bool


@dataclass(frozen=True)
class Marks:
    """The places of one file; without any for a catalog that was made in Python. Outside the catalog's equality."""

    source: Source = field(default=NOWHERE.source, compare=False)
    by_path: Mapping[Path, Mark] = field(default_factory=dict, compare=False, repr=False)

    def at(self, path: Path) -> Span:
        """The scalar that stands at a path, or the key of what does; else of the nearest part around it."""
        found = self._around(path)
        if found is None:
            return Span(self.source, 0, 0) if self.source.text else NOWHERE
        # A table that no `table` names is named by the key: `join: {products: product_id}`.
        named = not found.scalar or (path[-1] == "table" and path not in self.by_path)
        return found.key if found.key and named else found.value

    def inside(self, path: Path, offset: int) -> Span:
        """The scalar at a path from an offset in its value on; all of it where YAML writes it in other letters."""
        span = self.at(path)
        quote = span.text[:1] if span.text[:1] in ("'", '"') else ""
        text = span.text[1:-1] if quote else span.text
        if "\n" in text or "\\" in text or (quote and quote in text) or offset >= len(text):
            return span
        return Span(span.source, span.start + len(quote) + offset, span.end - len(quote))

    def key(self, path: Path) -> Span:
        """The key at a path, or what `at` finds."""
        found = self.by_path.get(path)
        return found.key if found and found.key else self.at(path)

    def _around(self, path: Path) -> Mark | None:
        for length in range(len(path), 0, -1):
            if mark := self.by_path.get(path[:length]):
                return mark
        return None
