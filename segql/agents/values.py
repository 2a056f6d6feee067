"""The values and windows of the word-level grammar: terminals, and pairs of which the first is the smaller."""

from __future__ import annotations

from .productions import Grammar, Terminal

_DAY = "(0[1-9]|1[0-9]|2[0-8])"
_MONTH = "(0[1-9]|1[0-2])"
_DAY_GBNF = '("0" [1-9] | "1" [0-9] | "2" [0-8])'
_MONTH_GBNF = '("0" [1-9] | "1" [0-2])'
_UNIT = "(s|min|h|d|w|mo|y)"
FIRST, LAST = 2000, 2049
"""Years that dates are in."""

TERMINALS = {
    "NUMBER": Terminal(
        r"-?(0|[1-9][0-9]{0,6})(\.([0-9]{1,2}|[0-9]{4,6}))?",
        '"-"? ("0" | [1-9] [0-9]{0,6}) ("." ([0-9]{1,2} | [0-9]{4,6}))?',
        "5",
    ),
    "COUNT": Terminal(r"[1-9][0-9]{0,2}", "[1-9] [0-9]{0,2}", "3"),
    "MANY": Terminal(r"[2-9]|[1-9][0-9]{1,2}", "[2-9] | [1-9] [0-9]{1,2}", "3"),
    "FACTOR": Terminal(r"0\.[1-9] x", '"0." [1-9] " x"', "0.5 x"),
    "FACTOR_MORE": Terminal(r"[1-9] x", '[1-9] " x"', "2 x"),
    "PERCENT": Terminal(r"(100|[1-9][0-9]?(\.[0-9]{1,4})?)%", '("100" | [1-9] [0-9]? ("." [0-9]{1,4})?) "%"', "10%"),
    "SPAN": Terminal(
        rf"[1-9][0-9]{{0,2}}{_UNIT}", '[1-9] [0-9]{0,2} ("s" | "min" | "h" | "d" | "w" | "mo" | "y")', "30d"
    ),
    "SHORT": Terminal(r"[1-9][0-9]{0,2}(s|min|h|d|w)", '[1-9] [0-9]{0,2} ("s" | "min" | "h" | "d" | "w")', "3d"),
    "DAYS": Terminal(r"[1-9][0-9]{0,2}(d|w)", '[1-9] [0-9]{0,2} ("d" | "w")', "3d"),
    "TEXT": Terminal(r'"[^"\x00-\x1f\x7f\\]{1,60}"', r'"\"" [^"\x00-\x1f\x7f\\]{1,60} "\""', '"a"'),
    "PATTERN": Terminal(r'"[A-Za-z0-9@._-]{1,40}[*]"', r'"\"" [A-Za-z0-9@._-]{1,40} "*\""', '"a*"'),
    "DATE": Terminal(
        rf"(19[3-9]|20[0-4])[0-9]-{_MONTH}-{_DAY}",
        f'("19" [3-9] | "20" [0-4]) [0-9] "-" {_MONTH_GBNF} "-" {_DAY_GBNF}',
        "2024-05-01",
    ),
    "TIME": Terminal(
        rf"20[0-4][0-9]-{_MONTH}-{_DAY}T([01][0-9]|2[0-3]):[0-5][0-9](Z|[+-]0[0-9]:00)",
        f'"20" [0-4] [0-9] "-" {_MONTH_GBNF} "-" {_DAY_GBNF} "T" ([01] [0-9] | "2" [0-3]) ":" [0-5] [0-9] '
        '("Z" | [+-] "0" [0-9] ":00")',
        "2024-05-01T10:00Z",
    ),
    "HOUR": Terminal(r"1?[0-9]|2[0-3]", '"1"? [0-9] | "2" [0-3]', "5"),
    "MONTH": Terminal(r"[1-9]|1[0-2]", '[1-9] | "1" [0-2]', "5"),
    "DAY": Terminal(r"[1-9]|[12][0-9]|3[01]", '[1-9] | [12] [0-9] | "3" [01]', "5"),
    "YEAR": Terminal(r"(19|20)[0-9]{2}", '("19" | "20") [0-9]{2}', "2024"),
    "DEGREES": Terminal(r"-?[1-8]?[0-9](\.[0-9]{1,4})?", '"-"? [1-8]? [0-9] ("." [0-9]{1,4})?', "5"),
    "LONGITUDE": Terminal(
        r"-?(1[0-7][0-9]|[1-9]?[0-9])(\.[0-9]{1,4})?", '"-"? ("1" [0-7] [0-9] | [1-9]? [0-9]) ("." [0-9]{1,4})?', "5"
    ),
}


def add_values(grammar: Grammar) -> None:
    """What every catalog has: numbers of times, windows, comparisons."""
    grammar.add("below", *((sign,) for sign in (">=", "<=", ">", "<", "=", "!=")))
    grammar.add(
        "times",
        "at least <often>",
        "at most <often>",
        "more than <often>",
        "fewer than <some>",
        "exactly <often>",
        "between <number_pair> times",
        "!= <COUNT>",
    )
    grammar.add("often", "once", "twice", "<MANY> times")
    grammar.add("some", "twice", "<MANY> times")
    grammar.add("units", "seconds", "minutes", "hours", "days", "weeks", "months", "years")
    grammar.add("unit", "minute", "hour", "day", "week", "month", "year")
    grammar.add("length", "<MANY> <units>", "1 <unit>", "<unit_length>")
    grammar.add("period", "this <calendar>[ so far]", "last <calendar>", "today", "yesterday")
    grammar.add("calendar", "week", "month", "quarter", "year")
    grammar.add("whole", "days", "weeks", "months", "quarters", "years")
    grammar.add("moment", "<DATE>", "yesterday", "today", "<MANY> <units> ago", "the day <MANY> <kinds> ago", "<TIME>")
    # What a name that ends in `in` takes: `logged in last month` could be two things.
    grammar.add(
        "dated",
        "in <SPAN>",
        "in <MANY> <units>",
        "in 1 <unit>",
        "in the last <MANY> <units>",
        "in the last <unit>",
        "in the last <MANY> whole <whole>",
        "since <moment>",
        "before <moment>",
        "after <moment>",
        "on <DATE>",
        "ever",
        "between <date_pair>",
        "between <number_pair> days ago",
        "between <number_pair> months ago",
    )
    grammar.add("window", "<dated>", "<period>")
    grammar.add("day_moment", "<DATE>", "yesterday", "today", "<MANY> <long> ago", "the day <MANY> <kinds> ago")
    grammar.add("long", "days", "weeks", "months", "years")
    grammar.add(
        "ahead",
        "in the next <N1> days",
        "in the next <N2> days",
        "in the last <N2> days",
        "in the next month",
        "this month",
        "is today",
        "is tomorrow",
    )
    grammar.add(
        "habit",
        "in each of the last <N1> <kinds>",
        "in exactly <of_last> weeks",
        "on between <number_pair> different <kinds>",
        "on exactly <MANY> different <kinds>",
        "in at least 1 of the last <N2> <kinds>",
        "in at least <of_last> weeks",
        "in at least <of_last> months",
        "on at least <MANY> different <kinds>",
        "in at least <MANY> <kinds> in a row",
        "in at least <of_last> days",
    )
    grammar.add("kinds", "days", "weeks", "months")
    grammar.add(
        "weekday",
        *(f'"{day}"' for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")),
    )
    grammar.add(
        "statistic",
        "the average",
        "the median",
        *(f"the {_ordinal(number)} percentile" for number in range(1, 100)),
    )
    _pairs(grammar)


def _ordinal(number: int) -> str:
    ends = {1: "st", 2: "nd", 3: "rd"} if number // 10 != 1 else {}
    return f"{number}{ends.get(number % 10, 'th')}"


def _pairs(grammar: Grammar) -> None:
    """Numbers and dates of which the first is the smaller: neither grammar can compare two."""
    for name, between in (("number_pair", "and"), ("of_last", "of the last")):
        for first in range(1, 9):
            for digits in (1, 2, 3) if name == "number_pair" else (1,):
                low, high = f"N{digits}_{first}", f"N{digits}_OVER_{first}"
                rest = f"[0-9]{{{digits - 1}}}" if digits > 1 else ""
                grammar.terminals[low] = Terminal(f"{first}{rest}", f'"{first}" {rest}', f"{first}{'0' * (digits - 1)}")
                over = f"[{first + 1}-9]"
                example = f"{first + 1}{'0' * (digits - 1)}"
                grammar.terminals[high] = Terminal(f"{over}{rest}", f"{over} {rest}", example)
                grammar.add(name, f"<{low}> {between} <{high}>")
        grammar.terminals |= {
            "N1": Terminal("[1-9]", "[1-9]", "2"),
            "N2": Terminal("[1-9][0-9]", "[1-9] [0-9]", "12"),
            "N3": Terminal("[1-9][0-9]{2}", "[1-9] [0-9]{2}", "120"),
        }
        grammar.add(name, *(f"{one} {between} {one}" for one in range(2, 10)))
        grammar.add(name, f"<N1> {between} <N2>")
    grammar.add("number_pair", "<N1> and <N3>", "<N2> and <N3>")
    for year in range(2015, 2035):
        low, high = f"DATE_{year}", f"DATE_OVER_{year}"
        grammar.terminals[low] = Terminal(
            f"{year}-{_MONTH}-{_DAY}", f'"{year}-" {_MONTH_GBNF} "-" {_DAY_GBNF}', f"{year}-02-01"
        )
        later = range(year + 1, 2036)
        grammar.terminals[high] = Terminal(
            f"({'|'.join(map(str, later))})-{_MONTH}-{_DAY}",
            f'({" | ".join(f"{chr(34)}{one}{chr(34)}" for one in later)}) "-" {_MONTH_GBNF} "-" {_DAY_GBNF}',
            f"{year + 1}-03-01",
        )
        grammar.add("date_pair", f"<{low}> and <{high}>")
        for month in range(1, 13) if year >= 2023 and year <= 2030 else ():
            early, late = f"DATE_{year}_{month}_EARLY", f"DATE_{year}_{month}_LATE"
            grammar.terminals[early] = Terminal(
                f"{year}-{month:02}-0[1-9]", f'"{year}-{month:02}-0" [1-9]', f"{year}-{month:02}-01"
            )
            grammar.terminals[late] = Terminal(
                f"{year}-{month:02}-(1[0-9]|2[0-8])",
                f'"{year}-{month:02}-" ("1" [0-9] | "2" [0-8])',
                f"{year}-{month:02}-12",
            )
            grammar.add("date_pair", f"<{early}> and <{late}>")
        for month in (1, 4, 7, 10):
            early, late = f"DATE_{year}_{month}", f"DATE_{year}_FROM_{month + 1}"
            months = "|".join(f"{one:02}" for one in range(month + 1, 13))
            grammar.terminals[early] = Terminal(
                f"{year}-{month:02}-{_DAY}", f'"{year}-{month:02}-" {_DAY_GBNF}', f"{year}-{month:02}-01"
            )
            grammar.terminals[late] = Terminal(
                f"{year}-({months})-{_DAY}",
                f'"{year}-" ({" | ".join(f"{chr(34)}{one}{chr(34)}" for one in months.split("|"))}) "-" {_DAY_GBNF}',
                f"{year}-{month + 1:02}-01",
            )
            grammar.add("date_pair", f"<{early}> and <{late}>")
