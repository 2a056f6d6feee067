"""The commands on texts, which ask no warehouse: `check` says what is wrong, `format` prints the canonical spelling."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..answers.style import counted
from ..console.opening import default_now, load_catalog, moment
from ..console.output import print_json, show_problems
from ..console.setup import read
from ..files import reason
from ..files import write as write_file
from .asked import parameters, question, rule_text
from .options import Options, options

if TYPE_CHECKING:
    from ..errors import Problem


@click.command()
@options("rule", "segments", "question", "json")
@click.option("--fix", is_flag=True, help="Write the fixes that leave no choice into the files, or print the rule.")
def check(given: Options, fix: bool) -> None:
    """Say what is wrong with a rule, or with all segments of a folder.

    --fix mends what has one fix alone. What has several, or none, stays and is
    said; so are warnings and hints, for which a fix would change the meaning.

    \b
      segql check "clicked smz at least once"
      segql check --catalog catalog.yaml --segments segments/
      segql check --segments segments/ --segment "High rollers"
      segql check --segments segments/ --fix
    """
    if fix:
        from .fixing import fixed

        found, checked = fixed(given)
    elif any(x is not None for x in (given.rule, given.file, given.segment)):
        found, checked = _check_rule(given), ""
    elif given.segments:
        found, checked = _check_files(given)
    else:
        raise click.UsageError('Give a rule, "clicked sms in 72h", or the files to check: --segments FILE|DIR.')
    if given.json:
        if not fix:
            print_json({"problems": [problem.as_dict() for problem in found]})
    else:
        aside = fix and not checked  # then a rule was printed
        show_problems(found, on_stdout=not aside)
        kinds = Counter(problem.severity for problem in found)
        said = ", ".join(counted(kinds[kind], kind) for kind in ("error", "warning", "hint") if kinds[kind])
        said = f"{said or 'nothing wrong'}."
        click.echo(f"{checked}{said}" if checked else said.capitalize(), err=aside)
    if any(problem.severity == "error" for problem in found):
        raise click.exceptions.Exit(1)


def _check_rule(given: Options) -> list[Problem]:
    from ..errors import SegQLError

    try:
        rule, project = question(given)
        return project.check(rule)
    except SegQLError as error:
        return list(error.problems)


def _check_files(given: Options) -> tuple[list[Problem], str]:
    """The problems of all definitions, each once, file by file; and what was checked."""
    from ..compiler import check as problems_of
    from ..segments import load_segments

    catalog = load_catalog(given)
    now = moment(given.now, catalog) or default_now(given, False)
    parameters(given.param)
    segments = load_segments(*given.segments)
    order = {str(path): number for number, path in enumerate(_files(given.segments))}
    problems = problems_of(segments, catalog, now=now)
    problems.sort(key=lambda p: (order.get(p.span.source.name, len(order)), p.span.start))
    return problems, f"{counted(len(segments), 'segment')} in {counted(len(order), 'file')}: "


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
    from .. import formatter, parser
    from ..errors import SegQLError

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
    for path in _files(options.segments):
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
        print_json({"changed": changed, "texts": texts, "problems": [problem.as_dict() for problem in problems]})
    elif write or check_:
        for name in changed:
            click.echo(f"{name} {'would change' if check_ else 'rewritten'}")
    else:
        click.echo("\n".join(texts.values()), nl=False)
    if not options.json:
        show_problems(problems)
    if problems or (check_ and changed):
        raise click.exceptions.Exit(1)


def _files(places: tuple[str, ...]) -> list[Path]:
    """The .segql files of files and folders, in the order in which they are read."""
    found: dict[Path, None] = {}
    for place in map(Path, places):
        found |= dict.fromkeys(sorted(place.rglob("*.segql")) if place.is_dir() else [place])
    return list(found)
