"""Values that another program spells otherwise than the warehouse: its `ENABLED` is `enabled` here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from ... import ast
from ...catalog.names import fold
from .names import Names
from .report import Exported, Imported, Setting

if TYPE_CHECKING:
    from ...catalog import Catalog

Spelled: TypeAlias = Mapping[str, Mapping[str, str]]
"""Other texts for some, by the folded name of their property."""
Write: TypeAlias = Callable[[ast.Segment, Setting], Exported]


def read_here(found: Iterator[Imported], names: Names) -> Iterator[Imported]:
    """Segments that were read, with the values that the warehouse has."""
    here: dict[str, Mapping[str, str]] = {}
    for property, texts in names.kinds.get("values", {}).items():
        here[_own(property, names.catalog)] = texts
    for one in found:
        yield one if not here or one.rule is None else replace(one, rule=_spelled(one.rule, here, names.catalog))


def written_there(write: Write) -> Write:
    """What writes a segment, and those that it names, with the values that the other program has."""
    before: list[tuple[Setting, Setting, Spelled]] = []

    def written(segment: ast.Segment, setting: Setting) -> Exported:
        if not setting.names.kinds.get("values"):
            return write(segment, setting)
        if not before or before[0][0] is not setting:  # once for all segments of a file
            before[:] = [(setting, *_there(setting))]
        _, other, texts = before[0]
        return write(_spelled(segment, texts, setting.catalog), other)

    return written


def _there(setting: Setting) -> tuple[Setting, Spelled]:
    there: dict[str, dict[str, str]] = {}
    for property, texts in setting.names.kinds["values"].items():
        for theirs, ours in texts.items():
            there.setdefault(_own(property, setting.catalog), {}).setdefault(ours, theirs)
    others = {name: _spelled(one, there, setting.catalog) for name, one in setting.segments.segments.items()}
    return replace(setting, segments=replace(setting.segments, segments=others)), there


def _own(property: str, catalog: Catalog | None) -> str:
    """The name that all names of a profile's property have in common."""
    return fold((catalog.find_property(property) if catalog is not None else None) or property)


def _spelled(node: Any, texts: Spelled, catalog: Catalog | None) -> Any:
    """The tree, its comparisons of these properties with the other texts."""
    if isinstance(node, tuple):
        return tuple(_spelled(part, texts, catalog) for part in node)
    if not is_dataclass(node) or isinstance(node, type):
        return node
    inner = {field.name: getattr(node, field.name) for field in fields(node) if field.name not in ("span", "comments")}
    changed = {name: new for name, old in inner.items() if (new := _spelled(old, texts, catalog)) != old}
    found: Any = replace(node, **changed) if changed else node
    if isinstance(found, ast.Subject) and isinstance(found.head, ast.Name):
        known = texts.get(_own(found.head.text, catalog))
        return found if known is None else replace(found, comparison=_compared(found.comparison, known))
    return found


def _compared(comparison: Any, known: Mapping[str, str]) -> Any:
    def other(value: Any) -> Any:
        return replace(value, value=known.get(value.value, value.value)) if isinstance(value, ast.Text) else value

    match comparison:
        case ast.Compare(op, right) if op in ("=", "!="):
            return replace(comparison, right=other(right))
        case ast.In(values, negated) if len(found := set(map(other, values))) == 1:  # several of theirs are one here
            return ast.Compare("!=" if negated else "=", found.pop())
        case ast.In(values) | ast.Includes(_, values):
            return replace(comparison, values=tuple(dict.fromkeys(map(other, values))))
    return comparison
