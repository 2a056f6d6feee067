"""What stands on the right of a property's operator: values, lists of them, named sets, another property."""

from __future__ import annotations

import re
from dataclasses import replace
from difflib import get_close_matches
from typing import NoReturn

from .. import ast
from ..catalog import fold
from ..conditions import Field, Type, Value
from ..errors import Fix, SegQLError
from ..formatter import format as format_
from ..formatter import format_name
from ..formatter.phrases import operand
from ..parser.checks import one_reading
from ..parser.mistakes.slips import mistakes_at
from ..source import Span
from ..words import say, spellings, word
from .advice.names import DENIALS
from .advice.texts import said_with_words
from .dates import part_of
from .rows import PROFILE, RowScope, no_property, some_only
from .scope import Scope, Together, fail, unknown
from .values import LISTS, article, comparable, said, value_as

_GROUP = 3
"""Digits that a point may group as thousands, where a number has fewer decimals."""


def values_of(
    scope: Scope, field: Field, given: tuple[ast.Literal_ | ast.Name, ...], subject: ast.Subject, row: RowScope
) -> tuple[Value, ...]:
    """The values of a list; a named set among them stands for its members."""
    found: list[Value] = []
    together = Together()
    for one in given:
        with together:
            if isinstance(one, ast.Name) and scope.value(one) is None and scope.catalog.find_set(one.text):
                found += set_of(scope, field, one)
                continue
            value = right_side(scope, field, one, subject, row)
            if isinstance(value, Field):
                fail(
                    "wrong-type", f"`{value.name}` is a property, and in a list stand values.", one.span, example(field)
                )
            found.append(value_as(scope, value, LISTS.get(field.type, field.type), said(field)))
    together.done()
    return tuple(dict.fromkeys(found))


def set_of(scope: Scope, field: Field, name: ast.Name) -> tuple[str, ...]:
    """The values of a set of text. Raises SegQLError where the property is not text."""
    if field.type not in (Type.TEXT, Type.TEXTS):
        fail(
            "wrong-type",
            f"`{name.text}` is a set of text, but `{said(field)}` is {article(field.type)}.",
            name.span,
            example(field),
        )
    return scope.catalog.set_values(name.text) or ()


def right_side(
    scope: Scope, field: Field, right: ast.Operand, subject: ast.Subject, row: RowScope
) -> Field | ast.Literal_:
    """What stands on the right: a value, or another property of the same row, of a type that fits."""
    match right:
        case ast.Scaled() | ast.Population():
            fail(
                "misplaced",
                f"`{said(field)}` is {article(field.type)}, and a measure is compared with numbers of the profile.",
                right.span,
                example(field),
            )
        case ast.DatePart() | ast.DaysFrom():
            return _fitting(field, part_of(scope, right, row), right.span)
        case ast.Their(property=name):
            return _fitting(field, their(scope, name), right.span)
        case ast.Name():
            return _named(scope, field, right, row) or _unknown(scope, field, right, subject, row)
        case ast.Text(value=text) if field.type not in (Type.TEXT, Type.TEXTS):
            # Text cannot stand here, so that this can be a name in quotes.
            return _named(scope, field, ast.Name("", text, right.span), row) or right
        case ast.Number() if _decimals(scope, field, row) < _GROUP:
            one_reading(right)
            return right
        case ast.Number(span=span):
            scope.three_decimals(span)
            return right
        case _:
            return right


def their(scope: Scope, name: ast.Name) -> Field:
    """The profile's own property of that name. Raises SegQLError."""
    return PROFILE.field(scope, name) or no_property(scope, name, PROFILE)


def _decimals(scope: Scope, field: Field, row: RowScope) -> int:
    """How many decimals the catalog says that a number has, at most."""
    events = (scope.catalog.events[name] for name in row.events)
    owners = {
        "profile": lambda: [scope.catalog.profiles.properties],
        "event": lambda: [event.properties for event in events],
        "item": lambda: [event.items.properties for event in events if event.items],
    }[field.scope]()
    scales = [owner[field.name].scale for owner in owners if field.name in owner]
    return max(scales, default=_GROUP) if field.type is Type.NUMBER and field.part is None else _GROUP


def _named(scope: Scope, field: Field, name: ast.Name, row: RowScope) -> Field | ast.Literal_ | None:
    """A parameter, `let` or constant; else a property of the row."""
    found = row.field(scope, name)
    if (value := scope.value(name)) is not None:
        if found is not None and row.of != "profile":
            scope.note(
                "warning",
                "hides-name",
                f"`{name.text}` is a value here, and hides the property of {row.said}.",
                name.span,
                "give the parameter, `let` or constant another name",
            )
        return value
    return found if found is None else _fitting(field, found, name.span)


def _fitting(field: Field, other: Field, span: Span) -> Field:
    if not comparable(LISTS.get(field.type, field.type), other.type):
        fail(
            "wrong-type",
            f"`{said(field)}` is {article(field.type)}, but `{said(other)}` is {article(other.type)}.",
            span,
        )
    return other


def _comparison(subject: ast.Subject) -> Span:
    assert subject.comparison is not None
    return subject.comparison.span


def _unknown(scope: Scope, field: Field, name: ast.Name, subject: ast.Subject, row: RowScope) -> NoReturn:
    catalog = scope.catalog
    some_only(scope, name, row)
    if row.of != "profile" and PROFILE.field(scope, name):
        fail(
            "unknown-name",
            f"`{name.text}` is a property of the profile, and here only properties of {row.said} are known.",
            name.span,
            "for the profile's own say",
            operand(ast.Their(name), True, False),
        )
    denied = isinstance(subject.comparison, ast.Compare) and subject.comparison.op == "!="
    if catalog.set_values(name.text) is not None:
        fail(
            "wrong-type",
            f"`{name.text}` is a set, and `is` takes one value.",
            name.span,
            "say",
            Fix(_comparison(subject), say("NOT_IN {}" if denied else "IN {}", format_name(name.text))),
        )
    if catalog.find_metric(name.text):
        fail(
            "misplaced",
            f"`{name.text}` is a metric of the profile, and `{said(field)}` is {article(field.type)} of {row.said}.",
            name.span,
            example(field),
        )
    if fold(name.words) == "no" and name.quoted is not None and not denied:
        value = format_(ast.Text(name.quoted))
        fail("unknown-name", f"There is no value called `{name.text}`.", name.span,
             "say", Fix(_comparison(subject), f"{word('IS_NOT')} {value}"))  # fmt: skip
    typed = name.text.casefold()
    if stated := [typed] if typed in _STATED_AS else get_close_matches(typed, _ALSO_TEXT, 1, 0.8):
        is_set = _STATED_AS[stated[0]][denied]
        fix = Fix(_comparison(subject), word("IS_SET", is_set))
        if LISTS.get(field.type, field.type) is Type.TEXT and stated[0] in _ALSO_TEXT:
            fail(
                "unquoted-text",
                f"`{name.text}` is a name here, and nothing has that name.",
                name.span,
                "Write",
                Fix(name.span, format_(ast.Text(name.text)), "the text"),
                replace(fix, note="missing" if is_set in ("empty", "not set") else "any value"),
            )
        fail("unknown-name", f"What is missing has no name such as `{name.text}`.", name.span, "say", fix)
    if fold(name.words) == "either" and name.quoted is not None:
        fail("unknown-name", "`either` is no word of SegQL.", name.span, "say `in (..)` for one of several values")
    if name.quoted is not None and name.words and LISTS.get(field.type, field.type) is Type.TEXT:
        fail("unquoted-text", f"`{name.words}` says nothing before a quoted text.", name.span,
             *said_with_words(field, name, subject))  # fmt: skip
    if re.match(r"(?:the )?same as\b|different (?:from|than|to)\b", name.text, re.IGNORECASE):
        for slip in mistakes_at(name.span):
            if slip.fixes and slip.span.start < name.span.start < slip.span.end:
                raise SegQLError([slip])
    theirs = re.match(rf"(?:{'|'.join(map(re.escape, spellings('THEIR')))})\s+(.+)", name.text, re.IGNORECASE)
    if theirs and PROFILE.field(scope, ast.Name(theirs[1])):
        fail("wrong-type", f"`{name.text}` is the profile's property, which `is` and signs such as `<` compare with.",
             name.span, example(field))  # fmt: skip
    if LISTS.get(field.type, field.type) is Type.TEXT and DENIALS.isdisjoint(typed.split()):
        fail(
            "unquoted-text",
            f"`{name.text}` is a name here, and nothing has that name.",
            name.span,
            "text is always quoted:",
            format_(ast.Text(name.text)),
        )
    unknown("value or property", name, [*scope.known_values(), *row.names(scope)])


_STATED = {
    ("set", "not set"): ("set", "present", "known"),
    ("not set", "set"): ("not set", "non-set", "unset", "null", "nil", "missing", "unknown", "none", "undefined"),
    ("not empty", "empty"): ("not empty", "filled", "filled in"),
    ("empty", "not empty"): ("empty", "blank", "nothing"),
}
_STATED_AS = {typed: said for said, all_typed in _STATED.items() for typed in all_typed}
"""How people say that a value is there or missing: as `is set` says it, and where it is denied."""
_ALSO_TEXT = {"set", "non-set", "unset", "not set", "empty", "not empty", "unknown", "none", "undefined"}
"""Those of them that may as well be a text."""


def example(field: Field) -> str:
    """A comparison that the property takes."""
    name = format_name(field.name) if field.part is None else f"{field.part} of {format_name(field.name)}"
    return (
        "for example "
        + {
            Type.TEXT: f'`{name} is ".."`',
            Type.NUMBER: f"`{name} > 10`",
            Type.MONEY: f"`{name} > 100`",
            Type.BOOLEAN: f"`{name}` or `not {name}`",
            Type.DATE: f"`{name} in the last 30 days`",
            Type.TIME: f"`{name} in the last 30 days`",
            Type.MONTH_DAY: f"`anniversary of {name} in the next 7 days`",
            Type.TEXTS: f'`{name} includes ".."`',
            Type.NUMBERS: f"`{name} includes 5`",
            Type.POSITION: "`within 20 km of ..`",
        }[field.type]
    )
