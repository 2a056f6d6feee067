"""What a text is taken for that is wrong as a rule: the one reading that it has as English, or all of them as helps."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import cache

from .. import ast, optimizer, parser, trial
from ..binder import Bound
from ..calendar import local_day, zone_of
from ..catalog import Catalog
from ..conditions import All, AnyOf, Condition, Not, Tree
from ..errors import Fix, Problem, SegQLError
from ..formatter import format as format_
from ..segments import Segments
from ..source import Span
from . import shared
from .chart import charted
from .clauses import Known
from .rewording import in_currency
from .said import Said
from .whole import alike, nearest, readings

_LONGEST = 300
"""Letters of a sentence that is read."""

_COMMENT = re.compile(r"--|#")
"""What may begin a comment; a text without one is a rule from end to end, whatever its tree begins with."""

_AT_ODDS = re.compile(
    r"\bnot (?:\w+ )?(?:only|just|merely|solely|exclusively)\b(?! (?:once|twice|one|two|\d))"
    r"|\b(?:only|just|exactly) (?:at least|at most|no more than|no less than|more than|less than|fewer than|about)\b"
    r"|\bexactly (?:\w+ ){1,2}or (?:more|less|fewer)\b|\b(?:about|around|roughly|almost|nearly) (?:once|twice)\b",
    re.IGNORECASE,
)
"""Words that stand against each other, or of which no reading keeps what they say."""

_UNREAD = ("unknown-name", "unquoted-text")
"""Codes of words that nobody knows: they may be texts."""

_LOST = (*_UNREAD, "syntax", "reserved-word", "misplaced", "not-an-event", "bad-money", "bad-count")
"""Codes of what was not understood at all: other words may have been meant."""

Bind = Callable[[ast.Rule | ast.Segment], Bound]


def taken(
    error: SegQLError,
    given: ast.Rule | ast.Segment | None,
    bind: Bind,
    segments: Segments,
    catalog: Catalog,
    *,
    now: datetime,
) -> ast.Rule:
    """The rule that a sentence says, where it has one reading that is sure, and the helps of its error have no other.

    `given` is the rule, where the text was read as one. In a file of segments nothing is taken. Raises SegQLError with
    what is wrong, and the fixes that hold: of the whole sentence, where it has readings.
    """
    if given is None:
        problems = trial.read(error.problems, catalog, bind)
    else:
        problems = trial.bound(error.problems, given, bind, segments)
    source, alone = problems[0].span.source, not isinstance(given, ast.Segment)
    whole = Span(source, 0, len(source.text))
    if isinstance(given, ast.Segment):
        whole = given.rule.span
    elif given is not None and _COMMENT.search(source.text):
        whole = given.span
    text = whole.text
    if not text.strip() or len(text) > _LONGEST:
        raise SegQLError(problems) from None

    @cache
    def bound(said: str) -> Bound | None:
        try:
            found = bind(parser.parse_rule(said))
        except SegQLError:
            return None
        return None if any(note.code == "not-each-year" for note in found.notes) else found

    def holds(one: str) -> bool:
        return bound(one) is not None

    if _AT_ODDS.search(text):
        raise SegQLError(problems) from None
    known = Known(catalog, segments, holds, local_day(now, zone_of(catalog.timezone)))
    said = read = readings(text, known)
    vague = ("say of what", "did you mean") if said else "say of what"
    is_left = not said and not _mended(problems, whole, bound)
    phrases = charted(text, known) if is_left else ()
    if phrases and phrases[0].sure:
        said, vague = phrases, ("say of what", "did you mean")
    if not said and any(one.code in _LOST for one in problems):
        said = _in_our_currency(text, known)
    if not said and any(one.code in _LOST and not one.fixes for one in problems):
        loose = any(one.code in _UNREAD and not one.leads_on for one in problems)
        said = nearest(text, known, loose, phrases)
    elif not said:  # words that say just the same are not asked for
        said = alike(text, known)
        vague = ("say of what", "did you mean") if said else vague
    if not said and is_left:
        said = phrases or charted(text, known, loose=True)
        vague = ("say of what", "did you mean")
    if not said:
        raise SegQLError(problems) from None
    meanings: dict[object, Fix] = {}
    of_nobody: dict[object, Fix] = {}
    sures: set[object] = set()
    for one in said:
        found = bound(one.text)
        assert found is not None
        shown = _line(_canonical(found, one.text))
        meant = optimizer.optimize(found.rule)
        if _is_nobody(found):
            if one in read:
                note = "; ".join(filter(None, (one.note, "which nobody fulfils")))
                of_nobody.setdefault(shown, Fix(whole, shown, note))
            continue
        meanings.setdefault(meant, Fix(whole, shown, one.note))
        if one.sure:
            sures.add(meant)
        elif (then := shared.in_that_time(shown)) and (found := bound(then)) is not None:
            note = "; ".join(filter(None, (one.note, "in that time")))
            meanings.setdefault(optimizer.optimize(found.rule), Fix(whole, _line(_canonical(found, then)), note))
    meanings = meanings or of_nobody
    if not meanings:
        raise SegQLError(problems) from None
    # A value alone may be said of anything, and a name be merely alike; a sentence says what it says.
    offered = {} if problems[0].words.startswith(vague) else _offered(problems, whole, bound)
    sure = sures >= set(meanings) and alone
    if len({**meanings, **offered}) == 1 and sure:
        return parser.parse_rule(next(iter(meanings.values())).text)
    if offered and (
        set(meanings) <= set(offered) or not ((sures and alone) or _goes_with(said, set(meanings), set(offered)))
    ):
        raise SegQLError(problems) from None
    first = problems[0]
    fixes = tuple({**meanings, **offered}.values())
    words = "say which:" if len(fixes) > 1 else "say"
    raise SegQLError([replace(first, span=whole, words=words, fixes=fixes)]) from None


def _in_our_currency(text: str, known: Known) -> tuple[Said, ...]:
    """What it says with its amounts in the catalog's currency."""
    for written, note in in_currency(text, known.catalog.currency):
        said = (Said(written),) if known.takes(written) else readings(written, known) or charted(written, known)
        return tuple(one.unsure(note) for one in said)
    return ()


def _is_nobody(found: Bound) -> bool:
    """Whether some conditions together are such that nobody fulfils them: no person says so."""
    return _joins(found.rule) and any(one.code == "never-true" for one in optimizer.warnings(found.rule))


def _joins(rule: Tree[Condition]) -> bool:
    match rule:
        case All():
            return True
        case AnyOf(parts=parts):
            return any(map(_joins, parts))
        case Not(part=part):
            return _joins(part)
        case _:
            return False


def _goes_with(said: tuple[Said, ...], meanings: set[object], offered: set[object]) -> bool:
    """Whether what helps offer is among what a sentence says; of several conditions some may be."""
    return offered <= meanings or (any(one.join for one in said) and bool(offered & meanings))


_SPACES = re.compile(r"(?P<text>\"(?:[^\"]|\"\")*\")|(?P<open>\()\s+|\s+(?P<close>\))|\s+")


def _canonical(found: Bound, text: str) -> str:
    """The canonical text of a rule that was bound."""
    assert not isinstance(found.said, ast.Segment)
    return format_(found.said or parser.parse_rule(text))


def _line(text: str) -> str:
    """A canonical text in one line, so that a shown line can be pasted."""
    return _SPACES.sub(lambda found: found["text"] or found["open"] or found["close"] or " ", text)


def _mended(problems: tuple[Problem, ...], whole: Span, bound: Callable[[str], Bound | None]) -> bool:
    """Whether helps of all that is wrong make a rule of the whole text."""
    text, before = whole.source.text, len(whole.source.text)
    for one in sorted(problems, key=lambda one: -one.span.start):
        if not one.fixes or one.fixes[0].span.end > before:
            return False
        fix = one.fixes[0]
        text, before = text[: fix.span.start] + fix.text + text[fix.span.end :], fix.span.start
    return bound(text[whole.start : len(text) - (len(whole.source.text) - whole.end)]) is not None


def _offered(problems: tuple[Problem, ...], whole: Span, bound: Callable[[str], Bound | None]) -> dict[object, Fix]:
    """What the helps of a single problem make of the whole sentence, where that is a rule."""
    found: dict[object, Fix] = {}
    for fix in problems[0].fixes if len(problems) == 1 else ():
        text = fix.applied(whole.source.text)[whole.start : whole.end + len(fix.text) - len(fix.span.text)]
        if (meant := bound(text)) is not None and not _is_nobody(meant):
            shown = _line(_canonical(meant, text))
            found.setdefault(optimizer.optimize(meant.rule), Fix(whole, shown, fix.note))
    return found
