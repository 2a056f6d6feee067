"""The session: reads a rule or a command, answers, and goes on, whatever happens. From a terminal, a pipe or a file."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from ..cli.output import show_problems
from ..errors import SegQLError
from . import commands
from .commands import Refused
from .state import State, settled

if TYPE_CHECKING:
    from ..warehouse import WarehouseError

REPORT = "https://github.com/segql/segql/issues"


def answer(text: str, state: State) -> tuple[State, bool]:
    """The state after a rule or a command, and whether all went well. What goes wrong is said, and ends nothing."""
    from ..warehouse import WarehouseError, shown

    state = replace(state, draft="")
    try:
        if text.lstrip().startswith("\\"):
            return commands.run(text, state), True
        return commands.COMMANDS["count"].run(state, text), True
    except SegQLError as error:
        show_problems(error.problems)
    except Refused as error:
        refused(error.message, error.hint)
    except WarehouseError as error:
        refused(error.message, error.hint)
        state = reconnected(state, error)
    except click.ClickException as error:
        refused(error.format_message())
    except KeyboardInterrupt:
        click.echo("Stopped.", err=True)
    except Exception as error:
        if os.environ.get("SEGQL_TRACEBACK"):
            raise
        said = shown(" ".join(f"{type(error).__name__}: {error}".split())[:300])
        refused(f"This is a bug in SegQL, not in your rule ({said}).", f"please report it: {REPORT}")
    return state, False


def refused(message: str, hint: str = "") -> None:
    """What cannot be done, and how to mend it."""
    click.echo(click.style(message, fg="red"), err=True)
    if hint:
        click.echo(click.style("  help: ", fg="green") + hint, err=True)


def reconnected(state: State, error: WarehouseError) -> State:
    """A new connection, where the one to a server is gone."""
    from ..warehouse import WarehouseError

    if not state.world.done() or state.world.exception() is not None:
        return state
    world = state.world.result()
    if world.warehouse.dialect == "duckdb":  # a file does not go away
        return state
    try:
        world.warehouse.rows("SELECT 1")
        return state
    except (WarehouseError, KeyboardInterrupt):
        pass
    try:
        world = commands.places.again(state, world)
    except (WarehouseError, KeyboardInterrupt):
        return state
    click.echo("The connection was lost, and is open again: ask once more.", err=True)
    return replace(state, world=settled(world))


def run_text(state: State, text: str) -> State:
    """Runs the rules and commands of a text, one after the other."""
    for part in parts(text):
        state, _ = answer(part, state)
        if state.over:
            break
    return state


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
    text = sys.stdin.read()
    code = 0
    for part in parts(text):
        state, fine = answer(part, state)
        code = code if fine else 1
        if state.over:
            break
    return code
