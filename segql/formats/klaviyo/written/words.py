"""What a writer of Klaviyo's conditions knows: names and ids, values, places."""

from __future__ import annotations

from collections.abc import Mapping

from .... import ast
from ...core.report import Impossible
from ...core.words import FLIPPED, plain
from ...core.words import Words as Shared

__all__ = ["FLIPPED", "OPERATORS", "Words", "no_form", "plain"]

OPERATORS: Mapping[ast.Op, str] = {
    "=": "equals", "!=": "not-equals", "<": "less-than", "<=": "less-than-or-equal", ">": "greater-than",
    ">=": "greater-than-or-equal",
}  # fmt: skip


def no_form(what: str) -> Impossible:
    """The error for what the vendor cannot say."""
    return Impossible(f"A definition has no form for {what}.")


class Words(Shared):
    """Names and values of one condition of a definition."""

    __slots__ = ()

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


WELL_KNOWN = frozenset({
    "email", "first_name", "last_name", "phone_number", "external_id", "title", "organization", "locale", "image",
    "created", "updated", "last_event_date",
})  # fmt: skip
