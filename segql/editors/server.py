"""The server of the Language Server Protocol: the files that an editor has, and what is said of them.

The files are read from the editor before the disk, whole; the answers are made in threads, so that one that takes long
stops none of the others, and a change is looked at once, when no other follows it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from lsprotocol import types as t
from pygls.lsp.server import LanguageServer
from pygls.uris import from_fs_path, to_fs_path

from .. import __version__
from ..console.setup import Setup
from ..errors import Problem
from ..source import NOWHERE, Span
from .counting import Counter
from .places import Places
from .workspace import Here, Workspace

WAIT = 0.15
"""Seconds without a change after which a file is looked at."""
ERRORS = "https://github.com/segql/segql/blob/main/docs/errors.md"

_SEVERITIES = {
    "error": t.DiagnosticSeverity.Error, "warning": t.DiagnosticSeverity.Warning, "hint": t.DiagnosticSeverity.Hint,
}  # fmt: skip


class Server(LanguageServer):
    """The server and what it knows: the files that are open, what was said of which, who counts."""

    def __init__(self, given: Setup, counter: Counter | None) -> None:
        super().__init__("segql", f"v{__version__}", text_document_sync_kind=t.TextDocumentSyncKind.Full)
        self.files = Workspace(given)
        self.counter = counter
        self.changes = 0
        self.looking: asyncio.Task[None] | None = None
        self.waiting: set[str] = set()
        """Files whose projects are to be looked at."""
        self.told: dict[tuple[Setup, str], tuple[Here, list[Problem]]] = {}
        """What was said of each project."""
        self.said: set[str] = set()

    # --- between the editor's places and ours

    @property
    def encoding(self) -> str:
        """The units that columns are counted in."""
        return str(getattr(self.workspace.position_encoding, "value", self.workspace.position_encoding))

    def places(self, text: str) -> Places:
        """The places of a text."""
        return Places(text, self.encoding)

    def range(self, span: Span, places: Places | None = None) -> t.Range:
        """A stretch of a text."""
        places = places or self.places(span.source.text)
        return t.Range(t.Position(*places.of(span.start)), t.Position(*places.of(span.end)))

    def location(self, span: Span) -> t.Location:
        """A stretch of a file."""
        return t.Location(uri_of(span.source.name), self.range(span))

    def asked(self, uri: str, position: t.Position) -> tuple[str, Here, int]:
        """A file, its project, and an offset there."""
        path = path_of(uri)
        here = self.files.here(path)
        text = here.source(path).text if path in here.files else ""
        return path, here, self.places(text).offset(position.line, position.character)

    # --- diagnostics

    def changed(self, *paths: str) -> None:
        """Looks at files and their projects, once no other change follows."""
        self.changes += 1
        self.waiting.update(paths)
        if self.looking is not None:
            self.looking.cancel()
        self.looking = asyncio.ensure_future(self._look(self.changes))

    async def _look(self, change: int) -> None:
        await asyncio.sleep(WAIT)
        done = set[tuple[Setup, str]]()
        for path in sorted(self.waiting):
            found = await asyncio.to_thread(self.found, path, done, lambda: change == self.changes)
            if change != self.changes:
                return
            self.waiting.discard(path)
            for said in self.files.settings(path).wrong:
                if said not in self.said:
                    self.said.add(said)
                    self.window_show_message(t.ShowMessageParams(t.MessageType.Warning, said))
            if found is not None:
                self.publish(*found)

    def found(
        self, path: str, done: set[tuple[Setup, str]], current: Callable[[], bool] = lambda: True
    ) -> tuple[Here, list[Problem]] | None:
        """What is wrong in the project of a file; None for one that is `done`, and once another change came."""
        here = self.files.here(path)
        if (here.given, here.folder) in done:
            return None
        done.add((here.given, here.folder))
        problems = here.problems(path, current)
        return None if problems is None else (here, problems)

    def publish(self, here: Here, problems: list[Problem]) -> None:
        """Tells the editor, also of files that have no problems any more."""
        by_file: dict[str, list[Problem]] = {name: [] for name in here.files if name in self.files.texts}
        before = self.told.get((here.given, here.folder))
        by_file |= {one.span.source.name: [] for one in (before[1] if before else ())}
        for one in problems:
            by_file.setdefault(one.span.source.name, []).append(one)
        by_file.pop(NOWHERE.source.name, None)
        self.told[here.given, here.folder] = here, problems
        for name, own in by_file.items():
            self.text_document_publish_diagnostics(
                t.PublishDiagnosticsParams(uri_of(name), [self.diagnostic(one) for one in own])
            )

    def diagnostic(self, problem: Problem) -> t.Diagnostic:
        """A problem with its help, its code and where that is explained."""
        said = f"{problem.message}\n{problem.hint}" if problem.hint else problem.message
        return t.Diagnostic(
            self.range(problem.span), said, _SEVERITIES[problem.severity], problem.code,
            t.CodeDescription(f"{ERRORS}#{quote(problem.code)}"), "segql",
        )  # fmt: skip


def path_of(uri: str) -> str:
    """The file of an address; what is no file is called by its address."""
    return str(Path(found).absolute()) if uri.startswith("file:") and (found := to_fs_path(uri)) else uri


def uri_of(path: str) -> str:
    """The address of a file."""
    return path if "://" in path or path.startswith("untitled:") else from_fs_path(str(Path(path).absolute())) or path
