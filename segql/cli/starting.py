"""`segql catalog init`: a first catalog for a warehouse, proposed from its tables, and segments to begin with."""

from __future__ import annotations

from dataclasses import replace

import click

from ..console.proposing import CATALOG, Wanted, propose_to
from ..console.setup import expanded
from .opening import opened
from .options import Options, options


@click.command("init")
@click.argument("place", metavar="WAREHOUSE", required=False)
@options("warehouse")
@click.option("--from", "like", metavar="LAYOUT", help="The tables are those of: klaviyo, shopify, segment, ga4 ..")
@click.option("--schema", metavar="NAME", help="Only the tables of this schema.")
@click.option("-o", "--output", metavar="FILE", default=CATALOG, help="The file to write; - prints it.")
@click.option(
    "--yes", is_flag=True, help="Ask nothing: replace files, read what it costs, leave questions as comments."
)
def init(given: Options, place: str | None, *, like: str | None, schema: str | None, output: str, yes: bool) -> None:
    """Propose a catalog for a warehouse, and segments to begin with.

    Looks at tables, columns, types and keys, and at some rows of each. What is a
    guess says so in a comment; what nobody can see is a question, asked at a
    terminal, else a comment. Nothing is written to the warehouse.

    \b
      segql catalog init shop.duckdb
      segql catalog init postgresql://host/shop --schema sales -o shop.yaml
    """
    if place is not None and given.warehouse is not None:
        raise click.UsageError("The warehouse is named twice: as WAREHOUSE and by --warehouse.")
    if place is not None:
        given = replace(given, warehouse=expanded(place))
    wanted = Wanted(output, like, schema, yes)
    wanted.check()
    with opened(given, costs=False) as warehouse:
        code = propose_to(warehouse, wanted, given.warehouse)
    if code:
        raise click.exceptions.Exit(code)
