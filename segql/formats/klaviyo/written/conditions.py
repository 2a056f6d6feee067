"""Each condition of a rule as Klaviyo's, or as a tree of several."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from .... import ast
from ....catalog.names import fold
from ...core.normal import normal
from ...core.report import Finding, Impossible, Notes, Setting
from . import events, profiles
from .words import Words, no_form, place_of

Tree: TypeAlias = Any
_KINDS: Mapping[type, str] = {
    ast.Sequence: "sequence", ast.CanReceive: "consent", ast.InList: "list", ast.InSegment: "segment",
    ast.Near: "distance", ast.Rank: "rank", ast.Random: "share",
}  # fmt: skip
"""What a condition is called that the vendor has no form for."""


class Writer:
    """Writes the conditions of one segment, and keeps what is to be said of each."""

    def __init__(self, segment: ast.Segment, setting: Setting) -> None:
        self.setting = setting
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
        words = Words(self.setting, self._values, notes)
        kind = _KINDS.get(type(node), "condition")
        try:
            found, kind = _written(node, words, positive)
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
        if found is None or node.word != "in" or profiles.group_id(node.segment.name.text, "segments", self.setting):
            return None
        return found if found.sample is None and not node.segment.arguments and key not in self._within else None

    def _inside(self, segment: ast.Segment, positive: bool) -> Tree:
        before = self._values
        self._within.append(fold(segment.name.text))
        self._values = {**before, **{fold(name.text): value for name, value in segment.parameters}}
        try:
            groups = normal(segment.rule, self.leaf, positive)
        finally:
            self._values = before
            self._within.pop()
        return ast.All(tuple(ast.AnyOf(group) for group in groups))


def _written(node: ast.Phrase, words: Words, positive: bool) -> tuple[Tree, str]:
    """The conditions of a phrase, and the vendor's name for their kind. Raises Impossible."""
    match node:
        case ast.Subject():
            return _subject(node, words, positive)
        case ast.Sequence():
            if not positive:
                raise no_form("who did not do one after the other")
            return events.funnel(node, words), "profile-metric-funnel"
        case ast.CanReceive():
            return profiles.consent(node, words, positive), "profile-marketing-consent"
        case ast.InList():
            return profiles.in_list(node, words, positive), "profile-group-membership"
        case ast.InSegment():
            return profiles.in_segment(node, words, positive), "profile-group-membership"
        case ast.Near():
            return profiles.near(node, words, positive), "profile-postal-code-distance"
        case ast.Rank():
            raise no_form("a rank: it may be a property there, which is filled from here")
        case ast.Random():
            raise no_form("a random share: flows alone have one")
        case _:
            raise no_form("this condition")


def _subject(node: ast.Subject, words: Words, positive: bool) -> tuple[Tree, str]:
    head = node.head
    catalog = words.setting.catalog
    if isinstance(head, ast.Either) or (isinstance(head, ast.Name) and words.event(head) is not None):
        return events.counted(node, words, positive), "profile-metric"
    if isinstance(head, ast.Aggregate):
        return events.measured(node, head, words, positive), "profile-metric"
    if isinstance(head, ast.Name):
        if catalog.find_property(head.text) is not None:
            return profiles.tested(node, head.text, words, positive), "profile-property"
        if (metric := catalog.find_metric(head.text)) is not None:
            return events.metric(node, metric, words, positive), "profile-metric"
        of, _, rest = head.text.partition(" of ")
        if of.lower() == "number":
            if catalog.find_event(rest) is not None:
                return events.number_of(node, rest, words, positive), "profile-metric"
            return profiles.length(node, rest, words, positive), "profile-property"
    if isinstance(head, ast.DatePart | ast.Anniversary):
        return profiles.dated(node, head, words, positive), "profile-property"
    raise no_form("this condition")
