"""Segments condition by condition, for formats that write each one by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from ... import ast
from ...catalog.names import fold
from .normal import pushed
from .report import Finding, Impossible, Notes, Setting
from .words import place_of

Tree: TypeAlias = Any
Write: TypeAlias = Callable[[ast.Phrase, Mapping[str, ast.Literal_], Notes, bool], tuple[Tree, str]]
"""Writes a phrase, or that it does not hold: a condition, or a tree of them, and the vendor's name for their kind."""
_KINDS: Mapping[type, str] = {
    ast.Sequence: "sequence", ast.CanReceive: "consent", ast.InList: "list", ast.InSegment: "segment",
    ast.Near: "distance", ast.Rank: "rank", ast.Random: "share",
}  # fmt: skip
"""What a condition is called that the vendor has no form for."""


class Writer:
    """Writes the conditions of one segment by `write`, and keeps what is to be said of each."""

    def __init__(self, segment: ast.Segment, setting: Setting, write: Write) -> None:
        self.setting, self._write = setting, write
        self.findings: list[Finding] = []
        self._values: Mapping[str, ast.Literal_] = {
            **setting.segments.values, **{fold(name.text): value for name, value in segment.parameters},
        }  # fmt: skip
        self._within = [fold(segment.name.text)]

    @property
    def lost(self) -> bool:
        """Whether something has no form there."""
        return any(finding.verdict == "impossible" for finding in self.findings)

    def leaf(self, node: ast.Phrase, positive: bool) -> Tree:
        """A condition, or that it does not hold. What has no form is in the findings, and everyone here."""
        if isinstance(node, ast.InSegment) and (unfolded := self._unfolded(node)) is not None:
            return self._inside(unfolded, positive)
        notes = Notes()
        kind = _KINDS.get(type(node), "condition")
        try:
            found, kind = self._write(node, self._values, notes, positive)
        except Impossible as error:
            self.findings.append(Finding(place_of(node), kind, "impossible", error.said))
            return ast.All(())
        said = " ".join(notes.said)
        self.findings.append(Finding(place_of(node), kind, "approximate" if said else "exact", said))
        return found

    def _unfolded(self, node: ast.InSegment) -> ast.Segment | None:
        """The segment to write in its place: one that has no id there, and is all in its rule."""
        key = fold(node.segment.name.text)
        found = self.setting.segments.segments.get(key)
        if found is None or node.word != "in" or group_id(node.segment.name.text, "segments", self.setting):
            return None
        return found if found.sample is None and not node.segment.arguments and key not in self._within else None

    def _inside(self, segment: ast.Segment, positive: bool) -> Tree:
        before = self._values
        self._within.append(fold(segment.name.text))
        self._values = {**before, **{fold(name.text): value for name, value in segment.parameters}}
        try:
            return pushed(segment.rule, self.leaf, positive)
        finally:
            self._values = before
            self._within.pop()


def group_id(name: str, kind: str, setting: Setting) -> str | None:
    """The id of a list or a segment; None where nobody said it."""
    own = setting.catalog.find_list(name) if kind == "lists" else name
    return setting.names.id_of(kind, own or name) or setting.names.id_of(kind, name)
