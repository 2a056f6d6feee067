"""Which fixes of a problem hold: one that leaves an error at its place is not offered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeAlias

from .errors import Code, Fix, Problem
from .source import Span

Judge: TypeAlias = Callable[[Fix], "Iterable[Problem] | None"]
"""What is said of the text that a fix makes, at its places in that text; None where nobody can tell."""


def tried(problems: Iterable[Problem], judge: Judge) -> tuple[Problem, ...]:
    """The problems with those fixes that hold. A fix that leaves an error at its place is not offered; where one
    makes no new error anywhere, only such ones are.
    """
    problems = tuple(problems)
    return tuple(held(problem, problems, judge) for problem in problems)


def held(problem: Problem, among: Iterable[Problem], judge: Judge) -> Problem:
    """One of several problems, with those of its fixes that hold."""
    if not problem.fixes:
        return problem
    known: Counter[tuple[Code, str]] = Counter((p.code, p.message) for p in among if p.severity == "error")
    left = known - Counter([(problem.code, problem.message)])
    clean, apart = [], []
    for fix in problem.fixes:
        found = judge(fix)
        if found is None:
            continue
        new = [p for p in found if p.severity == "error" and (p.code, p.message) not in left]
        if not new:
            clean.append(fix)
        elif not any(touches(p.span, fix) or _stays(problem, p, fix) for p in new):
            apart.append(fix)
    fixes = tuple(clean or apart)
    return replace(problem, fixes=fixes) if fixes else problem.without_fixes()


def _stays(problem: Problem, then: Problem, fix: Fix) -> bool:
    """Whether what a fix leaves is the problem that it should mend: the fix is about something else."""
    moved = len(fix.text) - len(fix.span.text) if fix.span.end <= problem.span.start else 0
    return (then.code, then.message, then.span.start) == (problem.code, problem.message, problem.span.start + moved)


def touches(span: Span, fix: Fix) -> bool:
    """Whether a place in the mended text is about what the fix wrote, or the word after it."""
    end = fix.span.start + len(fix.text)
    return span.end > fix.span.start and not span.source.text[end : span.start].strip()
