"""What is asked of one profile: `why` it is a member of a rule, or not; and all `segments-of` it."""

from __future__ import annotations

from dataclasses import replace

import click

from ..answers.memberships import memberships_data, memberships_text
from ..answers.why import why_data, why_text
from ..calendar import zone_of
from ..console.named import of_person
from ..console.output import busy, print_json, show_problems, width
from .asked import project_of, question, some_segments
from .opening import opened
from .options import Options, options, spoken


@click.command()
@options("rule", "segments", "question", "warehouse", "json")
@click.option("--profile", metavar="ID", required=True, help="Its key, or a text that the catalog shows of it.")
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
        asked = replace(project, warehouse=warehouse)
        found = of_person(spoken(profile, "--profile"), asked, lambda key: why_in(asked, rule, key))
    if given.json:
        print_json(why_data(found))
        return
    click.echo(why_text(found))


@click.command("segments-of")
@click.argument("profile")
@options("segments", "question", "warehouse", "json")
def segments_of(given: Options, profile: str) -> None:
    """List the saved segments that one profile is in: since when, and what takes it out.

    PROFILE is its key, as `segql members` lists it. Each segment with the instant since which the profile has been in
    without a break, the next at which time alone takes it out, and the smallest change that would; then the segments
    that time alone brings.

    \b
      segql segments-of 244
      segql segments-of 244 --segments personas.segql --json
    """
    project = project_of(given)
    if not project.segments.problems:
        some_segments(project)
    from ..insights import segments_of as segments_of_

    with opened(given) as warehouse, busy("Asking the warehouse"):
        asked = replace(project, warehouse=warehouse)
        try:
            found = of_person(spoken(profile, "PROFILE"), asked, lambda key: segments_of_(asked, key))
        except ValueError as error:
            raise click.BadParameter(f"{error}.", param_hint="--param") from None
    if given.json:
        print_json(memberships_data(found))
    else:
        told = set(project.segments.problems)
        show_problems([problem for problem in found.problems if problem not in told])
        click.echo(memberships_text(found, zone_of(project.catalog.timezone), width()))
    if any(problem.severity == "error" for problem in found.problems):
        raise click.exceptions.Exit(1)
