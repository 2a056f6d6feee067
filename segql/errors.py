"""What can be wrong with a rule or a catalog, said to a person: a stable code, a sentence, a place and the fix."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Literal, get_args

from .plain import dataclass
from .source import NOWHERE, Span

Severity = Literal["error", "warning", "hint"]

# Every code has its meaning in codes.py and a case in tests/errors/: docs/errors.md is made of these.
Code = Literal[
    # text
    "syntax",
    "mixed-and-or",
    "reserved-word",
    "unclosed-quote",
    "stray-character",
    "bad-number",
    "bad-money",
    "bad-duration",
    "bad-date",
    "bad-regex",
    "doubled-part",
    "too-long",
    "too-deep",
    "too-many-conditions",
    # catalog
    "catalog-file",
    "catalog-yaml",
    "duplicate-key",
    "unknown-key",
    "missing-key",
    "wrong-value",
    "conflicting-keys",
    "unknown-zone",
    "unknown-currency",
    "unknown-dialect",
    "unknown-reference",
    "bad-sql",
    "event-cycle",
    "reserved-name",
    "name-clash",
    "missing-tenant",
    "wrong-tenant",
    # the binder, on names
    "unknown-name",
    "ambiguous-name",
    "unquoted-text",
    "duplicate-name",
    "hides-name",
    "cycle",
    "bad-metric",
    "bad-constant",
    "unreadable",
    # the binder, on types, windows and quantities
    "wrong-type",
    "wrong-currency",
    "not-an-event",
    "not-a-measure",
    "item-property",
    "no-items",
    "no-reason",
    "no-time",
    "incomplete",
    "misplaced",
    "descending",
    "bad-count",
    "bad-window",
    "future-window",
    "past-or-future",
    "impossible-value",
    "whose-property",
    "window-on-first",
    "window-on-last",
    "window-on-one-side",
    "denial-on-first",
    "first-of-window",
    "exactly",
    "includes-never",
    "leaves-out-never",
    "no-consent",
    "not-each-year",
    "no-pattern",
    "unknown-value",
    "comes-back",
    "tied",
    "not-yet-visible",
    # optimiser
    "never-true",
    "always-true",
    "no-effect",
    # the dialects
    "not-in-dialect",
    # evaluator
    "shop-row",
    # the catalog against the warehouse
    "missing-table",
    "missing-column",
    "column-type",
    "naive-time",
    "not-unique",
    "null-key",
    "join-multiplies",
    "unknown-profiles",
    "name-never-occurs",
    "items-never-occur",
    "beyond-slack",
    "several-ids",
    "other-currency",
    "off-calendar",
    "quoted-name",
    "collation",
    "hiding-column",
    "warehouse-sql",
    "layout",
    "undeclared",
    # the rules of other programs
    "foreign-document",
]
CODES: tuple[str, ...] = get_args(Code)


@dataclass(frozen=True, slots=True)
class Fix:
    """What mends a problem: `text` in the place of `span`. `note` says which reading it is, where there are several.

    One that is `sure` says what stands there, which has no other reading: alone, it is taken as it is.
    """

    span: Span
    text: str
    note: str = ""
    sure: bool = False

    @property
    def shown(self) -> str:
        """The text without the spaces that keep it apart from its neighbours."""
        return self.text.strip()

    def applied(self, text: str) -> str:
        """The text that the span is of, mended."""
        return text[: self.span.start] + self.text + text[self.span.end :]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong (or worth saying), where, and how to mend it.

    Several `fixes` are several readings: one of them is meant. `words` lead to them, and are all of the help where
    there are none. `open` says of such that they lead nowhere: whoever knows more may have another help.
    """

    code: Code
    message: str
    span: Span
    words: str = ""
    severity: Severity = "error"
    fixes: tuple[Fix, ...] = ()
    open: bool = False

    @property
    def leads_on(self) -> bool:
        """Whether the help says what to do."""
        return bool(self.fixes) or bool(self.words and not self.open)

    @property
    def hint(self) -> str:
        """The help as text, empty when there is none: the words, with the texts of the fixes in their first line."""
        if not self.fixes:
            return self.words
        lead, *rest = self.words.split("\n")
        return "\n".join([_with_fixes(lead, self.fixes), *rest])

    @property
    def line(self) -> int | None:
        """The line of its place in the source, from 1; None for what stands in no text."""
        return self.span.source.position(self.span.start)[0] if self._placed else None

    @property
    def column(self) -> int | None:
        """The column in that line, from 1, in code points."""
        return self.span.source.position(self.span.start)[1] if self._placed else None

    @property
    def _placed(self) -> bool:
        source = self.span.source
        return bool(source.text) or source.name != NOWHERE.source.name

    def to_dict(self) -> dict[str, Any]:
        """The problem for machines, as JSON can hold it; `fixes` count in code points from the start of the source."""
        return {
            "code": self.code, "severity": self.severity, "message": self.message, "hint": self.hint,
            "file": self.span.source.name if self._placed else None, "line": self.line, "column": self.column,
            "fixes": [{"start": fix.span.start, "end": fix.span.end, "text": fix.text} for fix in self.fixes],
        }  # fmt: skip

    def without_fixes(self) -> Problem:
        """What is left to say when no fix holds: the words that did not lead to one."""
        return replace(self, words="\n".join(self.words.split("\n")[1:]), fixes=()) if self.fixes else self

    def __str__(self) -> str:
        return render(self)


def problem(code: Code, message: str, span: Span, words: str = "", *fixes: Fix | str) -> Problem:
    """An error. A fix that is a text alone goes in the place of the span."""
    found = tuple(fix if isinstance(fix, Fix) else Fix(span, fix) for fix in fixes)
    return Problem(code, message, span, words, fixes=tuple(dict.fromkeys(found)))


_OF_SEVERAL = {"Write": "Write one of these:"}
_OF_ONE = {"say which:": "say"}
"""How the words that lead to one fix lead to several, and the other way round: of several, one may be left."""


def _with_fixes(lead: str, fixes: tuple[Fix, ...]) -> str:
    lead = (_OF_SEVERAL if len(fixes) > 1 else _OF_ONE).get(lead, lead)
    if len(fixes) > 1 and lead.endswith(":"):
        return "\n".join([lead, *(f"{fix.shown}   -- {fix.note}" if fix.note else fix.shown for fix in fixes)])
    *others, last = [f"`{fix.shown}`" + f" ({fix.note})" * bool(fix.note) for fix in fixes]
    said = f"{', '.join(others)} or {last}" if others else last
    return f"{lead.removesuffix('?')} {said}{'?' * lead.endswith('?')}".lstrip()


class SegQLError(Exception):
    """Everything that is wrong with one input, at once. `problems` holds at least one error."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n\n".join(render(p) for p in self.problems)


def wrong_type(argument: str, wanted: str, given: object) -> TypeError:
    """The error for an argument of a wrong type, by its name."""
    try:
        said = f"{given!r:.60} ({type(given).__name__})"
    except (ValueError, RecursionError):  # thousands of digits, a list in itself
        said = f"a {type(given).__name__}"
    return TypeError(f"`{argument}` is {wanted}, not {said}")


def expect(argument: str, wanted: str, given: object, *types: type) -> None:
    """Raises TypeError, by the argument's name, for what is of none of the types."""
    if not isinstance(given, types):
        raise wrong_type(argument, wanted, given)


_LONG = re.compile(r"`[^`]{160,}`")
"""What a message quotes of a rule, where nobody would read it to its end."""
_LONGEST = 160
"""Letters of a rule's line that are shown."""


def render(problem: Problem) -> str:
    """The problem as text: sentence, place, the line with a caret underline, the fix."""
    span, lines = problem.span, []
    message = _LONG.sub(lambda quoted: f"{quoted[0][:60]}…`", problem.message)
    lines.append(f"{problem.severity}[{problem.code}]: {message}")
    if not span.source.text:
        if span.source.name != NOWHERE.source.name:
            lines.append(f" --> {span.source.name}")
    else:
        number, column = span.source.position(span.start)
        line = span.source.line(number)
        length = max(1, min(span.end, span.start - column + 1 + len(line)) - span.start)
        shown, offset = _clip(line, column - 1)
        margin = " " * len(str(number))
        before = "".join(" " * _width(c) for c in shown[:offset])
        carets = "^" * max(1, sum(_width(c) for c in shown[offset : offset + length]))
        lines.append(f"{margin}--> {span.source.name}:{number}:{column}")
        lines.append(f"{margin} |")
        lines.append(f"{number} | {shown}")
        lines.append(f"{margin} | {before}{carets}")
    if problem.hint:
        first, *rest = problem.hint.split("\n")
        lines.append(f"  help: {first}")
        lines.extend(f"        {line}" for line in rest)
    return "\n".join(lines)


def _clip(line: str, start: int) -> tuple[str, int]:
    """A long line cut to a stretch around the place, tabs and odd marks as spaces."""
    line = "".join(" " if unicodedata.category(c) in ("Cc", "Zs") else c for c in line)
    if len(line) <= _LONGEST:
        return line, start
    left = max(0, min(start - 40, len(line) - _LONGEST))
    return ("…" if left else "") + line[left : left + _LONGEST] + "…", start - left + bool(left)


def _width(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
