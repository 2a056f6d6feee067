"""What a writer of Klaviyo's conditions knows: names and ids, values, places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from decimal import Decimal
from typing import Any

from .... import ast, parser
from ....catalog.names import fold
from ....errors import SegQLError
from ....plain import dataclass
from ...core.report import Impossible, Notes, Setting

FLIPPED: Mapping[ast.Op, ast.Op] = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
OPERATORS: Mapping[ast.Op, str] = {
    "=": "equals", "!=": "not-equals", "<": "less-than", "<=": "less-than-or-equal", ">": "greater-than",
    ">=": "greater-than-or-equal",
}  # fmt: skip


def place_of(node: Any) -> str:
    """`line:column` of a node."""
    line, column = node.span.source.position(node.span.start)
    return f"{line}:{column}"


def no_form(what: str) -> Impossible:
    """The error for what the vendor cannot say."""
    return Impossible(f"A definition has no form for {what}.")


@dataclass(frozen=True, slots=True)
class Words:
    """Names and values of one condition; `notes` hear where it is only near."""

    setting: Setting
    values: Mapping[str, ast.Literal_]
    notes: Notes = field(compare=False)

    def event(self, name: ast.Name) -> str | None:
        """The catalog's own spelling of an event; None for what is none."""
        return self.setting.catalog.find_event(name.text)

    def metric_id(self, event: str) -> str:
        """The id of an event's metric. Raises Impossible."""
        for id, name in self.setting.names.kinds.get("events", {}).items():
            if isinstance(name, str) and self.setting.catalog.find_event(name) == event:
                return str(id)
        raise Impossible(f"Nobody said which metric `{event}` is: give --names with `events: {{ID: {event}}}`.")

    def event_property(self, event: str, name: str) -> str:
        """The vendor's name of an event's property: as the names say, else its own. Raises Impossible."""
        own = self.setting.catalog.find_event_property(event, name)
        if own is None:
            raise no_form(f"`{name}`, which is no property of the event itself")
        for said in (own, name):
            if (id := self.setting.names.property_id(event, said)) is not None:
                return id
        return own

    def event_type(self, event: str, name: str) -> str:
        """The type of an event's property."""
        catalog = self.setting.catalog
        own = catalog.find_event_property(event, name)
        leaf = catalog.leaf_events(event)[0]
        found = catalog.events[leaf].properties.get(own or "")
        return found.type if found is not None else "text"

    def property(self, name: str) -> tuple[str, str]:
        """The vendor's name of a profile's property, and its type. Raises Impossible."""
        own = self.setting.catalog.find_property(name)
        if own is None:
            raise no_form(f"`{name}`")
        type = self.setting.catalog.profiles.properties[own].type
        for said in (own, name):
            if (id := self.setting.names.id_of("properties", said)) is not None:
                return id, type
        well_known = own.replace(" ", "_").lower()
        return (well_known if well_known in WELL_KNOWN else f"properties['{own}']"), type

    def value(self, given: Any) -> Any:
        """A literal: as it is written, or what its name stands for. Raises Impossible."""
        if isinstance(given, ast.Name):
            if (found := self.values.get(fold(given.text))) is not None:
                return found
            constant = self.setting.catalog.find_constant(given.text)
            if constant is None:
                raise no_form(f"`{given.text}` beside it: values are compared there, and nothing else")
            try:
                return parser.parse_value(self.setting.catalog.constants[constant])
            except SegQLError as error:
                raise Impossible(error.problems[0].message) from None
        if not isinstance(given, ast.Text | ast.Number | ast.Money | ast.Bool | ast.Date | ast.Time | ast.Duration):
            raise no_form("another measure or property beside it: values are compared there, and nothing else")
        return given

    def number(self, given: Any) -> int | float:
        """A number, as JSON has it. Raises Impossible."""
        found = self.value(given)
        if not isinstance(found, ast.Number | ast.Money):
            raise no_form("this beside a number")
        return plain(found.value)


WELL_KNOWN = frozenset({
    "email", "first_name", "last_name", "phone_number", "external_id", "title", "organization", "locale", "image",
    "created", "updated", "last_event_date",
})  # fmt: skip


def plain(value: Decimal) -> int | float:
    """A number for JSON. Raises Impossible where it would be another one."""
    if value == value.to_integral_value() and abs(value) < 2**53:
        return int(value)
    found = float(value)
    if Decimal(repr(found)) != value:
        raise Impossible(f"The number {value:f} has more digits than JSON keeps.")
    return found
