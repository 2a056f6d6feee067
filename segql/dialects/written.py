"""How values are written in JSON documents: one form for each type, and what has another form is missing.

Engines differ in what their casts take, so a statement asks for the form first. The patterns are what all kinds of
regular expressions have in common; they hold of a whole text.
"""

from __future__ import annotations

import re

from sqlglot import exp

_DAY = "^[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_TIME = "[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]+)?)?"
_OFFSET = "(Z|[+-](0[0-9]|1[0-3])(:?[0-5][0-9])?|[+-]14(:?00)?)"

NUMBER = "^-?(0|[1-9][0-9]{0,37})([.][0-9]{1,100})?([eE][+-]?[0-9]{1,3})?$"
DAY = f"{_DAY}$"
WALL = f"{_DAY}{_TIME}$"
INSTANT = f"{_DAY}{_TIME}{_OFFSET}$"
TRUE, FALSE = ("true", "1"), ("false", "0")


def whole(pattern: str) -> str:
    """A pattern for engines whose `$` leaves out a line break at its end; behind a backslash it is a sign itself."""
    return re.sub(r"(?<!\\)((?:\\\\)*)\$\Z", r"\1\\z", pattern)


def when(text: exp.Expr, *ways: tuple[str, exp.Expr]) -> exp.Expr:
    """What a text is by the pattern that it has, NULL where it has none."""
    return exp.Case(
        ifs=[
            exp.If(this=exp.RegexpLike(this=text.copy(), expression=exp.Literal.string(pattern)), true=value)
            for pattern, value in ways
        ]
    )


def number(text: exp.Expr, type_: exp.DataType) -> exp.Expr:
    """The number that a text says, as a decimal of the type."""
    return when(text, (NUMBER, exp.TryCast(this=text.copy(), to=type_.copy())))
