"""A saved segment under another name, wherever texts name it; their layout and comments stay."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any
from unicodedata import normalize

from .. import ast
from ..catalog import fold
from ..conditions.walk import nodes
from ..errors import Problem, SegQLError, problem
from ..formatter.values import quoted
from ..nearest import nearest
from ..segments import segments_from
from ..source import NOWHERE, Source, Span
from ..words import say
from .texts import Renamed, edited, read, rules_of, written


def segment_renamed(sources: Sequence[Source], old: str, new: str) -> Renamed:
    """Texts of definitions in which a segment is called otherwise, and nothing else says anything else.

    What is written is read again, and held against the trees of what there was. Raises SegQLError for texts with
    mistakes, for a segment that is not there, and for a name that is taken or is none.
    """
    new = " ".join(new.split())
    found = segments_from(*sources)
    if found.problems:
        raise SegQLError(found.problems)
    if fold(old) not in found.segments:
        close = nearest(old, found)
        raise SegQLError([problem("unknown-name", f"There is no segment `{old}`.", NOWHERE,
                                  "did you mean" if close else "", *close)])  # fmt: skip
    if fold(new) in found.segments and fold(new) != fold(old):
        there = found.segments[fold(new)].name.span
        raise SegQLError([Problem("duplicate-name", f"There is a segment `{new}` already.", there)])
    texts, places = list[Source](), list[Span]()
    for source in sources:
        names = sorted(_named(read(source), fold(old)), key=lambda name: name.span.start)
        changes = [(name.span.start, name.span.end, written(name.span.text, new)) for name in names]
        changes += [(at, at, f" {say('SEED')} {quoted(its)}") for at, its in _drawn(read(source), fold(old))]
        texts.append(edited(source, changes))
        places += [name.span for name in names]
    for source, after in zip(sources, texts, strict=True):
        try:
            same = _plain(read(after)) == _plain(read(source), fold(old), new)
        except SegQLError:
            same = False
        if not same:
            said = f"`{new}` cannot be the name of a segment: {source.name} would say something else."
            raise SegQLError([Problem("syntax", said, NOWHERE, "a name has no quotes and no line ends in it")])
    return Renamed(tuple(texts), tuple(places))


def _named(definitions: ast.Definitions, name: str) -> Iterator[ast.Name]:
    """The names of the segment: where it is defined, and where rules speak of it."""
    for part in definitions.parts:
        if isinstance(part, ast.Segment) and fold(part.name.text) == name:
            yield part.name
        for rule in rules_of(part):
            for node in nodes(rule):
                if isinstance(node, ast.SegmentRef) and fold(node.name.text) == name:
                    yield node.name


def _drawn(definitions: ast.Definitions, name: str) -> Iterator[tuple[int, str]]:
    """Where a sample of the segment ends that is drawn by its name, and that name: the seed that draws the same."""
    for part in definitions.parts:
        if isinstance(part, ast.Segment) and fold(part.name.text) == name and part.sample and not part.sample.seed:
            yield part.sample.span.end, normalize("NFC", part.name.text)


def _plain(node: Any, old: str | None = None, new: str = "") -> Any:
    """What a tree says, as plain values; of the segment `old` under its new name."""
    if isinstance(node, tuple):
        return tuple(_plain(part, old, new) for part in node)
    if isinstance(node, ast.Name):
        return "Name", node.text
    if not hasattr(node, "__dataclass_fields__"):
        return node
    if isinstance(node, ast.Segment) and fold(node.name.text) == old and node.sample and not node.sample.seed:
        node = replace(node, sample=replace(node.sample, seed=ast.Text(normalize("NFC", node.name.text))))
    values = {}
    for name, field in node.__dataclass_fields__.items():
        value = getattr(node, name)
        its_own = name == "name" and isinstance(node, ast.Segment | ast.SegmentRef) and fold(value.text) == old
        if name == "comments" or field.compare:
            values[name] = ("Name", new) if its_own else _plain(value, old, new)
    return type(node).__name__, values
