"""The values and windows of the word-level grammar: terminals, and pairs of which the first is the smaller."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from .productions import Grammar, Terminal

_YEAR = "(19[3-9][0-9]|20[0-4][0-9])"
"""Years that dates are in."""
_LEAP = "(19(3[26]|[468][048]|[579][26])|20([024][048]|[13][26]))"
_DAY = "((0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31)"
"""A month and a day of it, of any year."""
_HOUR = "T([01][0-9]|2[0-3]):[0-5][0-9]"
_REGEX_PART = r"([A-Za-z0-9@ %_-]|\\[.*?$\\]|\.|\[\^?(a-z|A-Z|0-9|[a-z0-9@._]){1,9}\])([*?+]|\{[1-9]\})?"
_REGEX = rf"({_REGEX_PART}|\(({_REGEX_PART}){{1,9}}([|]({_REGEX_PART}){{1,9}})?\)){{1,12}}"
_LETTER = r'([^"\x00-\x1f\x7f]|"")'


TERMINALS = {
    name: Terminal(regex, example)
    for name, regex, example in (
        ("NUMBER", r"-?(0|[1-9][0-9]{0,6})(\.([0-9]{1,2}|[0-9]{4,6}))?", "5"),
        ("COUNT", "0|[1-9][0-9]{0,2}", "3"),
        ("N1", "[1-9]", "2"),
        ("N2", "[1-9][0-9]", "12"),
        ("POSITIVE", "[1-9][0-9]{0,2}", "3"),
        ("PERIODS", "[1-9][0-9]?|[1-3][0-9]{2}|400", "3"),
        ("SEVERAL", "[2-9]|[1-9][0-9]{1,2}", "3"),
        ("MANY", "[02-9]|[1-9][0-9]{1,2}", "3"),
        ("FACTOR", r"0\.[0-9]{0,2}[1-9]|[1-9][0-9]?\.[0-9]{0,2}[1-9]|[2-9]|[1-9][0-9]", "2"),
        ("PERCENT", r"100%|[1-9][0-9]?(\.[0-9]{1,4})?%|0\.[0-9]{0,3}[1-9]%", "10%"),
        ("SHARE", r"100%|(0|[1-9][0-9]?)(\.[0-9]{1,4})?%", "10%"),
        ("SPAN", "(0|[1-9][0-9]{0,2})(s|min|h|d|w|mo|y)", "30d"),
        ("SHORT", "(0|[1-9][0-9]{0,2})(s|min|h|d|w)", "3d"),
        ("DAYS", "(0|[1-9][0-9]{0,2})(d|w)", "3d"),
        ("TEXT", f'"{_LETTER}{{1,60}}"', '"a"'),
        ("NO_TEXT", '""', '""'),
        ("REGEX", f'"\\^?{_REGEX}[$]?"|"{_REGEX}[|]{_REGEX}"', '"a"'),
        ("DATE", f"{_YEAR}-{_DAY}|{_LEAP}-02-29", "2024-05-01"),
        ("TIME", f"20[0-4][0-9]-{_DAY}{_HOUR}(:[0-5][0-9])?(Z|[+-]0[0-9]:00)?", "2024-05-01T10:00Z"),
        ("HOUR", "1?[0-9]|2[0-3]", "5"),
        ("MONTH", "[1-9]|1[0-2]", "5"),
        ("DAY", "[1-9]|[12][0-9]|3[01]", "5"),
        ("YEAR", "(19|20)[0-9]{2}", "2024"),
        ("KILOMETRES", r"0\.[1-9]|[1-9][0-9]{0,3}(\.[0-9])?|1[0-9]{4}|200(0[0-9]|1[0-5])", "5"),
        ("MILES", r"0\.[1-9]|[1-9][0-9]{0,3}(\.[0-9])?", "5"),
        ("NEGATIVE", "-[1-9][0-9]{0,2}", "-5"),
        ("DEGREES", r"-?([1-8]?[0-9](\.[0-9]{1,4})?|90)", "5"),
        ("LONGITUDE", r"-?((1[0-7][0-9]|[1-9]?[0-9])(\.[0-9]{1,4})?|180)", "5"),
    )
}


FORMS = {
    "how": ("at least", "at most", "more than", "fewer than", "exactly"),
    "often": ("once", "twice", "<MANY> times"),
    "times": (
        *(f"{how} <often>" for how in ("at least", "at most", "more than", "exactly", "!=")),
        "fewer than twice",
        "fewer than <MANY> times",
        "between <number_pair> times",
        "<below> <COUNT>",
    ),
    "repeated": (
        "at least <often>",
        "exactly <often>",
        "more than <often>",
        "between <counted_pair> times",
        "<over> <MANY>",
    ),
    "units": ("seconds", "minutes", "hours", "days", "weeks", "months", "years"),
    "long": ("days", "weeks", "months", "years"),
    "kinds": ("days", "weeks", "months"),
    "whole": ("days", "weeks", "months", "quarters", "years"),
    "unit": ("minute", "hour", "day", "week", "month", "year"),
    "calendar": ("week", "month", "quarter", "year"),
    "length": ("<MANY> <units>", "1 <unit>", "<SPAN>"),
    "short": ("<SHORT>",),
    "days_long": ("<MANY> <long>", "1 day", "1 week", "1 month", "1 year"),
    "period": ("this <calendar>[ so far]", "last <calendar>", "today", "yesterday"),
    "day_moment": (
        "<DATE>",
        "yesterday",
        "today",
        "tomorrow",
        "<days_long> ago",
        "<days_long> from now",
        "the day <days_long> ago",
    ),
    "moment": ("<day_moment>", "<TIME>", "<length> ago"),
    # What a name that ends in `in` takes: `logged in last month` could be two things.
    "dated": (
        "in <length>",
        "in the last <MANY> <units>",
        "in the last <unit>",
        "in the last <SEVERAL> whole <whole>",
        "since <moment>",
        "before <moment>",
        "after <moment>",
        "on <DATE>",
        "on the day <days_long> ago",
        "ever",
        "more than <length> ago",
        "between <date_pair>",
        "between <time_pair>",
        "between <MANY> and <MANY> <units> ago",
        "between <length> and <length> ago",
        "between <ago>",
    ),
    "later_on": ("<N2> days", "<N1> weeks", "<N1> months", "1 week", "1 month", "1 year"),
    "soon": ("day", "week", "month", "year"),
    "recent": ("in <length>", "in the last <MANY> <units>", "in the last <unit>", "between <date_pair>", "<period>"),
    "lately": ("<recent>", "since <DATE>", "after <DATE>", "on <DATE>"),
    "window": ("<dated>", "<period>"),
    "ahead": (
        "in the next <N1> <kinds>",
        "in the next <N2> days",
        "in the next 0 days",
        "in the next 10 months",
        "in the next 11 months",
        "in the last <N1> <kinds>",
        "in the last <N2> days",
        "in the next month",
        "this month",
        "is today",
        "is tomorrow",
        "between <year_pair>",
    ),
    "habit": (
        "in each of the last <N1> <kinds>",
        "in <how> <COUNT> of the last <PERIODS> <habits>",
        "in <how> <COUNT> of the last <N2> hours",
        "in between <number_pair> of the last <PERIODS> <habits>",
        "in at least 1 of the last 1 week",
    ),
    "streak": (
        "on <how> <MANY> different <kinds>",
        "on <how> 1 different days",
        "on between <number_pair> different <kinds>",
        "in <how> <MANY> <kinds> in a row",
        "in <how> 1 week in a row",
        "in between <number_pair> <kinds> in a row",
    ),
    "habits": ("days", "weeks", "months", "periods of <N2> days", "periods of <N2> hours", "periods of <N1> months"),
    "statistic": ("the average", "the median", "<percentile>"),
    "bound": ("<statistic>", "<FACTOR> x <statistic>"),
}  # fmt: skip
WITHIN = (
    ("years", "months", "([2-9]|1[01])"),
    ("years", "days", "([2-9]|[1-9][0-9])"),
    ("months", "weeks", "[23]"),
    ("months", "days", "([2-9]|1[0-9]|2[0-7])"),
    ("weeks", "days", "[2-6]"),
)
"""Units, and how many of another one of them surely has."""
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def add_values(grammar: Grammar, today: datetime) -> None:
    """What every catalog has: numbers of times, windows, comparisons, pairs; dates near each other around today."""
    grammar.terminals |= TERMINALS
    for name, forms in FORMS.items():
        grammar.add(name, *forms)
    grammar.add("below", *((sign,) for sign in (">=", "<=", ">", "<", "=", "!=")))
    grammar.add("over", (">=",), (">",))
    grammar.add("weekday", *(f'"{day}"' for day in DAYS))
    for one in ("weekday", "MONTH", "NUMBER", "money"):
        grammar.add(f"{one.lower()}_list", f"<{one}>", f"<{one}>, <{one.lower()}_list>")
    grammar.add("percentile", *(f"the {_ordinal(number)} percentile" for number in range(1, 101)))
    add_numbers(grammar, "number_pair")
    grammar.add("any_pair", "<number_pair>", "<NEGATIVE> and <COUNT>", "<years>")
    add_numbers(grammar, "counted_pair", least=1, digits=2)
    add_numbers(grammar, "share_pair", digits=2, after="%")
    for unit in FORMS["long"]:
        _pairs(grammar, "days_ago", _descending(), f"{{}} {unit} ago and {{}} {unit} ago")
    for unit, within, fewer in WITHIN:
        _pairs(grammar, "days_ago", iter([("([2-9]|[1-9][0-9])", fewer)]), f"{{}} {unit} ago and {{}} {within} ago")
        grammar.add("days_ago", f"1 {unit[:-1]} ago and <{grammar.value(fewer, _first(fewer))}> {within} ago")
    for unit in FORMS["units"][:3]:
        _pairs(grammar, "ago", _descending(), f"{{}} {unit} ago and {{}} {unit} ago")
    grammar.add("ago", "<days_ago>")
    for unit in ("s", "min", "h", "d", "w"):
        _pairs(grammar, "lapse", _descending(unit), "within {} at least {} later")
    _pairs(grammar, "year_pair", _within_year(today.year))
    for months in range(-9, 4):
        year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
        _pairs(grammar, "year_pair", _within_days(f"{year}-{month + 1:02}-"))
    _pairs(grammar, "far_pair", ((f"{low}-{_DAY}", f"{high}-{_DAY}") for low, high in _years()))
    _pairs(grammar, "years", _years())
    _pairs(grammar, "time_pair", ((low + _HOUR, high + _HOUR) for low, high in _months(2020, 2030)))
    grammar.add("date_pair", "<year_pair>", "<far_pair>")


def _ordinal(number: int) -> str:
    ends = {1: "st", 2: "nd", 3: "rd"} if number % 100 // 10 != 1 else {}
    return f"{number}{ends.get(number % 10, 'th')}"


def add_numbers(
    grammar: Grammar, name: str, *, before: str = "", after: str = "", least: int = 0, digits: int = 3
) -> None:
    """Whole numbers of which the first is not the larger: neither notation can compare two.

    Of three digits two differ in one of the first two.
    """
    one, two, three = f"[{least}-9]", "[1-9][0-9]", "[1-9][0-9]{2}"
    found = [(f"{low}", f"[{low}-9]") for low in range(least, 10)]
    if digits > 1:
        found += [(one, two)]
        found += [(f"{low}[0-9]", f"[{low + 1}-9][0-9]") for low in range(1, 9)]
        found += [(f"{ten}{low}", f"{ten}[{low}-9]") for ten in range(1, 10) for low in range(10)]
    if digits > 2:
        found += [(one, three), (two, three)]
        found += [(f"{low}[0-9]{{2}}", f"[{low + 1}-9][0-9]{{2}}") for low in range(1, 9)]
        found += [(f"{ten}{low}[0-9]", f"{ten}[{low + 1}-9][0-9]") for ten in range(1, 10) for low in range(9)]
    _pairs(grammar, name, ((before + low + after, before + high + after) for low, high in found))


def add_money(grammar: Grammar, currency: str | None) -> None:
    """Amounts, with the sign of the catalog's currency where it has one of its own."""
    if not currency:
        return
    grammar.add("money", f"<NUMBER> {currency}")
    sign = {"USD": "$", "EUR": "€", "GBP": "£"}.get(currency)
    if sign:
        grammar.terminals["AMOUNT"] = Terminal(rf"[{sign}](0|[1-9][0-9]{{0,5}})(\.[0-9]{{2}})?", f"{sign}5")
        grammar.add("money", "<AMOUNT>")
        add_numbers(grammar, "money_pair", before=f"[{sign}]")


def _pairs(grammar: Grammar, name: str, pairs: Iterator[tuple[str, str]], said: str = "{} and {}") -> None:
    """Values of which the first is the smaller, or the second, by the expressions of both."""
    for pair in pairs:
        grammar.add(name, said.format(*(f"<{grammar.value(regex, _first(regex))}>" for regex in pair)))


def _first(regex: str) -> str:
    """A text of an expression without alternatives outside of groups."""
    while "(" in regex:
        regex = re.sub(r"\(([^()|]*)(?:\|[^()]*)?\)", r"\1", regex)
    regex = regex.replace("\\", "")
    return re.sub(r"\[(.)[^\]]*\](?:\{(.)\})?", lambda found: found[1] * int(found[2] or 1), regex)


def _years() -> Iterator[tuple[str, str]]:
    """Pairs of years that differ."""
    for year in range(1930, 2049):
        later = [f"{decade}[0-9]" for decade in range(year // 10 + 1, 205)]
        later += [f"{year // 10}[{year % 10 + 1}-9]"] if year % 10 < 9 else []
        yield str(year), f"({'|'.join(reversed(later))})"


def _months(first: int, last: int) -> Iterator[tuple[str, str]]:
    """Pairs of dates in two months of a year."""
    for year in range(first, last + 1):
        for month in range(1, 12):
            later = "|".join(f"{one:02}-{_days(one)}" for one in range(month + 1, 13))
            yield f"{year}-{month:02}-{_days(month)}", f"{year}-({later})"


def _descending(unit: str = "") -> Iterator[tuple[str, str]]:
    """Pairs of numbers, two or more, of which the first is the larger."""
    pairs = [("[1-9][0-9]{2}", "[1-9][0-9]"), ("[1-9][0-9]{2}", "[2-9]"), ("[1-9][0-9]", "[2-9]")]
    pairs += [(f"[{ten + 1}-9][0-9]", f"{ten}[0-9]") for ten in range(1, 9)]
    pairs += [(f"[{one + 1}-9]", f"{one}") for one in range(2, 9)]
    yield from ((high + unit, low + unit) for high, low in pairs)


def _within_days(month: str) -> Iterator[tuple[str, str]]:
    """Pairs of dates in the same ten days of a month."""
    for ten in range(3):
        last = 8 if ten == 2 and month.endswith("-02-") else 9
        yield from ((f"{month}{ten}{one}", f"{month}{ten}[{one + 1}-{last}]") for one in range(not ten, last))


def _within_year(now: int) -> Iterator[tuple[str, str]]:
    """Pairs of dates within a year of each other: in two months, in the thirds of a month, around New Year."""
    yield from _months(now - 8, now + 5)
    for year in range(now - 3, now + 2):
        yield f"{year}-(10-{_days(10)}|11-{_days(11)}|12-{_days(12)})", f"{year + 1}-0[1-9]-{_days(2)}"
        for month in range(1, 13):
            here = f"{year}-{month:02}-"
            yield f"{here}0[1-9]", f"{here}(1[0-9]|2[0-8])"
            yield f"{here}1[0-9]", f"{here}2[0-8]"
            if month != 2:
                yield f"{here}(0[1-9]|[12][0-9])", f"{here}3{0 if month in (4, 6, 9, 11) else '[01]'}"


def _days(month: int) -> str:
    return {2: "(0[1-9]|1[0-9]|2[0-8])"}.get(month, f"(0[1-9]|[12][0-9]|3{0 if month in (4, 6, 9, 11) else '[01]'})")
