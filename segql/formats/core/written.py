"""Imported segments as the text of a `.segql` file: those that hold as rules, the others as comments."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from ... import ast, formatter, parser
from ...catalog.names import fold
from ...errors import SegQLError
from .references import references
from .report import Finding, Imported
from .trees import quoted, wrapped

_EMPTY_LINE = "\n"
_LONGEST = 200
"""Lines of a foreign text that stand in a comment."""


def settled(found: Iterable[Imported], say: Callable[[str], None] = lambda text: None) -> list[Imported]:
    """The segments of a document, held to the language and to each other; `say` hears how far it is.

    Without a rule are then those whose rule no text says, those that refer to one of this document that has none, and
    those that go in a circle.
    """
    imported: list[Imported] = []
    for one in found:
        imported.append(_readable(one))
        say(f"{len(imported):,} segments")
    by_name = {fold(one.name): place for place, one in enumerate(imported)}
    named = [{by_name[name] for name in references(one.rule) if name in by_name} for one in imported]
    lost = [place for place, one in enumerate(imported) if not one.written]
    for place in _in_circles(named):
        lost.append(place)
        imported[place] = _without(imported[place], "Segments refer to each other in a circle.")
    users = _turned(named)
    while lost:
        gone = lost.pop()
        for place in users[gone]:
            if imported[place].written:
                lost.append(place)
                said = f"It refers to `{imported[gone].name}`, which is not written."
                imported[place] = _without(imported[place], said)
    return imported


def _in_circles(named: list[set[int]]) -> set[int]:
    """Those that come back to themselves, and those between two such circles."""
    left = _peeled(named, set(range(len(named))))
    return _peeled(_turned(named), left)


def _peeled(named: list[set[int]], among: set[int]) -> set[int]:
    """What is left when those that lead to none of the rest are taken away, again and again."""
    left, users = set(among), _turned(named)
    counts = {i: len(named[i] & left) for i in left}
    ready = [i for i in left if not counts[i]]
    while ready:
        done = ready.pop()
        left.discard(done)
        for user in users[done] & left:
            counts[user] -= 1
            if not counts[user]:
                ready.append(user)
    return left


def _turned(named: list[set[int]]) -> list[set[int]]:
    """Who refers to each."""
    found: list[set[int]] = [set() for _ in named]
    for place, others in enumerate(named):
        for other in others:
            found[other].add(place)
    return found


def _without(one: Imported, said: str) -> Imported:
    if not one.written:
        return one
    return replace(one, rule=None, findings=(*one.findings, Finding(one.path, "segment", "impossible", said)))


def _readable(one: Imported) -> Imported:
    """It, where its text is read as the same rule; else without one."""
    if one.rule is None:
        return one
    try:
        definition = _segment(one)
        text = formatter.format(ast.Definitions((definition,)))
        text.encode()
        if parser.parse_definitions(text).parts == (definition,):
            return one
        said = "The language has no spelling for this rule."
    except SegQLError as error:
        said = f"The language has no spelling for this rule: {error.problems[0].message}"
    except (ValueError, RecursionError, ArithmeticError) as error:
        said = f"The language has no spelling for this rule ({type(error).__name__})."
    return _without(one, said)


def text_of(found: Iterable[Imported]) -> str:
    """The `.segql` text of settled segments. What has no rule stands as a comment, with what there was."""
    parts: list[ast.Let | ast.Segment] = []
    loose: list[str] = []
    for one in found:
        if one.rule is None:
            loose += [*_lost(one), _EMPTY_LINE]
            continue
        definition = _segment(one)
        parts.append(replace(definition, comments=(*loose, *definition.comments)))
        loose = []
    while loose and loose[-1] == _EMPTY_LINE:
        loose.pop()
    return formatter.format(ast.Definitions(tuple(parts), comments=tuple(loose)))


def _segment(one: Imported) -> ast.Segment:
    assert one.rule is not None
    above = [line for text in one.description.splitlines() for line in wrapped(text)]
    return ast.Segment(quoted(one.name), one.rule, sample=one.sample, comments=tuple(above))


def _lost(one: Imported) -> list[str]:
    lines = [f'Not written: segment "{one.name}". Something in it cannot be said, and a part of it would be wrong.']
    for finding in one.findings:
        if finding.verdict != "exact":
            lines += wrapped(f"{finding.verdict}: {finding.kind} at {finding.path or '/'}: {finding.said}")
    if one.was:
        was = one.was.splitlines()
        lines += ["What there was:", *(shown for line in was[:_LONGEST] for shown in _kept(line))]
        lines += ["..."] if len(was) > _LONGEST else []
    return lines


def _kept(line: str) -> list[str]:
    """A line with its indent."""
    indent = " " * (len(line) - len(line.lstrip(" ")))
    return [f"{indent}{part}" for part in wrapped(line.strip())]
