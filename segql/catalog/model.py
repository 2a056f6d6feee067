"""The catalog as a whole: its parts, and the names that rules can use. Its parts' shapes are in `parts.py`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, ModelWrapValidatorHandler, PrivateAttr, ValidationInfo, model_validator

from ..source import Span
from .marks import Marks, Path
from .names import Index, built_in_set_names, built_in_sets, fold, index
from .parts import (
    CatalogPart,
    Channel,
    Entry,
    Escape,
    Event,
    Items,
    Join,
    List,
    Lookup,
    Metric,
    Named,
    Profiles,
    Property,
    PropertyType,
    SourceRows,
    StoredMoment,
    Stores,
    Word,
    Words,
    spelled,
)

__all__ = [
    "Catalog",
    "CatalogPart",
    "Channel",
    "Entry",
    "Event",
    "Items",
    "Join",
    "List",
    "Lookup",
    "Metric",
    "Named",
    "Profiles",
    "Property",
    "PropertyType",
    "SourceRows",
    "StoredMoment",
    "Stores",
]  # fmt: skip


def _pair(given: Any) -> Any:
    """`{latitude: 52.37, longitude: 4.89}` is `[52.37, 4.89]`."""
    if isinstance(given, Mapping) and set(given) == {"latitude", "longitude"}:
        return (given["latitude"], given["longitude"])
    return given


def _segql(given: Any) -> Any:
    """A Python value as SegQL writes it."""
    if isinstance(given, bool):
        return str(given).lower()
    if isinstance(given, int | float | Decimal):
        return format(Decimal(str(given)), "f")
    return given.isoformat() if isinstance(given, date) else given


Place = Annotated[tuple[float, float], BeforeValidator(_pair)]
Constant = Annotated[Word, BeforeValidator(_segql)]


def _escapes(part: object, path: Path) -> Iterator[tuple[Path, Escape]]:
    if isinstance(part, CatalogPart):
        for name, value in part:
            if name not in ("sql", "query", "where", "receives_when"):
                yield from _escapes(value, (*path, spelled(name)))
            elif value is not None:
                yield (*path, spelled(name)), value
    elif isinstance(part, Mapping):
        for name, value in part.items():
            yield from _escapes(value, (*path, name))


class Catalog(CatalogPart):
    """Everything that rules can name. Made by `load_catalog(path)` or from Python: `Catalog.model_validate({...})`.

    Both raise SegQLError with every problem at once. What `find_..` returns is the catalog's own spelling.
    """

    timezone: Word = Field(default="UTC", description="IANA zone: the calendar of every rule.")
    currency: Word = Field(default="USD", description="ISO 4217 code of all money.")
    sql_dialect: Word = Field(default="duckdb", description="The dialect of the SQL in this file, as sqlglot names it.")
    largest_rule: int = Field(
        default=2000, ge=1, le=1_000_000, description="How large a rule may be, segments unfolded, in plain conditions."
    )
    profiles: Profiles = Field(description="Where everybody stands, one row a profile.")
    channels: dict[Word, Channel] = Field(default_factory=dict, description="Ways to reach people, with their consent.")
    events: dict[Word, Event] = Field(default_factory=dict, description="What profiles did.")
    metrics: dict[Word, Metric] = Field(default_factory=dict, description="Measures with a name, written in SegQL.")
    lists: dict[Word, List] = Field(default_factory=dict, description="Static lists of profiles.")
    places: dict[Word, Place] = Field(default_factory=dict, description="Latitude and longitude, in degrees.")
    stores: Stores | None = Field(default=None, description="The table behind `any store`.")
    sets: dict[Word, Words] = Field(default_factory=dict, description="Named sets of texts: `country in benelux`.")
    constants: dict[Word, Constant] = Field(default_factory=dict, description="Values, written in SegQL.")

    _marks: Marks = PrivateAttr(default_factory=Marks)
    _index: Index = PrivateAttr()

    @model_validator(mode="wrap")
    @classmethod
    def _whole(cls, given: Any, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo) -> Self:
        from .checks import checked  # the checks read the parts, and sqlglot where there is SQL

        if isinstance(given, cls):
            return given
        marks = info.context if isinstance(info.context, Marks) else Marks()
        catalog = checked(given, handler, marks)
        catalog._marks = marks
        catalog._index = index(catalog)
        return catalog

    @cached_property
    def escapes(self) -> tuple[tuple[Path, Escape], ...]:
        """All SQL of the catalog with where it stands: `("events", "placed order", "where")`."""
        return tuple(_escapes(self, ()))

    def span(self, *path: str | int) -> Span:
        """Where a part stands in the YAML file: `span("metrics", "total spent")`. NOWHERE when made in Python.

        The text of a value; of a mapping its key; of what is not written there what stands around it.
        """
        return self._marks.at(path)

    def find_event(self, name: str) -> str | None:
        """The catalog's own spelling of an event's name; None where it knows none."""
        return self._index.events.get(fold(name))

    def find_property(self, name: str) -> str | None:
        """A property of the profile."""
        return self._index.properties.get(fold(name))

    def find_event_property(self, event: str, name: str) -> str | None:
        """A property of an event, by the event's own spelling. Of a union: one that all its events have."""
        return self._index.event_properties[event].get(fold(name))

    def find_item_property(self, event: str, name: str) -> str | None:
        """A property of an event's line items, by the event's own spelling. Of a union: one that all have."""
        return self._index.item_properties[event].get(fold(name))

    def find_metric(self, name: str) -> str | None:
        """The catalog's own spelling of a metric's name; None where it knows none."""
        return self._index.metrics.get(fold(name))

    def find_channel(self, name: str) -> str | None:
        """The catalog's own spelling of a channel's name; None where it knows none."""
        return self._index.channels.get(fold(name))

    def find_list(self, name: str) -> str | None:
        """The catalog's own spelling of a list's name; None where it knows none."""
        return self._index.lists.get(fold(name))

    def find_place(self, name: str) -> str | None:
        """The catalog's own spelling of a place's name; None where it knows none."""
        return self._index.places.get(fold(name))

    def find_set(self, name: str) -> str | None:
        """A set of the catalog, else a built-in one; an article before it does no harm (`the Netherlands`)."""
        folded = fold(name)
        for known in (self._index.sets, built_in_set_names()):
            if found := known.get(folded) or known.get(folded.removeprefix("the ")):
                return found
        return None

    def find_constant(self, name: str) -> str | None:
        """The catalog's own spelling of a constant's name; None where it knows none."""
        return self._index.constants.get(fold(name))

    def set_values(self, name: str) -> tuple[str, ...] | None:
        """The members of a set, own or built in; None when there is no such set."""
        found = self.find_set(name)
        if found is None:
            return None
        return self.sets[found] if found in self.sets else built_in_sets()[found]

    def known_sets(self) -> tuple[str, ...]:
        """The names of all sets, own ones first."""
        return tuple(dict.fromkeys([*self.sets, *built_in_sets()]))

    def leaf_events(self, name: str) -> tuple[str, ...]:
        """The events that a union stands for, each once; of any other event itself. By the catalog's spelling."""
        return self._index.leaves[name]

    def names(self) -> dict[str, tuple[str, ...]]:
        """All names and aliases by kind, for suggestions."""

        def of(named: Mapping[str, object]) -> tuple[str, ...]:
            return tuple(n for name, part in named.items() for n in (name, *getattr(part, "also", ())))

        return {
            "event": of(self.events),
            "property": of(self.profiles.properties),
            "metric": of(self.metrics),
            "channel": of(self.channels),
            "list": of(self.lists),
            "place": of(self.places),
            "set": self.known_sets(),
            "constant": of(self.constants),
        }
