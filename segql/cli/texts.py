"""The command `check` says what is wrong with texts, and asks no warehouse."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import click

from ..answers.style import counted
from ..console.opening import default_now, load_catalog, moment
from ..console.output import print_json, show_problems
from ..project import Project
from .asked import parameters, question
from .formatting import files_of
from .options import Options, options

if TYPE_CHECKING:
    from ..errors import Problem


@click.command()
@options("rule", "segments", "question", "json")
@click.option("--fix", is_flag=True, help="Write the fixes that leave no choice into the files, or print the rule.")
@click.option(
    "--strict", is_flag=True, help="Say what is unused, and where nobody's consent is asked; exit code 1 for anything."
)
def check(given: Options, fix: bool, strict: bool) -> None:
    """Say what is wrong with a rule, or with all segments of a folder.

    --fix mends what has one fix alone. What has several, or none, stays and is
    said; so are warnings and hints, for which a fix would change the meaning.

    \b
      segql check "clicked smz at least once"
      segql check --catalog catalog.yaml --segments segments/
      segql check --segments segments/ --segment "High rollers"
      segql check --segments segments/ --fix
      segql check --segments segments/ --strict
    """
    if strict and (fix or given.segment is not None or given.rule is not None or given.file is not None):
        raise click.UsageError("--strict looks at whole files: --segments FILE|DIR, without --fix.")
    if fix:
        from .fixing import fixed

        found, checked = fixed(given)
    elif any(x is not None for x in (given.rule, given.file, given.segment)):
        found, checked = _check_rule(given)
    elif given.segments:
        found, checked = _check_files(given, strict)
    else:
        raise click.UsageError('Give a rule, "clicked sms in 72h", or the files to check: --segments FILE|DIR.')
    if given.json:
        if not fix:
            print_json({"problems": [problem.to_dict() for problem in found]})
    else:
        aside = fix and not checked  # then a rule was printed
        show_problems(found, on_stdout=not aside)
        kinds = Counter(problem.severity for problem in found)
        said = ", ".join(counted(kinds[kind], kind) for kind in ("error", "warning", "hint") if kinds[kind])
        said = f"{said or 'nothing wrong'}."
        click.echo(f"{checked}{said}" if checked else said.capitalize(), err=aside)
    if any(strict or problem.severity == "error" for problem in found):
        raise click.exceptions.Exit(1)


def _check_rule(given: Options) -> tuple[list[Problem], str]:
    """The problems, and what a sentence that is no rule was taken for."""
    from ..errors import SegQLError

    try:
        rule, project = question(given)
        meaning = project.meaning(rule)
        taken = f"Read as `{' '.join(meaning.text.split())}`: " if meaning.read else ""
        return list(meaning.problems), taken
    except SegQLError as error:
        return list(error.problems), ""


def _check_files(given: Options, strict: bool) -> tuple[list[Problem], str]:
    """The problems of all definitions, each once, file by file; and what was checked."""
    from ..compiler import check as problems_of
    from ..segments import load_segments

    catalog = load_catalog(given)
    now = moment(given.now, catalog) or default_now(given, False)
    parameters(given.param)
    segments = load_segments(*given.segments)
    order = {str(path): number for number, path in enumerate(files_of(given.segments))}
    problems = problems_of(segments, catalog, now=now)
    if segments.tests:
        from ..insights.examples import checked

        problems += checked(segments.tests, Project(catalog, segments, now=now))
    if strict:
        from ..segments import sources_in
        from ..strictness import strict as seldom_meant

        more = seldom_meant(sources_in(given.segments)[0], catalog, now)
        problems = list(dict.fromkeys([*problems, *more]))
    problems.sort(key=lambda p: (order.get(p.span.source.name, len(order)), p.span.start))
    return problems, f"{counted(len(segments), 'segment')} in {counted(len(order), 'file')}: "
