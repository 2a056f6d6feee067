"""`segql build`: saved segments as views, or as models of dbt or SQLMesh."""

from __future__ import annotations

from pathlib import Path

import click

from ..answers.style import counted
from ..building import FORMS, Form, built
from ..building.folder import difference, settle
from ..building.selects import Wanted
from ..columns import parts_of
from ..console.output import busy, print_json, show_problems
from ..files import reason
from ..project import Project
from .asked import load_segments
from .opening import default_dialect
from .options import Options, options, spoken

FEW = 10
"""Names of a kind that are printed."""


@click.command()
@click.argument("form", type=click.Choice(FORMS))
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False))
@options("segments", "catalog", "json")
@click.option("--dialect", help="The warehouse that the SQL is for. Default: that of segql.toml, else duckdb.")
@click.option("--columns", metavar="LIST", help="Beside the key, with commas: properties, metrics, `sha256 of email`.")
@click.option("--key", metavar="NAME", help="What the key is called. Default: as in the catalog.")
@click.option("--prefix", default="", metavar="TEXT", help="What the names of all begin with: segment_.")
@click.option("--schema", metavar="NAME", help="views, sqlmesh: where they are made.")
@click.option("--ref", "refs", metavar="TABLE=MODEL", multiple=True, help="dbt: a model makes this table. Repeatable.")
@click.option("--check", "check_", is_flag=True, help="Write nothing; exit code 1 where a file is stale.")
def build(
    given: Options, form: Form, folder: str, *, dialect: str | None, columns: str | None, key: str | None, prefix: str,
    schema: str | None, refs: tuple[str, ...], check_: bool,
) -> None:  # fmt: skip
    """Write a file for each saved segment: a view, or a model of dbt or SQLMesh.

    Each is one SELECT that asks the warehouse's own clock. Files in DIR that
    segql build did not write are never touched.

    \b
      segql build dbt models/segments --segments segments/ --catalog catalog.yaml
      segql build dbt models/segments --segments segments/ --catalog catalog.yaml --check
      segql build views views/ --schema marketing --columns "country, sha256 of email"
      segql build sqlmesh models/ --dialect postgres --key customer
    """
    from ..console.opening import load_catalog
    from .questions import _known

    if refs and form != "dbt":
        raise click.UsageError("--ref names a model of dbt: segql build dbt DIR --ref TABLE=MODEL.")
    if schema is not None and form == "dbt":
        raise click.UsageError("dbt says itself in which schema its models are: leave --schema out.")
    asked = tuple(" ".join(one.split()) for one in parts_of(spoken(columns, "--columns"))) if columns else ()
    wanted = Wanted(asked, key, prefix, schema, dict(_ref(one) for one in refs))
    project = Project(load_catalog(given), load_segments(given), dialect=_known(dialect or default_dialect(given)))
    with busy("Building"):
        found = built(form, project, wanted)
    try:
        said = difference(Path(folder), found.files) if check_ else settle(Path(folder), found.files)
    except OSError as error:
        raise click.UsageError(f"{folder} cannot be written: {reason(error)}.") from None
    if given.json:
        print_json({
            "new": list(said.new), "changed": list(said.changed), "left": list(said.left), "others": list(said.others),
            "files": len(found.files), "tables": dict(found.refers),
            "problems": [one.to_dict() for one in found.problems],
        })  # fmt: skip
    else:
        show_problems(found.problems)
        words = ("missing", "stale", "of no segment") if check_ else ("new", "changed", "deleted")
        kinds = dict(zip(words, (said.new, said.changed, said.left), strict=True))
        if said.others and not check_:
            kinds = {}
        for word, names in kinds.items():
            for name in names[:FEW]:
                click.echo(f"{word}: {name}")
            if len(names) > FEW:
                click.echo(f"{word}: {len(names) - FEW:,} more")
        for name in said.others:
            click.echo(
                f"{name} is there, and segql build did not write it: give another --prefix, or another DIR.", err=True
            )
        told = [f"{len(names):,} {word}" for word, names in kinds.items() if names]
        if said.others and not check_:
            told = ["nothing was written"]
        click.echo(
            f"{counted(len(found.files), 'file')} in {folder}: {', '.join(told) or 'all as they should be'}.", err=True
        )
    if said.others or (check_ and said.stale):
        raise click.exceptions.Exit(1)


def _ref(text: str) -> tuple[str, str]:
    table, sign, model = text.partition("=")
    if not table.strip() or (sign and not model.strip()):
        raise click.BadParameter(f"{text} is not TABLE=MODEL: --ref raw.orders=stg_orders.", param_hint="--ref")
    return table.strip(), (model if sign else table.split(".")[-1]).strip()
