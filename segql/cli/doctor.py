"""`segql doctor`: what would make the segments of a catalog faster in a warehouse."""

from __future__ import annotations

import click

from ..answers.style import counted
from ..console.opening import default_now, load_catalog, load_segments
from ..console.output import busy, print_json, show_problems
from ..project import Project
from .opening import opened
from .options import Options, options


@click.command()
@options("catalog", "segments", "warehouse", "json")
def doctor(given: Options) -> None:
    """Say what would make segments faster in a warehouse.

    Looks at the tables of the catalog: which index, order, partition or cluster
    they lack; and what the catalog could promise of them, with what the saved
    segments gain by it. Nothing is changed, and the members stay the same.

    \b
      segql doctor --catalog shop.yaml --warehouse postgresql://host/shop
      segql doctor --catalog catalog.yaml --warehouse shop.duckdb --segments segments/
    """
    if given.catalog is None and not given.on_demo_shop:
        raise click.UsageError("Which catalog? --catalog FILE. docs/catalog.md shows how to write one.")
    catalog, segments = load_catalog(given), load_segments(given)
    with opened(given, costs=False) as warehouse, busy("Looking") as say:
        from ..answers.gains import gained, looks
        from ..warehouse.doctor import advice, out_of_sight
        from ..warehouse.promises import promises

        now = default_now(given, True)
        project = Project(catalog, segments, dialect=warehouse.dialect, now=now, warehouse=warehouse)
        problems, gain = advice(warehouse, catalog, say, looks(project)), None
        unseen = out_of_sight(warehouse, catalog)
        if not warehouse.billed:  # else to read the tables, and to count, would cost
            hints, better = promises(warehouse, catalog, say)
            problems += hints
            if hints and segments:
                gain = gained(project, better, say)
    if given.json:
        measured = dict(zip(("segments", "seconds", "promised"), gain, strict=True)) if gain else None
        print_json({"problems": [problem.to_dict() for problem in problems], "gain": measured})
        return
    show_problems(problems, on_stdout=True)
    click.echo(f"{counted(len(problems), 'hint')}." if problems else "Nothing would help that can be seen from here.")
    if unseen:
        click.echo("How these tables lie is not known here: indexes, partitions and clusters were not looked at.")
    if gain and gain[0]:
        number, before, after = gain
        click.echo(f"Promised, {counted(number, 'saved segment')} would take {after:.2f} s instead of {before:.2f} s.")
