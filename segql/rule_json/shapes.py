"""What nodes of the tree are called in JSON, and which fields they have, of which types."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from types import UnionType
from typing import Any, TypeAlias, TypeVar, Union, get_args, get_origin, get_type_hints

from .. import ast

VERSION = 1
"""Of the form. Another number means that documents of before are read otherwise."""


DIGITS = r"^-?[0-9]+(\.[0-9]+)?$"
"""A number in a text."""

Document: TypeAlias = dict[str, Any]

_KINDS: Mapping[str, str] = {
    "All": "all", "AnyOf": "any", "Not": "not", "Either": "any of", "Subject": "condition", "DaysFrom": "days from",
    "SegmentRef": "segment named", "Is": "is", "In": "in values", "InName": "in name", "Relative": "moment",
}  # fmt: skip
"""What is called otherwise than its class."""

ROOTS: Mapping[str, Any] = {"rule": ast.Rule, "segment": ast.Segment, "definitions": ast.Definitions}


def kind_of(class_: type) -> str:
    """What a class of nodes is called: `can receive`."""
    return _KINDS.get(class_.__name__) or re.sub(r"(?<!^)(?=[A-Z])", " ", class_.__name__).lower()


def word(field: str) -> str:
    """What a field is called: `with the same`."""
    return field.replace("_", " ")


@cache
def classes() -> dict[type, str]:
    """Every class of nodes, and what it is called."""
    every = (getattr(ast, name) for name in ast.__all__)
    found = {one: kind_of(one) for one in every if isinstance(one, type) and is_dataclass(one)}
    assert len(set(found.values())) == len(found)
    return found


@cache
def shape_of(class_: Any) -> tuple[tuple[Field[Any], Any], ...]:
    """The fields that are said, with their types."""
    hints = get_type_hints(class_, localns=vars(ast))  # some name others for mypy alone
    return tuple((one, hints[one.name]) for one in fields(class_) if one.name != "span")


def default(field: Field[Any]) -> Any:
    """What a field is where it is left out; MISSING where it has to be said."""
    return field.default_factory() if field.default_factory is not MISSING else field.default


def options_of(hint: Any, env: Mapping[Any, Any]) -> Iterator[tuple[Any, Mapping[Any, Any]]]:
    """The types that a type may be, those of unions one by one, each with what stands for its variables."""
    if isinstance(hint, TypeVar):
        yield from options_of(env[hint], {})
    elif get_origin(hint) in (Union, UnionType):
        for one in get_args(hint):
            yield from options_of(one, env)
    elif get_origin(hint) in classes():
        (argument,) = get_args(hint)
        yield get_origin(hint), {ast.trees.L: Union[tuple(kind for kind, _ in options_of(argument, env))]}  # noqa: UP007
    else:
        yield hint, env
