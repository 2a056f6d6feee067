"""The JSON form of rules: the tree of a text as data, which a form can be drawn from, and back.

It is the syntax tree, node by node: `{"is": "can receive", "channel": "sms"}`. Kinds and fields are the classes and
fields of `segql.ast` in words; a field at its default is left out. One walk over the types of the fields reads, writes
and describes all of it, so that a new node needs no arm here.
"""

from __future__ import annotations

import re
import reprlib
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, NoReturn, TypeAlias, get_args, get_origin

from .. import ast, formatter, parser
from ..arguments import Given, given_rule
from ..errors import Problem, SegQLError, wrong_type
from ..source import NOWHERE
from .schema import rule_schema
from .shapes import DIGITS, ROOTS, VERSION, Document, classes, default, kind_of, options_of, shape_of, word

__all__ = ["from_json", "kind_of", "rule_schema", "to_json"]

Said: TypeAlias = ast.Rule | ast.Segment | ast.Definitions


def to_json(rule: Given | ast.Definitions) -> Document:
    """A rule, a saved segment or definitions as JSON has them: texts, numbers, lists, mappings. A text is parsed.

    Raises SegQLError for a text with mistakes, TypeError for what is none of these.
    """
    tree = rule if isinstance(rule, ast.Definitions) else given_rule(rule)
    if not is_dataclass(tree) or isinstance(tree, type) or type(tree) not in classes():
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
    if len(found) != 1 or found[0] not in ROOTS:
        _wrong("", "has one of `rule`, `segment` and `definitions` beside `segql`", found)
    _expect_small(document)
    tree: Said = _read(document[found[0]], ROOTS[found[0]], f"/{found[0]}", {})
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
    said = {word(field.name): _written(value) for field, _ in shape_of(class_)
            if (value := getattr(node, field.name)) != default(field)}  # fmt: skip
    return {"is": kind_of(class_), **said}


# --- reading ---------------------------------------------------------------------------------------------------------


def _wrong(path: str, wanted: str, given: Any) -> NoReturn:
    try:
        shown = re.sub(r"\s+", " ", f"{reprlib.repr(given):.60}")
    except ValueError:  # thousands of digits
        shown = f"a {type(given).__name__}"
    raise SegQLError([Problem("syntax", f"`{path or '/'}` {wanted}, not {shown}.", NOWHERE)])


def _read(given: Any, hint: Any, path: str, env: Mapping[Any, Any]) -> Any:
    options = list(options_of(hint, env))
    if path.count("/") > 200:
        _wrong(path[:60], "is nested too deeply", given)
    if isinstance(given, Mapping):
        kinds = {classes()[one]: (one, inner) for one, inner in options if one in classes()}
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
    shape = {word(field.name): (field, hint) for field, hint in shape_of(class_)}
    for name in given:
        if name != "is" and name not in shape:
            known = ", ".join(f"`{one}`" for one in shape)
            _wrong(f"{path}/{name}", f"is no field of `{kind_of(class_)}`, which has {known}", given[name])
    for name, (field, hint) in shape.items():
        if name in given:
            said[field.name] = _read(given[name], hint, f"{path}/{name}", env)
        elif default(field) is MISSING:
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
    if not re.fullmatch(DIGITS.strip("^$"), text):
        raise ValueError(text)
    return Decimal(text)


_FROM_TEXT: Mapping[Any, Any] = {
    Decimal: _decimal, date: date.fromisoformat, datetime: datetime.fromisoformat,
}  # fmt: skip


def _said(hint: Any) -> str:
    if hint in classes():
        return "a name" if hint is ast.Name else f"a `{kind_of(hint)}`"
    if get_origin(hint) is Literal:
        return " or ".join(f"`{one}`" for one in get_args(hint))
    if get_origin(hint) is tuple:
        return "a list"
    names = {type(None): "null", bool: "true or false", int: "a whole number", str: "a text",
             Decimal: "a number in a text", date: "a day in a text", datetime: "a time in a text"}  # fmt: skip
    return names[hint]
