"""What a word of the builder is given, held against its signature: a wrong type is said where it is given."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import wraps
from inspect import Parameter, isfunction, signature
from types import UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from .. import ast
from ..errors import wrong_type

F = TypeVar("F", bound=Callable[..., Any])
C = TypeVar("C", bound=type)

_CALLED = {
    str: "a text", ast.Text: "a text", int: "a whole number", float: "a number", Decimal: "a number",
    ast.Number: "a number", bool: "true or false", ast.Bool: "true or false", type(None): "None", date: "a date",
    ast.Date: "a date", datetime: "a datetime", ast.Time: "a datetime", timedelta: "a timedelta",
    ast.Duration: "length(..)", ast.Name: "name(..)", ast.Percent: "percent(..)", ast.Money: "money(..)",
    ast.Either: "any_of(..)", ast.AllOf: "all_of(..)", ast.Edge: "edge(..)", ast.Aggregate: "value_of(..)",
    ast.DatePart: "date_part(..)", ast.DaysFrom: "days_from(..)", ast.Anniversary: "anniversary_of(..)",
    ast.Their: "their(..)", ast.Scaled: "times(..)", ast.Population: "the(..)", ast.SegmentRef: "segment(..)",
    ast.Day: "a day", ast.Ago: "ago(..)", ast.FromNow: "from_now(..)",
    **dict.fromkeys(get_args(ast.Window), "a window, as in_last(..)"),
}  # fmt: skip


def checked(word: F) -> F:
    """The function, which raises TypeError by the argument's name for what its signature does not take."""
    taken = signature(word)
    hints: dict[str, Any] = {}

    @wraps(word)
    def looked_at(*args: Any, **named: Any) -> Any:
        if not hints:
            hints.update(get_type_hints(word))
        try:
            given = taken.bind(*args, **named).arguments
        except TypeError:
            return word(*args, **named)  # Python says what is missing, or too much
        for name, value in given.items():
            if name == "self":
                continue
            kind = taken.parameters[name].kind
            several = value if kind is Parameter.VAR_POSITIONAL else (value,)
            for one in value.values() if kind is Parameter.VAR_KEYWORD else several:
                if not _fits(one, hints[name]):
                    raise wrong_type(name, _said(hints[name]), one)
        for name, parameter in taken.parameters.items():
            if parameter.kind is Parameter.VAR_POSITIONAL and name not in given:
                raise TypeError(f"`{name}` has at least one: {_said(hints[name])}")
        return word(*args, **named)

    return looked_at  # type: ignore[return-value]


def checked_methods(of: C) -> C:
    """The class, all of whose words are `checked`."""
    for name, method in tuple(vars(of).items()):
        if isfunction(method) and not name.startswith("_"):
            setattr(of, name, checked(method))
    return of


def _options(hint: Any) -> tuple[Any, ...]:
    """What a type may be, one by one."""
    if get_origin(hint) in (Union, UnionType):
        return tuple(part for one in get_args(hint) for part in _options(one))
    return (hint,)


def _fits(given: Any, hint: Any) -> bool:
    for one in _options(hint):
        if get_origin(one) is Literal:
            fits = isinstance(given, str) and given in get_args(one)
        elif get_origin(one) is tuple:
            inner = get_args(one)
            fits = isinstance(given, tuple) and len(given) == len(inner) and all(map(_fits, given, inner))
        elif isinstance(given, bool):
            fits = one is bool
        else:
            fits = isinstance(given, (int, float) if one is float else one)
        if fits:
            return True
    return False


def _said(hint: Any) -> str:
    *most, last = dict.fromkeys(_called(one) for one in _options(hint))
    return f"{', '.join(most)} or {last}" if most else last


def _called(one: Any) -> str:
    if get_origin(one) is Literal:
        return " or ".join(f"`{word}`" for word in get_args(one))
    if get_origin(one) is tuple:
        return f"({', '.join(map(_said, get_args(one)))})"
    return _CALLED.get(one) or {"Rule": "a rule that was built", "Condition": "of(..)"}.get(
        one.__name__, f"{one.__name__.lower()}(..)"
    )
