"""What is wrong with a text that Shopify's grammar does not take, and what to write."""

from __future__ import annotations

import re

from lark import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from ...errors import Fix, Problem, problem
from ...source import Source, Span

_SAID = {
    "COMPARE": "a comparison (=, !=, >, >=, <, <=)", "NAME": "a name", "STRING": "a text in single quotes",
    "NUMBER": "a number", "DATE": "a date", "$END": "the end", "LPAR": "`(`", "RPAR": "`)`", "COMMA": "a comma",
}  # fmt: skip
_VALUES = {"STRING", "NUMBER", "DATE", "TIME", "OFFSET", "AGO", "NAME"}
_NOT = "there is no NOT of a whole condition: write `!=`, `NOT CONTAINS`, `NOT MATCHES` or `IS NOT NULL`"
_SEVERAL = "write `customer_tags CONTAINS 'a' OR customer_tags CONTAINS 'b'`: IN is for what stands in MATCHES"


def explained(source: Source, error: UnexpectedInput) -> Problem:
    """The problem for where the grammar stopped."""
    text = source.text
    start = len(text) if _at_end(error) else min(error.pos_in_stream or 0, len(text))
    found = re.compile(r"\w[\w.-]*|\S").match(text, start)
    span = Span(source, start, found.end() if found else start)
    return _slip(source, start, span) or _unexpected(span, error, span.text)


def _at_end(error: UnexpectedInput) -> bool:
    return isinstance(error, UnexpectedToken) and error.token.type == "$END"


def _slip(source: Source, start: int, span: Span) -> Problem | None:
    text, rest, word = source.text, source.text[start:], span.text
    if rest.startswith("'") and not re.match(r"'(?:[^'\\]|\\.)*'", rest, re.DOTALL):
        return problem("unclosed-quote", "This text has no end.", Span(source, start, len(text)), "close it with `'`")
    if double := re.match(r'"([^"\n]*)"', rest):
        inner = double[1].replace("\\", "\\\\").replace("'", "\\'")
        whole = Span(source, start, start + double.end())
        return problem("syntax", "Texts stand between single quotes.", whole, "write", f"'{inner}'")
    if rest.startswith('"'):
        return problem("unclosed-quote", "Texts stand between single quotes, and this one has no end.", span)
    if rest.startswith("=") and text[:start].endswith("="):
        both = Span(source, start - 1, start + 1)
        return problem("syntax", "Equal is one sign.", both, "write", "=")
    if rest.startswith(">") and text[:start].endswith("<"):
        return problem("syntax", "Not equal is `!=`.", Span(source, start - 1, start + 1), "write", "!=")
    for sign, meant in (("&&", "AND"), ("||", "OR")):
        if rest.startswith(sign):
            return problem("syntax", f"`{sign}` is written {meant}.", Span(source, start, start + 2), "write", meant)
    if denied := re.search(r"\bNOT\s*$", text[:start], re.IGNORECASE):
        return problem("syntax", "`NOT` is unexpected.", Span(source, denied.start(), denied.start() + 3), _NOT)
    if word.upper() == "IN":
        return problem("syntax", "`IN` is unexpected.", span, _SEVERAL)
    if re.match(r"(like|starts|ends)\b", rest, re.IGNORECASE):
        return problem("syntax", "The segment language has no tests of a part of a text.", span)
    if re.match(r"\d+[dwmy]\b", rest):
        fixes = [Fix(span, f"-{word}", "ago"), Fix(span, f"+{word}", "from today")]
        return problem("bad-date", "An offset has a sign.", span, "write", *fixes)
    run = _run(source, start)
    if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", run.text):
        return problem(
            "bad-number", "Numbers have no separators but the point.", run, "write", run.text.replace(",", "")
        )
    if re.match(r"\d{2,4}[-./]\d{1,2}[-./]\d{1,4}", run.text):
        return problem("bad-date", f"`{run.text}` is no date.", run, "write 2026-05-30 or 2026-05-30T16:00:00")
    return None


def _run(source: Source, start: int) -> Span:
    """The signs around a place that no space parts."""
    before = re.search(r"[^\s()'=<>!]*$", source.text[:start])
    after = re.compile(r"[^\s()'=<>!]*").match(source.text, start)
    assert before is not None
    assert after is not None
    return Span(source, before.start(), after.end())


def _unexpected(span: Span, error: UnexpectedInput, word: str) -> Problem:
    said = f"`{word}` is unexpected." if word else "The query ends too early."
    if isinstance(error, UnexpectedCharacters):
        return problem("stray-character", said, span, _wanted(error.allowed or set()))
    assert isinstance(error, UnexpectedToken)
    return problem("syntax", said, span, _wanted(error.accepts or error.expected))


def _wanted(names: set[str]) -> str:
    if names >= _VALUES:
        names = names - _VALUES | {"a value: a text in single quotes, a number, a date, an offset such as -7d"}
    said = sorted(_SAID.get(name, name) for name in names)
    return f"here may stand {', '.join(said)}" if said else ""
