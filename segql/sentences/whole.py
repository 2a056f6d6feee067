"""Every reading of a whole sentence, and what one that is not understood may have been meant for."""

from __future__ import annotations

from itertools import islice

from . import shared
from .clauses import Known
from .lexicon import Lexicon
from .reading import Reader
from .rewording import completed, left_out, reworded
from .said import Said
from .story import Story
from .times import with_dates
from .tokens import tokens

_MOST_WORDS, _MOST = 28, 12
"""Words of a sentence that is read, and readings that are looked at."""


def readings(text: str, known: Known, loose: bool = False) -> tuple[Said, ...]:
    """What a sentence may say, as texts of SegQL that hold. None where some word of it is not understood.

    Read loosely, words that the catalog does not know are texts; nothing is sure then.
    """
    found = tokens(text)
    if not 0 < len(found) <= _MOST_WORDS or any(one.text in "()-#;" for one in found):
        return ()
    if dated := list(with_dates(text, found, known.today)):
        sure = len(dated) == 1 and (not dated[0][1] or dated[0][1].isdigit())
        read = tuple(
            one if sure else one.unsure("; ".join(filter(None, (one.note, note))))
            for written, note in dated
            for one in _read(written, known, loose)
        )
        if read:  # `the Black Friday campaign` has it in its title
            return read
    reader = Reader(text, Lexicon(known.catalog, found), known, loose)
    said = list(reader.said())
    for written, sure, together in shared.written_out(text, reader.lexicon, reader.verbs.slots, reader.verbs):
        other = Reader(written, Lexicon(known.catalog, tokens(written)), known, loose, together)
        said += [one if sure else one.unsure() for one in other.said()]
    holding = tuple(one for one in dict.fromkeys(said) if known.takes(one.text))
    if not holding and not loose:
        told = Story(reader.verbs, reader.people, reader.rule).said(0, len(found))
        holding = tuple(one for one in dict.fromkeys(islice(told, _MOST)) if known.takes(one.text))
    return tuple(one.unsure(one.note) for one in holding) if loose or reader.lexicon.is_guessed else holding


def _read(written: str, known: Known, loose: bool) -> tuple[Said, ...]:
    """What a sentence says that was written anew: it may be a rule by itself."""
    return (Said(written),) if known.takes(written) else readings(written, known, loose)


def alike(text: str, known: Known) -> tuple[Said, ...]:
    """What a sentence says with words in the place of some that say just the same."""
    found = tokens(text)
    if not 0 < len(found) <= _MOST_WORDS:
        return ()
    several = (_read(written, known, False) for written, note in reworded(text, found) if not note)
    return tuple(one for said in several for one in said if one.sure)


def nearest(text: str, known: Known, loose: bool, phrases: tuple[Said, ...]) -> tuple[Said, ...]:
    """What a sentence that is not understood may have been meant for; the notes say what was changed for it.

    First with words that say just the same, by its `phrases`, with other words in the place of some, then with words of
    which nobody knows what they are (as texts where that may be: `loose`), at last without those.
    """
    found = tokens(text)
    if not 0 < len(found) <= _MOST_WORDS:
        return ()
    lexicon = Lexicon(known.catalog, found)
    others = [*reworded(text, found), *completed(text, lexicon)]

    def read(written: str, note: str, as_texts: bool) -> tuple[Said, ...]:
        said = _read(written, known, as_texts)
        if not note and not as_texts:
            return said
        return tuple(one.unsure("; ".join(filter(None, (one.note, note)))) for one in said)

    if said := alike(text, known) or phrases:
        return said
    for as_texts in (False, True)[: 1 + loose]:
        if as_texts and (said := readings(text, known, loose=True)):
            return said
        several = [one for written, note in others for one in read(written, note, as_texts)]
        if several:
            return tuple(several[:_MOST])
    for written, note in left_out(text, lexicon, known.segments):
        if said := read(written, note, False):
            return tuple(said)
    return ()


__all__ = ["alike", "nearest", "readings"]
