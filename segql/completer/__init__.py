"""What can be said next: completion of a rule at a cursor, for an editor or a prompt.

The parser's tables say which words may follow, the catalog which names there are, and parser and binder judge each offer,
so that no list of what may follow is kept here. `reading` finds the places where the words at the cursor may begin,
`words` and `names` make offers for them, `judge` drops those that lead nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ..catalog import Catalog, fold
from ..compiler import Parameter, literal
from ..formatter import format_name
from ..segments import NONE, Segments
from .judge import can_stand
from .matching import match
from .model import Completion, Kind, Known, Offer, Stored
from .names import all_names, names_at
from .reading import Place, places
from .rows import openings, said
from .words import forms, keywords, with_unit

__all__ = ["Completion", "Kind", "Stored", "complete"]


def complete(
    text: str,
    cursor: int,
    catalog: Catalog,
    *,
    segments: Segments | None = None,
    parameters: Mapping[str, Parameter] | None = None,
    stored: Stored | None = None,
) -> list[Completion]:
    """What may stand at the cursor, the best first; nothing inside a comment or behind a mistake.

    `stored` holds values that properties have in the warehouse, to be offered as quoted text.
    """
    values = {fold(name): literal(value) for name, value in (parameters or {}).items()}
    some = format_name(next(iter(catalog.events), "x"))
    known = Known(catalog, segments or NONE, values, stored or {}, some)
    end = _word_end(text, cursor)
    found: dict[tuple[int, str], Completion] = {}
    every, surely = all_names(known), False
    for place in places(text, cursor):
        sure = _follows_known(place, every)
        if surely and not sure:
            continue
        if sure and not surely:
            found.clear()
        offers = list(_scored(place, known))
        surely = surely or (sure and bool(offers))
        for score, offer in offers:
            one = Completion(
                offer.text, place.at, end, offer.kind, offer.meaning, score,
                len(offer.text) if offer.cursor is None else offer.cursor,
            )  # fmt: skip
            if (one.start, one.text) not in found:
                found[one.start, one.text] = one
    return sorted(found.values(), key=lambda one: -one.score)


def _scored(place: Place, known: Known) -> Iterator[tuple[float, Offer]]:
    """The offers of a place that fit what was typed and lead somewhere."""
    quoted = place.typed[:1] in ("'", '"')
    inside = place.typed[1:] if quoted else place.typed
    typed = fold(inside) + " " * (inside[-1:].isspace() and not inside.isspace())
    verdicts: dict[str, bool] = {}
    for offer in _offers(place, known):
        if offer.text == place.typed or (quoted and offer.text[0] not in "\"'"):
            continue
        fits = [found for name in (offer.text, *offer.also) if (found := match(typed, name)) is not None]
        if not fits:
            continue
        if offer.kind == "form":
            # A form is not looked at when its first word cannot stand.
            verdict = verdicts.get(offer.alike, True) and can_stand(offer, place, known)
        else:
            if offer.alike not in verdicts:
                verdicts[offer.alike] = can_stand(offer, place, known)
            verdict = verdicts[offer.alike]
        if verdict:
            # More of the text explained is better than less.
            yield max(fits) + offer.weight + 0.1 * len(typed), offer


def _offers(place: Place, known: Known) -> Iterable[Offer]:
    yield from names_at(place, known)
    if place.typed[:1] in ("'", '"'):
        return
    yield from with_unit(place, known)
    yield from keywords(place)
    yield from forms(place)


def _follows_known(place: Place, every: frozenset[str]) -> bool:
    """Whether the name before, if one stands there, is a name of something."""
    before = place.before
    if before is None or before.type != "NAME":
        return True
    name = fold(said(before))
    return name in every or any(name.startswith(f"{words} ") and name[len(words) + 1 :] in every for words in openings())


def _word_end(text: str, cursor: int) -> int:
    """The end of the word that the cursor is in."""
    while 0 < cursor < len(text) and text[cursor].isalnum() and (text[cursor - 1].isalnum()):
        cursor += 1
    return cursor
