"""YAML into plain data, each key and value with its place. Nothing is guessed: every scalar stays the text that was
written (`NO` is Norway, `2025-11-28` a date only where one is wanted), except that an empty value and `null` are None.

It reads events, not objects: no tag constructs anything, depth and size are bounded, aliases cannot recurse.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import field

import yaml

from ..errors import Problem
from ..plain import dataclass
from ..source import Source, Span
from .marks import Mark, Marks, Path

MOST_DEPTH = 50
MOST_NODES = 100_000

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAGS = {f"tag:yaml.org,2002:{kind}" for kind in ("str", "int", "float", "bool", "null", "timestamp", "map", "seq")}


@dataclass(slots=True)
class _Node:
    span: Span
    text: str | None = None
    plain: bool = False
    parts: list[_Node] = field(default_factory=list)  # elements, or keys and values in turn
    pairs: bool = False


class _Refused(Exception):
    """The text cannot be read any further."""

    def __init__(self, message: str, span: Span, hint: str = "") -> None:
        self.problem = Problem("catalog-yaml", message, span, hint)


def read(source: Source) -> tuple[object, Marks, list[Problem]]:
    """The data of a YAML text (None when it is broken), where it stands, and what is wrong with it."""
    try:
        if odd := yaml.reader.Reader.NON_PRINTABLE.search(source.text):
            raise _broken(source, odd.start(), f"a character that no text has (U+{ord(odd[0]):04X})")
        root = _tree(source)
        if root is None:
            raise _Refused("The catalog is empty.", Span(source, 0, 0), _FIRST)
        reading = _Reading(source)
        data = reading.data(root, (), None)
    except _Refused as refused:
        return None, Marks(source), [refused.problem]
    return data, Marks(source, reading.marks), reading.problems


_FIRST = """a first catalog:

profiles: {table: customers, key: customer_id}
events:
  placed order: {table: orders, profile: customer_id, time: created_at}"""


def _tree(source: Source) -> _Node | None:
    root: _Node | None = None
    open_: list[_Node] = []
    anchors: dict[str, _Node] = {}
    for event in _events(source):
        span = _span(source, event)
        match event:
            case yaml.ScalarEvent():
                plain = not event.style and event.implicit[0]
                node = _Node(span, text=event.value, plain=plain)
            case yaml.AliasEvent():
                if event.anchor not in anchors:
                    raise _Refused(
                        f"`*{event.anchor}` repeats a part that is not marked anywhere above.",
                        span,
                        f"mark the part with `&{event.anchor}` first",
                    )
                node = anchors[event.anchor]
                if any(node is around for around in open_):
                    raise _Refused(f"`*{event.anchor}` repeats a part inside itself.", span)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                if len(open_) >= MOST_DEPTH:
                    raise _too_deep(span)
                node = _Node(span, pairs=isinstance(event, yaml.MappingStartEvent))
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                closed = open_.pop()
                closed.span = closed.span.to(span)
                continue
            case yaml.DocumentStartEvent() if root is not None:
                raise _Refused("A second document begins here; a catalog is one.", span, "remove the `---`")
            case _:
                continue
        tag = getattr(event, "tag", None)
        if tag not in (None, "!", *_TAGS):
            raise _Refused(f"The YAML tag `{tag}` has no meaning in a catalog.", span, "leave it out")
        if not isinstance(event, yaml.AliasEvent) and event.anchor:
            anchors[event.anchor] = node
        if open_:
            open_[-1].parts.append(node)
        else:
            root = node
        if isinstance(event, yaml.CollectionStartEvent):
            open_.append(node)
    return None if root is not None and _nothing(root) else root


def _nothing(node: _Node) -> bool:
    return node.plain and node.text in ("", "~", "null", "Null", "NULL")


def _span(source: Source, event: yaml.Event) -> Span:
    start, end = event.start_mark, event.end_mark
    return Span(source, _at(source, start.index if start else 0), _at(source, end.index if end else 0))


def _at(source: Source, index: int) -> int:
    """The offset of a place in YAML, which is read without a byte order mark."""
    return index + source.text.startswith(_BOM)


_BOM = "\ufeff"


def _events(source: Source) -> Iterator[yaml.Event]:
    try:
        yield from yaml.parse(source.text.removeprefix(_BOM), Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        offset = _at(source, mark.index if mark else 0)
        if deep := _first_too_deep(source, offset):
            raise _too_deep(deep) from None
        raise _broken(source, offset, error.problem or error.context or "") from None
    except yaml.YAMLError as error:
        raise _broken(source, 0, str(error)) from None


def _too_deep(span: Span) -> _Refused:
    return _Refused(f"The catalog is nested more than {MOST_DEPTH} deep.", span)


def _first_too_deep(source: Source, end: int) -> Span | None:
    """Where the text up to an offset is nested too deep. Parsers read ahead, and some have a limit of their own: they
    stop before they have said how deep it was up to there.
    """
    depth = 0
    with suppress(yaml.YAMLError):
        for event in yaml.parse(source.text[:end].removeprefix(_BOM), Loader=_Loader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > MOST_DEPTH:
                return _span(source, event)
    return None


def _broken(source: Source, offset: int, what: str) -> _Refused:
    offset = min(offset, max(0, len(source.text) - 1))
    char = source.text[offset : offset + 1]
    hint = ""
    if char == "\t":
        what, hint = "a tab where YAML wants spaces", "indent with spaces"
    elif "mapping values" in what:
        what, hint = (
            "a second `: ` where a value stands",
            "put a value that holds `: ` in quotes, and check the indentation",
        )
    elif "cannot start any token" in what:
        what, hint = f"a value that begins with `{char}`", "put the value in quotes"
    elif "did not find expected" in what or what.startswith("expected"):
        hint = "look for a bracket or quote that is not closed, or a line that is indented too far or too little"
    elif "end of stream" in what:
        what, hint = "a quote that is never closed", "close the quote"
    return _Refused(f"This is not YAML: {what}.", Span(source, offset, offset + 1), hint)


@dataclass
class _Reading:
    """One walk over a tree, which collects places and problems."""

    source: Source
    marks: dict[Path, Mark] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    count: int = 0

    def data(self, node: _Node, path: Path, key: Span | None) -> object:
        self._counted(node)
        self.marks[path] = Mark(key, node.span, scalar=node.text is not None)
        if node.text is not None:
            return None if _nothing(node) else node.text
        if not node.pairs:
            return [self.data(part, (*path, i), None) for i, part in enumerate(node.parts)]
        return {name: self.data(value, (*path, name), at) for name, (at, value) in self._pairs(node).items()}

    def _pairs(self, node: _Node, depth: int = 0) -> dict[str, tuple[Span, _Node]]:
        """The pairs of a mapping; `<<` puts those of another mapping beneath its own."""
        self._counted(node)
        own: dict[str, tuple[Span, _Node]] = {}
        beneath: dict[str, tuple[Span, _Node]] = {}
        for key, value in zip(node.parts[::2], node.parts[1::2], strict=True):
            if key.text is None:
                self._wrong("catalog-yaml", "A key is a name, and here stands a list or a mapping.", key.span)
            elif key.text == "<<" and key.plain:
                for other in value.parts if value.text is None and not value.pairs else [value]:
                    if not other.pairs or depth > MOST_DEPTH:
                        self._wrong("catalog-yaml", "`<<` takes in another mapping.", other.span, "write `<<: *mark`")
                        continue
                    beneath = {**self._pairs(other, depth + 1), **beneath}
            elif key.text in own:
                number, _ = self.source.position(own[key.text][0].start)
                self._wrong(
                    "duplicate-key",
                    f"`{key.text}` stands here twice; the first is in line {number}.",
                    key.span,
                    "keep one of them",
                )
            else:
                own[key.text] = (key.span, value)
        return {**beneath, **own}

    def _counted(self, node: _Node) -> None:
        # Repeated parts (`*mark`, `<<`) count each time: a small file can spell a huge catalog.
        self.count += 1
        if self.count > MOST_NODES:
            raise _Refused(f"The catalog has more than {MOST_NODES:,} parts.", node.span)

    def _wrong(self, code: str, message: str, span: Span, hint: str = "") -> None:
        problem = Problem(code, message, span, hint)  # type: ignore[arg-type]
        if problem not in self.problems:
            self.problems.append(problem)
