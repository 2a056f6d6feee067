"""The server with all that an editor tells it and asks it."""

from __future__ import annotations

from lsprotocol import types as t

from ..console.setup import Setup
from . import answers
from .counting import Counter
from .server import Server, path_of


def server(given: Setup, counter: Counter | None = None) -> Server:
    """The server over the projects of whatever files are opened; with a counter a hover says how many members."""
    made = Server(given, counter)
    for name, answer, options in (
        (t.TEXT_DOCUMENT_DID_OPEN, _opened, None),
        (t.TEXT_DOCUMENT_DID_CHANGE, _changed, None),
        (t.TEXT_DOCUMENT_DID_SAVE, _saved, None),
        (t.TEXT_DOCUMENT_DID_CLOSE, _closed, None),
        (t.WORKSPACE_DID_CHANGE_WATCHED_FILES, _elsewhere, None),
        (t.INITIALIZED, _watch, None),
        (t.TEXT_DOCUMENT_COMPLETION, answers.completion, t.CompletionOptions(trigger_characters=[" ", '"', "("])),
        (t.TEXT_DOCUMENT_HOVER, answers.hover, None),
        (t.TEXT_DOCUMENT_FORMATTING, answers.formatting, None),
        (t.TEXT_DOCUMENT_DEFINITION, answers.definition, None),
        (t.TEXT_DOCUMENT_REFERENCES, answers.references, None),
        (t.TEXT_DOCUMENT_PREPARE_RENAME, answers.renamable, None),
        (t.TEXT_DOCUMENT_RENAME, answers.rename, t.RenameOptions(prepare_provider=True)),
        (t.TEXT_DOCUMENT_CODE_ACTION, answers.actions, t.CodeActionOptions([t.CodeActionKind.QuickFix])),
    ):  # fmt: skip
        made.feature(name, options)(answer)
    return made


# --- what the editor tells ------------------------------------------------------------------------------------------


def _opened(ls: Server, told: t.DidOpenTextDocumentParams) -> None:
    path = path_of(told.text_document.uri)
    ls.files.texts[path] = told.text_document.text
    ls.changed(path)


def _changed(ls: Server, told: t.DidChangeTextDocumentParams) -> None:
    path = path_of(told.text_document.uri)
    for change in told.content_changes:
        ls.files.texts[path] = change.text  # the whole of it, as was agreed
    ls.changed(path)


def _saved(ls: Server, told: t.DidSaveTextDocumentParams) -> None:
    ls.changed(path_of(told.text_document.uri))


def _closed(ls: Server, told: t.DidCloseTextDocumentParams) -> None:
    path = path_of(told.text_document.uri)
    ls.files.texts.pop(path, None)
    ls.changed(path)


def _elsewhere(ls: Server, _: t.DidChangeWatchedFilesParams) -> None:
    ls.changed(*ls.files.texts)


async def _watch(ls: Server, _: t.InitializedParams) -> None:
    """Asks to hear of files that change on the disk."""
    able = ls.client_capabilities.workspace
    watching = able.did_change_watched_files if able else None
    if watching is not None and watching.dynamic_registration:
        watchers = [t.FileSystemWatcher(f"**/*.{kind}") for kind in ("segql", "yaml", "yml", "toml")]
        options = t.DidChangeWatchedFilesRegistrationOptions(watchers)
        wanted = t.Registration("files", t.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
        await ls.client_register_capability_async(t.RegistrationParams([wanted]))
