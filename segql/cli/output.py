"""What commands print: results on stdout for people or machines, problems and progress on stderr."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from threading import Event, Thread
from time import perf_counter
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from ..errors import Problem

_COLUMN = re.compile(r" *(?:[-+] |help: |(?:\S+ )*\S+ {2,}|)")
"""The beginning of a line under which it goes on: its mark, or what stands in a column of its own."""
_COLOURS = {"error": "red", "warning": "yellow", "hint": "cyan"}


@contextmanager
def failed(as_json: bool) -> Iterator[None]:
    """Turns SegQLError into its messages and exit code 1."""
    from ..errors import SegQLError

    try:
        yield
    except SegQLError as error:
        if as_json:
            print_json({"problems": [problem.as_dict() for problem in error.problems]})
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
    click.echo(click.style("error[warehouse]", fg="red", bold=True) + ": " + click.style(message, bold=True), err=True)
    if hint:
        click.echo(click.style("  help: ", fg="green") + hint, err=True)


def show_problems(problems: Iterable[Problem], *, on_stdout: bool = False) -> None:
    """Problems for people, one after the other."""
    for problem in problems:
        click.echo(painted(problem) + "\n", err=not on_stdout)


def painted(problem: Problem) -> str:
    """A problem as text with colours, which `click.echo` leaves out where nobody sees them."""
    colour = _COLOURS[problem.severity]
    head, *lines = str(problem).split("\n")
    label, said = head.split(": ", 1)
    shown = [fitted(click.style(label, fg=colour, bold=True) + ": " + click.style(said, bold=True))]
    for line in lines:
        if line.startswith("  help: "):
            shown.append(fitted(click.style("  help: ", fg="green") + line.removeprefix("  help: ")))
        elif line.lstrip(" ").startswith("|") and line.rstrip().endswith("^"):
            bar, carets = line.split("|", 1)
            shown.append(f"{bar}|" + click.style(carets, fg=colour, bold=True))
        else:
            shown.append(line)
    return "\n".join(shown)


def fitted(text: str) -> str:
    """A text whose lines break between words where the terminal is too narrow; what goes on stands under its column."""
    if not sys.stdout.isatty():
        return text
    width = shutil.get_terminal_size().columns
    return "\n".join(line for given in text.split("\n") for line in _broken(given, width))


def _broken(line: str, width: int) -> Iterator[str]:
    column = _COLUMN.match(click.unstyle(line)[:width])
    indent = " " * column.end() if column and column.end() <= width // 2 else "  "
    shown = ""
    for word in re.findall(r" *[^ ]+", line):
        if shown and len(click.unstyle(shown + word)) > width:
            yield shown
            shown = indent + word.lstrip(" ")
        else:
            shown += word
    yield shown


def print_json(data: Any) -> None:
    click.echo(json.dumps(data, ensure_ascii=False, indent=2, default=str))


def stream_json(head: dict[str, Any], name: str, values: Iterable[Any], write: Callable[[str], Any]) -> None:
    """An object whose last key holds a list of any length, written as it comes."""
    write(json.dumps(head, ensure_ascii=False, indent=2, default=str)[:-2] + f',\n  "{name}": [')
    sign = "\n    "
    for value in values:
        write(sign + json.dumps(value, ensure_ascii=False, default=str))
        sign = ",\n    "
    write("\n  ]\n}\n" if sign != "\n    " else "]\n}\n")


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


def colourful() -> bool:
    """Whether stdout shows colours: a terminal, and nobody asked for none."""
    context = click.get_current_context(silent=True)
    return sys.stdout.isatty() and not (context and context.find_root().color is False)


def shared(count: int, of: int) -> str:
    """`1,310 of 20,000 profiles (6.6 %)`."""
    if not of:
        return "0 of 0 profiles"
    tenths = (2000 * count + of) // (2 * of)  # rounded half up, in whole numbers
    said = f"{tenths // 10}.{tenths % 10}" if count not in (0, of) else f"{100 * count // of}"
    if tenths in (0, 1000) and count not in (0, of):
        said = "less than 0.1" if tenths == 0 else "more than 99.9"
    return f"{count:,} of {of:,} profile{'s' * (of != 1)} ({said} %)"


def counted(number: int, noun: str) -> str:
    """`1 error`, `2,000 errors`."""
    return f"{number:,} {noun}{'s' * (number != 1)}"


@contextmanager
def busy(doing: str) -> Iterator[Callable[[str], None]]:
    """Says on a terminal what takes long, once it takes longer than a second; gives a function that says it anew."""
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
            waited = f"{perf_counter() - start:.0f} s"
            sys.stderr.write(f"\r\x1b[K{frames[frame % len(frames)]} {said[0]} ... {waited}")
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
