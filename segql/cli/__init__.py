"""The command line: `segql` opens a session, `segql compile | count | members | explain | why | ..` answers once.

Results go to stdout, everything else to stderr. Exit codes: 0 done, 1 a problem in a rule or catalog, 2 usage,
3 warehouse, 70 a bug of ours, 74 the output cannot be written, 130 stopped. A command's module is loaded when it is
chosen, so that `segql --version` is quick. The session is the context's object; `segql/__main__.py` brings it.
"""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module
from typing import Any

import click

from .. import __version__
from ..files import UNWRITABLE, reason
from .options import Options, options

__all__ = ["main"]

COMMANDS = {
    "demo": "showcase:demo", "compile": "questions:compile_", "count": "questions:count",
    "members": "questions:members", "explain": "questions:explain", "why": "why:why", "segments-of": "why:segments_of",
    "stats": "worth:stats", "overlap": "numbers:overlap", "funnel": "numbers:funnel", "trend": "numbers:trend",
    "vary": "numbers:vary", "diff": "differing:diff",
    "check": "texts:check",
    "format": "formatting:format_", "catalog": "catalogs:catalog", "doctor": "doctor:doctor",
    "refresh": "living:refresh", "watch": "living:watch", "changes": "changes:changes",
    "import": "foreign:import_", "export": "foreign:export", "build": "building:build",
    "test": "testing:test", "rename": "renaming:rename", "mcp": "agents:mcp",
    "grammar": "agents:grammar", "lsp": "editors:lsp",
}  # fmt: skip
"""The commands in the order in which a newcomer meets them, each with where it is: it is loaded when it is chosen."""

SELDOM = 200_000
"""New objects after which garbage is looked for; Python itself says 700. A rule that is compiled makes fewer."""

REPORT = "https://github.com/segql/segql/issues"


_CHOSEN = "segql.cli.chosen"
"""Where click's context keeps the words of the command that was chosen."""


class _Commands(click.Group):
    """The commands; whatever goes wrong ends in a line for people."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        found: click.Command = getattr(import_module(f".{module}", __name__), name)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What each command does, whole: click would cut it off at the width of the terminal."""
        helps = ((name, (self.get_command(ctx, name) or self).help or "") for name in COMMANDS)
        with formatter.section("Commands"):
            formatter.write_dl([(name, " ".join(said.split("\n\n")[0].split())) for name, said in helps])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name, command, rest = super().resolve_command(ctx, args)
        inner = rest[:1] if isinstance(command, click.Group) and rest and rest[0] in command.commands else []
        ctx.meta[_CHOSEN] = [name, *inner]
        return name, command, rest

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:  # whoever read our output has enough; click would call that an error
            _write_no_more()
            raise click.exceptions.Exit(0) from None

    def main(self, *args: Any, **extra: Any) -> Any:
        # What is loaded stays: to look for garbage in it, again and again and at the end, takes a fifth of the time.
        gc.set_threshold(SELDOM)
        for stream, errors in ((sys.stdin, "strict"), (sys.stdout, "strict"), (sys.stderr, "replace")):
            if hasattr(stream, "reconfigure"):  # whatever the locale says: results are never other than they are
                stream.reconfigure(encoding="utf-8", errors=errors)
        try:
            code = super().main(*args, **{**extra, "standalone_mode": False})
            sys.stdout.flush()
        except click.ClickException as error:
            error.show()
            code = error.exit_code
        except (KeyboardInterrupt, click.Abort):
            click.echo("Stopped.", err=True)
            code = 130
        except BrokenPipeError:  # at the last flush
            _write_no_more()
            code = 0
        except OSError as error:
            if error.errno not in UNWRITABLE:
                code = _bug(error)
            else:
                _write_no_more()
                click.echo(f"The output cannot be written: {reason(error)}.", err=True)
                code = 74
        except Exception as error:
            code = _bug(error)
        if "segql.warehouse.connection" not in sys.modules:  # else the driver's objects have to be found and ended
            gc.freeze()
        sys.exit(code if isinstance(code, int) else 0)


def _write_no_more() -> None:
    """Nothing goes to standard output any more, at exit either."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _bug(error: Exception) -> int:
    if os.environ.get("SEGQL_TRACEBACK"):
        raise error
    from ..warehouse import masked

    said = masked(" ".join(f"{type(error).__name__}: {error}".split()))[:300]
    click.echo(f"This is a bug in SegQL, not in your rule ({said}).", err=True)
    click.echo(f"Please report it with the command you ran: {REPORT}", err=True)
    return 70


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]}, invoke_without_command=True)
@click.version_option(__version__, message="segql %(version)s")
@options("session", "segments", "warehouse")
def main(given: Options) -> None:
    """SegQL: customer segments in plain language, as SQL.

    Without a command it opens a session: type a rule, watch it count.

    \b
      segql
      segql demo
      segql count "clicked sms in 72h and never placed order in 72h"
      segql compile "placed order at least twice in 90d"
      segql explain --segment "SMS espresso shot"
      segql why --segment "SMS espresso shot" --profile 244

    Without --catalog and --warehouse, everything runs on the demo shop.
    """
    ctx = click.get_current_context()
    if os.environ.get("NO_COLOR"):
        ctx.color = False
    if ctx.invoked_subcommand is None:
        raise click.exceptions.Exit(ctx.obj(given))
    if given != Options():
        raise click.UsageError(f"Options go behind the command: segql {' '.join(ctx.meta[_CHOSEN])} --catalog FILE ..")
