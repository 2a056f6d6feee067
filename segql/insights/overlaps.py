"""How segments overlap: pairs, and the profiles that are in exactly the same of them."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

from ..many import Rules, meanings
from ..plain import dataclass
from ..project import Project
from .alike import Alike, alike
from .meant import every


@dataclass(frozen=True, slots=True)
class Pair:
    """Two segments, and how many profiles are in both."""

    one: str
    other: str
    both: int


@dataclass(frozen=True, slots=True)
class Overlap:
    """Segments that are held against one another.

    `members` of each by name; every `pair`, the largest first; `groups`: disjoint, the segments in which the profiles
    of a group are and no others, with how many these are, the largest first; `nobody`: how many are in none.
    """

    profiles: int
    members: Mapping[str, int]
    pairs: tuple[Pair, ...]
    groups: tuple[tuple[tuple[str, ...], int], ...]
    nobody: int

    @property
    def exclusive(self) -> bool:
        """Whether nobody is in two of them."""
        return all(len(names) < 2 for names, _ in self.groups)

    @property
    def covers(self) -> bool:
        """Whether everybody is in one of them."""
        return self.nobody == 0

    @property
    def twice(self) -> int:
        """How many profiles are in two or more of them."""
        return sum(number for names, number in self.groups if len(names) > 1)


def overlap(rules: Rules, project: Project) -> Overlap:
    """How rules overlap in the project's warehouse, by one statement.

    Raises as `segql.compile_many`; WarehouseError.
    """
    Project.expect(project)
    return overlap_of(alike(project, every(meanings(rules, project.catalog, **project.keywords))))


def overlap_of(found: Alike) -> Overlap:
    """The overlaps of rules, from the profiles that are alike."""
    names = found.names
    groups = sorted(
        ((tuple(name for place, name in enumerate(names) if held >> place & 1), number)
         for held, number in found.groups.items() if held),
        key=lambda group: (-group[1], group[0]),
    )  # fmt: skip
    both = dict.fromkeys(combinations(names, 2), 0)
    for inside, number in groups:
        for pair in combinations(inside, 2):
            both[pair] += number
    pairs = sorted((Pair(*pair, number) for pair, number in both.items()), key=lambda pair: -pair.both)
    return Overlap(found.profiles, found.members, tuple(pairs), tuple(groups), found.groups.get(0, 0))
