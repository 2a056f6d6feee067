"""`segql why`: why one profile is a member of a rule, or not; its answer as text and as data, for a session too."""

from __future__ import annotations

from dataclasses import replace

import click

from ..answers.why import key_of, why_data, why_text
from ..console.output import busy, print_json
from .asked import question
from .opening import opened
from .options import Options, options, spoken


@click.command()
@options("rule", "segments", "question", "warehouse", "json")
@click.option("--profile", metavar="ID", required=True, help="The profile's key, as `segql members` lists it.")
def why(given: Options, profile: str) -> None:
    """Say why one profile is a member of a rule, or not.

    Each condition with what was seen and the rows that decided it; the smallest change that would make a difference;
    and when time alone will.

    \b
      segql why "clicked sms in 72h and never placed order in 72h" --profile 244
      segql why --segment "SMS espresso shot" --profile 244
      segql why "vip" --profile c12 --catalog catalog.yaml --warehouse shop.duckdb
      segql why "placed order in 30d" --profile 244 --now 2026-12-01T09:00 --json
    """
    rule, project = question(given, demo_warehouse=True)
    from ..insights import why_in

    with opened(given) as warehouse, busy("Asking the warehouse"):
        key = key_of(spoken(profile, "--profile"), project.catalog)
        found = why_in(replace(project, warehouse=warehouse), rule, key)
    if given.json:
        print_json(why_data(found))
        return
    click.echo(why_text(found))
