"""The right side of a comparison, which may have parts of its own: `> aov in 90d`, `< 0.5 x total spent in 30d`."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from ...ast import Compare, Name, Population, Scaled, Subject, Terms
from ...source import Span


def right_of(part: Compare) -> dict[str, Any] | None:
    """Where the parts after a comparison go, when they go to its right side."""
    match part.right:
        case Name():
            return {"head": part.right}
        case Scaled(_, of):
            return {"head": of.head}
        case Population(measure=Subject(head=head)):
            return {"head": head}
        case _:
            return None


def with_right(part: Compare, fields: dict[str, Any]) -> Compare:
    """The comparison, with what its right side has gathered."""
    right = part.right
    if len(fields) == 1 and not isinstance(fields["head"], Terms):
        alone = name_alone(right)
        return part if alone is right else replace(part, right=alone)
    head = fields["head"]
    last: Span = max((f.span for f in fields.values()), key=lambda span: span.end)
    of = Subject(**fields, span=head.span.to(last))
    match right:
        case Scaled():
            return replace(part, right=replace(right, of=of, span=right.span.to(last)), span=part.span.to(last))
        case Population():
            return replace(part, right=replace(right, measure=of, span=right.span.to(last)), span=part.span.to(last))
        case _:
            return replace(part, right=Scaled(Decimal(1), of, of.span), span=part.span.to(last))


def name_alone(right: Any) -> Any:
    """`1 x aov` is `aov`."""
    match right:
        case Scaled(factor, Subject(head=Name() as name) as of) if factor == 1 and of == Subject(name):
            return name
        case _:
            return right
