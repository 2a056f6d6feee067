"""What completion offers, and what it knows when it does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, TypeAlias, TypeVar

from ..ast import Literal_
from ..catalog import Catalog
from ..plain import dataclass
from ..segments import Segments

T = TypeVar("T")
Kind = Literal[
    "event", "property", "metric", "operator", "unit", "channel", "list", "place", "segment", "parameter", "value",
    "keyword", "form",
]  # fmt: skip

StoredValues: TypeAlias = Mapping[tuple[str, ...], Sequence[str]]
"""Values that a property has in the warehouse, by its path: `("country",)` of the profile, `("placed order", "coupon")`
of an event, `("placed order", "items", "brand")` of an event's line items. Names are the catalog's own spellings.
"""


@dataclass(frozen=True, slots=True)
class Completion:
    """What may stand in place of `text[start:end]`. After inserting it the cursor goes to `start + cursor`."""

    text: str
    start: int
    end: int
    kind: Kind
    meaning: str
    score: float
    cursor: int


@dataclass(frozen=True, slots=True)
class Known:
    """What has a name beside the language itself."""

    catalog: Catalog
    segments: Segments
    parameters: Mapping[str, Literal_]
    """What the rule at hand is given, by folded name."""
    stored: StoredValues
    year: int
    """That of today, on the catalog's calendar."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that may stand at a place: its tokens as the parser takes them, and what it is also found by."""

    text: str
    kind: Kind
    meaning: str
    tokens: tuple[tuple[str, str], ...]
    also: tuple[str, ...] = ()
    weight: float = 0
    cursor: int | None = None
    open: bool = False
    """More than a few words are missing until it has a meaning, so that only parsing counts: `no placed order`."""
    alike: str = ""
    """Offers that are alike fit where one of them fits: names of one kind and type, spellings of one keyword."""


_CATALOGS_KEPT = 4
_CATALOGS: dict[int, tuple[Catalog, dict[str, Any]]] = {}


def kept(catalog: Catalog, what: str, make: Callable[[], T]) -> T:
    """What was made of a catalog before, for the last few of them: a large one takes long, and each key asks anew."""
    found = _CATALOGS.get(id(catalog))
    if found is None or found[0] is not catalog:
        if len(_CATALOGS) >= _CATALOGS_KEPT:
            _CATALOGS.clear()
        found = _CATALOGS[id(catalog)] = (catalog, {})
    if what not in found[1]:
        found[1][what] = make()
    return found[1][what]  # type: ignore[no-any-return]
