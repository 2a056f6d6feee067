"""The command `format`: a rule, or files, in the canonical spelling. It knows no catalog, so it loads none."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from .. import formatter, parser
from ..console.output import print_json, show_problems
from ..console.setup import read
from ..errors import SegQLError
from ..files import reason
from ..files import write as write_file
from .options import Options, options, rule_text

if TYPE_CHECKING:
    from ..errors import Problem


@click.command("format")
@options("rule", "segments", "json")
@click.option("--write", is_flag=True, help="Rewrite the .segql files that --segments names.")
@click.option("--check", "check_", is_flag=True, help="Only say which would change; exit code 1 when one would.")
def format_(options: Options, write: bool, check_: bool) -> None:
    """Print a rule, or .segql files, in the one canonical spelling.

    Comments stay. --write rewrites the files.

    \b
      segql format "clicked sms>=1 in 72h AND placed order 0 in 72h"
      segql format --segments segments/ --write
      segql format --segments segments/ --check
    """
    if options.segment is not None:
        raise click.UsageError("format takes a rule, or whole files: --segments FILE|DIR.")
    if not options.segments:
        if write or check_:
            raise click.UsageError("--write and --check go with files: --segments FILE|DIR.")
        if (options.rule is None) == (options.file is None):
            raise click.UsageError('Give one rule: "clicked sms in 72h", or --file FILE, or - for standard input.')
        text = formatter.format(parser.parse_rule(*rule_text(options)))
        if options.json:
            print_json({"text": text})
        else:
            click.echo(text)
        return
    if options.rule is not None or options.file is not None:
        raise click.UsageError("Give a rule, or --segments, not both.")
    problems: list[Problem] = []
    changed: list[str] = []
    texts: dict[str, str] = {}
    for path in files_of(options.segments):
        before = read(str(path))
        try:
            after = formatter.format(parser.parse_definitions(before, str(path)))
        except SegQLError as error:
            problems += error.problems
            continue
        texts[str(path)] = after = after.rstrip("\n") + "\n"
        if after == before:
            continue
        changed.append(str(path))
        if write and not check_:
            try:
                write_file(path, after)
            except OSError as error:
                raise click.UsageError(f"{path} cannot be written: {reason(error)}.") from None
    if options.json:
        print_json({"changed": changed, "texts": texts, "problems": [problem.to_dict() for problem in problems]})
    elif write or check_:
        for name in changed:
            click.echo(f"{name} {'would change' if check_ else 'rewritten'}")
    else:
        click.echo("\n".join(texts.values()), nl=False)
    if not options.json:
        show_problems(problems)
    if problems or (check_ and changed):
        raise click.exceptions.Exit(1)


def files_of(places: tuple[str, ...]) -> list[Path]:
    """The .segql files of files and folders, in the order in which they are read."""
    found: dict[Path, None] = {}
    for place in map(Path, places):
        found |= dict.fromkeys(sorted(place.rglob("*.segql")) if place.is_dir() else [place])
    return list(found)
