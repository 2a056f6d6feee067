"""The catalog as a whole: what is declared, once it makes sense (`checks`), and the names that rules can use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from ..errors import expect
from ..source import Span
from .declared import Channel, Declarations, Event, Identities, Items, List, Metric, Partition, Profiles, Stores, Tenant
from .forms import base_forms
from .marks import Marks, Path
from .names import Index, built_in_set_names, built_in_sets, fold, index
from .parts import (
    CatalogPart,
    Deletions,
    Entry,
    Escape,
    Given,
    Join,
    Lookup,
    Named,
    Property,
    PropertyType,
    SourceRows,
    StoredMoment,
    Whose,
    Written,
    spelled,
)

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler
    from pydantic_core import CoreSchema

    from .tenants import TenantValue

__all__ = [
    "Catalog",
    "CatalogPart",
    "Channel",
    "Deletions",
    "Entry",
    "Event",
    "Given",
    "Identities",
    "Items",
    "Join",
    "List",
    "Lookup",
    "Metric",
    "Named",
    "Partition",
    "Profiles",
    "Property",
    "PropertyType",
    "SourceRows",
    "StoredMoment",
    "Stores",
    "Tenant",
    "Whose",
    "Written",
]  # fmt: skip


def _escapes(part: object, path: Path) -> Iterator[tuple[Path, Escape]]:
    if isinstance(part, CatalogPart):
        for name in part.fields:
            value = getattr(part, name)
            if name not in ("sql", "query", "where", "receives_when"):
                yield from _escapes(value, (*path, spelled(name)))
            elif value is not None:
                yield (*path, spelled(name)), value
    elif isinstance(part, Mapping):
        for name, value in part.items():
            yield from _escapes(value, (*path, name))


class Catalog(Declarations):
    """Everything that rules can name. Made by `load_catalog(path)` or from Python: `Catalog.model_validate({...})`.

    Both raise SegQLError with every problem at once. What `find_..` returns is the catalog's own spelling.
    """

    _marks: Marks
    _index: Index

    def __init__(self, **given: Any) -> None:
        vars(self).update(vars(self.model_validate(given)))

    @classmethod
    def model_validate(cls, given: Any, context: Marks | None = None) -> Self:
        """The catalog of a mapping, in the shape of the YAML file; `context` is where its parts stand in a file."""
        if isinstance(given, cls):
            return given
        from .checks import checked  # here: of a catalog that is kept nothing is checked
        from .shapes import validated

        marks = Marks() if context is None else context
        declared = checked(given, lambda data: validated(Declarations, data), marks)
        catalog = cls.of(vars(declared))
        vars(catalog)["_marks"] = marks
        return catalog

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        """A catalog of what was validated."""
        made = super().of(values)
        vars(made).update(_marks=values.get("_marks") or Marks(), _index=index(made))
        return made

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        from pydantic_core import core_schema

        return core_schema.no_info_plain_validator_function(cls.model_validate)

    @cached_property
    def escapes(self) -> tuple[tuple[Path, Escape], ...]:
        """All SQL of the catalog with where it stands: `("events", "placed order", "where")`."""
        return tuple(_escapes(self, ()))

    @cached_property
    def table_names(self) -> frozenset[str]:
        """Every word that may be the last of a table's name, in small letters: those of queries among them."""
        parts: list[object] = [self.profiles, *self.profiles.join.values()]
        parts += [*self.channels.values(), *self.lists.values(), *self.identities.values()]
        for event in self.events.values():
            parts += [event, *event.join.values(), event.names, event.items]
            parts += event.items.join.values() if event.items is not None else ()
        names = {table.split(".")[-1].lower() for part in parts if (table := getattr(part, "table", None)) is not None}
        for _, escape in self.escapes:
            for text in [escape] if isinstance(escape, str) else escape.values():
                if "select" in text.lower():
                    names.update("".join(c if c.isalnum() or c == "_" else " " for c in text.lower()).split())
        return frozenset(names)

    def narrowed(self, tenant: TenantValue) -> Catalog:
        """The catalog for one tenant: every statement reads the rows of this one alone, and of shared tables.

        Raises SegQLError for a catalog without `tenant`, for a value that is not of its type, and for another tenant
        than it is narrowed to already; TypeError for a value that is no text, whole number or UUID.
        """
        from .tenants import narrowed_to

        made = object.__new__(type(self))
        vars(made).update(vars(self), tenant=narrowed_to(self, tenant))
        return made

    def limited(self, largest_rule: int) -> Catalog:
        """The same catalog with another limit of how large a rule may be, in plain conditions, segments unfolded.

        Raises TypeError for what is no whole number, ValueError for one below 1.
        """
        expect("largest_rule", "a whole number", largest_rule, int)
        if largest_rule < 1:
            raise ValueError(f"`largest_rule` is 1 or more, not {largest_rule}")
        made = object.__new__(type(self))
        vars(made).update(vars(self), largest_rule=largest_rule)
        return made

    def span(self, *path: str | int) -> Span:
        """Where a part stands in the YAML file: `span("metrics", "total spent")`. NOWHERE when made in Python.

        The text of a value; of a mapping its key; of what is not written there what stands around it.
        """
        return self._marks.at(path)

    def key_span(self, *path: str | int) -> Span:
        """Where the key of a part stands in the YAML file; else as `span`."""
        return self._marks.key(path)

    def find_event(self, name: str) -> str | None:
        """The catalog's own spelling of an event's name; None where it knows none."""
        return self._index.events.get(fold(name))

    def events_meant(self, name: str) -> tuple[str, ...]:
        """The events that a name in other forms of its words may be: `open an email`, `orders`. By the own spelling."""
        forms = self._index.event_forms
        return tuple(dict.fromkeys(event for form in base_forms(fold(name)) for event in forms.get(form, ())))

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
