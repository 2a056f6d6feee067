"""What names mean at one place of one compilation, and how binding says that something is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NoReturn
from zoneinfo import ZoneInfo

from .. import ast, parser
from ..calendar import local, zone_of
from ..catalog import Catalog, fold
from ..conditions import BUILT_IN, Condition, Tree, Type
from ..errors import Code, Problem, SegQLError, nearest
from ..formatter import format_name
from ..source import Span


@dataclass(frozen=True, slots=True)
class Scope:
    """The catalog, the one `now` (UTC), and what is defined beside the rule. `values` and `segments` have folded keys."""

    catalog: Catalog
    now: datetime
    zone: ZoneInfo
    values: Mapping[str, ast.Literal_]
    segments: Mapping[str, ast.Segment]
    trail: tuple[str, ...]
    """The saved segments being bound, outermost first: to find cycles."""
    notes: list[Problem]
    """Warnings and hints, collected while binding goes on."""
    bound: dict[object, Tree[Condition]]
    """Segments already bound in this compilation, by name and arguments."""

    @property
    def today(self) -> datetime:
        """The naive wall-clock time of `now`."""
        return local(self.now, self.zone)

    def inside(self, segment: str, arguments: Mapping[str, ast.Literal_]) -> Scope:
        """The scope of a segment's own rule."""
        return replace(self, values={**self.values, **arguments}, trail=(*self.trail, segment))

    def warn(self, code: Code, message: str, span: Span, hint: str = "") -> None:
        self.notes.append(Problem(code, message, span, hint, "warning"))

    def hint(self, code: Code, message: str, span: Span, hint: str = "") -> None:
        self.notes.append(Problem(code, message, span, hint, "hint"))

    def value(self, name: ast.Name) -> ast.Literal_ | None:
        """The value of a parameter, a `let` or a catalog constant; None when the name is none of them."""
        found = self.values.get(fold(name.text))
        if found is None and (constant := self.catalog.find_constant(name.text)) is not None:
            found = _constant(self.catalog, constant)
        return found

    def known_values(self) -> Iterable[str]:
        return [*self.values, *self.catalog.constants]


def scope_of(catalog: Catalog, now: datetime, values: Mapping[str, ast.Literal_], segments: Mapping[str, ast.Segment]) -> Scope:
    return Scope(catalog, now, zone_of(catalog.timezone), values, segments, (), [], {})


def fail(code: Code, message: str, span: Span, hint: str = "") -> NoReturn:
    raise SegQLError([Problem(code, message, span, hint)])


def not_yet(form: str, span: Span) -> NoReturn:
    fail("not-supported-yet", f"{form} is part of the language, but this version cannot answer it yet.", span)


def unknown(what: str, name: ast.Name, known: Iterable[str], hint: str = "") -> NoReturn:
    """Nothing has this name: offer the nearest, spelled so that they can be pasted."""
    close = [format_name(n) for n in nearest(name.text, known)]
    if close:
        hint = "did you mean " + " or ".join(f"`{c}`" for c in close) + "?"
    fail("unknown-name", f"There is no {what} called `{name.text}`.", name.span, hint)


def _constant(catalog: Catalog, name: str) -> ast.Literal_:
    raw = catalog.constants[name]
    if isinstance(raw, bool):
        return ast.Bool(raw)
    return parser.parse_value(str(raw), f"constant {name}")


# --- properties ----------------------------------------------------------------------------------------------------


def event_property(scope: Scope, events: tuple[str, ...], name: ast.Name) -> tuple[str, Type] | None:
    """The catalog's spelling and the type of a property that all the events have; None when not the first of them has it."""
    found = [_event_property(scope, event, name.text) for event in events]
    first = found[0]
    if first is None:
        return None
    for event, other in zip(events, found, strict=True):
        if other is None:
            fail(
                "unknown-name",
                f"`{events[0]}` has a property `{first[0]}`, but `{event}` has none of that name.",
                name.span,
                "inside `any of (..)` a property must belong to every event",
            )
        if other != first:
            fail(
                "wrong-type",
                f"`{first[0]}` is {first[1].value} in `{events[0]}`, but `{other[0]}` is {other[1].value} in `{event}`.",
                name.span,
                "give the property one name and one type in the catalog",
            )
    return first


def _event_property(scope: Scope, event: str, name: str) -> tuple[str, Type] | None:
    found = scope.catalog.find_event_property(event, name)
    if found is not None:
        return found, Type(scope.catalog.events[event].properties[found].type)
    if (folded := fold(name)) in BUILT_IN and scope.catalog.events[event].time is not None:
        return folded, BUILT_IN[folded]
    return None


def item_property(scope: Scope, events: tuple[str, ...], name: ast.Name) -> tuple[str, Type] | None:
    """The same for a property of the events' line items."""
    found = []
    for event in events:
        key = scope.catalog.find_item_property(event, name.text)
        items = scope.catalog.events[event].items
        if key is None or items is None:
            return None
        found.append((key, Type(items.properties[key].type)))
    if len(set(found)) > 1:
        fail("wrong-type", f"The item property `{name.text}` differs between {_listed(events)}.", name.span)
    return found[0]


def event_properties(scope: Scope, events: tuple[str, ...]) -> list[str]:
    """Every name that a predicate on these events can use, for suggestions."""
    names: list[str] = [*BUILT_IN]
    for event in events:
        names += scope.catalog.events[event].properties
        if items := scope.catalog.events[event].items:
            names += items.properties
    return names


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{n}`" for n in names)
