"""What a writer of PostHog's conditions knows: keys of persons and of events, lengths of time."""

from __future__ import annotations

from typing import Any, ClassVar, TypeAlias

from ... import ast
from ..core.report import Impossible
from ..core.words import Words as Shared

Json: TypeAlias = dict[str, Any]
PAGES = {
    "$pageview": "viewed page", "$pageleave": "left page", "$screen": "viewed screen", "$autocapture": "clicked page",
    "$identify": "identified",
}  # fmt: skip
"""What `catalog init` calls PostHog's own events."""
INTERVALS: dict[ast.Unit, str] = {"min": "minute", "h": "hour", "d": "day", "w": "week", "mo": "month", "y": "year"}
LETTERS: dict[ast.Unit, str] = {"h": "h", "d": "d", "w": "w", "mo": "m", "y": "y"}


class Words(Shared):
    """Names and values of one condition of a cohort."""

    __slots__ = ()
    form: ClassVar[str] = "A cohort"

    def person(self, name: str) -> tuple[str, str]:
        """The key of a person's property, and its type. Raises Impossible."""
        own = self.setting.catalog.find_property(name)
        if own is None:
            raise self.no_form(f"`{name}`")
        id = self.setting.names.id_of("properties", own) or self.setting.names.id_of("properties", name)
        return id or own.replace(" ", "_"), self.setting.catalog.profiles.properties[own].type

    def key(self, event: str) -> tuple[str, str]:
        """An event's own name there, and `events`, or the number of an action. Raises Impossible."""
        catalog, names = self.setting.catalog, self.setting.names.kinds.get("events", {})
        for id, name in names.items():
            if isinstance(name, str) and catalog.find_event(name) == event:
                return str(id), "actions" if str(id).isdecimal() else "events"
        for id, name in PAGES.items():
            if catalog.find_event(name) == event:
                return id, "events"
        known = catalog.events[event].name
        if len(known) == 1 and not known[0].endswith("*") and catalog.events[event].names is None:
            return known[0], "events"
        raise Impossible(f"Nobody said what `{event}` is called: give --names with `events: {{EVENT: {event}}}`.")

    def of_event(self, event: str, name: str) -> str:
        """The key of an event's property. Raises Impossible."""
        own = self.setting.catalog.find_event_property(event, name)
        if own is None:
            raise self.no_form(f"`{name}`, which is no property of the event itself")
        names = self.setting.names
        return names.property_id(event, own) or names.property_id(event, name) or own.replace(" ", "_")

    def interval(self, length: ast.Length) -> tuple[int, str]:
        """A length as `time_value` and `time_interval`. Raises Impossible."""
        found = self.length(length)
        if found.unit not in INTERVALS or found.count < 1:
            raise self.no_form("seconds")
        return found.count, INTERVALS[found.unit]

    def back(self, length: ast.Length) -> str:
        """So far back from now, `-30d`. Raises Impossible."""
        found = self.length(length)
        if found.unit not in LETTERS:
            raise self.no_form("minutes and seconds here")
        return f"-{found.count}{LETTERS[found.unit]}"


def leaf(type: str, **fields: Any) -> Json:
    """A condition."""
    return {"type": type, **fields}


def unless(denied: bool, one: Json) -> Json:
    """A condition, or that it does not hold."""
    if not denied:
        return one
    return {key: value for key, value in one.items() if key != "negation"} | (
        {} if one.get("negation") else {"negation": True}
    )
