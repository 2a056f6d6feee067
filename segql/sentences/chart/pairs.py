"""Two pieces of a sentence side by side: what a word between them makes of both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice, product

from ...plain import dataclass
from ...words import word
from ..said import Said, joined
from .deed import is_kin
from .deeds import Deed


@dataclass(frozen=True, slots=True)
class Piece:
    """What a stretch says, and the deed that it ends with, where it is one."""

    said: Said
    deed: Deed | None = None
    again: bool = False
    """Whether it ends with something that is denied again of what was before."""
    alone: bool = False
    """Whether the deed is all of it."""


def both(first: Piece, other: Piece, join: str, sure: bool, reaches: bool) -> Iterator[Piece]:
    """What two pieces say that such a word joins; `sure`: nothing is left open between them; `reaches`: a denial before
    the word may reach on.
    """
    one, two = first.deed, other.deed
    if one and two and two.borrowed and other.alone and one.event == two.event and not two.around.tests:
        two = replace(two, around=replace(two.around, tests=one.around.tests))  # `bought beans, but not this year`
        other = replace(other, said=next(two.said(), other.said), deed=two)
    if one and two:
        if (
            reaches
            and first.alone
            and one.is_open
            and not two.borrowed
            and one.event != two.event
            and is_kin(one.event, two.event)
        ):
            copied = replace(one, around=replace(two.around, times=one.around.times or two.around.times), bare=False)
            for said in copied.said():
                yield Piece(joined_as(said, other.said, join, first, other), two)
        if (
            two.borrowed
            and other.alone
            and one.event == two.event
            and one.around.window
            and not two.around.window
            and not two.around.times
            and not (join == "OR" and two.denied)
        ):
            shared = replace(two, around=replace(two.around, window=one.around.window))
            for said in shared.said():
                yield Piece(
                    joined_as(first.said, said, join, first, other).unsure("both in that time"),
                    two,
                    True,
                )
        alone = first.alone and other.alone
        if reaches and alone and join in ("NOR", "OR", ",") and one.denied and not two.denied and not two.borrowed:
            for window in dict.fromkeys((one.around.window or two.around.window, one.around.window)):
                left = replace(one, around=replace(one.around, window=window))
                right = replace(two, denied=True, around=replace(two.around, window=two.around.window or window))
                for a in left.said():
                    for b in right.said():
                        note = "neither of them" if join == "OR" else ""
                        yield Piece(joined((a, b), "AND").unsure(note), right)
        elif (
            first.alone
            and (other.alone or other.again)
            and two.around.window
            and not one.around.window
            and not two.borrowed
            and not one.edge
            and join != ","
        ):
            left = replace(one, around=replace(one.around, window=two.around.window))
            for a in islice(left.said(), 1):
                yield Piece(joined_as(a, other.said, join, first, other).unsure("both in that time"), two, True)
    if one and two and two.borrowed and one.event == two.event and not (one.edge or two.edge):
        for said, note in _of_one(one, two, join):
            yield Piece(said.unsure(note), two)
    if one and two and two.borrowed and other.alone and not two.denied and one.around.times and not two.around.times:
        # `3 times this year or last year`: so often then, too
        for said in replace(two, around=replace(two.around, times=one.around.times)).said():
            yield Piece(joined_as(first.said, said, join, first, other), two)
        return
    if join == "NOR":
        yield Piece(joined((first.said, denied(other)), "AND").unsure(), two)
        return
    again = other.again or bool(two and two.borrowed and two.denied)
    how = (other.said.join or "AND") if join == "," else join
    if sure and not other.again and {first.said.join, other.said.join} <= {"", how} and (join != "," or how == "AND"):
        yield Piece(joined((first.said, other.said), how), two, again)
        return
    yield Piece(joined_as(first.said, other.said, join, first, other), two, again)


def joined_as(a: Said, b: Said, join: str, first: Piece, other: Piece) -> Said:
    """Two conditions as such a word joins them, which others may be meant by."""
    how = join
    if join == ",":
        how = b.join or "AND"
    elif join == "NOR":
        how, b = "AND", b if (other.deed and other.deed.denied) else b.denied()
    return joined((a, b), how).unsure()


def denied(one: Piece) -> Said:
    """The same, denied: of a deed, that it happened."""
    if one.deed is None:
        return one.said.denied()
    return next(replace(one.deed, denied=True).said(), one.said.denied())


def _of_one(one: Deed, two: Deed, join: str) -> Iterator[tuple[Said, str]]:
    """What is said of a deed and then, without a verb, said on: of one denial, of the same thing, or at once."""
    first, last, any_item = one.around, two.around, word("ANY_ITEM", "any")
    if two.denied or first.each or first.either or last.each or last.either:
        return
    if one.denied and join in ("OR", "NOR"):  # `hasn't ordered in the app or on the web`
        for pair in product(one.said(), islice(replace(two, denied=True).said(), 1)):
            yield joined(pair, "AND"), "neither of them"
    things = tuple(test for test in first.tests if test.startswith(any_item))
    is_of_all = join == "OR" and things and not any(test.startswith(any_item) for test in last.tests)
    if is_of_all and not one.denied:  # `bought beans in the app or on a Sunday`
        around = replace(last, tests=(*things, *last.tests), times=last.times or first.times)
        for pair in product(islice(one.said(), 1), islice(replace(two, around=around).said(), 1)):
            yield joined(pair, "OR"), "of the same thing"
    if join == "AND" and not one.denied and first.tests and last.tests and not (last.window or last.times):
        at_once = replace(one, around=replace(first, tests=(*first.tests, *last.tests)))
        yield from ((said, "at once") for said in islice(at_once.said(), 1))
