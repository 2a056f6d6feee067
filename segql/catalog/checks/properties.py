"""The checks of properties: where each stands, what type it can have there, which joined table it reads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ...nearest import nearest
from ..marks import Path
from ..parts import Join, Property
from .escapes import Escapes
from .findings import Finding, begun, either, missing, needless
from .values import zone_findings, zoneless

OPERATORS = re.compile(r"->|\$(?![\w])|[\['\"]|\.\.|^\.|\.$")
"""What other languages write in paths."""
_NUMBERS = ("number", "money", "list of number")
_STORED = {
    "number": ("decimal", "integer"),
    "money": ("decimal", "integer"),
    "position": ("float",),
    "month-day": ("digits",),
    "date": ("timestamp", "date", "seconds", "milliseconds", "microseconds"),
    "time": ("timestamp", "date", "seconds", "milliseconds", "microseconds"),
}
"""How properties of a type may be stored, where it can be said."""


def property_findings(
    path: Path,
    properties: Mapping[str, Property],
    joins: Mapping[str, Join],
    sql: Escapes,
    group_by: tuple[str, ...] = (),
    *,
    inside: str | None = None,
) -> Iterator[Finding]:
    """The properties of the owner at `path`, and the joins that they read; `inside` of what their rows are elements."""
    for name in joins:
        if "." in name:
            at: Path = (*path, "join", name)
            hint = f"{name.rsplit('.', 1)[-1]}: {{table: {name}, on: ..}}"
            yield Finding("wrong-value", at, "A join is called by one word, without dots.", hint, at_key=True)
    for name, prop in properties.items():
        at = (*path, "properties", name)
        if len(prop.sources) > 1:
            yield either(at, *prop.sources[:2])
        elif prop.type == "position":
            yield from _position(at, prop)
        else:
            yield from _column(at, prop, joins, group_by, inside)
        yield from _type(at, prop)
        if prop.values and prop.type not in ("text", "list of text"):
            yield needless(at, "values", f"they are texts, and its type is {prop.type}")
        yield from sql.value((*at, "sql"), prop.sql, grouped=bool(group_by))


def _position(at: Path, prop: Property) -> Iterator[Finding]:
    if at[0] != "profiles":
        hint = "make latitude and longitude two numbers"
        yield Finding("wrong-value", at, "Only profiles have a position.", hint, at_key=True)
    if prop.sources not in ((), ("latitude",)):
        yield needless(at, prop.sources[0], "a position has `latitude` and `longitude`")
    for key in ("latitude", "longitude"):
        if getattr(prop, key) is None:
            yield missing(at, key)


def _column(
    at: Path, prop: Property, joins: Mapping[str, Join], group_by: tuple[str, ...], inside: str | None
) -> Iterator[Finding]:
    if prop.sources == ("latitude",):
        yield needless(at, "latitude" if prop.latitude else "longitude", f"its type is {prop.type}, not position")
        return
    alias, dot, column = (prop.column or "").rpartition(".")
    if inside == "json" and (prop.entry is not None or (prop.column is not None and alias not in joins)):
        way = "column" if prop.entry is None else "entry"
        yield needless(at, way, "the items are JSON; what they have is told by `json: ..`")
    elif dot and alias not in joins and inside is None:
        close = nearest(alias, joins, 1)
        hint = f"join the table (`join: {{{alias}: ..}}`); a field of a struct is `{{sql: {prop.column}}}`"
        if close:
            hint = f"did you mean `{close[0]}.{column}`?"
        message = f"`{prop.column}` reads a joined table `{alias}`, and there is no such join."
        yield Finding("unknown-reference", (*at, "column"), message, hint)
    yield from _path((*at, "json"), prop, joins, inside)
    if group_by and prop.sql is None and prop.column not in group_by:
        lines = f"`{prop.column}`" if prop.column else "value"
        message = f"{begun(at)} must have one value for the whole group, and each line has its own {lines}."
        hint = f"{{type: {prop.type}, sql: min({prop.column or '..'})}}"
        yield Finding("conflicting-keys", at, message, hint, at_key=True)


def _path(at: Path, prop: Property, joins: Mapping[str, Join], inside: str | None) -> Iterator[Finding]:
    """The path into a JSON column; of a list it may be the column itself, and of an item in JSON a key."""
    path, whole = prop.json_, prop.type.startswith("list of") or inside == "json"
    if path is None:
        return
    column, *keys = path.split(".")
    joined = column in joins and bool(keys)
    keys = keys[joined:]
    if OPERATORS.search(path) or not (keys or whole):
        words = [word for word in re.split(r"->>?|[.:$\[\]'\"\s]+", path) if word]
        example = ".".join(words if len(words) > 1 + joined else [*words, "name"])
        message = f"`{path}` is no path into a JSON column."
        hint = f"the column first, then the keys: `{example}`"
        if not keys and not OPERATORS.search(path):
            hint += "; a column that is itself a list has `type: list of text`"
        yield Finding("wrong-value", at, message, hint)


def _type(at: Path, prop: Property) -> Iterator[Finding]:
    if prop.scale != Property.fields["scale"].default and prop.type not in _NUMBERS:
        yield needless(at, "scale", f"its type is {prop.type}")
    if prop.zone is not None and prop.type not in ("time", "date"):
        yield needless(at, "zone", f"its type is {prop.type}")
    elif prop.zone is not None and prop.type == "date" and not prop.is_day_of_instant:
        yield needless(at, "zone", zoneless("date"))
    elif prop.zone is not None and prop.stored not in (None, "timestamp"):
        yield needless(at, "zone", zoneless(prop.stored))
    if prop.stored is not None and prop.type not in _STORED:
        yield needless(at, "stored", f"its type is {prop.type}")
    elif prop.stored is not None and prop.stored not in _STORED[prop.type]:
        known = ", ".join(_STORED[prop.type])
        yield Finding(
            "wrong-value", (*at, "stored"), f"A {prop.type} is not stored as {prop.stored}.", f"one of: {known}"
        )
    elif prop.stored is not None and prop.json_ is not None:
        yield needless(at, "stored", f"a {prop.type} in JSON is text")
    elif prop.stored is not None and prop.type in (*_NUMBERS, "month-day") and prop.column is None:
        yield needless(at, "stored", "of no column it can be checked")
    yield from zone_findings((*at, "zone"), prop.zone)
    if prop.type.startswith("list of") and prop.entry is not None:
        hint = f"type: {prop.type.removeprefix('list of ')}"
        yield Finding("wrong-value", (*at, "type"), "An entry of an array is one value, not a list.", hint)
