"""A token that has no place, put into words: known mistakes first, else what was expected, in the language's terms."""

from __future__ import annotations

import re
from typing import Any

from ...errors import Fix, Problem, problem
from ...source import Source, Span
from ...words import pattern, say, spellings
from ..engine.lexer import Token, folded
from ..engine.tables import END, tables
from ..engine.terminals import NAMES
from .bad_literals import near_unit
from .slips import known_mistake

Actions = set[str]
_WORD = re.compile(r"\s*([^\W\d_]+)")
_SPAN = re.compile(pattern(r"(?s:.*\s)(<SPAN>)\s+"), re.IGNORECASE)

# Words that somebody begins a condition with, and which may not stand there.
_BEGINNINGS = {
    "and": "Leave it out, or write a condition before it.",
    "in": "Say of what: a property stands before it.",
    "segment": "A saved segment is `in segment` and its name.",
}
_BEGINNINGS |= {"or": _BEGINNINGS["and"]}


_VALUES = frozenset({"NUMBER", "MONEY", "PERCENT", "DURATION", "DATE", "TIMESTAMP", "FACTOR", "NUMBER_PLUS"})


def unexpected(source: Source, token: Token, actions: Actions, values: list[Any]) -> Problem:
    """The problem of a token that the parser cannot take."""
    span = Span(source, token.start, token.end)
    last = values[-1] if values else None
    if isinstance(last, Token) and last.type in ("PLUS", "MINUS") and token.type in _VALUES:
        what = "a factor goes with one measure" if token.type == "FACTOR" else f"`{folded(token.text)}` is a value"
        return Problem("syntax", f"`{last.text}` goes between measures, and {what}.", span,
                       "Bring all measures to one side, and leave the value alone: A - B > 100")  # fmt: skip
    amount = last if isinstance(last, Token) and last.type == "MONEY" and "OR_MORE" in actions else None
    if known := known_mistake(source, token) or (amount and known_mistake(source, amount)):
        return known
    opened = _last_open(source, values)
    if token.type == END and "RPAR" in actions and opened:
        close = Fix(Span(source, token.start, token.start), ")")
        return problem("syntax", "This parenthesis is never closed.", opened, "Close it where its group ends:", close)
    expected = _expected(actions)
    if token.type == END:
        if not values:
            return Problem("syntax", "There is nothing here to read.", span, _example(actions))
        said = "The text ends too early"
    elif token.type == "RPAR" and opened is None:
        return Problem("syntax", "This parenthesis closes nothing.", span, "Leave it out, or open one before it.")
    elif any(kind in actions for kind in NAMES) and _reserved(token):
        word = token.text.split()[0]
        hint = f'If it is a name, or begins one, quote the whole name: "{word} .."'
        if "CAN_RECEIVE" in actions and word.lower() in _BEGINNINGS:
            hint = f"{_BEGINNINGS[word.lower()]}\n{hint}"
        elif "THE_DAY" in actions and values and isinstance(values[-1], Token):
            hint = f'If `{values[-1].text}` is part of a name, quote the whole name: ".. {values[-1].text}"'
        return Problem(
            "reserved-word", f"`{folded(token.text)}` has no place here: expected {expected}.", span,
            hint,
        )  # fmt: skip
    else:
        said = f"`{folded(token.text)}` has no place here"
    hint = ""
    fixes: list[Fix | str] = []
    if token.type == "SAMPLE":
        hint, fixes = "`sample` ends the definition of a segment; in a rule write", ["and random"]
    elif token.type == "NUMBER" and "PERCENT" in actions:
        hint, fixes = "Write", [f"{token.text}%"]
    elif "BY" in actions:
        hint = "Say by what: `by` and a property or a metric."
    elif token.start and source.text[token.start - 1] in "\"'" and token.type in NAMES:
        hint = "The text ended at the quote before this. A quote inside a text is doubled: 'rock ''n'' roll'"
    elif token.type == "COMMA" and "AND" in actions:
        hint = "Conditions are joined by words: and, or"
    elif token.type in (*NAMES, "STRING") and "AND" in actions:
        hint = (
            "A condition may follow after `and` or `or`; a name that holds a word of the language is quoted as a whole."
        )
    elif token.type == "NUMBER" and "DURATION" in actions:
        after = _WORD.match(source.text, token.end)
        unit = near_unit(after[1]) if after else ""
        if after and unit:
            hint, fixes = "Did you mean?", [Fix(Span(source, token.start, after.end()), f"{token.text} {unit}")]
        else:
            hint = "A length of time has its unit: days, weeks, months .."
    elif token.type == "DURATION" and "PERIOD" in actions:
        span_ = _SPAN.fullmatch(source.text, 0, token.start)  # `during 45 days`
        span = Span(source, span_.start(1) if span_ else token.start, token.end)
        hint, fixes = "Write", [say("IN_THE_LAST {}", folded(token.text))]
    elif token.type in ("DURATION", "NUMBER", "FACTOR") and "NAME" in actions:
        hint = f'A name that begins with a digit is quoted as a whole: "{folded(token.text)} .."'
    elif token.type == "SLASH" and "AND" in actions:
        hint = "One measure is divided by another in a metric of the catalog."
    return problem("syntax", f"{said}: expected {expected}.", span, hint, *fixes)


# --- what was expected ----------------------------------------------------------------------------------------------

# Tokens that tell, and what they stand for. The first that the parser can take speaks for the whole group.
_GROUPS: tuple[tuple[str, str, frozenset[str]], ...] = (
    ("CAN_RECEIVE", "a condition", frozenset({
        "NAME", "STRING", "LPAR", "NOT", "NEVER", "EDGE", "ANY_OF", "AGGREGATE_OF", "MEASURE_OF", "DATE_PART_OF",
        "ANNIVERSARY_OF", "EQ", "NE", "LT", "LE", "GT", "GE", "AT_LEAST", "AT_MOST", "MORE_THAN", "LESS_THAN",
        "FEWER_THAN", "EXACTLY", "BETWEEN", "DAYS_FROM", "CAN_RECEIVE", "CANNOT_RECEIVE", "IN_LIST", "JOINED_LIST",
        "IN_SEGMENT", "WAS_IN_SEGMENT", "ENTERED_SEGMENT", "TOP", "WITHIN", "RANDOM", "EVERYONE", "NO_ONE", "ANY_ITEM",
        "PEOPLE", "DENIED", "LACKS", "HAS", "IS", "IS_NOT",
        "ONLY", "ONCE", "TWICE", "NUMBER", "NUMBER_PLUS",
    })),
    ("IS_SET", "a comparison (`is \"NL\"`, `>= 3`)", frozenset({
        "EQ", "NE", "LT", "LE", "GT", "GE", "AT_LEAST", "AT_MOST", "MORE_THAN", "LESS_THAN", "FEWER_THAN", "EXACTLY",
        "IS", "IS_NOT", "IS_SET", "NOT_IN", "LIKE", "INCLUDES", "INCLUDE_OF", "BETWEEN", "IN", "ONLY", "IS_OVER",
        "INCLUDE_LIKE", "IS_UNDER", "MONEY", "NUMBER_PLUS",
    })),
    ("ZERO_TIMES", "a number of times (`at least 3 times`)", frozenset({
        "ONCE", "TWICE", "NEVER", "ZERO_TIMES", "NUMBER", "TIMES", "TIME", "NUMBER_X", "OR_MORE", "THING",
    })),
    ("PERIOD", "a window (`in 30d`)", frozenset({
        "IN_THE_LAST", "IN_THE_NEXT", "RELATIVE", "ON", "DAY", "PERIOD", "EVER", "DURING", "FROM", "UNTIL", "THROUGH",
        "PREVIOUS", "SO_FAR_THIS", "IN_EACH",
    })),
    ("WHERE", "`where`", frozenset({
        "WHERE", "HAS", "WITHIN", "WITH_THE_SAME", "BECAUSE", "AMONG_SEGMENT", "OF_SEGMENT", "WITHIN_EACH", "THEN",
        "FOLLOWED_BY",
        "NOT_FOLLOWED_BY", "ALL_WITHIN", "LATER", "SLASH", "SAMPLE", "AGO", "FROM_NOW", "OF_THE_LAST", "PERIODS_OF",
        "PLUS", "MINUS", "OF_EDGE", "ANY_OF", "DIFFERENT", "IN_A_ROW", "OR_MORE", "TO", "SO_FAR", "AROUND", "SIDE",
        "AND_THE_SAME",
    })),
    ("STATISTIC", "a value or a measure", frozenset({
        "STRING", "NUMBER", "PERCENT", "MONEY", "BOOL", "DATE", "TIMESTAMP", "DURATION", "NAME", "FACTOR", "STATISTIC",
        "AGGREGATE_OF", "MEASURE_OF", "DATE_PART_OF", "ONCE", "TWICE", "THE_DAY", "DAY", "THEIR", "DAYS_FROM",
        "CALENDAR", "NUMBER_X", "NUMBER_PLUS", "MONTH_DAY",
    })),
    ("THE_DAY", "a day or a moment (`2025-11-28`, `yesterday`)", frozenset({
        "STRING", "NUMBER", "PERCENT", "MONEY", "BOOL", "DATE", "TIMESTAMP", "DURATION", "NAME", "THE_DAY", "DAY",
        "CALENDAR", "MONTH_DAY",
    })),
    ("MONEY", "a value (`\"NL\"`, `100`, `2025-11-28`)", frozenset({
        "STRING", "NUMBER", "LIST_NUMBER", "PERCENT", "MONEY", "BOOL", "DATE", "TIMESTAMP", "DURATION", "NAME",
        "MONTH_DAY",
    })),
    ("UNIT", "a length of time (`30 days`)", frozenset({"UNIT", "DURATION", "WHOLE_PERIODS", "NAME", "STRING"})),
    ("DURATION", "a length of time (`30d`)", frozenset({"DURATION"})),
    ("CALENDAR", "a month or a year (`March 2026`)", frozenset({"CALENDAR", "YEAR_NUMBER", "MONTH_DAY"})),
    ("PROPERTY", "the name of a property", frozenset({"PROPERTY", "STRING"})),
    ("DATED", "the name of a date", frozenset({"DATED", "STRING"})),
    ("THING", "what is counted", frozenset({"THING"})),
    ("NAME", "a name", frozenset({"NAME", "STRING"})),
    ("STRING", "a text in quotes", frozenset({"STRING"})),
    ("NUMBER", "a number", frozenset({"NUMBER", "LIST_NUMBER"})),
    ("LIST_NUMBER", "a number", frozenset({"LIST_NUMBER"})),
    ("PERCENT", "a share (`10%`)", frozenset({"PERCENT"})),
    ("DISTANCE", "a distance (`20 km`)", frozenset({"DISTANCE", "DURATION"})),
    (END, "the end", frozenset({END})),
)  # fmt: skip


def _expected(actions: Actions) -> str:
    left = set(actions) - {"BUT", "EXCEPT", "WHO"}  # other words for `and`
    if "WHERE" in left:
        left.discard("STRING")  # behind words before a name, which few have
    said = []
    for tell, words, group in _GROUPS:
        if tell in left:
            said.append(words)
            left -= group
    said += [f"`{_spelling(symbol)}`" for symbol in sorted(left)]
    said.sort(key=lambda words: words == "the end")
    if len(said) > 7:
        said = [*said[:6], "another part"]
    if not said:
        return "the end"
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} or {said[-1]}"


def _spelling(symbol: str) -> str:
    """A terminal as a person writes it."""
    return spellings(symbol)[0]


def _reserved(token: Token) -> bool:
    return token.type not in _PLAIN and any(t.name == token.type and not t.sign for t in tables().terminals)


_PLAIN = frozenset({
    *NAMES, "STRING", "TIMESTAMP", "DATE", "MONEY", "PERCENT", "DURATION", "FACTOR", "DISTANCE",
    "LIST_NUMBER", "NUMBER", "SAMPLE",
})  # fmt: skip


def _example(actions: Actions) -> str:
    if "CAN_RECEIVE" in actions:
        return "Write a condition: what was done, or a property and what it is compared with."
    return (
        'Write a value, for example: 4 months, $100, "NL"'
        if "MONEY" in actions
        else "Write a definition: let recently = 4 months"
    )


def _last_open(source: Source, values: list[Any]) -> Span | None:
    for value in reversed(values):
        if isinstance(value, Token) and value.type == "LPAR":
            return Span(source, value.start, value.end)
    return None
