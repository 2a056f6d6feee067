"""The dates of a row that are asked for more than a window: their parts, `month of birthday`."""

from __future__ import annotations

from .. import ast
from ..conditions import Field, Type
from .rows import Row
from .scope import Scope, fail, unknown
from .values import article


def part_of(scope: Scope, head: ast.DatePart, row: Row) -> Field:
    """The part of a date of the row, as a field."""
    whole = date_of(scope, head, row)
    return Field(whole.scope, whole.name, Type.TEXT if head.part == "weekday" else Type.NUMBER, head.part)


def date_of(scope: Scope, head: ast.DatePart | ast.Anniversary, row: Row) -> Field:
    """The property of the row that is said to be a date."""
    name = head.property
    field = row.field(scope, name)
    if field is None:
        unknown(
            f"date of {row.said}", name, [n for n in row.names(scope) if _is_date(row.field(scope, ast.Name("", n)))]
        )
    if not _is_date(field):
        what = "an anniversary" if isinstance(head, ast.Anniversary) else f"a {head.part}"
        fail("wrong-type", f"`{field.name}` is {article(field.type)}, and only a date has {what}.", name.span)
    return field


def _is_date(field: Field | None) -> bool:
    return field is not None and field.type in (Type.DATE, Type.TIME)
