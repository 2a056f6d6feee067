"""The whole of a catalog's validation: its shape by pydantic, its sense by the checks, every problem at once.

Where the shape of a part is wrong, that part is set aside, so that the sense of all the rest is still checked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from ...errors import SegQLError
from ..declared import Declarations, Profiles
from ..marks import Marks, Path
from ..shapes import BY_DIALECT
from . import sense
from .findings import Finding, path_of, problems, translated

C = TypeVar("C", bound=Declarations)

# Stands in for profiles that cannot be read, while the rest is checked.
_STAND_IN = {"table": "profiles", "key": "key"}


def checked(given: Any, handler: Callable[[Any], C], marks: Marks) -> C:
    """The catalog of `given`, which `handler` validates by its shape. Raises SegQLError with all problems."""
    data, wrong, catalog = given, [], None
    # Each round sets aside at least one part; a part lies at most some ten keys deep.
    for _ in range(30):
        try:
            catalog = handler(data)
            break
        except ValidationError as error:
            wrong += translated(error, Declarations)
            if not isinstance(data, Mapping):
                break
            data = without(data, [_path(e["loc"]) for e in error.errors(include_url=False, include_input=False)])
    if catalog is not None:
        wrong += _sensible(catalog, given)
    if found := problems(wrong, marks):
        raise SegQLError(found)
    assert catalog is not None
    return catalog


def _sensible(catalog: Declarations, given: Any) -> Iterator[Finding]:
    # An event that was set aside is still a name that others may use.
    declared = given.get("events") if isinstance(given, Mapping) else None
    names = [name for name in declared if isinstance(name, str)] if isinstance(declared, Mapping) else []
    yield from sense.findings(catalog, names)


def _path(loc: tuple[str | int, ...]) -> Path:
    # SQL by dialect goes as a whole: none may be left of it.
    path = path_of(loc[: loc.index(BY_DIALECT)] if BY_DIALECT in loc else loc)
    return path[:-1] if path and path[-1] == "[key]" else path


def without(data: Mapping[Any, Any], paths: list[Path]) -> dict[Any, Any]:
    """A copy of the data without what stands at these paths; what lacks a key goes as a whole, but for the profiles."""
    left: Any = data
    for path in paths:
        if (standing := _standing(data, path)) != ("profiles",):
            left = _dropped(left, standing)
    profiles = left.get("profiles")
    if isinstance(profiles, Mapping):
        return {**left, "profiles": {"key": "key", **profiles}}
    # A Python object was checked when it was made; anything else is wrong as a whole.
    return {**left} if isinstance(profiles, Profiles) else {**left, "profiles": _STAND_IN}


def _standing(data: Any, path: Path) -> Path:
    """As much of a path as leads through mappings: lists, and texts in shorthand, are one thing."""
    for length, step in enumerate(path):
        if not isinstance(data, Mapping) or step not in data:
            return path[:length]
        data = data[step]
    return path


def _dropped(part: Mapping[Any, Any], path: Path) -> Mapping[Any, Any]:
    if not path or path[0] not in part:
        return part
    if len(path) == 1:
        return {key: value for key, value in part.items() if key != path[0]}
    return {**part, path[0]: _dropped(part[path[0]], path[1:])}
