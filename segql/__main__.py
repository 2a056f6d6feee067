"""The program `segql`, also as `python -m segql`: the command line, and without a command the session."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from . import __version__

if TYPE_CHECKING:
    from .console.setup import Setup


def session(given: Setup) -> int:
    """A session with these places; its exit code."""
    from .repl import run

    return run(given)


def main() -> None:
    """Runs the program with the arguments of the process, and ends it."""
    if sys.argv[1:] == ["--version"]:  # nothing has to be loaded for it
        with suppress(OSError):  # what cannot be written the commands say
            print(f"segql {__version__}", flush=True)
            return
    from .cli import main as commands

    commands(prog_name="segql", obj=session)


if __name__ == "__main__":
    main()
