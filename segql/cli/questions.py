"""The commands that ask one rule: `compile`, `count`, `members`, `explain`."""

from __future__ import annotations

import json
import sys
from functools import partial
from typing import TYPE_CHECKING

import click

from ..answers.explained import explained_data, explained_text, problems_data, said, watched, watched_text
from ..answers.listing import FEW, lines_of, listed, write_list
from ..answers.style import shared
from ..answers.ties import ranks, tied
from ..console.output import busy, print_json, show_problems, sql_text
from ..files import part_of
from .asked import asks_all, question
from .opening import default_dialect, opened
from .options import Options, options
from .output import BINARY, writing, written

if TYPE_CHECKING:
    from ..catalog import Catalog
    from ..compiler import Compiled
    from ..emitter.many import Shape
    from ..warehouse import Warehouse


_DIALECT = click.option(
    "--dialect", help="The warehouse that the SQL is for. Default: that of segql.toml, else duckdb."
)


@click.command("compile")
@options("rule", "segments", "question", "json")
@_DIALECT
@click.option("--live", is_flag=True, help="SQL that reads the warehouse's own clock, for a view.")
def compile_(given: Options, dialect: str | None, live: bool) -> None:
    """Print the SQL of a rule.

    \b
      segql compile "clicked sms at least once in 72h"
      segql compile --segment "SMS espresso shot"
      segql compile "placed order in recently" --param "recently=4 months"
      segql compile --catalog catalog.yaml --file rule.txt > rule.sql
      segql compile --live --dialect postgres --segment "VIP" > view.sql
    """
    rule, project = question(given)
    dialect = _known(dialect or default_dialect(given))
    if live and given.now is not None:
        raise click.UsageError("--live reads the warehouse's own clock: leave --now out.")
    done = project.compile(rule, dialect=dialect, live=live)
    if given.json:
        print_json(
            {
                **said(done.meaning),
                "dialect": done.dialect,
                "sql": done.sql,
                "tables": list(done.tables),
                **problems_data(done.problems),
            }
        )
        return
    show_problems(done.problems)
    click.echo(sql_text(done.sql))


@click.command()
@options("rule", "segments", "question", "warehouse", "json", "chart")
@click.option(
    "--watch", type=float, metavar="SECONDS", help="Count again and again, until Ctrl-C; --json: a line each."
)
@click.option(
    "--since", metavar="LENGTH",
    help="With --segments alone: the change since so long ago (7d, month), or since an instant.",
)  # fmt: skip
def count(given: Options, watch: float | None, since: str | None) -> None:
    """Count the members of a rule; with --segments alone, those of each segment.

    \b
      segql count "placed order at least twice in 90d"
      segql count --segment "High rollers" --param "aov=$250"
      segql count --catalog catalog.yaml --warehouse shop.duckdb "vip"
      segql count --catalog catalog.yaml --warehouse data/ "vip"
      segql count --catalog catalog.yaml --table orders=2025/*.parquet "bought"
      segql count --catalog catalog.yaml --warehouse postgresql://host/shop "vip"
      segql count --catalog catalog.yaml --warehouse shop.duckdb "vip" --watch 60
      segql count --catalog catalog.yaml --warehouse shop.duckdb --segments segments/ --since 7d
    """
    if since is not None and not asks_all(given):
        raise click.UsageError(
            f"--since goes with --segments alone; of one rule: segql trend RULE --every {since} --last 2."
        )
    if given.chart is not None and not asks_all(given):
        raise click.UsageError("--chart goes with --segments alone; of one rule: segql funnel RULE --chart FILE.")
    if asks_all(given):
        if watch is not None:
            raise click.UsageError("--watch goes with one rule.")
        from .many import count_all

        count_all(given, since)
        return
    done, everyone, _ = _compiled(given)
    if watch is not None:
        show_problems([] if given.json else done.problems)
        with opened(given) as warehouse:
            for at, found, more in watched(lambda: warehouse.count(_compiled(given, quiet=True)[0].sql), watch):
                data = {"at": at.isoformat(timespec="seconds"), "count": found, "more": more}
                click.echo(json.dumps(data) if given.json else watched_text(at, found, more))
        return
    with opened(given) as warehouse, busy("Counting"):
        members, profiles = warehouse.counts(done.sql, everyone.sql)
    problems = (*done.problems, *tied(done.meaning, members, profiles))
    if given.json:
        print_json({**said(done.meaning), "count": members, "profiles": profiles, **problems_data(problems)})
        return
    show_problems(problems)
    click.echo(shared(members, profiles))


@click.command()
@options("rule", "segments", "question", "warehouse", "json")
@click.option(
    "--limit", type=click.IntRange(min=0), metavar="N", help=f"At most so many. Default: {FEW} in a table, else all."
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["table", "markdown", "csv", "json", "jsonl", "parquet", "arrow"]),
    default="table",
    show_default=True,
)
@click.option("--output", metavar="FILE", help="Write to a file instead of standard output.")
@click.option(
    "--shape",
    type=click.Choice(["members", "columns", "lists"]),
    default="members",
    show_default=True,
    help="Of many segments: a row for each member of each, a truth for each segment, or a list of names.",
)
@click.option(
    "--columns", metavar="LIST", help="Beside the key, with commas: properties, metrics, `last EVENT`, rules."
)
def members(
    options: Options, limit: int | None, format_: str, output: str | None, shape: Shape, *, columns: str | None
) -> None:
    """List the members of a rule by their keys, in order; with --segments alone, those of each segment.

    \b
      segql members "cannot receive email" --limit 5
      segql members --segment "Window shoppers" --format csv > them.csv
      segql members "placed order" --format parquet --output buyers.parquet
      segql members "can receive sms" --columns "first name, total spent, last placed order"
      segql members --segments segments/ --format parquet --output all.parquet
      segql members --segments segments/ --shape lists --format jsonl
    """
    format_ = "json" if options.json else format_
    if format_ in BINARY and output is None:
        raise click.UsageError(f"A file of {format_.capitalize()} is not for a terminal: add --output FILE.")
    if asks_all(options) and columns is not None:
        raise click.UsageError("--columns goes with one rule.")
    if columns is not None:
        from .tables import members_with

        members_with(options, columns, limit, format_, output)
        return
    if asks_all(options):
        if format_ == "markdown":
            raise click.UsageError("--format markdown goes with one rule.")
        from .many import members_all

        members_all(options, shape, limit, format_, output)
        return
    if shape != "members":
        raise click.UsageError("--shape goes with the segments of a folder: --segments DIR, and no rule.")
    writes = None if format_ in ("table", "markdown") else output
    if writes is not None and format_ not in BINARY:
        with writing(writes):
            part_of(writes)
    done, everyone, catalog = _compiled(options)
    if not options.json:
        show_problems(done.problems)
    with opened(options, writes=writes) as warehouse:
        if format_ in BINARY:
            with busy("Writing"):
                write = warehouse.write_arrow if format_ == "arrow" else warehouse.write_parquet
                write(done.sql, str(output), limit)
            _tell_ties(warehouse, done, everyone)
            return
        if format_ in ("table", "markdown"):
            few = FEW if limit is None else limit
            with busy("Asking the warehouse"):
                listing = listed(warehouse, done, catalog, few, everyone.sql, markdown=format_ == "markdown")
            show_problems(listing.problems)
            with written(output) as out:
                out.write(listing.table + "\n")
            click.echo(f"({listing.showing}{'; --limit shows more' * (listing.shown < listing.total)})", err=True)
            return
        lines = partial(lines_of, format_, done)
        if output is not None:
            with busy("Writing"), writing(output):
                if warehouse.write_list(done.sql, output, lines, limit):
                    _tell_ties(warehouse, done, everyone)
                    return
        with busy("Asking the warehouse"):
            key, keys = warehouse.members(done.sql, limit)
        with written(output) as out:
            write_list(out, lines(key), keys)
        _tell_ties(warehouse, done, everyone)


def _tell_ties(warehouse: Warehouse, done: Compiled, everyone: Compiled) -> None:
    """What a file cannot say of a rank, beside it; only then the members and everybody are counted."""
    if any(ranks(done.meaning.bound)):
        show_problems(tied(done.meaning, *warehouse.counts(done.sql, everyone.sql)))


@click.command()
@options("rule", "segments", "question", "json")
@_DIALECT
@click.option("--plan", is_flag=True, help="The shape of the SQL as a tree, with the rule behind each part.")
def explain(given: Options, dialect: str | None, plan: bool) -> None:
    """Say what a rule means, what is worth knowing, and its SQL.

    \b
      segql explain "placed order > 2 in 90d or placed order > 5 in 90d"
      segql explain --segment "Almost there" --now 2026-11-01T09:00
      segql explain --plan --dialect bigquery --segment "SMS espresso shot"
    """
    from ..answers.planned import plan_data, plan_text

    rule, project = question(given)
    dialect = _known(dialect or default_dialect(given))
    found = project.explain(rule, dialect=dialect)
    if given.json:
        print_json(explained_data(found) | (plan_data(found.done, project.catalog) if plan else {}))
        return
    click.echo(plan_text(found.done, project.catalog) if plan else explained_text(found, sql_text))


def _known(dialect: str) -> str:
    from ..dialects import DIALECTS

    if dialect not in DIALECTS:
        raise click.BadParameter(f"{dialect} is not one of {', '.join(DIALECTS)}.", param_hint="--dialect")
    return dialect


def _compiled(given: Options, *, quiet: bool = False) -> tuple[Compiled, Compiled, Catalog]:
    """The rule and `everyone`, compiled for the warehouse of the options, and the catalog."""
    rule, project = question(given, demo_warehouse=True)
    dialect = "duckdb"
    if given.warehouse is not None:
        from ..warehouse import dialect_of

        dialect = dialect_of(given.warehouse)
    done, everyone = (project.compile(one, dialect=dialect) for one in (rule, "everyone"))
    if not quiet and given.on_demo_shop and given.now is None and sys.stderr.isatty():
        from ..calendar import local, zone_of

        clock = local(project.instant(), zone_of(project.catalog.timezone))
        moment = f"{clock:%A} {clock.day} {clock:%B %Y, %H:%M} ({project.catalog.timezone})"
        click.secho(f"On the demo shop, where it is {moment}.", dim=True, err=True)
    return done, everyone, project.catalog
