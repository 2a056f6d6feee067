"""What can be said next: completion of a rule at a cursor, for an editor or a prompt.

The parser's tables say which words may follow, the catalog which names there are, and parser and binder judge each
offer, so that no list of what may follow is kept here. `reading` finds the places where the words at the cursor may
begin, `words` and `names` make offers for them, `judge` drops those that lead nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from ..arguments import Parameter, context, instant
from ..calendar import local_day, zone_of
from ..catalog import Catalog, fold
from ..errors import expect
from ..segments import NONE, Segments
from ..words import spellings, word
from ..words import words as language
from .definitions import Inside, within
from .judge import can_stand, is_whole
from .matching import PREFIX, match
from .model import Completion, Kind, Known, Offer, StoredValues
from .names import all_names, names_at
from .offers import in_quotes
from .reading import Caret, places
from .rows import of_one_event, openings, said
from .spoken import others
from .words import forms, keywords, usual, with_unit

__all__ = ["Completion", "Kind", "StoredValues", "complete"]


def complete(
    text: str,
    cursor: int,
    catalog: Catalog,
    *,
    segments: Segments | None = None,
    parameters: Mapping[str, Parameter] | None = None,
    stored: StoredValues | None = None,
    definitions: bool = False,
    now: datetime | None = None,
) -> list[Completion]:
    """What may stand at the cursor, the best first; nothing inside a comment or behind a mistake. Behind a rule that is
    whole without a space: only what begins with the words that it takes the place of.

    The text is a rule, or the definitions of a file, which begins with one or of which `definitions` says so. `stored`
    holds values that properties have in the warehouse, to be offered as quoted text. Months without a year are those of
    `now` and of a year before. Raises ValueError for a naive `now`.
    """
    saved, seen = NONE if segments is None else segments, {} if stored is None else stored
    expect("text", "a rule or definitions as text", text, str)
    expect("cursor", "a place in the text, an integer", cursor, int)
    expect("stored", "a mapping of properties to their values", seen, Mapping)
    values = context(catalog, saved, parameters)
    cursor = min(max(cursor, 0), len(text))
    here = within(text, cursor, definitions)
    today = local_day(instant(now), zone_of(catalog.timezone))
    known = Known(catalog, saved, {**values, **here.parameters}, seen, today.year)
    inside = text[here.start : here.end]
    found = [] if here.symbol in ("test", "now") else _completions(inside, cursor - here.start, here.symbol, known)
    found += _marks(inside, cursor - here.start, here, known)
    return [replace(one, start=one.start + here.start, end=one.end + here.start) for one in found]


def _marks(text: str, cursor: int, here: Inside, known: Known) -> Iterator[Completion]:
    """The words that begin a test, or its next section, behind what is whole already."""
    if not here.marks:
        return
    before = text[:cursor]
    typed = "" if not before or before[-1].isspace() else before.split()[-1]
    start = cursor - len(typed)
    said = before[:start].rstrip()
    whole = {"test": '"' in said, "now": True, "definition": not said}.get(here.symbol)
    for kind in here.marks if (is_whole(said, here.symbol, known) if whole is None else whole) else ():
        if word(kind).startswith(typed.lower()):
            mark = f'{word(kind)} "' if kind == "TEST" else f"{word(kind)}: "
            meaning = language().meanings.get((kind, word(kind)), "")
            yield Completion(mark, start, cursor, "keyword", meaning, 0.0, len(mark))


def _completions(text: str, cursor: int, symbol: str, known: Known) -> list[Completion]:
    every, end = all_names(known), _word_end(text, cursor)
    where = places(text, cursor, symbol)
    found: dict[tuple[int, str], Completion] = {}
    for sure in (True, False):
        for place in where:
            if _follows_known(place, every, known.catalog) is sure:
                for score, offer in _scored(place, known, sure):
                    at = len(offer.text) if offer.cursor is None else offer.cursor
                    one = Completion(offer.text, place.at, end, offer.kind, offer.meaning, score, at)
                    found.setdefault((one.start, one.text), one)
        if found:
            break
    offers = sorted(found.values(), key=lambda one: -one.score)
    if offers and not text[:cursor].endswith(tuple(" \n\t")) and is_whole(text[:cursor], symbol, known):
        # It says something already, which nothing else may take the place of unasked.
        return [one for one in offers if fold(one.text).startswith(fold(text[one.start : cursor]))]
    return offers


def _scored(place: Caret, known: Known, sure: bool) -> Iterator[tuple[float, Offer]]:
    """The offers of a place that fit what was typed and lead somewhere; behind a name of nothing parsing is enough."""
    quoted = place.typed[:1] in ("'", '"')
    inside = place.typed[1:] if quoted else place.typed
    typed = fold(inside) + " " * (inside[-1:].isspace() and not inside.isspace())
    article, _, meant = typed.partition(" ")
    meant = meant if meant.strip() and article in spellings("ARTICLE") else typed
    verdicts: dict[str, bool] = {}
    again = typed.endswith(" ")
    for offer in _offers(place, known):
        if offer.text == place.typed.strip():
            continue
        fits = [found for name in (offer.text, *offer.also) if (found := match(meant, name)) is not None]
        if not fits:
            continue
        if offer.kind == "form":
            # A form is found by its beginning, and not looked at when its first word cannot stand.
            if (
                (again and not fold(offer.tokens[0][1]).startswith(typed))
                or max(fits) < PREFIX
                or not verdicts.get(offer.alike, True)
                or not can_stand(offer, place, known, sure)
            ):
                continue
        else:
            if offer.alike not in verdicts:
                verdicts[offer.alike] = can_stand(offer, place, known, sure)
            if not verdicts[offer.alike]:
                continue
        # More of the text explained is better than less; but words that are finished are seldom meant anew.
        yield max(fits) + offer.weight + (-3 if again else 0.1 * len(typed)), offer


def _offers(place: Caret, known: Known) -> Iterable[Offer]:
    if place.typed[:1] in ("'", '"'):
        yield from (in_quotes(offer, place.typed[0]) for offer in names_at(place, known) if len(offer.tokens) == 1)
        return
    yield from names_at(place, known)
    yield from usual(place)
    yield from with_unit(place, known)
    yield from keywords(place)
    yield from forms(place)
    yield from others(place, known.year)


def _follows_known(place: Caret, every: frozenset[str], catalog: Catalog) -> bool:
    """Whether the bare names before, in the condition at hand, are names of something."""
    for token in place.levels[-1]:
        name = fold(said(token))
        if token.type == "NAME" and name not in every:
            opening = next((words for words in openings() if name.startswith(f"{words} ")), None)
            if (opening is None or name[len(opening) + 1 :] not in every) and not of_one_event(name, catalog):
                return False
    return True


def _word_end(text: str, cursor: int) -> int:
    """The end of the word that the cursor is in."""
    while 0 < cursor < len(text) and text[cursor].isalnum() and (text[cursor - 1].isalnum()):
        cursor += 1
    return cursor
