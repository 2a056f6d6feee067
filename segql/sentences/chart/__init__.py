"""Sentences that no pattern reads, phrase by phrase: a chart over few types of phrases, put together as they may be."""

from __future__ import annotations

import re
from itertools import islice

from ..clauses import Known
from ..lexicon import Lexicon
from ..reading import Reader
from ..said import Said
from ..slots import Slots
from ..tokens import tokens
from ..unknown import Unknown
from ..whole import readings
from .acts import Acts
from .body import Body, TooLong
from .deeds import Deeds
from .normal import normal
from .phrases import phrased
from .states import States
from .whens import Whens

_MOST_WORDS, _MOST, _TRIED = 40, 6, 24
"""Words of a sentence that is read, readings that are given, and those that are looked at."""

_VAGUE = re.compile(r"\b(?:few|couple)\b", re.IGNORECASE)
"""Numbers that nobody said."""

_PLUS = re.compile(r"\bplus\b(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", re.IGNORECASE)
"""What puts audiences together: who is in both, or in any of them."""


def charted(text: str, known: Known, loose: bool = False) -> tuple[Said, ...]:
    """What a sentence may say; sure is what has words and an order that say nothing else (`certain`).

    Read loosely, words that the catalog does not know are texts; nothing is sure then, nor where not all was looked at,
    nor with stretches in other words that say the same, which come last.
    """
    said = normal(text)
    vague = loose or _VAGUE.search(text) is not None
    if (any_of := normal(_PLUS.sub("or", text))) != said:
        found = (*_read(said, known, loose), *_read(any_of, known, loose))
        return tuple(one.unsure(one.note or ("any of them" if one.join == "OR" else "")) for one in found)[:_MOST]
    found = () if said == text else readings(said, known, loose)
    if found := found or _charted(said, known, loose):
        return tuple(one.unsure(one.note) if vague else one for one in found)
    several = [one for written in phrased(said, known) for one in _read(written, known, loose)]
    return tuple({one.text: one.unsure(one.note) for one in several}.values())[:_MOST]


def _read(written: str, known: Known, loose: bool) -> tuple[Said, ...]:
    """What a sentence says that was put in other words: it may be a rule by itself."""
    if known.takes(written):
        return (Said(written),)
    return readings(written, known, loose) or _charted(normal(written), known, loose)


def _charted(said: str, known: Known, loose: bool) -> tuple[Said, ...]:
    body = _body(said, known, loose)
    if body is None:
        return ()
    found: dict[str, Said] = {}
    tried: tuple[Said, ...] = ()
    try:
        tried = tuple(islice(body.sentence(), _TRIED))
        for one in tried:
            if one.text and (one.text not in found or one.sure) and known.takes(one.text):
                found[one.text] = one
            if len(found) == _MOST:
                break
    except TooLong:
        return ()
    sure = (
        all(one.sure for one in found.values())
        and not loose
        and len(tried) < _TRIED
        and len(found) < _MOST
        and not body.cut
    )
    return tuple(one if sure else one.unsure(one.note) for one in found.values())


def _body(said: str, known: Known, loose: bool) -> Body | None:
    found = tokens(said)
    if not 0 < len(found) <= _MOST_WORDS or any(one.text in "();#" for one in found):
        return None
    lexicon = Lexicon(known.catalog, found)
    reader = Reader(said, lexicon, known, False)
    unknown = Unknown(lexicon, Slots(found)) if loose else None
    acts, whens = Acts(lexicon), Whens(found, known.today)
    deeds = Deeds(reader.verbs, acts, whens, unknown, (*known.catalog.constants, *known.segments.values))
    return Body(reader, deeds, States(reader.people, deeds, acts, whens))


__all__ = ["charted"]
