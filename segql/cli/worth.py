"""`segql stats`: what a segment is worth, beside others; and thresholds that it has to keep."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from ..answers.charts import stats_chart
from ..answers.worth import expected_data, expected_text, stats_data, stats_text
from ..console.named import segment_or_rule
from ..console.output import busy, print_json, width
from ..source import Source
from .asked import in_dialect, load_segments, question
from .charts import check_chart, write_chart
from .opening import opened
from .options import Options, options, spoken

if TYPE_CHECKING:
    from ..arguments import Given


@click.command()
@options("rule", "segments", "question", "warehouse", "json", "chart")
@click.option(
    "--against", default="rest", show_default=True, metavar="WHOM",
    help="Beside whom: rest, everyone, the name of a saved segment, or a rule.",
)  # fmt: skip
@click.option(
    "--expect", multiple=True, metavar="TEXT",
    help="A bound that a number has to keep: exit code 1 where one does not. Repeatable.",
)  # fmt: skip
def stats(given: Options, against: str, expect: tuple[str, ...]) -> None:
    """Say what a segment is worth: orders and revenue, each metric, consent, what its members have more often.

    A number for --expect is one that stats prints, or the share of the members for whom a rule holds: RULE rate.

    \b
      segql stats "placed order in 90d"
      segql stats --segment "VIP" --against everyone
      segql stats --segment "VIP" --against "High rollers" --json
      segql stats "received email in 7d" --expect "opened email in 7d rate >= 10%"
    """
    from ..insights.expectations import expectation, met
    from ..insights.worth import stats as stats_

    check_chart(given.chart)
    rule, project = question(given, demo_warehouse=True)
    project = in_dialect(given, project)
    expected = [expectation(spoken(text, "--expect")) for text in expect]
    named = spoken(against, "--against")
    others: Given = named
    if named not in ("rest", "everyone"):
        if not project.segments:
            project = replace(project, segments=load_segments(given))
        others = segment_or_rule(named, project)
    rates: dict[str, Given] = {one.rate: Source(one.rate, "expectation") for one in expected if one.rate is not None}
    with opened(given) as warehouse, busy("Asking the warehouse", warehouse.progress):
        found = stats_(rule, replace(project, warehouse=warehouse), others, rates)
    told = met(expected, found)
    if given.json:
        print_json(stats_data(found) | ({"expected": expected_data(told)} if told else {}))
    else:
        click.echo(stats_text(found, project.catalog.currency, width()))
        if told:
            click.echo(f"\n{expected_text(told)}")
    if given.chart is not None:
        write_chart(given.chart, lambda: stats_chart(found))
    if not all(one.holds for one in told):
        raise click.exceptions.Exit(1)
