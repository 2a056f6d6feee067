"""Names, values and lengths of time in their canonical spelling."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal
from typing import assert_never

from .. import ast
from ..parser.names import NameKind, begins_keyword, is_bare
from ..words import word


def quoted(text: str) -> str:
    """A text in quotes, those inside it doubled."""
    return '"' + text.replace('"', '""') + '"'


def format_name(text: str) -> str:
    """A name as a rule must spell it: in quotes when it holds a word of the language or an odd sign."""
    text = " ".join(text.split())
    return text if is_bare(text) and not begins_keyword(text) else quoted(text)


def name(node: ast.Name, kind: NameKind = "NAME") -> str:
    """As it stands there: quoted where a word of the language would end it."""
    words = node.words
    if words and node.quoted is None and not is_bare(words, kind):
        return quoted(words)
    return " ".join([*([words] if words else []), *([quoted(node.quoted)] if node.quoted is not None else [])])


_MAY_GROUP = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")
"""`1.125` could be read as more than a thousand: a fourth decimal says that it is none."""


def decimal(value: Decimal) -> str:
    """A number without exponent and without zeros that say nothing."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _money(node: ast.Money) -> str:
    text = decimal(node.value)
    _, point, cents = text.partition(".")
    if point:
        # Three decimals could be a thousand: they are never written.
        text += "0" * {1: 1, 3: 1}.get(len(cents), 0)
    return f"{text} {node.currency}" if re.fullmatch("[A-Z]{3}", node.currency) else f"{node.currency}{text}"


def _time(value: datetime) -> str:
    precision = (
        "minutes" if value.second == value.microsecond == 0 else "seconds" if value.microsecond == 0 else "microseconds"
    )
    text = value.replace(tzinfo=None).isoformat(timespec=precision)
    offset = value.utcoffset()
    if offset is None:
        return text
    return text + ("Z" if offset == timedelta(0) else value.isoformat()[-6:])


def duration(node: ast.Duration, short: bool = False) -> str:
    """`72 hours`; short, and with a unit that has a common sign, `72h`."""
    if short and node.unit not in ("mo", "y"):
        return f"{node.count}{word('SHORT', node.unit)}"
    return f"{node.count} {units(node.count, node.unit)}"


def units(count: int, unit: ast.Unit) -> str:
    """The word of a unit, as so many of it are called."""
    return word("UNIT" if count == 1 else "UNITS", unit)


def length(node: ast.Length, short: bool = False) -> str:
    """`72 hours`, or the name of one; short where it has a sign, `72h`."""
    return duration(node, short) if isinstance(node, ast.Duration) else name(node)


def value(node: ast.Literal_ | ast.Name) -> str:
    """A value, or the name of one, in its canonical spelling."""
    match node:
        case ast.Name():
            return name(node)
        case ast.Text(text):
            return quoted(text)
        case ast.Number(number):
            text = decimal(number)
            return f"{text}0" if _MAY_GROUP.fullmatch(text) else text
        case ast.Percent(number):
            return f"{decimal(number)}%"
        case ast.Money():
            return _money(node)
        case ast.Bool(truth):
            return word("BOOL", "true" if truth else "false")
        case ast.Date(day):
            return day.isoformat()
        case ast.Time(instant):
            return _time(instant)
        case ast.Duration():
            return duration(node)
        case _:
            assert_never(node)
