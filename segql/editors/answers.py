"""What an editor asks: completion, hover, definitions, references, renaming, formatting, fixes.

Each is answered in a thread, so that one that takes long stops none of the others.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from lsprotocol import types as t
from pygls.exceptions import JsonRpcInvalidParams

from ..catalog import fold
from ..completer import complete
from ..errors import Fix, Problem, SegQLError
from ..renaming import event_renamed, segment_renamed
from ..source import NOWHERE, Source, Span
from . import saying
from .mentions import Key, Mention
from .server import Server, path_of, uri_of
from .workspace import Here, formatted

FRESH = 600
"""Seconds that a count is good for: `now` is the last whole such stretch."""

_ICONS = {
    "event": t.CompletionItemKind.Event, "property": t.CompletionItemKind.Property,
    "metric": t.CompletionItemKind.Function, "operator": t.CompletionItemKind.Operator,
    "unit": t.CompletionItemKind.Unit, "value": t.CompletionItemKind.Value, "segment": t.CompletionItemKind.Class,
    "parameter": t.CompletionItemKind.Variable, "form": t.CompletionItemKind.Snippet,
    "list": t.CompletionItemKind.Enum, "channel": t.CompletionItemKind.Enum, "place": t.CompletionItemKind.Enum,
}  # fmt: skip


async def completion(ls: Server, asked: t.CompletionParams) -> t.CompletionList:
    return await asyncio.to_thread(_offers, ls, asked)


def _offers(ls: Server, asked: t.CompletionParams) -> t.CompletionList:
    path, here, cursor = ls.asked(asked.text_document.uri, asked.position)
    if here.catalog is None or path not in here.files:
        return t.CompletionList(False, [])
    text = here.source(path).text
    places = ls.places(text)
    able = ls.client_capabilities.text_document
    items = able.completion.completion_item if able and able.completion else None
    snippets = bool(items and items.snippet_support)
    found = []
    for number, one in enumerate(complete(text, cursor, here.catalog, segments=here.segments, definitions=True)):
        if "\n" in text[one.start : one.end]:
            continue  # an editor changes one line
        inside = snippets and one.cursor < len(one.text)
        put = f"{_plain(one.text[: one.cursor])}$0{_plain(one.text[one.cursor :])}" if inside else one.text
        span = Span(here.source(path), one.start, one.end)
        found.append(
            t.CompletionItem(
                one.text, kind=_ICONS.get(one.kind, t.CompletionItemKind.Keyword), detail=one.kind,
                documentation=one.meaning or None, sort_text=f"{number:04}", preselect=number == 0 or None,
                filter_text=text[one.start : cursor] or one.text,  # what fits is ours to say
                insert_text_format=t.InsertTextFormat.Snippet if inside else None,
                text_edit=t.TextEdit(ls.range(span, places), put),
            )
        )  # fmt: skip
    return t.CompletionList(True, found)


def _plain(text: str) -> str:
    """A text that is no template."""
    return text.replace("\\", "\\\\").replace("$", "\\$").replace("}", "\\}")


async def hover(ls: Server, asked: t.HoverParams) -> t.Hover | None:
    return await asyncio.to_thread(_said, ls, asked)


def _said(ls: Server, asked: t.HoverParams) -> t.Hover | None:
    path, here, offset = ls.asked(asked.text_document.uri, asked.position)
    if here.project is None or path not in here.files:
        return None
    mention = here.mention_at(path, offset)
    segment, span = None, None
    if mention is not None:
        span = mention.span
        if (text := saying.of_name(mention.key, here)) is not None:
            return t.Hover(t.MarkupContent(t.MarkupKind.Markdown, text), ls.range(span))
        segment = here.segments.segments.get(mention.key[1])
    elif (around := here.definition_at(path, offset)) is not None:
        segment, span = here.segments.segments.get(fold(around.name.text)), around.span
    if segment is None or span is None:
        return None
    on_demo = here.given.catalog is None
    fixed = on_demo or here.given.now is not None
    project = here.project if fixed else replace(here.project, now=_fresh(here.now))
    try:
        done, everyone = project.compile(segment), project.compile("everyone")
    except SegQLError:
        return None
    count = ""
    if ls.counter is not None and (on_demo or not here.given.on_demo_shop):
        counts = ls.counter.count(here.given, done.sql, everyone.sql)
        count = counts if isinstance(counts, str) else saying.of_count(*counts)
    text = saying.of_segment(done, segment.comments, count)
    return t.Hover(t.MarkupContent(t.MarkupKind.Markdown, text), ls.range(span))


def _fresh(now: datetime) -> datetime:
    """The last instant that others ask for, too: what was counted for it is known."""
    return datetime.fromtimestamp(now.timestamp() // FRESH * FRESH, now.tzinfo)


async def formatting(ls: Server, asked: t.DocumentFormattingParams) -> list[t.TextEdit] | None:
    text = ls.files.texts.get(path_of(asked.text_document.uri))
    done = None if text is None else await asyncio.to_thread(formatted, text)
    if text is None or done is None:
        return None
    return [] if done == text else [_between(ls, Source(text), done)]


def _between(ls: Server, before: Source, after: str) -> t.TextEdit:
    """The change that makes one text of another: what begins and ends alike stays."""
    start, end, to = 0, len(before.text), len(after)
    while start < min(end, to) and before.text[start] == after[start]:
        start += 1
    while min(end, to) > start and before.text[end - 1] == after[to - 1]:
        end, to = end - 1, to - 1
    while start and before.text[start - 1] == "\r":  # a line end is not cut in two
        start -= 1
    while end < len(before.text) and before.text[end] == "\n" and before.text[end - 1 : end] == "\r":
        end, to = end + 1, to + 1
    return t.TextEdit(ls.range(Span(before, start, end)), after[start:to])


async def definition(ls: Server, asked: t.DefinitionParams) -> t.Location | None:
    return await asyncio.to_thread(_defined, ls, asked)


def _defined(ls: Server, asked: t.DefinitionParams) -> t.Location | None:
    path, here, offset = ls.asked(asked.text_document.uri, asked.position)
    found = here.mention_at(path, offset) if path in here.files else None
    place = _place(found.key, here) if found else None
    return None if place is None else ls.location(place)


def _place(key: Key, here: Here) -> Span | None:
    """Where a file says what a name means."""
    if key[0] in ("segment", "let", "parameter"):
        return next((one.span for one in here.all_of(key) if one.defines), None)
    span = here.catalog.key_span(*key) if here.catalog else NOWHERE
    return None if span.source.name == NOWHERE.source.name else span


async def references(ls: Server, asked: t.ReferenceParams) -> list[t.Location]:
    def found() -> list[t.Location]:
        path, here, offset = ls.asked(asked.text_document.uri, asked.position)
        mention = here.mention_at(path, offset) if path in here.files else None
        if mention is None:
            return []
        with_own = asked.context.include_declaration
        spans = [one.span for one in here.all_of(mention.key) if with_own or not one.defines]
        own = _place(mention.key, here) if with_own else None
        return [ls.location(one) for one in ([own] if own is not None and own not in spans else []) + spans]

    return await asyncio.to_thread(found)


def _nameable(ls: Server, asked: t.PrepareRenameParams | t.RenameParams) -> tuple[Here, Mention, str]:
    """The segment or event that is to have another name, and its own. Raises JsonRpcInvalidParams for anything else."""
    path, here, offset = ls.asked(asked.text_document.uri, asked.position)
    found = here.mention_at(path, offset) if path in here.files else None
    match found.key if found else ():
        case ("segment", name) if found and name in here.segments.segments:
            return here, found, here.segments.segments[name].name.text
        case ("events", name) if found and here.given.catalog is not None:
            return here, found, name
        case _:
            said = "Only a segment, or an event of your own catalog, can have another name: put the cursor on one."
            raise JsonRpcInvalidParams(message=said)


async def renamable(ls: Server, asked: t.PrepareRenameParams) -> t.PrepareRenamePlaceholder:
    _, found, name = await asyncio.to_thread(_nameable, ls, asked)
    return t.PrepareRenamePlaceholder(ls.range(found.span), name)


async def rename(ls: Server, asked: t.RenameParams) -> t.WorkspaceEdit:
    def edits() -> t.WorkspaceEdit:
        here, found, old = _nameable(ls, asked)
        sources = [here.source(path) for path in here.files]
        try:
            if found.key[0] == "events":
                catalog = ls.files.catalog_source(here.given)
                done = event_renamed(sources, catalog, old, asked.new_name, here.now)
                sources = [*sources, catalog]
            else:
                done = segment_renamed(sources, old, asked.new_name)
        except SegQLError as error:
            said = error.problems[0]
            raise JsonRpcInvalidParams(message=f"{said.message} {said.hint}".strip()) from None
        changed = [(one, other) for one, other in zip(sources, done.sources, strict=True) if one.text != other.text]
        return t.WorkspaceEdit({uri_of(one.name): [_between(ls, one, other.text)] for one, other in changed})

    return await asyncio.to_thread(edits)


async def actions(ls: Server, asked: t.CodeActionParams) -> list[t.CodeAction]:
    def found() -> list[t.CodeAction]:
        path = path_of(asked.text_document.uri)
        text = ls.files.texts.get(path)
        told = [found for found in tuple(ls.told.values()) if path in found[0].files]
        fresh = next((found for found in told if found[0].source(path).text == text), None) or ls.found(path, set())
        problems = fresh[1] if fresh else []
        own = [one for one in problems if one.fixes and one.span.source.name == path]
        return [action for one in own if _touch(ls.range(one.span), asked.range) for action in _fixes(ls, one)]

    return await asyncio.to_thread(found)


def _fixes(ls: Server, problem: Problem) -> Iterable[t.CodeAction]:
    """One action for each reading."""
    for fix in problem.fixes:
        edit = t.WorkspaceEdit({uri_of(fix.span.source.name): [t.TextEdit(ls.range(fix.span), fix.text)]})
        yield t.CodeAction(
            _title(fix), t.CodeActionKind.QuickFix, [ls.diagnostic(problem)],
            is_preferred=len(problem.fixes) == 1, edit=edit,
        )  # fmt: skip


def _title(fix: Fix) -> str:
    shown = " ".join(fix.shown.split())
    said = f"Write `{shown}`" if shown else f"Take out `{' '.join(fix.span.text.split())}`"
    return f"{said} ({fix.note})" if fix.note else said


def _touch(one: t.Range, other: t.Range) -> bool:
    return one.start <= other.end and other.start <= one.end
