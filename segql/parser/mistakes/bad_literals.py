"""What is wrong with a value as written, and what was probably meant."""

from __future__ import annotations

import re
from datetime import date, datetime

from ...errors import Code, Fix, Problem, problem
from ...nearest import nearest
from ...source import Source, Span
from ...words import spellings
from ..builders.literals import SIGNS, day_in_digits, is_currency

MOST_DIGITS = 30
_NUMBER = re.compile(r"(-?)([0-9]+(?:,[0-9]+)*)(\.[0-9]+)?")
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+")
_GROUPS_HERE = re.compile(r"-?[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])(?:\.[0-9]+)?")
_AFTER = re.compile(rf"[ \xa0]?([{SIGNS}]|[A-Za-z]+)(?![\w])")
_CHUNK = re.compile(rf"[-{SIGNS}]*[0-9][\w.,:/+-]*%?")
_DATE_LIKE = re.compile(r"([0-9]{1,4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,4})")
_LOOSE_UNITS = {
    "sec": "s", "secs": "s", "mins": "min", "hr": "h", "hrs": "h", "wk": "w", "wks": "w", "mon": "mo", "mos": "mo",
    "mth": "mo", "mths": "mo", "yr": "y", "yrs": "y",
}  # fmt: skip
_UNITS = ("seconds", "minutes", "hours", "days", "weeks", "months", "years")
_MONEY_WORDS = {"dollar": "$", "dollars": "$", "euro": "€", "euros": "€", "pound": "£", "pounds": "£"}
_SPACED = re.compile(r"[0-9]{1,3}(?:[ \xa0'][0-9]{3})+(?![0-9])")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_OFFSET = re.compile(r"([+-][0-9]{2})([0-9]{2})(?![0-9])")
_TIME_END = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}(?::[0-9.]+)?$")
_UNIT = r"(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|min|mo|s|h|d|w|y|m)"


def bad_literal(source: Source, start: int, end: int, kind: str, in_list: bool) -> Problem | None:
    """What is wrong with the literal of this kind that stands here, or None."""
    text = source.text[start:end]
    span = Span(source, start, end)
    if kind in ("DATE", "TIMESTAMP"):
        return _bad_date(text, kind, span)
    number = _NUMBER.search(text)
    if number is None:
        return None
    whole, fraction = number.group(2), number.group(3) or ""
    if len(whole) + len(fraction) > MOST_DIGITS:
        return problem("bad-number", f"A number has at most {MOST_DIGITS} digits.", span)
    if kind == "DURATION":
        return _leading_zeros(text, whole, span, "bad-duration")
    code: Code = "bad-money" if kind == "MONEY" else "bad-number"
    if in_list and (here := _GROUPS_HERE.match(source.text, start + number.start())):
        return group_in_list(source, start + number.start(), here.group())
    if "," in whole and not _GROUPED.fullmatch(whole):
        return problem(code, f"The comma in {text} groups no thousands.", span, "Write", text.replace(",", ""))
    if zeros := _leading_zeros(text, whole, span, code):
        return zeros
    if kind == "MONEY" and len(fraction) == 4:
        thousand = text.replace(".", ",") if len(whole) <= 3 and whole != "0" else text.replace(".", "")
        cents = text.replace(fraction, fraction[:3])
        return problem(
            "bad-money", f"{text} could be a thousand or have three decimals.", span,
            "Write", thousand, cents,
        )  # fmt: skip
    return _bad_after(source, span) if kind in ("NUMBER", "LIST_NUMBER") else None


def bad_chunk(source: Source, start: int, in_list: bool) -> Problem | None:
    """What is wrong with something that begins like a number and is no value at all."""
    chunk = _CHUNK.match(source.text, start)
    if not chunk:
        return None
    text = chunk.group().rstrip(".,:/+-") or chunk.group()
    span = Span(source, start, start + len(text))
    if in_list and (here := _GROUPS_HERE.match(source.text, start)):
        return group_in_list(source, start, here.group())
    if like := _DATE_LIKE.fullmatch(text):
        if iso := _iso(*(int(part) for part in like.groups())):
            return problem("bad-date", f"{text} is no date as SegQL writes them: year-month-day.", span, "Write", *iso)
        if "." not in text:
            return problem("bad-date", f"{text} is no date.", span, "Write it as year-month-day: 2025-11-28")
    if clock := re.fullmatch(r"[0-9]{1,2}:[0-9]{2}.*", text):
        return problem(
            "bad-date",
            f"{text} is no time: a time has its day before it.",
            span,
            f"Put the day and a T before it, as in 2025-11-28T{clock.group()}",
        )
    if re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt]", text):
        if re.fullmatch(r"[0-9-]{10}[Tt](?:[01][0-9]|2[0-3])", text):
            return problem("bad-date", f"{text} is no time: minutes are missing.", span, "Write", f"{text}:00")
        return problem(
            "bad-date", f"{text} is no time.", span, "Its form is 10:00 or 10:00+01:00 behind the day and a T."
        )
    if length := re.fullmatch(rf"(-?[0-9.,]+)({_UNIT})", text, re.IGNORECASE):
        return _bad_duration(length.group(1), length.group(2).lower(), span)
    loose = re.fullmatch(r"([0-9]+)([a-z]+)", text, re.IGNORECASE)
    if loose and (unit := _LOOSE_UNITS.get(loose.group(2).lower()) or near_unit(loose.group(2))):
        return problem("bad-duration", f"{text} is no duration.", span, "Write", f"{loose.group(1)}{unit}")
    begins = "" if re.search(r"between\s+$", source.text[:start], re.IGNORECASE) else "between "
    if ends := re.fullmatch(rf"([{SIGNS}]?[0-9]+(?:\.[0-9]+)?)-([{SIGNS}]?[0-9]+(?:\.[0-9]+)?)", text):
        return problem(
            "bad-number",
            "Two numbers are joined by `and`.",
            span,
            "Write",
            f"{begins}{ends.group(1)} and {ends.group(2)}",
        )
    sign = text[0] if text[0] in SIGNS else ""
    digits = text.lstrip("-" + SIGNS)
    if re.fullmatch(r"[0-9.,]+", digits):
        code: Code = "bad-money" if sign else "bad-number"
        last = max(digits.rfind("."), digits.rfind(","))
        if "." not in digits and digits.count(",") == 1:
            point, plain = text.replace(",", "."), text.replace(",", "")
            return problem(code, f"The comma in {text} groups no thousands.", span, "Write", point, plain)
        mixed = "." in digits and "," in digits
        plain = re.sub("[.,]", "", digits)
        value = f"{re.sub('[.,]', '', digits[:last])}.{digits[last + 1 :]}" if mixed else plain
        grouped = f"{int(value.split('.')[0]):,}" if len(value) <= MOST_DIGITS else value
        tail = "." + value.split(".")[1] if "." in value else ""
        return problem(
            code,
            f"{text} is no number: a comma groups thousands, a point begins decimals.",
            span,
            "Write",
            f"{sign}{grouped}{tail}",
        )
    return problem(
        "bad-number", f"{text} is no number, and no name begins with a digit.", span,
        f'If it is part of a name, quote the whole name: "{text} .."',
    )  # fmt: skip


def bad_sign(source: Source, start: int) -> Problem | None:
    """A sign that belongs to a number beside it: `.5`, `5.`, `+5`, `T10:00+0100`. Left out, it would be another one."""
    before, text = source.text[max(0, start - MOST_DIGITS) : start], source.text
    if (offset := _OFFSET.match(text, start)) and (time := _TIME_END.search(before)):
        span = Span(source, start - len(time.group()), offset.end())
        return problem("bad-date", "The offset of a time has a colon.", span,
                       "Write", f"{time.group()}{offset[1]}:{offset[2]}")  # fmt: skip
    if fraction := re.compile(r"-?\.[0-9]+").match(text, start):
        written = fraction.group().replace(".", "0.")
        return problem("bad-number", "A number begins with a digit.", Span(source, start, fraction.end()),
                       "Write", written)  # fmt: skip
    if text[start] == "." and (digits := re.search(r"[0-9][0-9,]*$", before)):
        return problem("bad-number", "A number does not end with a point.",
                       Span(source, start - len(digits.group()), start + 1), "Write", digits.group())  # fmt: skip
    if text[start] == "+" and (often := re.compile(r"\+\s*times?\b", re.IGNORECASE).match(text, start)):
        count = re.search(r"[0-9]+\s*$", before)
        if count:
            whole = Span(source, start - len(count.group()), often.end())
            return problem("syntax", "How often at least is said before the number.", whole, "Write",
                           f"at least {count.group().strip()} times")  # fmt: skip
    if plus := re.compile(r"\+[0-9]+(?:\.[0-9]+)?(?![0-9:])").match(text, start):
        return problem("bad-number", "A number has no plus sign.", Span(source, start, plus.end()),
                       "Write", plus.group()[1:])  # fmt: skip
    return None


def _bad_date(text: str, kind: str, span: Span) -> Problem | None:
    text = day_in_digits(text)
    try:
        if kind == "DATE":
            date.fromisoformat(text)
        elif text[11:13] > "23":
            raise ValueError
        else:
            datetime.fromisoformat(text.upper())
    except ValueError:
        if kind == "DATE" or not _exists(text[:10]):
            return problem("bad-date", f"There is no day {text[:10]}.", span, _last_day(text[:7]))
        return problem(
            "bad-date", f"There is no time {text[11:]}.", span, "Hours run from 00 to 23, minutes from 00 to 59."
        )
    return None


def _exists(day: str) -> bool:
    try:
        date.fromisoformat(day)
    except ValueError:
        return False
    return True


def _last_day(month: str) -> str:
    for day in ("31", "30", "29", "28"):
        if _exists(f"{month}-{day}"):
            return f"The last day of that month is {month}-{day}"
    return "Months run from 01 to 12: 2025-11-28"


def _leading_zeros(text: str, whole: str, span: Span, code: Code) -> Problem | None:
    if len(whole) == 1 or whole[0] != "0":
        return None
    return problem(
        code, "A number does not begin with a zero.", span, "Write", text.replace(whole, whole.lstrip("0,") or "0")
    )


def group_in_list(source: Source, start: int, text: str) -> Problem:
    """That `1,000` in a list may be one number or two."""
    several = [text.replace(",", ", ")] if not re.search(r",0[0-9]", text) else []
    return problem(
        "bad-number", f"{text} in a list could be one number or several.", Span(source, start, start + len(text)),
        "Write", *several, text.replace(",", ""),
    )  # fmt: skip


def near_unit(word: str) -> str:
    """The unit of time that a slip of the pen was meant to be, or nothing."""
    return next(iter(nearest(word, _UNITS, 1)), "")


def _bad_after(source: Source, span: Span) -> Problem | None:
    """A number that what follows makes something else: `100 eur`, `100 €`, `5 m`, `90 mins`, `1 000`."""
    if spaced := _SPACED.match(source.text, span.start):
        digits, whole = re.sub(r"[^0-9]", "", spaced.group()), Span(source, span.start, spaced.end())
        return problem("bad-number", "A space groups no thousands.", whole, "Write", digits)
    after = _AFTER.match(source.text, span.end)
    if not after:
        return None
    word, whole = after.group(1), Span(source, span.start, after.end())
    if word in SIGNS:
        return problem(
            "bad-money", "The sign of a currency stands before the amount.", whole, "Write", f"{word}{span.text}"
        )
    if sign := _MONEY_WORDS.get(word.lower()):
        return problem("bad-money", "An amount has the sign of its currency.", whole, "Write", f"{sign}{span.text}")
    if word.lower() in ("percent", "pct"):
        return problem("bad-number", "A percentage has its sign.", whole, "Write", f"{span.text}%")
    # The lek of Albania are no `total > 5 all within 7d`.
    within = {one.split()[0] for one in spellings("ALL_WITHIN")}
    if len(word) == 3 and is_currency(word.upper()) and word.lower() not in within:
        return problem(
            "bad-money", "The code of a currency is written in capitals.", whole, "Write", f"{span.text} {word.upper()}"
        )
    if word.lower() == "m":
        return _bad_duration(span.text, "m", whole)
    if unit := _LOOSE_UNITS.get(word.lower()):
        return problem("bad-duration", f"{whole.text} is no duration.", whole, "Write", f"{span.text}{unit}")
    if "." in span.text and re.fullmatch(_UNIT, word.lower()):
        return _bad_duration(span.text, word.lower(), whole)
    return None


def _bad_duration(count: str, unit: str, span: Span) -> Problem:
    if unit == "m":
        return problem(
            "bad-duration", f"{span.text} could be minutes or months.", span,
            "Write", Fix(span, f"{count}min", "minutes"), Fix(span, f"{count}mo", "months"),
        )  # fmt: skip
    smaller = {"h": ("min", 60), "d": ("h", 24), "w": ("d", 7), "min": ("s", 60), "y": ("mo", 12)}
    short = "mo" if unit.startswith("mo") else "min" if unit.startswith("mi") else unit[0]
    fixes: list[str] = []
    if short in smaller and re.fullmatch(r"[0-9]{1,6}\.[0-9]{1,3}", count):
        name, times = smaller[short]
        exact = float(count) * times
        fixes = [f"{int(exact)}{name}"] if exact == int(exact) else []
    return problem(
        "bad-duration",
        f"{span.text} is no duration: it is a whole number of units, not negative.",
        span,
        "Write" if fixes else "",
        *fixes,
    )


def _iso(one: int, two: int, three: int) -> list[str]:
    """The dates that these three numbers can be."""
    orders = [(one, two, three)] if one > 31 else [(three, two, one), (three, one, two)]
    found = [f"{y:04}-{m:02}-{d:02}" for y, m, d in orders if y > 31 and _exists(f"{y:04}-{m:02}-{d:02}")]
    return list(dict.fromkeys(found))


_NAMED = re.compile(r"\bin (?:the )?[a-z][\w ]*\s$", re.IGNORECASE)


def behind_a_name(number: Span) -> bool:
    """Whether a number stands behind what may be the name of a window: `in week 3`, `in recently 3`."""
    return _NAMED.search(number.source.text, max(0, number.start - 40), number.start) is not None
