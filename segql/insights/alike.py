"""Profiles that are alike: how many there are of each kind, by which of some rules hold for them.

Whatever is asked of a few rules together (both, one without another, none) is a sum over these.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from functools import cached_property

from ..many import written_many
from ..meanings import Meaning
from ..plain import dataclass
from ..project import Project


@dataclass(frozen=True)
class Alike:
    """`groups`: how many profiles there are by a number, whose bit i says that the i-th rule holds."""

    names: tuple[str, ...]
    groups: Mapping[int, int] = field(repr=False)

    def count(self, every: int = 0, none: int = 0) -> int:
        """The profiles for which all rules of the bits `every` hold, and none of the bits `none`."""
        return sum(number for held, number in self.groups.items() if held & every == every and not held & none)

    def of_any(self, bits: int) -> int:
        """The profiles for which at least one rule of these bits holds."""
        return sum(number for held, number in self.groups.items() if held & bits)

    @cached_property
    def profiles(self) -> int:
        """All profiles."""
        return sum(self.groups.values())

    @cached_property
    def members(self) -> Mapping[str, int]:
        """The members of each rule, by its name."""
        return {name: self.count(1 << place) for place, name in enumerate(self.names)}


def alike(project: Project, meanings: Mapping[str, Meaning]) -> Alike:
    """The profiles of the project's warehouse by the rules of these meanings, by one statement.

    Raises SegQLError where the dialect lacks what a rule needs, ValueError without a warehouse, WarehouseError.
    """
    numbered = {f"rule_{place + 1}": one for place, one in enumerate(meanings.values())}
    done = written_many(numbered, project.catalog, project.dialect, "alike")
    groups: dict[int, int] = {}
    for *held, profiles in project.opened.rows(done.sql):
        groups[sum(1 << place for place, holds in enumerate(held) if holds)] = int(profiles)
    return Alike(tuple(meanings), groups)
