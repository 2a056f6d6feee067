"""What came after what: the steps of a story, each read as the chart reads deeds."""

from __future__ import annotations

from collections.abc import Iterator

from ..reading import Reader
from ..story import Step, Story
from .deed import is_kin
from .deeds import Deeds


class Steps(Story):
    """What came after what, in steps that are read as deeds are."""

    def __init__(self, reader: Reader, deeds: Deeds) -> None:
        super().__init__(reader.verbs, reader.people, lambda at, stop: ())
        self.deeds = deeds

    def _deed(self, at: int, stop: int, previous: str) -> Iterator[Step]:
        found = list(super()._deed(at, stop, previous))
        yield from found
        deeds = self.deeds.read(at, stop, (previous,) if previous else ())
        kin = [one for one in deeds if previous and is_kin(one.event, previous)]
        is_it = bool(kin) and kin[0].same and kin[0].bare
        for deed in kin if is_it else deeds:
            if deed.denied or deed.money or deed.counted:
                continue
            if (
                deed.bare
                and previous
                and not deed.same
                and deed.event.split()[-1] != previous.rsplit(maxsplit=1)[-1]
                and found
            ):
                continue
            step = Step(deed.event, deed.around, deed.edge, note=deed.note, same=deed.same)
            if step not in found:
                yield step

    def _read(self, at: int, stop: int, previous: str) -> Iterator[Step]:
        yield from super()._read(at, stop, previous)
        if stop - at < 2:  # a denial alone: of what, stands somewhere else
            return
        for end, (bound, note), since in self._tails(at, stop):
            for deed in self.deeds.read(at, end, (previous,) if previous else ()):
                if deed.borrowed and not deed.same:
                    continue  # `bought beans this year, but not last month`: of the beans, at another time
                if deed.denied and not deed.edge and previous and "later" not in bound:
                    yield Step(deed.event, deed.around, denied=True, bound=bound, is_since=bool(bound) or since,
                               same=deed.same, note=note or deed.note)  # fmt: skip


__all__ = ["Steps"]
