"""Saved segments: the definitions of one or more `.segql` texts, compiled together."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace
from pathlib import Path
from typing import get_args

from . import ast, parser
from .catalog import fold
from .errors import Problem, expect
from .nearest import nearest
from .plain import dataclass
from .source import Source, Span


@dataclass(frozen=True, slots=True)
class Segments:
    """Names are unique across everything compiled together; `problems` holds what is wrong with the texts.

    A broken definition leaves the others usable. Keys of `segments` (by name) and `values` (`let`s) are folded names.
    """

    segments: Mapping[str, ast.Segment] = field(default_factory=dict)
    values: Mapping[str, ast.Literal_] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    tests: tuple[ast.Test | ast.Invariant, ...] = ()
    """What `segql test` holds them against, in the order of the texts."""

    def __post_init__(self) -> None:
        for argument, kinds in (("segments", (ast.Segment,)), ("values", get_args(ast.Literal_))):
            given = getattr(self, argument)
            expect(argument, "a mapping, as `segments_from` makes it", given, Mapping)
            for part in given.values():
                expect(argument, "made of definitions, as `segments_from` makes them", part, *kinds)
        expect("tests", "tests, as `segments_from` makes them", self.tests, tuple)
        for test in self.tests:
            expect("tests", "tests, as `segments_from` makes them", test, ast.Test, ast.Invariant)

    def __getitem__(self, name: str) -> ast.Segment:
        """The segment of that name. Raises KeyError, its text naming the nearest."""
        found = self.segments.get(fold(name))
        if found is None:
            close = ", ".join(f"`{n}`" for n in nearest(name, self))
            raise KeyError(f"There is no segment `{name}`." + (f" Did you mean {close}?" if close else ""))
        return found

    def __iter__(self) -> Iterator[str]:
        return (segment.name.text for segment in self.segments.values())

    def __len__(self) -> int:
        return len(self.segments)


NONE = Segments()


def segments_from(*texts: str | Source) -> Segments:
    """The segments of texts in the format of a `.segql` file. What is wrong with them stands in `problems`, and the
    other definitions can be used. Raises TypeError for what is no text.
    """
    for text in texts:
        expect("texts", "definitions as text", text, str, Source)
    sources = (text if isinstance(text, Source) else Source(text, "segments") for text in texts)
    return together(parser.parse_definitions_all(source.text, source.name) for source in sources)


def together(files: Iterable[tuple[ast.Definitions, tuple[Problem, ...]]]) -> Segments:
    """The segments of files that were parsed, as `parser.parse_definitions_all` gives each."""
    segments: dict[str, ast.Segment] = {}
    values: dict[str, ast.Literal_] = {}
    places: dict[str, Span] = {}
    problems: list[Problem] = []
    tests: list[ast.Test | ast.Invariant] = []
    for definitions, wrong in files:
        problems += wrong
        for part in definitions.parts:
            if isinstance(part, ast.Test | ast.Invariant):
                tests.append(part)
                continue
            key = fold(part.name.text)
            kind = "segment" if isinstance(part, ast.Segment) else "let"
            if (earlier := places.get(f"{kind} {key}")) is not None:
                line, _ = earlier.source.position(earlier.start)
                problems.append(
                    Problem(
                        "duplicate-name",
                        f"There is another {kind} `{part.name.text}`, at {earlier.source.name}:{line}.",
                        part.name.span,
                        "rename one of them",
                    )
                )
                continue
            places[f"{kind} {key}"] = part.name.span
            if isinstance(part, ast.Segment):
                segments[key] = part
            else:
                values[key] = part.value
    return Segments(segments, values, tuple(problems), tuple(tests))


def load_segments(*paths: str | os.PathLike[str]) -> Segments:
    """The segments of `.segql` files, and of those in folders (and theirs), by name; each file once.

    What cannot be read or is wrong stands in `problems`; the rest can be used. Raises TypeError for what is no path.
    """
    sources, problems = sources_in(paths)
    found = segments_from(*sources)
    return replace(found, problems=(*problems, *found.problems))


def sources_in(paths: Iterable[str | os.PathLike[str]], *, exact: bool = False) -> tuple[list[Source], list[Problem]]:
    """The texts of those files, each named by its path, and what cannot be read; `exact`: with their own line ends."""
    sources, problems = [], []
    for path in files_in(paths):
        try:
            with path.open(encoding="utf-8-sig", newline="" if exact else None) as file:
                sources.append(Source(file.read(), str(path)))
        except (OSError, ValueError) as error:
            reason = "this is no file name"  # a NUL in it
            if isinstance(error, UnicodeDecodeError):
                reason = "it is not UTF-8 text"
            elif isinstance(error, OSError):
                reason = (error.strerror or str(error)).lower()
            nowhere = Span(Source("", str(path)), 0, 0)
            problems.append(Problem("unreadable", f"`{path}` cannot be read: {reason}.", nowhere))
    return sources, problems


def files_in(paths: Iterable[str | os.PathLike[str]]) -> Iterator[Path]:
    """The `.segql` files of files and folders, each once."""
    seen: set[Path] = set()
    for place in paths:
        expect("paths", "the path of a file or of a folder", place, str, os.PathLike)
        given = Path(os.fsdecode(place))
        for path in sorted(given.rglob("*.segql")) if os.path.isdir(given) else [given]:
            if (real := Path(os.path.abspath(path))) not in seen:
                seen.add(real)
                yield path
