"""`segql lsp`, asked by the client of pygls over standard input and output."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from segql.editors.places import Places

from ..worlds.own_shop import CATALOG, write_shop

TEXT = """\
-- 🛒 Käufer: die treuen
let lately = 30d
segment "Käufer 🛒" (few = 2) = placed order >= few in lately
segment "Dutch buyers" = in segment "Käufer 🛒" (few = 3) and contry is "NL"
"""
"""An emoji and umlauts stand before the error, in its own line too."""
RIGHT = TEXT.replace("contry", "country")
SECONDS = 30


class Editor:
    """A client, and what the server told it."""

    def __init__(self, folder: Path, *options: str) -> None:
        from lsprotocol import types as t
        from pygls.lsp.client import LanguageClient

        self.t: Any = t
        self.folder, self.options = folder, options
        self.client: Any = LanguageClient("test", "1")
        self.problems: dict[str, list[Any]] = {}
        self.times = 0
        self.told = asyncio.Event()

        def _heard(params: Any) -> None:
            self.problems[Path(params.uri.removeprefix("file://")).name] = params.diagnostics
            self.times += 1
            self.told.set()

        def _watched(params: Any) -> None:
            self.watched = params.registrations[0].register_options

        self.client.feature(t.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(_heard)
        self.client.feature(t.CLIENT_REGISTER_CAPABILITY)(_watched)

    async def start(self) -> None:
        t = self.t
        os.environ["PYTHONPATH"] = os.getcwd()
        await self.client.start_io(sys.executable, "-m", "segql", "lsp", *self.options, cwd=str(self.folder))
        able = t.ClientCapabilities(
            general=t.GeneralClientCapabilities(position_encodings=["utf-16"]),
            workspace=t.WorkspaceClientCapabilities(
                did_change_watched_files=t.DidChangeWatchedFilesClientCapabilities(dynamic_registration=True)
            ),
        )
        await self.client.initialize_async(t.InitializeParams(able, root_uri=self.folder.as_uri()))
        self.client.initialized(t.InitializedParams())

    def uri(self, name: str) -> str:
        return (self.folder / name).as_uri()

    async def open(self, name: str, text: str) -> None:
        item = self.t.TextDocumentItem(self.uri(name), "segql", 1, text)
        await self.heard(lambda: self.client.text_document_did_open(self.t.DidOpenTextDocumentParams(item)))

    async def change(self, name: str, *texts: str) -> None:
        def write() -> None:
            for number, text in enumerate(texts, 2):
                self.client.text_document_did_change(
                    self.t.DidChangeTextDocumentParams(
                        self.t.VersionedTextDocumentIdentifier(number, self.uri(name)),
                        [self.t.TextDocumentContentChangeWholeDocument(text)],
                    )
                )

        await self.heard(write)

    async def heard(self, tell: Callable[[], None]) -> None:
        """What the server says of a project once it was told something."""
        self.told.clear()
        tell()
        await asyncio.wait_for(self.told.wait(), SECONDS)
        await asyncio.sleep(0.1)  # of its other files

    def at(self, name: str, line: int, column: int) -> dict[str, Any]:
        return {
            "text_document": self.t.TextDocumentIdentifier(self.uri(name)),
            "position": self.t.Position(line, column),
        }

    async def stop(self) -> None:
        await self.client.shutdown_async(None)
        self.client.exit(None)
        await asyncio.wait_for(self.client.stop(), SECONDS)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_shop(tmp_path, "good.segql")
    (tmp_path / "segql.toml").write_text('catalog = "catalog.yaml"\nwarehouse = "shop.duckdb"\nsegments = "."\n')
    return tmp_path


def test_an_editor_writes_a_file(folder: Path) -> None:
    """One after the other with one server, which takes a second to start."""

    async def run() -> None:
        editor = Editor(folder, "--count")
        await editor.start()
        try:
            for work in (an_error_behind_an_emoji, names, rename, writing, many_changes, a_bad_catalog):
                await work(editor)
        finally:
            await editor.stop()

    asyncio.run(asyncio.wait_for(run(), 2 * SECONDS))


def wide(text: str) -> int:
    """Units of UTF-16."""
    return len(text.encode("utf-16-le")) // 2


def place(editor: Editor, line: int, word: str) -> dict[str, Any]:
    said = RIGHT.splitlines()[line]
    return editor.at("new.segql", line, wide(said[: said.index(word)]) + 1)


async def an_error_behind_an_emoji(editor: Editor) -> None:
    await editor.open("new.segql", TEXT)
    (found,) = editor.problems["new.segql"]
    line = TEXT.splitlines()[3]
    start = wide(line[: line.index("contry")])
    assert (found.range.start.line, found.range.start.character) == (3, start)
    assert found.range.end.character == start + 6
    assert (found.code, found.code_description.href.rpartition("#")[2]) == ("unknown-name", "unknown-name")
    assert "did you mean `country`?" in found.message
    t = editor.t
    asked = t.CodeActionParams(
        t.TextDocumentIdentifier(editor.uri("new.segql")), found.range, t.CodeActionContext([found])
    )
    (action, *_) = await editor.client.text_document_code_action_async(asked)
    (change,) = action.edit.changes[editor.uri("new.segql")]
    assert (change.range, change.new_text, action.title) == (found.range, "country", "Write `country`")
    await editor.change("new.segql", RIGHT)
    assert not editor.problems["new.segql"]


async def names(editor: Editor) -> None:
    client, t = editor.client, editor.t

    async def defined(line: int, word: str) -> tuple[str, int]:
        found = await client.text_document_definition_async(t.DefinitionParams(**place(editor, line, word)))
        return Path(found.uri).name, found.range.start.line

    assert await defined(3, "Käufer") == ("new.segql", 2)
    assert await defined(2, "few in") == ("new.segql", 2)
    assert await defined(2, "lately") == ("new.segql", 1)
    assert await defined(3, "few = 3") == ("new.segql", 2)
    line = next(number for number, said in enumerate(CATALOG.splitlines()) if "placed order:" in said)
    assert await defined(2, "placed order") == ("catalog.yaml", line)
    assert (await defined(3, "country"))[0] == "catalog.yaml"

    everywhere = t.ReferenceParams(t.ReferenceContext(True), **place(editor, 2, "placed order"))
    found = await client.text_document_references_async(everywhere)
    assert sorted(Path(one.uri).name for one in found) == ["catalog.yaml", "good.segql", "new.segql"]

    event = await client.text_document_hover_async(t.HoverParams(**place(editor, 2, "placed order")))
    assert event.contents.value == "**placed order**: event\n\nA purchase."
    segment = await client.text_document_hover_async(t.HoverParams(**place(editor, 3, "Dutch")))
    assert "of 30 profiles" in segment.contents.value
    assert "SELECT" in segment.contents.value


async def rename(editor: Editor) -> None:
    client, t = editor.client, editor.t
    name = await client.text_document_prepare_rename_async(t.PrepareRenameParams(**place(editor, 3, "Käufer")))
    assert name.placeholder == "Käufer 🛒"
    new = t.RenameParams(new_name="Loyal ☕", **place(editor, 3, "Käufer"))
    (change,) = (await client.text_document_rename_async(new)).changes[editor.uri("new.segql")]
    assert change.new_text.count("Loyal ☕") == 2
    event = t.RenameParams(new_name="bought", **place(editor, 2, "placed order"))
    changes = (await client.text_document_rename_async(event)).changes
    assert sorted(Path(uri).name for uri in changes) == ["catalog.yaml", "good.segql", "new.segql"]
    with pytest.raises(Exception, match="Only a segment"):
        await client.text_document_rename_async(t.RenameParams(new_name="x", **place(editor, 3, "country")))


async def writing(editor: Editor) -> None:
    client, t = editor.client, editor.t
    await editor.change("new.segql", RIGHT + "\n\n")
    this = t.TextDocumentIdentifier(editor.uri("new.segql"))
    whole = t.DocumentFormattingParams(this, t.FormattingOptions(2, True))
    assert await client.text_document_formatting_async(whole)

    await editor.change("new.segql", RIGHT + 'segment "☕" = placed ord')
    offers = await client.text_document_completion_async(t.CompletionParams(**editor.at("new.segql", 4, 25)))
    first = offers.items[0]
    assert (first.label, first.text_edit.new_text) == ("placed order", "placed order")
    assert first.text_edit.range == t.Range(t.Position(4, 14), t.Position(4, 24))


async def many_changes(editor: Editor) -> None:
    """They are looked at once, and the last one counts."""
    times = editor.times
    await editor.change("new.segql", *(f'segment "A" = placed orde{"r" * (n == 20)}' for n in range(21)))
    assert editor.times == times + 1
    assert not editor.problems["new.segql"]


async def a_bad_catalog(editor: Editor) -> None:
    """It is a problem of its file until it is mended."""
    catalog = editor.folder / "catalog.yaml"
    assert editor.watched["watchers"][0]["globPattern"] == "**/*.segql"
    changes = editor.t.DidChangeWatchedFilesParams([])
    catalog.write_text(CATALOG.replace("profiles:", "profils:"))
    await editor.heard(lambda: editor.client.workspace_did_change_watched_files(changes))
    assert editor.problems["catalog.yaml"][0].code == "unknown-key"
    assert not editor.problems["new.segql"]
    hover = editor.t.HoverParams(**editor.at("new.segql", 0, 12))
    assert await editor.client.text_document_hover_async(hover) is None
    catalog.write_text(CATALOG)
    await editor.heard(lambda: editor.client.workspace_did_change_watched_files(changes))
    assert not editor.problems["catalog.yaml"]


@pytest.mark.parametrize(("encoding", "width"), [("utf-8", 4), ("utf-16", 2), ("utf-32", 1)])
def test_places_count_as_the_editor_does(encoding: str, width: int) -> None:
    text = "a🛒b\r\nü\rz\n"
    places = Places(text, encoding)
    assert places.of(text.index("b")) == (0, 1 + width)
    assert places.of(text.index("z")) == (2, 0)
    assert places.of(len(text)) == (3, 0)
    for offset in (at for at, letter in enumerate(text) if letter != "\n"):
        assert places.offset(*places.of(offset)) == offset
    assert places.offset(0, 2) == (2 if width == 1 else 1)
    assert (places.offset(0, 99), places.offset(99, 0)) == (3, len(text))


def test_nothing_of_the_protocol_is_loaded_unless_asked() -> None:
    code = (
        "import sys; from segql.__main__ import main\n"
        "try: main()\nexcept SystemExit: pass\nassert not {'pygls', 'lsprotocol'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code, "check", "vip"], check=True, capture_output=True)
