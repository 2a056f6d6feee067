"""Values in JSON documents: what a row of a shop holds where the catalog leads into a document.

Each type has one written form, and what has another form is missing. A text, or a list's element, is a string, a number
or a boolean; these stand for the text that they are written as.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from ..calendar import local, resolve, to_utc
from ..conditions import Type

_DAY = r"[1-9]\d{3}-\d\d-\d\d"
_TIME = r"[T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?"
_NUMBER: Final = re.compile(r"-?(0|[1-9]\d{0,37})(\.\d{1,100})?([eE][+-]?\d{1,3})?", re.ASCII)
_MOMENT: Final = re.compile(
    rf"{_DAY}(?P<time>{_TIME}(?P<offset>Z|[+-](0\d|1[0-3])(:?[0-5]\d)?|[+-]14(:?00)?)?)?", re.ASCII
)
_TRUTHS: Final = {"true": True, "1": True, "false": False, "0": False}


class _Written(str):
    """A number, as it is written."""


def read_json(document: str | None, path: Sequence[str], type_: Type, zone: ZoneInfo, timezone: ZoneInfo) -> object:
    """The value at a path of keys, as a row of a `Shop` holds it; None where it is missing or the document is none.

    `zone` is that of a time without an offset, `timezone` the catalog's, for the day of an instant.
    """
    try:
        found: Any = json.loads(document or "null", parse_int=_Written, parse_float=_Written, parse_constant=_none)
    except ValueError:
        return None
    for key in path:
        found = found.get(key) if isinstance(found, dict) else None
    if type_ in (Type.TEXTS, Type.NUMBERS):
        of = Type.TEXT if type_ is Type.TEXTS else Type.NUMBER
        return [_value(one, of, zone, timezone) for one in found] if isinstance(found, list) else None
    return _value(found, type_, zone, timezone)


def _none(_constant: str) -> None:
    """NaN and infinity, which are not of JSON."""
    raise ValueError


def _value(found: Any, type_: Type, zone: ZoneInfo, timezone: ZoneInfo) -> object:
    if isinstance(found, bool):
        found = "true" if found else "false"
    if not isinstance(found, str):
        return None
    text = str(found)
    match type_:
        case Type.BOOLEAN:
            return _TRUTHS.get(text)
        case Type.NUMBER | Type.MONEY:
            return Decimal(text) if _NUMBER.fullmatch(text) else None
        case Type.DATE | Type.TIME:
            return _moment(text, type_, zone, timezone)
        case _:
            return text


def _moment(text: str, type_: Type, zone: ZoneInfo, timezone: ZoneInfo) -> date | None:
    form = _MOMENT.fullmatch(text)
    if form is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:  # a day that no month has
        return None
    if form["offset"] is None:
        return at.date() if type_ is Type.DATE else resolve(at, zone)
    return local(to_utc(at), timezone).date() if type_ is Type.DATE else to_utc(at)
