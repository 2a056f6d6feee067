"""The commands about texts that are kept: `\\save`, `\\segments`, `\\show`, `\\edit`, `\\i`."""

from __future__ import annotations

import os
import re
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...answers.columns import beside
from ...answers.style import counted
from ...console.output import show_problems
from ...files import alone_in, reason, write
from ...words import say
from ..printing import note, page
from ..state import State, meant, read_segments, seen_now, segment_places, settled
from .model import Refused, Words, about, project_of, unquoted

if TYPE_CHECKING:
    from ...ast import Segment
    from ...project import Project


def names(state: State) -> Words:
    """Saved segments, each with its comment."""
    if not state.project.done() or state.project.exception() is not None:
        return []
    return [(s.name.text, first_line(s)) for s in state.project.result().segments.segments.values()]


def first_line(segment: Segment) -> str:
    """What a segment's comment begins with."""
    return segment.comments[0] if segment.comments else ""


# --- \save ---------------------------------------------------------------------------------------------------------


def save(state: State, argument: str) -> State:
    """Keeps the rule as a segment in a file; Refused where one of that name is there."""
    return _save(state, argument, again=False)


def save_again(state: State, argument: str) -> State:
    """Keeps the rule in place of the segment of that name, in its file."""
    return _save(state, argument, again=True)


def _save(state: State, argument: str, again: bool) -> State:
    from ... import formatter

    given, rule_text = _name_and_rule(argument)
    if not given:
        raise Refused("Under which name?", '\\save VIPs, or \\save "SMS espresso shot"')
    text, state = about(state, rule_text)
    _check(text, state, project_of(state))
    path = _home(state, given)
    try:
        with alone_in(path.parent):
            path = _kept(state, given, text, again)
    except OSError as error:
        raise Refused(f"{path} cannot be written: {reason(error)}.") from None
    note(f"`{given}` is in {path}. In a rule: in segment {formatter.format_name(given)}")
    return reloaded(state)


def _kept(state: State, given: str, text: str, again: bool) -> Path:
    """Writes a segment into its file, which is told; other sessions may have written there since."""
    from ... import formatter, parser
    from ...catalog import fold
    from ...console.opening import shop

    known = read_segments(state.setup).segments.get(fold(given))
    if known is not None and not again:
        raise Refused(f"There is a segment `{known.name.text}` already.", f"\\show {given}, or \\save! {given} instead")
    quoted = given.replace('"', '""')
    definition = formatter.format(parser.parse_definitions(say('SEGMENT "{}" = {}', quoted, text))).strip() + "\n"
    if known is not None and known.name.span.source.text:
        path = Path(known.name.span.source.name)
        if path.is_relative_to(shop()):
            raise Refused(f"`{known.name.text}` belongs to the demo shop.", "\\save it under another name")
        kept = _put_back(path, known, definition)
    else:
        path = _home(state, given)
        kept = definition
        if path.exists():
            kept = path.read_text(encoding="utf-8").rstrip("\n") + "\n\n" + definition
    write(path, kept)
    return path


def _name_and_rule(argument: str) -> tuple[str, str]:
    """`NAME`, or `NAME = RULE`."""
    found = re.match(r'\s*("(?:[^"]|"")*"|[^=]*?)\s*(?:=\s*(.*))?\s*\Z', argument, re.DOTALL)
    return (unquoted(found[1]), found[2] or "") if found else (argument, "")


def _check(text: str, state: State, project: Project) -> None:
    """Raises SegQLError: a broken rule is not kept."""
    show_problems(meant(text, state, project).problems)


_COMMENT = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|((?:--|#)[^\n]*)""")
"""A comment, or a text in quotes, in which none begins."""


def _put_back(path: Path, known: Segment, definition: str) -> str:
    """The file's text with another definition in the place of the known one, its comments left."""
    from ... import ast, parser

    text = path.read_text(encoding="utf-8")
    parts = parser.parse_definitions(text, str(path)).parts
    again = next((p for p in parts if isinstance(p, ast.Segment | ast.Let) and p.name.text == known.name.text), None)
    if not isinstance(again, ast.Segment):
        raise Refused(f"{path} was changed since, and has no `{known.name.text}` any more.", "\\segments reads anew")
    inside = [found[1] for found in _COMMENT.finditer(again.span.text) if found[1]]
    if inside:
        note("The comments inside the rule stand above it now: read whether they still hold.")
    above = "".join(f"{said.rstrip()}\n" for said in inside)
    return text[: again.span.start] + above + definition.rstrip("\n") + text[again.span.end :]


def _home(state: State, name: str) -> Path:
    """Where a new segment goes: a file of its own in the last folder of the segments, or the last file of them."""
    last = Path(segment_places(state.setup)[-1])
    return last if last.suffix == ".segql" else last / f"{_slug(name)}.segql"


def _slug(name: str) -> str:
    return re.sub(r"\W+", "-", name.casefold()).strip("-") or "segment"


def reloaded(state: State) -> State:
    """The state with the segments as their files have them now."""
    project = project_of(state)
    seen = seen_now(state.setup)
    segments = read_segments(state.setup)
    show_problems(segments.problems)
    return replace(state, project=settled(replace(project, segments=segments)), seen=seen)


# --- \segments, \show ----------------------------------------------------------------------------------------------


def segments(state: State, argument: str) -> State:
    """Lists the saved segments, or those with a word in their name; their files are read anew."""
    state = reloaded(state)
    wanted = unquoted(argument).casefold()
    found = [(n, said) for n, said in names(state) if wanted in n.casefold()]
    if not found:
        raise Refused(
            "There are no saved segments here." if not wanted else f"No segment's name has `{wanted}` in it.",
            "\\save NAME keeps the last rule",
        )
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else sys.maxsize
    page(state, beside(list(zip(*found, strict=True)), width))
    note(f"({counted(len(found), 'segment')})")
    return state


def show(state: State, argument: str) -> State:
    """Prints a saved segment, and where it stands; it becomes the last rule."""
    from ... import ast, formatter

    segment = one(state, argument)
    page(state, formatter.format(ast.Definitions((segment,))).strip())
    source = segment.name.span.source
    note(f"{source.name}:{source.position(segment.name.span.start)[0]}")
    return replace(state, last=f"in segment {formatter.format_name(segment.name.text)}")


def one(state: State, name: str) -> Segment:
    """A saved segment by its name."""
    if not name.strip():
        raise Refused("Which segment?", "\\segments lists them")
    try:
        return project_of(state).segments[unquoted(name)]
    except KeyError as error:
        raise Refused(str(error.args[0]), "\\segments lists them") from None


# --- \edit, \i -----------------------------------------------------------------------------------------------------


def edit(state: State, argument: str) -> State:
    """Opens the rule in the user's editor; what comes back is the draft of the next prompt."""
    text = argument.strip() or state.last
    try:
        changed = click.edit(text + "\n", extension=".segql", require_save=False)
    except click.ClickException as error:
        raise Refused(error.format_message(), "the variable EDITOR names your editor: EDITOR=nano") from None
    return replace(state, draft=(changed or "").strip())


def file_text(argument: str) -> tuple[Path, str]:
    """The text of a file of rules and commands."""
    path = Path(os.path.expanduser(unquoted(argument)))
    if not argument.strip():
        raise Refused("Which file?", "\\i rules.txt")
    try:
        return path, path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        said = "it is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else (error.strerror or str(error))
        raise Refused(f"{path} cannot be read: {said.lower()}.") from None


def include(state: State, argument: str) -> State:
    """The rules and commands of a file are run next; of a `.segql` file the segments are known from now on."""
    path, text = file_text(argument)
    if path.suffix == ".segql":
        setup = dict.fromkeys((str(path), *segment_places(state.setup)))
        note(f"The segments of {path} are known now.")
        return reloaded(replace(state, setup=replace(state.setup, segments=tuple(setup))))
    return replace(state, script=text)
