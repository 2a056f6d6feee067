"""How command line and session print: results on stdout for people or machines, problems and progress on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from threading import Event, Thread
from time import perf_counter
from typing import TYPE_CHECKING, Any

import click

from ..answers.style import painted, style

if TYPE_CHECKING:
    from ..errors import Problem


@contextmanager
def failed(as_json: bool) -> Iterator[None]:
    """Turns SegQLError into its messages and exit code 1."""
    from ..errors import SegQLError

    try:
        yield
    except SegQLError as error:
        if as_json:
            print_json({"problems": [problem.to_dict() for problem in error.problems]})
        else:
            show_problems(error.problems)
        raise click.exceptions.Exit(1) from None


def show_warehouse_error(message: str, hint: str, as_json: bool) -> None:
    """What is wrong with a warehouse, in the form of a problem."""
    if as_json:
        nowhere = {"file": None, "line": None, "column": None}
        print_json(
            {"problems": [{"code": "warehouse", "severity": "error", "message": message, "hint": hint, **nowhere}]}
        )
        return
    click.echo(style("error[warehouse]", fg="red", bold=True) + ": " + style(message, bold=True), err=True)
    if hint:
        click.echo(style("  help: ", fg="green") + hint, err=True)


def show_problems(problems: Iterable[Problem], *, on_stdout: bool = False) -> None:
    """Problems for people, one after the other."""
    for problem in problems:
        click.echo(painted(problem) + "\n", err=not on_stdout)


def print_json(data: Any) -> None:
    """Data as JSON; what JSON has no form for as text."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2, default=str))


def sql_text(sql: str) -> str:
    """SQL, in colour on a terminal."""
    if not colourful():
        return sql
    from rich.console import Console

    console = Console(highlight=False, force_terminal=True)
    with console.capture() as captured:
        console.print(painted_sql(sql))
    return captured.get().rstrip("\n")


def painted_sql(sql: str) -> Any:
    """SQL for a rich console."""
    from rich.syntax import Syntax

    return Syntax(sql, "sql", theme="ansi_dark", background_color="default", word_wrap=True)


def width() -> int:
    """The columns that there are on stdout; where it is no terminal, as many as anything takes."""
    import shutil  # here: the other commands need none of it

    return shutil.get_terminal_size().columns if sys.stdout.isatty() else sys.maxsize


def colourful() -> bool:
    """Whether stdout shows colours: a terminal, and nobody asked for none."""
    context = click.get_current_context(silent=True)
    return sys.stdout.isatty() and not (context and context.find_root().color is False)


@contextmanager
def busy(doing: str, progress: Callable[[], float | None] = lambda: None) -> Iterator[Callable[[str], None]]:
    """Says on a terminal what takes long, once it takes longer than a second; gives a function that says it anew.

    `progress` is the part that is done, 0 to 1, where it is known.
    """
    if not sys.stderr.isatty():
        yield lambda text: None
        return
    done, said, start = Event(), [doing], perf_counter()

    def turn() -> None:
        frames: Sequence[str] = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
        if done.wait(1):
            return
        frame = 0
        while not done.wait(0.1):
            waited, part = f"{perf_counter() - start:.0f} s", progress()
            far = "" if part is None else f" {part:.0%}"
            sys.stderr.write(f"\r\x1b[K{frames[frame % len(frames)]} {said[0]} ...{far} {waited}")
            sys.stderr.flush()
            frame += 1
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()

    thread = Thread(target=turn, daemon=True)
    thread.start()

    def say(text: str) -> None:
        said[0] = f"{doing}: {text}"

    try:
        yield say
    finally:
        done.set()
        thread.join()
