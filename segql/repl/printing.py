"""How a session prints: results on stdout, notes on stderr, what is long through the pager."""

from __future__ import annotations

import shutil
import sys

import click

from ..answers.style import fitted
from .state import State


def note(text: str) -> None:
    """Something beside the result."""
    click.secho(fitted(text), dim=True, err=True)


def took(state: State, seconds: float) -> None:
    """How long it took, where somebody wants to know."""
    if state.preferences.timing:
        note(f"{1000 * seconds:,.0f} ms" if seconds < 1 else f"{seconds:,.1f} s")


def page(state: State, text: str) -> None:
    """A result, through the pager where it is longer than the terminal."""
    text = text.rstrip("\n")
    long = text.count("\n") + 3 > shutil.get_terminal_size().lines
    if long and state.preferences.pager and sys.stdin.isatty() and sys.stdout.isatty():
        click.echo_via_pager(text + "\n")
    else:
        click.echo(text)
