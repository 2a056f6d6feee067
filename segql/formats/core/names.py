"""What is called by ids in another program, and by words in the catalog."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ...catalog.names import fold
from ...errors import SegQLError, problem
from ...nearest import nearest
from ...plain import dataclass
from ...source import Source, Span

if TYPE_CHECKING:
    from ...catalog import Catalog

KINDS = (
    "events", "event properties", "properties", "values", "lists", "segments", "channels", "reasons", "products",
    "places",
)  # fmt: skip
"""The kinds of names. Of `event properties` the ids stand under the name of the event, or under `any event`; of
`values` those of the other program stand under the name of their property.
"""
ANY_EVENT = "any event"
_UTC = ("UTC", "Etc/UTC", "Etc/UCT", "UCT", "Zulu", "Etc/Zulu", "GMT", "Etc/GMT", "Etc/Universal", "Universal")


@dataclass(frozen=True)
class Names:
    """The names of the catalog by kind and foreign id: `{"events": {"WdT4nW": "placed order"}}`."""

    kinds: Mapping[str, Mapping[str, Any]]
    catalog: Catalog | None = None
    """What the names mean, where that is known."""

    @property
    def in_utc(self) -> bool:
        """Whether the calendar is known to be that of UTC, which has no changes of clocks."""
        return self.catalog is not None and self.catalog.timezone in _UTC

    def find(self, kind: str, id: str) -> str | None:
        """The name for an id; None where nobody said it."""
        found = self.kinds.get(kind, {}).get(id)
        return found if isinstance(found, str) else None

    def property_of(self, event: str, id: str) -> str | None:
        """The name of an event's property, by the event's own name; None where nobody said it."""
        of_events = {fold(name): ids for name, ids in self.kinds.get("event properties", {}).items()}
        for name in (fold(event), ANY_EVENT):
            if (found := of_events.get(name, {}).get(id)) is not None:
                return str(found)
        return None

    def id_of(self, kind: str, name: str) -> str | None:
        """The first id of a name; None where nobody said it."""
        return self._ids.get((kind, "", fold(name)))

    def property_id(self, event: str, name: str) -> str | None:
        """The first id of an event's property; None where nobody said it."""
        return self._ids.get(("event properties", fold(event), fold(name))) or self._ids.get(
            ("event properties", ANY_EVENT, fold(name))
        )

    def beside(self, kind: str, ids: Mapping[str, str]) -> Names:
        """These names, and those of other ids of a kind."""
        return Names({**self.kinds, kind: {**ids, **self.kinds.get(kind, {})}}, self.catalog)

    def missing(self, kind: str, id: str) -> str:
        """The sentence for an id that has no name."""
        return f"Nobody said what `{id[:80]}` of {kind} is called: give --names with {asked(kind, id)}."

    @cached_property
    def _ids(self) -> dict[tuple[str, str, str], str]:
        found: dict[tuple[str, str, str], str] = {}
        for kind, ids in self.kinds.items():
            for id, name in ids.items():
                if isinstance(name, str):
                    found.setdefault((kind, "", fold(name)), id)
                else:
                    for inner, own in name.items():
                        found.setdefault((kind, fold(id), fold(own)), inner)
        return found


NO_NAMES = Names({})
_PLAIN = re.compile(r"[\w$/.-][\w$/. -]*")


def asked(kind: str, id: str, event: str = "") -> str:
    """What to write into the names for an id, ready to be pasted: "`events: {WdT4nW: NAME}`"."""
    inner = f"{{{_key(id[:80])}: NAME}}"
    return f"`{kind}: {inner}`" if not event else f"`{kind}: {{{_key(event)}: {inner}}}`"


def _key(text: str) -> str:
    return text if _PLAIN.fullmatch(text) and text == text.strip() else json.dumps(text, ensure_ascii=False)


def read_names(file: Source, catalog: Catalog | None = None) -> Names:
    """The names of a file, JSON or YAML: `events: {WdT4nW: placed order}`. Raises SegQLError with a place."""
    import yaml  # here: who has no such file needs none

    def wrong(said: str, start: int = 0, help: str = "") -> SegQLError:
        return SegQLError([problem("foreign-document", said, Span(file, start, start + 1), help)])

    try:
        data = yaml.load(file.text, yaml.BaseLoader)  # all scalars are texts: an id 007 is no number
    except yaml.MarkedYAMLError as error:
        start = error.problem_mark.index if error.problem_mark else 0
        raise wrong(f"These names are no YAML: {error.problem}.", start) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise wrong(f"These names are no YAML: {' '.join(str(error).split())[:200]}.") from None
    if data is None or data == "":
        return Names({}, catalog)
    shape = "names are `KIND: {ID: NAME}`"
    if not isinstance(data, dict):
        raise wrong("These names have no kinds.", 0, shape)
    for kind, ids in data.items():
        start = max(0, file.text.find(str(kind)))
        if kind not in KINDS:
            close = ", ".join(f"`{n}`" for n in nearest(str(kind), KINDS)) or ", ".join(KINDS)
            raise wrong(f"`{str(kind)[:80]}` is no kind of names.", start, f"there are {close}")
        nested = kind in _SHAPES
        inner = ids.values() if isinstance(ids, dict) and nested else [ids]
        for one in inner:
            if not isinstance(one, dict) or not all(isinstance(x, str) for pair in one.items() for x in pair):
                raise wrong(f"The {kind} are no mapping of texts.", start, _SHAPES.get(kind, shape))
    return Names({kind: dict(ids) for kind, ids in data.items()}, catalog)


_SHAPES = {
    "event properties": "write `event properties: {placed order: {$value: total}}`",
    "values": "write `values: {account status: {ENABLED: enabled}}`",
}
