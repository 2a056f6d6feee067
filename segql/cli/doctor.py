"""`segql doctor`: what would make the segments of a catalog faster in a warehouse."""

from __future__ import annotations

import click

from ..answers.style import counted
from ..console.opening import load_catalog
from ..console.output import busy, print_json, show_problems
from .opening import opened
from .options import Options, options


@click.command()
@options("catalog", "warehouse", "json")
def doctor(given: Options) -> None:
    """Say what would make segments faster in a warehouse.

    Looks at the tables of the catalog: which index, order, partition or cluster
    they lack. Nothing is changed, and their members stay the same.

    \b
      segql doctor --catalog shop.yaml --warehouse postgresql://host/shop
      segql doctor --catalog catalog.yaml --warehouse shop.duckdb
    """
    if given.catalog is None and not given.on_demo_shop:
        raise click.UsageError("Which catalog? --catalog FILE. docs/catalog.md shows how to write one.")
    catalog = load_catalog(given)
    with opened(given, costs=False) as warehouse, busy("Looking") as say:
        from ..warehouse.doctor import advice

        problems = advice(warehouse, catalog, say)
    if given.json:
        print_json({"problems": [problem.as_dict() for problem in problems]})
        return
    show_problems(problems, on_stdout=True)
    click.echo(f"{counted(len(problems), 'hint')}." if problems else "Nothing would help that can be seen from here.")
