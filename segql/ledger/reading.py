"""What a rule reads, and whether all of it says when it was written: only then the rows that are new can be told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from datetime import timedelta
from typing import Any

from .. import conditions as c
from ..ast import Tree
from ..catalog import Catalog
from ..catalog.model import CatalogPart, Deletions, Event, Items, Join, Profiles, Written
from ..catalog.model import SourceRows as Source
from ..conditions.walk import nodes
from ..plain import dataclass
from .edges import InFull
from .model import signature


@dataclass
class Lost:
    """What tells of deleted rows of a table that is joined to profiles, to an event, or to its items."""

    said: str
    event: str | None
    of_items: bool
    on: Mapping[str, str]
    """Column of what it is joined to: column of what tells of it."""
    deleted: Deletions
    reach: timedelta


@dataclass
class Reading:
    """The sources that rules read, by name, in order; of profiles every rule reads."""

    events: dict[str, None] = field(default_factory=dict)
    channels: dict[str, None] = field(default_factory=dict)
    lists: dict[str, None] = field(default_factory=dict)
    fields: dict[tuple[c.Scope, str], None] = field(default_factory=dict)

    def add(self, rule: Tree[c.Condition]) -> None:
        """What one more rule reads."""
        for node in nodes(rule):
            match node:
                case c.Occurrences(events=events):
                    self.events |= dict.fromkeys(events)
                case c.Consent(channel=name):
                    self.channels[name] = None
                case c.InList(list=name):
                    self.lists[name] = None
                case c.Field(scope=scope, name=name):
                    self.fields[scope, name] = None
                case c.AnyItem() | c.ItemCount():
                    self.fields["item", ""] = None

    def join(self, other: Reading) -> None:
        """What another rule reads as well."""
        self.events |= other.events
        self.channels |= other.channels
        self.lists |= other.lists
        self.fields |= other.fields

    def sources(self, catalog: Catalog) -> Iterator[tuple[str, Source]]:
        """The sources with rows of their own, each with what messages call it."""
        yield "profiles", catalog.profiles
        for name in self.events:
            yield f"`{name}`", catalog.events[name]
        for name in self.channels:
            channel = catalog.channels[name]
            if channel.table is not None or channel.query is not None:
                yield f"the channel `{name}`", channel
        for name in self.lists:
            yield f"the list `{name}`", catalog.lists[name]

    def deletions(self, catalog: Catalog) -> Iterator[tuple[str, Deletions, timedelta]]:
        """What tells of rows that were deleted for good, each with how late it may."""
        promises: list[tuple[str, Written | None]] = []
        for said, source in self.sources(catalog):
            promises.append((said, getattr(source, "written", None)))
            if isinstance(source, Event) and source.items is not None and self._names("item"):
                promises.append((f"the items of {said}", source.items.written))
        for said, written in promises:
            if written is not None and written.deleted is not None:
                yield f"what tells of deleted rows of {said}", written.deleted, written.reach

    def lost(self, catalog: Catalog) -> Iterator[Lost]:
        """What tells of deleted rows of the joined tables of all that is read."""
        joins: list[tuple[str, str | None, bool, Mapping[str, Join]]] = []
        joins.append(("profiles", None, False, catalog.profiles.join))
        for name in self.events:
            event = catalog.events[name]
            joins.append((f"`{name}`", name, False, event.join))
            if event.items is not None and self._names("item"):
                joins.append((f"the items of `{name}`", name, True, event.items.join))
        for beside, of, of_items, those in joins:
            for name, join in those.items():
                if join.written is not None and (deleted := join.written.deleted) is not None:
                    said = f"what tells of deleted rows of `{name}` beside {beside}"
                    yield Lost(said, of, of_items, deleted.on or join.on, deleted, join.written.reach)

    def promised(self, catalog: Catalog) -> None:
        """Raises InFull where something that is read does not say when it was written."""
        if catalog.tenant is not None:
            raise InFull("the tables hold rows of several tenants")
        for said, source in self.sources(catalog):
            if getattr(source, "written", None) is None:
                verb = "do" if said == "profiles" else "does"
                raise InFull(f"{said} {verb} not say when a row was written")
            if isinstance(source, Event):
                # A group of lines is joined line by line: which of them is new cannot be told.
                _alone(said, source, source.properties, self._names("event"), promised=not source.group_by)
                if source.names is not None:
                    raise InFull(f"the names of {said} are in another table")
                if source.items is not None and (asked := self._names("item")):
                    _with_items(said, source.items, source.join, asked)
            elif isinstance(source, Profiles):
                _alone(said, source, source.properties, self._names("profile"))
            else:
                _alone(said, source, {}, ())
        for said, deleted, _ in self.deletions(catalog):
            _alone(said, deleted, {}, ())
        for one in self.lost(catalog):
            _alone(one.said, one.deleted, {}, ())
        for name in self.channels:
            _read(f"the channel `{name}`", (catalog.channels[name].receives_when,), _silent(catalog.profiles.join))

    def _names(self, scope: c.Scope) -> list[str]:
        return [name for of, name in self.fields if of == scope]

    def signature(self, catalog: Catalog) -> str:
        """What the catalog says of all that is read, but for words that change no meaning."""
        said = [catalog.timezone, catalog.profiles.key]
        for name, source in self.sources(catalog):
            said.append(f"{name}={_told(source, self)}")
        return "\n".join(said + [repr(catalog.channels[name].receives_when) for name in self.channels])


EMPTY: Mapping[str, Any] = {}
_CLOCKS = re.compile(
    r"\b(?:current_(?:date|time|timestamp|datetime)|(?:local|sys)(?:time|timestamp|date)|"
    r"(?:now|today|getdate|(?:clock|statement|transaction)_timestamp|age|random|rand|uuid|gen_random_uuid)\s*\()",
    re.IGNORECASE,
)
"""What SQL says that asks for the clock, or for chance."""
_SILENT = {"also", "description", "values", "written", "visible_since", "profiles_complete", "shown",
           "amount", "things", "currency", "partition", "id"}  # fmt: skip


def _told(part: object, read: Reading, scope: c.Scope | None = None) -> str:
    match part:
        case CatalogPart():
            of: c.Scope = "profile" if isinstance(part, Profiles) else "item" if isinstance(part, Items) else "event"
            told = (
                f"{name}={_told(getattr(part, name), read, of if name == 'properties' else None)}"
                for name in part.fields
                if name not in _SILENT
            )
            return f"{type(part).__name__}({', '.join(told)})"
        case Mapping():
            those = ((name, one) for name, one in part.items() if scope is None or (scope, name) in read.fields)
            return f"{{{', '.join(f'{name}: {_told(one, read)}' for name, one in those)}}}"
        case _:
            return signature(part)


def _with_items(said: str, items: Items, joins: Mapping[str, Any], asked: Iterable[str]) -> None:
    if (items.table is not None or items.query is not None) and items.written is None:
        raise InFull(f"the items of {said} do not say when they were written")
    _alone(f"the items of {said}", items, items.properties, asked, joins)


def _silent(joins: Mapping[str, Join]) -> list[str]:
    """The joined tables that do not say when a row was written, or that are found through another one."""
    return [name for name, join in joins.items() if join.written is None or any("." in one for one in join.on)]


def _alone(
    said: str,
    source: Any,
    properties: Mapping[str, Any],
    asked: Iterable[str],
    around: Mapping[str, Any] = EMPTY,
    *,
    promised: bool = True,
) -> None:
    """Raises InFull where a source reads other tables for what is asked of it, or the clock.

    Not where these say when they were written, and that is `promised` to be enough.
    """
    if (whose := getattr(source, "profile", None)) is not None and getattr(whose, "identities", None):
        raise InFull(f"who is who in {said} may have changed")
    joins = {**around, **getattr(source, "join", {})}
    _still(said, source.query)
    parts: list[object] = [source.where]
    for given in (whose, getattr(source, "time", None), getattr(source, "written", None)):
        parts += [] if given is None else [*given.column, given.sql]
    # Which rows count, whose they are and when: a row that does no more would not be found by what it is now.
    _read(said, parts, joins)
    parts.clear()
    for name in asked:
        if (own := properties.get(name)) is not None:
            parts += [own.column, own.json_, own.sql, own.latitude, own.longitude]
    _read(said, parts, _silent(joins) if promised else joins)


def _read(said: str, parts: Iterable[object], joins: Iterable[str]) -> None:
    for part in parts:
        _still(said, part)
        for text in part.values() if isinstance(part, Mapping) else [part]:
            if not isinstance(text, str):
                continue
            if re.search(r"\bselect\b", text, re.IGNORECASE):
                raise InFull(f"the SQL of {said} reads other tables")
            for name in joins:
                if re.search(rf"(?<![\w.]){re.escape(name)}[\"`\]]?\s*\.", text, re.IGNORECASE):
                    raise InFull(f"`{name}` beside {said} does not say when it was written")


def _still(said: str, escape: object) -> None:
    """Raises InFull where the SQL of a source says another thing each time."""
    for text in escape.values() if isinstance(escape, Mapping) else [escape]:
        if isinstance(text, str) and _CLOCKS.search(text):
            raise InFull(f"the SQL of {said} asks for the clock")
