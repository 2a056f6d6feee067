"""`segql members --columns`: the members with what is asked of each."""

from __future__ import annotations

from dataclasses import replace

import click

from ..answers.listing import FEW
from ..answers.style import counted
from ..answers.tables import heads_of, table_text, types_of, write_rows
from ..columns import compile_columns, parts_of
from ..console.output import busy, show_problems
from .asked import question
from .opening import opened
from .options import Options, spoken
from .output import BINARY, written


def members_with(given: Options, columns: str, limit: int | None, format_: str, output: str | None) -> None:
    """Lists the members with these columns, in the order of their keys."""
    rule, project = question(given, demo_warehouse=True)
    if given.warehouse is not None:
        from ..warehouse import dialect_of

        project = replace(project, dialect=dialect_of(given.warehouse))
    asked = spoken(columns, "--columns")
    if not parts_of(asked):
        raise click.UsageError('--columns names none: --columns "total spent, last placed order".')
    done = compile_columns(rule, asked, project.catalog, dialect=project.dialect, **project.keywords)
    if not given.json:
        show_problems(done.meaning.problems)
    people = format_ in ("table", "markdown")
    few = FEW if people and limit is None else limit
    with opened(given) as warehouse, busy("Asking the warehouse"):
        names, found = warehouse.listing(done.sql, None if few is None else few + people)
        rows = map(done.read, found)
        if format_ in BINARY:
            from ..warehouse.arrow import write_rows as write_file

            types = types_of(done, project.catalog)
            warehouse.doing(lambda: write_file(heads_of(done, names[0]), types, rows, str(output), format_))
            return
        with written(output) as out:
            if not people:
                write_rows(format_, done, names[0], rows, out)
                return
            told = list(rows)
            more = few is not None and len(told) > few
            text = table_text(done, names[0], told[:few], project.catalog, markdown=format_ == "markdown")
            out.write(text + "\n")
        shown, total = min(len(told), few or 0), warehouse.counts(done.sql)[0] if more else 0
    said = f"showing {shown:,} of {total:,}; --limit shows more" if more else counted(shown, "member")
    click.echo(f"({said})", err=True)
