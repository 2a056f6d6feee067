"""Texts that the catalog does not know of a property whose `values` it says: they bind, and probably fit nobody."""

from __future__ import annotations

from collections.abc import Iterable

from ... import ast
from ... import conditions as c
from ...catalog import fold
from ...catalog.parts import Property
from ...errors import Fix
from ...formatter import format as format_
from ...formatter import format_name
from ...nearest import nearest
from ..rows import RowScope
from ..scope import FEW, Scope
from ..values import said

_MOST = 3
"""So many unknown texts of one condition are spoken of."""


def unheld(scope: Scope, field: c.Field, comparison: ast.Comparison, row: RowScope) -> None:
    """A hint for each text of a test for equality that is none of the property's `values`."""
    if field.type not in (c.Type.TEXT, c.Type.TEXTS) or field.part is not None:
        return
    if (texts := list(_texts(comparison))) and (known := _values(scope, field, row)):
        held = frozenset(known)
        for text in [one for one in texts if one.value not in held][:_MOST]:
            hint_unheld(scope, f"`{said(field)}`", text, known, sets=True)


def hint_unheld(scope: Scope, what: str, text: ast.Text, known: tuple[str, ...], *, sets: bool) -> None:
    """The hint for one of them. Where `sets` may stand there, one of that name is meant: `"EU"`."""
    words, members = "did you mean?", scope.catalog.set_values(text.value) if sets else None
    if members and set(members) & set(known):
        words, fixes = "the set of that name stands without quotes:", [format_name(text.value)]
    else:
        same = [value for value in known if fold(value) == fold(text.value)]
        begun = [value for value in known if fold(value).startswith(f"{fold(text.value)} ")]
        fixes = [format_(ast.Text(value)) for value in same or nearest(text.value, known) or begun[:_MOST]]
    if not fixes:
        shown = ", ".join(f'"{value}"' for value in known[:FEW])
        words = f"they are {shown}{', ..' if len(known) > FEW else ''}; if there are others, add them to `values`"
    message = f'"{text.value}" is none of the values that the catalog knows of {what}.'
    scope.note("hint", "unknown-value", message, text.span, words, *(Fix(text.span, fix) for fix in fixes))


def _texts(comparison: ast.Comparison) -> Iterable[ast.Text]:
    """Texts that are written there; what a set, a parameter or a `let` has is not."""
    match comparison:
        case ast.Compare("=" | "!=", ast.Text() as text):
            return (text,)
        case ast.In(values=values) | ast.Includes(values=values):
            return [one for one in values if isinstance(one, ast.Text)]
        case _:
            return ()


def _values(scope: Scope, field: c.Field, row: RowScope) -> tuple[str, ...]:
    """The values of the property, of all the events; none where one of them does not say its own."""
    catalog = scope.catalog
    parts: list[Property | None]
    if field.scope == "profile":
        parts = [catalog.profiles.properties[field.name]]
    elif field.scope == "event":
        keys = [(event, catalog.find_event_property(event, field.name)) for event in row.events]
        parts = [catalog.events[event].properties.get(key or "") for event, key in keys]
    else:
        found = [(catalog.events[event].items, catalog.find_item_property(event, field.name)) for event in row.events]
        parts = [items.properties.get(key or "") if items else None for items, key in found]
    if not all(part and part.values for part in parts):
        return ()
    return tuple(dict.fromkeys(value for part in parts if part for value in part.values))
