"""`segql lsp`: the project for editors."""

from __future__ import annotations

import click

from .options import Options, options


@click.command("lsp")
@options("segments", "session", "warehouse")
@click.option("--count", is_flag=True, help="Count members on hover, in the warehouse of --warehouse or segql.toml.")
@click.option(
    "--seconds", type=click.FloatRange(min=0, min_open=True), default=5, show_default=True,
    help="The longest that a hover waits for the count.",
)  # fmt: skip
def lsp(given: Options, count: bool, seconds: float) -> None:
    """Serve the Language Server Protocol on standard input and output, for editors.

    Problems with their fixes, completion, what a name or a segment means, definitions, references, renaming, format.
    Each file's project is found as by the commands: a segql.toml in its folder or above it, else the demo shop's
    catalog. Needs `pip install 'segql[lsp]'`.

    \b
      segql lsp
      segql lsp --count
      segql lsp --catalog catalog.yaml --segments segments/ --warehouse shop.duckdb
    """
    try:
        from ..editors.serving import server
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("pygls", "lsprotocol", "cattrs", "attrs"):
            raise
        raise click.UsageError("`segql lsp` needs an extra: pip install 'segql[lsp]'") from None
    from ..console.opening import load_catalog, moment
    from ..console.setup import Setup
    from ..editors.counting import Counter

    moment(given.now, load_catalog(Setup()))  # said now, if it is none
    parts = {name: getattr(given, name) for name in Setup.__dataclass_fields__}
    counter = Counter(seconds) if count or not given.on_demo_shop else None
    server(Setup(**parts), counter).start_io()
