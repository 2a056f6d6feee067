"""The JSON form of rules: the tree of a text as data, which a form can be drawn from, and back.

It is the syntax tree, node by node: `{"is": "can receive", "channel": "sms"}`. Kinds and fields are the classes and
fields of `segql.ast` in words; a field at its default is left out. One walk over the types of the fields reads, writes
and describes all of it, so that a new node needs no arm here.
"""

from __future__ import annotations

import re
import reprlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from types import UnionType
from typing import Any, Literal, NoReturn, TypeAlias, TypeVar, Union, get_args, get_origin, get_type_hints

from . import ast, formatter, parser
from .arguments import Given, given_rule
from .errors import Problem, SegQLError, wrong_type
from .source import NOWHERE

VERSION = 1
"""Of the form. Another number means that documents of before are read otherwise."""
_DIGITS = r"^-?[0-9]+(\.[0-9]+)?$"
Document: TypeAlias = dict[str, Any]
Said: TypeAlias = ast.Rule | ast.Segment | ast.Definitions

_KINDS: Mapping[str, str] = {
    "All": "all", "AnyOf": "any", "Not": "not", "Either": "any of", "Subject": "condition", "DaysFrom": "days from",
    "SegmentRef": "segment named", "Is": "is", "In": "in values", "InName": "in name", "Relative": "moment",
}  # fmt: skip
"""What is called otherwise than its class."""
_ROOTS: Mapping[str, Any] = {"rule": ast.Rule, "segment": ast.Segment, "definitions": ast.Definitions}


def to_json(rule: Given | ast.Definitions) -> Document:
    """A rule, a saved segment or definitions as JSON has them: texts, numbers, lists, mappings. A text is parsed.

    Raises SegQLError for a text with mistakes, TypeError for what is none of these.
    """
    tree = rule if isinstance(rule, ast.Definitions) else given_rule(rule)
    if not is_dataclass(tree) or isinstance(tree, type) or type(tree) not in _classes():
        raise wrong_type("rule", "a text, a parsed rule, a saved segment or definitions", rule)
    root = {ast.Segment: "segment", ast.Definitions: "definitions"}.get(type(tree), "rule")
    return {"segql": VERSION, root: _written(tree)}


def from_json(document: Any) -> Said:
    """The tree of a document: a rule, a segment or definitions. Raises SegQLError, which says where it is none.

    What comes out has a text, which reads as the same.
    """
    if not isinstance(document, Mapping):
        _wrong("", "is a mapping with `segql` and `rule`", document)
    if isinstance(version := document.get("segql"), bool) or version != VERSION:
        _wrong("/segql", f"is {VERSION}, the version of the form", version)
    found = [name for name in document if name != "segql"]
    if len(found) != 1 or found[0] not in _ROOTS:
        _wrong("", "has one of `rule`, `segment` and `definitions` beside `segql`", found)
    _expect_small(document)
    tree: Said = _read(document[found[0]], _ROOTS[found[0]], f"/{found[0]}", {})
    return _spoken(tree)


def _spoken(tree: Said) -> Said:
    """The tree, where its text reads as the same."""
    try:
        for part in tree.parts if isinstance(tree, ast.Definitions) else (tree,):
            parser.check_size(part)
        if isinstance(tree, ast.Definitions | ast.Segment):
            whole = tree if isinstance(tree, ast.Definitions) else ast.Definitions((tree,))
            same = parser.parse_definitions(formatter.format(whole)) == whole
        else:
            same = parser.parse_rule(formatter.format(tree)) == tree
    except SegQLError as error:
        said = f"The language has no spelling for this: {error.problems[0].message}"
        raise SegQLError([Problem("syntax", said, NOWHERE)]) from None
    except (
        ArithmeticError,
        AssertionError,
        AttributeError,
        LookupError,
        RecursionError,
        TypeError,
        ValueError,
    ) as error:
        # Of the right types, and still no tree that a text gives: a sum of nothing.
        said = f"The language has no spelling for this ({type(error).__name__})."
        raise SegQLError([Problem("syntax", said, NOWHERE)]) from None
    if not same:
        raise SegQLError([Problem("syntax", "The language has no spelling for this: its text says something else.",
                                  NOWHERE)])  # fmt: skip
    return tree


_MOST = 100_000
"""Nodes of a document. One that is shared counts as often as it stands there."""


def _expect_small(document: Any) -> None:
    waiting, count = [document], 0
    while waiting and count <= _MOST:
        node = waiting.pop()
        if isinstance(node, Mapping):
            count += 1
            waiting.extend(node.values())
        elif isinstance(node, list | tuple):
            waiting.extend(node)
    if count > _MOST:
        said = f"This document has more than {_MOST} nodes."
        raise SegQLError([Problem("too-long", said, NOWHERE, "Cut it into segments that refer to each other.")])


def rule_schema() -> Document:
    """The JSON Schema (2020-12) of the form."""
    found: dict[str, Any] = {}
    roots = {name: _schema(hint, {}, found) for name, hint in _ROOTS.items()}
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


# --- names -----------------------------------------------------------------------------------------------------------


def kind_of(class_: type) -> str:
    """What a class of nodes is called: `can receive`."""
    return _KINDS.get(class_.__name__) or re.sub(r"(?<!^)(?=[A-Z])", " ", class_.__name__).lower()


def _word(field: str) -> str:
    return field.replace("_", " ")


@cache
def _classes() -> dict[type, str]:
    every = (getattr(ast, name) for name in ast.__all__)
    found = {one: kind_of(one) for one in every if isinstance(one, type) and is_dataclass(one)}
    assert len(set(found.values())) == len(found)
    return found


@cache
def _shape(class_: Any) -> tuple[tuple[Field[Any], Any], ...]:
    """The fields that are said, with their types."""
    hints = get_type_hints(class_, localns=vars(ast))  # some name others for mypy alone
    return tuple((one, hints[one.name]) for one in fields(class_) if one.name != "span")


def _default(field: Field[Any]) -> Any:
    return field.default_factory() if field.default_factory is not MISSING else field.default


# --- writing ---------------------------------------------------------------------------------------------------------


def _written(node: Any) -> Any:
    match node:
        case ast.Name(words, None):
            return words
        case tuple():
            return [_written(one) for one in node]
        case bool() | int() | str() | None:
            return node
        case Decimal():
            return format(node, "f")
        case date():
            return node.isoformat()
    class_: Any = type(node)
    said = {_word(field.name): _written(value) for field, _ in _shape(class_)
            if (value := getattr(node, field.name)) != _default(field)}  # fmt: skip
    return {"is": kind_of(class_), **said}


# --- reading ---------------------------------------------------------------------------------------------------------


def _wrong(path: str, wanted: str, given: Any) -> NoReturn:
    try:
        shown = re.sub(r"\s+", " ", f"{reprlib.repr(given):.60}")
    except ValueError:  # thousands of digits
        shown = f"a {type(given).__name__}"
    raise SegQLError([Problem("syntax", f"`{path or '/'}` {wanted}, not {shown}.", NOWHERE)])


def _options(hint: Any, env: Mapping[Any, Any]) -> Iterator[tuple[Any, Mapping[Any, Any]]]:
    """The types that a type may be, those of unions one by one, each with what stands for its variables."""
    if isinstance(hint, TypeVar):
        yield from _options(env[hint], {})
    elif get_origin(hint) in (Union, UnionType):
        for one in get_args(hint):
            yield from _options(one, env)
    elif get_origin(hint) in _classes():
        (argument,) = get_args(hint)
        yield get_origin(hint), {ast.trees.L: Union[tuple(kind for kind, _ in _options(argument, env))]}  # noqa: UP007
    else:
        yield hint, env


def _read(given: Any, hint: Any, path: str, env: Mapping[Any, Any]) -> Any:
    options = list(_options(hint, env))
    if path.count("/") > 200:
        _wrong(path[:60], "is nested too deeply", given)
    if isinstance(given, Mapping):
        kinds = {_classes()[one]: (one, inner) for one, inner in options if one in _classes()}
        kind = given.get("is")
        if not kinds or not isinstance(kind, str) or kind not in kinds:
            wanted = ", ".join(f"`{one}`" for one in kinds) if kinds else "no mapping"
            _wrong(f"{path}/is" if kinds else path, f"is one of {wanted}" if kinds else "is no mapping", kind)
        return _node(given, *kinds[kind], path)
    for one, inner in options:
        found = _plain(given, one, path, inner)
        if found is not None:
            return found[0]
    _wrong(path, f"is {' or '.join(dict.fromkeys(_said(one) for one, _ in options))}", given)


def _node(given: Mapping[Any, Any], class_: type, env: Mapping[Any, Any], path: str) -> Any:
    said = {}
    shape = {_word(field.name): (field, hint) for field, hint in _shape(class_)}
    for name in given:
        if name != "is" and name not in shape:
            known = ", ".join(f"`{one}`" for one in shape)
            _wrong(f"{path}/{name}", f"is no field of `{kind_of(class_)}`, which has {known}", given[name])
    for name, (field, hint) in shape.items():
        if name in given:
            said[field.name] = _read(given[name], hint, f"{path}/{name}", env)
        elif _default(field) is MISSING:
            _wrong(f"{path}/{name}", "is missing: it has to be said", None)
    return class_(**said)


def _plain(given: Any, hint: Any, path: str, env: Mapping[Any, Any]) -> tuple[Any] | None:
    """What a value that is no mapping is as this type, in a tuple; None where it is none."""
    if hint is ast.Name and isinstance(given, str):
        return (ast.Name(given),)
    if get_origin(hint) is Literal:
        return (given,) if type(given) is str and given in get_args(hint) else None
    if get_origin(hint) is tuple and isinstance(given, Sequence) and not isinstance(given, str):
        inner = get_args(hint)
        if inner[-1] is ...:
            return (tuple(_read(one, inner[0], f"{path}/{i}", env) for i, one in enumerate(given)),)
        if len(inner) != len(given):
            return None
        pairs = enumerate(zip(given, inner, strict=True))
        return (tuple(_read(one, kind, f"{path}/{i}", env) for i, (one, kind) in pairs),)
    if hint is type(None):
        return (None,) if given is None else None
    if hint in (bool, int, str):
        return (given,) if type(given) is hint else None
    if hint in _FROM_TEXT and isinstance(given, str):
        try:
            found = _FROM_TEXT[hint](given)
        except ValueError:
            return None
        return (found,)
    return None


def _decimal(text: str) -> Decimal:
    """A number in digits. Raises ValueError for another: one with an exponent may have millions of them."""
    if not re.fullmatch(_DIGITS.strip("^$"), text):
        raise ValueError(text)
    return Decimal(text)


_FROM_TEXT: Mapping[Any, Any] = {
    Decimal: _decimal, date: date.fromisoformat, datetime: datetime.fromisoformat,
}  # fmt: skip


def _said(hint: Any) -> str:
    if hint in _classes():
        return "a name" if hint is ast.Name else f"a `{kind_of(hint)}`"
    if get_origin(hint) is Literal:
        return " or ".join(f"`{one}`" for one in get_args(hint))
    if get_origin(hint) is tuple:
        return "a list"
    names = {type(None): "null", bool: "true or false", int: "a whole number", str: "a text",
             Decimal: "a number in a text", date: "a day in a text", datetime: "a time in a text"}  # fmt: skip
    return names[hint]


# --- the schema ------------------------------------------------------------------------------------------------------


def _schema(hint: Any, env: Mapping[Any, Any], found: dict[str, Any]) -> Document:
    several = [_one(one, inner, found) for one, inner in _options(hint, env)]
    unique = [one for i, one in enumerate(several) if one not in several[:i]]
    return unique[0] if len(unique) == 1 else {"anyOf": unique}


def _one(hint: Any, env: Mapping[Any, Any], found: dict[str, Any]) -> Document:
    if hint in _classes():
        name = kind_of(hint)
        if ast.trees.L in env and hint in (ast.All, ast.AnyOf, ast.Not):
            kinds = sorted(kind_of(one) for one, _ in _options(env[ast.trees.L], {}))
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
        Decimal: {"type": "string", "pattern": _DIGITS}, date: {"type": "string", "format": "date"},
        datetime: {"type": "string"},
    }  # fmt: skip
    return plain[hint]


def _object(class_: type, env: Mapping[Any, Any], found: dict[str, Any]) -> Document:
    shape = _shape(class_)
    said = (class_.__doc__ or "").strip()
    meant = "" if said.startswith(f"{class_.__name__}(") else said.split("\n\n")[0].replace("\n    ", " ")
    return {
        "title": kind_of(class_), "description": meant, "type": "object",
        "properties": {"is": {"const": kind_of(class_)},
                       **{_word(field.name): _schema(hint, env, found) for field, hint in shape}},
        "required": ["is", *(_word(field.name) for field, _ in shape if _default(field) is MISSING)],
        "additionalProperties": False,
    }  # fmt: skip
