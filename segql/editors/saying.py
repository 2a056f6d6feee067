"""What an editor shows of a name or a segment: Markdown."""

from __future__ import annotations

from typing import Any

from ..answers.style import counted
from ..catalog import Catalog
from ..compiler import Compiled
from .mentions import Key
from .workspace import Here

_KINDS = {
    "events": "event", "metrics": "metric", "lists": "list", "channels": "channel", "places": "place", "sets": "set",
    "constants": "constant", "profiles": "property of the profile",
}  # fmt: skip
_MOST_VALUES = 12


def of_name(key: Key, here: Here) -> str | None:
    """What a name of the catalog, a `let` or a parameter is; None for a segment, which has a meaning of its own."""
    match key:
        case ("segment", _):
            return None
        case ("let", name):
            return f"**let {name}** = `{here.segments.values[name].span.text}`"
        case ("parameter", segment, name):
            found = here.segments.segments.get(segment)
            values = [value for one, value in found.parameters if one.text.casefold() == name] if found else []
            return f"**{name}**: a parameter" + (f", else `{values[0].span.text}`" if values else "")
        case _:
            return None if here.catalog is None else _of_catalog(key, here.catalog)


def _of_catalog(key: Key, catalog: Catalog) -> str:
    part, kind = _part(key, catalog), _KINDS[key[0]]
    if key[0] == "events" and len(key) > 2:
        kind = f"property of {'the items of ' * ('items' in key)}{key[1]}"
    lines = [f"**{key[-1]}**: {kind}"]
    if (type_ := getattr(part, "type", None)) is not None:
        lines[0] += f", {type_}"
    if description := getattr(part, "description", ""):
        lines.append(description)
    if key[0] == "metrics":
        lines.append(f"```segql\n{part.value}\n```")
    if key[0] == "constants":
        lines[0] += f" = `{part}`"
    values = part if key[0] == "sets" else getattr(part, "values", ())
    if values:
        shown = ", ".join(map(str, values[:_MOST_VALUES]))
        lines.append(f"Values: {shown}{', …' * (len(values) > _MOST_VALUES)}")
    if also := getattr(part, "also", ()):
        lines.append(f"Also: {', '.join(also)}")
    return "\n\n".join(lines)


def _part(key: Key, catalog: Catalog) -> Any:
    """What stands in the catalog at a path."""
    found: Any = catalog
    for name in key:
        found = found[name] if hasattr(found, "keys") else getattr(found, name)
    return found


def of_segment(done: Compiled, comments: tuple[str, ...], count: str = "") -> str:
    """A segment: what is written above it, what it means, how many are in it, its SQL."""
    parts = [*([" ".join(comments)] if comments else []), *([f"**{count}**"] if count else [])]
    parts += [f"```text\n{done.english.rstrip()}\n```", f"```sql\n{done.sql.rstrip()}\n```"]
    return "\n\n".join(parts)


def of_count(members: int, profiles: int) -> str:
    """How many members, in words."""
    share = f" ({100 * members / profiles:.1f} %)" if profiles else ""
    return f"{members:,} of {counted(profiles, 'profile')}{share}"
