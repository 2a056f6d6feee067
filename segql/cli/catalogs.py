"""`segql catalog check | schema`: the catalog against the warehouse, and its shape for editors."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import click

from ..answers.style import counted
from ..console.opening import load_catalog
from ..console.output import busy, print_json, show_problems
from .opening import opened
from .options import Options, options
from .starting import init


@click.group()
def catalog() -> None:
    """Propose a catalog, check one, or print the JSON Schema of catalogs."""


catalog.add_command(init)


@catalog.command("check")
@options("catalog", "warehouse", "json")
def check(given: Options) -> None:
    """Compare a catalog with a warehouse: every problem at once.

    Finds missing tables and columns, types that do not fit, keys that are not
    unique, joins that multiply rows, times without a zone, names of events that
    never occur, and metrics and constants that say nothing.

    \b
      segql catalog check --catalog catalog.yaml --warehouse shop.duckdb
      segql catalog check --catalog catalog.yaml --warehouse data/
      segql catalog check --catalog shop.yaml --warehouse postgresql://host/shop
    """
    if given.catalog is None and not given.on_demo_shop:
        raise click.UsageError("Which catalog? --catalog FILE. `segql catalog init` proposes one.")
    found = load_catalog(given)
    with opened(given, costs=False) as warehouse, busy("Checking") as say:
        from ..binder import mistakes
        from ..warehouse import check_catalog

        problems = [*mistakes(found, datetime.now(UTC)), *check_catalog(warehouse, found, say)]
        problems.sort(key=lambda problem: problem.span.start)
    errors = any(problem.severity == "error" for problem in problems)
    if given.json:
        print_json({"problems": [problem.to_dict() for problem in problems]})
    else:
        show_problems(problems, on_stdout=True)
        sizes = {"event": len(found.events), "channel": len(found.channels), "list": len(found.lists)}
        said = ", ".join(counted(size, kind) for kind, size in sizes.items())
        kinds = Counter(problem.severity for problem in problems)
        wrong = ", ".join(counted(kinds[kind], kind) for kind in ("error", "warning", "hint") if kinds[kind])
        click.echo(f"{said}: {wrong or 'all fits the warehouse'}.")
    if errors:
        raise click.exceptions.Exit(1)


@catalog.command("schema")
@options("json")
def schema(given: Options) -> None:
    """Print the JSON Schema of catalogs, for editors.

    \b
      segql catalog schema > segql-catalog.schema.json
      # first line of catalog.yaml:
      # yaml-language-server: $schema=segql-catalog.schema.json
    """
    from ..catalog import catalog_schema

    print_json(catalog_schema())
