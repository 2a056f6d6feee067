"""Patterns of other languages, SQL's LIKE and regular expressions, in a text that is taken as it stands."""

from __future__ import annotations

import re
from dataclasses import replace

from .. import ast, regex
from ..conditions import Field, Type
from ..errors import Fix
from ..formatter import format as format_
from ..source import Span
from .scope import Scope, fail

_URL = r"(?!(?=.?[0-9])[0-9A-Fa-f]{2})"
"""Behind a `%` that is none of a URL's, such as `%20`."""
_SIGNS = {
    "%": re.compile(rf"%{_URL}[\w@.*?+-]|.*(?:[^\W\d]|[@.*?-])%{_URL}", re.DOTALL),
    ".*": re.compile(r"\.\*|\^.*\.\*|.*\.\*.*\$\Z", re.DOTALL),
    ".+": re.compile(r".*\.\+", re.DOTALL),
    "^": re.compile(r"\^[^\W_]"),
    "$": re.compile(r"[^*?]*[^\W_]\$\Z"),
    "\\": re.compile(r".*\\(?:[.@+-]|[dwsb](?!\w))", re.DOTALL),
    "[": re.compile(r".*\[(?:\^|a-z|A-Z|0-9)", re.DOTALL),
}
"""The sign that shows that a text was meant as a pattern, and texts that begin so.

No pattern is what ends in `20%`, or the `.*` of `file.*` where `*` is a sign already.
"""
_STAR = re.compile(r"\*(?:[^\W\d]|[@.+-])|.*(?:[^\W\d]|[@.])\*|.*\.\*", re.DOTALL)
_REGULAR = {".*", ".+", "^", "$", "\\", "["}

HELP = "`matches` knows two signs, for the whole text: `*` for any letters, `?` for one"


def taken_as_they_stand(scope: Scope, field: Field, subject: ast.Subject) -> None:
    """A hint where a text of the comparison is a pattern of another language, with SegQL's spelling of it."""
    given = subject.comparison
    texts: list[ast.Text]
    match given:
        case ast.Compare(op="=" | "!=", right=ast.Text() | ast.Name() as one) if field.type is Type.TEXT:
            how, texts = "is", _texts(scope, one)
        case ast.Like(how="matches regex") | ast.IncludesLike(like="matches regex"):
            return
        case ast.Like(how=how, pattern=one) | ast.IncludesLike(like=how, pattern=one):
            texts = _texts(scope, one)
        case ast.In(values=values) if field.type is Type.TEXT:
            how, texts = "is", _texts(scope, *values)
        case ast.Includes(values=values) if field.type is Type.TEXTS:
            how, texts = "includes", _texts(scope, *values)
        case _:
            return
    signs = {text: sign for text in texts if (sign := sign_of(how, text.value))}
    if not signs:
        return
    place, sign = next(iter(signs.items()))
    if how == "includes":
        scope.note(
            "hint", "no-pattern", said(how, sign), place.span, "an element is compared as a whole: list the values"
        )
        return
    fix = _fix(subject, how, signs)
    scope.note("hint", "no-pattern", said(how, sign), place.span, "say" if fix else HELP, *([fix] if fix else ()))


def regular(text: str, span: Span) -> None:
    """Raises SegQLError where a text is no regular expression on which all engines agree."""
    try:
        regex.read(text)
    except regex.NoRegex as error:
        part = text[error.start : error.end]
        where = f"`{part}`: " if 0 < len(part) < len(text) else ""
        fail("bad-regex", f"{where}{error}", span,
             "known are signs, `.`, `[a-z]`, `[^0-9]`, `(a|b)`, `*`, `+`, `?`, `{2,5}`, `^`, `$`")  # fmt: skip


def said(how: str, sign: str) -> str:
    """What SegQL makes of the sign."""
    if how == "matches" and sign == ".*":
        return "`.` stands for itself here, and `*` alone is any letters."
    return f"`{sign}` is no pattern here: it stands for itself."


def _texts(scope: Scope, *operands: ast.Literal_ | ast.Name) -> list[ast.Text]:
    """The texts among them, also those of parameters, `let`s and constants."""
    values = [scope.value(one) if isinstance(one, ast.Name) else one for one in operands]
    return [value for value in values if isinstance(value, ast.Text)]


def sign_of(how: str, text: str) -> str | None:
    """The sign by which a text seems to be a pattern that SegQL does not know there."""
    if not any(map(str.isalnum, text)):
        return "%" if how == "matches" and "%" in text else None
    found = next((sign for sign, pattern in _SIGNS.items() if pattern.match(text)), None)
    if found in ("^", "$", "\\", "[") and how in ("is", "includes"):
        return None
    if found == "$" and how != "matches" and not text[-2].islower():  # an amount in US$
        return None
    if found is None and how != "matches" and _STAR.match(text):
        return ".*" if ".*" in text else "*"
    return found


def _fix(subject: ast.Subject, how: str, signs: dict[ast.Text, str]) -> Fix | None:
    """The condition with SegQL's spelling; none for the value of a name, and where SegQL cannot say it."""
    given = subject.comparison
    match given:
        case ast.In(values=values, negated=negated) if isinstance(subject.head, ast.Name | ast.DatePart):
            plain = tuple(value for value in values if value not in signs)
            meant = [spelled(how, one.value, sign, negated) for one, sign in signs.items() if one in values]
            if len(plain) + len(meant) < len(values) or None in meant:
                return None
            each = [replace(subject, comparison=one, comments=()) for one in meant]
            if plain:
                rest = replace(given, values=plain) if plain[1:] else ast.Compare("!=" if negated else "=", plain[0])
                each.append(replace(subject, comparison=rest, comments=()))
            if len(each) == 1:
                return Fix(subject.span, format_(each[0]))
            return Fix(subject.span, f"({format_(ast.All(tuple(each)) if negated else ast.AnyOf(tuple(each)))})")
        case ast.Compare(op=op, right=ast.Text() as one):
            found = spelled(how, one.value, signs[one], op == "!=")
        case ast.Like(pattern=ast.Text() as one, negated=negated):
            found = spelled(how, one.value, signs[one], negated)
        case _:
            return None
    if found is None:
        return None
    text = format_(ast.Subject(ast.Name("x"), comparison=found)).removeprefix("x ")
    assert given is not None
    return Fix(given.span, text)


def spelled(how: str, text: str, sign: str, negated: bool) -> ast.Like | ast.Compare | None:
    """The comparison that a pattern means, in SegQL's words; None where SegQL has none for it."""
    single = how == "matches" and sign not in _REGULAR
    """Whether `?` and `*` are signs of the text already."""
    glob = _glob(text, sign, single)
    if glob is None:
        return None
    anchored = sign in _REGULAR and (text.startswith("^") or text.endswith("$"))
    if how == "ends with" or (how == "contains" and not anchored):
        glob = f"*{glob}"
    if how == "starts with" or (how == "contains" and not anchored):
        glob = f"{glob}*"
    glob = re.sub(r"\*+", "*", glob)
    core = glob.strip("*")
    wild = "?" in core and (single or sign in _REGULAR)
    if not core:
        return None
    if "*" in core or wild:
        return None if "?" in core and not wild else ast.Like("matches", ast.Text(glob), negated)
    if glob.startswith("*") and glob.endswith("*"):
        return ast.Like("contains", ast.Text(core), negated)
    if glob.startswith("*"):
        return ast.Like("ends with", ast.Text(core), negated)
    if glob.endswith("*"):
        return ast.Like("starts with", ast.Text(core), negated)
    if how == "is":
        return ast.Compare("!=" if negated else "=", ast.Text(core))
    return None if "?" in core else ast.Like("matches", ast.Text(core), negated)


def _glob(text: str, sign: str, single: bool) -> str | None:
    """The pattern with `*` for any letters; None where another of its signs cannot be said."""
    if sign == "*":
        return text
    if sign == "%":
        return None if "*" in text and not single else text.replace("%", "*")
    # A regular expression fits anywhere, but where it says that the text begins or ends. `.*x` alone is of all of it.
    anywhere = text.startswith("^") or text.endswith("$") or ".*" not in text
    before = "*" * (anywhere and not text.startswith("^"))
    after = "*" * (anywhere and not text.endswith("$"))
    text = text.removeprefix("^").removesuffix("$")
    literal = re.sub(r"\.\*|\.\+|\\[.@+-]", "", text)
    if re.search(r"[\\*+?\[\](){}|^$]", literal):
        return None
    text = re.sub(r"\\([.@+-])", r"\1", text.replace(".*", "*").replace(".+", "?*"))
    return f"{before}{text}{after}"
