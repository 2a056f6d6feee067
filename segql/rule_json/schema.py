"""The JSON Schema of the form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, get_args, get_origin

from .. import ast
from .shapes import DIGITS, ROOTS, VERSION, Document, classes, default, kind_of, options_of, shape_of, word


def rule_schema() -> Document:
    """The JSON Schema (2020-12) of the form."""
    found: dict[str, Any] = {}
    roots = {name: _schema(hint, {}, found) for name, hint in ROOTS.items()}
    version = {"const": VERSION, "description": "The version of the form."}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A SegQL rule",
        "oneOf": [
            {"type": "object", "properties": {"segql": version, name: root}, "required": ["segql", name],
             "additionalProperties": False}
            for name, root in roots.items()
        ],
        "$defs": dict(sorted(found.items())),
    }  # fmt: skip


def _schema(hint: Any, env: Mapping[Any, Any], found: dict[str, Any]) -> Document:
    several = [_one(one, inner, found) for one, inner in options_of(hint, env)]
    unique = [one for i, one in enumerate(several) if one not in several[:i]]
    return unique[0] if len(unique) == 1 else {"anyOf": unique}


def _one(hint: Any, env: Mapping[Any, Any], found: dict[str, Any]) -> Document:
    if hint in classes():
        name = kind_of(hint)
        if ast.trees.L in env and hint in (ast.All, ast.AnyOf, ast.Not):
            kinds = sorted(kind_of(one) for one, _ in options_of(env[ast.trees.L], {}))
            name += f" ({', '.join(kinds)})" if len(kinds) < 4 else ""
        if name not in found:
            found[name] = {}  # a rule stands in a rule
            found[name] = _object(hint, env, found)
        ref = {"$ref": f"#/$defs/{name}"}
        return {"anyOf": [{"type": "string", "description": "A name."}, ref]} if hint is ast.Name else ref
    if get_origin(hint) is Literal:
        return {"enum": list(get_args(hint))}
    if get_origin(hint) is tuple:
        inner = get_args(hint)
        if inner[-1] is ...:
            return {"type": "array", "items": _schema(inner[0], env, found)}
        items = [_schema(one, env, found) for one in inner]
        return {"type": "array", "prefixItems": items, "minItems": len(items), "maxItems": len(items)}
    plain: Mapping[Any, Document] = {
        type(None): {"type": "null"}, bool: {"type": "boolean"}, int: {"type": "integer"}, str: {"type": "string"},
        Decimal: {"type": "string", "pattern": DIGITS}, date: {"type": "string", "format": "date"},
        datetime: {"type": "string"},
    }  # fmt: skip
    return plain[hint]


def _object(class_: type, env: Mapping[Any, Any], found: dict[str, Any]) -> Document:
    shape = shape_of(class_)
    said = (class_.__doc__ or "").strip()
    meant = "" if said.startswith(f"{class_.__name__}(") else said.split("\n\n")[0].replace("\n    ", " ")
    return {
        "title": kind_of(class_), "description": meant, "type": "object",
        "properties": {"is": {"const": kind_of(class_)},
                       **{word(field.name): _schema(hint, env, found) for field, hint in shape}},
        "required": ["is", *(word(field.name) for field, _ in shape if default(field) is MISSING)],
        "additionalProperties": False,
    }  # fmt: skip
