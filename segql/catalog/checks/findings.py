"""What is wrong with a catalog, before it has a place: findings by path, made from pydantic's errors or by the checks,
and turned into problems with the place of the key or value, each part called by its name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import UnionType
from typing import Any, cast, get_args, get_origin, get_type_hints

from pydantic import ValidationError

from ...errors import Code, Problem
from ...nearest import nearest
from ...plain import dataclass
from ..marks import Marks, Path
from ..parts import CatalogPart, spelled
from ..shapes import BY_DIALECT, ONE

_KINDS = {
    "events": "event", "channels": "channel", "lists": "list", "metrics": "metric", "places": "place", "sets": "set",
    "constants": "constant", "properties": "property", "join": "join",
    "identities": "map of identities",
}  # fmt: skip
_PLURALS = ("profiles", "items", "stores")


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem at a path: at its key when `at_key`, else at its value.

    `missing` names the keys any of which would mend it; of an unknown key, what it may be a misspelling of. A part
    is not told that it lacks a key that is there, only misspelled or of a wrong value.
    """

    code: Code
    path: Path
    message: str
    hint: str = ""
    at_key: bool = False
    missing: tuple[str, ...] = ()
    offset: int | None = None
    """Where in the value, when that is known."""


def called(path: Path) -> str:
    """A part as messages call it: `the property "total" of the event "placed order"`."""
    parts: list[str] = []
    steps = list(path)
    while steps:
        step = steps.pop(0)
        if isinstance(step, int):
            continue
        if step in _KINDS and steps:
            parts.append(f'the {_KINDS[str(step)]} "{steps.pop(0)}"')
        else:
            parts.append(f"the {step}" if step in _PLURALS else f"`{step}`")
    return " of ".join(reversed(parts)) or "the catalog"


def begun(path: Path) -> str:
    """A part as a sentence begins with it."""
    last = path[-1] if path else ""
    named = called(path) if not isinstance(last, int) else f"element {last + 1} of {called(path[:-1])}"
    return f"{named[:1].upper()}{named[1:]}"


def missing(owner: Path, *keys: str) -> Finding:
    """A part lacks a key, or one of several."""
    has = "have" if owner and owner[-1] in _PLURALS else "has"
    message = f"{begun(owner)} {has} no {' or '.join(f'`{key}`' for key in keys)}."
    hint = f"add `{_EXAMPLES[keys[0]]}`" if keys[0] in _EXAMPLES else ""
    return Finding("missing-key", owner, message, hint, at_key=True, missing=keys)


def either(owner: Path, one: str, other: str) -> Finding:
    """A part has two keys that exclude each other."""
    has = "have" if owner and owner[-1] in _PLURALS else "has"
    message = f"{begun(owner)} {has} both `{one}` and `{other}`."
    return Finding("conflicting-keys", (*owner, other), message, "keep one of them", at_key=True)


def needless(owner: Path, key: str, why: str) -> Finding:
    """A part has a key that does not go with the rest of it."""
    takes = "take" if owner and owner[-1] in _PLURALS else "takes"
    message = f"{begun(owner)} {takes} no `{key}`: {why}."
    return Finding("conflicting-keys", (*owner, key), message, f"remove `{key}`", at_key=True)


def problems(findings: Iterable[Finding], marks: Marks) -> list[Problem]:
    """The findings as problems in the order of the file, those that another one explains left out."""
    all_ = list(findings)
    spoilt = {(f.path[:-1], key) for f in all_ if f.code in ("unknown-key", "wrong-value") for key in _explained(f)}
    found: dict[Problem, None] = {}
    for finding in all_:
        if finding.code == "missing-key" and any((finding.path, key) in spoilt for key in finding.missing):
            continue
        place = marks.key if finding.at_key else marks.at
        span = place(finding.path) if finding.offset is None else marks.inside(finding.path, finding.offset)
        found[Problem(finding.code, finding.message, span, finding.hint)] = None
    return sorted(found, key=lambda problem: problem.span.start)


def _explained(finding: Finding) -> tuple[str, ...]:
    """The keys that are there after all, in another spelling or with a value that does not count."""
    if finding.code == "unknown-key":
        return finding.missing
    return (spelled(str(finding.path[-1])),) if finding.path else ()


# --- pydantic's errors --------------------------------------------------------------------------------------------


def translated(error: ValidationError, root: type[CatalogPart]) -> list[Finding]:
    """Pydantic's errors as findings."""
    return [_translated(dict(e), root) for e in error.errors(include_url=False, include_context=True)]


def path_of(loc: Iterable[str | int]) -> Path:
    """Where in the catalog an error of pydantic's is."""
    return tuple(step for step in loc if step not in (ONE, BY_DIALECT))


def _translated(error: dict[str, Any], root: type[CatalogPart]) -> Finding:
    path = path_of(error["loc"])
    given, context, kind = error["input"], error.get("ctx") or {}, error["type"]
    if path and path[-1] == "[key]":
        return Finding(
            "wrong-value", path[:-1], f"A name in {called(path[:-2])} must be text, and not empty.", "", True
        )
    key, owner = (path[-1] if path else ""), path[:-1]
    if kind == "extra_forbidden":
        known = [spelled(name) for name in _part(root, owner).fields]
        meant = _MEANT.get(str(key).replace("_", " ").casefold(), ())
        close = [one for one in meant if one in known] or nearest(str(key).replace("_", " "), known)
        hint = f"did you mean `{close[0]}`?" if close else f"it knows {_listed(known)}"
        if given is None and not close:
            hint = "inside `{..}` a comma begins a new key; put a value with commas in quotes"
        message = f"`{key}` is no key of {called(owner)}."
        # What it was meant to be is not missing: `tabel` is no second complaint about a missing `table`.
        return Finding("unknown-key", path, message, hint, True, tuple(close))
    if path[:1] == ("places",) and len(path) > 1:
        message = f"{begun(path[:2])} must be two numbers, latitude and longitude."
        return Finding("wrong-value", path[:2], message, "for example [52.37, 4.89]")
    if kind == "missing":
        return missing(owner, str(key))
    if given is None or kind in ("string_pattern_mismatch", "too_short"):
        return Finding("wrong-value", path, f"{begun(path)} is empty.", "write a value, or leave it out")
    if kind == "literal_error":
        allowed = [word for word in str(context["expected"]).split("'") if word not in ("", ", ", " or ")]
        close = nearest(str(given), allowed, 1)
        hint = f"did you mean `{close[0]}`?" if close else f"it can be {_listed(allowed)}"
        return Finding("wrong-value", path, f"{_said(given)} is no {called(path)}.", hint)
    if kind in ("greater_than_equal", "less_than_equal"):
        limit = f"at least {context['ge']}" if "ge" in context else f"at most {context['le']}"
        return Finding("wrong-value", path, f"{begun(path)} must be {limit}, and not {_said(given)}.")
    wanted = _WANTED.get(kind) or str(error["msg"]).removeprefix("Input should be ")
    return Finding("wrong-value", path, f"{begun(path)} must be {wanted}, and not {_said(given)}.")


_WANTED = {
    "string_type": "text",
    "int_parsing": "a whole number", "int_type": "a whole number", "int_from_float": "a whole number",
    "bool_parsing": "true or false", "bool_type": "true or false",
    "dict_type": "keys with values (`name: ..`)",
    "model_type": "keys with values (`key: ..`)", "model_attributes_type": "keys with values (`key: ..`)",
    "tuple_type": "a list (`[one, two]`)",
}  # fmt: skip


_MEANT = {
    word: meant.split("|")
    for meant, words in {
        "time|time column": "timestamp|date|datetime|at|when|occurred at|created at|happened at",
        "profile|key": "user|user id|customer|customer id|person|person id|profile id|profile key|uid",
        "key": "id|primary key|id column",
        "name column": "event column|event name column",
        "name": "event|event name",
        "where": "filter|condition|having",
        "query": "sql|select",
        "also": "alias|aliases|synonyms|aka",
        "timezone|zone": "timezone|zone|tz|time zone",
        "properties": "columns|fields|attributes|traits",
        "events": "actions",
        "receives when": "consent|subscribed|opted in",
    }.items()
    for word in words.split("|")
}
"""What others call the keys of a catalog."""


_EXAMPLES = {
    "table": "table: orders",
    "profile": "profile: customer_id",
    "profiles": "profiles: {table: customers, key: customer_id}",
    "key": "key: customer_id",
    "column": "column: created_at",
    "receives when": "receives when: status = 'subscribed'",
    "on": "on: order_id",
    "name": "name: Placed Order",
    "name column": "name column: event_name",
    "value": "value: sum of total of placed order",
    "latitude": "latitude: lat",
    "longitude": "longitude: lon",
    "array": "array: event_params",
    "key is": "key is: page",
}


def _said(given: Any) -> str:
    match given:
        case None:
            return "nothing"
        case str():
            return f'"{given}"' if len(given) <= 60 else f'"{given[:60]}…"'
        case Mapping():
            return "keys with values"
        case list() | tuple():
            return "a list"
        case _:
            return f"`{given}`"


def _listed(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _part(root: type[CatalogPart], path: Path) -> type[CatalogPart]:
    """The part at a path: through fields by their YAML keys, and over the names in dictionaries."""
    shape: Any = root
    for step in path:
        if get_origin(shape) is dict:
            shape = get_args(shape)[1]
        else:
            shape = next(one for name, one in get_type_hints(shape).items() if step in (name, spelled(name)))
        if get_origin(shape) is UnionType:  # a part, or None
            shape = get_args(shape)[0]
    return cast("type[CatalogPart]", shape)
