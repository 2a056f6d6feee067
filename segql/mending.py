"""Mends texts by the fixes that leave no choice: each is written, and all is looked at again, until none is left."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import TypeAlias

from . import compiler
from .catalog import Catalog
from .errors import Fix, Problem
from .fixes import touches
from .plain import dataclass
from .project import Project
from .segments import Segments, segments_from
from .source import Source

ROUNDS = 20
"""So often a text is looked at again: a fix may show the next mistake."""

Part: TypeAlias = tuple[str, str, str]
"""A definition: the name of its source, what it is, its own name (folded)."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What is said of texts, and which of their definitions have no error."""

    problems: tuple[Problem, ...]
    right: Set[Part] = frozenset()

    @property
    def errors(self) -> list[Problem]:
        """Those among them that are neither warnings nor hints."""
        return [problem for problem in self.problems if problem.severity == "error"]


Check: TypeAlias = Callable[[Sequence[Source]], Checked]


@dataclass(frozen=True, slots=True)
class Mended:
    """Texts after their fixes. `changes` are those, in their order, each at its place in the text that it was written
    into; `problems` is what is left to say.
    """

    sources: tuple[Source, ...]
    changes: tuple[Fix, ...]
    problems: tuple[Problem, ...]


def mended_rule(source: Source, project: Project) -> Mended:
    """A rule without the mistakes that have exactly one fix."""
    return mended([source], lambda texts: Checked(tuple(project.check(texts[0]))))


def mended_segments(sources: Sequence[Source], catalog: Catalog, now: datetime) -> Mended:
    """Texts of definitions without the mistakes that have exactly one fix."""

    def check(texts: Sequence[Source]) -> Checked:
        found = segments_from(*texts)
        problems = tuple(compiler.check(found, catalog, now=now))
        return Checked(problems, frozenset(_right(found, problems)))

    return mended(sources, check)


def mended(sources: Sequence[Source], check: Check) -> Mended:
    """Texts with every fix that is the only one of an error, as far as nothing that was right becomes wrong.

    Warnings and hints stay: where they are said a rule means something, and a fix would change it.
    """
    check, texts, changes = cache(check), tuple(sources), list[Fix]()
    known, seen = check(texts), {texts}
    for _ in range(ROUNDS):
        fixes = _apart(problem.fixes[0] for problem in known.errors if len(problem.fixes) == 1)
        if not _holds(fixes, texts, known, check):
            alone = [fix for fix in fixes if _holds([fix], texts, known, check)]
            fixes = alone if _holds(alone, texts, known, check) else alone[:1]
        after = _written(fixes, texts)
        if after in seen:  # nothing was left to write, or a fix takes back what another did
            break
        texts, known = after, check(after)
        seen.add(texts)
        changes += fixes
    return Mended(texts, tuple(changes), known.problems)


def _right(found: Segments, problems: Iterable[Problem]) -> Iterable[Part]:
    """The definitions without an error."""
    wrong = [problem.span for problem in problems if problem.severity == "error"]
    parts = [("segment", key, part.span) for key, part in found.segments.items()]
    for kind, key, span in (*parts, *(("let", key, value.span) for key, value in found.values.items())):
        inside = (w for w in wrong if w.source.name == span.source.name and span.start <= w.start <= span.end)
        if not any(inside):
            yield span.source.name, kind, key


def _apart(fixes: Iterable[Fix]) -> list[Fix]:
    """Those that do not meet, in the order of the texts: of two that do, the second waits."""
    found: list[Fix] = []
    for fix in sorted(dict.fromkeys(fixes), key=lambda fix: (fix.span.source.name, fix.span.start, fix.span.end)):
        before = found[-1].span if found else None
        if before is None or before.source.name != fix.span.source.name or before.end < fix.span.start:
            found.append(fix)
    return found


def _holds(fixes: Sequence[Fix], texts: tuple[Source, ...], known: Checked, check: Check) -> bool:
    """Whether all that was right stays so, and no fix has a new error where it was written."""
    after = check(_written(fixes, texts)) if fixes else known
    old = {(problem.code, problem.message) for problem in known.errors}
    new = [problem for problem in after.errors if (problem.code, problem.message) not in old]
    return known.right <= after.right and not any(
        problem.span.source.name == fix.span.source.name and touches(problem.span, fix)
        for fix in _moved(fixes)
        for problem in new
    )


def _written(fixes: Sequence[Fix], texts: tuple[Source, ...]) -> tuple[Source, ...]:
    """The texts with these fixes, which are in order and apart."""

    def text_of(source: Source) -> str:
        text = source.text
        for fix in reversed(fixes):
            text = fix.applied(text) if fix.span.source.name == source.name else text
        return text

    return tuple(replace(source, text=text_of(source)) for source in texts)


def _moved(fixes: Sequence[Fix]) -> Iterable[Fix]:
    """The fixes at their places in the text that all of them make."""
    longer: dict[str, int] = {}
    for fix in fixes:
        span, more = fix.span, longer.get(fix.span.source.name, 0)
        yield replace(fix, span=replace(span, start=span.start + more, end=span.end + more))
        longer[span.source.name] = more + len(fix.text) - (span.end - span.start)
