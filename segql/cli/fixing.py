"""`segql check --fix`: mends a rule, or the files of segments."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..answers.mended import change_data, change_text
from ..answers.style import counted
from ..console.opening import default_now, load_catalog, moment
from ..console.output import print_json
from ..files import alone_in, reason, write
from .asked import parameters, question
from .options import Options

if TYPE_CHECKING:
    from ..errors import Problem
    from ..source import Source


def fixed(given: Options) -> tuple[list[Problem], str]:
    """Mends what has one fix, and prints what was changed; gives what is left to say, and what was checked."""
    if given.segment is not None:
        raise click.UsageError("--fix mends a rule, or whole files: --segments FILE|DIR without --segment.")
    if given.rule is not None or given.file is not None:
        return _rule(given), ""
    if not given.segments:
        raise click.UsageError('Give a rule, "clicked sms in 72h", or the files to mend: --segments FILE|DIR.')
    return _files(given)


def _rule(given: Options) -> list[Problem]:
    from ..mending import mended_rule
    from ..source import Source

    rule, project = question(given)
    assert isinstance(rule, Source)
    found = mended_rule(rule, project)
    if given.json:
        print_json({
            "text": found.sources[0].text, "changed": [change_data(fix) for fix in found.changes],
            "problems": [problem.to_dict() for problem in found.problems],
        })  # fmt: skip
    else:
        click.echo(found.sources[0].text.rstrip("\n"))
        for fix in found.changes:
            click.echo(change_text(fix), err=True)
    return list(found.problems)


def _files(given: Options) -> tuple[list[Problem], str]:
    from ..mending import mended_segments
    from ..segments import segments_from, sources_in

    catalog = load_catalog(given)
    now = moment(given.now, catalog) or default_now(given, False)
    parameters(given.param)
    before, unreadable = sources_in(given.segments, exact=True)
    found = mended_segments(before, catalog, now)
    changed = []
    for old, new in zip(before, found.sources, strict=True):
        if new.text == old.text:
            continue
        rewrite(old, new)
        here = [fix for fix in found.changes if fix.span.source.name == old.name]
        changed += here
        if not given.json:
            for fix in here:
                click.echo(change_text(fix))
    order = {source.name: number for number, source in enumerate(before)}
    problems = [*unreadable, *found.problems]
    problems.sort(key=lambda problem: (order.get(problem.span.source.name, len(order)), problem.span.start))
    if given.json:
        print_json({
            "changed": [change_data(fix) for fix in changed], "problems": [problem.to_dict() for problem in problems],
        })  # fmt: skip
    segments = counted(len(segments_from(*found.sources)), "segment")
    mends = f"{counted(len(changed), 'fix')} written, " if changed else ""
    return problems, f"{segments} in {counted(len(before) + len(unreadable), 'file')}: {mends}"


def rewrite(old: Source, new: Source) -> None:
    """Puts a mended text into its file, which has to hold what was checked; its byte order mark stays."""
    path = Path(old.name)
    try:
        with alone_in(path.parent):
            held = path.read_bytes().decode("utf-8")
            mark = "\ufeff" if held.startswith("\ufeff") else ""
            if held.removeprefix(mark) != old.text:
                raise click.ClickException(f"{path} was changed meanwhile: nothing was written into it.")
            write(path, mark + new.text)
    except OSError as error:
        raise click.UsageError(f"{path} cannot be written: {reason(error)}.") from None
