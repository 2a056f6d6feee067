"""`segql mcp`: the project as tools for agents; `segql grammar`: its rules as a grammar to decode under."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace

import click

from ..columns import compile_columns, parts_of
from ..console.opening import default_now, load_catalog, moment
from ..project import Project
from .asked import check_catalog, in_dialect, load_segments, parameters
from .opening import opened
from .options import Options, options, spoken


@click.command("mcp")
@options("segments", "question", "warehouse")
@click.option(
    "--columns", metavar="LIST", default="",
    help="What an agent may see of members beside their keys, with commas. Default: nothing.",
)  # fmt: skip
@click.option(
    "--seconds", type=click.FloatRange(min=0, min_open=True), default=60, show_default=True,
    help="The longest that the warehouse works on one question.",
)  # fmt: skip
def mcp(given: Options, columns: str, seconds: float) -> None:
    """Serve the Model Context Protocol on standard input and output, for agents.

    An agent finds names, writes rules, checks, explains and compiles them; with a warehouse it also counts, lists
    members and says why. Nothing writes. Needs `pip install 'segql[mcp]'`.

    \b
      segql mcp
      segql mcp --catalog catalog.yaml --segments segments/ --warehouse shop.duckdb
      segql mcp --catalog catalog.yaml --warehouse postgresql://host/shop --columns "country, total spent"
    """
    try:
        from ..agents.server import Limits, server
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("mcp", "mcp_types"):
            raise
        raise click.UsageError("`segql mcp` needs an extra: pip install 'segql[mcp]'") from None
    check_catalog(given)
    catalog = load_catalog(given)
    # Without --now each question is asked for the present, or for the demo shop's.
    now = moment(given.now, catalog) or (default_now(given, True) if given.on_demo_shop else None)
    project = in_dialect(given, Project(catalog, load_segments(given), parameters(given.param), now=now))
    shown = tuple(parts_of(spoken(columns, "--columns")))
    if shown:
        compile_columns("everyone", ", ".join(shown), catalog, **project.keywords)
    with ExitStack() as stack:
        if given.catalog is None or not given.on_demo_shop:
            project = replace(project, warehouse=stack.enter_context(opened(given)))
        server(project, Limits(shown, seconds)).run("stdio")


@click.command("grammar")
@options("segments", "catalog")
@click.option(
    "--format", "form", type=click.Choice(["lark", "gbnf"]), default="lark", show_default=True,
    help="Lark: llguidance and services that take it; GBNF: llama.cpp.",
)  # fmt: skip
def grammar(given: Options, form: str) -> None:
    """Print a grammar of rules in which no unknown name can be said, for constrained decoding.

    It is made for the catalog, with its names and types, and for saved segments. What it lets through parses and means
    something; it says less than the language does.

    \b
      segql grammar --catalog catalog.yaml > rules.lark
      segql grammar --catalog catalog.yaml --segments segments/ --format gbnf > rules.gbnf
    """
    from ..agents import gbnf
    from ..agents.grammar import START, grammar_of

    made = grammar_of(Project(load_catalog(given), load_segments(given)))
    click.echo(made.lark(START) if form == "lark" else gbnf.written(made, START), nl=False)
