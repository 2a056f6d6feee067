"""The JSON Schema of a catalog file, for editors: what the loader accepts, the schema accepts, shorthands included.

Pydantic gives the schema of the unfolded form; here the shorthands are added. An editor reads YAML by its own rules
(`5` is no text to it), so any scalar may stand where the loader reads text.
"""

from __future__ import annotations

from typing import Any, TypeAlias

SchemaRule: TypeAlias = dict[str, Any]

_SCALAR: SchemaRule = {"type": ["string", "number", "boolean"]}
_NUMBER: SchemaRule = {"type": ["number", "string"]}
_NOTHING: SchemaRule = {"type": "null"}
_LIST: SchemaRule = {"type": "array", "items": _SCALAR}

_COLUMNS: SchemaRule = {
    "type": "object",
    "additionalProperties": _SCALAR,
    "not": {"anyOf": [{"required": ["table"]}, {"required": ["on"]}]},
}

# What may stand for a part instead of its keys.
_SHORT: dict[str, list[SchemaRule]] = {
    "Property": [_SCALAR, _NOTHING],
    "StoredMoment": [_SCALAR, _LIST],
    "Written": [_SCALAR, _LIST],
    "Lookup": [_SCALAR],
    "Metric": [_SCALAR],
    "Whose": [_SCALAR, _LIST],
    "Tenant": [_SCALAR],
    "Join": [_SCALAR, _COLUMNS],
}

_PLACE: SchemaRule = {
    "anyOf": [
        {"type": "array", "items": _NUMBER, "minItems": 2, "maxItems": 2},
        {"type": "object", "properties": {"latitude": _NUMBER, "longitude": _NUMBER},
         "required": ["latitude", "longitude"], "additionalProperties": False},
    ]
}  # fmt: skip


def catalog_schema() -> SchemaRule:
    """The JSON Schema (draft 2020-12) of a catalog file."""
    from .model import Catalog
    from .shapes import model

    schema = model(Catalog).model_json_schema(by_alias=True)
    parts = {name: _part(part) for name, part in sorted(schema["$defs"].items())}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "SegQL catalog",
        **_part(schema),
        "$defs": {name: {"anyOf": [part, *_SHORT[name]]} if name in _SHORT else part for name, part in parts.items()},
    }


def _part(part: SchemaRule) -> SchemaRule:
    """A part: any key may be empty, and keys of several words may be spelled with underscores."""
    needed = part.get("required", [])
    keys = {key: _key(key, value, key in needed) for key, value in part["properties"].items()}
    phrases = {key: key.replace(" ", "_") for key in keys if " " in key}
    either = [{"anyOf": [{"required": [key]}, {"required": [phrases[key]]}]} for key in needed if key in phrases]
    rule: SchemaRule = {"type": "object", "description": part.get("description", ""), "properties": keys}
    if phrases:
        # As patterns they are accepted, but not proposed.
        rule["patternProperties"] = {f"^{other}$": keys[key] for key, other in phrases.items()}
    if plain := [key for key in needed if key not in phrases]:
        rule["required"] = plain
    if either:
        rule["allOf"] = either
    return {**rule, "additionalProperties": False}


def _key(key: str, value: SchemaRule, needed: bool) -> SchemaRule:
    """The value of a key, with what an editor shows about it."""
    shown: SchemaRule = {name: value[name] for name in ("description", "default") if name in value}
    choices = _choices(value)
    if key == "places":
        choices = [{"type": "object", "additionalProperties": _PLACE}]
    if key == "on":
        choices.append(_SCALAR)
    if not needed and _NOTHING not in choices:
        choices.append(_NOTHING)
    return {**shown, **(choices[0] if len(choices) == 1 else {"anyOf": choices})}


def _choices(rule: SchemaRule) -> list[SchemaRule]:
    """What the loader accepts from YAML where pydantic has this rule."""
    if either := rule.get("anyOf") or rule.get("oneOf"):
        return [choice for each in either for choice in _choices(each)]
    if "$ref" in rule:
        return [{"$ref": rule["$ref"]}]
    if "enum" in rule:
        return [{"enum": rule["enum"]}]
    match rule["type"]:
        case "string":
            return [_SCALAR]
        case "integer":
            return [
                {name: rule[name] for name in ("type", "minimum", "maximum")},
                {"type": "string", "pattern": "^[0-9]+$"},
            ]
        case "boolean":
            return [{"type": "boolean"}, {"enum": ["yes", "no", "on", "off"]}]
        case "array":
            return [{"type": "array", "items": _SCALAR}, _SCALAR]
        case "object":
            (values,) = rule.get("patternProperties", {"": rule.get("additionalProperties")}).values()
            inner = _choices(values)
            return [{"type": "object", "additionalProperties": inner[0] if len(inner) == 1 else {"anyOf": inner}}]
    return [rule]
