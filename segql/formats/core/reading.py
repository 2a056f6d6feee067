"""The conditions of one foreign segment while they are read, and what readers look for in names and values."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from ... import ast
from .documents import Node
from .names import ANY_EVENT, Names, asked
from .report import Finding, Imported, Impossible, Notes, condition

LETTER_CASE = "Letter case counts here; the vendor does not say whether it does there."
MISSING_IN = "Who has nothing there is in as well; the vendor does not say so."
WALL_CLOCK = "Days are those of the catalog's zone; the vendor does not say whose they are."


class Conditions:
    """What was found in the conditions of a segment; `lost` once one of them is impossible."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.lost = False

    def read(self, node: Node, kind: str, work: Callable[[Notes], ast.Rule]) -> ast.Rule:
        """The tree of a condition. Of one that is impossible it is anything: the segment has no rule then."""
        done = condition(node.path, kind[:80], work)
        self.findings.append(done.finding)
        self.lost = self.lost or done.rule is None
        return ast.All(()) if done.rule is None else done.rule

    def add(self, finding: Finding) -> None:
        """A finding about the whole."""
        self.findings.append(finding)
        self.lost = self.lost or finding.verdict == "impossible"


def segment(name: str, node: Node, work: Callable[[Conditions], ast.Rule], description: str = "") -> Imported:
    """A segment whose rule `work` reads, condition by condition; its structure may raise Impossible."""
    found = Conditions()
    rule: ast.Rule | None = None
    try:
        rule = work(found)
    except Impossible as error:
        found.add(Finding(error.path or node.path, "segment", "impossible", error.said))
    except RecursionError:
        found.add(Finding(node.path, "segment", "impossible", "It is nested too deep."))
    return Imported(
        name, None if found.lost else rule, tuple(found.findings), node.path, description=description, was=shown(node)
    )


def shown(node: Node) -> str:
    """A part of a document as text."""
    return json.dumps(node.value, ensure_ascii=False, indent=2, default=str)


def text_at(node: Node, key: str) -> str:
    """The text or the whole number of a key, as text; empty where there is none."""
    found = node.get(key)
    value = None if found is None else found.value
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


# --- names -----------------------------------------------------------------------------------------------------------


def known(names: Names, kind: str, id: str, path: str) -> str:
    """The name of an id. Raises Impossible where nobody said it."""
    found = names.find(kind, id)
    if found is None:
        raise Impossible(names.missing(kind, id), path)
    return found


def known_property(names: Names, event: str, id: str, path: str) -> str:
    """The name of an event's property. Raises Impossible where nobody said it."""
    found = names.property_of(event, id)
    if found is None:
        said = f"Nobody said what `{id[:80]}` of `{event}` is called: give --names with "
        raise Impossible(f"{said}{asked('event properties', id, event)}, or under `{ANY_EVENT}`.", path)
    return found


def type_of(names: Names, property: str) -> str | None:
    """The type of a profile's property, where the catalog is known and has it."""
    catalog = names.catalog
    own = catalog.find_property(property) if catalog is not None else None
    return None if catalog is None or own is None else catalog.profiles.properties[own].type


def event_type(names: Names, event: str, property: str) -> str | None:
    """The type of an event's own property, where the catalog is known and has it."""
    catalog = names.catalog
    own = catalog.find_event(event) if catalog is not None else None
    if catalog is None or own is None:
        return None
    found = catalog.find_event_property(own, property)
    return (
        None
        if found is None or found not in catalog.events[own].properties
        else (catalog.events[own].properties[found].type)
    )


def of_items(names: Names, event: str, property: str) -> bool:
    """Whether the catalog has it as a property of the event's items, and not of the event."""
    catalog = names.catalog
    own = catalog.find_event(event) if catalog is not None else None
    if catalog is None or own is None:
        return False
    return catalog.find_event_property(own, property) is None and catalog.find_item_property(own, property) is not None


# --- values ----------------------------------------------------------------------------------------------------------

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)\Z", re.ASCII)


def number_of(node: Node) -> Decimal:
    """A number, or a text that is one. Raises Impossible for others."""
    found = parsed_number(node.value) if isinstance(node.value, str) else node.number()
    if found is None:
        raise Impossible(f"`{node.value[:40]}` is no number.", node.path)
    return found


def parsed_number(text: str) -> Decimal | None:
    """The number that a text is; None where it is none."""
    try:
        return Decimal(text.strip()) if _NUMBER.match(text.strip()) else None
    except InvalidOperation:
        return None


def day_of(node: Node) -> ast.Date:
    """A day, `2025-11-28` or `11/28/2025`. Raises Impossible for others."""
    text = node.text()
    parts = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text, re.ASCII)
    try:
        if parts is not None:
            return ast.Date(date(int(parts[3]), int(parts[1]), int(parts[2])))
        return ast.Date(date.fromisoformat(text))
    except ValueError:
        raise Impossible(f"`{text[:40]}` is no day.", node.path) from None


def instant_of(milliseconds: Decimal, path: str) -> ast.Time:
    """An instant of so many milliseconds since 1970 in UTC."""
    try:
        return ast.Time(datetime.fromtimestamp(int(milliseconds) / 1000, UTC))
    except (ValueError, OverflowError, OSError):
        raise Impossible("This is no time.", path) from None


def duration(count: int, unit: ast.Unit, path: str) -> ast.Duration:
    """A length of time. Raises Impossible for one that is below 0 or has no spelling."""
    if not 0 <= count <= 1_000_000:
        raise Impossible("So long a time has no spelling here.", path)
    return ast.Duration(count, unit)


def seconds(count: int, path: str) -> ast.Duration:
    """So many seconds, in the largest unit of a fixed length that they fill: 86,400 are 24 hours."""
    for size, unit in ((3600, "h"), (60, "min")):
        if count and count % size == 0:
            return duration(count // size, unit, path)  # type: ignore[arg-type]
    return duration(count, "s", path)


def unknown_type(node: Node, type: str, known: Iterable[str]) -> Impossible:
    """What a reader raises for a type that it does not know."""
    return Impossible(f"`{type[:80]}` is not known to this revision: {', '.join(known)}.", node.path)


def fits_zero(op: str, value: Decimal) -> bool:
    """Whether 0 stands in that comparison."""
    answers: dict[str, Any] = {
        "=": value == 0, "!=": value != 0, "<": value > 0, "<=": value >= 0, ">": value < 0, ">=": value <= 0,
    }  # fmt: skip
    return bool(answers[op])
