"""What became of a foreign segment: its rule, and for each of its conditions how well SegQL says it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from ... import ast
from ...errors import SegQLError
from ...plain import dataclass
from ...segments import NONE, Segments
from .names import NO_NAMES, Names
from .references import references
from .trees import commented

if TYPE_CHECKING:
    from ...catalog import Catalog

Verdict = Literal["exact", "approximate", "impossible"]
VERDICTS: tuple[Verdict, ...] = ("exact", "approximate", "impossible")


@dataclass(frozen=True, slots=True)
class Finding:
    """One condition: `path` is where it stands, as a JSON pointer or `line:column`; `kind` the vendor's name for it.

    `said`: what changes for whom, or what is missing; empty where it is exact.
    """

    path: str
    kind: str
    verdict: Verdict
    said: str = ""

    def to_dict(self) -> dict[str, str]:
        """The finding for machines."""
        return {"path": self.path, "kind": self.kind, "verdict": self.verdict, "said": self.said}


@dataclass(frozen=True, slots=True)
class Imported:
    """A foreign segment. `rule` is None where something in it is impossible; `was` is its foreign text, for people.

    `path` is where it stands in the document.

    Names are unique in a document (`trees.unique`), so that conditions of one segment can name another.
    """

    name: str
    rule: ast.Rule | None
    findings: tuple[Finding, ...]
    path: str = ""
    description: str = ""
    was: str = ""
    sample: ast.Sample | None = None

    @property
    def written(self) -> bool:
        """Whether it becomes a segment."""
        return self.rule is not None


@dataclass(frozen=True, slots=True)
class Exported:
    """A segment in another program's form: a text, or data that JSON can hold; None where something is impossible."""

    name: str
    document: Any
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """What a segment is written with: what its names mean here, and what they are called there.

    `now` is None for formats that only take what stays true.
    """

    catalog: Catalog
    names: Names = NO_NAMES
    segments: Segments = NONE
    dialect: str = "duckdb"
    now: datetime | None = None


class Impossible(Exception):
    """SegQL, or the other program, has no form for it. `path` says where, if that is within the condition."""

    def __init__(self, said: str, path: str = "") -> None:
        super().__init__(said)
        self.said, self.path = said, path


class Notes:
    """What is only near in one condition, in its order and each once."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def add(self, said: str) -> None:
        """Says what changes for whom: a whole sentence."""
        if said not in self.said:
            self.said.append(said)


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition that was read: its tree, or None; and what is said of it."""

    rule: ast.Rule | None
    finding: Finding


def condition(path: str, kind: str, work: Callable[[Notes], ast.Rule], catalog: Catalog | None = None) -> Condition:
    """Reads one condition by `work`, which adds notes where it is only near and raises Impossible.

    The notes stand as comments above the tree. What says nothing in the catalog, where that is given, is impossible.
    """
    notes = Notes()
    try:
        rule = work(notes)
        if catalog is not None:
            _bound(rule, catalog)
    except Impossible as error:
        return Condition(None, Finding(error.path or path, kind, "impossible", error.said))
    except RecursionError:
        return Condition(None, Finding(path, kind, "impossible", "It is nested too deep."))
    if not notes.said:
        return Condition(rule, Finding(path, kind, "exact"))
    said = " ".join(notes.said)
    return Condition(commented(rule, f"approximate: {said}"), Finding(path, kind, "approximate", said))


def _bound(rule: ast.Rule, catalog: Catalog) -> None:
    """Raises Impossible for what the catalog does not know, or knows to be something else; segments are not asked."""
    from ...compiler import meaning  # here: without a catalog nothing is bound

    if next(references(rule), None) is not None:
        return
    try:
        meaning(rule, catalog)
    except SegQLError as error:
        raise Impossible(f"In this catalog: {error.problems[0].message}") from None
