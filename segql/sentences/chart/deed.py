"""One deed with what is said of it, and the conditions that it may be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...formatter import format_name
from ...plain import dataclass
from ...words import word
from ..said import Said, joined
from ..telling import Around, all_tests, any_of, told


@dataclass(frozen=True, slots=True)
class Deed:
    """An event with what is said of it. `edge` is the first or last of them, `same` that it is about the thing before.

    `bare` is a verb or a noun alone, `is_open` a verb that lacks its noun; `counted` what a number before a thing may
    count as well.
    """

    event: str
    around: Around = Around()
    denied: bool = False
    edge: str = ""
    same: bool = False
    bare: bool = False
    is_open: bool = False
    borrowed: bool = False
    money: tuple[str, ...] = ()
    counted: tuple[str, ...] = ()
    note: str = ""

    def said(self) -> Iterator[Said]:
        """The conditions that it may be."""
        name, around = format_name(self.event), self.around
        window = f" {around.window}" if around.window else ""
        if self.edge:
            yield from self._of_edge(name, window)
            return
        if self.counted and not self.denied:
            for sum_, note in ((one, "pieces, or different ones") for one in self.counted):
                yield Said(sum_, "", False, note)
        for one in told(self.event, around, self.denied):
            note = "; ".join(filter(None, (self.note, one.note)))
            yield replace(one, note=note, sure=one.sure and around.sure)
        if self.money and not around.times:
            where = f" {word('WHERE')} {all_tests(around.tests)}" if around.tests else ""
            yield Said(f"{self.money[0]}{window}{self.money[1]}{where}", "", False, "all of them together")

    def _of_edge(self, name: str, window: str) -> Iterator[Said]:
        head = f"{word('EDGE', self.edge)} {name}"
        around = self.around
        if around.either and not around.tests:  # `last order was beans or grinders`
            around = replace(around, tests=(any_of(around.either),), either=())
        if around.times or around.each or around.either or self.money or (self.denied and window and around.tests):
            return
        no = f"{word('NOT')} " if self.denied else ""
        if not around.tests:
            yield Said(f"{no}{head}{window}", "", around.sure, self.note)
            return
        has = f"{head} has {all_tests(around.tests)}"
        if not window:
            yield Said(f"{no}{has}" if not no else f"{no}({has})", "", around.sure, self.note)
            return
        yield joined((Said(f"{head}{window}"), Said(has)), "AND").unsure(self.note)
        yield Said(f"{head}{window} {word('WHERE')} {all_tests(around.tests)}", "", False, "of those alone")


@dataclass(frozen=True, slots=True)
class State:
    """What was read of a deed so far; `pending` is a number whose noun is to come."""

    around: Around = Around()
    denied: bool = False
    verb: bool = False
    noun: bool = False
    edge: str = ""
    same: bool = False
    pending: tuple[str, ...] = ()
    counted: tuple[str, ...] = ()
    late: bool = False
    since_long: bool = False
    note: str = ""
    notes: int = 0
    trace: str = ""
    """The types of its phrases, as `certain` has them."""


def is_kin(event: str, other: str) -> bool:
    """Whether two events are about such a thing: an email and its click."""
    return event.rsplit(maxsplit=1)[-1].casefold() == other.rsplit(maxsplit=1)[-1].casefold()


__all__ = ["Deed", "State", "is_kin"]
