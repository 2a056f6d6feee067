"""Segments as Klaviyo's definitions: conjunctive normal form, its conditions one by one."""

from __future__ import annotations

from functools import partial
from typing import Any

from .... import ast
from ...core.normal import normal
from ...core.report import Exported, Finding, Impossible, Setting
from ...core.words import place_of
from ...core.writing import Writer
from .conditions import written

__all__ = ["write"]


def write(segment: ast.Segment, setting: Setting) -> Exported:
    """A segment as the body of `POST /api/segments`; no document where something in it is impossible."""
    name = segment.name.text
    writer = Writer(segment, setting, partial(written, setting))
    groups: list[tuple[Any, ...]] = []
    try:
        if segment.sample is not None:
            raise Impossible("A definition has no place for `sample`.", place_of(segment.sample))
        groups = normal(segment.rule, writer.leaf)
        if not groups and not writer.lost:
            raise Impossible("Everyone is no segment there: a definition has a condition.")
        if () in groups:
            raise Impossible("No one is no segment there: each group has a condition.")
    except Impossible as error:
        writer.findings.append(Finding(error.path or place_of(segment), "segment", "impossible", error.said))
    findings = tuple(writer.findings)
    if any(finding.verdict == "impossible" for finding in findings):
        return Exported(name, None, findings)
    definition = {"condition_groups": [{"conditions": list(group)} for group in groups]}
    return Exported(
        name, {"data": {"type": "segment", "attributes": {"name": name, "definition": definition}}}, findings
    )
