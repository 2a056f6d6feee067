"""`dataclass` as in the standard library, for plain data that is quick to define and quick to make.

The standard library writes the methods of each class as text and compiles them while the module loads: half a
millisecond a class, and most of two hundred classes are never used by one command. Here a method is written when it is
first looked up. A frozen object with slots gets its values from the setters of the slots, in half of the time.
`field`, `fields`, `replace` and the others of `dataclasses` take these classes as their own.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from functools import cache
from inspect import get_annotations
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass"]

_Write = Callable[[type, dict[str, dataclasses.Field[Any]]], Callable[..., Any]]


class _Method:
    """A method that is written when it is first looked up, and then stands in its own place."""

    def __init__(self, write: _Write) -> None:
        self.write = write

    def __set_name__(self, owner: type, name: str) -> None:
        self.owner, self.name = owner, name

    def __get__(self, instance: object, owner: type) -> Any:
        written = self.write(self.owner, self.owner.__dataclass_fields__)  # type: ignore[attr-defined]
        setattr(self.owner, self.name, written)
        return written.__get__(instance, owner)


def _plain(cls: Any = None, /, *, frozen: bool = False, slots: bool = False) -> Any:
    """`dataclasses.dataclass`, of whose arguments these two are there."""
    if cls is None:
        return lambda cls: _plain(cls, frozen=frozen, slots=slots)
    found = _fields(cls)
    body = {name: value for name, value in vars(cls).items() if name not in ("__dict__", "__weakref__")}
    for name, one in found.items():
        body.pop(name, None)
        if not slots and one.default is not dataclasses.MISSING:
            body[name] = one.default
    if slots:
        above = {name for base in cls.__mro__[1:] for name in vars(base).get("__slots__", ())}
        body["__slots__"] = tuple([name for name in found if name not in above])
    body["__dataclass_fields__"] = found
    body.setdefault("__match_args__", tuple(found))
    body.setdefault("__init__", _Method(_set_each if slots and frozen else _set_anew if frozen else _assigned))
    body.setdefault("__repr__", _repr)
    own_equality = "__eq__" in body
    body.setdefault("__eq__", _Method(_equal))
    if body.get("__hash__") is None and not (own_equality and "__hash__" not in body):
        body["__hash__"] = _Method(_hash) if frozen else None
    if frozen:
        body |= {"__setattr__": _refused, "__delattr__": _refused}
        body |= {"__getstate__": _state, "__setstate__": _restored} if slots else {}
    made = type(cls)(cls.__name__, cls.__bases__, body)
    made.__qualname__ = cls.__qualname__
    return made


def _fields(cls: type) -> dict[str, dataclasses.Field[Any]]:
    found: dict[str, dataclasses.Field[Any]] = {}
    for base in cls.__mro__[-1:0:-1]:
        found |= vars(base).get("__dataclass_fields__", {})
    for name, hint in get_annotations(cls).items():
        if str(hint).startswith(("ClassVar", "typing.ClassVar")):
            continue
        given = vars(cls).get(name, dataclasses.MISSING)
        one: Any = given if isinstance(given, dataclasses.Field) else dataclasses.field(default=given)
        one.name, one.type, one.kw_only = name, hint, False
        one._field_type = dataclasses._FIELD  # type: ignore[attr-defined]
        found[name] = one
    return found


# --- methods that are written ----------------------------------------------------------------------------------------


def _written(name: str, arguments: Iterable[str], lines: Iterable[str], known: dict[str, Any]) -> Callable[..., Any]:
    body = "\n ".join(lines) or "pass"
    exec(f"def {name}({', '.join(arguments)}):\n {body}", known)  # as the standard library does
    method: Callable[..., Any] = known[name]
    return method


def _made(
    cls: type, found: dict[str, dataclasses.Field[Any]], known: dict[str, Any], line: Callable[[str], str]
) -> Callable[..., Any]:
    """`__init__`, with the line that sets a field."""
    arguments, lines = ["self"], []
    for name, one in found.items():
        if one.default_factory is not dataclasses.MISSING:
            known |= {f"_make_{name}": one.default_factory, "_missing": dataclasses.MISSING}
            arguments.append(f"{name}=_missing")
            lines.append(f"if {name} is _missing: {name} = _make_{name}()")
        elif one.default is not dataclasses.MISSING:
            known[f"_default_{name}"] = one.default
            arguments.append(f"{name}=_default_{name}")
        else:
            arguments.append(name)
        lines.append(line(name))
    if hasattr(cls, "__post_init__"):
        lines.append("self.__post_init__()")
    return _written("__init__", arguments, lines, known)


def _set_each(cls: type, found: dict[str, dataclasses.Field[Any]]) -> Callable[..., Any]:
    setters = dict(zip((f"_set_{name}" for name in found), _setters(cls), strict=True))
    return _made(cls, found, setters, lambda name: f"_set_{name}(self, {name})")


def _set_anew(cls: type, found: dict[str, dataclasses.Field[Any]]) -> Callable[..., Any]:
    return _made(cls, found, {"_set": object.__setattr__}, lambda name: f"_set(self, {name!r}, {name})")


def _assigned(cls: type, found: dict[str, dataclasses.Field[Any]]) -> Callable[..., Any]:
    return _made(cls, found, {}, lambda name: f"self.{name} = {name}")


def _equal(cls: type, found: dict[str, dataclasses.Field[Any]]) -> Callable[..., Any]:
    names = [name for name, one in found.items() if one.compare]
    mine, other = (", ".join(f"{side}.{name}" for name in names) for side in ("self", "other"))
    lines = [
        "if other is self: return True",
        "if other.__class__ is not self.__class__: return NotImplemented",
        f"return ({mine},) == ({other},)" if names else "return True",
    ]
    return _written("__eq__", ["self", "other"], lines, {})


def _hash(cls: type, found: dict[str, dataclasses.Field[Any]]) -> Callable[..., Any]:
    names = [name for name, one in found.items() if (one.compare if one.hash is None else one.hash)]
    return _written("__hash__", ["self"], [f"return hash(({''.join(f'self.{name}, ' for name in names)}))"], {})


# --- methods that all share ------------------------------------------------------------------------------------------


@recursive_repr()
def _repr(self: Any) -> str:
    shown = [f"{one.name}={getattr(self, one.name)!r}" for one in dataclasses.fields(self) if one.repr]
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _refused(self: object, name: str, *value: object) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot {'assign to' if value else 'delete'} field {name!r}")


def _state(self: Any) -> list[object]:
    return [getattr(self, one.name) for one in dataclasses.fields(self)]


def _restored(self: Any, state: list[object]) -> None:
    for put, value in zip(_setters(type(self)), state, strict=True):  # type: ignore[arg-type]  # mypy: a class has no hash
        put(self, value)


@cache
def _setters(cls: type) -> list[Callable[[object, object], None]]:
    return [getattr(cls, name).__set__ for name in cls.__dataclass_fields__]  # type: ignore[attr-defined]


if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    dataclass = _plain
