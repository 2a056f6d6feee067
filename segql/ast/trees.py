"""Boolean structure, generic in its leaf; and the two fields that stand outside equality."""

from __future__ import annotations

from dataclasses import field
from typing import Generic, TypeAlias, TypeVar

from ..plain import dataclass
from ..source import NOWHERE, Span

L = TypeVar("L", covariant=True)  # noqa: PLC0105


def span_() -> Span:
    """The field for where a node stands, which equality leaves out."""
    return field(default=NOWHERE, compare=False, repr=False)


def comments_() -> tuple[str, ...]:
    """The field for the comments above a node, which equality leaves out."""
    return field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class All(Generic[L]):
    """Every part holds. With no parts: `everyone`."""

    parts: tuple[Tree[L], ...]
    span: Span = span_()
    comments: tuple[str, ...] = comments_()


@dataclass(frozen=True, slots=True)
class AnyOf(Generic[L]):
    """At least one part holds. With no parts: `no one`."""

    parts: tuple[Tree[L], ...]
    span: Span = span_()
    comments: tuple[str, ...] = comments_()


@dataclass(frozen=True, slots=True)
class Not(Generic[L]):
    part: Tree[L]
    span: Span = span_()
    comments: tuple[str, ...] = comments_()


Tree: TypeAlias = All[L] | AnyOf[L] | Not[L] | L
