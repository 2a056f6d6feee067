"""What is wrong with a text, said well: the code, the place, and a hint whose replacements are SegQL themselves."""

from __future__ import annotations

import re

import pytest

from segql.errors import Problem, SegQLError
from segql.parser import parse_definitions, parse_rule


def problem_of(text: str) -> Problem:
    with pytest.raises(SegQLError) as error:
        parse_rule(text)
    (problem,) = error.value.problems
    return problem


# Text, code, the stretch that is underlined, and what may replace it (in the hint) so that the text is right.
REPLACED: list[tuple[str, str, str, list[str]]] = [
    ("a in 5m", "bad-duration", "5m", ["5min", "5mo"]),
    ("a in 5 m", "bad-duration", "5 m", ["5min", "5mo"]),
    ("a in 1.5h", "bad-duration", "1.5h", ["90min"]),
    ("a in 90 mins", "bad-duration", "90 mins", ["90min"]),
    ("a in 2hrs", "bad-duration", "2hrs", ["2h"]),
    ("a in 007d", "bad-duration", "007d", ["7d"]),
    ("x > 1,00", "bad-number", "1,00", ["1.00", "100"]),
    ("x > 1.000.000", "bad-number", "1.000.000", ["1,000,000"]),
    ("x > 1.234,56", "bad-number", "1.234,56", ["1,234.56"]),
    ("x > 1,000,00", "bad-number", "1,000,00", ["100,000"]),
    ("x > 007", "bad-number", "007", ["7"]),
    ("x 000", "bad-number", "000", ["0"]),
    ("x > €1.000", "bad-money", "€1.000", ["€1,000", "€1.00"]),
    ("x > 1.000 EUR", "bad-money", "1.000 EUR", ["1,000 EUR", "1.00 EUR"]),
    ("x > $1,00", "bad-money", "$1,00", ["$1.00", "$100"]),
    ("x > 100 eur", "bad-money", "100 eur", ["100 EUR"]),
    ("x > 100 €", "bad-money", "100 €", ["€100"]),
    ("x > 100€", "bad-money", "100€", ["€100"]),
    ("size in (100,200)", "bad-number", "100,200", ["100, 200", "100200"]),
    ("size in (1,000, 2)", "bad-number", "1,000", ["1000"]),
    ("within 5 km of (52,104)", "bad-number", "52,104", ["52, 104"]),
    ("d is 28-11-2025", "bad-date", "28-11-2025", ["2025-11-28"]),
    ("d is 03/04/2025", "bad-date", "03/04/2025", ["2025-04-03", "2025-03-04"]),
    ("d is 2025/11/28", "bad-date", "2025/11/28", ["2025-11-28"]),
    ("d is 2025-02-30", "bad-date", "2025-02-30", ["2025-02-28"]),
    ("d is 2023-02-29", "bad-date", "2023-02-29", ["2023-02-28"]),
    ("country is “NL”", "stray-character", "“NL”", ['"NL"']),
    ("country is ‘NL’", "stray-character", "‘NL’", ['"NL"']),
    ('country is "NL', "unclosed-quote", '"NL', ['"NL"']),
    ("country is 'NL", "unclosed-quote", "'NL", ["'NL'"]),
    ("a && b", "stray-character", "&&", ["and"]),
    ("a || b", "stray-character", "||", ["or"]),
    ("x ≥ 5", "stray-character", "≥", [">="]),
    ("x == 5", "syntax", "==", ["="]),
    ("x <> 5", "syntax", "<>", ["!="]),
    ("x => 5", "syntax", "=>", [">="]),
    ("x =< 5", "syntax", "=<", ["<="]),
    ("a in the last quarter", "bad-window", "in the last quarter", ["last quarter", "in the last 3 months"]),
    ("a in last month", "bad-window", "in last month", ["last month", "in the last month"]),
    ('"a" in last quarter', "bad-window", "in last quarter", ["last quarter", "in the last 3 months"]),
    ("a at least 3 days ago", "bad-window", "at least 3 days ago", ["more than 3 days ago"]),
    ("a at most 3 days ago", "bad-window", "at most 3 days ago", ["less than 3 days ago"]),
    ("a 3 days ago", "bad-window", "3 days ago",
     ["in the last 3 days", "more than 3 days ago", "on the day 3 days ago"]),
    ("never a for 3 days", "bad-window", "for 3 days", ["in the last 3 days"]),
    ("a since 3 days", "bad-window", "3 days", []),
    ("a within 3d", "misplaced", "within 3d", ["in 3d"]),
    ("a between 5 and 2 times", "descending", "between 5 and 2 times", []),
    ('country in list "EU"', "syntax", 'in list "EU"', ["in EU", "and in list EU"]),
    ('a in segment "X"', "syntax", "in segment", ["and in segment"]),
    ("a then b within 2mo", "bad-duration", "2mo", []),
    ("a where total = 5 2", "bad-count", "2", ["2 times"]),
    ("in list Newsletter in 30d", "misplaced", "in 30d", []),
    ('email contains 5', "syntax", "5", ['"5"']),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "underlined", "replacements"), REPLACED, ids=[r[0] for r in REPLACED])
def test_hints_can_be_pasted(text: str, code: str, underlined: str, replacements: list[str]) -> None:
    problem = problem_of(text)
    assert (problem.code, problem.span.text) == (code, underlined)
    if code != "syntax" or "contains" not in text:
        for replacement in replacements:
            assert re.search(rf"(?<![\w.,]){re.escape(replacement)}(?![\w])", problem.hint), problem.hint
            parse_rule(text[: problem.span.start] + replacement + text[problem.span.end :])
    else:
        assert replacements[0] in problem.hint


# Text, code, the stretch that is underlined, words of the message or the hint.
SAID: list[tuple[str, str, str, str]] = [
    ("", "syntax", "", "nothing here"),
    ("  -- only a comment", "syntax", "", "nothing here"),
    ("a and", "syntax", "", "expected a condition"),
    ("a and and b", "reserved-word", "and", "expected a condition"),
    ("and x", "reserved-word", "and", 'quote the whole name: "and ..'),
    ("d is 2025-11-28T25:00", "bad-date", "2025-11-28T25:00", "from 00 to 23"),
    ("a at least 3 of", "syntax", "at least 3 of", "stands behind the event"),
    ("x between 5 and 2", "descending", "between 5 and 2", "2 and 5"),
    ("(a and b", "syntax", "(", "never closed"),
    ("any of (a, b", "syntax", "(", "never closed"),
    ("a and b)", "syntax", ")", "closes nothing"),
    ("a b c > 5% e", "syntax", "e", "`and`"),
    ("a where b > 100 i", "misplaced", "> 100 i", "no place"),
    ("can receive sms 3 emails", "misplaced", "3 emails", "no place"),
    ("a where b at least 3d later", "misplaced", "at least 3d later", "in a sequence"),
    ("placed order >= 3 times android is true", "syntax", "android", "`and`"),
    ("a, b", "syntax", ",", "joined by words"),
    ("a ; b", "stray-character", ";", "no meaning"),
    ("a \x07 b", "stray-character", "\x07", "U+0007"),
    ('a is "b\ud800"', "stray-character", "\ud800", "half of a letter"),
    ("emoji 🎁 is 1", "stray-character", "🎁", "in double quotes"),
    ("a `b`", "stray-character", "`", "double quotes"),
    ("a sample 10%", "syntax", "sample", "and random"),
    ("let x = 5", "reserved-word", "let", "expected a condition"),
    ("3d printer is true", "syntax", "3d", 'quoted as a whole: "3d ..'),
    ("x is 10:00", "bad-date", "10:00", "day before it"),
    ("x is 2025-11-28T10", "bad-date", "2025-11-28T10", "2025-11-28T10:00"),
    ("x is 2025-13-01", "bad-date", "2025-13-01", "01 to 12"),
    ("d between 2025-01-01 and 2025-01-02T10:00", "bad-date", "between 2025-01-01 and 2025-01-02T10:00", "two dates"),
    ("a in -5d", "bad-duration", "-5d", "not negative"),
    ("a at least -1 times", "bad-count", "-1", "not negative"),
    ("a 2.5", "bad-count", "2.5", "whole"),
    ("top 0% by x", "bad-number", "0%", "more than 0%"),
    ("top 101% by x", "bad-number", "101%", "at most 100%"),
    ("random 0.00001%", "bad-number", "0.00001%", "4 decimals"),
    ("random 10", "syntax", "10", "a share"),
    ("x > the 101st percentile", "bad-number", "the 101st percentile", "1 to 100"),
    ("x > " + "9" * 31, "bad-number", "9" * 31, "30 digits"),
    ("within 5 km of (100.5, 4)", "bad-number", "(100.5, 4)", "latitude"),
    ("at least 18", "syntax", "", "expected"),
    ('"" is 5', "syntax", '""', "never empty"),
    ("a in 30d in 60d", "doubled-part", "in 60d", "two windows"),
    ("a once twice", "doubled-part", "twice", "two numbers of times"),
    ("a where (b) where (c)", "doubled-part", "where (c)", "one: where"),
    ("a is 1 is 2", "doubled-part", "is 2", "two comparisons"),
    ("can receive sms at least twice", "misplaced", "at least twice", "no place"),
    ("can receive sms because x because y", "doubled-part", "because y", "two reasons"),
    ("a where can receive sms", "misplaced", "can receive sms", "properties of the event"),
    ("in segment X in 30d", "misplaced", "in 30d", "no place"),
    ("a because b", "misplaced", "because b", "no place"),
    ("a of segment B", "misplaced", "of segment B", "the average"),
    ("top 10% by a at least twice", "misplaced", "top 10% by a at least twice", "measure"),
    ("a then b in 30d", "misplaced", "in 30d", "a in 30d"),
    ("a then b at least twice", "misplaced", "at least twice", "no number of times"),
    ("a then b > 5", "misplaced", "> 5", "`where`"),
    ("a within 3d then b", "misplaced", "3d", "first step"),
    ("a then b followed by c", "syntax", "followed by", "then"),
    ("a followed by b followed by c", "syntax", "followed by", "then"),
    ("a then can receive sms", "misplaced", "can receive sms", "events"),
    ("signup date not in the last 30 days", "syntax", "not in ", "before the whole condition"),
    ("entered segment X in the last recently", "bad-duration", "recently", "30 days"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "underlined", "said"), SAID, ids=[s[0][:40] for s in SAID])
def test_errors_say_what_is_wrong(text: str, code: str, underlined: str, said: str) -> None:
    problem = problem_of(text)
    assert (problem.code, problem.span.text) == (code, underlined)
    assert said in f"{problem.message}\n{problem.hint}"
    assert not re.search(r"\b[A-Z]+_[A-Z]+\b|RPAR|COMMA|\$END", f"{problem.message} {problem.hint}")


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("a and b or c", ["(a and b) or c", "a and (b or c)"]),
        ("a or b and c", ["a or (b and c)", "(a or b) and c"]),
        ('a and "b or" or  not -- c\n (d or e)', ['(a and "b or") or not (d or e)', 'a and ("b or" or not (d or e))']),
        ("a and b or c and d", ["(a and b) or (c and d)", "a and (b or c) and d"]),
    ],
)
def test_mixed_and_or_shows_both_readings(text: str, readings: list[str]) -> None:
    problem = problem_of(text)
    assert problem.code == "mixed-and-or"
    assert problem.hint.split("\n")[1:] == readings
    trees = [parse_rule(reading) for reading in readings]
    assert trees[0] != trees[1]


def test_mixed_and_or_inside() -> None:
    for text in ("x and (a and b or c)", "e where (a and b or c)", "e where any item (a and b or c)"):
        problem = problem_of(text)
        assert problem.code == "mixed-and-or"
        assert problem.span.text == "a and b or c"
    parse_rule("a between 1 and 2 or b")
    parse_rule("a where (b and c) or d")


def test_sample_is_a_clause_of_a_definition() -> None:
    parse_definitions('segment "X" = a and b sample 10% or at least 5')
    for wrong in ('segment "X" = (a sample 10%)', 'segment "X" = a sample 0%', 'segment "X" = a sample 10% or b'):
        with pytest.raises(SegQLError):
            parse_definitions(wrong)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("let", "syntax"),
        ("let x 5", "syntax"),
        ("let x = y", "syntax"),
        ("nonsense", "syntax"),
        ('segment "X"', "syntax"),
        ('segment "X" =', "syntax"),
        ('segment "X" (a) = b', "syntax"),
        ('segment "X" (a = ) = b', "syntax"),
        ("segment = a", "syntax"),
    ],
)
def test_broken_definitions(text: str, code: str) -> None:
    with pytest.raises(SegQLError) as error:
        parse_definitions(text)
    (problem,) = error.value.problems
    assert problem.code == code


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("a 2 or 3 times", ["a between 2 and 3 times"]),
        ("a 2 or 5 times", []),
        ("a not in list x", ["a and not in list x"]),
        ('a not like "p%"', ['a does not match "p*"']),
        ('a is not "x", "y"', ['a not in ("x", "y")']),
        ("100 < a b", ["a b > 100"]),
        ("a <= today", ["a before tomorrow"]),
        ("a then never b", ["a not followed by b"]),
        ("a then never b then c", ["a then no b then c"]),
        ("(a or b", ["(a or b)"]),
        ("a is 'x and b", []),
        ("a + 50 > 100", []),
    ],
)
def test_a_fix_keeps_the_meaning(text: str, mended: list[str]) -> None:
    assert [fix.applied(text) for fix in problem_of(text).fixes] == mended
