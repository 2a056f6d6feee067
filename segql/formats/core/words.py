"""What a writer of conditions knows: the names and values of a segment, and the places of its conditions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, fields, is_dataclass, replace
from decimal import Decimal
from typing import Any, ClassVar

from ... import ast, parser
from ...catalog.names import fold
from ...errors import SegQLError
from ...plain import dataclass
from .report import Impossible, Notes, Setting

FLIPPED: Mapping[ast.Op, ast.Op] = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


def place_of(node: Any) -> str:
    """`line:column` of a node."""
    line, column = node.span.source.position(node.span.start)
    return f"{line}:{column}"


@dataclass(frozen=True, slots=True)
class Words:
    """Names and values of one condition; `notes` hear where it is only near."""

    setting: Setting
    values: Mapping[str, ast.Literal_]
    notes: Notes = field(compare=False)
    form: ClassVar[str] = "A definition"
    """What the vendor calls what is written."""

    def no_form(self, what: str) -> Impossible:
        """The error for what the vendor cannot say."""
        return Impossible(f"{self.form} has no form for {what}.")

    def event(self, name: ast.Name) -> str | None:
        """The catalog's own spelling of an event; None for what is none."""
        return self.setting.catalog.find_event(name.text)

    def event_type(self, event: str, name: str) -> str:
        """The type of an event's property."""
        catalog = self.setting.catalog
        own = catalog.find_event_property(event, name)
        leaf = catalog.leaf_events(event)[0]
        found = catalog.events[leaf].properties.get(own or "")
        return found.type if found is not None else "text"

    def value(self, given: Any) -> Any:
        """A literal: as it is written, or what its name stands for. Raises Impossible."""
        if isinstance(given, ast.Name):
            if (found := self.values.get(fold(given.text))) is not None:
                return found
            constant = self.setting.catalog.find_constant(given.text)
            if constant is None:
                raise self.no_form(f"`{given.text}` beside it: values are compared there, and nothing else")
            try:
                return parser.parse_value(self.setting.catalog.constants[constant])
            except SegQLError as error:
                raise Impossible(error.problems[0].message) from None
        if not isinstance(given, ast.Text | ast.Number | ast.Money | ast.Bool | ast.Date | ast.Time | ast.Duration):
            raise self.no_form("another measure or property beside it: values are compared there, and nothing else")
        return given

    def number(self, given: Any) -> int | float:
        """A number, as JSON has it. Raises Impossible."""
        found = self.value(given)
        if not isinstance(found, ast.Number | ast.Money):
            raise self.no_form("this beside a number")
        return plain(found.value)

    def length(self, given: ast.Length) -> ast.Duration:
        """A length of time. Raises Impossible."""
        found = self.value(given) if isinstance(given, ast.Name) else given
        if not isinstance(found, ast.Duration):
            raise Impossible("This is no length of time.")
        return found


def valued(node: Any, words: Words) -> Any:
    """A phrase with what its names of values stand for: a parameter, a `let`, a constant of the catalog."""
    changed: dict[str, Any] = {}
    for one in fields(node):
        given = getattr(node, one.name)
        found = _valued(given, one.name in _VALUES, words) if one.compare else given
        if found is not given:
            changed[one.name] = found
    return replace(node, **changed) if changed else node


_VALUES = frozenset({"right", "low", "high", "values", "count", "most", "length", "one", "other", "within", "moment"})
"""Fields in which a name may be that of a value."""


def _valued(given: Any, is_value: bool, words: Words) -> Any:
    if isinstance(given, tuple):
        found = tuple(_valued(one, is_value, words) for one in given)
        return found if any(new is not old for new, old in zip(found, given, strict=True)) else given
    if not isinstance(given, ast.Name):
        return valued(given, words) if is_dataclass(given) else given
    try:
        return words.value(given) if is_value else given
    except Impossible:
        return given  # a property, as a rule


def plain(value: Decimal) -> int | float:
    """A number for JSON. Raises Impossible where it would be another one."""
    if value == value.to_integral_value() and abs(value) < 2**53:
        return int(value)
    found = float(value)
    if Decimal(repr(found)) != value:
        raise Impossible(f"The number {value:f} has more digits than JSON keeps.")
    return found


def only(node: ast.Subject, words: Words, *known: str) -> None:
    """Raises Impossible where a condition has parts that the vendor has no form for."""
    for name, said in _PARTS.items():
        if name not in known and getattr(node, name) not in (None, ()):
            raise words.no_form(said)
    if (node.regularity and "regularity" not in known) or node.different or node.close_to or node.later:
        raise words.no_form("how events lie in time")


_PARTS = {
    "quantity": "a number of times here", "comparison": "a comparison here", "window": "a window here",
    "where": "`where` here", "has": "`has`", "with_the_same": "`with the same`", "within": "a time for each step",
}  # fmt: skip
