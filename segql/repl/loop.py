"""The session: reads a rule or a command, answers, and goes on, whatever happens. From a terminal, a pipe or a file."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace

import click

from ..answers.style import fitted
from ..console.output import busy, show_problems
from ..console.setup import read
from ..errors import SegQLError
from ..files import UNWRITABLE
from . import commands
from .commands import Refused
from .printing import note
from .state import State, read_project, reread, settled

_ELSEWHERE = {
    **dict.fromkeys(("help", "?", "\\?", "help()"), "\\help"),
    **dict.fromkeys(("quit", "exit", "q", "quit()", "exit()", ":q", ":quit", "bye"), "\\q"),
}
"""What people type who know other programs, where it is no rule."""
_SQL = re.compile(r"\s*(?:select|with|insert|update|delete|create|drop)\s", re.IGNORECASE)

REPORT = "https://github.com/segql/segql/issues"


def answer(text: str, state: State) -> tuple[State, bool]:
    """The state after a rule or a command, and whether all went well. What goes wrong is said, and ends nothing; a
    rule that a fix would mend comes back as the draft.
    """
    from ..warehouse import WarehouseError, masked

    command = text.lstrip().startswith("\\")
    state = replace(state, draft="")
    try:
        state = _as_files_are(state)
        try:
            return _run(text, state), True
        except WarehouseError:
            again = reconnected(state)
            if again is state:
                raise
            state = again
            return _run(text, state), True
    except SegQLError as error:
        show_problems(error.problems)
        if not command and error.problems[0].fixes:
            state = replace(state, draft=text)
    except Refused as error:
        refused(error.message, error.hint)
    except WarehouseError as error:
        refused(error.message, error.hint)
        state = state if command else replace(state, last=text)
    except click.ClickException as error:
        refused(error.format_message())
    except KeyboardInterrupt:
        click.echo("Stopped.", err=True)
        state = state if command else replace(state, last=text)
    except Exception as error:
        if os.environ.get("SEGQL_TRACEBACK") or (isinstance(error, OSError) and error.errno in UNWRITABLE):
            raise
        said = masked(" ".join(f"{type(error).__name__}: {error}".split()))[:300]
        refused(f"This is a bug in SegQL, not in your rule ({said}).", f"please report it: {REPORT}")
    return state, False


def _as_files_are(state: State) -> State:
    """The state with what another program changed; it is said."""
    state, changed = reread(state)
    if changed:
        note(f"{', '.join(changed)} changed: read again.")
        show_problems(state.project.result().segments.problems)
    return state


def _run(text: str, state: State) -> State:
    """Does what a text says, and says what that cost, where it costs money."""
    state.reads.clear()
    state = _done(text, state)
    if script := state.script:
        state = run_text(replace(state, script=""), script)
    if state.reads:
        from ..warehouse.bigquery import sized

        note(f"read {sized(sum(state.reads))}")
    return state


def _done(text: str, state: State) -> State:
    if text.lstrip().startswith("\\"):
        return commands.run(text, state)
    try:
        return commands.COMMANDS["count"].run(state, text)
    except SegQLError:
        if meant := _ELSEWHERE.get(text.strip().rstrip(";").lower()):
            return commands.run(meant, state)
        if _SQL.match(text):
            raise Refused(
                "This is SQL, and a session asks rules.",
                "type a rule, such as: placed order at least twice in 90d; \\sql then prints its SQL",
            ) from None
        raise


def refused(message: str, hint: str = "") -> None:
    """What cannot be done, and how to mend it."""
    click.echo(fitted(click.style(message, fg="red")), err=True)
    if hint:
        click.echo(fitted(click.style("  help: ", fg="green") + hint), err=True)


def reopened(text: str, state: State) -> State:
    """Another try for a text that asks something, where there was nothing to ask; the error of it is in the state."""
    if not state.project.done() or state.project.exception() is None or not commands.asks(text):
        return state
    with busy("Opening the warehouse") as say:
        try:
            project = settled(read_project(state.setup, say, state.reads.append))
        except Exception as error:
            project = Future()
            project.set_exception(error)
    return replace(state, project=project)


def reconnected(state: State) -> State:
    """The state with a new connection, where the one to a server is gone; else the same."""
    from ..warehouse import WarehouseError

    if not state.project.done() or state.project.exception() is not None:
        return state
    project = state.project.result()
    if not project.opened.connection.reconnects:
        return state
    try:
        project.opened.rows("SELECT 1")
        return state
    except WarehouseError:
        pass
    try:
        project = commands.settings.again(state, project)
    except WarehouseError:
        return state
    note("The connection was lost, and is open again.")
    return replace(state, project=settled(project))


def run_text(state: State, text: str) -> State:
    """Runs the rules and commands of a text, one after the other."""
    for part in parts(text):
        state, _ = answer(part, state)
        if state.over:
            break
    return replace(state, draft="")


def parts(text: str) -> Iterator[str]:
    """The rules and commands of a text. A rule goes on while it is not whole, and with lines that cannot begin one."""
    from ..parser import begins_rule

    held: list[str] = []
    for line in text.splitlines():
        command = line.lstrip().startswith("\\")
        blank = not line.strip() or line.lstrip().startswith(("--", "#"))
        if held and not blank and not command and (begins_rule("\n".join(held)) or not _may_begin(line)):
            held.append(line)
            continue
        if held and (command or not blank or not begins_rule("\n".join(held))):
            yield "\n".join(held)
            held = []
        if command:
            yield line.strip()
        elif not blank:
            held.append(line)
    if held:
        yield "\n".join(held)


def _may_begin(line: str) -> bool:
    """Whether a rule may begin with a line; `and country is "NL"` goes on with one."""
    from ..parser import begins_rule, parse_rule

    if begins_rule(line):
        return True
    try:
        parse_rule(line)
    except SegQLError as error:
        problem = error.problems[0]
        return problem.code not in ("syntax", "reserved-word") or problem.span.start > len(line) - len(line.lstrip())
    return True


def piped(state: State) -> int:
    """Rules and commands from standard input, plainly; 1 when something was wrong with one of them."""
    text = read("-")
    code = 0
    for part in parts(text):
        state, fine = answer(part, state)
        code = code if fine else 1
        if state.over:
            break
    return code
