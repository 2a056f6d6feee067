"""Each condition of a rule as Klaviyo's, or as a tree of several."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from .... import ast
from ...core.report import Notes, Setting
from . import events, profiles
from .words import Words, no_form

Tree: TypeAlias = Any


def written(
    setting: Setting, node: ast.Phrase, values: Mapping[str, ast.Literal_], notes: Notes, positive: bool
) -> tuple[Tree, str]:
    """The conditions of a phrase, and the vendor's name for their kind. Raises Impossible."""
    words = Words(setting, values, notes)
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
