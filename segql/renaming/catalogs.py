"""The text of a catalog in which an event is called otherwise; its layout and comments stay."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from .. import parser
from ..binder.mentions import mentions
from ..catalog import Catalog, fold
from ..catalog.marks import Path
from ..catalog.reader import read
from ..errors import Problem, SegQLError
from ..source import Source, Span
from .texts import edited, written


def catalog_renamed(source: Source, catalog: Catalog, old: str, new: str) -> tuple[Source, list[Span]]:
    """The text, and the places where the event `old`, by its own spelling, was named: its key, unions, metrics.

    Raises SegQLError where the name stands in a text that YAML spells in letters of its own.
    """
    data, marks, _ = read(source)
    assert isinstance(data, dict)
    changes: dict[Span, str] = {marks.key(("events", old)): _scalar(new)}
    for path, value in _names(data):
        if fold(value) == fold(old):
            changes[marks.at(path)] = _scalar(new)
    for path, text in _measures(data):
        try:
            said = parser.parse_metric(text)
        except SegQLError:
            continue
        names = [one for one in mentions(said, catalog) if one.event == old and fold(one.said) == fold(old)]
        if names:
            changes.update(_inside(marks.at(path), text, [one.span for one in names], new))
    after = edited(source, [(span.start, span.end, put) for span, put in changes.items()])
    return after, sorted(changes, key=lambda span: span.start)


def _names(data: dict[str, object]) -> Iterator[tuple[Path, str]]:
    """Where the name of an event is a value of its own."""
    for name, event in _pairs(data, "events"):
        parts = event.get("any of") if isinstance(event, dict) else None
        for i, part in enumerate(parts if isinstance(parts, list) else []):
            yield ("events", name, "any of", i), str(part)
        if isinstance(parts, str):
            yield ("events", name, "any of"), parts
    for key, value in _pairs(data, "insights"):
        if key == "order":
            yield ("insights", key), str(value)


def _measures(data: dict[str, object]) -> Iterator[tuple[Path, str]]:
    """Where a measure is written in SegQL."""
    for name, metric in _pairs(data, "metrics"):
        if isinstance(metric, dict):
            yield ("metrics", name, "value"), str(metric.get("value"))
        else:
            yield ("metrics", name), str(metric)
    for key, value in _pairs(data, "insights"):
        if key == "revenue":
            yield ("insights", key), str(value)


def _pairs(data: dict[str, object], kind: str) -> Iterator[tuple[str, object]]:
    part = data.get(kind)
    yield from part.items() if isinstance(part, dict) else ()


def _inside(whole: Span, text: str, names: list[Span], new: str) -> dict[Span, str]:
    """Stretches of a value, at their places in the file, and the new name as it is spelled there."""
    quote = whole.text[:1] if whole.text[:1] in "\"'|>" else ""
    if not quote and not _PLAIN.fullmatch(new):
        said = edited(Source(text), [(at.start, at.end, written(at.text, new)) for at in names])
        return {whole: _scalar(said.text)}
    places = _letters(whole.text, text)
    if places is None:
        raise SegQLError([Problem("catalog-yaml", "The event is named here in letters that YAML has of its own.", whole,
                                  "write the text on one line, without `\\`, and rename then")])  # fmt: skip
    found = {}
    for at in names:
        put = written(at.text, new)
        put = json.dumps(put, ensure_ascii=False)[1:-1] if quote == '"' else put
        put = put.replace("'", "''") if quote == "'" else put
        found[Span(whole.source, whole.start + places[at.start], whole.start + places[at.end - 1] + 1)] = put
    return found


def _letters(raw: str, value: str) -> list[int] | None:
    """Where each letter of a value stands in what YAML writes for it; None where it writes others."""
    at, places = len(raw.partition("\n")[0]) if raw[:1] in "|>" else int(raw[:1] in "\"'"), []
    for letter in value:
        while not letter.isspace() and raw[at : at + 1].isspace():
            at += 1
        if raw[at : at + 2] in ('\\"', "''", "\\\\") and letter in "\"'\\":
            at += 1
        if raw[at : at + 1] != letter and not letter.isspace():
            return None
        places.append(at)
        at += 1
    return places


_PLAIN = re.compile(r"[^\W\d_][\w-]*( [\w-]+)*")


def _scalar(text: str) -> str:
    """A name as YAML reads it."""
    return text if _PLAIN.fullmatch(text) and text.lower() != "null" else json.dumps(text, ensure_ascii=False)
