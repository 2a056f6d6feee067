"""A fix is tried with the catalog before it is shown: the text that it makes parses, and its conditions bind."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache
from itertools import islice
from typing import TypeAlias

from . import ast, parser
from .binder import Bound
from .binder.advice.things import of_people, through
from .catalog import Catalog, fold
from .catalog.forms import bases
from .errors import Fix, Problem, SegQLError
from .fixes import Judge, held, touches
from .formatter import format_name
from .parser.mistakes.slips import mistakes_at
from .segments import Segments, segments_from
from .source import Span
from .words import pattern, spellings, word

Definition: TypeAlias = ast.Rule | ast.Segment

Bind: TypeAlias = Callable[[Definition], Bound]
"""Binds with the catalog at hand. Raises SegQLError."""

_LONGEST = 1_000
"""Characters of a stretch that is tried; where it is longer it is said what is wrong, and no fix is offered."""


_LONGEST_FILE = 20_000
"""The same of a text that holds definitions."""


_MOST = 30
"""Problems of one rule whose fixes are tried: nobody reads further before the first are mended."""

_MOST_SLIPS = 12
"""Slips at one place that are tried."""

_STEPS = 3
"""So many fixes, each of what the one before leaves, can be offered as one."""


_UNREAD = ("unknown-name", "syntax", "reserved-word", "unquoted-text")
"""Codes of what was not understood, so that nobody says what its fixes leave out."""

_HANGS = re.compile(pattern(r"(?:<AND>|<OR>|<BUT>)\s*\Z"), re.IGNORECASE)
"""What a help may not end with."""

Meanings: TypeAlias = dict[Fix, object]
"""What each fix that binds makes of the text around it."""


def bound(problems: Iterable[Problem], given: Definition, bind: Bind, segments: Segments) -> tuple[Problem, ...]:
    """Problems of a rule that was read, in its own text or in that of a segment, with the fixes that hold."""
    meanings: Meanings = {}

    def errors(fix: Fix) -> tuple[Problem, ...] | None:
        home = _home(fix, (given, *segments.segments.values()))
        if home is None:
            return None
        # Only the conditions that the fix is in: the others say what they said before.
        part = _around(home.rule if isinstance(home, ast.Segment) else home, fix.span)
        if part.end - part.start > _LONGEST:
            return None
        end = part.end + len(fix.text) - len(fix.span.text)
        mended = fix.applied(part.source.text)[part.start : end]
        try:
            rule = parser.parse_rule(" " * part.start + mended, start=part.start)
            found = bind(replace(home, rule=rule) if isinstance(home, ast.Segment) else rule)
        except SegQLError as error:
            return error.problems
        meanings[fix] = (part, found.rule)
        return _readings(found)

    return _tried(problems, errors, meanings)


def read(problems: tuple[Problem, ...], catalog: Catalog, bind: Bind) -> tuple[Problem, ...]:
    """Problems of a text that was not read, with fixes that hold in this catalog: also with its own names put in."""
    text = problems[0].span.source.text
    if len(text) > _LONGEST:
        return tuple(problem.without_fixes() for problem in problems)
    meanings: Meanings = {}

    def errors(fix: Fix) -> tuple[Problem, ...]:
        try:
            found = bind(parser.parse_rule(fix.applied(text)))
        except SegQLError as error:
            return error.problems
        meanings[fix] = found.rule
        return _readings(found)

    def quoted(problem: Problem) -> Problem:
        fixes = tuple(
            fix for fix in _quoted(problem, text, catalog) if not any(p.severity == "error" for p in errors(fix))
        )
        words = "the name holds a word of the language: quote it:"
        problem = replace(problem, words=words, fixes=fixes) if fixes else problem
        if living := (*_held(problem, text, catalog), *_ranked(problem, text, catalog)):
            return replace(problem, span=living[0].span, words="say", fixes=(*problem.fixes, *living))
        return problem

    return _tried(map(quoted, problems), errors, meanings)


def defined(segments: Segments, bind: Callable[[ast.Segment, Segments], Bound]) -> tuple[Problem, ...]:
    """Problems of texts that hold definitions, with the fixes that hold there: the definition parses, and binds."""
    meanings: Meanings = {}

    def errors(fix: Fix) -> tuple[Problem, ...] | None:
        source = fix.span.source
        if len(source.text) > _LONGEST_FILE:
            return None
        mended = segments_from(replace(source, text=fix.applied(source.text)))
        if mended.problems:
            return mended.problems
        among = Segments({**segments.segments, **mended.segments}, {**segments.values, **mended.values})
        for part in mended.segments.values():
            if part.span.start <= fix.span.start < part.span.end:
                try:
                    found = bind(part, among)
                except SegQLError as error:
                    return error.problems
                meanings[fix] = found.rule
                return _readings(found)
        return ()

    return _tried(segments.problems, errors, meanings)


def _tried(problems: Iterable[Problem], judge: Judge, meanings: Meanings) -> tuple[Problem, ...]:
    """The fixes that hold, also those that do with a fix of what is then wrong: `never log in` for `logged in`.

    Of several that mean the same the first is one reading; `meanings` is what the judge found of each.
    """
    every = tuple(problems)
    if not every:
        return ()
    from .parser.mistakes.kept import keeps_around  # here: a rule without mistakes needs none of it

    judge = cache(judge)
    known = {(problem.code, problem.message) for problem in every}

    def grown(fix: Fix, steps: int) -> Iterator[Fix]:
        """A fix; and one with a fix of what it leaves, or of another reading that it has."""
        yield fix
        new = [p for p in judge(fix) or () if (p.code, p.message) not in known]
        beside = [p for p in new if touches(p.span, fix) or _before(p.span, fix)]
        near = beside or [p for p in new if fix.span.start <= p.span.start]
        for other in _fixes(near[0]) if near and steps else ():
            yield from grown(_both(fix, other), steps - 1)

    def with_fixes(problem: Problem, words: str, fixes: Iterable[Fix]) -> Problem:
        fixes = tuple(fixes)
        known = [fix for fix in fixes if not any(p.code == "unknown-name" for p in judge(fix) or ())]
        more = dict.fromkeys(islice((one for fix in known or fixes for one in grown(fix, _STEPS)), _MOST))
        whole = tuple(fix for fix in more if problem.code not in _UNREAD or keeps_around(fix))
        found = held(replace(problem, words=words, fixes=whole), every, judge)
        readings = {meanings.get(fix, fix): fix for fix in reversed(found.fixes)}
        found = replace(found, fixes=tuple(fix for fix in found.fixes if fix in readings.values()))
        own = {fix.span for fix in problem.fixes}
        return found if all(fix.span in own for fix in found.fixes) else _around_all(found)

    def settled(problem: Problem) -> Problem:
        """The problem with its own fixes, else with those of a slip."""
        for one in (problem, *islice(_slips(problem), _MOST_SLIPS)):
            if one.fixes and (found := with_fixes(problem, one.words, one.fixes)).fixes:
                return found
        return problem.without_fixes()

    tries = 0
    found = []
    for problem in every:
        tries += problem.severity == "error" or bool(problem.fixes)
        found.append(settled(problem) if tries <= _MOST else problem.without_fixes())
    return tuple(found)


def _around_all(problem: Problem) -> Problem:
    """A problem at the place that its fixes are written into, where that is longer: what is shown there is replaced."""
    start = min((fix.span.start for fix in problem.fixes), default=problem.span.start)
    end = max((fix.span.end for fix in problem.fixes), default=problem.span.end)
    if problem.severity != "error" or (problem.span.start <= start and end <= problem.span.end):
        return problem
    place = replace(problem.span, start=min(start, problem.span.start), end=max(end, problem.span.end))
    text = place.source.text
    fixes = tuple(
        replace(fix, span=place, text=f"{text[place.start : fix.span.start]}{fix.text}{text[fix.span.end : place.end]}")
        for fix in problem.fixes
    )
    whole = tuple(fix for fix in fixes if not _HANGS.search(fix.text))
    return replace(problem, span=place, fixes=whole) if whole else problem.without_fixes()


def _readings(found: Bound) -> tuple[Problem, ...]:
    """Hints that a text may have been meant otherwise, with what says so."""
    return tuple(note for note in found.notes if note.code == "not-each-year")


def _slips(problem: Problem) -> Iterator[Problem]:
    """Those that an error may come from: where other words say what to do, it is none."""
    unsure = problem.code in ("unknown-name", "unquoted-text", "reserved-word") or "has no place" in problem.message
    said = problem.without_fixes().words and not unsure
    return iter(()) if said or problem.severity != "error" else mistakes_at(problem.span)


def _fixes(problem: Problem) -> tuple[Fix, ...]:
    """Those of a problem, else of the slips that touch it."""
    return problem.fixes or tuple(fix for slip in _slips(problem) for fix in slip.fixes)


def _before(span: Span, fix: Fix) -> bool:
    """Whether a place is the word before a fix."""
    return span.end <= fix.span.start and not span.source.text[span.end : fix.span.start].strip()


def _both(fix: Fix, then: Fix) -> Fix:
    """A fix, and one of the text that it makes, as one."""
    longer, end = len(fix.text) - len(fix.span.text), fix.span.start + len(fix.text)
    start, stop = min(fix.span.start, then.span.start), max(end, then.span.end)
    made = then.applied(fix.applied(fix.span.source.text))
    text = made[start : stop + len(then.text) - (then.span.end - then.span.start)]
    return Fix(replace(fix.span, start=start, end=stop - longer), text, then.note or fix.note)


def _home(fix: Fix, known: Iterable[Definition]) -> Definition | None:
    """The rule or the segment whose conditions a fix is in."""
    for given in known:
        span = given.rule.span if isinstance(given, ast.Segment) else replace(given.span, start=0)  # `has` before it
        if span.source is fix.span.source and span.start <= fix.span.start and fix.span.end <= span.end:
            return given
    return None


def _around(rule: ast.Rule, span: Span) -> Span:
    """The fewest neighbours under one `and` or `or` that a stretch lies in."""
    while isinstance(rule, ast.All | ast.AnyOf):
        inner = [part for part in rule.parts if part.span.start < span.end and span.start < part.span.end]
        if not inner or inner[0].span.start > span.start or span.end > inner[-1].span.end:
            break
        if len(inner) > 1:
            return Span(span.source, inner[0].span.start, inner[-1].span.end)
        rule = inner[0]
    return replace(rule.span, start=min(rule.span.start, span.start))


def _quoted(problem: Problem, text: str, catalog: Catalog) -> Iterator[Fix]:
    """The names of the catalog that stand unquoted where the problem is, and have to be quoted."""
    for name in dict.fromkeys(_names(catalog)):
        if format_name(name) != name:
            words = r"\s+".join(map(re.escape, name.split()))
            for found in re.finditer(rf'(?<![\w"]){words}(?![\w"])', text, re.IGNORECASE):
                if found.start() <= problem.span.end and problem.span.start <= found.end():
                    yield Fix(Span(problem.span.source, found.start(), found.end()), format_name(name))


_IN = re.compile(
    pattern(r"(?P<no><NOT>\s+)?<IN>\s+(?P<what>\w[\w -]*?)(?=\s+(?:<AND>|<OR>|<BUT>)\b|\s*\)|\s*\Z)"), re.IGNORECASE
)


def _held(problem: Problem, text: str, catalog: Catalog) -> Iterator[Fix]:
    """`in Germany` where a condition begins: through what a property holds."""
    place = problem.span
    for who in re.finditer(pattern(r"(?<!\w)(?:<PEOPLE>)\s+(?:in|from)\s"), text[: place.end], re.IGNORECASE):
        whole = replace(place, start=who.start(), end=who.start())
        yield from (
            fix for fix in of_people(catalog, ast.Name("people", None, whole)) if fix.text.endswith(word("AND"))
        )
    if problem.code == "misplaced" and place.text.lower() in spellings("EVERYONE"):
        yield from of_people(catalog, ast.Name(place.text, None, place))
    if problem.code == "reserved-word" and (found := _IN.match(text, problem.span.start)):
        for said in through(catalog, found["what"]):
            yield Fix(replace(problem.span, end=found.end()), f"{found['no'] or ''}{said}")


_OF_WHOM = re.compile(
    pattern(r"of(?:\s+(?:<THE>|our|all))*\s+(?P<who>\w+)(?=\s+(?:<AND>|<OR>|<BUT>)\b|\s*\)|\s*\Z)"), re.IGNORECASE
)
_MOST_RANKED = 4


def _ranked(problem: Problem, text: str, catalog: Catalog) -> Iterator[Fix]:
    """`top 5% of spenders`, `top 10% of customers`: by a metric of what they do, or by any."""
    before = re.search(pattern(r"\b(?:<TOP>)\s+[\d.,]+\s*%?\s*\Z"), text[: problem.span.start], re.IGNORECASE)
    found = _OF_WHOM.match(text, problem.span.start) if before else None
    if found is None:
        return
    who = fold(found["who"])
    anybody, verb = who in spellings("PEOPLE"), set(bases(re.sub(r"(?:er|or)s?\Z", "", who)))
    metrics = []
    for name, metric in catalog.metrics.items():
        said = {base for one in " ".join((name, *metric.also)).split() for base in bases(fold(one))}
        if anybody or not verb.isdisjoint(said):
            metrics.append(name)
    for name in metrics[:_MOST_RANKED]:
        yield Fix(replace(problem.span, end=found.end()), f"{word('BY')} {format_name(name)}")


def _names(catalog: Catalog) -> Iterator[str]:
    yield from catalog.profiles.properties
    for event in catalog.events.values():
        yield from event.properties
        yield from event.items.properties if event.items else ()
    for named in (catalog.events, catalog.metrics, catalog.lists, catalog.channels, catalog.places):
        yield from named
