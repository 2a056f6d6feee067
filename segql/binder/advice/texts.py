"""Words before a quoted text: `country matches regexp "x"`, `tags include a tag containing "x"`."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from ... import ast
from ...catalog import fold
from ...conditions import Field, Type
from ...errors import Fix
from ...formatter import format as format_
from ..scope import instead

_REGEX = {"regex", "regexp", "expression", "re"}
_TESTS: dict[str, Literal["contains", "starts with", "ends with", "matches"]] = {
    "contain": "contains", "start": "starts with", "end": "ends with", "match": "matches",
}  # fmt: skip
_ALONE = {"a", "an", "the", "text", "word", "words", "string", "value", "letters", "phrase", "of", "with"}
"""What says nothing of a text."""


def said_with_words(field: Field, name: ast.Name, subject: ast.Subject) -> tuple[str, *tuple[Fix, ...]]:
    """The help, for a name of words and a quoted text where one value is wanted of a text or of a list of texts."""
    assert name.quoted is not None
    words, text = fold(name.words).split(), ast.Text(name.quoted)
    given: ast.Comparison | None = subject.comparison
    said: ast.Comparison | None = None
    negated = bool(getattr(given, "negated", False) or (isinstance(given, ast.Compare) and given.op == "!="))
    how = next((how for word in words for begins, how in _TESTS.items() if word.startswith(begins)), None)
    like: ast.Like | None = ast.Like(how, text, negated) if how else None
    if _REGEX & set(words) and (like or isinstance(given, ast.Like | ast.Compare)):
        like = ast.Like("matches regex", text, negated)
    if set(words) & {"not", "no", "never"}:
        return ("say `not` before the whole condition",)
    if field.type is Type.TEXT and isinstance(given, ast.Like | ast.Compare):
        said = like
    elif field.type is Type.TEXTS and isinstance(given, ast.Includes) and like:
        said = ast.IncludesLike("any", like.how, text, negated)
    if said is not None:
        return "say", instead(subject, replace(subject, comparison=said, comments=()))
    if set(words) <= _ALONE:
        return "leave them out:", Fix(name.span, format_(text))
    return ("a text is quoted as a whole",)
