"""Values as written: numbers, money, durations, dates, texts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import cast

from ...ast import Bool, Date, Duration, Literal_, Money, Number, Percent, Text, Time, Unit
from ...source import Span
from ...words import sense, word, words

SIGNS = "$€£¥₹₩₽₺₴₫₪₱₦฿"
_AMOUNT = re.compile("[0-9.,]+")
_NUMBER = re.compile(r"-?[0-9]+(?:,[0-9]+)*(?:\.[0-9]+)?")


def is_currency(code: str) -> bool:
    """Whether three capitals are a currency's code. Imported when first met: the catalog's package loads much."""
    from ...catalog.currencies import CURRENCIES

    return code in CURRENCIES


def duration(text: str, span: Span) -> Duration:
    """`72h`, `4 months`."""
    number, unit = split(text)
    return Duration(int(number), _units()[unit], span)


@cache
def _units() -> Mapping[str, Unit]:
    """The units of time by their spellings: for many, for one, directly behind a number."""
    known = words().senses
    return cast("dict[str, Unit]", {**known["UNITS"], **known["UNIT"], **known["SHORT"]})


def split(text: str) -> tuple[str, str]:
    """A number and the unit behind it, in small letters."""
    amount = _AMOUNT.match(text)
    assert amount
    return amount.group(), text[amount.end() :].strip().lower()


def decimal(text: str) -> Decimal:
    """`1,000`, `2.5`, `10k` (thousands); signs, units and `%` around the number are left out. Exact."""
    number = _NUMBER.search(text)
    assert number
    thousands = text[number.end() : number.end() + 1] in ("k", "K") and text[number.end() : number.end() + 2] != "km"
    return Decimal(number.group().replace(",", "") + ("e3" if thousands else ""))


def day_in_digits(said: str) -> str:
    """`2026-03-05` for `5 March 2026` and `March 5th, 2026`; another text stays as it is."""
    if said[4:5] == "-":
        return said
    month, day = month_and_day(said[:-4]) or (0, 0)
    return f"{said[-4:]}-{month:02}-{day:02}"


def month_and_day(said: str) -> tuple[int, int] | None:
    """What `5 March`, `March 5th` and `March` are in numbers; of the last the day is 0."""
    months, parts = words().senses["MONTH"], re.findall(r"[0-9]+|[^\W\d]+", said.lower())
    found = [int(months[part]) for part in parts if part in months]
    days = [int(part) for part in parts if part.isdigit()]
    rest = set(parts) - set(months) - {*map(str, days)} - {"st", "nd", "rd", "th", word("OF")}
    if len(found) != 1 or len(days) > 1 or {part for part in rest if not part.isdigit()}:
        return None
    return found[0], days[0] if days else 0


def text_value(text: str) -> str:
    """The text inside quotes, a doubled quote standing for one."""
    return text[1:-1].replace(text[0] * 2, text[0])


def literal(kind: str, text: str, span: Span) -> Literal_:
    """The value of a token. Its text has been found good."""
    match kind:
        case "STRING":
            return Text(text_value(text), span)
        case "NUMBER" | "LIST_NUMBER":
            return Number(decimal(text), span)
        case "PERCENT":
            return Percent(decimal(text), span)
        case "MONEY":
            return Money(decimal(text), text[0] if text[0] in SIGNS else text[-3:], span)
        case "BOOL":
            return Bool(sense(kind, text) == "true", span)
        case "DATE":
            return Date(date.fromisoformat(text), span)
        case "TIMESTAMP":
            return Time(datetime.fromisoformat(text.upper()), span)
        case _:
            return duration(text, span)
